"""Sending: facts looked at again, windows kept, every way in which the connector may refuse."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from adapters.people import FRESH_FOR
from adapters.sending import MAPPING_CHANGED
from adapters.teams.tables import conversations
from bot.addresses import MessageRef, Place
from bot.cards import Card, Mention, Paragraph
from bot.messages.troubles import KIND
from bot.ports import ChatError
from bot.storage import Claimed, UnitOfWork
from builders import TENANT
from fake_connector import Drop, RateLimited, Refuses, Status, Truncated
from teams_activities import ACME, BOT, GLOBEX, OURS, personal_id, user_id
from teams_stage import SHARED, TEAM_ROOM, AtHome, in_private, member

CARD = Card(title="Send the SOC 2 report", blocks=(Paragraph(("by Friday",)),))


async def post(home: AtHome, place: Place, key: str = "k1", **more: Any) -> MessageRef:
    return await asyncio.to_thread(home.chat.post, place, more.pop("card", CARD), key=key, **more)


async def refused(home: AtHome, place: Place, key: str = "k1") -> ChatError:
    with pytest.raises(ChatError) as refusal:
        await post(home, place, key)
    return refusal.value


def _claimed(uow: UnitOfWork, home: AtHome) -> list[Claimed]:
    lease = timedelta(minutes=1)
    return uow.outbox.claim(f"teams:{TENANT}", "worker", home.clock.now, limit=50, lease_for=lease)


def told(home: AtHome) -> list[tuple[str, str]]:
    """Who was told, and what about."""
    claimed = home.work(lambda uow: _claimed(uow, home))
    people = home.work(lambda uow: uow.people.of_ids([c.intent.person_id or "" for c in claimed]))
    return [
        (people[each.intent.person_id or ""].name, each.intent.args["reason"])
        for each in claimed
        if each.intent.kind == KIND
    ]


async def test_a_nudge_goes_to_the_personal_chat(home: AtHome) -> None:
    ref = await post(home, home.private("Ana"))
    (sent,) = home.fake.posts
    assert (sent.conversation, sent.id) == (personal_id("Ana"), ref.key)
    assert sent.activity["attachments"][0]["content"]["type"] == "AdaptiveCard"


async def test_an_anchor_goes_to_the_channel_and_an_ask_into_its_thread(home: AtHome, room: Place) -> None:
    anchor = await post(home, room)
    await post(home, room, "k2", thread=anchor)
    first, second = home.fake.posts
    assert first.conversation == SHARED
    assert second.conversation == f"{SHARED};messageid={anchor.key}"


async def test_a_card_is_edited_in_place(home: AtHome, room: Place) -> None:
    ref = await post(home, room)
    await asyncio.to_thread(home.chat.update, ref, replace(CARD, title="Kept"))
    (change,) = home.fake.updates
    assert (change.conversation, change.id) == (SHARED, ref.key)
    assert "Kept" in str(change.activity)


async def test_only_who_reads_there_is_mentioned(home: AtHome, room: Place) -> None:
    people = home.person("Ana"), home.person("Carla", tenant=ACME)
    card = Card(title="x", blocks=(Paragraph(tuple(Mention(each.id, each.name) for each in people)),))
    await post(home, room, card=card)
    await post(home, home.private("Ben"), card=card)
    in_channel, in_private = (str(each.activity) for each in home.fake.posts)
    assert user_id("Ana") in in_channel
    assert user_id("Carla") in in_channel
    assert user_id("Ana") not in in_private
    assert "Ana" in in_private


async def test_a_colleague_met_in_a_channel_is_written_to_in_a_new_chat(home: AtHome) -> None:
    await home.gather(TEAM_ROOM, member("Ana"), member("Mia"))
    home.fake.rosters[personal_id("Mia")] = [member("Mia")]
    await post(home, home.private("Mia"))
    await post(home, home.private("Mia"), "k2")
    (creation,) = home.fake.creations
    assert creation.body == {
        "bot": {"id": BOT},
        "members": [{"id": user_id("Mia")}],
        "isGroup": False,
        "tenantId": OURS,
        "channelData": {"tenant": {"id": OURS}},
    }
    assert [each.conversation for each in home.fake.posts] == [creation.conversation] * 2


async def test_a_colleague_whom_no_conversation_leads_to_is_reported(home: AtHome) -> None:
    await home.gather(TEAM_ROOM, member("Ana"), member("Mia"))
    home.references.forget(TENANT, TEAM_ROOM)
    home.work(lambda uow: uow.people.save(replace(home.person("Ben", uow), is_admin=True)))
    error = await refused(home, home.private("Mia"))
    assert (error.reason, error.permanent) == ("never_met", True)
    assert told(home) == [("Ben", "not_there")]


async def test_who_took_kept_out_is_left_alone_until_they_come_back(home: AtHome, room: Place) -> None:
    await home.casting.leave(home.here(in_private("Ana")))
    error = await refused(home, home.private("Ana"))
    assert (error.reason, error.permanent) == ("taken_out", True)
    assert told(home) == [("Ben", "closed")]
    assert not home.fake.posts
    assert not home.fake.creations
    await home.meet("Ana")
    assert await post(home, home.private("Ana"))


async def test_nobody_is_bothered_because_customers_cannot_be_written_to_in_private(
    home: AtHome, room: Place
) -> None:
    assert (await refused(home, home.private("Carla", ACME))).permanent
    assert told(home) == []


async def test_who_left_the_tenant_is_told_nothing_and_the_lead_hears(home: AtHome, room: Place) -> None:
    ana = home.private("Ana")
    home.clock.advance(FRESH_FOR)
    home.fake.rosters[personal_id("Ana")] = []
    error = await refused(home, ana)
    assert (error.reason, error.permanent) == ("not_in_roster", True)
    assert not home.fake.posts
    assert told(home) == [("Ben", "not_there")]


async def test_a_colleague_is_found_in_whichever_channel_they_still_are(home: AtHome) -> None:
    await home.gather(TEAM_ROOM, member("Ana"), member("Mia"))
    await home.gather(SHARED, member("Ana"), member("Mia"))
    home.clock.advance(FRESH_FOR)
    home.fake.rosters[TEAM_ROOM] = [member("Ana")]
    await post(home, home.private("Mia"))
    assert home.fake.posts[0].conversation == personal_id("Mia")


async def test_who_is_a_guest_now_is_told_nothing_meant_for_a_colleague(home: AtHome) -> None:
    ana = home.private("Ana")
    home.clock.advance(FRESH_FOR)
    home.fake.rosters[personal_id("Ana")] = [member("Ana", OURS, "guest")]
    assert (await refused(home, ana)).reason == "no_colleague_any_more"
    assert (await refused(home, ana)).permanent
    assert not home.fake.posts


async def test_a_channel_somebody_joined_meanwhile_hears_nothing(home: AtHome, room: Place) -> None:
    home.fake.rosters[SHARED].append(member("Gus", GLOBEX))
    home.clock.advance(FRESH_FOR)
    error = await refused(home, room)
    assert (error.reason, error.permanent) == (MAPPING_CHANGED, True)
    assert home.place(SHARED).partnership_id is None
    assert not home.fake.posts


async def test_a_channel_given_to_another_customer_since_the_card_was_made_does_not_hear_it(
    home: AtHome, room: Place
) -> None:
    """However fresh what Teams told about it is: this was changed in Kept."""
    assert await post(home, room)
    home.work(lambda uow: uow.places.save(replace(uow.places.get(room.id), partnership_id=None)))
    error = await refused(home, room)
    assert (error.reason, error.permanent) == (MAPPING_CHANGED, True)
    assert len(home.fake.posts) == 1


async def test_facts_are_looked_at_every_ten_minutes(home: AtHome, room: Place) -> None:
    asked = len(home.fake.requests)
    await post(home, room)
    assert [each.call for each in home.fake.requests[asked:]] == ["post"]
    home.clock.advance(FRESH_FOR)
    await post(home, room, "k2")
    assert [each.call for each in home.fake.requests[asked:]] == ["post", "members", "post"]


@pytest.mark.parametrize("fault", [Status(503), Status(502), Truncated()])
async def test_unsure_who_reads_kept_waits(home: AtHome, room: Place, fault) -> None:
    home.clock.advance(FRESH_FOR)
    home.fake.misbehave("members", fault)
    error = await refused(home, room)
    assert (error.permanent, error.ambiguous) == (False, False)
    assert error.retry_after
    assert not home.fake.posts


async def test_unsure_who_it_is_kept_waits(home: AtHome) -> None:
    place = home.private("Ana")
    home.clock.advance(FRESH_FOR)
    home.fake.misbehave("member", Status(503))
    error = await refused(home, place)
    assert (error.reason, error.permanent, error.ambiguous) == ("identity_unsure", False, False)


@pytest.mark.parametrize(
    ("fault", "permanent", "ambiguous"),
    [
        (Refuses(403, "MessageWritesBlocked"), True, False),
        (Refuses(403, "BotNotInConversationRoster"), True, False),
        (Refuses(404, "ConversationNotFound"), True, False),
        (Refuses(413, "MessageSizeTooBig"), True, False),
        (Refuses(412, "PreconditionFailed"), False, False),
        (RateLimited("3"), False, False),
        (Refuses(401, "Unauthorized"), False, False),
        (Status(502), False, True),
        (Status(504), False, True),
        (Drop(after=True), False, True),
        (Truncated(), False, True),
    ],
)
async def test_each_way_of_failing_is_told_apart(
    home: AtHome, room: Place, fault, permanent: bool, ambiguous: bool
) -> None:
    home.fake.misbehave("post", fault)
    error = await refused(home, room)
    assert (error.permanent, error.ambiguous) == (permanent, ambiguous)
    assert len(told(home)) == permanent


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("MessageWritesBlocked", "closed"),
        ("BotNotInConversationRoster", "not_there"),
        ("SomethingNew", "refused"),
    ],
)
async def test_whoever_looks_after_the_channel_hears_once_a_day(
    home: AtHome, room: Place, code: str, advice: str
) -> None:
    home.fake.misbehave("post", *[Refuses(403, code)] * 3)
    for n in range(3):
        await refused(home, room, f"k{n}")
    assert told(home) == [("Ben", advice)]


async def test_a_refused_report_is_not_reported(home: AtHome, room: Place) -> None:
    home.fake.misbehave("post", Refuses(403, "MessageWritesBlocked"))
    await refused(home, room, f"{KIND}:x")
    assert told(home) == []


async def test_an_edit_may_always_be_tried_again(home: AtHome, room: Place) -> None:
    ref = await post(home, room)
    home.fake.misbehave("update", Status(502))
    with pytest.raises(ChatError) as refusal:
        await asyncio.to_thread(home.chat.update, ref, CARD)
    assert not refusal.value.ambiguous
    await asyncio.to_thread(home.chat.update, ref, CARD)


async def test_nothing_is_read_back_and_only_what_must_be_answered_is_said_again(
    home: AtHome, room: Place
) -> None:
    def find(place: Place, key: str) -> MessageRef | None:
        return home.chat.find(place, key)

    assert find(room, "anchor:p1") is None
    assert find(room, "ask:p1") is None
    for place, key in ((home.private("Ana"), "bundle:x"), (room, "digest:x"), (room, "anchor:p1")):
        with pytest.raises(ChatError) as refusal:
            find(place, key)
        assert (refusal.value.reason, refusal.value.permanent) == ("unconfirmed", True)


async def test_a_burst_waits_for_its_window(home: AtHome, room: Place) -> None:
    for n in range(9):
        await post(home, room, f"k{n}")
    assert sum(home.slept) > 2  # 8 messages in 2 seconds


async def test_a_long_wait_is_left_to_the_outbox(home: AtHome, room: Place) -> None:
    error = None
    for n in range(61):
        try:
            await post(home, room, f"k{n}")
        except ChatError as waits:
            error = waits
    assert error is not None
    assert (error.reason, error.tried, error.permanent) == ("paced", False, False)
    assert len(home.fake.posts) == 60


async def test_nothing_is_sent_where_kept_was_taken_out(home: AtHome, room: Place) -> None:
    home.references.forget(TENANT, SHARED)
    assert (await refused(home, room)).reason == "not_in_conversation"
    assert told(home) == [("Ben", "not_there")]


async def test_before_the_loop_runs_everything_waits(home: AtHome, room: Place) -> None:
    home.chat.line = None
    error = await refused(home, room)
    assert (error.reason, error.permanent) == ("not_connected", False)


async def test_a_stored_address_that_is_not_listed_is_not_called(
    home: AtHome, room: Place, sqlite_engine: Engine
) -> None:
    stored = update(conversations).where(conversations.c.conversation_id == SHARED)
    with sqlite_engine.begin() as connection:
        connection.execute(stored.values(service_url="https://evil.example/"))
    home.clock.advance(FRESH_FOR)
    asked = len(home.fake.requests)
    assert (await refused(home, room)).permanent
    assert len(home.fake.requests) == asked
