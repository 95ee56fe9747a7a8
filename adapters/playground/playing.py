"""What a person does in the playground becomes a turn, and the outcome what they see next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from adapters.playground.clock import WORKER, Clock
from adapters.playground.messages import PLATFORM, TENANT, Message, Messages
from adapters.playground.open_forms import OpenedForm, OpenForms, opened
from adapters.playground.people import people_of, places_seen_by, private_place_id, resolve
from bot import sweeps
from bot.addresses import MessageRef, Place, PlaceKind
from bot.cards import Card, Form
from bot.ports import Ports
from bot.previewing import Preview, preview
from bot.readers import reader_for
from bot.router import handle
from bot.turns import Ask, Invalid, OpenForm, Outcome, Overheard, Press, Refused, Reply, Submission, Turn
from commitments.partnership import Person
from commitments.text import clean

LONGEST = 40_000  # characters of a message, as on Slack
COMMANDS = ("promise", "win", "heard", "partner")
_SLASH = re.compile(r"/(?P<command>\w+)(?:\s+(?P<words>.*))?", re.DOTALL)
_MENTION = re.compile(
    r"@kept(?![\w-])[:,]?\s*(?:/?(?P<command>promise|win|heard|partner)(?:\s+|$))?(?P<words>.*)",
    re.DOTALL | re.IGNORECASE,
)


class Malformed(Exception):
    """The call itself is wrong: no such person, place, message or form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the person sees next."""

    reply: Card | None = None
    message: str | None = None
    form: Form | None = None
    token: str | None = None  # of the form: the very one that is open
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one person may see; without one, everybody's names and nothing else."""

    now: datetime
    people: Mapping[str, Person]
    person: Person | None = None
    places: tuple[Place, ...] = ()
    messages: tuple[Message, ...] = ()
    partnerships: Mapping[str, str] = field(default_factory=dict)  # names by id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Presence:
    """Somebody in a place they may see."""

    people: Mapping[str, Person]
    person: Person
    place: Place
    places: list[Place]


class Playground:
    """Each act commits, and what follows from it follows at once. Acts must not overlap."""

    def __init__(self, ports: Ports, engine: Engine, clock: Clock) -> None:
        self.ports = ports
        self.clock = clock
        self.messages = Messages(engine)
        self._forms = OpenForms(engine)

    def view(self, person_id: str | None) -> View:
        with self.ports.open_uow(TENANT) as uow:
            people = people_of(uow)
            if person_id is None:
                return View(now=self.clock.now(), people=people)
            person = _known(people, person_id)
            places = places_seen_by(uow, person_id)
            partnerships = {each.id: each.name for each in uow.partnerships.all()}
        return View(
            now=self.clock.now(),
            people=people,
            person=person,
            places=tuple(places),
            messages=tuple(self.messages.seen_by(person_id, [place.id for place in places])),
            partnerships=partnerships,
        )

    def look(self, person_id: str, ref: str) -> Message | None:
        """None unless that person may see it."""
        with self.ports.open_uow(TENANT) as uow:
            _known(people_of(uow), person_id)
            places = {place.id for place in places_seen_by(uow, person_id)}
        found = self.messages.get(ref)
        is_seen = found is not None and found.place_id in places and found.only_for in (None, person_id)
        return found if is_seen else None

    def say(self, person_id: str, place_id: str, text: str, reply_to: str | None = None) -> Answer:
        presence = self._enter(person_id, place_id)
        answered = self._seen(person_id, reply_to) if reply_to else None
        asked = _asked(text)
        if asked is None:
            return self._write(presence, text, answered)
        command, words = asked
        if command not in COMMANDS:
            say = reader_for(self.ports, presence.person, self.clock.now())
            return Answer(error=say("playground.unknown_command", command=clean(command, 40)))
        return self._ask(presence, command, words, answered)

    def press(self, person_id: str, ref: str, verb: str, value: str | None = None) -> Answer:
        message = self._seen(person_id, ref)
        turn = Press(
            **self._stamp(person_id, message.place_id),
            verb=verb,
            value=_value(message, verb, value),
            message=MessageRef(platform=PLATFORM, tenant=TENANT, place_id=message.place_id, key=ref),
        )
        answer = self._take(turn)
        return Answer(message=ref) if answer == Answer() else answer

    def submit(self, person_id: str, name: str, values: Mapping[str, str]) -> Answer:
        """`name` is the form's id or its token. A field not sent keeps its value."""
        form = self._forms.find(person_id, name)
        if form is None:
            raise Malformed("that form is not open for this person")
        answer = self._take(self._filled(form, values))
        if answer.form is None and answer.error is None:
            self._forms.close(form.token)
        return answer

    def read(self, person_id: str, name: str, field: str, values: Mapping[str, str]) -> Preview | None:
        """How a moment that is being typed would be read; None once the form is closed. Nothing is done."""
        form = self._forms.find(person_id, name)
        if form is None:
            return None
        if field not in form.values:
            raise Malformed("field: not in that form")
        return preview(self.ports, self._filled(form, values), field)

    def _filled(self, form: OpenedForm, values: Mapping[str, str]) -> Submission:
        sent = {key: value for key, value in values.items() if key in form.values}
        return Submission(
            **self._stamp(form.person_id, form.place_id),
            form_id=form.form_id,
            subject=form.subject,
            values={**form.values, **sent},
        )

    def _enter(self, person_id: str, place_id: str) -> _Presence:
        with self.ports.open_uow(TENANT) as uow:
            people = people_of(uow)
            person = _known(people, person_id)
            places = places_seen_by(uow, person_id)
        place = next((place for place in places if place.id == place_id), None)
        if place is None:
            raise Malformed("no such place for this person")
        return _Presence(people=people, person=person, place=place, places=places)

    def _seen(self, person_id: str, ref: str) -> Message:
        found = self.look(person_id, ref)
        if found is None:
            raise Malformed("no such message for this person")
        return found

    def _write(self, presence: _Presence, text: str, answered: Message | None) -> Answer:
        """An ordinary message; to Kept itself it is a question what Kept can do."""
        written = Message(
            ref=self.ports.new_id(),
            place_id=presence.place.id,
            at=self.clock.now(),
            author=presence.person.id,
            text=clean(text, LONGEST),
            thread=answered.ref if answered else None,
        )
        if not written.text:
            raise Malformed("text: nothing visible in it")
        self.messages.add(written)
        if presence.place.kind is PlaceKind.PRIVATE:
            return self._ask(presence, "promise", "help", None)
        self._take(self._overheard(presence, written, answered))
        return Answer(message=written.ref)

    def _overheard(self, presence: _Presence, written: Message, answered: Message | None) -> Overheard:
        """A thread bears the key of the message it began with."""
        return Overheard(
            **self._stamp(presence.person.id, presence.place.id),
            text=resolve(written.text, presence.people, presence.places),
            message=written.ref,
            thread=(answered.thread or answered.ref) if answered else "",
            link=_link_to(written),
        )

    def _ask(self, presence: _Presence, command: str, words: str, answered: Message | None) -> Answer:
        turn = Ask(
            **self._stamp(presence.person.id, presence.place.id),
            command=command,
            words=resolve(words, presence.people, presence.places),
            quote=answered.text if answered else None,
            link=_link_to(answered) if answered else None,
            quoted_by=answered.author if answered else None,
        )
        return self._take(turn)

    def _stamp(self, person_id: str, place_id: str | None) -> dict[str, Any]:
        """What every turn bears."""
        return {
            "tenant": TENANT,
            "person_id": person_id,
            "place_id": place_id,
            "now": self.clock.now(),
            "key": self.ports.new_id(),
        }

    def _take(self, turn: Turn) -> Answer:
        answer = self._answer(turn, handle(self.ports, turn))
        sweeps.settle(self.ports, WORKER)
        return answer

    def _answer(self, turn: Turn, outcome: Outcome) -> Answer:
        match outcome:
            case Reply(card=card):
                return Answer(reply=card, message=self._reply(turn, card))
            case OpenForm(form=form) | Invalid(form=form):
                return Answer(form=form, token=self._open(turn, form))
            case Refused(text=text, card=Card() as card):
                return Answer(error=text, reply=card, message=self._reply(turn, card))
            case Refused(text=text):
                return Answer(error=text)
            case _:
                return Answer()

    def _reply(self, turn: Turn, card: Card) -> str:
        """Seen by the one it answers, in the place where they acted."""
        said = Message(
            ref=self.ports.new_id(),
            place_id=turn.place_id or private_place_id(turn.person_id),
            at=self.clock.now(),
            only_for=turn.person_id,
        )
        self.messages.add(said.showing(card))
        return said.ref

    def _open(self, turn: Turn, form: Form) -> str:
        kept = opened(
            form,
            token=self.ports.new_id(),
            person_id=turn.person_id,
            place_id=turn.place_id,
            at=turn.now,
        )
        self._forms.keep(kept)
        return kept.token


def _known(people: Mapping[str, Person], person_id: str) -> Person:
    if person_id not in people:
        raise Malformed("no such person")
    return people[person_id]


def _link_to(message: Message) -> str:
    return f"/?place={message.place_id}#message-{message.ref}"


def _asked(text: str) -> tuple[str, str] | None:
    """The command and its words, when Kept is spoken to."""
    text = text.strip()
    if slash := _SLASH.fullmatch(text):
        return slash["command"].casefold(), slash["words"] or ""
    if mention := _MENTION.fullmatch(text):
        return (mention["command"] or COMMANDS[0]).casefold(), mention["words"]
    return None


def _value(message: Message, verb: str, value: str | None) -> str:
    """What the button carries. One that was edited away counts too: then the answer is how things are now."""
    if value is not None:
        if (verb, value) in message.offered:
            return value
        raise Malformed("that message has no such button")
    shown = {button.value for button in message.buttons(verb)}
    found = shown or {each for name, each in message.offered if name == verb}
    if not found:
        raise Malformed("that message has no such button")
    if len(found) > 1:
        raise Malformed(f"{verb} stands {len(found)} times in that message: say which by its value")
    return found.pop()
