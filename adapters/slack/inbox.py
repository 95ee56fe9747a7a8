"""Slack's events between their acknowledgement and their effect: stored first, worked off afterwards.

Bolt acknowledges before a listener has run, and never notices that an event came before. Here the row is
committed first, its key is unique, and a process that dies leaves it to be claimed again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update

from adapters.db.scope import insert_new
from adapters.slack.tables import events

WAITING, DONE, DEAD = "waiting", "done", "dead"
CLAIMED_FOR = timedelta(seconds=60)
ATTEMPTS = 8  # F08
BACK_OFF_FROM, BACK_OFF_TO = timedelta(seconds=5), timedelta(minutes=15)
KEPT_FOR = timedelta(days=8)  # keys outlive Slack's own repetitions (E.2)

_e = events.c
_ADD = insert_new(events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    id: int
    tenant: str
    key: str
    body: Mapping[str, Any]
    attempts: int  # this one included
    received_at: datetime


class Events:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, tenant: str, key: str, body: Mapping[str, Any], at: datetime) -> bool:
        """True when it is new. Committed when this returns."""
        row = {"tenant": tenant, "key": key, "body": json.dumps(body), "state": WAITING, "attempts": 0}
        with self._engine.begin() as connection:
            return bool(_ADD.run(connection, [row | {"not_before": at, "received_at": at}]))

    def claim(self, now: datetime, limit: int) -> list[Stored]:
        """The oldest that are due, out of others' reach for a minute; the database alone decides whose."""
        due = (
            select(_e.id)
            .where(_e.state == WAITING, _e.not_before <= now)
            .order_by(_e.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        claim = (
            update(events)
            .where(_e.id.in_(select(due.c.id)))
            .values(not_before=now + CLAIMED_FOR, attempts=_e.attempts + 1)
            .returning(_e.id, _e.tenant, _e.key, _e.body, _e.attempts, _e.received_at)
        )
        with self._engine.begin() as connection:
            rows = connection.execute(claim).all()
        return sorted((_stored(*row) for row in rows), key=lambda each: each.id)

    def done(self, stored: Stored) -> None:
        """Its words go, its key stays."""
        self._set(stored, state=DONE, body="", reason=None)

    def failed(self, stored: Stored, now: datetime, reason: str) -> bool:
        """Tried again later, eight times in all; False when that was the last."""
        if stored.attempts >= ATTEMPTS:
            self._set(stored, state=DEAD, reason=reason)
            return False
        wait = min(BACK_OFF_FROM * (1 << stored.attempts), BACK_OFF_TO)
        self._set(stored, not_before=now + wait, reason=reason)
        return True

    def forget_before(self, moment: datetime, *, limit: int = 500) -> int:
        old = select(_e.id).where(_e.received_at < moment, _e.state != WAITING).limit(limit)
        with self._engine.begin() as connection:
            return connection.execute(delete(events).where(_e.id.in_(old))).rowcount

    def _set(self, stored: Stored, **values: Any) -> None:
        """Only the latest claim counts: a slower one changes nothing."""
        mine = (_e.id == stored.id, _e.attempts == stored.attempts)
        with self._engine.begin() as connection:
            connection.execute(update(events).where(*mine).values(values))


def _stored(row_id: int, tenant: str, key: str, body: str, attempts: int, received_at: datetime) -> Stored:
    return Stored(
        id=row_id,
        tenant=tenant,
        key=key,
        body=json.loads(body),
        attempts=attempts,
        received_at=received_at,
    )
