"""The playground signs nobody in, so it talks to pages on this machine only.

A browser can be made to call 127.0.0.1 by any page it shows. `Host` stops names that were pointed at this
machine (DNS rebinding), `Origin` stops calls from other pages.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.environment import is_loopback

_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _CSP.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    host = request.headers.get("Host", "")
    if not is_loopback(_name(f"//{host}")):
        raise web.HTTPForbidden(text="The playground answers on this machine only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin.casefold() != f"http://{host}".casefold():
        raise web.HTTPForbidden(text="The playground answers its own page only.")
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
