"""A Monday digest to many channels of one tenant, on a clock that only the sending moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Engine

from adapters.bench.stage import MONDAY
from adapters.db.unit_of_work import open_uow
from bot.addresses import Place
from bot.delivering import deliver_outbox
from bot.digesting import KIND
from bot.intents import to_place
from bot.ports import Ports
from bot.storage import Digest, DigestState, UnitOfWork
from commitments.partnership import Partnership, Win

HEAR_TWICE = 100  # two weeks at once, since a channel's own limit would not be tried otherwise
A_COMMIT = 500


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


def settle_channels(engine: Engine, count: int, place_of: Callable[[int], Place]) -> None:
    """A customer in each, and a digest for it in the outbox; for the first HEAR_TWICE, two."""
    for first in range(0, count, A_COMMIT):
        places = [place_of(number) for number in range(first, first + A_COMMIT)]
        with open_uow(engine)(places[0].tenant) as uow:
            for number, place in enumerate(places, first):
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
