"""An answer that a platform did not take, said later in private: how things are, not the lost words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import Button, Card, Paragraph, encode
from bot.messages.answers import LASTS, say_later
from bot.plain import plain_text
from builders import ACME_SHARED, ANA, BEN, CARLA, GLOBEX, GLOBEX_SHARED, a_promise, an_id
from commitments.promise import State
from driving import Bot, replied, verbs

SECRET = "Legal is slow, do not tell them"


@pytest.fixture
def bot() -> Bot:
    return Bot()


def lost(bot: Bot, card: Card, person=ANA, *, key: str = "turn-1", done: bool = True) -> None:
    say_later(bot.ports, person.tenant, person.id, card, key=key, now=bot.stage.now, done=done)


def about(subject: str) -> Card:
    button = Button(verb="promise.undo", label="Undo", value=encode(subject))
    return Card(title="Done", blocks=(Paragraph((SECRET,)),), buttons=(button,))


def told(bot: Bot, person=ANA) -> list[Card]:
    bot.settle()
    return [said.card for said in bot.heard_by(person, "answer:")]


def test_whoever_captured_a_promise_learns_that_it_is_kept_and_can_go_on(bot):
    lost(bot, replied(bot.says(ANA, "Acme: send the SOC 2 report by 27 Nov 17:00")))
    [card] = told(bot)
    assert "send the SOC 2 report" in plain_text(card)
    assert "did not arrive" in plain_text(card)
    assert verbs(card) == ["promise.done", "promise.renegotiate", "promise.share"]


def test_it_says_how_things_are_when_it_is_said(bot):
    promise = bot.has_made()
    lost(bot, about(promise.id))
    bot.says(ANA, f"done P-{promise.number}")
    [card] = told(bot)
    assert bot.promise().state is State.DELIVERED
    assert "promise.done" not in verbs(card)


def test_no_word_of_the_answer_is_stored(bot):
    lost(bot, about(an_id("gone")))
    assert SECRET not in repr(bot.stage.store.tables)
    [card] = told(bot)
    assert SECRET not in plain_text(card)


@pytest.mark.parametrize(
    ("done", "says"), [(True, "please look before you ask again"), (False, "nothing was")]
)
def test_without_a_promise_it_says_whether_to_ask_again(bot, done, says):
    lost(bot, Card(title="x"), done=done)
    [card] = told(bot)
    assert says in plain_text(card)
    assert card.buttons == ()


def test_an_answer_about_several_things_is_about_none(bot):
    one, two = (about(an_id(each)).buttons[0] for each in ("one", "two"))
    lost(bot, Card(title="x", buttons=(one, two)))
    [card] = told(bot)
    assert card.buttons == ()


def test_one_turn_is_made_up_for_once(bot):
    promise = bot.has_made()
    for _ in range(2):
        lost(bot, about(promise.id))
    assert len(told(bot)) == 1


def test_after_an_hour_it_is_not_said_any_more(bot):
    lost(bot, about(bot.has_made().id))
    bot.stage.clock.now += LASTS + timedelta(seconds=1)
    assert told(bot) == []


def test_what_they_may_not_read_by_then_is_not_in_it(bot):
    """L25: Ana has no part in what is Globex's."""
    whose = {"partnership_id": GLOBEX.id, "owner_id": BEN.id, "filed_by": BEN.id}
    theirs = a_promise(number=7, title="Tell Globex first", **whose)
    bot.add(theirs)
    lost(bot, about(theirs.id))
    [card] = told(bot)
    assert "Globex" not in plain_text(card)


def test_nobody_from_outside_is_told_in_private_and_no_channel_hears_of_it(bot):
    """L32."""
    lost(bot, about(bot.has_made().id), CARLA)
    assert told(bot, CARLA) == []
    assert [*bot.heard_in(ACME_SHARED), *bot.heard_in(GLOBEX_SHARED)] == []
