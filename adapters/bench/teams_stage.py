"""A tenant to measure Kept in: stand-ins on this machine for Microsoft's key server, login and connector."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from adapters.bench.load import PEOPLE
from adapters.bench.serving import listening
from adapters.environment import Environment, TeamsEnvironment
from adapters.redaction import Secret
from adapters.teams.identity import account_of
from adapters.teams.tokens import ISSUER

OURS, CUSTOMER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
APP_ID = "3f2c5d1e-8a64-4b7e-9d10-5c2b7a9e4f01"
APP_PASSWORD = Secret("kept~bench.app-password")
BOT = f"28:{APP_ID}"
OPENID_PATH, KEYS_PATH = "/v1/.well-known/openidconfiguration", "/v1/.well-known/keys"
# Kept renews a token five minutes before it ends: so often, that it does while it is measured.
TOKEN_LIFE_S = 302
Json = dict[str, Any]


class SigningKey:
    def __init__(self, kid: str, service_url: str) -> None:
        self._kid = kid
        self._service_url = service_url
        self._private: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public(self) -> Json:
        jwk: Json = RSAAlgorithm.to_jwk(self._private.public_key(), as_dict=True)
        return jwk | {"kid": self._kid, "use": "sig", "endorsements": ["msteams"]}

    @cached_property
    def bearer(self) -> str:
        """One for many activities, as Teams does it."""
        now = int(time.time())
        claims: Json = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self._service_url}
        claims |= {"nbf": now - 60, "exp": now + 3600}
        return f"Bearer {jwt.encode(claims, self._private, algorithm='RS256', headers={'kid': self._kid})}"


@dataclass
class StandIn:
    """`takes` may refuse a call of the connector: the seconds to wait, else None."""

    takes: Callable[[str, str], int | None] = lambda call, conversation: None
    posted: Callable[[str, Json], None] = lambda conversation, message: None
    delay_s: float = 0.0  # of every answer of the login and the key server
    url: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    keys: list[SigningKey] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def service_url(self) -> str:
        return f"{self.url}/emea/"

    @property
    def bearer(self) -> str:
        return self.keys[-1].bearer

    def rotate(self) -> None:
        """From now on it signs with a key that nobody has seen."""
        self.keys.append(SigningKey(f"key-{len(self.keys)}", self.service_url))

    async def openid(self, _: web.Request) -> web.Response:
        await self._asked("openid")
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}{KEYS_PATH}"})

    async def published(self, _: web.Request) -> web.Response:
        await self._asked("keys")
        return web.json_response({"keys": [each.public for each in self.keys]})

    async def token(self, _: web.Request) -> web.Response:
        await self._asked("login")
        granted = {"token_type": "Bearer", "expires_in": TOKEN_LIFE_S, "access_token": "bench"}
        return web.json_response(granted)

    async def post(self, request: web.Request) -> web.Response:
        message = await request.json()
        conversation = request.match_info["conversation"].partition(";")[0]
        if refused := self._refused("post", conversation):
            return refused
        self.posted(conversation, message)
        return web.json_response({"id": f"{next(self._numbers)}"}, status=201)

    async def member(self, request: web.Request) -> web.Response:
        conversation, wanted = request.match_info["conversation"], request.match_info["member"]
        if refused := self._refused("member", conversation):
            return refused
        found = [each for each in roster(conversation) if wanted in (each["id"], each["aadObjectId"])]
        return web.json_response(found[0] if found else {}, status=200 if found else 404)

    async def members(self, request: web.Request) -> web.Response:
        conversation = request.match_info["conversation"]
        refused = self._refused("members", conversation)
        return refused or web.json_response({"members": roster(conversation)})

    def _refused(self, call: str, conversation: str) -> web.Response | None:
        self.counts[call] = self.counts.get(call, 0) + 1
        wait = self.takes(call, conversation)
        if wait is None:
            return None
        body = {"error": {"code": "Throttled", "message": "Too many requests."}}
        return web.json_response(body, status=429, headers={"Retry-After": str(wait)})

    async def _asked(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        await asyncio.sleep(self.delay_s)


@asynccontextmanager
async def answering(stand_in: StandIn) -> AsyncIterator[StandIn]:
    app = web.Application()
    conversation = "/emea/v3/conversations/{conversation}"
    app.router.add_get(OPENID_PATH, stand_in.openid)
    app.router.add_get(KEYS_PATH, stand_in.published)
    app.router.add_post("/{tenant}/oauth2/v2.0/token", stand_in.token)
    app.router.add_post(f"{conversation}/activities", stand_in.post)
    app.router.add_post(f"{conversation}/activities/{{activity}}", stand_in.post)
    app.router.add_get(f"{conversation}/members/{{member}}", stand_in.member)
    app.router.add_get(f"{conversation}/pagedmembers", stand_in.members)
    async with listening(app) as port:
        stand_in.url = f"http://127.0.0.1:{port}"
        stand_in.rotate()
        yield stand_in


def environment(url: str) -> Environment:
    """`url` is the stand-in's."""
    teams = TeamsEnvironment(
        app_id=APP_ID,
        app_password=APP_PASSWORD,
        tenant_id=OURS,
        openid_url=f"{url}{OPENID_PATH}",
        login_url=url,
    )
    return Environment(teams=teams)


def roster(conversation: str) -> Sequence[Json]:
    """Of a chat with Kept alone, or of a channel shared with a customer."""
    if conversation.startswith("a:"):
        return [_member(int(conversation.removeprefix("a:")), OURS)]
    return [_member(0, OURS), _member(PEOPLE, CUSTOMER)]


def account(number: int) -> str:
    return account_of(OURS, object_id(number))


def object_id(number: int) -> str:
    return f"{number % PEOPLE:08x}-0000-4000-8000-000000000000"


def conversation_id(number: int) -> str:
    return f"a:{number % PEOPLE}"


def activity(number: int, text: str, service_url: str) -> Mapping[str, Any]:
    """Said to Kept alone."""
    return {
        "type": "message",
        "id": f"f:{number}",
        "timestamp": "2026-11-16T09:00:00.0000000Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {
            "id": f"29:{number % PEOPLE}",
            "name": "Person",
            "aadObjectId": object_id(number),
        },
        "recipient": {"id": BOT, "name": "Kept"},
        "conversation": {"id": conversation_id(number), "conversationType": "personal", "tenantId": OURS},
        "channelData": {"tenant": {"id": OURS}},
        "locale": "en-GB",
        "localTimezone": "Europe/Berlin",
        "text": text,
        "textFormat": "plain",
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "DE", "platform": "Windows"}],
    }


def _member(number: int, tenant: str) -> Json:
    return {
        "id": f"29:{number}",
        "name": f"Person {number}",
        "aadObjectId": f"{number:08x}-0000-4000-8000-000000000000",
        "userPrincipalName": f"person{number}@example.com",
        "tenantId": tenant,
        "userRole": "user",
    }
