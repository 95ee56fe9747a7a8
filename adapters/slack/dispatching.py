"""Bolt, which finds the listener for a payload. What it does otherwise out of the box is switched off.

Signatures, replays and odd shapes have been dealt with in front of it; who acts is looked up behind it.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from adapters.db.trouble import StorageTrouble
from adapters.fields import Odd
from adapters.people import Unsure
from adapters.slack.casting import Casting
from adapters.slack.gate import Accepted
from adapters.slack.listeners import Listeners
from adapters.slack.manifest import MAKE_A_PROMISE, TRACK_AS_PROMISE
from adapters.slack.shapes import Shape, replay_key
from adapters.slack.workspaces import NotInstalled
from commitments.errors import Refusal

ANY = re.compile(r".*", re.DOTALL)
NOT_HERE = "Kept is not installed in this workspace any more."
UNHEEDED = 404  # Bolt's answer to what no listener takes
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: str | None = None  # JSON
    odd: str | None = None  # signed, and still nothing a listener could read: to be set aside


class Dispatcher:
    def __init__(self, listeners: Listeners, casting: Casting, client: AsyncWebClient) -> None:
        self._bolt = _bolt(listeners, client, _ByOurOwnReading(casting))

    async def dispatch(self, shape: Shape, accepted: Accepted) -> Answer:
        context = {"shape": shape, "key": replay_key(shape, accepted)}
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=_body(accepted.content), context=context)
        except Exception:  # Bolt reads more fields than we do, and trusts each of them (P06)
            return Answer(status=200, odd="bolt")
        found = await self._bolt.async_dispatch(request)
        if odd := request.context.get("odd"):
            return Answer(status=200, odd=str(odd))
        return _answer(found)


class _ByOurOwnReading(AsyncAuthorize):
    """Of whom the payload is for. No token is handed to Bolt, which needs none."""

    def __init__(self, casting: Casting) -> None:
        self._casting = casting

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        try:
            installation = await self._casting.installation(context["shape"].origin)
        except NotInstalled:
            return None
        except Unsure:  # Slack cannot be reached: the listener says so, or stores the event
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        return AuthorizeResult(
            enterprise_id=installation.enterprise_id,
            team_id=installation.team_id,
            bot_user_id=installation.bot_user_id,
            bot_id=installation.bot_id,
        )


def _bolt(listeners: Listeners, client: AsyncWebClient, authorize: AsyncAuthorize) -> AsyncApp:
    bolt = AsyncApp(
        name="kept",
        client=client,
        authorize=authorize,  # type: ignore[arg-type]  # it takes an object too, and needs one to have a self
        process_before_response=True,  # what a listener did is committed before Slack hears of it
        user_facing_authorize_error_message=NOT_HERE,
        request_verification_enabled=False,  # the gate did, with both secrets, before parsing
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,  # that Kept joined a channel is news
        attaching_function_token_enabled=False,
    )
    bolt.error(_failed)
    bolt.command(ANY)(listeners.command)
    bolt.message_shortcut(TRACK_AS_PROMISE)(listeners.message_action)
    bolt.global_shortcut(MAKE_A_PROMISE)(listeners.shortcut)
    bolt.action(ANY)(listeners.press)
    bolt.view_submission(ANY)(listeners.submission)
    bolt.view_closed(ANY)(listeners.closed)
    bolt.event(ANY)(listeners.event)
    return bolt


async def _failed(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    """Slack sends an event again that was not taken; a person repeats."""
    if isinstance(error, Odd):
        context["odd"] = str(error)
        return BoltResponse(status=200)
    if isinstance(error, Refusal):  # two ids of one thing met in one moment: nothing was done
        context["odd"] = error.code
        return BoltResponse(status=200)
    if isinstance(error, StorageTrouble):
        logger.error("no store", extra={"reason": type(error).__name__})
        return BoltResponse(status=503)
    logger.error("a listener failed", exc_info=error)
    return BoltResponse(status=500)


def _body(content: Any) -> dict[str, Any]:
    """Without the address to answer at, to which Bolt would write by itself and unchecked (T13)."""
    return {name: value for name, value in content.items() if name not in ("response_url", "response_urls")}


def _answer(found: BoltResponse) -> Answer:
    if found.status == UNHEEDED:
        return Answer(status=200)
    if not found.body:
        return Answer(status=found.status)
    if found.headers.get("content-type", [""])[0].startswith("application/json"):
        return Answer(status=found.status, body=found.body)
    alone = json.dumps({"response_type": "ephemeral", "text": found.body})
    return Answer(status=found.status, body=alone)
