"""What an activity says of where it happened and who did it. A claim, to be looked up: never an answer.

The tenant is that of whoever hosts the conversation and says nothing about anybody in it (L27, L28). An
object id is unique within one Entra tenant only, and a user id is an address, not an identity (L38).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PLATFORM = "teams"


class Kind(StrEnum):
    """`conversation.conversationType`, as Teams spells it."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP = "groupChat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    service_url: str  # as the gate let it in
    host: str | None  # channelData.tenant.id: the Entra tenant the conversation is stored in
    kind: Kind
    conversation_id: str  # without ";messageid=…"
    thread_id: str | None = None  # the message a channel's thread hangs on
    team_id: str | None = None
    channel_name: str | None = None  # events about a channel say it, messages do not
    channel_type: str | None = None  # "standard", "private", "shared"; None: not said
    bot_id: str  # "28:…", the recipient's
    actor_id: str  # "29:…", the sender's
    actor_object_id: str | None = None
    mentioned: tuple[str, ...] = ()  # user ids from mention entities, ours left out, in their order
    locale: str | None = None
    zone: str | None = None  # IANA name
