"""What Slack may send us, as values of ours. Whatever does not fit is `Unknown`: kept, and not acted on.

Command                               /promise and its siblings
BlockActions                          buttons and selects, in messages, dialogs and on the Home tab
ViewSubmission, ViewClosed            dialogs
MessageAction, Shortcut               "Track as promise", and the shortcut of the compose box
Event (see events.py)                 what happened in the workspace
UrlVerification, AppRateLimited       between Slack and us
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.fields import Odd
from adapters.slack import events
from adapters.slack.events import AppRateLimited, Event, UrlVerification
from adapters.slack.fields import Fields
from adapters.slack.gate import Accepted, Way
from adapters.slack.hooks import SLACK_HOOKS, is_hook
from adapters.slack.origins import Actor, Origin, actor_of, of_command, of_interaction

COMMANDS = ("/promise", "/win", "/heard", "/partner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    origin: Origin
    actor: Actor
    channel_id: str
    name: str  # with its slash
    text: str
    trigger_id: str | None
    response_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    id: str
    kind: str  # modal or home
    callback_id: str
    private_metadata: str
    hash: str | None
    values: Mapping[str, Mapping[str, Mapping[str, Any]]]  # by block_id, then action_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    action_id: str
    block_id: str | None
    kind: str  # button, static_select, ...
    value: str | None  # of a button
    fields: Mapping[str, Any]  # what another kind of element says


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockActions:
    origin: Origin
    actor: Actor
    actions: tuple[Action, ...]
    channel_id: str | None  # None in dialogs and on the Home tab
    message_ts: str | None
    thread_ts: str | None
    is_ephemeral: bool
    view: View | None
    trigger_id: str | None
    response_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSubmission:
    origin: Origin
    actor: Actor
    view: View
    trigger_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewClosed:
    origin: Origin
    actor: Actor
    view: View


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAction:
    origin: Origin
    actor: Actor
    callback_id: str
    channel_id: str
    message_ts: str
    thread_ts: str | None
    author_id: str | None  # of a person; bots and workflows have none
    author_team_id: str | None
    text: str
    trigger_id: str
    response_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    origin: Origin
    actor: Actor
    callback_id: str
    trigger_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    kind: str  # as far as it can be told
    reason: str  # the path of what did not fit
    tenant: str | None = None


Shape = (
    Command
    | BlockActions
    | ViewSubmission
    | ViewClosed
    | MessageAction
    | Shortcut
    | Event
    | UrlVerification
    | AppRateLimited
    | Unknown
)


def read(accepted: Accepted, hooks: str = SLACK_HOOKS) -> Shape:
    """Never raises. `hooks` is where response addresses may lie; any other is left out."""
    kind = _kind(accepted)
    try:
        fields = Fields(accepted.content)
        reader = _READERS.get((accepted.way, kind))
        return reader(fields, hooks) if reader else Unknown(kind=kind, reason="type", tenant=_tenant(fields))
    except Odd as odd:
        return Unknown(kind=kind, reason=str(odd), tenant=_tenant_or_none(accepted.content))


def replay_key(shape: Shape, accepted: Accepted) -> str:
    """The same for the same occurrence, delivered or replayed however often."""
    if isinstance(shape, Event):
        return f"event:{shape.event_id}"
    if isinstance(shape, ViewSubmission):
        return f"view:{shape.view.id}:{_entered(shape.view)}"
    trigger_id = getattr(shape, "trigger_id", None)
    return f"trigger:{trigger_id}" if trigger_id else f"request:{accepted.fingerprint}"


def _entered(view: View) -> str:
    """Whoever got no answer within three seconds presses again, and then only the trigger is another."""
    said = json.dumps([view.callback_id, view.private_metadata, view.values], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _kind(accepted: Accepted) -> str:
    if accepted.way == "command":
        return "command"
    said = accepted.content.get("type") if isinstance(accepted.content, dict) else None
    return said[:60] if isinstance(said, str) and said else accepted.way


def _command(form: Fields, hooks: str) -> Shape:
    name = form.text("command")
    if name not in COMMANDS:
        raise form.odd("command")
    return Command(
        origin=of_command(form),
        actor=Actor(user_id=form.id("user_id"), team_id=form.id("team_id")),
        channel_id=form.id("channel_id"),
        name=name,
        text=form.text_or("text"),
        trigger_id=_trigger(form),
        response_url=_hook(form, hooks),
    )


def _block_actions(payload: Fields, hooks: str) -> Shape:
    container = payload.part("container")
    channel, view = payload.part_or_none("channel"), payload.part_or_none("view")
    actions = tuple(map(_action, payload.parts("actions")))
    if not actions:
        raise payload.odd("actions")
    return BlockActions(
        origin=of_interaction(payload),
        actor=actor_of(payload),
        actions=actions,
        channel_id=channel.id("id") if channel else container.id_or_none("channel_id"),
        message_ts=container.stamp_or_none("message_ts"),
        thread_ts=container.stamp_or_none("thread_ts"),
        is_ephemeral=container.yes("is_ephemeral"),
        view=_view(view) if view else None,
        trigger_id=_trigger(payload),
        response_url=_hook(payload, hooks),
    )


def _action(action: Fields) -> Action:
    return Action(
        action_id=action.text("action_id"),
        block_id=action.text("block_id") if "block_id" in action else None,
        kind=action.text("type"),
        value=action.text("value") if "value" in action else None,
        fields=action.raw(),
    )


def _view(view: Fields) -> View:
    state = view.part_or_none("state")
    values = state.part_or_none("values") if state else None
    return View(
        id=view.id("id"),
        kind=view.text("type"),
        callback_id=view.text_or("callback_id"),
        private_metadata=view.text_or("private_metadata"),
        hash=view.text("hash") if "hash" in view else None,
        values={} if values is None else {block: _state(inputs) for block, inputs in values.named()},
    )


def _state(inputs: Fields) -> Mapping[str, Mapping[str, Any]]:
    return {action_id: said.raw() for action_id, said in inputs.named()}


def _view_submission(payload: Fields, _: str) -> Shape:
    return ViewSubmission(
        origin=of_interaction(payload),
        actor=actor_of(payload),
        view=_view(payload.part("view")),
        trigger_id=_trigger(payload),
    )


def _view_closed(payload: Fields, _: str) -> Shape:
    return ViewClosed(
        origin=of_interaction(payload), actor=actor_of(payload), view=_view(payload.part("view"))
    )


def _message_action(payload: Fields, hooks: str) -> Shape:
    message = payload.part("message")
    return MessageAction(
        origin=of_interaction(payload),
        actor=actor_of(payload),
        callback_id=payload.text("callback_id"),
        channel_id=payload.part("channel").id("id"),
        message_ts=payload.stamp("message_ts"),
        thread_ts=message.stamp_or_none("thread_ts"),
        author_id=message.id_or_none("user"),
        author_team_id=message.id_or_none("team"),
        text=message.text_or("text"),
        trigger_id=_needed_trigger(payload),
        response_url=_hook(payload, hooks),
    )


def _shortcut(payload: Fields, _: str) -> Shape:
    return Shortcut(
        origin=of_interaction(payload),
        actor=actor_of(payload),
        callback_id=payload.text("callback_id"),
        trigger_id=_needed_trigger(payload),
    )


def _trigger(payload: Fields) -> str | None:
    return _needed_trigger(payload) if payload.text_or("trigger_id") else None


def _needed_trigger(payload: Fields) -> str:
    """Becomes a key of ours, so its length is bounded; Slack's have about sixty characters."""
    trigger_id = payload.text("trigger_id")
    if not 1 <= len(trigger_id) <= 200:
        raise payload.odd("trigger_id")
    return trigger_id


def _hook(payload: Fields, hooks: str) -> str | None:
    url = payload.text_or("response_url")
    return url if is_hook(url, hooks) else None


_READERS: Mapping[tuple[Way, str], Callable[[Fields, str], Shape]] = {
    ("command", "command"): _command,
    ("interaction", "block_actions"): _block_actions,
    ("interaction", "view_submission"): _view_submission,
    ("interaction", "view_closed"): _view_closed,
    ("interaction", "message_action"): _message_action,
    ("interaction", "shortcut"): _shortcut,
    ("event", "event_callback"): events.read,
    ("event", "url_verification"): events.url_verification,
    ("event", "app_rate_limited"): events.app_rate_limited,
}


def _tenant(payload: Fields) -> str | None:
    """Whose this may be, as far as an odd payload can be believed; it is only ever used to delete by."""
    team = payload.raw().get("team")
    said = [payload.raw().get("team_id"), team.get("id") if isinstance(team, dict) else None]
    return next((each for each in said if isinstance(each, str) and 0 < len(each) <= 64), None)


def _tenant_or_none(content: object) -> str | None:
    return _tenant(Fields(content)) if isinstance(content, dict) else None
