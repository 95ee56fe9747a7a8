"""Teams without authentication: for an emulator on this machine, never where anybody real could be met."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.app import serving_app
from adapters.cli import main
from adapters.config import Settings, load_settings
from adapters.db.unit_of_work import open_uow
from adapters.playground.messages import TENANT as PLAYGROUND
from adapters.problems import Trouble
from adapters.teams.hosts import Hosts
from adapters.teams.insecure import EMULATED, ensure_nobody_real
from adapters.teams.record import ensure_not_parted
from adapters.teams.references import Reference, References
from adapters.teams.whereabouts import Kind
from builders import MONDAY, a_partnership, a_person

APP_ID = "6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10"
TENANT = "a3c5e7f9-1b2d-4f60-8a9c-0d1e2f3a4b5c"
EMULATOR = max(EMULATED)
EMULATORS_OWN = "http://localhost:56150/_connector"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def settings(**environ: str) -> Settings:
    return load_settings(environ=environ)


def refusal(engine: Engine, **environ: str) -> str | None:
    found = settings(**environ)
    try:
        ensure_nobody_real(found.environment, found.teams_tenants, engine)
    except Trouble as trouble:
        return str(trouble)
    return None


def knowing(engine: Engine, *people: Any) -> Engine:
    with open_uow(engine)(None) as uow:
        for person in people:
            uow.people.add(person)
        uow.commit()
    return engine


def speaking(engine: Engine, service_url: str) -> Engine:
    reference = Reference(
        tenant=EMULATOR,
        conversation_id="a:1",
        kind=Kind.PERSONAL,
        host=EMULATOR,
        service_url=service_url,
        bot_id="28:bot",
    )
    References(engine, Hosts(loopback=True)).keep(reference, MONDAY)
    return engine


def test_an_emulator_needs_no_account_and_no_secret(sqlite_engine):
    assert refusal(sqlite_engine) is None


def test_what_an_emulator_left_behind_is_no_hindrance(sqlite_engine):
    knowing(sqlite_engine, a_person("Ana", tenant=EMULATOR), a_person("Ben", tenant=PLAYGROUND))
    speaking(sqlite_engine, EMULATORS_OWN)
    Path("app.yaml").write_text(f"teams: {{our_tenants: [{EMULATOR}]}}")
    assert refusal(sqlite_engine) is None


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"MicrosoftAppPassword": "canary"}, "MicrosoftAppPassword"),
        ({"MicrosoftAppCertificatePath": "canary.pem"}, "MicrosoftAppCertificatePath"),
        ({}, "a real tenant is named"),
    ],
)
def test_a_real_app_is_never_served_without_authentication(sqlite_engine, environ, words):
    said = refusal(sqlite_engine, MicrosoftAppId=APP_ID, MicrosoftAppTenantId=TENANT, **environ)
    assert said is not None
    assert words in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"MicrosoftAppTenantId": TENANT}, "a real tenant is named"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, "a real Slack workspace"),
        ({"SLACK_CLIENT_ID": "1.2"}, "a real Slack workspace"),
    ],
)
def test_whatever_is_real_in_the_environment_forbids_it(sqlite_engine, environ, words):
    assert words in (refusal(sqlite_engine, **environ) or "")


def test_a_tenant_in_the_file_forbids_it(sqlite_engine):
    Path("app.yaml").write_text(f"teams: {{our_tenants: [{TENANT}]}}")
    assert "teams.our_tenants" in (refusal(sqlite_engine) or "")


@pytest.mark.parametrize(("platform", "tenant"), [("slack", "T0123456789"), ("teams", TENANT)])
def test_a_store_with_real_people_is_not_opened_to_whoever_calls(sqlite_engine, platform, tenant):
    knowing(sqlite_engine, a_person("Ana", platform=platform, tenant=tenant))
    assert "people of a real tenant" in (refusal(sqlite_engine) or "")


def test_a_store_that_speaks_in_teams_itself_is_not_either(sqlite_engine):
    speaking(sqlite_engine, "https://smba.trafficmanager.net/emea/")
    assert "conversations in Teams itself" in (refusal(sqlite_engine) or "")


# kept serve --insecure-dev


BAD = {
    "no app id": {"MicrosoftAppPassword": "x"},
    "an empty app id": {"MicrosoftAppId": " ", "MicrosoftAppPassword": "x"},
    "a malformed app id": {"MicrosoftAppId": "my-bot", "MicrosoftAppPassword": "x"},
    "the id of nobody": {"MicrosoftAppId": APP_ID.translate(str.maketrans("123456789abcdef", "0" * 15))},
    "no tenant": {"MicrosoftAppId": APP_ID, "MicrosoftAppPassword": "x"},
    "a tenant's domain": {"MicrosoftAppId": APP_ID, "MicrosoftAppTenantId": "ours.example"},
    "a managed identity": {"MicrosoftAppId": APP_ID, "MicrosoftAppType": "UserAssignedMSI"},
    "http for tokens": {"KEPT_TEAMS_LOGIN_URL": "http://login.example.com"},
    "http for keys": {"KEPT_TEAMS_OPENID_URL": "http://keys.example.com/openid"},
}


@pytest.mark.parametrize("flags", [[], ["--insecure-dev"]], ids=["plain", "insecure"])
@pytest.mark.parametrize("bad", BAD)
def test_kept_does_not_start_on_a_configuration_that_would_let_strangers_in(monkeypatch, capsys, bad, flags):
    for name, value in BAD[bad].items():
        monkeypatch.setenv(name, value)
    assert main(["serve", *flags]) == 1
    said = capsys.readouterr().err.splitlines()
    assert all(line.startswith("kept: ") for line in said)
    assert any(name in line for line in said for name in ("MicrosoftApp", "KEPT_TEAMS"))


def test_a_key_for_teams_that_is_real_ends_an_insecure_start_in_a_line(monkeypatch, capsys):
    for name, value in {
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppTenantId": TENANT,
        "MicrosoftAppPassword": base64.b64encode(b"canary").decode(),
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["serve", "--insecure-dev"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert "for an emulator only" in said


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "kept.example"}, 403),
        ({"Host": "127.0.0.1.nip.example"}, 403),
        ({"Origin": "https://a-page.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_no_web_page_reaches_it_through_a_browser(sqlite_engine, headers, status):
    app = serving_app(settings(), sqlite_engine, insecure_dev=True)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/livez", headers=headers)).status == status


# teams.record


def recording(engine: Engine, tenant: str) -> Engine:
    with open_uow(engine)(None) as uow:
        uow.partnerships.add(a_partnership("Acme", tenant=tenant))
        uow.commit()
    return engine


def test_a_record_of_its_own_is_never_put_out_of_sight(sqlite_engine):
    recording(sqlite_engine, TENANT)
    with pytest.raises(Trouble, match="already keeps a record of its own"):
        ensure_not_parted(sqlite_engine, "T0123456789", frozenset({TENANT}))


def test_a_record_can_be_shared_from_the_start(sqlite_engine):
    recording(sqlite_engine, "T0123456789")
    ensure_not_parted(sqlite_engine, "T0123456789", frozenset({TENANT}))


def test_without_a_shared_record_there_is_nothing_to_part(sqlite_engine):
    ensure_not_parted(recording(sqlite_engine, TENANT), None, frozenset({TENANT}))
