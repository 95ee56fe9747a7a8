"""When digests go out and which days they cover. Slots belong to a zone; moments are UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count

from commitments.worktime import DAY, Calendar, in_zone, instant

WEEK = timedelta(weeks=1)
MIDNIGHT = time(0)
NOON = time(12)


class Rhythm(StrEnum):
    """Storage names; never renamed."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    WHEN_KEPT = "when_kept"  # weekly, sent only if something was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    at: datetime  # when it goes out
    period: str  # the last ISO week it covers, "2026-W47", or the month, "2026-10"; sorts as text
    starts: datetime  # first moment covered
    ends: datetime  # the moment after the last one covered


def period_of(moment: datetime, zone: str) -> tuple[int, int]:
    """ISO year and week."""
    year, week, _ = in_zone(moment, zone).isocalendar()
    return year, week


def next_slot(rhythm: Rhythm, *, after: datetime, zone: str, weekday: int = 0, at: time = time(10)) -> Slot:
    """The first slot strictly after. Each place has one a week, fortnight or month, whatever the clocks do.

    Fortnightly goes out in even ISO weeks; after a week 53 it covers three weeks, so that no day is
    covered twice or never. Monthly goes out on the month's first such weekday.
    """
    days_of, covered_by = _RULES[rhythm]
    days = days_of(in_zone(after, zone).date(), weekday)
    day = next(day for day in days if instant(day, at, zone) > after)
    first, end, period = covered_by(day)
    return Slot(
        at=instant(day, at, zone),
        period=period,
        starts=instant(first, MIDNIGHT, zone),
        ends=instant(end, MIDNIGHT, zone),
    )


def preview_at(slot: Slot, calendar: Calendar) -> datetime:
    """The morning of the working day before, in the lead's calendar; an absent lead does not move it."""
    return calendar.present().or_everyday(
        lambda usable: usable.morning(usable.previous_working_day(usable.local_date(slot.at)))
    )


def noon_after(moment: datetime, calendar: Calendar) -> datetime:
    """The next noon on a working day, strictly after; an absent owner does not keep the customer waiting."""
    return calendar.present().or_everyday(lambda usable: _noon_after(moment, usable))


def _noon_after(moment: datetime, calendar: Calendar) -> datetime:
    day = calendar.local_date(moment)
    noon = calendar.moment(day, NOON)
    if calendar.is_working_day(day) and noon > moment:
        return noon
    return calendar.moment(calendar.next_working_day(day), NOON)


def _weekly_days(start: date, weekday: int) -> Iterator[date]:
    first = start + (weekday - start.weekday()) % 7 * DAY
    return (first + weeks * WEEK for weeks in count())


def _fortnightly_days(start: date, weekday: int) -> Iterator[date]:
    return (day for day in _weekly_days(start, weekday) if _is_even(day))


def _monthly_days(start: date, weekday: int) -> Iterator[date]:
    return (day for day in _weekly_days(start, weekday) if day.day <= 7)


def _is_even(day: date) -> bool:
    return day.isocalendar().week % 2 == 0


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _week_before(day: date) -> tuple[date, date, str]:
    end = _monday(day)
    return end - WEEK, end, _week_name(end - DAY)


def _weeks_since_last_even(day: date) -> tuple[date, date, str]:
    end = _monday(day)
    weeks = 2 if _is_even(end - 2 * WEEK) else 3  # three after a week 53
    return end - weeks * WEEK, end, _week_name(end - DAY)


def _month_before(day: date) -> tuple[date, date, str]:
    end = day.replace(day=1)
    first = (end - DAY).replace(day=1)
    return first, end, f"{first:%Y-%m}"


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_Days = Callable[[date, int], Iterator[date]]
_Covered = Callable[[date], tuple[date, date, str]]  # first day, day after the last, name

_RULES: dict[Rhythm, tuple[_Days, _Covered]] = {
    Rhythm.WEEKLY: (_weekly_days, _week_before),
    Rhythm.WHEN_KEPT: (_weekly_days, _week_before),
    Rhythm.FORTNIGHTLY: (_fortnightly_days, _weeks_since_last_even),
    Rhythm.MONTHLY: (_monthly_days, _month_before),
}
