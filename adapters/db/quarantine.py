"""What a platform truly sent and we did not understand: kept a while, for whoever teaches Kept the shape.

Verification tokens and response addresses are credentials, so they are taken out before anything is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Index, Table, delete, insert, select

from adapters.db.columns import moment, row_id, words
from adapters.db.tables import metadata
from adapters.redaction import redact_body

LONGEST = 64 * 1024  # characters: enough to see a shape, and junk cannot fill the disk quickly

quarantine = Table(
    "quarantine",
    metadata,
    row_id(),
    words("tenant"),  # empty: nothing in it said whose it is
    words("platform"),
    words("kind"),
    words("reason"),
    words("body"),
    moment("received_at", null=False),
    Index(None, "tenant"),
    Index(None, "received_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    tenant: str
    platform: str
    kind: str
    reason: str
    body: bytes
    received_at: datetime


def set_aside(connection: Connection, odd: Odd) -> None:
    row = {name: getattr(odd, name) for name in ("tenant", "platform", "kind", "reason", "received_at")}
    connection.execute(insert(quarantine), {**row, "body": _storable(odd.body)})


def forget(connection: Connection, before: datetime, *, limit: int) -> int:
    """Deletes what came before that, at most so many rows; says how many."""
    old = select(quarantine.c.id).where(quarantine.c.received_at < before).limit(limit)
    return connection.execute(delete(quarantine).where(quarantine.c.id.in_(old))).rowcount


def _storable(body: bytes) -> str:
    """PostgreSQL's text holds neither NUL nor what is not UTF-8."""
    return redact_body(body.decode("utf-8", "replace").replace("\0", "�"))[:LONGEST]
