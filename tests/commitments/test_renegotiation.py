from datetime import timedelta
from typing import Any

import pytest

from builders import (
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    MONDAY,
    NEXT_FRIDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_promise,
    an_id,
    due,
)
from commitments.acts import ask_how
from commitments.errors import Refusal, Settled, Unfit
from commitments.events import Kind
from commitments.nudges import Rung
from commitments.promise import TITLE_LIMIT, Change, Promise, Shape, Side, State, Waiting
from commitments.renegotiation import (
    accept_offer,
    agree_offline,
    contradict,
    counter_offer,
    counter_request,
    decline_offer,
    edit_title,
    is_slip,
    offer,
    take_back_offer,
)

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
LATER = due(NEXT_FRIDAY + WEEK)
LATER_STILL = due(NEXT_FRIDAY + 2 * WEEK)
OURS, THEIRS = Side.OURS, Side.THEIRS


def shown(**changes: Any) -> Promise:
    return a_promise(shown_at=MONDAY, **changes)


def offered(promise: Promise | None = None, **changes: Any) -> Change:
    """Ana asks for another week on Wednesday."""
    usual: dict[str, Any] = {
        "id": an_id("offer"),
        "shape": Shape.ANOTHER_DATE,
        "due": LATER,
        "title": "",
        "reason": "The auditor is late",
        "by": ANA.id,
        "by_side": OURS,
        "early": True,
        "now": WEDNESDAY,
    }
    return offer(promise or shown(), **{**usual, **changes})


def countered(promise: Promise, **changes: Any) -> Change:
    """Carla suggests yet another week on Thursday."""
    usual: dict[str, Any] = {
        "id": an_id("counter"),
        "due": LATER_STILL,
        "reason": "We are closed then",
        "by": CARLA.id,
        "side": THEIRS,
        "now": THURSDAY,
    }
    return counter_offer(promise, "", **{**usual, **changes})


def requested(**changes: Any) -> Promise:
    """Carla asked Ana for it; Ana answers with a later date."""
    asked = a_promise(state=State.PROPOSED, filed_by=CARLA.id, shown_at=MONDAY, **changes)
    return counter_request(
        asked, id=an_id("yes, but"), due=LATER, reason="Holidays", by=ANA.id, side=OURS, now=TUESDAY
    ).promise


def refused(call: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **named)
    return caught.value


# The old date stands


def test_an_offer_moves_nothing():
    before = shown()
    made = offered(before)
    assert (made.promise.due, made.promise.title) == (before.due, before.title)
    assert (made.promise.moved_early, made.promise.moved_late) == (0, 0)
    assert made.fact.kind is Kind.OFFERED
    assert made.fact.detail["old_due"] == NEXT_FRIDAY.isoformat()
    assert made.fact.detail["due"] == LATER.at.isoformat()


@pytest.mark.parametrize("answer", [countered, lambda p: decline_offer(p, "", CARLA.id, THEIRS, THURSDAY)])
def test_no_answer_but_yes_moves_the_date(answer):
    assert answer(offered().promise).promise.due == due(NEXT_FRIDAY)


def test_one_offer_is_on_the_table_at_a_time():
    assert refused(offered, offered().promise).code == "offer_open"


def test_a_declined_offer_leaves_room_for_another():
    declined = decline_offer(offered().promise, "", CARLA.id, THEIRS, THURSDAY)
    assert declined.fact.kind is Kind.OFFER_DECLINED
    assert offered(declined.promise, id=an_id("second"), now=FRIDAY).promise.proposal is not None


def test_an_offer_answers_the_question_how_it_is_going():
    asked = ask_how(shown(), CARLA.id, TUESDAY).promise
    assert offered(asked).promise.question is None


# Yes


def test_an_accepted_date_begins_a_new_span():
    before = shown(
        on_track_at=TUESDAY,
        on_track_rung=Rung.DECIDE,
        snoozed_until=THURSDAY,
        owner_told_at=TUESDAY,
        reopened_at=TUESDAY,
        release_asked_at=TUESDAY,
        paused_for=HOUR,
    )
    made = accept_offer(offered(before).promise, an_id("offer"), CARLA.id, THEIRS, THURSDAY)
    after = made.promise
    assert (after.due, after.first_due, after.span_from) == (LATER, due(NEXT_FRIDAY), THURSDAY)
    gone = (after.proposal, after.on_track_at, after.on_track_rung, after.snoozed_until)
    assert (*gone, after.owner_told_at, after.reopened_at, after.release_asked_at) == (None,) * 7
    assert after.clock_due == LATER.at
    assert (made.fact.kind, made.fact.by) == (Kind.OFFER_ACCEPTED, CARLA.id)


def test_a_new_date_allows_for_the_wait_so_far():
    waiting = shown(waiting=Waiting(reason="Their key", since=MONDAY))
    after = accept_offer(offered(waiting).promise, "", CARLA.id, THEIRS, THURSDAY).promise
    assert after.waiting == Waiting(reason="Their key", since=THURSDAY)


@pytest.mark.parametrize(("early", "counts"), [(True, (1, 0)), (False, (0, 1))])
def test_early_or_late_is_judged_at_the_first_offer_and_survives_counters(early, counts):
    there = countered(offered(early=early).promise).promise
    back = counter_offer(
        there, "", id=an_id("third"), due=LATER, reason="So be it", by=ANA.id, side=OURS, now=FRIDAY
    ).promise
    assert back.proposal is not None
    assert (back.proposal.first_offered_at, back.proposal.proposed_at) == (WEDNESDAY, FRIDAY)
    after = accept_offer(back, "", CARLA.id, THEIRS, NEXT_MONDAY).promise
    assert (after.moved_early, after.moved_late) == counts


def test_moves_add_up():
    first = accept_offer(offered(early=True).promise, "", CARLA.id, THEIRS, THURSDAY).promise
    second = offered(first, id=an_id("second"), due=LATER_STILL, early=False, now=FRIDAY).promise
    after = accept_offer(second, "", CARLA.id, THEIRS, FRIDAY).promise
    assert (after.moved_early, after.moved_late) == (1, 1)


def test_something_else_changes_the_words_and_the_date():
    made = offered(shape=Shape.SOMETHING_ELSE, title="Send the ISO certificate")
    assert made.promise.title == "Send the SOC 2 report"
    after = accept_offer(made.promise, "", CARLA.id, THEIRS, THURSDAY).promise
    assert (after.title, after.due) == ("Send the ISO certificate", LATER)


def test_something_else_may_be_for_the_same_date():
    assert offered(shape=Shape.SOMETHING_ELSE, title="The ISO certificate", due=due()).promise.proposal


def test_an_offer_whose_date_has_passed_can_no_longer_be_agreed_to():
    made = offered().promise
    for agree in (
        lambda: accept_offer(made, "", CARLA.id, THEIRS, LATER.at + HOUR),
        lambda: agree_offline(made, BEN.id, LATER.at + HOUR),
    ):
        assert refused(agree).code == "due_past"


# Part now, the rest later


def test_part_now_splits_the_promise_in_two():
    before = shown(note="Ask Mia", due_at=FRIDAY)
    there = offered(before, shape=Shape.PART_NOW, title="Send the first half").promise
    made = accept_offer(there, "", CARLA.id, THEIRS, THURSDAY)
    first, rest = made.promise, made.born
    assert rest is not None
    assert (first.title, first.due, first.span_from) == ("Send the first half", due(FRIDAY), MONDAY)
    assert (rest.title, rest.due, rest.span_from) == (before.title, LATER, THURSDAY)
    assert (rest.first_due, rest.split_from) == (due(FRIDAY), before.id)
    assert (rest.owner_id, rest.side, rest.note) == (before.owner_id, before.side, before.note)
    assert (rest.state, rest.shown_at) == (State.OPEN, THURSDAY)


def test_the_rest_of_a_private_promise_is_private():
    made = offered(a_promise(), shape=Shape.PART_NOW, title="The first half")
    assert made.born is not None
    assert not made.born.is_shown
    assert made.fact.kind is Kind.MOVED


def test_the_first_part_keeps_the_time_its_clock_stood_still():
    paused = shown(paused_for=HOUR, waiting=Waiting(reason="Their key", since=MONDAY))
    there = offered(paused, shape=Shape.PART_NOW, title="The first half").promise
    after = accept_offer(there, "", CARLA.id, THEIRS, THURSDAY).promise
    assert (after.paused_for, after.waiting) == (HOUR, paused.waiting)


@pytest.mark.parametrize("at", [NEXT_FRIDAY, NEXT_FRIDAY - HOUR])
def test_the_rest_comes_after_the_first_part(at):
    error = refused(offered, shape=Shape.PART_NOW, title="The first half", due=due(at))
    assert isinstance(error, Unfit)
    assert (error.code, error.field) == ("rest_is_later", "due")
    there = offered(shape=Shape.PART_NOW, title="The first half").promise
    assert refused(countered, there, due=due(at)).code == "rest_is_later"


# What an offer needs


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"due": due(NEXT_FRIDAY)}, "same_date", "due"),
        ({"due": due(TUESDAY)}, "due_past", "due"),
        ({"due": due(WEDNESDAY + timedelta(days=4000))}, "due_far", "due"),
        ({"reason": "\u200b"}, "needed", "reason"),
        ({"shape": Shape.SOMETHING_ELSE, "title": " "}, "needed", "title"),
        ({"shape": Shape.PART_NOW, "title": "x" * (TITLE_LIMIT + 1)}, "too_long", "title"),
    ],
)
def test_an_offer_that_does_not_fit_names_its_field(changes, code, field):
    error = refused(offered, **changes)
    assert isinstance(error, Unfit)
    assert (error.code, error.field) == (code, field)


def test_an_earlier_date_may_be_offered_too():
    assert offered(due=due(FRIDAY)).promise.proposal is not None


def test_a_counter_is_for_another_date():
    assert refused(countered, offered().promise, due=due(NEXT_FRIDAY)).code == "same_date"
    assert refused(countered, offered().promise, due=due(MONDAY)).code == "due_past"


def test_a_counter_never_speaks_with_the_other_sides_reason():
    assert refused(countered, offered().promise, reason=" ").code == "needed"


# Who answers, and to what


@pytest.mark.parametrize("make", [offered, lambda: countered(offered().promise)])
def test_nobody_answers_an_offer_of_their_own_side(make):
    promise = make().promise
    side = promise.proposal.by_side
    for answer in (
        lambda: accept_offer(promise, "", BEN.id, side, FRIDAY),
        lambda: decline_offer(promise, "", BEN.id, side, FRIDAY),
        lambda: countered(promise, side=side),
    ):
        assert refused(answer).code == "own_offer"


def test_an_answer_to_an_older_offer_is_too_late():
    promise = countered(offered().promise).promise
    for answer in (accept_offer, decline_offer):
        error = refused(answer, promise, an_id("offer"), ANA.id, OURS, FRIDAY)
        assert isinstance(error, Settled)
        assert error.code == "already_answered"


@pytest.mark.parametrize("state", sorted(set(State) - {State.OPEN, State.PROPOSED}))
def test_a_settled_promise_has_no_offer_to_answer(state):
    assert refused(accept_offer, shown(state=state), "", CARLA.id, THEIRS, FRIDAY).code == "already_answered"


def test_an_offer_is_taken_back_by_the_side_that_made_it():
    promise = offered().promise
    assert refused(take_back_offer, promise, CARLA.id, THEIRS, THURSDAY).code == "already_answered"
    assert take_back_offer(promise, BEN.id, OURS, THURSDAY).promise.proposal is None
    assert refused(take_back_offer, shown(), ANA.id, OURS, THURSDAY).code == "already_answered"


def test_the_customer_may_offer_too_and_we_answer():
    promise = offered(by=CARLA.id, by_side=THEIRS).promise
    assert refused(accept_offer, promise, "", CARLA.id, THEIRS, THURSDAY).code == "own_offer"
    assert accept_offer(promise, "", ANA.id, OURS, THURSDAY).promise.due == LATER


# Private until shown


def test_a_private_date_moves_at_once_with_its_reason_on_record():
    made = offered(a_promise(), early=False)
    assert (made.promise.due, made.promise.proposal) == (LATER, None)
    assert (made.promise.moved_early, made.promise.moved_late) == (0, 1)
    assert made.fact.kind is Kind.MOVED
    assert made.fact.detail["reason"] == "The auditor is late"


# What was only asked for


def test_a_countered_request_begins_with_the_date_its_owner_offered():
    made = accept_offer(requested(), "", CARLA.id, THEIRS, WEDNESDAY)
    after = made.promise
    assert (after.state, after.due, after.first_due) == (State.OPEN, LATER, LATER)
    assert (after.span_from, after.proposal) == (WEDNESDAY, None)
    assert (after.moved_early, after.moved_late) == (0, 0)
    assert made.fact.kind is Kind.ACCEPTED


def test_declining_the_counter_to_a_request_is_the_end_of_it():
    after = decline_offer(requested(hand_over_to=BEN.id), "", CARLA.id, THEIRS, WEDNESDAY).promise
    assert (after.state, after.settled_at) == (State.DECLINED, WEDNESDAY)
    assert (after.proposal, after.hand_over_to) == (None, None)


def test_a_counter_to_a_request_may_return_to_the_date_first_asked_for():
    back = countered(requested(), due=due(NEXT_FRIDAY)).promise
    after = accept_offer(back, "", ANA.id, OURS, FRIDAY).promise
    assert (after.state, after.due) == (State.OPEN, due(NEXT_FRIDAY))


def test_a_counter_taken_back_leaves_the_request_as_it_was():
    after = take_back_offer(requested(), ANA.id, OURS, WEDNESDAY).promise
    assert (after.state, after.proposal) == (State.PROPOSED, None)


# Agreed offline


def test_an_offline_agreement_moves_the_date_and_remembers_the_old_one():
    made = agree_offline(offered().promise, BEN.id, THURSDAY)
    assert (made.promise.due, made.fact.kind) == (LATER, Kind.AGREED_OFFLINE)
    agreement = made.promise.offline
    assert agreement is not None
    assert (agreement.by, agreement.old_due, agreement.old_title) == (
        BEN.id,
        due(NEXT_FRIDAY),
        "Send the SOC 2 report",
    )


def test_the_customer_may_contradict_once():
    agreed = agree_offline(
        offered(shape=Shape.SOMETHING_ELSE, title="The ISO certificate").promise, BEN.id, THURSDAY
    ).promise
    stands = contradict(agreed, CARLA.id, FRIDAY)
    assert (stands.promise.due, stands.promise.title) == (due(NEXT_FRIDAY), "Send the SOC 2 report")
    assert stands.fact.kind is Kind.CONTRADICTED
    assert refused(contradict, stands.promise, CARLA.id, FRIDAY).code == "already_answered"


def test_what_the_customer_accepts_afterwards_can_no_longer_be_contradicted():
    agreed = agree_offline(offered().promise, BEN.id, THURSDAY).promise
    again = offered(agreed, id=an_id("second"), due=LATER_STILL, now=FRIDAY).promise
    accepted = accept_offer(again, "", CARLA.id, THEIRS, FRIDAY).promise
    assert refused(contradict, accepted, CARLA.id, FRIDAY).code == "already_answered"


# Slips of the pen


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Send teh report", "Send the report"),
        ("send the Report", "Send the report."),
        ("Send the repport", "Send the report"),
        ("Send the repor", "Send the report"),
        ("Recieve the goods", "Receive the goods"),
        ("Fix the web site", "Fix the website"),
        ("Send it - today", "Send it, today"),
        ("Ship 3,000 units", "Ship 3.000 units"),
        ("Müler informieren", "Müller informieren"),
    ],
)
def test_a_slip_of_the_pen_may_be_mended_after_showing(old, new):
    assert is_slip(old, new)
    edited = edit_title(shown(title=old), new, ANA.id, WEDNESDAY)
    assert (edited.promise.title, edited.fact.detail) == (new, {"was": old})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Send 10 licences", "Send 100 licences"),
        ("Send the report to the team", "Send the report"),
        ("Send the report to the security team", "Send the draft report to the security team"),
        ("Send the report to the security team", "Send the report, not to the security team"),
        ("Deliver the complete migration", "Deliver the migration complete"),
        ("Finish the work on Monday", "Finish the work on Sunday"),
        ("Finish the work on Tuesday", "Finish the work on Thursday"),
        ("Publish the figures for January", "Publish the figures for February"),
        ("Publish the figures for Jan", "Publish the figures for Jun"),
        ("Grant a discount of ten percent", "Grant a discount of two percent"),
        ("We do deliver it", "We don't deliver it"),
        ("Wir liefern eine Kopie", "Wir liefern keine Kopie"),
        ("A notable report", "A no table report"),
        ("A price of 50 $", "A price of 50 €"),
        ("Raise it by 5 %", "Raise it by 5"),
        ("明天发送报告", "后天发送报告"),
    ],
)
def test_another_meaning_is_no_slip(old, new):
    assert not is_slip(old, new)
    assert not is_slip(new, old)
    error = refused(edit_title, shown(title=old), new, ANA.id, WEDNESDAY)
    assert isinstance(error, Unfit)
    assert (error.code, error.field) == ("meaning_changes", "title")


def test_a_private_title_may_become_any_other():
    assert edit_title(a_promise(), "Something else", ANA.id, WEDNESDAY).promise.title == "Something else"


def test_a_contradicted_agreement_was_no_move_after_all():
    agreed = agree_offline(offered(early=True).promise, BEN.id, THURSDAY).promise
    assert (agreed.moved_early, agreed.span_from) == (1, THURSDAY)
    back = contradict(agreed, CARLA.id, FRIDAY).promise
    assert (back.moved_early, back.span_from, back.due) == (0, MONDAY, offered().promise.due)


def test_a_split_is_not_agreed_behind_the_customers_back():
    split = offered(shape=Shape.PART_NOW, title="The summary").promise
    assert refused(lambda: agree_offline(split, BEN.id, THURSDAY)).code == "offline_part"
