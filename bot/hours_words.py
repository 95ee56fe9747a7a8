"""Working hours as people write them: clock times, days of the week, a zone, a country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.ports import IsHoliday
from bot.wording import Words
from commitments.errors import Unfit
from commitments.worktime import DAY, UnknownZone, zone_named

CLOCK = re.compile(
    r"^(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?\s*(?P<half>am|pm|uhr|h)?$", re.IGNORECASE
)
COUNTRY = re.compile(r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$")  # ISO 3166-1, or with a region of 3166-2
RANGE = re.compile(r"\s*(?:-|–|\bto\b|\bbis\b)\s*", re.IGNORECASE)
BETWEEN = re.compile(r"(?:[\s,;/&+]|\band\b|\bund\b)+", re.IGNORECASE)
WEEKDAYS = range(7)
SHORTEST_NAME = 2  # "mo" tells the days apart in every language offered
DAYS_LOOKED_AT = 366


def clock_time(text: str, field: str) -> time:
    """`9`, `9:30`, `17.00`, `5 pm`. Raises Unfit."""
    found = CLOCK.match(text.strip())
    if found is None:
        raise Unfit("settings.clock", field)
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise Unfit("settings.clock", field)
        hour = hour % 12 + 12 * (half == "pm")
    if hour > 23:
        raise Unfit("settings.clock", field)
    return time(hour, int(found["minute"] or 0))


def weekdays(text: str, languages: Iterable[str], field: str) -> frozenset[int]:
    """`Mon-Thu, Sat`, in any of the languages; Monday is 0. Raises Unfit."""
    names = _day_names(tuple(languages))
    days: set[int] = set()
    for part in BETWEEN.split(RANGE.sub("-", text.strip())):
        first, dash, last = part.partition("-")
        start, end = _day(first, names, field), _day(last if dash else first, names, field)
        days |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return frozenset(days)


def zone(text: str, field: str) -> str:
    """An IANA name. A city alone is not guessed at: the answer names the zone it could be. Raises Unfit."""
    name = text.strip().replace(" ", "_")
    known = _zones().get(name.casefold())
    if known is not None:
        return known
    near = _near_zone(name.casefold())
    if near:
        raise Unfit("settings.zone_near", field, near=near)
    raise Unfit("settings.zone", field)


def country(text: str, is_holiday: IsHoliday, year: int, field: str) -> str | None:
    """A code whose days off are known; None for none. Raises Unfit."""
    code = text.strip().upper()
    if not code:
        return None
    days = (date(year, 1, 1) + n * DAY for n in range(DAYS_LOOKED_AT))
    if not COUNTRY.match(code) or not any(is_holiday(code, day) for day in days):
        raise Unfit("settings.country", field)
    return code


def day_names(words: Words, days: Iterable[int]) -> str:
    return ", ".join(words(f"settings.day.{day}") for day in sorted(days))


def _day(text: str, names: tuple[tuple[str, int], ...], field: str) -> int:
    key = text.strip().rstrip(".").casefold()
    found = {day for name, day in names if len(key) >= SHORTEST_NAME and name.startswith(key)}
    if len(found) != 1:
        raise Unfit("settings.weekdays", field)
    return found.pop()


@cache
def _day_names(languages: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (Words(language)(f"settings.day.{day}").casefold(), day) for language in languages for day in WEEKDAYS
    )


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _near_zone(name: str) -> str | None:
    by_city = {
        key.rpartition("/")[2]: full for key, full in sorted(_zones().items(), reverse=True) if "/" in key
    }
    found = get_close_matches(name.rpartition("/")[2], by_city, n=1, cutoff=0.8)
    return by_city[found[0]] if found and _loads(by_city[found[0]]) else None


def _loads(name: str) -> bool:
    try:
        zone_named(name)
    except UnknownZone:
        return False
    return True
