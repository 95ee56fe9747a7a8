"""Microsoft's key server and login service on this machine, with the private keys at hand.

One server plays both: OpenID metadata and keys, by which Kept knows who calls, and the token endpoint, where
Kept fetches a token for its own calls. It misbehaves when told to. `requests` is the judge.
"""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from fake_server import on_loopback

APP_ID = "3f2c5d1e-8a64-4b7e-9d10-5c2b7a9e4f01"
APP_PASSWORD = "kept~fake.app-password"
ISSUER = "https://api.botframework.com"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"
OPENID_PATH, KEYS_PATH = "/v1/.well-known/openidconfiguration", "/v1/.well-known/keys"
TOKEN_LIFE = timedelta(hours=1)


@cache
def rsa_key(number: int) -> RSAPrivateKey:
    """The same key for the same number in a whole run: making one takes a tenth of a second."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class SigningKey:
    kid: str
    private: RSAPrivateKey
    endorsements: Sequence[str] = ("msteams", "webchat")

    def as_jwk(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        jwk = {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid}
        return jwk | {"n": _base64(numbers.n), "e": _base64(numbers.e), "endorsements": [*self.endorsements]}


@dataclass(frozen=True)
class Taken:
    """A request that arrived, whatever became of it."""

    path: str
    fields: Mapping[str, str]  # of the form; empty for a GET


@dataclass
class FakeLogin:
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey("key-1", rsa_key(1))])
    requests: list[Taken] = field(default_factory=list)
    password: str = APP_PASSWORD  # the client secret that is taken
    expires_in: int = int(TOKEN_LIFE.total_seconds())
    issued: list[str] = field(default_factory=list)  # access tokens, as the connector will see them
    instead: deque[web.Response] = field(default_factory=deque)  # the next answers, whatever is asked
    metadata: dict[str, Any] = field(default_factory=dict)  # changes to the OpenID document
    url: str = ""
    _delay_s: float = 0
    _awake: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=lambda: count(2))

    @property
    def openid_url(self) -> str:
        return f"{self.url}{OPENID_PATH}"

    @property
    def login_url(self) -> str:
        """What stands before `/{tenant}/oauth2/v2.0/token`."""
        return self.url

    # What a test asks for.

    def bearer(self, **claims: Any) -> str:
        """The header of a good request from Teams, but for the claims given; None leaves a claim out."""
        return f"Bearer {self.token(**claims)}"

    def token(
        self,
        *,
        key: Any = None,
        algorithm: str | None = "RS256",
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        now = int(self.now().timestamp())
        payload = {"iss": ISSUER, "aud": APP_ID, "serviceurl": SERVICE_URL, "nbf": now - 60}
        payload |= {"exp": now + 3600, **claims}
        return jwt.encode(
            {name: value for name, value in payload.items() if value is not None},
            key if key is not None else self.keys[-1].private,
            algorithm=algorithm,
            headers={"kid": self.keys[-1].kid, **(header or {})},
        )

    def rotate(self, *, keep_old: bool = False, endorsements: Sequence[str] = ("msteams",)) -> SigningKey:
        """From now on `bearer` signs with a key that was not published before."""
        number = next(self._numbers)
        key = SigningKey(f"key-{number}", rsa_key(number), endorsements)
        self.keys = [*(self.keys if keep_old else []), key]
        return key

    def slow(self, seconds: float) -> None:
        """Every answer waits so long (`math.inf`: until `slow(0)` or the end)."""
        self._delay_s = seconds
        if seconds:
            self._awake.clear()
        else:
            self._awake.set()

    def fail(self, n: int, status: int = 503) -> None:
        """The next n answers have this status and no JSON."""
        self.instead.extend(web.Response(status=status, text="upstream connect error") for _ in range(n))

    def asked(self, path_end: str) -> int:
        return sum(taken.path.endswith(path_end) for taken in self.requests)

    # The server.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(Taken(path=request.path, fields=form))
        if self._delay_s:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), min(self._delay_s, 3600))
        if self.instead:
            return self.instead.popleft()
        if request.path == OPENID_PATH:
            return web.json_response(self.openid())
        if request.path == KEYS_PATH:
            return web.json_response({"keys": [key.as_jwk() for key in self.keys]})
        if request.method == "POST" and request.path.endswith("/oauth2/v2.0/token"):
            return self._grant(form)
        return web.json_response({"error": "not_found"}, status=404)

    def openid(self) -> dict[str, Any]:
        """As learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication."""
        document = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.url}{KEYS_PATH}",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return document | self.metadata

    def _grant(self, form: Mapping[str, str]) -> web.Response:
        """A certificate's assertion is taken as it is: what is in it is for the test to read."""
        if form.get("client_assertion") is None and form.get("client_secret") != self.password:
            return _refusal("invalid_client", "AADSTS7000215: Invalid client secret provided.", 7000215)
        if form.get("scope") != "https://api.botframework.com/.default":
            return _refusal("invalid_scope", "AADSTS70011: The provided request must include a scope.", 70011)
        self.issued.append(f"fake-access-token-{len(self.issued) + 1}")
        return web.json_response(
            {
                "token_type": "Bearer",
                "expires_in": self.expires_in,
                "ext_expires_in": self.expires_in,
                "access_token": self.issued[-1],
            }
        )


def _refusal(error: str, description: str, code: int) -> web.Response:
    """As learn.microsoft.com/entra/identity-platform/reference-error-codes."""
    body = {"error": error, "error_description": description, "error_codes": [code]}
    return web.json_response(body, status=401 if error == "invalid_client" else 400)


def _base64(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@asynccontextmanager
async def login_server(**how: Any) -> AsyncIterator[FakeLogin]:
    login = FakeLogin(**how)
    async with on_loopback(login.handle) as login.url:
        try:
            yield login
        finally:
            login.slow(0)
