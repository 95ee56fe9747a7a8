"""Opens the store: one writer on SQLite, a pool of four on PostgreSQL."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from adapters.db.prepared import driven
from adapters.db.trouble import StorageTrouble, translate

WAIT_FOR_LOCK_MS = 5_000
STATEMENT_TIMEOUT_MS = 15_000
POSTGRES_CONNECTIONS = 4  # eight threads were slower than four on two cores
QUEUE = 3  # how many times as long one waits for a connection as for a lock

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def url_from(text: str) -> URL:
    """`sqlite:///kept.db` or `postgresql+psycopg://user@host/name`; raises StorageTrouble otherwise."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    driver = _DRIVERS.get(url.drivername.split("+")[0]) if url else None
    if url is None or driver is None:
        raise StorageTrouble(
            "The database address cannot be read; expected sqlite:///kept.db or postgresql+psycopg://user@host/name"
        )
    return url.set(drivername=driver)


def open_engine(url: str | URL, *, wait_ms: int = WAIT_FOR_LOCK_MS) -> Engine:
    """Connects on first use. Foreseeable faults surface as StorageTrouble, whoever runs into them."""
    url = url_from(url) if isinstance(url, str) else url
    engine = _sqlite(url, wait_ms) if url.get_backend_name() == "sqlite" else _postgres(url, wait_ms)
    event.listen(engine, "handle_error", translate, retval=True)
    return engine


def _sqlite(url: URL, wait_ms: int) -> Engine:
    # One connection, since SQLite has one writer: in the pool's queue waiting is fair and cheap, while
    # four connections that wait for each other's lock made the slowest calls four times slower.
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=QUEUE * wait_ms / 1000,
        connect_args={"check_same_thread": False, "timeout": wait_ms / 1000, "cached_statements": 512},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_immediate` does
    connection.execute("PRAGMA foreign_keys=ON")
    # Only when needed: the change takes an exclusive lock and fails on a file that may not be written.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose acknowledged commits on power failure


def _begin_immediate(connection: Connection) -> None:
    # Reading first and upgrading later fails at once when another process wrote in between.
    driven(connection, lambda cursor: cursor.execute("BEGIN IMMEDIATE"))


def _postgres(url: URL, wait_ms: int) -> Engine:
    options = {
        "TimeZone": "UTC",
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "lock_timeout": wait_ms,
        "idle_in_transaction_session_timeout": 60_000,
    }
    try:
        return create_engine(
            url,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_timeout=QUEUE * wait_ms / 1000,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                "application_name": "kept",
                "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            },
        )
    except ModuleNotFoundError as missing:
        raise StorageTrouble("PostgreSQL needs its driver: install Kept with [postgres]") from missing
