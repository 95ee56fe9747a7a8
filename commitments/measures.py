"""What a partnership's promises came to in a period. Every formula is published in docs/measures.md.

Per partnership and side only; nothing here is about a person. Fewer than five promises say too little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from commitments.events import Fact, Kind
from commitments.promise import Promise, Side, State
from commitments.worktime import Calendar

ENOUGH = 5  # fewer promises than this are too few to say
DAY = timedelta(days=1)

History = Mapping[str, Sequence[Fact]]  # facts by promise id, oldest first


class Fate(StrEnum):
    """What became of a promise that was due: exactly one of these."""

    ON_TIME = "kept on time"
    LATE = "kept late"
    UNOPPOSED = "unopposed"  # delivered, and nobody answered: counted apart
    AWAITING = "awaiting an answer"  # delivered, and the other side may still answer
    MISSED = "missed"
    OVERDUE = "past due"
    RELEASED = "released"  # no failure
    WITHDRAWN = "withdrawn"  # one


NOT_JUDGED = frozenset({Fate.RELEASED, Fate.UNOPPOSED, Fate.AWAITING})
TROUBLE = frozenset({Fate.LATE, Fate.MISSED, Fate.OVERDUE, Fate.WITHDRAWN})

_BY_STATE: Mapping[State, Fate] = {
    State.DELIVERED: Fate.AWAITING,
    State.UNOPPOSED: Fate.UNOPPOSED,
    State.MISSED: Fate.MISSED,
    State.RELEASED: Fate.RELEASED,
    State.WITHDRAWN: Fate.WITHDRAWN,
}

# The maker's first word that a date will not hold. An answer to a question is not one: they asked first.
WORDS = frozenset({Kind.OFFERED, Kind.AGREED_OFFLINE, Kind.RELEASE_ASKED, Kind.WITHDRAWN, Kind.MISSED})
ASKS = frozenset({Kind.ASKED_HOW, Kind.NOT_YET})
ANSWERS = frozenset({Kind.ANSWERED_HOW, Kind.DELIVERED})
AGREED = frozenset({Kind.OFFER_ACCEPTED, Kind.AGREED_OFFLINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Half open, aware, UTC."""

    starts: datetime
    ends: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many: never one without the other."""

    part: int
    whole: int

    @property
    def too_few(self) -> bool:
        return self.whole < ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One side of one partnership in one period."""

    side: Side
    due: int  # the sample: the sum of all fates
    fates: Mapping[Fate, int]
    on_first_date: int
    moved_early: int  # promises that moved, every time early
    moved_late: int  # promises that moved late at least once
    past_due_days: tuple[int, ...]  # age of each that is past due, in calendar days begun, oldest first
    notice_days: float | None  # median, working days of the owner; None without a sample
    heard_first: Share  # of the promises in trouble that both sides know

    @property
    def too_few(self) -> bool:
        return self.due < ENOUGH

    @property
    def judged(self) -> int:
        return self.due - sum(self.fates.get(fate, 0) for fate in NOT_JUDGED)

    @property
    def on_time(self) -> Share:
        return Share(self.fates.get(Fate.ON_TIME, 0), self.judged)


def measure(
    promises: Iterable[Promise],
    history: History,
    *,
    side: Side,
    period: Period,
    now: datetime,
    calendar_of: Callable[[str], Calendar],
) -> Measures:
    """`calendar_of` takes an owner's id; `history` must hold the facts of all that `needs_history`."""
    fated = [
        (promise, fate)
        for promise in promises
        if promise.side is side and (fate := fate_in(promise, period, now)) is not None
    ]
    due = [promise for promise, _ in fated]
    troubled = [p for p, fate in fated if _is_troubled(p, fate, history)]
    notices = [_notice(p, history, calendar_of(p.owner_id)) for p in troubled]
    return Measures(
        side=side,
        due=len(fated),
        fates=Counter(fate for _, fate in fated),
        on_first_date=sum(kept_on_first_date(p) for p in due),
        moved_early=sum(p.moved_early > 0 and not p.moved_late for p in due),
        moved_late=sum(p.moved_late > 0 for p in due),
        past_due_days=_ages((p for p, fate in fated if fate is Fate.OVERDUE), now),
        notice_days=median(notices) if notices else None,
        heard_first=Share(sum(_was_heard_first(p, history) for p in troubled), len(troubled)),
    )


def fate_in(promise: Promise, period: Period, now: datetime) -> Fate | None:
    """None when it was not due in the period. What is past due stays due until somebody settles it."""
    fate = fate_of(promise, now)
    is_carried = fate is Fate.OVERDUE and promise.clock_due < period.starts
    return fate if is_carried or promise.clock_due in period else None


def fate_of(promise: Promise, now: datetime) -> Fate | None:
    """None while nothing can be said: not owned, not yet due, or the clock stands still."""
    if promise.state is State.KEPT:
        return Fate.ON_TIME if promise.on_time else Fate.LATE
    if promise.state is State.OPEN:
        return Fate.OVERDUE if promise.is_overdue(now) else None
    return _BY_STATE.get(promise.state)


def kept_on_first_date(promise: Promise) -> bool:
    """Kept by the date it was first promised for; a new date may have been agreed and not been needed."""
    if promise.state is not State.KEPT or promise.delivered_at is None:
        return False
    if promise.due == promise.first_due:
        return bool(promise.on_time)
    return promise.delivered_at <= promise.first_due.at


def needs_history(promise: Promise, now: datetime) -> bool:
    """Whether its facts can matter to a measure: both sides know it, and its date did not simply hold."""
    moved = promise.moved_early or promise.moved_late
    return promise.is_shown and bool(moved or fate_of(promise, now) in TROUBLE)


def standing_facts(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that were not taken back again."""
    stand: list[Fact] = []
    for fact in facts:
        if fact.kind is Kind.UNDONE and stand and stand[-1].kind == fact.detail.get("undid"):
            stand.pop()
        else:
            stand.append(fact)
    return stand


def _is_troubled(promise: Promise, fate: Fate, history: History) -> bool:
    if not promise.is_shown:
        return False
    facts = history.get(promise.id, ())
    return fate in TROUBLE or any(fact.kind in AGREED for fact in standing_facts(facts))


def _first_word(promise: Promise, history: History) -> tuple[datetime, datetime] | None:
    """When the maker first said that the date would not hold, and the date that stood then."""
    facts = standing_facts(history.get(promise.id, ()))
    first = next((n for n, fact in enumerate(facts) if fact.kind in WORDS), None)
    if first is None:
        return None
    # Nothing had moved before the first word, so the next move, if any, left the date that stood then.
    left = next((f.detail["old_due"] for f in facts[first:] if "old_due" in f.detail), None)
    return facts[first].at, datetime.fromisoformat(left) if left else promise.clock_due


def _notice(promise: Promise, history: History, calendar: Calendar) -> int:
    word = _first_word(promise, history)
    if word is None or word[0] >= word[1]:
        return 0
    said, due = map(calendar.local_date, word)
    return calendar.present().working_days_between(said, due)


def _was_heard_first(promise: Promise, history: History) -> bool:
    """The word came before the date had passed, and before the other side had to ask."""
    word = _first_word(promise, history)
    if word is None or word[0] > word[1]:
        return False
    asked = False
    for fact in standing_facts(history[promise.id]):
        if fact.at >= word[0]:
            break
        asked = fact.kind in ASKS or (asked and fact.kind not in ANSWERS)
    return not asked


def _ages(promises: Iterable[Promise], now: datetime) -> tuple[int, ...]:
    """A day begun counts: something an hour late is in its first day."""
    return tuple(sorted((1 + (now - p.clock_due) // DAY for p in promises), reverse=True))
