"""How sending ends: every code in its class, nothing said twice, a dead token for its workspace alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.endings import DEFAULT_WAIT_S, LONGEST_WAIT_S, End, of_error, wait_of
from adapters.slack import outcomes
from adapters.slack.marks import Marks
from adapters.slack.outcomes import of_answer
from bot import sweeps
from fake_server import ODD_RETRY_AFTER
from fake_slack import BOT_TOKEN, Drop, Fails, RateLimited, Status, Truncated
from slack_requests import SIGNING_SECRET
from slack_workspace import ANA, BEN, NOOR, SHARED, SUBJECT, TEAM_ROOM, button, said

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
BY_FRIDAY = f"Acme: {SUBJECT} by 2026-11-27 <@{NOOR}>"


def ended(status=200, raw=b'{"ok": true}', **headers):
    return of_answer(status, headers, raw, NOW).end


@pytest.mark.parametrize(
    ("status", "raw", "end"),
    [
        (200, b'{"ok": true, "ts": "1.1"}', End.DONE),
        (200, b'{"ok": "yes"}', End.AMBIGUOUS),
        (200, b"<html>", End.AMBIGUOUS),
        (200, b'{"ok": tr', End.AMBIGUOUS),
        (200, b"[]", End.AMBIGUOUS),
        (200, b"null", End.AMBIGUOUS),
        (200, b"", End.AMBIGUOUS),
        (200, b"[" * 100_000, End.AMBIGUOUS),
        (200, b'{"ok": false}', End.AMBIGUOUS),
        (200, b'{"ok": false, "error": 7}', End.AMBIGUOUS),
        (200, b'{"ok": false, "error": "brand_new_code"}', End.AMBIGUOUS),
        (302, b"", End.AMBIGUOUS),
        (408, b"", End.AMBIGUOUS),
        (429, b"", End.NOT_DONE),
        (500, b"", End.AMBIGUOUS),
        (502, b"", End.AMBIGUOUS),
        (503, b"", End.AMBIGUOUS),
        (504, b"", End.AMBIGUOUS),
    ],
)
def test_an_answer_ends_one_way(status, raw, end):
    assert ended(status, raw) is end


@pytest.mark.parametrize("code", sorted(outcomes._CODES))
def test_every_code_we_know_is_believed(code):
    raw = f'{{"ok": false, "error": "{code}"}}'.encode()
    assert ended(200, raw) is outcomes._CODES[code]


def test_enough_codes_are_known():
    assert len(outcomes._CODES) >= 120
    assert set(Counter(outcomes._CODES.values())) == set(End) - {End.DONE}


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "is_archived",
        "msg_too_long",
        "invalid_blocks",
        "not_in_channel",
        "restricted_action",
    ],
)
def test_what_can_never_be_is_not_tried_again(code):
    assert outcomes._CODES[code] is End.PERMANENT


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "token_expired"])
def test_a_dead_token_is_told_apart(code):
    assert outcomes._CODES[code] is End.AUTH


def test_before_the_connection_stood_nothing_was_done():
    refused = aiohttp.ClientConnectorError.__new__(aiohttp.ClientConnectorError)
    assert of_error(refused).end is End.NOT_DONE
    assert of_error(aiohttp.ConnectionTimeoutError()).end is End.NOT_DONE
    for error in (aiohttp.ServerDisconnectedError(), aiohttp.SocketTimeoutError(), TimeoutError(), OSError()):
        assert of_error(error).end is End.AMBIGUOUS


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("1", 1),
        ("30", 30),
        ("0", 1),
        ("1.5", 1.5),
        ("86400", LONGEST_WAIT_S),
        (None, DEFAULT_WAIT_S),
        ("", DEFAULT_WAIT_S),
        ("-5", DEFAULT_WAIT_S),
        ("soon", DEFAULT_WAIT_S),
        ("nan", DEFAULT_WAIT_S),
        ("१", DEFAULT_WAIT_S),
        ("9" * 40, DEFAULT_WAIT_S),
        ("Mon, 16 Nov 2026 09:01:00 GMT", 60),
        ("Mon, 16 Nov 2026 08:00:00 GMT", DEFAULT_WAIT_S),
        ("Mon, 16 Nov 2026 09:01:00", DEFAULT_WAIT_S),
    ],
)
def test_retry_after_is_heeded_in_every_odd_form(header, wait):
    assert wait_of(header, NOW) == wait


def test_a_mark_is_known_again_and_good_for_one_place_alone():
    marks = Marks([SIGNING_SECRET])
    message = {"metadata": marks.metadata("T1", "p1", "digest:1")}
    assert marks.is_on(message, "T1", "p1", "digest:1")
    for other in (("T2", "p1", "digest:1"), ("T1", "p2", "digest:1"), ("T1", "p1", "digest:2")):
        assert not marks.is_on(message, *other)


@pytest.mark.parametrize("message", [{}, {"metadata": None}, {"metadata": {"event_payload": {"mark": 7}}}])
def test_a_message_without_a_mark_is_not_ours(message):
    assert not Marks([SIGNING_SECRET]).is_on(message, "T1", "p1", "digest:1")


# With a Slack that misbehaves


async def queue_a_message(app):
    """One private message to Noor waits in the outbox."""
    await app.command(ANA, TEAM_ROOM, BY_FRIDAY)
    return lambda: [each for each in app.direct(NOOR) if SUBJECT in said(each)]


async def until_settled(app, minutes=30):
    for _ in range(minutes):
        await app.wait(timedelta(minutes=1))


@pytest.mark.parametrize(
    "fault",
    [
        Drop(after=True),
        Drop(after=False),
        Status(500),
        Status(502, after=True),
        Truncated(),
        Status(200, "<p>"),
    ],
    ids=repr,
)
async def test_a_lost_answer_loses_and_doubles_nothing(app, fault):
    """F20, F21, F23: a direct conversation can be read, so Kept looks before it repeats."""
    found = await queue_a_message(app)
    app.fake.go_wrong("chat.postMessage", fault)
    await app.deliver()
    await until_settled(app)
    assert len(found()) == 1


async def test_in_a_channel_that_cannot_be_read_a_lost_answer_is_asked_at_most_twice(app):
    await app.has_shown()
    posts = len(app.posts(SHARED))
    app.fake.go_wrong("chat.postMessage", *[Drop(after=True)] * 20)
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    await until_settled(app)
    assert len(app.posts(SHARED)) - posts <= 2


@pytest.mark.parametrize("header", ODD_RETRY_AFTER, ids=repr)
async def test_nothing_is_sent_before_the_time_slack_asked_for(app, header):
    found = await queue_a_message(app)
    app.fake.go_wrong("chat.postMessage", RateLimited(header))
    calls = app.fake.seen.count("chat.postMessage")
    await app.deliver()
    assert app.fake.seen.count("chat.postMessage") == calls + 1
    await until_settled(app)
    assert len(found()) == 1


async def test_what_can_never_be_said_is_put_aside_at_once(app):
    found = await queue_a_message(app)
    calls = app.fake.seen.count("chat.postMessage")
    app.fake.go_wrong("chat.postMessage", Fails("msg_too_long"))
    await app.deliver()
    await until_settled(app, 5)
    assert found() == []
    assert app.fake.seen.count("chat.postMessage") == calls + 2  # and a word to whoever looks after it
    assert [each.reason for each in app.read(lambda uow: uow.outbox.dead())] == ["msg_too_long"]


async def test_a_revoked_token_is_tried_no_more_than_three_times(app):
    """F25"""
    for _ in range(5):
        await queue_a_message(app)
    app.fake.tokens[BOT_TOKEN].is_revoked = True
    before = len(app.fake.seen)
    await app.deliver()
    assert len(app.fake.seen) - before <= 3
    assert app.read(lambda uow: uow.outbox.dead()) == []
    app.fake.tokens[BOT_TOKEN].is_revoked = False
    await until_settled(app, 40)
    assert [each for each in app.direct(NOOR) if SUBJECT in said(each)]


async def test_slack_being_away_loses_nothing(app):
    found = await queue_a_message(app)
    there = app.slack.chat.line.desk.api._url
    app.slack.chat.line.desk.api._url = "http://127.0.0.1:9/api/"
    await app.deliver()
    assert found() == []
    app.slack.chat.line.desk.api._url = there
    await until_settled(app, 5)
    assert len(found()) == 1


async def test_a_channel_is_written_to_once_a_second(app):
    await app.has_shown()
    app.slept.clear()
    for number in range(4):
        made = await app.command(ANA, TEAM_ROOM, f"Acme: item {number} by 2026-11-2{number + 3}")
        form = await app.press(ANA, button(made, "promise.share"), TEAM_ROOM)
        await app.submit(ANA, form, {})
    await app.deliver()
    assert sum(app.slept) >= 3


async def test_presses_are_answered_while_the_sender_waits(app, clock):
    """The sender has its own thread: a workspace that is slow to take messages keeps nobody waiting."""
    await queue_a_message(app)
    sending = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait_long(_: float) -> None:
        loop.call_soon_threadsafe(sending.set)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.5), loop).result()

    app.slack.chat.sleep = wait_long
    app.slack.chat._pace.reserve("T0KEPT", "D0U0NOOR", app.slack.chat.monotonic(), at_most=9)
    delivery = asyncio.create_task(asyncio.to_thread(sweeps.settle, app.ports, "worker"))
    await sending.wait()
    assert SUBJECT in said(await app.command(NOOR, TEAM_ROOM, "list"))
    assert not delivery.done()
    await delivery


async def test_an_edit_that_is_lost_is_simply_made_again(app):
    await app.has_shown()
    app.fake.go_wrong("chat.update", Drop(after=True), Status(500))
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    await until_settled(app, 5)
    assert "done" in said(app.card()).lower()


async def test_whoever_looks_after_a_channel_hears_once_a_day_that_it_is_closed(app):
    """F24"""
    for code in ("is_archived", "is_archived", "restricted_action"):
        await app.has_made(f"Acme: {code} by 2026-11-27")
    for number in (1, 2, 3):
        shown = await app.command(ANA, TEAM_ROOM, f"Acme P-{number}")
        form = await app.press(ANA, button(shown, "promise.share"), TEAM_ROOM)
        await app.submit(ANA, form, {})
    app.fake.go_wrong("chat.postMessage", *[Fails("is_archived")] * 3)
    await app.deliver()
    told = [each for each in app.direct(BEN) if "could not speak" in said(each)]
    assert len(told) == 1
    assert "#acme-shared" in said(told[0])
    await app.wait(timedelta(days=1))
    assert [each.reason for each in app.read(lambda uow: uow.outbox.dead())] == ["is_archived"] * 3


async def test_a_person_who_cannot_be_reached_is_told_of_to_their_lead_alone(app):
    """L16"""
    await app.has_made()
    app.fake.go_wrong("chat.postMessage", Fails("messages_tab_disabled"))
    shared, team = len(app.posts(SHARED)), len(app.posts(TEAM_ROOM))
    await app.wait(timedelta(days=8, hours=2))
    assert "could not reach Ana" in said(app.direct(BEN))
    assert SUBJECT not in said([each for each in app.direct(BEN) if "could not reach" in said(each)])
    assert (len(app.posts(SHARED)), len(app.posts(TEAM_ROOM))) == (shared, team)
