"""Working days: which days count, and how to walk along them."""

from collections.abc import Iterator
from datetime import date, timedelta

from commitments.due_terms import Setting, UnsureError

ONE_DAY = timedelta(days=1)
# Longer than any closure we can imagine; without an end an absence with no return would loop for ever.
LONGEST_CLOSURE = 400


def is_workday(day: date, setting: Setting) -> bool:
    return day.weekday() in setting.workdays and not setting.is_day_off(day)


def is_holiday(day: date, setting: Setting) -> bool:
    return day.weekday() in setting.workdays and setting.is_day_off(day)


def note_on(day: date, setting: Setting) -> str | None:
    if is_workday(day, setting):
        return None
    return "holiday" if setting.is_day_off(day) else "day_off"


def workday_before(day: date, setting: Setting) -> date:
    """The last working day strictly before."""
    return next(_workdays(day - ONE_DAY, -ONE_DAY, setting))


def workday_after(day: date, setting: Setting) -> date:
    """The first working day strictly after."""
    return next(_workdays(day + ONE_DAY, ONE_DAY, setting))


def add_workdays(day: date, count: int, setting: Setting) -> date:
    """`day` is day 0; typed on a day off, the first working day is day 1."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    walk = _workdays(day + step, step, setting)
    for _ in range(abs(count)):
        day = next(walk)
    return day


def last_workday(first: date, last: date, setting: Setting) -> date:
    """The last working day of a period; its calendar end when it has none."""
    day = last
    while day >= first:
        if is_workday(day, setting):
            return day
        day -= ONE_DAY
    return last


def _workdays(day: date, step: timedelta, setting: Setting) -> Iterator[date]:
    closed_for = 0
    while closed_for < LONGEST_CLOSURE:
        closed_for += 1
        if is_workday(day, setting):
            closed_for = 0
            yield day
        day += step
    raise UnsureError("no_working_day")
