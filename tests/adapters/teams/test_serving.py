"""`kept serve` with Teams: wired by the composition root, loaded only where it is on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.app import serving_app
from adapters.config import load_settings
from adapters.problems import Trouble
from adapters.teams.insecure import EMULATED
from fake_connector import fake_connector
from teams_login import APP_ID, APP_PASSWORD, FakeLogin, login_server

ROOT = Path(__file__).resolve().parents[3]
TENANT = "a3c5e7f9-1b2d-4f60-8a9c-0d1e2f3a4b5c"
EMULATOR = max(EMULATED)
SECRETS = {"MicrosoftAppId": APP_ID, "MicrosoftAppTenantId": TENANT, "MicrosoftAppPassword": APP_PASSWORD}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def app(engine: Engine, *, insecure_dev: bool = False, **environ: str) -> web.Application:
    return serving_app(load_settings(environ=environ), engine, insecure_dev=insecure_dev)


def with_teams(engine: Engine, login: FakeLogin) -> web.Application:
    urls = {"KEPT_TEAMS_LOGIN_URL": login.login_url, "KEPT_TEAMS_OPENID_URL": login.openid_url}
    return app(engine, **SECRETS, **urls)


def hello(service_url: str) -> dict[str, Any]:
    """A message as Microsoft's emulator sends it."""
    return {
        "type": "message",
        "id": "1763370000001",
        "timestamp": "2026-11-17T09:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "text": "promise help",
        "from": {"id": "29:ana", "name": "Ana", "aadObjectId": "00000000-0000-0000-0000-00000000000a"},
        "recipient": {"id": "28:kept", "name": "Kept"},
        "conversation": {"id": "a:ana", "conversationType": "personal", "tenantId": EMULATOR},
        "channelData": {"tenant": {"id": EMULATOR}},
    }


async def test_teams_is_served_where_its_secrets_are_there(sqlite_engine):
    async with login_server() as login, TestClient(TestServer(with_teams(sqlite_engine, login))) as client:
        assert (await client.post("/api/messages", json=hello("https://smba.invalid/"))).status == 401
        assert (await (await client.get("/readyz")).json())["teams"] == "ok"


async def test_trouble_with_microsofts_login_shows_in_readyz(sqlite_engine):
    async with (
        login_server(password="another") as login,
        TestClient(TestServer(with_teams(sqlite_engine, login))) as client,
    ):
        assert (await (await client.get("/readyz")).json())["teams"] == "not ok"
        assert (await client.get("/livez")).status == 200


@pytest.mark.parametrize("off", ["teams: {enabled: false}", ""])
async def test_teams_is_not_there_where_it_is_off(sqlite_engine, off):
    Path("app.yaml").write_text(off)
    served = app(sqlite_engine, **(SECRETS if off else {}))
    async with TestClient(TestServer(served)) as client:
        assert (await client.post("/api/messages", json={})).status == 404
        assert "teams" not in await (await client.get("/readyz")).json()


async def test_an_emulator_is_answered_without_secrets(sqlite_engine):
    async with fake_connector() as teams:
        teams.rosters["a:ana"] = [
            {
                "id": "29:ana",
                "name": "Ana",
                "aadObjectId": "00000000-0000-0000-0000-00000000000a",
                "tenantId": EMULATOR,
                "userRole": "user",
            }
        ]
        async with TestClient(TestServer(app(sqlite_engine, insecure_dev=True))) as client:
            assert (await client.post("/api/messages", json=hello(teams.service_url))).status == 200
        (answer,) = teams.said("a:ana")
        assert "Kept" in str(answer)
        assert {request.token for request in teams.requests} == {None}


async def test_an_emulator_is_not_answered_where_teams_is_switched_off(sqlite_engine):
    Path("app.yaml").write_text("teams: {enabled: false}")
    async with TestClient(TestServer(app(sqlite_engine, insecure_dev=True))) as client:
        assert (await client.post("/api/messages", json={})).status == 404


def test_a_certificate_that_cannot_sign_is_found_out_at_the_start(sqlite_engine):
    Path("teams.pem").write_text("canary")
    secrets = {**SECRETS, "MicrosoftAppPassword": "", "MicrosoftAppCertificatePath": "teams.pem"}
    with pytest.raises(Trouble, match="no private key in PEM") as caught:
        app(sqlite_engine, **secrets)
    assert "canary" not in str(caught.value)


def test_nobody_is_served_where_nobody_would_be_ours(sqlite_engine):
    secrets = {**SECRETS, "MicrosoftAppTenantId": "", "MicrosoftAppType": "MultiTenant"}
    with pytest.raises(Trouble, match="no tenant is ours"):
        app(sqlite_engine, **secrets)


LOADED = """
import sys
from adapters.app import serving_app
from adapters.config import load_settings
from adapters.db.engine import open_engine
serving_app(load_settings(), open_engine("sqlite:///unused.db"))
print("botbuilder" in sys.modules)
"""


@pytest.mark.parametrize("is_on", [True, False])
def test_microsofts_sdk_is_loaded_only_where_teams_is_on(tmp_path, is_on):
    environ = {"PYTHONPATH": str(ROOT), **(SECRETS if is_on else {})}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(is_on)
