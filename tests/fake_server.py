"""What the platforms' fakes share: a server on this machine, and how one of its answers may go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

LARGEST_REQUEST = 16 * 1024**2  # bytes
ODD_RETRY_AFTER = ("1", "0", None, "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "86400", "soon", "", "१")

# `after` says whether the effect has happened by then.


@dataclass(frozen=True)
class Drop:
    """Closes the connection in place of an answer."""

    after: bool


@dataclass(frozen=True)
class Delay:
    """Answers once `until` is set, having done it before."""

    until: asyncio.Event


@dataclass(frozen=True)
class RateLimited:
    retry_after: str | None  # as it stands in the header


@dataclass(frozen=True)
class Status:
    status: int
    body: str = "upstream connect error"
    content_type: str = "text/html"
    after: bool = False


@dataclass(frozen=True)
class Truncated:
    after: bool = True


def instead(fault: object, request: web.Request) -> web.Response | None:
    """What comes in place of an answer, before anything has been done."""
    match fault:
        case Drop(after=False):
            return _dropped(request)
        case Status(status, body, content_type, after=False):
            return web.Response(status=status, text=body, content_type=content_type)
    return None


async def spoiled(fault: object, request: web.Request, answer: web.Response) -> web.Response:
    """What becomes of the answer to what has been done."""
    match fault:
        case Drop(after=True):
            return _dropped(request)
        case Status(status, body, content_type, after=True):
            return web.Response(status=status, text=body, content_type=content_type)
        case Truncated():
            text = answer.text or ""
            answer.text = text[: len(text) // 2]
        case Delay(until):
            await until.wait()
    return answer


def _dropped(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()  # type: ignore[attr-defined]
    return web.Response()


@asynccontextmanager
async def on_loopback(
    handle: Callable[[web.Request], Awaitable[web.StreamResponse]], path: str = "/{path:.*}"
) -> AsyncIterator[str]:
    """Its URL, without a slash at its end."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_route("*", path, handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
