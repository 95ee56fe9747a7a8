"""One turn in, one outcome out: once per key, the second comer told, nothing given away, denials kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import router
from bot.cards import encode
from bot.turns import Reply, Silence, Turn
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GLOBEX_SHARED,
    GUS,
    MONDAY,
    STRANGER,
    TENANT,
    a_person,
    an_id,
)
from commitments.access import matrix
from commitments.events import Kind
from commitments.promise import State
from driving import Bot, opened, refused, replied, verbs


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def shown(bot):
    return bot.has_shown()


@pytest.fixture
def delivered(bot, shown):
    replied(bot.says(ANA, "done P-1"))
    bot.settle()
    return bot.again(shown)


# Once


def test_the_same_key_twice_has_one_effect(bot):
    """L21: a message that is delivered twice makes one promise."""
    replied(bot.says(ANA, "Acme: send the report by Friday", key="m1"))
    assert bot.says(ANA, "Acme: send the report by Friday", key="m1") == Silence()
    assert len(bot.promises()) == 1


def test_a_form_submitted_twice_makes_one_promise(bot):
    form = opened(bot.says(ANA, "Acme: send the report"))
    replied(bot.submits(ANA, form, {"due": "Friday 5pm"}, key="s1"))
    assert bot.submits(ANA, form, {"due": "Friday 5pm"}, key="s1") == Silence()
    assert len(bot.promises()) == 1


def test_what_was_refused_may_be_tried_again_under_the_same_key(bot, shown):
    """A refusal leaves nothing behind, so a platform's retry is answered like the first time."""
    assert refused(bot.says(ANA, "missed P-1", key="m1")) == refused(bot.says(ANA, "missed P-1", key="m1"))


def test_the_same_key_in_another_tenant_is_another_turn(bot):
    replied(bot.says(ANA, "Acme: send the report by Friday", key="m1"))
    other = a_person("Zoe", tenant="T2")
    bot.stage.store.fill(lambda uow: uow.people.add(other))
    assert bot.says(other, "help", key="m1") != Silence()


# Two at once


@pytest.mark.parametrize(("first", "second"), [("confirm", "not_yet"), ("not_yet", "confirm")])
def test_of_two_people_pressing_different_buttons_one_wins_and_the_other_is_told(
    bot, delivered, first, second
):
    [card] = bot.heard_in(ACME_SHARED, "ask:")
    replied(bot.pushes(CARLA, card, f"promise.{first}"))
    late = refused(bot.pushes(CARLOS, card, f"promise.{second}"))
    assert late.card is not None
    assert "P-1" in late.card.title
    assert bot.again(delivered).state is (State.KEPT if first == "confirm" else State.OPEN)
    happened = bot.happened(delivered)
    assert (Kind.CONFIRMED in happened) is (first == "confirm")
    assert (Kind.NOT_YET in happened) is (first == "not_yet")


def test_a_double_click_is_one_act(bot, delivered):
    [card] = bot.heard_in(ACME_SHARED, "ask:")
    replied(bot.pushes(CARLA, card, "promise.confirm"))
    assert refused(bot.pushes(CARLA, card, "promise.confirm")).card is not None
    assert bot.happened(delivered).count(Kind.CONFIRMED) == 1


# Old cards


def test_a_press_on_last_months_card_gets_the_current_one(bot, shown):
    [card] = bot.heard_in(ACME_SHARED, "anchor:")
    replied(bot.says(ANA, "withdraw P-1"))
    bot.settle()
    bot.stage.clock.advance(timedelta(days=31))
    said = refused(bot.pushes(CARLA, card, "promise.release"))
    assert said.card is not None
    assert verbs(said.card) == []


def test_a_press_redraws_the_card_it_was_pressed_on(bot, shown):
    bot.move_to(MONDAY + timedelta(days=4))
    [bundle] = bot.heard_by(ANA, "bundle:")
    replied(bot.pushes(ANA, bundle, "promise.on_track"))
    bot.settle()
    assert bot.stands(bundle).buttons == ()


@pytest.mark.parametrize("value", ["", "1", "1:", "2:abc:", "1::x", "junk", "1:a:b:c"])
def test_a_value_of_another_time_gets_a_kind_sentence(bot, value):
    assert "/promise list" in refused(bot.presses(ANA, "promise.done", value)).text


def test_a_button_of_another_time_gets_a_kind_sentence(bot):
    assert "/promise list" in refused(bot.presses(ANA, "promise.no_such_thing", encode(an_id("x")))).text
    assert "/promise list" in refused(bot.says(ANA, "x", command="no_such_command")).text


def test_a_turn_of_no_known_kind_is_refused(bot):
    turn = Turn(tenant=TENANT, person_id=ANA.id, place_id=None, now=MONDAY, key="odd")
    assert refused(router.handle(bot.ports, turn))


# Who may not


def test_everybody_outside_gets_the_very_same_text_for_forbidden_and_absent(bot, shown):
    hidden = bot.has_made("Acme: hush by 26 Nov 17:00")
    nobody = a_person("Nobody")
    guest = replace(a_person("Guest"), guest=True, organisation="elsewhere")
    gone = a_person("Gone", is_active=False)
    bot.stage.store.fill(lambda uow: (uow.people.add(guest), uow.people.add(gone)))
    targets = (hidden.id, an_id("nothing"))
    people = (CARLA, GUS, STRANGER, guest, nobody, gone)
    verbs_ = ("promise.confirm", "promise.release", "promise.done", "renegotiation.accept")
    said = {
        refused(bot.presses(person, verb, encode(target), place)).text
        for person in people
        for verb in verbs_
        for target in targets
        for place in (ACME_SHARED, GLOBEX_SHARED, None)
    }
    assert len(said) == 1


def test_a_guest_of_ours_is_an_outsider(bot, shown):
    guest = replace(a_person("Guest"), guest=True)
    bot.stage.store.fill(lambda uow: (uow.people.add(guest), uow.places.join(ACME_SHARED.id, [guest.id])))
    absent = refused(bot.presses(guest, "promise.confirm", encode(an_id("nothing")))).text
    assert refused(bot.presses(guest, "promise.confirm", encode(shown.id), ACME_SHARED)).text == absent
    refused(bot.says(guest, "list"))


def test_somebody_who_left_the_channel_can_no_longer_answer(bot, delivered):
    """T21: membership is read afresh for each turn."""
    with bot.stage.work() as uow:
        uow.places.leave(ACME_SHARED.id, CARLA.id)
    refused(bot.presses(CARLA, "promise.confirm", encode(delivered.id), ACME_SHARED))
    assert bot.again(delivered).state is State.DELIVERED


def test_somebody_whose_company_is_no_longer_the_customer_cannot_answer(bot, delivered):
    with bot.stage.work() as uow:
        partnership = uow.partnerships.get(ACME.id)
        uow.partnerships.save(replace(partnership, organisations=frozenset({"somebody else"})))
    refused(bot.presses(CARLA, "promise.confirm", encode(delivered.id), ACME_SHARED))
    assert bot.again(delivered).state is State.DELIVERED


def test_nobody_reaches_into_another_tenant(bot, shown):
    spy = a_person("Spy", tenant="T2", is_admin=True)
    bot.stage.store.fill(lambda uow: uow.people.add(spy))
    absent = refused(bot.presses(spy, "promise.done", encode(an_id("nothing")))).text
    assert refused(bot.presses(spy, "promise.done", encode(shown.id))).text == absent
    assert refused(bot.says(spy, "done P-1")).text == absent


def test_what_is_denied_is_written_down_with_who_and_what(bot, shown):
    before = len(bot.denials())
    refused(bot.presses(CARLA, "promise.done", encode(shown.id), ACME_SHARED))
    [row] = bot.denials()[before:]
    assert row == (TENANT, CARLA.id, "promise.deliver", shown.id, MONDAY)


def test_a_denied_turn_leaves_nothing_else_behind(bot, shown):
    tables = bot.stage.store.tables
    before = (dict(tables.promises), dict(tables.outbox), dict(tables.facts), dict(tables.inbox))
    refused(bot.presses(CARLA, "promise.done", encode(shown.id), ACME_SHARED))
    assert before == (tables.promises, tables.outbox, tables.facts, tables.inbox)


def test_every_route_names_a_row_of_the_matrix():
    for routes in (router.COMMANDS, router.PRESSES, router.FORMS):
        assert {route.action for route in routes.values()} <= matrix().keys()


def test_the_answer_is_in_the_language_of_who_asks(bot):
    with bot.stage.work() as uow:
        uow.people.save(replace(BEN, language="de"))
    english = refused(bot.presses(ANA, "promise.done", encode(an_id("nothing")))).text
    german = refused(bot.presses(BEN, "promise.done", encode(an_id("nothing")))).text
    assert english != german


def test_a_wish_without_a_turn_of_its_own_is_never_half_done(bot):
    """Whatever a handler queued before it was refused is taken back with it."""
    bot.has_shown()
    form = opened(bot.presses(ANA, "promise.share", encode(bot.has_made("Acme: two by 26 Nov 17:00").id)))
    with bot.stage.work() as uow:
        uow.partnerships.save(replace(uow.partnerships.get(ACME.id), place_id=None))
    rows = len(bot.stage.store.tables.outbox)
    refused(bot.submits(ANA, form, {"title": "Other words"}))
    assert bot.promise(2).title == "two"
    assert len(bot.stage.store.tables.outbox) == rows


def test_people_of_ours_are_answered_in_any_place(bot, shown):
    for place in (ACME_SHARED, GLOBEX_SHARED, None):
        assert isinstance(bot.says(ANA, "list", place), Reply)
