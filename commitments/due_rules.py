"""The rules that turn runs of tokens into days, and the words around them."""

import re
from dataclasses import replace

from commitments.due_parts import (
    Approx,
    Bound,
    Close,
    Date,
    DayOfMonth,
    DayPart,
    DayWord,
    Feast,
    Nth,
    Parts,
    Period,
    Rule,
    Skip,
    Taken,
    Weekday,
    first,
    in_the_past,
    number,
    real_date,
    value,
    year_of,
)
from commitments.due_terms import UnsureError
from commitments.due_words import Kind

_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_SHORT_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](20\d\d)|(20\d\d)[-/](0?[1-9]|1[0-2])")
_DAY_YEAR = re.compile(r"(\d{1,2})[-/](20\d\d)|(20\d\d)[-/](\d{1,2})")


def day_month(taken: Taken) -> Parts | None:
    if in_the_past(taken) or value(taken, Kind.UNIT) not in (None, "day"):
        return None
    day = number(taken) or number(taken, Kind.ORD)
    month = number(taken, Kind.MONTH)
    year = year_of(taken)
    return _ahead(taken, _full_date(year, month, day))


def _ahead(taken: Taken, parts: Parts | None) -> Parts | None:
    if not parts or value(taken, Kind.MOD) != 1:
        return parts
    return tuple(replace(part, ahead=True) if isinstance(part, Date) else part for part in parts)


def day_year_month(taken: Taken) -> Parts | None:
    """Sep-23-2020, 2020/23/Sep: a month in letters and a year of four digits leave only the day."""
    token = first(taken, Kind.CHAIN)
    found = _DAY_YEAR.fullmatch(token.text) if token else None
    if not found:
        return None
    return _full_date(int(found[2] or found[3]), number(taken, Kind.MONTH), int(found[1] or found[4]))


def compact_date(taken: Taken) -> Parts | None:
    text = taken[0].text
    if len(text) != 8 or not text.startswith("20"):
        return None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return (Date(year=year, month=month, day=day),) if real_date(year, month, day) else None


def chain_date(taken: Taken) -> Parts | None:
    if in_the_past(taken):
        return None
    text = taken[-1].text
    if full := _ISO_DATE.fullmatch(text):
        return _full_date(*(int(part) for part in full.groups()))
    if short := _SHORT_DATE.fullmatch(text):
        return _ahead(taken, _short_date(*short.groups()))
    if month := _MONTH_YEAR.fullmatch(text):
        return _month_of_year(month)
    return None


def _full_date(year: int | None, month: int, day: int) -> Parts | None:
    if not real_date(year, month, day):
        raise UnsureError("no_such_day")
    return (Date(year=year, month=month, day=day),)


def _month_of_year(found: re.Match[str]) -> Parts | None:
    month, year = (found[1], found[2]) if found[1] else (found[4], found[3])
    if not 1 <= int(month) <= 12:
        return None
    return (Period(unit="month", index=int(month), year=int(year)),)


def _short_date(one: str, mark: str, two: str, year: str | None) -> Parts | None:
    if (one, mark, two, year) == ("24", "/", "7", None):
        return None  # round the clock, not the 24th of July
    full = int(year) + (2000 if len(year) == 2 else 0) if year else None
    if mark == ".":
        written = "" if year else "dotted"
        return _dotted(int(one), int(two), full, written)
    return (Date(year=full, month=int(one), day=int(two), order="slash" if mark == "/" else "dash"),)


def _dotted(day: int, month: int, year: int | None, written: str) -> Parts | None:
    if not real_date(year, month, day):
        return None
    return (Date(year=year, month=month, day=day, written=written),)


def dotted_end(taken: Taken) -> Parts | None:
    """The "22.04." of many languages: the closing dot says that it is a date."""
    parts = chain_date(taken[:-1])
    if not parts or not isinstance(parts[0], Date) or parts[0].written != "dotted":
        return None
    return (Date(month=parts[0].month, day=parts[0].day),)


def two_ordinals(taken: Taken) -> Parts | None:
    """German 27. 11. and "siebter vierter": the second ordinal is the month."""
    day, month = [int(token.value) for token in taken if token.kind is Kind.ORD]
    return _dotted(day, month, None, "ordinals")


def day_of_month(taken: Taken) -> Parts | None:
    day = number(taken) or number(taken, Kind.ORD)
    unit = value(taken, Kind.UNIT)
    if not 1 <= day <= 31 or unit not in (None, "day"):
        return None
    return (DayOfMonth(day, True),)


def day_after_bound(taken: Taken) -> Parts | None:
    """Avant le 20, antes del 20: the article shows that no hour is meant."""
    words, day = taken[0].text, number(taken)
    if not words.endswith((" le", " el", " del")) or value(taken, Kind.UNIT) not in (None, "day"):
        return None
    if not 1 <= day <= 31:
        return None
    return (Bound("by" if taken[0].kind is Kind.BY else "before"), DayOfMonth(day, True))


def day_of_numbered_month(taken: Taken) -> Parts | None:
    """Spanish 17 del 11; other languages say "3 of 5" and mean a share."""
    day, month = int(taken[0].value), int(taken[2].value)
    return _dotted(day, month, None, "") if taken[1].text == "del" else None


def french_september(taken: Taken) -> Parts | None:
    """15 sept: the month's short form is also the number seven."""
    day, year = int(taken[0].value), year_of(taken)
    if taken[1].text != "sept" or not real_date(year, 9, day):
        return None
    return (Date(year=year, month=9, day=day),)


def weekday_number(taken: Taken) -> Parts | None:
    day = number(taken)
    if not 1 <= day <= 31:
        return None
    return (Weekday(day=number(taken, Kind.WDAY)), DayOfMonth(day, False))


def weekday(taken: Taken) -> Parts | None:
    mods = {token.value for token in taken if token.kind is Kind.MOD}
    if -1 in mods or len(mods) > 1:
        return None
    mod = mods.pop() if mods else None
    if mod == 2:  # übernächsten Freitag
        return weekday_after_next(taken)
    return (Weekday(day=number(taken, Kind.WDAY), mod=mod),)


def weekday_week(taken: Taken) -> Parts | None:
    if value(taken, Kind.UNIT) != "week":
        return None
    return (Weekday(day=number(taken, Kind.WDAY), weeks_on=1),)


def weekday_after_next(taken: Taken) -> Parts | None:
    return (Weekday(day=number(taken, Kind.WDAY), after_next=True),)


def weekdays_on(taken: Taken) -> Parts | None:
    """Two Sundays from now."""
    count = int(taken[0].value)
    if not 1 <= count <= 53:
        return None
    return (Weekday(day=int(taken[-2].value), weeks_on=count - 1),)


def day_word(taken: Taken) -> Parts:
    return (DayWord(number(taken, Kind.DWORD)),)


def day_and_part(taken: Taken) -> Parts | None:
    day, part = str(value(taken, Kind.DAYANDPART)).split()
    if in_the_past(taken):
        return None
    return (Weekday(day=int(day), mod=value(taken, Kind.MOD)), DayPart(part))


def german_morning(taken: Taken) -> Parts | None:
    """Freitag Morgen, morgen Morgen: after a day the word for tomorrow means its morning."""
    if taken[1].text != "morgen":
        return None
    day = weekday(taken[:1]) if taken[0].kind is Kind.WDAY else day_word(taken[:1])
    return (*day, DayPart("morning")) if day else None


def nth_weekday(taken: Taken) -> Parts | None:
    count = -1 if value(taken, Kind.MOD) == -1 else number(taken, Kind.ORD)
    if count == 0:
        return None
    year = year_of(taken)
    within = (Period(unit="year", year=year),) if year else ()
    if first(taken, Kind.WDAY):
        return (Nth(count, number(taken, Kind.WDAY)), *within) if count <= 5 else None
    unit = str(value(taken, Kind.UNIT))
    most = {"bday": 23, "week": 53, "day": -1}.get(unit, -2)
    return (Nth(count, unit), *within) if count <= most else None


def end_of_day(taken: Taken) -> Parts | None:
    """End of Friday, end of tomorrow; the day itself follows."""
    return (Close(),) if value(taken, Kind.EDGE) == "end" else None


def feast(taken: Taken) -> Parts:
    return (Feast(str(value(taken, Kind.FEAST))),)


def skip(_: Taken) -> Parts:
    return (Skip(),)


_AND_YEAR = "((OF|SEP|COMMA|IN)* YEAR)?"

DAY_RULES: tuple[Rule, ...] = (
    Rule(f"ART? MOD? (NUM|ORD) DOT? UNIT? (OF|SEP)* ART? MONTH DOT? {_AND_YEAR}", day_month),
    Rule(f"MONTH DOT? (SEP|COMMA|OF)? ART? (NUM|ORD) (?!AMPM|HOUR) {_AND_YEAR}", day_month),
    Rule("YEAR (SEP|COMMA)? MONTH (SEP|COMMA)? (NUM|ORD)", day_month),
    Rule("MONTH SEP CHAIN", day_year_month),
    Rule("CHAIN SEP MONTH", day_year_month),
    Rule("NUM", compact_date),
    Rule("MOD? CHAIN", chain_date),
    Rule("ART? CHAIN DOT", dotted_end),
    Rule("ART? ORD (SEP|DOT)? ORD DOT?", two_ordinals),
    Rule("ART? ORD UNIT?", day_of_month),
    Rule("ART NUM (?!AMPM|HOUR|UNIT|PAST|TO|MOD)", day_of_month),
    Rule("(BY|BEFORE) UNIT? NUM (?!AMPM|HOUR|UNIT|PAST|TO|MOD|OF|SEP|DOT|MONTH)", day_after_bound),
    Rule("ART UNIT (NUM|ORD)", day_of_month),
    Rule("NUM OF NUM", day_of_numbered_month),
    Rule("(NUM|ORD) NUM YEAR?", french_september),
    Rule(
        "ART? WDAY DOT? COMMA? NUM (?!AMPM|HOUR|UNIT|PAST|TO|HALF|NUM|IN|AT DPART|SEP|DOT|OF* MONTH)",
        weekday_number,
    ),
    Rule("ART? (ORD|MOD) (WDAY|UNIT) ((OF|IN)* YEAR)?", nth_weekday),
    Rule("ART? MOD? WDAY MOD? (?!UNIT)", weekday),
    Rule("ART? MOD? WDAY DOT?", weekday),
    Rule("ART? WDAY UNIT", weekday_week),
    Rule("ART? WDAY NEXTBUTONE", weekday_after_next),
    Rule("(NUM|COUPLE) OF? (WDAY|WDAYS) (LATER|NOW)", weekdays_on),
    Rule("DWORD", day_word),
    Rule("MOD? DAYANDPART", day_and_part),
    Rule("(WDAY|DWORD) DWORD", german_morning),
    Rule("EDGE OF? (?=(ART|MOD)* (WDAY|DWORD))", end_of_day),
    Rule("ART? FEAST", feast),
    Rule("BY", lambda _: (Bound("by"),)),
    Rule("BEFORE", lambda _: (Bound("before"),)),
    Rule("APPROX", lambda _: (Approx(),)),
    Rule("ART|ON|OF|AT|FILL|COMMA|DOT", skip),
    Rule("(?<=(YEAR|MONTH|ORD|CHAIN|WDAY|DWORD)) SEP (?=HM|NUM (AMPM|HOUR))", skip),
    Rule("IN (?=(ART|MOD|EDGE|OF)* (DPART|MONTH|QTR|YEAR|UNIT|ORD|NOON))", skip),
)
