from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from builders import (
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    MIA,
    MONDAY,
    NEXT_FRIDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_promise,
    an_id,
    due,
)
from commitments import acts, renegotiation
from commitments.errors import Refusal, Settled, Unfit
from commitments.events import Kind
from commitments.nudges import Rung
from commitments.promise import (
    FINAL,
    NOTE_LIMIT,
    REASON_LIMIT,
    Change,
    OfflineAgreement,
    Promise,
    Question,
    Shape,
    Side,
    State,
    Waiting,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LATER = NEXT_FRIDAY + HOUR
PROPOSED, OPEN, DELIVERED, KEPT, UNOPPOSED = (
    State.PROPOSED,
    State.OPEN,
    State.DELIVERED,
    State.KEPT,
    State.UNOPPOSED,
)
STAYS = {state: state for state in State}


def in_state(state: State, **changes: Any) -> Promise:
    """One that got there the usual way: delivered on Tuesday, settled an hour later."""
    usual: dict[str, Any] = {"state": state}
    if state in (DELIVERED, KEPT, UNOPPOSED):
        usual["delivered_at"] = TUESDAY
    if state in FINAL:
        usual["settled_at"] = TUESDAY + HOUR
    return a_promise(**{**usual, **changes})


def an_offer(promise: Promise, **changes: Any) -> Change:
    usual: dict[str, Any] = {
        "id": an_id("offer"),
        "shape": Shape.ANOTHER_DATE,
        "due": due(NEXT_FRIDAY + timedelta(days=7)),
        "title": "",
        "reason": "The auditor is late",
        "by": promise.owner_id,
        "by_side": promise.side,
        "early": True,
        "now": WEDNESDAY,
    }
    return renegotiation.offer(promise, **{**usual, **changes})


def an_offered_promise(**changes: Any) -> Promise:
    return an_offer(a_promise(shown_at=MONDAY, **changes)).promise


def refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


class Act(NamedTuple):
    """What an act does in the states that allow it, and what it says in all others."""

    do: Callable[[Promise], Change]
    becomes: dict[State, State]
    kind: Kind
    before: dict[str, Any] = {}  # noqa: RUF012  # what the promise needs to have, where it is allowed
    otherwise: str | None = None  # None: what the promise has become


def stays(*states: State) -> dict[State, State]:
    return {state: state for state in states}


SHOWN = {"shown_at": MONDAY}
WAITING = {"waiting": Waiting(reason="Their key", since=TUESDAY)}
ASKED = {"question": Question(by=CARLA.id, at=TUESDAY), "last_asked_at": TUESDAY}
OFFLINE = {
    "offline": OfflineAgreement(
        by=BEN.id, at=TUESDAY, old_due=due(FRIDAY), old_title="It", old_span_from=MONDAY, early=True
    )
}

ACTS = {
    "accept": Act(lambda p: acts.accept(p, ANA.id, WEDNESDAY), {PROPOSED: OPEN}, Kind.ACCEPTED),
    "decline": Act(
        lambda p: acts.decline(p, ANA.id, "No time", WEDNESDAY), {PROPOSED: State.DECLINED}, Kind.DECLINED
    ),
    "lapse": Act(lambda p: acts.lapse(p, WEDNESDAY), {PROPOSED: State.DECLINED}, Kind.LAPSED),
    "show": Act(lambda p: acts.show(p, ANA.id, WEDNESDAY), stays(PROPOSED, OPEN, DELIVERED), Kind.SHOWN),
    "deliver": Act(
        lambda p: acts.deliver(p, ANA.id, "https://e.example", WEDNESDAY), {OPEN: DELIVERED}, Kind.DELIVERED
    ),
    "prove": Act(
        lambda p: acts.prove(p, ANA.id, "A link", WEDNESDAY), stays(DELIVERED, KEPT, UNOPPOSED), Kind.PROVEN
    ),
    "confirm": Act(lambda p: acts.confirm(p, CARLA.id, WEDNESDAY), {DELIVERED: KEPT}, Kind.CONFIRMED),
    "not_yet": Act(
        lambda p: acts.not_yet(p, CARLA.id, "", WEDNESDAY), {DELIVERED: OPEN, UNOPPOSED: OPEN}, Kind.NOT_YET
    ),
    "pass_unopposed": Act(
        lambda p: acts.pass_unopposed(p, WEDNESDAY), {DELIVERED: UNOPPOSED}, Kind.UNOPPOSED
    ),
    "miss": Act(lambda p: acts.miss(p, ANA.id, "Sorry", LATER), {OPEN: State.MISSED}, Kind.MISSED),
    "release": Act(
        lambda p: acts.release(p, CARLA.id, "", WEDNESDAY),
        {OPEN: State.RELEASED, PROPOSED: State.RELEASED},
        Kind.RELEASED,
    ),
    "ask_release": Act(
        lambda p: acts.ask_release(p, ANA.id, "No need?", WEDNESDAY), stays(OPEN), Kind.RELEASE_ASKED, SHOWN
    ),
    "keep_please": Act(
        lambda p: acts.keep_please(p, CARLA.id, WEDNESDAY),
        stays(OPEN),
        Kind.RELEASE_REFUSED,
        {"release_asked_at": TUESDAY},
    ),
    "withdraw": Act(
        lambda p: acts.withdraw(p, ANA.id, "Too much", WEDNESDAY),
        {OPEN: State.WITHDRAWN, PROPOSED: State.WITHDRAWN},
        Kind.WITHDRAWN,
    ),
    "wait": Act(lambda p: acts.wait(p, ANA.id, "Their key", WEDNESDAY), stays(OPEN), Kind.WAITING),
    "resume": Act(
        lambda p: acts.resume(p, ANA.id, WEDNESDAY), stays(OPEN), Kind.RESUMED, WAITING, "not_waiting"
    ),
    "offer_hand_over": Act(
        lambda p: acts.offer_hand_over(p, ANA.id, BEN.id, WEDNESDAY),
        stays(OPEN, PROPOSED),
        Kind.HAND_OVER_OFFERED,
    ),
    "take_over": Act(
        lambda p: acts.take_over(p, BEN.id, WEDNESDAY),
        {OPEN: OPEN, PROPOSED: OPEN},
        Kind.HANDED_OVER,
        {"hand_over_to": BEN.id},
        "already_answered",
    ),
    "decline_hand_over": Act(
        lambda p: acts.decline_hand_over(p, BEN.id, WEDNESDAY),
        stays(OPEN, PROPOSED),
        Kind.HAND_OVER_DECLINED,
        {"hand_over_to": BEN.id},
        "already_answered",
    ),
    "annotate": Act(lambda p: acts.annotate(p, ANA.id, "Ask Mia", WEDNESDAY), STAYS, Kind.NOTED),
    "on_track": Act(lambda p: acts.on_track(p, ANA.id, Rung.DECIDE, WEDNESDAY), stays(OPEN), Kind.ON_TRACK),
    "snooze": Act(lambda p: acts.snooze(p, ANA.id, THURSDAY, WEDNESDAY), stays(OPEN), Kind.SNOOZED),
    "ask_how": Act(lambda p: acts.ask_how(p, CARLA.id, WEDNESDAY), stays(OPEN), Kind.ASKED_HOW),
    "answer_how": Act(
        lambda p: acts.answer_how(p, ANA.id, "Nearly", WEDNESDAY), stays(OPEN), Kind.ANSWERED_HOW, ASKED
    ),
    "ask_hand": Act(lambda p: acts.ask_hand(p, ANA.id, MIA.id, WEDNESDAY), stays(OPEN), Kind.HAND_ASKED),
    "offer": Act(an_offer, stays(OPEN), Kind.OFFERED, SHOWN),
    "edit_title": Act(
        lambda p: renegotiation.edit_title(p, "Send it", ANA.id, WEDNESDAY),
        stays(PROPOSED, OPEN, DELIVERED),
        Kind.EDITED,
    ),
    "contradict": Act(
        lambda p: renegotiation.contradict(p, CARLA.id, WEDNESDAY),
        stays(OPEN, DELIVERED),
        Kind.CONTRADICTED,
        OFFLINE,
        "already_answered",
    ),
    "counter_request": Act(
        lambda p: renegotiation.counter_request(
            p, id="c", due=due(LATER), reason="Holidays", by=ANA.id, side=Side.OURS, now=WEDNESDAY
        ),
        stays(PROPOSED),
        Kind.COUNTERED,
    ),
    "agree_offline": Act(
        lambda p: renegotiation.agree_offline(p, BEN.id, WEDNESDAY),
        stays(OPEN),
        Kind.AGREED_OFFLINE,
        {"proposal": an_offered_promise().proposal},
        "no_offer",
    ),
}
NOBODY = ("lapse", "pass_unopposed")  # what time does


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", ACTS)
def test_an_act_fits_its_states_and_no_others(name, state):
    act = ACTS[name]
    if state in act.becomes:
        promise = in_state(state, **act.before)
        made = act.do(promise)
        assert made.promise.state is act.becomes[state]
        assert made.fact.kind is act.kind
        assert (made.fact.by is None) == (name in NOBODY)
        settles = made.promise.is_final and state not in FINAL
        assert (made.promise.settled_at == made.fact.at) == settles
    else:
        code = refused(lambda: act.do(in_state(state))).code
        assert code == (act.otherwise or f"is_{state.value}")


# Recording


def a_recording(**changes: Any) -> Promise:
    usual: dict[str, Any] = {
        "id": an_id("recorded"),
        "tenant": "T1",
        "partnership_id": an_id("Acme"),
        "number": 1,
        "title": " Send  the\treport ",
        "side": Side.OURS,
        "owner_id": ANA.id,
        "by": ANA.id,
        "due": due(NEXT_FRIDAY),
        "now": MONDAY,
    }
    return acts.record(**{**usual, **changes}).promise


def test_what_the_owner_records_is_open_private_and_tidy():
    promise = a_recording()
    assert (promise.state, promise.is_shown, promise.title) == (OPEN, False, "Send the report")
    assert promise.first_due == promise.due


def test_what_somebody_else_records_waits_for_the_owner():
    promise = a_recording(by=BEN.id)
    assert (promise.state, promise.owner_id, promise.filed_by) == (PROPOSED, ANA.id, BEN.id)


@pytest.mark.parametrize(
    ("at", "code"),
    [(MONDAY, "due_past"), (MONDAY - HOUR, "due_past"), (MONDAY + acts.HORIZON + HOUR, "due_far")],
)
def test_a_promise_is_for_a_moment_ahead_that_people_will_see(at, code):
    error = refused(lambda: a_recording(due=due(at)))
    assert isinstance(error, Unfit)
    assert (error.code, error.field) == (code, "due")


def test_the_clock_of_a_request_starts_when_its_owner_accepts():
    accepted = acts.accept(in_state(PROPOSED), ANA.id, WEDNESDAY).promise
    assert accepted.span_from == WEDNESDAY


def test_a_request_whose_date_has_passed_cannot_be_accepted_as_it_is():
    assert refused(lambda: acts.accept(in_state(PROPOSED), ANA.id, LATER)).code == "due_past"


def test_a_request_with_a_counter_on_the_table_is_not_accepted_past_it():
    countered = ACTS["counter_request"].do(in_state(PROPOSED)).promise
    assert refused(lambda: acts.accept(countered, ANA.id, WEDNESDAY)).code == "offer_open"


# Showing


@pytest.mark.parametrize("state", [PROPOSED, OPEN, DELIVERED])
def test_what_is_shown_cannot_be_shown_again(state):
    assert refused(lambda: acts.show(in_state(state, **SHOWN), ANA.id, WEDNESDAY)).code == "already_shown"


# On time


@pytest.mark.parametrize(
    ("delivered", "on_time"), [(NEXT_FRIDAY - HOUR, True), (NEXT_FRIDAY, True), (NEXT_FRIDAY + MINUTE, False)]
)
def test_on_time_is_judged_by_the_delivery_not_by_its_confirmation(delivered, on_time):
    done = acts.deliver(a_promise(), ANA.id, None, delivered).promise
    kept = acts.confirm(done, CARLA.id, NEXT_FRIDAY + timedelta(days=3)).promise
    assert (done.on_time, kept.on_time) == (on_time, on_time)


def test_nothing_is_on_time_or_late_before_it_is_delivered():
    assert a_promise().on_time is None


def test_overdue_begins_after_the_moment_itself():
    promise = a_promise()
    assert not promise.is_overdue(NEXT_FRIDAY)
    assert promise.is_overdue(NEXT_FRIDAY + MINUTE)
    assert not promise.with_(state=DELIVERED).is_overdue(LATER)


def test_evidence_is_kept_with_the_delivery_and_may_be_replaced():
    done = acts.deliver(a_promise(), ANA.id, " https://e.example ", WEDNESDAY).promise
    assert done.evidence == "https://e.example"
    assert acts.prove(done, ANA.id, "A better link", THURSDAY).promise.evidence == "A better link"
    assert refused(lambda: acts.prove(done, ANA.id, " ", THURSDAY)).code == "needed"


def test_a_delivery_ends_what_was_pending():
    pending = an_offered_promise(hand_over_to=BEN.id, release_asked_at=TUESDAY).with_(**ASKED, **WAITING)
    done = acts.deliver(pending, ANA.id, None, WEDNESDAY).promise
    assert (done.proposal, done.question, done.waiting, done.hand_over_to, done.release_asked_at) == (
        None,
    ) * 5


# The stopped clock


def test_waiting_on_the_customer_stops_the_clock_and_leaves_the_date():
    waiting = acts.wait(a_promise(due_at=THURSDAY), ANA.id, "Their key", WEDNESDAY).promise
    assert not waiting.is_overdue(NEXT_FRIDAY)
    resumed = acts.resume(waiting, ANA.id, NEXT_FRIDAY).promise
    assert resumed.due == waiting.due
    assert resumed.clock_due == NEXT_FRIDAY + timedelta(days=1)
    assert acts.deliver(resumed, ANA.id, None, NEXT_FRIDAY + HOUR).promise.on_time


def test_a_delivery_while_waiting_counts_the_time_the_clock_stood_still():
    waiting = acts.wait(a_promise(due_at=THURSDAY), ANA.id, "Their key", WEDNESDAY).promise
    assert acts.deliver(waiting, ANA.id, None, NEXT_FRIDAY).promise.on_time


def test_waiting_after_the_date_does_not_make_a_late_promise_punctual():
    late = acts.wait(a_promise(due_at=THURSDAY), ANA.id, "Their key", FRIDAY).promise
    assert acts.deliver(late, ANA.id, None, NEXT_FRIDAY).promise.on_time is False


def test_waits_add_up():
    promise = a_promise()
    for day in range(3):
        promise = acts.wait(promise, ANA.id, "Their key", MONDAY + timedelta(days=day)).promise
        promise = acts.resume(promise, ANA.id, MONDAY + timedelta(days=day, hours=5)).promise
    assert promise.paused_for == 15 * HOUR


def test_a_promise_waits_once_and_for_a_reason():
    assert (
        refused(lambda: acts.wait(a_promise(**WAITING), ANA.id, "Again", WEDNESDAY)).code == "already_waiting"
    )
    assert refused(lambda: acts.wait(a_promise(), ANA.id, "", WEDNESDAY)).code == "needed"


# Missing


def test_nothing_is_missed_before_its_date():
    assert refused(lambda: acts.miss(a_promise(), ANA.id, "", NEXT_FRIDAY)).code == "not_missed_yet"


def test_nothing_is_missed_while_it_waits_on_the_customer():
    assert refused(lambda: acts.miss(a_promise(**WAITING), ANA.id, "", LATER)).code == "not_missed_yet"


# Not quite there yet


def test_a_reopened_promise_keeps_its_old_date_and_is_judged_anew():
    delivered = in_state(DELIVERED, on_track_at=MONDAY, on_track_rung=Rung.DECIDE, owner_told_at=MONDAY)
    back = acts.not_yet(delivered, CARLA.id, "Page 3 is missing", WEDNESDAY).promise
    assert (back.due, back.reopened_at) == (delivered.due, WEDNESDAY)
    assert (back.on_time, back.delivered_at, back.on_track_at, back.owner_told_at) == (None,) * 4


@pytest.mark.parametrize("state", [DELIVERED, UNOPPOSED])
def test_not_yet_is_possible_for_thirty_days_from_the_delivery(state):
    last_day = TUESDAY + acts.REOPEN_FOR
    assert acts.not_yet(in_state(state), CARLA.id, "", last_day).promise.settled_at is None
    error = refused(lambda: acts.not_yet(in_state(state), CARLA.id, "", last_day + MINUTE))
    assert isinstance(error, Settled)
    assert error.code == "too_long_ago"


# Release


def test_only_a_customer_who_has_seen_it_can_be_asked_to_release_it():
    assert refused(lambda: acts.ask_release(a_promise(), ANA.id, "x", WEDNESDAY)).code == "show_first"


def test_release_is_asked_for_once_and_answered_once():
    asked = acts.ask_release(a_promise(**SHOWN), ANA.id, "No need any more?", WEDNESDAY).promise
    assert refused(lambda: acts.ask_release(asked, ANA.id, "Please", THURSDAY)).code == "already_asked"
    kept_on = acts.keep_please(asked, CARLA.id, THURSDAY).promise
    assert refused(lambda: acts.keep_please(kept_on, CARLA.id, THURSDAY)).code == "already_answered"
    assert acts.ask_release(kept_on, ANA.id, "Really?", FRIDAY).promise.release_asked_at == FRIDAY


@pytest.mark.parametrize("name", ["release", "withdraw", "miss"])
def test_whatever_was_pending_ends_with_the_promise(name):
    pending = an_offered_promise(hand_over_to=BEN.id, release_asked_at=TUESDAY).with_(**ASKED)
    over = ACTS[name].do(pending).promise
    assert (over.proposal, over.question, over.hand_over_to, over.release_asked_at) == (None,) * 4


# Handing over


def test_the_owner_stays_the_owner_until_the_other_accepts():
    offered = acts.offer_hand_over(a_promise(), ANA.id, BEN.id, WEDNESDAY).promise
    assert offered.owner_id == ANA.id
    assert refused(lambda: acts.take_over(offered, MIA.id, THURSDAY)).code == "already_answered"
    taken = acts.take_over(offered, BEN.id, THURSDAY)
    assert (taken.promise.owner_id, taken.promise.hand_over_to) == (BEN.id, None)
    assert taken.fact.detail == {"before": ANA.id}
    assert acts.decline_hand_over(offered, BEN.id, THURSDAY).promise.owner_id == ANA.id


def test_nobody_is_handed_what_they_own():
    error = refused(lambda: acts.offer_hand_over(a_promise(), BEN.id, ANA.id, WEDNESDAY))
    assert error.code == "owns_it_already"


def test_the_answers_of_the_old_owner_do_not_bind_the_new_one():
    offered = a_promise(
        hand_over_to=BEN.id, on_track_at=TUESDAY, on_track_rung=Rung.DECIDE, snoozed_until=THURSDAY
    )
    taken = acts.take_over(offered, BEN.id, WEDNESDAY).promise
    assert (taken.on_track_at, taken.on_track_rung, taken.snoozed_until) == (None,) * 3


def test_taking_over_what_nobody_had_accepted_is_accepting_it():
    countered = ACTS["counter_request"].do(in_state(PROPOSED, hand_over_to=BEN.id)).promise
    taken = acts.take_over(countered, BEN.id, THURSDAY).promise
    assert (taken.state, taken.span_from, taken.proposal) == (OPEN, THURSDAY, None)
    late = in_state(PROPOSED, hand_over_to=BEN.id)
    assert refused(lambda: acts.take_over(late, BEN.id, LATER)).code == "due_past"


def test_what_is_done_is_not_taken_over_any_more():
    delivered = in_state(DELIVERED, hand_over_to=BEN.id)
    assert refused(lambda: acts.take_over(delivered, BEN.id, WEDNESDAY)).code == "is_delivered"


# "How is this going?" and nudges


def test_on_track_answers_the_question_and_remembers_the_rung():
    made = acts.on_track(a_promise(**ASKED), ANA.id, Rung.DECIDE, WEDNESDAY)
    assert (made.fact.kind, made.promise.question) == (Kind.ANSWERED_HOW, None)
    assert (made.promise.on_track_at, made.promise.on_track_rung) == (WEDNESDAY, Rung.DECIDE)


def test_a_question_is_answered_once():
    answered = acts.answer_how(a_promise(**ASKED), ANA.id, "Nearly there", WEDNESDAY)
    assert answered.fact.detail == {"answer": "Nearly there"}
    assert refused(lambda: acts.answer_how(answered.promise, ANA.id, "", THURSDAY)).code == "already_answered"


# Words


def test_reasons_and_notes_are_cleaned_and_bounded():
    gone = acts.withdraw(a_promise(), ANA.id, "\u202e" + "x" * 2000, WEDNESDAY)
    assert gone.fact.detail["reason"] == "x" * (REASON_LIMIT - 1) + "…"
    noted = acts.annotate(a_promise(), ANA.id, "\x00" + "y" * 9000, WEDNESDAY)
    assert len(noted.promise.note or "") == NOTE_LIMIT
    assert acts.annotate(noted.promise, ANA.id, " ", WEDNESDAY).promise.note is None


def test_no_reason_leaves_no_empty_words_behind():
    assert acts.withdraw(a_promise(), ANA.id, "", WEDNESDAY).fact.detail == {}
