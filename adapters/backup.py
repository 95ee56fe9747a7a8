"""A copy of the SQLite store taken while Kept runs: whole, checked, and never over an older one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from adapters.clock import utc_now
from adapters.db.copies import set_at_rest
from adapters.problems import Trouble

_PREFIX = "sqlite:///"


def store_path(url: str) -> Path | None:
    """The file of an SQLite address; None for a server's."""
    return Path(url.removeprefix(_PREFIX).partition("?")[0]) if url.startswith(_PREFIX) else None


def back_up(url: str, target: Path) -> int:
    """Copies the store to `target` and returns its size in bytes. Raises Trouble, sqlite3.Error, OSError.

    1. Copy everything committed so far into `target`.part, set at rest: restored, it sends nothing by itself.
    2. Check the copy, and force it to the disk.
    3. Give it its name. A copy that failed leaves nothing behind.
    """
    source = store_path(url)
    if source is None:
        raise Trouble(
            "PostgreSQL has its own tool: pg_dump --format=custom --file=FILE, then see docs/restore.md."
        )
    if not source.is_file():
        raise Trouble(f"There is no database at {source}: nothing to copy.")
    if target.exists():
        raise Trouble(f"{target} exists already. Choose a new name: a backup never replaces another.")
    part = _reserve(target.with_name(f"{target.name}.part"))
    try:
        _copy(source, part)
        _check(part)
        _force(part)
        part.rename(target)
        _force(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def migrate_safely(url: str) -> Iterator[str]:
    """Keeps a copy of an SQLite store, then brings it up to date; yields what was done, a line each."""
    from adapters.db.migrations_run import current, head, migrate

    store = _worth_keeping(url)
    _begin_in_private(url)
    revision = current(url)
    if revision == head():
        yield f"The database is up to date ({revision})."
        return
    ensure_not_newer(revision, head())
    if store:
        keep = store.with_name(f"{store.stem}-before-{revision or 'kept'}-{utc_now():%Y%m%dT%H%M%SZ}.db")
        back_up(url, keep)
        yield f"The database as it was is kept in {keep}."
    migrate(url)
    yield f"The database is up to date ({head()})."


def _begin_in_private(url: str) -> None:
    """A new store is for its owner alone; the logs beside it get the same mode from SQLite."""
    store = store_path(url)
    if store and not store.exists() and store.parent.is_dir():
        store.touch(mode=0o600)


def _worth_keeping(url: str) -> Path | None:
    store = store_path(url)
    return store if store and store.is_file() and store.stat().st_size else None


def ensure_not_newer(revision: str | None, newest: str) -> None:
    """Raises Trouble for a store that a later Kept has changed; revisions are numbered."""
    if revision is not None and revision > newest:
        raise Trouble(
            f"The database is at {revision}, this Kept knows versions up to {newest}. "
            "Run the newer Kept that used it last, or restore an older copy: docs/restore.md."
        )


def _reserve(part: Path) -> Path:
    try:
        part.touch(mode=0o600, exist_ok=False)  # it will hold people's words
    except FileExistsError:
        raise Trouble(
            f"{part} is left from a backup that runs or was cut short. Delete it if none runs."
        ) from None
    return part


def _copy(source: Path, part: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as store,
        closing(sqlite3.connect(part)) as copy,
    ):
        # All pages in one step: with a write-ahead log a reader blocks nobody, while a copy in
        # several steps begins again whenever somebody writes.
        store.backup(copy)
        set_at_rest(copy, utc_now())
        # The copy is to be one file, without a log of its own beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def _check(part: Path) -> None:
    with closing(sqlite3.connect(part)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise Trouble("The copy is damaged, and so is the store. Stop Kept and see docs/restore.md.")


def _force(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
