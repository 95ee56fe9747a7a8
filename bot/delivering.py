"""The outbox relay: claim, compose from the facts of now, send once, write down what became of it.

1. Claim a lane and some rows under a lease; commit.
2. For each row: compose in a transaction of its own, mark it `sending`, commit.
3. Call the platform, with no transaction open.
4. Record `sent` and remember the message, or plan the retry. Only the holder of the lease can.

A row found as `sending` was perhaps sent by a process that died: the platform is asked before sending again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from bot.addresses import MessageRef, Place, PlaceKind
from bot.cards import Card, Paragraph
from bot.composing import Draft
from bot.digesting import was_sent
from bot.messages import bundles
from bot.messages.registry import COMPOSERS, FOR_CUSTOMERS
from bot.pausing import tenant_of
from bot.ports import Chat, ChatError, Ports, never
from bot.pruning import is_forgotten
from bot.quota import first_free
from bot.readers import calendar_of, reader_for, reader_in
from bot.scene import themselves
from bot.storage import Claimed, Intent, Post, UnitOfWork
from bot.welcoming import first_lines
from commitments.partnership import Person

LEASE_FOR = timedelta(seconds=60)
ROWS = 25  # few enough to go out within the lease, at a second and a quarter each
ATTEMPTS = 8
TURN_AFTER_S = 1.0  # who waits for a turn comes back when it was told to, but not in a tight circle
BACK_OFF_FROM, BACK_OFF_TO = timedelta(seconds=5), timedelta(minutes=15)
EARLY = frozenset({"manager_digest"})  # comes before the working day begins, as design section 5 wants it
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A card ready to go: to a new message, or in place of an old one."""

    place: Place
    card: Card
    draft: Draft
    edits: MessageRef | None = None
    thread: MessageRef | None = None
    remember: Mapping[str, str] = field(default_factory=dict)


class Undeliverable(Exception):
    """Trying again cannot help; the row becomes a dead letter with this reason."""


def deliver_outbox(ports: Ports, worker: str) -> int:
    """Sends what is due in every lane this worker can have; returns how many rows it dealt with."""
    return sum(deliver_lane(ports, worker, lane) for lane in lanes_due(ports))


def lanes_due(ports: Ports) -> list[str]:
    """Those whose oldest message waits longest come first."""
    with ports.open_uow(None) as uow:
        return uow.outbox.lanes_due(ports.now())


def deliver_lane(ports: Ports, worker: str, lane: str, is_turn_over: Callable[[], bool] = never) -> int:
    """Sends what is due there, if this worker can have it; asks after each batch whether its turn is over."""
    if ports.is_stopping():
        return 0
    done, rows = 0, _claim(ports, worker, lane)
    while rows and not ports.is_stopping():
        row = rows.pop(0)
        again_at = _deliver(ports, row)
        if again_at is not None:
            rows = _after_it(ports, row, rows, again_at)
        done += 1
        rows = rows or ([] if is_turn_over() else _claim(ports, worker, lane))
    if ports.is_stopping():
        _leave(ports, worker, lane, rows)
    return done


def taking_turns(rows: Sequence[Claimed]) -> list[Claimed]:
    """In order within a place; between two messages to one of them, the others have their turn."""
    said: Counter[str | None] = Counter()

    def turn(row: Claimed) -> int:
        said[_where(row)] += 1
        return said[_where(row)]

    return sorted(rows, key=turn)


def _where(row: Claimed) -> str | None:
    return row.intent.place_id or row.intent.person_id


def _after_it(ports: Ports, first: Claimed, rows: list[Claimed], again_at: datetime) -> list[Claimed]:
    """What is for the same place waits as long as the one before it; others, and what is in doubt, go on."""
    behind = [row for row in rows if _where(row) == _where(first) and not row.was_sending]
    for row in behind:
        _put_off(ports, row, again_at, "behind_another", tried=False)
    return [row for row in rows if row not in behind]


def _leave(ports: Ports, worker: str, lane: str, rows: list[Claimed]) -> None:
    """Whoever comes next need not wait for our leases, nor pay for attempts that were none (F15)."""
    with ports.open_uow(None) as uow:
        for row in rows:
            uow.outbox.give_back(row)
        uow.outbox.leave_lane(lane, worker)
        uow.commit()


def _claim(ports: Ports, worker: str, lane: str) -> list[Claimed]:
    now = ports.now()
    with ports.open_uow(None) as uow:
        if uow.ledger.is_paused(tenant_of(lane)) or not uow.outbox.take_lane(lane, worker, now, LEASE_FOR):
            return []
        rows = uow.outbox.claim(lane, worker, now, limit=ROWS, lease_for=LEASE_FOR)
        uow.commit()
    return taking_turns(rows)


def _deliver(ports: Ports, row: Claimed) -> datetime | None:
    """One row, whatever happens: a poisoned one must not stop its neighbours (F09).

    Returns when it will be its turn, if it was not yet.
    """
    parcel = None
    try:
        parcel = _prepare(ports, row)
        if parcel is not None:
            _send(ports, row, parcel)
    except ChatError as error:
        return _failed(ports, row, error)
    except Undeliverable as error:
        _bury(ports, row, str(error))
    except Exception as error:  # the last net: the row waits, is tried again, and ends as a dead letter
        logger.exception("delivery failed", extra={"kind": row.intent.kind, "row": row.id})
        _failed(ports, row, ChatError(type(error).__name__, ambiguous=parcel is not None))
    return None


def _prepare(ports: Ports, row: Claimed) -> Parcel | None:
    now = ports.now()
    with ports.open_uow(row.intent.tenant) as uow:
        if uow.ledger.is_paused(row.intent.tenant):  # since it was claimed: it waits for its lease to end
            return None
        if _comes_at_a_bad_time(ports, uow, row, now):
            _postpone(ports, uow, row, now)
            uow.commit()
            return None
        parcel = _composed(ports, uow, row, now)
        if parcel is None:
            _nothing_left(uow, row, now)
        elif not uow.outbox.sending(row, now):
            return None
        uow.commit()
    return parcel


def _comes_at_a_bad_time(ports: Ports, uow: UnitOfWork, row: Claimed, now: datetime) -> bool:
    """Said unasked, and held up until a night, a day off, or a day it was not counted on."""
    intent = row.intent
    person = uow.people.get(intent.person_id) if intent.unasked and intent.person_id else None
    if person is None or row.was_sending:  # what was perhaps sent is cleared up first
        return False
    calendar = calendar_of(ports, person)
    today = calendar.local_date(now)
    if intent.quota_day != today.isoformat():
        return True
    free = calendar.or_everyday(lambda usable: usable.next_working_moment(now))
    return calendar.local_date(free) != today if intent.kind in EARLY else free > now


def _postpone(ports: Ports, uow: UnitOfWork, row: Claimed, now: datetime) -> None:
    """A row of its own, counted on the day it will come."""
    intent = row.intent
    person = uow.people.get(intent.person_id or "")
    if person is None or not uow.outbox.drop(row, now, "postponed"):
        return
    at, day = first_free(ports, uow, person, now)
    key = f"{intent.key.split('@')[0]}@{at:%Y-%m-%dT%H:%M:%S}"
    uow.outbox.queue([replace(intent, key=key, not_before=at, quota_day=day)])


def _composed(ports: Ports, uow: UnitOfWork, row: Claimed, now: datetime) -> Parcel | None:
    intent = row.intent
    if intent.expires_at is not None and intent.expires_at < now:
        return None
    if intent.kind == "redraw":
        return redrawn(ports, uow, intent.subject_id, now)
    draft = _draft(ports, uow, row, now)
    card = _compose(draft)
    if card is None:
        return None
    return Parcel(
        place=draft.place,
        card=_introduced(card, draft),
        draft=draft,
        edits=_anchor(uow, draft, "anchor"),
        thread=_anchor(uow, draft, "ask"),
        remember=bundles.remembered(draft),
    )


def _draft(ports: Ports, uow: UnitOfWork, row: Claimed, now: datetime) -> Draft:
    intent = row.intent
    person = themselves(uow, intent.person_id)
    place = uow.places.get(intent.place_id) if intent.place_id else None
    if person is not None:
        place = uow.places.private_of(person.id)
    if place is None:
        raise Undeliverable("no_place")
    return _drafted(ports, uow, now, intent, place, person)


def _drafted(
    ports: Ports,
    uow: UnitOfWork,
    now: datetime,
    said: Intent | Post,
    place: Place,
    person: Person | None,
    *,
    redraw: bool = False,
) -> Draft:
    partnership = uow.partnerships.get(place.partnership_id) if place.partnership_id else None
    say = reader_for(ports, person, now) if person else reader_in(ports, place, partnership, now)
    return Draft(
        ports=ports,
        uow=uow,
        now=now,
        kind=said.kind,
        subject_id=said.subject_id,
        args=said.args,
        place=place,
        person=person,
        say=say,
        redraw=redraw,
    )


def _compose(draft: Draft) -> Card | None:
    """Fail closed: a kind nobody declared fit for customers never reaches a place they can read, nor in
    private whoever has left us since.
    """
    composer = COMPOSERS.get(draft.kind)
    if composer is None:
        raise Undeliverable("unknown_kind")
    is_private = draft.place.kind is PlaceKind.PRIVATE and draft.place.person_id == _id(draft)
    if not is_private and draft.kind not in FOR_CUSTOMERS:
        if draft.redraw:  # whose conversation it was is another's, since their accounts were parted
            return None
        raise Undeliverable("not_for_customers")
    return None if draft.person is not None and not draft.person.is_ours else composer(draft)


def _id(draft: Draft) -> str | None:
    return draft.person.id if draft.person else None


def redrawn(ports: Ports, uow: UnitOfWork, post_id: str, now: datetime) -> Parcel | None:
    """A card already sent, as things are now, while we still know what it was about."""
    post = uow.posts.get(post_id)
    place = uow.places.get(post.ref.place_id) if post else None
    if post is None or place is None or is_forgotten(ports, post, now):
        return None
    person = themselves(uow, post.person_id)
    draft = _drafted(ports, uow, now, post, place, person, redraw=True)
    card = _compose(draft)
    return Parcel(place=place, card=card, draft=draft, edits=post.ref) if card else None


def _anchor(uow: UnitOfWork, draft: Draft, kind: str) -> MessageRef | None:
    """A shown promise has one card in its channel: edited in place, and asks are replies to it."""
    if draft.kind != kind:
        return None
    posts = uow.posts.of_kind("anchor", draft.subject_id)
    return next((post.ref for post in posts if post.ref.place_id == draft.place.id), None)


def _introduced(card: Card, draft: Draft) -> Card:
    """A person's first private message explains itself."""
    if draft.person is None or draft.person.introduced_at is not None:
        return card
    return replace(card, blocks=(Paragraph(first_lines(draft.say)), *card.blocks))


def _send(ports: Ports, row: Claimed, parcel: Parcel) -> None:
    chat = _chat(ports, parcel.place)
    if parcel.edits is not None:
        _edit(chat, parcel.edits, parcel.card)
        _sent(ports, row, parcel, None)
        return
    found = chat.find(parcel.place, row.intent.key) if row.was_sending else None
    ref = found or chat.post(parcel.place, parcel.card, key=row.intent.key, thread=parcel.thread)
    _sent(ports, row, parcel, ref)


def _edit(chat: Chat, ref: MessageRef, card: Card) -> None:
    """An old message that cannot be edited any more is left as it is."""
    try:
        chat.update(ref, card)
    except ChatError as error:
        if not error.permanent:
            raise
        logger.info("edit refused", extra={"reason": error.reason})


def _sent(ports: Ports, row: Claimed, parcel: Parcel, ref: MessageRef | None) -> None:
    now = ports.now()
    with ports.open_uow(row.intent.tenant) as uow:
        if not uow.outbox.sent(row, now):
            return
        if ref is not None:
            uow.posts.add(_post(ports, row, parcel, ref, now))
        _after(uow, parcel, now)
        uow.commit()


def _after(uow: UnitOfWork, parcel: Parcel, now: datetime) -> None:
    keys = parcel.remember.get("keys")
    if keys:
        uow.nudges.said(keys.split(" "), now)
    if parcel.draft.kind in ("digest", "manager_digest"):
        was_sent(uow, parcel.draft.subject_id)
    person = uow.people.get(parcel.draft.person.id) if parcel.draft.person else None
    if person is not None and person.introduced_at is None:
        uow.people.save(replace(person, introduced_at=now))


def _post(ports: Ports, row: Claimed, parcel: Parcel, ref: MessageRef, now: datetime) -> Post:
    return Post(
        id=ports.new_id(),
        tenant=row.intent.tenant,
        ref=ref,
        kind=row.intent.kind,
        subject_id=row.intent.subject_id,
        person_id=_id(parcel.draft),
        args={**row.intent.args, **parcel.remember},
        at=now,
    )


def _nothing_left(uow: UnitOfWork, row: Claimed, now: datetime) -> None:
    """Superseded, settled or expired: dropped, and what it held is not said later either."""
    uow.outbox.drop(row, now, "nothing_left")
    if row.intent.kind == "bundle" and row.intent.person_id:
        uow.nudges.said([nudge.key for nudge in uow.nudges.unsaid(row.intent.person_id)], now)


def _failed(ports: Ports, row: Claimed, error: ChatError) -> datetime | None:
    if error.permanent or (error.tried and row.attempts >= ATTEMPTS):
        _bury(ports, row, error.reason)
        return None
    if error.ambiguous:
        return None  # it stays `sending`: when the lease runs out the platform is asked whether it arrived
    again_at = ports.now() + back_off(row, error.retry_after, tried=error.tried)
    _put_off(ports, row, again_at, error.reason, tried=error.tried)
    return None if error.tried else again_at


def _put_off(ports: Ports, row: Claimed, again_at: datetime, reason: str, *, tried: bool) -> None:
    with ports.open_uow(row.intent.tenant) as uow:
        uow.outbox.retry(row, again_at, reason, tried=tried)
        uow.commit()


def back_off(row: Claimed, retry_after: float | None, *, tried: bool = True) -> timedelta:
    """Doubles from five seconds to a quarter of an hour, spread by the key so that rows do not march."""
    if not tried:
        return timedelta(seconds=min(max(retry_after or 0.0, TURN_AFTER_S), BACK_OFF_TO.total_seconds()))
    wait = min(BACK_OFF_FROM * (1 << min(row.attempts, 10)), BACK_OFF_TO)
    spread = 1 + (crc32(row.intent.key.encode()) % 250) / 1000
    asked = timedelta(seconds=min(max(retry_after or 0.0, 0.0), BACK_OFF_TO.total_seconds()))
    return max(wait * spread, asked)


def _bury(ports: Ports, row: Claimed, reason: str) -> None:
    logger.error("dead letter", extra={"kind": row.intent.kind, "row": row.id, "reason": reason})
    with ports.open_uow(row.intent.tenant) as uow:
        uow.outbox.bury(row, ports.now(), reason)
        uow.commit()


def _chat(ports: Ports, place: Place) -> Chat:
    chat = ports.chats.get(place.platform)
    if chat is None:
        raise ChatError(f"{place.platform}_is_off")
    return chat
