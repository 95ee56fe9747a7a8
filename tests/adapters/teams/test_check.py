"""`kept check` on a connection to Teams: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from adapters.checks import check
from adapters.clock import utc_now
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.finding import Finding
from builders import a_partnership
from fake_server import on_loopback
from teams_login import APP_ID, APP_PASSWORD, FakeLogin, login_server, rsa_key

TENANT = "a3c5e7f9-1b2d-4f60-8a9c-0d1e2f3a4b5c"
NOWHERE = "http://127.0.0.1:9"
SUBJECTS = ("teams", "teams api", "teams key", "teams url", "clock")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def login() -> AsyncIterator[FakeLogin]:
    async with login_server() as fake:
        yield fake


async def found(login: FakeLogin, **changes: str) -> list[Finding]:
    """Beside the loop of the fake, as the command runs in a process of its own."""
    environ = {
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppTenantId": TENANT,
        "MicrosoftAppPassword": APP_PASSWORD,
        "KEPT_PUBLIC_URL": "http://127.0.0.1:8765",
        "KEPT_TEAMS_LOGIN_URL": login.login_url,
        "KEPT_TEAMS_OPENID_URL": login.openid_url,
    }
    findings = await asyncio.to_thread(check, Path("app.yaml"), environ | changes)
    return [each for each in findings if each.subject in SUBJECTS or each.subject == "settings"]


def failing(findings: list[Finding]) -> list[str]:
    return [f"{each.subject}: {each.words}" for each in findings if not each.is_fine]


def refusal(error: str, *codes: int, status: int = 401) -> web.Response:
    body = {"error": error, "error_description": "canary: tenant and app by name", "error_codes": [*codes]}
    return web.json_response(body, status=status)


async def test_a_sound_connection_is_said_to_be_sound(login):
    findings = await found(login)
    assert failing(findings) == []
    assert [each.words for each in findings if each.subject != "settings"] == [
        "on",
        "the login service knows the app and its secret",
        "Microsoft's keys can be read",
        "agrees with Microsoft's to the minute",
    ]
    assert login.requests[0].path == f"/{TENANT}/oauth2/v2.0/token"


async def test_an_app_for_many_tenants_signs_in_where_such_apps_do(login):
    assert failing(await found(login, MicrosoftAppType="MultiTenant")) == []
    assert login.requests[0].path == "/botframework.com/oauth2/v2.0/token"


async def test_without_a_tenant_of_ours_everybody_would_be_outside(login):
    (words,) = failing(await found(login, MicrosoftAppType="MultiTenant", MicrosoftAppTenantId=""))
    assert "everybody counts as outside. Set MicrosoftAppTenantId." in words


@pytest.mark.parametrize(
    ("error", "code", "mending"),
    [
        ("invalid_client", 7000215, "Copy its Value, not its Secret ID"),
        ("invalid_client", 7000222, "The secret has ended"),
        ("unauthorized_client", 700016, "It does not know the app in this tenant"),
        ("invalid_request", 90002, "There is no such tenant"),
        ("invalid_request", 900023, "no tenant's id"),
        ("invalid_client", 7000229, "az ad sp create"),
        ("unauthorized_client", 7000112, "The app is disabled"),
        ("invalid_client", 700027, "Upload it under Certificates"),
        ("invalid_client", 700024, "The clock is wrong"),
        ("invalid_client", 999999, "error explains the code"),
    ],
)
async def test_what_the_login_service_refuses_is_said_with_its_remedy(login, error, code, mending):
    login.instead.append(refusal(error, code))
    (words,) = failing(await found(login))
    assert f"the login service refuses the app: {error} AADSTS{code}." in words
    assert mending in words
    assert "canary" not in words


async def test_a_refusal_without_a_number_is_said_as_well(login):
    login.instead.append(refusal("invalid_client"))
    (words,) = failing(await found(login))
    assert "refuses the app: invalid_client. Check the app's ids and secret" in words


@pytest.mark.parametrize(
    "answer", [(503, "upstream"), (200, "<html>"), (200, "[]"), (200, "{}"), (302, ""), (400, '{"error": 7}')]
)
async def test_an_answer_that_is_none_is_said_and_nothing_crashes(login, answer):
    status, text = answer
    login.instead.append(web.Response(status=status, text=text))
    (words,) = failing(await found(login))
    assert f"{login.login_url} gives no usable answer" in words
    assert "KEPT_TEAMS_LOGIN_URL" in words


async def test_a_login_service_out_of_reach_is_said(login):
    (words,) = failing(await found(login, KEPT_TEAMS_LOGIN_URL=NOWHERE))
    assert f"{NOWHERE} gives no usable answer" in words


@pytest.mark.parametrize("metadata", [{"jwks_uri": "https://keys.example/keys"}, {"jwks_uri": None}])
async def test_keys_that_cannot_be_read_are_said(login, metadata):
    login.metadata = metadata
    (words,) = failing(await found(login))
    assert f"{login.openid_url} gives no keys to know Teams by" in words


async def test_a_key_server_out_of_reach_is_said_and_the_clock_is_not_judged(login):
    findings = await found(login, KEPT_TEAMS_OPENID_URL=f"{NOWHERE}/openid")
    (words,) = failing(findings)
    assert f"{NOWHERE}/openid gives no keys" in words
    assert "clock" not in {each.subject for each in findings}


@pytest.mark.parametrize(("hours", "direction"), [(1, "ahead of"), (-1, "behind")])
async def test_a_wrong_clock_is_said_with_its_direction(login, hours, direction):
    async def answer(_: web.Request) -> web.Response:
        there = format_datetime(utc_now() - timedelta(hours=hours))
        return web.json_response({}, headers={"Date": there})

    async with on_loopback(answer) as url:
        said = failing(await found(login, KEPT_TEAMS_OPENID_URL=f"{url}/openid"))
    assert [
        words for words in said if f"seconds {direction} Microsoft's; from 300 on" in words and "NTP" in words
    ]


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"KEPT_PUBLIC_URL": ""}, "teams url: KEPT_PUBLIC_URL is not set"),
        ({"MicrosoftAppId": ""}, "settings: MicrosoftAppId: found nothing"),
        ({"MicrosoftAppId": "kept"}, "settings: MicrosoftAppId: found something else"),
        ({"MicrosoftAppTenantId": ""}, "settings: MicrosoftAppTenantId: found nothing"),
        ({"MicrosoftAppPassword": ""}, "teams: off: neither MicrosoftAppPassword nor"),
    ],
)
async def test_what_is_missing_is_said(login, environ, words):
    assert [each for each in failing(await found(login, **environ)) if each.startswith(words)]


async def test_a_public_address_without_tls_is_refused_where_teams_is_the_real_one(login):
    environ = {"KEPT_PUBLIC_URL": "http://127.0.0.1:8765", "KEPT_TEAMS_LOGIN_URL": "https://login.invalid"}
    said = failing(await found(login, **environ))
    assert "teams url: KEPT_PUBLIC_URL is http. Teams sends to https addresses only." in said


async def test_the_public_address_is_looked_at(login):
    said = failing(await found(login, KEPT_PUBLIC_URL="https://kept.invalid"))
    assert said == ["teams url: https://kept.invalid: there is no such host. Check KEPT_PUBLIC_URL."]


async def test_no_secret_is_printed(login, capsys):
    findings = await found(login, MicrosoftAppPassword="canary~canary")
    assert len(failing(findings)) == 1
    assert "canary" not in f"{findings}{capsys.readouterr()}"


# A certificate in place of the secret


def pem(ends_at: datetime, *, key: object = None, locked: bool = False) -> bytes:
    signer = rsa_key(1)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kept")])
    certificate = (
        x509.CertificateBuilder(name, name, signer.public_key(), 1)
        .not_valid_before(ends_at - timedelta(days=365))
        .not_valid_after(ends_at)
        .sign(signer, SHA256())
    )
    lock = BestAvailableEncryption(b"canary") if locked else NoEncryption()
    private = (key or signer).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)  # type: ignore[attr-defined]
    return private + certificate.public_bytes(Encoding.PEM)


async def with_certificate(login: FakeLogin, content: bytes | None) -> list[Finding]:
    path = Path("teams.pem")
    if content is not None:
        path.write_bytes(content)
    secrets = {"MicrosoftAppPassword": "", "MicrosoftAppCertificatePath": str(path)}
    return [each for each in await found(login, **secrets) if each.subject in ("teams key", "teams api")]


async def test_a_certificate_is_tried_and_its_end_is_said(login):
    ends_at = utc_now() + timedelta(days=200)
    findings = await with_certificate(login, pem(ends_at))
    assert failing(findings) == []
    assert [each.words for each in findings][:2] == [
        f"the certificate ends on {ends_at:%Y-%m-%d}",
        "the login service knows the app and its certificate",
    ]
    assert "client_assertion" in login.requests[0].fields


async def test_a_certificate_that_ends_soon_is_fine_and_said(login):
    findings = await with_certificate(login, pem(utc_now() + timedelta(days=29)))
    assert failing(findings) == []
    assert "Make a new one" in findings[0].words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file or directory. Name a file"),
        (b"", "no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key in PEM"),
        (pem(utc_now(), locked=True), "that is not encrypted"),
        (pem(utc_now(), key=new_ec_key(SECP256R1())), "not RSA"),
        (pem(utc_now(), key=rsa_key(2)), "no certificate that belongs to the private key"),
        (pem(utc_now() - timedelta(days=1)), "the certificate ended on"),
    ],
)
async def test_a_certificate_that_cannot_serve_is_said_and_not_tried(login, content, words):
    (said,) = failing(await with_certificate(login, content))
    assert said.startswith("teams key: ")
    assert words in said
    assert not any(taken.path.endswith("/token") for taken in login.requests)


async def test_a_certificate_without_its_key_is_said(login):
    content = pem(utc_now() + timedelta(days=9)).partition(b"-----BEGIN CERTIFICATE")
    (said,) = failing(await with_certificate(login, content[1] + content[2]))
    assert "no private key in PEM" in said


# The record


async def test_a_record_of_its_own_beside_a_shared_one_is_said(login):
    migrate("sqlite:///kept.db")
    engine = open_engine("sqlite:///kept.db")
    with open_uow(engine)(None) as uow:
        uow.partnerships.add(a_partnership("Acme", tenant=TENANT))
        uow.commit()
    engine.dispose()
    assert failing(await found(login)) == []
    Path("app.yaml").write_text("teams: {record: T0123456789}")
    (words,) = failing(await found(login))
    assert words.startswith("teams: teams.record in app.yaml is T0123456789, but Teams already keeps")
