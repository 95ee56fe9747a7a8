"""Whose token it is: every way to be wrong is refused, and none of them is an error of ours."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.teams.keys import Keys
from adapters.teams.tokens import LONGEST, Refused, Tokens
from teams_login import APP_ID, SERVICE_URL, FakeLogin, SigningKey, rsa_key

OTHER_APP = "00000000-0000-0000-0000-000000000001"
EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"  # the SDK's emulator_validation.py
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
async def tokens(login, session, clock) -> AsyncIterator[Tokens]:
    keys = Keys(url=login.openid_url, session=session, monotonic=lambda: clock.now.timestamp())
    yield Tokens(app_id=APP_ID, keys=keys, now=clock)
    await keys.close()


async def admit(tokens: Tokens, authorization: str | None) -> None:
    """To an activity from Teams' usual service URL."""
    shown = await tokens.check(authorization)
    shown.must_fit(service_url=SERVICE_URL, channel_id="msteams")


def segment(content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header: object, payload: object = b"{}", signature: bytes = b"x") -> str:
    return f"Bearer {segment(header)}.{segment(payload)}.{segment(signature)}"


def raw_claims(login: FakeLogin, payload: bytes) -> str:
    """Signed as it stands, whatever it is."""
    return f"Bearer {jwt.PyJWS().encode(payload, login.keys[-1].private, 'RS256', {'kid': 'key-1'})}"


def seconds(login: FakeLogin, by: int) -> int:
    return int(login.now().timestamp()) + by


def claims_of(login: FakeLogin) -> dict[str, object]:
    return jwt.decode(login.token(), options={"verify_signature": False})


def as_secret(login: FakeLogin) -> str:
    """The public key's text as the secret of an HMAC: what a confused library would verify."""
    public = login.keys[-1].private.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    content = by_hand({"alg": "HS256", "kid": "key-1"}, claims_of(login)).removesuffix("." + segment(b"x"))
    return f"{content}.{segment(hmac.digest(secret, content.removeprefix('Bearer ').encode(), 'sha256'))}"


def flipped(login: FakeLogin) -> str:
    content, _, signature = login.bearer().rpartition(".")
    return f"{content}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def another_payload(login: FakeLogin) -> str:
    header, _, signature = login.bearer().split(".")
    return f"{header}.{segment(claims_of(login) | {'exp': seconds(login, 9999)})}.{signature}"


def never(login: FakeLogin) -> str:
    return raw_claims(login, json.dumps(claims_of(login) | {"exp": 0}).replace(": 0", ": 1e400").encode())


def rolled(login: FakeLogin) -> str:
    old = login.keys[-1]
    login.rotate()
    return login.bearer(key=old.private, header={"kid": old.kid})


def jku(login: FakeLogin) -> str:
    header = {"jku": f"{login.url}/evil", "x5u": f"{login.url}/evil", "jwk": login.keys[-1].as_jwk()}
    return login.bearer(key=rsa_key(99), header=header)


def without_kid(login: FakeLogin) -> str:
    return f"Bearer {jwt.encode(claims_of(login), login.keys[-1].private, 'RS256')}"


def unendorsed(login: FakeLogin) -> str:
    login.rotate(endorsements=("webchat",))
    return login.bearer()


REFUSED: dict[str, tuple[str, Callable[[FakeLogin], str | None]]] = {
    "none": ("no_token", lambda login: None),
    "nothing": ("no_bearer", lambda login: ""),
    "a space": ("no_bearer", lambda login: " "),
    "Bearer alone": ("no_bearer", lambda login: "Bearer"),
    "Bearer and a space": ("no_bearer", lambda login: "Bearer "),
    "a word": ("no_bearer", lambda login: "Bearer x"),
    "garbage": ("header", lambda login: "Bearer a.b.c"),
    "two parts": ("no_bearer", lambda login: "Bearer " + login.token().rpartition(".")[0]),
    "four parts": ("no_bearer", lambda login: login.bearer() + ".x"),
    "no signature": ("no_bearer", lambda login: "Bearer " + login.token().rpartition(".")[0] + "."),
    "without a scheme": ("no_bearer", lambda login: login.token()),
    "lower case": ("no_bearer", lambda login: login.bearer().replace("Bearer", "bearer")),
    "another scheme": ("no_bearer", lambda login: login.bearer().replace("Bearer", "Basic")),
    "two spaces": ("no_bearer", lambda login: login.bearer().replace(" ", "  ")),
    "a tab": ("no_bearer", lambda login: login.bearer().replace(" ", "\t")),
    "a line end": ("no_bearer", lambda login: login.bearer() + "\n"),
    "two in one": ("no_bearer", lambda login: f"{login.bearer()}, {login.bearer()}"),
    "not ASCII": ("no_bearer", lambda login: "Bearer é.é.é"),
    "a surrogate": ("no_bearer", lambda login: "Bearer \udcff.b.c"),
    "padded": ("no_bearer", lambda login: login.bearer() + "=="),
    "huge": ("no_bearer", lambda login: login.bearer(pad="x" * LONGEST)),
    "header no JSON": ("header", lambda login: by_hand(b"{")),
    "header a list": ("header", lambda login: by_hand([])),
    "header deep": ("header", lambda login: by_hand(b"[" * 4000)),
    "header a long number": ("header", lambda login: by_hand(b'{"alg": ' + b"9" * 4500 + b"}")),
    "header odd bytes": ("header", lambda login: by_hand(b"\xff\xfe")),
    "empty header": ("algorithm", lambda login: by_hand({})),
    "alg none": ("no_bearer", lambda login: f"Bearer {login.token(key='', algorithm='none')}"),
    "alg none, signed": ("algorithm", lambda login: by_hand({"alg": "none", "kid": "key-1"})),
    "alg NONE": ("algorithm", lambda login: by_hand({"alg": "NONE", "kid": "key-1"})),
    "alg a list": ("algorithm", lambda login: by_hand({"alg": ["RS256"], "kid": "key-1"})),
    "HS256 by the public key": ("algorithm", as_secret),
    "ES256": ("algorithm", lambda login: login.bearer(key=ELLIPTIC, algorithm="ES256")),
    "RS512": ("algorithm", lambda login: login.bearer(algorithm="RS512")),
    "PS256": ("algorithm", lambda login: login.bearer(algorithm="PS256")),
    "signature changed": ("signature", flipped),
    "payload changed": ("signature", another_payload),
    "another's key, our key id": ("signature", lambda login: login.bearer(key=rsa_key(99))),
    "keys of its own": ("signature", jku),
    "a critical extension": ("header", lambda login: login.bearer(header={"crit": ["x"], "x": 1})),
    "unknown key id": ("unknown_key", lambda login: login.bearer(header={"kid": "key-9"})),
    "a path for a key id": ("unknown_key", lambda login: login.bearer(header={"kid": "../../dev/null"})),
    "no key id": ("no_key_id", without_kid),
    "key id a number": ("header", lambda login: by_hand({"alg": "RS256", "kid": 5})),
    "a key that was rolled": ("unknown_key", rolled),
    "no issuer": ("issuer", lambda login: login.bearer(iss=None)),
    "another issuer": ("issuer", lambda login: login.bearer(iss="https://evil.example")),
    "issuer with a slash": ("issuer", lambda login: login.bearer(iss="https://api.botframework.com/")),
    "of the emulator": ("issuer", lambda login: login.bearer(iss=EMULATOR, appid=APP_ID)),
    "of a government cloud": ("issuer", lambda login: login.bearer(iss="https://api.botframework.us")),
    "no audience": ("audience", lambda login: login.bearer(aud=None)),
    "another app": ("audience", lambda login: login.bearer(aud=OTHER_APP)),
    "several apps": ("audience", lambda login: login.bearer(aud=[APP_ID, OTHER_APP])),
    "us in a list": ("audience", lambda login: login.bearer(aud=[APP_ID])),
    "us in capitals": ("audience", lambda login: login.bearer(aud=APP_ID.upper())),
    "no expiry": ("no_exp", lambda login: login.bearer(exp=None)),
    "expiry a text": ("no_exp", lambda login: login.bearer(exp="9999999999")),
    "expiry never": ("no_exp", never),
    "expiry with a fraction": ("no_exp", lambda login: login.bearer(exp=seconds(login, 60) + 0.5)),
    "expired": ("expired", lambda login: login.bearer(exp=seconds(login, -3600))),
    "expired for the skew": ("expired", lambda login: login.bearer(exp=seconds(login, -300))),
    "expired for the skew and a second": ("expired", lambda login: login.bearer(exp=seconds(login, -301))),
    "no not-before": ("no_nbf", lambda login: login.bearer(nbf=None)),
    "not-before true": ("no_nbf", lambda login: login.bearer(nbf=True)),
    "not yet": ("not_yet", lambda login: login.bearer(nbf=seconds(login, 3600))),
    "not yet by the skew and a second": ("not_yet", lambda login: login.bearer(nbf=seconds(login, 301))),
    "no service URL": ("service_url_claim", lambda login: login.bearer(serviceurl=None)),
    "service URL a list": ("service_url_claim", lambda login: login.bearer(serviceurl=[SERVICE_URL])),
    "claims a list": ("claims", lambda login: raw_claims(login, b"[]")),
    "claims no JSON": ("claims", lambda login: raw_claims(login, b"{")),
    "claims deep": ("claims", lambda login: raw_claims(login, b"[" * 4000)),
    "a claim twice": ("claims", lambda login: raw_claims(login, b'{"iss": 1, "iss": 2}')),
    "another service URL": ("service_url", lambda login: login.bearer(serviceurl=f"{SERVICE_URL}x")),
    "service URL without its slash": ("service_url", lambda login: login.bearer(serviceurl=SERVICE_URL[:-1])),
    "not endorsed for Teams": ("endorsement", unendorsed),
}


@pytest.mark.parametrize(("reason", "made"), REFUSED.values(), ids=REFUSED)
async def test_a_token_that_is_wrong_is_refused(tokens, login, reason, made):
    with pytest.raises(Refused) as refused:
        await admit(tokens, made(login))
    assert str(refused.value) == reason
    assert not login.asked("/evil")


TAKEN: dict[str, Callable[[FakeLogin], str]] = {
    "good": lambda login: login.bearer(),
    "expired within the skew": lambda login: login.bearer(exp=seconds(login, -299)),
    "not yet, within the skew": lambda login: login.bearer(nbf=seconds(login, 300)),
    "with more claims": lambda login: login.bearer(iat=1, ver="1.0", tid="t"),
    "with a type": lambda login: login.bearer(header={"typ": "JWT", "x5t": "abc"}),
}


@pytest.mark.parametrize("made", TAKEN.values(), ids=TAKEN)
async def test_a_token_that_is_right_is_taken(tokens, login, made):
    await admit(tokens, made(login))


async def test_the_first_token_of_a_rolled_key_is_taken(tokens, login, clock):
    await tokens.check(login.bearer())
    clock.now = clock.now.replace(minute=2)
    login.rotate()
    assert (await tokens.check(login.bearer())).service_url == SERVICE_URL


@pytest.mark.parametrize("service_url", [None, "", 5, [SERVICE_URL], SERVICE_URL.upper(), SERVICE_URL + " "])
async def test_an_activity_must_name_the_service_url_that_its_token_names(tokens, login, service_url):
    passed = await tokens.check(login.bearer())
    with pytest.raises(Refused, match="service_url"):
        passed.must_fit(service_url=service_url, channel_id="msteams")


@pytest.mark.parametrize("channel_id", [None, "", "MSTEAMS", "directline", ["msteams"], 5])
async def test_a_key_vouches_for_its_own_channels_only(tokens, login, channel_id):
    passed = await tokens.check(login.bearer())
    with pytest.raises(Refused, match="endorsement"):
        passed.must_fit(service_url=SERVICE_URL, channel_id=channel_id)


async def test_without_keys_nobody_is_known(tokens, login):
    login.fail(1)
    with pytest.raises(Refused, match="keys_unavailable"):
        await tokens.check(login.bearer())


async def test_nothing_is_asked_of_the_key_server_for_what_is_no_token(tokens, login):
    for header in (None, "Bearer x", by_hand({"alg": "none", "kid": "key-1"})):
        with pytest.raises(Refused):
            await tokens.check(header)
    assert login.requests == []


def test_there_is_no_check_without_an_app_id(clock):
    with pytest.raises(ValueError, match="app id"):
        Tokens(app_id="", keys=object(), now=clock)


async def test_a_token_found_genuine_before_is_judged_by_time_and_key_all_the_same(tokens, login, clock):
    bearer = login.bearer(exp=seconds(login, 7_000))
    for _ in range(2):
        await admit(tokens, bearer)
    with pytest.raises(Refused, match="signature"):
        await admit(tokens, f"{bearer[:-4]}AAAA")
    login.keys = [SigningKey("key-1", rsa_key(2))]
    clock.advance(timedelta(hours=1, seconds=1))
    with pytest.raises(Refused, match="unknown_key"):  # by then the keys have been fetched again
        await admit(tokens, login.bearer(header={"kid": "key-9"}))
    with pytest.raises(Refused, match="signature"):
        await admit(tokens, bearer)


async def test_a_token_found_genuine_before_ends(tokens, login, clock):
    bearer = login.bearer(exp=seconds(login, 600))
    await admit(tokens, bearer)
    clock.advance(timedelta(seconds=600 + 300))
    with pytest.raises(Refused, match="expired"):
        await admit(tokens, bearer)
