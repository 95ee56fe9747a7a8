"""A workspace to measure Kept in: a stand-in for Slack's Web API on this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from adapters.bench.load import PEOPLE
from adapters.bench.serving import listening
from adapters.environment import Environment, SlackEnvironment
from adapters.redaction import Secret

TEAM, BOT_USER, ROOM, CUSTOMER = "T0BENCH", "U0BOT", "C0ROOM", "T0ACME"
SIGNING_SECRET, BOT_TOKEN = Secret("b" * 32), Secret("xoxb-bench")


@dataclass
class StandIn:
    """Answers as Slack would. `takes` may refuse a call: the seconds to wait, else None."""

    takes: Callable[[str, Mapping[str, Any]], int | None] = lambda method, fields: None
    channels: Sequence[str] = ()  # in which Kept is
    lists_say_who: bool = True  # reads there
    counts: dict[str, int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = await (request.json() if request.content_type == "application/json" else request.post())
        self.counts[method] = self.counts.get(method, 0) + 1
        wait = self.takes(method, fields)
        if wait is not None:
            refused = {"ok": False, "error": "ratelimited"}
            return web.json_response(refused, status=429, headers={"Retry-After": str(wait)})
        return web.json_response({"ok": True, **self._answer(method, fields)})

    def _answer(self, method: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "team": "Ours", "user_id": BOT_USER, "user": "kept", "bot_id": "B0"}
            case "users.info":
                return {"user": _user(fields["user"])}
            case "conversations.info":
                return {"channel": _channel(fields["channel"])}
            case "users.conversations":
                return self._list(fields)
            case "chat.postMessage":
                return {"channel": fields["channel"], "ts": f"1763283600.{next(self._numbers):06d}"}
            case _:
                return {}

    def _list(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        left_out = ("is_member", "connected_team_ids", *(() if self.lists_say_who else ("is_ext_shared",)))
        page, following = page_of(self.channels, fields)
        channels = [
            {name: each for name, each in _channel(channel_id).items() if name not in left_out}
            | {"shared_team_ids": [TEAM, CUSTOMER]}
            for channel_id in page
        ]
        return {"channels": channels, "response_metadata": {"next_cursor": following}}


def page_of(channels: Sequence[str], fields: Mapping[str, Any]) -> tuple[Sequence[str], str]:
    """And where the next one begins."""
    first, limit = int(fields["cursor"] or 0), int(fields["limit"])
    following = str(first + limit) if first + limit < len(channels) else ""
    return channels[first : first + limit], following


def _user(account: str) -> dict[str, Any]:
    where = {"team_id": TEAM, "tz": "Europe/Berlin", "locale": "en-GB"}
    return {"id": account, "real_name": account, **where}


def _channel(channel_id: str) -> dict[str, Any]:
    """Every channel but one is shared with a customer."""
    is_shared = channel_id != ROOM
    sharing = {"is_shared": is_shared, "is_ext_shared": is_shared, "is_org_shared": False}
    others = {"connected_team_ids": [CUSTOMER] if is_shared else [], "internal_team_ids": [TEAM]}
    return {"id": channel_id, "name": channel_id.lower(), "is_member": True, **sharing, **others}


@asynccontextmanager
async def answering(stand_in: StandIn) -> AsyncIterator[str]:
    """The address of its Web API."""
    app = web.Application()
    app.router.add_post("/api/{method}", stand_in.handle)
    async with listening(app) as port:
        yield f"http://127.0.0.1:{port}/api/"


def environment(api_url: str, database_url: str = "") -> Environment:
    slack = SlackEnvironment(signing_secrets=(SIGNING_SECRET,), bot_token=BOT_TOKEN, api_url=api_url)
    return Environment(slack=slack, database_url=database_url)


def account(number: int) -> str:
    return f"U0{number % PEOPLE:04d}"


def as_json(content: Any) -> bytes:
    return json.dumps(content).encode()
