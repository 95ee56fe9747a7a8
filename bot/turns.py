"""One inbound thing, and what the actor sees next. Adapters make turns and render outcomes.

Turn     Ask | Press | Submission | Joined | Overheard
Outcome  Reply | OpenForm | Invalid | Refused | Silence
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.addresses import MessageRef
from bot.cards import Card, Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who did it, where and when. Ids are Kept's own: the adapter has looked them up."""

    tenant: str
    person_id: str
    place_id: str | None
    now: datetime  # aware, UTC: when the platform received it
    key: str  # unique per inbound thing; a second turn with the same key has no effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Turn):
    """Words said to Kept. People are `<@person-id>` and places `<#place-id>`; the rest is as typed."""

    command: str  # promise, win, heard, partner
    words: str
    quote: str | None = None  # the message it was said about, for "track this"
    link: str | None = None
    quoted_by: str | None = None  # the person who wrote that message, where it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Turn):
    verb: str
    value: str
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Turn):
    form_id: str
    subject: str
    values: Mapping[str, str] = field(default_factory=dict)  # every field of the form, sent or kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Turn):
    """Kept was added to a place; `person_id` is who added it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overheard(Turn):
    """A message in a place that was not said to Kept; `person_id` is who wrote it."""

    text: str
    message: str  # the platform's own key of it
    thread: str = ""  # the key of the message it hangs on; empty: on the channel's main line
    link: str | None = None
    is_plain: bool = True  # a person wrote it just now: no bot, no edit, no notice of somebody joining


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Said to the actor only."""

    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """A form to fill. Unless `stored`, nothing was done: a retry of the turn opens it again.

    `instead` is said where a form opens only to a press, and asking once more would not open it.
    """

    form: Form
    stored: bool = False
    instead: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A form comes back with errors by field; nothing was saved."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Kept says no, in words, with what to do next; `card` is the current card where there is one."""

    text: str
    card: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing to say. Unless `stored`, nothing was done either, and nothing is kept."""

    stored: bool = True


Outcome = Reply | OpenForm | Invalid | Refused | Silence
