"""What every store holds to about tenants, people, places and partnerships: the fake as well as databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.addresses import PlaceKind
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    GUS,
    MIA,
    MONDAY,
    NEXT_FRIDAY,
    PLATFORM,
    STRANGER,
    TENANT,
    TUESDAY,
    WEDNESDAY,
    a_contact,
    a_fact,
    a_partnership,
    a_person,
    a_place,
    a_private_place,
    a_promise,
    a_voice,
    a_win,
    an_id,
)
from commitments.errors import StaleWrite
from commitments.partnership import Closeness, Role

OTHER = "T2"


@pytest.fixture
def elsewhere(opened):
    """Another tenant with a partnership, a person and a place of the same names."""
    person = replace(ANA, id=an_id("other Ana"), tenant=OTHER)
    partnership = a_partnership("Acme", id=an_id("other Acme"), tenant=OTHER)
    place = replace(ACME_SHARED, id=an_id("other shared"), tenant=OTHER)
    promise = a_promise(
        id=an_id("other promise"), tenant=OTHER, partnership_id=partnership.id, next_at=MONDAY
    )
    with opened(OTHER) as uow:
        uow.people.add(person)
        uow.partnerships.add(partnership)
        uow.places.add(place)
        uow.places.join(place.id, [person.id])
        uow.promises.add(promise)
        uow.promises.add_fact(promise.id, a_fact(), None)
        uow.partnerships.set_role(partnership.id, person.id, Role.MANAGER)
        uow.people.set_reports(person.id, [person.id])
        uow.commit()
    return {"person": person, "partnership": partnership, "place": place, "promise": promise}


def test_what_was_not_committed_is_gone(opened):
    with opened(TENANT) as uow:
        uow.people.add(ANA)
    with opened(TENANT) as uow:
        assert uow.people.get(ANA.id) is None


def test_an_error_takes_back_everything_since_the_commit(opened):
    def fail(uow):
        uow.people.add(ANA)
        uow.commit()
        uow.people.add(BEN)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), opened(TENANT) as uow:
        fail(uow)
    with opened(TENANT) as uow:
        assert [each.name for each in uow.people.ours()] == ["Ana"]


def test_another_tenants_rows_are_absent(elsewhere, uow):
    assert uow.people.get(elsewhere["person"].id) is None
    assert uow.people.of_ids([elsewhere["person"].id]) == {}
    assert uow.places.get(elsewhere["place"].id) is None
    assert uow.places.members(elsewhere["place"].id) == frozenset()
    assert uow.partnerships.get(elsewhere["partnership"].id) is None
    assert uow.partnerships.roles(elsewhere["partnership"].id) == {}
    assert uow.partnerships.roles_of(elsewhere["person"].id) == {}
    assert uow.promises.get(elsewhere["promise"].id) is None
    assert uow.promises.of_ids([elsewhere["promise"].id]) == {}
    assert uow.promises.facts(elsewhere["promise"].id) == []
    assert uow.promises.last_fact(elsewhere["promise"].id) is None
    assert uow.promises.claim_due(NEXT_FRIDAY, 10) == []
    assert uow.promises.next_at() is None
    assert uow.promises.numbered(elsewhere["promise"].number) == []
    assert uow.promises.find("report", [elsewhere["partnership"].id]) == []
    assert uow.promises.touched(elsewhere["partnership"].id, MONDAY, NEXT_FRIDAY) == []
    assert elsewhere["person"].id not in uow.people.managers()
    assert uow.people.reports_of(elsewhere["person"].id) == []


def test_another_tenants_rows_cannot_be_hung_on(elsewhere, uow):
    with pytest.raises(LookupError):
        uow.places.join(elsewhere["place"].id, [ANA.id])
    with pytest.raises(LookupError):
        uow.partnerships.set_role(elsewhere["partnership"].id, ANA.id, Role.LEAD)
    with pytest.raises(LookupError):
        uow.partnerships.next_number(elsewhere["partnership"].id)
    with pytest.raises(LookupError):
        uow.people.set_reports(elsewhere["person"].id, [ANA.id])
    with pytest.raises(LookupError):
        uow.promises.add_fact(elsewhere["promise"].id, a_fact(), None)


def test_another_tenants_values_are_refused(elsewhere, uow):
    with pytest.raises(ValueError):
        uow.people.add(a_person("Eve", tenant=OTHER))
    with pytest.raises(ValueError):
        uow.people.save(elsewhere["person"])
    with pytest.raises(ValueError):
        uow.promises.save(elsewhere["promise"])
    with pytest.raises(ValueError):
        uow.partnerships.save_win(a_win(tenant=OTHER))


def test_opened_for_all_it_sees_every_tenant(opened, elsewhere, uow):
    uow.promises.add(a_promise(id=an_id("ours"), next_at=TUESDAY))
    uow.commit()
    uow.__exit__(None, None, None)
    with opened(None) as everywhere:
        claimed = everywhere.promises.claim_due(NEXT_FRIDAY, 10)
        assert [each.tenant for each in claimed] == [OTHER, TENANT]
        assert everywhere.people.get(elsewhere["person"].id) == elsewhere["person"]
        assert len(everywhere.partnerships.all()) == 3


# People


def test_a_person_is_found_by_id_and_by_account(uow):
    assert uow.people.get(ANA.id) == ANA
    assert uow.people.by_account(PLATFORM, "ana") == ANA
    assert uow.people.by_account("slack", "ana") is None
    assert uow.people.of_ids([ANA.id, BEN.id, an_id("nobody")]) == {ANA.id: ANA, BEN.id: BEN}
    assert uow.people.of_ids([]) == {}


def test_an_account_belongs_to_one_person(uow):
    with pytest.raises(StaleWrite):
        uow.people.add(a_person("Ana", id=an_id("second Ana")))


def test_saving_raises_the_version(uow):
    uow.people.save(replace(ANA, name="Ana Lima"))
    assert uow.people.get(ANA.id) == replace(ANA, name="Ana Lima", version=2)


def test_whoever_saves_second_is_stale(uow):
    uow.people.save(replace(ANA, name="first"))
    with pytest.raises(StaleWrite):
        uow.people.save(replace(ANA, name="second"))
    assert uow.people.get(ANA.id).name == "first"


def test_saving_what_is_not_there_is_stale(uow):
    with pytest.raises(StaleWrite):
        uow.people.save(a_person("Eve"))


def test_colleagues_are_active_internal_people_by_name(uow):
    uow.people.add(a_person("zoe"))
    uow.people.add(a_person("Gone", is_active=False))
    uow.people.add(a_person("Guest", guest=True))
    assert [each.name for each in uow.people.ours()] == ["Ana", "Ben", "Mia", "zoe"]


def test_admins_are_those_still_active(uow):
    uow.people.save(replace(BEN, is_admin=True))
    uow.people.add(a_person("Gone", is_admin=True, is_active=False))
    assert [each.name for each in uow.people.admins()] == ["Ben"]


def test_a_person_may_have_several_managers(uow):
    uow.people.set_reports(BEN.id, [ANA.id])
    uow.people.set_reports(BEN.id, [ANA.id, MIA.id])
    assert ANA.id in uow.people.reports_of(MIA.id)
    assert uow.people.reports_of(BEN.id) == sorted([ANA.id, MIA.id])
    assert uow.people.reports_of(ANA.id) == []


def test_a_persons_ties_are_read_at_once(uow):
    uow.people.set_reports(ANA.id, [BEN.id])
    ties = uow.people.ties(ANA.id)
    assert ties.roles == uow.partnerships.roles_of(ANA.id) != {}
    assert ties.reports == {BEN.id}
    assert ties.in_channel_of == {ACME.id}


def test_a_stranger_has_no_ties(elsewhere, uow):
    for person_id in (elsewhere["person"].id, an_id("nobody")):
        ties = uow.people.ties(person_id)
        assert (ties.roles, ties.reports, ties.in_channel_of) == ({}, frozenset(), frozenset())


def test_managers_have_reports_or_the_role(uow):
    uow.people.set_reports(BEN.id, [ANA.id])
    uow.partnerships.drop_role(ACME.id, MIA.id, Role.MANAGER)
    uow.partnerships.set_role(ACME.id, CARLA.id, Role.MANAGER)
    assert uow.people.managers() == sorted([BEN.id, MIA.id, CARLA.id])


# Places


def test_a_place_is_found_by_id_and_by_route(uow):
    assert uow.places.get(ACME_SHARED.id) == ACME_SHARED
    assert uow.places.by_route(PLATFORM, "#acme-shared") == ACME_SHARED
    assert uow.places.by_route("slack", "#acme-shared") is None


def test_a_route_leads_to_one_place(uow):
    with pytest.raises(StaleWrite):
        uow.places.add(a_place("#acme-shared", id=an_id("second")))


def test_a_place_is_saved_by_version(uow):
    uow.places.save(replace(ACME_SHARED, quiet=True, introduced_at=MONDAY))
    assert uow.places.get(ACME_SHARED.id) == replace(ACME_SHARED, quiet=True, introduced_at=MONDAY, version=2)
    with pytest.raises(StaleWrite):
        uow.places.save(ACME_SHARED)


def test_people_join_once_and_leave(uow):
    uow.places.join(ACCOUNT_TEAM.id, [ANA.id, CARLA.id])
    assert uow.places.members(ACCOUNT_TEAM.id) == {ANA.id, BEN.id, MIA.id, CARLA.id}
    uow.places.leave(ACCOUNT_TEAM.id, CARLA.id)
    uow.places.leave(ACCOUNT_TEAM.id, CARLA.id)
    assert uow.places.members(ACCOUNT_TEAM.id) == {ANA.id, BEN.id, MIA.id}
    uow.places.join(ACCOUNT_TEAM.id, [])


def test_nobody_joins_a_place_that_is_not_there(uow):
    with pytest.raises(LookupError):
        uow.places.join(an_id("nowhere"), [ANA.id])


def test_a_persons_places_are_those_joined_and_the_private_one(uow):
    names = [each.name for each in uow.places.of_person(ANA.id)]
    assert names == ["#account-team", "#acme-shared", "@Ana"]
    internal = uow.places.of_person(ANA.id, PlaceKind.INTERNAL)
    assert internal == [ACCOUNT_TEAM]
    assert uow.places.private_of(ANA.id) == a_private_place(ANA)
    assert uow.places.private_of(an_id("nobody")) is None
    assert uow.places.of_person(STRANGER.id) == [a_private_place(STRANGER)]


# Partnerships


@pytest.mark.parametrize("said", ["Acme", " acme ", "ACME"])
def test_a_partnership_is_found_however_it_is_written(uow, said):
    assert uow.partnerships.named(said) == ACME


def test_case_is_folded_beyond_ascii(uow):
    uow.partnerships.add(a_partnership("Ölwerk Groß"))
    assert uow.partnerships.named("ÖLWERK GROSS").name == "Ölwerk Groß"


def test_a_name_stands_for_one_partnership(uow):
    with pytest.raises(StaleWrite):
        uow.partnerships.add(a_partnership(" ACME", id=an_id("second")))


def test_partnerships_come_by_name(uow):
    uow.partnerships.add(a_partnership("bolt"))
    assert [each.name for each in uow.partnerships.all()] == ["Acme", "bolt", "Globex"]
    assert uow.partnerships.get(GLOBEX.id) == GLOBEX


def test_numbers_count_up_in_each_partnership(uow):
    assert [uow.partnerships.next_number(ACME.id) for _ in range(3)] == [1, 2, 3]
    assert uow.partnerships.next_number(GLOBEX.id) == 1
    assert uow.partnerships.get(ACME.id).promises_made == 3
    with pytest.raises(LookupError):
        uow.partnerships.next_number(an_id("nothing"))


def test_saving_a_partnership_never_gives_a_number_twice(uow):
    read = uow.partnerships.get(ACME.id)
    uow.partnerships.next_number(ACME.id)
    uow.partnerships.save(replace(read, closeness=Closeness.PLAIN))
    assert uow.partnerships.next_number(ACME.id) == 2
    saved = uow.partnerships.get(ACME.id)
    assert (saved.closeness, saved.version) == (Closeness.PLAIN, 2)


def test_a_partnership_is_saved_by_version(uow):
    uow.partnerships.save(replace(ACME, purpose="Ship together"))
    with pytest.raises(StaleWrite):
        uow.partnerships.save(replace(ACME, purpose="Ship apart"))


def test_roles_are_given_once_and_taken(uow):
    uow.partnerships.set_role(ACME.id, ANA.id, Role.MEMBER)
    uow.partnerships.set_role(ACME.id, ANA.id, Role.LEAD)
    assert uow.partnerships.roles(ACME.id)[ANA.id] == {Role.MEMBER, Role.LEAD}
    uow.partnerships.drop_role(ACME.id, ANA.id, Role.MEMBER)
    uow.partnerships.drop_role(ACME.id, ANA.id, Role.MEMBER)
    assert uow.partnerships.roles_of(ANA.id) == {ACME.id: {Role.LEAD}}
    assert uow.partnerships.roles_of(BEN.id) == {ACME.id: {Role.LEAD}, GLOBEX.id: {Role.LEAD}}
    assert uow.partnerships.roles_of(GUS.id) == {}


def test_wins_of_a_period_leave_out_its_end(uow):
    wins = [a_win(at=at) for at in (FRIDAY, TUESDAY, MONDAY)]
    for each in wins:
        uow.partnerships.add_win(each)
    uow.partnerships.add_win(a_win(partnership_id=GLOBEX.id))
    assert uow.partnerships.wins(ACME.id, MONDAY, FRIDAY) == [wins[2], wins[1]]


def test_the_last_word_on_a_win_stays(uow):
    win = a_win(credits=(CARLA.id, ANA.id))
    uow.partnerships.add_win(win)
    uow.partnerships.save_win(replace(win, withdrawn_at=FRIDAY))
    uow.partnerships.save_win(replace(win, text="First release together"))
    assert uow.partnerships.win(win.id) == replace(win, text="First release together")
    uow.partnerships.save_win(a_win(id=an_id("never added")))
    assert uow.partnerships.win(an_id("never added")) is None


def test_voices_are_asked_for_by_whether_they_have_an_answer(uow):
    open_one, answered = a_voice(), a_voice(at=WEDNESDAY)
    uow.partnerships.add_voice(answered)
    uow.partnerships.add_voice(open_one)
    said = replace(answered, answer="It is faster now", answered_by=BEN.id, answered_at=FRIDAY)
    uow.partnerships.save_voice(said)
    stored = replace(said, version=2)
    assert uow.partnerships.voice(answered.id) == stored
    assert uow.partnerships.voices(ACME.id) == [open_one, stored]
    assert uow.partnerships.voices(ACME.id, answered=True) == [stored]
    assert uow.partnerships.voices(ACME.id, answered=False) == [open_one]
    with pytest.raises(StaleWrite):
        uow.partnerships.save_voice(said)


@pytest.mark.parametrize(
    "add",
    [
        lambda uow: uow.promises.add(a_promise(partnership_id=an_id("nothing"))),
        lambda uow: uow.partnerships.add_win(a_win(partnership_id=an_id("nothing"))),
        lambda uow: uow.partnerships.add_voice(a_voice(partnership_id=an_id("nothing"))),
        lambda uow: uow.partnerships.set_role(an_id("nothing"), ANA.id, Role.LEAD),
        lambda uow: uow.promises.add_fact(an_id("nothing"), a_fact(), None),
    ],
)
def test_nothing_hangs_on_what_is_not_there(uow, add):
    with pytest.raises(LookupError):
        add(uow)


def test_a_contact_may_bear_any_name(uow):
    names = ["", "Робот", "‮עברית", "a" * 40_000, "<b>&'\"", "\u200b"]
    for index, name in enumerate(names):
        uow.people.add(replace(a_contact(f"contact {index}", "acme"), name=name))
        assert uow.people.by_account(PLATFORM, f"contact {index}").name == name
