"""What each audience may see of a promise: a type per audience, with only its fields.

CustomerView   everyone in the shared channel
TeamView       the account team, the owner's manager: CustomerView and the internal fields
OwnerView      the owner alone: TeamView and what concerns them as a person

Text is never filtered afterwards: a composer for customers is handed a CustomerView and has nothing to leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cards import Mention
from commitments.partnership import Partnership, Person
from commitments.promise import Due, Promise, Shape, Side, Source, State


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A renegotiation on the table, as both sides see it."""

    id: str
    shape: Shape
    due: Due
    title: str | None
    reason: str
    by: Mention
    by_side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    id: str
    ref: str  # P-12
    partnership: str
    title: str
    side: Side
    state: State
    owner: Mention
    due: Due
    first_due: Due
    is_late: bool
    is_shown: bool
    offer: OfferView | None
    waiting_reason: str | None
    evidence: str | None
    delivered_at: datetime | None
    offline_by: Mention | None
    release_asked: bool
    asked_how_by: Mention | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    public: CustomerView
    note: str | None
    source: Source | None
    filed_by: Mention
    hand_over_to: Mention | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    team: TeamView
    on_track_at: datetime | None
    snoozed_until: datetime | None

    @property
    def public(self) -> CustomerView:
        return self.team.public


People = Mapping[str, Person]


def people_in(promise: Promise) -> set[str]:
    """Everyone a view of it may name."""
    ids = {promise.owner_id, promise.filed_by, promise.hand_over_to}
    ids |= {part.by for part in (promise.proposal, promise.offline, promise.question) if part}
    return {person_id for person_id in ids if person_id}


def for_customer(promise: Promise, partnership: Partnership, people: People, now: datetime) -> CustomerView:
    return CustomerView(
        id=promise.id,
        ref=f"P-{promise.number}",
        partnership=partnership.name,
        title=promise.title,
        side=promise.side,
        state=promise.state,
        owner=_named(people, promise.owner_id),
        due=promise.due,
        first_due=promise.first_due,
        is_late=promise.is_overdue(now),
        is_shown=promise.is_shown,
        offer=_offer(promise, people),
        waiting_reason=promise.waiting.reason if promise.waiting else None,
        evidence=promise.evidence,
        delivered_at=promise.delivered_at,
        offline_by=_named(people, promise.offline.by) if promise.offline else None,
        release_asked=promise.release_asked_at is not None,
        asked_how_by=_named(people, promise.question.by) if promise.question else None,
    )


def for_team(promise: Promise, partnership: Partnership, people: People, now: datetime) -> TeamView:
    return TeamView(
        public=for_customer(promise, partnership, people, now),
        note=promise.note,
        source=promise.source,
        filed_by=_named(people, promise.filed_by),
        hand_over_to=_named(people, promise.hand_over_to) if promise.hand_over_to else None,
        created_at=promise.created_at,
    )


def for_owner(promise: Promise, partnership: Partnership, people: People, now: datetime) -> OwnerView:
    return OwnerView(
        team=for_team(promise, partnership, people, now),
        on_track_at=promise.on_track_at,
        snoozed_until=promise.snoozed_until,
    )


def _offer(promise: Promise, people: People) -> OfferView | None:
    offer = promise.proposal
    if offer is None:
        return None
    return OfferView(
        id=offer.id,
        shape=offer.shape,
        due=offer.due,
        title=offer.title,
        reason=offer.reason,
        by=_named(people, offer.by),
        by_side=offer.by_side,
    )


def _named(people: People, person_id: str) -> Mention:
    person = people.get(person_id)
    return Mention(person_id, person.name) if person else Mention("", "?")
