"""Every sentence Kept says, by key and language. Catalogues are TOML: wording/<language>/<topic>.toml.

A key is `topic.rest.of.path`. Placeholders are `{name}`; a value may be a span, then the result is spans.
A table with `one` and `other` is chosen by the value `n`. Commands are written with a slash, and read with
whatever a platform has instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from bot.cards import Link, Mention, Moment, Span, Strong, Text

FALLBACK = "en"
SLASH = "/"
CALLS = {"teams": "@Kept "}  # what stands before a command, by platform, where it is no slash
_COMMAND = re.compile(r"(?<![\w/])/(?=(?:promise|partner|win|heard)\b)")


@cache
def languages() -> tuple[str, ...]:
    """The languages there are catalogues for."""
    folders = (entry.name for entry in files("bot.wording").iterdir() if entry.is_dir())
    return tuple(sorted(name for name in folders if not name.startswith("_")))


@cache
def catalogue(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """All sentences of one language, flat by key."""
    topics = (e for e in files("bot.wording").joinpath(language).iterdir() if e.name.endswith(".toml"))
    found: dict[str, str | Mapping[str, str]] = {}
    for topic in topics:
        found.update(_flat(tomllib.loads(topic.read_text("utf-8")), topic.name.removesuffix(".toml")))
    return found


def _flat(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, str | Mapping[str, str]]]:
    for name, value in table.items():
        key = f"{path}.{name}"
        if isinstance(value, str) or set(value) == {"one", "other"}:
            yield key, value
        else:
            yield from _flat(value, key)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one reader's language."""

    language: str = FALLBACK
    calls: str = SLASH

    def __call__(self, key: str, **values: object) -> str:
        """The sentence as plain text; spans are flattened to their words."""
        return "".join(plain(span) for span in self.text(key, **values))

    def text(self, key: str, **values: object) -> Text:
        """The sentence as spans. Raises KeyError for an unknown key or a missing value."""
        return tuple(_spans(_parsed(self._template(key, values), self.calls), values))

    def has(self, key: str) -> bool:
        return key in catalogue(self.language)

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        found = catalogue(self.language)[key]
        if isinstance(found, str):
            return found
        return found["one" if values["n"] == 1 else "other"]


@cache
def _parsed(template: str, calls: str) -> tuple[tuple[str, str | None], ...]:
    """Before values are put in: what somebody wrote is left as it is."""
    template = _COMMAND.sub(calls, template)
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def _spans(parsed: tuple[tuple[str, str | None], ...], values: Mapping[str, object]) -> Iterator[Span]:
    for literal, name in parsed:
        if literal:
            yield literal
        if name is not None:
            value = values[name]
            yield from value if isinstance(value, tuple) else (_span(value),)


def _span(value: object) -> Span:
    return value if isinstance(value, str | Mention | Moment | Strong | Link) else str(value)


def plain(span: Span) -> str:
    """One span as a reader without markup sees it."""
    match span:
        case str():
            return span
        case Mention():
            return span.name
        case Moment():
            return span.words
        case Strong():
            return span.text
        case Link():
            return span.text if span.text == span.url else f"{span.text} ({span.url})"


def words_for(language: str | None, locale: str, offered: tuple[str, ...], platform: str = "") -> Words:
    """The person's own language, else their locale's, else the team's first."""
    wanted = (language, locale.replace("_", "-").split("-")[0].lower())
    chosen = next((w for w in wanted if w in offered and w in languages()), offered[0])
    return Words(chosen, CALLS.get(platform, SLASH))
