"""A request as it came from a platform, and JSON read in bounds: what the gates of all platforms share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST = 1024**2  # bytes; the platforms' own payloads stay far below
DEEPEST = 64  # levels; a form with everything in it has about a dozen
JSON = "application/json"

# What databases do not take in a text: NUL, and halves of surrogate pairs. Both arrive as escapes only.
_ODD_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ODD_CHARACTER = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    method: str
    headers: Sequence[tuple[str, str]]  # as they came: a header given twice is seen twice
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    status: int  # 400, 401, 405 or 413
    reason: str
    is_signed: bool = False  # then it is worth a look, and goes to the quarantine


class Unreadable(Exception):
    """Signed, and still not to be parsed; the text is the reason's code."""


def values_of(request: RawRequest, header: str) -> list[str]:
    """`header` in lower case."""
    return [value for name, value in request.headers if name.lower() == header]


def media_type_of(request: RawRequest) -> str:
    given = values_of(request, "content-type")
    return given[0].partition(";")[0].strip().lower() if len(given) == 1 else ""


def parse(body: bytes) -> Any:
    """JSON in bounds. Raises Unreadable for what is deep, doubled, or not JSON as the standard has it."""
    try:
        content = json.loads(body.decode("utf-8"), object_pairs_hook=distinct, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    is_odd = _ODD_ESCAPE.search(body) is not None
    if not is_odd and body.count(b"{") + body.count(b"[") <= DEEPEST:  # nearly always: it cannot be deeper
        return content
    return _bounded(content, DEEPEST, mended if is_odd else _same)


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice is read differently by different parsers, and that difference is an attack."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("twice")
    return found


def _refuse(constant: str) -> None:
    raise Unreadable("json")  # NaN and Infinity are Python's, not JSON's


def _bounded(value: Any, levels: int, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, (dict, list)):
        return value
    if not levels:
        raise Unreadable("depth")
    if isinstance(value, list):
        return [_bounded(each, levels - 1, text) for each in value]
    return {text(name): _bounded(each, levels - 1, text) for name, each in value.items()}


def _same(text: str) -> str:
    return text


def mended(text: str) -> str:
    return _ODD_CHARACTER.sub("�", text)
