"""From tokens to parts: each part consumes its words, and a word that no part consumes makes us ask.

Part
  Date, DayOfMonth, Weekday, DayWord, Nth, Feast   which day
  Period, WeekOf, Offset                           which stretch, or how far
  Clock, DayPart, Close, Zone                      which moment of it
  Bound                                            by, before, after
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from commitments.due_words import Kind, Token


class Part:
    """One thing that a phrase says."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Part):
    year: int | None = None
    month: int
    day: int
    order: str = ""  # "slash" or "dash": month and day may stand in either order
    written: str = ""  # "dotted": could be a version number too; "ordinals": German only
    ahead: bool = False  # "next 5 December": the one just past is not meant


@dataclass(frozen=True, slots=True)
class DayOfMonth(Part):
    day: int
    sure: bool  # "the 3rd", not a bare number


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekday(Part):
    day: int
    mod: int | str | None = None  # as in `Kind.MOD`
    weeks_on: int = 0  # "Friday week"
    after_next: bool = False


@dataclass(frozen=True, slots=True)
class DayWord(Part):
    ahead: int


@dataclass(frozen=True, slots=True)
class Nth(Part):
    """The second Friday, the last working day, the first week; of the period or date beside it."""

    count: int  # -1 is the last
    of: int | str  # weekday, or "day", "bday"


@dataclass(frozen=True, slots=True)
class Feast(Part):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    unit: str  # "week", "month", "quarter", "half", "year", "weekend"
    shift: int | None = None  # from the present one; beside an index, of the year
    index: int | None = None  # month 1-12, quarter 1-4, half 1-2, ISO week 1-53
    year: int | None = None
    edge: str = ""  # as in `Kind.EDGE`
    mod: int | str | None = None  # 1 in "next June"; "counted" in "week 31"


@dataclass(frozen=True, slots=True)
class WeekOf(Part):
    """The week that holds the day beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset(Part):
    months: int = 0
    days: int = 0
    workdays: int = 0
    seconds: int = 0
    anchor: str = "now"  # "after" or "before": counted from the day beside it
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Part):
    hour: int
    minute: int = 0
    sure: bool = True  # False: 1-12 without am or pm
    spoken: int = 0  # the seven of "a quarter to seven"


@dataclass(frozen=True, slots=True)
class DayPart(Part):
    name: str


@dataclass(frozen=True, slots=True)
class Close(Part):
    """EOD, COB: the end of the working day."""


@dataclass(frozen=True, slots=True)
class Zone(Part):
    name: str


@dataclass(frozen=True, slots=True)
class Bound(Part):
    kind: str  # "by", "before", "after"


@dataclass(frozen=True, slots=True)
class Skip(Part):
    """Words that add nothing."""


@dataclass(frozen=True, slots=True)
class Approx(Part):
    """Around, about: fine beside a clock time, a doubt beside a day."""


P = TypeVar("P", bound=Part)
Parts: TypeAlias = tuple[Part, ...]
Found: TypeAlias = dict[type[Part], Part]  # each under its own type
Taken: TypeAlias = list[Token]
Build: TypeAlias = Callable[[Taken], "Parts | None"]

CODES = {kind: chr(0x100 + index) for index, kind in enumerate(Kind)}
_NAME = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Rule:
    words: str  # a regular expression over names of kinds
    build: Build

    def compiled(self) -> re.Pattern[str]:
        """The same expression over one letter for each kind."""
        spelled = _NAME.sub(lambda name: CODES[Kind[name.group()]], self.words)
        return re.compile(spelled.replace(" ", ""))


def maybe(kind: type[P], parts: Found) -> P | None:
    part = parts.get(kind)
    return part if isinstance(part, kind) else None


def the(kind: type[P], parts: Found) -> P:
    """The part of this type; KeyError when there is none."""
    part = parts[kind]
    if not isinstance(part, kind):
        raise KeyError(kind)
    return part


def first(taken: Taken, kind: Kind) -> Token | None:
    return next((token for token in taken if token.kind is kind), None)


def number(taken: Taken, kind: Kind = Kind.NUM) -> int:
    token = first(taken, kind)
    return int(token.value) if token else 0


def value(taken: Taken, kind: Kind) -> int | str | None:
    token = first(taken, kind)
    return token.value if token else None


def year_of(taken: Taken) -> int | None:
    token = first(taken, Kind.YEAR)
    return int(token.value) if token else None


def real_date(year: int | None, month: int, day: int) -> bool:
    # A leap year stands in for "no year said", so that 29 February is a day.
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def in_the_past(taken: Taken) -> bool:
    """Last, previous."""
    return value(taken, Kind.MOD) == -1
