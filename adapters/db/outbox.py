"""What waits to be said. A row is taken under lease; its epoch tells the present holder from earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from adapters.db.codec import decode_map, encode_some
from adapters.db.scope import ByDialect, Scoped, Transaction, insert_new, one_of
from adapters.db.tables import DEAD, SETTLED, UNSENT, lanes, outbox
from bot.storage import Claimed, Intent, Letter, SendState

_c = outbox.c
_NOW = bindparam("now", type_=_c.ready_at.type)

_QUEUE = insert_new(outbox)
_LANES_DUE = Scoped(
    outbox,
    lambda *mine: (
        select(_c.lane)
        .where(UNSENT, _c.ready_at <= _NOW, *mine)
        .group_by(_c.lane)
        .order_by(func.min(_c.ready_at))
    ),
)


def _take_lane(insert: Callable[..., Any]) -> Any:
    taken = insert(lanes)
    return taken.on_conflict_do_update(
        index_elements=[lanes.c.lane],
        set_={"worker": taken.excluded.worker, "leased_until": taken.excluded.leased_until},
        where=or_(lanes.c.worker == taken.excluded.worker, lanes.c.leased_until <= _NOW),
    )


_TAKE_LANE = ByDialect(_take_lane)
_LEAVE_LANE = delete(lanes).where(
    lanes.c.lane == bindparam("left_lane"), lanes.c.worker == bindparam("by_worker")
)

_TAKEN = (
    _c.id,
    _c.epoch,
    _c.attempts,
    _c.state,
    _c.key,
    _c.tenant,
    _c.lane,
    _c.kind,
    _c.subject_id,
    _c.place_id,
    _c.person_id,
    _c.args,
    _c.not_before,
    _c.expires_at,
    _c.unasked,
    _c.quota_day,
)


def _claim(*mine: ColumnElement[bool]) -> ReturningUpdate[Any]:
    ready = (
        select(_c.id)
        .where(UNSENT, _c.lane == bindparam("of_lane"), _c.ready_at <= _NOW, *mine)
        .order_by(_c.ready_at, _c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    # Materialized: planned as a join, the inner select could run, and lock, more than once.
    taken = ready.cte("taken").prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        update(outbox)
        .where(_c.id.in_(select(taken.c.id)))
        .values(
            epoch=_c.epoch + 1,
            attempts=_c.attempts + 1,
            leased_by=bindparam("worker"),
            ready_at=bindparam("until", type_=_c.ready_at.type),
        )
        .returning(*_TAKEN)
    )


_CLAIM = Scoped(outbox, _claim)

_held = (_c.id == bindparam("which"), _c.epoch == bindparam("held_epoch"), UNSENT)
_SENDING = update(outbox).where(*_held, _c.ready_at > _NOW).values(state=SendState.SENDING.value, reason=None)
_SETTLE = (
    update(outbox)
    .where(*_held)
    .values(
        state=bindparam("outcome"),
        settled_at=_NOW,
        reason=bindparam("because"),
        leased_by=None,
    )
)
_RETRY = (
    update(outbox)
    .where(*_held)
    .values(
        state=SendState.PENDING.value,
        ready_at=bindparam("again_at", type_=_c.ready_at.type),
        not_before=bindparam("again_at", type_=_c.ready_at.type),
        attempts=_c.attempts - bindparam("uncounted"),
        reason=bindparam("because"),
        leased_by=None,
    )
)
_GIVE_BACK = (
    update(outbox)
    .where(*_held, _c.leased_by.is_not(None))
    .values(ready_at=_c.not_before, attempts=_c.attempts - 1, leased_by=None)
)

_DEAD = Scoped(
    outbox,
    lambda *mine: (
        select(_c.id, _c.key, _c.kind, _c.lane, _c.state, _c.attempts, _c.not_before, _c.reason)
        .where(DEAD, *mine)
        .order_by(_c.id.desc())
        .limit(bindparam("limit"))
    ),
)
_REQUEUE = Scoped(
    outbox,
    lambda *mine: (
        update(outbox)
        .where(_c.id == bindparam("which"), DEAD, *mine)
        .values(
            state=SendState.PENDING.value,
            attempts=0,
            not_before=_NOW,
            ready_at=_NOW,
            settled_at=None,
            expires_at=None,  # a person wants it said now, however late
        )
    ),
)
# Locked: whoever adds to the bundle commits before a worker can take and compose it.
_PENDING_BUNDLES = Scoped(
    outbox,
    lambda *mine: (
        select(_c.person_id)
        .where(
            _c.person_id.in_(bindparam("ids", expanding=True)),
            _c.kind == "bundle",
            _c.state == SendState.PENDING.value,
            _c.leased_by.is_(None),
            *mine,
        )
        .order_by(_c.id)
        .with_for_update(skip_locked=True)
    ),
)
_UNASKED = Scoped(
    outbox,
    lambda *mine: (
        select(_c.person_id, func.count())
        .where(
            _c.person_id.in_(bindparam("ids", expanding=True)),
            _c.quota_day == bindparam("day"),
            _c.unasked,
            _c.state.in_([each.value for each in (SendState.PENDING, SendState.SENDING, SendState.SENT)]),
            *mine,
        )
        .group_by(_c.person_id)
    ),
)
_NEXT_AT = Scoped(outbox, lambda *mine: select(func.min(_c.ready_at)).where(UNSENT, *mine))
_FORGET = Scoped(
    outbox,
    lambda *mine: delete(outbox).where(
        _c.id.in_(
            select(_c.id)
            .where(SETTLED, _c.settled_at < bindparam("before"), *mine)
            .order_by(_c.settled_at, _c.id)
            .limit(bindparam("limit"))
        )
    ),
)


_EMPTY = Scoped(
    outbox,
    lambda *mine: (
        update(outbox)
        .where(
            _c.id.in_(
                select(_c.id)
                .where(SETTLED, _c.settled_at < bindparam("before"), _c.args.is_not(None), *mine)
                .order_by(_c.settled_at, _c.id)
                .limit(bindparam("limit"))
            )
        )
        .values(args=None)
    ),
)


class SqlOutbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def queue(self, intents: Iterable[Intent]) -> int:
        rows = [_row(each) for each in intents]
        for tenant in {row["tenant"] for row in rows}:
            self._transaction.guard(tenant)
        return self._transaction.add_new(_QUEUE, rows)

    def lanes_due(self, now: datetime) -> list[str]:
        return list(self._transaction.run(_LANES_DUE, now=now).scalars())

    def take_lane(self, lane: str, worker: str, now: datetime, lease_for: timedelta) -> bool:
        row = {"lane": lane, "worker": worker, "leased_until": now + lease_for, "now": now}
        return self._transaction.add_new(_TAKE_LANE, [row]) == 1

    def leave_lane(self, lane: str, worker: str) -> None:
        self._transaction.connection.execute(_LEAVE_LANE, {"left_lane": lane, "by_worker": worker})

    def claim(
        self, lane: str, worker: str, now: datetime, *, limit: int, lease_for: timedelta
    ) -> list[Claimed]:
        claimed = self._transaction.all(
            _CLAIM, _claimed_of, of_lane=lane, worker=worker, now=now, until=now + lease_for, limit=limit
        )
        return sorted(claimed, key=lambda each: (each.intent.not_before, each.id))

    def sending(self, claimed: Claimed, now: datetime) -> bool:
        return self._write(_SENDING, claimed, now=now)

    def sent(self, claimed: Claimed, now: datetime) -> bool:
        return self._settle(claimed, SendState.SENT, now, None)

    def drop(self, claimed: Claimed, now: datetime, reason: str) -> bool:
        return self._settle(claimed, SendState.DROPPED, now, reason)

    def retry(self, claimed: Claimed, not_before: datetime, reason: str, *, tried: bool = True) -> bool:
        uncounted = 0 if tried else 1
        return self._write(_RETRY, claimed, again_at=not_before, because=reason, uncounted=uncounted)

    def give_back(self, claimed: Claimed) -> bool:
        return self._write(_GIVE_BACK, claimed)

    def bury(self, claimed: Claimed, now: datetime, reason: str) -> bool:
        return self._settle(claimed, SendState.DEAD, now, reason)

    def dead(self, *, limit: int = 100) -> list[Letter]:
        return self._transaction.all(_DEAD, _letter_of, limit=limit)

    def requeue(self, letter_id: int, now: datetime) -> bool:
        return self._transaction.run(_REQUEUE, which=letter_id, now=now).rowcount == 1

    def pending_bundles(self, person_ids: Collection[str]) -> frozenset[str]:
        batches = (self._transaction.run(_PENDING_BUNDLES, ids=batch) for batch in one_of(person_ids))
        return frozenset(row[0] for found in batches for row in found)

    def unasked_on(self, person_id: str, quota_day: str) -> int:
        return self.unasked_counts([person_id], quota_day)[person_id]

    def unasked_counts(self, person_ids: Collection[str], quota_day: str) -> dict[str, int]:
        counts = dict.fromkeys(person_ids, 0)
        for batch in one_of(person_ids):
            counts.update(self._transaction.pairs(_UNASKED, ids=batch, day=quota_day))
        return counts

    def next_at(self) -> datetime | None:
        return self._transaction.run(_NEXT_AT).scalar()

    def forget_before(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_FORGET, before=moment, limit=limit).rowcount

    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_EMPTY, before=moment, limit=limit).rowcount

    def _settle(self, claimed: Claimed, outcome: SendState, now: datetime, reason: str | None) -> bool:
        return self._write(_SETTLE, claimed, outcome=outcome.value, now=now, because=reason)

    def _write(self, statement: Any, claimed: Claimed, **values: Any) -> bool:
        values |= {"which": claimed.id, "held_epoch": claimed.epoch}
        return self._transaction.connection.execute(statement, values).rowcount == 1


def _row(intent: Intent) -> dict[str, Any]:
    return {
        "tenant": intent.tenant,
        "key": intent.key,
        "lane": intent.lane,
        "kind": intent.kind,
        "subject_id": intent.subject_id,
        "place_id": intent.place_id,
        "person_id": intent.person_id,
        "args": encode_some(intent.args),
        "not_before": intent.not_before,
        "expires_at": intent.expires_at,
        "unasked": intent.unasked,
        "quota_day": intent.quota_day,
        "state": SendState.PENDING.value,
        "ready_at": intent.not_before,
        "epoch": 0,
        "attempts": 0,
    }


def _claimed_of(row: Sequence[Any]) -> Claimed:
    return Claimed(
        id=row[0],
        epoch=row[1],
        attempts=row[2],
        was_sending=row[3] == SendState.SENDING.value,
        intent=Intent(
            key=row[4],
            tenant=row[5],
            lane=row[6],
            kind=row[7],
            subject_id=row[8],
            place_id=row[9],
            person_id=row[10],
            args=decode_map(row[11]),
            not_before=row[12],
            expires_at=row[13],
            unasked=row[14],
            quota_day=row[15],
        ),
    )


def _letter_of(row: Sequence[Any]) -> Letter:
    return Letter(
        id=row[0],
        key=row[1],
        kind=row[2],
        lane=row[3],
        state=SendState(row[4]),
        attempts=row[5],
        not_before=row[6],
        reason=row[7],
    )
