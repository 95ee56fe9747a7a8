"""What others make of the same text: two date libraries (extra `bench`), and a regex that comes to mind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

# A phrase, the present as wall time, a language such as "de" -> a moment, or None when refused.
Reader = Callable[[str, datetime, str], datetime | None]
LIBRARIES = ("dateparser", "parsedatetime")
# What everybody writes first; every false offer of it is a future tense that is no promise.
NAIVE_PROMISE = re.compile(
    r"\b(?:I|we)\s?(?:'ll|’ll| will| shall|'m going to| am going to| are going to)\b", re.I
)


def readers() -> dict[str, Reader]:
    """Those of the libraries that are installed."""
    makers = {"dateparser": _dateparser, "parsedatetime": _parsedatetime}
    return {name: makers[name]() for name in LIBRARIES if find_spec(name)}


def _dateparser() -> Reader:
    parse = import_module("dateparser").parse

    def reader(phrase: str, now: datetime, language: str) -> datetime | None:
        settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future"}
        found: datetime | None = parse(phrase, languages=[language], settings=settings)
        return found

    return reader


def _parsedatetime() -> Reader:
    calendar = import_module("parsedatetime").Calendar()

    def reader(phrase: str, now: datetime, _: str) -> datetime | None:
        found, status = calendar.parseDT(phrase, sourceTime=now)
        return found if status else None

    return reader
