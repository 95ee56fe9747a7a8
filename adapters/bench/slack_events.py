"""10,000 messages to Kept, each delivered one to four times and all in random order: what becomes of them."""

from __future__ import annotations

import asyncio
import time
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from aiohttp import web
from sqlalchemy import Engine, func, select

from adapters.bench.figures import Figure, none_of
from adapters.bench.load import PEOPLE
from adapters.bench.serving import listening
from adapters.bench.slack_stage import BOT_USER, TEAM, StandIn, account, answering, as_json, environment
from adapters.bench.stores import ports_on, settle_in, undurable_store
from adapters.clock import utc_now
from adapters.db.tables import promises
from adapters.slack.app import Slack
from adapters.slack.gate import Accepted
from adapters.slack.identity import PLATFORM
from adapters.web import Pool

EVENTS = 10_000
AT_MOST_TIMES = 4
AT_ONCE = 8
SEED = 20261116


def figures() -> list[Figure]:
    with undurable_store() as engine:
        settle_in(engine, TEAM, PLATFORM, account)
        deliveries, answers = asyncio.run(_delivered(engine))
        made, distinct = _promises(engine)
    wrong = abs(made - EVENTS) + abs(distinct - EVENTS) + abs(answers - EVENTS)
    what = f"{EVENTS:,} events in {deliveries:,} deliveries: wrong"
    return [none_of(what, wrong, EVENTS)]


async def _delivered(engine: Engine) -> tuple[int, int]:
    """How many deliveries there were, and how many answers Slack was given for people to read."""
    stand_in, pool = StandIn(), Pool(engine)
    async with answering(stand_in) as api_url:
        slack = Slack(
            environment(api_url),
            engine,
            now=utc_now,
            worker="bench",
            monotonic=time.monotonic,
            sleep=time.sleep,
        )
        app = web.Application()
        slack.add_to(app, ports_on(engine, slack.chats, utc_now), pool)
        async with listening(app):
            deliveries = _in_random_order()
            await _deliver(slack, deliveries)
            await slack.settle()
    pool.close()
    return len(deliveries), stand_in.counts.get("chat.postEphemeral", 0)


def _in_random_order() -> list[int]:
    random = Random(SEED)  # noqa: S311 (an order, not a secret)
    found = [number for number in range(EVENTS) for _ in range(random.randint(1, AT_MOST_TIMES))]
    random.shuffle(found)
    return found


async def _deliver(slack: Slack, numbers: list[int]) -> None:
    """By the way that HTTP and Socket Mode share."""
    todo = iter(numbers)
    now = utc_now()

    async def work() -> None:
        for number in todo:
            content = _event(number, now)
            answered = await slack.take_in(
                Accepted(way="event", content=content, fingerprint=""), as_json(content)
            )
            if answered.status != 200:
                raise RuntimeError(f"not acknowledged: {answered}")

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())


def _event(number: int, now: datetime) -> dict[str, Any]:
    said = f"promise Acme: send report {number} by {_day(number, now).isoformat()}"
    message = {"type": "message", "channel_type": "im", "channel": f"D{account(number)}", "text": said}
    message |= {"user": account(number), "team": TEAM, "ts": f"{int(now.timestamp())}.{number:06d}"}
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0BENCH",
        "event_id": f"Ev{number}",
        "event_time": int(now.timestamp()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        "event": message,
    }


def _day(number: int, now: datetime) -> date:
    return now.date() + timedelta(days=7 - now.weekday() + 7 * (number // PEOPLE))  # a Monday


def _promises(engine: Engine) -> tuple[int, int]:
    """All, and those with titles of their own."""
    title = promises.c.title
    with engine.begin() as connection:
        found = connection.execute(select(func.count(), func.count(title.distinct()))).one()
    return int(found[0]), int(found[1])
