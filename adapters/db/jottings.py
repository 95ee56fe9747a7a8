"""Promises found in notes, for as long as somebody is choosing among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select

from adapters.db.codec import decode_all, encode
from adapters.db.jottings_table import jottings
from adapters.db.scope import Scoped, Transaction
from commitments.errors import StaleWrite
from commitments.notes import Jotted, Jottings

_c = jottings.c
_GET = Scoped(jottings, lambda *mine: select(jottings).where(_c.id == bindparam("id"), *mine))
_DROP = Scoped(jottings, lambda *mine: delete(jottings).where(_c.id == bindparam("id_"), *mine))


def _old(*mine: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(_c.id).where(_c.at < bindparam("before"), *mine).limit(bindparam("limit"))


_FORGET = Scoped(jottings, lambda *mine: delete(jottings).where(_c.id.in_(_old(*mine))))


class SqlJottings:
    def __init__(self, transaction: Transaction) -> None:
        self._in = transaction

    def get(self, jottings_id: str) -> Jottings | None:
        return self._in.one(_GET, _jottings_of, id=jottings_id)

    def add(self, found: Jottings) -> None:
        self._in.add(jottings, _row(found))

    def save(self, found: Jottings) -> None:
        self._in.save(jottings, _row(found))

    def drop(self, jottings_id: str) -> None:
        if self._in.run(_DROP, id_=jottings_id).rowcount != 1:
            raise StaleWrite(jottings_id)

    def forget_linked(self, mark: str) -> int:
        holds = _c.link.contains(mark, autoescape=True)
        return self._in.run(Scoped(jottings, lambda *mine: delete(jottings).where(holds, *mine))).rowcount

    def forget(self, moment: datetime, *, limit: int) -> int:
        return self._in.run(_FORGET, before=moment, limit=limit).rowcount


def _row(found: Jottings) -> dict[str, Any]:
    row = {name: getattr(found, name) for name in _c.keys()}  # noqa: SIM118, columns have no keys
    return {**row, "found": encode(found.found)}


def _jottings_of(row: Sequence[Any]) -> Jottings:
    values = dict(zip(_c.keys(), row, strict=True))
    return Jottings(**{**values, "found": decode_all(Jotted, values["found"])})
