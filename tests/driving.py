"""The whole bot, driven as an adapter and a scheduler drive it: turns in, sweeps run, words out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot import router, sweeps
from bot.addresses import Place
from bot.cards import Card, Form, encode
from bot.plain import flat
from bot.ports import Ports
from bot.storage import SendState
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Refused, Reply, Submission
from builders import ACME_SHARED, ANA, a_private_place
from commitments.events import Fact, Kind
from commitments.partnership import Person
from commitments.promise import Promise
from fakes import Said
from stage import Stage

WORKER = "w1"


@dataclass
class Bot:
    stage: Stage = field(default_factory=Stage)
    turns: Any = field(default_factory=lambda: count(1))

    @property
    def ports(self) -> Ports:
        return self.stage.ports

    # What people do

    def says(
        self, person: Person, words: str, place: Place | None = None, command: str = "promise", **more: Any
    ) -> Outcome:
        return self._handle(Ask(command=command, words=words, **self._by(person, place, more)))

    def presses(
        self, person: Person, verb: str, value: str, place: Place | None = None, **more: Any
    ) -> Outcome:
        return self._handle(Press(verb=verb, value=value, **self._by(person, place, more)))

    def pushes(self, person: Person, said: Said, verb: str, **more: Any) -> Outcome:
        """Presses the button that stands on a message."""
        more.setdefault("message", said.ref)
        return self.presses(person, verb, value_of(said.card, verb), said.place, **more)

    def submits(
        self, person: Person, form: Form, values: dict[str, str] | None = None, **more: Any
    ) -> Outcome:
        """A field that is not named keeps its value."""
        filled = {each.name: each.value for each in form.fields} | (values or {})
        by = self._by(person, more.pop("place", None), more)
        return self._handle(Submission(form_id=form.id, subject=form.subject, values=filled, **by))

    # What time does

    def settle(self) -> None:
        sweeps.settle(self.ports, WORKER)

    def move_to(self, moment: datetime) -> None:
        """As the scheduler would: at every moment that has something to do, in order."""
        while (due := sweeps.next_moment(self.ports)) is not None and due <= moment:
            self.stage.clock.now = max(due, self.stage.now)
            self.settle()
        self.stage.clock.now = moment
        self.settle()

    def sleep_until(self, moment: datetime) -> None:
        """As an outage: nothing runs until then."""
        self.stage.clock.now = moment
        self.settle()

    # What is there to see

    def heard_by(self, person: Person, key: str = "") -> list[Said]:
        """Private messages, oldest first; `key` is how the key of the message begins."""
        return self.heard_in(a_private_place(person), key)

    def heard_in(self, place: Place, key: str = "") -> list[Said]:
        said = self.stage.chat.said
        return [each for each in said if each.place.id == place.id and each.key.startswith(key)]

    def stands(self, said: Said) -> Card:
        """The message as it reads now, after all edits."""
        edits = [card for ref, card in self.stage.chat.updates if ref == said.ref]
        return edits[-1] if edits else said.card

    def anchor(self) -> Card:
        """The one card in the customer's channel, as it reads now."""
        [said] = self.heard_in(ACME_SHARED, "anchor:")
        return self.stands(said)

    def promise(self, number: int = 1, customer: str = "Acme") -> Promise:
        with self.stage.work() as uow:
            partnership = uow.partnerships.named(customer)
            [found] = uow.promises.numbered(number, partnership.id)
            return found

    def promises(self) -> list[Promise]:
        return list(self.stage.store.tables.promises.values())

    def facts(self, promise: Promise) -> list[Fact]:
        with self.stage.work() as uow:
            return uow.promises.facts(promise.id)

    def happened(self, promise: Promise) -> list[Kind]:
        return [fact.kind for fact in self.facts(promise)]

    def rows(self, kind: str, *states: SendState) -> list[Any]:
        rows = self.stage.store.tables.outbox.values()
        return [row for row in rows if row.intent.kind == kind and (not states or row.state in states)]

    def denials(self) -> list[Any]:
        return list(self.stage.store.tables.denials.values())

    def add(self, *promises: Promise) -> None:
        """Puts promises there as if they had been made before the curtain rose."""
        with self.stage.work() as uow:
            for promise in promises:
                uow.promises.add(promise)

    # Short ways to a promise in some state

    def has_made(self, words: str = "Acme: send the SOC 2 report by 27 Nov 17:00", **by: Any) -> Promise:
        """Ana promises something; nobody else knows yet."""
        before = {each.id for each in self.promises()}
        outcome = self.says(by.pop("person", ANA), words, **by)
        assert isinstance(outcome, Reply), outcome
        [made] = [each for each in self.promises() if each.id not in before]
        return made

    def has_shown(self, words: str = "Acme: send the SOC 2 report by 27 Nov 17:00", **by: Any) -> Promise:
        """... and shows it to the customer."""
        person = by.get("person", ANA)
        made = self.has_made(words, **by)
        form = opened(self.presses(person, "promise.share", encode(made.id)))
        assert isinstance(self.submits(person, form), Reply)
        self.settle()
        return self.again(made)

    def has_offered(self, promise: Promise, due: str = "2026-12-04", person: Person | None = None) -> Promise:
        """... and asks for another date."""
        by = person or ANA
        form = opened(self.presses(by, "promise.renegotiate", encode(promise.id)))
        assert isinstance(self.submits(by, form, {"due": due, "reason": "The auditor is late"}), Reply)
        self.settle()
        return self.again(promise)

    def again(self, promise: Promise) -> Promise:
        """The promise as it stands now."""
        return self.stage.store.tables.promises[promise.id]

    def _by(self, person: Person, place: Place | None, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "tenant": person.tenant,
            "person_id": person.id,
            "place_id": place.id if place else None,
            "now": self.stage.now,
            "key": f"turn {next(self.turns)}",
            **more,
        }

    def _handle(self, turn: Any) -> Outcome:
        return router.handle(self.ports, turn)


def value_of(card: Card, verb: str) -> str:
    [value] = {button.value for button in card.buttons if button.verb == verb}
    return value


def verbs(card: Card) -> list[str]:
    return [button.verb for button in card.buttons]


def opened(outcome: Outcome) -> Form:
    assert isinstance(outcome, OpenForm), outcome
    return outcome.form


def came_back(outcome: Outcome) -> Form:
    """The form with its errors."""
    assert isinstance(outcome, Invalid), outcome
    return outcome.form


def replied(outcome: Outcome) -> Card:
    assert isinstance(outcome, Reply), outcome
    return outcome.card


def refused(outcome: Outcome) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def errors_of(form: Form) -> dict[str, str]:
    return {each.name: each.error for each in form.fields if each.error}


def preface_of(form: Form) -> str:
    return flat(form.preface)
