"""One turn, from what somebody did to what they see next. Synchronous: all of it is done in the pool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.spoken import asked, form_offer
from adapters.teams import turns
from adapters.teams.answers import Drawing, Said, said
from adapters.teams.cards import OPEN_FORM
from adapters.teams.casting import Cast
from adapters.teams.desk import Desk
from adapters.teams.dialogs import Dialogs, is_token
from adapters.teams.forms import read_values
from adapters.teams.shapes import Pressed
from adapters.teams.spans import Json
from bot.addresses import Place, PlaceKind
from bot.cards import Form
from bot.readers import reader_for
from bot.router import handle
from bot.scene import actor_of
from bot.turns import Ask, Invalid, OpenForm, Outcome, Reply, Turn
from commitments.partnership import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    said: Said
    drawing: Drawing
    body: Json | None = None  # of the message that says it, where it is drawn already


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Who did something where, when, and the key under which it has one effect."""

    cast: Cast
    key: str
    now: datetime


class Taking:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._dialogs = Dialogs(desk.asks)

    def take(self, turn: Turn) -> Answered:
        """For an answer that may show a form."""
        return self._answered(turn, handle(self._desk.ports, turn))

    def take_ask(self, ask: Ask) -> Answered:
        """For an answer that is a message: the form is behind a button, which alone can open a dialog."""
        outcome = handle(self._desk.ports, ask)
        if not isinstance(outcome, (OpenForm, Invalid)):
            return self._answered(ask, outcome)
        ask_id = self._desk.ports.new_id()
        person = self._person(ask.tenant, ask.person_id)
        offer = form_offer(self._desk.ports, ask, outcome, OPEN_FORM, ask_id)
        if person is None or offer is None:
            return Answered(said=Said(), drawing=Drawing())
        self._desk.asks.keep(ask_id, ask.tenant, person.account, asked(ask), ask.now)
        return Answered(said=Said(card=offer), drawing=self._drawing(person, ask.now))

    def act(self, pressed: Pressed, message_id: str | None, this: Occurrence) -> Answered:
        """A press on a card, a form that was filled, or the button behind which a form waits."""
        turn = self._turn(pressed, message_id, this)
        if turn is None:
            return Answered(said=Said(text=self._desk.words()("open_form.gone")), drawing=Drawing())
        return self.take(turn)

    def customers_place(self, cast: Cast) -> Place | None:
        """Where somebody from outside may be answered before others: their own partnership's channel."""
        with self._desk.ports.open_uow(cast.tenant) as uow:
            place, person = uow.places.get(cast.place_id), uow.people.get(cast.person_id)
            if place is None or person is None or place.kind is not PlaceKind.CUSTOMER:
                return None
            return place if place.partnership_id in actor_of(uow, person).customer_of else None

    def private_place(self, cast: Cast) -> Place | None:
        if cast.private_id is None:
            return None
        with self._desk.ports.open_uow(cast.tenant) as uow:
            return uow.places.get(cast.private_id)

    def _turn(self, pressed: Pressed, message_id: str | None, this: Occurrence) -> Turn | None:
        """None: what it belonged to is from earlier."""
        if pressed.verb == OPEN_FORM:
            return self._waiting(pressed.carried, this)
        if is_token(pressed.carried):
            return self._filled(pressed, this)
        return turns.from_press(pressed, message_id, this.cast, this.key, this.now)

    def _waiting(self, ask_id: str, this: Occurrence) -> Turn | None:
        person = self._person(this.cast.tenant, this.cast.person_id)
        kept = self._desk.asks.find(ask_id, person.tenant, person.account, this.now) if person else None
        return turns.from_kept(kept, this.cast, this.key, this.now) if kept and "command" in kept else None

    def _filled(self, pressed: Pressed, this: Occurrence) -> Turn | None:
        """One form has one effect, however often it is sent."""
        person = self._person(this.cast.tenant, this.cast.person_id)
        opened = self._dialogs.find(pressed.carried, person, this.now) if person else None
        if opened is None or opened.form.id != pressed.verb:
            return None
        values = read_values(opened.form, pressed.entered)
        key = f"form:{pressed.carried}"
        return turns.from_form(opened.form, opened.place_id, values, this.cast, key, this.now)

    def _answered(self, turn: Turn, outcome: Outcome) -> Answered:
        if isinstance(outcome, Reply):
            return Answered(said=said(outcome), drawing=Drawing(tenant=self._desk.tenant))
        person = self._person(turn.tenant, turn.person_id)
        if person is None:
            return Answered(said=said(outcome), drawing=Drawing())
        token = ""
        if isinstance(outcome, (OpenForm, Invalid)):
            token = self._kept(outcome.form, person, turn)
        return Answered(said=said(outcome, token), drawing=self._drawing(person, turn.now))

    def _kept(self, form: Form, person: Person, turn: Turn) -> str:
        token = self._desk.ports.new_id()
        self._dialogs.keep(token, person, form, turn.place_id, turn.now)
        return token

    def _drawing(self, person: Person, now: datetime) -> Drawing:
        say = reader_for(self._desk.ports, person, now)
        return Drawing(needed=say("refusal.needed"), again=say("teams.again"), tenant=self._desk.tenant)

    def _person(self, tenant: str, person_id: str) -> Person | None:
        with self._desk.ports.open_uow(tenant) as uow:
            return uow.people.get(person_id)
