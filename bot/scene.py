"""Everything a use case needs about one turn: who, where, in which unit of work, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.addresses import Place, PlaceKind
from bot.ports import Ports
from bot.readers import Reader, reader_for
from bot.storage import UnitOfWork
from bot.turns import Turn
from commitments.access import Actor, Grant, Subject, decide
from commitments.errors import NotYours, Refusal
from commitments.partnership import Partnership, Person
from commitments.promise import Promise


class Denied(NotYours):
    """Refused by the authority matrix; the router writes it down."""

    def __init__(self, action: str, subject_id: str | None) -> None:
        super().__init__()
        self.action = action
        self.subject_id = subject_id
        self.said: Refusal = self  # what they read of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    ports: Ports
    uow: UnitOfWork
    turn: Turn
    person: Person
    place: Place | None
    actor: Actor
    say: Reader  # for the actor

    @property
    def now(self) -> datetime:
        return self.turn.now

    @property
    def is_private(self) -> bool:
        return self.place is None or self.place.kind is PlaceKind.PRIVATE

    def grant(self, action: str, subject: Subject) -> Grant:
        return decide(self.actor, action, subject)

    def require(self, action: str, subject: Subject, subject_id: str | None = None) -> Grant:
        """At least a proposal; raises Denied, which reads like "not found"."""
        grant = self.grant(action, subject)
        if grant is Grant.REFUSED:
            raise Denied(action, subject_id)
        return grant

    def allow(self, action: str, subject: Subject, subject_id: str | None = None) -> None:
        """Fully allowed, a proposal is not enough; raises Denied."""
        if self.grant(action, subject) is not Grant.ALLOWED:
            raise Denied(action, subject_id)

    def promise(self, promise_id: str, action: str) -> Promise:
        """The promise, if the actor may do that to it; absent and forbidden raise alike."""
        promise = self.uow.promises.get(promise_id)
        if promise is None:
            raise NotYours
        self.allow(action, of_promise(promise), promise.id)
        return promise

    def partnership(self, partnership_id: str, action: str) -> Partnership:
        partnership = self.uow.partnerships.get(partnership_id)
        if partnership is None:
            raise NotYours
        self.allow(action, of_partnership(partnership), partnership.id)
        return partnership


def of_promise(promise: Promise) -> Subject:
    return Subject(
        tenant=promise.tenant,
        partnership_id=promise.partnership_id,
        owner_id=promise.owner_id,
        filed_by=promise.filed_by,
        side=promise.side,
        is_shown=promise.is_shown,
    )


def of_partnership(partnership: Partnership) -> Subject:
    """The partnership itself is known to both sides."""
    return Subject(tenant=partnership.tenant, partnership_id=partnership.id, is_shown=True)


def of_person(person: Person) -> Subject:
    return Subject(tenant=person.tenant, owner_id=person.id, filed_by=person.id)


def enter(ports: Ports, uow: UnitOfWork, turn: Turn) -> Scene:
    """Looks up who acts and what they are to whom; raises NotYours for somebody we never met."""
    person = themselves(uow, turn.person_id)
    if person is None or not person.is_active:
        raise NotYours
    return Scene(
        ports=ports,
        uow=uow,
        turn=turn,
        person=person,
        place=uow.places.get(turn.place_id) if turn.place_id else None,
        actor=actor_of(uow, person),
        say=reader_for(ports, person, turn.now),
    )


def themselves(uow: UnitOfWork, person_id: str | None) -> Person | None:
    """Whichever of their accounts is meant, also by what was written down before they were linked."""
    person = uow.people.get(person_id) if person_id else None
    return uow.people.get(person.same_as) if person and person.same_as else person


def actor_of(uow: UnitOfWork, person: Person) -> Actor:
    """What a person is to every partnership, read afresh for each turn."""
    ties = uow.people.ties(person.id)
    return Actor(
        person_id=person.id,
        tenant=person.tenant,
        is_ours=person.is_ours,
        is_admin=person.is_ours and person.is_admin,
        roles=ties.roles if person.is_ours else {},
        reports=ties.reports if person.is_ours else frozenset(),
        in_channel_of=ties.in_channel_of,
        customer_of=frozenset() if person.is_ours else _customer_of(uow, person, ties.in_channel_of),
    )


def _customer_of(uow: UnitOfWork, person: Person, shared: Iterable[str]) -> frozenset[str]:
    """Only partnerships whose mapped organisations name theirs (T21)."""
    if person.organisation is None:
        return frozenset()
    partnerships = map(uow.partnerships.get, shared)
    return frozenset(p.id for p in partnerships if p and person.organisation in p.organisations)
