"""The composition root: real things are put together here, and nowhere else."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Engine

from adapters.backup import migrate_safely, store_path
from adapters.clock import utc_now
from adapters.days_off import is_holiday
from adapters.db.engine import open_engine
from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.lanes import Lanes
from adapters.logs import configure
from adapters.loopback import only_from_here
from adapters.moments import BabelMomentWords
from adapters.playground.chat import PlaygroundChat
from adapters.playground.clock import WORKER
from adapters.playground.messages import PLATFORM, TENANT, Messages
from adapters.playground.opening import POLICY, new_id, open_playground, with_story
from adapters.playground.playing import Playground
from adapters.playground.routes import Routes
from adapters.problems import Trouble
from adapters.scheduler import Ticks
from adapters.web import BODY_LIMIT, NONE, STOP_WITHIN_S, Health, IsWell, Pool, nothing_escapes
from bot import digesting
from bot.policy import Policy
from bot.ports import Chat, Ports

if TYPE_CHECKING:  # pydantic and the SDKs are imported when needed: the playground does without
    from adapters.config import Settings
    from adapters.slack.app import Slack
    from adapters.teams.app import Teams

CONNECTIONS_END_WITHIN_S = 5
logger = logging.getLogger(__name__)


def run_demo(*, host: str, port: int, fresh: bool) -> None:
    """The playground, until it is stopped. The caller has made sure that `host` is this machine."""
    configure("WARNING")  # the page tells what happens
    with _migrated(database_url(os.environ)) as engine:
        playground = with_story(engine, utc_now, fresh=fresh)
        _serve(playground_app(playground, engine), host, port, "Kept's playground")


def run_serve(*, host: str, port: int, insecure_dev: bool) -> None:
    """Kept for the platforms whose secrets are there, until it is stopped."""
    from adapters.config import load_settings  # it weighs 9 MB, and the playground does without

    settings = load_settings()
    configure(settings.log_level)
    with _migrated(settings.environment.database_url) as engine:
        if insecure_dev:
            _ensure_insecure(settings, engine)
        _serve(serving_app(settings, engine, insecure_dev=insecure_dev), host, port, "Kept")


def serving_app(settings: Settings, engine: Engine, *, insecure_dev: bool = False) -> web.Application:
    """Kept on the platforms that are on. `insecure_dev`: Teams without authentication, for an emulator."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    found = {
        "slack": _slack(settings, engine, worker),
        "teams": _teams(settings, engine, insecure_dev=insecure_dev),
    }
    platforms = {name: each for name, each in found.items() if each is not None}
    app = platforms_app(platforms, settings.policy, engine, worker)
    if insecure_dev:
        app.middlewares.append(only_from_here)
    return app


def platforms_app(
    platforms: Mapping[str, Slack | Teams], policy: Policy, engine: Engine, worker: str
) -> web.Application:
    chats = {name: chat for each in platforms.values() for name, chat in each.chats.items()}
    ports = _ports(engine, policy, chats)
    # Lanes wait for vendors and for their turn to speak; who presses a button does not wait for them.
    pool, sweeping, lanes = Pool(engine), Pool(engine), Lanes()
    checks = {name: each.is_well for name, each in platforms.items()}
    sweeps = [*lanes.sweeps(), *(sweep for each in platforms.values() for sweep in each.sweeps)]
    app = _app(ports, engine, pool, Ticks(ports, worker, sweeping.run, sweeps), checks)
    for each in platforms.values():
        each.add_to(app, ports, pool)
    app.cleanup_ctx.append(partial(_closing, sweeping))
    app.cleanup_ctx.append(partial(_closing, lanes))
    return app


def preview_digest(*, partnership: str | None = None) -> str:
    """The next digest of every partnership, or of the one so named, as customers would read it."""
    from adapters.config import load_settings

    settings = load_settings()
    with _store(settings.environment.database_url) as engine:
        editions = (_ports(engine, settings.policy, {}), open_playground(engine, utc_now).ports)
        found = [text for ports in editions for text in _previews(ports, partnership)]
    if not found:
        named = f" called {partnership}" if partnership else ""
        raise Trouble(f"There is no partnership{named} yet. /partner new begins one.")
    return "\n\n".join(found)


def playground_app(playground: Playground, engine: Engine) -> web.Application:
    pool = Pool(engine)
    routes = Routes(playground, pool)
    app = _app(playground.ports, engine, pool, Ticks(playground.ports, WORKER, routes.sweep))
    routes.add_to(app)
    return app


@contextmanager
def _migrated(url: str) -> Iterator[Engine]:
    """Brought up to date, with a copy of what was there before."""
    for line in migrate_safely(url):
        print(line, flush=True)
    with _store(url) as engine:
        yield engine


@contextmanager
def _store(url: str) -> Iterator[Engine]:
    path = store_path(url)
    if path is not None and not path.is_file():
        raise Trouble(f"{path} does not exist yet. Run: kept migrate")
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _slack(settings: Settings, engine: Engine, worker: str) -> Slack | None:
    if settings.slack_off is not None:
        return None
    from adapters.slack.app import Slack  # Bolt weighs 30 MB

    try:
        return Slack(
            settings.environment,
            engine,
            now=utc_now,
            worker=worker,
            monotonic=time.monotonic,
            sleep=time.sleep,
        )
    except ValueError:
        raise Trouble(
            "KEPT_SECRET_KEY is not set, and tokens of workspaces are never stored unsealed. Run: kept check"
        ) from None


def _teams(settings: Settings, engine: Engine, *, insecure_dev: bool) -> Teams | None:
    """An emulator needs no secrets, so without authentication only app.yaml can switch it off."""
    environment = settings.environment
    lacks_only_secrets = settings.teams_off == environment.teams.missing
    if settings.teams_off is not None and not (insecure_dev and lacks_only_secrets):
        return None
    from adapters.teams.app import Teams  # the SDK weighs 50 MB
    from adapters.teams.certificate import Certificate
    from adapters.teams.insecure import EMULATED
    from adapters.teams.record import ensure_not_parted

    tenants = EMULATED if insecure_dev else settings.teams_tenants
    ensure_not_parted(engine, settings.teams_record, tenants)
    path = environment.teams.certificate_path
    try:
        if path is not None:  # what cannot sign is found out before the port is open
            Certificate(Path(path).read_bytes())
        return Teams(
            environment,
            engine,
            now=utc_now,
            monotonic=time.monotonic,
            sleep=time.sleep,
            our_tenants=tenants,
            record=settings.teams_record,
            insecure_dev=insecure_dev,
        )
    except ValueError as error:
        raise Trouble(f"Teams cannot be served: {error}. Run: kept check") from None


def _ensure_insecure(settings: Settings, engine: Engine) -> None:
    """Raises Trouble where anybody real could be met; says aloud what is going on."""
    from adapters.teams.insecure import WARNING, ensure_nobody_real

    ensure_nobody_real(settings.environment, settings.teams_tenants, engine)
    print(WARNING, file=sys.stderr, flush=True)


def _ports(engine: Engine, policy: Policy, chats: Mapping[str, Chat]) -> Ports:
    # A store that was tried out in the playground before may still hold its story: that is told on,
    # unseen, rather than piling up as letters nobody can deliver.
    return Ports(
        now=utc_now,
        open_uow=open_uow(engine),
        chats={PLATFORM: PlaygroundChat(Messages(engine), utc_now, new_id), **chats},
        is_holiday=is_holiday,
        moment_words=BabelMomentWords(utc_now),
        new_id=new_id,
        policy=policy,
    )


def _previews(ports: Ports, name: str | None) -> Iterator[str]:
    """The playground's partnerships live by its own clock."""
    is_playground = ports.policy is POLICY
    with ports.open_uow(None) as uow:
        for partnership in uow.partnerships.all():
            is_meant = name is None or partnership.name.casefold() == name.strip().casefold()
            if is_meant and (partnership.tenant == TENANT) == is_playground:
                yield digesting.preview_text(ports, uow, partnership, ports.now())


def _app(
    ports: Ports, engine: Engine, pool: Pool, ticks: Ticks, platforms: Mapping[str, IsWell] = NONE
) -> web.Application:
    app = web.Application(middlewares=[nothing_escapes], client_max_size=BODY_LIMIT)
    health = Health(ports, engine, pool, platforms)
    health.add_to(app)

    async def at_work(_: web.Application) -> AsyncIterator[None]:
        ticks.start()
        yield

    async def drain(_: web.Application) -> None:
        health.is_draining = True
        ticks.stop()

    app.cleanup_ctx.append(partial(_closing, pool))
    app.cleanup_ctx.append(at_work)
    app.on_shutdown.append(drain)
    return app


async def _closing(threads: Pool | Lanes, _: web.Application) -> AsyncIterator[None]:
    """In the end, waits for what they are doing."""
    yield
    await asyncio.wait_for(asyncio.to_thread(threads.close), STOP_WITHIN_S - CONNECTIONS_END_WITHIN_S)


def _serve(app: web.Application, host: str, port: int, name: str) -> None:
    """Until SIGTERM or Ctrl-C. What is running then is finished, what is not yet begun is not begun."""

    def say(_: str) -> None:
        """aiohttp's own greeting comes when the port is open; ours takes its place."""
        print(f"{name} is at http://{host}:{port}/ (Ctrl-C stops it)", flush=True)

    web.run_app(
        app, host=host, port=port, print=say, access_log=None, shutdown_timeout=CONNECTIONS_END_WITHIN_S
    )
