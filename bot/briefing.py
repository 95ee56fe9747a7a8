"""The managers' weekly digest: planned as alarms, gathered per partnership, nothing about a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.intents import to_person
from bot.ports import Ports
from bot.quota import first_free, is_full
from bot.readers import calendar_in, calendar_of
from bot.scene import actor_of, of_promise
from bot.storage import Alarm, Digest, DigestState, UnitOfWork
from bot.views import CustomerView, for_customer
from commitments.access import Actor, Grant, decide
from commitments.conversations import Conversation, Topic, risk, worth_having
from commitments.digest import STALE_AFTER
from commitments.fading import QUIET_AFTER, Fading, Sign, is_unheard, signs
from commitments.measures import Fate, History, Measures, Period, fate_in, measure, needs_history
from commitments.partnership import Partnership, Person, Role, Voice
from commitments.promise import Promise, Side
from commitments.slots import Rhythm, Slot, next_slot
from commitments.worktime import Calendar

KIND = "manager"
INSTANT = timedelta(microseconds=1)
WEEK = timedelta(weeks=1)
WINDOW = 4 * WEEK
LOOK_BACK = 3 * WINDOW  # two windows, and what a stopped clock carried into them
LOOK_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBrief:
    """One side: the last four weeks, the four before, and the eight one by one."""

    lately: Measures
    before: Measures
    kept_by_week: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipBrief:
    partnership: Partnership
    sides: Mapping[Side, SideBrief]
    at_risk: tuple[tuple[Conversation, CustomerView], ...]
    fading: tuple[Fading, ...]
    unheard: tuple[Voice, ...]  # without an answer, oldest first

    @property
    def is_silent(self) -> bool:
        sides = self.sides.values()
        counted = any(side.lately.due or side.before.due for side in sides)
        return not (counted or self.at_risk or self.fading or self.unheard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    partnerships: tuple[PartnershipBrief, ...]  # by name: nobody is ranked
    conversations: tuple[Conversation, ...]


def plan_managers(ports: Ports, uow: UnitOfWork, now: datetime) -> None:
    """Sets everybody's next alarm. Safe to call twice; call it when roles or reports change, and at start."""
    for person in uow.people.of_ids(uow.people.managers()).values():
        plan_manager(ports, uow, person, now)


def plan_manager(ports: Ports, uow: UnitOfWork, person: Person, now: datetime) -> None:
    if not person.is_ours:
        return
    slot = _slot_after(ports, person, now)
    key = f"manager_digest:{person.id}:{slot.period}:{slot.at.isoformat()}"
    uow.alarms.put(
        Alarm(key=key, tenant=person.tenant, kind="manager_digest", subject_id=person.id, at=slot.at)
    )


def _slot_after(ports: Ports, person: Person, moment: datetime) -> Slot:
    weekly = ports.policy.digests.manager
    return next_slot(Rhythm.WEEKLY, after=moment, zone=person.zone, weekday=weekly.weekday, at=weekly.at)


def _on_alarm(ports: Ports, uow: UnitOfWork, alarm: Alarm, now: datetime) -> None:
    """Once a week and manager; one that is two days late is skipped."""
    person = uow.people.get(alarm.subject_id)
    if person is None or person.id not in uow.people.managers():
        return
    plan_manager(ports, uow, person, now)
    slot = _slot_after(ports, person, alarm.at - INSTANT)
    if slot.at != alarm.at or now >= slot.at + STALE_AFTER:
        return
    digest = _row(ports, person, slot)
    if uow.digests.add(digest):
        _queue(ports, uow, person, digest, now)


def _row(ports: Ports, person: Person, slot: Slot) -> Digest:
    return Digest(
        id=ports.new_id(),
        tenant=person.tenant,
        kind=KIND,
        subject_id=person.id,
        period=slot.period,
        starts=slot.starts,
        ends=slot.ends,
        send_at=slot.at,
        state=DigestState.QUEUED,
    )


def _queue(ports: Ports, uow: UnitOfWork, person: Person, digest: Digest, now: datetime) -> None:
    calendar = calendar_of(ports, person)
    day = calendar.local_date(now).isoformat()
    at = now
    # The half hour before the day begins is the managers' own wish; a day off or a full one is not.
    if is_full(ports, uow, person, day) or not calendar.is_working_day(calendar.local_date(now)):
        at, day = first_free(ports, uow, person, now)
    intent = to_person(
        person,
        "manager_digest",
        digest.id,
        key=f"manager_digest:{person.id}:{digest.period}",
        at=at,
        lasts=STALE_AFTER,
        quota_day=day,
    )
    uow.outbox.queue([intent])


def brief(ports: Ports, uow: UnitOfWork, manager: Person, ends: datetime, now: datetime) -> Briefing:
    """Everything as it is now, for the weeks up to `ends`."""
    actor = actor_of(uow, manager)
    found = [_brief(ports, uow, actor, each, ends, now) for each in _managed(uow, actor)]
    talk = [each for part in found for each in _conversations(part, now)]
    return Briefing(
        partnerships=tuple(part for part in found if not part.is_silent),
        conversations=tuple(worth_having(talk)),
    )


def _managed(uow: UnitOfWork, actor: Actor) -> list[Partnership]:
    """Those the actor manages, and those a report of theirs works on."""
    own = {key for key, roles in actor.roles.items() if Role.MANAGER in roles}
    ids = own.union(*(uow.partnerships.roles_of(report) for report in actor.reports))
    partnerships = (uow.partnerships.get(partnership_id) for partnership_id in ids)
    return sorted((p for p in partnerships if p), key=lambda p: p.name.casefold())


def _brief(
    ports: Ports, uow: UnitOfWork, actor: Actor, partnership: Partnership, ends: datetime, now: datetime
) -> PartnershipBrief:
    promises = uow.promises.touched(partnership.id, ends - LOOK_BACK, now + LOOK_AHEAD)
    voices = uow.partnerships.voices(partnership.id)
    wins = uow.partnerships.wins(partnership.id, now - QUIET_AFTER, now)
    calendar, unanswered = calendar_in(ports, partnership), ports.policy.nudging.unanswered_days
    at_risk = [r for p in promises if (r := risk(p, now, calendar, unanswered)) and _may_read(actor, p)]
    return PartnershipBrief(
        partnership=partnership,
        sides=_sides(ports, uow, promises, ends, now),
        at_risk=tuple(_viewed(at_risk, promises, partnership, now)),
        fading=tuple(signs(promises, wins=wins, voices=voices, began=partnership.created_at, now=now)),
        unheard=tuple(sorted((v for v in voices if v.answered_at is None), key=lambda v: v.at)),
    )


def _may_read(actor: Actor, promise: Promise) -> bool:
    return decide(actor, "promise.read", of_promise(promise)) is Grant.ALLOWED


def _viewed(
    at_risk: Iterable[Conversation], promises: Iterable[Promise], partnership: Partnership, now: datetime
) -> Iterator[tuple[Conversation, CustomerView]]:
    """Without people: a promise is at risk, not its owner."""
    by_id = {promise.id: promise for promise in promises}
    for each in at_risk:
        yield each, for_customer(by_id[each.subject_id], partnership, {}, now)


def _sides(
    ports: Ports, uow: UnitOfWork, promises: Sequence[Promise], ends: datetime, now: datetime
) -> dict[Side, SideBrief]:
    history = {p.id: uow.promises.facts(p.id) for p in promises if needs_history(p, now)}
    owners = uow.people.of_ids({promise.owner_id for promise in promises})

    def calendar(owner_id: str) -> Calendar:
        return calendar_of(ports, owners[owner_id])

    return {side: _side(promises, history, side, ends, now, calendar) for side in Side}


def _side(
    promises: Sequence[Promise],
    history: History,
    side: Side,
    ends: datetime,
    now: datetime,
    calendar: Callable[[str], Calendar],
) -> SideBrief:
    def measured(until: datetime) -> Measures:
        period = Period(starts=until - WINDOW, ends=until)
        return measure(promises, history, side=side, period=period, now=now, calendar_of=calendar)

    weeks = (Period(starts=ends - n * WEEK, ends=ends - (n - 1) * WEEK) for n in range(8, 0, -1))
    ours = [promise for promise in promises if promise.side is side]
    return SideBrief(
        lately=measured(ends),
        before=measured(ends - WINDOW),
        kept_by_week=tuple(sum(fate_in(p, week, now) is Fate.ON_TIME for p in ours) for week in weeks),
    )


def _conversations(part: PartnershipBrief, now: datetime) -> Iterator[Conversation]:
    """About what both sides know; voices wait two weeks before a manager should ask."""
    yield from (each for each, view in part.at_risk if view.is_shown)
    for voice in part.unheard:
        if is_unheard(voice, now):
            yield _about_them(Topic.VOICE, part, voice.id, voice.at)
    if any(each.sign is not Sign.UNHEARD for each in part.fading):
        yield _about_them(Topic.FADING, part, part.partnership.id, now)


def _about_them(topic: Topic, part: PartnershipBrief, subject_id: str, since: datetime) -> Conversation:
    return Conversation(
        topic=topic,
        partnership_id=part.partnership.id,
        subject_id=subject_id,
        waits=Side.THEIRS,
        since=since,
    )


ALARMS: Mapping[str, Callable[[Ports, UnitOfWork, Alarm, datetime], None]] = {"manager_digest": _on_alarm}
