"""The rules that turn runs of tokens into parts of days; clock times are in `due_clock_rules`."""

import re

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
    Offset,
    Parts,
    Period,
    Rule,
    Skip,
    Taken,
    Weekday,
    WeekOf,
    first,
    number,
    real_date,
    rule,
    value,
    year_of,
)
from commitments.due_words import Kind, Token

_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_SHORT_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](20\d\d)|(20\d\d)[-/](0?[1-9]|1[0-2])")
_DAY_YEAR = re.compile(r"(\d{1,2})[-/](20\d\d)|(20\d\d)[-/](\d{1,2})")
_SPANS = ("week", "month", "quarter", "year", "weekend")
# Enough for any promise; more digits are a serial number.
_MOST = 999


def day_month(taken: Taken) -> Parts | None:
    if _in_the_past(taken) or value(taken, Kind.UNIT) not in (None, "day"):
        return None
    day = number(taken) or number(taken, Kind.ORD)
    month = number(taken, Kind.MONTH)
    year = year_of(taken)
    return (Date(year=year, month=month, day=day),) if real_date(year, month, day) else None


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
    return _full_date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _in_the_past(taken: Taken) -> bool:
    return value(taken, Kind.MOD) == -1


def chain_date(taken: Taken) -> Parts | None:
    if _in_the_past(taken):
        return None
    text = taken[-1].text
    if full := _ISO_DATE.fullmatch(text):
        return _full_date(*(int(part) for part in full.groups()))
    if short := _SHORT_DATE.fullmatch(text):
        return _short_date(*short.groups())
    if month := _MONTH_YEAR.fullmatch(text):
        return _month_of_year(month)
    return None


def _full_date(year: int, month: int, day: int) -> Parts | None:
    return (Date(year=year, month=month, day=day),) if real_date(year, month, day) else None


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


def month_year_pair(taken: Taken) -> Parts | None:
    month, year = number(taken), year_of(taken)
    return (Period(unit="month", index=month, year=year),) if 1 <= month <= 12 else None


def day_of_month(taken: Taken) -> Parts | None:
    day = number(taken) or number(taken, Kind.ORD)
    unit = value(taken, Kind.UNIT)
    if not 1 <= day <= 31 or unit not in (None, "day"):
        return None
    return (DayOfMonth(day, True),)


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
    if len(mods) > 1 or -1 in mods:
        return None
    mod = mods.pop() if mods else None
    return (Weekday(day=number(taken, Kind.WDAY), mod=mod),)


def weekday_week(taken: Taken) -> Parts | None:
    if value(taken, Kind.UNIT) != "week":
        return None
    return (Weekday(day=number(taken, Kind.WDAY), weeks_on=1),)


def weekday_after_next(taken: Taken) -> Parts | None:
    return (Weekday(day=number(taken, Kind.WDAY), after_next=True),)


def weekdays_on(taken: Taken) -> Parts | None:
    """Two Sundays from now."""
    count = number(taken)
    if not 1 <= count <= 53:
        return None
    return (Weekday(day=number(taken, Kind.WDAY), weeks_on=count - 1),)


def day_word(taken: Taken) -> Parts:
    return (DayWord(number(taken, Kind.DWORD)),)


def day_and_part(taken: Taken) -> Parts | None:
    day, part = str(value(taken, Kind.DAYANDPART)).split()
    if _in_the_past(taken):
        return None
    return (Weekday(day=int(day), mod=value(taken, Kind.MOD)), DayPart(part))


def german_morning(taken: Taken) -> Parts | None:
    """Freitag Morgen, morgen Morgen: after a day the word for tomorrow means its morning."""
    if taken[1].text != "morgen":
        return None
    day = weekday(taken[:1]) if taken[0].kind is Kind.WDAY else day_word(taken[:1])
    return (*day, DayPart("morning")) if day else None


def days_after_tomorrow(taken: Taken) -> Parts | None:
    """2 day after tomorrow: the count shows that "day after tomorrow" is not one phrase here."""
    days, word = taken[0], taken[1]
    if not word.text.startswith("day after") or not 1 <= int(days.value) <= _MOST:
        return None
    return (Offset(days=int(days.value), anchor="after"), DayWord(int(word.value) - 1))


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


def month_of_year(taken: Taken) -> Parts | None:
    """June next year."""
    shift = _shift(taken)
    if value(taken, Kind.UNIT) != "year" or shift is None:
        return None
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit="month", index=number(taken, Kind.MONTH), shift=shift, edge=edge),)


def year_alone(taken: Taken) -> Parts:
    """Before 2027, end of 2027; a year without such a word is more often no date at all."""
    return (Period(unit="year", year=year_of(taken), edge=str(value(taken, Kind.EDGE) or "")),)


def named_month(taken: Taken) -> Parts | None:
    mod = value(taken, Kind.MOD)
    if _in_the_past(taken):
        return None
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit="month", index=number(taken, Kind.MONTH), year=year_of(taken), edge=edge, mod=mod),)


def unit_period(taken: Taken) -> Parts | None:
    unit, edge = str(value(taken, Kind.UNIT)), str(value(taken, Kind.EDGE) or "")
    shift = _shift(taken)
    if unit == "day":
        return _day_shift(edge, shift)
    if unit == "bday":
        return (Offset(workdays=1),) if shift == 1 and not edge else None
    if unit not in _SPANS or shift is None:
        return None
    return (Period(unit=unit, shift=shift, edge=edge),)


def _shift(taken: Taken) -> int | None:
    if first(taken, Kind.NEXTBUTONE):
        return 2
    mod = value(taken, Kind.MOD)
    if mod is None:
        # "end of the week" needs no "this"; a bare "week" is no period.
        return 0 if first(taken, Kind.EDGE) else None
    return {0: 0, 1: 1, "coming": 1, 2: 2}.get(mod)


def _day_shift(edge: str, shift: int | None) -> Parts | None:
    if edge not in ("", "end") or shift not in (0, 1):
        return None
    return (DayWord(shift), *((Close(),) if edge else ()))


def the_period(taken: Taken) -> Parts | None:
    """The month of "the 15th of the month"."""
    unit = str(value(taken, Kind.UNIT))
    return (
        (Period(unit=unit, shift=0, mod="the"),)
        if unit in ("week", "month", "quarter", "year", "weekend")
        else None
    )


def close(taken: Taken) -> Parts:
    unit = str(value(taken, Kind.CLOSE))
    shift = {0: 0, 1: 1, "coming": 1}.get(value(taken, Kind.MOD) or 0, 0)
    if unit == "day":
        return (Close(),)
    return (Period(unit=unit, shift=shift, edge="end"),)


def close_of_month(taken: Taken) -> Parts | None:
    """EOM December, month-end May."""
    if value(taken, Kind.CLOSE) != "month":
        return None
    return (Period(unit="month", index=number(taken, Kind.MONTH), year=year_of(taken), edge="end"),)


def end_of_day(taken: Taken) -> Parts | None:
    """End of Friday, end of tomorrow; the day itself follows."""
    return (Close(),) if value(taken, Kind.EDGE) == "end" else None


def quarter(taken: Taken) -> Parts:
    name = str(value(taken, Kind.QTR))
    unit = "half" if name[0] == "h" else "quarter"
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit=unit, index=int(name[1]), year=year_of(taken), edge=edge),)


def ordinal_period(taken: Taken) -> Parts | None:
    """The third quarter of 2027, the ninth month of next year, the second week of December."""
    count, unit = number(taken, Kind.ORD), str(value(taken, Kind.UNIT))
    most = {"quarter": 4, "month": 12}.get(unit, 0)
    if not 1 <= count <= most:
        return None
    shift = _shift(taken) if first(taken, Kind.MOD) else None
    if shift is None and not year_of(taken) and unit == "month":
        return None
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit=unit, index=count, year=year_of(taken), shift=shift, edge=edge),)


def week_number(taken: Taken) -> Parts | None:
    week = number(taken)
    if not 1 <= week <= 53 or value(taken, Kind.UNIT) not in (None, "week"):
        return None
    mod = None if first(taken, Kind.WEEKNO) else "counted"
    return (Period(unit="week", index=week, year=year_of(taken), mod=mod),)


def week_of(taken: Taken) -> Parts | None:
    return (WeekOf(),) if value(taken, Kind.UNIT) == "week" else None


def offset(taken: Taken) -> Parts | None:
    return _offset(taken, "now", "")


def bare_offset(taken: Taken) -> Parts | None:
    return _offset(taken, "now", "duration")


def offset_after(taken: Taken) -> Parts | None:
    return _offset(taken, "after", "")


def offset_after_next(taken: Taken) -> Parts | None:
    """Two days after next Friday: here "after next" is not one phrase."""
    moved = _offset(taken[:-2], "after", "")
    return (*moved, Weekday(day=number(taken, Kind.WDAY), mod=1)) if moved else None


def offset_before(taken: Taken) -> Parts | None:
    return _offset(taken, "before", "")


def next_few(taken: Taken) -> Parts | None:
    """The next 3 days: only "next" makes it an offset."""
    return _offset(taken, "now", "") if value(taken, Kind.MOD) == 1 else None


_SIZES = {
    "second": ("seconds", 1),
    "minute": ("seconds", 60),
    "hour": ("seconds", 3600),
    "day": ("days", 1),
    "bday": ("workdays", 1),
    "werktag": ("workdays", 1),
    "week": ("days", 7),
    "fortnight": ("days", 14),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "year": ("months", 12),
}


def _offset(taken: Taken, anchor: str, doubt: str) -> Parts | None:
    sums = {"months": 0, "days": 0, "workdays": 0, "seconds": 0}
    count: float = 1
    for token in taken:
        if token.kind in (Kind.NUM, Kind.COUPLE):
            count = float(token.value)
        elif token.kind is Kind.HALF:
            count = 0.5
        elif token.kind is Kind.CHAIN:
            count = _decimal(token.text)
        elif token.kind in (Kind.UNIT, Kind.HOUR):
            if not _add(sums, _unit_of(token), count):
                return None
            count = 1
    return (Offset(**sums, anchor=anchor, doubt=_offset_doubt(taken) or doubt),)


def _unit_of(token: Token) -> str:
    if token.kind is Kind.UNIT:
        return str(token.value)
    return "hour" if token.value == 1 else ""


def _offset_doubt(taken: Taken) -> str:
    if first(taken, Kind.COUPLE):
        return "couple"
    # German law counts Saturday as a Werktag; the people who say it mostly do not.
    return "werktag" if any(token.value == "werktag" for token in taken) else ""


def _decimal(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,2}\.\d", text) else 0


def _add(sums: dict[str, int], unit: str, count: float) -> bool:
    name, size = _SIZES.get(unit, ("", 0))
    amount = count * size
    if not 0 < count <= _MOST or not size or amount != int(amount):
        return False
    sums[name] += int(amount)
    return True


def feast(taken: Taken) -> Parts:
    return (Feast(str(value(taken, Kind.FEAST))),)


def skip(_: Taken) -> Parts:
    return (Skip(),)


_ONE = "(NUM|A|COUPLE|CHAIN|HALF A?)"
_AMOUNT = f"{_ONE} OF? UNIT ((COMMA|AND|PLUS)* {_ONE} OF? UNIT)*"
# After "in" the hours of "dans 5 heures" are counted, not read off a clock.
_COUNTED = f"{_ONE} OF? (UNIT|HOUR) ((COMMA|AND|PLUS)* {_ONE} OF? (UNIT|HOUR))*"
_A_DAY = "(ART|MOD|OF|ON)* (WDAY|DWORD|MONTH|NUM|ORD|CHAIN|FEAST)"
_AND_YEAR = "((OF|SEP|COMMA|IN)* YEAR)?"

DAY_RULES: tuple[Rule, ...] = (
    rule(f"ART? MOD? (NUM|ORD) DOT? UNIT? (OF|SEP)* ART? MONTH DOT? {_AND_YEAR}", day_month),
    rule(f"MONTH DOT? (SEP|COMMA|OF)? ART? (NUM|ORD) (?!AMPM|HOUR) {_AND_YEAR}", day_month),
    rule("YEAR (SEP|COMMA)? MONTH (SEP|COMMA)? (NUM|ORD)", day_month),
    rule("YEAR (SEP|COMMA)? MONTH", named_month),
    rule("MONTH SEP CHAIN", day_year_month),
    rule("CHAIN SEP MONTH", day_year_month),
    rule("NUM", compact_date),
    rule("MOD? CHAIN", chain_date),
    rule("ART? CHAIN DOT", dotted_end),
    rule("NUM SEP YEAR", month_year_pair),
    rule("YEAR SEP NUM", month_year_pair),
    rule("ART? ORD (SEP|DOT)? ORD DOT?", two_ordinals),
    rule("ART? ORD UNIT?", day_of_month),
    rule("ART NUM (?!AMPM|HOUR|UNIT|PAST|TO|MOD)", day_of_month),
    rule("ART UNIT (NUM|ORD)", day_of_month),
    rule("NUM OF NUM", day_of_numbered_month),
    rule("(NUM|ORD) NUM YEAR?", french_september),
    rule(
        "WDAY DOT? COMMA? NUM (?!AMPM|HOUR|UNIT|PAST|TO|HALF|NUM|IN|AT DPART|SEP|DOT|OF* MONTH)",
        weekday_number,
    ),
    rule("ART? MOD? WDAY MOD? (?!UNIT)", weekday),
    rule("ART? MOD? WDAY DOT?", weekday),
    rule("ART? WDAY UNIT", weekday_week),
    rule("ART? WDAY NEXTBUTONE", weekday_after_next),
    rule("NUM WDAY (LATER|NOW)", weekdays_on),
    rule("DWORD", day_word),
    rule("MOD? DAYANDPART", day_and_part),
    rule("(WDAY|DWORD) DWORD", german_morning),
    rule("NUM DWORD", days_after_tomorrow),
    rule("ART? (ORD|MOD) (WDAY|UNIT) (OF|IN|ART)* YEAR?", nth_weekday),
    rule(f"(EDGE|MOD)* MONTH MOD? DOT? {_AND_YEAR}", named_month),
    rule("EDGE SEP? OF? MONTH DOT? ((OF|SEP|COMMA|IN)* YEAR)?", named_month),
    rule("EDGE? OF? MONTH (OF|IN|COMMA)* ART? MOD UNIT", month_of_year),
    rule("EDGE? OF? MONTH (OF|IN|COMMA)* ART? UNIT MOD", month_of_year),
    rule("EDGE OF? YEAR", year_alone),
    rule("(?<=BEFORE) YEAR", year_alone),
    rule("(EDGE SEP?)? (OF|ART|IN)* MOD? UNIT (MOD|NEXTBUTONE)?", unit_period),
    rule("ART UNIT", the_period),
    rule("ART? MOD? CLOSE", close),
    rule("CLOSE OF? MONTH ((OF|SEP|COMMA|IN)* YEAR)?", close_of_month),
    rule("EDGE OF? (?=(ART|MOD)* (WDAY|DWORD))", end_of_day),
    rule("(EDGE SEP?)? (OF|ART|IN)* QTR ((OF|SEP|COMMA|IN)* YEAR)?", quarter),
    rule("(EDGE SEP?)? (OF|ART|IN)* ORD UNIT (OF|IN|SEP|COMMA|ART)* (YEAR|MOD UNIT)?", ordinal_period),
    rule("(WEEKNO|UNIT) NUM ((OF|SEP|COMMA|IN)* YEAR)?", week_number),
    rule(f"ART? UNIT (OF|COMMA)? (?={_A_DAY})", week_of),
    rule(f"IN (APPROX|ART|FILL)* MOD? {_COUNTED} (FROM? NOW|LATER)?", offset),
    rule(f"{_COUNTED} (FROM? NOW|LATER)", offset),
    rule(f"ART? MOD {_AMOUNT}", next_few),
    rule("ART? NUM MOD UNIT", next_few),
    rule(f"ART? {_AMOUNT} MOD", next_few),
    rule(f"{_AMOUNT}", bare_offset),
    rule(f"{_AMOUNT} (FROM|AFTER|ON) (?={_A_DAY})", offset_after),
    rule(f"NOW? PLUS {_AMOUNT}", offset_after),
    rule(f"{_AMOUNT} NEXTBUTONE WDAY", offset_after_next),
    rule(f"{_AMOUNT} BEFORE (?={_A_DAY})", offset_before),
    rule("ART? FEAST", feast),
    rule("BY", lambda _: (Bound("by"),)),
    rule("BEFORE", lambda _: (Bound("before"),)),
    rule("APPROX", lambda _: (Approx(),)),
    rule("ART|ON|OF|AT|FILL|COMMA|DOT", skip),
    rule("(?<=(YEAR|MONTH|ORD|CHAIN|WDAY|DWORD)) SEP (?=HM|NUM (AMPM|HOUR))", skip),
    rule("IN (?=(ART|MOD|EDGE|OF)* (DPART|MONTH|QTR|YEAR|UNIT|ORD|NOON))", skip),
)
