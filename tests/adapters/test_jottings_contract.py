"""What every store holds to about promises found in notes: the fake as well as databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import ACME, ACME_SHARED, ANA, CARLA, MONDAY, TENANT, TUESDAY, WEDNESDAY, an_id
from commitments.errors import StaleWrite
from commitments.notes import Jotted, Jottings
from commitments.promise import Side

FOUND = Jottings(
    id=an_id("jottings"),
    tenant=TENANT,
    person_id=ANA.id,
    partnership_id=ACME.id,
    place_id=ACME_SHARED.id,
    at=MONDAY,
    found=(
        Jotted(
            title="Send it",
            quote="Sure, will do",
            request="Could you send it?",
            due_text="by Friday",
            speaker="Carla",
            side=Side.THEIRS,
            owner_id=CARLA.id,
            doubts=("hedge", "condition"),
        ),
        Jotted(title="Sign", quote="We'll sign"),
    ),
    link="https://x.example/m1",
    taken=1,
)


def test_what_was_found_comes_back_as_it_was(uow):
    uow.jottings.add(FOUND)
    assert uow.jottings.get(FOUND.id) == FOUND
    uow.jottings.save(replace(FOUND, taken=2))
    assert uow.jottings.get(FOUND.id) == replace(FOUND, taken=2, version=2)
    with pytest.raises(StaleWrite):
        uow.jottings.save(replace(FOUND, taken=2))


def test_what_was_dealt_with_is_gone_and_nobody_deals_with_it_twice(uow):
    """Else two of one form, sent in the same moment, would each make its promises."""
    uow.jottings.add(FOUND)
    uow.jottings.drop(FOUND.id)
    assert uow.jottings.get(FOUND.id) is None
    with pytest.raises(StaleWrite):
        uow.jottings.drop(FOUND.id)


def test_what_was_found_in_a_message_goes_by_its_link(uow):
    for name, link in (("here", "https://x.example/m1"), ("there", "https://x.example/m_"), ("pasted", None)):
        uow.jottings.add(replace(FOUND, id=an_id(name), link=link))
    assert uow.jottings.forget_linked("/m_") == 1
    assert uow.jottings.get(an_id("there")) is None
    assert uow.jottings.get(an_id("here")) is not None
    assert uow.jottings.get(an_id("pasted")) is not None


def test_what_nobody_dealt_with_goes_when_its_time_is_over(uow):
    for name, at in (("old", MONDAY), ("older", MONDAY), ("new", WEDNESDAY)):
        uow.jottings.add(replace(FOUND, id=an_id(name), at=at))
    assert [uow.jottings.forget(TUESDAY, limit=1) for _ in range(3)] == [1, 1, 0]
    assert uow.jottings.get(an_id("new")) is not None


def test_another_workspaces_notes_are_not_there(opened):
    with opened(TENANT) as uow:
        uow.jottings.add(FOUND)
        uow.commit()
    with opened("T2") as uow:
        with pytest.raises(StaleWrite):
            uow.jottings.drop(FOUND.id)
        assert uow.jottings.get(FOUND.id) is None
        assert uow.jottings.forget(TUESDAY, limit=10) == 0
