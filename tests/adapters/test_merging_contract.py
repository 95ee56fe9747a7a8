"""Two accounts of one person become one, in every store alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.people import Who, keep_person
from bot.policy import Policy
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    MONDAY,
    TENANT,
    a_partnership,
    a_person,
    a_private_place,
    a_promise,
    an_id,
)
from commitments.partnership import Role

THERE = a_person("Ana there", platform="teams", account="aad/ana", same_as=ANA.id)


@pytest.fixture
def both(uow):
    """Ana's other account, with a promise, a role, a channel and a conversation of its own."""
    uow.people.add(THERE)
    uow.places.add(a_private_place(THERE, platform="teams"))
    uow.places.join(ACME_SHARED.id, [THERE.id])
    uow.partnerships.set_role(ACME.id, THERE.id, Role.MANAGER)
    uow.promises.add(a_promise(id=an_id("hers"), owner_id=THERE.id, filed_by=THERE.id))
    return uow


def test_the_other_accounts_of_a_person_are_found(both):
    assert [each.id for each in both.people.also(ANA.id)] == [THERE.id]
    assert both.people.also(BEN.id) == []
    assert THERE.id not in {each.id for each in both.people.ours()}


def test_whose_code_it_is_is_found_by_its_digest(uow):
    uow.people.save(replace(BEN, link_code="digest", link_until=MONDAY))
    found = uow.people.by_code("digest")
    assert found is not None
    assert (found.id, found.link_until) == (BEN.id, MONDAY)
    assert uow.people.by_code("another") is None


def test_what_was_of_the_one_is_of_the_other(both):
    both.people.merge(THERE.id, ANA.id)
    promise = both.promises.get(an_id("hers"))
    assert promise is not None
    assert (promise.owner_id, promise.filed_by) == (ANA.id, ANA.id)
    assert both.partnerships.roles_of(THERE.id) == {}
    assert Role.MANAGER in both.partnerships.roles_of(ANA.id)[ACME.id]
    assert THERE.id not in both.places.members(ACME_SHARED.id)


def test_where_both_were_there_is_one(both):
    before = both.places.members(ACME_SHARED.id)
    assert {ANA.id, THERE.id} <= before
    both.people.merge(THERE.id, ANA.id)
    assert both.places.members(ACME_SHARED.id) == before - {THERE.id}


def test_the_accounts_themselves_stay_apart(both):
    both.people.merge(THERE.id, ANA.id)
    found = both.people.by_account("teams", "aad/ana")
    assert found is not None
    assert (found.id, found.same_as) == (THERE.id, ANA.id)


def test_they_are_spoken_to_where_they_prefer(both):
    both.people.merge(THERE.id, ANA.id)
    ana = both.people.get(ANA.id)
    assert ana is not None
    assert platforms(both) == (ANA.platform, "teams", ANA.platform)
    both.people.save(replace(ana, prefers="teams"))
    assert platforms(both) == ("teams", "teams", ANA.platform)


def platforms(uow):
    """Where Kept speaks to Ana: by itself, and asked for either platform."""
    places = (uow.places.private_of(ANA.id, each) for each in (None, "teams", ANA.platform))
    return tuple(place.platform for place in places)


def test_nothing_of_another_tenant_is_touched(both):
    assert both.people.by_account("teams", "aad/ana").tenant == TENANT
    both.people.merge(an_id("nobody"), ANA.id)
    assert {ANA.id, THERE.id} <= both.places.members(ACME_SHARED.id)


def test_ones_id_in_the_words_of_another_tenant_stays_there(opened):
    theirs = a_partnership("Theirs", id=an_id("theirs"), tenant="T2", purpose=f"call {THERE.id}")
    with opened(None) as uow:
        uow.partnerships.add(theirs)
        uow.commit()
    with opened(TENANT) as uow:
        uow.people.merge(THERE.id, ANA.id)
        uow.commit()
    with opened("T2") as uow:
        assert uow.partnerships.get(theirs.id).purpose == theirs.purpose


def told(uow, person, **changes):
    """What a platform says of an account now."""
    who = Who(
        platform=person.platform,
        account=person.account,
        name=person.name,
        is_ours=True,
        is_guest=False,
        is_admin=False,
        is_active=True,
        organisation=None,
        zone=None,
        locale=None,
    )
    return keep_person(uow, replace(who, **changes), TENANT, Policy(), lambda: an_id("new"))


GONE = [{"is_guest": True}, {"is_active": False}, {"is_ours": False, "organisation": "acme"}]


@pytest.mark.parametrize("change", GONE)
def test_an_account_that_left_us_takes_its_own_conversation_along(both, change):
    both.people.merge(THERE.id, ANA.id)
    assert told(both, THERE, **change).id == THERE.id
    assert both.places.private_of(ANA.id, "teams") is None
    assert both.places.private_of(THERE.id).platform == "teams"
    assert told(both, THERE).id == THERE.id  # and does not become her again by itself


@pytest.mark.parametrize("change", GONE)
def test_when_the_account_that_stands_for_both_left_us_the_other_stands_for_itself(both, change):
    both.people.merge(THERE.id, ANA.id)
    assert not told(both, ANA, **change).is_ours
    there = told(both, THERE)
    assert (there.id, there.is_ours, there.same_as) == (THERE.id, True, None)
    assert both.places.private_of(THERE.id).platform == "teams"
    assert both.partnerships.roles_of(THERE.id) == {}
