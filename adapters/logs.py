"""Logs as lines of JSON that can be kept and shared: what happened to which id, never what people wrote.

Three walls, since one forgotten `%s` is enough:
1. the template of a message is logged, its arguments are not;
2. of the fields given with `extra`, only those listed here are written, and only if they look like an id, a
   number or a code: people's words have spaces;
3. whatever is left is searched for the shapes of secrets.

An exception is logged as its type, its code and where it was raised: its text often quotes the statement or
the request. Messages of libraries are built from what passes through them, so only their place is logged.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO
from uuid import uuid4

from adapters.redaction import holds_secret, redact

OURS = ("adapters", "bot", "commitments")
FIELDS = frozenset(
    {"attempt", "count", "epoch", "host", "intent", "kind", "lane", "ms", "outcome", "partnership", "period"}
    | {
        "person",
        "place",
        "platform",
        "port",
        "promise",
        "reason",
        "revision",
        "route",
        "row",
        "rung",
        "status",
    }
    | {"sweep", "tenant", "verb"}
)
_IDS = frozenset(
    {"intent", "partnership", "person", "place", "promise"}
)  # ours, and shaped like some secrets
_ID = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[\w.:/@#+-]{1,120}")
_LIMIT = 2000  # characters of a message

_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)


@contextmanager
def correlated(key: str | None = None) -> Iterator[str]:
    """Lines logged inside bear one key. `asyncio.to_thread` carries it over, a bare executor does not."""
    key = key or uuid4().hex[:12]
    token = _correlation.set(key)
    try:
        yield key
    finally:
        _correlation.reset(token)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Replaces whatever handlers the root logger has. Safe to call twice."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


class JsonLines(logging.Formatter):
    """One record is one line of ASCII: `json` escapes line ends, ESC and all else that could forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": _said(record),
        }
        if key := _correlation.get():
            line["turn"] = _safe("turn", key)
        line |= {name: _safe(name, record.__dict__[name]) for name in sorted(FIELDS & record.__dict__.keys())}
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line)


def _said(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return redact(str(record.msg)[:_LIMIT])
    return f"(a library's words are not logged) {record.module}:{record.lineno}"


def _safe(name: str, value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    if not _CODE.fullmatch(text):
        return "(withheld)"
    if name in _IDS and not holds_secret(_ID.sub("", text)):
        return text
    return redact(text)


def describe(error: BaseException) -> dict[str, Any]:
    """Type, code and frames of an exception and of what caused it; never its text."""
    described: dict[str, Any] = {"type": type(error).__qualname__, "frames": _frames(error)}
    if code := _code(error):
        described["code"] = code
    if cause := error.__cause__ or error.__context__:
        described["because"] = type(cause).__qualname__
        if code := _code(cause):
            described["because"] += f" {code}"
    return described


def _code(error: BaseException) -> str | None:
    for name in ("sqlstate", "sqlite_errorname", "strerror"):  # psycopg, sqlite3, the operating system
        if value := getattr(error, name, None):
            return str(value)[:80]
    return None


def _frames(error: BaseException) -> list[str]:
    """The last ten, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-10:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
