"""The keys by which the Bot Connector signs, from where Microsoft publishes them.

Fetched off every request's way: a request that names a known key never waits for the key server, and one that
names an unknown key starts a fetch at most once a minute, which all who ask meanwhile share.

The documents: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from adapters.raw_request import parse

OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ASK_AGAIN_S = 60.0  # at the earliest, whoever asks and whatever for
ASK_AGAIN_WITHOUT_KEYS_S = 5.0  # until then every activity is refused
REFRESH_S = 3600.0  # a key that Microsoft takes back is ours no longer than this
OLDEST_S = 24 * 3600.0  # when the key server is away; Microsoft's own SDK trusts a set as long
SLOWEST_S = 5.0  # for both documents together
LARGEST = 512 * 1024  # bytes; the real set has some tens of kilobytes
_SIZES = range(2048, 8193)  # bits; RFC 7518 asks for 2048 at least, and beyond 8192 a check takes its time
logger = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """No set was ever fetched, or none for a day: nobody can be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    kid: str
    public: RSAPublicKey
    endorsements: frozenset[str]  # the channels whose activities it may sign


class _Unfit(Exception):
    """The text is for the log, and holds nothing that came from outside."""


class Keys:
    def __init__(
        self,
        *,
        url: str,
        session: aiohttp.ClientSession,
        monotonic: Callable[[], float],
        patience_s: float = SLOWEST_S,
    ) -> None:
        """`url` is that of the OpenID metadata; `monotonic` is in seconds."""
        self._url = url
        self._origin = urlsplit(url)._replace(path="/", query="", fragment="").geturl()
        self._session = session
        self._monotonic = monotonic
        self._patience_s = patience_s
        self._keys: Mapping[str, Key] = {}
        self._fetched_at = self._asked_at = float("-inf")
        self._fetch: asyncio.Task[None] | None = None  # the one in flight, or the last

    async def find(self, kid: str) -> Key | None:
        """Raises KeysUnavailable."""
        if self._age > REFRESH_S:
            self._begin()
        known = self._known().get(kid)
        if known is not None:
            return known
        self._begin()
        await self._fetched()
        if not self._known():
            raise KeysUnavailable
        return self._known().get(kid)

    async def close(self) -> None:
        """Before the session: a fetch in flight is given up."""
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.wait([self._fetch])

    @property
    def _age(self) -> float:
        return self._monotonic() - self._fetched_at

    def _known(self) -> Mapping[str, Key]:
        return self._keys if self._age <= OLDEST_S else {}

    def _begin(self) -> None:
        pause = ASK_AGAIN_S if self._known() else ASK_AGAIN_WITHOUT_KEYS_S
        if self._monotonic() - self._asked_at < pause or not (self._fetch is None or self._fetch.done()):
            return
        self._asked_at = self._monotonic()
        self._fetch = asyncio.create_task(self._renew())

    async def _fetched(self) -> None:
        """When the fetch in flight is over. Whoever stops waiting does not stop it for the others."""
        if self._fetch is not None:
            await asyncio.wait([self._fetch])

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                keys = {key.kid: key for key in await self._published()}
        except Exception as error:  # nobody awaits this for its outcome: what is not said here is never heard
            reason = str(error) if isinstance(error, _Unfit) else type(error).__name__
            logger.warning("The keys of the Bot Connector cannot be fetched", extra={"reason": reason})
            return
        self._keys, self._fetched_at = keys, self._monotonic()

    async def _published(self) -> list[Key]:
        """Raises _Unfit where what came is no set of keys: then the set we have is better."""
        metadata = await self._document(self._url)
        place = metadata.get("jwks_uri")
        if not isinstance(place, str) or not place.startswith(self._origin):
            raise _Unfit("keys elsewhere")
        keys = list(_usable((await self._document(place)).get("keys")))
        if not keys:
            raise _Unfit("no keys")
        return keys

    async def _document(self, url: str) -> Mapping[str, Any]:
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != 200:
                raise _Unfit(f"status {answer.status}")
            document = parse(await _read(answer))
        if not isinstance(document, dict):
            raise _Unfit("no object")
        return document


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > LARGEST:
            raise _Unfit("too large")
    return bytes(body)


def _usable(published: object) -> Iterator[Key]:
    """One odd key does not spoil the others."""
    for jwk in published if isinstance(published, list) else ():
        key = _key(jwk) if isinstance(jwk, dict) else None
        if key is not None:
            yield key


def _key(jwk: Mapping[str, Any]) -> Key | None:
    kid, endorsements = jwk.get("kid"), jwk.get("endorsements")
    public = _public(jwk.get("n"), jwk.get("e")) if jwk.get("kty") == "RSA" else None
    if public is None or not isinstance(kid, str) or jwk.get("use", "sig") != "sig":
        return None
    named = endorsements if isinstance(endorsements, list) else ()
    return Key(
        kid=kid, public=public, endorsements=frozenset(each for each in named if isinstance(each, str))
    )


def _public(modulus: object, exponent: object) -> RSAPublicKey | None:
    if not isinstance(modulus, str) or not isinstance(exponent, str):
        return None
    try:
        key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": modulus, "e": exponent})
    except (InvalidKeyError, ValueError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size in _SIZES else None
