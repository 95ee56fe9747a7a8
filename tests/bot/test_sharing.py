"""Private until shown: the exact words first, then the press that publishes them, for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.addresses import PlaceKind
from bot.cards import encode
from bot.plain import plain_text
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    GUS,
    MIA,
    MONDAY,
    a_place,
    a_promise,
    an_id,
)
from commitments.events import Kind
from commitments.promise import State
from driving import Bot, came_back, errors_of, opened, preface_of, refused, replied, verbs


@pytest.fixture
def bot() -> Bot:
    return Bot()


def share_form(bot: Bot, promise, person=ANA):
    return opened(bot.presses(person, "promise.share", encode(promise.id)))


def test_the_preview_is_the_very_card_the_channel_gets(bot):
    made = bot.has_made()
    form = share_form(bot, made)
    replied(bot.submits(ANA, form))
    bot.settle()
    [card] = bot.heard_in(ACME_SHARED)
    assert plain_text(card.card) in preface_of(form)


def test_nothing_reaches_the_channel_before_the_form_is_sent(bot):
    share_form(bot, bot.has_made())
    bot.settle()
    assert bot.heard_in(ACME_SHARED) == []
    assert not bot.promise().is_shown


def test_the_shown_card_has_the_customers_buttons_and_few_words(bot):
    bot.has_shown()
    [said] = bot.heard_in(ACME_SHARED)
    assert verbs(said.card) == ["promise.how_is_it", "promise.release"]
    assert len(plain_text(said.card).split()) <= 40


def test_words_may_be_changed_in_the_form_that_shows_them(bot):
    made = bot.has_made()
    replied(bot.submits(ANA, share_form(bot, made), {"title": "Send you the SOC 2 report"}))
    bot.settle()
    assert "Send you the SOC 2 report" in plain_text(bot.heard_in(ACME_SHARED)[0].card)
    assert bot.happened(made) == [Kind.RECORDED, Kind.EDITED, Kind.SHOWN]


@pytest.mark.parametrize("title", ["", "   ", "\u200b", "x" * 201])
def test_words_that_do_not_fit_come_back_and_nothing_is_shown(bot, title):
    made = bot.has_made()
    form = came_back(bot.submits(ANA, share_form(bot, made), {"title": title}))
    assert set(errors_of(form)) == {"title"}
    assert bot.happened(made) == [Kind.RECORDED]


def test_showing_cannot_be_undone(bot):
    made = bot.has_shown()
    refused(bot.presses(ANA, "promise.undo", encode(made.id)))
    assert bot.again(made).is_shown


def test_undoing_something_else_never_hides_what_was_shown(bot):
    made = bot.has_shown()
    replied(bot.says(ANA, "done P-1"))
    replied(bot.says(ANA, "undo P-1"))
    after = bot.again(made)
    assert after.is_shown
    assert after.state is State.OPEN


def test_showing_twice_says_that_it_is_shown(bot):
    made = bot.has_shown()
    said = refused(bot.presses(ANA, "promise.share", encode(made.id)))
    assert said.card is not None
    bot.settle()
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_two_people_with_the_form_open_publish_once(bot):
    made = bot.has_made()
    form = share_form(bot, made)
    replied(bot.submits(ANA, form))
    refused(bot.submits(BEN, form))
    bot.settle()
    assert bot.happened(made).count(Kind.SHOWN) == 1
    assert len(bot.heard_in(ACME_SHARED)) == 1


@pytest.mark.parametrize("person", [CARLA, GUS])
def test_nobody_from_outside_can_show_it(bot, person):
    made = bot.has_made()
    absent = refused(bot.presses(person, "promise.share", encode(an_id("nothing")))).text
    assert refused(bot.presses(person, "promise.share", encode(made.id), ACME_SHARED)).text == absent
    assert not bot.again(made).is_shown


@pytest.mark.parametrize("person", [BEN, MIA])
def test_lead_and_manager_may_show_it(bot, person):
    made = bot.has_made()
    replied(bot.submits(person, share_form(bot, made, person)))
    assert bot.again(made).is_shown


def test_without_a_shared_channel_there_is_nowhere_to_show_it(bot):
    with bot.stage.work() as uow:
        uow.partnerships.save(replace(ACME, place_id=None))
    made = bot.has_made()
    assert "/partner link" in refused(bot.presses(ANA, "promise.share", encode(made.id))).text


def test_show_opens_the_form_for_the_owner_and_the_card_for_others(bot):
    bot.has_made()
    assert opened(bot.says(ANA, "show P-1")).id == "promise.share"
    assert "Between us" in plain_text(replied(bot.says(BEN, "show Acme P-1")))


def test_the_card_is_edited_in_place_as_things_change(bot):
    made = bot.has_shown()
    [said] = bot.heard_in(ACME_SHARED, "anchor:")
    replied(bot.says(ANA, "done P-1 https://evidence.example/soc2"))
    bot.settle()
    assert len(bot.heard_in(ACME_SHARED, "anchor:")) == 1
    ref, card = bot.stage.chat.updates[-1]
    assert ref == said.ref
    assert "https://evidence.example/soc2" in plain_text(card)
    assert bot.again(made).state is State.DELIVERED


def test_a_promise_in_a_place_that_is_not_its_own_is_not_drawn_there(bot):
    """L09, L39: the partnership moved to another channel between queuing and sending."""
    made = bot.has_made()
    elsewhere = a_place("#somewhere-else", kind=PlaceKind.CUSTOMER)
    replied(bot.submits(ANA, share_form(bot, made)))
    with bot.stage.work() as uow:
        uow.places.add(elsewhere)
        uow.partnerships.save(replace(uow.partnerships.get(ACME.id), place_id=elsewhere.id))
    bot.settle()
    assert bot.heard_in(ACME_SHARED) == []


def test_a_final_promise_can_no_longer_be_shown(bot):
    over = a_promise(number=7, state=State.WITHDRAWN, settled_at=MONDAY)
    bot.add(over)
    form = share_form(bot, over)
    assert refused(bot.submits(ANA, form)).card is not None
    assert not bot.again(over).is_shown
