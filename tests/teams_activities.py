"""Activities as Teams sends them, for the people and places of one tenant of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from adapters.teams.cards import KEPT, VERB

OURS = "11111111-1111-4111-8111-111111111111"
ACME = "22222222-2222-4222-8222-222222222222"
GLOBEX = "33333333-3333-4333-8333-333333333333"
BOT = "28:3f2c5d1e-8a64-4b7e-9d10-5c2b7a9e4f01"
Json = dict[str, Any]
_numbers: Iterator[int] = count(1)


def object_id(name: str) -> str:
    """The same for the same name."""
    return f"{int.from_bytes(name.encode()[:4], 'big'):08x}-0000-4000-8000-000000000000"


def user_id(name: str) -> str:
    return f"29:1{name}"


def personal_id(name: str) -> str:
    return f"a:1{name}"


def activity(
    kind: str,
    actor: str,
    conversation: str,
    *,
    conversation_type: str = "personal",
    host: str = OURS,
    service_url: str = "https://smba.trafficmanager.net/emea/",
    **more: Any,
) -> Json:
    """`conversation` may bear the message its thread hangs on."""
    n = next(_numbers)
    data: Json = {"tenant": {"id": host}, **more.pop("channelData", {})}
    if conversation_type == "channel":
        channel = conversation.partition(";")[0]
        data = {"channel": {"id": channel}, "team": {"id": "19:team@thread.tacv2"}} | data
    return {
        "type": kind,
        "id": f"f:{n}",
        "timestamp": f"2026-11-16T09:00:00.{n:06d}Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": user_id(actor), "name": actor, "aadObjectId": object_id(actor)},
        "recipient": {"id": BOT, "name": "Kept"},
        "conversation": {
            "id": conversation,
            "conversationType": conversation_type,
            "isGroup": conversation_type != "personal",
            "tenantId": host,
        },
        "channelData": data,
        "locale": "en-GB",
        "localTimezone": "Europe/Berlin",
        "entities": [],
        **more,
    }


def said(actor: str, conversation: str, text: str, *people: str, **more: Any) -> Json:
    """With a mention of Kept first, but for a personal chat; `people` are named in the text as `@name`."""
    entities = [mention(user_id(name), name) for name in people]
    for name in people:
        text = text.replace(f"@{name}", f"<at>{name}</at>")
    if more.get("conversation_type", "personal") != "personal":
        text, entities = f"<at>Kept</at> {text}", [mention(BOT, "Kept"), *entities]
    return activity("message", actor, conversation, text=text, textFormat="plain", entities=entities, **more)


def mention(identifier: str, name: str) -> Json:
    return {"type": "mention", "mentioned": {"id": identifier, "name": name}, "text": f"<at>{name}</at>"}


def invoke(name: str, actor: str, conversation: str, value: Mapping[str, Any], **more: Any) -> Json:
    return activity("invoke", actor, conversation, name=name, value=dict(value), **more)


def executed(actor: str, conversation: str, action: Mapping[str, Any], **more: Any) -> Json:
    """Action.Execute, as a card of ours holds it, with what was entered beside it."""
    inputs = more.pop("inputs", {})
    done = {"type": "Action.Execute", "verb": action["verb"], "data": {**action["data"], **inputs}}
    trigger = more.pop("trigger", "manual")
    return invoke("adaptiveCard/action", actor, conversation, {"action": done, "trigger": trigger}, **more)


def carrying(verb: str, carried: str, **entered: Any) -> Json:
    return {KEPT: carried, VERB: verb, **entered}
