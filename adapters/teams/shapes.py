"""What Teams may send us, as values of ours. Whatever does not fit is `Unknown`: kept, and not acted on.

Message                               somebody wrote: in private, or with a mention of Kept
Gone                                  a message was deleted, or reads otherwise now
CardAction, CardSubmit                buttons of cards: executed, or submitted by a client that cannot execute
DialogFetch, DialogSubmit             forms
ExtensionFetch, ExtensionSubmit       "Track as promise", on a message or beside the compose box
ExtensionQuery                        the search "my promises"
Installed, Uninstalled                Kept came to a person, a team or a chat, or left it
MembersChanged, ChannelChanged        who and what is there is to be read again
Unheeded                              sound, and nothing Kept acts on
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.teams.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    user_id: str  # of a person, a bot, a channel or a team
    tag: str  # as it stands in the text: "<at>Ben</at>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a card of ours carries, and what was entered beside it."""

    verb: str
    carried: str
    entered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    kind: str  # the type, and an invocation's name
    where: Whereabouts
    id: str
    sent_at: str  # as Teams wrote it; only ever compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Activity):
    text: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone(Activity):
    """`id` is the message's."""

    is_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAction(Activity):
    pressed: Pressed
    message_id: str | None  # of the card
    is_refresh: bool  # a client asks by itself; nobody pressed anything


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSubmit(Activity):
    pressed: Pressed
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogFetch(Activity):
    pressed: Pressed
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogSubmit(Activity):
    pressed: Pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The message an extension was used on."""

    text: str  # HTML where `is_html`
    is_html: bool
    link: str | None
    author: str | None = None  # their object id, in whatever tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFetch(Activity):
    command: str
    quoted: Quoted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionSubmit(Activity):
    command: str
    pressed: Pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionQuery(Activity):
    command: str
    words: str
    skip: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed(Activity):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled(Activity):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged(Activity):
    added: tuple[str, ...]  # user ids
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(Activity):
    """Renamed, deleted, shared, unshared, ...: its facts are to be read again."""

    change: str  # as Teams spells it: "channelShared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheeded:
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    kind: str  # as far as it can be told
    reason: str  # the path of what did not fit
    host: str | None = None


Heeded = (
    Message
    | Gone
    | CardAction
    | CardSubmit
    | DialogFetch
    | DialogSubmit
    | ExtensionFetch
    | ExtensionSubmit
    | ExtensionQuery
    | Installed
    | Uninstalled
    | MembersChanged
    | ChannelChanged
)
Shape = Heeded | Unheeded | Unknown


def replay_key(shape: Heeded) -> str:
    """The same for the same occurrence, however often and under whatever id it is delivered (F29)."""
    stamp = shape.sent_at or shape.id
    words = shape.text if isinstance(shape, Message) else shape.id
    said = "\n".join((shape.where.conversation_id, shape.where.actor_id, stamp, words))
    return f"teams:{hashlib.sha256(said.encode()).hexdigest()}"


def act_of(shape: Heeded) -> str | None:
    """The same for a press that is delivered again as if it were new; None for what is no press."""
    if not isinstance(shape, (CardAction, CardSubmit, DialogSubmit, ExtensionSubmit)):
        return None
    if isinstance(shape, CardAction) and shape.is_refresh:
        return None
    pressed = [shape.pressed.verb, shape.pressed.carried, dict(shape.pressed.entered)]
    said = [type(shape).__name__, getattr(shape, "message_id", None), pressed]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
