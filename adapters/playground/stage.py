"""Plays people: every act is a call that the page could have made. The prologue and the told story use it."""

from __future__ import annotations

from datetime import datetime

from adapters.playground.clock import step
from adapters.playground.messages import Message
from adapters.playground.playing import Answer, Playground


class Lost(Exception):
    """The story cannot go on from here: somebody played it otherwise."""


class Stage:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    @property
    def now(self) -> datetime:
        return self._playground.clock.now()

    def say(self, person: str, place: str, text: str) -> Answer:
        return _went_well(self._playground.say(person, place, text))

    def press(self, person: str, verb: str, *, about: str = "", place: str | None = None) -> Answer:
        """The newest such button that the person sees; `about` is in its promise's or its card's title."""
        for message in reversed(self.sees(person)):
            for button in message.buttons(verb):
                if about in (button.about or _title(message)) and place in (None, message.place_id):
                    pressed = self._playground.press(person, message.ref, verb, button.value)
                    return _went_well(pressed)
        raise Lost(f"{person} sees no {verb}")

    def fill(self, person: str, answer: Answer, **values: str) -> Answer:
        """Submits the form that the answer holds. Raises Lost when it comes back."""
        if answer.token is None:
            raise Lost("no form")
        filled = _went_well(self._playground.submit(person, answer.token, values))
        if filled.form is not None:
            raise Lost(f"{filled.form.id} came back")
        return filled

    def sees(self, person: str) -> tuple[Message, ...]:
        return self._playground.view(person).messages

    def wait_until(self, moment: datetime) -> None:
        """Time passes, and what falls due happens."""
        while step(self._playground.ports, self._playground.clock, moment):
            pass


def _went_well(answer: Answer) -> Answer:
    if answer.error is not None:
        raise Lost(answer.error)
    return answer


def _title(message: Message) -> str:
    return message.card.title if message.card else ""
