"""The leak paths of Slack, by name: internal fields bear canaries, and every byte for outsiders is read.

`L01` ... are rows of the threat model. Outsiders get posts and edits in channels they are in, answers to
their own presses, commands and dialogs, and their Home tab.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from fake_slack import Fails
from slack_workspace import (
    ACME,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GLOBEX_SHARED,
    GUEST,
    GUS,
    MIA,
    SHARED,
    SUBJECT,
    TEAM_ROOM,
    Kept,
    button,
    buttons,
    said,
    shared_with,
)

CANARY = "ZQX"
NOTE, QUOTE, OTHER = f"{CANARY}-note", f"{CANARY}-quote", f"{CANARY}-other-customer"
OUTSIDERS = (CARLA, CARLOS, GUS, GUEST)


@pytest.fixture
async def app(app: Kept) -> Kept:
    """A promise with a note and a source, shown; another that is not; a promise to another customer."""
    await app.command(BEN, TEAM_ROOM, "new Globex", "/partner")
    card = await app.command(BEN, TEAM_ROOM, f"link Globex <#{GLOBEX_SHARED}>", "/partner")
    await app.press(BEN, button(card, "partnership.link_confirm"), TEAM_ROOM)
    form = await app.shortcut(ANA, TEAM_ROOM, QUOTE)
    partnership = app.read(lambda uow: uow.partnerships.named("Acme")).id
    values = {"title": SUBJECT, "due": "2026-11-27", "note": NOTE, "partnership": partnership}
    await app.submit(ANA, form, values)
    form = await app.press(ANA, button(await app.current(), "promise.share"), TEAM_ROOM)
    await app.submit(ANA, form, {})
    await app.command(ANA, TEAM_ROOM, f"Acme: {CANARY}-private by 2026-11-26")
    await app.command(BEN, TEAM_ROOM, f"Globex: {OTHER} by 2026-11-25")
    await app.deliver()
    assert SUBJECT in said(app.card())
    app.fake.taken.clear()
    app.fake.answers.clear()
    return app


def for_outsiders(app: Kept) -> str:
    """Every byte that Slack was handed for places and people outside."""
    sent = [each.fields for each in app.fake.taken if _is_outside(app, each.method, each.fields)]
    return json.dumps([sent, app.fake.messages[SHARED], app.fake.messages[GLOBEX_SHARED]])


def _is_outside(app: Kept, method: str, fields: dict[str, Any]) -> bool:
    if method.startswith("views.publish"):
        return fields["user_id"] in OUTSIDERS
    if method == "chat.postEphemeral":
        return fields["user"] in OUTSIDERS
    return fields.get("channel") in (SHARED, GLOBEX_SHARED, *(f"D0{each}" for each in OUTSIDERS))


async def run_the_week(app: Kept) -> None:
    """Everything that may be said of a promise in a channel within two weeks."""
    form = await app.press(ANA, button(await app.current(), "promise.renegotiate"), TEAM_ROOM)
    await app.submit(ANA, form, {"due": "2026-11-30", "reason": "The auditor is late"})
    await app.deliver()
    ask = app.posts(SHARED)[-1]
    await app.press(CARLA, button(ask, "renegotiation.accept"), SHARED, ask["ts"])
    await app.command(ANA, TEAM_ROOM, "done Acme P-1")
    await app.deliver()
    card = app.card()
    await app.press(CARLA, button(card, "promise.confirm"), SHARED, card["ts"])
    for _ in range(14):
        await app.wait(timedelta(days=1))


async def test_l01_l05_l13_l17_l18_l26_l42_what_stands_in_a_shared_channel_holds_nothing_internal(app):
    await run_the_week(app)
    found = for_outsiders(app)
    assert CANARY not in found
    assert "<!" not in found
    assert "usergroup" not in found
    assert "%" not in found
    posts = [each.fields for each in app.fake.taken if each.method == "chat.postMessage"]
    assert posts
    assert not [each for each in posts if each["unfurl_links"] or each["unfurl_media"] or each["link_names"]]
    assert {each.split(".")[0] for each in app.fake.seen} <= {
        "auth",
        "chat",
        "conversations",
        "users",
        "views",
    }


async def test_l02_an_answer_that_cannot_be_shown_to_one_is_shown_to_nobody(app):
    app.fake.go_wrong("chat.postEphemeral", Fails("user_not_in_channel"))
    before = len(app.posts(SHARED))
    await app.mention(ANA, SHARED, "list")
    assert len(app.posts(SHARED)) == before
    assert CANARY not in for_outsiders(app)


async def test_l03_an_answer_in_a_thread_is_for_one_and_is_never_broadcast(app):
    await app.mention(ANA, SHARED, "Acme P-1", thread_ts=app.card()["ts"])
    [answer] = app.fake.calls("chat.postEphemeral")
    assert answer.fields["user"] == ANA
    assert NOTE in said(answer.fields)
    await run_the_week(app)
    assert not [each for each in app.fake.taken if each.fields.get("reply_broadcast")]
    assert CANARY not in for_outsiders(app)


async def test_l04_what_is_hidden_in_a_message_is_random_or_a_mark(app):
    await run_the_week(app)
    await app.command(ANA, SHARED, "")
    hidden = []
    for each in app.fake.taken:
        view = each.fields.get("view", {})
        hidden += [view.get("private_metadata", ""), json.dumps(each.fields.get("metadata", {}))]
        blocks = view.get("blocks") or each.fields.get("blocks") or []
        hidden += [str(block.get("block_id", "")) for block in blocks]
        hidden += [press.get("value", "") for press in buttons({"blocks": blocks})]
    assert any(hidden)
    assert CANARY not in " ".join(hidden)
    assert SUBJECT not in " ".join(hidden)


async def test_l06_nothing_internal_ever_stood_in_a_channel_that_is_shared_later(app):
    await app.command(ANA, TEAM_ROOM, "list")
    await app.mention(ANA, TEAM_ROOM, "Acme P-1")
    app.fake.channels[TEAM_ROOM] |= shared_with(ACME)
    await app.event({"type": "channel_shared", "channel": TEAM_ROOM, "connected_team_id": ACME})
    await app.deliver()
    assert CANARY not in json.dumps(app.posts(TEAM_ROOM))


async def test_l10_l25_no_dialog_offers_an_outsider_our_people_or_customers(app):
    await app.command(BEN, TEAM_ROOM, "Acme", "/partner")
    card = app.card()
    for user, press in ((CARLA, "promise.share"), (CARLA, "promise.renegotiate"), (GUS, "partnership.edit")):
        forged = {"action_id": press, "value": button(card, "promise.release")["value"], "type": "button"}
        answer = await app.press(user, forged, SHARED, card["ts"])
        assert "Globex" not in said(answer)
        assert CANARY not in said(answer)
    for words in ("find report", "list", "list Globex", "Globex P-1", "help", ""):
        assert CANARY not in said(await app.command(CARLA, SHARED, words))


async def test_l11_the_home_tab_of_an_outsider_is_empty_of_everything(app):
    for user in OUTSIDERS:
        shown = said(await app.open_home(user))
        assert CANARY not in shown
        assert SUBJECT not in shown


async def test_l12_no_command_is_answered_to_the_channel(app):
    for words in ("list", "Acme P-1", "help", "nonsense"):
        answer = await app.command(ANA, SHARED, words)
        assert answer.get("response_type", "ephemeral") == "ephemeral"
    assert not [each for each in app.fake.answers if each[1].get("response_type") != "ephemeral"]


async def test_l14_nothing_is_ever_uploaded(app):
    await run_the_week(app)
    assert not [each for each in app.fake.seen if each.startswith("files")]


async def test_l15_forbidden_and_absent_read_alike(app):
    other = app.read(lambda uow: uow.promises.numbered(1, uow.partnerships.named("Globex").id))[0]
    press = {"action_id": "promise.release", "type": "button"}
    forbidden = await app.press(CARLA, {**press, "value": f"1:{other.id}:"}, SHARED, "1.1")
    absent = await app.press(CARLA, {**press, "value": f"1:{'0' * 32}:"}, SHARED, "1.1")
    assert said(forbidden) == said(absent)


async def test_l16_a_nudge_that_reaches_nobody_is_not_said_in_the_channel(app):
    app.fake.go_wrong("conversations.open", *[Fails("cannot_dm_bot")] * 200)
    app.slack.chat._conversations.clear()
    before = len(app.posts(SHARED)), len(app.posts(TEAM_ROOM))
    for _ in range(10):
        await app.wait(timedelta(days=1))
    assert CANARY not in for_outsiders(app)
    assert len(app.posts(TEAM_ROOM)) == before[1]


@pytest.mark.parametrize("user", [GUEST, GUS, CARLOS])
async def test_l19_l20_who_only_looks_internal_is_told_nothing(app, user):
    app.fake.members[SHARED].append(user)
    for words in ("list", "Acme P-1", "Acme P-2", "find ZQX"):
        assert CANARY not in said(await app.command(user, SHARED, words))
        await app.mention(user, SHARED, words)
    assert CANARY not in for_outsiders(app)


async def test_l23_an_edit_or_a_deletion_brings_nothing_out(app):
    card = app.card()
    await app.mention(CARLA, SHARED, "x", subtype="message_deleted", deleted_ts=card["ts"])
    assert CANARY not in for_outsiders(app)


async def test_l24_the_audience_is_looked_at_again_before_a_post(app):
    """The customer was added to an internal channel minutes before."""
    app.fake.channels[TEAM_ROOM] |= shared_with(ACME)
    await app.wait(timedelta(minutes=11))
    await run_the_week(app)
    assert CANARY not in json.dumps(app.posts(TEAM_ROOM))


async def test_l40_what_could_not_be_sent_is_remembered_without_its_words(app, caplog):
    app.fake.go_wrong("chat.postMessage", *[Fails("msg_too_long")] * 50)
    await app.command(ANA, TEAM_ROOM, "done Acme P-1")
    await app.deliver()
    letters = app.read(lambda uow: uow.outbox.dead())
    assert CANARY not in repr(letters)
    assert CANARY not in caplog.text


async def test_l41_a_preview_is_read_by_the_one_who_asked(app):
    before = len(app.posts(SHARED))
    card = await app.command(BEN, TEAM_ROOM, "Acme", "/partner")
    await app.press(BEN, button(card, "welcome.preview"), TEAM_ROOM)
    await app.deliver()
    assert len(app.posts(SHARED)) == before


async def test_the_canaries_are_there_to_be_found(app):
    """A test that looks for what nobody wrote proves nothing."""
    assert NOTE in said(await app.command(ANA, TEAM_ROOM, "Acme P-1"))
    assert QUOTE in said(await app.command(BEN, TEAM_ROOM, "Acme P-1"))
    assert f"{CANARY}-private" in said(await app.open_home(ANA))
    assert OTHER in said(await app.open_home(BEN))
    assert await app.open_home(MIA)
