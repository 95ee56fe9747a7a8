"""`kept check` on a connection: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from adapters.backup import migrate_safely
from adapters.checks import check
from adapters.clock import utc_now
from adapters.db.engine import open_engine
from adapters.finding import Finding
from adapters.redaction import Secret
from adapters.slack.crypto import Keyring
from adapters.slack.installations import Grant, Installations, Tokens
from adapters.slack.scopes import names
from fake_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    Drop,
    Fails,
    FakeSlack,
    Fault,
    RateLimited,
    Status,
    Token,
    Truncated,
    fake_slack,
)

SIGNING = "0123456789abcdef0123456789abcdef"
KEY = "A" * 43 + "="
NOWHERE = "http://127.0.0.1:9/api/"
REAL = {
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_SIGNING_SECRET": SIGNING,
    "KEPT_PUBLIC_URL": "https://kept.invalid",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Its clock is ours: what is compared is the two."""
    async with fake_slack(now=utc_now) as fake:
        yield fake


async def found(**environ: str) -> list[Finding]:
    """Beside the loop of the fake, as the command runs in a process of its own."""
    findings = await asyncio.to_thread(check, Path("app.yaml"), environ)
    return [
        each for each in findings if each.subject in ("slack", "slack api", "slack key", "slack url", "clock")
    ]


def failing(findings: list[Finding]) -> list[str]:
    return [f"{each.subject}: {each.words}" for each in findings if not each.is_fine]


def by_http(slack: FakeSlack, **more: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING,
        "KEPT_PUBLIC_URL": "http://127.0.0.1:9",
        "SLACK_API_URL": slack.api_url,
        **more,
    }


async def test_a_sound_connection_is_said_to_be_sound(slack):
    findings = await found(**by_http(slack))
    assert failing(findings) == []
    said = [each.words for each in findings]
    assert said == [
        "on",
        "connected to Ours as kept",
        "every scope is granted",
        "agrees with Slack's to the minute",
    ]


async def test_socket_mode_needs_neither_address_nor_signing_secret(slack):
    secrets = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.api_url}
    findings = await found(**secrets)
    assert failing(findings) == []
    assert "Socket Mode can connect" in [each.words for each in findings]


async def test_missing_scopes_are_named_with_how_to_add_them(slack):
    slack.tokens[BOT_TOKEN] = Token(tuple(set(names()) - {"im:write", "users:read"}))
    (words,) = failing(await found(**by_http(slack)))
    assert words.startswith(
        "slack api: not granted: im:write, users:read. Add them under OAuth & Permissions"
    )


async def test_where_kept_may_read_along_it_needs_two_scopes_more(slack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yaml").write_text("features:\n  reading: true\n")
    (words,) = failing(await found(**by_http(slack)))
    assert words.startswith("slack api: not granted: channels:history, groups:history.")


@pytest.mark.parametrize(("hours", "direction"), [(1, "behind"), (-1, "ahead of")])
async def test_a_wrong_clock_is_said_with_its_direction(slack, hours, direction):
    slack.clock_off = timedelta(hours=hours)
    (words,) = failing(await found(**by_http(slack)))
    assert f"seconds {direction} Slack's" in words
    assert "NTP" in words


@pytest.mark.parametrize(
    ("code", "mending"),
    [
        ("invalid_auth", "Copy the token again"),
        ("token_revoked", "Install the app again"),
        ("account_inactive", "Install the app again"),
        ("token_expired", "SLACK_CLIENT_ID"),
        ("something_newer", "docs.slack.dev"),
    ],
)
async def test_a_refused_token_is_said_with_its_remedy(slack, code, mending):
    slack.go_wrong("auth.test", Fails(code))
    (words,) = failing(await found(**by_http(slack)))
    assert f"Slack refuses SLACK_BOT_TOKEN: {code}." in words
    assert mending in words


@pytest.mark.parametrize(
    "fault",
    [
        Drop(after=True),
        Status(503),
        Status(200, "<html>"),
        RateLimited("1"),
        Truncated(),
        Status(200, "[]", "application/json"),
        Status(200, '{"ok": true, "team": 5}', "application/json"),
    ],
)
async def test_an_answer_that_is_none_is_said_and_nothing_crashes(slack, fault: Fault):
    slack.go_wrong("auth.test", fault)
    (words,) = failing(await found(**by_http(slack)))
    assert "gives no usable answer" in words


async def test_a_slack_out_of_reach_is_said():
    (words,) = failing(
        await found(**{**REAL, "KEPT_PUBLIC_URL": "http://127.0.0.1:9", "SLACK_API_URL": NOWHERE})
    )
    assert f"{NOWHERE} gives no usable answer" in words


async def test_the_apps_own_secret_is_tried(slack):
    app = {
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": SIGNING,
    }
    app |= {"KEPT_PUBLIC_URL": "http://127.0.0.1:9", "SLACK_API_URL": slack.api_url, "KEPT_SECRET_KEY": KEY}
    findings = await found(**app)
    assert failing(findings) == []
    said = [each.words for each in findings]
    assert said == ["on", "Slack knows the app and its secret", "agrees with Slack's to the minute"]
    (words,) = failing(await found(**{**app, "SLACK_CLIENT_SECRET": "wrong"}))
    assert "bad_client_secret" in words
    slack.clock_off = timedelta(hours=1)
    (words,) = failing(await found(**app))
    assert "seconds behind Slack's" in words


OTHER_KEY = "B" * 43 + "="


@pytest.fixture
def installed(slack, tmp_path) -> Iterator[tuple[Installations, dict[str, str]]]:
    """A store of its own with two workspaces in it, and what Kept is started with."""
    url = f"sqlite:///{tmp_path}/kept.db"
    list(migrate_safely(url))
    engine = open_engine(url)
    ids = count()
    store = Installations(engine, Keyring([Secret(KEY)]), lambda: f"id{next(ids)}")
    for tenant in ("T1", "T2"):
        store.save(grant_to(tenant), utc_now())
    app = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}
    app |= {"SLACK_SIGNING_SECRET": SIGNING, "KEPT_SECRET_KEY": KEY, "KEPT_DATABASE_URL": url}
    yield store, app | {"KEPT_PUBLIC_URL": "http://127.0.0.1:9", "SLACK_API_URL": slack.api_url}
    engine.dispose()


def grant_to(tenant: str, scopes: tuple[str, ...] = names()) -> Grant:
    return Grant(
        tenant=tenant,
        team_id=tenant,
        enterprise_id=None,
        app_id="A1",
        bot_user_id="U1",
        bot_id="B1",
        installed_by="U2",
        scopes=scopes,
        tokens=Tokens(token=Secret("xoxb-canary")),
    )


async def test_the_workspaces_that_installed_kept_are_named(installed):
    store, app = installed
    findings = await found(**app)
    assert failing(findings) == []
    assert findings[-1].words == "installed in T1, T2"
    for tenant in ("T1", "T2"):
        store.uninstall(tenant, utc_now())
    nobody = (await found(**app))[-1]
    assert (nobody.is_fine, nobody.words.split(". ")[0]) == (True, "no workspace has installed Kept yet")
    assert "http://127.0.0.1:9/slack/install" in nobody.words


async def test_a_key_that_does_not_open_the_tokens_is_said(installed):
    _, app = installed
    (words,) = failing(await found(**{**app, "KEPT_SECRET_KEY": OTHER_KEY}))
    assert words.startswith("slack: T1, T2: the token does not open with KEPT_SECRET_KEY")
    assert failing(await found(**{**app, "KEPT_SECRET_KEY": f"{OTHER_KEY},{KEY}"})) == []


async def test_a_workspace_that_granted_less_or_nothing_any_more_is_said(installed):
    store, app = installed
    store.save(grant_to("T1", tuple(set(names()) - {"im:write"})), utc_now())
    store.lapse("T2", utc_now())
    store.save(grant_to("T3"), utc_now())
    store.open_circuit("T3", "invalid_auth", utc_now() + timedelta(minutes=5))
    less, dead = failing(await found(**app))
    assert less.startswith("slack: T1: not granted: im:write.")
    assert dead.startswith("slack: T2, T3: Slack takes the token no more. Install Kept there again")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (
            {"SLACK_SIGNING_SECRET": "not-thirty-two-digits"},
            "slack key: SLACK_SIGNING_SECRET is not 32 hexadecimal digits",
        ),
        ({"KEPT_PUBLIC_URL": ""}, "slack url: KEPT_PUBLIC_URL is not set. Set it, or use Socket Mode"),
        (
            {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET},
            "slack key: KEPT_SECRET_KEY is not set",
        ),
    ],
)
async def test_what_is_missing_is_said_before_slack_is_asked(slack, environ, words):
    assert [each for each in failing(await found(**{**by_http(slack), **environ})) if each.startswith(words)]


async def test_no_secret_is_printed(slack):
    canary = "canarycanarycanary"
    secrets = {
        "SLACK_BOT_TOKEN": f"xoxb-{canary}",
        "SLACK_SIGNING_SECRET": canary,
        "SLACK_APP_TOKEN": f"xapp-{canary}",
    }
    secrets |= {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": canary,
        "KEPT_PUBLIC_URL": "http://127.0.0.1:9",
    }
    findings = await found(**secrets, SLACK_API_URL=slack.api_url)
    assert len(failing(findings)) == 4
    assert canary not in str(findings)
