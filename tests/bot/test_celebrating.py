"""`/win`: credit where it is due, and nothing said before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import celebrating
from bot.cards import Card, encode
from bot.messages import wins
from bot.plain import plain_text
from bot.scene import Denied
from bot.turns import Invalid, OpenForm, Outcome, Reply
from builders import ACME, ACME_SHARED, ANA, BEN, CARLA, GLOBEX, MIA, NEXT_MONDAY, a_person, an_id
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Win
from stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def said(stage: Stage, person, words: str, place=None) -> Outcome:
    return stage.ask(celebrating.COMMANDS, person, "win", words, place)


def card(outcome: Outcome) -> Card:
    assert isinstance(outcome, Reply)
    return outcome.card


def recorded(stage: Stage, partnership=ACME) -> list[Win]:
    with stage.work() as uow:
        return uow.partnerships.wins(partnership.id, stage.now - timedelta(days=1), NEXT_MONDAY)


def agrees(stage: Stage, person) -> None:
    with stage.work() as uow:
        uow.people.save(replace(person, agreed_to_be_named=True))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Acme: First joint release", "First joint release"),
        (f"acme: First joint release, thanks <@{BEN.id}>", "First joint release"),
        (
            f"Acme: First joint release. Thank you <@{BEN.id}>, <@{MIA.id}> and <@{ANA.id}>!",
            "First joint release",
        ),
        (f"Acme: Erste gemeinsame Version, danke an <@{BEN.id}> und <@{MIA.id}>", "Erste gemeinsame Version"),
        (f"Acme: First joint release <@{BEN.id}>", "First joint release"),
        (f"Acme: <@{BEN.id}> closed the audit", "Ben closed the audit"),
        ("Acme: 12:00 o'clock release: done", "12:00 o'clock release: done"),
    ],
)
def test_the_thanks_become_credit_and_leave_the_sentence(stage, words, text):
    said(stage, ANA, words)
    [win] = recorded(stage)
    assert win.text == text
    assert win.by == ANA.id


def test_credit_goes_to_everyone_named_once(stage):
    said(stage, ANA, f"Acme: Done, thanks <@{BEN.id}>, <@{MIA.id}> and <@{BEN.id}>")
    assert recorded(stage)[0].credits == (BEN.id, MIA.id)


def test_a_customer_who_has_not_agreed_is_thanked_as_a_team(stage):
    outcome = said(stage, ANA, f"Acme: Done, thanks <@{CARLA.id}>")
    [win] = recorded(stage)
    assert (win.text, win.credits) == ("Done – thanks to the Acme team", ())
    assert "Carla" not in plain_text(card(outcome))


def test_a_customer_inside_the_sentence_is_not_named_either(stage):
    said(stage, ANA, f"Acme: <@{CARLA.id}> found the bug")
    assert "Carla" not in recorded(stage)[0].text


def test_a_customer_who_agreed_is_credited_by_name(stage):
    agrees(stage, CARLA)
    said(stage, ANA, f"Acme: Done, thanks <@{CARLA.id}>")
    assert recorded(stage)[0].credits == (CARLA.id,)


def test_a_win_is_not_posted_anywhere_at_once(stage):
    said(stage, ANA, "Acme: First joint release", ACME_SHARED)
    assert stage.queued() == []


def test_a_thanked_colleague_hears_it_when_it_can_no_longer_be_taken_back(stage):
    said(stage, ANA, f"Acme: Done, thanks <@{BEN.id}> and <@{ANA.id}>")
    [told] = stage.queued("thanked")
    assert told.person_id == BEN.id
    assert told.not_before == stage.now + stage.policy.nudging.undo_for
    heard = stage.compose(wins.COMPOSERS, told)
    assert heard is not None
    assert "Ana gave you credit" in plain_text(heard)


def test_in_the_customers_channel_the_name_may_be_left_out(stage):
    said(stage, ANA, "First joint release", ACME_SHARED)
    assert recorded(stage)[0].partnership_id == ACME.id


@pytest.mark.parametrize("words", ["", "First joint release", "Hooli: First joint release", "Acme:"])
def test_what_is_missing_is_asked_for_in_a_form(stage, words):
    outcome = said(stage, ANA, words)
    assert isinstance(outcome, OpenForm)
    assert recorded(stage) == []


def test_the_form_offers_only_partnerships_one_may_record_for(stage):
    outcome = said(stage, ANA, "")
    assert isinstance(outcome, OpenForm)
    customers = next(field for field in outcome.form.fields if field.name == "customer")
    assert [option.label for option in customers.options] == ["Acme"]


def test_the_form_records_with_thanks(stage):
    values = {"customer": ACME.id, "text": "Done", "thanks": BEN.id}
    stage.submit(celebrating.FORMS, ANA, "win.record", "", values)
    [win] = recorded(stage)
    assert (win.text, win.credits) == ("Done", (BEN.id,))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"customer": GLOBEX.id, "text": "Done"}, "customer"),
        ({"customer": "", "text": "Done"}, "customer"),
        ({"customer": ACME.id, "text": " "}, "text"),
        ({"customer": ACME.id, "text": "x" * 281}, "text"),
    ],
)
def test_a_mistake_in_the_form_saves_nothing(stage, values, wrong):
    outcome = stage.submit(celebrating.FORMS, ANA, "win.record", "", values)
    assert isinstance(outcome, Invalid)
    assert [field.name for field in outcome.form.fields if field.error] == [wrong]
    assert recorded(stage) == []


def test_too_long_a_win_comes_back_as_typed(stage):
    outcome = said(stage, ANA, "Acme: " + "long " * 100)
    assert isinstance(outcome, OpenForm)
    assert next(field for field in outcome.form.fields if field.name == "text").error


def test_forty_thousand_commas_are_answered_at_once(stage):
    assert isinstance(said(stage, ANA, "Acme: a" + ", " * 20_000), OpenForm)


def undo(stage: Stage, person, outcome: Outcome) -> Outcome:
    [button] = card(outcome).buttons
    return stage.press(celebrating.PRESSES, person, button.verb, button.value)


def test_a_win_taken_back_thanks_nobody(stage):
    undo(stage, ANA, said(stage, ANA, f"Acme: Done, thanks <@{BEN.id}>"))
    assert recorded(stage)[0].withdrawn_at == stage.now
    [told] = stage.queued("thanked")
    assert stage.compose(wins.COMPOSERS, told) is None


def test_it_is_taken_back_once(stage):
    outcome = said(stage, ANA, "Acme: Done")
    undo(stage, ANA, outcome)
    with pytest.raises(Settled, match="taken_back"):
        undo(stage, ANA, outcome)


def test_after_ten_minutes_it_stays(stage):
    outcome = said(stage, ANA, "Acme: Done")
    stage.clock.advance(timedelta(minutes=10, seconds=1))
    with pytest.raises(Settled, match="too_late"):
        undo(stage, ANA, outcome)


def test_only_who_recorded_it_takes_it_back(stage):
    outcome = said(stage, ANA, "Acme: Done")
    with pytest.raises(Denied):
        undo(stage, BEN, outcome)
    with pytest.raises(NotYours):
        stage.press(celebrating.PRESSES, ANA, "win.undo", encode(an_id("no such win")))


@pytest.mark.parametrize("words", ["", "Acme: Done"])
def test_a_customer_records_no_wins(stage, words):
    with pytest.raises(Unfit, match="no_commands"):
        said(stage, CARLA, words, ACME_SHARED)


def test_a_colleague_far_from_the_customer_is_asked_which_customer(stage):
    far = a_person("Far")
    with stage.work() as uow:
        uow.people.add(far)
    outcome = said(stage, far, "Acme: Done")
    assert isinstance(outcome, OpenForm)
    assert recorded(stage) == []
