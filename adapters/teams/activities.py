"""Reads what Teams sends into the values in `shapes`.

Field names are those of recorded payloads (see the tests), and of the page subscribe-to-conversation-events
below learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters import fields
from adapters.fields import Odd
from adapters.teams.cards import KEPT, VERB
from adapters.teams.shapes import (
    CardAction,
    CardSubmit,
    ChannelChanged,
    DialogFetch,
    DialogSubmit,
    ExtensionFetch,
    ExtensionQuery,
    ExtensionSubmit,
    Gone,
    Installed,
    MembersChanged,
    Mention,
    Message,
    Pressed,
    Quoted,
    Shape,
    Unheeded,
    Uninstalled,
    Unknown,
)
from adapters.teams.whereabouts import Kind, Whereabouts

BOT = "28:"  # how the ids of bots begin
THREAD_ID = "19:"  # how the ids of conversations among people begin; one's chat with a bot has "a:"
MENTIONS_AT_MOST = 20  # of one message; further ones stay names
_THREAD = ";messageid="
EDITED, DELETED = "messageUpdate", "messageDelete"
_UNDONE = "undeleteMessage"
_REFRESHED = "automatic"
TEAMS = ("https://teams.microsoft.com/", "https://teams.cloud.microsoft/")  # where links to messages lead


class Fields(fields.Fields):
    __slots__ = ()

    ID = re.compile(r"[!-~]{1,400}")  # a personal chat's has about 150 characters


def read(activity: object, service_url: str) -> Shape:
    """Never raises. `service_url` is the one the gate has checked."""
    kind = kind_of(activity)
    try:
        payload = Fields(activity)
        reader = _READERS.get(kind)
        return reader(payload, service_url) if reader else Unheeded(kind=kind)
    except Odd as odd:
        return Unknown(kind=kind, reason=str(odd), host=_host_or_none(activity))


def kind_of(activity: object) -> str:
    """The type, and an invocation's name."""
    if not isinstance(activity, Mapping):
        return "activity"
    said = [activity.get(name) for name in ("type", "name")]
    kind, name = (each[:60] if isinstance(each, str) else "" for each in said)
    return f"invoke {name}" if kind == "invoke" else kind or "activity"


def _message(payload: Fields, service_url: str) -> Shape:
    """Bots do not speak to Kept (L22); a submitted card comes as a message without words of its own."""
    common = _common(payload, service_url)
    if common["where"].actor_id.startswith(BOT):
        return Unheeded(kind="message of a bot")
    if "value" in payload:
        return CardSubmit(**common, pressed=_pressed(payload.part("value")), message_id=_card(payload))
    return Message(**common, text=payload.text_or("text"), mentions=tuple(_mentions(payload)))


def _gone(payload: Fields, service_url: str) -> Shape:
    """A deletion that is undone brings no words back. What is odd is not set aside, since it has words."""
    try:
        common = _common(payload, service_url)
    except Odd:
        return Unheeded(kind=kind_of(payload.raw()))
    undone = _channel_data(payload).text_or("eventType") == _UNDONE
    if undone or common["where"].actor_id.startswith(BOT):
        return Unheeded(kind=common["kind"])
    return Gone(**common, is_edit=common["kind"] == EDITED)


def _card_action(payload: Fields, service_url: str) -> Shape:
    """`trigger` is what botbuilder's model of this drops."""
    value = payload.part("value")
    action = value.part("action")
    data = action.part_or_none("data")
    return CardAction(
        **_common(payload, service_url),
        pressed=_pressed(data or Fields({}), verb=action.text_or("verb")),
        message_id=_card(payload),
        is_refresh=value.text_or("trigger") == _REFRESHED,
    )


def _dialog_fetch(payload: Fields, service_url: str) -> Shape:
    data = payload.part("value").part_or_none("data") or Fields({})
    return DialogFetch(**_common(payload, service_url), pressed=_pressed(data), message_id=_card(payload))


def _dialog_submit(payload: Fields, service_url: str) -> Shape:
    data = payload.part("value").part_or_none("data") or Fields({})
    return DialogSubmit(**_common(payload, service_url), pressed=_pressed(data))


def _extension_fetch(payload: Fields, service_url: str) -> Shape:
    value = payload.part("value")
    message = value.part_or_none("messagePayload")
    return ExtensionFetch(
        **_common(payload, service_url),
        command=value.text("commandId"),
        quoted=_quoted(message) if message else None,
    )


def _extension_submit(payload: Fields, service_url: str) -> Shape:
    value = payload.part("value")
    data = value.part_or_none("data") or Fields({})
    return ExtensionSubmit(
        **_common(payload, service_url), command=value.text("commandId"), pressed=_pressed(data)
    )


def _extension_query(payload: Fields, service_url: str) -> Shape:
    """Before anything is typed Teams asks with a parameter of its own, `initialRun`."""
    value = payload.part("value")
    options = value.part_or_none("queryOptions") or Fields({})
    typed = [
        each.text_or("value") for each in value.parts("parameters") if each.text_or("name") != "initialRun"
    ]
    return ExtensionQuery(
        **_common(payload, service_url),
        command=value.text_or("commandId"),
        words=" ".join(typed).strip(),
        skip=options.number("skip") if "skip" in options else 0,
        count=options.number("count") if "count" in options else 25,
    )


def _installation(payload: Fields, service_url: str) -> Shape:
    common = _common(payload, service_url)
    action = payload.text("action")
    if action.startswith("add"):
        return Installed(**common)
    if action.startswith("remove"):
        return Uninstalled(**common)
    raise payload.odd("action")


def _conversation(payload: Fields, service_url: str) -> Shape:
    common = _common(payload, service_url)
    added, removed = (tuple(_members(payload, name)) for name in ("membersAdded", "membersRemoved"))
    if common["where"].bot_id in added:
        return Installed(**common)
    if common["where"].bot_id in removed:
        return Uninstalled(**common)
    if added or removed:
        return MembersChanged(**common, added=added, removed=removed)
    change = _channel_data(payload).text_or("eventType")[:60]
    return ChannelChanged(**common, change=change) if change else Unheeded(kind="conversationUpdate")


def _members(payload: Fields, name: str) -> Iterator[str]:
    return (member.id("id") for member in payload.parts(name))


def _common(payload: Fields, service_url: str) -> dict[str, Any]:
    return {
        "kind": kind_of(payload.raw()),
        "where": _whereabouts(payload, service_url),
        "id": payload.id("id"),
        "sent_at": payload.text_or("timestamp")[:60],
    }


def _whereabouts(payload: Fields, service_url: str) -> Whereabouts:
    conversation, sender, data = payload.part("conversation"), payload.part("from"), _channel_data(payload)
    conversation_id, _, thread_id = conversation.id("id").partition(_THREAD)
    channel, team = data.part_or_none("channel"), data.part_or_none("team")
    kind = _kind(conversation, team is not None)
    bot_id = payload.part("recipient").id("id")
    is_event = payload.text_or("type") == "conversationUpdate"
    if channel and kind is Kind.CHANNEL and is_event:  # what happens to one channel may be told in another
        conversation_id = channel.id_or_none("id") or conversation_id
    client = _client(payload)
    return Whereabouts(
        service_url=service_url,
        host=_host(conversation, data),
        kind=kind,
        conversation_id=conversation_id,
        thread_id=thread_id or None,
        team_id=team.id_or_none("id") if team else None,
        channel_name=channel.text_or("name") or None if channel else None,
        channel_type=channel.text_or("type") or None if channel else None,
        bot_id=bot_id,
        actor_id=sender.id("id"),
        actor_object_id=sender.id_or_none("aadObjectId"),
        mentioned=_mentioned(payload, bot_id),
        locale=payload.text_or("locale") or client.text_or("locale") or None,
        zone=payload.text_or("localTimezone") or client.text_or("timezone") or None,
    )


def _kind(conversation: Fields, is_of_a_team: bool) -> Kind:
    """Where Teams does not say it, others are there; so they are in a thread, whatever it is called.

    github.com/microsoft/BotFramework-Services/issues/344: threads told of as somebody's chat with the bot.
    """
    if "conversationType" not in conversation:
        return Kind.CHANNEL if is_of_a_team else Kind.GROUP
    try:
        kind = Kind(conversation.text("conversationType"))
    except ValueError:
        raise conversation.odd("conversationType") from None
    is_thread = conversation.id("id").startswith(THREAD_ID)
    return Kind.GROUP if kind is Kind.PERSONAL and is_thread else kind


def _channel_data(payload: Fields) -> Fields:
    return payload.part_or_none("channelData") or Fields({}, "channelData")


def _host(conversation: Fields, data: Fields) -> str | None:
    tenant = data.part_or_none("tenant")
    return (tenant.id_or_none("id") if tenant else None) or conversation.id_or_none("tenantId")


def _client(payload: Fields) -> Fields:
    found = (each for each in payload.parts("entities") if each.text_or("type") == "clientInfo")
    return next(found, Fields({}))


def _mentions(payload: Fields) -> Iterator[Mention]:
    for entity in payload.parts("entities"):
        if entity.text_or("type") == "mention":
            yield Mention(user_id=entity.part("mentioned").id("id"), tag=entity.text_or("text"))


def _mentioned(payload: Fields, bot_id: str) -> tuple[str, ...]:
    """People only, once each."""
    found = dict.fromkeys(mention.user_id for mention in _mentions(payload))
    people = [each for each in found if each != bot_id and not each.startswith((BOT, "19:"))]
    return tuple(people[:MENTIONS_AT_MOST])


def _card(payload: Fields) -> str | None:
    return payload.id_or_none("replyToId")


def _pressed(data: Fields, verb: str = "") -> Pressed:
    """An executed action names its verb beside the data, a submitted one within."""
    entered = {name: value for name, value in data.raw().items() if name not in (KEPT, VERB, "msteams")}
    return Pressed(verb=verb or data.text_or(VERB), carried=data.text_or(KEPT), entered=entered)


def _quoted(message: Fields) -> Quoted:
    body = message.part_or_none("body") or Fields({})
    link = message.text_or("linkToMessage")
    sender = message.part_or_none("from")
    user = sender.part_or_none("user") if sender else None
    return Quoted(
        text=body.text_or("content"),
        is_html=body.text_or("contentType") != "text",
        link=link if link.startswith(TEAMS) else None,
        author=user.text_or("id") or None if user else None,
    )


_READERS: Mapping[str, Callable[[Fields, str], Shape]] = {
    "message": _message,
    EDITED: _gone,
    DELETED: _gone,
    "installationUpdate": _installation,
    "conversationUpdate": _conversation,
    "invoke adaptiveCard/action": _card_action,
    "invoke task/fetch": _dialog_fetch,
    "invoke task/submit": _dialog_submit,
    "invoke composeExtension/fetchTask": _extension_fetch,
    "invoke composeExtension/submitAction": _extension_submit,
    "invoke composeExtension/query": _extension_query,
}


def _host_or_none(activity: object) -> str | None:
    """Whose this may be, as far as an odd payload can be believed; it is only ever used to delete by."""
    try:
        payload = Fields(activity)
        return _host(payload.part_or_none("conversation") or Fields({}), _channel_data(payload))
    except Odd:
        return None
