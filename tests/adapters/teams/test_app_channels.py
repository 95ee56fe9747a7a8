"""Where answers go: to the one who asked, where nobody else reads them who must not. And what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.teams.whereabouts import PLATFORM
from bot.addresses import PlaceKind
from fake_connector import Refuses, root
from fake_server import Delay
from teams_activities import ACME, BOT, activity, personal_id, user_id
from teams_tenant import (
    ANA,
    BEN,
    CARLA,
    GLOBEX_SHARED,
    GRETA,
    GUS,
    MIA,
    NOOR,
    SHARED,
    SUBJECT,
    TEAM_ROOM,
    Kept,
    action,
    entered,
    kept,
    member,
    settle_in,
    verbs,
    words,
)

PRIVATE = {"conversation_type": "channel", "channelData": {"channel": {"id": "19:p@x", "type": "private"}}}


def said_since(app: Kept, before: int) -> list[tuple[str, str]]:
    return [(root(post.conversation), words(post.activity)) for post in app.fake.posts[before:]]


# The welcome


async def test_a_channel_hears_once_who_kept_is(app):
    introductions = [each for each in app.posts(TEAM_ROOM) if "Kept" in words(each)]
    assert len(introductions) == 1
    await app.install(BEN, TEAM_ROOM)
    await app.deliver()
    assert len(app.posts(TEAM_ROOM)) == 1


async def test_who_adds_kept_to_a_customers_channel_hears_how_to_link_it(app):
    before = len(app.direct(BEN))
    await app.install(BEN, GLOBEX_SHARED)
    await app.deliver()
    [told] = app.direct(BEN)[before:]
    assert "link" in words(told)


async def test_who_came_to_a_channel_is_known_before_they_say_anything(app):
    app.fake.rosters[SHARED].append(member(MIA))
    came = activity(
        "conversationUpdate",
        BEN,
        SHARED,
        membersAdded=[{"id": user_id(MIA)}],
        service_url=app.fake.service_url,
        **app.at(SHARED),
    )
    await app.send(came)
    here = app.place(SHARED).id
    people = app.read(lambda uow: uow.people.of_ids(uow.places.members(here)))
    assert "Mia" in {each.name for each in people.values()}


# People from outside


async def test_a_customer_who_mentions_kept_is_answered_in_the_thread_of_their_own_channel(app):
    before = len(app.fake.posts)
    await app.say(CARLA, "promise list", place=f"{SHARED};messageid=177")
    [(place, text)] = said_since(app, before)
    assert place == SHARED
    assert app.fake.posts[-1].conversation == f"{SHARED};messageid=177"
    assert "buttons" in text


async def test_a_customer_in_a_channel_that_is_nobodys_yet_is_not_answered_before_others(app):
    await app.install(BEN, GLOBEX_SHARED)
    before = len(app.fake.posts)
    await app.say(GUS, "promise list", place=GLOBEX_SHARED)
    assert said_since(app, before) == []


async def test_a_customer_sees_what_they_pressed_for_and_nobody_else_does(app):
    await app.has_shown()
    before = len(app.fake.posts)
    welcome = await app.say(BEN, "partner Acme")
    assert "Acme" in words(welcome)
    card = app.posts(SHARED)[-1]
    answer = await app.press(CARLA, action(card, "promise.how_is_it"), SHARED)
    assert SUBJECT in words(answer)
    assert [place for place, _ in said_since(app, before)] == [personal_id(BEN)]


@pytest.mark.parametrize("stranger", [GUS, GRETA, NOOR])
async def test_a_card_that_was_passed_on_does_nothing_for_whom_it_is_not_for(app, stranger):
    """L34: in whatever conversation it is pressed."""
    await app.has_shown()
    card = app.posts(SHARED)[-1]
    elsewhere = GLOBEX_SHARED if stranger == GUS else TEAM_ROOM
    app.fake.rosters[TEAM_ROOM].append(member(GRETA))
    for verb in verbs(card):
        answer = await app.press(stranger, action(card, verb), elsewhere)
        assert SUBJECT not in words(answer), verb
    [promise] = app.read(lambda uow: uow.promises.numbered(1))
    assert promise.state.value == "open"


async def test_where_the_customer_hosts_the_channel_we_are_still_we(app):
    """L28."""
    made = await app.say(ANA, f"promise Acme: {SUBJECT} by 2026-11-27", place=SHARED, host=ACME)
    assert SUBJECT in words(made)
    before = len(app.fake.posts)
    await app.say(CARLA, "promise list Acme", place=SHARED, host=ACME)
    assert all(SUBJECT not in text for _, text in said_since(app, before))


# Colleagues who cannot be reached in private


async def test_a_colleague_whom_kept_has_no_chat_with_gets_one(app):
    app.fake.rosters[TEAM_ROOM].append(member("zoe"))
    app.fake.rosters[personal_id("zoe")] = [member("zoe")]
    await app.say("zoe", "promise list", place=TEAM_ROOM)
    assert app.direct("zoe")
    assert app.fake.creations[-1].body["members"] == [{"id": user_id("zoe")}]


async def test_where_no_chat_can_be_opened_the_channel_hears_one_line_without_anything_in_it(app):
    app.fake.block(personal_id(ANA))
    before = len(app.fake.posts)
    await app.say(ANA, f"promise Acme: {SUBJECT} by 2026-11-27", place=SHARED)
    [(place, text)] = said_since(app, before)
    assert place == SHARED
    assert "Say hello" in text
    assert SUBJECT not in text


# Where Kept does nothing


async def test_a_private_channel_is_refused_kindly(app):
    before = len(app.fake.posts)
    await app.send(app.words(ANA, "promise list", place="19:p@x", **PRIVATE))
    [(_, text)] = said_since(app, before)
    assert "private channel" in text


async def test_another_organisations_chat_is_refused_kindly(app):
    app.fake.rosters["19:foreign@x"] = [member(GUS)]
    before = len(app.fake.posts)
    await app.send(app.words(GUS, "promise list", place="19:foreign@x", host=ACME))
    [(place, text)] = said_since(app, before)
    assert (place, "another organisation" in text) == ("19:foreign@x", True)


async def test_a_press_in_a_private_channel_is_refused_to_the_one_who_pressed(app):
    made = await app.has_made()
    answer = await app.press(ANA, action(made, "promise.share"), "19:p@x", **PRIVATE)
    assert "private channel" in answer["message"]


# When Teams does not answer


async def test_nobody_acts_while_teams_does_not_tell_who_they_are(app):
    made = await app.has_made()
    app.clock.advance(timedelta(minutes=11))
    app.fake.misbehave("member", Refuses(503, "ServiceUnavailable"))
    answer = await app.press(ANA, action(made, "promise.share"))
    assert "who is asking" in answer["message"]
    assert entered(await app.press(ANA, action(made, "promise.share"))) is not None


async def test_an_answer_that_teams_had_no_time_for_is_said_again(app):
    app.fake.misbehave("post", Refuses(429, "Throttled", retry_after="2"))
    before = len(app.direct(ANA))
    await app.say(ANA, "help")
    assert len(app.direct(ANA)) == before + 1
    assert app.paused[-1] >= 2


async def test_an_answer_that_may_have_arrived_is_not_said_twice(app):
    app.fake.misbehave("post", Refuses(504, "GatewayTimeout"))
    before = len(app.fake.requests)
    await app.say(ANA, "help")
    assert [each.call for each in app.fake.requests[before:]] == ["post"]


# Coming and going


async def test_taken_out_kept_says_nothing_more_there(app):
    await app.has_made()
    gone = activity(
        "installationUpdate",
        BEN,
        SHARED,
        action="remove",
        service_url=app.fake.service_url,
        **app.at(SHARED),
    )
    assert (await app.send(gone))[0] == 200
    before = len(app.fake.posts)
    made = await app.say(ANA, "promise Acme P-1")
    await app.fill(ANA, await app.press(ANA, action(made, "promise.share")))
    await app.deliver()
    assert SHARED not in [place for place, _ in said_since(app, before)]


async def test_a_channel_shared_with_another_team_is_read_anew(app):
    app.fake.rosters[TEAM_ROOM].append(member(GUS))
    told = activity(
        "conversationUpdate",
        BEN,
        TEAM_ROOM,
        service_url=app.fake.service_url,
        conversation_type="channel",
        channelData={"eventType": "channelShared", "channel": {"id": TEAM_ROOM, "type": "shared"}},
    )
    assert (await app.send(told))[0] == 200
    assert app.place(TEAM_ROOM).kind is PlaceKind.CUSTOMER


async def test_kept_itself_is_nobody_in_its_channels(app):
    assert app.read(lambda uow: uow.people.by_account(PLATFORM, BOT)) is None


# Guests, and an emulator


async def test_a_guest_of_our_own_tenant_is_told_nothing_and_can_do_nothing(app):
    """T22, L29."""
    await app.has_made()
    app.fake.rosters[TEAM_ROOM].append(member(GRETA))
    before = len(app.fake.posts)
    for text in ("promise list", "promise list Acme", "promise Acme P-1", "partner Acme", "heard Acme: x"):
        await app.say(GRETA, text, place=TEAM_ROOM)
        await app.say(GRETA, text)
    told = said_since(app, before)
    assert {place for place, _ in told} == {personal_id(GRETA)}
    assert not any(SUBJECT in text or "P-1" in text for _, text in told)


async def test_one_person_whom_teams_is_slow_to_tell_of_holds_up_nobody_else(app):
    app.clock.advance(timedelta(minutes=11))
    told = asyncio.Event()
    app.fake.misbehave("member", Delay(told))
    slow = asyncio.ensure_future(app.send(app.words(ANA, "help")))
    while not app.fake.requests or app.fake.requests[-1].call != "member":
        await asyncio.sleep(0)
    payload = app.words(BEN, "help")
    quick = await app.client.post(
        "/api/messages",
        json=payload,
        headers={"Authorization": app.login.bearer(serviceurl=payload["serviceUrl"])},
    )
    assert quick.status == 200
    assert not slow.done()
    told.set()
    assert await slow == (200, None)


async def test_without_authentication_an_emulator_on_this_machine_is_served(
    sqlite_engine, teams, login, clock
):
    settle_in(teams)
    async with kept(sqlite_engine, teams, login, clock, insecure_dev=True) as app:
        answer = await app.client.post("/api/messages", json=app.words(ANA, "help"))
        await app.teams.settle()
        assert answer.status == 200
        assert "What Kept does" in words(app.direct(ANA)[-1])
        assert login.requests == []
        assert await app.teams.is_well()


async def test_readiness_says_whether_microsoft_gives_us_a_token(app):
    assert await app.teams.is_well()
    app.login.fail(1)
    app.clock.advance(timedelta(hours=2))
    assert not await app.teams.is_well()
    app.clock.advance(timedelta(minutes=1))
    assert await app.teams.is_well()


async def test_a_channel_where_nobody_ever_spoke_to_kept_is_not_read(app):
    before = len(app.fake.requests)
    made = activity(
        "conversationUpdate",
        BEN,
        TEAM_ROOM,
        service_url=app.fake.service_url,
        conversation_type="channel",
        channelData={"eventType": "channelCreated", "channel": {"id": "19:new@thread.tacv2"}},
    )
    assert (await app.send(made))[0] == 200
    assert len(app.fake.requests) == before


async def test_a_private_answer_teams_had_no_time_for_is_said_again_and_not_in_the_channel(app):
    app.fake.misbehave("post", Refuses(429, "Throttled", retry_after="2"))
    before = len(app.fake.posts)
    await app.say(ANA, "help", place=SHARED)
    assert [place for place, _ in said_since(app, before)] == [personal_id(ANA)]


async def test_a_private_answer_that_may_have_arrived_is_neither_repeated_nor_denied(app):
    app.fake.misbehave("post", Refuses(504, "GatewayTimeout"))
    before = len(app.fake.requests)
    await app.say(ANA, "help", place=SHARED)
    assert [each.call for each in app.fake.requests[before:]].count("post") == 1


# What Teams does not take for a while


def is_away(app: Kept, times: int = 3) -> None:
    for _ in range(times):
        app.fake.misbehave("post", Refuses(429, "Throttled", retry_after="2"))


@pytest.mark.parametrize("place", [None, SHARED])
async def test_an_answer_that_teams_did_not_take_is_made_up_for_in_private(app, place):
    is_away(app)
    before = len(app.fake.posts)
    await app.say(ANA, f"promise Acme: {SUBJECT} by 2026-11-27", place=place)
    assert said_since(app, before) == []
    await app.wait(timedelta(minutes=2))
    [(where, text)] = said_since(app, before)
    assert where == personal_id(ANA)
    assert SUBJECT in text
    assert "did not arrive" in text
    made = app.posts(personal_id(ANA))[-1]
    assert "promise.share" in verbs(made)
    assert entered(await app.press(ANA, action(made, "promise.share"))) is not None


async def test_a_wait_that_is_too_long_for_an_answer_is_the_outboxs(app):
    app.fake.misbehave("post", Refuses(429, "Throttled", retry_after="60"))
    before = len(app.fake.posts)
    await app.say(ANA, "promise give up the ghost P-99")
    await app.wait(timedelta(minutes=2))
    [(where, text)] = said_since(app, before)
    assert where == personal_id(ANA)
    assert "nothing was changed" in text


async def test_what_a_customer_was_not_told_is_said_nowhere_else(app):
    is_away(app)
    before = len(app.fake.posts)
    await app.say(CARLA, "promise list", place=f"{SHARED};messageid=177")
    await app.wait(timedelta(minutes=2))
    assert said_since(app, before) == []


async def test_an_answer_that_may_have_arrived_is_not_made_up_for(app):
    app.fake.misbehave("post", Refuses(504, "GatewayTimeout"))
    await app.say(ANA, "help")
    before = len(app.fake.posts)
    await app.wait(timedelta(minutes=2))
    assert said_since(app, before) == []
