"""A store that cannot be used says so in one line, and nothing is half written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from adapters.db.engine import open_engine, url_from
from adapters.db.migrations_run import migrate
from adapters.db.trouble import StorageTrouble
from adapters.db.unit_of_work import open_uow
from builders import ACME, ANA, TENANT, a_promise, an_intent
from commitments.errors import StaleWrite


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "kept.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine_at():
    """Opens an address, with little patience."""
    opened: list[Engine] = []

    def open_it(url: str | URL) -> Engine:
        opened.append(open_engine(url, wait_ms=20))
        return opened[-1]

    yield open_it
    for each in opened:
        each.dispose()


@pytest.fixture
def engine(path, engine_at) -> Engine:
    return engine_at(f"sqlite:///{path}")


def write(engine: Engine) -> None:
    with open_uow(engine)(TENANT) as uow:
        uow.people.add(ANA)
        uow.partnerships.add(ACME)
        uow.commit()


def trouble(work, *arguments) -> str:
    with pytest.raises(StorageTrouble) as raised:
        work(*arguments)
    words = str(raised.value)
    assert "\n" not in words
    return words


def rows(path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (people,) = connection.execute("SELECT count(*) FROM people").fetchone()
        (partnerships,) = connection.execute("SELECT count(*) FROM partnerships").fetchone()
        return people + partnerships


def test_a_locked_store_says_so_and_recovers(path, engine):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked by another process" in trouble(write, engine)
        other.execute("ROLLBACK")
    write(engine)
    assert rows(path) == 2


def test_a_read_only_store_says_so(path, engine_at):
    assert "is read-only" in trouble(write, engine_at(f"sqlite:///file:{path}?mode=ro&uri=true"))
    assert rows(path) == 0


def test_a_full_store_says_so_and_keeps_nothing_of_the_transaction(path, engine):
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))

    def overflow() -> None:
        with open_uow(engine)(TENANT) as uow:
            uow.people.add(ANA)
            uow.partnerships.add(ACME)
            for _ in range(100):
                uow.promises.add(a_promise(note="x" * 2000))
            uow.commit()

    assert "no space is left" in trouble(overflow)
    assert rows(path) == 0


def test_a_folder_that_is_not_there_is_named(tmp_path, engine_at):
    words = trouble(write, engine_at(f"sqlite:///{tmp_path / 'nowhere' / 'kept.db'}"))
    assert "nowhere/kept.db cannot be opened" in words


def test_another_kind_of_file_is_not_taken_for_a_store(tmp_path, engine_at):
    (tmp_path / "notes.txt").write_text("Promises to keep\n" * 100)
    assert "is not a database" in trouble(write, engine_at(f"sqlite:///{tmp_path / 'notes.txt'}"))
    assert (tmp_path / "notes.txt").read_text().startswith("Promises to keep")


def test_a_store_without_tables_asks_to_be_migrated(tmp_path, engine_at):
    assert "run `kept migrate`" in trouble(write, engine_at(f"sqlite:///{tmp_path / 'kept.db'}"))


def test_a_thread_that_waits_too_long_is_told(engine):
    with open_uow(engine)(TENANT):
        assert "too busy" in trouble(write, engine)


def test_a_mistake_in_our_own_sql_is_no_trouble_of_the_operators(engine):
    with engine.connect() as connection, pytest.raises(Exception, match="syntax error") as raised:
        connection.execute(text("SELEC 1"))
    assert not isinstance(raised.value, StorageTrouble)


@pytest.mark.parametrize(
    ("said", "driver"),
    [
        ("sqlite:///kept.db", "sqlite"),
        ("sqlite://", "sqlite"),
        ("postgresql+psycopg://kept@db/kept", "postgresql+psycopg"),
        ("postgresql://kept@db/kept", "postgresql+psycopg"),
        ("postgres://kept@db/kept", "postgresql+psycopg"),
    ],
)
def test_an_address_leads_to_the_driver_we_have(said, driver):
    assert url_from(said).drivername == driver


@pytest.mark.parametrize("said", ["", "kept.db", "mysql://root:hunter2@db/kept", "postgresql://h:x:y/", "🙂"])
def test_any_other_address_is_refused_without_repeating_it(said):
    assert "hunter2" not in trouble(url_from, said)


@pytest.mark.postgres
def test_an_unreachable_server_is_named_without_its_password(engine_at):
    words = trouble(write, engine_at("postgresql+psycopg://kept:hunter2@127.0.0.1:1/kept"))
    assert words.startswith("The database kept at 127.0.0.1:1 cannot be reached")
    assert "hunter2" not in words


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SET TRANSACTION READ ONLY; UPDATE people SET name = ''", "is read-only"),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)", "took too long"),
        ("SELECT * FROM nothing", "run `kept migrate`"),
        ("SET ROLE pg_monitor; DELETE FROM people", "does not allow this"),
    ],
)
def test_what_postgresql_refuses_is_said_in_our_words(postgres_engine, statement, words):
    with postgres_engine.connect() as connection:
        first, *second = statement.split("; ")
        if second:
            connection.execute(text(first))
        assert words in trouble(connection.execute, text(second[0] if second else first))


@pytest.mark.postgres
def test_a_database_that_does_not_exist_is_named(postgres_engine, engine_at):
    url = postgres_engine.url.set(database="nothing")
    assert trouble(write, engine_at(url)).startswith("The database nothing at 127.0.0.1:")


@pytest.mark.postgres
def test_a_server_that_ended_our_connection_is_trouble_and_the_next_call_works(postgres_engine):
    def cut_off() -> None:
        with open_uow(postgres_engine)(TENANT) as uow:
            uow.people.add(ANA)
            with postgres_engine.connect() as other:
                mine = uow.people._transaction.connection.connection.driver_connection.info.backend_pid
                other.execute(text(f"SELECT pg_terminate_backend({mine})"))
            uow.commit()

    trouble(cut_off)
    write(postgres_engine)
    with open_uow(postgres_engine)(TENANT) as uow:
        assert uow.people.get(ANA.id) == ANA


@pytest.mark.postgres
def test_whoever_loses_a_deadlock_is_stale_and_may_try_again(postgres_engine):
    with open_uow(postgres_engine)(None) as uow:
        uow.outbox.queue([an_intent("a"), an_intent("b")])
        uow.commit()
    both_hold_one, lost = Barrier(2), []
    statement = text("UPDATE outbox SET reason = 'x' WHERE key = :key")

    def update(first: str, second: str) -> None:
        with postgres_engine.connect() as connection:
            connection.execute(statement, {"key": first})
            both_hold_one.wait()
            try:
                connection.execute(statement, {"key": second})
            except StaleWrite as error:
                lost.append(error)

    threads = [Thread(target=update, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(lost) == 1
