"""Brings a store to the version this Kept needs. Safe to run from several processes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from adapters.db.engine import open_engine
from adapters.db.trouble import StorageTrouble

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x4B657074  # "Kept": the number of our advisory lock


def migrate(where: str | URL | Engine) -> None:
    """To the newest version; a no-op when it is there already. Raises StorageTrouble."""
    _run(where, lambda config: command.upgrade(config, "head"))


def downgrade(where: str | URL | Engine, revision: str) -> None:
    """To an older version, `base` for an empty store. What the newer one added is lost."""
    _run(where, lambda config: command.downgrade(config, revision))


def current(where: str | URL | Engine) -> str | None:
    """The version of the store; None when nothing was ever set up."""
    with _opened(where) as engine, engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The version this Kept needs."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def _run(where: str | URL | Engine, work: Callable[[Config], object]) -> None:
    with (
        _opened(where) as engine,
        engine.connect() as connection,
        _references_may_wait(connection),
        connection.begin(),
    ):
        _take_turns(connection)
        work(_config(connection))
        _ensure_whole(connection)


@contextmanager
def _opened(where: str | URL | Engine) -> Iterator[Engine]:
    if isinstance(where, Engine):
        yield where
        return
    engine = open_engine(where)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _references_may_wait(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew; dropping the old one must not touch what refers to it.

    sqlite.org/lang_altertable.html, 7: outside the transaction, in which the switch does nothing.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _ensure_whole(connection: Connection) -> None:
    """Raises StorageTrouble, and nothing was changed, where a row now refers to none."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise StorageTrouble(f"The database could not be brought up to date: {lost[0]} refers to nothing.")


def _take_turns(connection: Connection) -> None:
    """One process at a time; the next finds nothing left to do. On SQLite the transaction is lock enough."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # big tables, and waiting for our turn
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
