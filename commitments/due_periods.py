"""Weeks, months, quarters and years: where they begin and end, and on which day of them something is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commitments.due_business import add_workdays, is_workday, last_workday, workday_after
from commitments.due_parts import Nth, Period
from commitments.due_terms import Setting, UnsureError

THURSDAY = timedelta(days=3)  # from Monday
ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# Convention 12: Tuesday, Wednesday; late is the week's last working day.
_DAY_OF_WEEK = {"early": 1, "mid": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some days, the one something is due on, and the other days it may be due on."""

    first: date  # of the stretch: "before" it means before this day
    last: date  # the day it is due
    grain: str
    others: tuple[date, ...] = ()  # as good as `last`
    other_firsts: tuple[date, ...] = ()
    doubt: str | None = None
    movable: bool = False  # a weekday, tomorrow or week end: on a holiday the day before is offered
    whole: bool = False  # "end of": "before" it means by it

    @classmethod
    def on(
        cls, day: date, *, others: Sequence[date] = (), doubt: str | None = None, movable: bool = False
    ) -> "Stretch":
        return cls(
            first=day,
            last=day,
            grain="day",
            others=tuple(others),
            other_firsts=tuple(others),
            doubt=doubt,
            movable=movable,
        )


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def bounds(said: Period, today: date, setting: Setting) -> Stretch:
    """The calendar stretch, whatever part of it is meant."""
    if said.unit in ("week", "weekend"):
        return _week(said, today, setting)
    return _months(said, today)


def due_in(said: Period, today: date, setting: Setting) -> Stretch:
    stretch = bounds(said, today, setting)
    if said.unit == "week":
        return _in_week(said, stretch, setting)
    if said.unit == "weekend":
        return _weekend(stretch)
    return _in_months(said, stretch, setting)


def _week(said: Period, today: date, setting: Setting) -> Stretch:
    if said.index:
        return _numbered_week(said, today)
    this = week_of(today)
    # On a weekend people already speak of the week about to start as this one and as the next one.
    over = not any(
        (this + timedelta(days=d)).weekday() in setting.workdays for d in range(today.weekday(), 7)
    )
    shift = said.shift or 0
    if not over or said.unit == "weekend" or shift > 1:
        return _weeks([this + shift * WEEK], None)
    starts = [this + WEEK] + ([this + 2 * WEEK] if shift else [])
    return _weeks(starts, "weekend_now")


def _weeks(starts: list[date], doubt: str | None) -> Stretch:
    return Stretch(
        first=starts[0],
        last=starts[0] + WEEK - ONE_DAY,
        grain="week",
        other_firsts=tuple(starts[1:]),
        doubt=doubt,
    )


def _numbered_week(said: Period, today: date) -> Stretch:
    years = [said.year] if said.year else [today.year, today.year + 1]
    starts = [start for year in years if (start := _iso_week(year, said.index or 0))]
    coming = [start for start in starts if said.year or start + WEEK > today]
    if not coming:
        raise UnsureError("no_such_day")
    agreed = said.mod != "counted" or _american_week(coming[0] + THURSDAY, said.index or 0) == coming[0]
    return _weeks(coming[:1], None if agreed else "week_number")


def _american_week(within: date, week: int) -> date:
    """The Monday of a week counted from the one with 1 January in it, weeks beginning on Sunday."""
    new_year = date(within.year, 1, 1)
    sunday = new_year - timedelta(days=(new_year.weekday() + 1) % 7)
    return sunday + ONE_DAY + (week - 1) * WEEK


def _iso_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _in_week(said: Period, week: Stretch, setting: Setting) -> Stretch:
    if said.edge == "start":
        first = workday_after(week.first - ONE_DAY, setting)
        return Stretch.on(first, others=[first + ONE_DAY], doubt="early_late")
    if said.edge in _DAY_OF_WEEK:
        day = week.first + timedelta(days=_DAY_OF_WEEK[said.edge])
        return replace(Stretch.on(day, doubt="early_late"), movable=True)
    due = friday_of(week.first, setting)
    others = tuple(friday_of(start, setting).last for start in week.other_firsts)
    doubt = "early_late" if said.edge == "late" else week.doubt
    return replace(due, others=others, other_firsts=week.other_firsts, doubt=doubt, whole=said.edge == "end")


def friday_of(monday: date, setting: Setting) -> Stretch:
    """The week's last day of work: Friday, unless the owner's week ends on another day."""
    days = [monday + timedelta(days=n) for n in range(6, -1, -1)]
    last = next((day for day in days if day.weekday() in setting.workdays), days[2])
    return Stretch(first=monday, last=last, grain="week", movable=True)


def _weekend(week: Stretch) -> Stretch:
    saturday = week.first + timedelta(days=5)
    return Stretch(
        first=saturday,
        last=saturday + ONE_DAY,
        grain="weekend",
        others=(saturday,),
        other_firsts=(saturday,),
        doubt="weekend",
    )


def _months(said: Period, today: date) -> Stretch:
    size = _MONTHS_IN[said.unit]
    starts = _starts(said, today, size)
    first = starts[0]
    return Stretch(
        first=first,
        last=month_later(first, size) - ONE_DAY,
        grain=said.unit,
        other_firsts=tuple(starts[1:]),
        doubt="next_month" if len(starts) > 1 else None,
    )


def _starts(said: Period, today: date, size: int) -> list[date]:
    if said.unit == "year" and said.year:
        return [date(said.year, 1, 1)]
    if not said.index:
        current = date(today.year, (today.month - 1) // size * size + 1, 1)
        return [month_later(current, (said.shift or 0) * size)]
    month = (said.index - 1) * size + 1
    if said.year:
        return [date(said.year, month, 1)]
    if said.shift is not None:
        return [date(today.year + said.shift, month, 1)]
    return _coming_starts(said, date(today.year, month, 1), today, size)


def _coming_starts(said: Period, this_year: date, today: date, size: int) -> list[date]:
    next_year = this_year.replace(year=today.year + 1)
    over = month_later(this_year, size) <= today
    running = this_year <= today and not over
    if said.mod == 0 or (not over and said.mod != 1):
        return [this_year]
    if over or running:
        return [next_year]
    # Said in November, "next December" may be either.
    return [this_year, next_year]


def month_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if not 1 <= year < 9999:
        raise UnsureError("too_far")
    return date(year, month + 1, 1)


def _in_months(said: Period, span: Stretch, setting: Setting) -> Stretch:
    if said.edge in ("early", "start"):
        raise UnsureError("early")
    if said.edge == "mid":
        return _middle(said, span)
    size = _MONTHS_IN[said.unit]
    ends = [last_workday(start, month_later(start, size) - ONE_DAY, setting) for start in _all_firsts(span)]
    doubt = "early_late" if said.edge == "late" else "half_year" if said.unit == "half" else span.doubt
    return replace(span, last=ends[0], others=tuple(ends[1:]), doubt=doubt, whole=said.edge == "end")


def _all_firsts(span: Stretch) -> tuple[date, ...]:
    return (span.first, *span.other_firsts)


def _middle(said: Period, span: Stretch) -> Stretch:
    if said.unit != "month":
        raise UnsureError("vague")
    return Stretch.on(span.first.replace(day=15), doubt="early_late")


def nth(said: Nth, span: Stretch, setting: Setting) -> Stretch:
    """The second Friday, the last working day, the last day of a stretch."""
    if said.of == "day":
        return _last_day(span, setting)
    if said.of == "bday":
        return Stretch.on(_nth_workday(said.count, span, setting))
    if said.of == "week":
        return _nth_week(said.count, span, setting)
    first_hit = span.first + timedelta(days=(int(said.of) - span.first.weekday()) % 7)
    last_hit = span.last - timedelta(days=(span.last.weekday() - int(said.of)) % 7)
    day = last_hit if said.count == -1 else first_hit + (said.count - 1) * WEEK
    if not span.first <= day <= span.last:
        raise UnsureError("no_such_day")
    return Stretch.on(day)


def _nth_week(count: int, span: Stretch, setting: Setting) -> Stretch:
    """ISO 8601 counts a week where its Thursday lies; people may count otherwise."""
    opening = week_of(span.first + THURSDAY)
    closing = week_of(span.last - THURSDAY)
    monday = closing if count == -1 else opening + (count - 1) * WEEK
    if not opening <= monday <= closing:
        raise UnsureError("no_such_day")
    agreed = span.grain == "year" and count > 0 and _american_week(span.first, count) == monday
    return replace(friday_of(monday, setting), doubt=None if agreed else "week_number")


def _last_day(span: Stretch, setting: Setting) -> Stretch:
    working = last_workday(span.first, span.last, setting)
    if working == span.last:
        return Stretch.on(span.last)
    return Stretch.on(working, others=[span.last], doubt="last_day")


def _nth_workday(count: int, span: Stretch, setting: Setting) -> date:
    if count == -1:
        return last_workday(span.first, span.last, setting)
    day = add_workdays(span.first - ONE_DAY, count, setting)
    if day > span.last or not is_workday(day, setting):
        raise UnsureError("no_such_day")
    return day
