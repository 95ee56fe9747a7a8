"""Messages in channels: read where a lead lets it, never stored as they came, offered to who wrote them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select

from fake_slack import BOT_USER, TEAM
from fakes import SettableClock
from slack_workspace import (
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GUEST,
    SHARED,
    TEAM_ROOM,
    Kept,
    Workspace,
    button,
    buttons,
    kept,
    said,
)

PROMISE = "I'll send you the SOC 2 report by 27 November."
QUESTION = "Could you send us the pen test by 27 November?"


@pytest.fixture
async def app(sqlite_engine: Engine, home: Workspace, clock: SettableClock) -> AsyncIterator[Kept]:
    """Kept at work for Acme, in whose channel Ben lets it read along."""
    async with kept(sqlite_engine, home, clock, reading=True) as app:
        await app.begin()
        yield app


@pytest.fixture
async def reading(app: Kept) -> Kept:
    await app.command(BEN, TEAM_ROOM, "reading Acme on", "/partner")
    await app.deliver()
    return app


async def writes(app: Kept, user: str, text: str, channel: str = SHARED, /, **more: Any) -> str:
    """As Slack tells it to an app that hears the channel; the timestamp of the message."""
    ts = f"{int(app.clock.now.timestamp())}.{next(app.numbers):06d}"
    message = {"type": "message", "user": user, "channel": channel, "ts": ts, "text": text, "team": TEAM}
    assert await app.event({**message, "client_msg_id": f"m-{ts[11:]}", **more}) == 200
    await app.deliver()
    return ts


def offers(app: Kept, user: str = ANA) -> list[dict[str, Any]]:
    return [post for post in app.direct(user) if "noticed." in str(post)]


def everything(engine: Engine) -> str:
    """All there is in the store, as text."""
    found = MetaData()
    found.reflect(engine)
    with engine.begin() as connection:
        return repr([connection.execute(select(t)).all() for t in found.sorted_tables if t.name != "lanes"])


async def test_a_promise_made_in_passing_is_offered_to_its_speaker_alone(reading):
    await writes(reading, ANA, PROMISE)
    [offer] = offers(reading)
    assert "send the SOC 2 report" in said(offer)
    assert "Fri 27 Nov" in said(offer)
    assert PROMISE[:20] not in said(reading.posts(SHARED))
    assert offers(reading, BEN) == []


async def test_track_keeps_the_words_and_where_they_stand(reading):
    await writes(reading, ANA, PROMISE)
    [offer] = offers(reading)
    shown = await reading.press(ANA, button(offer, "noticed.track"), f"D0{ANA}")
    assert "Between us" in said(shown)
    [made] = reading.read(lambda uow: uow.promises.numbered(1))
    assert made.source.quote == PROMISE.rstrip(".")
    assert made.source.link.startswith("https://kept.slack.com/archives/")
    assert not made.is_shown


async def test_edit_opens_the_form(reading):
    await writes(reading, ANA, PROMISE)
    [offer] = offers(reading)
    form = await reading.press(ANA, button(offer, "noticed.edit"), f"D0{ANA}")
    done = await reading.submit(ANA, form, {"title": "Send SOC 2, type II"})
    assert "type II" in said(done)


async def test_the_channel_is_told_who_is_read_and_how_not_to_be(reading):
    card = next(post for post in reading.posts(SHARED) if "reads along" in said(post))
    assert [each["action_id"].split("#")[0] for each in buttons(card)] == ["reading.leave"]
    await reading.press(ANA, button(card, "reading.leave"), SHARED)
    await writes(reading, ANA, PROMISE)
    assert offers(reading) == []


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "bot_message", "bot_id": "B9"},
        {"bot_id": "B9"},
        {"subtype": "channel_join"},
        {"subtype": "message_changed", "message": {"text": PROMISE, "user": ANA}, "user": None},
        {"subtype": "message_deleted"},
        {"user": BOT_USER},
    ],
)
async def test_bots_edits_and_notices_are_not_read(reading, sqlite_engine, more):
    before = everything(sqlite_engine)
    await writes(reading, ANA, PROMISE, **more)
    assert offers(reading) == []
    assert everything(sqlite_engine) == before


def deleted(ts: str) -> dict[str, Any]:
    before = {"type": "message", "user": ANA, "ts": ts, "text": PROMISE}
    return {"subtype": "message_deleted", "deleted_ts": ts, "previous_message": before}


def under_a_tombstone(ts: str) -> dict[str, Any]:
    """As Slack tells of a deleted message that has answers."""
    return {**edited(ts, "This message was deleted."), "message": {"subtype": "tombstone", "ts": ts}}


def edited(ts: str, text: str = "Never mind.", **message: Any) -> dict[str, Any]:
    now = {"type": "message", "user": ANA, "ts": ts, "text": text, **message}
    before = {"type": "message", "user": ANA, "ts": ts, "text": PROMISE}
    return {"subtype": "message_changed", "message": now, "previous_message": before}


async def told_of(app: Kept, what: dict[str, Any], event_id: str | None = None) -> None:
    event = {"type": "message", "channel": SHARED, "ts": "1763283700.000001", "hidden": True}
    assert await app.event({**event, **what}, event_id) == 200
    await app.deliver()


gone_ = pytest.mark.parametrize("gone", [deleted, under_a_tombstone], ids=["deleted", "tombstone"])


@pytest.mark.parametrize("gone", [deleted, under_a_tombstone, edited])
async def test_an_unanswered_offer_goes_with_its_message(reading, sqlite_engine, gone):
    ts = await writes(reading, ANA, PROMISE)
    await told_of(reading, gone(ts))
    assert offers(reading) == []
    assert "not open any more" in said(reading.direct(ANA))
    assert "SOC 2" not in everything(sqlite_engine)


@gone_
async def test_l23_a_deleted_message_is_quoted_no_more_and_its_promise_stays(reading, sqlite_engine, gone):
    ts = await writes(reading, ANA, PROMISE)
    await reading.press(ANA, button(offers(reading)[0], "noticed.track"), f"D0{ANA}")
    for event_id in ("EvGone", "EvGone"):
        await told_of(reading, gone(ts), event_id)
    [made] = reading.read(lambda uow: uow.promises.numbered(1))
    assert (made.title, made.source.quote) == ("send the SOC 2 report", "")
    assert made.source.link.endswith(ts.replace(".", ""))
    assert PROMISE[:20] not in everything(sqlite_engine)


async def test_an_edited_message_is_quoted_as_it_was_said(reading, sqlite_engine):
    ts = await writes(reading, ANA, PROMISE)
    await reading.press(ANA, button(offers(reading)[0], "noticed.track"), f"D0{ANA}")
    await told_of(reading, edited(ts, "Zebra crossing at noon"))
    [made] = reading.read(lambda uow: uow.promises.numbered(1))
    assert made.source.quote == PROMISE.rstrip(".")
    assert "Zebra" not in everything(sqlite_engine)


@pytest.mark.parametrize(
    "what",
    [
        lambda ts: edited(ts, PROMISE, attachments=[{"from_url": "https://acme.example"}]),
        lambda ts: edited(ts, bot_id="B9"),
        lambda ts: deleted("1763283700.000009"),
        lambda ts: {**deleted(ts), "channel": "C0UNKNOWN"},
    ],
    ids=["a link unfolds", "a bot", "another message", "another channel"],
)
async def test_an_offer_stays_while_its_message_says_what_it_said(reading, what):
    ts = await writes(reading, ANA, PROMISE)
    await told_of(reading, what(ts))
    assert "noticed.track" in str(offers(reading))


async def test_a_promise_tracked_by_hand_loses_the_quote_where_nothing_is_read(app, sqlite_engine):
    """Slack tells of it in a channel that is heard, whether or not it is read."""
    form = await app.shortcut(ANA, SHARED, QUESTION, ts="1763283600.000100")
    await app.submit(ANA, form, {"title": "Pen test", "due": "2026-11-27"})
    [made] = app.read(lambda uow: uow.promises.numbered(1))
    assert made.source.quote == QUESTION
    await told_of(app, deleted("1763283600.000100"))
    assert QUESTION not in everything(sqlite_engine)


@pytest.mark.parametrize("text", ["Good morning, how was the launch?", QUESTION, "Zebra crossing at noon"])
@pytest.mark.parametrize("user", [ANA, CARLA, CARLOS])
async def test_what_holds_no_promise_is_nowhere_in_the_store(reading, sqlite_engine, user, text):
    before = everything(sqlite_engine)
    await writes(reading, user, text)
    assert everything(sqlite_engine) == before


async def test_where_nobody_switched_it_on_nothing_is_looked_up_or_stored(app, sqlite_engine):
    before, asked = everything(sqlite_engine), len(app.fake.taken)
    for channel in (SHARED, TEAM_ROOM, "C0UNKNOWN"):
        await writes(app, ANA, PROMISE, channel)
    assert everything(sqlite_engine) == before
    assert len(app.fake.taken) == asked


async def test_a_guest_of_ours_is_not_one_of_us(reading):
    reading.fake.members[SHARED].append(GUEST)
    await writes(reading, GUEST, PROMISE)
    assert offers(reading, GUEST) == []


async def test_what_is_said_to_kept_is_answered_and_not_offered_besides(reading):
    text = f"<@{BOT_USER}> I'll send the report by 27 November"
    await writes(reading, ANA, text)
    await reading.mention(ANA, SHARED, "I'll send the report by 27 November")
    assert offers(reading) == []


async def test_the_same_message_told_twice_is_offered_once(reading):
    for event_id in ("Ev1", "Ev2"):
        message = {"type": "message", "user": ANA, "channel": SHARED, "ts": "1.1", "text": PROMISE}
        await reading.event({**message, "client_msg_id": "m1"}, event_id)
        await reading.deliver()
    assert len(offers(reading)) == 1


async def test_mentions_are_read_as_names_without_asking_slack(reading):
    asked = len(reading.fake.calls("users.info"))
    await writes(reading, ANA, f"I'll send <@{CARLA}> the SOC 2 report by 27 November.")
    assert "Carla" in said(offers(reading))
    assert f"<@{CARLA}>" not in str(offers(reading))
    assert len(reading.fake.calls("users.info")) == asked


async def test_with_their_leads_yes_an_answer_in_the_thread_is_understood(app):
    card = await app.command(BEN, TEAM_ROOM, "Acme", "/partner")
    form = await app.press(BEN, button(card, "partnership.edit"), TEAM_ROOM)
    carla = app.read(lambda uow: uow.people.by_account("slack", CARLA)).id
    await app.submit(BEN, form, {"their_lead": carla})
    await app.command(BEN, TEAM_ROOM, "reading Acme on", "/partner")
    await app.deliver()
    told = next(post for post in app.posts(SHARED) if "reads along" in said(post))
    await app.press(CARLA, button(told, "reading.agree"), SHARED)
    ts = await writes(app, CARLOS, QUESTION)
    await writes(app, ANA, "Sure, will do", thread_ts=ts)
    assert "send the pen test" in said(offers(app))


async def test_a_direct_conversation_is_with_kept_and_not_overheard(reading):
    direct = {"type": "message", "user": ANA, "channel": "D0ANA", "ts": "2.2", "text": PROMISE}
    await reading.event({**direct, "channel_type": "im"})
    assert offers(reading) == []
