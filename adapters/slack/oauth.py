"""Installing Kept in a workspace: two pages, as functions of what a browser sent.

Addresses come from KEPT_PUBLIC_URL alone; what a request says of its host is not looked at.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from urllib.parse import urlencode, urljoin

from aiohttp import web

from adapters.slack.client import OAuth, Refused, Unclear
from adapters.slack.installations import Grant, Installations
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.scopes import names
from adapters.slack.states import LIFE, States, TooMany
from adapters.slack.workspaces import Now, Run
from bot.wording import FALLBACK, Words, languages, words_for

_CODE = re.compile(r"[\w.-]{1,512}", re.ASCII)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    query: Sequence[tuple[str, str]]
    cookies: Mapping[str, str]
    languages: str  # Accept-Language

    def only(self, name: str) -> str | None:
        """A parameter given twice is none."""
        found = [value for each, value in self.query if each == name]
        return found[0] if len(found) == 1 else None

    @property
    def words(self) -> Words:
        return words_for(None, self.languages[:2], (FALLBACK, *languages()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    status: int
    body: str = ""
    location: str | None = None
    cookie: str | None = None  # to remember the browser by; empty: forget it
    headers: Mapping[str, str] = field(default_factory=lambda: _HEADERS)


class Installing:
    def __init__(
        self,
        *,
        public_url: str,
        api_url: str,
        client_id: str,
        states: States,
        installations: Installations,
        oauth: OAuth,
        now: Now,
        reading: bool = False,
        run: Run = asyncio.to_thread,
    ) -> None:
        self._public_url = public_url
        self._authorize_url = urljoin(api_url, "../oauth/v2/authorize")
        self._client_id = client_id
        self._states = states
        self._installations = installations
        self._oauth = oauth
        self._now = now
        self._scopes = names(reading=reading)
        self._run = run
        # A `__Host-` cookie cannot be planted from a neighbouring host; browsers take it over https only.
        self.is_secure = public_url.startswith("https://")
        self.cookie = "__Host-kept-install" if self.is_secure else "kept-install"

    @property
    def redirect_uri(self) -> str:
        return f"{self._public_url}{REDIRECT_PATH}"

    async def begin(self, visit: Visit) -> Page:
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        try:
            await self._run(self._states.issue, state, browser, self._now())
        except TooMany:
            logger.warning("too many installations under way")
            return self._page(visit, 429, "busy")
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(self._scopes),
            "state": state,
            "redirect_uri": self.redirect_uri,
        }
        return Page(status=302, location=f"{self._authorize_url}?{urlencode(asked)}", cookie=browser)

    async def finish(self, visit: Visit) -> Page:
        """The state is used up first, whatever else the address holds."""
        if not await self._is_ours(visit, self._now()):
            return self._page(visit, 400, "expired")
        if visit.only("error") is not None:
            return self._page(visit, 400, "declined")
        code = visit.only("code")
        if code is None or not _CODE.fullmatch(code):
            return self._page(visit, 400, "refused")
        try:
            grant = await self._oauth.exchange(code, self.redirect_uri)
        except Refused as refused:
            logger.warning("Slack refused an installation", extra={"reason": str(refused)})
            return self._page(visit, 400, "refused")
        except Unclear:
            logger.warning("no clear answer from Slack to an installation")
            return self._page(visit, 502, "unclear")
        return await self._install(visit, grant)

    async def _is_ours(self, visit: Visit, now: datetime) -> bool:
        state, browser = visit.only("state"), visit.cookies.get(self.cookie)
        if not state or not browser or max(len(state), len(browser)) > 200:
            return False
        return bool(await self._run(self._states.consume, state, browser, now))

    async def _install(self, visit: Visit, grant: Grant) -> Page:
        """The first workspace settles which app this is."""
        others = await self._run(self._installations.apps_besides, grant.tenant)
        if others - {grant.app_id}:
            logger.error("an installation of another app", extra={"tenant": grant.tenant})
            return self._page(visit, 403, "other_app")
        await self._run(self._installations.save, grant, self._now())
        logger.info("installed", extra={"tenant": grant.tenant})
        return self._page(visit, 200, "installed", link=f"https://slack.com/app_redirect?app={grant.app_id}")

    def _page(self, visit: Visit, status: int, outcome: str, *, link: str | None = None) -> Page:
        words = visit.words
        shown = {
            "language": words.language,
            "title": words("install.title"),
            "heading": words(f"install.{outcome}.heading"),
            "body": words(f"install.{outcome}.body"),
            "link": link or f"{self._public_url}{INSTALL_PATH}",
            "label": words("install.open" if link else "install.again"),
        }
        body = _HTML.format_map({name: escape(text) for name, text in shown.items()})
        return Page(status=status, body=body, cookie=None if outcome == "busy" else "")


_HTML = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{heading}</h1>
<p>{body}</p>
<p><a href="{link}">{label}</a></p>
</html>
"""


def add_oauth_routes(app: web.Application, installing: Installing) -> None:
    async def begin(request: web.Request) -> web.Response:
        return _response(await installing.begin(_visit(request)), installing)

    async def finish(request: web.Request) -> web.Response:
        return _response(await installing.finish(_visit(request)), installing)

    app.router.add_get(INSTALL_PATH, begin, allow_head=False)
    app.router.add_get(REDIRECT_PATH, finish, allow_head=False)


def _visit(request: web.Request) -> Visit:
    return Visit(
        query=tuple(request.query.items()),
        cookies=request.cookies,
        languages=request.headers.get("Accept-Language", ""),
    )


def _response(page: Page, installing: Installing) -> web.Response:
    response = web.Response(
        status=page.status, text=page.body, content_type="text/html", headers=page.headers
    )
    if page.location:
        response.headers["Location"] = page.location
    if page.cookie is not None:
        response.set_cookie(
            installing.cookie,
            page.cookie,
            max_age=int(LIFE.total_seconds()) if page.cookie else 0,
            path="/",
            secure=installing.is_secure,
            httponly=True,
            samesite="Lax",  # Slack sends the browser back from its own site
        )
    return response
