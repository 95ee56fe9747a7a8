"""What Teams sent as turns of the bot. Pure: everybody and everything has been looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from adapters.spoken import COMMANDS, command_in, from_asked
from adapters.teams.activities import TEAMS
from adapters.teams.casting import Cast
from adapters.teams.shapes import Gone, Message, Pressed, Quoted
from adapters.teams.texts import meant, of_html
from adapters.teams.whereabouts import PLATFORM, Kind
from bot.addresses import MessageRef
from bot.cards import Form
from bot.retracting import Retracted
from bot.turns import Ask, Joined, Overheard, Press, Submission, Turn


def from_message(message: Message, cast: Cast, key: str, now: datetime) -> Ask:
    """Words to @Kept. In a personal chat, words that name no command are a question what it can do."""
    where = message.where
    text = meant(message.text, message.mentions, where.bot_id, cast.people)
    command, words = command_in(text, is_direct=where.kind is Kind.PERSONAL)
    return Ask(**_stamp(cast, key, now), command=command, words=words)


def overheard(message: Message, cast: Cast, key: str, now: datetime) -> Overheard:
    """A message to others. A thread bears the id of the message it hangs on, which names that one too."""
    where = message.where
    return Overheard(
        **_stamp(cast, key, now),
        text=meant(message.text, message.mentions, where.bot_id, cast.people),
        message=message.id,
        thread=where.thread_id or "" if where.thread_id != message.id else "",
        link=link_to(message),
    )


def retracted(gone: Gone, tenant: str) -> Retracted:
    """Its link is ours, or the one that Teams gave, which may spell the conversation in full or escaped."""
    conversation_id = gone.where.conversation_id
    escaped = quote(conversation_id, safe="")
    spelled = (quote(conversation_id, safe=":@"), escaped, escaped.replace("%3A", "%3a"))
    return Retracted(
        tenant=tenant,
        platform=PLATFORM,
        route=conversation_id,
        message=gone.id,
        links=tuple(dict.fromkeys(f"/l/message/{each}/{gone.id}" for each in spelled)),
        is_edit=gone.is_edit,
    )


def link_to(message: Message) -> str:
    """learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams"""
    where = message.where
    said = {"tenantId": where.host, "parentMessageId": where.thread_id}
    query = urlencode({name: each for name, each in said.items() if each})
    channel, message_id = quote(where.conversation_id, safe=":@"), quote(message.id, safe="")
    return f"{TEAMS[0]}l/message/{channel}/{message_id}?{query}".rstrip("?")


def about_message(
    quoted: Quoted | None, cast: Cast, key: str, now: datetime, author: str | None = None
) -> Ask:
    """ "Track as promise": the message is what it is about; nothing was said besides."""
    quote = (of_html(quoted.text) if quoted.is_html else quoted.text) if quoted else None
    link = quoted.link if quoted else None
    return Ask(
        **_stamp(cast, key, now),
        command=COMMANDS[0],
        words="",
        quote=quote or None,
        link=link,
        quoted_by=author,
    )


def from_kept(kept: Mapping[str, Any], cast: Cast, key: str, now: datetime) -> Ask:
    """Words kept until a form could be opened for them."""
    return from_asked(kept, _stamp(cast, key, now))


def from_press(pressed: Pressed, message_id: str | None, cast: Cast, key: str, now: datetime) -> Press:
    message = message_at(message_id, cast) if message_id is not None else None
    return Press(**_stamp(cast, key, now), verb=pressed.verb, value=pressed.carried, message=message)


def from_form(
    form: Form, place_id: str | None, values: Mapping[str, str], cast: Cast, key: str, now: datetime
) -> Submission:
    """`place_id` is where the form was asked for."""
    return Submission(
        **_stamp(cast, key, now) | {"place_id": place_id},
        form_id=form.id,
        subject=form.subject,
        values=values,
    )


def look(cast: Cast, now: datetime) -> Turn:
    """Nobody did anything: a client asks what to show."""
    return Turn(**_stamp(cast, "", now))


def message_at(message_id: str, cast: Cast) -> MessageRef:
    """Where they are just now, which is what tells a card of ours from one that was passed on (L34)."""
    return MessageRef(platform=PLATFORM, tenant=cast.tenant, place_id=cast.place_id, key=message_id)


def joined(cast: Cast, key: str, now: datetime) -> Joined:
    return Joined(**_stamp(cast, key, now))


def _stamp(cast: Cast, key: str, now: datetime) -> dict[str, Any]:
    return {
        "tenant": cast.tenant,
        "person_id": cast.person_id,
        "place_id": cast.place_id,
        "now": now,
        "key": key,
    }
