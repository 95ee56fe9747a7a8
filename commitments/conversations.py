"""Which promises are at risk and why, and which three conversations are worth having. Nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commitments.promise import Promise, Side, State
from commitments.worktime import Calendar

ENOUGH = 3


class Topic(StrEnum):
    """Most pressing first: what the customer waits for comes before what we could do better."""

    NOT_YET = "not_yet"  # they said "not quite there yet"
    OVERDUE = "overdue"
    RELEASE = "release"  # asked to be released, and nobody answered
    OFFER = "offer"  # a new date on the table, and nobody answered
    VOICE = "voice"  # they said something, and nobody answered
    FADING = "fading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    topic: Topic
    partnership_id: str
    subject_id: str  # the promise or voice; the partnership itself when it fades
    waits: Side  # who waits for a word
    since: datetime


def risk(promise: Promise, now: datetime, calendar: Calendar, unanswered_days: int) -> Conversation | None:
    """`calendar` is the one in which the other side's silence is counted."""
    if promise.state is not State.OPEN:
        return None
    found = _risk(promise, now, calendar, unanswered_days)
    if found is None:
        return None
    topic, waits, since = found
    return Conversation(
        topic=topic,
        partnership_id=promise.partnership_id,
        subject_id=promise.id,
        waits=waits,
        since=since,
    )


def _risk(
    promise: Promise, now: datetime, calendar: Calendar, unanswered_days: int
) -> tuple[Topic, Side, datetime] | None:
    def is_unanswered(since: datetime) -> bool:
        days = calendar.working_days_between(calendar.local_date(since), calendar.local_date(now))
        return days >= unanswered_days

    if promise.reopened_at:
        return Topic.NOT_YET, promise.side.other, promise.reopened_at
    if promise.is_overdue(now):
        return Topic.OVERDUE, promise.side.other, promise.clock_due
    if promise.release_asked_at and is_unanswered(promise.release_asked_at):
        return Topic.RELEASE, promise.side, promise.release_asked_at
    if promise.proposal and is_unanswered(promise.proposal.proposed_at):
        return Topic.OFFER, promise.proposal.by_side, promise.proposal.proposed_at
    return None


def worth_having(found: Iterable[Conversation]) -> list[Conversation]:
    """At most three; a second one about the same partnership only when the others need none."""
    pressing = sorted(found, key=_urgency)
    first = {each.partnership_id: each for each in reversed(pressing)}
    chosen = [each for each in pressing if first[each.partnership_id] is each]
    more = [each for each in pressing if first[each.partnership_id] is not each]
    return [*chosen, *more][:ENOUGH]


def _urgency(each: Conversation) -> tuple[int, bool, datetime, str]:
    """Topics in their order; the customer's waiting comes before ours, the longest wait first."""
    return list(Topic).index(each.topic), each.waits is Side.OURS, each.since, each.subject_id
