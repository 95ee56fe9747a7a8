"""When people work: days, hours and time in somebody's own zone. Moments are aware; results are UTC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NO_TIME = timedelta()
PATIENCE = 400  # calendar days searched for one working day: a year away still ends in one


class NoWorkingDay(Exception):
    """Nobody works on any of the next (or last) 400 days of this calendar."""


class UnknownZone(ValueError):
    """The name is in no time zone database we have."""


def never(_: date) -> bool:
    return False


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Raises UnknownZone, also for names that are folders of the database or paths out of it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def in_zone(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        # astimezone() would silently take the server's own zone.
        raise ValueError(f"a moment needs a zone: {moment.isoformat()}")
    return moment.astimezone(zone_named(zone))


def instant(day: date, at: time, zone: str) -> datetime:
    """The wall time as UTC: the first valid instant after a gap, the first of two when the hour repeats."""
    wall = datetime.combine(day, at, zone_named(zone))
    return wall.astimezone(UTC) if _offset(wall) >= _offset(wall.replace(fold=1)) else _end_of_gap(wall)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or NO_TIME


def _end_of_gap(wall: datetime) -> datetime:
    # In a gap fold=0 reads the wall time with the offset before it and fold=1 with the one after (PEP 495),
    # so the two readings lie on either side of the clock change; changes are at whole seconds.
    zone, wall = wall.tzinfo, wall.replace(microsecond=0)
    before, after = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    new_offset = _offset(after.astimezone(zone))
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _offset(middle.astimezone(zone)) == new_offset:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One person's working days and hours. Raises UnknownZone, and ValueError for night shifts."""

    zone: str = "UTC"  # IANA name
    day_start: time = time(9)  # wall clock in `zone`
    day_end: time = time(17)
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})  # Monday = 0
    is_holiday: Callable[[date], bool] = field(default=never, compare=False)
    away: tuple[tuple[date, date], ...] = ()  # absences; first and last day are both away
    # Rules ask for the same few weeks over and over; None marks a day off, absences apart.
    _mornings: dict[date, datetime | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if self.day_end <= self.day_start:
            raise ValueError(f"the working day ends before it starts: {self.day_start} to {self.day_end}")

    def present(self) -> Calendar:
        """The same without absences: being away does not make an owner late."""
        if not self.away:
            return self
        present = replace(self, away=())
        object.__setattr__(present, "_mornings", self._mornings)  # absences are not in there
        return present

    def everyday(self) -> Calendar:
        """The same hours on all seven days."""
        return replace(self, workdays=frozenset(range(7)), is_holiday=never, away=())

    def or_everyday(self, rule: Callable[[Calendar], T]) -> T:
        """What the rule says for this calendar or, when nobody works in it at all, for `everyday()`."""
        try:
            return rule(self)
        except NoWorkingDay:
            return rule(self.everyday())

    @property
    def day_length(self) -> timedelta:
        """By the clock on the wall."""
        return datetime.combine(date.min, self.day_end) - datetime.combine(date.min, self.day_start)

    def local_date(self, moment: datetime) -> date:
        return in_zone(moment, self.zone).date()

    def moment(self, day: date, at: time) -> datetime:
        """The wall time as UTC; skipped: the first valid instant, doubled: the first."""
        return instant(day, at, self.zone)

    def morning(self, day: date) -> datetime:
        return self._opening(day) or self.moment(day, self.day_start)

    def close(self, day: date) -> datetime:
        return self.moment(day, self.day_end)

    def is_working_day(self, day: date) -> bool:
        return self._opening(day) is not None

    def is_working_moment(self, moment: datetime) -> bool:
        """From the first moment of the working day up to, not including, its end."""
        day = self.local_date(moment)
        opening = self._opening(day)
        return opening is not None and opening <= moment < self.close(day)

    def next_working_day(self, day: date) -> date:
        """Strictly after. Raises NoWorkingDay."""
        return self._search(day, DAY)

    def previous_working_day(self, day: date) -> date:
        """Strictly before. Raises NoWorkingDay."""
        return self._search(day, -DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The day itself is day 0, whether worked or not; negative counts go back. Raises NoWorkingDay."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day = self._search(day, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`, 0 if `end` is not later. Reads every day."""
        first, last = start.toordinal() + 1, end.toordinal()
        return sum(self.is_working_day(date.fromordinal(n)) for n in range(first, last + 1))

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself inside working hours, else the next opening. Raises NoWorkingDay."""
        return moment.astimezone(UTC) if self.is_working_moment(moment) else self.next_morning(moment)

    def next_morning(self, after: datetime) -> datetime:
        """The first opening of a working day strictly after. Raises NoWorkingDay."""
        day = self.local_date(after)
        opening = self._opening(day)
        if opening is not None and opening > after:
            return opening
        return self.morning(self.next_working_day(day))

    def previous_morning(self, before: datetime) -> datetime:
        """The last opening of a working day strictly before. Raises NoWorkingDay."""
        day = self.local_date(before)
        opening = self._opening(day)
        if opening is not None and opening < before:
            return opening
        return self.morning(self.previous_working_day(day))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Elapsed time inside working hours; none when `end` is not later. Reads every day between."""
        first, last = self.local_date(start).toordinal(), self.local_date(end).toordinal()
        start, end = start.astimezone(UTC), end.astimezone(UTC)  # two walls of one zone subtract as walls
        days = (date.fromordinal(n) for n in range(first, last + 1))
        hours = ((opening, self.close(day)) for day in days if (opening := self._opening(day)))
        return sum((max(NO_TIME, min(close, end) - max(opening, start)) for opening, close in hours), NO_TIME)

    def add_working_time(self, start: datetime, spell: timedelta) -> datetime:
        """The earliest moment by which that much working time has passed. Raises NoWorkingDay."""
        if spell <= NO_TIME:
            return start.astimezone(UTC)
        opening = self.next_working_moment(start)
        while spell > (left := self.close(self.local_date(opening)) - opening):
            opening, spell = self.next_morning(opening), spell - left
        return opening + spell

    def _search(self, day: date, step: timedelta) -> date:
        for _ in range(PATIENCE):
            day += step
            if self.is_working_day(day):
                return day
        raise NoWorkingDay(f"none within {PATIENCE} days of {day - PATIENCE * step}")

    def _opening(self, day: date) -> datetime | None:
        if self.away and any(first <= day <= last for first, last in self.away):
            return None
        try:
            return self._mornings[day]
        except KeyError:
            return self._mornings.setdefault(day, self._work_out_opening(day))

    def _work_out_opening(self, day: date) -> datetime | None:
        if day.weekday() not in self.workdays or self.is_holiday(day):
            return None
        opening = self.moment(day, self.day_start)
        local = in_zone(opening, self.zone)
        # No work on a day the zone skipped (Samoa, 30 December 2011) or whose hours all fell into a gap.
        return opening if local.date() == day and local.time() < self.day_end else None
