"""The app as Slack's "create from manifest" takes it. JSON, which Slack reads as well as YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.scopes import bot_events, names

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
TRACK_AS_PROMISE = "track_promise"
MAKE_A_PROMISE = "make_promise"

_COMMANDS = (
    ("/promise", "Track what you promised a customer", "Acme: send the SOC 2 report by Friday 5pm"),
    ("/win", "Celebrate what you achieved together", "Acme: first joint release, thanks @their-admin"),
    ("/heard", "Note what a customer told you", "Acme: the export is too slow"),
    ("/partner", "See and settle a partnership", "Acme"),
)
_SHORTCUTS = (
    ("message", "Track as promise", TRACK_AS_PROMISE, "Keep this message's promise, with its quote and link"),
    ("global", "Make a promise", MAKE_A_PROMISE, "Track what you promised a customer"),
)
_LONG_DESCRIPTION = (
    "Kept keeps promises between you and your customers on track. It nudges the owner early enough to keep a "
    "promise or to renegotiate it before it breaks, lets the customer answer with one press in your shared "
    "channel, and celebrates each week what both sides kept. "
)
_HEARS = "It hears only what is addressed to it."
_READS = "Where a lead lets it, it reads along in a channel shared with a customer, and says so there first."


def manifest(public_url: str | None, socket_mode: bool, *, reading: bool = False) -> dict[str, Any]:
    """Without a public address only Socket Mode can work. `public_url` has no slash at its end."""
    if public_url is None and not socket_mode:
        raise ValueError("Slack needs an address to send to, or Socket Mode")
    request_url = None if socket_mode else f"{public_url}{EVENTS_PATH}"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Kept",
            "description": "Keeps partnership promises on track",
            "long_description": _LONG_DESCRIPTION + (_READS if reading else _HEARS),
            "background_color": "#1f4d3a",
        },
        "features": _features(request_url),
        "oauth_config": _oauth(public_url, names(reading=reading)),
        "settings": _settings(request_url, socket_mode, bot_events(reading=reading)),
    }


def as_json(public_url: str | None, socket_mode: bool, *, reading: bool = False) -> str:
    return json.dumps(manifest(public_url, socket_mode, reading=reading), indent=2, ensure_ascii=False)


def _features(request_url: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Kept", "always_online": True},
        "shortcuts": [_shortcut(*each) for each in _SHORTCUTS],
        "slash_commands": [_command(*each, request_url) for each in _COMMANDS],
    }


def _shortcut(kind: str, name: str, callback_id: str, description: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "callback_id": callback_id, "description": description}


def _command(command: str, description: str, hint: str, request_url: str | None) -> dict[str, Any]:
    # Escaped, a mention arrives as an id; unescaped it would be a name that two people may share.
    said = {"command": command, "description": description, "usage_hint": hint, "should_escape": True}
    return said | _at("url", request_url)


def _oauth(public_url: str | None, scopes: Sequence[str]) -> dict[str, Any]:
    redirects = {"redirect_urls": [f"{public_url}{REDIRECT_PATH}"]} if public_url else {}
    return {**redirects, "scopes": {"bot": list(scopes)}}


def _settings(request_url: str | None, socket_mode: bool, events: Sequence[str]) -> Mapping[str, Any]:
    return {
        "event_subscriptions": _at("request_url", request_url) | {"bot_events": list(events)},
        "interactivity": {"is_enabled": True} | _at("request_url", request_url),
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket_mode,
        # A token in SLACK_BOT_TOKEN cannot be renewed by us, and Slack cannot switch rotation off again.
        "token_rotation_enabled": False,
    }


def _at(name: str, url: str | None) -> dict[str, Any]:
    return {name: url} if url else {}
