"""What signs nobody in talks to this machine only.

A browser can be made to call 127.0.0.1 by any page it shows. `Host` stops names that were pointed at this
machine (DNS rebinding), `Origin` stops calls from other pages.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.environment import is_loopback


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    host = request.headers.get("Host", "")
    if not is_loopback(_name(f"//{host}")):
        raise web.HTTPForbidden(text="This is answered on this machine only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin.casefold() != f"http://{host}".casefold():
        raise web.HTTPForbidden(text="This is answered to its own page only.")
    return await handler(request)


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
