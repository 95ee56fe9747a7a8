"""Our in-memory twins of the outside world: store, clock and chat. They record; they decide nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.addresses import MessageRef, Place
from bot.cards import Card
from bot.ports import ChatError
from fake_queues import FakeAlarms, FakeDigests, FakeInbox, FakeLedger, FakeNudges, FakeOutbox, FakePosts
from fake_repositories import FakePartnerships, FakePeople, FakePlaces, FakePromises
from fake_sightings import FakeJottings, FakeSightings
from fake_tables import Session, Tables


class SettableClock:
    """Passed as `Ports.now`; stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


class FakeUnitOfWork:
    """Two may be open at once, which SQLite does not allow: that is how a test lets somebody be quicker."""

    def __init__(self, tables: Tables, tenant: str | None) -> None:
        self._session = Session(tables, tenant)
        self.people = FakePeople(self._session)
        self.places = FakePlaces(self._session)
        self.partnerships = FakePartnerships(self._session)
        self.promises = FakePromises(self._session)
        self.outbox = FakeOutbox(self._session)
        self.nudges = FakeNudges(self._session)
        self.posts = FakePosts(self._session)
        self.alarms = FakeAlarms(self._session)
        self.digests = FakeDigests(self._session)
        self.inbox = FakeInbox(self._session)
        self.ledger = FakeLedger(self._session)
        self.sightings = FakeSightings(self._session)
        self.jottings = FakeJottings(self._session)

    def commit(self) -> None:
        self._session.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._session.roll_back()


class FakeStore:
    """Pass `open_uow` as `Ports.open_uow`; look into `tables` for what a repository does not tell."""

    def __init__(self) -> None:
        self.tables = Tables()

    def open_uow(self, tenant: str | None) -> FakeUnitOfWork:
        return FakeUnitOfWork(self.tables, tenant)

    def fill(self, work: Callable[[FakeUnitOfWork], object], tenant: str | None = None) -> None:
        """Runs `work` in a transaction and commits it."""
        with self.open_uow(tenant) as uow:
            work(uow)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    place: Place
    card: Card
    key: str
    ref: MessageRef
    thread: MessageRef | None = None


class FakeChat:
    """Remembers what was posted and edited. Put errors into `faults`: each call takes the next one.

    An ambiguous fault posts and then raises, as a platform does whose answer is lost on the way.
    """

    def __init__(self, platform: str = "playground") -> None:
        self.platform = platform
        self.said: list[Said] = []
        self.updates: list[tuple[MessageRef, Card]] = []
        self.faults: list[ChatError] = []

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not fault.ambiguous:
            raise fault
        ref = self.find(place, key) or self._say(place, card, key, thread)
        if fault is not None:
            raise fault
        return ref

    def update(self, ref: MessageRef, card: Card) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.updates.append((ref, card))

    def find(self, place: Place, key: str) -> MessageRef | None:
        return next((each.ref for each in self.said if (each.place.id, each.key) == (place.id, key)), None)

    def said_in(self, place: Place) -> list[Card]:
        return [each.card for each in self.said if each.place.id == place.id]

    def _say(self, place: Place, card: Card, key: str, thread: MessageRef | None) -> MessageRef:
        ref = MessageRef(
            platform=self.platform, tenant=place.tenant, place_id=place.id, key=f"m{len(self.said) + 1}"
        )
        self.said.append(Said(place=place, card=card, key=key, ref=ref, thread=thread))
        return ref
