"""Foreseeable faults in one line that says what to do. Whatever is not foreseen here keeps its traceback."""

from __future__ import annotations

import errno
import socket
import sqlite3

_SQLITE = {
    "SQLITE_BUSY": "The database is locked by another program. Stop that one, or try again in a moment.",
    "SQLITE_LOCKED": "The database is locked by another program. Stop that one, or try again in a moment.",
    "SQLITE_READONLY": "The database cannot be written. Let this user write to the file and its folder.",
    "SQLITE_FULL": "The disk that holds the database is full. Make room; nothing half done was kept.",
    "SQLITE_CANTOPEN": "The database cannot be opened. Does its folder exist, and may this user write there?",
    "SQLITE_NOTADB": "The file is not a database of Kept. Check KEPT_DATABASE_URL.",
    "SQLITE_CORRUPT": "The database is damaged. Stop Kept and restore a copy: docs/restore.md.",
    "SQLITE_IOERR": "The disk that holds the database fails. Check it before anything else.",
}
_NO_WAY_IN = (
    "PostgreSQL did not let us in. Does it run? Check host, name, user, password in KEPT_DATABASE_URL."
)
# By SQLSTATE or its class, postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "08": _NO_WAY_IN,  # connection exception
    "28": _NO_WAY_IN,  # invalid authorization
    "3D": _NO_WAY_IN,  # invalid catalog name
    "25006": "PostgreSQL takes no writes: this is a standby, or it was set read-only.",
    "53100": "The disk of PostgreSQL is full. Make room; nothing half done was kept.",
    "53300": "PostgreSQL has no connection to spare. Raise max_connections, or run fewer replicas.",
    "57": "PostgreSQL is stopping or starting. Try again in a moment.",  # operator intervention
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
        seen = getattr(seen, "orig", None) or seen.__cause__ or seen.__context__
    return None


def _one(error: BaseException) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error)
    if isinstance(error, OSError):
        return _system(error)
    if isinstance(error, ModuleNotFoundError) and error.name in ("psycopg", "psycopg_pool"):
        return "PostgreSQL needs its driver: pip install 'kept[postgres]', or '.[postgres]' in a checkout."
    if type(error).__module__.startswith("psycopg") and isinstance(error, Exception):
        return _postgres(error)
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


def _postgres(error: Exception) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state is None and type(error).__name__ == "OperationalError":  # raised by the driver before it is in
        return _NO_WAY_IN
    return _POSTGRES.get(state or "") or _POSTGRES.get((state or "")[:2])
