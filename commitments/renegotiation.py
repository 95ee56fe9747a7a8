"""Renegotiating: an offer in one of three shapes, the other side's answer, and whether it came early.

A shown promise moves only by the other side's acceptance or a lead's "agreed offline".
A private one is moved by its owner, with a reason, and is judged early or late all the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from commitments.acts import check_ahead, settled
from commitments.errors import Settled, Unfit
from commitments.events import Fact, Kind
from commitments.promise import (
    REASON_LIMIT,
    TITLE_LIMIT,
    Change,
    Due,
    OfflineAgreement,
    Promise,
    Proposal,
    Shape,
    Side,
    State,
)
from commitments.text import required

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MEANT = re.compile(r"\d+|[^\w\s.,;:!?'’\"()–-]")  # numbers and signs such as % or €
_DENIALS = frozenset({"not", "none", "no", "without", "never", "nicht", "ohne", "nie"})
_SHORTEST_SLIP = 4  # letters; among shorter words one letter makes another word: Jan and Jun, now and not
_ONE_SIGN_ONE_WORD = "\u2e80"  # from here on, mostly Chinese, Japanese and Korean


def offer(
    promise: Promise,
    *,
    id: str,
    shape: Shape,
    due: Due,
    title: str,
    reason: str,
    by: str,
    by_side: Side,
    early: bool,
    now: datetime,
) -> Change:
    """Puts a change on the table, or makes it at once while the promise is private."""
    if promise.state is not State.OPEN:
        raise settled(promise)
    if promise.proposal is not None:
        raise Settled("offer_open")
    _check_due(promise, shape, due, now)
    wanted = required(title, TITLE_LIMIT, "title") if shape is not Shape.ANOTHER_DATE else None
    proposal = Proposal(
        id=id,
        shape=shape,
        due=due,
        title=wanted,
        reason=required(reason, REASON_LIMIT, "reason"),
        by=by,
        by_side=by_side,
        proposed_at=now,
        early=early,
        first_offered_at=now,
    )
    if promise.is_shown:
        return _fact(promise.with_(proposal=proposal, question=None), Kind.OFFERED, by, now, proposal)
    return _take(promise, proposal, Kind.MOVED, by, now)


def accept_offer(promise: Promise, question: str, by: str, side: Side, now: datetime) -> Change:
    """The side that did not make the offer says fine."""
    proposal = _pending(promise, question, side)
    check_ahead(proposal.due, now)
    if promise.state is State.PROPOSED:
        return _accept_counter(promise, proposal, by, now)
    return _take(promise, proposal, Kind.OFFER_ACCEPTED, by, now)


def counter_offer(
    promise: Promise, question: str, *, id: str, due: Due, reason: str, by: str, side: Side, now: datetime
) -> Change:
    """Suggests another date; early or late stays as judged at the first offer."""
    proposal = _pending(promise, question, side)
    if promise.state is State.OPEN:
        _check_due(promise, proposal.shape, due, now)
    else:  # the date first asked for may be asked for again
        check_ahead(due, now)
    countered = Proposal(
        id=id,
        shape=proposal.shape,
        due=due,
        title=proposal.title,
        reason=required(reason, REASON_LIMIT, "reason"),
        by=by,
        by_side=side,
        proposed_at=now,
        early=proposal.early,
        first_offered_at=proposal.first_offered_at,
    )
    return _fact(promise.with_(proposal=countered), Kind.OFFER_COUNTERED, by, now, countered)


def decline_offer(promise: Promise, question: str, by: str, side: Side, now: datetime) -> Change:
    """The old date stands. For something only asked for, it is the end of it."""
    proposal = _pending(promise, question, side)
    if promise.state is State.PROPOSED:
        gone = promise.with_(proposal=None, hand_over_to=None, state=State.DECLINED, settled_at=now)
        return _fact(gone, Kind.DECLINED, by, now, proposal)
    return _fact(promise.with_(proposal=None), Kind.OFFER_DECLINED, by, now, proposal)


def take_back_offer(promise: Promise, by: str, side: Side, now: datetime) -> Change:
    """Whoever made the offer withdraws it; the old date stands."""
    proposal = promise.proposal
    if proposal is None or proposal.by_side is not side:
        raise Settled("already_answered")
    return _fact(promise.with_(proposal=None), Kind.OFFER_DECLINED, by, now, proposal)


def counter_request(
    promise: Promise, *, id: str, due: Due, reason: str, by: str, side: Side, now: datetime
) -> Change:
    """Yes, but by another date: answers what was asked or recorded in one's name."""
    if promise.state is not State.PROPOSED:
        raise settled(promise)
    check_ahead(due, now)
    proposal = Proposal(
        id=id,
        shape=Shape.ANOTHER_DATE,
        due=due,
        reason=required(reason, REASON_LIMIT, "reason"),
        by=by,
        by_side=side,
        proposed_at=now,
        early=True,
        first_offered_at=now,
    )
    return _fact(promise.with_(proposal=proposal), Kind.COUNTERED, by, now, proposal)


def agree_offline(promise: Promise, by: str, now: datetime) -> Change:
    """A lead records that the other side agreed by word of mouth; they see it as such and may contradict."""
    if promise.state is not State.OPEN or promise.proposal is None:
        raise Settled("no_offer")
    if (
        promise.proposal.shape is Shape.PART_NOW
    ):  # two promises would be born that no contradiction can unmake
        raise Unfit("offline_part")
    check_ahead(promise.proposal.due, now)
    agreement = OfflineAgreement(
        by=by,
        at=now,
        old_due=promise.due,
        old_title=promise.title,
        old_span_from=promise.span_from,
        early=promise.proposal.early,
    )
    taken = _take(promise, promise.proposal, Kind.AGREED_OFFLINE, by, now)
    return Change(promise=taken.promise.with_(offline=agreement), fact=taken.fact)


def contradict(promise: Promise, by: str, now: datetime) -> Change:
    """ "That is not what we agreed": what was before stands again, and nothing was moved."""
    if promise.offline is None or promise.is_final:
        raise Settled("already_answered")
    old = promise.offline
    stands = promise.with_(
        due=old.old_due,
        title=old.old_title,
        span_from=old.old_span_from,
        moved_early=promise.moved_early - old.early,
        moved_late=promise.moved_late - (not old.early),
        offline=None,
    )
    return Change(promise=stands, fact=Fact(kind=Kind.CONTRADICTED, at=now, by=by))


def edit_title(promise: Promise, title: str, by: str, now: datetime) -> Change:
    """While private any title will do; once shown only a slip of the pen is mended. Both stay on record."""
    if promise.is_final:
        raise settled(promise)
    wanted = required(title, TITLE_LIMIT, "title")
    if promise.is_shown and not is_slip(promise.title, wanted):
        raise Unfit("meaning_changes", "title")
    edited = promise.with_(title=wanted)
    return Change(promise=edited, fact=Fact(kind=Kind.EDITED, at=now, by=by, detail={"was": promise.title}))


def is_slip(old: str, new: str) -> bool:
    """Capitals, spaces, punctuation, or one letter in a word; never another word, number or sign."""
    if _MEANT.findall(old) != _MEANT.findall(new):
        return False
    was, wanted = _WORD.findall(old.casefold()), _WORD.findall(new.casefold())
    if list(filter(_denies, was)) != list(filter(_denies, wanted)):
        return False
    if "".join(was) == "".join(wanted):
        return True
    same_length = len(was) == len(wanted)
    return same_length and all(a == b or _slipped(a, b) for a, b in zip(was, wanted, strict=True))


def _slipped(was: str, wanted: str) -> bool:
    """One letter wrong, missing, doubled, or two neighbours swapped."""
    if max(was + wanted) >= _ONE_SIGN_ONE_WORD:
        return False
    pairs = enumerate(zip(was, wanted, strict=False))
    head = next((i for i, (a, b) in pairs if a != b), min(len(was), len(wanted)))
    a, b = was[head:], wanted[head:]
    if len(was) == len(wanted) > 2 and a[:2] == b[1::-1] and a[2:] == b[2:]:
        return True
    is_long = min(len(was), len(wanted)) >= _SHORTEST_SLIP
    return is_long and (a[1:] == b[1:] or a[1:] == b or a == b[1:])


def _denies(word: str) -> bool:
    return word in _DENIALS or word.startswith("kein") or word.endswith(("n't", "n’t"))


def _pending(promise: Promise, question: str, side: Side) -> Proposal:
    """The offer this answer belongs to; an answer to an older offer is too late."""
    proposal = promise.proposal
    if proposal is None or (question and proposal.id != question):
        raise Settled("already_answered")
    if proposal.by_side is side:
        raise Settled("own_offer")
    return proposal


def _check_due(promise: Promise, shape: Shape, due: Due, now: datetime) -> None:
    check_ahead(due, now)
    if shape is Shape.ANOTHER_DATE and due.at == promise.due.at:
        raise Unfit("same_date", "due")
    if shape is Shape.PART_NOW and due.at <= promise.due.at:
        raise Unfit("rest_is_later", "due")


def _take(promise: Promise, proposal: Proposal, kind: Kind, by: str, now: datetime) -> Change:
    """The change is made; the span of the new date begins now, except where only a part was split off."""
    counted = promise.with_(
        proposal=None,
        offline=None,
        release_asked_at=None,
        moved_early=promise.moved_early + proposal.early,
        moved_late=promise.moved_late + (not proposal.early),
        on_track_at=None,
        on_track_rung=None,
        snoozed_until=None,
        owner_told_at=None,
    )
    if proposal.shape is Shape.PART_NOW:
        first = counted.with_(title=proposal.title or promise.title)
        return Change(
            promise=first,
            fact=_detailed(kind, by, now, promise, proposal),
            born=_rest(promise, proposal, now),
        )
    moved = counted.with_(
        due=proposal.due,
        span_from=now,
        title=proposal.title or promise.title,
        reopened_at=None,
        paused_for=timedelta(),
        waiting=promise.waiting and replace(promise.waiting, since=now),  # the new date allows for what was
    )
    return Change(promise=moved, fact=_detailed(kind, by, now, promise, proposal))


def _rest(promise: Promise, proposal: Proposal, now: datetime) -> Promise:
    """What comes later, under the old title; the caller gives it an id and a number."""
    return Promise(
        id="",
        tenant=promise.tenant,
        partnership_id=promise.partnership_id,
        number=0,
        title=promise.title,
        side=promise.side,
        state=State.OPEN,
        owner_id=promise.owner_id,
        filed_by=promise.filed_by,
        due=proposal.due,
        first_due=promise.first_due,
        created_at=now,
        span_from=now,
        note=promise.note,
        source=promise.source,
        shown_at=promise.shown_at and now,
        split_from=promise.id,
        moved_early=int(proposal.early),
        moved_late=int(not proposal.early),
    )


def _accept_counter(promise: Promise, proposal: Proposal, by: str, now: datetime) -> Change:
    """What was asked for begins with the date the owner offered."""
    opened = promise.with_(
        state=State.OPEN, due=proposal.due, first_due=proposal.due, span_from=now, proposal=None
    )
    return Change(promise=opened, fact=Fact(kind=Kind.ACCEPTED, at=now, by=by))


def _fact(promise: Promise, kind: Kind, by: str, now: datetime, proposal: Proposal) -> Change:
    return Change(promise=promise, fact=_detailed(kind, by, now, promise, proposal))


def _detailed(kind: Kind, by: str, now: datetime, before: Promise, proposal: Proposal) -> Fact:
    detail = {
        "offer": proposal.id,
        "shape": proposal.shape.value,
        "old_due": before.due.at.isoformat(),
        "due": proposal.due.at.isoformat(),
        "early": "yes" if proposal.early else "no",
        "reason": proposal.reason,
        "by_side": proposal.by_side.value,
    }
    return Fact(kind=kind, at=now, by=by, detail=detail)
