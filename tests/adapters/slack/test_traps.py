"""What Slack's own packages do out of the box, and we must not rely on.

Not tests of Kept but of its ground: when one of these turns red, an upgrade has changed a behaviour for which
a part of adapters/slack exists. Beside some stands what Kept does instead.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import closing
from typing import Any

import aiohttp
import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.clock import utc_now
from adapters.raw_request import RawRequest
from adapters.redaction import Secret
from adapters.slack.client import web_client
from fake_slack import BOT_TOKEN, BOT_USER, Drop
from slack_requests import FORM, SIGNING_SECRET, a_command, an_event, an_interaction, signed

TEAM = "T111"
MENTION = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event_time": 1_763_283_600,
    "team_id": TEAM,
    "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.1", "text": "<@U0> hello"},
}


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=enterprise_id, team_id=team_id, bot_user_id=BOT_USER, bot_token=BOT_TOKEN
    )


def a_bolt(**how: Any) -> AsyncApp:
    return AsyncApp(signing_secret=SIGNING_SECRET.reveal(), authorize=authorize, **how)


def bolt_request(request: RawRequest) -> AsyncBoltRequest:
    return AsyncBoltRequest(body=request.body.decode(), headers=dict(request.headers))


async def sent(app: AsyncApp, request: RawRequest) -> BoltResponse:
    return await app.async_dispatch(bolt_request(request))


def fresh(content: Any, **how: Any) -> RawRequest:
    """Bolt reads the clock itself."""
    return an_event(content, at=utc_now(), **how)


async def refused_how(app: AsyncApp, request: RawRequest) -> str:
    """A status, or the exception that got out."""
    try:
        return str((await sent(app, request)).status)
    except Exception as escaped:
        return type(escaped).__name__


# P01


async def test_p01_the_sdk_posts_twice_when_the_connection_drops_after_the_request(slack, session):
    slack.add_channel("C1", [BOT_USER])
    slack.go_wrong("chat.postMessage", Drop(after=True), Drop(after=True))
    stock = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
    with pytest.raises(aiohttp.ClientError):
        await stock.chat_postMessage(channel="C1", text="hello")
    assert len(slack.messages["C1"]) == 2


async def test_p01_our_client_posts_once(slack, session):
    slack.add_channel("C1", [BOT_USER])
    slack.go_wrong("chat.postMessage", Drop(after=True))
    with pytest.raises(aiohttp.ClientError):
        await web_client(slack.api_url, session, Secret(BOT_TOKEN)).chat_postMessage(
            channel="C1", text="hello"
        )
    assert len(slack.messages["C1"]) == 1


async def test_our_client_takes_no_proxy_from_the_environment(slack, session, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert AsyncWebClient(token=BOT_TOKEN).proxy is not None
    answer = await web_client(slack.api_url, session, Secret(BOT_TOKEN)).auth_test()
    assert answer["user_id"] == BOT_USER


# P02


async def test_p02_bolt_acknowledges_an_event_before_its_listener_ran():
    app, may_finish, finished = a_bolt(), asyncio.Event(), asyncio.Event()

    @app.event("app_mention")
    async def listen() -> None:
        await may_finish.wait()
        finished.set()

    assert (await sent(app, fresh(MENTION))).status == 200
    assert not finished.is_set()
    may_finish.set()
    await finished.wait()


@pytest.mark.parametrize(("before", "status"), [(False, 200), (True, 500)])
async def test_p02_a_listener_that_fails_is_told_to_slack_only_when_it_runs_first(before, status):
    """Kept sets `process_before_response`, so that Slack sends again what was not committed."""
    app, failed = a_bolt(process_before_response=before), asyncio.Event()

    @app.event("app_mention")
    async def listen() -> None:
        failed.set()
        raise RuntimeError("nothing was committed")

    assert (await sent(app, fresh(MENTION))).status == status
    await failed.wait()


# P03


async def test_p03_bolt_runs_a_listener_again_for_the_same_event_and_for_a_replay():
    app, heard = a_bolt(process_before_response=True), []

    @app.event("app_mention")
    async def listen(body: dict[str, Any]) -> None:
        heard.append(body["event_id"])

    request = fresh(MENTION)
    for each in (request, request, fresh(MENTION, seconds=1)):
        assert (await sent(app, each)).status == 200
    assert heard == ["Ev1"] * 3


# P04


@pytest.mark.parametrize("kind", ["view_submission", "block_actions"])
async def test_p04_bolt_reports_our_own_team_for_people_of_another(kind):
    app, reported = a_bolt(process_before_response=True), []

    @app.middleware
    async def look(context: Any, next: Any) -> None:
        reported.append(context.actor_team_id)
        await next()

    @app.view("form")
    @app.action("press")
    async def listen(ack: Any) -> None:
        await ack()

    outsider = {"id": "U9", "team_id": "T_THEIRS"}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "form",
        "app_installed_team_id": TEAM,
        "state": {"values": {}},
    }
    parts = {
        "view_submission": {"view": view, "team": {"id": "T_THEIRS"}},
        "block_actions": {
            "team": {"id": TEAM},
            "container": {"type": "message"},
            "actions": [{"type": "button", "action_id": "press", "block_id": "b"}],
        },
    }
    payload = {"type": kind, "user": outsider, "trigger_id": "1.1.a", **parts[kind]}
    assert (await sent(app, an_interaction(payload, at=utc_now()))).status == 200
    assert reported == [TEAM]


async def test_p04_for_an_outsider_of_an_organisation_bolt_knows_no_team():
    app, reported = a_bolt(process_before_response=True), []

    @app.event("app_mention")
    async def listen(context: Any) -> None:
        reported.append(context.actor_team_id)

    said = {**MENTION["event"], "user_team": "E_THEIRS", "team": "E_THEIRS"}
    authorizations = [{"team_id": TEAM, "enterprise_id": None, "user_id": BOT_USER, "is_bot": True}]
    content = {**MENTION, "event": said, "is_ext_shared_channel": True, "authorizations": authorizations}
    assert (await sent(app, fresh(content))).status == 200
    assert reported == [None]


# P05, P06


@pytest.mark.parametrize("body", [b"{", b"{" + b'"a":{' * 50_000, b'{"a": 1'])
async def test_p05_unsigned_garbage_gets_out_of_bolt_as_an_exception(body):
    garbage = RawRequest(method="POST", headers=[("content-type", "application/json")], body=body)
    assert not (await refused_how(a_bolt(), garbage)).isdigit()


@pytest.mark.parametrize("body", [b"[]", b"null", b"5"])
async def test_p05_json_that_is_no_object_gets_out_of_bolt_as_an_exception(body):
    garbage = RawRequest(method="POST", headers=[("content-type", "application/json")], body=body)
    assert not (await refused_how(a_bolt(), garbage)).isdigit()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Slack-Request-Timestamp", "abc"),
        ("X-Slack-Request-Timestamp", "1.5"),
        ("X-Slack-Request-Timestamp", "9" * 5000),
        ("X-Slack-Signature", "v0=é"),
    ],
)
async def test_p05_odd_headers_are_an_error_of_bolts_and_not_of_the_sender(name, value):
    request = fresh(MENTION)
    headers = [(each, value if each == name else given) for each, given in request.headers]
    odd = RawRequest(method="POST", headers=headers, body=request.body)
    assert await refused_how(a_bolt(), odd) not in ("400", "401")


@pytest.mark.parametrize(
    "part",
    [{"authorizations": "T111"}, {"authorizations": [None]}, {"event": None}, {"event": []}],
    ids=json.dumps,
)
async def test_p06_signed_and_odd_payloads_break_bolt(part):
    assert await refused_how(a_bolt(), fresh({**MENTION, **part})) not in ("200", "400", "401", "404")


# P07


async def test_p07_a_certificate_probe_is_answered_unsigned_and_runs_nothing():
    app, ran = a_bolt(process_before_response=True), []

    @app.command("/promise")
    async def listen(ack: Any) -> None:
        ran.append("promise")
        await ack()

    probe = RawRequest(
        method="POST", headers=[("content-type", FORM)], body=b"ssl_check=1&command=%2Fpromise&token=x"
    )
    assert (await sent(app, probe)).status == 200
    assert ran == []


async def test_bolt_has_the_answer_of_a_command_before_slack_has_its_200():
    """What Kept's three seconds rest on."""
    app = a_bolt(process_before_response=True)

    @app.command("/promise")
    async def listen(ack: Any) -> None:
        await ack("Noted.")

    command = {"command": "/promise", "text": "", "team_id": TEAM, "user_id": "U1", "channel_id": "C1"}
    answer = await sent(app, a_command(command, at=utc_now()))
    assert (answer.status, answer.body) == (200, "Noted.")


async def test_bolt_keeps_an_exact_copy_of_a_signed_body():
    assert bolt_request(signed(b'{"a": "\xc3\xa9"}')).raw_body == '{"a": "é"}'


# P16


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves its connections open
def test_p16_the_stock_store_keeps_tokens_in_plain_text(tmp_path):
    database = str(tmp_path / "stock.db")
    store = SQLite3InstallationStore(client_id="1.2", database=database)
    token = "xoxb-canary"
    bot = {
        "app_id": "A1",
        "bot_token": token,
        "bot_id": "B1",
        "bot_user_id": "U0",
        "bot_scopes": ["commands"],
    }
    store.save(Installation(user_id="U1", team_id=TEAM, **bot))
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("SELECT bot_token FROM slack_bots").fetchall() == [(token,)]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_p16_the_stock_store_lets_a_state_be_used_twice(tmp_path):
    """The second comes between the first one's look and its delete; nobody counts what was deleted."""
    store = SQLite3OAuthStateStore(database=str(tmp_path / "stock.db"), expiration_seconds=600)
    state, used = store.issue(), []

    class Meanwhile(logging.Logger):
        def debug(self, message: object, *_: Any, **__: Any) -> None:
            if "query result" in str(message) and not used:
                used.append("second")
                used.append(
                    SQLite3OAuthStateStore(database=store.database, expiration_seconds=600).consume(state)
                )

    store._logger = Meanwhile("meanwhile")
    assert store.consume(state)
    assert used == ["second", True]
