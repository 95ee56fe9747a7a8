"""Promises noticed in passing: where Kept may read, what is worth an offer, and what a dismissal teaches.

A false offer costs trust and a miss costs nothing new, so every doubt steps down: offer, list, nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from commitments.partnership import Partnership
from commitments.spotting import Offer, Owner, Sort, Tier

MERGED_FOR = timedelta(days=7)  # the same action in one thread is offered once
REQUESTS_KEPT = 3  # of a thread
REQUESTS_KEPT_FOR = timedelta(hours=72)
MUTED_BY = 3  # dismissals of one cue by one person
# At the 5 % of false offers we aim at, 50 of them hold more than 10 % one time in 26; 20 would in one of 13.
JUDGED_BY = 50  # offers of a place, the latest
DISMISSED_AT_MOST = 10  # per cent of them
QUOTE_LIMIT = 280  # characters, as of a promise's source


@dataclass(frozen=True, slots=True, kw_only=True)
class Earshot:
    """What Kept may read in one place; its id is the place's."""

    id: str
    tenant: str
    mapping_version: int  # of the partnership when it was switched on
    on_at: datetime | None = None
    on_by: str | None = None  # the lead who switched it
    theirs_at: datetime | None = None  # when the customer's lead said: ours too
    theirs_by: str | None = None
    version: int = 1

    def is_on(self, partnership: Partnership) -> bool:
        """Not for a channel or a customer that has changed since: that has to be decided again."""
        return self.on_at is not None and self.mapping_version == partnership.mapping_version

    def off(self) -> Earshot:
        """A yes of the customer's lead goes with it."""
        return replace(self, on_at=None, theirs_at=None, theirs_by=None)

    def hears_them(self, partnership: Partnership) -> bool:
        """Only while the one who agreed is still the one who leads on their side."""
        agreed = self.theirs_at is not None and self.theirs_by == partnership.their_lead_id
        return self.is_on(partnership) and agreed


class SightingState(StrEnum):
    OFFERED = "offered"  # privately, at once
    LISTED = "listed"  # in the day's quiet list
    TRACKED = "tracked"  # became a promise, or said one was done
    DISMISSED = "dismissed"
    LAPSED = "lapsed"  # nobody answered; its words are gone

    @property
    def is_open(self) -> bool:
        return self in (SightingState.OFFERED, SightingState.LISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The words of a sighting. They go when it is answered, and after a week if it is not."""

    action: str
    quote: str  # the exact words
    trigger: str
    due_text: str | None = None
    doubts: tuple[str, ...] = ()
    request: str | None = None  # the other side's exact words that were accepted
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Something in a person's own message that may be a promise, or the word that one is kept."""

    id: str
    tenant: str
    place_id: str
    partnership_id: str
    person_id: str  # who said it; nobody else ever sees it
    message: str  # the platform's own keys
    thread: str  # empty: on the channel's main line
    sort: Sort
    cue: str
    owner: Owner
    likeness: str
    at: datetime
    state: SightingState
    was_offered: bool  # at once: counts when the place's bar is judged
    listed_for: str | None = None  # the person's local ISO date
    promise_id: str | None = None  # the one it became, or may be the end of
    passage: Passage | None = None
    version: int = 1

    def answered(self, state: SightingState, promise_id: str | None = None) -> Sighting:
        """Its words have served."""
        return replace(self, state=state, promise_id=promise_id or self.promise_id, passage=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What somebody of the customer asked for, and nobody has taken on yet."""

    id: str
    tenant: str
    place_id: str
    person_id: str
    message: str
    thread: str
    words: str
    at: datetime
    is_passed: bool = False  # they have said more since, about something else


class Way(StrEnum):
    OFFER = "offer"
    LIST = "list"


def way(offer: Offer, *, is_muted: bool, is_wary: bool) -> Way | None:
    """How it is brought to the speaker, if at all. In a wary place only a sure one with a date interrupts."""
    if is_muted or offer.owner is Owner.CUSTOMER:
        return None
    is_sure = offer.tier is Tier.OFFER and offer.owner is Owner.SPEAKER
    if is_sure and not (is_wary and offer.due_text is None):
        return Way.OFFER
    return Way.LIST if is_sure or not is_wary else None


def is_wary(lately: Sequence[SightingState]) -> bool:
    """Whether too many of a place's latest offers were no promises."""
    judged = lately[:JUDGED_BY]
    dismissed = sum(state is SightingState.DISMISSED for state in judged)
    return len(judged) == JUDGED_BY and dismissed * 100 > DISMISSED_AT_MOST * JUDGED_BY


def is_muted(dismissals: int) -> bool:
    return dismissals >= MUTED_BY


def likeness(action: str) -> str:
    """The same for the same action, however it is spaced and pointed; tells nobody what it was."""
    words = " ".join(re.findall(r"\w+", action.casefold()))
    return sha256(words.encode()).hexdigest()[:16]


def overlap(one: str, other: str) -> int:
    """How many words of weight two texts share."""
    first, second = (set(re.findall(r"\w{4,}", text.casefold())) for text in (one, other))
    return len(first & second)
