"""What Kept shows, before any platform has its say: cards and forms of typed spans.

Card     title, blocks, buttons, tone; the plain-text twin is worked out by `bot.plain`
|-- Paragraph | Facts | Bullets
Form     fields and a verb; an adapter shows it as a modal, a dialog or a page
Span     str | Mention | Moment | Strong | Link: escaping happens once, in each renderer
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, named; renderers may notify them. Only ever built from ids we looked up."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment with its words in the reader's language and the zone that was agreed."""

    at: datetime  # aware, UTC
    words: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of ours; user text never becomes one."""

    text: str
    url: str


Span = str | Mention | Moment | Strong | Link
Text = tuple[Span, ...]


def stacked(lines: Iterable[Text]) -> Text:
    """One below the other."""
    return tuple(span for line in lines for span in ("\n", *line))[1:]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text


@dataclass(frozen=True, slots=True)
class Facts:
    pairs: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


Block = Paragraph | Facts | Bullets


class Tone(StrEnum):
    CALM = "calm"
    ATTENTION = "attention"
    CELEBRATION = "celebration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    verb: str  # wire name, never translated
    label: str
    value: str = ""  # see `encode`; random ids only
    about: str = ""  # the promise's title, where a card holds several
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.CALM
    shows: str = ""  # the promise it stands for where both sides read it: its buttons differ, see `viewing`


class FieldType(StrEnum):
    TEXT = "text"
    MOMENT = "moment"
    CHOICE = "choice"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    label: str
    type: FieldType = FieldType.TEXT
    value: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    hint: str = ""
    error: str = ""
    long: bool = False  # several lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A dialog. `subject` is what it is about (an encoded value) and travels with it, unseen."""

    id: str  # the verb it submits, such as promise.renegotiate
    title: str
    fields: tuple[Field, ...]
    submit: str
    subject: str = ""
    preface: Text = ()

    def value_of(self, name: str) -> str:
        return next((f.value for f in self.fields if f.name == name), "")


WIRE_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a button carries: which thing, and which question about it."""

    subject: str  # a random id
    question: str = ""  # the proposal's id, the rung, ...: tells a late press from a timely one


def encode(subject: str, question: str = "") -> str:
    return ":".join((WIRE_VERSION, subject, question))


def decode(value: str) -> Value | None:
    """None for anything this version does not know: the reader then gets the current card."""
    parts = value.split(":")
    if len(parts) != 3 or parts[0] != WIRE_VERSION or not parts[1]:
        return None
    return Value(subject=parts[1], question=parts[2])
