"""What can be done to a promise, apart from renegotiating: each act returns the new value and the fact.

Authority is not asked here, only whether the act fits the state. Everything raises Settled when the promise
has moved on, and Unfit when a value does not fit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from commitments.errors import Refusal, Settled, Unfit
from commitments.events import Fact, Kind
from commitments.nudges import Rung
from commitments.promise import (
    NOTE_LIMIT,
    REASON_LIMIT,
    TITLE_LIMIT,
    Change,
    Due,
    Promise,
    Question,
    Shape,
    Side,
    Source,
    State,
    Waiting,
)
from commitments.text import clean, required

REOPEN_FOR = timedelta(days=30)
UNDO_FOR = timedelta(minutes=10)
HORIZON = timedelta(days=3653)  # ten years
NEVER_UNDONE = frozenset({Kind.SHOWN, Kind.UNDONE, Kind.LAPSED, Kind.UNOPPOSED, Kind.ASKED_HOW})


def record(
    *,
    id: str,
    tenant: str,
    partnership_id: str,
    number: int,
    title: str,
    side: Side,
    owner_id: str,
    by: str,
    due: Due,
    now: datetime,
    note: str | None = None,
    source: Source | None = None,
    shown: bool = False,
    waits_on: str | None = None,
) -> Change:
    """Open when the owner recorded it, proposed when somebody else did. `shown`: both sides know it."""
    check_ahead(due, now)
    promise = Promise(
        id=id,
        tenant=tenant,
        partnership_id=partnership_id,
        number=number,
        title=required(title, TITLE_LIMIT, "title"),
        side=side,
        state=State.OPEN if by == owner_id else State.PROPOSED,
        owner_id=owner_id,
        filed_by=by,
        due=due,
        first_due=due,
        created_at=now,
        span_from=now,
        note=clean(note or "", NOTE_LIMIT) or None,
        source=source,
        shown_at=now if shown else None,
        waits_on=waits_on,
    )
    return Change(promise=promise, fact=Fact(kind=Kind.RECORDED, at=now, by=by))


def check_ahead(due: Due, now: datetime) -> None:
    """A promise is for a moment still to come, and one that people will live to see."""
    if due.at <= now:
        raise Unfit("due_past", "due")
    if due.at > now + HORIZON:
        raise Unfit("due_far", "due")


def accept(promise: Promise, by: str, now: datetime) -> Change:
    """The named owner says yes; the clock starts. A counter on the table is answered or taken back first."""
    _needs(promise, State.PROPOSED)
    if promise.proposal is not None:
        raise Settled("offer_open")
    check_ahead(promise.due, now)
    opened = promise.with_(state=State.OPEN, span_from=now, first_due=promise.due)
    return _change(opened, Kind.ACCEPTED, by, now)


def decline(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    _needs(promise, State.PROPOSED)
    return _settle(promise, State.DECLINED, Kind.DECLINED, by, now, reason=reason)


def lapse(promise: Promise, now: datetime) -> Change:
    """Nobody accepted it for ten working days."""
    _needs(promise, State.PROPOSED)
    return _settle(promise, State.DECLINED, Kind.LAPSED, None, now)


def show(promise: Promise, by: str, now: datetime) -> Change:
    """Publishes it. Cannot be undone."""
    if promise.is_shown:
        raise Settled("already_shown")
    _needs(promise, State.OPEN, State.PROPOSED, State.DELIVERED)
    return _change(promise.with_(shown_at=now), Kind.SHOWN, by, now)


def deliver(promise: Promise, by: str, evidence: str | None, now: datetime) -> Change:
    """The owner says it is done; judged on time by this moment."""
    _needs(promise, State.OPEN)
    done = _resumed(promise, now).with_(
        state=State.DELIVERED,
        delivered_at=now,
        evidence=clean(evidence or "", REASON_LIMIT) or None,
        proposal=None,
        question=None,
        hand_over_to=None,
        release_asked_at=None,
    )
    return _change(done, Kind.DELIVERED, by, now)


def prove(promise: Promise, by: str, evidence: str, now: datetime) -> Change:
    """Evidence for what was delivered; may come later, and may be replaced."""
    _needs(promise, State.DELIVERED, State.UNOPPOSED, State.KEPT)
    text = required(evidence, REASON_LIMIT, "evidence")
    return _change(promise.with_(evidence=text), Kind.PROVEN, by, now)


def confirm(promise: Promise, by: str, now: datetime) -> Change:
    _needs(promise, State.DELIVERED)
    return _settle(promise, State.KEPT, Kind.CONFIRMED, by, now)


def not_yet(
    promise: Promise, by: str, reason: str, now: datetime, *, reopen_for: timedelta = REOPEN_FOR
) -> Change:
    """Back to open with its old due date; possible for 30 days from delivery, silence or not."""
    _needs(promise, State.DELIVERED, State.UNOPPOSED)
    if promise.delivered_at is not None and now > promise.delivered_at + reopen_for:
        raise Settled("too_long_ago")
    reopened = promise.with_(
        state=State.OPEN,
        delivered_at=None,
        settled_at=None,
        reopened_at=now,
        on_track_at=None,
        on_track_rung=None,
        owner_told_at=None,
    )
    return _change(reopened, Kind.NOT_YET, by, now, reason=clean(reason, REASON_LIMIT))


def pass_unopposed(promise: Promise, now: datetime) -> Change:
    """Delivered, and nobody answered for five working days."""
    _needs(promise, State.DELIVERED)
    return _settle(promise, State.UNOPPOSED, Kind.UNOPPOSED, None, now)


def miss(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    """Only a person says so."""
    _needs(promise, State.OPEN)
    if not promise.is_overdue(now):  # nor while the clock stands still
        raise Unfit("not_missed_yet")
    return _settle(promise, State.MISSED, Kind.MISSED, by, now, reason=reason)


def release(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    """The other side lets the owner off; no failure."""
    _needs(promise, State.OPEN, State.PROPOSED)
    return _settle(promise, State.RELEASED, Kind.RELEASED, by, now, reason=reason)


def ask_release(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    _needs(promise, State.OPEN)
    if not promise.is_shown:
        raise Unfit("show_first")
    if promise.release_asked_at is not None:
        raise Settled("already_asked")
    text = required(reason, REASON_LIMIT, "reason")
    return _change(promise.with_(release_asked_at=now), Kind.RELEASE_ASKED, by, now, reason=text)


def keep_please(promise: Promise, by: str, now: datetime) -> Change:
    """The other side would rather have it kept than released."""
    _needs(promise, State.OPEN)
    if promise.release_asked_at is None:
        raise Settled("already_answered")
    return _change(promise.with_(release_asked_at=None), Kind.RELEASE_REFUSED, by, now)


def withdraw(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    """Stepping back from it; counts against us once it was open."""
    _needs(promise, State.OPEN, State.PROPOSED)
    return _settle(promise, State.WITHDRAWN, Kind.WITHDRAWN, by, now, reason=reason)


def wait(promise: Promise, by: str, reason: str, now: datetime) -> Change:
    """Stops our clock: it is the other side's move."""
    _needs(promise, State.OPEN)
    if promise.waiting is not None:
        raise Settled("already_waiting")
    waiting = Waiting(reason=required(reason, REASON_LIMIT, "reason"), since=now)
    return _change(promise.with_(waiting=waiting), Kind.WAITING, by, now, reason=waiting.reason)


def resume(promise: Promise, by: str, now: datetime) -> Change:
    if promise.waiting is None:
        raise Settled("not_waiting")
    return _change(_resumed(promise, now), Kind.RESUMED, by, now)


def offer_hand_over(promise: Promise, by: str, to: str, now: datetime) -> Change:
    """The promise stays with its owner until the other accepts."""
    _needs(promise, State.OPEN, State.PROPOSED)
    if to == promise.owner_id:
        raise Unfit("owns_it_already", "owner")
    return _change(promise.with_(hand_over_to=to), Kind.HAND_OVER_OFFERED, by, now, to=to)


def take_over(promise: Promise, by: str, now: datetime) -> Change:
    """The promise changes hands as it stands. What nobody had said yes to begins now."""
    if promise.hand_over_to != by:
        raise Settled("already_answered")
    _needs(promise, State.OPEN, State.PROPOSED)
    taken = promise.with_(
        owner_id=by,
        hand_over_to=None,
        on_track_at=None,
        on_track_rung=None,
        snoozed_until=None,
    )
    if promise.state is State.PROPOSED:
        taken = accept(taken.with_(proposal=None), by, now).promise
    return _change(taken, Kind.HANDED_OVER, by, now, before=promise.owner_id)


def decline_hand_over(promise: Promise, by: str, now: datetime) -> Change:
    if promise.hand_over_to != by:
        raise Settled("already_answered")
    return _change(promise.with_(hand_over_to=None), Kind.HAND_OVER_DECLINED, by, now)


def annotate(promise: Promise, by: str, note: str, now: datetime) -> Change:
    return _change(promise.with_(note=clean(note, NOTE_LIMIT) or None), Kind.NOTED, by, now)


def on_track(promise: Promise, by: str, rung: Rung, now: datetime) -> Change:
    _needs(promise, State.OPEN)
    answered = promise.with_(on_track_at=now, on_track_rung=rung, question=None)
    kind = Kind.ANSWERED_HOW if promise.question else Kind.ON_TRACK
    return _change(answered, kind, by, now, rung=rung.value)


def snooze(promise: Promise, by: str, until: datetime, now: datetime) -> Change:
    """`until`: aware UTC, after now and no later than the decision moment; the caller has worked it out."""
    _needs(promise, State.OPEN)
    return _change(promise.with_(snoozed_until=until), Kind.SNOOZED, by, now, until=until.isoformat())


def ask_how(promise: Promise, by: str, now: datetime) -> Change:
    """The other side asks; the caller has checked that it is the first time this working day."""
    _needs(promise, State.OPEN)
    asked = promise.with_(question=Question(by=by, at=now), last_asked_at=now)
    return _change(asked, Kind.ASKED_HOW, by, now)


def answer_how(promise: Promise, by: str, answer: str, now: datetime) -> Change:
    """The owner's own words, or empty for "on track"; they go back in the owner's name."""
    _needs(promise, State.OPEN)
    if promise.question is None:
        raise Settled("already_answered")
    text = clean(answer, REASON_LIMIT)
    return _change(promise.with_(question=None), Kind.ANSWERED_HOW, by, now, answer=text)


def ask_hand(promise: Promise, by: str, colleague: str, now: datetime) -> Change:
    _needs(promise, State.OPEN)
    return _change(promise, Kind.HAND_ASKED, by, now, colleague=colleague)


def undo(
    promise: Promise,
    last: Fact,
    before: Promise | None,
    by: str,
    now: datetime,
    *,
    undo_for: timedelta = UNDO_FOR,
) -> Change:
    """Takes back one's own last act within ten minutes; the other side's answer would be a later fact."""
    if last.kind in NEVER_UNDONE or _split_it(last):
        raise Unfit("cannot_undo")
    if last.by != by:
        raise Settled("others_acted")
    if now - last.at > undo_for:
        raise Settled("undo_too_late")
    if before is None:
        return _settle(promise, State.DECLINED, Kind.UNDONE, by, now, undid=last.kind.value)
    restored = before.with_(
        version=promise.version, shown_at=promise.shown_at, nudged_until=promise.nudged_until
    )
    return _change(restored, Kind.UNDONE, by, now, undid=last.kind.value)


def _split_it(fact: Fact) -> bool:
    """The fact split a promise in two: taking back one half would lose the other."""
    if fact.kind is Kind.RECORDED:
        return bool(fact.detail.get("split_from"))
    took = fact.kind in (Kind.MOVED, Kind.OFFER_ACCEPTED, Kind.AGREED_OFFLINE)
    return took and fact.detail.get("shape") == Shape.PART_NOW.value


def _settle(
    promise: Promise, state: State, kind: Kind, by: str | None, now: datetime, **detail: str
) -> Change:
    """A final state: nothing is pending any more."""
    settled = _resumed(promise, now).with_(
        state=state, settled_at=now, proposal=None, question=None, hand_over_to=None, release_asked_at=None
    )
    detail = {name: clean(value, REASON_LIMIT) for name, value in detail.items() if value}
    return Change(promise=settled, fact=Fact(kind=kind, at=now, by=by, detail=detail))


def _resumed(promise: Promise, now: datetime) -> Promise:
    if promise.waiting is None:
        return promise
    return promise.with_(waiting=None, paused_for=promise.paused_for + (now - promise.waiting.since))


def _change(promise: Promise, kind: Kind, by: str, now: datetime, **detail: str) -> Change:
    return Change(promise=promise, fact=Fact(kind=kind, at=now, by=by, detail=detail))


def _needs(promise: Promise, *states: State) -> None:
    if promise.state not in states:
        raise settled(promise)


def settled(promise: Promise) -> Refusal:
    """The refusal that says what the promise has become."""
    return Settled(f"is_{promise.state.value}")
