"""The kinds of columns we use, and how a moment is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    Text,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments only, handed back in UTC.

    SQLite has no type for moments; microseconds since 1970 sort as they should, are exact, and take a
    quarter of the space of ISO text in the indexes every sweep walks.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if is_sqlite else DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _to_micros if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _from_micros if dialect.name == "sqlite" else _to_utc


def _to_utc(at: datetime | None) -> datetime | None:
    if at is None or at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError(f"a moment without a zone: {at.isoformat()}")
    return at.astimezone(UTC)


def _to_micros(at: datetime | None) -> int | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a moment without a zone: {at.isoformat()}")
    return (at - EPOCH) // MICROSECOND


def _from_micros(micros: int | None) -> datetime | None:
    return None if micros is None else EPOCH + timedelta(microseconds=micros)


_ROW_ID = BigInteger().with_variant(Integer, "sqlite")  # on SQLite only INTEGER is the row id itself


def own_id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def row_id() -> Column[int]:
    return Column("id", _ROW_ID, primary_key=True)


def words(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def moment(name: str, *, null: bool = True) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=null)


def yes(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def belongs_to(name: str, parent: str) -> Column[str]:
    return Column(name, Text, ForeignKey(f"{parent}.id"), nullable=False)
