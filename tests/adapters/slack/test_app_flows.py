"""Every flow from a signed request to what Slack takes: capture, show, renegotiate, answer, celebrate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from block_kit_rules import MESSAGE_KEYS, mentioned, wrong_with_message, wrong_with_view
from bot import pausing
from commitments.promise import State
from fake_slack import TEAM
from slack_workspace import (
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GUS,
    MIA,
    NOOR,
    SHARED,
    SUBJECT,
    TEAM_ROOM,
    Kept,
    button,
    buttons,
    said,
)

BY_FRIDAY = f"Acme: {SUBJECT} by 2026-11-27"


@pytest.fixture
def store(engine):
    return engine


def the_promise(app: Kept):
    [promise] = app.read(lambda uow: uow.promises.numbered(1))
    return promise


# Capture


async def test_a_command_is_answered_with_the_promise_itself(app):
    made = await app.command(ANA, TEAM_ROOM, BY_FRIDAY)
    assert made["response_type"] == "ephemeral"
    assert SUBJECT in said(made)
    assert "promise.share" in [each["action_id"] for each in buttons(made)]
    assert the_promise(app).state is State.OPEN


async def test_a_command_alone_opens_the_form(app):
    form = await app.command(ANA, TEAM_ROOM, "")
    assert (form["type"], form["callback_id"]) == ("modal", "promise.capture")
    assert app.fake.calls("views.open")


async def test_a_form_that_lacks_something_comes_back_with_the_error_beside_its_field(app):
    form = await app.command(ANA, SHARED, "")
    answer = await app.submit(ANA, form, {"title": "Send it", "due": "sometime"})
    assert (answer["response_action"], list(answer["errors"])) == ("errors", ["due"])
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


async def test_a_form_that_is_complete_shows_the_promise_in_its_place(app):
    form = await app.command(ANA, SHARED, "")
    answer = await app.submit(ANA, form, {"title": "Send it", "due": "2026-11-27"})
    assert answer["response_action"] == "update"
    assert "Send it" in said(answer["view"])
    assert the_promise(app).title == "Send it"


async def test_a_colleague_chosen_in_the_form_owns_the_promise_once_they_accept(app):
    form = await app.command(ANA, SHARED, "")
    await app.submit(ANA, form, {"title": "Send it", "due": "2026-11-27", "owner": NOOR})
    promise = the_promise(app)
    owner = app.read(lambda uow: uow.people.get(promise.owner_id))
    assert (owner.account, promise.state) == (NOOR, State.PROPOSED)


async def test_a_mentioned_colleague_is_asked_to_own_it(app):
    await app.command(ANA, TEAM_ROOM, f"{BY_FRIDAY} <@{NOOR}|noor>")
    await app.deliver()
    assert the_promise(app).state is State.PROPOSED
    assert SUBJECT in said(app.direct(NOOR))


async def test_a_form_submitted_again_for_want_of_an_answer_makes_one_promise(app):
    form = await app.command(ANA, SHARED, "")
    values = {"title": SUBJECT, "due": "sometime"}
    assert (await app.submit(ANA, form, values))["response_action"] == "errors"
    values["due"] = "2026-11-27"
    assert (await app.submit(ANA, form, values))["response_action"] == "update"
    assert (await app.submit(ANA, form, values))["response_action"] == "clear"
    assert the_promise(app).title == SUBJECT
    assert app.read(lambda uow: uow.promises.numbered(2)) == []


async def test_a_message_becomes_a_promise_with_its_quote_and_link_in_threads_too(app):
    form = await app.shortcut(ANA, SHARED, "We need the &lt;SOC 2&gt; report", thread_ts="1763283600.000050")
    assert form["callback_id"] == "promise.capture"
    await app.submit(ANA, form, {"title": "Send it", "due": "2026-11-27"})
    source = the_promise(app).source
    assert source.quote == "We need the <SOC 2> report"
    assert source.link == f"https://kept.slack.com/archives/{SHARED}/p1763283600000100"


async def test_a_message_with_several_promises_becomes_one_form_of_its_writers_promises(app):
    text = "We'll sign the order by 2026-11-27. And I'll send the logs by 2026-11-26."
    form = await app.shortcut(ANA, SHARED, text)
    assert form["callback_id"] == "notes.keep"
    kept = await app.submit(ANA, form, {})
    assert "Recorded 2 promises" in said(kept["view"])
    made = [promise for n in (1, 2) for promise in app.read(lambda uow, n=n: uow.promises.numbered(n))]
    owners = {app.read(lambda uow, p=p: uow.people.get(p.owner_id)).account for p in made}
    assert (owners, {p.is_shown for p in made}) == ({CARLA}, {False})


async def test_notes_are_pasted_into_a_form_and_looked_through_in_its_place(app):
    form = await app.command(ANA, SHARED, "notes")
    answer = await app.submit(
        ANA, form, {"notes": "Ana: I'll send it by 2026-11-27\nBen: I'll fix it by Friday"}
    )
    assert answer["response_action"] == "update"
    review = {**answer["view"], "id": "V1"}
    answer = await app.submit(ANA, review, {"due_1": "sometime"})
    assert list(answer["errors"]) == ["due_1"]
    answer = await app.submit(ANA, review, {})
    assert answer["response_action"] == "update", answer
    assert "Recorded" in said(answer["view"])


async def test_notes_without_a_promise_come_back_with_the_error_beside_them(app):
    form = await app.command(ANA, SHARED, "notes")
    answer = await app.submit(ANA, form, {"notes": "Nice weather"})
    assert (answer["response_action"], list(answer["errors"])) == ("errors", ["notes"])


async def test_the_global_shortcut_opens_the_form(app):
    payload = {
        "type": "shortcut",
        "callback_id": "make_promise",
        "team": {"id": "T0KEPT"},
        "user": {"id": ANA},
        "trigger_id": "1.2.3",
    }
    assert (await app.interact(payload))["callback_id"] == "promise.capture"


async def test_a_mention_is_answered_to_the_one_who_spoke_alone(app):
    await app.mention(ANA, SHARED, BY_FRIDAY, thread_ts="1763283600.000050")
    [answer] = app.fake.calls("chat.postEphemeral")
    assert (answer.fields["user"], answer.fields["thread_ts"]) == (ANA, "1763283600.000050")
    assert SUBJECT in said(answer.fields)
    assert the_promise(app).source.link == f"https://kept.slack.com/archives/{SHARED}/p1763283600000050"


async def test_a_mention_that_needs_a_form_offers_the_button_that_may_open_one(app):
    await app.mention(ANA, SHARED, "send it sometime")
    [answer] = app.fake.calls("chat.postEphemeral")
    press = button(answer.fields, "slack.open_form")
    form = await app.press(ANA, press, SHARED)
    assert form["callback_id"] == "promise.capture"
    assert "send it" in said(form)


async def test_a_mention_that_begins_a_partnership_is_answered_with_it(app):
    await app.mention(ANA, TEAM_ROOM, "partner new Zeta")
    [answer] = app.fake.calls("chat.postEphemeral")
    assert "Zeta is saved, and you lead it." in said(answer.fields)
    form = await app.press(ANA, button(answer.fields, "partnership.edit"), TEAM_ROOM)
    assert form["callback_id"] == "partnership.edit"


async def test_nobody_else_can_open_the_form_of_what_somebody_said(app):
    await app.mention(ANA, SHARED, "send it sometime")
    press = button(app.fake.calls("chat.postEphemeral")[0].fields, "slack.open_form")
    answer = await app.press(BEN, press, SHARED)
    assert "send it" not in said(answer)


async def test_a_direct_message_is_answered_with_what_kept_can_do(app):
    hello = {"type": "message", "channel_type": "im", "user": ANA, "channel": "D0U0ANA", "ts": "1.5"}
    await app.event({**hello, "text": "hi"})
    assert "/promise" in said(app.fake.calls("chat.postEphemeral")[-1].fields)


@pytest.mark.parametrize(
    ("name", "text"), [("/win", "Acme: first joint release"), ("/heard", "Acme: the export is too slow")]
)
async def test_wins_and_voices_are_written_down_by_command(app, name, text):
    answer = await app.command(ANA, TEAM_ROOM, text, name)
    assert text.removeprefix("Acme: ") in said(answer)


# The other side


async def test_a_shown_promise_is_one_message_in_the_shared_channel(app):
    card = await app.has_shown()
    assert SUBJECT in said(card)
    assert [each for each in app.posts(SHARED) if SUBJECT in said(each)] == [card]
    assert {each["action_id"] for each in buttons(card)} == {"promise.how_is_it", "promise.release"}


async def test_the_card_is_edited_in_place_and_an_answer_asked_for_in_its_thread(app):
    ask = await app.has_offered()
    assert ask["thread_ts"] == app.card()["ts"]
    assert len(mentioned(ask["blocks"])) == 1
    assert "The auditor is late" in said(app.card())


async def test_an_external_member_counters_and_the_owner_accepts(app):
    ask = await app.has_offered()
    counter = await app.press(CARLA, button(ask, "renegotiation.counter"), SHARED, ask["ts"])
    done = await app.submit(CARLA, counter, {"due": "2026-12-02"}, team="T0ACME")
    assert done["response_action"] == "update", done
    await app.deliver()
    offer = app.direct(ANA)[-1]
    answer = await app.press(ANA, button(offer, "renegotiation.accept"), "D0U0ANA", offer["ts"])
    assert answer["response_type"] == "ephemeral"
    assert the_promise(app).due.at.date().isoformat() == "2026-12-02"


async def test_an_external_member_confirms_and_the_card_celebrates(app):
    await app.has_shown()
    await app.command(ANA, TEAM_ROOM, "done P-1 https://example.com/report")
    await app.deliver()
    card = app.card()
    await app.press(CARLOS, button(card, "promise.confirm"), SHARED, card["ts"])
    await app.deliver()
    assert the_promise(app).state is State.KEPT
    assert "🎉" in said(app.card())


async def test_somebody_of_another_customer_cannot_confirm(app):
    card = await app.has_shown()
    app.fake.members[SHARED].append(GUS)
    answer = await app.press(GUS, button(card, "promise.release"), SHARED, card["ts"])
    assert the_promise(app).state is State.OPEN
    assert SUBJECT not in said(answer)


async def test_a_press_on_a_card_of_another_day_gets_how_things_are_now(app):
    card = await app.has_shown()
    press = button(card, "promise.release")
    await app.press(CARLA, press, SHARED, card["ts"])
    await app.wait(timedelta(days=30))
    answer = await app.press(CARLOS, press, SHARED, card["ts"])
    assert SUBJECT in said(answer)
    assert the_promise(app).state is State.RELEASED


async def test_a_press_of_a_version_nobody_knows_is_answered_kindly(app):
    press = {"action_id": "promise.release", "value": "9:whatever", "type": "button"}
    assert "older day" in said(await app.press(CARLA, press, SHARED, "1.1"))


async def test_a_press_twice_has_one_effect(app):
    card = await app.has_shown()
    press = button(card, "promise.how_is_it")
    first = await app.press(CARLA, press, SHARED, card["ts"], trigger_id="same")
    again = await app.press(CARLA, press, SHARED, card["ts"], trigger_id="same")
    assert first
    assert again == {}


async def test_the_welcome_is_the_customers_way_in(app):
    preview = await app.command(BEN, TEAM_ROOM, "Acme", "/partner")
    preview = await app.press(BEN, button(preview, "welcome.preview"), TEAM_ROOM)
    await app.press(BEN, button(preview, "welcome.approve"), TEAM_ROOM)
    await app.deliver()
    welcome = app.posts(SHARED)[-1]
    assert [each["action_id"] for each in buttons(welcome)][:2] == ["welcome.list", "welcome.ask"]
    form = await app.press(CARLA, button(welcome, "welcome.ask"), SHARED, welcome["ts"])
    done = await app.submit(CARLA, form, {"title": "A test account", "due": "2026-11-30"}, team="T0ACME")
    assert "A test account" in said(done["view"])
    await app.deliver()
    assert "A test account" in said(app.direct(BEN))


async def test_commands_belong_to_our_side_and_the_answer_says_so_kindly(app):
    answer = await app.command(CARLA, SHARED, BY_FRIDAY)
    assert "buttons" in said(answer)
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


async def test_a_nudge_comes_by_direct_message_with_its_buttons(app):
    await app.has_made()
    await app.wait(timedelta(days=7, hours=2))
    nudges = [each for each in app.direct(ANA) if "promise.on_track" in str(buttons(each))]
    assert nudges
    assert all(SUBJECT not in said(each) for each in app.posts(SHARED))


async def test_kept_introduces_itself_once_where_it_was_invited(app):
    first = app.posts(SHARED)[0]
    assert "Kept" in said(first)
    await app.event({"type": "member_joined_channel", "user": "U0KEPT", "channel": SHARED, "inviter": BEN})
    await app.deliver()
    assert len([each for each in app.posts(SHARED) if said(each) == said(first)]) == 1


# The Home tab


async def test_the_owner_sees_what_needs_them_and_their_promises(app):
    await app.has_made()
    view = await app.open_home(ANA)
    assert SUBJECT in said(view)


async def test_a_button_on_the_home_tab_answers_in_a_dialog(app):
    await app.has_made("Acme: call back by 2026-11-16")
    view = await app.open_home(ANA)
    press = button(view, "promise.done")
    answer = await app.press_in_view(
        ANA, press, {**view, "id": "V1", "callback_id": "", "private_metadata": ""}
    )
    assert answer["type"] == "modal"
    assert the_promise(app).state is State.DELIVERED


async def test_the_home_tab_is_drawn_again_after_what_its_reader_did(app):
    await app.open_home(ANA)
    before = len(app.fake.calls("views.publish"))
    made = await app.has_made()
    await app.press(ANA, button(made, "promise.undo"), TEAM_ROOM)
    assert len(app.fake.calls("views.publish")) > before


async def test_while_all_rests_the_home_tab_stays_as_it_was(app):
    made = await app.has_made()
    await app.open_home(ANA)
    with app.ports.open_uow(TEAM) as uow:
        pausing.pause(uow, app.clock.now)
        uow.commit()
    before = len(app.fake.calls("views.publish"))
    await app.press(ANA, button(made, "promise.undo"), TEAM_ROOM)
    await app.open_home(ANA)
    assert len(app.fake.calls("views.publish")) == before


async def test_the_lead_sees_both_sides_of_their_partnership(app):
    await app.has_shown()
    assert "Promised to Acme" in said(await app.open_home(BEN))


async def test_the_manager_sees_partnerships_and_no_persons_figures(app):
    await app.has_shown()
    await app.wait(timedelta(days=20))
    shown = said(await app.open_home(MIA))
    assert "Acme" in shown
    assert "Ana" not in shown


async def test_somebody_from_outside_sees_nothing_internal(app):
    await app.has_shown()
    shown = said(await app.open_home(CARLA))
    assert SUBJECT not in shown
    assert "Acme" not in shown


async def test_everything_slack_was_sent_is_sound_block_kit(app, shared):
    ask = await app.has_offered()
    await app.press(CARLA, button(ask, "renegotiation.counter"), SHARED, ask["ts"])
    for user in (ANA, BEN, CARLA):
        await app.open_home(user)
    sent = [each.fields for each in app.fake.taken]
    messages = [each for each in sent if "blocks" in each and "metadata" in each]
    messages = [{name: each[name] for name in MESSAGE_KEYS} for each in messages]
    wrong = [wrong for each in messages for wrong in wrong_with_message(each, shared)]
    wrong += [wrong for each in sent if "view" in each for wrong in wrong_with_view(each["view"], shared)]
    assert messages
    assert wrong == []
