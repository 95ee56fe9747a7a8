"""Slack's Web API client, set up so that it keeps our promises, and the two calls that fetch tokens.

The SDK repeats a call when the connection drops after it was written, which posts twice: retries are off, and
whoever calls decides. It takes a proxy from the environment: that is off too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.fields import Odd
from adapters.redaction import Secret
from adapters.slack.fields import Fields
from adapters.slack.installations import Grant, Tokens

TIMEOUT = aiohttp.ClientTimeout(total=10)  # for a whole call


class Refused(Exception):
    """Slack said no; the text is its code, such as `invalid_code`."""

    def __init__(self, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.headers = headers or {}


class Unclear(Exception):
    """No answer, or none that can be read: it may have happened or not."""


def open_session() -> aiohttp.ClientSession:
    """One for the process; the SDK would open one a call, and set time-outs only there."""
    return aiohttp.ClientSession(timeout=TIMEOUT)


def web_client(
    api_url: str, session: aiohttp.ClientSession | None, token: Secret | None = None
) -> AsyncWebClient:
    client = AsyncWebClient(
        token=token.reveal() if token else None, base_url=api_url, session=session, retry_handlers=[]
    )
    client.proxy = None
    return client


async def call(client: AsyncWebClient, method: str, **fields: str) -> tuple[Fields, Mapping[str, str]]:
    """The answer and its headers. Raises Refused or Unclear."""
    try:
        answer = await client.api_call(method, data=fields)
    except SlackApiError as error:
        raise _refusal(error.response) from None
    except (aiohttp.ClientError, OSError, ValueError, AttributeError) as error:
        raise Unclear(type(error).__name__) from None  # AttributeError: the SDK's, at JSON that is a list
    return _answer(answer.data), answer.headers


def _answer(answer: object) -> Fields:
    try:
        return Fields(answer)
    except Odd:
        raise Unclear("not a JSON object") from None


def _refusal(response: Any) -> Refused | Unclear:
    """Only a plain "ok": false says for certain that nothing was done."""
    said = getattr(response, "data", None)
    if not isinstance(said, dict) or response.status_code != 200 or said.get("ok") is not False:
        return Unclear("not an answer of the Web API")
    code = said.get("error")
    return Refused(code, response.headers) if isinstance(code, str) else Unclear("no error code")


class OAuth:
    """Fetches tokens with the app's own secret."""

    def __init__(
        self,
        api_url: str,
        session: aiohttp.ClientSession | None,
        client_id: str,
        client_secret: Secret,
        now: Callable[[], datetime],
    ) -> None:
        self._api_url = api_url
        self._session = session
        self._credentials = client_id, client_secret
        self._now = now

    async def exchange(self, code: str, redirect_uri: str) -> Grant:
        """Raises Refused or Unclear. A code works once, whatever becomes of it."""
        answer = await self._access(code=code, redirect_uri=redirect_uri)
        try:
            tokens = self._tokens(answer)
            tested, _ = await call(web_client(self._api_url, self._session, tokens.token), "auth.test")
            return _grant(answer, tokens, tested)
        except Odd as odd:
            raise Unclear(f"answered without {odd}") from None

    async def refresh(self, refresh_token: Secret) -> Tokens:
        """Raises Refused or Unclear. The refresh token works once."""
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token.reveal()}
        try:
            return self._tokens(await self._access(**fields))
        except Odd as odd:
            raise Unclear(f"answered without {odd}") from None

    async def _access(self, **fields: str) -> Fields:
        client_id, client_secret = self._credentials
        credentials = {"client_id": client_id, "client_secret": client_secret.reveal()}
        client = web_client(self._api_url, self._session)
        answer, _ = await call(client, "oauth.v2.access", **credentials, **fields)
        return answer

    def _tokens(self, answer: Fields) -> Tokens:
        if "refresh_token" not in answer:
            return Tokens(token=Secret(answer.text("access_token")))
        return Tokens(
            token=Secret(answer.text("access_token")),
            refresh_token=Secret(answer.text("refresh_token")),
            expires_at=self._now() + timedelta(seconds=answer.number("expires_in")),
        )


def _grant(answer: Fields, tokens: Tokens, tested: Fields) -> Grant:
    """`oauth.v2.access` does not tell the bot's own id, `auth.test` does. Raises Odd."""
    team, enterprise = answer.part_or_none("team"), answer.part_or_none("enterprise")
    whole = enterprise if answer.yes("is_enterprise_install") else team
    if whole is None:
        raise answer.odd("team")
    return Grant(
        tenant=whole.id("id"),
        team_id=team.id("id") if team else None,
        enterprise_id=enterprise.id("id") if enterprise else None,
        app_id=answer.id("app_id"),
        bot_user_id=answer.id("bot_user_id"),
        bot_id=tested.id_or_none("bot_id"),
        installed_by=answer.part("authed_user").id_or_none("id"),
        scopes=tuple(answer.text("scope").split(",")),
        tokens=tokens,
    )
