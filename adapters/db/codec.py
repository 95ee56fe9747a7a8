"""Values as JSON text, for parts of a row that are read whole. One codec for every dataclass of ours.

Moments are ISO, spans of time microseconds. A field added later takes its default from old text, and one
that is gone is ignored.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from adapters.db.columns import MICROSECOND

V = TypeVar("V")
Reader = Callable[[Any], Any]


def encode(value: object) -> str:
    return json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)


def decode(kind: type[V], text: str) -> V:
    return cast(V, _reader(cast(Any, kind))(json.loads(text)))


def encode_some(value: object | None) -> str | None:
    """None and empty collections are stored as NULL."""
    return encode(value) if value else None


def decode_all(kind: type[V], text: str) -> tuple[V, ...]:
    read = _reader(cast(Any, kind))
    return tuple(read(each) for each in json.loads(text))


def decode_some(kind: type[V], text: str | None) -> V | None:
    return None if text is None else decode(kind, text)


def encode_set(values: Collection[str]) -> str | None:
    return encode(sorted(values)) if values else None


def decode_list(text: str | None) -> list[Any]:
    return json.loads(text) if text else []


def decode_map(text: str | None) -> Mapping[str, str]:
    return json.loads(text) if text else {}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // MICROSECOND
    if is_dataclass(value):
        pairs = ((name, getattr(value, name), optional) for name, optional in _fields(cast(Any, type(value))))
        return {name: part for name, part, optional in pairs if not (optional and part is None)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _fields(kind: Any) -> tuple[tuple[str, bool], ...]:
    """Names, and whether None goes without saying."""
    return tuple((each.name, each.default is None) for each in fields(kind))


@cache
def _reader(kind: Any) -> Reader:
    if get_origin(kind) in (types.UnionType, Union):
        return _optional(next(each for each in get_args(kind) if each is not type(None)))
    if get_origin(kind) is tuple:
        return tuple
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is timedelta:
        return lambda micros: micros * MICROSECOND
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda value: value


def _optional(kind: Any) -> Reader:
    read = _reader(kind)
    return lambda value: None if value is None else read(value)


def _dataclass_reader(kind: Any) -> Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(parts: dict[str, Any]) -> Any:
        return kind(**{name: readers[name](part) for name, part in parts.items() if name in readers})

    return read
