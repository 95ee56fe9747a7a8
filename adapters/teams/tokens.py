"""Who speaks: the token that the Bot Connector sends with every activity, checked without the SDK.

What must hold: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication,
"Authenticate requests from the Bot Connector service to your bot". Where that page leaves a choice, the
stricter is taken: not-before is required, and so is the key's endorsement for the channel. Tokens of the Bot
Framework Emulator, which are the bot's own, are not accepted at all.

The signature is PyJWT's work; times are judged here, by the clock that is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jwt import PyJWS
from jwt.exceptions import PyJWTError

from adapters.raw_request import Unreadable, parse
from adapters.recent import Recent
from adapters.teams.keys import Key, Keys, KeysUnavailable

ISSUER = "https://api.botframework.com"
SKEW_S = 300  # the page's "industry-standard clock-skew"
LONGEST = 8 * 1024  # characters; real ones have about a thousand
REMEMBERED_FOR, REMEMBERED_AT_MOST = timedelta(hours=1), 1_000  # genuine ones; each is good for an hour or so
_BEARER = re.compile(r"Bearer ([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII)
_JWS = PyJWS(algorithms=["RS256"])


class Refused(Exception):
    """The text is a code for the log. Whoever asked is not told why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a genuine token vouches for."""

    service_url: str
    channels: frozenset[str]

    def must_fit(self, *, service_url: object, channel_id: object) -> None:
        """Raises Refused unless it was issued for an activity that says this of itself."""
        if not isinstance(service_url, str) or service_url != self.service_url:
            raise Refused("service_url")
        if not isinstance(channel_id, str) or channel_id not in self.channels:
            raise Refused("endorsement")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Genuine:
    """A token whose signature was found to be this key's."""

    key: Key
    claims: Mapping[str, Any]


class Tokens:
    def __init__(self, *, app_id: str, keys: Keys, now: Callable[[], datetime]) -> None:
        """Raises ValueError without an app id: every token for nobody would be for us."""
        if not app_id:
            raise ValueError("no app id")
        self._app_id = app_id
        self._keys = keys
        self._now = now
        self._genuine = Recent[str, _Genuine](now, lasts=REMEMBERED_FOR, at_most=REMEMBERED_AT_MOST)

    async def check(self, authorization: str | None) -> Pass:
        """Raises Refused. Nothing of the activity is needed, so nothing of it need be read before."""
        found = await self._checked(_token(authorization))
        self._must_be_for_us(found.claims)
        self._must_be_current(found.claims)
        service_url = found.claims.get("serviceurl")
        if not isinstance(service_url, str):
            raise Refused("service_url_claim")
        return Pass(service_url=service_url, channels=found.key.endorsements)

    async def _checked(self, token: str) -> _Genuine:
        """Teams sends one token with many activities: its signature is worked out once, as long as the key
        is still the one that is published. Everything else is judged each time.
        """
        known = self._genuine.get(token)
        key = await self._key(known.key.kid if known else _kid(token))
        if known is not None and known.key is key:
            return known
        return self._genuine.put(token, _Genuine(key=key, claims=_claims(token, key)))

    async def _key(self, kid: str) -> Key:
        try:
            key = await self._keys.find(kid)
        except KeysUnavailable:
            raise Refused("keys_unavailable") from None
        if key is None:
            raise Refused("unknown_key")
        return key

    def _must_be_for_us(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != ISSUER:
            raise Refused("issuer")
        if claims.get("aud") != self._app_id:
            raise Refused("audience")

    def _must_be_current(self, claims: Mapping[str, Any]) -> None:
        now = self._now().timestamp()
        if now >= _moment(claims, "exp") + SKEW_S:
            raise Refused("expired")
        if now < _moment(claims, "nbf") - SKEW_S:
            raise Refused("not_yet")


def _token(authorization: str | None) -> str:
    if authorization is None:
        raise Refused("no_token")
    bearer = _BEARER.fullmatch(authorization) if len(authorization) <= LONGEST else None
    if bearer is None:
        raise Refused("no_bearer")
    return bearer[1]


def _kid(token: str) -> str:
    """What the header says of keys elsewhere (jku, x5u, jwk, x5c) is never looked at."""
    try:
        header = _JWS.get_unverified_header(token)
    except PyJWTError:
        raise Refused("header") from None
    kid = header.get("kid")
    if header.get("alg") != "RS256":
        raise Refused("algorithm")
    if not isinstance(kid, str):
        raise Refused("no_key_id")
    return kid


def _claims(token: str, key: Key) -> Mapping[str, Any]:
    try:
        claims = parse(_JWS.decode(token, key.public, algorithms=["RS256"]))
    except PyJWTError:
        raise Refused("signature") from None
    except Unreadable:
        raise Refused("claims") from None
    if not isinstance(claims, dict):
        raise Refused("claims")
    return claims


def _moment(claims: Mapping[str, Any], name: str) -> int:
    """Seconds since 1970. Whole ones, as Microsoft writes them: 1e400 would never come."""
    value = claims.get(name)
    if type(value) is not int:
        raise Refused(f"no_{name}")
    return value
