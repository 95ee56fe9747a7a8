"""What time has reached, what time will reach, and what has come in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from adapters.db import quarantine
from adapters.db.codec import decode_map, encode_some
from adapters.db.scope import ByDialect, Scoped, Transaction, insert_new, one_of
from adapters.db.tables import alarms, inbox, nudges
from bot.storage import Alarm, Nudge

_n = nudges.c
_NUDGE = (_n.key, _n.tenant, _n.promise_id, _n.rung, _n.person_id, _n.at, _n.said_at)
_ADD_NUDGES = insert_new(nudges)
_UNSAID = Scoped(
    nudges,
    lambda *mine: (
        select(*_NUDGE)
        .where(_n.person_id == bindparam("person"), _n.said_at.is_(None), *mine)
        .order_by(_n.at, _n.key)
    ),
)
_SAID = Scoped(
    nudges,
    lambda *mine: (
        update(nudges)
        .where(_n.key.in_(bindparam("ids", expanding=True)), _n.said_at.is_(None), *mine)
        .values(said_at=bindparam("moment", type_=_n.said_at.type))
    ),
    by_key=True,
)
_OF_PROMISE = Scoped(
    nudges,
    lambda *mine: select(*_NUDGE).where(_n.promise_id == bindparam("promise"), *mine).order_by(_n.at, _n.key),
)


class SqlNudges:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, nudges: Iterable[Nudge]) -> None:
        rows = [_nudge_row(each) for each in nudges]
        for tenant in {row["tenant"] for row in rows}:
            self._transaction.guard(tenant)
        self._transaction.add_new(_ADD_NUDGES, rows)

    def unsaid(self, person_id: str) -> list[Nudge]:
        return self._transaction.all(_UNSAID, _nudge_of, person=person_id)

    def said(self, keys: Collection[str], at: datetime) -> None:
        for batch in one_of(keys):
            self._transaction.run(_SAID, ids=batch, moment=at)

    def of_promise(self, promise_id: str) -> list[Nudge]:
        return self._transaction.all(_OF_PROMISE, _nudge_of, promise=promise_id)


def _nudge_row(nudge: Nudge) -> dict[str, Any]:
    return {
        "key": nudge.key,
        "tenant": nudge.tenant,
        "promise_id": nudge.promise_id,
        "rung": nudge.rung,
        "person_id": nudge.person_id,
        "at": nudge.at,
        "said_at": nudge.said_at,
    }


def _nudge_of(row: Sequence[Any]) -> Nudge:
    return Nudge(
        key=row[0],
        tenant=row[1],
        promise_id=row[2],
        rung=row[3],
        person_id=row[4],
        at=row[5],
        said_at=row[6],
    )


_a = alarms.c


def _put(insert: Callable[..., Any]) -> Any:
    new = insert(alarms)
    return new.on_conflict_do_update(
        index_elements=[_a.tenant, _a.key],
        set_={name: new.excluded[name] for name in ("kind", "subject_id", "at", "args")},
        where=_a.fired_at.is_(None),
    )


def _fire(*mine: ColumnElement[bool]) -> ReturningUpdate[Any]:
    due = (
        select(_a.id)
        .where(_a.fired_at.is_(None), _a.at <= bindparam("now"), *mine)
        .order_by(_a.at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    taken = due.cte("taken").prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        update(alarms)
        .where(_a.id.in_(select(taken.c.id)))
        .values(fired_at=bindparam("now", type_=_a.fired_at.type))
        .returning(_a.key, _a.tenant, _a.kind, _a.subject_id, _a.at, _a.args)
    )


_PUT = ByDialect(_put)
_FIRE = Scoped(alarms, _fire)
_CANCEL = Scoped(
    alarms,
    lambda *mine: delete(alarms).where(_a.key == bindparam("which"), _a.fired_at.is_(None), *mine),
    by_key=True,
)
_NEXT_AT = Scoped(alarms, lambda *mine: select(func.min(_a.at)).where(_a.fired_at.is_(None), *mine))


class SqlAlarms:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, alarm: Alarm) -> None:
        self._transaction.guard(alarm.tenant)
        row = {
            "key": alarm.key,
            "tenant": alarm.tenant,
            "kind": alarm.kind,
            "subject_id": alarm.subject_id,
            "at": alarm.at,
            "args": encode_some(alarm.args),
        }
        self._transaction.add_new(_PUT, [row])

    def cancel(self, key: str) -> None:
        self._transaction.run(_CANCEL, which=key)

    def claim_due(self, now: datetime, limit: int) -> list[Alarm]:
        fired = self._transaction.all(_FIRE, _alarm_of, now=now, limit=limit)
        return sorted(fired, key=lambda each: (each.at, each.key))

    def next_at(self) -> datetime | None:
        return self._transaction.run(_NEXT_AT).scalar()


def _alarm_of(row: Sequence[Any]) -> Alarm:
    return Alarm(
        key=row[0], tenant=row[1], kind=row[2], subject_id=row[3], at=row[4], args=decode_map(row[5])
    )


_i = inbox.c
_FIRST_TIME = insert_new(inbox)


def _forget(*mine: ColumnElement[bool]) -> Any:
    old = select(_i.tenant, _i.key).where(_i.at < bindparam("before"), *mine).order_by(_i.at)
    return delete(inbox).where(tuple_(_i.tenant, _i.key).in_(old.limit(bindparam("limit"))))


_FORGET = Scoped(inbox, _forget)


class SqlInbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def first_time(self, key: str, now: datetime) -> bool:
        row = {"tenant": self._transaction.home, "key": key, "at": now}
        return self._transaction.add_new(_FIRST_TIME, [row]) == 1

    def forget_before(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_FORGET, before=moment, limit=limit).rowcount

    def forget_odd(self, moment: datetime, *, limit: int) -> int:
        return quarantine.forget(self._transaction.connection, moment, limit=limit)
