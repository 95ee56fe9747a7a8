"""What owners and the other side do with a promise, through the router and with its consequences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import Tone, encode
from bot.plain import plain_text
from builders import (
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    FRIDAY,
    GLOBEX_SHARED,
    GUS,
    MIA,
    MONDAY,
    NEXT_FRIDAY,
    STRANGER,
    a_promise,
    an_id,
)
from commitments.events import Kind
from commitments.promise import Side, State
from driving import Bot, came_back, errors_of, opened, refused, replied, verbs

AFTER = NEXT_FRIDAY.replace(hour=18)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def shown(bot):
    return bot.has_shown()


@pytest.fixture
def delivered(bot, shown):
    replied(bot.says(ANA, "done P-1 https://evidence.example/soc2"))
    bot.settle()
    return bot.again(shown)


def theirs(bot: Bot, **changes):
    promise = a_promise(
        number=50, title="Name an admin", side=Side.THEIRS, owner_id=CARLA.id, filed_by=CARLA.id
    )
    promise = promise.with_(shown_at=MONDAY, **changes)
    bot.add(promise)
    return promise


# Delivered, confirmed, not quite there yet


def test_done_asks_the_customer_in_the_thread_naming_one_contact(bot, delivered):
    assert delivered.state is State.DELIVERED
    [asked] = bot.heard_in(ACME_SHARED, "ask:")
    assert asked.thread == bot.heard_in(ACME_SHARED, "anchor:")[0].ref
    assert verbs(asked.card) == ["promise.confirm", "promise.not_yet"]
    assert plain_text(asked.card).count("Carla") == 1
    assert "Carlos" not in plain_text(asked.card)


def test_a_confirmed_promise_is_kept_and_its_owner_hears(bot, delivered):
    card = replied(bot.pushes(CARLA, bot.heard_in(ACME_SHARED, "ask:")[0], "promise.confirm"))
    bot.settle()
    assert card.tone is Tone.CELEBRATION
    assert bot.again(delivered).state is State.KEPT
    assert bot.heard_by(ANA)[-1].card.tone is Tone.CELEBRATION


def test_not_quite_there_yet_opens_it_again_and_owner_and_lead_hear(bot, delivered):
    replied(bot.pushes(CARLA, bot.heard_in(ACME_SHARED, "ask:")[0], "promise.not_yet"))
    bot.settle()
    assert bot.again(delivered).state is State.OPEN
    assert "not quite there yet" in plain_text(bot.heard_by(ANA)[-1].card)
    assert "not quite there yet" in plain_text(bot.heard_by(BEN)[-1].card)


def test_after_thirty_days_it_is_too_late_to_say_not_quite_there_yet(bot, delivered):
    bot.stage.clock.now = MONDAY + timedelta(days=31)
    assert refused(bot.presses(CARLA, "promise.not_yet", encode(delivered.id))).card is not None
    assert bot.again(delivered).state is State.DELIVERED


def test_five_quiet_working_days_make_it_unopposed(bot, delivered):
    bot.move_to(MONDAY + timedelta(days=7, hours=9))
    assert bot.again(delivered).state is State.UNOPPOSED
    assert bot.happened(delivered)[-1] is Kind.UNOPPOSED


def test_an_unopposed_promise_can_still_come_back(bot, delivered):
    bot.move_to(MONDAY + timedelta(days=8))
    replied(bot.presses(CARLA, "promise.not_yet", encode(delivered.id)))
    assert bot.again(delivered).state is State.OPEN


def test_a_delivery_without_evidence_asks_its_owner_for_some(bot, shown):
    card = replied(bot.says(ANA, "done P-1"))
    form = opened(bot.presses(ANA, "promise.evidence", encode(shown.id)))
    assert "promise.evidence" in verbs(card)
    assert set(errors_of(came_back(bot.submits(ANA, form, {"evidence": "  "})))) == {"evidence"}
    replied(bot.submits(ANA, form, {"evidence": "https://evidence.example/soc2"}))
    bot.settle()
    assert bot.again(shown).evidence == "https://evidence.example/soc2"


def test_done_before_it_is_shown_asks_nobody(bot):
    made = bot.has_made()
    answer = plain_text(replied(bot.says(ANA, "done P-1")))
    bot.settle()
    assert (bot.again(made).state, bot.heard_in(ACME_SHARED)) == (State.DELIVERED, [])
    looked_up = plain_text(replied(bot.says(ANA, "P-1")))
    assert "needed?" not in answer + looked_up
    assert "never saw it" in looked_up


# Release, withdrawal, missed


def test_the_customer_lets_the_owner_off_and_nothing_went_wrong(bot, shown):
    replied(bot.pushes(CARLA, bot.heard_in(ACME_SHARED)[0], "promise.release"))
    bot.settle()
    assert bot.again(shown).state is State.RELEASED
    assert "nothing went wrong" in plain_text(bot.heard_by(ANA)[-1].card)


def test_the_owner_asks_to_be_released_and_the_customer_would_rather_keep_it(bot, shown):
    form = opened(bot.says(ANA, "release P-1"))
    replied(bot.submits(ANA, form, {"reason": "The auditor closed shop"}))
    bot.settle()
    [asked] = bot.heard_in(ACME_SHARED, "ask:")
    assert "The auditor closed shop" in plain_text(asked.card)
    replied(bot.pushes(CARLA, asked, "promise.keep"))
    bot.settle()
    after = bot.again(shown)
    assert (after.state, after.release_asked_at) == (State.OPEN, None)
    assert "kept" in plain_text(bot.heard_by(ANA)[-1].card)


def test_asking_for_release_needs_a_reason_and_happens_once(bot, shown):
    form = opened(bot.presses(ANA, "promise.ask_release", encode(shown.id)))
    assert set(errors_of(came_back(bot.submits(ANA, form, {"reason": " "})))) == {"reason"}
    replied(bot.submits(ANA, form))
    refused(bot.submits(ANA, form))


def test_what_nobody_saw_cannot_be_released(bot):
    made = bot.has_made()
    refused(bot.presses(ANA, "promise.ask_release", encode(made.id)))
    assert refused(bot.presses(CARLA, "promise.release", encode(made.id))).card is None
    assert bot.again(made).state is State.OPEN


def test_stepping_back_is_said_and_final(bot, shown):
    replied(bot.says(ANA, "withdraw P-1 we cannot do it"))
    bot.settle()
    assert bot.again(shown).state is State.WITHDRAWN
    assert "stepped back" in plain_text(bot.anchor())


def test_only_a_person_says_missed_and_only_after_the_date(bot, shown):
    refused(bot.says(ANA, "missed P-1 too slow"))
    bot.stage.clock.now = AFTER
    assert bot.again(shown).is_overdue(AFTER)
    replied(bot.says(ANA, "missed P-1 too slow"))
    bot.settle()
    assert bot.again(shown).state is State.MISSED
    assert "missed" not in plain_text(bot.anchor()).lower()


# Waiting, notes, edits


def test_waiting_stops_our_clock_and_says_whose_move_it_is(bot, shown):
    refused(bot.says(ANA, "waiting P-1"))
    replied(bot.says(ANA, "waiting P-1 we need the access list"))
    bot.move_to(MONDAY + timedelta(days=30))
    assert bot.heard_by(ANA, "bundle:") == []
    assert not bot.again(shown).is_overdue(bot.stage.now)
    assert "we need the access list" in plain_text(bot.anchor())
    replied(bot.says(ANA, "waiting P-1 off"))
    after = bot.again(shown)
    assert (after.waiting, after.paused_for) == (None, timedelta(days=30))


def test_a_note_stays_with_the_account_team(bot, shown):
    replied(bot.says(ANA, "note P-1 the contract is at risk"))
    bot.settle()
    assert bot.again(shown).note == "the contract is at risk"
    everything = [said.card for said in bot.heard_in(ACME_SHARED)] + [c for _, c in bot.stage.chat.updates]
    assert not any("at risk" in plain_text(card) for card in everything)


def test_a_note_without_words_opens_the_form_with_the_old_one(bot, shown):
    replied(bot.says(ANA, "note P-1 the contract is at risk"))
    form = opened(bot.says(ANA, "note P-1"))
    assert form.value_of("note") == "the contract is at risk"
    replied(bot.submits(ANA, form, {"note": ""}))
    assert bot.again(shown).note is None


def test_once_shown_only_a_slip_of_the_pen_is_mended(bot, shown):
    refused(bot.says(ANA, "edit P-1 send the SOC 1 report"))
    replied(bot.says(ANA, "edit P-1 send the SOC 2 reports"))
    bot.settle()
    assert bot.again(shown).title == "send the SOC 2 reports"
    assert [fact.detail for fact in bot.facts(shown) if fact.kind is Kind.EDITED] == [
        {"was": "send the SOC 2 report"}
    ]


def test_the_edit_form_says_beside_the_field_why_not(bot, shown):
    form = opened(bot.says(ANA, "edit P-1"))
    again = came_back(bot.submits(ANA, form, {"title": "Something else altogether"}))
    assert set(errors_of(again)) == {"title"}
    assert again.value_of("title") == "Something else altogether"


# How is this going?


def test_how_is_it_goes_to_the_owner_and_comes_back_in_their_name(bot, shown):
    replied(bot.pushes(CARLA, bot.heard_in(ACME_SHARED)[0], "promise.how_is_it"))
    bot.settle()
    [asked] = bot.heard_by(ANA)
    assert verbs(asked.card) == ["promise.on_track", "promise.renegotiate", "promise.write"]
    replied(bot.pushes(ANA, asked, "promise.on_track"))
    bot.settle()
    [answer] = bot.heard_in(ACME_SHARED, "ask:")
    assert "Ana" in plain_text(answer.card)
    assert verbs(answer.card) == []
    assert bot.again(shown).question is None


def test_the_owner_may_answer_in_their_own_words(bot, shown):
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    form = opened(bot.presses(ANA, "promise.write", encode(shown.id)))
    replied(bot.submits(ANA, form, {"answer": "The draft is with legal"}))
    bot.settle()
    assert "The draft is with legal" in plain_text(bot.heard_in(ACME_SHARED, "ask:")[0].card)
    refused(bot.submits(ANA, form, {"answer": "Again"}))


def test_how_is_it_may_be_asked_once_a_working_day(bot, shown):
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    bot.stage.clock.advance(timedelta(hours=7))
    assert refused(bot.presses(CARLOS, "promise.how_is_it", encode(shown.id))).card is not None
    bot.stage.clock.now = MONDAY + timedelta(days=1)
    replied(bot.presses(CARLOS, "promise.how_is_it", encode(shown.id)))


def test_over_the_weekend_how_is_it_is_asked_once(bot, shown):
    bot.stage.clock.now = FRIDAY
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    for days in (1, 2):
        bot.stage.clock.now = FRIDAY + timedelta(days=days)
        refused(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    bot.stage.clock.now = FRIDAY + timedelta(days=3)
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))


# Undo


def test_undo_takes_back_ones_own_last_act_within_ten_minutes(bot, shown):
    replied(bot.says(ANA, "withdraw P-1 by mistake"))
    bot.stage.clock.advance(timedelta(minutes=10))
    replied(bot.says(ANA, "undo P-1"))
    bot.settle()
    assert bot.again(shown).state is State.OPEN
    assert "stepped back" not in plain_text(bot.anchor())


def test_after_ten_minutes_it_stays(bot, shown):
    replied(bot.says(ANA, "withdraw P-1"))
    bot.stage.clock.advance(timedelta(minutes=10, seconds=1))
    refused(bot.says(ANA, "undo P-1"))
    assert bot.again(shown).state is State.WITHDRAWN


def test_nobody_undoes_what_somebody_else_did(bot, delivered):
    for person in (BEN, MIA):
        refused(bot.presses(person, "promise.undo", encode(delivered.id)))
    replied(bot.presses(CARLA, "promise.confirm", encode(delivered.id)))
    assert refused(bot.says(ANA, "undo P-1")).card is not None
    assert bot.again(delivered).state is State.KEPT


def test_the_nudges_know_that_an_act_was_undone(bot, shown):
    replied(bot.says(ANA, "done P-1"))
    replied(bot.says(ANA, "undo P-1"))
    assert bot.again(shown).next_at == shown.next_at


# The roles mirror


def test_for_a_promise_of_theirs_the_customer_delivers_and_our_lead_confirms(bot):
    promise = theirs(bot)
    assert refused(bot.presses(BEN, "promise.done", encode(promise.id))).card is None
    replied(bot.presses(CARLA, "promise.done", encode(promise.id), ACME_SHARED))
    bot.settle()
    told = bot.heard_by(BEN)[-1]
    assert verbs(told.card) == ["promise.confirm", "promise.not_yet"]
    assert refused(bot.presses(CARLA, "promise.confirm", encode(promise.id))).card is None
    replied(bot.pushes(BEN, told, "promise.confirm"))
    assert bot.again(promise).state is State.KEPT


def test_only_the_contact_who_owns_it_delivers_it(bot):
    promise = theirs(bot)
    assert refused(bot.presses(CARLOS, "promise.done", encode(promise.id))).card is None
    assert bot.again(promise).state is State.OPEN


def test_nobody_on_the_other_side_is_ever_nudged(bot):
    theirs(bot)
    bot.move_to(MONDAY + timedelta(days=30))
    assert bot.heard_by(CARLA) == []
    assert bot.heard_by(ANA, "bundle:") == bot.heard_by(BEN, "bundle:") == []


# Who may not

VERBS = (
    "promise.done",
    "promise.confirm",
    "promise.not_yet",
    "promise.release",
    "promise.keep",
    "promise.how_is_it",
    "promise.on_track",
    "promise.snooze",
    "promise.write",
    "promise.evidence",
    "promise.undo",
    "promise.share",
    "promise.give",
    "promise.ask_hand",
    "promise.renegotiate",
    "renegotiation.accept",
    "renegotiation.counter",
    "renegotiation.decline",
    "renegotiation.offline",
    "renegotiation.take_back",
    "promise.contradict",
)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("person", [GUS, STRANGER])
def test_another_customer_and_a_stranger_get_the_words_of_something_absent(bot, shown, verb, person):
    bot.has_offered(shown)
    before = bot.again(shown)
    absent = refused(bot.presses(person, verb, encode(an_id("nothing")), GLOBEX_SHARED))
    said = refused(bot.presses(person, verb, encode(shown.id), ACME_SHARED))
    assert (said.text, said.card) == (absent.text, None)
    assert bot.again(shown) == before


OURS_ONLY = ("promise.on_track", "promise.snooze", "promise.write", "promise.evidence", "promise.share")
OURS_ONLY += ("promise.done", "promise.give", "promise.ask_hand", "promise.renegotiate")


@pytest.mark.parametrize("verb", OURS_ONLY)
def test_the_customer_cannot_press_what_is_the_owners(bot, shown, verb):
    absent = refused(bot.presses(CARLA, verb, encode(an_id("nothing")))).text
    assert refused(bot.presses(CARLA, verb, encode(shown.id), ACME_SHARED)).text == absent


@pytest.mark.parametrize("verb", ["promise.confirm", "promise.release", "promise.how_is_it"])
@pytest.mark.parametrize("person", [ANA, BEN, MIA])
def test_nobody_of_ours_answers_for_the_customer(bot, delivered, verb, person):
    said = refused(bot.presses(person, verb, encode(delivered.id), ACME_SHARED))
    assert "for others to say" in said.text  # they see the button in the shared channel
    assert bot.again(delivered).state is State.DELIVERED


# What a button carries is not what somebody said


@pytest.mark.parametrize(
    ("person", "verb"), [(ANA, "promise.done"), (CARLA, "promise.release"), (CARLA, "promise.not_yet")]
)
def test_what_a_button_carries_never_passes_for_words(bot, shown, person, verb):
    if verb == "promise.not_yet":
        replied(bot.says(ANA, "done P-1"))
    replied(
        bot.presses(person, verb, encode(shown.id, "due_today"), ACME_SHARED if person is CARLA else None)
    )
    bot.settle()
    stored = bot.again(shown)
    fact = bot.facts(shown)[-1]
    assert stored.evidence is None
    assert "due_today" not in fact.detail.values()


def test_our_lead_asks_how_a_promise_of_theirs_is_going_and_hears_back(bot):
    promise = theirs(bot)
    replied(bot.presses(BEN, "promise.how_is_it", encode(promise.id)))
    bot.settle()
    asked = bot.heard_in(ACME_SHARED, "ask:")[-1]
    assert "Ben asks how this is going" in plain_text(asked.card)
    form = opened(bot.presses(CARLA, "promise.write", encode(promise.id), ACME_SHARED))
    replied(bot.submits(CARLA, form, {"answer": "The admin starts on Monday"}, place=ACME_SHARED))
    bot.settle()
    assert "The admin starts on Monday" in plain_text(bot.heard_by(BEN)[-1].card)
