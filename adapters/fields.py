"""Reads fields of a payload by type. What is not as the platform documents it ends in one error: `Odd`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self


class Odd(Exception):
    """A field is missing, or of another type; the text is its path."""


class Fields:
    """A JSON object, and where in the payload it stands."""

    __slots__ = ("_values", "path")

    ID: ClassVar[re.Pattern[str]]  # bounded in length, because ids become keys of ours

    def __init__(self, values: object, path: str = "") -> None:
        self.path = path
        if not isinstance(values, dict):
            raise Odd(path or "payload")
        self._values: Mapping[str, Any] = values

    def __contains__(self, name: str) -> bool:
        """Said, and not null."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        value = self._values.get(name)
        if not isinstance(value, str):
            raise self.odd(name)
        return value

    def text_or(self, name: str, otherwise: str = "") -> str:
        return self.text(name) if name in self else otherwise

    def id(self, name: str) -> str:
        value = self.text(name)
        if not self.ID.fullmatch(value):
            raise self.odd(name)
        return value

    def id_or_none(self, name: str) -> str | None:
        """Platforms leave ids out, say null, or say nothing between quotes."""
        return self.id(name) if self._values.get(name) not in (None, "") else None

    def number(self, name: str) -> int:
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**12:
            raise self.odd(name)
        return value

    def yes(self, name: str) -> bool:
        """Slack's commands say it in a form, as text."""
        value = self._values.get(name)
        if value not in (None, True, False, "true", "false"):
            raise self.odd(name)
        return value in (True, "true")

    def part(self, name: str) -> Self:
        return type(self)(self._values.get(name), self._at(name))

    def part_or_none(self, name: str) -> Self | None:
        return self.part(name) if name in self else None

    def parts(self, name: str) -> Iterator[Self]:
        """Of a list of objects; a missing list is an empty one."""
        return (type(self)(each, self._at(name)) for each in self._list(name))

    def ids(self, name: str) -> tuple[str, ...]:
        found = tuple(self._list(name))
        if not all(isinstance(each, str) and self.ID.fullmatch(each) for each in found):
            raise self.odd(name)
        return found

    def named(self) -> Iterator[tuple[str, Self]]:
        """Of an object whose values are objects."""
        return ((name, type(self)(each, self._at("*"))) for name, each in self._values.items())

    def raw(self) -> Mapping[str, Any]:
        return self._values

    def odd(self, name: str) -> Odd:
        return Odd(self._at(name))

    def _list(self, name: str) -> list[Any]:
        found = self._values.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.odd(name)
        return found

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
