"""Zones: the owner's, the ones people name, and what a change of clocks does to a wall time."""

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from commitments.due_terms import UnsureError

UTC = timezone.utc  # noqa: UP017 - one name for it in this package
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)

# Names of places, not of offsets: whoever says EST in July means New York.
_PLACES = {
    **dict.fromkeys(("et", "est", "edt", "eastern"), "America/New_York"),
    **dict.fromkeys(("ct", "cdt", "central"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt", "mountain"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt", "pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("akst", "akdt"), "America/Anchorage"),
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("eet", "eest"), "Europe/Athens"),
    **dict.fromkeys(("wet",), "Europe/Lisbon"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("acst", "acdt"), "Australia/Adelaide"),
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
    **dict.fromkeys(("utc", "gmt", "z", "zulu"), "UTC"),
    "hst": "Pacific/Honolulu",
    "awst": "Australia/Perth",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore",
}
# Abbreviations that several regions use: only the owner's own region may decide.
_SHARED = frozenset({"ist", "cst", "bst", "ast", "sst", "gst", "amt", "pkt", "wib", "wat", "sast"})
# When the abbreviation itself names a season, the fixed offset it stands for, in hours.
_SEASONAL = {
    "est": -5,
    "edt": -4,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "akdt": -8,
    "cest": 2,
    "mesz": 2,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    "eest": 3,
}
_CITIES = {
    "london": "Europe/London",
    "uk": "Europe/London",
    "berlin": "Europe/Berlin",
    "paris": "Europe/Paris",
    "madrid": "Europe/Madrid",
    "rome": "Europe/Rome",
    "amsterdam": "Europe/Amsterdam",
    "zurich": "Europe/Zurich",
    "vienna": "Europe/Vienna",
    "dublin": "Europe/Dublin",
    "lisbon": "Europe/Lisbon",
    "stockholm": "Europe/Stockholm",
    "tokyo": "Asia/Tokyo",
    "singapore": "Asia/Singapore",
    "sydney": "Australia/Sydney",
    "chicago": "America/Chicago",
    "denver": "America/Denver",
    "toronto": "America/Toronto",
    "new york": "America/New_York",
    "nyc": "America/New_York",
    "los angeles": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "dubai": "Asia/Dubai",
    "hong kong": "Asia/Hong_Kong",
}
ZONE_WORDS = frozenset(_PLACES) | _SHARED | frozenset(_CITIES)


@cache
def zone_named(name: str) -> tzinfo:
    """An IANA name or an offset; raises UnsureError for anything else."""
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    if name.upper() == "Z":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UnsureError("unknown_zone") from None


def _fixed(offset: re.Match[str]) -> tzinfo:
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if size >= timedelta(hours=24):
        raise UnsureError("unknown_zone")
    return timezone(-size if offset[1] == "-" else size)


def zone_said(word: str, owner: tzinfo, day: date) -> tuple[tzinfo, tzinfo | None]:
    """The zone a word means for this owner, and the fixed offset when the word is out of season."""
    if word in _CITIES or word == "z" or not word.isalpha():
        return zone_named(_CITIES.get(word) or _cased(word)), None
    if word in _own_names(owner, day.year):
        zone = owner
    elif word in _PLACES:
        zone = zone_named(_PLACES[word])
    else:
        raise UnsureError("which_zone")
    return zone, _out_of_season(word, zone, day)


def _cased(word: str) -> str:
    """europe/berlin as the database spells it."""
    return word if _OFFSET.fullmatch(word) else "/".join(_capital(part) for part in word.split("/"))


def _capital(part: str) -> str:
    return "_".join(piece.capitalize() for piece in part.split("_"))


def _own_names(owner: tzinfo, year: int) -> set[str]:
    moments = (datetime(year, month, 1, tzinfo=owner) for month in (1, 7))
    return {(moment.tzname() or "").lower() for moment in moments}


def _out_of_season(word: str, zone: tzinfo, day: date) -> tzinfo | None:
    if word not in _SEASONAL:
        return None
    fixed = timezone(timedelta(hours=_SEASONAL[word]))
    noon = datetime.combine(day, time(12))
    agrees = noon.replace(tzinfo=zone).utcoffset() == fixed.utcoffset(None)
    return None if agrees else fixed


def to_utc(wall: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """The moment, and whether it is the first of two the clock shows; raises UnsureError if there is none."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise UnsureError("skipped_time")
    later = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return moment, later != moment
