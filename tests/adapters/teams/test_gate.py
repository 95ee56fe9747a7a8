"""Whatever is sent to /api/messages: from Teams and readable, or refused with a plain status."""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from adapters.raw_request import DEEPEST, JSON, LARGEST, RawRequest, Rejected
from adapters.teams.gate import Accepted, Gate
from adapters.teams.hosts import Hosts
from adapters.teams.keys import Keys
from adapters.teams.tokens import Tokens
from teams_login import APP_ID, SERVICE_URL

SEED = 20261116
MANY = 100_000 if os.environ.get("KEPT_SOAK") else 10_000
ACTIVITY = {
    "type": "message",
    "id": "1",
    "channelId": "msteams",
    "serviceUrl": SERVICE_URL,
    "text": "promise Acme: send the report by Friday",
}


@pytest.fixture
async def gate(login, session, clock) -> AsyncIterator[Gate]:
    keys = Keys(url=login.openid_url, session=session, monotonic=lambda: clock.now.timestamp())
    yield Gate(tokens=Tokens(app_id=APP_ID, keys=keys, now=clock), hosts=Hosts())
    await keys.close()


def a_request(
    authorization: str | None, content: Any = ACTIVITY, *, media_type: str = JSON, method: str = "POST"
) -> RawRequest:
    headers = [("Content-Type", media_type)]
    if authorization is not None:
        headers.append(("Authorization", authorization))
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return RawRequest(method=method, headers=headers, body=body)


def without(name: str) -> Mapping[str, Any]:
    return {key: value for key, value in ACTIVITY.items() if key != name}


async def test_what_teams_sends_is_let_in_with_its_service_url_as_we_write_it(gate, login):
    url = "https://SMBA.trafficmanager.net/emea"
    outcome = await gate.check(
        a_request(
            login.bearer(serviceurl=url), ACTIVITY | {"serviceUrl": url}, media_type=f"{JSON}; charset=utf-8"
        )
    )
    assert outcome == Accepted(activity=ACTIVITY | {"serviceUrl": url}, service_url=SERVICE_URL)


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic eDp4", "Bearer a.b.c"])
async def test_whoever_does_not_prove_to_be_teams_is_refused_before_the_body_is_read(gate, header):
    outcome = await gate.check(a_request(header, b"{"))
    assert isinstance(outcome, Rejected)
    assert (outcome.status, outcome.is_signed) == (401, False)


async def test_two_tokens_are_refused_though_both_are_good(gate, login):
    request = a_request(login.bearer())
    doubled = RawRequest(
        method="POST", headers=[*request.headers, ("authorization", login.bearer())], body=request.body
    )
    assert await gate.check(doubled) == Rejected(status=401, reason="tokens")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (without("serviceUrl"), "service_url"),  # P09: the SDK then compares nothing
        (ACTIVITY | {"serviceUrl": None}, "service_url"),
        (ACTIVITY | {"serviceUrl": ""}, "service_url"),
        (ACTIVITY | {"serviceUrl": [SERVICE_URL]}, "service_url"),
        (ACTIVITY | {"serviceUrl": "https://smba.trafficmanager.net/amer/"}, "service_url"),
        (ACTIVITY | {"serviceUrl": "https://evil.example/"}, "service_url"),
        (without("serviceUrl") | {"ServiceUrl": SERVICE_URL}, "service_url"),
        (without("channelId"), "channel"),
        (ACTIVITY | {"channelId": "emulator"}, "channel"),
        (ACTIVITY | {"channelId": "webchat"}, "channel"),
        (ACTIVITY | {"channelId": ["msteams"]}, "channel"),
        ({}, "channel"),
    ],
)
async def test_an_activity_that_its_token_does_not_fit_is_refused(gate, login, content, reason):
    assert await gate.check(a_request(login.bearer(), content)) == Rejected(status=401, reason=reason)


async def test_a_key_not_endorsed_for_teams_lets_nothing_in(gate, login):
    login.rotate(endorsements=("webchat", "directline"))
    assert await gate.check(a_request(login.bearer())) == Rejected(status=401, reason="endorsement")


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/", "http://localhost:3978/", "https://smba.infra.gov.teams.microsoft.us/gcch/"],
)
async def test_a_genuine_activity_from_a_host_not_listed_is_refused_and_set_aside(gate, login, url):
    request = a_request(login.bearer(serviceurl=url), ACTIVITY | {"serviceUrl": url})
    expected = Rejected(status=401, reason="untrusted_service_url", is_signed=True)
    assert await gate.check(request) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b"\xff\xfe{}", "json"),
        (b"[]", "object"),
        (b'"text"', "object"),
        (b"null", "object"),
        (b"5", "object"),
        (b'{"a": NaN}', "json"),
        (b'{"serviceUrl": "https://a/", "serviceUrl": "https://b/"}', "twice"),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), "depth"),
        (b"[" * 100_000 + b"]" * 100_000, "json"),
    ],
)
async def test_what_comes_with_a_good_token_and_is_not_sound_is_a_bad_request(gate, login, body, reason):
    outcome = await gate.check(a_request(login.bearer(), body))
    assert outcome == Rejected(status=400, reason=reason, is_signed=True)


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded", "text/json"])
async def test_what_does_not_say_that_it_is_json_is_a_bad_request(gate, login, media_type):
    outcome = await gate.check(a_request(login.bearer(), media_type=media_type))
    assert outcome == Rejected(status=400, reason="media_type", is_signed=True)


async def test_a_body_is_measured_before_anything_else(gate, login):
    assert await gate.check(a_request(None, b" " * (LARGEST + 1))) == Rejected(status=413, reason="size")
    assert login.requests == []


@pytest.mark.parametrize("method", ["GET", "PUT", "post", "OPTIONS", ""])
async def test_only_posts_are_taken(gate, login, method):
    assert await gate.check(a_request(login.bearer(), method=method)) == Rejected(status=405, reason="method")


async def test_a_key_server_that_hangs_holds_up_nobody_whose_key_is_known(gate, login, clock):
    assert isinstance(await gate.check(a_request(login.bearer())), Accepted)
    clock.now = clock.now.replace(hour=15)
    login.slow(math.inf)
    unknown = [login.bearer(header={"kid": f"junk-{n}"}) for n in range(50)]
    waiting = [asyncio.create_task(gate.check(a_request(header))) for header in unknown]
    async with asyncio.timeout(2):
        for _ in range(50):
            assert isinstance(await gate.check(a_request(login.bearer())), Accepted)
    assert not any(task.done() for task in waiting)
    login.slow(0)
    assert {outcome.reason for outcome in await asyncio.gather(*waiting)} == {"unknown_key"}
    assert login.asked("/openidconfiguration") == 2


async def test_without_its_key_server_the_gate_refuses_and_does_not_fail(gate, login):
    login.fail(1)
    outcome = await gate.check(a_request(login.bearer()))
    assert outcome == Rejected(status=401, reason="keys_unavailable")


# An emulator on this machine.


async def test_an_emulator_needs_no_token_but_is_on_this_machine():
    gate = Gate(tokens=None, hosts=Hosts(loopback=True))
    local = ACTIVITY | {"serviceUrl": "http://localhost:56150/_connector"}
    outcome = await gate.check(a_request(None, local))
    assert outcome == Accepted(activity=local, service_url="http://localhost:56150/_connector/")
    elsewhere = await gate.check(a_request(None, ACTIVITY | {"serviceUrl": "http://192.168.0.1/"}))
    assert elsewhere == Rejected(status=401, reason="untrusted_service_url", is_signed=True)


async def test_what_the_playground_of_the_agents_toolkit_sends_is_let_in(shared):
    gate = Gate(tokens=None, hosts=Hosts(loopback=True))
    recorded = sorted((shared / "vectors" / "teams").glob("playground_*.json"))
    outcomes = [await gate.check(a_request(None, path.read_bytes())) for path in recorded]
    assert recorded
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)


# Odd bytes, in numbers.


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


async def test_thousands_of_changed_tokens_are_refused(gate, login):
    chance = random.Random(SEED)
    good = login.bearer().encode()
    for _ in range(MANY):
        outcome = await gate.check(a_request(flipped(good, chance).decode("latin-1")))
        assert isinstance(outcome, Rejected)
        assert (outcome.status, outcome.is_signed) == (401, False)


async def test_thousands_of_changed_bodies_are_read_or_refused(gate, login):
    chance = random.Random(SEED)
    body, header = json.dumps(ACTIVITY).encode(), login.bearer()
    seen = set()
    for _ in range(MANY):
        changed = body
        for _ in range(chance.randint(1, 4)):
            changed = flipped(changed, chance)
        outcome = await gate.check(a_request(header, changed))
        seen.add(outcome.status if isinstance(outcome, Rejected) else 200)
        if isinstance(outcome, Accepted):
            assert outcome.service_url == SERVICE_URL
    assert seen == {200, 400, 401}
