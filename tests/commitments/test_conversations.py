"""What is at risk, and which three conversations are worth having."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from builders import ACME, FRIDAY, GLOBEX, MONDAY, NEXT_MONDAY, THURSDAY, TUESDAY, a_promise, due
from commitments.conversations import Conversation, Topic, risk, worth_having
from commitments.promise import Promise, Proposal, Shape, Side, State, Waiting
from commitments.worktime import Calendar

NOW = NEXT_MONDAY


def offer(at: datetime, by_side: Side = Side.OURS) -> Proposal:
    return Proposal(
        id="o",
        shape=Shape.ANOTHER_DATE,
        due=due(),
        reason="late parts",
        by="ana",
        by_side=by_side,
        proposed_at=at,
        first_offered_at=at,
        early=True,
    )


def at_risk(promise: Promise) -> tuple[Topic, Side] | None:
    found = risk(promise, NOW, Calendar(), 2)
    return found and (found.topic, found.waits)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"due_at": FRIDAY}, (Topic.OVERDUE, Side.THEIRS)),
        ({"due_at": FRIDAY, "side": Side.THEIRS}, (Topic.OVERDUE, Side.OURS)),
        ({"due_at": FRIDAY, "waiting": Waiting(reason="data", since=THURSDAY)}, None),
        ({"due_at": FRIDAY, "state": State.DELIVERED}, None),
        ({"due_at": FRIDAY, "reopened_at": THURSDAY}, (Topic.NOT_YET, Side.THEIRS)),
        ({"proposal": offer(THURSDAY)}, (Topic.OFFER, Side.OURS)),
        ({"proposal": offer(THURSDAY, Side.THEIRS)}, (Topic.OFFER, Side.THEIRS)),
        ({"proposal": offer(FRIDAY)}, None),
        ({"release_asked_at": THURSDAY}, (Topic.RELEASE, Side.OURS)),
    ],
)
def test_a_promise_is_at_risk_for_a_reason(
    changes: dict[str, object], expected: tuple[Topic, Side] | None
) -> None:
    assert at_risk(a_promise(**changes)) == expected


def about(
    topic: Topic, since: datetime = MONDAY, partnership: str = ACME.id, **changes: Side
) -> Conversation:
    return Conversation(
        topic=topic,
        partnership_id=partnership,
        subject_id=f"{topic}{since}",
        waits=changes.get("waits", Side.THEIRS),
        since=since,
    )


def test_what_they_wait_for_comes_first_and_the_longest_wait_before_the_shorter() -> None:
    ours = about(Topic.OVERDUE, waits=Side.OURS)
    old, new = about(Topic.OVERDUE, MONDAY), about(Topic.OVERDUE, TUESDAY)
    assert worth_having([ours, new, about(Topic.FADING), old]) == [old, new, ours]


def test_every_partnership_is_heard_before_one_is_heard_twice() -> None:
    acme = [about(Topic.NOT_YET), about(Topic.OVERDUE), about(Topic.OFFER)]
    globex = about(Topic.FADING, partnership=GLOBEX.id)
    assert worth_having([*acme, globex]) == [acme[0], globex, acme[1]]


def test_without_a_reason_there_is_nothing_to_talk_about() -> None:
    assert worth_having([]) == []


def test_a_partnership_never_loses_a_topic_it_has_alone() -> None:
    assert worth_having([about(Topic.VOICE, MONDAY - timedelta(weeks=9))])
