"""One token for all who wait, fetched in time, and neither it nor the secret told to anybody else."""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from adapters.redaction import Secret
from adapters.teams.certificate import Certificate, Unreadable
from adapters.teams.login import EARLY, FAILED_FOR, SETTLED, Login, LoginFailed
from teams_login import APP_ID, APP_PASSWORD, TOKEN_LIFE, rsa_key

TENANT = "5e0c1a52-0000-4000-8000-000000000001"
PATH = f"/{TENANT}/oauth2/v2.0/token"


@pytest.fixture
def kept(login, session, clock):
    """Kept's own side of the login."""

    def made(**how):
        given = {"secret": Secret(APP_PASSWORD), "certificate": None, "tenant_id": TENANT, **how}
        return Login(app_id=APP_ID, login_url=login.login_url, session=session, now=clock, **given)

    return made


def pem(key, *, signed_by=None, encryption=None):
    """The key and a certificate for it."""
    encryption = encryption or NoEncryption()
    return certificate(signed_by or key) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kept")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(begin).not_valid_after(begin + timedelta(days=700))
    return built.sign(key, SHA256()).public_bytes(Encoding.PEM)


async def refusal(login):
    with pytest.raises(LoginFailed) as failed:
        await login.token()
    return failed.value


async def test_the_secret_buys_a_token_for_the_connector(kept, login):
    assert await kept().token() == login.issued[0]
    asked = login.requests[0]
    assert asked.path == PATH
    assert asked.fields == {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": APP_PASSWORD,
        "scope": "https://api.botframework.com/.default",
    }


async def test_an_app_for_many_tenants_asks_where_all_bots_are_known(kept, login):
    await kept(tenant_id=None).token()
    assert login.requests[0].path == "/botframework.com/oauth2/v2.0/token"


async def test_a_hundred_at_once_ask_once(kept, login):
    kept = kept()
    assert {*await asyncio.gather(*(kept.token() for _ in range(100)))} == {login.issued[0]}
    assert len(login.requests) == 1


async def test_a_token_serves_until_shortly_before_its_end(kept, login, clock):
    kept = kept()
    await kept.token()
    clock.advance(TOKEN_LIFE - EARLY - timedelta(seconds=1))
    assert await kept.token() == login.issued[0]
    assert len(login.requests) == 1


async def test_an_expired_token_is_never_used(kept, login, clock):
    kept = kept()
    await kept.token()
    clock.advance(TOKEN_LIFE)
    assert await kept.token() == login.issued[1] != login.issued[0]


async def test_nobody_waits_for_the_next_token_while_this_one_will_do(kept, login, clock):
    kept = kept()
    await kept.token()
    clock.advance(TOKEN_LIFE - EARLY)
    login.slow(math.inf)
    assert [await kept.token() for _ in range(10)] == [login.issued[0]] * 10
    login.slow(0)
    clock.advance(EARLY)
    assert await kept.token() == login.issued[1]
    assert len(login.requests) == 2


async def test_a_login_that_fails_for_a_while_costs_nothing_while_the_token_lasts(kept, login, clock):
    kept = kept()
    await kept.token()
    clock.advance(TOKEN_LIFE - EARLY)
    login.fail(1)
    for _ in range(3):
        assert await kept.token() == login.issued[0]
        await asyncio.sleep(0)


async def test_a_slow_login_leaves_the_loop_to_others(kept, login):
    login.slow(math.inf)
    waiting = [asyncio.create_task(kept().token()) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=0.05)
    assert not done
    login.slow(0)
    assert set(await asyncio.gather(*waiting)) == set(login.issued)


async def test_who_gives_up_does_not_take_the_token_from_the_others(kept, login):
    login.slow(math.inf)
    kept = kept()
    impatient, patient = (asyncio.create_task(kept.token()) for _ in range(2))
    await asyncio.wait([impatient], timeout=0.02)
    impatient.cancel()
    login.slow(0)
    assert await patient == login.issued[0]
    assert len(login.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_login_that_is_down_is_not_asked_again_at_once(kept, login, clock, status):
    kept = kept()
    login.fail(1, status)
    failures = await asyncio.gather(*(kept.token() for _ in range(100)), return_exceptions=True)
    assert {(type(each), each.reason, each.permanent) for each in failures} == {
        (LoginFailed, f"http_{status}", False)
    }
    clock.advance(FAILED_FOR - timedelta(seconds=1))
    await refusal(kept)
    assert len(login.requests) == 1
    clock.advance(timedelta(seconds=1))
    assert await kept.token() == login.issued[0]


async def test_a_wrong_secret_is_wrong_for_good_and_said_by_code(kept, login):
    failed = await refusal(kept(secret=Secret("not~the.secret")))
    assert (failed.reason, failed.permanent) == ("invalid_client AADSTS7000215", True)


async def test_nobody_there_is_a_passing_trouble(kept, session, clock):
    alone = Login(
        app_id=APP_ID,
        tenant_id=TENANT,
        secret=Secret(APP_PASSWORD),
        certificate=None,
        login_url="http://127.0.0.1:9",
        session=session,
        now=clock,
    )
    failed = await refusal(alone)
    assert (failed.reason, failed.permanent) == ("ClientConnectorError", False)


GOOD = {"token_type": "Bearer", "expires_in": 3600, "access_token": "good"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "http_200"),
        ("no JSON", "http_200"),
        ({**GOOD, "access_token": ""}, "unreadable_token"),
        ({**GOOD, "access_token": 7}, "unreadable_token"),
        ({**GOOD, "access_token": "two\r\nlines: of a header"}, "unreadable_token"),
        ({**GOOD, "access_token": "x" * 20_000}, "unreadable_token"),
        ({**GOOD, "access_token": "x" * 200_000}, "http_200"),
        ({**GOOD, "expires_in": None}, "unreadable_token"),
        ({**GOOD, "expires_in": -1}, "unreadable_token"),
        ({**GOOD, "expires_in": True}, "unreadable_token"),
        ({**GOOD, "expires_in": "soon"}, "unreadable_token"),
        ({**GOOD, "expires_in": 0}, "expired"),
    ],
)
async def test_an_odd_answer_is_no_token(kept, login, body, reason):
    login.instead.append(web.Response(text=body) if isinstance(body, str) else web.json_response(body))
    failed = await refusal(kept())
    assert (failed.reason, failed.permanent) == (reason, False)


@pytest.mark.parametrize("life", [600, "600", 10**8])
async def test_a_life_may_be_a_number_or_text_and_is_at_most_a_day(kept, login, clock, life):
    login.instead.append(web.json_response({**GOOD, "expires_in": life}))
    kept = kept()
    assert await kept.token() == "good"
    clock.advance(timedelta(days=1))
    assert await kept.token() == login.issued[0]


async def test_the_login_is_not_followed_elsewhere(kept, login):
    login.instead.append(web.Response(status=307, headers={"Location": f"{login.url}{PATH}"}))
    await refusal(kept())
    assert len(login.requests) == 1


async def test_a_token_the_connector_refused_is_replaced_but_not_at_every_refusal(kept, login, clock):
    kept = kept()
    token = await kept.token()
    kept.forget(token)
    assert await kept.token() == token
    clock.advance(SETTLED)
    kept.forget("another")
    assert await kept.token() == token
    kept.forget(token)
    assert await kept.token() == login.issued[1]


# By certificate


async def test_a_certificate_buys_a_token_with_no_secret_on_the_way(kept, login, clock):
    key = rsa_key(50)
    assert await kept(certificate=pem(key)).token() == login.issued[0]
    form = login.requests[0].fields
    assert "client_secret" not in form
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    url = f"{login.login_url}{PATH}"
    claims = jwt.decode(
        form["client_assertion"],
        key.public_key(),
        algorithms=["PS256"],
        audience=url,
        issuer=APP_ID,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    now = int(clock().timestamp())
    assert (claims["sub"], claims["nbf"], claims["exp"]) == (APP_ID, now, now + 600)
    print_of = x509.load_pem_x509_certificate(certificate(key)).fingerprint(SHA256())
    header = jwt.get_unverified_header(form["client_assertion"])
    assert jwt.utils.base64url_decode(header["x5t#S256"]) == print_of


def test_no_two_assertions_are_the_same():
    signer = Certificate(pem(rsa_key(50)))
    said = {"app_id": APP_ID, "audience": "https://login.example", "now": datetime(2026, 11, 16, tzinfo=UTC)}
    assert signer.assertion(**said) != signer.assertion(**said)


def test_of_a_chain_the_keys_own_certificate_counts():
    key = rsa_key(50)
    chain = certificate(rsa_key(51)) + pem(key)
    assert Certificate(chain).expires_at == Certificate(pem(key)).expires_at


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"", "private key"),
        (lambda: b"\x00\xff", "private key"),
        (lambda: certificate(rsa_key(50)), "private key"),
        (lambda: pem(rsa_key(50), encryption=BestAvailableEncryption(b"word")), "not encrypted"),
        (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "RSA"),
        (lambda: pem(rsa_key(50)).partition(b"-----END CERTIFICATE-----\n")[2], "certificate"),
        (lambda: pem(rsa_key(50), signed_by=rsa_key(51)), "belongs"),
    ],
    ids=["empty", "noise", "no key", "encrypted", "not RSA", "no certificate", "another's certificate"],
)
def test_a_certificate_that_will_not_do_is_refused_at_the_start(content, reason):
    with pytest.raises(Unreadable, match=reason):
        Certificate(content())


# What nobody is told


async def test_neither_secret_nor_token_is_in_a_log_an_error_or_a_repr(kept, caplog):
    caplog.set_level(logging.DEBUG)
    good, wrong = kept(), kept(secret=Secret("not~the.secret"))
    token = await good.token()
    failed = await refusal(wrong)
    told = [caplog.text, repr(failed), repr(good), repr(vars(good)), repr(vars(wrong))]
    told += [str(vars(record)) for record in caplog.records]
    assert any("invalid_client" in text for text in told)
    for hidden in (APP_PASSWORD, "not~the.secret", token):
        assert not any(hidden in text for text in told)
