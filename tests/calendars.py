"""Days with their weekday in the name, every clock change to come, and calendars of all sorts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from commitments.worktime import Calendar

ALL_ZONES = sorted(available_timezones())
FIRST_CHANGE, LAST_CHANGE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)


def on(words: str, year: int = 2026) -> date:
    """A day such as "Mon 2 Nov"; the weekday has to be right."""
    day = datetime.strptime(f"{words} {year}", "%a %d %b %Y").replace(tzinfo=UTC).date()
    assert f"{day:%a}" == words[:3], f"{words} {year} is a {day:%A}"
    return day


def moment(words: str, year: int = 2026, zone: str = "UTC") -> datetime:
    """A moment such as "Mon 2 Nov 09:00", as UTC."""
    day, clock = words.rsplit(maxsplit=1)
    wall = datetime.combine(on(day, year), time.fromisoformat(clock), ZoneInfo(zone))
    return wall.astimezone(UTC)


def words(at: datetime | None, zone: str = "UTC") -> str | None:
    return (
        None if at is None else f"{(local := at.astimezone(ZoneInfo(zone))):%a} {local.day} {local:%b %H:%M}"
    )


@cache
def clock_changes() -> tuple[tuple[str, datetime], ...]:
    """Every change of every zone from 2024 to 2036, as (zone, first instant after it)."""
    return tuple((zone, change) for zone in ALL_ZONES for change in _changes_of(ZoneInfo(zone)))


def _changes_of(zone: ZoneInfo) -> Iterator[datetime]:
    # Weekly looks find them all: the closest pair, Morocco's around Ramadan, is a month apart.
    week, before = timedelta(weeks=1), FIRST_CHANGE
    while before < LAST_CHANGE:
        after = before + week
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _change_between(before, after, zone)
        before = after


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after.replace(second=0, microsecond=0)


WEEKS = (
    frozenset({0, 1, 2, 3, 4}),
    frozenset({6, 0, 1, 2, 3}),  # Friday and Saturday off
    frozenset({5, 6, 0, 1, 2}),
    frozenset({0, 1, 2, 3, 4, 5}),
    frozenset({1, 3}),
    frozenset({2}),
)
ODD_ZONES = (
    "Asia/Kathmandu",  # 45 minutes
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # changes by half an hour
    "America/St_Johns",
    "America/Nuuk",  # its gap ends at midnight
    "Africa/Casablanca",  # changes around Ramadan
    "Africa/Cairo",  # changes at midnight
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "America/New_York",
    "Europe/Berlin",
)
days = st.dates(date(2024, 1, 1), date(2036, 12, 31))
zones = st.sampled_from(ODD_ZONES) | st.sampled_from(ALL_ZONES)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    minutes = draw(st.integers(0, 24 * 60 - 1))
    return datetime.combine(draw(days), time(0), UTC) + timedelta(minutes=minutes)


@st.composite
def calendars(draw: st.DrawFn, near: date) -> Calendar:
    """Somebody's working life, with holidays and absences in the months around a day."""
    start = draw(st.integers(0, 22 * 4))
    end = draw(st.integers(start + 4, 24 * 4 - 1))
    around = st.dates(near - timedelta(days=30), near + timedelta(days=90))
    holidays = draw(st.frozensets(around, max_size=12))
    away = tuple(
        (first, first + timedelta(days=draw(st.integers(0, 30))))
        for first in draw(st.lists(around, max_size=3))
    )
    return Calendar(
        zone=draw(zones),
        day_start=time(start // 4, start % 4 * 15),
        day_end=time(end // 4, end % 4 * 15),
        workdays=draw(st.sampled_from(WEEKS)),
        is_holiday=holidays.__contains__,
        away=away,
    )
