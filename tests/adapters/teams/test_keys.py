"""Whoever names a known key never waits for the key server, and nobody makes us ask it twice a minute."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from adapters.teams.keys import LARGEST, Keys, KeysUnavailable
from teams_login import KEYS_PATH, SigningKey, rsa_key


@pytest.fixture
async def keys(login, session, clock) -> AsyncIterator[Keys]:
    keys = Keys(url=login.openid_url, session=session, monotonic=lambda: clock.now.timestamp())
    yield keys
    await keys.close()


def fetches(login) -> int:
    return login.asked("/openidconfiguration")


async def settle(login, count: int) -> None:
    """Until the server has heard of so many fetches."""
    async with asyncio.timeout(5):
        while fetches(login) < count:
            await asyncio.sleep(0)


async def test_a_published_key_is_found_with_its_endorsements(keys, login):
    found = await keys.find("key-1")
    assert found.public.public_numbers() == rsa_key(1).public_key().public_numbers()
    assert found.endorsements == {"msteams", "webchat"}


async def test_a_key_once_fetched_is_not_fetched_again(keys, login):
    for _ in range(5):
        await keys.find("key-1")
    assert fetches(login) == 1


async def test_a_hundred_at_once_share_one_fetch(keys, login):
    found = await asyncio.gather(*(keys.find("key-1") for _ in range(100)))
    assert len({key.kid for key in found}) == 1
    assert fetches(login) == 1


async def test_a_rolled_key_is_found_at_its_first_use(keys, login, clock):
    await keys.find("key-1")
    clock.advance(timedelta(minutes=2))
    login.rotate()
    assert (await keys.find("key-2")).kid == "key-2"
    assert await keys.find("key-1") is None  # taken back
    assert fetches(login) == 2


async def test_a_thousand_unknown_keys_cost_one_fetch_a_minute(keys, login, clock):
    await keys.find("key-1")
    clock.advance(timedelta(seconds=60))
    assert await asyncio.gather(*(keys.find(f"junk-{n}") for n in range(1000))) == [None] * 1000
    assert fetches(login) == 2
    clock.advance(timedelta(seconds=59))
    assert await keys.find("junk") is None
    assert fetches(login) == 2
    clock.advance(timedelta(seconds=1))
    assert await keys.find("junk") is None
    assert fetches(login) == 3


async def test_a_known_key_does_not_wait_for_a_server_that_hangs(keys, login, clock):
    await keys.find("key-1")
    clock.advance(timedelta(hours=2))
    login.slow(math.inf)
    unknown = asyncio.create_task(keys.find("key-9"))
    await settle(login, 2)
    async with asyncio.timeout(1):
        assert (await keys.find("key-1")).kid == "key-1"
    assert not unknown.done()
    login.slow(0)
    assert await unknown is None


async def test_keys_are_renewed_behind_a_request_that_does_not_need_it(keys, login, clock):
    await keys.find("key-1")
    clock.advance(timedelta(hours=1, seconds=1))
    login.rotate(keep_old=True)
    assert await keys.find("key-1") is not None
    assert await keys.find("key-2") is not None
    assert fetches(login) == 2


async def test_a_server_that_hangs_is_given_up(login, session, clock):
    keys = Keys(
        url=login.openid_url, session=session, monotonic=lambda: clock.now.timestamp(), patience_s=0.05
    )
    login.slow(math.inf)
    with pytest.raises(KeysUnavailable):
        await keys.find("key-1")


async def test_whoever_stops_waiting_does_not_stop_the_others(keys, login):
    login.slow(math.inf)
    first, second = (asyncio.create_task(keys.find("key-1")) for _ in range(2))
    await settle(login, 1)
    first.cancel()
    await asyncio.wait([first])
    login.slow(0)
    assert (await second).kid == "key-1"
    assert fetches(login) == 1


async def test_without_any_keys_it_is_asked_again_after_five_seconds(keys, login, clock):
    login.fail(1)
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await keys.find("key-1")
    assert fetches(login) == 1
    clock.advance(timedelta(seconds=5))
    assert await keys.find("key-1") is not None


async def test_known_keys_serve_for_a_day_while_the_server_fails(keys, login, clock):
    await keys.find("key-1")
    login.fail(1000)
    for _ in range(24):
        clock.advance(timedelta(hours=1))
        assert await keys.find("key-1") is not None
    clock.advance(timedelta(seconds=1))
    with pytest.raises(KeysUnavailable):
        await keys.find("key-1")
    login.instead.clear()
    clock.advance(timedelta(minutes=1))
    assert await keys.find("key-1") is not None


ODD_DOCUMENTS = {
    "no JSON": web.Response,
    "another type": lambda: web.json_response([]),
    "no keys": lambda: web.json_response({"keys": []}),
    "keys of another type": lambda: web.json_response({"keys": "key-1"}),
    "huge": lambda: web.Response(body=b" " * (LARGEST + 1)),
    "deep": lambda: web.Response(body=b"[" * 50_000),
    "moved": lambda: web.Response(status=302, headers={"Location": KEYS_PATH}),
    "an error": lambda: web.json_response({"keys": [SigningKey("key-1", rsa_key(1)).as_jwk()]}, status=500),
}


@pytest.mark.parametrize("odd", ODD_DOCUMENTS.values(), ids=ODD_DOCUMENTS)
async def test_an_odd_document_never_replaces_known_keys(keys, login, clock, odd):
    await keys.find("key-1")
    for at in range(2):  # as metadata, and as the set of keys
        clock.advance(timedelta(minutes=1))
        login.instead.extend([web.json_response(login.openid())] * at + [odd()])
        assert await keys.find("unknown") is None
        assert not login.instead
        assert await keys.find("key-1") is not None


@pytest.mark.parametrize(
    "place",
    [None, 5, "", "/keys", "http://169.254.169.254/keys", "http://127.0.0.1:9/keys", "file:///etc/passwd"],
)
async def test_keys_are_taken_only_from_where_the_metadata_is(keys, login, place):
    login.metadata = {"jwks_uri": place}
    with pytest.raises(KeysUnavailable):
        await keys.find("key-1")
    assert len(login.requests) == 1


def changed(**fields):
    jwk = SigningKey("odd", rsa_key(1)).as_jwk() | fields
    return {name: value for name, value in jwk.items() if value is not None}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        {},
        changed(kid=None),
        changed(kid=5),
        changed(kty="EC"),
        changed(kty="oct", k="c2VjcmV0"),
        changed(use="enc"),
        changed(n=None),
        changed(n=5),
        changed(n="!"),
        changed(n=""),
        changed(e="AA"),
        changed(e=["AQAB"]),
        changed(n="3q2-7w"),  # 32 bits
        changed(n="_" * 3000),  # 18,000 bits
    ],
)
async def test_an_odd_key_is_left_out_and_the_others_are_taken(keys, login, odd):
    good = SigningKey("key-1", rsa_key(1)).as_jwk()
    login.instead.extend([web.json_response(login.openid()), web.json_response({"keys": [odd, good]})])
    assert await keys.find("key-1") is not None
    assert await keys.find("odd") is None


@pytest.mark.parametrize("odd", [None, "msteams", {"msteams": True}, [["msteams"], 5]])
async def test_odd_endorsements_endorse_nothing(keys, login, odd):
    jwk = changed(kid="key-1", endorsements=odd)
    login.instead.extend([web.json_response(login.openid()), web.json_response({"keys": [jwk]})])
    assert (await keys.find("key-1")).endorsements == frozenset()


async def test_a_private_key_published_by_mistake_is_read_as_its_public_half(keys, login):
    jwk = changed(kid="key-1", d="AQAB")
    login.instead.extend([web.json_response(login.openid()), web.json_response({"keys": [jwk]})])
    assert not hasattr((await keys.find("key-1")).public, "private_numbers")


async def test_what_went_wrong_is_logged_without_what_came(keys, login, caplog):
    login.metadata = {"jwks_uri": "http://evil.example/SECRET"}
    with caplog.at_level(logging.WARNING), pytest.raises(KeysUnavailable):
        await keys.find("key-1")
    assert [record.reason for record in caplog.records] == ["keys elsewhere"]


async def test_a_closed_session_refuses_and_does_not_break(login, clock, caplog):
    session = aiohttp.ClientSession()
    await session.close()
    keys = Keys(url=login.openid_url, session=session, monotonic=lambda: clock.now.timestamp())
    with pytest.raises(KeysUnavailable):
        await keys.find("key-1")
    assert [record.reason for record in caplog.records] == ["RuntimeError"]


async def test_closing_gives_up_what_is_in_flight(keys, login):
    login.slow(math.inf)
    waiting = asyncio.create_task(keys.find("key-1"))
    await settle(login, 1)
    await keys.close()
    with pytest.raises(KeysUnavailable):
        await waiting
