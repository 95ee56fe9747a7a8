"""What the Bot Framework SDK does out of the box, and we must not rely on.

Not tests of Kept but of its ground: when one of these turns red, an upgrade has changed a behaviour for which
a part of adapters/teams exists. What Kept does instead is held by test_tokens.py, test_keys.py, test_gate.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from aiohttp import web
from botbuilder.core import BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.schema import Activity
from botframework.connector.auth import AuthenticationConstants, MicrosoftAppCredentials
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor, _OpenIdMetadata

from adapters.teams import keys, tokens
from fake_server import on_loopback
from teams_login import APP_ID, SERVICE_URL, FakeLogin, rsa_key

METADATA_URL = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL


class Bot:
    """On the SDK's own adapter; answers as its samples do, and remembers whether its code ran."""

    def __init__(self, app_id: str = APP_ID) -> None:
        self.adapter = BotFrameworkAdapter(BotFrameworkAdapterSettings(app_id, "secret"))
        self.has_run = False

    async def status(self, authorization: str | None, **changes: Any) -> int:
        """As the SDK's own middleware makes it of what the adapter raises."""

        async def handle(request: object) -> web.Response:
            await self.adapter.process_activity(an_activity(**changes), authorization, self._run)
            return web.Response(status=201)

        try:
            return (await aiohttp_error_middleware(None, handle)).status
        except web.HTTPException as answer:
            return answer.status

    async def _run(self, context: TurnContext) -> None:
        self.has_run = True


class Echo(Bot):
    async def _run(self, context: TurnContext) -> None:
        await context.send_activity("hello")


def an_activity(**changes: Any) -> Activity:
    fields = {"type": "message", "id": "1", "channelId": "msteams", "serviceUrl": SERVICE_URL, "text": "hi"}
    fields |= {"conversation": {"id": "a:1"}, "from": {"id": "29:1"}, "recipient": {"id": "28:1"}, **changes}
    return Activity().deserialize({name: value for name, value in fields.items() if value is not None})


@pytest.fixture
def login() -> FakeLogin:
    """Without its server: the SDK would ask it with the event loop standing still. By the real clock."""
    return FakeLogin()


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch, login: FakeLogin) -> Callable[[timedelta], None]:
    """The keys as the SDK has them when it fetched them so long ago."""

    def cache(age: timedelta) -> None:
        metadata = _OpenIdMetadata(METADATA_URL)
        metadata.keys = [key.as_jwk() for key in login.keys]
        metadata.last_updated = datetime.now() - age  # noqa: DTZ005 - the SDK's own way
        monkeypatch.setitem(JwtTokenExtractor.metadataCache, METADATA_URL, metadata)

    cache(timedelta())
    return cache


# P08: our bot's token goes wherever an activity says


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://169.254.169.254/", "file:///etc/passwd", ""]
)
def test_every_service_url_is_trusted(url):
    assert MicrosoftAppCredentials.is_trusted_service(url) is True


async def test_the_bots_token_is_sent_to_any_host(monkeypatch, login, cached):
    seen: list[str | None] = []

    async def sink(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.json_response({"id": "1"})

    monkeypatch.setattr(MicrosoftAppCredentials, "get_access_token", lambda *_: "the-bots-own-token")
    async with on_loopback(sink) as url:
        assert await Echo().status(login.bearer(serviceurl=url), serviceUrl=url) == 201
    assert seen == ["Bearer the-bots-own-token"]


# P09: no serviceUrl, no comparison


async def test_an_activity_without_a_service_url_is_let_in(login, cached):
    bot = Bot()
    assert await bot.status(login.bearer(), serviceUrl=None) == 201
    assert bot.has_run


# P10: a rolled key is not picked up


async def test_a_rolled_key_is_an_error_and_not_fetched(monkeypatch, login, cached):
    cached(timedelta(hours=2))
    login.rotate()
    asked: list[str] = []
    monkeypatch.setattr(requests, "get", lambda url, **_: asked.append(url))
    assert await Bot().status(login.bearer()) == 500
    assert asked == []


# P11: the key server is asked with the event loop standing still, and without an end


async def test_keys_are_fetched_on_the_event_loop_without_a_timeout(monkeypatch, login, cached):
    cached(timedelta(days=2))
    calls: list[dict[str, Any]] = []

    def get(url: str, **how: Any) -> SimpleNamespace:
        asyncio.get_running_loop()  # raises in a thread of its own
        calls.append(how)
        document = {"jwks_uri": METADATA_URL, "keys": [key.as_jwk() for key in login.keys]}
        return SimpleNamespace(raise_for_status=lambda: None, json=lambda: document)

    monkeypatch.setattr(requests, "get", get)
    assert await Bot().status(login.bearer()) == 201
    assert calls == [{}, {}]


# P12: a bad token is a server error, and one that never ends is good

REFUSED_AS: dict[str, tuple[int, Callable[[FakeLogin], str | None]]] = {
    "none": (401, lambda login: None),
    "Bearer": (401, lambda login: "Bearer"),
    "a word": (500, lambda login: "Bearer x"),
    "garbage": (500, lambda login: "Bearer a.b.c"),
    "expired": (500, lambda login: login.bearer(exp=int(login.now().timestamp()) - 3600)),
    "bad signature": (500, lambda login: login.bearer(key=rsa_key(99))),
    "unknown key": (500, lambda login: login.bearer(header={"kid": "key-9"})),
    "no issuer": (404, lambda login: login.bearer(iss=None)),
    "another issuer": (401, lambda login: login.bearer(iss="https://evil.example")),
    "another audience": (401, lambda login: login.bearer(aud="another")),
    "another service URL": (401, lambda login: login.bearer(serviceurl="https://evil.example/")),
}


@pytest.mark.parametrize(("status", "made"), REFUSED_AS.values(), ids=REFUSED_AS)
async def test_many_bad_tokens_are_errors_of_the_server(login, cached, status, made):
    bot = Bot()
    assert await bot.status(made(login)) == status
    assert not bot.has_run


async def test_a_key_not_endorsed_for_teams_is_an_error_of_the_server(login, cached):
    login.rotate(endorsements=("webchat",))
    cached(timedelta())
    assert await Bot().status(login.bearer()) == 500


async def test_a_key_that_endorses_nothing_is_good_for_every_channel(login, cached):
    login.rotate(endorsements=())
    cached(timedelta())
    assert await Bot().status(login.bearer()) == 201


@pytest.mark.parametrize("missing", ["exp", "nbf"])
async def test_a_token_without_an_end_or_a_beginning_is_let_in(login, cached, missing):
    assert await Bot().status(login.bearer(**{missing: None})) == 201


# P13: without an app id there is no check


@pytest.mark.parametrize("authorization", [None, ""])
async def test_an_empty_app_id_lets_everybody_in(authorization):
    bot = Bot(app_id="")
    assert await bot.status(authorization) == 201
    assert bot.has_run


# Not a trap: where the SDK and Kept agree


def test_issuer_and_metadata_are_the_ones_kept_takes():
    assert (keys.OPENID_URL, tokens.ISSUER) == (
        METADATA_URL,
        AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER,
    )
