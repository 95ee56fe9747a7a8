"""Capturing: at once when all is clear, by the form when something is missing, unsure or worth seeing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards import FieldType
from bot.plain import plain_text
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    FRIDAY,
    GLOBEX,
    GLOBEX_SHARED,
    GUS,
    STRANGER,
    a_partnership,
    an_id,
)
from commitments.partnership import Role
from commitments.promise import Side, Source, State
from driving import Bot, came_back, errors_of, opened, preface_of, refused, replied, value_of, verbs


@pytest.fixture
def bot() -> Bot:
    return Bot()


def wish(bot: Bot, kind: str, person=CARLA, **values: str):
    form = opened(bot.presses(person, f"welcome.{kind}", f"1:{ACME.id}:", ACME_SHARED))
    return bot.submits(person, form, values, place=ACME_SHARED)


# Clear words


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Acme: send the SOC 2 report by Friday 5pm", None),
        ("acme: send the SOC 2 report by Friday 5pm", ACCOUNT_TEAM),
        ("send the SOC 2 report by Friday 5pm", ACME_SHARED),
        ("send the SOC 2 report by Friday 5pm", None),  # Ana works with one customer only
        ("Acme: send the SOC 2 report by 2026-11-20 17:00", None),
        ("Acme: send the SOC 2 report by 20 November at 17:00", None),
        ("Acme: send the SOC 2 report, Friday 5pm", None),
    ],
)
def test_clear_words_are_enough(bot, words, place):
    card = replied(bot.says(ANA, words, place))
    made = bot.promise()
    assert (made.title, made.side, made.state) == ("send the SOC 2 report", Side.OURS, State.OPEN)
    assert (made.owner_id, made.filed_by, made.partnership_id) == (ANA.id, ANA.id, ACME.id)
    assert made.due.at == FRIDAY.replace(hour=17)
    assert "P-1" in card.title
    assert "Acme" in card.title


def test_a_day_alone_means_the_end_of_the_owners_working_day(bot):
    made = bot.has_made("Acme: send the report by Friday")
    assert made.due.at == FRIDAY.replace(hour=17)
    assert not made.due.time_said


def test_what_is_captured_stays_between_us(bot):
    card = replied(bot.says(ANA, "send the report by Friday", ACME_SHARED))
    bot.settle()
    assert "Between us" in plain_text(card)
    assert not bot.promise().is_shown
    assert bot.heard_in(ACME_SHARED) == []


def test_a_channel_that_shows_at_once_shows_at_once(bot):
    with bot.stage.work() as uow:
        uow.partnerships.save(replace(ACME, shows_at_once=True))
    bot.has_made()
    bot.settle()
    assert bot.promise().is_shown
    assert len(bot.heard_in(ACME_SHARED, "anchor:")) == 1


def test_the_card_after_capture_offers_to_show_to_change_and_to_take_back(bot):
    card = replied(bot.says(ANA, "Acme: send the report by Friday"))
    assert verbs(card) == ["promise.share", "promise.renegotiate", "promise.undo"]


def test_numbers_count_per_partnership(bot):
    for words in ("Acme: one by Friday 3pm", "Acme: two by Thursday 3pm", "Globex: one by Wednesday 3pm"):
        bot.has_made(words, person=BEN)
    assert [bot.promise(n).title for n in (1, 2)] == ["one", "two"]
    assert bot.promise(1, "Globex").title == "one"


def test_the_owners_clock_reads_the_date_not_the_typists(bot):
    with bot.stage.work() as uow:
        uow.people.save(replace(BEN, zone="America/New_York"))
    made = bot.has_made(f"Acme: send the report by Friday 5pm <@{BEN.id}>")
    assert (made.due.at, made.due.zone) == (FRIDAY.replace(hour=22), "America/New_York")


# Missing or unsure


def test_nothing_typed_opens_an_empty_form(bot):
    form = opened(bot.says(ANA, ""))
    assert form.id == "promise.capture"
    assert (form.value_of("title"), form.value_of("due"), form.value_of("owner")) == ("", "", ANA.id)
    assert {each.name for each in form.fields if each.required} == {"partnership", "title", "due", "owner"}


def test_in_a_customers_channel_the_form_knows_the_customer(bot):
    assert opened(bot.says(ANA, "", ACME_SHARED)).value_of("partnership") == ACME.id


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("Acme: send the report", {"partnership": ACME.id, "title": "send the report", "due": ""}),
        ("Acme: send the report soon", {"partnership": ACME.id, "due": ""}),
        ("Friday 5pm", {"title": "", "due": "2026-11-20T17:00"}),
        ("Initech: send the report by Friday", {"partnership": "", "due": "2026-11-20T17:00"}),
    ],
)
def test_the_form_asks_for_what_is_missing_and_holds_what_was_understood(bot, words, known):
    form = opened(bot.says(ANA, words))
    assert {name: form.value_of(name) for name in known} == known
    assert bot.promises() == []


def test_a_customer_nobody_knows_stays_in_the_title(bot):
    assert (
        opened(bot.says(ANA, "Initech: send it by Friday")).value_of("title").startswith("Initech: send it")
    )


def test_in_a_customers_own_channel_a_word_before_a_colon_is_part_of_the_title(bot):
    bot.says(ANA, "Phase 2: send the report by Friday", ACME_SHARED)
    assert bot.promise().title == "Phase 2: send the report"


def test_somebody_with_two_customers_is_asked_which(bot):
    form = opened(bot.says(BEN, "send the report by Friday"))
    [field] = [each for each in form.fields if each.name == "partnership"]
    assert field.value == ""
    assert {option.value for option in field.options} == {ACME.id, GLOBEX.id}


def test_a_date_that_can_be_read_two_ways_is_asked_about(bot):
    with bot.stage.work() as uow:
        uow.people.save(replace(ANA, locale="en"))
    form = opened(bot.says(ANA, "Acme: send the report by 3/12"))
    [due] = [each for each in form.fields if each.name == "due"]
    assert due.type is FieldType.MOMENT
    assert [option.value for option in due.options] == ["2027-03-12T17:00", "2026-12-03T17:00"]
    assert due.error
    assert bot.promises() == []


@pytest.mark.parametrize("when", ["yesterday", "last Friday", "2026-11-13", "13 November 2026"])
def test_a_date_in_the_past_is_never_taken(bot, when):
    form = opened(bot.says(ANA, f"Acme: send the report by {when}"))
    came_back(bot.submits(ANA, form, {"title": "send the report", "due": when}))
    assert bot.promises() == []


@pytest.mark.parametrize("when", ["soon", "asap", "when the moon is blue", "", "32 November", "2026-02-30"])
def test_words_that_are_no_date_bring_the_form_back_with_what_was_typed(bot, when):
    form = opened(bot.says(ANA, "Acme: send the report"))
    again = came_back(bot.submits(ANA, form, {"due": when}))
    assert set(errors_of(again)) == {"due"}
    assert (again.value_of("due"), again.value_of("title")) == (when, "send the report")
    assert bot.promises() == []


def test_a_filled_form_makes_the_promise(bot):
    form = opened(bot.says(ANA, "Acme: send the report"))
    replied(bot.submits(ANA, form, {"due": "Friday 5pm", "note": "Legal must sign first"}))
    made = bot.promise()
    assert (made.title, made.note, made.due.at) == (
        "send the report",
        "Legal must sign first",
        FRIDAY.replace(hour=17),
    )


@pytest.mark.parametrize("missing", ["partnership", "title", "due"])
def test_a_field_left_empty_says_so_beside_it(bot, missing):
    form = opened(bot.says(ANA, ""))
    values = {"partnership": ACME.id, "title": "send the report", "due": "Friday 5pm", missing: ""}
    again = came_back(bot.submits(ANA, form, values))
    assert set(errors_of(again)) == {missing}
    assert again.value_of("note") == ""
    assert bot.promises() == []


# Seen before it is saved


def test_what_else_falls_due_that_day_is_seen_before_it_is_saved(bot):
    bot.has_made("Acme: send the SOC 2 report by Friday 3pm")
    form = opened(bot.says(ANA, "Acme: call the auditor by Friday 5pm"))
    assert "Acme P-1 send the SOC 2 report" in preface_of(form)
    assert form.value_of("due") == "2026-11-20T17:00"
    replied(bot.submits(ANA, form))
    assert bot.promise(2).title == "call the auditor"


def test_a_day_off_is_seen_before_it_is_saved_and_kept_as_said(bot):
    form = opened(bot.says(ANA, "Acme: send the report by Saturday 10:00"))
    assert "working day" in preface_of(form)
    replied(bot.submits(ANA, form))
    assert f"{bot.promise().due.at:%A %H:%M}" == "Saturday 10:00"


def test_the_empty_form_shows_what_is_due_in_the_days_ahead(bot):
    bot.has_made()
    assert "Acme P-1 send the SOC 2 report" in preface_of(opened(bot.says(ANA, "")))


def test_nobody_sees_what_else_falls_due_for_somebody_else(bot):
    bot.has_made("Acme: send the SOC 2 report by Friday 3pm")
    form = opened(bot.says(BEN, f"Acme: call the auditor by Friday 5pm <@{ANA.id}>"))
    assert "SOC 2" not in preface_of(form)


# Somebody else's promise


def test_what_is_recorded_for_a_colleague_waits_for_their_yes(bot):
    card = replied(bot.says(BEN, f"Acme: send the report by Friday 5pm <@{ANA.id}>"))
    bot.settle()
    made = bot.promise()
    assert (made.state, made.owner_id, made.filed_by) == (State.PROPOSED, ANA.id, BEN.id)
    assert "Ana is asked" in plain_text(card)
    [asked] = bot.heard_by(ANA)
    assert verbs(asked.card) == ["promise.accept", "promise.counter", "promise.decline"]
    replied(bot.pushes(ANA, asked, "promise.accept"))
    assert bot.promise().state is State.OPEN


def test_it_can_be_declined_and_whoever_filed_it_hears(bot):
    bot.says(BEN, f"Acme: send the report by Friday 5pm <@{ANA.id}>")
    bot.settle()
    replied(bot.pushes(ANA, bot.heard_by(ANA)[0], "promise.decline"))
    bot.settle()
    assert bot.promise().state is State.DECLINED
    assert "cannot take on" in plain_text(bot.heard_by(BEN)[-1].card)


def test_what_is_recorded_for_the_customer_is_asked_in_their_channel(bot):
    replied(bot.says(ANA, f"Acme: name an admin by Friday 5pm <@{CARLA.id}>"))
    bot.settle()
    made = bot.promise()
    assert (made.side, made.state, made.owner_id) == (Side.THEIRS, State.PROPOSED, CARLA.id)
    [asked] = bot.heard_in(ACME_SHARED, "ask:")
    assert asked.thread == bot.heard_in(ACME_SHARED, "anchor:")[0].ref
    assert bot.heard_by(CARLA) == []
    replied(bot.pushes(CARLA, asked, "promise.accept"))
    assert bot.promise().state is State.OPEN


def test_a_contact_of_another_customer_cannot_own_it(bot):
    form = came_back(bot.says(ANA, f"Acme: name an admin by Friday 5pm <@{GUS.id}>"))
    assert set(errors_of(form)) == {"owner"}
    assert bot.promises() == []


def test_somebody_we_never_met_cannot_own_it(bot):
    refused(bot.says(ANA, f"Acme: send the report by Friday <@{an_id('nobody')}>"))
    assert bot.promises() == []


def test_a_promise_of_theirs_may_wait_on_one_of_ours(bot):
    ours = bot.has_made()
    form = opened(bot.says(ANA, f"Acme: name an admin by soon <@{CARLA.id}>"))
    values = {"title": "name an admin", "due": "2026-12-03", "waits_on": ours.id}
    replied(bot.submits(ANA, form, values))
    assert bot.promise(2).waits_on == ours.id
    assert bot.again(ours).awaited


# Track this


def test_track_this_keeps_the_quote_and_the_link(bot):
    quote, link = "We will send the report by Friday 5pm", "https://chat.example/p123"
    form = opened(bot.says(ANA, "", ACME_SHARED, quote=quote, link=link))
    assert (form.value_of("quote"), form.value_of("link")) == (quote, link)
    assert form.value_of("due") == "2026-11-20T17:00"
    replied(bot.submits(ANA, form, {"title": "send the report"}, place=ACME_SHARED))
    assert bot.promise().source == Source(quote=quote, link=link, place_id=ACME_SHARED.id)


def test_track_this_always_asks_before_it_saves(bot):
    opened(bot.says(ANA, "", quote="Acme: send the report by Friday 5pm"))
    assert bot.promises() == []


def test_track_this_on_a_message_without_a_date_keeps_its_words_as_the_title(bot):
    form = opened(bot.says(ANA, "", ACME_SHARED, quote="we should talk about the roadmap"))
    assert form.value_of("title") == "we should talk about the roadmap"
    assert form.value_of("due") == ""


# The customer asks and offers


def test_the_customer_asks_and_our_lead_answers(bot):
    replied(wish(bot, "ask", title="A sandbox", due="Friday 5pm"))
    bot.settle()
    made = bot.promise()
    assert (made.state, made.side, made.owner_id) == (State.PROPOSED, Side.OURS, BEN.id)
    assert (made.filed_by, made.is_shown) == (CARLA.id, True)
    [asked] = bot.heard_by(BEN)
    replied(bot.pushes(BEN, asked, "promise.accept"))
    bot.settle()
    assert bot.promise().state is State.OPEN


def test_the_customer_offers_and_it_is_theirs_at_once(bot):
    replied(wish(bot, "offer", title="We name an admin", due="Friday 5pm"))
    made = bot.promise()
    assert (made.state, made.side, made.owner_id, made.is_shown) == (State.OPEN, Side.THEIRS, CARLA.id, True)


def test_an_unclear_wish_brings_the_form_back(bot):
    again = came_back(wish(bot, "ask", title="A sandbox", due="soon"))
    assert set(errors_of(again)) == {"due"}
    assert again.value_of("title") == "A sandbox"
    assert bot.promises() == []


def test_a_contact_has_at_most_ten_requests_waiting(bot):
    for n in range(10):
        replied(wish(bot, "ask", title=f"Wish {n}", due="Friday 5pm"))
    said = refused(wish(bot, "ask", title="One more", due="Friday 5pm"))
    assert "Ten of your requests" in said.text
    assert len(bot.promises()) == 10
    replied(wish(bot, "ask", CARLOS, title="Mine", due="Friday 5pm"))


def test_without_a_lead_there_is_nobody_to_ask(bot):
    with bot.stage.work() as uow:
        uow.partnerships.drop_role(ACME.id, BEN.id, Role.LEAD)
    assert "Nobody looks after" in refused(wish(bot, "ask", title="A sandbox", due="Friday 5pm")).text


@pytest.mark.parametrize("person", [CARLA, GUS, STRANGER])
def test_people_from_outside_have_no_commands(bot, person):
    for words in ("", "Acme: x by Friday", "list", "find x", "help", "show P-1", "settings"):
        assert "buttons" in refused(bot.says(person, words, ACME_SHARED)).text
    assert bot.promises() == []


def test_people_from_outside_cannot_send_our_form(bot):
    form = opened(bot.says(ANA, "Acme: send the report"))
    refused(bot.submits(CARLA, form, {"due": "Friday 5pm"}))
    assert bot.promises() == []


def test_the_customer_of_another_channel_cannot_ask_here(bot):
    assert refused(bot.presses(GUS, "welcome.ask", f"1:{ACME.id}:", GLOBEX_SHARED)).text == nothing_here(
        bot, GUS
    )


def nothing_here(bot: Bot, person) -> str:
    return refused(bot.presses(person, "promise.confirm", f"1:{an_id('no such promise')}:")).text


# Anybody of ours may promise


def test_a_colleague_outside_the_team_may_promise_something_of_their_own(bot):
    made = bot.has_made("Globex: send the report by Friday", person=ANA)
    assert (made.partnership_id, made.state) == (GLOBEX.id, State.OPEN)


def test_a_customer_chosen_from_another_tenant_does_not_exist(bot):
    elsewhere = a_partnership("Elsewhere", tenant="T2")
    bot.stage.store.fill(lambda uow: uow.partnerships.add(elsewhere))
    form = opened(bot.says(ANA, "send the report"))
    values = {"partnership": elsewhere.id, "title": "x", "due": "Friday 5pm"}
    assert refused(bot.submits(ANA, form, values)).text == nothing_here(bot, ANA)


def test_taking_it_back_leaves_nothing_open(bot):
    card = replied(bot.says(ANA, "Acme: send the report by Friday"))
    replied(bot.presses(ANA, "promise.undo", value_of(card, "promise.undo")))
    assert bot.promise().state is State.DECLINED
