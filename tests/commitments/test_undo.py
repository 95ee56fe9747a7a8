from datetime import timedelta
from typing import Any

import pytest

from builders import ANA, BEN, CARLA, MONDAY, NEXT_FRIDAY, TUESDAY, WEDNESDAY, a_fact, a_promise, an_id, due
from commitments import acts, renegotiation
from commitments.errors import Refusal, Settled, Unfit
from commitments.events import Fact, Kind
from commitments.promise import Change, Promise, Shape, Side, State, Waiting

MINUTE = timedelta(minutes=1)
SOON = WEDNESDAY + MINUTE


def undone(before: Promise | None, made: Change, by: str = ANA.id, after: timedelta = MINUTE) -> Promise:
    return acts.undo(made.promise, made.fact, before, by, made.fact.at + after).promise


def refusal_of(last: Fact, by: str = ANA.id, after: timedelta = MINUTE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        acts.undo(a_promise(), last, a_promise(), by, last.at + after)
    return caught.value


def an_offer(promise: Promise, shape: Shape, **changes: Any) -> Change:
    usual: dict[str, Any] = {
        "id": an_id("offer"),
        "shape": shape,
        "due": due(NEXT_FRIDAY + timedelta(days=7)),
        "title": "The first half",
        "reason": "The auditor is late",
        "by": ANA.id,
        "by_side": Side.OURS,
        "early": True,
        "now": WEDNESDAY,
    }
    return renegotiation.offer(promise, **{**usual, **changes})


@pytest.mark.parametrize(
    "act",
    [
        lambda p: acts.deliver(p, ANA.id, "A link", WEDNESDAY),
        lambda p: acts.withdraw(p, ANA.id, "Too much", WEDNESDAY),
        lambda p: acts.wait(p, ANA.id, "Their key", WEDNESDAY),
        lambda p: acts.annotate(p, ANA.id, "Ask Mia", WEDNESDAY),
        lambda p: acts.offer_hand_over(p, ANA.id, BEN.id, WEDNESDAY),
        lambda p: renegotiation.edit_title(p, "Something else", ANA.id, WEDNESDAY),
        lambda p: an_offer(p, Shape.ANOTHER_DATE),
        lambda p: an_offer(p.with_(shown_at=MONDAY), Shape.PART_NOW),
    ],
)
def test_one_s_own_last_act_can_be_taken_back(act):
    before = a_promise()
    made = act(before)
    back = undone(before, made)
    assert back == before.with_(shown_at=made.promise.shown_at)


def test_undo_is_a_fact_of_its_own():
    before = a_promise()
    made = acts.deliver(before, ANA.id, None, WEDNESDAY)
    fact = acts.undo(made.promise, made.fact, before, ANA.id, SOON).fact
    assert fact == Fact(kind=Kind.UNDONE, at=SOON, by=ANA.id, detail={"undid": "delivered"})


def test_even_a_final_state_is_taken_back():
    delivered = a_promise(state=State.DELIVERED, delivered_at=TUESDAY)
    confirmed = acts.confirm(delivered, CARLA.id, WEDNESDAY)
    assert undone(delivered, confirmed, CARLA.id) == delivered


def test_undo_of_stopping_the_clock_leaves_no_pause_behind():
    running = a_promise()
    back = undone(running, acts.wait(running, ANA.id, "Their key", WEDNESDAY))
    assert (back.waiting, back.paused_for) == (None, timedelta())


def test_undo_of_starting_the_clock_lets_it_stand_as_long_as_it_did():
    standing = a_promise(waiting=Waiting(reason="Their key", since=TUESDAY))
    back = undone(standing, acts.resume(standing, ANA.id, WEDNESDAY))
    assert back.waiting == standing.waiting


def test_undoing_the_recording_settles_it_as_never_taken_on():
    made = Change(promise=a_promise(), fact=a_fact(Kind.RECORDED))
    back = undone(None, made)
    assert (back.state, back.settled_at) == (State.DECLINED, MONDAY + MINUTE)


def test_what_the_sweeps_wrote_since_is_kept():
    before = a_promise()
    made = acts.annotate(before, ANA.id, "Ask Mia", WEDNESDAY)
    since = made.promise.with_(version=7, nudged_until=WEDNESDAY)
    back = acts.undo(since, made.fact, before, ANA.id, SOON).promise
    assert (back.version, back.nudged_until) == (7, WEDNESDAY)


def test_what_was_shown_stays_shown():
    made = acts.show(a_promise(), ANA.id, WEDNESDAY)
    assert refusal_of(made.fact).code == "cannot_undo"


@pytest.mark.parametrize("kind", sorted(acts.NEVER_UNDONE))
def test_what_time_did_or_others_have_heard_is_not_taken_back(kind):
    assert isinstance(refusal_of(a_fact(kind)), Unfit)


def test_others_acts_are_not_ours_to_take_back():
    error = refusal_of(a_fact(Kind.CONFIRMED, by=CARLA.id))
    assert isinstance(error, Settled)
    assert error.code == "others_acted"
    assert refusal_of(a_fact(Kind.MISSED, by=None)).code == "others_acted"


def test_undo_is_possible_for_ten_minutes():
    before = a_promise()
    made = acts.deliver(before, ANA.id, None, WEDNESDAY)
    assert undone(before, made, after=10 * MINUTE) == before
    assert refusal_of(made.fact, after=10 * MINUTE + timedelta(seconds=1)).code == "undo_too_late"


@pytest.mark.parametrize("kind", [Kind.MOVED, Kind.OFFER_ACCEPTED, Kind.AGREED_OFFLINE])
def test_a_split_is_not_taken_back_by_halves(kind):
    assert refusal_of(a_fact(kind, shape=Shape.PART_NOW.value)).code == "cannot_undo"


def test_the_rest_of_a_split_promise_is_not_undone_as_if_it_had_just_been_recorded():
    assert refusal_of(a_fact(Kind.RECORDED, split_from=an_id("first"))).code == "cannot_undo"
    assert undone(None, Change(promise=a_promise(), fact=a_fact(Kind.RECORDED, split_from=""))).is_final
