"""Channels as they live: shared, joined by others, given another id, left, archived; and told of twice."""

from __future__ import annotations

from datetime import timedelta

from bot.addresses import PlaceKind
from fake_slack import BOT_USER, TEAM, Fails
from slack_workspace import (
    ACME,
    ANA,
    BEN,
    CARLA,
    GUS,
    SHARED,
    SUBJECT,
    TEAM_ROOM,
    button,
    said,
    shared_with,
)

BY_FRIDAY = f"Acme: {SUBJECT} by 2026-11-27"


def place_of(app, channel=SHARED):
    return app.read(lambda uow: uow.places.by_route("slack", channel))


def acme(app):
    return app.read(lambda uow: uow.partnerships.named("Acme"))


def members(app):
    place = place_of(app)
    return app.read(lambda uow: uow.places.members(place.id))


def account_id(app, account):
    return app.read(lambda uow: uow.people.by_account("slack", account)).id


async def test_a_channel_that_gets_another_id_keeps_everything(app):
    """L07"""
    await app.has_shown()
    place = place_of(app)
    app.fake.channels["C0NEW"] = {**app.fake.channels.pop(SHARED), "id": "C0NEW"}
    app.fake.members["C0NEW"] = app.fake.members.pop(SHARED)
    app.fake.messages["C0NEW"] = app.fake.messages.pop(SHARED)
    change = {"type": "channel_id_changed", "old_channel_id": SHARED, "new_channel_id": "C0NEW"}
    await app.event(change)
    await app.event(change)
    assert place_of(app, "C0NEW").id == place.id
    assert place_of(app) is None
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    assert "done" in said(app.posts("C0NEW")).lower()


async def test_an_internal_channel_that_is_shared_is_a_customers_from_then_on(app):
    """L06: also while the invitation is pending; nothing internal ever stood there."""
    await app.has_made()
    assert place_of(app, TEAM_ROOM).kind is PlaceKind.INTERNAL
    app.fake.channels[TEAM_ROOM]["is_pending_ext_shared"] = True
    await app.event({"type": "channel_shared", "channel": TEAM_ROOM, "connected_team_id": ACME})
    assert place_of(app, TEAM_ROOM).kind is PlaceKind.CUSTOMER
    assert SUBJECT not in said(app.posts(TEAM_ROOM))


async def test_a_third_organisation_silences_the_channel_until_its_lead_confirms(app):
    """L09, L24, T21: noticed by the event, and without it before the next post."""
    await app.has_shown()
    before = len(app.posts(SHARED))
    app.fake.channels[SHARED] |= shared_with(ACME, "T0GLOBEX")
    await app.wait(timedelta(minutes=11))
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    assert len(app.posts(SHARED)) == before
    assert "belongs to no partnership" in said(app.direct(BEN))
    card = await app.command(BEN, TEAM_ROOM, f"link Acme <#{SHARED}>", "/partner")
    await app.press(BEN, button(card, "partnership.link_confirm"), TEAM_ROOM)
    assert acme(app).organisations == {ACME}


async def test_a_digest_of_the_old_mapping_is_not_sent_to_the_new_one(app):
    """L39: the channel was taken from Acme between queuing and sending."""
    preview = await app.command(BEN, TEAM_ROOM, "Acme", "/partner")
    preview = await app.press(BEN, button(preview, "welcome.preview"), TEAM_ROOM)
    await app.press(BEN, button(preview, "welcome.approve"), TEAM_ROOM)
    await app.command(BEN, TEAM_ROOM, "new Globex", "/partner")
    app.fake.channels[SHARED] |= shared_with("T0GLOBEX")
    before = len(app.posts(SHARED))
    await app.event({"type": "channel_shared", "channel": SHARED, "connected_team_id": "T0GLOBEX"})
    card = await app.command(BEN, TEAM_ROOM, f"link Globex <#{SHARED}>", "/partner")
    await app.press(BEN, button(card, "partnership.link_confirm"), TEAM_ROOM)
    await app.deliver()
    assert [each for each in app.posts(SHARED)[before:] if "Acme" in said(each)] == []
    assert len(app.posts(SHARED)) == before


async def test_who_leaves_the_channel_can_no_longer_act_for_the_customer(app):
    await app.has_shown()
    await app.press(CARLA, button(app.card(), "promise.how_is_it"), SHARED, app.card()["ts"])
    await app.event({"type": "member_left_channel", "user": CARLA, "channel": SHARED, "team": ACME})
    assert account_id(app, CARLA) not in members(app)


async def test_who_joins_is_known_before_they_press_anything(app):
    app.fake.members[SHARED].append(GUS)
    await app.event({"type": "member_joined_channel", "user": GUS, "channel": SHARED, "team": "T0GLOBEX"})
    assert account_id(app, GUS) in members(app)


async def test_a_channel_kept_was_taken_out_of_hears_nothing_more(app):
    """F51, L16: not elsewhere either."""
    await app.has_shown()
    app.fake.channels[SHARED]["is_member"] = False
    await app.event({"type": "member_left_channel", "user": BOT_USER, "channel": SHARED})
    before = {channel: len(posts) for channel, posts in app.fake.messages.items()}
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    after = {channel: len(posts) for channel, posts in app.fake.messages.items()}
    assert {each for each in after if after[each] != before.get(each, 0)} <= {"D0U0BEN", "D0U0ANA"}


async def test_an_archived_channel_is_not_written_to(app):
    await app.has_shown()
    app.fake.channels[SHARED]["is_archived"] = True
    await app.event({"type": "channel_archive", "channel": SHARED, "user": ANA})
    before = app.fake.seen.count("chat.update")
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    assert app.fake.seen.count("chat.update") == before


async def test_a_renamed_channel_is_called_by_its_new_name(app):
    app.fake.channels[SHARED]["name"] = "acme-and-us"
    await app.event(
        {"type": "channel_rename", "channel": {"id": SHARED, "name": "acme-and-us", "created": 1}}
    )
    assert place_of(app).name == "#acme-and-us"


async def test_one_message_told_under_two_workspaces_makes_one_promise(app):
    """L21, F05"""
    message = {"client_msg_id": "6b1f", "ts": "1763283600.000500"}
    await app.mention(ANA, SHARED, BY_FRIDAY, **message)
    await app.mention(ANA, SHARED, BY_FRIDAY, **{**message, "ts": "1763283600.000600"})
    partnership = acme(app)
    assert len(app.read(lambda uow: uow.promises.of_partnership(partnership.id))) == 1


async def test_one_event_delivered_four_times_has_one_effect(app):
    said_ = {"type": "app_mention", "user": ANA, "channel": SHARED, "ts": "1763283600.000700"}
    for _ in range(4):
        assert await app.event({**said_, "text": f"<@{BOT_USER}> {BY_FRIDAY}"}, "EvSame") == 200
    assert len(app.fake.calls("chat.postEphemeral")) == 1


async def test_what_another_installation_of_kept_posts_is_not_heard(app):
    """L22, T25"""
    before = len(app.fake.taken)
    await app.mention("U0OTHER", SHARED, BY_FRIDAY, bot_id="B0OTHER")
    await app.mention(ANA, SHARED, BY_FRIDAY, subtype="message_changed")
    assert len(app.fake.taken) == before


async def test_what_is_said_in_a_channel_to_others_is_not_heard(app):
    """Also if somebody grants Kept more than it asks for."""
    before = len(app.fake.taken)
    said_ = {"type": "message", "user": ANA, "channel": SHARED, "ts": "1763283600.000850"}
    assert await app.event({**said_, "text": BY_FRIDAY}) == 200
    assert len(app.fake.taken) == before


async def test_an_event_for_a_workspace_without_kept_is_taken_and_has_no_effect(app):
    other = {"authorizations": [{"team_id": "T0OTHER", "user_id": "U9", "is_bot": True}], "team_id": TEAM}
    said_ = {"type": "app_mention", "user": ANA, "channel": SHARED, "ts": "1763283600.000800"}
    assert await app.event({**said_, "text": f"<@{BOT_USER}> {BY_FRIDAY}"}, **other) == 200
    assert app.fake.calls("chat.postEphemeral") == []


async def test_nothing_is_said_while_slack_cannot_tell_who_reads_there(app):
    """L09, L24: what was told ten minutes ago is told no more; unsure means wait, not hope."""
    await app.has_shown()
    before = len(app.posts(SHARED))
    await app.wait(timedelta(minutes=11))
    for method in ("conversations.info", "users.conversations"):
        app.fake.go_wrong(method, *[Fails("internal_error")] * 20)
    await app.command(ANA, TEAM_ROOM, "done P-1")
    await app.deliver()
    assert len(app.posts(SHARED)) == before


async def test_a_channel_slack_does_not_describe_is_a_customers(app):
    """L08"""
    answer = await app.command(ANA, "C0UNSEEN", "list")
    assert answer["response_type"] == "ephemeral"
    assert place_of(app, "C0UNSEEN").kind is PlaceKind.CUSTOMER


async def test_an_event_that_comes_a_day_late_is_read_as_of_when_it_was_said(app):
    """F07"""
    spoken = app.clock.now
    app.clock.advance(timedelta(hours=25))
    said_ = {"type": "app_mention", "user": ANA, "channel": SHARED, "ts": "1763283600.000950"}
    words = f"<@{BOT_USER}> Acme: {SUBJECT} by Friday"
    await app.event({**said_, "text": words}, event_time=int(spoken.timestamp()))
    [promise] = app.read(lambda uow: uow.promises.numbered(1))
    assert promise.created_at == spoken
