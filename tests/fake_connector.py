"""Teams' connector on this machine: it records what it took, and misbehaves when told to.

Paths and answers: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference.
Errors: learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability, "Status codes".
Nothing here asks the product what happened: `posts`, `updates` and `requests` are the judges.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from fake_server import Delay, Drop, RateLimited, Status, Truncated, instead, on_loopback, spoiled

FEWEST_IN_A_PAGE, MOST_IN_A_PAGE = (
    50,
    500,
)  # learn.microsoft.com/microsoftteams/platform/concepts/bots/bots-context
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: so many in so many seconds
IN_A_CONVERSATION, IN_A_TENANT = ((7, 1), (8, 2), (60, 30), (1800, 3600)), ((30, 1),)
# As learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages shows it.
BLOCKED = {
    "errorCode": 209,
    "message": json.dumps(
        {"subCode": "MessageWritesBlocked", "details": "Thread is blocked.", "errorCode": None}
    ),
}


@dataclass(frozen=True)
class Post:
    """A message that was taken, and is there for all in the conversation to see."""

    number: int
    conversation: str
    activity: dict[str, Any]
    reply_to: str | None
    id: str
    token: str | None


@dataclass(frozen=True)
class Change:
    """An update that was taken; of a deletion, without an activity."""

    number: int
    conversation: str
    id: str
    activity: dict[str, Any] | None
    token: str | None


@dataclass(frozen=True)
class Creation:
    number: int
    body: dict[str, Any]
    conversation: str
    token: str | None


@dataclass(frozen=True)
class Seen:
    """A request, whatever became of it."""

    call: str  # post, reply, update, delete, create, member, members
    path: str
    query: Mapping[str, str]
    token: str | None


@dataclass(frozen=True)
class Refuses:
    """An error as the connector words it."""

    status: int
    code: str
    message: str = "No."
    retry_after: str | None = None


@dataclass(frozen=True)
class Redirect:
    """What is sent on to elsewhere has had no effect here."""

    to: str
    status: int = 307  # keeps method and body


@dataclass(frozen=True)
class Huge:
    """Does it, then answers so many bytes."""

    bytes: int


Fault = Drop | Delay | RateLimited | Status | Truncated | Refuses | Redirect | Huge

_CALLS = (
    ("POST", r"/emea/v3/conversations", "create"),
    ("POST", r"/emea/v3/conversations/(?P<conversation>[^/]+)/activities", "post"),
    ("POST", r"/emea/v3/conversations/(?P<conversation>[^/]+)/activities/(?P<activity>[^/]+)", "reply"),
    ("PUT", r"/emea/v3/conversations/(?P<conversation>[^/]+)/activities/(?P<activity>[^/]+)", "update"),
    ("DELETE", r"/emea/v3/conversations/(?P<conversation>[^/]+)/activities/(?P<activity>[^/]+)", "delete"),
    ("GET", r"/emea/v3/conversations/(?P<conversation>[^/]+)/pagedmembers", "members"),
    ("GET", r"/emea/v3/conversations/(?P<conversation>[^/]+)/members/(?P<member>[^/]+)", "member"),
    ("GET", r"/emea/v3/teams/(?P<team>[^/]+)/conversations", "channels"),
)


class Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.answer = Refuses(status, code)


@dataclass
class FakeConnector:
    posts: list[Post] = field(default_factory=list)
    updates: list[Change] = field(default_factory=list)
    deletions: list[Change] = field(default_factory=list)
    creations: list[Creation] = field(default_factory=list)
    requests: list[Seen] = field(default_factory=list)
    rosters: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by conversation
    teams: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # their channels
    refusals: dict[str, Refuses] = field(default_factory=dict)  # by conversation, until taken out
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    tokens: set[str] | None = None  # those that are taken; None: any, and none at all
    limited_by: Callable[[], float] | None = None  # a clock, in seconds: then Teams' limits hold by it
    service_url: str = ""
    _sent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _numbers: Any = field(default_factory=lambda: count(1))

    def misbehave(self, call: str, *faults: Fault) -> None:
        """The next calls go wrong so, one after the other: `post`, `reply`, `update`, `members`, ..."""
        self.faults[call].extend(faults)

    def block(self, conversation: str) -> None:
        """Its person has blocked or uninstalled the bot."""
        self.refusals[conversation] = Refuses(403, "MessageWritesBlocked")

    def said(self, conversation: str) -> list[dict[str, Any]]:
        """What stands in a conversation now, threads included."""
        gone = {change.id for change in self.deletions}
        latest = {change.id: change.activity for change in self.updates}
        posts = [post for post in self.posts if root(post.conversation) == root(conversation)]
        return [latest.get(post.id) or post.activity for post in posts if post.id not in gone]

    # The server.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        call, named = _read(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or None
        self.requests.append(Seen(call, request.raw_path, dict(request.query), token))
        fault = self.faults[call].popleft() if self.faults[call] else None
        if (before := _before(fault, request)) is not None:
            return before
        body = await request.json() if request.can_read_body else {}
        answer = self._done(call, named, body, token, request.query)
        if isinstance(fault, Huge):
            answer.text = json.dumps({"id": "1", "padding": "x" * fault.bytes})
        return await spoiled(fault, request, answer)

    def _done(
        self, call: str, named: dict[str, str], body: Any, token: str | None, query: Mapping[str, str]
    ) -> web.Response:
        if call == "unknown":
            return web.Response(status=404)
        try:
            self._authenticate(token)
            self._reachable(named.get("conversation", ""))
            if call in ("member", "members", "channels"):
                return web.json_response(getattr(self, f"_{call}")(named, query))
            return web.json_response(getattr(self, f"_{call}")(named, body, token), status=_TAKEN[call])
        except Refusal as refusal:
            return refused(refusal.answer)
        except (KeyError, IndexError, TypeError, ValueError):
            return refused(Refuses(400, "BadSyntax"))

    def _authenticate(self, token: str | None) -> None:
        if self.tokens is not None and token not in self.tokens:
            raise Refusal(401, "Unauthorized")

    def _reachable(self, conversation: str) -> None:
        refusal = self.refusals.get(conversation) or self.refusals.get(root(conversation))
        if refusal is not None:
            raise Refusal(refusal.status, refusal.code)

    # The calls, by their names.

    def _post(self, named: dict[str, str], body: dict[str, Any], token: str | None) -> dict[str, Any]:
        return {"id": self._take(named["conversation"], body, None, token)}

    def _reply(self, named: dict[str, str], body: dict[str, Any], token: str | None) -> dict[str, Any]:
        return {"id": self._take(named["conversation"], body, named["activity"], token)}

    def _take(
        self, conversation: str, activity: dict[str, Any], reply_to: str | None, token: str | None
    ) -> str:
        if not isinstance(activity, dict) or "type" not in activity:
            raise Refusal(400, "BadSyntax")
        self._within_limits(root(conversation), IN_A_CONVERSATION)
        self._within_limits("all of the tenant", IN_A_TENANT)
        number = next(self._numbers)
        post = Post(number, conversation, activity, reply_to, f"{1_760_000_000_000 + number}", token)
        self.posts.append(post)
        return post.id

    def _within_limits(self, whose: str, limits: Iterable[tuple[int, float]]) -> None:
        if self.limited_by is None:
            return
        now, sent = self.limited_by(), self._sent[whose]
        if any(sum(at > now - seconds for at in sent) >= most for most, seconds in limits):
            raise Refusal(429, "Throttled")
        sent.append(now)

    def _update(self, named: dict[str, str], body: dict[str, Any], token: str | None) -> dict[str, Any]:
        self.updates.append(self._change(named, body, token))
        return {"id": named["activity"]}

    def _delete(self, named: dict[str, str], _: Any, token: str | None) -> dict[str, Any]:
        self.deletions.append(self._change(named, None, token))
        return {}

    def _change(self, named: dict[str, str], body: dict[str, Any] | None, token: str | None) -> Change:
        there = {post.id for post in self.posts} - {change.id for change in self.deletions}
        if named["activity"] not in there:
            raise Refusal(404, "ActivityNotFoundInConversation")
        return Change(next(self._numbers), named["conversation"], named["activity"], body, token)

    def _create(self, _: dict[str, str], body: dict[str, Any], token: str | None) -> dict[str, Any]:
        """One conversation for one person, however often it is asked for; in a channel, a new thread."""
        channel = body.get("channelData", {}).get("channel", {}).get("id")
        if channel is not None:
            self._reachable(channel)
            first = self._take(channel, body["activity"], None, token)
            conversation, answer = f"{channel};messageid={first}", {"activityId": first}
        else:
            member = body["members"][0]["id"]
            self._reachable(member)
            conversation, answer = f"a:{member.removeprefix('29:')}", {}
        self.creations.append(Creation(next(self._numbers), body, conversation, token))
        return {"id": conversation, **answer}

    def _members(self, named: dict[str, str], query: Mapping[str, str]) -> dict[str, Any]:
        roster, start = self._roster(named), int(query.get("continuationToken") or 0)
        size = min(max(int(query.get("pageSize") or 200), FEWEST_IN_A_PAGE), MOST_IN_A_PAGE)
        more = {"continuationToken": str(start + size)} if start + size < len(roster) else {}
        return {"members": roster[start : start + size], **more}

    def _member(self, named: dict[str, str], _: Mapping[str, str]) -> dict[str, Any]:
        for member in self._roster(named):
            if named["member"] in (member.get("id"), member.get("aadObjectId"), member.get("objectId")):
                return member
        raise Refusal(404, "MemberNotFoundInConversation")

    def _channels(self, named: dict[str, str], _: Mapping[str, str]) -> dict[str, Any]:
        if named["team"] not in self.teams:
            raise Refusal(404, "TeamNotFound")
        return {"conversations": self.teams[named["team"]]}

    def _roster(self, named: dict[str, str]) -> list[dict[str, Any]]:
        found = self.rosters.get(root(named["conversation"]))
        if found is None:
            raise Refusal(404, "ConversationNotFound")
        return found


_TAKEN = {"create": 201, "post": 201, "reply": 201, "update": 200, "delete": 200}


def root(conversation: str) -> str:
    """The channel that a thread is in."""
    return conversation.partition(";messageid=")[0]


def refused(fault: Refuses) -> web.Response:
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    body = {"error": {"code": fault.code, "message": fault.message}}
    if fault.code == "MessageWritesBlocked":
        body = BLOCKED
    return web.json_response(body, status=fault.status, headers=headers)


def _read(request: web.Request) -> tuple[str, dict[str, str]]:
    path = request.raw_path.partition("?")[0]
    for method, pattern, call in _CALLS:
        found = re.fullmatch(pattern, path) if request.method == method else None
        if found:
            return call, {name: unquote(value) for name, value in found.groupdict().items()}
    return "unknown", {}


def _before(fault: Fault | None, request: web.Request) -> web.Response | None:
    match fault:
        case RateLimited(retry_after):
            return refused(Refuses(429, "Throttled", "Too many requests.", retry_after))
        case Refuses():
            return refused(fault)
        case Redirect(to, status):
            return web.Response(status=status, headers={"Location": to})
    return instead(fault, request)


@asynccontextmanager
async def fake_connector() -> AsyncIterator[FakeConnector]:
    connector = FakeConnector()
    async with on_loopback(connector.handle) as url:
        connector.service_url = f"{url}/emea/"
        yield connector
