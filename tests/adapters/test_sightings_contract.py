"""What every store holds to about messages that were not said to Kept: the fake as well as databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import (
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    MONDAY,
    TENANT,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_sighting,
    an_id,
)
from commitments.errors import StaleWrite
from commitments.sightings import Earshot, OpenRequest, Passage, SightingState

PLACE = ACME_SHARED.id
OTHER = "T2"
EARSHOT = Earshot(id=PLACE, tenant=TENANT, mapping_version=2, on_at=MONDAY, on_by=BEN.id)


def a_request(hint: str, **changes) -> OpenRequest:
    usual = {
        "id": an_id(hint),
        "tenant": TENANT,
        "place_id": PLACE,
        "person_id": CARLA.id,
        "message": f"m {hint}",
        "thread": "",
        "words": f"Could you send {hint}?",
        "at": MONDAY,
    }
    return OpenRequest(**{**usual, **changes})


def test_where_kept_may_read_is_kept_with_who_decided_it(uow):
    assert uow.sightings.earshot(PLACE) is None
    uow.sightings.add_earshot(EARSHOT)
    assert uow.sightings.earshot(PLACE) == EARSHOT
    agreed = replace(EARSHOT, theirs_at=TUESDAY, theirs_by=CARLA.id)
    uow.sightings.save_earshot(agreed)
    assert uow.sightings.earshot(PLACE) == replace(agreed, version=2)
    with pytest.raises(StaleWrite):
        uow.sightings.save_earshot(agreed)


def test_being_left_out_is_for_one_person_in_one_place(uow):
    uow.sightings.leave_out(PLACE, ANA.id, MONDAY)
    uow.sightings.leave_out(PLACE, ANA.id, TUESDAY)
    assert uow.sightings.is_left_out(PLACE, ANA.id)
    assert not uow.sightings.is_left_out(PLACE, BEN.id)
    assert not uow.sightings.is_left_out(an_id("elsewhere"), ANA.id)
    uow.sightings.let_in(PLACE, ANA.id)
    uow.sightings.let_in(PLACE, ANA.id)
    assert not uow.sightings.is_left_out(PLACE, ANA.id)


def test_a_sighting_comes_back_as_it_was(uow):
    passage = Passage(
        action="send it",
        quote="I'll send it Friday",
        trigger="I'll",
        due_text="Friday",
        doubts=("hedge", "condition"),
        request="Could you send it?",
        link="https://x.example/m1",
    )
    sighting = a_sighting("one", passage=passage, listed_for="2026-11-17", promise_id=an_id("p"))
    uow.sightings.add([sighting, a_sighting("two", message="m2")])
    assert uow.sightings.get(sighting.id) == sighting
    uow.sightings.save(sighting.answered(SightingState.TRACKED, an_id("q")))
    after = uow.sightings.get(sighting.id)
    assert (after.state, after.promise_id, after.passage) == (SightingState.TRACKED, an_id("q"), None)
    with pytest.raises(StaleWrite):
        uow.sightings.save(sighting)


def test_sightings_are_found_by_message_and_by_thread(uow):
    first = a_sighting("a", message="m1", thread="", at=MONDAY)
    second = a_sighting("b", message="m2", thread="m1", at=TUESDAY)
    third = a_sighting("c", message="m3", thread="m9", at=TUESDAY)
    uow.sightings.add([first, second, third])
    assert uow.sightings.of_message(PLACE, "m2") == [second]
    assert uow.sightings.of_thread(PLACE, "m1", MONDAY) == [second, first]
    assert uow.sightings.of_thread(PLACE, "m1", TUESDAY) == [second]
    assert uow.sightings.of_thread(PLACE, "", MONDAY) == [first]
    assert uow.sightings.of_thread(an_id("elsewhere"), "m1", MONDAY) == []


def test_a_days_list_holds_what_is_open_and_of_that_day(uow):
    mine = a_sighting("a", listed_for="2026-11-17", state=SightingState.LISTED)
    later = a_sighting("b", listed_for="2026-11-18", state=SightingState.LISTED)
    done = a_sighting("c", listed_for="2026-11-17", state=SightingState.DISMISSED)
    others = a_sighting("d", listed_for="2026-11-17", state=SightingState.LISTED, person_id=BEN.id)
    uow.sightings.add([mine, later, done, others, a_sighting("e")])
    assert uow.sightings.open_on(ANA.id, "2026-11-17") == [mine]
    assert uow.sightings.open_on(ANA.id) == [mine, later]


def test_what_is_open_in_a_place_is_whoevers_it_is(uow):
    mine, others = a_sighting("a"), a_sighting("b", person_id=BEN.id, state=SightingState.LISTED)
    elsewhere = a_sighting("c", place_id=an_id("elsewhere"))
    uow.sightings.add([mine, others, elsewhere, a_sighting("d", state=SightingState.TRACKED)])
    assert uow.sightings.open_in(PLACE) == [mine, others]


def test_the_last_of_a_person_is_the_newest_with_words(uow):
    old = a_sighting("a", at=MONDAY)
    elsewhere = a_sighting("b", at=TUESDAY, place_id=an_id("elsewhere"))
    uow.sightings.add([old, elsewhere, a_sighting("c", at=WEDNESDAY, passage=None)])
    assert uow.sightings.last_of(ANA.id) == elsewhere
    assert uow.sightings.last_of(ANA.id, PLACE) == old
    assert uow.sightings.last_of(BEN.id) is None


def test_what_became_of_the_latest_offers_is_told_newest_first(uow):
    states = (SightingState.TRACKED, SightingState.DISMISSED, SightingState.OFFERED)
    for n, state in enumerate(states):
        uow.sightings.add([a_sighting(f"s{n}", at=MONDAY + timedelta(hours=n), state=state)])
    uow.sightings.add([a_sighting("listed", at=FRIDAY, was_offered=False)])
    assert uow.sightings.offered_lately(PLACE, 2) == [SightingState.OFFERED, SightingState.DISMISSED]
    assert uow.sightings.offered_lately(an_id("elsewhere"), 2) == []


def test_dismissals_count_by_person_and_cue_until_they_are_forgiven(uow):
    assert [uow.sightings.dismiss_cue(ANA.id, "en.will") for _ in range(3)] == [1, 2, 3]
    assert uow.sightings.dismissals(ANA.id, "en.will") == 3
    assert uow.sightings.dismissals(BEN.id, "en.will") == uow.sightings.dismissals(ANA.id, "en.eta") == 0
    uow.sightings.forgive_cue(ANA.id, "en.will")
    assert uow.sightings.dismissals(ANA.id, "en.will") == 0


def test_a_thread_keeps_its_newest_requests_and_no_more(uow):
    for n in range(5):
        uow.sightings.add_request(a_request(f"r{n}", at=MONDAY + timedelta(minutes=n)), keep=3)
    uow.sightings.add_request(a_request("reply", thread="m r4", at=TUESDAY), keep=3)
    kept = uow.sightings.requests(PLACE, "", MONDAY)
    assert [each.message for each in kept] == ["m r2", "m r3", "m r4"]
    assert [each.message for each in uow.sightings.requests(PLACE, "m r4", MONDAY)] == ["m r4", "m reply"]
    assert uow.sightings.requests(PLACE, "", TUESDAY) == []


def test_a_thread_moves_on_and_is_dropped_by_itself(uow):
    uow.sightings.add_request(a_request("here"), keep=3)
    uow.sightings.add_request(a_request("there", thread="t"), keep=3)
    assert [uow.sightings.pass_requests(PLACE, "") for _ in range(2)] == [1, 0]
    assert [each.is_passed for each in uow.sightings.requests(PLACE, "", MONDAY)] == [True]
    assert [each.is_passed for each in uow.sightings.requests(PLACE, "t", MONDAY)] == [False]
    assert [uow.sightings.drop_requests(PLACE, "") for _ in range(2)] == [1, 0]
    assert uow.sightings.requests(PLACE, "", MONDAY) == []
    assert uow.sightings.drop_requests(PLACE) == 1
    assert uow.sightings.requests(PLACE, "t", MONDAY) == []


def test_what_one_message_asked_for_is_taken_away_with_it(uow):
    first, second = a_request("first", message="m1"), a_request("second", message="m1", at=TUESDAY)
    other, elsewhere = a_request("other"), a_request("elsewhere", message="m1", place_id=an_id("there"))
    for each in (second, first, other, elsewhere):
        uow.sightings.add_request(each, keep=9)
    assert uow.sightings.take_requests(PLACE, "m1") == [first, second]
    assert uow.sightings.take_requests(PLACE, "m1") == []
    assert uow.sightings.requests(PLACE, "", MONDAY) == [other]
    assert uow.sightings.requests(elsewhere.place_id, "", MONDAY) == [elsewhere]


def test_requests_go_after_their_time_so_many_at_once(uow):
    for n in range(3):
        uow.sightings.add_request(a_request(f"r{n}"), keep=9)
    uow.sightings.add_request(a_request("new", at=FRIDAY), keep=9)
    assert [uow.sightings.forget_requests(FRIDAY, limit=2) for _ in range(3)] == [2, 1, 0]
    assert len(uow.sightings.requests(PLACE, "", MONDAY)) == 1


def test_words_lapse_after_their_time_and_rows_go_later(uow):
    tracked = a_sighting("a", state=SightingState.TRACKED, passage=None)
    unanswered, new = a_sighting("b"), a_sighting("c", at=FRIDAY)
    uow.sightings.add([tracked, unanswered, new])
    assert uow.sightings.forget_words(THURSDAY, limit=10) == 1
    assert uow.sightings.forget_words(THURSDAY, limit=10) == 0
    lapsed = uow.sightings.get(unanswered.id)
    assert (lapsed.state, lapsed.passage) == (SightingState.LAPSED, None)
    assert uow.sightings.get(new.id) == new
    assert uow.sightings.forget_sightings(THURSDAY, limit=10) == 2
    assert uow.sightings.get(tracked.id) is None


def test_another_tenants_rows_are_absent(opened):
    with opened(OTHER) as uow:
        uow.sightings.add_earshot(replace(EARSHOT, tenant=OTHER))
        uow.sightings.add([a_sighting("theirs", tenant=OTHER, listed_for="2026-11-17")])
        uow.sightings.leave_out(PLACE, ANA.id, MONDAY)
        uow.sightings.dismiss_cue(ANA.id, "en.will")
        uow.sightings.add_request(a_request("theirs", tenant=OTHER), keep=3)
        uow.commit()
    with opened(TENANT) as uow:
        found = uow.sightings
        assert found.earshot(PLACE) is None
        assert found.get(an_id("theirs")) is None
        assert found.of_message(PLACE, "m1") == found.of_thread(PLACE, "", MONDAY) == []
        assert found.open_on(ANA.id) == found.offered_lately(PLACE, 9) == []
        assert found.last_of(ANA.id) is None
        assert found.open_in(PLACE) == []
        assert not found.is_left_out(PLACE, ANA.id)
        assert found.dismissals(ANA.id, "en.will") == 0
        assert found.requests(PLACE, "", MONDAY) == []
        found.drop_requests(PLACE)
        assert found.take_requests(PLACE, "m theirs") == []
        found.forgive_cue(ANA.id, "en.will")
        found.let_in(PLACE, ANA.id)
        assert found.forget_requests(FRIDAY, limit=9) == found.forget_sightings(FRIDAY, limit=9) == 0
        uow.commit()
    with opened(OTHER) as uow:
        assert uow.sightings.requests(PLACE, "", MONDAY)
        assert uow.sightings.dismissals(ANA.id, "en.will") == 1
        assert uow.sightings.is_left_out(PLACE, ANA.id)


def test_a_sighting_of_another_tenant_cannot_be_added(uow):
    with pytest.raises(ValueError, match="another tenant"):
        uow.sightings.add([a_sighting("theirs", tenant=OTHER)])
