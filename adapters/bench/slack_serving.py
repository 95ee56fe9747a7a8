"""`python -m adapters.bench.slack_serving kept|bare DATABASE_URL API_URL`: one side of the comparison."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table

from adapters.app import serving_app
from adapters.bench.serving import serve
from adapters.bench.slack_stage import BOT_TOKEN, BOT_USER, SIGNING_SECRET, TEAM, environment
from adapters.config import Settings
from adapters.db.engine import open_engine
from adapters.slack.manifest import EVENTS_PATH
from adapters.web import Pool
from bot.policy import Policy

NOTED = "Noted."


def kept_app(engine: Engine, api_url: str, database_url: str) -> web.Application:
    """All of Kept as it is served: its sweeps run meanwhile."""
    settings = Settings(
        policy=Policy(),
        environment=environment(api_url, database_url),
        slack_off=None,
        teams_off="not measured",
        host="127.0.0.1",
        port=0,
        log_level="WARNING",
    )
    return serving_app(settings, engine)


def bare_app(engine: Engine) -> web.Application:
    """The least that is as durable: Bolt checks the signature, one row is committed, a word comes back."""
    rows = Table(
        "baseline", metadata := MetaData(), Column("id", Integer, primary_key=True), Column("said", String)
    )
    metadata.create_all(engine)
    statement, pool = rows.insert(), Pool(engine)
    bolt = AsyncApp(
        signing_secret=SIGNING_SECRET.reveal(), process_before_response=True, authorize=_authorize
    )

    def insert(said: str) -> None:
        with engine.begin() as connection:
            connection.execute(statement, {"said": said})

    async def promise(ack: Any, command: Any) -> None:
        await pool.run(insert, command["text"])
        await ack(NOTED)

    bolt.command("/promise")(promise)
    return bolt.web_app(path=EVENTS_PATH)


async def _authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER, bot_token=BOT_TOKEN.reveal()
    )


def main(which: str, database_url: str, api_url: str) -> None:
    engine = open_engine(database_url)
    asyncio.run(serve(kept_app(engine, api_url, database_url) if which == "kept" else bare_app(engine)))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
