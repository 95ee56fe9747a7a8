"""The rules that turn runs of tokens into weeks, months, quarters and years."""

from commitments.due_parts import (
    Close,
    DayWord,
    Offset,
    Parts,
    Period,
    Rule,
    Taken,
    WeekOf,
    first,
    in_the_past,
    number,
    value,
    year_of,
)
from commitments.due_terms import UnsureError
from commitments.due_words import Kind

_PLURALS = (  # without accents, as they arrive
    "days weeks wks months quarters years tage tagen wochen monate monaten quartale quartalen jahre jahren"
    " jours semaines trimestres ans annees prochains prochaines dias semanas meses anos proximos"
    " proximas siguientes"
)
_SEVERAL = frozenset(_PLURALS.split())
_SPANS = ("week", "month", "quarter", "year", "weekend")


def month_year_pair(taken: Taken) -> Parts | None:
    month, year = number(taken), year_of(taken)
    return (Period(unit="month", index=month, year=year),) if 1 <= month <= 12 else None


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
    if in_the_past(taken):
        return None
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit="month", index=number(taken, Kind.MONTH), year=year_of(taken), edge=edge, mod=mod),)


def unit_period(taken: Taken) -> Parts | None:
    unit, edge = str(value(taken, Kind.UNIT)), str(value(taken, Kind.EDGE) or "")
    shift = _shift(taken)
    if unit == "day":
        _refuse_several(taken)
        return _day_shift(edge, shift, said=first(taken, Kind.MOD) is not None)
    if unit == "bday":
        return (Offset(workdays=1),) if shift == 1 and not edge else None
    if unit not in _SPANS or shift is None:
        return None
    _refuse_several(taken)
    return (Period(unit=unit, shift=shift, edge=edge),)


def _refuse_several(taken: Taken) -> None:
    """The coming weeks, in den nächsten Tagen: nobody said how many."""
    if any(token.kind in (Kind.UNIT, Kind.MOD) and token.text in _SEVERAL for token in taken):
        raise UnsureError("vague")


def _shift(taken: Taken) -> int | None:
    if first(taken, Kind.NEXTBUTONE):
        return 2
    mod = value(taken, Kind.MOD)
    if mod is None:
        # "end of the week" needs no "this"; a bare "week" is no period.
        return 0 if first(taken, Kind.EDGE) else None
    return {0: 0, 1: 1, "coming": 1, 2: 2}.get(mod)


def _day_shift(edge: str, shift: int | None, *, said: bool) -> Parts | None:
    if edge not in ("", "end") or shift not in (0, 1):
        return None
    # "The end of the day" names no day; "the end of this day" does.
    return (Close(),) if edge and not said else (DayWord(shift), *((Close(),) if edge else ()))


def the_period(taken: Taken) -> Parts | None:
    """The month of "the 15th of the month"."""
    unit = str(value(taken, Kind.UNIT))
    return (
        (Period(unit=unit, shift=0, mod="the"),)
        if unit in ("week", "month", "quarter", "year", "weekend")
        else None
    )


def bare_weekend(taken: Taken) -> Parts | None:
    return the_period(taken) if value(taken, Kind.UNIT) == "weekend" else None


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


def quarter(taken: Taken) -> Parts | None:
    name = str(value(taken, Kind.QTR))
    unit = "half" if name[0] == "h" else "quarter"
    edge = str(value(taken, Kind.EDGE) or "")
    shift = _shift(taken) if value(taken, Kind.UNIT) == "year" else None
    if first(taken, Kind.UNIT) and shift is None:
        return None
    return (Period(unit=unit, index=int(name[1]), year=year_of(taken), shift=shift, edge=edge),)


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
    edge = str(value(taken, Kind.EDGE) or "")
    return (Period(unit="week", index=week, year=year_of(taken), mod=mod, edge=edge),)


def week_of(taken: Taken) -> Parts | None:
    return (WeekOf(),) if value(taken, Kind.UNIT) == "week" else None


_AND_YEAR = "((OF|SEP|COMMA|IN)* YEAR)?"
_A_DAY = "(ART|MOD|OF|ON)* (WDAY|DWORD|MONTH|NUM|ORD|CHAIN|FEAST)"

PERIOD_RULES: tuple[Rule, ...] = (
    Rule("YEAR (SEP|COMMA)? MONTH", named_month),
    Rule("NUM SEP YEAR", month_year_pair),
    Rule("YEAR SEP NUM", month_year_pair),
    Rule(f"(EDGE|MOD)* MONTH MOD? DOT? {_AND_YEAR}", named_month),
    Rule("EDGE SEP? OF? MONTH DOT? ((OF|SEP|COMMA|IN)* YEAR)?", named_month),
    Rule("EDGE? OF? MONTH (OF|IN|COMMA)* ART? MOD UNIT", month_of_year),
    Rule("EDGE? OF? MONTH (OF|IN|COMMA)* ART? UNIT MOD", month_of_year),
    Rule("EDGE OF? YEAR", year_alone),
    Rule("(?<=BEFORE) YEAR", year_alone),
    Rule("(EDGE SEP?)? (OF|ART|IN)* MOD? UNIT (MOD|NEXTBUTONE)?", unit_period),
    Rule("(ART|OF) ART? UNIT", the_period),
    Rule("(?<=(BY|BEFORE)) UNIT", bare_weekend),
    Rule("ART? MOD? CLOSE MOD?", close),
    Rule("CLOSE OF? MONTH ((OF|SEP|COMMA|IN)* YEAR)?", close_of_month),
    Rule("(EDGE SEP?)? (OF|ART|IN)* QTR ((OF|SEP|COMMA|IN)* YEAR)?", quarter),
    Rule("(EDGE SEP?)? (OF|ART|IN)* QTR (OF|IN|COMMA)* MOD UNIT", quarter),
    Rule("QTR EDGE", quarter),
    Rule("(EDGE SEP?)? (OF|ART|IN)* ORD UNIT (OF|IN|SEP|COMMA|ART)* (YEAR|MOD UNIT)?", ordinal_period),
    Rule("(EDGE|IN|OF|ART)* (WEEKNO|UNIT) NUM (?!OF? MONTH|SEP|DOT) ((OF|SEP|COMMA|IN)* YEAR)?", week_number),
    Rule(f"ART? UNIT (OF|COMMA)? (?={_A_DAY})", week_of),
)
