"""Tokens are kept sealed, end when Slack says so, and are fresh when something is to be sent."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, select, text, update

from adapters.db import quarantine
from adapters.db.quarantine import Odd, set_aside
from adapters.redaction import Secret
from adapters.slack.client import OAuth, Refused, Unclear, call, web_client
from adapters.slack.crypto import Keyring, Unsealable
from adapters.slack.installations import ACTIVE, LAPSED, UNINSTALLED, Grant, Installations, Tokens
from adapters.slack.states import LIFE, MOST, States, TooMany
from adapters.slack.tables import installations, oauth_states
from adapters.slack.workspaces import (
    REMEMBERED_FOR,
    ManyWorkspaces,
    NotInstalled,
    OneWorkspace,
    Resting,
)
from fake_slack import BOT_TOKEN, BOT_USER, CLIENT_ID, CLIENT_SECRET, TEAM, Drop, Fails, Status
from slack_requests import NOW

CANARY = "xoxb-canary-7f3a9c0000000000"
ROUNDS = 1000 if os.environ.get("KEPT_SOAK") else 25
SOON = NOW + timedelta(seconds=30)


def a_key(seed: int) -> Secret:
    return Secret(base64.urlsafe_b64encode(random.Random(seed).randbytes(32)).decode())


def a_grant(tenant: str = TEAM, *, token: str = CANARY, **changes: object) -> Grant:
    grant = Grant(
        tenant=tenant,
        team_id=tenant,
        enterprise_id=None,
        app_id="A1",
        bot_user_id=BOT_USER,
        bot_id="B1",
        installed_by="U1",
        scopes=("commands", "chat:write"),
        tokens=Tokens(token=Secret(token)),
    )
    return replace(grant, **changes)


def a_store(engine: Engine, *keys: Secret) -> Installations:
    ids = count(1)
    return Installations(engine, Keyring(keys or (a_key(1),)), lambda: f"row{next(ids)}")


@pytest.fixture
def store(engine) -> Installations:
    return a_store(engine)


def test_what_was_granted_is_found_again(store):
    store.save(a_grant(), NOW)
    found = store.find(TEAM)
    assert found is not None
    assert found.token.reveal() == CANARY
    assert (found.state, found.scopes, found.installed_by) == (ACTIVE, ("chat:write", "commands"), "U1")
    assert store.find("T0ther") is None


def test_installing_again_replaces_what_was(store):
    store.save(a_grant(), NOW)
    store.uninstall(TEAM, NOW)
    store.save(a_grant(token="xoxb-second"), SOON)
    found = store.find(TEAM)
    assert (found.token.reveal(), found.state, found.version) == ("xoxb-second", ACTIVE, 3)


def test_two_workspaces_do_not_see_each_other(store):
    store.save(a_grant("T1", token="xoxb-of-one"), NOW)
    store.save(a_grant("T2", token="xoxb-of-two"), NOW)
    assert store.find("T1").token.reveal() == "xoxb-of-one"
    store.lapse("T1", NOW)
    assert store.find("T2").token.reveal() == "xoxb-of-two"


# T07: stolen


def test_a_stolen_database_holds_no_token(tmp_path, sqlite_engine):
    tokens = Tokens(token=Secret(CANARY), refresh_token=Secret("xoxe-1-canary"), expires_at=SOON)
    a_store(sqlite_engine).save(a_grant(tokens=tokens), NOW)
    with sqlite3.connect(tmp_path / "kept.db") as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        dump = "\n".join(opened.iterdump())
    opened.close()
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("kept.db*"))
    for shape in ("canary", "xoxb-", "xoxe"):
        assert shape not in dump
        assert shape.encode() not in on_disk


def test_a_ciphertext_of_another_workspace_does_not_open(engine, store):
    store.save(a_grant("T1"), NOW)
    store.save(a_grant("T2"), NOW)
    with engine.begin() as connection:
        theirs = connection.execute(
            select(installations.c.token).where(installations.c.tenant == "T1")
        ).scalar()
        connection.execute(update(installations).where(installations.c.tenant == "T2").values(token=theirs))
    with pytest.raises(Unsealable):
        store.find("T2")


def test_with_another_key_tokens_do_not_open_and_nothing_falls_back(engine, store):
    store.save(a_grant(), NOW)
    with pytest.raises(Unsealable, match="KEPT_SECRET_KEY"):
        a_store(engine, a_key(2)).find(TEAM)


# Rotation (F27, G26)


def key_ids(engine: Engine) -> set[str]:
    with engine.begin() as connection:
        rows = connection.execute(select(installations.c.token, installations.c.refresh_token)).all()
    return {sealed.split(".")[1] for row in rows for sealed in row if sealed}


def test_after_a_rotation_only_the_new_key_is_needed(engine, store):
    pair = Tokens(token=Secret(CANARY), refresh_token=Secret("xoxe-1"), expires_at=SOON)
    for number in range(250):
        store.save(a_grant(f"T{number}", tokens=pair if number % 2 else Tokens(token=Secret(CANARY))), NOW)
    store.lapse("T7", NOW)
    assert a_store(engine, a_key(2), a_key(1)).rotate() == 249
    assert key_ids(engine) == {Keyring([a_key(2)]).current_id}
    new = a_store(engine, a_key(2))
    assert all(new.find(f"T{n}").token.reveal() == CANARY for n in range(250) if n != 7)
    assert a_store(engine, a_key(2), a_key(1)).rotate() == 0


def test_a_rotation_stopped_anywhere_leaves_every_token_readable(engine, store):
    for number in range(6):
        store.save(a_grant(f"T{number}"), NOW)
    rotating = a_store(engine, a_key(2), a_key(1))
    for done in range(6):
        assert all(rotating.find(f"T{n}").token.reveal() == CANARY for n in range(6))
        assert rotating.rotate_some(1) == 1, done
    assert rotating.rotate() == 0
    assert len(key_ids(engine)) == 1


def test_what_a_lost_key_sealed_keeps_no_other_token_from_rotating(engine, store):
    Installations(engine, Keyring([a_key(3)]), lambda: "another row").save(a_grant("T3"), NOW)
    store.save(a_grant("T1"), NOW)
    assert a_store(engine, a_key(2)).rotate() == 0
    rotating = a_store(engine, a_key(2), a_key(1))
    assert (rotating.rotate_some(), rotating.rotate_some()) == (1, 0)
    assert key_ids(engine) == {Keyring([a_key(n)]).current_id for n in (2, 3)}


# Endings


@pytest.mark.parametrize("order", [("lapse", "uninstall"), ("uninstall", "lapse"), ("uninstall",) * 3])
def test_uninstalled_is_the_end_in_whatever_order_slack_says_it(engine, store, order):
    store.save(a_grant(), NOW)
    for act in order:
        getattr(store, act)(TEAM, SOON)
    found = store.find(TEAM)
    assert (found.state, found.token, found.refresh_token) == (UNINSTALLED, None, None)
    assert store.ended_by(SOON - timedelta(seconds=1)) == []
    assert store.ended_by(SOON) == [TEAM]
    assert key_ids(engine) == set()


def test_a_workspace_whose_token_only_ran_out_is_not_purged(store):
    store.save(a_grant(), NOW)
    assert store.lapse(TEAM, SOON)
    assert not store.find(TEAM).is_active
    assert store.ended_by(SOON + timedelta(days=400)) == []
    assert store.uninstall(TEAM, SOON + timedelta(days=30))
    assert store.ended_by(SOON + timedelta(days=29)) == []
    assert store.ended_by(SOON + timedelta(days=30)) == [TEAM]


@pytest.mark.parametrize("later", [("uninstall", "uninstall"), ("lapse", "uninstall")])
def test_an_installation_ended_when_that_was_first_said(store, later):
    store.save(a_grant(), NOW)
    store.uninstall(TEAM, SOON)
    for hours, act in enumerate(later, start=1):
        getattr(store, act)(TEAM, SOON + timedelta(hours=hours))
    assert store.ended_by(SOON) == [TEAM]


@pytest.mark.parametrize("act", ["lapse", "uninstall"])
def test_late_news_of_an_older_installation_does_not_end_the_newer(store, act):
    store.save(a_grant(), NOW)
    store.save(a_grant(token="xoxb-second"), NOW + timedelta(minutes=5))
    assert not getattr(store, act)(TEAM, NOW + timedelta(minutes=4))
    assert store.find(TEAM).is_active


def test_an_ending_in_the_second_of_the_installation_counts(store):
    store.save(a_grant(), NOW + timedelta(microseconds=200_000))
    assert store.uninstall(TEAM, NOW)


def an_odd(tenant: str = "T1", body: bytes = b"{}", **changes: object) -> Odd:
    odd = Odd(tenant=tenant, platform="slack", kind="k", reason="r", body=body, received_at=NOW)
    return replace(odd, **changes)


def test_the_quarantine_holds_no_credentials_and_takes_any_bytes(engine):
    body = (
        b'{"token": "verification-token-1", "response_url": "https://hooks.slack.com/actions/T1/1/canary",'
        b' "text": "Bonjour \xff\x00", "bot": "xoxb-1234567890-canary"}' + b"x" * 200_000
    )
    with engine.begin() as connection:
        set_aside(connection, an_odd(body=body))
        held = connection.execute(select(quarantine.quarantine.c.body)).scalar_one()
    assert "Bonjour" in held
    assert not any(secret in held for secret in ("canary", "verification-token-1", "\0"))
    assert len(held) <= quarantine.LONGEST


def test_the_quarantine_forgets_what_came_before_a_moment(engine):
    with engine.begin() as connection:
        for days in (0, 6, 8, 20):
            set_aside(connection, an_odd(received_at=NOW - timedelta(days=days)))
        assert quarantine.forget(connection, NOW - timedelta(days=7), limit=10) == 2
        assert quarantine.forget(connection, NOW - timedelta(days=7), limit=10) == 0


# OAuth states (T06, P16)


def test_p16_each_of_a_hundred_states_is_consumed_by_one_of_eight(engine):
    states = States(engine)
    names = [f"state{number}" for number in range(100)]
    for name in names:
        states.issue(name, "browser", NOW)
    start = threading.Barrier(8)

    def race(_: int) -> list[str]:
        start.wait()
        return [name for name in names if states.consume(name, "browser", NOW)]

    with ThreadPoolExecutor(8) as racers:
        won = [name for names_won in racers.map(race, range(8)) for name in names_won]
    assert sorted(won) == sorted(names)


def test_a_state_works_in_its_own_browser_alone(engine):
    states = States(engine)
    states.issue("state", "browser", NOW)
    assert not states.consume("state", "another", NOW)
    assert not states.consume("other", "browser", NOW)
    assert states.consume("state", "browser", NOW)
    assert not states.consume("state", "browser", NOW)


def test_a_state_lives_ten_minutes(engine):
    states = States(engine)
    for name in ("one", "two"):
        states.issue(name, "browser", NOW)
    assert states.consume("one", "browser", NOW + LIFE)
    assert not states.consume("two", "browser", NOW + LIFE + timedelta(seconds=1))


def test_states_nobody_used_do_not_pile_up(engine):
    states = States(engine)
    for number in range(MOST):
        states.issue(f"s{number}", "b", NOW)
    with pytest.raises(TooMany):
        states.issue("one too many", "b", NOW)
    states.issue("later", "b", NOW + LIFE + timedelta(seconds=1))
    with engine.begin() as connection:
        assert len(connection.execute(select(oauth_states.c.id)).all()) == 1


def test_neither_state_nor_browser_is_stored(engine):
    States(engine).issue("secret-state", "secret-browser", NOW)
    with engine.begin() as connection:
        assert "secret" not in str(connection.execute(text("SELECT * FROM slack_oauth_states")).all())


# Fresh tokens (F25, F26)


@pytest.fixture
def many(store, slack, session, clock):
    """Any number of replicas on one database."""

    def replica(name: str) -> ManyWorkspaces:
        oauth = OAuth(slack.api_url, session, CLIENT_ID, Secret(CLIENT_SECRET), clock)
        return ManyWorkspaces(store, oauth, clock, name)

    return replica


async def install(slack, session, store, clock, **grant) -> None:
    slack.issue_code("code", **grant)
    oauth = OAuth(slack.api_url, session, CLIENT_ID, Secret(CLIENT_SECRET), clock)
    store.save(await oauth.exchange("code", "https://kept.example.com/slack/oauth_redirect"), clock())


async def test_a_token_that_never_expires_is_not_renewed(store, slack, session, clock, many):
    await install(slack, session, store, clock)
    clock.advance(timedelta(days=400))
    token = await many("a").token(TEAM)
    assert slack.tokens[token.reveal()].team == TEAM
    assert len(slack.calls("oauth.v2.access")) == 1


async def test_after_a_quiet_weekend_mondays_digest_has_a_fresh_token(store, slack, session, clock, many):
    await install(slack, session, store, clock, expires=True)
    clock.advance(timedelta(days=3))
    token = await many("a").token(TEAM)
    slack.add_channel("C1", [BOT_USER])
    said, _ = await call(
        web_client(slack.api_url, session, token), "chat.postMessage", channel="C1", text="hello"
    )
    assert said.text("channel") == "C1"


async def test_four_replicas_at_once_renew_once(store, slack, session, clock, many):
    await install(slack, session, store, clock, expires=True)
    for _ in range(ROUNDS):
        before = len(slack.calls("oauth.v2.access"))
        clock.advance(timedelta(hours=11))  # an hour before the end: the old token still serves
        tokens = await asyncio.gather(*(many(name).token(TEAM) for name in "abcd"))
        assert len(slack.calls("oauth.v2.access")) - before == 1
        assert all(slack.tokens[each.reveal()].expires_at > clock() for each in tokens)


async def test_where_the_old_token_is_dead_the_others_wait_for_the_new(store, slack, session, clock, many):
    await install(slack, session, store, clock, expires=True)
    clock.advance(timedelta(days=2))
    asked = await asyncio.gather(*(many(name).token(TEAM) for name in "abcd"), return_exceptions=True)
    assert len(slack.calls("oauth.v2.access")) == 2
    fresh = [each for each in asked if isinstance(each, Secret)]
    assert fresh
    assert all(isinstance(each, (Secret, Resting)) for each in asked)
    clock.advance(timedelta(seconds=6))
    later = {(await many(name).token(TEAM)).reveal() for name in "abcd"}
    assert later == {fresh[0].reveal()}


async def test_one_who_died_while_renewing_is_relieved(store, slack, session, clock, many):
    await install(slack, session, store, clock, expires=True)
    clock.advance(timedelta(hours=11))
    assert store.claim_refresh(store.find(TEAM), "dead", clock())
    await many("b").token(TEAM)
    assert len(slack.calls("oauth.v2.access")) == 1
    clock.advance(timedelta(seconds=61))
    await many("b").token(TEAM)
    assert len(slack.calls("oauth.v2.access")) == 2


async def test_a_pair_that_came_late_is_still_stored(store, slack, session, clock):
    """Its lease ran out, but the old refresh token is used up: no other pair will ever work."""
    await install(slack, session, store, clock, expires=True)
    installation = store.find(TEAM)
    assert store.claim_refresh(installation, "slow", clock())
    clock.advance(timedelta(seconds=90))
    assert store.claim_refresh(installation, "other", clock())
    assert store.renew(installation, Tokens(token=Secret("xoxb-late"), refresh_token=Secret("xoxe-1-late")))
    assert not store.renew(installation, Tokens(token=Secret("xoxb-older")))
    assert store.find(TEAM).token.reveal() == "xoxb-late"


@pytest.mark.parametrize("fault", [Drop(after=False), Status(503), Fails("ratelimited")])
async def test_a_renewal_that_fails_leaves_the_old_token_in_use(store, slack, session, clock, many, fault):
    await install(slack, session, store, clock, expires=True)
    old = store.find(TEAM).token.reveal()
    clock.advance(timedelta(hours=11))
    slack.go_wrong("oauth.v2.access", fault)
    assert (await many("a").token(TEAM)).reveal() == old
    clock.advance(timedelta(minutes=11))
    assert (await many("a").token(TEAM)).reveal() != old


async def test_a_workspace_slack_renews_no_token_for_has_to_install_again(store, slack, session, clock, many):
    await install(slack, session, store, clock, expires=True)
    slack.refreshes.clear()
    clock.advance(timedelta(days=3))
    with pytest.raises(NotInstalled):
        await many("a").token(TEAM)
    assert store.find(TEAM).state == LAPSED
    with pytest.raises(NotInstalled):
        await many("a").token(TEAM)
    assert slack.seen.count("oauth.v2.access") == 2


async def test_an_open_circuit_holds_one_workspace_alone(store, clock, many):
    store.save(a_grant("T1"), NOW)
    store.save(a_grant("T2"), NOW)
    store.open_circuit("T1", "token_revoked", NOW + timedelta(minutes=10))
    workspaces = many("a")
    with pytest.raises(Resting) as resting:
        await workspaces.token("T1")
    assert resting.value.until == NOW + timedelta(minutes=10)
    assert (await workspaces.token("T2")).reveal() == CANARY
    clock.advance(REMEMBERED_FOR + timedelta(minutes=10))
    assert (await workspaces.token("T1")).reveal() == CANARY


async def test_what_is_remembered_is_dropped_on_revocation_and_after_a_minute(store, clock, many):
    store.save(a_grant(), NOW)
    here, there = many("here"), many("there")
    assert await here.find(TEAM)
    assert await there.find(TEAM)
    store.lapse(TEAM, SOON)
    here.drop(TEAM)
    assert await here.find(TEAM) is None
    assert await there.find(TEAM) is not None
    clock.advance(REMEMBERED_FOR)
    assert await there.find(TEAM) is None


async def test_a_token_that_does_not_open_counts_as_not_installed(engine, slack, session, clock):
    a_store(engine).save(a_grant(), NOW)
    oauth = OAuth(slack.api_url, session, CLIENT_ID, Secret(CLIENT_SECRET), clock)
    workspaces = ManyWorkspaces(a_store(engine, a_key(2)), oauth, clock, "a")
    assert await workspaces.find(TEAM) is None
    with pytest.raises(NotInstalled):
        await workspaces.token(TEAM)


# One workspace


async def test_one_workspace_says_itself_who_it_is_once(slack, session, clock):
    one = OneWorkspace(Secret(BOT_TOKEN), web_client(slack.api_url, session, Secret(BOT_TOKEN)), clock)
    found = [await one.find(TEAM) for _ in range(20)]
    assert (found[0].bot_user_id, found[0].team_id) == (BOT_USER, TEAM)
    assert slack.seen == ["auth.test"]
    assert await one.find("T9") is None
    with pytest.raises(NotInstalled):
        await one.token("T9")


async def test_one_workspace_whose_token_is_dead_asks_once_a_minute(slack, session, clock):
    one = OneWorkspace(Secret("xoxb-dead"), web_client(slack.api_url, session, Secret("xoxb-dead")), clock)
    assert [await one.find(TEAM) for _ in range(20)] == [None] * 20
    assert slack.seen == ["auth.test"]
    clock.advance(REMEMBERED_FOR)
    await one.find(TEAM)
    assert slack.seen == ["auth.test"] * 2


async def test_one_workspace_out_of_reach_is_unclear_and_not_absent(slack, session, clock):
    slack.go_wrong("auth.test", Drop(after=False))
    one = OneWorkspace(Secret(BOT_TOKEN), web_client(slack.api_url, session, Secret(BOT_TOKEN)), clock)
    with pytest.raises(Unclear):
        await one.find(TEAM)
    assert await one.find(TEAM)


async def test_a_code_works_once(store, slack, session, clock):
    await install(slack, session, store, clock)
    oauth = OAuth(slack.api_url, session, CLIENT_ID, Secret(CLIENT_SECRET), clock)
    with pytest.raises(Refused, match="invalid_code"):
        await oauth.exchange("code", "https://kept.example.com/slack/oauth_redirect")
