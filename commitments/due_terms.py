"""The words of the due reader's answers: what it is told, and what it says back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Status(StrEnum):
    OK = "ok"
    CONFIRM = "confirm"
    ASK = "ask"


def never(_: date) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The owner's surroundings: they decide, not the typist's and not the server's."""

    zone: str | None  # IANA name or fixed offset like "-02:00"; None or "floating": all moments are naive
    locale: str | None  # "en-US", "de"; None when nobody knows
    day_start: time = time(9)
    day_end: time = time(17)
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})  # Monday is 0
    is_day_off: Callable[[date], bool] = never  # holidays and absence; weekends follow from `workdays`


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    status: Status
    due: datetime | None  # aware, UTC (naive when floating); the first candidate on CONFIRM; None on ASK
    local: datetime | None  # the same moment on the owner's wall clock
    last_day: date | None
    grain: str  # "minute", "day", "week", "month", "quarter", "half", "year"; "" on ASK
    time_said: bool
    candidates: tuple[datetime, ...]  # up to three, like `due`; on ASK what a button may offer
    reason: str | None  # stable code, turned into a sentence by the wording
    note: str | None  # "day_off" or "holiday": kept, but worth a word
    span: tuple[int, int]  # of the words read, in the text given


class UnsureError(Exception):
    """The phrase cannot be read with certainty, and `reason` says why."""

    def __init__(
        self, reason: str, *, days: tuple[date, ...] = (), candidates: tuple[datetime, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.days = days  # it may have meant one of these
        self.candidates = candidates  # the same as moments, once the time is known
