"""The nudge sweep: what time has to do with promises, in batches, and one bundle per person.

A rung is written down once (its key names promise, rung and date), then rides in its person's next bundle.
At most three unasked private messages a day; the fourth waits for the next working morning.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.changes import apply, in_one_piece, retimed, waits
from bot.intents import to_person
from bot.ports import Ports
from bot.quota import first_free
from bot.readers import calendar_in, calendar_of
from bot.storage import Intent, Nudge, UnitOfWork
from bot.team import leads
from commitments import acts
from commitments.agenda import Act, Item, Waits, items
from commitments.errors import StaleWrite
from commitments.nudges import Rung, Step, most_relevant
from commitments.partnership import Partnership, Person
from commitments.promise import Promise
from commitments.worktime import Calendar

logger = logging.getLogger(__name__)

BATCH = 500
TRY_AGAIN_AFTER = timedelta(hours=1)
MORE_MAY_COME = timedelta(seconds=30)  # a full batch: the rest of somebody's morning may be in the next one


@dataclass(slots=True)
class _Batch:
    """What one transaction has looked up and decided; calendars are costly, so they are kept."""

    ports: Ports
    uow: UnitOfWork
    now: datetime
    people: dict[str, Person]
    waits: Waits
    partnerships: dict[str, Partnership | None] = field(default_factory=dict)
    leads: dict[str, list[str]] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    others: dict[str, Calendar] = field(default_factory=dict)
    nudges: list[Nudge] = field(default_factory=list)
    saved: list[Promise] = field(default_factory=list)

    def partnership(self, partnership_id: str) -> Partnership | None:
        if partnership_id not in self.partnerships:
            self.partnerships[partnership_id] = self.uow.partnerships.get(partnership_id)
        return self.partnerships[partnership_id]

    def calendar(self, person: Person) -> Calendar:
        if person.id not in self.calendars:
            self.calendars[person.id] = calendar_of(self.ports, person)
        return self.calendars[person.id]

    def calendar_in(self, partnership: Partnership) -> Calendar:
        if partnership.id not in self.others:
            self.others[partnership.id] = calendar_in(self.ports, partnership)
        return self.others[partnership.id]

    def leads_of(self, partnership_id: str) -> list[str]:
        if partnership_id not in self.leads:
            self.leads[partnership_id] = [lead.id for lead in leads(self.uow, partnership_id)]
        return self.leads[partnership_id]


def queue_due_nudges(ports: Ports, worker: str) -> int:
    """Everything due now; returns how many promises were looked at. Safe to run in several processes."""
    total = 0
    while count := in_one_piece(ports, None, lambda uow: _sweep(ports, uow)):
        total += count
        if count < BATCH:
            break
    return total


def _sweep(ports: Ports, uow: UnitOfWork) -> int:
    now = ports.now()
    promises = uow.promises.claim_due(now, BATCH)
    if not promises:
        return 0
    owners = uow.people.of_ids({p.owner_id for p in promises})
    batch = _Batch(ports=ports, uow=uow, now=now, people=owners, waits=waits(ports))
    for promise in promises:
        _take_safely(batch, promise)
    uow.promises.save_all(batch.saved)
    uow.nudges.add(batch.nudges)
    later = MORE_MAY_COME if len(promises) == BATCH else timedelta()
    uow.outbox.queue(_bundles(batch, later))
    return len(promises)


def _take_safely(batch: _Batch, promise: Promise) -> None:
    """One promise that cannot be worked out must not silence all others: it is logged and tried later."""
    try:
        _take(batch, promise)
    except StaleWrite:
        raise
    except Exception:
        logger.exception("nudge failed", extra={"promise": promise.id})
        batch.saved.append(promise.with_(next_at=batch.now + TRY_AGAIN_AFTER))


def _take(batch: _Batch, promise: Promise) -> None:
    """One promise whose moment has come: settle it, nudge, or wait for the morning."""
    owner, partnership = batch.people.get(promise.owner_id), batch.partnership(promise.partnership_id)
    if owner is None or partnership is None:
        batch.saved.append(promise.with_(next_at=None))
        return
    calendar, other = batch.calendar(owner), batch.calendar_in(partnership)
    agenda = items(promise, calendar, other, batch.waits)
    due = _due(promise, agenda, batch.now)
    if any(item.act in (Act.LAPSE, Act.UNOPPOSED) for item in due):
        _settle(batch, promise, due[0].act)
        return
    step = most_relevant([item.step for item in due if item.step is not None], batch.now)
    if step is not None and (later := _not_before(batch, promise, step, calendar)) > batch.now:
        batch.saved.append(promise.with_(next_at=later))  # what else is due waits with it
        return
    moved = _nudged(batch, promise, due, step)
    if moved.owner_told_at != promise.owner_told_at:  # the lead's turn depends on it
        agenda = items(moved, calendar, other, batch.waits)
    batch.saved.append(retimed(moved, agenda, calendar, batch.now))


def _not_before(batch: _Batch, promise: Promise, step: Step, calendar: Calendar) -> datetime:
    """At night nothing, until the morning; and nothing to the lead before the owner."""
    if step.rung is Rung.ESCALATE_LEAD and not _owner_heard(batch, promise, calendar):
        return calendar.or_everyday(lambda usable: usable.next_morning(batch.now))
    return calendar.or_everyday(lambda usable: usable.next_working_moment(batch.now))


def _owner_heard(batch: _Batch, promise: Promise, calendar: Calendar) -> bool:
    """A working day before the lead does; unless their word was held up for good, then the lead hears."""
    told = [n for n in batch.uow.nudges.of_promise(promise.id) if n.rung == Rung.ESCALATE_OWNER.value]
    if not told:
        return True
    said_at = max(told, key=lambda nudge: nudge.at).said_at
    if said_at is None:
        return not batch.uow.outbox.pending_bundles([promise.owner_id])
    return calendar.or_everyday(lambda usable: usable.next_morning(said_at)) <= batch.now


def _due(promise: Promise, agenda: list[Item], now: datetime) -> list[Item]:
    after = promise.nudged_until or promise.created_at
    return [item for item in agenda if after < item.at <= now]


def _settle(batch: _Batch, promise: Promise, act: Act) -> None:
    made = acts.lapse if act is Act.LAPSE else acts.pass_unopposed
    apply(batch.ports, batch.uow, promise, made(promise, batch.now))


def _nudged(batch: _Batch, promise: Promise, due: list[Item], step: Step | None) -> Promise:
    """After an outage only the most relevant rung is said."""
    batch.nudges += _nudges(batch, promise, due, step)
    told = batch.now if step is not None and step.rung is Rung.ESCALATE_OWNER else promise.owner_told_at
    return promise.with_(nudged_until=batch.now, owner_told_at=told)


def _nudges(batch: _Batch, promise: Promise, due: list[Item], step: Step | None) -> Iterator[Nudge]:
    if step is not None:
        # Where owner and lead are one, the owner was asked to name a colleague; nothing jumps higher.
        others = [p for p in batch.leads_of(promise.partnership_id) if p != promise.owner_id]
        hearers = others if step.rung is Rung.ESCALATE_LEAD else [promise.owner_id]
        yield from (_nudge(batch, promise, step.rung.value, p, promise.due.at.isoformat()) for p in hearers)
    for rung in sorted({item.act.value for item in due if item.act in (Act.DOUBT, Act.HOW)}):
        mark = f"{batch.now:%Y-%m-%d}"
        hearers = batch.leads_of(promise.partnership_id)
        yield from (_nudge(batch, promise, rung, person_id, mark) for person_id in hearers)


def _nudge(batch: _Batch, promise: Promise, rung: str, person_id: str, mark: str) -> Nudge:
    # A promise that came back is nudged again for the same date, and a snoozed rung comes again.
    since = (promise.reopened_at, promise.snoozed_until if rung == Rung.HEADS_UP.value else None)
    again = "".join(f"+{moment:%Y%m%d%H%M%S}" for moment in since if moment is not None)
    return Nudge(
        key=f"nudge:{promise.id}:{rung}:{mark}{again}:{person_id}",
        tenant=promise.tenant,
        promise_id=promise.id,
        rung=rung,
        person_id=person_id,
        at=batch.now,
    )


def _bundles(batch: _Batch, later: timedelta) -> Iterator[Intent]:
    """One waiting bundle for everybody who got a nudge and has none yet."""
    first = {nudge.person_id: nudge for nudge in sorted(batch.nudges, key=lambda n: n.key, reverse=True)}
    missing = first.keys() - batch.people.keys()
    people = {**batch.people, **(batch.uow.people.of_ids(missing) if missing else {})}
    ours = [p for p in (people.get(i) for i in sorted(first)) if p is not None and p.is_ours]
    counts = unasked_today(batch.uow, ours, {p.id: batch.calendar(p) for p in ours}, batch.now)
    waiting = batch.uow.outbox.pending_bundles([person.id for person in ours])
    for person in ours:
        if person.id not in waiting:
            yield _bundle(batch, person, first[person.id], counts[person.id], later)


def unasked_today(
    uow: UnitOfWork, people: Iterable[Person], calendars: Mapping[str, Calendar], now: datetime
) -> dict[str, int]:
    """How many unasked messages count on each person's own day."""
    days: dict[str, list[str]] = {}
    for person in people:
        days.setdefault(calendars[person.id].local_date(now).isoformat(), []).append(person.id)
    counts: dict[str, int] = {}
    for day, ids in days.items():
        found = uow.outbox.unasked_counts(ids, day)
        counts |= {person_id: found.get(person_id, 0) for person_id in ids}
    return counts


def _bundle(batch: _Batch, person: Person, nudge: Nudge, said_today: int, later: timedelta) -> Intent:
    """Named after the promise that asked for it, which does so once at any moment."""
    calendar, now = batch.calendar(person), batch.now
    at = calendar.or_everyday(lambda usable: usable.next_working_moment(now + later))
    day = calendar.local_date(at)
    if day != calendar.local_date(now) or said_today >= batch.ports.policy.nudging.private_messages_a_day:
        at, counts_on = first_free(batch.ports, batch.uow, person, now + later)
    else:
        counts_on = day.isoformat()
    key = f"bundle:{nudge.promise_id}:{now.isoformat()}:{person.id}"
    return to_person(person, "bundle", person.id, key=key, at=at, quota_day=counts_on)
