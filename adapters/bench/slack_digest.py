"""A Monday digest to 10,000 channels of one workspace, on a clock that only the sending moves.

Slack's part keeps to its published limits: one message a second in a channel, and its tiers for look-ups. The
workspace's own ceiling is not published; 300 a minute stands for its "several hundred". Kept has just been
started and was told of no channel yet. Where Slack's list of channels does not say who reads in them, it has
to ask about each, and that takes as long as its tier allows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlalchemy import Engine

from adapters.bench.digests import HEAR_TWICE, VirtualClock, deliver_all, later, refused, settle_channels
from adapters.bench.figures import Figure, none_of
from adapters.bench.serving import listening
from adapters.bench.slack_stage import CUSTOMER, TEAM, StandIn, answering, environment, page_of
from adapters.bench.stores import ports_on, undurable_store
from adapters.people import FRESH_FOR
from adapters.slack.app import Slack
from adapters.slack.identity import PLATFORM
from adapters.slack.pacing import WORKSPACE_EVERY_S
from adapters.web import Pool

CHANNELS, UNLISTED = 10_000, 1_000
CALL_TAKES_S = 0.1
FRESH_FOR_S = FRESH_FOR.total_seconds() + 60  # it may run out between looking and posting
IN_CHANNEL_S = 1 - 1e-6  # times are sums of fractions
A_MINUTE = {  # docs.slack.dev/apis/web-api/rate-limits: tiers 3 and 4 say "50+" and "100+"
    "chat.postMessage": 300,
    "conversations.info": 50,
    "users.conversations": 50,
    "conversations.members": 100,
}


@dataclass
class Limits:
    """What Slack would let through, and what it saw."""

    clock: VirtualClock
    channels: Sequence[str] = ()
    lists_say_who: bool = True
    posted: dict[str, float] = field(default_factory=dict)  # the last one, by channel
    looked: dict[str, float] = field(default_factory=dict)  # when Kept was last told of a channel
    posts: int = 0
    unlooked: int = 0  # posts to channels of which Kept could not know who reads there (L24)
    too_close: int = 0
    calls: int = 0
    refused: int = 0
    _taken: dict[tuple[str, float], int] = field(default_factory=dict)  # by method and minute

    def takes(self, method: str, fields: Mapping[str, Any]) -> int | None:
        self.clock.sleep(CALL_TAKES_S)
        self.calls += 1
        wait = self._wait(method, fields)
        if wait is not None:
            self.refused += 1
        elif method == "conversations.info":
            self.looked[fields["channel"]] = self.clock.seconds
        elif method == "users.conversations" and self.lists_say_who:
            self.looked |= dict.fromkeys(page_of(self.channels, fields)[0], self.clock.seconds)
        elif method == "chat.postMessage":
            self._post(fields["channel"])
        return wait

    def _post(self, channel: str) -> None:
        self.posts += 1
        self.posted[channel] = self.clock.seconds
        self.unlooked += self.clock.seconds - self.looked.get(channel, -FRESH_FOR_S) >= FRESH_FOR_S

    def _wait(self, method: str, fields: Mapping[str, Any]) -> int | None:
        now = self.clock.seconds
        if method == "chat.postMessage" and now - self.posted.get(fields["channel"], -9.9) < IN_CHANNEL_S:
            self.too_close += 1
            return 1
        minute, past = divmod(now, 60)
        taken = self._taken[method, minute] = self._taken.get((method, minute), 0) + 1
        return None if taken <= A_MINUTE.get(method, taken) else int(61 - past)


def figures() -> list[Figure]:
    listed = _digest(CHANNELS, lists_say_who=True)
    asked = _digest(UNLISTED, lists_say_who=False)
    a_look_s = 60 / A_MINUTE["conversations.info"]
    return [
        *_figures(listed, CHANNELS, "", (CHANNELS + HEAR_TWICE) * WORKSPACE_EVERY_S),
        *_figures(asked, UNLISTED, ", asked one by one", UNLISTED * a_look_s),
    ]


def _digest(count: int, *, lists_say_who: bool) -> Limits:
    channels = [_route(number) for number in reversed(range(count))]  # the worst order for a list to have
    limits = Limits(VirtualClock(), channels=channels, lists_say_who=lists_say_who)
    with undurable_store() as engine:
        settle_channels(engine, map(_route, range(count)), TEAM, PLATFORM, CUSTOMER)
        asyncio.run(_sent(engine, limits))
    if limits.posts != count + HEAR_TWICE:
        raise RuntimeError(f"{limits.posts} of {count + HEAR_TWICE} digests arrived")
    return limits


def _figures(limits: Limits, count: int, how: str, least_s: float) -> list[Figure]:
    messages, took_s = count + HEAR_TWICE, limits.clock.seconds
    return [
        none_of(f"digest to {count:,} channels{how}: within 1 s in one", limits.too_close, messages),
        none_of("the same: without knowing who reads there", limits.unlooked, messages),
        refused(limits.refused, limits.calls),
        later("the same: time, beside what the limits allow", took_s, least_s),
    ]


async def _sent(engine: Engine, limits: Limits) -> None:
    pool, clock = Pool(engine), limits.clock
    stand_in = StandIn(takes=limits.takes, channels=limits.channels, lists_say_who=limits.lists_say_who)
    async with answering(stand_in) as api_url:
        slack = Slack(
            environment(api_url),
            engine,
            now=clock.now,
            worker="bench",
            monotonic=clock.monotonic,
            sleep=clock.sleep,
        )
        ports = ports_on(engine, slack.chats, clock.now)
        app = web.Application()
        slack.add_to(app, ports, pool)
        async with listening(app):
            await deliver_all(ports, clock)
    pool.close()


def _route(number: int) -> str:
    return f"C{number:08d}"
