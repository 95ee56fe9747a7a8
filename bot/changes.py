"""The single writer: runs a piece of work in one transaction, and applies changes to promises.

A stale write is read again and applied again here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from bot.consequences import consequences
from bot.ports import Ports
from bot.readers import calendar_in, calendar_of
from bot.storage import UnitOfWork
from commitments.agenda import Act, Item, Waits, upcoming
from commitments.errors import Settled, StaleWrite
from commitments.events import Fact, Kind
from commitments.nudges import Pace
from commitments.partnership import Partnership, Person
from commitments.promise import Change, Promise, State
from commitments.worktime import Calendar

T = TypeVar("T")
TRIES = 3


def in_one_piece(ports: Ports, tenant: str | None, work: Callable[[UnitOfWork], T]) -> T:
    """Runs `work` in a transaction of its own and commits; again, if somebody was quicker. Raises Settled."""
    for _ in range(TRIES):
        try:
            with ports.open_uow(tenant) as uow:
                result = work(uow)
                uow.commit()
                return result
        except StaleWrite:
            continue
    raise Settled("busy")


def apply(
    ports: Ports,
    uow: UnitOfWork,
    before: Promise | None,
    change: Change,
    *,
    owner: Person | None = None,
    partnership: Partnership | None = None,
) -> Promise:
    """Stores the change, its fact, what time will do next, and what others will hear. Raises StaleWrite.

    Owner and partnership are looked up unless the caller has them at hand.
    """
    partnership = partnership or uow.partnerships.get(change.promise.partnership_id)
    owner = owner or uow.people.get(change.promise.owner_id)
    if partnership is None or owner is None:
        raise LookupError(change.promise.id)
    now = change.fact.at
    promise = _stored(ports, uow, before, _timed(ports, change.promise, owner, partnership, now))
    uow.promises.add_fact(promise.id, change.fact, before)
    uow.outbox.queue(consequences(uow, promise, change.fact, owner, partnership))
    if change.born is not None:
        _bear(ports, uow, change.born, change.fact)
    return promise


def reschedule(ports: Ports, uow: UnitOfWork, person: Person, now: datetime) -> None:
    """Works out anew what time does next, after somebody's hours, zone or absences changed."""
    for promise in uow.promises.of_owner(person.id, (State.OPEN, State.PROPOSED)):
        partnership = uow.partnerships.get(promise.partnership_id)
        if partnership is not None:
            uow.promises.save(_timed(ports, promise, person, partnership, now))


def timed(ports: Ports, promise: Promise, owner: Calendar, other: Calendar, now: datetime) -> Promise:
    """The promise with the moment at which time has something to do with it next."""
    item = upcoming(promise, owner, other, waits(ports), after=_seen_until(promise))
    return promise.with_(next_at=_moment(item, owner, now))


def retimed(promise: Promise, agenda: Iterable[Item], owner: Calendar, now: datetime) -> Promise:
    """The same, from an agenda already worked out: a sweep reads it twice."""
    after = _seen_until(promise)
    item = next((item for item in agenda if item.at > after), None)
    return promise.with_(next_at=_moment(item, owner, now))


def _seen_until(promise: Promise) -> datetime:
    return promise.nudged_until or promise.created_at


def waits(ports: Ports) -> Waits:
    nudging = ports.policy.nudging
    pace = Pace(
        heads_up_over_days=nudging.heads_up_over_days,
        decide_percent=nudging.decide_percent,
        decide_at_most_days=nudging.decide_at_most_days,
    )
    return Waits(
        unanswered_days=nudging.unanswered_days,
        lapse_days=nudging.lapse_days,
        unopposed_days=nudging.unopposed_days,
        pace=pace,
    )


def _moment(item: Item | None, owner: Calendar, now: datetime) -> datetime | None:
    """A rung that had to wait comes in working hours."""
    if item is None:
        return None
    if item.at > now or item.act is not Act.NUDGE:
        return item.at
    return owner.or_everyday(lambda usable: usable.next_working_moment(now))


def _timed(ports: Ports, promise: Promise, owner: Person, partnership: Partnership, now: datetime) -> Promise:
    return timed(ports, promise, calendar_of(ports, owner), calendar_in(ports, partnership), now)


def _stored(ports: Ports, uow: UnitOfWork, before: Promise | None, promise: Promise) -> Promise:
    if before is None:
        uow.promises.add(promise)
        return promise
    uow.promises.save(promise)
    return promise.with_(version=promise.version + 1)


def _bear(ports: Ports, uow: UnitOfWork, born: Promise, fact: Fact) -> None:
    """The rest of a promise that was split becomes one of its own."""
    number = uow.partnerships.next_number(born.partnership_id)
    promise = born.with_(id=ports.new_id(), number=number)
    recorded = Fact(kind=Kind.RECORDED, at=fact.at, by=fact.by, detail={"split_from": born.split_from or ""})
    apply(ports, uow, None, Change(promise=promise, fact=recorded))
