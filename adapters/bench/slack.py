"""What Slack costs Kept, signed and over HTTP, against the least that Bolt could do; and what floods do.

PostgreSQL is measured when KEPT_BENCH_POSTGRES_URL names a server on which a database may be made.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import aiohttp
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from adapters.bench import slack_digest, slack_events
from adapters.bench.figures import Figure, shown
from adapters.bench.slack_load import Load
from adapters.bench.slack_serving import NOTED
from adapters.bench.slack_stage import PEOPLE, StandIn, answering, settle_in
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate

ROUNDS, A_ROUND = 7, 200
PER_SECOND, FOR_S = 100, 10
RATE_BAR, P99_BAR_S, STALL_BAR_S = 0.5, 0.3, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    kept: float  # requests a second
    bare: float
    p99_s: float
    stall_s: float


def figures() -> list[Figure]:
    found = [each for name, url in _stores() for each in _answers(name, url)]
    return [*found, *slack_events.figures(), *slack_digest.figures()]


def _stores() -> Iterator[tuple[str, str]]:
    with TemporaryDirectory(prefix="kept-bench-", dir=Path.cwd()) as folder:
        yield "SQLite", f"sqlite:///{folder}/bench.db"
    server = os.environ.get("KEPT_BENCH_POSTGRES_URL")
    if server is None:
        print("PostgreSQL is not measured: KEPT_BENCH_POSTGRES_URL is not set", file=sys.stderr)
        return
    with _database_on(server) as url:
        yield "PostgreSQL", url


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    """A database of our own, gone afterwards."""
    name = f"kept_bench_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _answers(name: str, url: str) -> list[Figure]:
    engine = open_engine(url)
    migrate(engine)
    settle_in(engine)
    engine.dispose()
    found = asyncio.run(_measured(url))
    return [
        Figure(
            what=f"/promise, {name} / a bare Bolt app's row",
            measured=f"{found.kept:.0f}/s",
            baseline=f"{found.bare:.0f}/s",
            ratio=found.kept / found.bare,
            bar=RATE_BAR,
            more_is_better=True,
        ),
        _within(f"/promise, {name}: p99 at {PER_SECOND}/s", found.p99_s, P99_BAR_S),
        _within(f"/promise, {name}: worst loop stall", found.stall_s, STALL_BAR_S),
    ]


def _within(what: str, took_s: float, bar_s: float) -> Figure:
    """The bar is time, so that it stands where a baseline would."""
    return Figure(what=what, measured=shown(took_s), baseline=shown(bar_s), ratio=took_s / bar_s, bar=1)


async def _measured(url: str) -> Measured:
    async with (
        answering(StandIn()) as api_url,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        _serving("kept", url, api_url) as kept,
        _serving("bare", url, api_url) as bare,
    ):
        ours = Load(session, kept.port, lambda answer: '"blocks"' in answer)
        theirs = Load(session, bare.port, lambda answer: answer == NOTED)
        for load in (ours, theirs):
            await load.rate(PEOPLE)  # everybody is met, and every statement compiled
        rates = [(await ours.rate(A_ROUND), await theirs.rate(A_ROUND)) for _ in range(ROUNDS)]
        await kept.watch()
        waited = await ours.latencies(PER_SECOND * FOR_S, per_second=PER_SECOND)
        return Measured(
            kept=median(a for a, _ in rates),
            bare=median(b for _, b in rates),
            p99_s=quantiles(waited, n=100)[-1],
            stall_s=await kept.stop(),
        )


class Served:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.port = port
        self._process = process

    async def watch(self) -> None:
        """From now on how long its loop stands still is measured."""
        _pipe(self._process.stdin).write(b"\n")

    async def stop(self) -> float:
        """The longest that its loop stood still, in seconds."""
        _pipe(self._process.stdin).write_eof()
        return float(await _pipe(self._process.stdout).readline())


@asynccontextmanager
async def _serving(which: str, url: str, api_url: str) -> AsyncIterator[Served]:
    """It ends with its standard input, and so with this process too, whatever happens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "adapters.bench.slack_serving", which, url, api_url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Served(process, int(await _pipe(process.stdout).readline()))
    finally:
        _pipe(process.stdin).close()
        await process.wait()


def _pipe(pipe: Any) -> Any:
    if pipe is None:
        raise RuntimeError("started without a pipe")
    return pipe
