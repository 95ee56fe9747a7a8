from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sqlite3
from urllib.parse import parse_qsl, unquote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.logs import FIELDS, JsonLines, configure, correlated
from adapters.redaction import holds_secret, redact, redact_body

CANARIES = {
    "bot token": "xoxb-2345678901-canarycanary",
    "user token": "xoxp-2345678901-canarycanary",
    "rotated token": "xoxe.xoxb-1-canarycanarycanary",
    "refresh token": "xoxe-1-canarycanarycanary",
    "app token": "xapp-1-A0B1C2-345-canarycanary",
    "response url": "https://hooks.slack.com/commands/T0/123/canary",
    "signing secret": "0123456789abcdef0123456789abcdef",
    "request signature": "v0=" + "0123456789abcdef" * 4,
    "web token": "eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOjF9.canary",
    "bearer": "Bearer canary-canary-canary",
    "client secret": "abc8Q~" + "canary" * 5 + "abcd",
    "database password": "postgresql+psycopg://kept:canary@db/kept",
    "our key": "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5MTI=",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----",
    "named": 'client_secret="canary"',
}


@pytest.fixture
def logged():
    stream = io.StringIO()
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("adapters", "bot", "commitments")]
    before = root.handlers[:], root.level, [each.level for each in ours]
    configure("DEBUG", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[0], before[1]
    for each, level in zip(ours, before[2], strict=True):
        each.setLevel(level)


@pytest.fixture
def log():
    return logging.getLogger("adapters.delivering")


@pytest.mark.parametrize("shape", CANARIES)
def test_a_secret_of_any_shape_is_hidden(shape):
    hidden = redact(f"before {CANARIES[shape]} after")
    assert holds_secret(CANARIES[shape])
    assert "canary" not in hidden
    assert "0123456789" not in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")


@pytest.mark.parametrize("shape", CANARIES)
def test_a_secret_reaches_no_log_by_any_way(logged, log, shape):
    secret = CANARIES[shape]
    log.info("sent " + secret)
    log.info("sent %s", secret)
    log.info("sent", extra={"reason": secret, "promise": secret + " ", "secret": secret})
    logging.getLogger("slack_bolt").warning("body: %s", secret)
    logging.getLogger("slack_bolt").warning("body: " + secret)
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("failed")
    text = json.dumps(logged())
    assert len(logged()) == 6
    assert "canary" not in text
    assert "0123456789" not in text


@pytest.mark.parametrize(
    "plain", ["on time at 17:00", "https://docs.slack.dev/apis", "P-12", "a/b=c", "sqlite:///kept.db"]
)
def test_plain_words_are_left_alone(plain):
    assert redact(plain) == plain


@pytest.mark.parametrize(
    "said",
    [
        '"token": "canary"',
        r"{\"token\": \"canary\"}",
        '"tokens": ["canary"]',
        "api_key=[canary]",
        "password: (canary[{x",
        r"secret='can\ary'",
        r"secret='x\\\\canary'",
        r"secret=\\\\\canary",
    ],
)
def test_what_is_named_a_secret_is_hidden_however_it_is_quoted(said):
    assert not {"canary", "ary"} & set(re.findall(r"\w+", redact(said)))


def test_a_name_that_holds_a_list_or_an_object_hides_neither():
    event = '{"authorizations": [{"team_id": "T1"}], "token_scopes": {"bot": ["chat:write"]}}'
    assert redact(event) == event


an_object = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["token", "authorizations", "a"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@given(an_object)
def test_a_body_of_json_is_json_afterwards_and_can_be_stored(value):
    hidden = redact_body(json.dumps(value))
    json.loads(hidden)
    hidden.encode()


def test_a_form_is_a_form_afterwards_without_its_secrets():
    payload = {"token": "canary", "authorizations": [{"team_id": "T1"}], "url": CANARIES["response url"]}
    fields = {"payload": json.dumps(payload), "token": "canary", "text": "a=b&c", "secrets": ""}
    hidden = dict(parse_qsl(redact_body(urlencode(fields)), keep_blank_values=True))
    assert json.loads(hidden["payload"]) == {**payload, "token": "***", "url": "***"}
    assert (hidden["token"], hidden["text"]) == ("***", "a=b&c")


@pytest.mark.parametrize("shape", CANARIES)
def test_a_secret_of_any_shape_is_hidden_in_any_body(shape):
    secret = CANARIES[shape]
    named = {"x": [secret], secret: 1, "token": ["canary"], "password": 7}
    for body in (json.dumps(named), urlencode({"payload": json.dumps(named), "text": secret}), secret):
        hidden = unquote_plus(redact_body(body))
        assert "canary" not in hidden
        assert "0123456789" not in hidden


def test_hiding_takes_linear_time():
    for hostile in (
        "a" * 200_000,
        "a." * 100_000,
        "://" * 60_000,
        "eyJ" * 60_000,
        "token" * 40_000,
        "x:@" * 60_000,
        "token=" + "\\" * 200_000,
        "[" * 200_000,
        "a=&" * 60_000,
    ):
        assert len(redact(hostile)) <= len(hostile)
        assert len(redact_body(hostile)) <= len(hostile)


def test_what_people_wrote_is_never_logged(logged, log):
    words = "send Acme the SOC 2 report"
    log.info(
        "promise %s made", words, extra={"promise": "a" * 32, "reason": words, "title": words, "ms": 1.5}
    )
    (line,) = logged()
    assert line["said"] == "promise %s made"
    assert line["promise"] == "a" * 32
    assert line["reason"] == "(withheld)"
    assert line["ms"] == 1.5
    assert "title" not in line
    assert "SOC" not in json.dumps(line)


def test_our_own_ids_are_not_taken_for_secrets(logged, log):
    log.info("queued", extra={"intent": f"nudge:{'a1' * 16}:decide", "promise": "b2" * 16, "kind": "c3" * 16})
    (line,) = logged()
    assert line["intent"] == f"nudge:{'a1' * 16}:decide"
    assert line["promise"] == "b2" * 16
    assert line["kind"] == "***"


def test_a_library_is_heard_from_warnings_on_and_only_where_it_spoke(logged):
    library = logging.getLogger("aiohttp.server")
    library.info("hello")
    library.warning("request by %s", "Carla")
    (line,) = logged()
    assert line["said"].startswith("(a library's words are not logged) test_logs:")


def test_an_error_is_told_by_type_code_and_place_and_not_by_its_text(logged, log):
    try:
        sqlite3.connect("/nowhere/kept.db")
    except sqlite3.OperationalError as cause:
        try:
            raise ValueError("Carla wrote this") from cause
        except ValueError:
            log.exception("not delivered")
    (line,) = logged()
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["because"] == "OperationalError SQLITE_CANTOPEN"
    assert line["error"]["frames"][-1].startswith("test_logs.py:")
    assert "Carla" not in json.dumps(line)


def test_lines_of_one_turn_bear_one_key_also_in_threads(logged, log):
    async def turn():
        with correlated() as key:
            await asyncio.to_thread(log.info, "inside")
        return key

    key = asyncio.run(turn())
    log.info("outside")
    inside, outside = logged()
    assert inside["turn"] == key
    assert "turn" not in outside


@given(st.text(max_size=300))
def test_one_record_is_one_line_that_parses_whatever_is_in_it(text):
    record = logging.LogRecord("adapters", logging.INFO, "x.py", 1, text, None, None)
    record.__dict__.update(dict.fromkeys(FIELDS, text))
    line = JsonLines().format(record)
    assert json.loads(line)["level"] == "info"
    assert line.isascii()
    assert line.isprintable()
