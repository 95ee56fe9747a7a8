"""Notes after a call: one form for what they promise, one press for the sure ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import Form, encode
from bot.plain import plain_text
from bot.pruning import forget_old
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    MIA,
    MONDAY,
    STRANGER,
    TUESDAY,
)
from commitments.promise import Side, State
from driving import Bot, came_back, errors_of, opened, preface_of, refused, replied, value_of, verbs

NOTES = """Call with Acme
Ana: I'll send the SOC 2 report by Friday.
[00:12:03] Carla (Acme): we'll sign the order by 24 Nov
Ben: I'll try to fix the export by Wednesday
Priya: I'll check the logs by Thursday"""


@pytest.fixture
def bot() -> Bot:
    return Bot()


def pastes(bot: Bot, text: str = NOTES, person=ANA, place=ACME_SHARED):
    form = opened(bot.says(person, "notes", place))
    return bot.submits(person, form, {"notes": text}, place=place)


def found(bot: Bot, text: str = NOTES, **more) -> Form:
    return opened(pastes(bot, text, **more))


def kept_at_first(form: Form) -> list[str]:
    return [f.name for f in form.fields if f.name.startswith("keep") and f.value == "keep"]


def field(form: Form, name: str):
    [one] = [each for each in form.fields if each.name == name]
    return one


def the_rest(bot: Bot) -> list:
    return list(bot.stage.store.tables.jottings.values())


# Pasting


def test_in_a_customers_channel_only_the_notes_are_asked_for(bot):
    assert [f.name for f in opened(bot.says(ANA, "notes", ACME_SHARED)).fields] == ["notes"]


def test_elsewhere_the_customer_is_asked_for(bot):
    form = opened(bot.says(BEN, "notes", ACCOUNT_TEAM))
    assert [f.name for f in form.fields] == ["partnership", "notes"]
    assert came_back(bot.submits(BEN, form, {"notes": NOTES})).value_of("notes") == NOTES
    assert preface_of(opened(bot.submits(BEN, form, {"notes": NOTES, "partnership": ACME.id})))


def test_more_words_are_a_title(bot):
    assert (
        opened(bot.says(ANA, "notes for the board", ACME_SHARED)).value_of("title") == "notes for the board"
    )


@pytest.mark.parametrize("text", ["", "Nice weather today.", "x" * 200_001])
def test_notes_without_a_promise_come_back_as_they_were(bot, text):
    form = came_back(pastes(bot, text))
    assert (form.value_of("notes"), list(errors_of(form))) == (text, ["notes"])
    assert the_rest(bot) == []


def test_a_flood_of_promises_is_read_in_parts(bot):
    text = "\n".join(f"Ana: I'll send report {n} by Friday" for n in range(101))
    assert "100" in errors_of(came_back(pastes(bot, text)))["notes"]


def test_the_customer_has_no_such_command(bot):
    refused(bot.says(CARLA, "notes", ACME_SHARED))
    form = opened(bot.says(ANA, "notes", ACME_SHARED))
    refused(bot.submits(CARLA, form, {"notes": NOTES}))


# Looking through


def test_what_is_sure_is_set_to_be_kept_and_what_is_not_says_why(bot):
    form = found(bot)
    assert kept_at_first(form) == ["keep_1", "keep_2"]
    assert "2 are sure" in preface_of(form)
    assert field(form, "keep_1").hint == ""
    assert "way out" in field(form, "keep_3").hint
    assert "do not know who" in field(form, "keep_4").hint


def test_each_has_its_exact_words_owner_and_day(bot):
    form = found(bot)
    assert "Ana: “I'll send the SOC 2 report by Friday.”" in field(form, "keep_1").label
    assert [form.value_of(f"owner_{n}") for n in range(1, 5)] == [ANA.id, CARLA.id, BEN.id, ""]
    assert (form.value_of("due_1"), form.value_of("due_2")) == ("2026-11-20", "2026-11-24")
    assert "Fri 20 Nov, 17:00" in field(form, "due_1").hint


def test_a_day_that_can_be_read_in_two_ways_is_not_sure(bot):
    form = found(bot, "Ana: I'll send the report by Monday")
    assert kept_at_first(form) == []
    assert (form.value_of("due_1"), len(field(form, "due_1").options)) == ("by Monday", 2)
    assert "more than one way" in field(form, "keep_1").hint


def test_a_promise_without_a_day_is_not_sure(bot):
    assert "names no day" in field(found(bot, "Ana: I'll send the report"), "keep_1").hint


def test_the_day_is_read_in_its_owners_zone(bot):
    with bot.stage.work() as uow:
        uow.people.save(replace(BEN, zone="America/New_York"))
    form = found(bot, "Ben: I'll send the report by Friday 15:00")
    bot.submits(ANA, form, place=ACME_SHARED)
    assert bot.promise().due.at == FRIDAY.replace(hour=20)


# Keeping


def test_one_press_saves_the_sure_ones_between_us(bot):
    card = replied(bot.submits(ANA, found(bot), place=ACME_SHARED))
    assert [(p.title, p.owner_id, p.side) for p in bot.promises()] == [
        ("Send the SOC 2 report", ANA.id, Side.OURS),
        ("Sign the order", CARLA.id, Side.THEIRS),
    ]
    assert bot.promise(1).due.at == FRIDAY.replace(hour=17)
    assert not bot.promise(1).due.time_said
    assert "Recorded 2 promises" in card.title
    bot.settle()
    assert bot.heard_in(ACME_SHARED) == []
    assert the_rest(bot) == []


def test_where_promises_are_shown_at_once_these_are_not(bot):
    with bot.stage.work() as uow:
        uow.partnerships.save(replace(ACME, shows_at_once=True))
    bot.submits(ANA, found(bot), place=ACME_SHARED)
    assert not any(promise.is_shown for promise in bot.promises())


def test_the_exact_words_are_the_promises_source(bot):
    bot.submits(ANA, found(bot), place=ACME_SHARED)
    assert bot.promise(1).source.quote == "I'll send the SOC 2 report by Friday."


def test_an_answer_keeps_what_it_answers(bot):
    text = "Carla: Could you send us the keys by Tuesday?\nAna: Sure, will do."
    bot.submits(ANA, found(bot, text), place=ACME_SHARED)
    made = bot.promise()
    assert (made.title, made.owner_id) == ("Send the keys", ANA.id)
    assert made.source.quote == "send us the keys by Tuesday → Sure, will do."


def test_what_is_mended_in_the_form_is_what_is_kept(bot):
    values = {
        "keep_1": "",
        "keep_2": "",
        "keep_4": "keep",
        "owner_4": BEN.id,
        "title_4": "Check the logs twice",
        "due_4": "20 Nov 12:00",
    }
    bot.submits(ANA, found(bot), values, place=ACME_SHARED)
    [made] = bot.promises()
    assert (made.title, made.owner_id, made.state) == ("Check the logs twice", BEN.id, State.PROPOSED)
    assert made.due.at == FRIDAY.replace(hour=12)


def test_one_mistake_holds_up_all_and_stands_beside_its_field(bot):
    values = {"keep_3": "keep", "due_3": "sometime", "keep_4": "keep", "title_1": "  "}
    form = came_back(bot.submits(ANA, found(bot), values, place=ACME_SHARED))
    assert set(errors_of(form)) == {"title_1", "due_3", "owner_4"}
    assert (form.value_of("due_3"), form.value_of("keep_4")) == ("sometime", "keep")
    assert bot.promises() == []
    mended = {"title_1": "Send it", "due_3": "2026-11-26", "owner_4": MIA.id}
    replied(bot.submits(ANA, form, mended, place=ACME_SHARED))
    assert len(bot.promises()) == 4


def test_a_doubtful_day_comes_back_with_what_it_could_mean(bot):
    form = came_back(bot.submits(ANA, found(bot), {"due_1": "by Monday"}, place=ACME_SHARED))
    assert len(field(form, "due_1").options) == 2


def test_somebody_of_another_customer_can_own_nothing_here(bot):
    form = came_back(bot.submits(ANA, found(bot), {"owner_2": STRANGER.id}, place=ACME_SHARED))
    assert list(errors_of(form)) == ["owner_2"]


def test_keeping_nothing_is_an_answer(bot):
    card = replied(bot.submits(ANA, found(bot), {"keep_1": "", "keep_2": ""}, place=ACME_SHARED))
    assert card.title == "Nothing kept"
    assert bot.promises() == the_rest(bot) == []


def test_a_form_that_was_answered_is_not_answered_again(bot):
    form = found(bot)
    bot.submits(ANA, form, place=ACME_SHARED)
    assert "dealt with" in refused(bot.submits(ANA, form, place=ACME_SHARED)).text
    assert len(bot.promises()) == 2


def test_nobody_else_can_answer_the_form(bot):
    form = found(bot)
    assert "dealt with" in refused(bot.submits(BEN, form, place=ACME_SHARED)).text
    assert bot.promises() == []


# More than eight


def test_more_than_eight_are_looked_through_in_turn(bot):
    text = "\n".join(f"Ana: I'll send report {n} by Friday" for n in range(10))
    form = found(bot, text)
    assert len(kept_at_first(form)) == 8
    assert "2 more come after these" in preface_of(form)
    card = replied(bot.submits(ANA, form, place=ACME_SHARED))
    rest = opened(bot.presses(ANA, "notes.next", value_of(card, "notes.next"), ACME_SHARED))
    assert kept_at_first(rest) == ["keep_9", "keep_10"]
    refused(bot.submits(ANA, form, place=ACME_SHARED))
    last = replied(bot.submits(ANA, rest, place=ACME_SHARED))
    assert "notes.next" not in verbs(last)
    assert len(bot.promises()) == 10


def test_tomorrow_is_the_day_after_the_notes_whenever_they_are_looked_through(bot):
    text = "\n".join(f"Ana: I'll send report {n} by tomorrow" for n in range(9))
    card = replied(bot.submits(ANA, found(bot, text), place=ACME_SHARED))
    bot.stage.clock.now = MONDAY + timedelta(hours=20)
    rest = opened(bot.presses(ANA, "notes.next", value_of(card, "notes.next"), ACME_SHARED))
    assert rest.value_of("due_9") == TUESDAY.date().isoformat()


def test_what_nobody_chose_from_is_forgotten_after_a_day(bot):
    form = found(bot)
    bot.move_to(MONDAY + timedelta(hours=23))
    assert the_rest(bot) != []
    bot.stage.clock.now = MONDAY + timedelta(hours=25)
    forget_old(bot.ports, "w1")
    assert the_rest(bot) == []
    refused(bot.submits(ANA, form, place=ACME_SHARED))


# A message


def tracks(bot: Bot, quote: str, place=ACME_SHARED, **more):
    return bot.says(ANA, "", place, quote=quote, link="https://x.example/m1", **more)


def test_a_message_that_holds_several_promises_opens_the_same_form(bot):
    form = opened(tracks(bot, NOTES))
    assert form.id == "notes.keep"
    bot.submits(ANA, form, place=ACME_SHARED)
    assert bot.promise(1).source.link == "https://x.example/m1"


def test_a_message_that_holds_one_opens_the_form_for_one(bot):
    assert opened(tracks(bot, "I'll send the report by Friday")).id == "promise.capture"
    assert opened(tracks(bot, "Nice weather")).id == "promise.capture"


def test_the_promises_of_a_message_are_its_writers(bot):
    text = "I'll send the deck by Friday. And I'll fix the export by Thursday."
    form = opened(tracks(bot, text, quoted_by=BEN.id))
    assert [form.value_of("owner_1"), form.value_of("owner_2")] == [BEN.id, BEN.id]
    assert [opened(tracks(bot, text)).value_of(name) for name in ("owner_1", "keep_1")] == ["", ""]


def test_a_customers_message_holds_their_promises(bot):
    text = "We'll sign the order by Friday. And we'll send the logs by Thursday."
    form = opened(tracks(bot, text, quoted_by=CARLA.id))
    replied(bot.submits(ANA, form, place=ACME_SHARED))
    assert {(p.side, p.state, p.is_shown) for p in bot.promises()} == {(Side.THEIRS, State.PROPOSED, False)}


def test_where_the_customer_is_not_certain_it_is_asked_for_with_the_notes(bot):
    form = opened(bot.says(BEN, "", ACCOUNT_TEAM, quote=NOTES))
    assert (form.id, form.value_of("notes")) == ("notes.read", NOTES)


def test_notes_said_about_a_message_read_that_message(bot):
    form = opened(bot.says(ANA, "notes", ACME_SHARED, quote="I'll send it by Friday", quoted_by=ANA.id))
    assert form.id == "notes.keep"


# Theirs


@pytest.fixture
def suggestion(bot):
    bot.submits(ANA, found(bot), {"keep_1": ""}, place=ACME_SHARED)
    bot.settle()
    return bot.promise()


def test_a_suggestion_is_nobodys_outside_before_it_is_shown(bot, suggestion):
    assert (suggestion.state, suggestion.is_shown) == (State.PROPOSED, False)
    assert bot.heard_in(ACME_SHARED) == bot.heard_by(CARLA) == []
    for verb in ("promise.accept", "promise.decline", "promise.counter"):
        refused(bot.presses(CARLA, verb, encode(suggestion.id), ACME_SHARED))
    assert bot.again(suggestion).state is State.PROPOSED


def test_the_account_team_shows_a_suggestion_and_the_customer_takes_it_on(bot, suggestion):
    card = replied(bot.says(ANA, "P-1", ACME_SHARED))
    assert "promise.share" in verbs(card)
    form = opened(bot.presses(ANA, "promise.share", value_of(card, "promise.share"), ACME_SHARED))
    replied(bot.submits(ANA, form, place=ACME_SHARED))
    bot.settle()
    [ask] = bot.heard_in(ACME_SHARED, "ask:")
    assert "Carla" in plain_text(ask.card)
    bot.pushes(CARLA, ask, "promise.accept")
    assert bot.again(suggestion).state is State.OPEN


def test_the_customer_may_leave_a_suggestion(bot, suggestion):
    replied(bot.submits(ANA, opened(bot.says(ANA, "show P-1", ACME_SHARED)), place=ACME_SHARED))
    bot.settle()
    [ask] = bot.heard_in(ACME_SHARED, "ask:")
    bot.pushes(CARLA, ask, "promise.decline")
    assert bot.again(suggestion).state is State.DECLINED


def test_somebody_who_does_not_work_with_the_customer_shows_nothing(bot, suggestion):
    refused(bot.presses(CARLA, "promise.share", encode(suggestion.id), ACME_SHARED))
    with bot.stage.work() as uow:
        for role in uow.partnerships.roles(ACME.id).get(MIA.id, ()):
            uow.partnerships.drop_role(ACME.id, MIA.id, role)
        uow.people.set_reports(MIA.id, [])
    refused(bot.presses(MIA, "promise.share", encode(suggestion.id)))
    assert not bot.again(suggestion).is_shown


def test_whoever_noted_a_suggestion_can_take_it_back(bot, suggestion):
    replied(bot.says(ANA, "undo P-1", ACME_SHARED))
    assert bot.again(suggestion).state is State.DECLINED


def test_a_suggestion_nobody_shows_lapses_without_a_word_outside(bot, suggestion):
    bot.move_to(MONDAY + timedelta(weeks=3))
    assert bot.again(suggestion).state is State.DECLINED
    assert [each for each in bot.heard_in(ACME_SHARED) if "Sign the order" in plain_text(each.card)] == []


def test_notes_about_one_customer_name_nobody_of_another(bot):
    form = found(bot, "Gus: we'll sign by Friday\nAna: I'll send the report by Friday")
    names = {option.label for each in form.fields for option in each.options}
    assert form.value_of("owner_1") == ""
    assert not any("Gus" in name or GLOBEX.name in name for name in names)
