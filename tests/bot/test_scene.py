from typing import Any

import pytest

from bot.scene import actor_of, of_promise
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    GLOBEX,
    GUS,
    MIA,
    STRANGER,
    a_contact,
    a_person,
    a_promise,
    settle_in,
)
from commitments.access import Actor, Grant, decide
from commitments.partnership import Person, Role
from fakes import FakeStore

SHOWN = of_promise(a_promise(shown_at=ACME.created_at))


@pytest.fixture
def store() -> FakeStore:
    store = FakeStore()
    store.fill(settle_in)
    return store


def actor(store: FakeStore, person: Person) -> Actor:
    """What somebody is, once they have come into Acme's channel if they were not there."""

    def come_in(uow: Any) -> None:
        uow.people.add(person)
        uow.places.join(ACME_SHARED.id, [person.id])

    if person not in (ANA, BEN, MIA, CARLA, GUS, STRANGER):
        store.fill(come_in)
    with store.open_uow(None) as uow:
        return actor_of(uow, person)


def test_a_lead_a_manager_and_a_member_are_what_the_tables_say(store):
    assert actor(store, ANA).roles == {ACME.id: frozenset({Role.MEMBER})}
    assert actor(store, BEN).roles[GLOBEX.id] == {Role.LEAD}
    assert actor(store, MIA).reports == {ANA.id, BEN.id}


def test_a_contact_is_a_customer_of_the_channel_their_organisation_is_mapped_to(store):
    assert actor(store, CARLA).customer_of == {ACME.id}
    assert actor(store, GUS).customer_of == {GLOBEX.id}


def test_nobody_of_ours_is_a_customer(store):
    assert actor(store, ANA).in_channel_of == {ACME.id}
    assert actor(store, ANA).customer_of == frozenset()


@pytest.mark.parametrize(
    "person",
    [
        a_contact("Gina", "globex"),  # another customer's, invited into this channel
        a_contact("Nobody", None),  # the platform did not say whose
        a_person("Guest", guest=True, is_admin=True),  # looks internal
        a_person("Gone", is_active=False, is_admin=True),
    ],
    ids=["another organisation", "unknown organisation", "guest", "deactivated"],
)
def test_being_in_the_channel_makes_nobody_a_customer_or_a_colleague(store, person):
    who = actor(store, person)
    assert not any((who.is_ours, who.is_admin, who.roles, who.reports, who.customer_of))
    for action in ("promise.read", "promise.confirm", "promise.deliver", "partnership.pause", "note.read"):
        assert decide(who, action, SHOWN) is Grant.REFUSED, action


def test_a_customer_who_left_the_channel_is_a_stranger(store):
    with_her = actor(store, CARLA)
    store.fill(lambda uow: uow.places.leave(ACME_SHARED.id, CARLA.id))
    without = actor(store, CARLA)
    assert decide(with_her, "promise.confirm", SHOWN) is Grant.ALLOWED
    assert decide(without, "promise.confirm", SHOWN) is Grant.REFUSED


def test_a_guest_keeps_no_role_they_once_had(store):
    store.fill(lambda uow: uow.partnerships.set_role(ACME.id, STRANGER.id, Role.LEAD))
    assert actor(store, STRANGER).roles == {}
