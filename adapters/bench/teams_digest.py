"""A Monday digest to 10,000 channels of one tenant, on a clock that only the sending moves.

The connector keeps to the windows Teams documents: for each conversation, and for the tenant, where looking
who reads in a channel counts as well. Kept has just been started, and knows of nobody in any channel.

A call takes a little less than the limit leaves for one. Where it takes longer, that decides how long a
digest takes, and not the limit: what one tenant hears is said in order.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy import Engine

from adapters.bench.digests import HEAR_TWICE, VirtualClock, deliver_all, later, refused, settle_channels
from adapters.bench.figures import Figure, none_of
from adapters.bench.serving import listening
from adapters.bench.stage import MONDAY
from adapters.bench.stores import ports_on, undurable_store
from adapters.bench.teams_stage import BOT, CUSTOMER, OURS, StandIn, answering, environment
from adapters.people import FRESH_FOR
from adapters.teams.app import Teams
from adapters.teams.hosts import Hosts
from adapters.teams.references import Reference, References
from adapters.teams.whereabouts import PLATFORM, Kind
from adapters.web import Pool

CHANNELS = 10_000
CALL_TAKES_S = 0.03
FRESH_FOR_S = FRESH_FOR.total_seconds() + 60  # it may run out between looking and posting
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: at most so many in so many seconds
IN_A_CONVERSATION = ((7, 1), (8, 2), (60, 30), (1800, 3600))
IN_A_TENANT = ((30, 1),)
EDGE_S = 1e-6  # times are sums of fractions


@dataclass
class Limits:
    """What Teams would let through, and what it saw."""

    clock: VirtualClock
    looked: dict[str, float] = field(default_factory=dict)  # when Kept was last told who reads there
    posts: int = 0
    looks: int = 0
    unlooked: int = 0  # posts to channels of which Kept could not know who reads there (L24)
    refused: int = 0
    _taken: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def calls(self) -> int:
        return self.posts + self.looks + self.refused

    def takes(self, call: str, conversation: str) -> int | None:
        self.clock.sleep(CALL_TAKES_S)
        if not self._is_within(call, conversation):
            self.refused += 1
            return 1
        if call == "post":
            self._post(conversation)
        else:
            self.looks += 1
            self.looked[conversation] = self.clock.seconds
        return None

    def _post(self, conversation: str) -> None:
        self.posts += 1
        self.unlooked += self.clock.seconds - self.looked.get(conversation, -FRESH_FOR_S) >= FRESH_FOR_S

    def _is_within(self, call: str, conversation: str) -> bool:
        limits = [("", IN_A_TENANT)] + ([(conversation, IN_A_CONVERSATION)] if call == "post" else [])
        now = self.clock.seconds
        for whose, windows in limits:
            since = (now - seconds + EDGE_S for _, seconds in windows)
            counts = [sum(at > moment for at in self._taken[whose]) for moment in since]
            if any(count >= most for count, (most, _) in zip(counts, windows, strict=True)):
                return False
        for whose, windows in limits:
            self._remember(whose, max(most for most, _ in windows))
        return True

    def _remember(self, whose: str, at_most: int) -> None:
        self._taken[whose].append(self.clock.seconds)
        if len(self._taken[whose]) > at_most:
            self._taken[whose].popleft()


def figures(channels: int = CHANNELS) -> list[Figure]:
    limits = Limits(VirtualClock())
    with undurable_store() as engine:
        settle_channels(engine, map(_route, range(channels)), OURS, PLATFORM, CUSTOMER)
        dead = asyncio.run(_sent(engine, limits, channels))
    messages = channels + HEAR_TWICE
    if limits.posts + dead != messages:
        raise RuntimeError(f"{limits.posts} of {messages} digests arrived")
    return _figures(limits, channels, dead)


def _figures(limits: Limits, channels: int, dead: int) -> list[Figure]:
    messages, took_s = channels + HEAR_TWICE, limits.clock.seconds
    least_s = (messages + channels) / 30  # a channel's roster is read once, however much it hears
    return [
        none_of(f"digest to {channels:,} channels: never arrived", dead, messages),
        none_of("the same: without knowing who reads there", limits.unlooked, messages),
        refused(limits.refused, limits.calls),
        later(f"the same, {limits.looks:,} rosters read: time / limits", took_s, least_s),
    ]


async def _sent(engine: Engine, limits: Limits, channels: int) -> int:
    """How many ended as dead letters."""
    pool, clock = Pool(engine), limits.clock
    async with answering(StandIn(takes=limits.takes)) as stand_in:
        hosts = Hosts(loopback=True)
        teams = Teams(
            environment(stand_in.url),
            engine,
            now=clock.now,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            our_tenants=frozenset({OURS}),
            hosts=hosts,
        )
        _meet(References(engine, hosts), stand_in.service_url, channels)
        ports = ports_on(engine, teams.chats, clock.now)
        app = web.Application()
        teams.add_to(app, ports, pool)
        async with listening(app):
            await deliver_all(ports, clock)
    pool.close()
    with ports.open_uow(None) as uow:
        return len(uow.outbox.dead(limit=2 * channels))


def _meet(references: References, service_url: str, channels: int) -> None:
    for number in range(channels):
        met = Reference(
            tenant=OURS,
            conversation_id=_route(number),
            kind=Kind.CHANNEL,
            host=OURS,
            service_url=service_url,
            bot_id=BOT,
            is_shared=True,
        )
        references.keep(met, MONDAY)


def _route(number: int) -> str:
    return f"19:{number:08d}@thread.tacv2"
