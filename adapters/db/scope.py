"""Statements that keep to one tenant, and the transaction that runs them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Executable,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from adapters.db.prepared import Prepared, Rows
from commitments.errors import StaleWrite

T = TypeVar("T")
BATCH = 500  # rows or ids a statement; well under SQLite's 32,766 parameters


class unindexed(FunctionElement[str]):  # noqa: N801, spelled as SQL's functions are
    """A column SQLite shall not choose an index by: without statistics it prefers any equality to a range."""

    inherit_cache = True


@compiles(unindexed)
def _plain(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unindexed, "sqlite")
def _with_plus(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"  # sqlite.org/optoverview.html, 5


class Scoped:
    """One statement in two forms, both built once: within a tenant, and everywhere.

    `build` puts the conditions it is given, one for each table, where rows are chosen; there are none for
    everywhere. With `by_key` rows are found by a unique key, which starts with the tenant.
    """

    __slots__ = ("everywhere", "within")

    def __init__(
        self, table: Table, build: Callable[..., Executable], *others: Table, by_key: bool = False
    ) -> None:
        columns = [each.c.tenant for each in (table, *others)]
        mine = (
            (each if by_key else unindexed(each)) == bindparam("tenant_", type_=each.type) for each in columns
        )
        self.everywhere = Prepared(build())
        self.within = Prepared(build(*mine))


class ByDialect:
    """An upsert; its construct is the dialect's own though its text is the same."""

    __slots__ = ("_forms",)

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._forms = {
            "sqlite": Prepared(build(sqlite.insert)),
            "postgresql": Prepared(build(postgresql.insert)),
        }

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many rows were added or replaced."""
        return self._forms[connection.dialect.name].run_many(connection, rows) if rows else 0


def insert_new(table: Table) -> ByDialect:
    """Adds rows whose unique keys are new, and says how many were."""
    return ByDialect(lambda dialect: dialect(table).on_conflict_do_nothing())


def tenant_by_id(table: Table) -> Scoped:
    """For `Transaction.tenant_of`."""
    return Scoped(table, lambda *mine: select(table.c.tenant).where(table.c.id == bindparam("id"), *mine))


def one_of(ids: Collection[str] | Iterable[str]) -> Iterator[list[str]]:
    """Distinct ids in batches."""
    rest = iter(dict.fromkeys(ids))
    while batch := list(islice(rest, BATCH)):
        yield batch


class Transaction:
    """A connection and the tenant it works for."""

    __slots__ = ("connection", "tenant")

    def __init__(self, connection: Connection, tenant: str | None) -> None:
        self.connection = connection
        self.tenant = tenant

    @property
    def home(self) -> str:
        """Whose row it is where a call names no tenant: the installation's own when opened for all."""
        return self.tenant or ""

    def run(self, scoped: Scoped, **values: Any) -> Rows:
        if self.tenant is None:
            return scoped.everywhere.run(self.connection, values)
        values["tenant_"] = self.tenant
        return scoped.within.run(self.connection, values)

    def one(self, scoped: Scoped, read: Callable[[Sequence[Any]], T], **values: Any) -> T | None:
        row = self.run(scoped, **values).first()
        return None if row is None else read(row)

    def all(self, scoped: Scoped, read: Callable[[Sequence[Any]], T], **values: Any) -> list[T]:
        return [read(row) for row in self.run(scoped, **values)]

    def pairs(self, scoped: Scoped, **values: Any) -> list[tuple[Any, Any]]:
        return [(row[0], row[1]) for row in self.run(scoped, **values)]

    def each_of(
        self, scoped: Scoped, read: Callable[[Sequence[Any]], T], ids: Collection[str], **values: Any
    ) -> Iterator[T]:
        """The statement has a list parameter `ids`."""
        for batch in one_of(ids):
            yield from map(read, self.run(scoped, ids=batch, **values))

    def add(self, table: Table, values: Mapping[str, Any]) -> None:
        """Raises StaleWrite when a unique key is taken: somebody added it since we looked."""
        self.guard(values["tenant"])
        _insert(table).run(self.connection, values)

    def add_new(self, statement: ByDialect, rows: Sequence[Mapping[str, Any]]) -> int:
        return statement.run(self.connection, rows)

    def save(self, table: Table, row: dict[str, Any]) -> None:
        """Raises StaleWrite when the stored version is another."""
        self.guard(row["tenant"])
        if versioned(table).run(self.connection, next_version(row)).rowcount != 1:
            raise StaleWrite(row["id_"])

    def tenant_of(self, statement: Scoped, row_id: str) -> str:
        """Whose the parent of a new row is; raises LookupError when it is not there."""
        tenant = self.run(statement, id=row_id).scalar()
        if tenant is None:
            raise LookupError("what this row belongs to is not there")
        return str(tenant)

    def guard(self, tenant: str) -> None:
        if self.tenant is not None and tenant != self.tenant:
            raise ValueError("this unit of work was opened for another tenant")


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(insert(table))


@cache
def versioned(table: Table) -> Prepared:
    """Writes the columns it is handed where nobody was quicker; see `next_version`."""
    return Prepared(
        update(table).where(
            table.c.id == bindparam("id_"),
            table.c.version == bindparam("version_"),
            table.c.tenant == bindparam("tenant_"),
        )
    )


def next_version(row: dict[str, Any]) -> dict[str, Any]:
    """Changes the row in place: identity becomes a condition, named as no column is, or it would be set."""
    row["id_"], row["tenant_"], row["version_"] = row.pop("id"), row.pop("tenant"), row["version"]
    row["version"] += 1
    return row
