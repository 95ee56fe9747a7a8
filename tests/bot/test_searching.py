"""Putting a card of one's own promise into what one writes: only what the customer sees anyway is offered."""

from __future__ import annotations

import pytest

from bot.plain import flat
from bot.searching import shown_promises
from bot.turns import Turn
from builders import ACCOUNT_TEAM, ACME_SHARED, ANA, BEN, CARLA, GLOBEX_SHARED, STRANGER, a_place, an_id
from driving import Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


def found(bot: Bot, person=ANA, place=ACCOUNT_TEAM, words="", skip=0, limit=25):
    turn = Turn(
        tenant=person.tenant,
        person_id=person.id,
        place_id=place.id,
        now=bot.stage.now,
        key="",
    )
    return shown_promises(bot.ports, turn, words, skip=skip, limit=limit)


def titles(bot: Bot, **how):
    return [card.title for _, card in found(bot, **how)]


def test_what_is_still_private_is_not_offered_anywhere(bot):
    bot.has_made()
    assert found(bot) == ()


def test_a_shown_promise_is_offered_as_the_customer_sees_it_and_without_buttons(bot):
    bot.has_shown()
    [(line, card)] = found(bot, place=ACME_SHARED)
    assert "P-1 · Acme" in flat(line)
    assert card.buttons == ()


@pytest.mark.parametrize(("words", "n"), [("soc", 1), ("SOC 2 report", 1), ("invoice", 0)])
def test_words_are_looked_for_in_titles(bot, words, n):
    bot.has_shown()
    assert len(found(bot, words=words)) == n


def test_in_another_customers_channel_nothing_of_this_one_is_offered(bot):
    """L25, L36."""
    bot.has_shown()
    assert found(bot, place=GLOBEX_SHARED) == ()


def test_in_a_customers_channel_that_is_linked_to_nobody_nothing_is_offered(bot):
    bot.has_shown()
    with bot.stage.work() as uow:
        uow.places.add(unlinked := a_place("#unlinked", id=an_id("unlinked"), partnership_id=None))
    assert found(bot, place=unlinked) == ()


def test_in_a_place_that_is_not_known_any_more_nothing_is_offered(bot):
    bot.has_shown()
    assert found(bot, place=a_place("#gone", id=an_id("gone"))) == ()


@pytest.mark.parametrize("person", [BEN, CARLA, STRANGER])
def test_only_ones_own_are_offered(bot, person):
    bot.has_shown()
    assert found(bot, person=person) == ()


def test_a_page_is_as_long_as_was_asked_for(bot):
    for day in range(24, 28):
        bot.has_shown(f"Acme: send part {day} by {day} Nov 17:00")
    assert len(titles(bot, limit=3)) == 3
    assert len(titles(bot, skip=3, limit=3)) == 1
