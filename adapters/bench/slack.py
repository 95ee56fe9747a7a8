"""What Slack costs Kept, signed and over HTTP, against the least that Bolt could do; and what floods do."""

from __future__ import annotations

import asyncio
from statistics import quantiles

import aiohttp
from sqlalchemy import Engine

from adapters.bench import slack_digest, slack_events
from adapters.bench.answers import Answers
from adapters.bench.figures import Figure
from adapters.bench.load import PEOPLE, Load, alternately
from adapters.bench.serving import served
from adapters.bench.slack_load import Commands
from adapters.bench.slack_serving import NOTED
from adapters.bench.slack_stage import TEAM, StandIn, account, answering
from adapters.bench.stores import settle_in, stores
from adapters.slack.identity import PLATFORM

SERVING = "adapters.bench.slack_serving"
ROUNDS, A_ROUND, AT_ONCE = 7, 200, 8
PER_SECOND, FOR_S = 100, 10


def figures() -> list[Figure]:
    found = [each for name, url in stores(_settle) for each in _answers(name, url)]
    return [*found, *slack_events.figures(), *slack_digest.figures()]


def _settle(engine: Engine) -> None:
    settle_in(engine, TEAM, PLATFORM, account)


def _answers(name: str, url: str) -> list[Figure]:
    answers = asyncio.run(_measured(url))
    return answers.figures(f"/promise, {name}", "a bare Bolt app's row", per_second=PER_SECOND, stall="")


async def _measured(url: str) -> Answers:
    async with (
        answering(StandIn()) as api_url,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        served(SERVING, "kept", url, api_url) as kept,
        served(SERVING, "bare", url, api_url) as bare,
    ):
        asked = Commands(session, kept.port, lambda answer: '"blocks"' in answer)
        noted = Commands(session, bare.port, lambda answer: answer == NOTED)
        ours, theirs = Load(asked.send, at_once=AT_ONCE), Load(noted.send, at_once=AT_ONCE)
        for load in (ours, theirs):
            await load.rate(PEOPLE)  # everybody is met, and every statement compiled
        ours_a_second, theirs_a_second = await alternately(ours, theirs, rounds=ROUNDS, a_round=A_ROUND)
        await kept.watch()
        waited = await ours.latencies(PER_SECOND * FOR_S, per_second=PER_SECOND)
        return Answers(
            kept=ours_a_second,
            baseline=theirs_a_second,
            p99_s=quantiles(waited, n=100)[-1],
            stall_s=await kept.stop(),
        )
