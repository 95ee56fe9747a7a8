"""Statements run past SQLAlchemy find, write and fail as they do through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, Table, bindparam, insert, select, text, update

from adapters.db.columns import UtcDateTime
from adapters.db.prepared import Prepared
from adapters.db.trouble import StorageTrouble
from commitments.errors import StaleWrite

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
bells = Table(
    "bells",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("rung_at", UtcDateTime),
    Column("is_loud", Boolean),
)
ADD = Prepared(insert(bells))
ALL = Prepared(select(bells).order_by(bells.c.id))


@pytest.fixture
def connection(engine):
    with engine.connect() as connection:
        bells.create(connection)
        yield connection
        connection.rollback()
        bells.drop(connection, checkfirst=True)
        connection.commit()


def a_bell(number, at=MONDAY):
    return {"id": number, "rung_at": at, "is_loud": number % 2 == 0}


def test_values_go_in_and_come_out_as_their_columns_say(connection):
    ADD.run(connection, a_bell(1, MONDAY.astimezone(timezone(timedelta(hours=5)))))
    row = ALL.run(connection, {}).first()
    assert (row[0], row[1], row[2]) == (1, MONDAY, False)
    assert row[2] is False
    assert row[1].tzinfo is UTC


def test_every_row_of_many_is_written_and_counted(connection):
    assert ADD.run_many(connection, [a_bell(1), a_bell(2), a_bell(3)]) == 3
    assert ALL.run(connection, {}).scalars() == [1, 2, 3]


def test_a_statement_brings_its_own_values_along(connection):
    ADD.run_many(connection, [a_bell(1), a_bell(2)])
    move = update(bells).where(bells.c.id == bindparam("which")).values(id=bells.c.id + 10)
    assert Prepared(move.returning(bells.c.id)).run(connection, {"which": 2}).scalar() == 12


def test_a_list_of_ids_may_be_as_long_as_it_is(connection):
    ADD.run_many(connection, [a_bell(1), a_bell(2), a_bell(3)])
    among = Prepared(select(bells.c.id).where(bells.c.id.in_(bindparam("ids", expanding=True))))
    assert among.run(connection, {"ids": [1, 3]}).scalars() == [1, 3]
    assert among.run(connection, {"ids": []}).first() is None


def test_what_follows_a_commit_can_still_be_taken_back(connection):
    connection.commit()
    ADD.run(connection, a_bell(1))
    connection.rollback()
    assert ALL.run(connection, {}).first() is None


def test_a_taken_key_is_a_stale_write(connection):
    ADD.run(connection, a_bell(1))
    with pytest.raises(StaleWrite):
        ADD.run(connection, a_bell(1))


def test_a_table_that_is_not_there_is_trouble_with_the_store(engine):
    with engine.connect() as connection, pytest.raises(StorageTrouble, match="kept migrate"):
        ALL.run(connection, {})


@pytest.mark.postgres
def test_a_connection_that_was_cut_does_not_come_back(postgres_engine):
    with postgres_engine.connect() as connection, postgres_engine.connect() as other:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        other.commit()
        with pytest.raises(StorageTrouble):
            ALL.run(connection, {})
        assert connection.invalidated
