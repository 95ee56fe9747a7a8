"""Words to @Kept, on whatever platform: the command they begin with, and words that wait for a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cards import Button, Card, FieldType, Form, Paragraph, Text
from bot.ports import Ports
from bot.readers import reader_for
from bot.turns import Ask, Invalid, OpenForm

COMMANDS = ("promise", "win", "heard", "partner")
_SPOKEN = re.compile(rf"/?(?P<command>{'|'.join(COMMANDS)})(?:\s+|$)(?P<words>.*)", re.IGNORECASE | re.DOTALL)
_CALLED = re.compile(r"^\s*@kept\b[:,]?\s*", re.IGNORECASE)
_KEPT = ("command", "words", "quote", "link", "place_id")


def command_in(text: str, *, is_direct: bool) -> tuple[str, str]:
    """Command and words. In private, words that name no command are a question what Kept can do.

    "@Kept" may be typed where there is nothing to mention it with.
    """
    text = _CALLED.sub("", text)
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        return spoken["command"].casefold(), spoken["words"]
    if text.strip().casefold() == "link":  # a channel's first words to Kept, as the introduction names them
        return "partner", "link"
    return COMMANDS[0], "help" if is_direct or not text else text


def asked(ask: Ask) -> dict[str, Any]:
    """To be kept until a form can be opened for them."""
    return {name: getattr(ask, name) for name in _KEPT}


def from_asked(kept: Mapping[str, Any], stamp: Mapping[str, Any]) -> Ask:
    """`stamp` is of the press that opens the form; the place is where the words were said."""
    return Ask(**{**stamp, **{name: kept[name] for name in _KEPT}})


def form_offer(ports: Ports, ask: Ask, opened: OpenForm | Invalid, verb: str, ask_id: str) -> Card | None:
    """Platforms open a form only to whoever pressed something, so there is something to press."""
    if isinstance(opened, OpenForm) and opened.instead is not None:
        return opened.instead
    with ports.open_uow(ask.tenant) as uow:
        person = uow.people.get(ask.person_id)
    if person is None:
        return None
    say = reader_for(ports, person, ask.now)
    press = Button(verb=verb, label=say("open_form.button"), value=ask_id, primary=True)
    lines = (opened.form.preface, *_questions(opened.form), say.text("open_form.body"))
    blocks = tuple(Paragraph(line) for line in lines if line)
    return Card(title=opened.form.title, blocks=blocks, buttons=(press,))


def _questions(form: Form) -> Iterator[Text]:
    """Why words were not enough: what does not fit, and which moment is meant."""
    for field in form.fields:
        if asked_about := field.error or (
            field.hint if field.options and field.type is FieldType.MOMENT else ""
        ):
            yield (asked_about,)
