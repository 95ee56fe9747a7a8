"""`/partner`: beginning, reading, linking, resting, and who has which part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import partnering
from bot.addresses import PlaceKind
from bot.cards import Card, Form, encode
from bot.messages import partners
from bot.plain import plain_text
from bot.readers import reader_for
from bot.refusals import sentence
from bot.scene import Denied
from bot.turns import Invalid, OpenForm, Outcome, Reply
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    GLOBEX,
    GLOBEX_SHARED,
    GUS,
    MIA,
    STRANGER,
    a_contact,
    a_person,
    a_place,
    a_private_place,
    a_promise,
    an_id,
)
from commitments.errors import NotYours, Refusal, Settled, Unfit
from commitments.partnership import Closeness, Partnership, Role
from commitments.promise import Side
from commitments.slots import Rhythm
from stage import Stage

NEWCOMER = a_person("Nia", zone="Europe/Berlin")
ADMIN = a_person("Ada", is_admin=True)
LOBBY = a_place("#acme-lobby", organisations=frozenset({"acme"}))
ROUND_TABLE = a_place("#round-table", organisations=frozenset({"acme", "initech"}))


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    with stage.work() as uow:
        for person in (NEWCOMER, ADMIN):
            uow.people.add(person)
            uow.places.add(a_private_place(person))
        for place in (LOBBY, ROUND_TABLE):
            uow.places.add(place)
            uow.places.join(place.id, [BEN.id, CARLA.id])
    return stage


def said(stage: Stage, person, words: str, place=None) -> Outcome:
    return stage.ask(partnering.COMMANDS, person, "partner", words, place)


def pressed(stage: Stage, person, verb: str, partnership=ACME, question: str = "", place=None) -> Outcome:
    return stage.press(partnering.PRESSES, person, verb, encode(partnership.id, question), place)


def card(outcome: Outcome) -> Card:
    assert isinstance(outcome, Reply)
    return outcome.card


def form(outcome: Outcome) -> Form:
    assert isinstance(outcome, OpenForm | Invalid)
    return outcome.form


def words(outcome: Outcome) -> str:
    return plain_text(card(outcome))


def verbs(outcome: Outcome) -> list[str]:
    return [button.verb for button in card(outcome).buttons]


def stored(stage: Stage, partnership_id: str = ACME.id) -> Partnership:
    with stage.work() as uow:
        found = uow.partnerships.get(partnership_id)
        assert found is not None
        return found


def roles(stage: Stage, person) -> frozenset[Role]:
    with stage.work() as uow:
        return uow.partnerships.roles(ACME.id).get(person.id, frozenset())


# Reading


def test_an_empty_list_says_how_to_begin(stage):
    assert "/partner new" in words(said(stage, NEWCOMER, ""))


def test_a_bare_partner_lists_ones_own_only(stage):
    assert [b.about for b in card(said(stage, ANA, "")).buttons] == ["Acme"]
    assert [b.about for b in card(said(stage, BEN, "")).buttons] == ["Acme", "Globex"]


def test_the_card_counts_only_what_its_reader_may_see(stage):
    watcher = a_person("Wim")  # in the channel, on no team
    with stage.work() as uow:
        uow.people.add(watcher)
        uow.places.join(ACME_SHARED.id, [watcher.id])
        uow.promises.add(a_promise(number=1))
        uow.promises.add(a_promise(number=2, shown_at=stage.now))
        uow.promises.add(a_promise(number=3, shown_at=stage.now, side=Side.THEIRS, owner_id=CARLA.id))
    assert "2 of ours · 1 by Acme" in words(said(stage, BEN, "acme"))
    assert "1 of ours · 1 by Acme" in words(said(stage, watcher, "Acme"))


def test_the_card_offers_only_what_its_reader_may_do(stage):
    assert {"partnership.edit", "partnership.pause", "welcome.preview"} <= set(
        verbs(said(stage, BEN, "Acme"))
    )
    assert verbs(said(stage, ANA, "Acme")) == []


def test_in_the_customers_channel_the_name_may_be_left_out(stage):
    outcome = said(stage, BEN, "pause", ACME_SHARED)
    assert form(outcome).subject == encode(ACME.id)


def test_absent_and_not_yours_read_the_same(stage):
    for name in ("Globex", "Hooli"):
        with pytest.raises(Unfit) as refused:
            said(stage, ANA, name)
        assert (refused.value.code, refused.value.details) == ("partner.unknown", {"name": name})


def test_near_names_come_only_from_what_the_reader_may_see(stage):
    with pytest.raises(Unfit) as refused:
        said(stage, BEN, "Globx")
    assert refused.value.details["near"] == "Globex"
    with pytest.raises(Unfit) as refused:
        said(stage, ANA, "Globx")
    assert refused.value.code == "partner.unknown"


@pytest.mark.parametrize("person", [CARLA, GUS, STRANGER])
@pytest.mark.parametrize("typed", ["", "Acme", "new Evil", "pause Acme"])
def test_people_outside_are_told_what_they_have_instead_of_commands(stage, person, typed):
    with pytest.raises(Unfit, match="no_commands"):
        said(stage, person, typed)


# Beginning


def test_who_begins_a_partnership_leads_it_and_it_is_saved_at_once(stage):
    outcome = said(stage, NEWCOMER, "new  Initech   GmbH")
    assert form(outcome).id == "partnership.edit"
    with stage.work() as uow:
        found = uow.partnerships.named("initech gmbh")
        assert found is not None
        assert (found.name, found.zone) == ("Initech GmbH", "Europe/Berlin")
        assert uow.partnerships.roles(found.id) == {NEWCOMER.id: frozenset({Role.LEAD})}


def test_a_name_is_given_once(stage):
    with pytest.raises(Settled, match="name_taken"):
        said(stage, NEWCOMER, "new ACME")


@pytest.mark.parametrize("name", ["", "\u200b\u202e", "<!channel>", "a: b", "Pause", "x" * 61])
def test_a_name_nobody_could_type_again_is_refused(stage, name):
    with pytest.raises(Unfit):
        said(stage, NEWCOMER, f"new {name}")


def test_a_customer_whose_name_begins_with_one_of_our_words_is_found(stage):
    said(stage, NEWCOMER, "new Link Logistics")
    assert "Link Logistics" in words(said(stage, NEWCOMER, "link logistics"))


def test_editing_saves_every_field(stage):
    values = {
        "purpose": "Ship faster together",
        "boundaries": "Their audit in May",
        "their_lead": CARLA.id,
        "review_on": "2027-03-01",
        "rhythm": "monthly",
        "shows": "at_once",
    }
    outcome = stage.submit(partnering.FORMS, BEN, "partnership.edit", encode(ACME.id), values)
    after = stored(stage)
    assert (after.purpose, after.boundaries) == ("Ship faster together", "Their audit in May")
    assert (after.their_lead_id, after.review_on) == (CARLA.id, date(2027, 3, 1))
    assert (after.rhythm, after.shows_at_once) == (Rhythm.MONTHLY, True)
    assert "Carla" in words(outcome)


def test_the_customers_lead_is_chosen_from_their_people_in_the_channel(stage):
    fields = form(pressed(stage, BEN, "partnership.edit")).fields
    options = next(field.options for field in fields if field.name == "their_lead")
    assert [option.label for option in options[1:]] == ["Carla", "Carlos"]


def test_a_mistake_in_the_form_is_named_at_its_field_and_saves_nothing(stage):
    values = {"purpose": "x" * 201, "their_lead": GUS.id, "rhythm": "hourly"}
    outcome = stage.submit(partnering.FORMS, BEN, "partnership.edit", encode(ACME.id), values)
    assert isinstance(outcome, Invalid)
    assert {f.name for f in outcome.form.fields if f.error} == {"purpose", "their_lead", "rhythm"}
    assert outcome.form.value_of("purpose") == "x" * 201
    assert stored(stage) == ACME


def test_a_manager_edits_but_does_not_decide_the_rhythm(stage):
    names = {field.name for field in form(pressed(stage, MIA, "partnership.edit")).fields}
    assert {"purpose", "boundaries"} <= names
    assert not names & {"rhythm", "shows"}
    values = {"purpose": "Ours", "rhythm": "monthly"}
    stage.submit(partnering.FORMS, MIA, "partnership.edit", encode(ACME.id), values)
    assert (stored(stage).purpose, stored(stage).rhythm) == ("Ours", Rhythm.WEEKLY)


def test_a_member_does_not_edit(stage):
    with pytest.raises(Denied):
        pressed(stage, ANA, "partnership.edit")


# Linking


def link(stage: Stage, place, person=BEN, name: str = "Acme") -> Outcome:
    return said(stage, person, f"link {name} <#{place.id}>")


def confirm(stage: Stage, outcome: Outcome, choice: int = 0, person=BEN) -> Outcome:
    button = card(outcome).buttons[choice]
    return stage.press(partnering.PRESSES, person, button.verb, button.value)


def test_linking_first_shows_who_else_is_there_and_changes_nothing(stage):
    outcome = link(stage, LOBBY)
    assert "• acme" in words(outcome)
    assert stored(stage) == ACME


def test_an_organisation_is_shown_with_the_people_we_met_there(stage):
    """T21: an id says little, and a name people gave themselves proves nothing, so both are shown."""
    theirs = [a_contact(f"P{n}", "initech") for n in range(4)]
    with stage.work() as uow:
        for each in theirs:
            uow.people.add(each)
        uow.places.join(ROUND_TABLE.id, [each.id for each in (CARLA, GUS, ANA, *theirs)])
    text = words(link(stage, ROUND_TABLE))
    assert "• acme, with Carla\n" in text
    assert "• initech, with P0, P1, P2 …\n" in text
    assert "Gus" not in text


def test_a_confirmed_link_moves_the_partnership_to_that_channel(stage):
    with stage.work() as uow:
        uow.partnerships.save(replace(ACME, welcomed_at=stage.now, first_digest_approved_at=stage.now))
    confirm(stage, link(stage, LOBBY))
    after = stored(stage)
    assert (after.place_id, after.organisations) == (LOBBY.id, frozenset({"acme"}))
    assert after.mapping_version == ACME.mapping_version + 1
    assert (after.welcomed_at, after.first_digest_approved_at) == (None, None)
    with stage.work() as uow:
        lobby, before = uow.places.get(LOBBY.id), uow.places.get(ACME_SHARED.id)
        assert lobby is not None
        assert before is not None
        assert (lobby.partnership_id, lobby.kind) == (ACME.id, PlaceKind.CUSTOMER)
        assert before.partnership_id is None


def test_a_channel_that_changed_meanwhile_is_shown_again(stage):
    shown = link(stage, LOBBY)
    with stage.work() as uow:
        uow.places.save(replace(LOBBY, organisations=frozenset({"acme", "globex"})))
    again = confirm(stage, shown)
    assert "• globex" in words(again)
    assert stored(stage) == ACME


def test_with_several_organisations_the_customer_is_named_and_the_digest_stays_off(stage):
    shown = link(stage, ROUND_TABLE)
    assert [button.label for button in card(shown).buttons] == ["It is acme", "It is initech"]
    confirm(stage, shown)
    after = stored(stage)
    assert (after.organisations, after.closeness) == (frozenset({"acme"}), Closeness.PLAIN)


def test_a_channel_of_another_partnership_is_refused(stage):
    with pytest.raises(Settled, match="place_taken") as refused:
        link(stage, GLOBEX_SHARED)
    assert "Globex" not in str(refused.value.details)


@pytest.mark.parametrize(
    "place", [a_place("#unknown"), a_place("#elsewhere"), a_private_place(BEN)], ids=lambda p: p.name
)
def test_a_channel_one_is_not_in_reads_like_no_channel(stage, place):
    with stage.work() as uow:
        uow.places.add(a_place("#elsewhere"))
    with pytest.raises(Unfit) as refused:
        link(stage, place)
    assert (refused.value.code, refused.value.details) == ("partner.unknown_place", {"name": "Acme"})


def test_a_channel_name_the_platform_did_not_resolve_is_not_taken_for_the_customer(stage):
    with pytest.raises(Unfit, match="unknown_place"):
        said(stage, BEN, "link Acme #acme-lobby", LOBBY)


def test_linking_inside_the_channel_needs_no_channel_name(stage):
    assert "#acme-lobby" in words(said(stage, BEN, "link Acme", LOBBY))


def test_only_the_lead_links(stage):
    shown = link(stage, LOBBY)
    with pytest.raises(Denied):
        link(stage, LOBBY, ANA)
    with pytest.raises(Denied):
        confirm(stage, shown, person=ANA)
    with pytest.raises(NotYours):
        pressed(stage, BEN, "partnership.link_confirm", question="nonsense")


# Closeness and breathing room


def test_a_pause_has_an_end_and_both_say_when(stage):
    outcome = said(stage, BEN, "pause Acme until 1 December")
    assert stored(stage).paused_until == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert "until Tue 1 Dec, 17:00" in words(outcome)
    assert "partnership.resume" in verbs(outcome)


def test_a_pause_without_an_end_asks_for_one(stage):
    assert form(said(stage, BEN, "pause Acme")).id == "partnership.pause"
    assert stored(stage) == ACME


@pytest.mark.parametrize("phrase", ["the launch", "last Friday", "2026-02-30", ""])
def test_an_unsure_end_is_asked_about_never_guessed(stage, phrase):
    outcome = stage.submit(partnering.FORMS, BEN, "partnership.pause", encode(ACME.id), {"until": phrase})
    assert isinstance(outcome, Invalid)
    assert outcome.form.fields[0].error
    assert stored(stage) == ACME


def test_the_end_typed_stays_in_the_form_when_it_is_unsure(stage):
    outcome = said(stage, BEN, "pause Acme until the launch")
    assert isinstance(outcome, OpenForm)
    assert outcome.form.value_of("until") == "the launch"


def test_the_customer_takes_breathing_room_and_the_lead_hears(stage):
    assert form(pressed(stage, CARLA, "partnership.pause", place=ACME_SHARED)).id == "partnership.pause"
    values = {"until": "2026-12-01"}
    stage.submit(partnering.FORMS, CARLA, "partnership.pause", encode(ACME.id), values, ACME_SHARED)
    [told] = stage.queued("breathing_room")
    assert told.person_id == BEN.id
    heard = stage.compose(partners.COMPOSERS, told)
    assert heard is not None
    assert "Carla" in plain_text(heard)
    assert "breathing room until Tue 1 Dec" in plain_text(heard)


def test_resuming_ends_the_pause(stage):
    said(stage, BEN, "pause Acme until 1 December")
    said(stage, BEN, "resume Acme")
    assert stored(stage).paused_until is None
    assert "no pause" in words(said(stage, BEN, "resume Acme"))


def test_either_side_changes_closeness_with_one_press(stage):
    pressed(stage, CARLA, "partnership.quieter", place=ACME_SHARED)
    assert stored(stage).closeness is Closeness.PLAIN
    pressed(stage, BEN, "partnership.closer")
    pressed(stage, BEN, "partnership.closer")
    assert stored(stage).closeness is Closeness.CLOSE
    assert [told.person_id for told in stage.queued("breathing_room")] == [BEN.id]  # not of his own presses


def test_quieter_than_quiet_is_answered_kindly_and_tells_nobody(stage):
    pressed(stage, CARLA, "partnership.quieter")
    outcome = pressed(stage, CARLA, "partnership.quieter")
    assert "as quiet as it gets" in words(outcome)
    assert "partnership.pause" in verbs(outcome)
    assert len(stage.queued("breathing_room")) == 1


def test_a_customer_sees_nothing_of_our_side_in_the_answer(stage):
    with stage.work() as uow:
        uow.partnerships.save(replace(ACME, boundaries="CANARY"))
    assert "CANARY" not in words(pressed(stage, CARLA, "partnership.quieter"))
    assert "CANARY" in words(said(stage, BEN, "Acme"))


@pytest.mark.parametrize("verb", ["quieter", "closer", "pause", "resume", "show", "edit"])
@pytest.mark.parametrize("person", [GUS, STRANGER])
def test_another_customer_changes_nothing_here(stage, person, verb):
    with pytest.raises(Denied):
        pressed(stage, person, f"partnership.{verb}")


# Roles and reports


def test_a_new_lead_makes_the_one_before_a_member_and_both_hear(stage):
    outcome = said(stage, ADMIN, f"role <@{ANA.id}> lead Acme")
    assert Role.LEAD in roles(stage, ANA)
    assert roles(stage, BEN) == frozenset({Role.MEMBER})
    assert "Ana now leads Acme" in words(outcome)
    heard = {told.person_id: stage.compose(partners.COMPOSERS, told) for told in stage.queued("role")}
    assert "You now lead Acme" in plain_text(heard[ANA.id] or Card(title=""))
    assert "on the account team" in plain_text(heard[BEN.id] or Card(title=""))


def test_in_the_customers_channel_the_role_is_in_that_partnership(stage):
    said(stage, BEN, f"role <@{NEWCOMER.id}> member", ACME_SHARED)
    assert roles(stage, NEWCOMER) == frozenset({Role.MEMBER})


def test_a_part_can_be_taken_away(stage):
    said(stage, BEN, f"role <@{ANA.id}> off Acme")
    assert roles(stage, ANA) == frozenset()


def test_a_partnership_is_never_left_without_a_lead(stage):
    with pytest.raises(Unfit, match="needs_a_lead"):
        said(stage, BEN, f"role <@{BEN.id}> member Acme")
    assert roles(stage, BEN) == frozenset({Role.LEAD})


def test_nobody_outside_gets_a_part(stage):
    with pytest.raises(Unfit, match="not_a_colleague"):
        said(stage, BEN, f"role <@{CARLA.id}> member Acme")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("role lead Acme", "partner.whom"),
        (f"role <@{ANA.id}> boss Acme", "partner.which_role"),
        (f"role <@{ANA.id}> lead", "partner.which"),
        (f"role <@{an_id('nobody')}> lead Acme", "not_yours"),
        (f"reports <@{MIA.id}>", "partner.whose_reports"),
    ],
)
def test_what_is_missing_is_asked_for(stage, typed, code):
    with pytest.raises(Refusal) as refused:
        said(stage, ADMIN, typed)
    assert refused.value.code == code


def test_a_member_gives_no_roles(stage):
    with pytest.raises(Denied):
        said(stage, ANA, f"role <@{ANA.id}> lead Acme")


def test_an_admin_says_who_reports_to_whom_and_the_manager_hears(stage):
    said(stage, ADMIN, f"reports <@{MIA.id}> <@{NEWCOMER.id}>")
    with stage.work() as uow:
        assert NEWCOMER.id in uow.people.reports_of(MIA.id)
        assert ANA.id in uow.people.reports_of(MIA.id)
    [told] = stage.queued("reports")
    heard = stage.compose(partners.COMPOSERS, told)
    assert heard is not None
    assert "Nia" in plain_text(heard)


def test_nobody_else_arranges_reports(stage):
    with pytest.raises(Denied):
        said(stage, BEN, f"reports <@{BEN.id}> <@{ANA.id}>")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "typed", ["link Acme #nowhere", f"role <@{CARLA.id}> lead Acme", "new Acme", "Globx"]
)
def test_every_refusal_has_its_sentence(stage, language, typed):
    with pytest.raises(Refusal) as refused:
        said(stage, BEN, typed)
    speaker = reader_for(stage.ports, replace(BEN, language=language), stage.now)
    assert sentence(speaker, refused.value).endswith((".", "?"))


def test_a_channel_of_ours_alone_warns_before_it_is_linked(stage):
    assert "nobody from outside" in words(link(stage, ACCOUNT_TEAM, name="Globex"))
    assert stored(stage, GLOBEX.id) == GLOBEX
