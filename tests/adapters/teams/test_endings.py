"""Every status Teams documents in its class, whatever the body says."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapters.endings import DEFAULT_WAIT_S, LONGEST_WAIT_S, End
from adapters.teams.endings import of_answer
from fake_connector import BLOCKED
from fake_server import ODD_RETRY_AFTER

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def ended(status, raw=b"", **headers):
    return of_answer(status, headers, raw if isinstance(raw, bytes) else json.dumps(raw).encode(), NOW)


def error(code):
    return {"error": {"code": code, "message": "No."}}


# learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability, "Status codes"
DOCUMENTED = [
    (400, "BadArgument", End.PERMANENT),
    (401, "BotNotRegistered", End.AUTH),
    (403, "BotDisabledByAdmin", End.PERMANENT),
    (403, "BotNotInConversationRoster", End.PERMANENT),
    (403, "ConversationBlockedByUser", End.PERMANENT),
    (403, "ForbiddenOperationException", End.PERMANENT),
    (403, "InvalidBotApiHost", End.PERMANENT),
    (403, "NotEnoughPermissions", End.PERMANENT),
    (404, "ActivityNotFoundInConversation", End.PERMANENT),
    (404, "ConversationNotFound", End.PERMANENT),
    (412, "PreconditionFailed", End.NOT_DONE),
    (413, "MessageSizeTooBig", End.PERMANENT),
    (429, "Throttled", End.NOT_DONE),
    (500, "ServiceError", End.AMBIGUOUS),
    (502, "ServiceError", End.AMBIGUOUS),
]


@pytest.mark.parametrize(("status", "code", "end"), DOCUMENTED)
def test_what_is_documented_ends_as_documented(status, code, end):
    ending = ended(status, error(code))
    assert (ending.end, ending.code) == (end, code)


@pytest.mark.parametrize("status", sorted({status for status, *_ in DOCUMENTED}))
@pytest.mark.parametrize(
    "raw",
    [b"", b"<html>", b"null", b"[]", b'{"error": 7}', b'{"error": {"code": 7}}', b'{"error"', b"[" * 100_000],
)
def test_the_status_counts_whatever_the_body_is(status, raw):
    expected = next(end for known, _, end in DOCUMENTED if known == status)
    ending = ended(status, raw)
    assert (ending.end, ending.code) == (expected, f"http_{status}")


@pytest.mark.parametrize("status", [204, 200, 201, 202])
def test_what_was_done_may_have_no_body(status):
    assert (ended(status).end, ended(status).body) == (End.DONE, {})


@pytest.mark.parametrize("raw", [b"<html>", b'{"id": "1', b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_success_that_cannot_be_read_may_be_none(raw):
    assert ended(200, raw).end is End.AMBIGUOUS


@pytest.mark.parametrize("status", [302, 307, 408, 409, 418, 499, 500, 503, 504, 599])
def test_what_nobody_has_told_us_about_may_mean_anything(status):
    assert ended(status).end is End.AMBIGUOUS


@pytest.mark.parametrize(
    "body",
    [
        BLOCKED,
        error("MessageWritesBlocked"),
        {"error": "MessageWritesBlocked"},
        {"errorCode": 209, "message": "not JSON"},
        {"errorCode": 209},
    ],
)
def test_a_blocked_bot_is_known_however_teams_says_so(body):
    ending = ended(403, body)
    assert (ending.end, ending.code) == (End.PERMANENT, "MessageWritesBlocked")


@pytest.mark.parametrize("code", ["", "a b", "x" * 81, "<script>", "ключ", 7, None, ["A"], {"code": "A"}])
def test_a_code_that_is_none_goes_nowhere(code):
    assert ended(403, error(code)).code == "http_403"


@pytest.mark.parametrize("header", ODD_RETRY_AFTER)
def test_every_odd_retry_after_is_a_wait_within_bounds(header):
    headers = {} if header is None else {"Retry-After": header}
    ending = of_answer(429, headers, b"", NOW)
    assert ending.end is End.NOT_DONE
    assert 1 <= ending.wait_s <= LONGEST_WAIT_S


@pytest.mark.parametrize(("header", "wait"), [("7", 7), ("86400", LONGEST_WAIT_S), ("soon", DEFAULT_WAIT_S)])
def test_a_wait_is_as_long_as_teams_asks(header, wait):
    assert ended(429, **{"Retry-After": header}).wait_s == wait
