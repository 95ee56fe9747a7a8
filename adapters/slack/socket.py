"""Socket Mode: the same payloads over a connection that Kept opens, so that it needs no public address."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal, Protocol

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.raw_request import Unreadable, parse
from adapters.redaction import Secret
from adapters.slack.gate import Accepted

TRY_AGAIN_AFTER_S = 5.0
LOST_AFTER = timedelta(minutes=1)  # Slack itself ends a connection now and then, and another is opened
_WAYS: dict[str, Literal["event", "command", "interaction"]] = {
    "events_api": "event",
    "slash_commands": "command",
    "interactive": "interaction",
}
logger = logging.getLogger(__name__)


class Answered(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str | None: ...


class Socket:
    """The connection is authenticated, so no signature comes with what it brings."""

    def __init__(
        self,
        token: Secret,
        client: AsyncWebClient,
        take_in: Callable[[Accepted, bytes], Awaitable[Answered]],
        now: Callable[[], datetime],
    ) -> None:
        self._take_in = take_in
        self._now = now
        self._held_at = now()
        self._client = SocketModeClient(app_token=token.reveal(), web_client=client)
        self._client.socket_mode_request_listeners.append(self._hear)
        self._opening: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._opening = asyncio.create_task(self._hold(), name="slack socket")

    async def is_lost(self) -> bool:
        """There has been no connection for over a minute."""
        if await self._client.is_connected():
            self._held_at = self._now()
        return self._now() - self._held_at > LOST_AFTER

    async def close(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _hold(self) -> None:
        await self._connect()
        while True:  # looked at also when nobody asks, so that a lapse begins when it begins
            await self.is_lost()
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    async def _connect(self) -> None:
        """Tries until it succeeds; from then on the client connects again by itself."""
        while True:
            try:
                await self._client.connect()  # type: ignore[no-untyped-call]
                return
            except Exception as trouble:
                logger.warning("no socket to Slack yet", extra={"reason": type(trouble).__name__})
                await asyncio.sleep(TRY_AGAIN_AFTER_S)

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """What is not acknowledged, Slack sends again."""
        answered = await self._taken(request)
        if answered is None or answered.status == 200:
            body = json.loads(answered.body) if answered and answered.body else None
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=body)
            )

    async def _taken(self, request: SocketModeRequest) -> Answered | None:
        way = _WAYS.get(request.type)
        if way is None:
            return None
        raw = json.dumps(request.payload).encode()
        try:
            content = parse(raw)
        except Unreadable:
            return None
        return await self._take_in(Accepted(way=way, content=content, fingerprint=request.envelope_id), raw)
