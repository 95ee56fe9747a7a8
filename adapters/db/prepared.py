"""Statements worked out once, and from then on handed to the driver as they stand.

SQLAlchemy looks a statement up by all its parts, converts parameters and wraps rows anew at each call: 16 of
the 18 µs that finding a person takes on SQLite, 40 of 60 on PostgreSQL, and a dozen times a turn. What Kept
says is known beforehand, so text, order and types are worked out when a statement is first run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, Connection, Dialect, Executable, Insert
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from adapters.db.trouble import meaning

T = TypeVar("T")
Values = Mapping[str, Any]
Converter = Callable[[Any], Any]
_CURSOR = "kept.cursor"  # a new one for each statement is a quarter of what it costs on PostgreSQL


class Rows:
    """What a statement found, or how many rows it wrote."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Sequence[Any]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self._rows)

    def first(self) -> Sequence[Any] | None:
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any | None:
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> list[Any]:
        return [row[0] for row in self._rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A statement as one database takes it."""

    text: str
    finds: bool  # whether it answers with rows
    order: Sequence[str] | None  # of the parameters; None: the driver takes them by name
    constants: Values  # parameters that the statement itself brings along
    inward: Sequence[tuple[str, Converter]]  # by parameter
    outward: Sequence[tuple[int, Converter]]  # by column

    def run(self, cursor: Any, values: Values) -> Rows:
        cursor.execute(self.text, self._bound(values))
        return Rows(self._read(cursor.fetchall()) if self.finds else (), cursor.rowcount)

    def run_many(self, cursor: Any, rows: Sequence[Values]) -> int:
        if len(rows) == 1:  # psycopg opens a pipeline for many
            cursor.execute(self.text, self._bound(rows[0]))
        else:
            cursor.executemany(self.text, [self._bound(row) for row in rows])
        return int(cursor.rowcount)

    def _bound(self, given: Values) -> Any:
        values = {**self.constants, **given}
        for name, convert in self.inward:
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def _read(self, rows: list[Any]) -> list[Any]:
        return [self._converted(row) for row in rows] if self.outward else rows

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        for place, convert in self.outward:
            cells[place] = convert(cells[place])
        return cells


class Prepared:
    """One statement, in a form for each database and each set of columns that it was run with."""

    __slots__ = ("_forms", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, ...], _Form | None] = {}

    def run(self, connection: Connection, values: Values) -> Rows:
        form = self._form(connection.dialect, values)
        if form is None:
            result: Any = connection.execute(self._statement, values)
            return Rows(result.all() if result.returns_rows else (), result.rowcount)
        return driven(_begun(connection), lambda cursor: form.run(cursor, values))

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> int:
        """For what finds nothing; all rows have the same columns. How many rows were written."""
        form = self._form(connection.dialect, rows[0])
        if form is None:
            raise TypeError("a list within a list of rows")
        return driven(_begun(connection), lambda cursor: form.run_many(cursor, rows))

    def _form(self, dialect: Dialect, values: Values) -> _Form | None:
        key = (dialect.name, *values)
        try:
            return self._forms[key]
        except KeyError:
            form = self._forms[key] = _worked_out(self._statement, dialect, list(values))
            return form


def _worked_out(statement: Executable, dialect: Dialect, names: list[str]) -> _Form | None:
    """None where the text depends on the values, as it does with lists."""
    compiled = cast(
        SQLCompiler,
        cast(Any, statement).compile(
            dialect=dialect, column_keys=names, for_executemany=isinstance(statement, Insert)
        ),
    )
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    binds: Mapping[str, BindParameter[Any]] = compiled.binds
    found = [column.type for column in cast(Any, statement).exported_columns]
    return _Form(
        text=compiled.string,
        finds=bool(found),
        order=compiled.positiontup,
        constants={name: bind.effective_value for name, bind in binds.items() if not bind.required},
        inward=[(name, to) for name, bind in binds.items() if (to := _inward(bind.type, dialect))],
        outward=[(place, to) for place, kind in enumerate(found) if (to := _outward(kind, dialect))],
    )


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _begun(connection: Connection) -> Connection:
    """SQLAlchemy begins a transaction with the first statement after a commit, and so do we."""
    if not connection.in_transaction():
        connection.begin()
    return connection


def driven(connection: Connection, work: Callable[[Any], T]) -> T:
    """Works with the driver's own cursor; its errors are what SQLAlchemy would make of them."""
    known = connection.info  # lives as long as the driver's connection
    cursor = known.get(_CURSOR) or known.setdefault(_CURSOR, connection.connection.cursor())
    try:
        return work(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, error) from error


def _translated(connection: Connection, error: Exception) -> Exception:
    """As SQLAlchemy would: a connection that is gone does not go back to the pool."""
    is_lost = connection.dialect.is_disconnect(cast(Any, error), connection.connection.dbapi_connection, None)
    if is_lost:
        connection.invalidate(error)
    return meaning(error, connection.engine.url, is_lost) or error
