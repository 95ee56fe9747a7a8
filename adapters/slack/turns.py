"""Slack's payloads as turns of the bot. Pure: everybody and everything has been looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.blocks import verb_of
from adapters.slack.casting import DIRECT, Cast
from adapters.slack.events import Gone, Said
from adapters.slack.identity import PLATFORM
from adapters.slack.shapes import Action, Command
from adapters.slack.texts import meant, without
from adapters.spoken import COMMANDS, command_in, from_asked
from bot.addresses import MessageRef
from bot.retracting import Retracted
from bot.turns import Ask, Joined, Overheard, Press, Submission

_BETWEEN = "|"  # stands in neither a place's id nor a form's subject


def from_command(command: Command, cast: Cast, key: str, now: datetime) -> Ask:
    return Ask(
        **_stamp(cast, key, now),
        command=command.name.removeprefix("/"),
        words=meant(command.text, cast.people, cast.channels),
    )


def about_message(
    text: str, link: str | None, cast: Cast, key: str, now: datetime, author: str | None = None
) -> Ask:
    """ "Track as promise": the message is what it is about; nothing was said besides."""
    quote = meant(text, cast.people, cast.channels) or None
    by = cast.people.get(author) if author else None
    return Ask(**_stamp(cast, key, now), command=COMMANDS[0], words="", quote=quote, link=link, quoted_by=by)


def from_said(said: Said, link: str | None, cast: Cast, key: str, now: datetime) -> Ask:
    """Words to @Kept. In a direct conversation, words that name no command are a question what it can do."""
    text = without(said.text, cast.bot_user_id)
    command, words = command_in(text, is_direct=said.channel_id.startswith(DIRECT))
    return Ask(
        **_stamp(cast, key, now),
        command=command,
        words=meant(words, cast.people, cast.channels),
        link=link if said.thread_ts else None,
    )


def overheard(said: Said, link: str | None, people: Mapping[str, str], cast: Cast, at: datetime) -> Overheard:
    """A message to others. A thread bears the timestamp of the message it hangs on, which names it too."""
    is_reply = said.thread_ts is not None and said.thread_ts != said.ts
    return Overheard(
        **_stamp(cast, f"heard:{said.client_msg_id or f'{said.channel_id}:{said.ts}'}", at),
        text=meant(said.text, people, {}),
        message=said.ts,
        thread=said.thread_ts or "" if is_reply else "",
        link=link,
    )


def retracted(gone: Gone, tenant: str) -> Retracted:
    """A link to a message ends in its timestamp: docs.slack.dev/reference/methods/chat.getPermalink"""
    return Retracted(
        tenant=tenant,
        platform=PLATFORM,
        route=gone.channel_id,
        message=gone.ts,
        links=(f"/archives/{gone.channel_id}/p{gone.ts.replace('.', '')}",),
        is_edit=gone.is_edit,
    )


def from_kept(kept: Mapping[str, Any], cast: Cast, key: str, now: datetime) -> Ask:
    """Words kept until a form could be opened for them."""
    return from_asked(kept, _stamp(cast, key, now))


def from_press(
    action: Action, message_ts: str | None, cast: Cast, key: str, now: datetime, place_id: str | None
) -> Press:
    place_id = cast.place_id if place_id is None else place_id
    message = None
    if message_ts is not None and place_id is not None:
        message = MessageRef(platform=PLATFORM, tenant=cast.tenant, place_id=place_id, key=message_ts)
    return Press(
        **_stamp(cast, key, now) | {"place_id": place_id},
        verb=verb_of(action.action_id),
        value=action.value or "",
        message=message,
    )


def from_form(
    form_id: str, token: str, values: Mapping[str, str], cast: Cast, key: str, now: datetime
) -> Submission:
    place_id, subject = read_token(token)
    return Submission(
        **_stamp(cast, key, now) | {"place_id": place_id},
        form_id=form_id,
        subject=subject,
        values=values,
    )


def joined(cast: Cast, key: str, now: datetime) -> Joined:
    return Joined(**_stamp(cast, key, now))


def token(place_id: str | None, subject: str) -> str:
    """What a dialog carries, unseen but readable: random ids only (L04)."""
    return f"{place_id or ''}{_BETWEEN}{subject}"


def read_token(text: str) -> tuple[str | None, str]:
    place_id, _, subject = text.partition(_BETWEEN)
    return place_id or None, subject


def _stamp(cast: Cast, key: str, now: datetime) -> dict[str, Any]:
    return {
        "tenant": cast.tenant,
        "person_id": cast.person_id,
        "place_id": cast.place_id,
        "now": now,
        "key": key,
    }
