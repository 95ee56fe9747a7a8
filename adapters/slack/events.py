"""Events, by what Kept does with them: the inner `type` decides which fields must be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.slack.fields import Fields
from adapters.slack.origins import Origin, of_event

CHANGED, DELETED = "message_changed", "message_deleted"  # docs.slack.dev/reference/events/message
TOMBSTONE = "tombstone"  # how a deleted message stands while its thread has answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody wrote to Kept: a mention, or a direct message."""

    channel_id: str
    ts: str
    thread_ts: str | None
    text: str
    user_id: str | None  # None: not a person
    team_ids: tuple[str, ...]  # every team or organisation the message names as the speaker's
    bot_id: str | None
    subtype: str | None
    client_msg_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A message was deleted, or says something else now; who did it is not told."""

    channel_id: str
    ts: str
    is_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    user_id: str
    tab: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMoved:
    has_joined: bool
    user_id: str
    team_id: str | None
    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged:
    """Shared, unshared, renamed, archived, deleted, left by us, ...: its facts are to be read again."""

    change: str
    channel_id: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelIdChanged:
    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft:
    user_id: str


@dataclass(frozen=True, slots=True)
class AppUninstalled:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensRevoked:
    bots: tuple[str, ...]  # user ids whose bot token is gone
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheeded:
    """Sound, and nothing Kept acts on."""


Happening = (
    Said
    | Gone
    | HomeOpened
    | MemberMoved
    | ChannelChanged
    | ChannelIdChanged
    | PersonLeft
    | AppUninstalled
    | TokensRevoked
    | Unheeded
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    origin: Origin
    event_id: str
    at: datetime  # aware, UTC, whole seconds
    app_id: str | None
    is_ext_shared: bool
    kind: str
    happening: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlVerification:
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRateLimited:
    """Slack held events back: it delivers 30,000 an hour (docs.slack.dev/apis/events-api)."""

    team_id: str
    minute: datetime


def read(payload: Fields, _: str) -> Event:
    """Raises Odd."""
    event = payload.part("event")
    kind = event.text("type")[:60]
    return Event(
        origin=of_event(payload),
        event_id=payload.id("event_id"),
        at=_moment(payload, "event_time"),
        app_id=payload.id_or_none("api_app_id"),
        is_ext_shared=payload.yes("is_ext_shared_channel"),
        kind=kind,
        happening=_HAPPENINGS.get(kind, _unheeded)(event),
    )


def url_verification(payload: Fields, _: str) -> UrlVerification:
    challenge = payload.text("challenge")
    if not 1 <= len(challenge) <= 500:
        raise payload.odd("challenge")
    return UrlVerification(challenge=challenge)


def app_rate_limited(payload: Fields, _: str) -> AppRateLimited:
    return AppRateLimited(team_id=payload.id("team_id"), minute=_moment(payload, "minute_rate_limited"))


def _moment(payload: Fields, name: str) -> datetime:
    try:
        return datetime.fromtimestamp(payload.number(name), UTC)
    except (ValueError, OverflowError, OSError):
        raise payload.odd(name) from None


def _message(event: Fields) -> Said | Gone | Unheeded:
    """Edits and deletions come under the same type, and carry their message inside."""
    subtype = event.raw().get("subtype")
    if subtype not in (CHANGED, DELETED):
        return _said(event)
    now, before = (event.part_or_none(name) or Fields({}) for name in ("message", "previous_message"))
    is_deleted = subtype == DELETED or now.text_or("subtype") == TOMBSTONE
    stamps = (event.stamp_or_none("deleted_ts"), now.stamp_or_none("ts"), before.stamp_or_none("ts"))
    ts = next((stamp for stamp in stamps if stamp), None)
    if ts is None or not (is_deleted or _reads_otherwise(now, before)):
        return Unheeded()
    return Gone(channel_id=event.id("channel"), ts=ts, is_edit=not is_deleted)


def _reads_otherwise(now: Fields, before: Fields) -> bool:
    """The same is told when a link unfolds, which changes no words, and of every card that a bot redraws."""
    if now.id_or_none("bot_id"):
        return False
    return now.text_or("text") != before.text_or("text") if "text" in before else "edited" in now


def without_words(body: Mapping[str, Any], gone: Gone) -> dict[str, Any]:
    """The event as it may be stored: what the message said, and says now, is left out."""
    edited = {"subtype": CHANGED, "message": {"ts": gone.ts, "edited": {}}}
    told = edited if gone.is_edit else {"subtype": DELETED, "deleted_ts": gone.ts}
    return {**body, "event": {"type": "message", "channel": gone.channel_id, **told}}


def _said(event: Fields) -> Said:
    teams = (event.id_or_none(name) for name in ("user_team", "team", "source_team"))
    return Said(
        channel_id=event.id("channel"),
        ts=event.stamp("ts"),
        thread_ts=event.stamp_or_none("thread_ts"),
        text=event.text_or("text"),
        user_id=event.id_or_none("user"),
        team_ids=tuple(dict.fromkeys(team for team in teams if team)),
        bot_id=event.id_or_none("bot_id"),
        subtype=event.text("subtype") if "subtype" in event else None,
        client_msg_id=event.id_or_none("client_msg_id"),
    )


def _home_opened(event: Fields) -> HomeOpened:
    return HomeOpened(user_id=event.id("user"), tab=event.text_or("tab", "home"))


def _member_moved(event: Fields) -> MemberMoved:
    return MemberMoved(
        has_joined=event.text("type") == "member_joined_channel",
        user_id=event.id("user"),
        team_id=event.id_or_none("team"),
        channel_id=event.id("channel"),
    )


def _channel_changed(event: Fields) -> ChannelChanged:
    """`channel` is an id, but an object where the channel was renamed."""
    change = event.text("type").partition("_")[2]  # group_ is how Slack names private channels
    if isinstance(event.raw().get("channel"), str):
        return ChannelChanged(change=change, channel_id=event.id("channel"), name=None)
    channel = event.part("channel")
    return ChannelChanged(change=change, channel_id=channel.id("id"), name=channel.text_or("name") or None)


def _id_changed(event: Fields) -> ChannelIdChanged:
    return ChannelIdChanged(old_id=event.id("old_channel_id"), new_id=event.id("new_channel_id"))


def _user_changed(event: Fields) -> PersonLeft | Unheeded:
    """Slack says it for every new picture; only that somebody was deactivated cannot wait."""
    user = event.part("user")
    return PersonLeft(user_id=user.id("id")) if user.yes("deleted") else Unheeded()


def _uninstalled(_: Fields) -> AppUninstalled:
    return AppUninstalled()


def _tokens_revoked(event: Fields) -> TokensRevoked:
    tokens = event.part("tokens")
    return TokensRevoked(bots=tokens.ids("bot"), people=tokens.ids("oauth"))


def _unheeded(_: Fields) -> Unheeded:
    return Unheeded()


_CHANGES = ("rename", "archive", "unarchive", "deleted", "left")
_HAPPENINGS: Mapping[str, Callable[[Fields], Happening]] = {
    "app_mention": _said,
    "message": _message,
    "app_home_opened": _home_opened,
    "member_joined_channel": _member_moved,
    "member_left_channel": _member_moved,
    "channel_shared": _channel_changed,
    "channel_unshared": _channel_changed,
    **{f"{kind}_{change}": _channel_changed for kind in ("channel", "group") for change in _CHANGES},
    "channel_id_changed": _id_changed,
    "user_change": _user_changed,
    "app_uninstalled": _uninstalled,
    "tokens_revoked": _tokens_revoked,
}
