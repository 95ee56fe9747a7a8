"""Renegotiation from both sides: offered, answered, taken back, agreed offline, contradicted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import encode
from bot.plain import plain_text
from builders import (
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    FRIDAY,
    GUS,
    MIA,
    MONDAY,
    NEXT_FRIDAY,
    THURSDAY,
    a_promise,
    an_id,
)
from commitments.events import Kind
from commitments.promise import Side, State
from driving import Bot, came_back, errors_of, opened, preface_of, refused, replied, value_of, verbs

OLD = NEXT_FRIDAY.replace(hour=17)
NEW = OLD + timedelta(days=7)
ANSWERS = ["renegotiation.accept", "renegotiation.counter", "renegotiation.decline"]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def shown(bot):
    return bot.has_shown()


@pytest.fixture
def offered(bot, shown):
    return bot.has_offered(shown, "2026-12-04")


def form_of(bot: Bot, promise, person=ANA):
    return opened(bot.presses(person, "promise.renegotiate", encode(promise.id)))


def ask_of(bot: Bot):
    """The latest reply in the thread that asks for an answer."""
    return bot.heard_in(ACME_SHARED, "ask:")[-1]


# Offering


def test_the_form_has_its_reason_drafted_and_says_until_when_it_is_early(bot, shown):
    form = form_of(bot, shown)
    assert form.value_of("shape") == "another_date"
    assert form.value_of("reason")
    assert "early" in preface_of(form)
    assert {each.name for each in form.fields if each.required} == {"due", "reason"}


def test_clear_words_make_the_offer_at_once(bot, shown):
    replied(bot.says(ANA, "renegotiate P-1 to 4 December because the auditor is late"))
    offer = bot.again(shown).proposal
    assert (offer.due.at, offer.reason, offer.by_side) == (NEW, "the auditor is late", Side.OURS)


@pytest.mark.parametrize("words", ["", "to 4 December", "because of it", "to soon because of it"])
def test_words_with_something_missing_open_the_form(bot, shown, words):
    form = opened(bot.says(ANA, f"renegotiate P-1 {words}"))
    assert form.id == "promise.renegotiate"
    assert bot.again(shown).proposal is None


def test_until_it_is_answered_the_old_date_stands_and_both_are_shown(bot, offered):
    assert offered.due.at == OLD
    said = plain_text(ask_of(bot).card)
    assert "27 Nov" in said
    assert "4 Dec" in said
    assert "It changes no contract." in said
    assert verbs(ask_of(bot).card) == ANSWERS


def test_the_customers_card_stays_under_forty_words(bot, offered):
    spoken = plain_text(ask_of(bot).card).split("\n")[1:-1]
    assert sum(len(line.split()) for line in spoken) <= 40


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"due": "soon"}, "due"),
        ({"due": ""}, "due"),
        ({"due": "2026-11-13"}, "due"),
        ({"due": "2026-11-27"}, "due"),
        ({"due": "2026-12-04", "reason": "  "}, "reason"),
        ({"due": "2026-12-04", "reason": "x" * 501}, "reason"),
        ({"due": "2026-12-04", "shape": "a wish"}, "shape"),
        ({"due": "2026-12-04", "shape": "part_now"}, "title"),
        ({"due": "2026-11-26", "shape": "part_now", "title": "Part one"}, "due"),
        ({"due": "2026-12-04", "shape": "something_else", "title": ""}, "title"),
    ],
)
def test_what_does_not_fit_comes_back_beside_its_field_with_what_was_typed(bot, shown, values, wrong):
    form = came_back(bot.submits(ANA, form_of(bot, shown), values))
    assert set(errors_of(form)) == {wrong}
    assert {name: form.value_of(name) for name in values} == values
    assert bot.again(shown).proposal is None


def test_a_second_offer_waits_for_the_answer_to_the_first(bot, offered):
    assert refused(bot.presses(ANA, "promise.renegotiate", encode(offered.id))).card is not None
    assert refused(bot.says(BEN, "renegotiate Acme P-1 to 11 December because")).card is not None


def test_a_private_promise_is_moved_by_its_owner_with_a_reason(bot):
    made = bot.has_made()
    replied(bot.says(ANA, "renegotiate P-1 to 4 December because legal must sign"))
    bot.settle()
    after = bot.again(made)
    assert (after.due.at, after.proposal, after.moved_early) == (NEW, None, 1)
    assert bot.heard_in(ACME_SHARED) == []


def test_early_and_late_are_told_by_the_decision_day(bot, shown):
    """Nine working days: the decision day is three working days before, Tuesday the 24th."""
    close = MONDAY + timedelta(days=8, hours=8)
    for moment, early in ((close - timedelta(minutes=1), True), (close, False)):
        bot.stage.clock.now = moment
        offered = bot.has_offered(shown, "2026-12-04")
        assert offered.proposal.early is early
        replied(bot.presses(ANA, "renegotiation.take_back", encode(shown.id)))


def test_the_form_for_a_promise_nobody_was_shown_speaks_to_our_team_alone(bot):
    form = form_of(bot, bot.has_made())
    reason = next(field for field in form.fields if field.name == "reason")
    assert (form.title, form.submit) == ("Change the date", "Change the date")
    assert reason.label == "Why (only our team reads this)"


def test_the_form_says_once_what_stands_and_until_when_asking_is_early(bot, shown):
    said = preface_of(form_of(bot, shown))
    assert said.count("due ") == 1
    assert said.splitlines()[1].startswith("Asking before ")


# Answering


def test_fine_moves_the_date_and_the_owner_hears(bot, offered):
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    bot.settle()
    after = bot.again(offered)
    assert (after.due.at, after.first_due.at, after.proposal) == (NEW, OLD, None)
    assert "agrees" in plain_text(bot.heard_by(ANA)[-1].card)


def test_please_keep_the_old_date_keeps_it(bot, offered):
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.decline"))
    bot.settle()
    after = bot.again(offered)
    assert (after.due.at, after.proposal, after.state) == (OLD, None, State.OPEN)
    assert "keep the old date" in plain_text(bot.heard_by(ANA)[-1].card)


def test_another_date_goes_back_and_forth_until_somebody_says_fine(bot, offered):
    form = opened(bot.pushes(CARLA, ask_of(bot), "renegotiation.counter"))
    replied(bot.submits(CARLA, form, {"due": "2026-12-02"}))
    bot.settle()
    told = bot.heard_by(ANA)[-1]
    assert verbs(told.card) == ANSWERS
    form = opened(bot.pushes(ANA, told, "renegotiation.counter"))
    replied(bot.submits(ANA, form, {"due": "2026-12-03", "reason": "Wednesday is full"}))
    bot.settle()
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    after = bot.again(offered)
    assert (after.due.at, after.moved_early) == (NEW - timedelta(days=1), 1)


def test_an_answer_to_an_older_offer_is_too_late(bot, offered):
    """F54, T27: the press names the offer it answers."""
    first = ask_of(bot)
    replied(bot.presses(ANA, "renegotiation.take_back", encode(offered.id)))
    bot.has_offered(offered, "2026-12-11")
    for verb in ANSWERS:
        assert refused(bot.pushes(CARLA, first, verb)).card is not None
    assert bot.again(offered).due.at == OLD
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    assert bot.again(offered).due.at == NEW + timedelta(days=7)


def test_a_counter_form_kept_open_too_long_answers_nothing(bot, offered):
    form = opened(bot.pushes(CARLA, ask_of(bot), "renegotiation.counter"))
    replied(bot.presses(ANA, "renegotiation.take_back", encode(offered.id)))
    bot.has_offered(offered, "2026-12-11")
    assert refused(bot.submits(CARLA, form, {"due": "2026-12-02"})).card is not None
    assert bot.again(offered).proposal.by == ANA.id


@pytest.mark.parametrize("person", [ANA, BEN, MIA])
@pytest.mark.parametrize("verb", ANSWERS)
def test_nobody_of_ours_answers_our_own_offer(bot, offered, person, verb):
    """T27: consent fraud."""
    value = value_of(ask_of(bot).card, verb)
    refused(bot.presses(person, verb, value, ACME_SHARED))
    assert bot.again(offered).proposal == offered.proposal


@pytest.mark.parametrize("verb", ANSWERS)
def test_another_customer_cannot_answer(bot, offered, verb):
    absent = refused(bot.presses(GUS, verb, encode(an_id("nothing")))).text
    value = value_of(ask_of(bot).card, verb)
    assert refused(bot.presses(GUS, verb, value, ACME_SHARED)).text == absent


def test_an_accepted_date_that_has_passed_meanwhile_is_not_taken(bot, offered):
    bot.stage.clock.now = NEW + timedelta(minutes=1)
    refused(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    assert bot.again(offered).due.at == OLD


# Three shapes


def test_part_now_leaves_the_rest_as_a_promise_of_its_own(bot, shown):
    values = {"shape": "part_now", "title": "Send chapter one", "due": "2026-12-04"}
    replied(bot.submits(ANA, form_of(bot, shown), values))
    bot.settle()
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    bot.settle()
    first, rest = bot.promise(1), bot.promise(2)
    assert (first.title, first.due.at) == ("Send chapter one", OLD)
    assert (rest.title, rest.due.at, rest.split_from) == ("send the SOC 2 report", NEW, first.id)
    assert len(bot.heard_in(ACME_SHARED, "anchor:")) == 2


def test_something_else_changes_the_words_only_once_accepted(bot, shown):
    values = {"shape": "something_else", "title": "Send the pen test report", "due": "2026-12-04"}
    replied(bot.submits(ANA, form_of(bot, shown), values))
    bot.settle()
    assert bot.again(shown).title == "send the SOC 2 report"
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    assert bot.again(shown).title == "Send the pen test report"


# Taken back, agreed offline, contradicted


def test_an_offer_can_be_taken_back_until_it_is_answered(bot, offered):
    replied(bot.presses(ANA, "renegotiation.take_back", encode(offered.id)))
    assert bot.again(offered).proposal is None
    refused(bot.presses(ANA, "renegotiation.take_back", encode(offered.id)))


def test_what_was_agreed_offline_is_said_to_be_so_and_may_be_contradicted(bot, offered):
    replied(bot.says(BEN, "accept Acme P-1 offline"))
    bot.settle()
    assert bot.again(offered).due.at == NEW
    said = ask_of(bot)
    assert "promise.contradict" in verbs(said.card)
    replied(bot.pushes(CARLOS, said, "promise.contradict"))
    bot.settle()
    after = bot.again(offered)
    assert (after.due.at, after.offline) == (OLD, None)
    assert "not what was agreed" in plain_text(bot.heard_by(BEN)[-1].card)
    assert bot.happened(after)[-2:] == [Kind.AGREED_OFFLINE, Kind.CONTRADICTED]


@pytest.mark.parametrize("person", [ANA, MIA, CARLA])
def test_only_a_lead_records_an_agreement_offline(bot, offered, person):
    refused(bot.presses(person, "renegotiation.offline", encode(offered.id, offered.proposal.id)))
    assert bot.again(offered).proposal is not None


def test_an_owner_cannot_accept_their_own_offer_by_word(bot, offered):
    refused(bot.says(ANA, "accept P-1"))
    refused(bot.says(ANA, "accept P-1 offline"))
    assert bot.again(offered).proposal is not None


# Requests, and promises of theirs


def test_yes_by_another_date_answers_what_was_asked(bot):
    form = opened(bot.presses(CARLA, "welcome.ask", encode(ACME_SHARED.partnership_id), ACME_SHARED))
    replied(bot.submits(CARLA, form, {"title": "A sandbox", "due": "Friday 5pm"}))
    bot.settle()
    form = opened(bot.pushes(BEN, bot.heard_by(BEN)[0], "promise.counter"))
    replied(bot.submits(BEN, form, {"due": "2026-12-04", "reason": "The team is away"}))
    bot.settle()
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.accept"))
    made = bot.promise()
    assert (made.state, made.due.at, made.first_due.at) == (State.OPEN, NEW, NEW)


def test_a_colleague_who_recorded_it_answers_the_counter(bot):
    replied(bot.says(BEN, f"Acme: send the report by Friday 5pm <@{ANA.id}>"))
    bot.settle()
    form = opened(bot.pushes(ANA, bot.heard_by(ANA)[0], "promise.counter"))
    replied(bot.submits(ANA, form, {"due": "2026-12-04", "reason": "Too much on my plate"}))
    bot.settle()
    replied(bot.pushes(BEN, bot.heard_by(BEN)[-1], "renegotiation.accept"))
    assert (bot.promise().state, bot.promise().due.at) == (State.OPEN, NEW)


def test_the_customer_renegotiates_a_promise_of_theirs_and_our_lead_answers(bot):
    hers = {"owner_id": CARLA.id, "filed_by": CARLA.id, "side": Side.THEIRS, "shown_at": MONDAY}
    promise = a_promise(number=1, due_at=OLD, **hers)
    bot.add(promise)
    form = opened(bot.presses(CARLA, "promise.renegotiate", encode(promise.id), ACME_SHARED))
    replied(bot.submits(CARLA, form, {"due": "2026-12-04", "reason": "Our admin left"}))
    bot.settle()
    told = bot.heard_by(BEN)[-1]
    assert verbs(told.card) == ANSWERS
    refused(bot.presses(ANA, "renegotiation.accept", value_of(told.card, "renegotiation.accept")))
    replied(bot.pushes(BEN, told, "renegotiation.accept"))
    assert bot.again(promise).due.at == NEW


# Silence


def test_an_unanswered_offer_is_told_to_the_lead_twice_and_to_nobody_else(bot, offered):
    bot.move_to(NEXT_FRIDAY.replace(hour=16))
    doubts = bot.heard_by(BEN, "bundle:")
    assert len(doubts) == 2
    assert doubts[0].key != doubts[1].key
    assert all("no answer" in plain_text(said.card) for said in doubts)
    assert verbs(doubts[0].card) == ["renegotiation.offline"]
    assert bot.heard_in(ACME_SHARED)[-1].key.startswith("ask:")


def test_while_an_offer_waits_decide_and_overdue_wait_too(bot, offered):
    bot.move_to(NEXT_FRIDAY + timedelta(days=6))
    rungs = {nudge.rung for nudge in bot.stage.store.tables.nudges.values() if nudge.person_id == ANA.id}
    assert rungs <= {"heads_up", "due_today"}


def test_once_answered_the_lead_hears_no_doubt(bot, offered):
    bot.stage.clock.now = THURSDAY
    replied(bot.pushes(CARLA, ask_of(bot), "renegotiation.decline"))
    bot.move_to(FRIDAY.replace(hour=16))
    assert bot.heard_by(BEN, "bundle:") == []


def test_after_five_counters_a_day_people_had_better_talk(bot, offered):
    """T29."""
    for number in range(6):
        person, place = (CARLA, ACME_SHARED) if number % 2 == 0 else (ANA, None)
        form = opened(bot.presses(person, "renegotiation.counter", encode(offered.id), place))
        outcome = bot.submits(person, form, {"due": f"2026-12-{7 + number:02}"}, place=place)
        if number < 5:
            replied(outcome)
    assert "call" in refused(outcome).text
