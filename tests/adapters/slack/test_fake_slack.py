"""The stand-in for Slack has no field Slack has not, and misbehaves only as told."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.redaction import Secret
from adapters.slack.client import call, web_client
from fake_server import ODD_RETRY_AFTER
from fake_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    Delay,
    Drop,
    Fails,
    FakeSlack,
    RateLimited,
    Status,
    Truncated,
)

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Kept"}, "blocks": []}
OAUTH = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def client(slack, session):
    slack.add_user("U1")
    slack.add_channel("C1", [BOT_USER, "U1"])
    return web_client(slack.api_url, session, Secret(BOT_TOKEN))


def beyond(answer: Any, shape: Any, path: str = "") -> list[str]:
    """Paths in an answer that Slack's own answers have never had."""
    if isinstance(answer, dict) and isinstance(shape, dict):
        unknown = [f"{path}.{name}" for name in answer.keys() - shape.keys()]
        known = answer.keys() & shape.keys()
        return unknown + [
            each for name in known for each in beyond(answer[name], shape[name], f"{path}.{name}")
        ]
    if isinstance(answer, list) and isinstance(shape, list) and shape:
        return [each for item in answer for each in beyond(item, shape[0], f"{path}[]")]
    return []


async def test_no_answer_is_wider_than_slacks(slack, session, client, shared):
    slack.issue_code("code", expires=True)
    asked = {
        "auth.test": {},
        "users.info": {"user": "U1"},
        "conversations.info": {"channel": "C1"},
        "conversations.members": {"channel": "C1"},
        "users.conversations": {},
        "team.info": {},
        "chat.postEphemeral": {"channel": "C1", "user": "U1", "text": "hello"},
        "views.open": {"trigger_id": "1", "view": json.dumps(VIEW)},
        "views.push": {"trigger_id": "1", "view": json.dumps(VIEW)},
        "views.update": {"view_id": "V1", "view": json.dumps(VIEW)},
        "views.publish": {"user_id": "U1", "view": json.dumps({**VIEW, "type": "home"})},
        "oauth.v2.access": {**OAUTH, "code": "code"},
    }
    for method, fields in asked.items():
        answer, _ = await call(client, method, **fields)
        shape = json.loads((shared / "vectors/slack-shapes/api" / f"{method}.json").read_text())
        assert beyond(dict(answer.raw()), shape) == [], method


async def test_an_app_token_opens_a_connection_and_a_bot_token_does_not(slack, session, client):
    answer, _ = await call(web_client(slack.api_url, session, Secret(APP_TOKEN)), "apps.connections.open")
    assert answer.text("url").startswith("ws://")
    with pytest.raises(Exception, match="not_allowed_token_type"):
        await call(client, "apps.connections.open")


async def test_what_is_posted_is_in_the_history_with_its_metadata_when_asked(slack, client):
    mark = {"event_type": "kept", "event_payload": {"mark": "m1"}}
    posted = await client.chat_postMessage(channel="C1", text="hello", metadata=mark)
    await client.chat_postMessage(channel="C1", text="a reply", thread_ts=posted["ts"])
    plain = await client.conversations_history(channel="C1")
    told = await client.conversations_history(channel="C1", include_all_metadata=True)
    assert [each["text"] for each in plain["messages"]] == ["hello"]
    assert "metadata" not in plain["messages"][0]
    assert told["messages"][0]["metadata"] == mark
    replies = await client.conversations_replies(channel="C1", ts=posted["ts"])
    assert [each["text"] for each in replies["messages"]] == ["hello", "a reply"]
    slack.hidden.add(posted["ts"])
    assert (await client.conversations_history(channel="C1"))["messages"] == []


async def test_a_message_is_edited_in_place(slack, client):
    posted = await client.chat_postMessage(channel="C1", text="before")
    await client.chat_update(channel="C1", ts=posted["ts"], text="after")
    assert [each["text"] for each in slack.messages["C1"]] == ["after"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C1", ts="1.1", text="x")


async def test_a_direct_conversation_is_opened_once(slack, client):
    first = await client.conversations_open(users="U1")
    again = await client.conversations_open(users="U1")
    posted = await client.chat_postMessage(channel="U1", text="hello")
    assert first["channel"]["id"] == again["channel"]["id"] == posted["channel"]


async def test_long_member_lists_come_in_pages(slack, client):
    slack.add_channel("C2", [BOT_USER, *(f"U{number}" for number in range(250))])
    seen, cursor = [], ""
    while True:
        page = await client.conversations_members(channel="C2", cursor=cursor)
        seen += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == slack.members["C2"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"channel": "C9", "text": "x"}, "channel_not_found"),
        ({"channel": "COUT", "text": "x"}, "not_in_channel"),
        ({"channel": "COLD", "text": "x"}, "is_archived"),
        ({"channel": "C1"}, "no_text"),
        ({}, "invalid_arguments"),
    ],
)
async def test_a_post_that_cannot_be_is_refused_and_not_recorded(slack, client, fields, code):
    slack.add_channel("COUT", [])
    slack.add_channel("COLD", [BOT_USER], is_archived=True)
    with pytest.raises(SlackApiError, match=code):
        await client.api_call("chat.postMessage", json=fields)
    assert slack.taken == []
    assert slack.seen == ["chat.postMessage"]


async def test_an_ephemeral_needs_its_reader_in_the_channel(client):
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="C1", user="U9", text="x")


async def test_requests_that_were_taken_are_numbered(slack, client):
    for text in ("one", "two"):
        await client.chat_postMessage(channel="C1", text=text)
    assert [each.fields["text"] for each in slack.calls("chat.postMessage")] == ["one", "two"]
    numbers = [each.number for each in slack.taken]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("fault", "has_happened"),
    [
        (Drop(after=True), True),
        (Drop(after=False), False),
        (Status(503), False),
        (Status(502, after=True), True),
        (Status(200, "<html>hello</html>"), False),
        (Fails("msg_too_long"), False),
        (RateLimited("1"), False),
        (Truncated(), True),
    ],
)
async def test_a_fault_happens_once_and_before_or_after_the_effect(slack, client, fault, has_happened):
    slack.go_wrong("chat.postMessage", fault)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await client.chat_postMessage(channel="C1", text="hello")
    assert bool(slack.messages["C1"]) is has_happened
    await client.chat_postMessage(channel="C1", text="again")
    assert slack.messages["C1"][-1]["text"] == "again"


@pytest.mark.parametrize("odd", ODD_RETRY_AFTER)
async def test_retry_after_stands_as_it_was_told(slack, client, odd):
    slack.go_wrong("auth.test", RateLimited(odd))
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()
    assert limited.value.response.status_code == 429
    said = limited.value.response.headers.get("Retry-After")
    assert said == odd


async def test_an_answer_may_wait_while_the_effect_is_there(slack, client):
    go = asyncio.Event()
    slack.go_wrong("chat.postMessage", Delay(go))
    waiting = asyncio.create_task(client.chat_postMessage(channel="C1", text="hello"))
    while not slack.messages["C1"]:
        await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    assert (await waiting)["ok"]


async def test_a_token_dies_at_the_request_it_was_told_to(slack, client):
    slack.revoke_at[3] = BOT_TOKEN
    await client.auth_test()
    await client.auth_test()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


async def test_a_refresh_token_works_once_and_a_token_expires(slack, session, clock):
    slack.issue_code("code", expires=True)
    client = web_client(slack.api_url, session)
    granted, _ = await call(client, "oauth.v2.access", **OAUTH, code="code")
    refresh = {**OAUTH, "grant_type": "refresh_token", "refresh_token": granted.text("refresh_token")}
    await call(client, "oauth.v2.access", **refresh)
    with pytest.raises(Exception, match="invalid_refresh_token"):
        await call(client, "oauth.v2.access", **refresh)
    clock.advance(timedelta(hours=12))
    with pytest.raises(Exception, match="token_expired"):
        await call(web_client(slack.api_url, session, Secret(granted.text("access_token"))), "auth.test")


def test_every_method_it_answers_is_one_the_sdk_knows():
    families = ("_auth_", "_apps_", "_team_", "_users_", "_conversations_", "_chat_", "_views_", "_oauth_v2")
    answered = {name[1:] for name in vars(FakeSlack) if name.startswith(families)}
    assert len(answered) >= 15
    assert all(hasattr(AsyncWebClient, name) for name in answered)
