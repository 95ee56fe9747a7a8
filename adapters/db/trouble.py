"""What a driver's error means to us, decided in one place.

StorageTrouble   the store cannot be used: locked, read-only, full, unreachable, not migrated
StaleWrite       somebody was quicker: a taken unique key, a deadlock; read again and apply again
LookupError      a row was to hang on another that is not there
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.engine import URL, ExceptionContext

from commitments.errors import StaleWrite


class StorageTrouble(Exception):
    """The store cannot be used. The message is one line, fit for an operator; nothing was half written."""


_SQLITE = {  # by primary result code, sqlite.org/rescode.html
    sqlite3.SQLITE_BUSY: "is locked by another process; stop the other one, or try again in a moment",
    sqlite3.SQLITE_LOCKED: "is locked by another connection; try again in a moment",
    sqlite3.SQLITE_READONLY: "is read-only; check the owner and mode of the file and of its folder",
    sqlite3.SQLITE_PERM: "may not be opened; check the owner and mode of the file and of its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_FULL: "is full: no space is left on its disk; free some, nothing was half written",
    sqlite3.SQLITE_IOERR: "cannot be read or written: its disk reports an error",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore the last backup",
    sqlite3.SQLITE_NOTADB: "is not a database of Kept; check the path",
}

_POSTGRES = {  # by SQLSTATE or its class, postgresql.org/docs/current/errcodes-appendix.html
    "25006": "is read-only, as a standby is; point Kept at the primary",
    "28": "does not let Kept in; check user and password",
    "3D000": "does not exist; create it first",
    "42501": "does not allow this; grant Kept's user the rights on its schema",
    "42P01": "has not been set up for this version; run `kept migrate`",
    "42703": "has not been set up for this version; run `kept migrate`",
    "53100": "is full: no space is left on its disk; free some, nothing was half written",
    "53": "is out of connections or memory; try again in a moment",
    "55P03": "is locked by another process; try again in a moment",
    "57014": "took too long to answer; try again in a moment",
    "57": "is stopping or starting; try again in a moment",
    "58": "cannot be read or written: its disk reports an error",
    "XX": "is damaged; restore the last backup",
}

_AGAIN = {"23505", "40001", "40P01"}  # unique violation, serialization failure, deadlock
_NO_PARENT = "23503"


def shown(url: URL) -> str:
    """The database as an operator knows it, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database or 'in memory'}"
    return f"The database {url.database} at {url.host or 'localhost'}:{url.port or 5432}"


def translate(context: ExceptionContext) -> Exception | None:
    """For SQLAlchemy's `handle_error`."""
    if context.engine is None:
        return None
    return meaning(context.original_exception, context.engine.url, context.is_disconnect)


def meaning(error: BaseException, url: URL, is_disconnect: bool) -> Exception | None:
    """Our word for a driver's error; None leaves it as it is: then it is a defect of ours."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, shown(url))
    return _of_postgres(error, shown(url), is_disconnect)


def _of_sqlite(error: sqlite3.Error, database: str) -> Exception | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return StaleWrite(str(error))
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return LookupError("what this row belongs to is not there")
    if str(error).startswith(("no such table", "no such column")):
        return StorageTrouble(f"{database} has not been set up for this version; run `kept migrate`")
    meaning = _SQLITE.get(code & 0xFF) if code is not None else None
    return StorageTrouble(f"{database} {meaning}") if meaning else None


def _of_postgres(error: BaseException, database: str, is_disconnect: bool) -> Exception | None:
    state = getattr(error, "sqlstate", None)
    if state in _AGAIN:
        return StaleWrite(state)
    if state == _NO_PARENT:
        return LookupError("what this row belongs to is not there")
    meaning = _POSTGRES.get(state) or _POSTGRES.get(state[:2]) if state else None
    if meaning:
        return StorageTrouble(f"{database} {meaning}")
    if is_disconnect or type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
        return StorageTrouble(f"{database} cannot be reached; check that it runs, and its address")
    return None
