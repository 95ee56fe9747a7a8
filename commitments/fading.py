"""Most partnerships fade rather than fail: the early signs, with the figures that make them plain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commitments.partnership import Voice, Win
from commitments.promise import Promise

# Ours, chosen so that a quiet fortnight or one slow answer is no sign.
QUIET_AFTER = timedelta(weeks=4)
DRY_WINDOW = timedelta(weeks=6)
DRY_BEFORE = 4  # promises made in the window before, or more; fewer say nothing
LOOK_BACK = 2 * DRY_WINDOW
UNANSWERED_AFTER = timedelta(weeks=2)


class Sign(StrEnum):
    QUIET = "quiet"  # nothing on either side
    DRYING_UP = "drying_up"  # less than half as many promises as before
    UNHEARD = "unheard"  # voices without an answer


@dataclass(frozen=True, slots=True)
class Fading:
    sign: Sign
    count: int  # days of silence, promises made lately, voices without an answer


def signs(
    promises: Sequence[Promise],
    *,
    wins: Iterable[Win] = (),
    voices: Sequence[Voice] = (),
    began: datetime,
    now: datetime,
) -> Iterator[Fading]:
    """`voices` holds the answered ones too; `began` is when the partnership did."""
    silent_for = now - max((began, *_lives(promises, wins, voices)))
    if silent_for >= QUIET_AFTER:
        yield Fading(Sign.QUIET, silent_for.days)
    lately, before = _made(promises, now), _made(promises, now - DRY_WINDOW)
    if before >= DRY_BEFORE and 2 * lately < before:
        yield Fading(Sign.DRYING_UP, lately)
    unheard = sum(is_unheard(voice, now) for voice in voices)
    if unheard:
        yield Fading(Sign.UNHEARD, unheard)


def is_unheard(voice: Voice, now: datetime) -> bool:
    return voice.answered_at is None and now - voice.at >= UNANSWERED_AFTER


def _lives(promises: Iterable[Promise], wins: Iterable[Win], voices: Iterable[Voice]) -> Iterator[datetime]:
    """The moments at which somebody did something that the other side may notice."""
    for promise in promises:
        marks = (promise.created_at, promise.span_from, promise.shown_at, promise.delivered_at)
        yield from (at for at in (*marks, promise.settled_at, promise.last_asked_at) if at)
    yield from (win.at for win in wins)
    for voice in voices:
        yield voice.answered_at or voice.at


def _made(promises: Iterable[Promise], now: datetime) -> int:
    return sum(now - DRY_WINDOW <= promise.created_at < now for promise in promises)
