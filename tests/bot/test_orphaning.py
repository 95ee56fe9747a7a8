"""When an owner has left, whoever leads hears once, and can hand each promise to somebody (T43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import sweeps
from bot.plain import plain_text
from builders import ACME_SHARED, ANA, BEN, MIA, MONDAY
from driving import WORKER, Bot, opened, replied, value_of, verbs


@pytest.fixture
def bot() -> Bot:
    return Bot()


def leaves(bot: Bot, person=ANA, **how) -> None:
    with bot.stage.work() as uow:
        uow.people.save(replace(uow.people.get(person.id), **(how or {"is_active": False})))


def an_hour_passes(bot: Bot) -> None:
    bot.move_to(bot.stage.now + timedelta(hours=1))
    sweeps.plan_ahead(bot.ports, WORKER)
    bot.settle()


def heard(bot: Bot, person=BEN):
    return bot.heard_by(person, "orphaned:")


@pytest.mark.parametrize("how", [{"is_active": False}, {"guest": True}])
def test_the_lead_hears_once_within_the_hour(bot, how):
    bot.has_made()
    bot.has_made("Acme: send the invoice by 26 Nov 17:00")
    leaves(bot, **how)
    for _ in range(3):
        an_hour_passes(bot)
    [said] = heard(bot)
    text = plain_text(said.card)
    assert "Ana has left, and 2 promises to Acme need an owner" in text
    assert "send the SOC 2 report" in text
    assert "send the invoice" in text
    assert verbs(said.card) == ["promise.give", "promise.give"]


def test_it_is_not_told_again_when_the_outbox_has_forgotten(bot):
    bot.has_made()
    leaves(bot)
    an_hour_passes(bot)
    bot.stage.store.tables.outbox.clear()
    an_hour_passes(bot)
    assert len(heard(bot)) == 1


def test_nobody_else_hears_and_nothing_goes_to_the_customer(bot):
    bot.has_shown()
    before = len(bot.heard_in(ACME_SHARED))
    leaves(bot)
    an_hour_passes(bot)
    assert len(heard(bot)) == 1
    assert heard(bot, ANA) == heard(bot, MIA) == []
    assert len(bot.heard_in(ACME_SHARED)) == before


def test_each_promise_can_be_handed_over_from_the_card(bot):
    made = bot.has_made()
    leaves(bot)
    an_hour_passes(bot)
    [said] = heard(bot)
    form = opened(bot.presses(BEN, "promise.give", value_of(said.card, "promise.give"), said.place))
    replied(bot.submits(BEN, form, {"owner": MIA.id}))
    bot.settle()
    replied(bot.says(MIA, "accept P-1"))
    assert bot.again(made).owner_id == MIA.id


def test_a_lead_who_left_is_not_told_of_what_they_left(bot):
    bot.has_made(person=BEN)
    leaves(bot, BEN)
    an_hour_passes(bot)
    assert heard(bot, BEN) == []
    hearers = {row.intent.person_id for row in bot.rows("orphaned")}
    assert hearers
    assert BEN.id not in hearers


def test_who_leaves_nothing_behind_is_let_go_quietly(bot):
    bot.has_made()
    replied(bot.says(ANA, "withdraw P-1"))
    leaves(bot)
    an_hour_passes(bot)
    assert bot.rows("orphaned") == []


def test_who_came_back_before_it_was_said_is_no_news(bot):
    bot.has_made()
    leaves(bot)
    sweeps.plan_ahead(bot.ports, WORKER)
    leaves(bot, is_active=True)
    bot.settle()
    assert heard(bot) == []


def test_more_than_ten_are_counted(bot):
    for day in range(12):
        bot.has_made(f"Acme: send report {day} by {MONDAY + timedelta(weeks=2 + day):%Y-%m-%d} 17:00")
    leaves(bot)
    an_hour_passes(bot)
    [said] = heard(bot)
    assert len(said.card.buttons) == 10
    assert "and 2 more: /promise list Acme" in plain_text(said.card)
