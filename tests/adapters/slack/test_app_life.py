"""The life of the process: it starts without Slack, hears by socket too, loses no event, forgets who left."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.app import serving_app
from adapters.config import Settings
from adapters.db.asks import Asks
from adapters.environment import Environment, SlackEnvironment
from adapters.redaction import Secret
from adapters.slack.crypto import Keyring
from adapters.slack.inbox import ATTEMPTS, DEAD, Events
from adapters.slack.installations import Grant, Installations, Tokens
from adapters.slack.tables import asks as asks_table
from adapters.slack.tables import events
from bot.policy import Policy
from fake_slack import APP_TOKEN, BOT_TOKEN, BOT_USER, CLIENT_ID, CLIENT_SECRET, TEAM, Token
from slack_requests import SIGNING_SECRET
from slack_workspace import ACME, ANA, BEN, CARLA, SHARED, SUBJECT, TEAM_ROOM, kept, said

KEY = Secret("A" * 43 + "=")
BY_FRIDAY = f"Acme: {SUBJECT} by 2026-11-27"
NOBODY = "http://127.0.0.1:9/api/"


def settings(**slack: Any) -> Settings:
    usual = {"signing_secrets": (SIGNING_SECRET,), "bot_token": Secret(BOT_TOKEN), "api_url": NOBODY}
    environment = Environment(slack=SlackEnvironment(**{**usual, **slack}))
    return Settings(
        policy=Policy(),
        environment=environment,
        slack_off=None,
        teams_off="not set up",
        host="127.0.0.1",
        port=0,
        log_level="INFO",
    )


async def test_the_process_starts_and_lives_while_slack_cannot_be_reached(sqlite_engine):
    async with TestClient(TestServer(serving_app(settings(), sqlite_engine))) as client:
        assert (await client.get("/livez")).status == 200
        assert (await client.post("/slack/events", data=b"{}")).status == 401


async def test_a_token_slack_refuses_shows_until_it_is_taken_again(app):
    assert await app.slack.is_well()
    app.fake.tokens[BOT_TOKEN].is_revoked = True
    await app.command(ANA, TEAM_ROOM, BY_FRIDAY)
    app.clock.advance(timedelta(minutes=11))
    await app.command(ANA, TEAM_ROOM, "list")
    assert not await app.slack.is_well()
    app.fake.tokens[BOT_TOKEN].is_revoked = False
    app.clock.advance(timedelta(minutes=16))
    await app.command(ANA, TEAM_ROOM, "list")
    assert await app.slack.is_well()


async def test_readiness_names_slack_and_starts_without_it(sqlite_engine):
    async with TestClient(TestServer(serving_app(settings(), sqlite_engine))) as client:
        assert (await (await client.get("/readyz")).json())["slack"] == "ok"


async def test_bolts_own_ways_to_install_and_store_stay_shut(sqlite_engine, tmp_path, monkeypatch):
    """It reads the environment, and would keep tokens in files of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SLACK_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SLACK_CLIENT_SECRET", CLIENT_SECRET)
    before = {path.name for path in tmp_path.iterdir()}
    async with TestClient(TestServer(serving_app(settings(), sqlite_engine))) as client:
        assert (await client.get("/slack/install")).status == 404
    assert {path.name for path in tmp_path.iterdir()} - before <= {"kept.db-shm", "kept.db-wal"}


# Events


@pytest.fixture
def inbox(engine) -> Events:
    return Events(engine)


def test_an_event_is_kept_once_however_often_it_comes(inbox, clock):
    assert inbox.keep(TEAM, "Ev1", {"a": 1}, clock.now)
    assert not inbox.keep(TEAM, "Ev1", {"a": 1}, clock.now)
    assert inbox.keep("T0OTHER", "Ev1", {"a": 1}, clock.now)
    assert [each.tenant for each in inbox.claim(clock.now, 10)] == [TEAM, "T0OTHER"]


def test_ten_thousand_events_shuffled_and_repeated_are_ten_thousand(inbox, clock):
    """G06, F04 at the size of a change; the bench runs the whole."""
    chance = random.Random(7)
    sent = [f"Ev{number}" for number in range(500) for _ in range(chance.randint(1, 4))]
    chance.shuffle(sent)
    assert sum(inbox.keep(TEAM, key, {}, clock.now) for key in sent) == 500


def test_an_event_whose_process_died_is_claimed_again(inbox, clock):
    """F03"""
    inbox.keep(TEAM, "Ev1", {"a": 1}, clock.now)
    [first] = inbox.claim(clock.now, 10)
    assert inbox.claim(clock.now, 10) == []
    [again] = inbox.claim(clock.advance(timedelta(seconds=61)), 10)
    inbox.done(first)  # the slow one wakes up, and changes nothing
    [third] = inbox.claim(clock.advance(timedelta(seconds=61)), 10)
    assert (again.attempts, third.attempts) == (2, 3)


def test_a_poison_event_is_tried_eight_times_and_put_aside(inbox, engine, clock):
    """F08"""
    inbox.keep(TEAM, "Ev1", {}, clock.now)
    for attempt in range(1, ATTEMPTS + 1):
        [row] = inbox.claim(clock.now, 10)
        assert inbox.failed(row, clock.now, "Boom") is (attempt < ATTEMPTS)
        clock.advance(timedelta(minutes=16))
    assert inbox.claim(clock.now, 10) == []
    with engine.begin() as connection:
        assert connection.execute(events.select()).one().state == DEAD


def test_the_words_of_an_event_go_when_it_is_dealt_with_and_its_key_after_eight_days(inbox, engine, clock):
    inbox.keep(TEAM, "Ev1", {"text": "secret"}, clock.now)
    inbox.done(inbox.claim(clock.now, 10)[0])
    with engine.begin() as connection:
        assert connection.execute(events.select()).one().body == ""
    assert inbox.forget_before(clock.now) == 0
    assert inbox.forget_before(clock.advance(timedelta(days=9))) == 1


def test_words_that_wait_for_a_form_are_their_speakers_for_an_hour(engine, clock):
    asks = Asks(engine, asks_table)
    asks.keep("a1", TEAM, ANA, {"words": "x"}, clock.now)
    assert asks.find("a1", TEAM, BEN, clock.now) is None
    assert asks.find("a1", "T0OTHER", ANA, clock.now) is None
    assert asks.find("a1", TEAM, ANA, clock.now) == {"words": "x"}
    assert asks.find("a1", TEAM, ANA, clock.advance(timedelta(hours=2))) is None


async def test_an_event_is_on_disk_before_it_is_acknowledged(app, sqlite_engine):
    """P02: with nobody working events off, it waits in the store."""
    app.slack._at_work.happenings._in_order = _Never()  # type: ignore[assignment]
    said_ = {"type": "app_mention", "user": ANA, "channel": SHARED, "ts": "1763283600.000900"}
    settled = app.slack.settle
    app.slack.settle = _nothing  # type: ignore[method-assign]
    assert await app.event({**said_, "text": f"<@{BOT_USER}> list"}) == 200
    with sqlite_engine.begin() as connection:
        assert connection.execute(events.select().where(events.c.state == "waiting")).all()
    app.slack.settle = settled  # type: ignore[method-assign]


class _Never:
    async def __aenter__(self) -> None:
        await asyncio.Event().wait()

    async def __aexit__(self, *_: object) -> None:
        return


async def _nothing() -> None:
    return


# Several workspaces


def install(engine: Any, now: Any, tenant: str, token: str, bot_user: str) -> None:
    grant = Grant(
        **dict.fromkeys(("enterprise_id", "bot_id", "installed_by")),
        tenant=tenant,
        team_id=tenant,
        app_id="A0KEPT",
        bot_user_id=bot_user,
        scopes=(),
        tokens=Tokens(token=Secret(token)),
    )
    Installations(engine, Keyring([KEY]), lambda: token).save(grant, now)


@pytest.fixture
async def both(sqlite_engine, home, clock) -> AsyncIterator[Any]:
    """We and Acme have both installed Kept; one deployment serves both."""
    slack = {"bot_token": None, "client_id": CLIENT_ID, "client_secret": Secret(CLIENT_SECRET)}
    home.tokens["xoxb-acme"] = Token(home.tokens[BOT_TOKEN].scopes, ACME)
    install(sqlite_engine, clock.now, TEAM, BOT_TOKEN, BOT_USER)
    install(sqlite_engine, clock.now, ACME, "xoxb-acme", "U0ACMEBOT")
    async with kept(sqlite_engine, home, clock, secret_keys=(KEY,), **slack) as app:
        await app.begin()
        yield app


async def test_one_deployment_keeps_two_organisations_apart(both):
    """L22, T24: Carla works with Kept in her own workspace, and sees nothing of ours there."""
    await both.has_shown()
    answer = await both.command(CARLA, SHARED, "list ours", team_id=ACME)
    assert SUBJECT not in said(answer)
    theirs = {"team_id": ACME, "authorizations": [{"team_id": ACME, "user_id": "U0ACMEBOT", "is_bot": True}]}
    mention = {"type": "app_mention", "user": CARLA, "channel": SHARED, "ts": "1763283600.001000"}
    await both.event({**mention, "text": "<@U0ACMEBOT> find SOC"}, **theirs)
    assert SUBJECT not in said(both.fake.calls("chat.postEphemeral")[-1].fields)


async def test_each_workspace_is_spoken_to_with_its_own_token(both):
    await both.command(CARLA, SHARED, "list", team_id=ACME)
    await both.command(ANA, TEAM_ROOM, "list")
    asked = {each.token for each in both.fake.calls("users.info") if each.fields["user"] == CARLA}
    assert "xoxb-acme" in asked
    assert {each.token for each in both.fake.calls("users.info") if each.fields["user"] == ANA} == {BOT_TOKEN}


@pytest.mark.parametrize("first", ["app_uninstalled", "tokens_revoked"])
async def test_a_workspace_that_takes_kept_out_is_not_spoken_to_again(both, first):
    """F25, T40: the two events come in either order."""
    ends = [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}]
    for end in sorted(ends, key=lambda each: each["type"] != first):
        assert await both.event(end) == 200
    before = len(both.fake.seen)
    await both.command(ANA, TEAM_ROOM, "list")
    await both.deliver()
    assert len(both.fake.seen) == before
    assert (await both.command(CARLA, SHARED, "list", team_id=ACME))["response_type"] == "ephemeral"


async def test_a_new_token_ends_the_rest_of_the_old_one(both, sqlite_engine):
    both.fake.tokens[BOT_TOKEN].is_revoked = True
    await both.command(ANA, TEAM_ROOM, BY_FRIDAY)
    both.clock.advance(timedelta(minutes=11))
    assert "nothing was done" in said(await both.command(ANA, TEAM_ROOM, "list"))
    both.fake.tokens["xoxb-new"] = Token(both.fake.tokens[BOT_TOKEN].scopes)
    install(sqlite_engine, both.clock.now, TEAM, "xoxb-new", BOT_USER)
    both.clock.advance(timedelta(minutes=2))
    assert "nothing was done" not in said(await both.command(ANA, TEAM_ROOM, "list"))


async def test_one_workspace_whose_token_is_refused_shows_until_it_is_installed_anew(both, sqlite_engine):
    assert await both.slack.is_well()
    both.fake.tokens[BOT_TOKEN].is_revoked = True
    both.clock.advance(timedelta(minutes=11))
    await both.command(ANA, TEAM_ROOM, "list")
    assert not await both.slack.is_well()
    install(sqlite_engine, both.clock.now, TEAM, "xoxb-new", BOT_USER)
    assert await both.slack.is_well()


# Socket Mode


class Sockets:
    """Slack's end of Socket Mode: sends envelopes, remembers what came back."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.answers: asyncio.Queue[Any] = asyncio.Queue()
        self.line: web.WebSocketResponse | None = None

    async def hold(self, request: web.Request) -> web.WebSocketResponse:
        self.line = web.WebSocketResponse()
        await self.line.prepare(request)
        await self.line.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for message in self.line:
            if message.type is aiohttp.WSMsgType.TEXT:
                await self.answers.put(message.json())
        return self.line

    async def send(self, kind: str, payload: Any) -> Any:
        assert self.line is not None
        await self.line.send_json({"type": kind, "envelope_id": f"e-{kind}", "payload": payload})
        return await asyncio.wait_for(self.answers.get(), 5)


async def test_the_same_listeners_hear_by_socket(sqlite_engine, home, clock):
    sockets = Sockets()
    app = web.Application()
    app.router.add_get("/api/socket", sockets.hold)
    async with TestServer(app) as server:
        home._apps_connections_open = lambda *_: {"url": f"ws://127.0.0.1:{server.port}/api/socket"}
        token = {"app_token": Secret(APP_TOKEN), "signing_secrets": ()}
        async with kept(sqlite_engine, home, clock, **token) as running:
            await asyncio.wait_for(sockets.connected.wait(), 5)
            fields = {"command": "/partner", "text": "new Acme", "user_id": BEN, "team_id": TEAM}
            fields |= {"channel_id": TEAM_ROOM, "trigger_id": "1.1"}
            assert (await sockets.send("slash_commands", fields))["envelope_id"] == "e-slash_commands"
            answer = await sockets.send("slash_commands", {**fields, "text": "Acme", "trigger_id": "1.2"})
            assert "Acme" in said(answer["payload"])
            odd = await sockets.send("interactive", {"type": "something_new"})
            assert odd["envelope_id"] == "e-interactive"
            await running.settle()
            clock.advance(timedelta(hours=1))
            assert await running.slack.is_well()


async def test_a_socket_that_stays_away_shows_after_a_minute(sqlite_engine, home, clock):
    home._apps_connections_open = lambda *_: {"url": "ws://127.0.0.1:9/"}
    async with kept(sqlite_engine, home, clock, app_token=Secret(APP_TOKEN), signing_secrets=()) as running:
        clock.advance(timedelta(seconds=60))
        assert await running.slack.is_well()
        clock.advance(timedelta(seconds=1))
        assert not await running.slack.is_well()
