"""What time has to do with a promise next: nudge rungs, lapses, unanswered offers and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from commitments import nudges
from commitments.nudges import Pace, Step
from commitments.promise import Promise, Side, State
from commitments.slots import noon_after
from commitments.worktime import Calendar


class Act(StrEnum):
    NUDGE = "nudge"  # a rung of the owner's ladder
    LAPSE = "lapse"  # nobody accepted it
    UNOPPOSED = "unopposed"  # nobody answered the delivery
    DOUBT = "doubt"  # an offer stays unanswered: the lead hears
    HOW = "how"  # "How is this going?" stays unanswered: the lead hears


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    act: Act
    at: datetime  # aware, UTC
    step: Step | None = None  # for a nudge


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long silence may last, in working days."""

    unanswered_days: int = 2
    lapse_days: int = 10
    unopposed_days: int = 5
    pace: Pace = field(default_factory=Pace)


DEFAULT_WAITS = Waits()


def items(promise: Promise, owner: Calendar, other: Calendar, waits: Waits = DEFAULT_WAITS) -> list[Item]:
    """Everything on the promise's agenda in time order, past items included.

    `owner` is the owner's calendar; `other` the one in which the other side's silence is counted.
    """
    found = [*_rungs(promise, owner, waits), *_silences(promise, owner, other, waits)]
    return sorted(found, key=lambda item: item.at)


def upcoming(
    promise: Promise, owner: Calendar, other: Calendar, waits: Waits = DEFAULT_WAITS, *, after: datetime
) -> Item | None:
    """The first of them after that moment; rungs beyond it are not worked out."""
    rung = next((item for item in _rungs(promise, owner, waits) if item.at > after), None)
    found = [item for item in _silences(promise, owner, other, waits) if item.at > after]
    return min([rung, *found] if rung else found, key=lambda item: item.at, default=None)


def _rungs(promise: Promise, owner: Calendar, waits: Waits) -> Iterator[Item]:
    """In time order. Nobody on the other side is nudged by us."""
    if promise.state is State.OPEN and promise.side is Side.OURS:
        for step in nudges.steps(promise.standing, owner, waits.pace):
            yield Item(act=Act.NUDGE, at=step.at, step=step)


def _silences(promise: Promise, owner: Calendar, other: Calendar, waits: Waits) -> Iterator[Item]:
    """When somebody's not answering comes to mean something."""
    if promise.state is State.PROPOSED:
        yield Item(act=Act.LAPSE, at=_days_after(other, promise.created_at, waits.lapse_days))
    elif promise.state is State.DELIVERED and promise.delivered_at is not None:
        yield Item(act=Act.UNOPPOSED, at=_days_after(other, promise.delivered_at, waits.unopposed_days))
    elif promise.state is State.OPEN:
        yield from _unanswered(promise, owner, other, waits)


def _unanswered(promise: Promise, owner: Calendar, other: Calendar, waits: Waits) -> Iterator[Item]:
    if promise.proposal is not None:
        first, second = nudges.first_doubt(
            promise.proposal.proposed_at, promise.due.at, other, unanswered_days=waits.unanswered_days
        )
        yield from (Item(act=Act.DOUBT, at=at) for at in sorted({first, second}))
    if promise.question is not None:
        yield Item(act=Act.HOW, at=noon_after(promise.question.at, owner))


def _days_after(calendar: Calendar, moment: datetime, days: int) -> datetime:
    """The close of the working day that many working days later."""
    return calendar.or_everyday(
        lambda usable: usable.close(usable.add_working_days(usable.local_date(moment), days))
    )
