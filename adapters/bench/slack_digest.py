"""A Monday digest to 10,000 channels of one workspace, on a clock that only the sending moves.

Slack's part keeps to its published limits: one message a second in a channel, and its tiers for look-ups. The
workspace's own ceiling is not published; 300 a minute stands for its "several hundred". Kept has just been
started and was told of no channel yet. Where Slack's list of channels does not say who reads in them, it has
to ask about each, and that takes as long as its tier allows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from aiohttp import web
from sqlalchemy import Engine

from adapters.bench.figures import Figure
from adapters.bench.slack_events import undurable_store
from adapters.bench.slack_stage import (
    CUSTOMER,
    TEAM,
    StandIn,
    answering,
    environment,
    listening,
    page_of,
)
from adapters.db.unit_of_work import open_uow
from adapters.moments import BabelMomentWords
from adapters.people import FRESH_FOR
from adapters.playground.opening import new_id
from adapters.slack.app import Slack
from adapters.slack.identity import PLATFORM
from adapters.slack.pacing import WORKSPACE_EVERY_S
from adapters.web import Pool
from bot.addresses import Place, PlaceKind
from bot.delivering import deliver_outbox
from bot.digesting import KIND
from bot.intents import to_place
from bot.policy import Policy
from bot.ports import Ports
from bot.storage import Digest, DigestState, UnitOfWork
from commitments.partnership import Partnership, Win

CHANNELS, UNLISTED = 10_000, 1_000
HEAR_TWICE = 100  # two weeks at once, since a channel's own limit would not be tried otherwise
A_COMMIT = 500
CALL_TAKES_S = 0.1
FRESH_FOR_S = FRESH_FOR.total_seconds() + 60  # it may run out between looking and posting
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
IN_CHANNEL_S = 1 - 1e-6  # times are sums of fractions
A_MINUTE = {  # docs.slack.dev/apis/web-api/rate-limits: tiers 3 and 4 say "50+" and "100+"
    "chat.postMessage": 300,
    "conversations.info": 50,
    "users.conversations": 50,
    "conversations.members": 100,
}
REFUSED_BAR, LATER_BAR = 0.01, 1.1


@dataclass
class VirtualClock:
    seconds: float = 0.0

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def wait_until(self, moment: datetime) -> None:
        self.seconds = max(self.seconds, (moment - MONDAY).total_seconds())


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
        _settle_in(engine, count)
        asyncio.run(_sent(engine, limits))
    if limits.posts != count + HEAR_TWICE:
        raise RuntimeError(f"{limits.posts} of {count + HEAR_TWICE} digests arrived")
    return limits


def _figures(limits: Limits, count: int, how: str, least_s: float) -> list[Figure]:
    messages, took_s = count + HEAR_TWICE, limits.clock.seconds
    return [
        Figure(
            what=f"digest to {count:,} channels{how}: within 1 s in one",
            measured=str(limits.too_close),
            baseline=f"{messages:,}",
            ratio=limits.too_close / messages,
            bar=0,
        ),
        Figure(
            what="the same: without knowing who reads there",
            measured=f"{limits.unlooked:,}",
            baseline=f"{messages:,}",
            ratio=limits.unlooked / messages,
            bar=0,
        ),
        Figure(
            what="the same: share of calls answered 429",
            measured=f"{limits.refused:,}",
            baseline=f"{limits.calls:,}",
            ratio=limits.refused / limits.calls,
            bar=REFUSED_BAR,
        ),
        Figure(
            what="the same: time, beside what the limits allow",
            measured=f"{took_s:,.0f} s",
            baseline=f"{least_s:,.0f} s",
            ratio=took_s / least_s,
            bar=LATER_BAR,
        ),
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
        ports = _ports(engine, slack, clock)
        app = web.Application()
        slack.add_to(app, ports, pool)
        async with listening(app):
            await asyncio.to_thread(_until_nothing_waits, ports, clock)
    pool.close()


def _until_nothing_waits(ports: Ports, clock: VirtualClock) -> None:
    while (due := _next_at(ports)) is not None:
        clock.wait_until(due)
        deliver_outbox(ports, "bench")


def _next_at(ports: Ports) -> datetime | None:
    with ports.open_uow(None) as uow:
        return uow.outbox.next_at()


def _ports(engine: Engine, slack: Slack, clock: VirtualClock) -> Ports:
    return Ports(
        now=clock.now,
        open_uow=open_uow(engine),
        chats=slack.chats,
        is_holiday=lambda day, country: False,
        moment_words=BabelMomentWords(clock.now),
        new_id=new_id,
        policy=Policy(),
    )


def _settle_in(engine: Engine, count: int) -> None:
    for first in range(0, count, A_COMMIT):
        with open_uow(engine)(TEAM) as uow:
            for number in range(first, first + A_COMMIT):
                _add_channel(uow, number)
            uow.commit()


def _route(number: int) -> str:
    return f"C{number:08d}"


def _add_channel(uow: UnitOfWork, number: int) -> None:
    place = Place(
        id=token_hex(16),
        tenant=TEAM,
        platform=PLATFORM,
        route=_route(number),
        name=f"#customer-{number}",
        kind=PlaceKind.CUSTOMER,
        organisations=frozenset({CUSTOMER}),
    )
    uow.places.add(place)
    partnership = _partnership(number, place)
    uow.partnerships.add(partnership)
    linked = replace(place, partnership_id=partnership.id)
    uow.places.save(linked)
    for weeks_ago in range(2 if number < HEAR_TWICE else 1):
        _queue(uow, linked, partnership, weeks_ago)


def _partnership(number: int, place: Place) -> Partnership:
    return Partnership(
        id=token_hex(16),
        tenant=TEAM,
        name=f"Customer {number}",
        organisations=place.organisations,
        place_id=place.id,
        first_digest_approved_at=MONDAY - timedelta(days=90),
        created_at=MONDAY - timedelta(days=90),
    )


def _queue(uow: UnitOfWork, place: Place, partnership: Partnership, weeks_ago: int) -> None:
    ends = MONDAY - timedelta(hours=9, weeks=weeks_ago)
    win = Win(
        id=token_hex(16),
        tenant=TEAM,
        partnership_id=partnership.id,
        text="First joint release",
        by=token_hex(16),
        at=ends - timedelta(days=2),
    )
    uow.partnerships.add_win(win)
    digest = Digest(
        id=token_hex(16),
        tenant=TEAM,
        kind=KIND,
        subject_id=partnership.id,
        period=f"{ends - timedelta(days=7):%G-W%V}",
        starts=ends - timedelta(days=7),
        ends=ends,
        send_at=MONDAY,
        state=DigestState.QUEUED,
    )
    uow.digests.add(digest)
    uow.outbox.queue([to_place(place, "digest", digest.id, key=f"digest:{place.id}:{weeks_ago}", at=MONDAY)])
