"""Finding the promise somebody means, and telling nobody about one that is not theirs."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from bot.plain import plain_text
from bot.references import DENIED_AT_MOST
from bot.turns import OpenForm
from builders import (
    ACCOUNT_TEAM,
    ACME_SHARED,
    ANA,
    BEN,
    GLOBEX_SHARED,
    MIA,
    a_person,
    a_private_place,
)
from driving import Bot, opened, refused, replied

OMAR = a_person("Omar")  # a colleague without a part in anything


@pytest.fixture
def bot() -> Bot:
    """P-1 for each of the two customers, the one for Globex not Ana's to see."""
    bot = Bot()
    bot.stage.store.fill(lambda uow: (uow.people.add(OMAR), uow.places.add(a_private_place(OMAR))))
    bot.has_made("Acme: send the invoice by Friday 3pm")
    bot.has_made("Globex: fix the import by Thursday 3pm", person=BEN)
    return bot


@pytest.mark.parametrize("place", [ACME_SHARED, ACCOUNT_TEAM, None])
def test_the_number_is_enough_where_only_one_may_be_seen(bot, place):
    assert "send the invoice" in plain_text(replied(bot.says(ANA, "P-1", place)))


def test_a_number_that_several_bear_is_asked_about(bot):
    card = replied(bot.says(BEN, "done P-1"))
    assert "Acme P-1 send the invoice" in plain_text(card)
    assert "Globex P-1 fix the import" in plain_text(card)
    assert all(promise.delivered_at is None for promise in bot.promises())


@pytest.mark.parametrize(
    ("place", "title"), [(ACME_SHARED, "send the invoice"), (GLOBEX_SHARED, "fix the import")]
)
def test_in_a_customers_channel_its_own_number_is_meant(bot, place, title):
    assert title in plain_text(replied(bot.says(BEN, "P-1", place)))


@pytest.mark.parametrize("words", ["Globex P-1", "globex p-1", "GLOBEX  P-1"])
@pytest.mark.parametrize("place", [ACME_SHARED, None])
def test_the_customers_name_says_which_wherever_it_is_written(bot, words, place):
    assert "fix the import" in plain_text(replied(bot.says(BEN, words, place)))


def test_in_the_wrong_channel_a_number_that_exists_only_elsewhere_is_still_found(bot):
    bot.has_made("Acme: call the auditor by Wednesday 3pm")
    assert "call the auditor" in plain_text(replied(bot.says(BEN, "P-2", GLOBEX_SHARED)))


def test_a_reference_to_a_customer_nobody_knows_was_a_title(bot):
    form = opened(bot.says(ANA, "show Initech P-1"))
    assert form.value_of("title") == "show Initech P-1"


def test_absent_and_forbidden_are_the_very_same_words(bot):
    hidden, absent = "Globex P-1", "Globex P-99"
    acts = ("", "show ", "done ", "withdraw ", "give ", "note ", "undo ", "renegotiate ", "missed ")
    said = {
        refused(bot.says(person, f"{act}{words}")).text
        for person, act, words in product((ANA, OMAR), acts, (hidden, absent, "P-99"))
    }
    assert len(said) == 1


def test_ten_thousand_guesses_disclose_nothing(bot):
    first = refused(bot.says(OMAR, "show P-1")).text
    for n in range(1, 10_001, 7):
        bot.stage.clock.advance(timedelta(seconds=3))
        assert refused(bot.says(OMAR, f"show P-{n}")).text == first


def test_who_guesses_is_asked_to_wait_a_minute_and_told_neither_yes_nor_no(bot):
    """T23: then nothing is looked up, not even what they may see."""
    absent = {refused(bot.says(OMAR, f"show P-{n}")).text for n in range(50, 50 + DENIED_AT_MOST)}
    slowed = {refused(bot.says(OMAR, words)).text for words in ("show P-1", "P-77", "Acme P-1", "done P-1")}
    assert len(absent) == len(slowed) == 1
    assert slowed != absent
    assert "minute" in slowed.pop()
    assert "send the invoice" in plain_text(replied(bot.says(ANA, "P-1")))
    bot.stage.clock.advance(timedelta(seconds=61))
    assert {refused(bot.says(OMAR, "show P-1")).text} == absent


def test_a_person_who_looks_up_what_is_theirs_is_never_slowed(bot):
    for _ in range(2 * DENIED_AT_MOST):
        replied(bot.says(ANA, "P-1"))


def test_searching_and_listing_show_a_stranger_among_us_nothing(bot):
    for words in (
        "find report",
        "find import",
        "list",
        "list ours",
        "list Acme",
        "list Globex",
        "list overdue",
    ):
        said = plain_text(replied(bot.says(OMAR, words)))
        assert "send the invoice" not in said
        assert "fix the import" not in said


def test_a_manager_finds_what_their_reports_own(bot):
    assert "send the invoice" in plain_text(replied(bot.says(MIA, "Acme P-1")))


def test_somebody_it_is_offered_to_may_read_it(bot):
    replied(bot.says(ANA, f"give P-1 <@{OMAR.id}>"))
    bot.settle()
    assert "send the invoice" in plain_text(bot.heard_by(OMAR)[0].card)


@pytest.mark.parametrize(
    "words", ["done", "show the roadmap by Friday 4pm", "release the hounds by Friday 4pm"]
)
def test_a_word_of_ours_without_a_reference_is_a_title(bot, words):
    outcome = bot.says(ANA, words)
    assert isinstance(outcome, OpenForm)
    assert outcome.form.id == "promise.capture"
    assert words.split(" by ")[0] == outcome.form.value_of("title")
