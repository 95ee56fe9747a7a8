"""What two ids of one person stand for becomes one: wherever the one stands, the other is written."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from adapters.db.scope import Transaction
from adapters.db.tables import people
from adapters.db.texts import TextTable, take_time, text_tables
from commitments.errors import StaleWrite


def merge(transaction: Transaction, person_id: str, into: str) -> None:
    """In every text of their tenant but in the two rows of the person themselves. Ids are 128 random bits."""
    take_time(transaction.connection)
    for table in text_tables(transaction.connection):
        if table.name != people.name:
            for row in table.holding(transaction.connection, frozenset({person_id})):
                if transaction.tenant in (None, row.get("tenant") or transaction.tenant):
                    _rewrite(transaction.connection, table, row, person_id, into)


def _rewrite(
    connection: Connection, table: TextTable, row: dict[str, str], person_id: str, into: str
) -> None:
    changes = _changes(table, row, person_id, into)
    if not changes:
        return
    try:
        with connection.begin_nested():
            table.write(connection, row, changes)
    except StaleWrite:  # the other one is there already: a member, a lead, a nudge of the same promise
        table.remove(connection, row)


def _changes(table: TextTable, row: Mapping[str, str], person_id: str, into: str) -> dict[str, str]:
    held = ((each.column.name, row[each.column.name]) for each in table.columns)
    return {name: text.replace(person_id, into) for name, text in held if text and person_id in text}
