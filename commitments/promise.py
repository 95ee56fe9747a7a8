"""A promise as a value: its parts and what can be read off it. Changes are in `acts` and `renegotiation`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from commitments.events import Fact
from commitments.nudges import Rung, Standing

TITLE_LIMIT = 200
REASON_LIMIT = 500
NOTE_LIMIT = 2000
QUOTE_LIMIT = 280


class State(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    DELIVERED = "delivered"
    KEPT = "kept"
    UNOPPOSED = "unopposed"
    MISSED = "missed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


FINAL = frozenset(
    {State.KEPT, State.UNOPPOSED, State.MISSED, State.RELEASED, State.WITHDRAWN, State.DECLINED}
)


class Side(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"

    @property
    def other(self) -> Side:
        return Side.THEIRS if self is Side.OURS else Side.OURS


class Shape(StrEnum):
    """The three ways to renegotiate."""

    ANOTHER_DATE = "another_date"
    PART_NOW = "part_now"  # part by the standing date, the rest later
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When it is promised for."""

    at: datetime  # aware, UTC
    zone: str  # IANA name of the owner's zone when it was said
    time_said: bool = False  # False: the end of the owner's working day was filled in


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where it was said."""

    quote: str
    link: str | None = None
    place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change on offer, waiting for the other side. A counter replaces it and turns `by_side` round."""

    id: str
    shape: Shape
    due: Due
    title: str | None = None  # something else: the new title; part now: the part that comes now
    reason: str
    by: str
    by_side: Side
    proposed_at: datetime
    early: bool  # judged once, at the first offer; a counter does not change it
    first_offered_at: datetime
    doubts_said: int = 0  # how often the lead heard that it stays unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Our clock is stopped: it is the customer's move."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The customer asked how it is going and has no answer yet."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineAgreement:
    """A lead recorded that the customer agreed by word of mouth; the customer may contradict."""

    by: str
    at: datetime
    old_due: Due
    old_title: str
    old_span_from: datetime
    early: bool  # how the move was counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody said they would do for the other side, by when. The aggregate root."""

    id: str  # 32 hex digits, random
    tenant: str
    partnership_id: str
    number: int  # P-n, counted per partnership
    title: str
    side: Side
    state: State
    owner_id: str
    filed_by: str
    due: Due
    first_due: Due
    created_at: datetime
    span_from: datetime  # since when the standing date stands
    note: str | None = None
    source: Source | None = None
    shown_at: datetime | None = None
    delivered_at: datetime | None = None
    evidence: str | None = None
    settled_at: datetime | None = None
    reopened_at: datetime | None = None
    proposal: Proposal | None = None
    waiting: Waiting | None = None
    paused_for: timedelta = timedelta()
    offline: OfflineAgreement | None = None
    question: Question | None = None
    last_asked_at: datetime | None = None
    release_asked_at: datetime | None = None
    hand_over_to: str | None = None
    on_track_at: datetime | None = None
    on_track_rung: Rung | None = None
    snoozed_until: datetime | None = None
    awaited: bool = False  # a promise of the other side waits on this one
    waits_on: str | None = None  # id of the promise this one waits on
    split_from: str | None = None  # the rest of a promise whose first part comes earlier
    moved_early: int = 0
    moved_late: int = 0
    version: int = 1
    next_at: datetime | None = None  # when time has something to do with it; indexed
    owner_told_at: datetime | None = None  # when "ask for a hand" went to the owner; the lead hears after
    nudged_until: datetime | None = None  # steps up to here have been taken or overtaken

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_shown(self) -> bool:
        return self.shown_at is not None

    @property
    def clock_due(self) -> datetime:
        """The due moment with the time the clock stood still added; the date itself never moves."""
        return self.due.at + self.paused_for

    def is_overdue(self, now: datetime) -> bool:
        return self.state is State.OPEN and self.waiting is None and now > self.clock_due

    @property
    def on_time(self) -> bool | None:
        """Judged by the moment of delivery; None while nothing was delivered."""
        return None if self.delivered_at is None else self.delivered_at <= self.clock_due

    @property
    def standing(self) -> Standing:
        """What the nudge schedule needs to know."""
        return Standing(
            span_from=self.span_from,
            due_at=self.due.at,
            paused_for=self.paused_for,
            reopened_at=self.reopened_at,
            on_track_at=self.on_track_at,
            on_track_rung=self.on_track_rung,
            customer_waits=self.awaited,
            snoozed_until=self.snoozed_until,
            proposal_pending=self.proposal is not None,
            stopped=self.waiting is not None or self.state is not State.OPEN,
            owner_told_at=self.owner_told_at,
        )

    def with_(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def is_linked(self, mark: str) -> bool:
        """Whether the link to where it was said has that in it."""
        return bool(self.source and self.source.link and mark in self.source.link)

    def unquoted(self) -> Self:
        """Where it was said stays, what was said goes."""
        return replace(self, source=replace(self.source, quote="")) if self.source else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a transition hands back: the new value, the fact, and a second promise if one was born."""

    promise: Promise
    fact: Fact
    born: Promise | None = None
