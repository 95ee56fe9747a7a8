from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import CARLA, FRIDAY, MONDAY, NEXT_FRIDAY, NEXT_MONDAY, SATURDAY, TUESDAY, a_promise, an_id, due
from calendars import calendars, moments, on, words
from commitments.agenda import Act, Waits, items, upcoming
from commitments.nudges import Rung, schedule
from commitments.promise import FINAL, Promise, Proposal, Question, Shape, Side, State, Waiting
from commitments.worktime import Calendar

OFFICE = Calendar()
HOUR = timedelta(hours=1)
NUDGES_OFF = {"waiting": Waiting(reason="Their key", since=MONDAY)}


def an_offer(**changes: Any) -> Proposal:
    usual: dict[str, Any] = {
        "id": an_id("offer"),
        "shape": Shape.ANOTHER_DATE,
        "due": due(NEXT_FRIDAY + timedelta(weeks=1)),
        "reason": "The auditor is late",
        "by": an_id("Ana"),
        "by_side": Side.OURS,
        "proposed_at": TUESDAY,
        "first_offered_at": TUESDAY,
        "early": True,
    }
    return Proposal(**{**usual, **changes})


def planned(
    promise: Promise, owner: Calendar = OFFICE, other: Calendar = OFFICE, **waits: int
) -> dict[str, list[str | None]]:
    """What is on the agenda, by kind, in the order of time."""
    found: dict[str, list[str | None]] = {}
    for item in items(promise, owner, other, Waits(**waits)):
        found.setdefault(item.act.value, []).append(words(item.at))
    return found


def off(*days: str) -> Calendar:
    return Calendar(is_holiday={on(day) for day in days}.__contains__)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_time_has_nothing_more_to_do_with_what_is_settled(state):
    assert planned(a_promise(state=state, question=Question(by=CARLA.id, at=MONDAY))) == {}


# Silence


def test_what_nobody_accepts_lapses_after_ten_working_days():
    assert planned(a_promise(state=State.PROPOSED)) == {"lapse": ["Mon 30 Nov 17:00"]}


def test_an_absent_owner_does_not_keep_those_who_asked_waiting():
    away = Calendar(away=((on("Mon 16 Nov"), on("Fri 27 Nov")),))
    assert planned(a_promise(state=State.PROPOSED), owner=away) == {"lapse": ["Mon 30 Nov 17:00"]}


def test_a_counter_does_not_keep_a_request_alive_for_ever():
    countered = a_promise(state=State.PROPOSED, proposal=an_offer())
    assert planned(countered) == {"lapse": ["Mon 30 Nov 17:00"]}


def test_a_delivery_without_an_answer_is_unopposed_after_five_working_days():
    assert planned(a_promise(state=State.DELIVERED, delivered_at=TUESDAY)) == {
        "unopposed": ["Tue 24 Nov 17:00"]
    }


def test_a_delivery_on_a_weekend_gives_the_customer_five_whole_working_days():
    assert planned(a_promise(state=State.DELIVERED, delivered_at=SATURDAY)) == {
        "unopposed": ["Fri 27 Nov 17:00"]
    }


def test_silence_is_counted_in_the_calendar_of_those_who_are_silent():
    delivered = a_promise(state=State.DELIVERED, delivered_at=TUESDAY)
    holidays = off("Thu 19 Nov", "Fri 20 Nov")
    assert planned(delivered, other=holidays) == {"unopposed": ["Thu 26 Nov 17:00"]}
    assert planned(delivered, owner=holidays) == {"unopposed": ["Tue 24 Nov 17:00"]}


def test_how_long_silence_may_last_is_a_decision_of_the_team():
    proposed = a_promise(state=State.PROPOSED)
    assert planned(proposed, lapse_days=1) == {"lapse": ["Tue 17 Nov 17:00"]}
    delivered = a_promise(state=State.DELIVERED, delivered_at=TUESDAY)
    assert planned(delivered, unopposed_days=1) == {"unopposed": ["Wed 18 Nov 17:00"]}


# The owner's ladder


def test_an_open_promise_is_nudged_as_the_schedule_says():
    promise = a_promise()
    steps = [item.step for item in items(promise, OFFICE, OFFICE)]
    assert steps == list(schedule(promise.standing, OFFICE))
    assert {step.rung for step in steps if step} >= {Rung.HEADS_UP, Rung.DECIDE, Rung.DUE_TODAY}


def test_nobody_on_the_other_side_is_nudged():
    assert planned(a_promise(side=Side.THEIRS)) == {}


def test_nobody_is_nudged_while_the_clock_stands_still():
    assert planned(a_promise(**NUDGES_OFF)) == {}


# An offer without an answer


def test_the_lead_hears_of_an_unanswered_offer_after_two_working_days_and_half_way_on():
    offered = a_promise(proposal=an_offer(), shown_at=MONDAY, **NUDGES_OFF)
    assert planned(offered) == {"doubt": ["Thu 19 Nov 09:00", "Tue 24 Nov 09:00"]}


def test_with_no_time_left_one_word_to_the_lead_is_enough():
    offered = a_promise(due_at=TUESDAY + HOUR, proposal=an_offer(), shown_at=MONDAY, **NUDGES_OFF)
    assert planned(offered) == {"doubt": ["Thu 19 Nov 09:00"]}


def test_the_rungs_wait_for_the_answer_to_an_offer():
    offered = a_promise(proposal=an_offer(), shown_at=MONDAY)
    rungs = {item.step.rung for item in items(offered, OFFICE, OFFICE) if item.step}
    assert rungs.isdisjoint({Rung.DECIDE, Rung.OVERDUE_1, Rung.OVERDUE_2, Rung.OVERDUE_3})


def test_offers_between_the_sides_are_watched_whoever_owns_the_promise():
    offered = a_promise(side=Side.THEIRS, proposal=an_offer(by_side=Side.THEIRS), shown_at=MONDAY)
    assert set(planned(offered)) == {"doubt"}


# "How is this going?"


@pytest.mark.parametrize(
    ("asked", "noon"),
    [
        (MONDAY, "Mon 16 Nov 12:00"),
        (MONDAY + 4 * HOUR, "Tue 17 Nov 12:00"),
        (FRIDAY + 4 * HOUR, "Mon 23 Nov 12:00"),
    ],
)
def test_a_question_waits_until_the_next_noon_of_the_owner(asked, noon):
    promise = a_promise(question=Question(by=CARLA.id, at=asked), **NUDGES_OFF)
    assert planned(promise) == {"how": [noon]}


def test_an_absent_owner_does_not_keep_the_customer_waiting():
    away = Calendar(away=((on("Mon 16 Nov"), on("Fri 27 Nov")),))
    promise = a_promise(question=Question(by=CARLA.id, at=MONDAY), **NUDGES_OFF)
    assert planned(promise, owner=away) == {"how": ["Mon 16 Nov 12:00"]}


# Whatever the calendar


@st.composite
def promises(draw: st.DrawFn) -> tuple[Promise, Calendar, Calendar]:
    made = draw(moments())
    due_at = made + draw(st.timedeltas(timedelta(minutes=1), timedelta(days=400)))
    asked = made + draw(st.timedeltas(timedelta(0), timedelta(days=30)))
    promise = a_promise(
        state=draw(st.sampled_from(State)),
        side=draw(st.sampled_from(Side)),
        due_at=due_at,
        created_at=made,
        span_from=made,
        delivered_at=draw(st.none() | st.just(asked)),
        proposal=draw(st.none() | st.just(an_offer(proposed_at=asked))),
        question=draw(st.none() | st.just(Question(by=CARLA.id, at=asked))),
    )
    calendar = calendars(made.date())
    return promise, draw(calendar), draw(calendar)


@settings(max_examples=150)
@given(promises())
def test_the_agenda_is_in_order_and_never_before_its_cause(case):
    promise, owner, other = case
    agenda = items(promise, owner, other)
    assert [item.at for item in agenda] == sorted(item.at for item in agenda)
    assert all(item.at > promise.created_at for item in agenda)
    for item in agenda:
        assert (item.step is not None) == (item.act is Act.NUDGE)
        if item.act is Act.HOW:
            assert promise.question is not None
            assert item.at > promise.question.at
        if item.act is Act.DOUBT:
            assert promise.proposal is not None
            assert item.at > promise.proposal.proposed_at


@settings(max_examples=150)
@given(promises(), st.integers(0, 9))
def test_what_is_upcoming_is_the_next_item_of_the_whole_agenda(case, read):
    promise, owner, other = case
    agenda = items(promise, owner, other)
    after = agenda[read - 1].at if 0 < read <= len(agenda) else promise.created_at
    first = next((item for item in agenda if item.at > after), None)
    assert upcoming(promise, owner, other, after=after) == first


def test_a_calendar_without_working_days_still_has_an_agenda():
    never = Calendar(is_holiday=lambda _: True)
    assert set(planned(a_promise(state=State.PROPOSED), never, never)) == {"lapse"}
    assert planned(a_promise(), never, never)


def test_the_close_of_the_day_is_the_customer_s_own():
    late = Calendar(zone="America/New_York", day_end=time(18))
    delivered = a_promise(state=State.DELIVERED, delivered_at=NEXT_MONDAY)
    assert planned(delivered, other=late) == {"unopposed": ["Mon 30 Nov 23:00"]}
