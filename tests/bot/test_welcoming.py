"""First words, the introduction to a customer, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import celebrating, partnering, welcoming
from bot.addresses import Place
from bot.cards import Card, encode
from bot.messages import welcomes
from bot.plain import flat, plain_text
from bot.readers import reader_for
from bot.routes import Route
from bot.scene import Denied
from bot.turns import Invalid, Joined, OpenForm, Outcome, Reply
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GUS,
    STRANGER,
    TENANT,
    a_place,
    a_promise,
)
from commitments.errors import NotYours, Settled, Unfit
from commitments.promise import Side, State
from stage import Stage

CLOSING = "A working note between people. It changes no contract."
LOBBY = a_place("#lobby", organisations=frozenset({"acme"}))


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    with stage.work() as uow:
        uow.places.add(LOBBY)
        uow.partnerships.save(replace(ACME, purpose="Ship faster together", boundaries="CANARY boundaries"))
    return stage


def pressed(stage: Stage, person, verb: str, question: str = "", place=ACME_SHARED) -> Outcome:
    return stage.press(welcoming.PRESSES, person, verb, encode(ACME.id, question), place)


def submitted(stage: Stage, person, form_id: str, **values: str) -> Outcome:
    return stage.submit(welcoming.FORMS, person, form_id, encode(ACME.id), values, ACME_SHARED)


def words(outcome: Outcome) -> str:
    assert isinstance(outcome, Reply)
    return plain_text(outcome.card)


def joined(stage: Stage, person, place: Place) -> None:
    turn = Joined(tenant=TENANT, person_id=person.id, place_id=place.id, now=stage.now, key="joined")
    with stage.work() as uow:
        welcoming.on_joined(stage.scene(uow, turn), turn)


def approved(stage: Stage) -> Card | None:
    """The welcome as it would be sent, after the lead read and approved it."""
    preview = pressed(stage, BEN, "welcome.preview")
    assert isinstance(preview, Reply)
    button = next(b for b in preview.card.buttons if b.verb == "welcome.approve")
    stage.press(welcoming.PRESSES, BEN, button.verb, button.value)
    [said] = stage.queued("welcome")
    assert said.place_id == ACME_SHARED.id
    return stage.compose(welcomes.COMPOSERS, said)


# Being added


def test_three_lines_are_said_once_per_place(stage):
    for _ in range(3):
        joined(stage, ANA, LOBBY)
    [said] = stage.queued("introduction")
    card = stage.compose(welcomes.COMPOSERS, said)
    assert card is not None
    assert len(card.blocks) == 3
    assert "CANARY" not in plain_text(card)


def test_a_place_of_ours_hears_other_lines_than_a_customers(stage):
    joined(stage, ANA, LOBBY)
    joined(stage, ANA, ACCOUNT_TEAM)
    theirs, ours = (stage.compose(welcomes.COMPOSERS, said) for said in stage.queued("introduction"))
    assert theirs is not None
    assert ours is not None
    assert "/promise" in plain_text(ours)
    assert "/promise" not in plain_text(theirs)


def test_whoever_adds_kept_to_an_unlinked_channel_hears_how_to_link_it(stage):
    joined(stage, ANA, LOBBY)
    [told] = stage.queued("how_to_link")
    assert told.person_id == ANA.id
    card = stage.compose(welcomes.COMPOSERS, told)
    assert card is not None
    assert "/partner link" in plain_text(card)


def test_the_way_to_link_is_not_told_once_it_is_linked(stage):
    joined(stage, ANA, LOBBY)
    with stage.work() as uow:
        place = uow.places.get(LOBBY.id)
        assert place is not None
        uow.places.save(replace(place, partnership_id=ACME.id))
    [told] = stage.queued("how_to_link")
    assert stage.compose(welcomes.COMPOSERS, told) is None


@pytest.mark.parametrize(("person", "place"), [(CARLA, LOBBY), (ANA, ACME_SHARED), (ANA, ACCOUNT_TEAM)])
def test_nobody_else_is_told_how_to_link(stage, person, place):
    joined(stage, person, place)
    assert stage.queued("how_to_link") == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_first_private_message_explains_itself(stage, language):
    say = reader_for(stage.ports, replace(ANA, language=language), stage.now)
    assert "Kept" in flat(welcoming.first_lines(say))
    assert "/promise settings" in flat(welcoming.first_lines(say))


# The welcome


def test_the_lead_reads_the_very_words_first(stage):
    preview = words(pressed(stage, BEN, "welcome.preview"))
    assert stage.queued("welcome") == []
    sent = approved(stage)
    assert sent is not None
    assert sent.title in preview
    for line in plain_text(replace(sent, buttons=())).splitlines():
        assert line in preview
    for button in sent.buttons:
        assert button.label in preview


def test_the_welcome_is_short_names_the_lead_and_ends_with_our_sentence(stage):
    sent = approved(stage)
    assert sent is not None
    text = plain_text(replace(sent, buttons=()))
    assert "Ben" in text
    assert "Ship faster together" in text
    assert text.endswith(CLOSING)
    assert len(text.replace("What for: Ship faster together", "").split()) <= 40
    assert [b.verb.removeprefix("welcome.") for b in sent.buttons] == list(welcomes.ANSWERS)


def test_nothing_internal_is_in_the_welcome(stage):
    sent = approved(stage)
    assert sent is not None
    assert "CANARY" not in plain_text(sent)


def test_the_welcome_is_sent_once(stage):
    approved(stage)
    with pytest.raises(Settled, match=r"welcome\.already"):
        pressed(stage, BEN, "welcome.preview")


def test_words_that_changed_since_are_shown_again(stage):
    preview = pressed(stage, BEN, "welcome.preview")
    assert isinstance(preview, Reply)
    button = next(b for b in preview.card.buttons if b.verb == "welcome.approve")
    values = {"purpose": "Something else"}
    stage.submit(partnering.FORMS, BEN, "partnership.edit", encode(ACME.id), values)
    again = stage.press(welcoming.PRESSES, BEN, button.verb, button.value)
    assert "Something else" in words(again)
    assert stage.queued("welcome") == []


def test_a_welcome_for_another_channel_is_not_said(stage):
    approved(stage)
    with stage.work() as uow:
        partnership = uow.partnerships.get(ACME.id)
        assert partnership is not None
        uow.partnerships.save(replace(partnership, mapping_version=2))
    [said] = stage.queued("welcome")
    assert stage.compose(welcomes.COMPOSERS, said) is None


def test_no_welcome_during_breathing_room(stage):
    with stage.work() as uow:
        partnership = uow.partnerships.get(ACME.id)
        assert partnership is not None
        uow.partnerships.save(replace(partnership, paused_until=FRIDAY))
    with pytest.raises(Unfit, match=r"welcome\.paused"):
        pressed(stage, BEN, "welcome.preview")


@pytest.mark.parametrize("person", [ANA, CARLA, GUS])
def test_only_the_lead_approves_it(stage, person):
    for verb in ("welcome.preview", "welcome.approve"):
        with pytest.raises(Denied):
            pressed(stage, person, verb)


# Its buttons


def test_the_list_holds_what_both_sides_have_shown_and_nothing_else(stage):
    with stage.work() as uow:
        uow.promises.add(a_promise(title="Shown by us", shown_at=stage.now, note="CANARY note"))
        uow.promises.add(
            a_promise(title="Shown by them", shown_at=stage.now, side=Side.THEIRS, owner_id=CARLA.id)
        )
        uow.promises.add(a_promise(title="CANARY private"))
        uow.promises.add(a_promise(title="Long settled", shown_at=stage.now, state=State.KEPT))
    for person in (CARLA, ANA):
        text = words(pressed(stage, person, "welcome.list"))
        assert "Shown by us" in text
        assert "Shown by them" in text
        assert "CANARY" not in text
        assert "Long settled" not in text


def test_an_empty_list_says_how_to_begin_one(stage):
    assert "Ask for something" in words(pressed(stage, CARLA, "welcome.list"))


@pytest.mark.parametrize("verb", ["list", "ask", "offer", "tell", "quieter"])
@pytest.mark.parametrize("person", [GUS, STRANGER])
def test_another_customer_presses_in_vain(stage, person, verb):
    with pytest.raises(NotYours):
        pressed(stage, person, f"welcome.{verb}")


def test_a_wish_is_filed_in_the_leads_name(stage):
    assert isinstance(pressed(stage, CARLA, "welcome.ask"), OpenForm)
    submitted(stage, CARLA, "welcome.ask", title="A staging system", due="2026-12-04")
    with stage.work() as uow:
        [filed] = uow.promises.of_partnership(ACME.id)
    assert (filed.title, filed.owner_id, filed.filed_by) == ("A staging system", BEN.id, CARLA.id)
    assert filed.state is State.PROPOSED


def test_an_offer_is_a_promise_of_theirs(stage):
    submitted(stage, CARLA, "welcome.offer", title="Test data", due="2026-12-04")
    with stage.work() as uow:
        [filed] = uow.promises.of_partnership(ACME.id)
    assert (filed.owner_id, filed.side, filed.is_shown) == (CARLA.id, Side.THEIRS, True)


@pytest.mark.parametrize("form_id", ["welcome.ask", "welcome.offer"])
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"title": "", "due": ""}, {"title", "due"}),
        ({"title": "x" * 201, "due": "2026-12-04"}, {"title"}),
        ({"title": "Test data", "due": "the launch"}, {"due"}),
        ({"title": "Test data", "due": "2020-01-01"}, {"due"}),
    ],
)
def test_what_does_not_fit_comes_back_beside_its_field(stage, form_id, values, wrong):
    outcome = submitted(stage, CARLA, form_id, **values)
    assert isinstance(outcome, Invalid)
    assert {field.name for field in outcome.form.fields if field.error} == wrong
    assert {name: outcome.form.value_of(name) for name in values} == values
    with stage.work() as uow:
        assert uow.promises.of_partnership(ACME.id) == []


def test_what_a_customer_tells_us_reaches_the_lead(stage):
    assert "Ben reads it now" in words(submitted(stage, CARLA, "welcome.tell", text="The export is slow"))
    with stage.work() as uow:
        [voice] = uow.partnerships.voices(ACME.id)
    assert (voice.text, voice.by, voice.from_customer) == ("The export is slow", CARLA.id, True)
    assert [told.person_id for told in stage.queued("voice")] == [BEN.id]


def test_nothing_told_is_nothing_kept(stage):
    outcome = submitted(stage, CARLA, "welcome.tell", text="\u200b ")
    assert isinstance(outcome, Invalid)
    assert stage.queued("voice") == []


@pytest.mark.parametrize("verb", ["ask", "offer", "tell"])
def test_a_colleague_hears_what_to_use_instead(stage, verb):
    with pytest.raises(Unfit, match="theirs_to_press"):
        pressed(stage, ANA, f"welcome.{verb}")


def test_anybody_may_ask_what_is_stored(stage):
    for person in (CARLA, GUS, STRANGER, ANA):
        assert "What Kept stores" in words(pressed(stage, person, "welcome.stores"))


def test_a_customer_says_whether_wins_may_name_them(stage):
    outcome = pressed(stage, CARLA, "welcome.stores")
    assert isinstance(outcome, Reply)
    [button] = outcome.card.buttons
    stage.press(celebrating.PRESSES, CARLA, button.verb, button.value)
    with stage.work() as uow:
        carla = uow.people.get(CARLA.id)
    assert carla is not None
    assert carla.agreed_to_be_named
    with pytest.raises(NotYours):
        stage.press(celebrating.PRESSES, GUS, button.verb, button.value)


def test_every_button_and_form_has_its_route(stage):
    routes: dict[str, Route] = {**welcoming.PRESSES, **celebrating.PRESSES, **partnering.PRESSES}
    sent = approved(stage)
    assert sent is not None
    assert {button.verb for button in sent.buttons} <= routes.keys()
