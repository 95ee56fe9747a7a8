"""The card of a shown promise as each of us sees it: the customer's words, and buttons of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards import Card
from bot.plain import body, plain_text
from bot.turns import Turn
from bot.viewing import as_seen, who_sees_others
from builders import (
    ACCOUNT_TEAM,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GLOBEX_SHARED,
    GUS,
    MIA,
    MONDAY,
    NEXT_FRIDAY,
    STRANGER,
    a_person,
    a_promise,
)
from commitments.promise import Side, State
from driving import Bot, verbs

CUSTOMERS = ["promise.how_is_it", "promise.release"]
OWNERS = ["promise.done", "promise.renegotiate"]
NOTE = "Legal is slow, do not tell them"


@pytest.fixture
def bot() -> Bot:
    return Bot()


def seen(bot: Bot, person, place=ACME_SHARED, said=None):
    said = said or bot.heard_in(ACME_SHARED, "anchor:")[0]
    turn = Turn(tenant=person.tenant, person_id=person.id, place_id=place.id, now=bot.stage.now, key="")
    return as_seen(bot.ports, turn, replace(said.ref, place_id=place.id))


def differing(bot: Bot, card=None):
    return [each.name for each in who_sees_others(bot.ports, ACME_SHARED, card or bot.anchor())]


def test_the_owner_is_offered_what_an_owner_can_do(bot):
    bot.has_shown()
    assert verbs(bot.anchor()) == CUSTOMERS
    assert verbs(seen(bot, ANA)) == OWNERS


def test_a_customer_sees_the_card_that_everybody_gets(bot):
    bot.has_shown()
    assert seen(bot, CARLA) == seen(bot, CARLOS) == bot.anchor()


def test_a_colleague_is_offered_nothing_that_would_be_refused(bot):
    ina = a_person("Ina")
    with bot.stage.work() as uow:
        uow.people.add(ina)
        uow.places.join(ACME_SHARED.id, [ina.id])
    bot.has_shown()
    assert verbs(seen(bot, ina)) == []
    for verb in (*CUSTOMERS, *OWNERS):
        before = bot.promise()
        bot.presses(ina, verb, bot.anchor().buttons[0].value, ACME_SHARED)
        assert bot.promise() == before, verb


def test_whatever_somebody_is_offered_they_may_press(bot):
    """In every state a promise of ours goes through here, for each of our people."""
    promise = bot.has_shown()
    bot.has_offered(promise)
    for person in (ANA, BEN, MIA):
        for button in seen(bot, person).buttons:
            bot.presses(person, button.verb, button.value, ACME_SHARED)
    assert bot.denials() == []


def test_the_words_are_those_of_the_customers_card_for_everybody(bot):
    """L33: neither note nor source, nor anything else of ours alone."""
    promise = bot.has_shown()
    bot.says(ANA, f"note P-{promise.number} {NOTE}")
    bot.says(ANA, f"waiting P-{promise.number} their list of users")
    bot.settle()
    base = bot.anchor()
    for person in (ANA, BEN, MIA):
        card = seen(bot, person)
        assert body(card) == body(base)
        assert replace(card, buttons=base.buttons) == base
        assert NOTE not in plain_text(card)


def test_a_question_in_the_thread_is_put_to_those_who_can_answer_it(bot):
    bot.has_offered(bot.has_shown())
    [asked] = bot.heard_in(ACME_SHARED, "ask:")
    assert verbs(asked.card) == ["renegotiation.accept", "renegotiation.counter", "renegotiation.decline"]
    assert verbs(seen(bot, ANA, said=asked)) == ["promise.done", "renegotiation.take_back"]
    assert verbs(seen(bot, BEN, said=asked)) == [
        "promise.done",
        "renegotiation.take_back",
        "renegotiation.offline",
    ]
    assert seen(bot, CARLA, said=asked).buttons == asked.card.buttons


def test_once_it_is_over_nobody_sees_anything_else(bot):
    promise = bot.has_shown()
    bot.says(ANA, f"done P-{promise.number}")
    bot.settle()
    [asked] = bot.heard_in(ACME_SHARED, "ask:")
    bot.pushes(CARLA, asked, "promise.confirm")
    bot.settle()
    assert bot.anchor().buttons == ()
    assert differing(bot) == []
    assert differing(bot, bot.stands(asked)) == []


def test_a_promise_of_theirs_is_answered_by_our_lead_alone(bot):
    how = {"side": Side.THEIRS, "owner_id": CARLA.id, "state": State.DELIVERED, "shown_at": MONDAY}
    promise = a_promise(**how, delivered_at=MONDAY)
    bot.add(promise)
    assert differing(bot, Card(title="P-1", shows=promise.id)) == ["Ben"]


def test_those_of_us_who_read_there_see_something_else_and_who_can_act_comes_first(bot):
    ina = a_person("Aaron")
    with bot.stage.work() as uow:
        uow.people.add(ina)
        uow.places.join(ACME_SHARED.id, [ina.id])
    bot.has_shown()
    assert differing(bot) == ["Ana", "Ben", "Aaron"]


def test_whoever_has_two_accounts_is_offered_their_own_with_either(bot):
    twin = a_person("Ana on Teams", same_as=ANA.id)
    with bot.stage.work() as uow:
        uow.people.add(twin)
        uow.places.join(ACME_SHARED.id, [twin.id])
    bot.has_shown()
    assert verbs(seen(bot, twin)) == OWNERS
    assert "Ana on Teams" in differing(bot)


@pytest.mark.parametrize("person", [ANA, CARLA, GUS, STRANGER])
def test_a_card_that_was_passed_on_shows_nothing_where_it_came_to(bot, person):
    """L34."""
    bot.has_shown()
    for place in (GLOBEX_SHARED, ACCOUNT_TEAM):
        assert seen(bot, person, place) is None


def test_somebody_kept_does_not_know_is_shown_nothing(bot):
    bot.has_shown()
    assert seen(bot, a_person("Eve")) is None


def test_what_was_said_in_private_is_shown_to_nobody_else(bot):
    bot.has_shown()
    bot.move_to(NEXT_FRIDAY)
    for said in bot.heard_by(ANA):
        assert seen(bot, ANA, said.place, said=said) is None


def test_looking_changes_nothing(bot):
    bot.has_shown()
    before = repr(bot.stage.store.tables)
    seen(bot, ANA)
    differing(bot)
    assert repr(bot.stage.store.tables) == before


def test_a_late_press_in_the_channel_is_answered_without_what_is_ours_alone(bot):
    """L33: the answer takes the place of a card on a screen that a customer may look at too."""
    promise = bot.has_shown()
    bot.says(ANA, f"note P-{promise.number} {NOTE}")
    [done] = [each for each in seen(bot, ANA).buttons if each.verb == "promise.done"]
    bot.presses(ANA, done.verb, done.value, ACME_SHARED)
    late = bot.presses(ANA, done.verb, done.value, ACME_SHARED)
    assert late.card is not None
    assert NOTE not in plain_text(late.card)
