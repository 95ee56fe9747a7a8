"""How a request of a platform comes in, and where what was not understood of it goes. The same for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy import Engine

from adapters.db import quarantine
from adapters.raw_request import RawRequest

SLOWEST_READ_S = 10  # of one request's body (T36)


async def raw_of(request: web.Request) -> RawRequest:
    """Raises HTTPRequestTimeout, and HTTPRequestEntityTooLarge."""
    try:
        async with asyncio.timeout(SLOWEST_READ_S):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request came too slowly.") from None
    return RawRequest(method=request.method, headers=tuple(request.headers.items()), body=body)


class Aside:
    """Synchronous, for the pool."""

    def __init__(self, engine: Engine, platform: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._platform = platform
        self._now = now

    def keep(self, body: bytes, kind: str, reason: str, tenant: str = "") -> None:
        """`tenant` is empty where nothing in it says whose it is."""
        odd = quarantine.Odd(
            tenant=tenant,
            platform=self._platform,
            kind=kind,
            reason=reason,
            body=body,
            received_at=self._now(),
        )
        with self._engine.begin() as connection:
            quarantine.set_aside(connection, odd)
