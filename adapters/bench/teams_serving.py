"""`python -m adapters.bench.teams_serving kept|echo DATABASE_URL URL`: one side of the comparison."""

from __future__ import annotations

import asyncio
import sys
import time

from aiohttp import web
from sqlalchemy import Engine

from adapters.app import platforms_app
from adapters.bench.serving import serve
from adapters.bench.teams_echo import echo_app
from adapters.bench.teams_stage import OURS, environment
from adapters.clock import utc_now
from adapters.db.engine import open_engine
from adapters.logs import configure
from adapters.teams.app import Teams
from adapters.teams.hosts import Hosts
from adapters.teams.whereabouts import PLATFORM
from bot.policy import Policy


def kept_app(engine: Engine, url: str) -> web.Application:
    """All of Kept as it is served, but that its connector is on this machine."""
    teams = Teams(
        environment(url),
        engine,
        now=utc_now,
        monotonic=time.monotonic,
        sleep=time.sleep,
        our_tenants=frozenset({OURS}),
        hosts=Hosts(loopback=True),
    )
    return platforms_app({PLATFORM: teams}, Policy(), engine, "bench")


def main(which: str, database_url: str, url: str) -> None:
    configure("WARNING")
    if which == "echo":
        asyncio.run(serve(echo_app(url)))
        return
    engine = open_engine(database_url)
    asyncio.run(serve(kept_app(engine, url)))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
