"""The in-memory twins of the repositories of people, places, partnerships and promises.

Dictionaries with the same answers as adapters/db; the contract tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.addresses import Place, PlaceKind
from commitments.access import Ties
from commitments.errors import StaleWrite
from commitments.events import Fact, Kind
from commitments.partnership import Partnership, Person, Role, Voice, Win
from commitments.promise import Promise, Side, State
from fake_tables import Session

RENEGOTIATED = {
    Kind.MOVED,
    Kind.OFFERED,
    Kind.OFFER_ACCEPTED,
    Kind.OFFER_COUNTERED,
    Kind.OFFER_DECLINED,
    Kind.AGREED_OFFLINE,
    Kind.CONTRADICTED,
}


def by_name(value: Any) -> tuple[str, str]:
    return value.name.casefold(), value.id


def by_due(promise: Promise) -> tuple[datetime, str]:
    return promise.due.at, promise.id


class FakePeople:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._people = session.tables.people
        self._reports = session.tables.reports

    def get(self, person_id: str) -> Person | None:
        return self._session.get(self._people, person_id)

    def ties(self, person_id: str) -> Ties:
        shared = FakePlaces(self._session).of_person(person_id, PlaceKind.CUSTOMER)
        return Ties(
            roles=FakePartnerships(self._session).roles_of(person_id),
            reports=frozenset(self.reports_of(person_id)),
            in_channel_of=frozenset(place.partnership_id for place in shared if place.partnership_id),
        )

    def by_account(self, platform: str, account: str) -> Person | None:
        found = (each for each in self._all() if (each.platform, each.account) == (platform, account))
        return next(found, None)

    def also(self, person_id: str) -> list[Person]:
        return sorted((each for each in self._all() if each.same_as == person_id), key=by_name)

    def by_code(self, digest: str) -> Person | None:
        return next((each for each in self._all() if each.link_code == digest), None)

    def merge(self, person_id: str, into: str) -> None:
        self._session.rename(person_id, into, but=self._people)

    def add(self, person: Person) -> None:
        self._session.add(self._people, person, lambda each: (each.platform, each.account))

    def save(self, person: Person) -> None:
        self._session.save(self._people, person)

    def of_ids(self, ids: Collection[str]) -> dict[str, Person]:
        return {each: person for each in ids if (person := self.get(each)) is not None}

    def ours(self) -> list[Person]:
        return sorted((each for each in self._all() if each.is_ours and not each.same_as), key=by_name)

    def admins(self) -> list[Person]:
        found = (e for e in self._all() if e.is_admin and e.is_active and not e.same_as)
        return sorted(found, key=by_name)

    def reports_of(self, manager_id: str) -> list[str]:
        return sorted(person for manager, person in self._pairs() if manager == manager_id)

    def set_reports(self, manager_id: str, report_ids: Collection[str]) -> None:
        tenant = self._session.tenant_of(self._people, manager_id)
        for each in report_ids:
            self._session.put(self._reports, (manager_id, each), tenant)

    def managers(self) -> list[str]:
        roles = self._session.tables.roles.items()
        held = {key[1] for key, tenant in roles if key[2] is Role.MANAGER and self._session.mine(tenant)}
        return sorted(held | {manager for manager, _ in self._pairs()})

    def _all(self) -> Iterator[Person]:
        return self._session.seen(self._people.values())

    def _pairs(self) -> list[tuple[str, str]]:
        return [pair for pair, tenant in self._reports.items() if self._session.mine(tenant)]


class FakePlaces:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._places = session.tables.places
        self._members = session.tables.members

    def get(self, place_id: str) -> Place | None:
        return self._session.get(self._places, place_id)

    def by_route(self, platform: str, route: str) -> Place | None:
        found = (each for each in self._all() if (each.platform, each.route) == (platform, route))
        return next(found, None)

    def private_of(self, person_id: str, platform: str | None = None) -> Place | None:
        found = [e for e in self._all() if e.person_id == person_id and e.kind is PlaceKind.PRIVATE]
        person = self._session.get(self._session.tables.people, person_id)
        if platform is not None:
            found = [each for each in found if each.platform == platform]
        elif person is None:
            return None
        wanted = platform or person.speaks_on
        return min(found, key=lambda each: (each.platform != wanted, each.id), default=None)

    def add(self, place: Place) -> None:
        self._session.add(self._places, place, lambda each: (each.platform, each.route))

    def save(self, place: Place) -> None:
        self._session.save(self._places, place)

    def members(self, place_id: str) -> frozenset[str]:
        pairs = self._members.items()
        return frozenset(key[1] for key, tenant in pairs if key[0] == place_id and self._session.mine(tenant))

    def join(self, place_id: str, person_ids: Iterable[str]) -> None:
        tenant = self._session.tenant_of(self._places, place_id)
        for each in person_ids:
            self._session.put(self._members, (place_id, each), tenant)

    def leave(self, place_id: str, person_id: str) -> None:
        if self._session.mine(self._members.get((place_id, person_id), "")):
            self._session.remove(self._members, (place_id, person_id))

    def of_person(self, person_id: str, kind: PlaceKind | None = None) -> list[Place]:
        joined = {place for place, person in self._members if person == person_id}
        found = (e for e in self._all() if e.id in joined or e.person_id == person_id)
        return sorted((each for each in found if kind in (None, each.kind)), key=by_name)

    def _all(self) -> Iterator[Place]:
        return self._session.seen(self._places.values())


class FakePartnerships:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = session.tables

    def get(self, partnership_id: str) -> Partnership | None:
        return self._session.get(self._tables.partnerships, partnership_id)

    def named(self, name: str) -> Partnership | None:
        found = (e for e in self.all() if e.name.strip().casefold() == name.strip().casefold())
        return next(found, None)

    def all(self) -> list[Partnership]:
        return sorted(self._session.seen(self._tables.partnerships.values()), key=by_name)

    def add(self, partnership: Partnership) -> None:
        self._session.add(self._tables.partnerships, partnership, lambda each: each.name.strip().casefold())

    def save(self, partnership: Partnership) -> None:
        stored = self.get(partnership.id) or partnership
        self._session.save(self._tables.partnerships, partnership, promises_made=stored.promises_made)

    def next_number(self, partnership_id: str) -> int:
        partnership = self.get(partnership_id)
        if partnership is None:
            raise LookupError("no such partnership")
        number = partnership.promises_made + 1
        self._session.put(
            self._tables.partnerships, partnership_id, replace(partnership, promises_made=number)
        )
        return number

    def roles(self, partnership_id: str) -> dict[str, frozenset[Role]]:
        return _grouped((key[1], key[2]) for key in self._held() if key[0] == partnership_id)

    def roles_of(self, person_id: str) -> dict[str, frozenset[Role]]:
        return _grouped((key[0], key[2]) for key in self._held() if key[1] == person_id)

    def set_role(self, partnership_id: str, person_id: str, role: Role) -> None:
        tenant = self._session.tenant_of(self._tables.partnerships, partnership_id)
        self._session.put(self._tables.roles, (partnership_id, person_id, role), tenant)

    def drop_role(self, partnership_id: str, person_id: str, role: Role) -> None:
        if (partnership_id, person_id, role) in self._held():
            self._session.remove(self._tables.roles, (partnership_id, person_id, role))

    def add_win(self, win: Win) -> None:
        self._session.tenant_of(self._tables.partnerships, win.partnership_id)
        self._session.add(self._tables.wins, win, lambda each: each.id)

    def save_win(self, win: Win) -> None:
        self._session.guard(win.tenant)
        if self.win(win.id) is not None:
            self._session.put(self._tables.wins, win.id, win)

    def win(self, win_id: str) -> Win | None:
        return self._session.get(self._tables.wins, win_id)

    def wins(self, partnership_id: str, start: datetime, end: datetime) -> list[Win]:
        found = (e for e in self._session.seen(self._tables.wins.values()) if start <= e.at < end)
        return sorted((e for e in found if e.partnership_id == partnership_id), key=lambda e: (e.at, e.id))

    def add_voice(self, voice: Voice) -> None:
        self._session.tenant_of(self._tables.partnerships, voice.partnership_id)
        self._session.add(self._tables.voices, voice, lambda each: each.id)

    def save_voice(self, voice: Voice) -> None:
        self._session.save(self._tables.voices, voice)

    def voice(self, voice_id: str) -> Voice | None:
        return self._session.get(self._tables.voices, voice_id)

    def voices(self, partnership_id: str, *, answered: bool | None = None) -> list[Voice]:
        told = self._session.seen(self._tables.voices.values())
        found = (e for e in told if e.partnership_id == partnership_id)
        return sorted(
            (e for e in found if answered in (None, e.answered_at is not None)), key=lambda e: (e.at, e.id)
        )

    def _held(self) -> list[tuple[str, str, Role]]:
        return [key for key, tenant in self._tables.roles.items() if self._session.mine(tenant)]


def _grouped(pairs: Iterable[tuple[str, Role]]) -> dict[str, frozenset[Role]]:
    found: dict[str, set[Role]] = {}
    for who, role in pairs:
        found.setdefault(who, set()).add(role)
    return {who: frozenset(held) for who, held in found.items()}


class FakePromises:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._promises = session.tables.promises
        self._facts = session.tables.facts

    def get(self, promise_id: str) -> Promise | None:
        return self._session.get(self._promises, promise_id)

    def of_ids(self, ids: Collection[str]) -> dict[str, Promise]:
        return {each: promise for each in ids if (promise := self.get(each)) is not None}

    def add(self, promise: Promise) -> None:
        self._session.guard(promise.tenant)
        self._session.tenant_of(self._session.tables.partnerships, promise.partnership_id)
        self._session.add(self._promises, promise, lambda each: (each.partnership_id, each.number))

    def save(self, promise: Promise) -> None:
        self._session.save(self._promises, promise)

    def save_all(self, promises: Sequence[Promise]) -> set[str]:
        stale = set()
        for each in promises:
            try:
                self.save(each)
            except StaleWrite:
                stale.add(each.id)
        return stale

    def numbered(self, number: int, partnership_id: str | None = None) -> list[Promise]:
        wanted = (None, partnership_id)
        return [e for e in self._all() if e.number == number and wanted[1] in (None, e.partnership_id)]

    def of_partnership(
        self, partnership_id: str, states: Collection[State] | None = None, *, limit: int = 500
    ) -> list[Promise]:
        wanted = State if states is None else states
        found = (e for e in self._all() if e.partnership_id == partnership_id and e.state in wanted)
        return sorted(found, key=by_due)[:limit]

    def touched(self, partnership_id: str, start: datetime, end: datetime) -> list[Promise]:
        def inside(at: datetime | None) -> bool:
            return at is not None and start <= at < end

        def is_touched(promise: Promise) -> bool:
            if any(map(inside, (promise.due.at, promise.delivered_at, promise.settled_at))):
                return True
            if promise.state is State.OPEN and promise.due.at < end:
                return True
            return any(e.kind in RENEGOTIATED and inside(e.at) for e in self.facts(promise.id))

        found = (e for e in self._all() if e.partnership_id == partnership_id)
        return sorted(filter(is_touched, found), key=by_due)

    def of_owner(self, person_id: str, states: Collection[State], *, limit: int = 500) -> list[Promise]:
        found = (e for e in self._all() if e.owner_id == person_id and e.state in states)
        return sorted(found, key=by_due)[:limit]

    def owners_gone(self) -> list[Person]:
        unfinished = (State.PROPOSED, State.OPEN)
        owners = {e.owner_id for e in self._all() if e.side is Side.OURS and e.state in unfinished}
        people = (self._session.get(self._session.tables.people, each) for each in owners)
        return sorted((p for p in people if p is not None and not p.is_ours), key=lambda p: p.id)

    def due_between(self, owner_id: str, start: datetime, end: datetime) -> list[Promise]:
        return [e for e in self.of_owner(owner_id, {State.OPEN}) if start <= e.due.at < end]

    def find(self, words: str, partnership_ids: Collection[str], *, limit: int = 20) -> list[Promise]:
        wanted = words.casefold().split()
        if not wanted:
            return []
        found = (e for e in self._all() if e.partnership_id in partnership_ids)
        hits = [e for e in found if all(word in e.title.casefold() for word in wanted)]
        return sorted(sorted(hits, key=lambda e: e.id), key=lambda e: e.due.at, reverse=True)[:limit]

    def linked(self, mark: str) -> list[Promise]:
        return sorted((each for each in self._all() if each.is_linked(mark)), key=lambda each: each.id)

    def unquote(self, promise: Promise) -> None:
        self.save(promise.unquoted())
        for number, (whose, fact, before) in list(self._facts.items()):
            if whose == promise.id and before is not None:
                self._session.put(self._facts, number, (whose, fact, before.unquoted()))

    def claim_due(self, now: datetime, limit: int) -> list[Promise]:
        due = [(e.next_at, e.id, e) for e in self._all() if e.next_at is not None and e.next_at <= now]
        return [each for _, _, each in sorted(due, key=lambda item: item[:2])[:limit]]

    def next_at(self) -> datetime | None:
        return min((e.next_at for e in self._all() if e.next_at is not None), default=None)

    def add_fact(self, promise_id: str, fact: Fact, before: Promise | None) -> None:
        self._session.tenant_of(self._promises, promise_id)
        self._session.put(self._facts, max(self._facts, default=0) + 1, (promise_id, fact, before))

    def facts(self, promise_id: str) -> list[Fact]:
        return [fact for fact, _ in self._history(promise_id)]

    def last_fact(self, promise_id: str) -> tuple[Fact, Promise | None] | None:
        history = self._history(promise_id)
        return history[-1] if history else None

    def _history(self, promise_id: str) -> list[tuple[Fact, Promise | None]]:
        if self.get(promise_id) is None:
            return []
        rows = sorted(self._facts.items())
        return [(fact, before) for _, (whose, fact, before) in rows if whose == promise_id]

    def _all(self) -> Iterator[Promise]:
        return self._session.seen(self._promises.values())
