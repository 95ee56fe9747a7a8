"""What Kept may do in a workspace, and why: the manifest, the docs and `kept check` read this table.

Those that let Kept read what people write in channels are asked for only where the operator says so
(`features.reading` in app.yaml): otherwise it hears what is addressed to it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    name: str
    why: str
    methods: tuple[str, ...] = ()  # of the Web API, that need it
    events: tuple[str, ...] = ()  # that are only delivered with it


_CHANNEL_CHANGES = ("rename", "archive", "unarchive", "deleted", "left")
_MEMBERSHIP = ("member_joined_channel", "member_left_channel")
_SHARING = ("channel_shared", "channel_unshared", "channel_id_changed")

SCOPES = (
    Scope(
        name="app_mentions:read",
        why="Hear what is said to @Kept, and only that, in channels it was invited to.",
        events=("app_mention",),
    ),
    Scope(
        name="channels:read",
        why="Know whether a public channel is shared with a customer, and who is in it, before writing.",
        methods=("conversations.info", "conversations.members", "users.conversations"),
        events=(*_MEMBERSHIP, *_SHARING, *(f"channel_{change}" for change in _CHANNEL_CHANGES)),
    ),
    Scope(
        name="chat:write",
        why="Nudge owners, show promises to customers and post digests, as Kept, where it was invited.",
        methods=("chat.postMessage", "chat.update", "chat.postEphemeral"),
    ),
    Scope(
        name="commands",
        why="Offer the four commands and the shortcuts “Track as promise” and “Make a promise”.",
    ),
    Scope(
        name="groups:read",
        why="The same as channels:read for the private channels Kept was invited to.",
        methods=("conversations.info", "conversations.members", "users.conversations"),
        events=(*_MEMBERSHIP, *_SHARING, *(f"group_{change}" for change in _CHANNEL_CHANGES)),
    ),
    Scope(
        name="im:history",
        why="Read what people write to Kept itself, and find its own message after a broken connection.",
        methods=("conversations.history", "conversations.replies"),
        events=("message.im",),
    ),
    Scope(
        name="im:write",
        why="Open the direct conversation in which a person is nudged or asked.",
        methods=("conversations.open",),
    ),
    Scope(
        name="users:read",
        why="Know a person's name, time zone and language, and whether they are inside, a guest or outside.",
        methods=("users.info",),
        events=("user_change",),
    ),
)

READING = (
    Scope(
        name="channels:history",
        why="Hear what is written in public channels where a lead lets Kept read along; never to look back.",
        events=("message.channels",),
    ),
    Scope(
        name="groups:history",
        why="The same for the private channels Kept was invited to.",
        events=("message.groups",),
    ),
)

# Delivered without any scope: docs.slack.dev/reference/events
EVENTS_WITHOUT_SCOPE = ("app_home_opened", "app_uninstalled", "tokens_revoked")
METHODS_WITHOUT_SCOPE = (
    *("auth.test", "oauth.v2.access", "apps.connections.open", "chat.getPermalink"),
    *("views.open", "views.push", "views.update", "views.publish"),
)


def asked_for(*, reading: bool = False) -> tuple[Scope, ...]:
    return (*SCOPES, *READING) if reading else SCOPES


def names(*, reading: bool = False) -> tuple[str, ...]:
    return tuple(scope.name for scope in asked_for(reading=reading))


def missing(granted: Iterable[str], *, reading: bool = False) -> tuple[str, ...]:
    has = set(granted)
    return tuple(name for name in names(reading=reading) if name not in has)


def bot_events(*, reading: bool = False) -> tuple[str, ...]:
    """Every event Kept subscribes to."""
    with_scope = (event for scope in asked_for(reading=reading) for event in scope.events)
    return tuple(sorted({*EVENTS_WITHOUT_SCOPE, *with_scope}))
