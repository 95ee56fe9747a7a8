"""The JSON that the playground speaks: what comes in is checked, what goes out has one shape each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.playground.messages import Message
from adapters.playground.playing import Answer, Malformed, View
from bot.addresses import Place
from bot.cards import Button, Card, Field, Form
from bot.plain import body, flat
from commitments.partnership import Person

DEEPEST = 8  # levels; our own calls have two
_LONGEST_NAME = 200  # characters of an id


class Call:
    """One request's fields. Every reader raises Malformed and says which field is wrong."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """Required, and not empty."""
        value = self.maybe_text(name)
        if value is None:
            raise Malformed(f"{name}: missing")
        if not value.strip():
            raise Malformed(f"{name}: empty")
        return value

    def maybe_text(self, name: str) -> str | None:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            raise Malformed(f"{name}: not a text")
        return None if value is None else _storable(value)

    def name(self, name: str) -> str:
        """An id."""
        return _short(name, self.text(name))

    def maybe_name(self, name: str) -> str | None:
        value = self.maybe_text(name)
        return None if value is None else _short(name, value)

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts; null is an empty one."""
        value = self._fields.get(name)
        if not isinstance(value, dict) or not all(isinstance(each, str | None) for each in value.values()):
            raise Malformed(f"{name}: not an object of texts")
        return {key: _storable(each or "") for key, each in value.items()}

    def is_true(self, name: str) -> bool:
        return self._fields.get(name) is True

    def only(self, *names: str) -> str:
        """Which one of the fields was sent."""
        sent = [name for name in names if self._fields.get(name) is not None]
        if len(sent) != 1:
            raise Malformed(f"say exactly one of {', '.join(names)}")
        return sent[0]


def read_call(raw: bytes) -> Call:
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None
    if not isinstance(fields, dict) or _is_deeper(fields, DEEPEST):
        raise Malformed("the body is not an object of a few levels")
    return Call(fields)


def read_moment(text: str) -> datetime:
    """ISO 8601; without an offset it is UTC. Aware, UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed("to: not an ISO moment, such as 2026-11-27T09:00:00+01:00") from None


def state_json(view: View) -> dict[str, Any]:
    return {
        "now": view.now.isoformat(),
        "people": [person_json(person) for person in view.people.values()],
        "places": [place_json(place) for place in view.places],
        "messages": [message_json(message) for message in view.messages],
    }


def person_json(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "side": "ours" if person.is_ours else "theirs"}


def place_json(place: Place) -> dict[str, Any]:
    return {"id": place.id, "name": place.name, "audience": place.kind.value}


def message_json(message: Message) -> dict[str, Any]:
    shape = {
        "id": message.ref,
        "place": message.place_id,
        "author": message.author or "kept",
        "at": message.at.isoformat(),
        "text": message.text,
        "card": card_json(message.card) if message.card else None,
    }
    extra = {"reply_to": message.thread, "only_you": True if message.only_for else None}
    return shape | {name: value for name, value in extra.items() if value is not None}


def card_json(card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "text": body(card),
        "tone": card.tone.value,
        "buttons": [button_json(button) for button in card.buttons],
    }


def button_json(button: Button) -> dict[str, Any]:
    return {"verb": button.verb, "label": button.label, "value": button.value, "about": button.about}


def form_json(form: Form, token: str | None) -> dict[str, Any]:
    return {
        "id": form.id,
        "token": token,
        "title": form.title,
        "preface": flat(form.preface),
        "fields": [field_json(field) for field in form.fields],
        "submit": form.submit,
    }


def field_json(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "value": field.value,
        "required": field.required,
        "hint": field.hint or None,
        "long": field.long,
        "error": field.error or None,
    }
    if field.options:
        shape["options"] = [{"value": option.value, "label": option.label} for option in field.options]
    return shape


def answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "reply": card_json(answer.reply) if answer.reply else None,
        "message": answer.message,
        "form": form_json(answer.form, answer.token) if answer.form else None,
        "error": answer.error,
    }


def _storable(text: str) -> str:
    """JSON can spell halves of a character, which no database takes."""
    return text.encode("utf-8", "replace").decode()


def _short(name: str, value: str) -> str:
    if len(value) > _LONGEST_NAME:
        raise Malformed(f"{name}: too long")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)
