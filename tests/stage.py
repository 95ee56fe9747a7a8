"""The bot on stage: ports made of fakes, the cast at home, and turns by whoever acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.addresses import Place
from bot.cards import Card
from bot.composing import Composer, Draft
from bot.policy import Policy
from bot.ports import Ports
from bot.readers import reader_for, reader_in
from bot.routes import Routes
from bot.scene import Scene, enter
from bot.storage import Intent
from bot.turns import Ask, Outcome, Press, Submission
from builders import MONDAY, PLATFORM, TENANT, an_id, settle_in
from commitments.partnership import Person
from fakes import FakeChat, FakeStore, FakeUnitOfWork, SettableClock

_turns = count(1)


def in_words(at: datetime, *, zone: str, locale: str, time: bool = True) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):{'%a %-d %b, %H:%M' if time else '%a %-d %b'}}"


def no_holidays(country: str, day: date) -> bool:
    return False


@dataclass
class Stage:
    """A store with the cast in it, and a clock that stands on Monday until it is moved."""

    policy: Policy = field(default_factory=Policy)
    clock: SettableClock = field(default_factory=lambda: SettableClock(MONDAY))
    store: FakeStore = field(default_factory=FakeStore)
    chat: FakeChat = field(default_factory=lambda: FakeChat(PLATFORM))

    def __post_init__(self) -> None:
        ids = count(1)
        self.ports = Ports(
            now=self.clock,
            open_uow=self.store.open_uow,
            chats={PLATFORM: self.chat},
            is_holiday=no_holidays,
            moment_words=in_words,
            new_id=lambda: an_id(f"new {next(ids)}"),
            policy=self.policy,
        )
        self.store.fill(settle_in)

    @property
    def now(self) -> datetime:
        return self.clock.now

    @contextmanager
    def work(self) -> Iterator[FakeUnitOfWork]:
        """One transaction, committed at the end unless something is raised."""
        with self.store.open_uow(TENANT) as uow:
            yield uow
            uow.commit()

    def ask(
        self, routes: Routes, person: Person, command: str, words: str, place: Place | None = None
    ) -> Outcome:
        return self._play(routes[command], Ask(command=command, words=words, **self._by(person, place)))

    def press(
        self, routes: Routes, person: Person, verb: str, value: str, place: Place | None = None
    ) -> Outcome:
        return self._play(routes[verb], Press(verb=verb, value=value, **self._by(person, place)))

    def submit(
        self,
        routes: Routes,
        person: Person,
        form_id: str,
        subject: str,
        values: Mapping[str, str],
        place: Place | None = None,
    ) -> Outcome:
        turn = Submission(form_id=form_id, subject=subject, values=values, **self._by(person, place))
        return self._play(routes[form_id], turn)

    def scene(self, uow: FakeUnitOfWork, turn: Any) -> Scene:
        return enter(self.ports, uow, turn)

    def queued(self, kind: str | None = None) -> list[Intent]:
        rows = sorted(self.store.tables.outbox.items())
        return [row.intent for _, row in rows if kind in (None, row.intent.kind)]

    def compose(self, composers: Mapping[str, Composer], intent: Intent) -> Card | None:
        """The card as it would be sent now."""
        with self.store.open_uow(intent.tenant) as uow:
            person = uow.people.get(intent.person_id) if intent.person_id else None
            place = uow.places.private_of(person.id) if person else uow.places.get(intent.place_id or "")
            assert place is not None
            say = (
                reader_for(self.ports, person, self.now)
                if person
                else reader_in(self.ports, place, None, self.now)
            )
            draft = Draft(
                ports=self.ports,
                uow=uow,
                now=self.now,
                kind=intent.kind,
                subject_id=intent.subject_id,
                args=intent.args,
                place=place,
                person=person,
                say=say,
            )
            return composers[intent.kind](draft)

    def _by(self, person: Person, place: Place | None) -> dict[str, Any]:
        return {
            "tenant": person.tenant,
            "person_id": person.id,
            "place_id": place.id if place else None,
            "now": self.now,
            "key": f"turn {next(_turns)}",
        }

    def _play(self, route: Any, turn: Any) -> Outcome:
        with self.work() as uow:
            outcome: Outcome = route.handle(self.scene(uow, turn), turn)
            return outcome
