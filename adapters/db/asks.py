"""Words said where a platform opens no form: kept until the person presses the button that may open one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Index, Table, delete, insert, select

from adapters.db.columns import moment, own_id, words
from adapters.db.tables import metadata
from bot.sweeps import Sweep

ASKS_KEPT_FOR = timedelta(hours=1)
ASKS_GO_WITHIN = timedelta(minutes=10)  # after that


def asks_table(name: str) -> Table:
    """Each platform has its own."""
    return Table(
        name,
        metadata,
        own_id(),
        words("tenant"),
        words("account"),  # who asked, and who alone may go on with it
        words("asked"),  # JSON
        moment("at", null=False),
        Index(None, "at"),
    )


class Asks:
    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table

    def keep(self, ask_id: str, tenant: str, account: str, asked: Mapping[str, Any], at: datetime) -> None:
        row = {"id": ask_id, "tenant": tenant, "account": account, "asked": json.dumps(asked), "at": at}
        with self._engine.begin() as connection:
            connection.execute(insert(self._table), row)

    def find(self, ask_id: str, tenant: str, account: str, now: datetime) -> Mapping[str, Any] | None:
        """Absent, too old and somebody else's are one answer."""
        c = self._table.c
        mine = (c.id == ask_id, c.tenant == tenant, c.account == account)
        with self._engine.begin() as connection:
            found = connection.execute(select(c.asked).where(*mine, c.at >= now - ASKS_KEPT_FOR)).scalar()
        return None if found is None else dict(json.loads(found))

    def forget(self, now: datetime) -> int:
        with self._engine.begin() as connection:
            old = self._table.c.at < now - ASKS_KEPT_FOR
            return connection.execute(delete(self._table).where(old)).rowcount


def forgetting(engine: Engine, table: Table) -> Sweep:
    """Among them may be the notes of a whole call, so that they go even if nobody says anything more."""
    asks = Asks(engine, table)
    return Sweep(table.name, ASKS_GO_WITHIN, lambda ports, _: asks.forget(ports.now()))
