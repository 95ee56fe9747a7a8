"""A Monday digest to many channels of one tenant, on a clock that only the sending moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex

from sqlalchemy import Engine

from adapters.bench.figures import Figure
from adapters.bench.stage import MONDAY
from adapters.db.unit_of_work import open_uow
from bot.addresses import Place, PlaceKind
from bot.delivering import deliver_outbox
from bot.digesting import KIND
from bot.intents import to_place
from bot.ports import Ports
from bot.storage import Digest, DigestState, UnitOfWork
from commitments.partnership import Partnership, Win

HEAR_TWICE = 100  # two weeks at once, since a channel's own limit would not be tried otherwise
A_COMMIT = 500
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


async def deliver_all(ports: Ports, clock: VirtualClock) -> None:
    """Until nothing waits."""
    await asyncio.to_thread(_deliver_all, ports, clock)


def _deliver_all(ports: Ports, clock: VirtualClock) -> None:
    while (due := _next_at(ports)) is not None:
        clock.wait_until(due)
        deliver_outbox(ports, "bench")


def _next_at(ports: Ports) -> datetime | None:
    with ports.open_uow(None) as uow:
        return uow.outbox.next_at()


def refused(calls: int, of: int) -> Figure:
    return Figure(
        what="the same: share of calls answered 429",
        measured=f"{calls:,}",
        baseline=f"{of:,}",
        ratio=calls / of,
        bar=REFUSED_BAR,
    )


def later(what: str, took_s: float, least_s: float) -> Figure:
    """Beside what the limits allow."""
    return Figure(
        what=what,
        measured=f"{took_s:,.0f} s",
        baseline=f"{least_s:,.0f} s",
        ratio=took_s / least_s,
        bar=LATER_BAR,
    )


def settle_channels(
    engine: Engine, routes: Iterable[str], tenant: str, platform: str, organisation: str
) -> None:
    """A customer in each, and a digest for it in the outbox; for the first HEAR_TWICE, two."""
    numbered = enumerate(routes)
    while batch := [*islice(numbered, A_COMMIT)]:
        with open_uow(engine)(tenant) as uow:
            for number, route in batch:
                place = Place(
                    id=token_hex(16),
                    tenant=tenant,
                    platform=platform,
                    route=route,
                    name=f"#customer-{number}",
                    kind=PlaceKind.CUSTOMER,
                    organisations=frozenset({organisation}),
                )
                _add_channel(uow, number, place)
            uow.commit()


def _add_channel(uow: UnitOfWork, number: int, place: Place) -> None:
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
        tenant=place.tenant,
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
        tenant=place.tenant,
        partnership_id=partnership.id,
        text="First joint release",
        by=token_hex(16),
        at=ends - timedelta(days=2),
    )
    uow.partnerships.add_win(win)
    digest = Digest(
        id=token_hex(16),
        tenant=place.tenant,
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
