"""Tells open pages that something changed; they then ask what. Server-sent events."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

BREATH_S = 15  # a comment this often finds out who is gone, and keeps proxies from hanging up
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Live:
    def __init__(self) -> None:
        self._changed: set[asyncio.Event] = set()
        self._is_over = False

    def tell(self) -> None:
        for changed in self._changed:
            changed.set()

    async def close(self, _: web.Application | None = None) -> None:
        """Ends every stream, which would otherwise hold up a stop."""
        self._is_over = True
        self.tell()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        changed = asyncio.Event()
        self._changed.add(changed)
        try:
            with suppress(ConnectionResetError):
                await self._feed(response, changed)
        finally:
            self._changed.discard(changed)
        return response

    async def _feed(self, response: web.StreamResponse, changed: asyncio.Event) -> None:
        await response.write(b": here\n\n")
        while not self._is_over:
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), BREATH_S)
            said = b"event: changed\ndata: {}\n\n" if changed.is_set() else b": here\n\n"
            changed.clear()
            await response.write(said)
