"""A store that is there and up to date, for commands that neither make nor migrate one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from adapters.backup import store_path
from adapters.db.engine import open_engine
from adapters.db.migrations_run import current, head
from adapters.problems import Trouble


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Raises Trouble where there is none, or one of another version."""
    store = store_path(url)
    if store is not None and not store.is_file():
        raise Trouble(f"{store} does not exist yet. Run: kept migrate")
    engine = open_engine(url)
    try:
        if current(engine) != head():
            raise Trouble("The database is not up to date. Run: kept migrate")
        yield engine
    finally:
        engine.dispose()
