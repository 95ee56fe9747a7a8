"""The bench judges by stand-ins for Teams, so the stand-ins are judged here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from adapters.bench.digests import VirtualClock
from adapters.bench.load import words
from adapters.bench.teams_digest import CALL_TAKES_S, Limits
from adapters.bench.teams_load import Messages
from adapters.bench.teams_stage import APP_ID, OPENID_PATH, StandIn, account, activity, answering, roster
from adapters.clock import utc_now
from adapters.raw_request import RawRequest, Rejected
from adapters.teams import activities
from adapters.teams.gate import Gate
from adapters.teams.hosts import Hosts
from adapters.teams.identity import account_of
from adapters.teams.keys import Keys
from adapters.teams.shapes import Message
from adapters.teams.tokens import Tokens


def limits() -> Limits:
    return Limits(VirtualClock())


def request(told: Mapping[str, Any], bearer: str) -> RawRequest:
    headers = [("Authorization", bearer), ("Content-Type", "application/json")]
    return RawRequest(method="POST", headers=headers, body=json.dumps(told).encode())


def test_the_eighth_message_in_a_second_is_refused_and_counted() -> None:
    judge = limits()
    assert [judge.takes("post", "one") for _ in range(8)] == [None] * 7 + [1]
    assert judge.takes("post", "another") is None
    judge.clock.sleep(1)
    assert judge.takes("post", "one") is None
    assert (judge.posts, judge.refused, judge.calls) == (9, 1, 10)


def test_looking_counts_in_the_tenant_but_not_in_the_conversation() -> None:
    judge = limits()
    faster_s = CALL_TAKES_S - 1 / 40
    for _ in range(30):
        assert judge.takes("members", "one") is None
        judge.clock.sleep(-faster_s)
    assert judge.takes("post", "one") == 1
    judge.clock.sleep(1)
    assert judge.takes("post", "one") is None


def test_no_conversation_hears_more_than_sixty_messages_in_half_a_minute() -> None:
    judge = limits()
    heard = 0
    while judge.clock.seconds < 30:
        heard += judge.takes("post", "one") is None
        judge.clock.sleep(0.25)
    assert heard == 60


def test_a_post_where_kept_looked_at_nobody_is_counted() -> None:
    judge = limits()
    judge.takes("members", "one")
    judge.takes("post", "one")
    assert judge.unlooked == 0
    judge.takes("post", "two")
    assert judge.unlooked == 1


def test_nobody_is_asked_for_two_promises_on_one_day() -> None:
    told = {(account(number), words(number).rpartition(" by ")[2]) for number in range(2000)}
    assert len(told) == 2000


async def test_what_the_load_sends_passes_the_gate_and_is_a_message_of_somebody_of_ours() -> None:
    async with answering(StandIn()) as stand_in, aiohttp.ClientSession() as session:
        keys = Keys(url=f"{stand_in.url}{OPENID_PATH}", session=session, monotonic=lambda: 1000.0)
        gate = Gate(tokens=Tokens(app_id=APP_ID, keys=keys, now=utc_now), hosts=Hosts(loopback=True))
        told = activity(205, words(205), stand_in.service_url)
        accepted = await gate.check(request(told, stand_in.bearer))
        assert not isinstance(accepted, Rejected), accepted
        shape = activities.read(accepted.activity, accepted.service_url)
        assert isinstance(shape, Message)
        (member,) = roster(shape.where.conversation_id)
        assert member["id"] == shape.where.actor_id
        assert account_of(member["tenantId"], member["aadObjectId"]) == account(205)


async def test_an_answer_of_another_kind_is_not_taken_for_one() -> None:
    async with answering(StandIn()) as stand_in, aiohttp.ClientSession() as session:
        messages = Messages(session, 0, stand_in, lambda message: "attachments" in message)
        answered = messages.awaited("a:5")
        await session.post(f"{stand_in.service_url}v3/conversations/a:6/activities", json={"attachments": []})
        assert not answered.done()
        await session.post(f"{stand_in.service_url}v3/conversations/a:5/activities", json={"text": "Sorry"})
        with pytest.raises(RuntimeError, match="Sorry"):
            await answered
