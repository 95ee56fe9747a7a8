"""Every stored text, whatever the table: read from the database itself, so that no list of ours can age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    or_,
    select,
)

# Our own words, zones and counts as text: nobody is named by them, whatever they are called.
CODES = frozenset(
    {"action", "circuit_reason", "closeness", "country", "day_end", "day_start", "due_zone"}
    | {"first_due_zone", "kind", "language", "locale", "on_track_rung", "period", "platform", "quota_day"}
    | {"cue", "likeness", "listed_for", "owner", "sort"}
    | {"rhythm", "role", "rung", "scopes", "side", "state", "sweep", "workdays", "zone"}
)
SEALED = frozenset({"slack_installations.token", "slack_installations.refresh_token"})  # ciphertext
_NOT_OURS = frozenset({"alembic_version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextColumn:
    column: Column[str]
    is_key: bool  # has to stay unique, alone or with others


@dataclass(frozen=True, slots=True)
class TextTable:
    table: Table
    columns: tuple[TextColumn, ...]

    @property
    def name(self) -> str:
        return self.table.name

    def holding(self, connection: Connection, needles: frozenset[str]) -> Iterator[dict[str, str]]:
        """Rows in which one of these stands somewhere, case aside; as many columns as are texts or keys."""
        found = (_contains(each.column, needle, connection) for each in self.columns for needle in needles)
        key = list(self.table.primary_key)
        others = [each.column for each in self.columns if each.column not in key]
        tenant = [self.table.c.tenant] if "tenant" in self.table.c else []
        for row in connection.execute(select(*key, *others, *tenant).where(or_(*found))).mappings().all():
            yield {name: row[name] for name in row}

    def write(self, connection: Connection, row: dict[str, str], changes: dict[str, str]) -> None:
        """A new version, where the table has one: whoever read the row before must read it again."""
        version = {"version": self.table.c.version + 1} if "version" in self.table.c else {}
        same = [each == row[each.name] for each in self.table.primary_key]
        connection.execute(self.table.update().where(*same).values({**changes, **version}))

    def remove(self, connection: Connection, row: dict[str, str]) -> None:
        connection.execute(self.table.delete().where(*(c == row[c.name] for c in self.table.primary_key)))


def take_time(connection: Connection) -> None:
    """Reading every text of a large store takes longer than PostgreSQL lets a question of every day take."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def text_tables(connection: Connection) -> list[TextTable]:
    """All tables of the store that hold a text."""
    found = MetaData()
    found.reflect(connection)
    pointed_at = {key.target_fullname for table in found.tables.values() for key in table.foreign_keys}
    tables = (
        TextTable(table, tuple(_texts(table, pointed_at)))
        for name, table in sorted(found.tables.items())
        if name not in _NOT_OURS
    )
    return [each for each in tables if each.columns]


def _texts(table: Table, pointed_at: set[str]) -> Iterator[TextColumn]:
    """But for tenants, codes, ciphertexts, and the random ids by which rows belong to each other."""
    keys = _keys(table)
    for column in table.c:
        name = f"{table.name}.{column.name}"
        is_ours = column.name in {"tenant", *CODES} or name in SEALED | pointed_at or column.foreign_keys
        if isinstance(column.type, String) and not is_ours:
            yield TextColumn(column=column, is_key=column.name in keys)


def _contains(column: Column[str], needle: str, connection: Connection) -> ColumnElement[bool]:
    """Case aside. SQLite's LIKE is so by itself, and twice as quick without `lower`."""
    if connection.dialect.name == "sqlite":
        return column.contains(needle, autoescape=True)
    return column.icontains(needle, autoescape=True)


def _keys(table: Table) -> set[str]:
    unique = (each for each in table.constraints if isinstance(each, UniqueConstraint))
    constraints = (table.primary_key, *unique)
    return {column.name for constraint in constraints for column in constraint.columns}
