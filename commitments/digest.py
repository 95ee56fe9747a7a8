"""What the shared digest of a period holds, and when it had better stay silent.

Only promises both sides know. Delivered without an answer is counted, never celebrated by name.
No shares, no trend, nobody ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from commitments.events import Fact, Kind
from commitments.measures import AGREED, Period, standing_facts
from commitments.partnership import Closeness, Partnership, Voice, Win
from commitments.promise import Promise, Side, State
from commitments.slots import Rhythm

STALE_AFTER = timedelta(hours=48)  # a digest later than that is skipped: the week has moved on


class LineKind(StrEnum):
    """In the order they are told."""

    KEPT_OURS = "kept_ours"
    KEPT_THEIRS = "kept_theirs"
    HONOURED = "honoured"  # a new date agreed early, and then kept
    DONE_LATE = "done_late"
    AGREED = "agreed"  # a new date both sides agreed on
    WIN = "win"
    VOICE = "voice"  # you said, we did
    NEXT = "next"


KEPT = frozenset({LineKind.KEPT_OURS, LineKind.KEPT_THEIRS, LineKind.HONOURED, LineKind.DONE_LATE})


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    id: str  # of the promise, win or voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    lines: tuple[Line, ...] = ()
    unopposed: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing kept, agreed, won or answered. What comes next is no reason to write."""
        return all(line.kind is LineKind.NEXT for line in self.lines)

    def is_worth_sending(self, rhythm: Rhythm) -> bool:
        if rhythm is Rhythm.WHEN_KEPT:
            return any(line.kind in KEPT for line in self.lines)
        return not self.is_empty

    def without(self, left_out: frozenset[str]) -> Self:
        return replace(self, lines=tuple(line for line in self.lines if line.id not in left_out))


class Held(StrEnum):
    """Why a digest stays silent. Wire and storage names."""

    LEAD = "lead"  # the lead said so
    PLAIN = "plain"  # the customer wants answers only
    QUIET = "quiet"  # "Quieter, please"
    PAUSED = "paused"  # breathing room
    STRANGERS = "strangers"  # somebody reads along whose organisation is not this customer's
    NOT_YET = "not_yet"  # an unanswered "not quite there yet"
    REPAIR = "repair"  # a promise of ours ran past its date, and the customer has heard nothing


def contents(
    promises: Iterable[Promise],
    history: Mapping[str, Sequence[Fact]],
    *,
    wins: Iterable[Win] = (),
    voices: Iterable[Voice] = (),
    period: Period,
    now: datetime,
) -> Contents:
    """`history` must hold the facts of every shown promise that ever moved."""
    shown = [promise for promise in promises if promise.is_shown]
    told = [
        *_about(shown, lambda promise: _told(promise, history.get(promise.id, ()), period)),
        *(Line(LineKind.WIN, win.id) for win in wins if win.withdrawn_at is None and win.at in period),
        *(Line(LineKind.VOICE, voice.id) for voice in voices if _is_answered(voice, period)),
    ]
    ids = {line.id for line in told}
    ahead = _about((p for p in shown if p.id not in ids), lambda promise: _next(promise, period, now))
    lines = sorted((*told, *ahead), key=lambda line: list(LineKind).index(line.kind))
    unopposed = sum(p.state is State.UNOPPOSED and _settled_in(p, period) for p in shown)
    return Contents(lines=tuple(lines), unopposed=unopposed)


def _about(promises: Iterable[Promise], kind_of: Callable[[Promise], LineKind | None]) -> Iterator[Line]:
    for promise in promises:
        kind = kind_of(promise)
        if kind is not None:
            yield Line(kind, promise.id)


def _told(promise: Promise, facts: Sequence[Fact], period: Period) -> LineKind | None:
    if promise.state is State.KEPT:
        return _kept(promise) if _settled_in(promise, period) else None
    if promise.state in (State.OPEN, State.DELIVERED) and _agreed_in(facts, period):
        return LineKind.AGREED
    return None


def _kept(promise: Promise) -> LineKind:
    if not promise.on_time or promise.moved_late:
        return LineKind.DONE_LATE
    if promise.moved_early:
        return LineKind.HONOURED
    return LineKind.KEPT_OURS if promise.side is Side.OURS else LineKind.KEPT_THEIRS


def _agreed_in(facts: Sequence[Fact], period: Period) -> bool:
    """The last word about the date was an agreement, and it fell in the period."""
    about = AGREED | {Kind.CONTRADICTED}
    last = next((fact for fact in reversed(standing_facts(facts)) if fact.kind in about), None)
    return last is not None and last.kind in AGREED and last.at in period


def _next(promise: Promise, period: Period, now: datetime) -> LineKind | None:
    """Due before the next digest of the same length; overdue is not what is next."""
    if promise.state is not State.OPEN or promise.waiting is not None:
        return None
    until = max(period.ends, now) + (period.ends - period.starts)
    return LineKind.NEXT if now < promise.due.at < until else None


def _settled_in(promise: Promise, period: Period) -> bool:
    return promise.settled_at is not None and promise.settled_at in period


def _is_answered(voice: Voice, period: Period) -> bool:
    return bool(voice.answer) and voice.answered_at is not None and voice.answered_at in period


def why_silent(partnership: Partnership, now: datetime, *, is_quiet: bool, strangers: bool) -> Held | None:
    """The customer's wishes, or company we do not know: the lead is not asked, and nobody may override."""
    if partnership.closeness is Closeness.PLAIN:
        return Held.PLAIN
    if is_quiet:
        return Held.QUIET
    if partnership.is_paused(now):
        return Held.PAUSED
    return Held.STRANGERS if strangers else None


def why_held(promises: Iterable[Promise], *, period: Period, now: datetime) -> Held | None:
    """No cheer on the wrong day. The lead hears the reason, and may send it all the same."""
    shown = [p for p in promises if p.is_shown and p.state is State.OPEN]
    if any(promise.reopened_at for promise in shown):
        return Held.NOT_YET
    return Held.REPAIR if any(_is_unspoken(p, period, now) for p in shown) else None


def _is_unspoken(promise: Promise, period: Period, now: datetime) -> bool:
    """Ours, past its date since the period began, with nothing on the table."""
    if promise.side is not Side.OURS or not promise.is_overdue(now):
        return False
    on_the_table = promise.proposal is not None or promise.release_asked_at is not None
    return promise.clock_due >= period.starts and not on_the_table
