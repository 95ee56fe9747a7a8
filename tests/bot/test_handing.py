"""Handing a promise to somebody who must accept, and asking a colleague for a hand."""

from __future__ import annotations

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
    a_person,
    a_private_place,
    a_promise,
    an_id,
)
from commitments.events import Kind
from commitments.promise import Side, State
from driving import Bot, came_back, errors_of, opened, refused, replied, verbs

OMAR = a_person("Omar")


@pytest.fixture
def bot() -> Bot:
    bot = Bot()
    bot.stage.store.fill(lambda uow: (uow.people.add(OMAR), uow.places.add(a_private_place(OMAR))))
    return bot


@pytest.fixture
def shown(bot):
    return bot.has_shown()


@pytest.fixture
def offered(bot, shown):
    replied(bot.says(ANA, f"give P-1 <@{OMAR.id}>"))
    bot.settle()
    return bot.again(shown)


def test_it_stays_with_its_owner_until_the_other_accepts(bot, offered):
    assert (offered.owner_id, offered.hand_over_to) == (ANA.id, OMAR.id)
    [asked] = bot.heard_by(OMAR)
    assert verbs(asked.card) == ["promise.take_over", "promise.leave_it"]
    replied(bot.pushes(OMAR, asked, "promise.take_over"))
    bot.settle()
    after = bot.again(offered)
    assert (after.owner_id, after.hand_over_to, after.state) == (OMAR.id, None, State.OPEN)
    for person in (ANA, BEN):
        assert "taken over" in plain_text(bot.heard_by(person)[-1].card)


def test_the_customer_sees_the_new_owner_and_nothing_of_the_asking(bot, offered):
    assert bot.stage.chat.updates == []
    replied(bot.says(OMAR, "accept Acme P-1"))
    bot.settle()
    said = plain_text(bot.anchor())
    assert "Omar" in said
    assert "Ana" not in said


def test_not_this_time_leaves_it_and_the_owner_hears(bot, offered):
    replied(bot.says(OMAR, "decline Acme P-1"))
    bot.settle()
    after = bot.again(offered)
    assert (after.owner_id, after.hand_over_to) == (ANA.id, None)
    assert "cannot take over" in plain_text(bot.heard_by(ANA)[-1].card)


def test_without_a_name_the_form_asks_for_one_of_us(bot, shown):
    form = opened(bot.says(ANA, "give P-1"))
    [field] = form.fields
    assert {option.value for option in field.options} == {BEN.id, MIA.id, OMAR.id}
    replied(bot.submits(ANA, form, {"owner": BEN.id}))
    assert bot.again(shown).hand_over_to == BEN.id


def test_it_cannot_be_given_to_its_owner_to_the_customer_or_to_nobody(bot, shown):
    form = opened(bot.says(ANA, "give P-1"))
    for person in (ANA, CARLA):
        assert set(errors_of(came_back(bot.submits(ANA, form, {"owner": person.id})))) == {"owner"}
    refused(bot.submits(ANA, form, {"owner": an_id("nobody")}))
    refused(bot.says(ANA, f"give P-1 <@{CARLA.id}>"))
    assert bot.again(shown).hand_over_to is None


def test_a_promise_of_theirs_stays_on_their_side(bot):
    hers = {"owner_id": CARLA.id, "filed_by": CARLA.id, "side": Side.THEIRS, "shown_at": MONDAY}
    promise = a_promise(number=1, due_at=NEXT_FRIDAY, **hers)
    bot.add(promise)
    for person in (ANA, GUS):
        refused(bot.says(BEN, f"give Acme P-1 <@{person.id}>"))
    replied(bot.says(BEN, f"give Acme P-1 <@{CARLOS.id}>"))
    assert bot.again(promise).hand_over_to == CARLOS.id


@pytest.mark.parametrize("person", [BEN, MIA, CARLA])
def test_only_the_one_it_is_offered_to_can_take_it(bot, offered, person):
    refused(bot.presses(person, "promise.take_over", encode(offered.id), ACME_SHARED))
    refused(bot.presses(person, "promise.leave_it", encode(offered.id), ACME_SHARED))
    assert bot.again(offered).owner_id == ANA.id


def test_the_second_offer_takes_the_place_of_the_first(bot, offered):
    first = bot.heard_by(OMAR)[0]
    replied(bot.says(ANA, f"give P-1 <@{BEN.id}>"))
    bot.settle()
    refused(bot.pushes(OMAR, first, "promise.take_over"))
    replied(bot.says(BEN, "accept Acme P-1"))
    assert bot.again(offered).owner_id == BEN.id


def test_taking_over_what_was_settled_meanwhile_is_refused(bot, offered):
    replied(bot.says(ANA, "withdraw P-1"))
    refused(bot.says(OMAR, "accept Acme P-1"))
    assert bot.again(offered).state is State.WITHDRAWN


def test_the_new_owner_is_nudged_and_the_old_one_is_not(bot, offered):
    replied(bot.says(OMAR, "accept Acme P-1"))
    bot.move_to(NEXT_FRIDAY.replace(hour=18))
    assert bot.heard_by(ANA, "bundle:") == []
    assert bot.heard_by(OMAR, "bundle:")


def test_a_colleague_asked_for_a_hand_hears_what_and_for_whom(bot, shown):
    form = opened(bot.presses(ANA, "promise.ask_hand", encode(shown.id)))
    assert CARLA.id not in {option.value for option in form.fields[0].options}
    replied(bot.submits(ANA, form, {"colleague": OMAR.id}))
    bot.settle()
    assert "send the SOC 2 report" in plain_text(bot.heard_by(OMAR)[0].card)
    assert bot.happened(shown)[-1] is Kind.HAND_ASKED
    assert bot.stage.chat.updates == []


def test_nobody_outside_is_asked_for_a_hand(bot, shown):
    form = opened(bot.presses(ANA, "promise.ask_hand", encode(shown.id)))
    refused(bot.submits(ANA, form, {"colleague": CARLA.id}))
    bot.settle()
    assert bot.heard_by(CARLA) == []


def test_a_colleague_without_a_part_in_it_cannot_give_it_away(bot, shown):
    refused(bot.says(OMAR, f"give Acme P-1 <@{OMAR.id}>"))
    assert bot.again(shown).hand_over_to is None


def test_what_ana_was_nudged_about_reads_settled_to_her_once_it_is_omars(bot, offered):
    bot.move_to(FRIDAY.replace(hour=10))
    [bundle] = bot.heard_by(ANA, "bundle:")
    assert "promise.on_track" in verbs(bundle.card)
    replied(bot.says(OMAR, "accept Acme P-1"))
    refused(bot.pushes(ANA, bundle, "promise.on_track"))
    bot.settle()


def test_a_customer_takes_over_a_promise_of_theirs(bot):
    promise = a_promise(
        number=60, title="Name an admin", side=Side.THEIRS, owner_id=CARLA.id, filed_by=CARLA.id
    ).with_(shown_at=MONDAY, hand_over_to=CARLOS.id)
    bot.add(promise)
    replied(bot.presses(CARLOS, "promise.take_over", encode(promise.id), ACME_SHARED))
    assert bot.again(promise).owner_id == CARLOS.id
