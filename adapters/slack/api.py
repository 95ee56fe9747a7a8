"""Calls to Slack's Web API, each with one clear ending.

Not through the SDK's client: it raises one error for a refusal, a 500 and an unreadable page alike, and what
may be sent again hangs on telling them apart. Nothing here repeats a call.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from adapters.endings import REST_AFTER_AUTH, End, Ending, Failed, Rests, of_error, read_at_most
from adapters.slack.client import Unclear
from adapters.slack.fields import Fields
from adapters.slack.hooks import hooks_beside, is_hook
from adapters.slack.outcomes import of_answer
from adapters.slack.workspaces import NotInstalled, Resting, Run, Workspaces

LARGEST_ANSWER = 4 * 1024**2  # bytes; a page of 200 members has some kilobytes
# These read their arguments from a form only: docs.slack.dev/apis/web-api, "POST bodies".
_AS_FORM = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "chat.getPermalink",
        "users.conversations",
        "users.info",
    }
)
logger = logging.getLogger(__name__)


class Api:
    def __init__(
        self,
        *,
        url: str,
        session: aiohttp.ClientSession,
        workspaces: Workspaces,
        now: Callable[[], datetime],
        trip: Callable[[str, str, datetime], None] | None = None,
        run: Run = asyncio.to_thread,
    ) -> None:
        self._url = url
        self._session = session
        self._now = now
        self._trip = trip  # tells other replicas that a workspace's token is no good
        self._run = run
        self._rests = Rests(now)  # by tenant, and token or method
        self.workspaces = workspaces
        self.hooks = hooks_beside(url)

    async def call(self, tenant: str, method: str, **fields: Any) -> Fields:
        """Raises Failed, also for whatever kept the call from being made."""
        token = await self._token(tenant)
        # Another token than the one Slack refused is worth a try at once.
        self._rests.check((tenant, token), (tenant, method))
        ending = await self._posted(
            f"{self._url}{method}",
            {"Authorization": f"Bearer {token}"},
            as_form=method in _AS_FORM,
            fields=fields,
        )
        await self._note(tenant, method, token, ending)
        if ending.end is End.DONE:
            return Fields(ending.body)
        raise Failed(ending)

    async def respond(self, url: str, message: Mapping[str, Any]) -> bool:
        """Answers at an address that came with a signed payload; False when it was not taken."""
        if not is_hook(url, self.hooks):
            return False
        try:
            async with self._session.post(url, json=message, allow_redirects=False) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    async def _token(self, tenant: str) -> str:
        try:
            return (await self.workspaces.token(tenant)).reveal()
        except NotInstalled:
            raise Failed(Ending(end=End.AUTH, code="not_installed")) from None
        except Resting as resting:
            wait = (resting.until - self._now()).total_seconds()
            raise Failed(Ending(end=End.NOT_DONE, code="resting", wait_s=max(wait, 1.0))) from None
        except Unclear:
            raise Failed(Ending(end=End.NOT_DONE, code="unreachable")) from None

    async def _posted(
        self, url: str, headers: Mapping[str, str], *, as_form: bool, fields: Mapping[str, Any]
    ) -> Ending:
        sent = {"data": _form(fields)} if as_form else {"json": fields}
        try:
            async with self._session.post(url, headers=headers, allow_redirects=False, **sent) as answer:
                raw = await read_at_most(answer, LARGEST_ANSWER)
                return of_answer(answer.status, answer.headers, raw, self._now())
        except (aiohttp.ClientError, OSError) as error:
            return of_error(error)

    async def _note(self, tenant: str, method: str, token: str, ending: Ending) -> None:
        """A dead token rests the whole workspace, a full minute the one method; others go on."""
        if ending.end is End.AUTH and ending.code not in _ABOUT_THE_METHOD:
            until = self._rests.begin((tenant, token), ending, REST_AFTER_AUTH)
            self.workspaces.refused(tenant)
            logger.error("Slack refuses the token", extra={"tenant": tenant, "reason": ending.code})
            if self._trip is not None:
                await self._run(self._trip, tenant, ending.code, until)
        elif ending.wait_s is not None:
            self._rests.begin((tenant, method), ending, timedelta(seconds=ending.wait_s))


# These say what the token may not do, not that it is dead.
_ABOUT_THE_METHOD = frozenset({"missing_scope", "no_permission", "access_denied", "not_allowed_token_type"})


def _form(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
