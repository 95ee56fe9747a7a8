"""The token Kept calls Teams with: fetched once for however many wait for it, and long before it expires.

learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, "Bot to Connector"

Neither the secret nor a token is in any error, log line or repr.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from adapters.endings import read_at_most
from adapters.redaction import Secret
from adapters.teams.certificate import Certificate

LOGIN_URL = "https://login.microsoftonline.com"
ANY_TENANT = "botframework.com"  # of an app that is registered for many tenants
SCOPE = "https://api.botframework.com/.default"
TIMEOUT = aiohttp.ClientTimeout(total=10)
LARGEST_ANSWER = 64 * 1024  # bytes; a token has two kilobytes
EARLY = timedelta(minutes=5)
FAILED_FOR = timedelta(seconds=30)  # so long nobody asks again
SETTLED = timedelta(minutes=1)  # a token as young as this is not thrown away: the next would be no better
LONGEST_LIFE = timedelta(days=1)
_BY_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523, section 2.2
# RFC 6749, section 5.2: the app or its secret is wrong, and asking again cannot help.
_FINAL = frozenset(
    {"invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "unauthorized_client"}
)
_A_TOKEN = re.compile(r"[\w.~+/=-]{1,16384}", re.ASCII)  # RFC 6750, section 2.1
logger = logging.getLogger(__name__)


class LoginFailed(Exception):
    """`reason` is a code, such as `invalid_client AADSTS7000215`."""

    def __init__(self, reason: str, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    token: Secret
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    reason: str
    permanent: bool
    until: datetime


class Login:
    """With a secret or a certificate; where there are both, the certificate. Raises Unreadable."""

    def __init__(
        self,
        *,
        app_id: str,
        tenant_id: str | None,
        secret: Secret | None,
        certificate: bytes | None,
        login_url: str,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._certificate = Certificate(certificate) if certificate is not None else None
        self._url = f"{login_url.rstrip('/')}/{quote(tenant_id or ANY_TENANT, safe='')}/oauth2/v2.0/token"
        self._session = session
        self._now = now
        self._held: _Held | None = None
        self._refused: _Refused | None = None
        self._asking: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Raises LoginFailed. Nobody waits while the token there is will do."""
        asking = self._asked_for() if self._is_due() else None
        if asking is not None and not self._is_good():
            await asyncio.shield(asking)  # whoever gives up waiting does not end it for the others
        if self._held is not None and self._is_good():
            return self._held.token.reveal()
        raise self._why_not()

    def forget(self, token: str) -> None:
        """The connector does not take it: the next call asks for another."""
        held = self._held
        if held and held.token.reveal() == token and self._now() - held.since >= SETTLED:
            self._held = None

    def _is_due(self) -> bool:
        now = self._now()
        if self._refused is not None and now < self._refused.until:
            return False
        return self._held is None or now >= self._held.until - EARLY

    def _is_good(self) -> bool:
        return self._held is not None and self._now() < self._held.until

    def _why_not(self) -> LoginFailed:
        refused = self._refused
        return LoginFailed(refused.reason, refused.permanent) if refused else LoginFailed("expired", False)

    def _asked_for(self) -> asyncio.Task[None]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return self._asking

    async def _ask(self) -> None:
        found = await self._fetch()
        if isinstance(found, _Held):
            self._held, self._refused = found, None
            return
        self._refused = found
        logger.error("Microsoft's login gives no token", extra={"reason": found.reason})

    async def _fetch(self) -> _Held | _Refused:
        try:
            async with self._session.post(
                self._url, data=self._form(), allow_redirects=False, timeout=TIMEOUT
            ) as answer:
                return self._read(answer.status, await read_at_most(answer, LARGEST_ANSWER))
        except (aiohttp.ClientError, OSError) as error:
            return self._not_given(type(error).__name__)

    def _form(self) -> dict[str, str]:
        form = {"grant_type": "client_credentials", "client_id": self._app_id, "scope": SCOPE}
        if self._certificate is not None:
            signed = self._certificate.assertion(app_id=self._app_id, audience=self._url, now=self._now())
            return form | {"client_assertion_type": _BY_ASSERTION, "client_assertion": signed}
        return form | {"client_secret": self._secret.reveal() if self._secret else ""}

    def _read(self, status: int, raw: bytes) -> _Held | _Refused:
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            return self._not_given(f"http_{status}")
        if not isinstance(body, dict):
            return self._not_given(f"http_{status}")
        if status != 200:
            return self._refusal(status, body)
        return self._granted(body) or self._not_given("unreadable_token")

    def _granted(self, body: Mapping[str, Any]) -> _Held | None:
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not _A_TOKEN.fullmatch(token):
            return None
        if not isinstance(life, (int, str)) or not re.fullmatch(r"[0-9]{1,9}", str(life), re.ASCII):
            return None
        now = self._now()
        until = now + min(timedelta(seconds=int(life)), LONGEST_LIFE)
        return _Held(token=Secret(token), since=now, until=until)

    def _refusal(self, status: int, body: Mapping[str, Any]) -> _Refused:
        """Of the answer only codes go on: its words name tenants and apps."""
        error, codes = body.get("error"), body.get("error_codes")
        if not isinstance(error, str) or not re.fullmatch(r"[a-z_]{1,60}", error, re.ASCII):
            return self._not_given(f"http_{status}")
        numbers = [f" AADSTS{code}" for code in codes if type(code) is int] if isinstance(codes, list) else []
        is_final = error in _FINAL and 400 <= status < 500 and status not in (408, 429)
        return self._not_given(error + "".join(numbers[:1]), permanent=is_final)

    def _not_given(self, reason: str, *, permanent: bool = False) -> _Refused:
        return _Refused(reason=reason, permanent=permanent, until=self._now() + FAILED_FOR)
