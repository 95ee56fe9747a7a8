"""When an owner hears from Kept about a promise, and until when asking for another date is early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from commitments.worktime import NO_TIME, Calendar, NoWorkingDay

SHORT_NOTICE = timedelta(hours=2)  # of working time; anything shorter is decided in the making
# Beyond this the middle is taken by the calendar: nobody notices, and a due date in 2999 costs nothing.
FAR = timedelta(days=366)


class Rung(StrEnum):
    """Wire and storage names; never renamed."""

    HEADS_UP = "heads_up"
    DECIDE = "decide"
    DUE_TODAY = "due_today"
    OVERDUE_1 = "overdue_1"
    OVERDUE_2 = "overdue_2"
    OVERDUE_3 = "overdue_3"
    ESCALATE_OWNER = "escalate_owner"
    ESCALATE_LEAD = "escalate_lead"


# Working days after the first overdue morning.
LADDER = (
    (Rung.OVERDUE_1, 0),
    (Rung.OVERDUE_2, 2),
    (Rung.OVERDUE_3, 4),
    (Rung.ESCALATE_OWNER, 5),
    (Rung.ESCALATE_LEAD, 6),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How early the rungs come, in the owner's working days."""

    heads_up_over_days: int = 5  # spans of this length or shorter get no heads-up
    decide_percent: int = 25  # of the span, rounded up
    decide_at_most_days: int = 5

    def notice_days(self, span: int) -> int:
        return max(1, min(self.decide_at_most_days, -(-span * self.decide_percent // 100)))


DEFAULT_PACE = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the schedule needs to know of a promise; nothing else. Moments are UTC."""

    span_from: datetime  # capture, or the moment the standing date was agreed
    due_at: datetime  # the standing date
    paused_for: timedelta = (
        NO_TIME  # while we waited for the customer; overdue counts from due_at + paused_for
    )
    reopened_at: datetime | None = None
    on_track_at: datetime | None = None
    on_track_rung: Rung | None = None
    customer_waits: bool = False  # a promise of the customer waits on this one
    snoozed_until: datetime | None = None  # moves the heads-up only
    proposal_pending: bool = False  # every rung but due_today waits for the answer
    stopped: bool = False  # waiting for the customer, or not open: no rungs at all
    owner_told_at: datetime | None = None  # when escalate_owner went out, which an outage may have delayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    rung: Rung
    at: datetime  # UTC, in the owner's working hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision day: when `decide` goes out (None: no use in asking) and when early ends (exclusive)."""

    send_at: datetime | None
    early_until: datetime


def decision(standing: Standing, calendar: Calendar, pace: Pace = DEFAULT_PACE) -> Decision:
    return calendar.or_everyday(lambda usable: _decision(standing, usable, pace))


def is_early(standing: Standing, calendar: Calendar, now: datetime, pace: Pace = DEFAULT_PACE) -> bool:
    """Whether a renegotiation proposed now comes early, judged on the standing date."""
    return now < decision(standing, calendar, pace).early_until


def is_overdue(standing: Standing, now: datetime) -> bool:
    return not standing.stopped and now > standing.due_at + standing.paused_for


def schedule(standing: Standing, calendar: Calendar, pace: Pace = DEFAULT_PACE) -> tuple[Step, ...]:
    """Every rung of the promise in time order, those already past included; at most one a day."""
    return tuple(steps(standing, calendar, pace))


def steps(standing: Standing, calendar: Calendar, pace: Pace = DEFAULT_PACE) -> Iterator[Step]:
    """The same one by one: what is late is worked out only for whoever reads on."""
    if standing.stopped:
        return
    if not _came_back_late(standing):
        yield from _before_due(standing, calendar, pace)
    if not standing.proposal_pending:
        yield from calendar.or_everyday(lambda usable: _after_due(standing, usable))


def next_step(
    standing: Standing, calendar: Calendar, *, after: datetime, pace: Pace = DEFAULT_PACE
) -> Step | None:
    return next((step for step in steps(standing, calendar, pace) if step.at > after), None)


def most_relevant(untaken: Iterable[Step], now: datetime) -> Step | None:
    """After an outage: of the steps not yet taken, in time order, the one that still says something.

    That is the latest, except that the owner always hears before the lead: take escalate_owner, note
    the moment in `Standing.owner_told_at`, and the lead's turn comes a working day later.
    """
    past = {step.rung: step for step in untaken if step.at <= now}
    if Rung.ESCALATE_OWNER in past:
        return past[Rung.ESCALATE_OWNER]
    return next(reversed(past.values()), None)


def first_doubt(
    proposed_at: datetime, due_at: datetime, calendar: Calendar, *, unanswered_days: int = 2
) -> tuple[datetime, datetime]:
    """When the lead hears that an offer is unanswered: after two working days, again half-way on to the date.

    Both moments are one where the date comes first: then one word is enough.
    """
    return calendar.or_everyday(lambda usable: _first_doubt(proposed_at, due_at, usable, unanswered_days))


def _first_doubt(
    proposed_at: datetime, due_at: datetime, calendar: Calendar, days: int
) -> tuple[datetime, datetime]:
    waited = calendar.add_working_time(proposed_at, days * calendar.day_length)
    first = calendar.next_working_moment(waited)
    again = first if first >= due_at else _part_way(first, due_at, calendar, parts=2)
    return first, _moment_of_work(calendar, again, before=due_at) or first


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    made: date  # local day of span_from
    due: date  # local due day
    working_days: int  # after `made`, up to and including `due`; counted for a year at most

    @classmethod
    def of(cls, standing: Standing, present: Calendar) -> _Span:
        made, due = present.local_date(standing.span_from), present.local_date(standing.due_at)
        counted = present.working_days_between(made, min(due, made + FAR))
        return cls(made=made, due=due, working_days=counted)


def _decision(standing: Standing, calendar: Calendar, pace: Pace) -> Decision:
    # Early is judged without absences: being away does not make an owner late.
    present = calendar.present()
    span = _Span.of(standing, present)
    day = present.add_working_days(span.due, -pace.notice_days(span.working_days))
    if day <= span.made:
        return _decision_at_short_notice(standing, calendar)
    early_until = present.close(day)
    # An absent owner is asked on the last morning before, else on the first one after.
    send_at = _last_morning(calendar, after=present.close(span.made), before=early_until)
    send_at = send_at or _moment_of_work(calendar, early_until, before=standing.due_at)
    return Decision(send_at=send_at, early_until=early_until)


def _decision_at_short_notice(standing: Standing, calendar: Calendar) -> Decision:
    """Half-way from making to due in working time; asked half-way to that, if it is worth asking at all."""
    made_at, due_at, present = standing.span_from, standing.due_at, calendar.present()
    early_until = _part_way(made_at, due_at, present, parts=2)
    if present.working_time(made_at, due_at) <= SHORT_NOTICE:
        return Decision(send_at=None, early_until=early_until)
    quarter = _part_way(made_at, due_at, present, parts=4)
    return Decision(send_at=_moment_of_work(calendar, quarter, before=due_at), early_until=early_until)


def _before_due(standing: Standing, calendar: Calendar, pace: Pace) -> Iterator[Step]:
    decide_at = None if standing.proposal_pending else decision(standing, calendar, pace).send_at
    if decide_at is not None:
        heads_up_at = _heads_up_at(standing, calendar, pace, before=decide_at)
        if heads_up_at is not None:
            yield Step(rung=Rung.HEADS_UP, at=heads_up_at)
        yield Step(rung=Rung.DECIDE, at=decide_at)
    due_today_at = _due_today_at(standing, calendar)
    if due_today_at is None:
        return
    # One word a day about one promise: a decide that falls on this day speaks for both.
    if decide_at is None or calendar.local_date(decide_at) != calendar.local_date(due_today_at):
        yield Step(rung=Rung.DUE_TODAY, at=due_today_at)


def _heads_up_at(standing: Standing, calendar: Calendar, pace: Pace, *, before: datetime) -> datetime | None:
    present = calendar.present()
    span = _Span.of(standing, present)
    if span.working_days <= pace.heads_up_over_days:
        return None
    half_way = present.morning(_half_way(span, present))
    snoozed_until = standing.snoozed_until or half_way
    return _moment_of_work(calendar, max(half_way, snoozed_until), before=before)


def _half_way(span: _Span, present: Calendar) -> date:
    if span.due - span.made > FAR:
        return span.made + (span.due - span.made) / 2
    return present.add_working_days(span.made, span.working_days // 2)


def _due_today_at(standing: Standing, calendar: Calendar) -> datetime | None:
    """The last working morning before the due moment: of the day itself, if it is one of work."""
    made_today = calendar.local_date(standing.span_from) == calendar.local_date(standing.due_at)
    if made_today or _is_on_track(standing):
        return None
    return _last_morning(calendar, after=standing.span_from, before=standing.due_at)


def _is_on_track(standing: Standing) -> bool:
    """Said when asked to decide about this date; where the customer waits, the day itself still counts."""
    if standing.customer_waits or standing.on_track_rung is not Rung.DECIDE:
        return False
    return standing.on_track_at is None or standing.on_track_at >= standing.span_from


def _came_back_late(standing: Standing) -> bool:
    """Reopened when its date was past: it is overdue since it came back, and nothing else."""
    clock_due = standing.due_at + standing.paused_for
    return standing.reopened_at is not None and standing.reopened_at >= clock_due


def _after_due(standing: Standing, calendar: Calendar) -> list[Step]:
    late_from = max(standing.due_at + standing.paused_for, standing.reopened_at or standing.due_at)
    days = [calendar.local_date(calendar.next_morning(late_from))]
    for _ in range(LADDER[-1][1]):
        days.append(calendar.next_working_day(days[-1]))
    ladder = [Step(rung=rung, at=calendar.morning(days[count])) for rung, count in LADDER]
    if standing.owner_told_at is not None:
        lead_at = max(ladder[-1].at, calendar.next_morning(standing.owner_told_at))
        ladder[-1] = Step(rung=Rung.ESCALATE_LEAD, at=lead_at)
    return ladder


def _part_way(start: datetime, end: datetime, calendar: Calendar, *, parts: int) -> datetime:
    """One of so many equal parts of the working time between; of the elapsed time where nobody works."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)  # two walls of one zone subtract as walls
    worked = calendar.working_time(start, end) if end - start < FAR else NO_TIME
    return calendar.add_working_time(start, worked / parts) if worked else start + (end - start) / parts


def _moment_of_work(calendar: Calendar, moment: datetime, *, before: datetime) -> datetime | None:
    try:
        at = calendar.next_working_moment(moment)
    except NoWorkingDay:
        return None
    return at if at < before else None


def _last_morning(calendar: Calendar, *, after: datetime, before: datetime) -> datetime | None:
    try:
        at = calendar.previous_morning(before)
    except NoWorkingDay:
        return None
    return at if at > after else None
