"""Moments in words, as a reader's language and country write them: "Fri 27 Nov, 17:00 Berlin"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NEAR = timedelta(days=180)  # beyond it a day without its year could be either of two
# Bare English asks which way round 3/4 is; with the month in letters either order reads well.
_PLAIN_ENGLISH = "en_GB"
_FALLBACK = "en_GB"


class BabelMomentWords:
    """Implements `bot.ports.MomentWords`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def __call__(self, at: datetime, *, zone: str, locale: str, time: bool = True) -> str:
        with_year = abs(at - self._now()) > NEAR
        return _in_words(at.astimezone(UTC), zone, locale, time, with_year)


def zone_named(zone: str) -> ZoneInfo:
    """UTC for a name nobody knows: a wrong hour that says UTC beats no answer."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
        return ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def _in_words(at: datetime, zone: str, locale: str, time: bool, with_year: bool) -> str:
    from babel.dates import format_skeleton

    skeleton = "yMMMEd" if with_year else "MMMEd"
    day = _spaced(format_skeleton(skeleton, at, zone_named(zone), locale=babel_locale(locale)))
    return f"{day}, {wall_time(at, zone, locale)} {city(zone, locale)}" if time else day


@lru_cache(maxsize=1024)
def long_day(at: datetime, zone: str, locale: str) -> str:
    """A day with its weekday and month in full, without the year."""
    from babel.dates import format_datetime

    return _spaced(format_datetime(at, _long_day_pattern(locale), zone_named(zone), babel_locale(locale)))


@lru_cache(maxsize=64)
def _long_day_pattern(locale: str) -> str:
    """Some languages have this order only with the weekday or the month cut short."""
    from babel import Locale
    from babel.dates import match_skeleton

    skeletons = Locale.parse(babel_locale(locale)).datetime_skeletons
    nearest = match_skeleton("MMMMEEEEd", skeletons) or "MMMEd"
    return re.sub("E+", "EEEE", re.sub("MMM+", "MMMM", skeletons[nearest].pattern))


@lru_cache(maxsize=4096)
def wall_time(at: datetime, zone: str, locale: str) -> str:
    from babel.dates import format_time

    return _spaced(format_time(at, "short", zone_named(zone), locale=babel_locale(locale)))


@lru_cache(maxsize=256)
def city(zone: str, locale: str) -> str:
    """How people name a zone: by its city."""
    from babel.dates import get_timezone_location

    try:
        return get_timezone_location(zone_named(zone), locale=babel_locale(locale), return_city=True)
    except KeyError:  # a few of Babel's languages have no name for an unknown place
        return zone.rsplit("/", 1)[-1].replace("_", " ")


@lru_cache(maxsize=64)
def babel_locale(locale: str) -> str:
    """The nearest one there is a calendar for."""
    from babel import Locale, UnknownLocaleError

    parts = locale.replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        try:
            known = str(Locale.parse("_".join(parts[:count])))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        return _PLAIN_ENGLISH if known == "en" else known
    return _FALLBACK


def _spaced(words: str) -> str:
    """Narrow and non-breaking spaces are dropped by some platforms."""
    return words.replace("\u202f", " ").replace("\u00a0", " ")
