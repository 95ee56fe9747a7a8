"""Each call ends one way, and the token goes to nobody but a listed host."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from adapters.endings import LONGEST_WAIT_S, REST_AFTER_AUTH, End, Failed, as_chat_error
from adapters.redaction import Secret
from adapters.teams.connector import LARGEST_ANSWER, MOST_PAGES, Connector
from adapters.teams.hosts import Hosts
from adapters.teams.login import SETTLED, Login
from adapters.teams.windows import Windows
from fake_connector import Huge, Redirect, Refuses
from fake_server import ODD_RETRY_AFTER, Delay, Drop, RateLimited, Status, Truncated
from teams_login import APP_ID, APP_PASSWORD

CHAT, CHANNEL = "a:1KeptAndAna", "19:shared@thread.tacv2"
HELLO = {"type": "message", "text": "Hello"}
ANA = {"id": "29:ana", "aadObjectId": "ana", "tenantId": "ours", "userRole": "user"}


def a_login(login, session, now):
    return Login(
        app_id=APP_ID,
        tenant_id="ours",
        secret=Secret(APP_PASSWORD),
        certificate=None,
        login_url=login.login_url,
        session=session,
        now=now,
    )


@pytest.fixture
def kept(login, session, clock):
    """Kept's own side, with its token."""
    asks = a_login(login, session, clock)
    return Connector(login=asks, hosts=Hosts(loopback=True), session=session, now=clock)


async def ending_of(call):
    with pytest.raises(Failed) as failed:
        await call
    return failed.value.ending


# What goes well


async def test_a_message_is_posted_once_with_the_token(kept, teams, login):
    message_id = await kept.post(teams.service_url, CHAT, HELLO)
    [post] = teams.posts
    assert (post.id, post.conversation, post.activity, post.reply_to) == (message_id, CHAT, HELLO, None)
    assert post.token == login.issued[0]


async def test_a_reply_names_what_it_answers(kept, teams):
    first = await kept.post(teams.service_url, CHANNEL, HELLO)
    await kept.reply(teams.service_url, f"{CHANNEL};messageid={first}", first, HELLO)
    assert (teams.posts[1].conversation, teams.posts[1].reply_to) == (f"{CHANNEL};messageid={first}", first)


async def test_a_message_is_edited_and_taken_back(kept, teams):
    first = await kept.post(teams.service_url, CHAT, HELLO)
    await kept.update(teams.service_url, CHAT, first, {**HELLO, "text": "Hello again"})
    assert [each["text"] for each in teams.said(CHAT)] == ["Hello again"]
    await kept.delete(teams.service_url, CHAT, first)
    assert teams.said(CHAT) == []


async def test_a_conversation_made_twice_is_one(kept, teams):
    wanted = {"bot": {"id": "28:kept"}, "members": [{"id": "29:ana"}], "tenantId": "ours"}
    made = [await kept.create(teams.service_url, wanted) for _ in range(2)]
    assert made[0] == made[1] == teams.creations[0].conversation


async def test_a_member_is_found_on_the_roster(kept, teams):
    teams.rosters[CHANNEL] = [ANA]
    assert await kept.member(teams.service_url, f"{CHANNEL};messageid=1", "29:ana") == ANA
    ending = await ending_of(kept.member(teams.service_url, CHANNEL, "29:nobody"))
    assert (ending.end, ending.code) == (End.PERMANENT, "MemberNotFoundInConversation")


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_234])
async def test_a_roster_is_read_to_its_end(kept, teams, count):
    teams.rosters[CHANNEL] = [{**ANA, "id": f"29:{number}"} for number in range(count)]
    assert await kept.members(teams.service_url, CHANNEL) == teams.rosters[CHANNEL]


async def test_the_way_to_the_next_page_is_told_as_it_was_given(kept, teams):
    odd = "a+b/c==&d e%41ü"
    first = json.dumps({"members": [ANA], "continuationToken": odd})
    teams.misbehave(
        "members",
        Status(200, first, "application/json"),
        Status(200, '{"members": []}', "application/json"),
    )
    assert await kept.members(teams.service_url, CHANNEL) == [ANA]
    assert teams.requests[1].query["continuationToken"] == odd


async def test_a_roster_too_long_to_read_is_none_at_all(kept, teams):
    teams.misbehave(
        "members",
        *[Status(200, '{"members": [], "continuationToken": "on"}', "application/json")] * (MOST_PAGES + 1),
    )
    ending = await ending_of(kept.members(teams.service_url, CHANNEL))
    assert (ending.end, ending.code) == (End.PERMANENT, "roster_too_long")
    assert len(teams.requests) == MOST_PAGES


@pytest.mark.parametrize("body", ["", "{}", '{"members": null}', '{"members": ["29:ana"]}', "[]"])
async def test_half_a_roster_is_none_at_all(kept, teams, body):
    teams.rosters[CHANNEL] = [ANA]
    teams.misbehave("members", Status(200, body, "application/json"))
    assert (await ending_of(kept.members(teams.service_url, CHANNEL))).end is End.AMBIGUOUS


# Ids


@pytest.mark.parametrize(
    "odd", ["a/b", "../..", "a?b=c", "a#b", "a%2Fb", "a b", "a+b", "a%41", "ü", ";messageid=1"]
)
async def test_an_id_stays_one_step_of_the_path(kept, teams, odd):
    await kept.post(teams.service_url, odd, HELLO)
    assert teams.posts[0].conversation == odd


@pytest.mark.parametrize("odd", ["", ".", "..", "\ud800", "a\r\nb", "a\x00"])
async def test_an_id_that_cannot_be_one_is_refused(kept, teams, login, odd):
    for call in (kept.post(teams.service_url, odd, HELLO), kept.member(teams.service_url, CHAT, odd)):
        ending = await ending_of(call)
        assert (ending.end, ending.code) == (End.PERMANENT, "odd_id")
    assert not teams.requests + login.requests


# Where the token goes


@pytest.fixture
async def elsewhere():
    """Somebody else's server: its address, and every connection made to it."""
    connections = []

    async def take(_, writer):
        connections.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}", connections


TRICKS = [
    "http://{}/",
    "https://{}/",
    "//{}/",
    "{}",
    "https://smba.trafficmanager.net@{}/",
    "https://smba.trafficmanager.net:x@{}/",
    "https://{}/smba.trafficmanager.net/",
    "https://{}#smba.trafficmanager.net/",
    "https://{}?smba.trafficmanager.net/",
    "https://{}\\@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net\\@{}/",
    "https://smba.trafficmanager.net/@{}/",
    "https://smba.trafficmanager.net/../../{}/",
    "https://smba.trafficmanager.net\n.{}/",
    "https://smba.trafficmanager.net.{}/",
    "http://smba.trafficmanager.net/",
    "",
]


@pytest.mark.parametrize("trick", TRICKS)
async def test_an_address_not_listed_is_refused_before_the_token_is_asked_for(
    login, session, clock, elsewhere, trick
):
    address, connections = elsewhere
    strict = Connector(login=a_login(login, session, clock), hosts=Hosts(), session=session, now=clock)
    ending = await ending_of(strict.post(trick.format(address), CHAT, HELLO))
    assert (ending.end, ending.code) == (End.PERMANENT, "untrusted_service_url")
    assert not login.requests
    assert not connections


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_not_a_byte_follows_a_redirect(kept, teams, elsewhere, status):
    address, connections = elsewhere
    for call in ("post", "update", "member"):
        teams.misbehave(call, Redirect(f"http://{address}/v3/conversations", status))
    calls = [
        kept.post(teams.service_url, CHAT, HELLO),
        kept.update(teams.service_url, CHAT, "1", HELLO),
        kept.member(teams.service_url, CHAT, "29:ana"),
    ]
    for call in calls:
        assert (await ending_of(call)).code == f"http_{status}"
    assert not connections


async def test_an_emulator_gets_no_token(teams, session, clock):
    connector = Connector(login=None, hosts=Hosts(loopback=True), session=session, now=clock)
    await connector.post(teams.service_url, CHAT, HELLO)
    assert teams.posts[0].token is None


async def test_the_token_is_in_no_log_and_no_error(kept, teams, login, caplog):
    caplog.set_level(logging.DEBUG)
    teams.misbehave("post", Refuses(403, "MessageWritesBlocked"), Drop(after=False))
    endings = [await ending_of(kept.post(teams.service_url, CHAT, HELLO)) for _ in range(2)]
    told = [caplog.text, repr(endings), repr(vars(kept)), *(str(vars(each)) for each in caplog.records)]
    assert not any(login.issued[0] in text or APP_PASSWORD in text for text in told)


# How a call ends


@pytest.mark.parametrize(
    ("fault", "end", "code"),
    [
        (Refuses(412, "PreconditionFailed"), End.NOT_DONE, "PreconditionFailed"),
        (RateLimited("7"), End.NOT_DONE, "Throttled"),
        (Status(500), End.AMBIGUOUS, "http_500"),
        (Status(502), End.AMBIGUOUS, "http_502"),
        (Status(503), End.AMBIGUOUS, "http_503"),
        (Status(504, after=True), End.AMBIGUOUS, "http_504"),
        (Status(413, after=False), End.PERMANENT, "http_413"),
        (Refuses(413, "MessageSizeTooBig"), End.PERMANENT, "MessageSizeTooBig"),
        (Refuses(403, "MessageWritesBlocked"), End.PERMANENT, "MessageWritesBlocked"),
        (Refuses(403, "BotNotInConversationRoster"), End.PERMANENT, "BotNotInConversationRoster"),
        (Refuses(404, "ConversationNotFound"), End.PERMANENT, "ConversationNotFound"),
        (Drop(after=False), End.AMBIGUOUS, "ServerDisconnectedError"),
        (Drop(after=True), End.AMBIGUOUS, "ServerDisconnectedError"),
        (Truncated(), End.AMBIGUOUS, "not_json"),
        (Status(200, "<html>", after=True), End.AMBIGUOUS, "not_json"),
        (Status(200, "{}", after=True), End.AMBIGUOUS, "no_id"),
        (Status(200, '{"id": 7}', after=True), End.AMBIGUOUS, "no_id"),
        (Status(202, "", after=True), End.AMBIGUOUS, "no_id"),
        (Huge(LARGEST_ANSWER), End.AMBIGUOUS, "not_json"),
    ],
    ids=str,
)
async def test_a_call_that_goes_wrong_is_made_once_and_ends_one_way(kept, teams, fault, end, code):
    teams.misbehave("post", fault)
    ending = await ending_of(kept.post(teams.service_url, CHAT, HELLO))
    assert (ending.end, ending.code) == (end, code)
    assert len(teams.requests) == 1
    assert end is End.AMBIGUOUS or not teams.posts


async def test_an_answer_that_never_comes_leaves_it_open(teams, session, clock):
    quick = Connector(
        login=None, hosts=Hosts(loopback=True), session=session, now=clock, within=timedelta(seconds=0.1)
    )
    never = asyncio.Event()
    teams.misbehave("post", Delay(never))
    ending = await ending_of(quick.post(teams.service_url, CHAT, HELLO))
    never.set()
    assert (ending.end, len(teams.posts)) == (End.AMBIGUOUS, 1)


async def test_a_connector_that_is_not_there_has_done_nothing(kept):
    ending = await ending_of(kept.post("http://127.0.0.1:9/", CHAT, HELLO))
    assert (ending.end, ending.code) == (End.NOT_DONE, "ClientConnectorError")


async def test_what_has_no_name_may_be_edited_though_the_answer_is_empty(kept, teams):
    first = await kept.post(teams.service_url, CHAT, HELLO)
    teams.misbehave("update", Status(200, "", after=True))
    await kept.update(teams.service_url, CHAT, first, HELLO)
    assert len(teams.updates) == 1


@pytest.mark.parametrize(
    ("fault", "permanent", "ambiguous", "waits"),
    [
        (Refuses(403, "MessageWritesBlocked"), True, False, None),
        (Refuses(412, "PreconditionFailed"), False, False, None),
        (RateLimited("7"), False, False, 7),
        (Status(502), False, True, None),
        (Refuses(401, "BotNotRegistered"), False, False, REST_AFTER_AUTH.total_seconds()),
    ],
    ids=str,
)
async def test_the_outbox_learns_what_to_do(kept, teams, fault, permanent, ambiguous, waits):
    teams.misbehave("post", fault)
    error = as_chat_error(await ending_of(kept.post(teams.service_url, CHAT, HELLO)))
    assert (error.permanent, error.ambiguous, error.retry_after) == (permanent, ambiguous, waits)


# Waiting


@pytest.mark.parametrize("header", ODD_RETRY_AFTER)
async def test_nothing_is_written_before_the_time_teams_asked_for(kept, teams, clock, header):
    teams.misbehave("post", RateLimited(header))
    wait_s = (await ending_of(kept.post(teams.service_url, CHANNEL, HELLO))).wait_s
    assert 1 <= wait_s <= LONGEST_WAIT_S
    clock.advance(timedelta(seconds=wait_s - 0.5))
    ending = await ending_of(kept.post(teams.service_url, f"{CHANNEL};messageid=1", HELLO))
    assert (ending.end, ending.code, ending.wait_s) == (End.NOT_DONE, "Throttled", 0.5)
    assert not as_chat_error(ending).tried
    assert len(teams.requests) == 1
    clock.advance(timedelta(seconds=0.5))
    await kept.post(teams.service_url, CHANNEL, HELLO)


async def test_a_conversation_that_must_rest_rests_alone(kept, teams):
    teams.rosters[CHANNEL] = [ANA]
    teams.misbehave("post", RateLimited("60"))
    await ending_of(kept.post(teams.service_url, CHANNEL, HELLO))
    await kept.post(teams.service_url, CHAT, HELLO)
    assert await kept.members(teams.service_url, CHANNEL) == [ANA]


# The token


async def test_without_a_token_nothing_is_sent(kept, teams, login):
    login.fail(1)
    ending = await ending_of(kept.post(teams.service_url, CHAT, HELLO))
    assert (ending.end, ending.code, ending.wait_s) == (End.NOT_DONE, "http_503", 30)
    assert not as_chat_error(ending).tried  # an outage costs no attempt, however long it is
    assert not teams.requests


async def test_a_wrong_secret_is_the_operators_to_mend(kept, teams, login):
    login.password = "another"
    ending = await ending_of(kept.post(teams.service_url, CHAT, HELLO))
    assert (ending.end, ending.code) == (End.AUTH, "invalid_client AADSTS7000215")
    assert not teams.requests


async def test_a_token_the_connector_refuses_is_replaced_and_the_conversation_rests(
    kept, teams, login, clock
):
    await kept.post(teams.service_url, CHAT, HELLO)
    clock.advance(SETTLED)
    teams.tokens = {"fake-access-token-2"}
    assert (await ending_of(kept.post(teams.service_url, CHAT, HELLO))).end is End.AUTH
    assert (await ending_of(kept.post(teams.service_url, CHAT, HELLO))).wait_s == 15 * 60
    assert len(teams.requests) == 2
    await kept.post(teams.service_url, CHANNEL, HELLO)
    assert teams.posts[1].token == login.issued[1]


async def test_a_hundred_messages_at_once_ask_for_one_token(kept, teams, login):
    await asyncio.gather(*(kept.post(teams.service_url, f"a:{n}", HELLO) for n in range(100)))
    assert (len(teams.posts), len(login.requests)) == (100, 1)


async def test_past_the_documented_windows_teams_refuses(kept, teams):
    teams.limited_by = lambda: 0.0
    for _ in range(7):
        await kept.post(teams.service_url, CHANNEL, HELLO)
    assert (await ending_of(kept.post(teams.service_url, CHANNEL, HELLO))).code == "Throttled"


async def test_a_burst_that_waits_its_turn_is_never_refused(kept, teams):
    windows, moment = Windows(), 0.0
    teams.limited_by = lambda: moment
    wanted = [CHANNEL if number % 3 else f"a:{number}" for number in range(150)]
    for at, conversation in sorted((windows.reserve("T1", each, 0.0), each) for each in wanted):
        moment = at
        await kept.post(teams.service_url, conversation, HELLO)
    assert len(teams.posts) == len(wanted)
