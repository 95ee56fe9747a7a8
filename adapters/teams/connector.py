"""Calls to Teams' connector, each with one clear ending. Nothing here repeats a call.

learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference

Where a call goes is checked before the token is asked for, and no redirect is followed: the token is for
listed hosts alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp

from adapters.endings import REST_AFTER_AUTH, End, Ending, Failed, Rests, of_error, read_at_most
from adapters.teams.endings import of_answer
from adapters.teams.hosts import Hosts, NotListed
from adapters.teams.login import FAILED_FOR, Login, LoginFailed

UNTRUSTED = "untrusted_service_url"
WITHIN = timedelta(seconds=10)  # for a whole call
THREAD = ";messageid="  # behind it, in the id of a conversation, the message that began the thread
LARGEST_ANSWER = 4 * 1024**2  # bytes; a page of 500 members has some 200 kilobytes
# learn.microsoft.com/microsoftteams/platform/concepts/bots/bots-context: at most 500 in a page
IN_A_PAGE = 500
MOST_PAGES = 20  # ours; a channel with more than 10,000 members is nobody's partnership

Json = Mapping[str, Any]


class Connector:
    """Every method raises Failed."""

    def __init__(
        self,
        *,
        login: Login | None,
        hosts: Hosts,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        within: timedelta = WITHIN,
    ) -> None:
        self._login = login  # None: for an emulator, which asks for no token
        self._hosts = hosts
        self._session = session
        self._now = now
        self._timeout = aiohttp.ClientTimeout(total=within.total_seconds())
        self._rests = Rests(now)  # by conversation, and whether it is written to or read

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        """The message's id."""
        body = await self._call("POST", service_url, conversation_id, "activities", body=activity)
        return _id(body)

    async def reply(self, service_url: str, conversation_id: str, to_id: str, activity: Json) -> str:
        """The message's id."""
        body = await self._call("POST", service_url, conversation_id, "activities", to_id, body=activity)
        return _id(body)

    async def update(self, service_url: str, conversation_id: str, activity_id: str, activity: Json) -> None:
        await self._call("PUT", service_url, conversation_id, "activities", activity_id, body=activity)

    async def delete(self, service_url: str, conversation_id: str, activity_id: str) -> None:
        await self._call("DELETE", service_url, conversation_id, "activities", activity_id)

    async def create(self, service_url: str, body: Json) -> str:
        """The conversation's id; for one person it is the same however often it is made."""
        return _id(await self._call("POST", service_url, body=body))

    async def member(self, service_url: str, conversation_id: str, member_id: str) -> Json:
        return await self._call("GET", service_url, conversation_id, "members", member_id)

    async def members(self, service_url: str, conversation_id: str) -> list[Json]:
        """All of them, or Failed: half a roster would pass outsiders by."""
        found: list[Json] = []
        more: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            query = {"pageSize": str(IN_A_PAGE), **more}
            page = await self._call("GET", service_url, conversation_id, "pagedmembers", query=query)
            found += _objects(page, "members")
            token = page.get("continuationToken")
            if not token:
                return found
            more = {"continuationToken": str(token)}
        raise Failed(Ending(end=End.PERMANENT, code="roster_too_long"))

    async def channels(self, service_url: str, team_id: str) -> list[Json]:
        """Of a team that Kept is in."""
        page = await self._call("GET", service_url, team_id, "conversations", under="teams")
        return _objects(page, "conversations")

    async def _call(
        self,
        method: str,
        service_url: str,
        *path: str,
        under: str = "conversations",
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        url = self._url(service_url, (under, *path), query or {})
        key = (path[0].partition(THREAD)[0], method == "GET") if path else None
        self._rests.check(key)
        token = await self._token()
        ending = await self._sent(method, url, token, body)
        if ending.end is End.DONE:
            return ending.body or {}
        self._note(key, token, ending)
        raise Failed(ending)

    def _url(self, service_url: str, path: tuple[str, ...], query: Mapping[str, str]) -> str:
        try:
            base = self._hosts.checked(service_url)
        except NotListed:
            raise Failed(Ending(end=End.PERMANENT, code=UNTRUSTED)) from None
        steps = "".join(f"/{_step(each)}" for each in path)
        return f"{base}v3{steps}{f'?{urlencode(query, quote_via=quote)}' if query else ''}"

    async def _token(self) -> str | None:
        if self._login is None:
            return None
        try:
            return await self._login.token()
        except LoginFailed as failed:
            raise Failed(_without_token(failed)) from None

    async def _sent(self, method: str, url: str, token: str | None, body: Json | None) -> Ending:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            async with self._session.request(
                method, url, headers=headers, data=data, allow_redirects=False, timeout=self._timeout
            ) as answer:
                raw = await read_at_most(answer, LARGEST_ANSWER)
                return of_answer(answer.status, answer.headers, raw, self._now())
        except (aiohttp.ClientError, OSError) as error:
            return of_error(error)

    def _note(self, key: tuple[str, bool] | None, token: str | None, ending: Ending) -> None:
        if ending.end is End.AUTH and self._login is not None and token is not None:
            self._login.forget(token)
        if key is None:
            return
        if ending.end is End.AUTH:
            self._rests.begin(key, ending, REST_AFTER_AUTH)
        elif ending.wait_s is not None:
            self._rests.begin(key, ending, timedelta(seconds=ending.wait_s))


def _without_token(failed: LoginFailed) -> Ending:
    """However long Microsoft's login is down, what there is to say waits for it."""
    if failed.permanent:
        return Ending(end=End.AUTH, code=failed.reason)
    wait_s = FAILED_FOR.total_seconds()
    return Ending(end=End.NOT_DONE, code=failed.reason, wait_s=wait_s, tried=False)


def _step(an_id: str) -> str:
    """An id is one step of a path, whatever is in it."""
    if not an_id.strip(".") or not an_id.isprintable():
        raise Failed(Ending(end=End.PERMANENT, code="odd_id"))
    return quote(an_id, safe="")


def _id(body: Json) -> str:
    """It was done, but unless its name is known it cannot be found again."""
    found = body.get("id")
    if not isinstance(found, str) or not found:
        raise Failed(Ending(end=End.AMBIGUOUS, code="no_id"))
    return found


def _objects(page: Json, name: str) -> list[Json]:
    found = page.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Failed(Ending(end=End.AMBIGUOUS, code=f"no_{name}"))
    return found
