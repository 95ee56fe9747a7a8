"""What Teams costs Kept, signed and over HTTP, against an echo bot on the SDK's own adapter.

Both check tokens; the echo bot stores nothing.
"""

from __future__ import annotations

import asyncio
from statistics import quantiles
from time import monotonic

import aiohttp
from sqlalchemy import Engine

from adapters.bench import teams_digest
from adapters.bench.answers import Answers
from adapters.bench.figures import Figure
from adapters.bench.load import PEOPLE, Load, alternately
from adapters.bench.serving import served
from adapters.bench.stores import settle_in, stores
from adapters.bench.teams_load import Messages
from adapters.bench.teams_stage import OURS, StandIn, account, answering
from adapters.teams.keys import ASK_AGAIN_S
from adapters.teams.whereabouts import PLATFORM

SERVING = "adapters.bench.teams_serving"
ROUNDS, A_ROUND, AT_ONCE = 7, 200, 16
PER_SECOND, FOR_S, SLOWLY_FOR_S = 50, 10, 6
SLOW_S = 0.25


def figures() -> list[Figure]:
    found = [each for name, url in stores(_settle) for each in _answers(name, url)]
    return [*found, *teams_digest.figures()]


def _settle(engine: Engine) -> None:
    settle_in(engine, OURS, PLATFORM, account)


def _answers(name: str, url: str) -> list[Figure]:
    answers = asyncio.run(_measured(url))
    return answers.figures(
        f"message, {name}", "the SDK's echo bot", per_second=PER_SECOND, stall=", slow login"
    )


async def _measured(url: str) -> Answers:
    async with (
        answering(StandIn()) as stand_in,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        served(SERVING, "kept", url, stand_in.url) as kept,
        served(SERVING, "echo", url, stand_in.url) as echo,
    ):
        began = monotonic()
        asked = Messages(session, kept.port, stand_in, lambda message: "attachments" in message)
        echoed = Messages(session, echo.port, stand_in, lambda message: "Echo:" in message["text"])
        ours, theirs = Load(asked.send, at_once=AT_ONCE), Load(echoed.send, at_once=AT_ONCE)
        for load in (ours, theirs):
            await load.rate(PEOPLE)  # everybody is met, and every statement compiled
        kept_a_second, echo_a_second = await alternately(ours, theirs, rounds=ROUNDS, a_round=A_ROUND)
        await kept.watch()
        steady = ours.to(asked.take)
        waited = await steady.latencies(PER_SECOND * FOR_S, per_second=PER_SECOND)
        await asyncio.sleep(ASK_AGAIN_S - monotonic() + began)  # unknown keys are not looked for sooner
        await _slowly(steady, stand_in)
        return Answers(
            kept=kept_a_second,
            baseline=echo_a_second,
            p99_s=quantiles(waited, n=100)[-1],
            stall_s=await kept.stop(),
        )


async def _slowly(load: Load, stand_in: StandIn) -> None:
    """A token has to be renewed, and an unknown key looked for, while both servers are slow."""
    stand_in.delay_s = SLOW_S
    before = dict(stand_in.counts)
    stand_in.rotate()
    await load.latencies(PER_SECOND * SLOWLY_FOR_S, per_second=PER_SECOND)
    idle = [each for each in ("login", "keys") if stand_in.counts[each] == before[each]]
    if idle:
        raise RuntimeError(f"never asked while slow: {', '.join(idle)}")
