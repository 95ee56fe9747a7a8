"""The rules that turn runs of tokens into so many days, weeks or hours from now or from a day."""

import re

from commitments.due_parts import (
    DayWord,
    Offset,
    Parts,
    Rule,
    Taken,
    Weekday,
    first,
    number,
    value,
)
from commitments.due_words import Kind, Token

# Enough for any promise; more digits are a serial number.
_MOST = 999
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


def days_after_tomorrow(taken: Taken) -> Parts | None:
    """2 day after tomorrow: the count shows that "day after tomorrow" is not one phrase here."""
    days, word = taken[0], taken[1]
    if not word.text.startswith("day after") or not 1 <= int(days.value) <= _MOST:
        return None
    return (Offset(days=int(days.value), anchor="after"), DayWord(int(word.value) - 1))


def offset(taken: Taken) -> Parts | None:
    return _offset(taken, "now", "")


def by_then(taken: Taken) -> Parts | None:
    """French "d'ici deux semaines"; elsewhere "by two weeks" is not said."""
    return _offset(taken[1:], "now", "") if taken[0].text == "d ici" else None


def and_a_half(taken: Taken) -> Parts | None:
    """In an hour and a half, dans deux heures et demie; of longer units only some have a half."""
    unit = next(token for token in taken if token.kind in (Kind.UNIT, Kind.HOUR))
    sums = {"months": 0, "days": 0, "workdays": 0, "seconds": 0}
    return (_offset_of(sums),) if _add(sums, _unit_of(unit), (number(taken) or 1) + 0.5) else None


def bare_offset(taken: Taken) -> Parts | None:
    if taken[-1].text == "h" and 12 < number(taken) < 24:
        return None  # 17h is a clock time in much of Europe
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


def next_hour(taken: Taken) -> Parts | None:
    """The next hour is sixty minutes; the next day or week is a stretch of the calendar."""
    is_hour = value(taken, Kind.UNIT) == "hour" and value(taken, Kind.MOD) == 1
    return (Offset(seconds=3600),) if is_hour else None


def within_the_hour(taken: Taken) -> Parts | None:
    """Within the hour is sixty minutes from now; within the week is a stretch of the calendar."""
    is_hour = value(taken, Kind.UNIT) == "hour" and taken[0].text.startswith(("within", "inside"))
    return (Offset(seconds=3600),) if is_hour else None


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
    return (_offset_of(sums, anchor=anchor, doubt=_offset_doubt(taken) or doubt),)


def _offset_of(sums: dict[str, int], *, anchor: str = "now", doubt: str = "") -> Offset:
    return Offset(
        months=sums["months"],
        days=sums["days"],
        workdays=sums["workdays"],
        seconds=sums["seconds"],
        anchor=anchor,
        doubt=doubt,
    )


def _unit_of(token: Token) -> str:
    if token.kind is Kind.UNIT:
        return str(token.value)
    return "hour" if token.value == 1 else ""


def _offset_doubt(taken: Taken) -> str:
    if first(taken, Kind.COUPLE):
        return "couple"
    # German law counts Saturday as a Werktag; the people who say it mostly do not.
    if number(taken) in (8, 15) and taken[-1].text in ("jours", "dias"):
        return "round_days"  # huit jours is a week, quinze jours two
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


_ONE = "(NUM|A|COUPLE|CHAIN|HALF A?)"
_AMOUNT = f"{_ONE} OF? UNIT ((COMMA|AND|PLUS)* {_ONE} OF? UNIT)*"
# After "in" the hours of "dans 5 heures" are counted, not read off a clock.
_COUNTED = f"{_ONE} OF? (UNIT|HOUR) ((COMMA|AND|PLUS)* {_ONE} OF? (UNIT|HOUR))*"
_A_DAY = "(ART|MOD|OF|ON)* (WDAY|DWORD|MONTH|NUM|ORD|CHAIN|FEAST)"

OFFSET_RULES: tuple[Rule, ...] = (
    Rule("NUM DWORD", days_after_tomorrow),
    Rule(f"IN (APPROX|ART|FILL)* MOD? {_COUNTED} (FROM? NOW|LATER|FILL? TIME)?", offset),
    Rule(f"{_COUNTED} (FROM? NOW|LATER)", offset),
    Rule(f"BY ART? MOD? {_COUNTED}", by_then),
    Rule("IN? A UNIT AND A? HALF (FROM? NOW|LATER)?", and_a_half),
    Rule("IN (A|NUM) (UNIT|HOUR) AND A? HALF", and_a_half),
    Rule("IN? NUM AND A HALF UNIT", and_a_half),
    Rule(f"ART? MOD {_AMOUNT}", next_few),
    Rule("ART? NUM MOD UNIT", next_few),
    Rule("IN? ART? MOD UNIT", next_hour),
    Rule("IN ART? UNIT", within_the_hour),
    Rule(f"ART? {_AMOUNT} MOD", next_few),
    Rule(f"{_AMOUNT}", bare_offset),
    Rule(f"{_AMOUNT} (FROM|AFTER|ON) (?={_A_DAY})", offset_after),
    Rule(f"NOW? PLUS {_AMOUNT}", offset_after),
    Rule(f"{_AMOUNT} NEXTBUTONE WDAY", offset_after_next),
    Rule(f"{_AMOUNT} BEFORE (?={_A_DAY})", offset_before),
)
