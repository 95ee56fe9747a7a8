"""Messages as Teams delivers them, each answered when its answer has been posted where it was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from adapters.bench.load import words
from adapters.bench.teams_stage import StandIn, activity, conversation_id
from adapters.teams.app import MESSAGES_PATH

POSTED_WITHIN_S = 30.0


class Messages:
    """Sent to a port of this machine; only one of these can await what is posted at a time."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        port: int,
        stand_in: StandIn,
        is_answer: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{port}{MESSAGES_PATH}"
        self._stand_in = stand_in
        self._is_answer = is_answer
        self._waiting: dict[str, asyncio.Future[None]] = {}

    async def send(self, number: int) -> None:
        """Until it is taken, and its answer posted."""
        answered = self.awaited(conversation_id(number))
        await self.take(number)
        await asyncio.wait_for(answered, POSTED_WITHIN_S)

    def awaited(self, conversation: str) -> asyncio.Future[None]:
        """Done when the next message is posted there."""
        self._stand_in.posted = self._posted
        answered = self._waiting[conversation] = asyncio.get_running_loop().create_future()
        return answered

    async def take(self, number: int) -> None:
        """Until Teams is told that it was taken."""
        told = activity(number, f"promise {words(number)}", self._stand_in.service_url)
        headers = {"Authorization": self._stand_in.bearer}
        async with self._session.post(self._url, json=told, headers=headers) as response:
            answer = await response.text()
            if response.status >= 300:
                raise RuntimeError(f"not taken: {response.status} {answer[:200]}")

    def _posted(self, conversation: str, message: Mapping[str, Any]) -> None:
        waiting = self._waiting.pop(conversation, None)
        if waiting is None or waiting.done():
            return
        if self._is_answer(message):
            waiting.set_result(None)
        else:
            waiting.set_exception(RuntimeError(f"no answer: {message}"))
