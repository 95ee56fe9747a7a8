"""A Slack Web API on this machine: it records what it took, and misbehaves when told to.

What it answers has no field that Slack's own answers have not (test_fake_slack.py holds it to that). Nothing
here asks the product what happened: `taken` is the judge.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

from aiohttp import web

from fake_server import Delay, Drop, RateLimited, Status, Truncated, instead, on_loopback, spoiled

TEAM, BOT, BOT_USER, APP = "T0KEPT", "B0KEPT", "U0KEPT", "A0KEPT"
BOT_TOKEN, APP_TOKEN = "xoxb-fake-1", "xapp-fake-1"
CLIENT_ID, CLIENT_SECRET = "111.222", "c" * 32
TOKEN_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Taken:
    """A request that was accepted and had its effect."""

    number: int
    method: str
    fields: dict[str, Any]
    token: str | None


@dataclass(frozen=True)
class Fails:
    """`ok: false` with this code."""

    code: str


Fault = Drop | Delay | RateLimited | Status | Fails | Truncated


class Refusal(Exception):
    """The API's own `ok: false`."""


@dataclass
class Token:
    scopes: tuple[str, ...]
    team: str = TEAM
    expires_at: datetime | None = None
    is_revoked: bool = False


@dataclass
class FakeSlack:
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    taken: list[Taken] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)  # methods, whatever became of the request
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)  # code: what it grants
    refreshes: dict[str, str] = field(default_factory=dict)  # refresh token: team
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    hidden: set[str] = field(default_factory=set)  # ts of messages that history does not show yet
    views: dict[str, dict[str, Any]] = field(default_factory=dict)  # as they are shown now
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    revoke_at: dict[int, str] = field(default_factory=dict)  # request number: token
    clock_off: timedelta = timedelta()
    api_url: str = ""
    _numbers: Any = field(default_factory=lambda: count(1))

    def go_wrong(self, method: str, *faults: Fault) -> None:
        """The next calls of this method go wrong so, one after the other."""
        self.faults[method].extend(faults)

    def calls(self, method: str) -> list[Taken]:
        return [each for each in self.taken if each.method == method]

    def issue_code(self, code: str, **grant: Any) -> None:
        self.codes[code] = grant

    def add_user(self, user_id: str, **fields: Any) -> None:
        profile = {"real_name": user_id, "display_name": ""}
        known = {"id": user_id, "team_id": TEAM, "name": user_id.lower(), "real_name": user_id}
        known |= {"tz": "Europe/Berlin", "locale": "en-GB", "deleted": False, "is_bot": False}
        known |= {
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_stranger": False,
            "is_admin": False,
        }
        self.users[user_id] = {**known, "profile": profile, **fields}

    def add_channel(self, channel_id: str, members: list[str], **fields: Any) -> None:
        known = {"id": channel_id, "name": channel_id.lower(), "is_channel": True, "is_im": False}
        known |= {"is_private": False, "is_archived": False, "is_shared": False, "is_ext_shared": False}
        known |= {"is_org_shared": False, "is_pending_ext_shared": False, "pending_shared": []}
        known |= {"is_member": BOT_USER in members, "connected_team_ids": [], "internal_team_ids": [TEAM]}
        self.channels[channel_id] = {**known, **fields}
        self.members[channel_id] = members

    # The server.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method, number = request.match_info["method"], next(self._numbers)
        self.seen.append(method)
        if number in self.revoke_at:
            self.tokens[self.revoke_at[number]].is_revoked = True
        fault = self.faults[method].popleft() if self.faults[method] else None
        before = self._before(fault, request)
        if before is not None:
            return before
        fields = await _fields(request)
        token = _token(request, fields)
        answer = self._done(number, method, fields, token)
        return await self._after(fault, request, answer, token)

    def _before(self, fault: Fault | None, request: web.Request) -> web.StreamResponse | None:
        match fault:
            case RateLimited(retry_after):
                headers = {} if retry_after is None else {"Retry-After": retry_after}
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=429, headers=headers)
            case Fails(code):
                return web.json_response({"ok": False, "error": code})
        return instead(fault, request)

    def _done(self, number: int, method: str, fields: dict[str, Any], token: str | None) -> dict[str, Any]:
        answering = getattr(self, "_" + method.replace(".", "_"), None)
        if answering is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            if method != "oauth.v2.access":
                self._authenticate(token)
            answer = answering(fields, token)
        except Refusal as refusal:
            return {"ok": False, "error": str(refusal)}
        except KeyError:
            return {"ok": False, "error": "invalid_arguments"}
        self.taken.append(Taken(number, method, fields, token))
        return {"ok": True, **answer}

    async def _after(
        self, fault: Fault | None, request: web.Request, answer: dict[str, Any], token: str | None
    ) -> web.StreamResponse:
        headers = {"Date": format_datetime(self.now() + self.clock_off, usegmt=True)}
        if token in self.tokens:
            headers["X-OAuth-Scopes"] = ",".join(self.tokens[token].scopes)
        return await spoiled(fault, request, web.json_response(answer, headers=headers))

    def _authenticate(self, token: str | None) -> None:
        if token is None:
            raise Refusal("not_authed")
        known = self.tokens.get(token)
        if known is None:
            raise Refusal("invalid_auth")
        if known.is_revoked:
            raise Refusal("token_revoked")
        if known.expires_at and known.expires_at <= self.now():
            raise Refusal("token_expired")

    # The methods, by their names.

    def _auth_test(self, _: dict[str, Any], token: str) -> dict[str, Any]:
        team = self.tokens[token].team
        who = {"url": "https://kept.slack.com/", "team": "Ours", "user": "kept", "team_id": team}
        return {**who, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}

    def _apps_connections_open(self, _: dict[str, Any], token: str) -> dict[str, Any]:
        if not token.startswith("xapp-"):
            raise Refusal("not_allowed_token_type")
        return {"url": self.api_url.replace("http", "ws", 1) + "socket"}

    def _team_info(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        team = fields.get("team", TEAM)
        return {"team": {"id": team, "name": team, "domain": team.lower()}}

    def _users_info(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        if fields["user"] not in self.users:
            raise Refusal("user_not_found")
        return {"user": self.users[fields["user"]]}

    def _conversations_info(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        return {"channel": self._channel(fields)}

    def _users_conversations(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        found = [_listed(each) for each in self.channels.values() if each["is_member"] and not each["is_im"]]
        page, more = _cut(fields, found)
        return {"channels": page, "response_metadata": {"next_cursor": more}}

    def _conversations_members(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        found = self.members[self._channel(fields)["id"]]
        page, more = _cut(fields, found)
        return {"members": page, "response_metadata": {"next_cursor": more}}

    def _conversations_open(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        user = fields["users"]
        channel_id = f"D0{user.replace(',', '0')}"
        if channel_id not in self.channels:
            self.add_channel(channel_id, [BOT_USER, user], is_im=True, is_channel=False)
        return {"channel": {"id": channel_id}}

    def _conversations_history(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        return self._page(fields, [each for each in self._shown(fields) if _is_at_top(each)][::-1])

    def _conversations_replies(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        root = fields["ts"]
        return self._page(
            fields, [each for each in self._shown(fields) if root in (each["ts"], each.get("thread_ts"))]
        )

    def _chat_postMessage(self, fields: dict[str, Any], token: str) -> dict[str, Any]:  # noqa: N802
        if fields["channel"] in self.users:  # a person stands for the direct conversation with them
            fields = {
                **fields,
                "channel": self._conversations_open({"users": fields["channel"]}, token)["channel"]["id"],
            }
        channel = self._writable(fields)
        if not fields.get("text") and not fields.get("blocks"):
            raise Refusal("no_text")
        message = self._message(fields, self._next_ts())
        self.messages[channel].append(message)
        return {"channel": channel, "ts": message["ts"], "message": _without_metadata(message)}

    def _chat_update(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        channel = self._writable(fields)
        found = next((each for each in self.messages[channel] if each["ts"] == fields["ts"]), None)
        if found is None:
            raise Refusal("message_not_found")
        found |= {name: _decoded(fields[name]) for name in ("text", "blocks", "metadata") if name in fields}
        return {
            "channel": channel,
            "ts": found["ts"],
            "text": found["text"],
            "message": _without_metadata(found),
        }

    def _chat_postEphemeral(self, fields: dict[str, Any], _: str) -> dict[str, Any]:  # noqa: N802
        channel = self._writable(fields)
        if fields["user"] not in self.members[channel]:
            raise Refusal("user_not_in_channel")
        return {"message_ts": self._next_ts()}

    def _views_open(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        if not fields["trigger_id"] or fields["trigger_id"].startswith("expired"):
            raise Refusal("expired_trigger_id")
        return {"view": self._view(fields)}

    _views_push = _views_open

    def _views_update(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        shown = self.views.get(fields.get("view_id", ""))
        if shown and fields.get("hash") not in (None, shown["hash"]):
            raise Refusal("hash_conflict")
        return {"view": self._view(fields)}

    def _views_publish(self, fields: dict[str, Any], _: str) -> dict[str, Any]:
        if fields["user_id"] not in self.users:
            raise Refusal("invalid_arguments")
        return {"view": self._view(fields)}

    def _oauth_v2_access(self, fields: dict[str, Any], _: str | None) -> dict[str, Any]:
        if fields["client_id"] != CLIENT_ID:
            raise Refusal("invalid_client_id")
        if fields["client_secret"] != CLIENT_SECRET:
            raise Refusal("bad_client_secret")
        if fields.get("grant_type") == "refresh_token":
            team = self.refreshes.pop(fields["refresh_token"], None)
            if team is None:
                raise Refusal("invalid_refresh_token")
            return self._granted({"team": team, "expires": True})
        if fields["code"] not in self.codes:
            raise Refusal("invalid_code")
        return self._granted(self.codes.pop(fields["code"]))

    def _granted(self, grant: dict[str, Any]) -> dict[str, Any]:
        team, scopes = grant.get("team", TEAM), grant.get("scopes", ("chat:write", "commands"))
        number = next(self._numbers)
        token, pair = f"xoxb-{number}", {}
        self.tokens[token] = Token(scopes, team)
        if grant.get("expires"):
            self.tokens[token].expires_at = self.now() + TOKEN_LIFE
            pair = {"refresh_token": f"xoxe-1-{number}", "expires_in": int(TOKEN_LIFE.total_seconds())}
            self.refreshes[pair["refresh_token"]] = team
        return {
            "app_id": grant.get("app_id", APP),
            "authed_user": {"id": "U0ADMIN"},
            "token_type": "bot",
            "scope": ",".join(scopes),
            "access_token": token,
            "bot_user_id": BOT_USER,
            "team": {"id": team, "name": "Ours"},
            "enterprise": None,
            "is_enterprise_install": False,
            **pair,
        }

    # What they have in common.

    def _channel(self, fields: dict[str, Any]) -> dict[str, Any]:
        found = self.channels.get(fields["channel"])
        if found is None:
            raise Refusal("channel_not_found")
        return found

    def _writable(self, fields: dict[str, Any]) -> str:
        channel = self._channel(fields)
        if channel["is_archived"]:
            raise Refusal("is_archived")
        if not channel["is_member"]:
            raise Refusal("not_in_channel")
        return str(channel["id"])

    def _shown(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        oldest = float(fields.get("oldest") or 0)
        found = self.messages[self._channel(fields)["id"]]
        with_metadata = str(fields.get("include_all_metadata", "")).lower() in ("true", "1")
        return [
            each if with_metadata else _without_metadata(each)
            for each in found
            if each["ts"] not in self.hidden and float(each["ts"]) >= oldest
        ]

    def _page(self, fields: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, Any]:
        page, more = _cut(fields, found)
        return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _message(self, fields: dict[str, Any], ts: str) -> dict[str, Any]:
        made = {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "ts": ts}
        said = {n: _decoded(fields[n]) for n in ("text", "blocks", "thread_ts", "metadata") if n in fields}
        return {"text": "", **made, **said}

    def _next_ts(self) -> str:
        return f"{int(self.now().timestamp())}.{next(self._numbers):06d}"

    def _view(self, fields: dict[str, Any]) -> dict[str, Any]:
        view = _decoded(fields["view"])
        given = {name: view[name] for name in ("type", "title", "submit", "close", "blocks") if name in view}
        kept = {name: view.get(name, "") for name in ("private_metadata", "callback_id", "external_id")}
        view_id = fields.get("view_id") or f"V{next(self._numbers)}"
        made = {"id": view_id, "team_id": TEAM, "hash": f"{next(self._numbers)}.x"}
        self.views[view_id] = {**given, **kept, **made, "root_view_id": view_id, "app_id": APP, "bot_id": BOT}
        return self.views[view_id]


async def _fields(request: web.Request) -> dict[str, Any]:
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return fields | await request.json()
    return fields | dict(await request.post())


def _token(request: web.Request, fields: dict[str, Any]) -> str | None:
    said = request.headers.get("Authorization", "")
    return said.removeprefix("Bearer ") if said.startswith("Bearer ") else fields.get("token")


def _decoded(value: Any) -> Any:
    """The SDK sends nested values as JSON within a form."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def _listed(channel: dict[str, Any]) -> dict[str, Any]:
    """A list tells less of a channel than a question about it."""
    left_out = ("is_member", "connected_team_ids")
    known = {name: value for name, value in channel.items() if name not in left_out}
    return {**known, "shared_team_ids": [TEAM, *channel["connected_team_ids"]]}


def _cut(fields: dict[str, Any], found: list[Any]) -> tuple[list[Any], str]:
    """A page, and the cursor of the next one."""
    start, limit = int(fields.get("cursor") or 0), int(fields.get("limit") or 100)
    return found[start : start + limit], str(start + limit) if start + limit < len(found) else ""


def _is_at_top(message: dict[str, Any]) -> bool:
    return message.get("thread_ts") in (None, message["ts"])


def _without_metadata(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "metadata"}


@asynccontextmanager
async def fake_slack(**given: Any) -> AsyncIterator[FakeSlack]:
    """With one workspace's bot token, and one app token, that have every scope."""
    from adapters.slack.scopes import names

    fake = FakeSlack(**given)
    fake.tokens = {BOT_TOKEN: Token(names()), APP_TOKEN: Token(("connections:write",))}
    async with on_loopback(fake.handle, "/api/{method}") as url:
        fake.api_url = f"{url}/api/"
        yield fake
