"""Foreseeable faults in one line that says what to do. Whatever is not foreseen here keeps its traceback."""

from __future__ import annotations

import errno
import socket
import sqlite3
import sys

from adapters.problems import BadSettings, Trouble

_SQLITE = {  # met by `kept backup`, which talks to the driver itself; adapters/db has its own words
    "SQLITE_BUSY": "The database is locked by another program. Stop that one, or try again in a moment.",
    "SQLITE_READONLY": "The database cannot be written. Let this user write to the file and its folder.",
    "SQLITE_FULL": "The disk that holds the database is full. Make room; nothing half done was kept.",
    "SQLITE_CANTOPEN": "The database cannot be opened. Does its folder exist, and may this user write there?",
    "SQLITE_NOTADB": "The file is not a database of Kept. Check KEPT_DATABASE_URL.",
    "SQLITE_CORRUPT": "The database is damaged. Stop Kept and restore a copy: docs/restore.md.",
    "SQLITE_IOERR": "The disk that holds the database fails. Check it before anything else.",
}
_SYSTEM = {
    errno.EADDRINUSE: "That port is taken. Stop what listens there, or choose another: PORT=8766",
    errno.EADDRNOTAVAIL: "This machine does not have that address. Choose another: HOST=127.0.0.1",
    errno.ENOSPC: "The disk is full. Make room; nothing half done was kept.",
    errno.EROFS: "The disk is read-only.",
}


def in_words(error: BaseException) -> str | None:
    """Looks through wrappers (SQLAlchemy's `orig`, causes). None: not foreseen."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return None
        if words := _one(seen):
            return words
        seen = getattr(seen, "orig", None) or seen.__cause__
    return None


def _one(error: BaseException) -> str | None:
    if isinstance(error, (BadSettings, Trouble)):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return _sqlite(error)
    if isinstance(error, OSError):
        return _system(error)
    storage = sys.modules.get("adapters.db.trouble")  # not loaded, then it raised nothing
    if storage is not None and isinstance(error, storage.StorageTrouble):
        return str(error)
    return None


def _sqlite(error: sqlite3.Error) -> str | None:
    name = getattr(error, "sqlite_errorname", "")  # extended: SQLITE_READONLY_DBMOVED, SQLITE_IOERR_WRITE
    return next(
        (words for code, words in _SQLITE.items() if name == code or name.startswith(f"{code}_")), None
    )


def _system(error: OSError) -> str | None:
    if isinstance(error, socket.gaierror):
        return "That host name is not known here. Choose another: HOST=127.0.0.1"
    if words := _SYSTEM.get(error.errno or 0):
        return words
    if isinstance(error, (PermissionError, FileNotFoundError, FileExistsError, IsADirectoryError)):
        return f"{error.strerror}: {error.filename}" if error.filename else f"{error.strerror}."
    return None
