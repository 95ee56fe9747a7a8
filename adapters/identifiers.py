"""The forms in which a person is named, and how each is taken out of a text.

Ids and accounts are unmistakable and go wherever they stand. A name is a word like others: it goes from what
people write, never from our own codes. A name of one word ("Will") goes only as it is written, or every
"will" in a promise would go with it; a longer one goes however it is cased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from bot.addresses import PlaceKind
from bot.cards import Tone
from bot.storage import DigestState, SendState
from commitments.events import Kind
from commitments.nudges import Rung
from commitments.partnership import Closeness, Role
from commitments.promise import Shape, Side, State
from commitments.slots import Rhythm

_ENUMERATIONS: tuple[type[StrEnum], ...] = (
    *(State, Side, Shape, Kind, Rung, Closeness, Role, Rhythm),
    *(PlaceKind, SendState, DigestState, Tone),
)
OUR_CODES = frozenset(each.value for each in chain.from_iterable(_ENUMERATIONS))
_PLAIN = re.compile(r"[A-Za-z0-9]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person as stored, and what else is known to name them, such as an e-mail address."""

    id: str
    tenant: str
    platform: str
    account: str
    name: str
    also: tuple[str, ...] = ()

    def known_as(self, also: tuple[str, ...]) -> Identity:
        return replace(self, also=also)


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    in_text: str
    in_key: str  # for unique columns: as different as what it replaces


class Forms:
    """All forms of one person, and their replacements: `new_id` where a program looks, `words` for people."""

    def __init__(self, who: Identity, *, new_id: str, words: str) -> None:
        self.new_id, self.words, self.account = new_id, words, f"erased-{new_id}"
        self._forms = (who.id, who.account, who.name, *who.also)
        self._unmistakable = tuple(
            _Rule(_whole(form), new, new)
            for form, new in ((who.id, new_id), (who.account, self.account))
            if not _is_a_word(form)
        )
        mention = re.compile(rf"<@(?:{re.escape(who.account)}|{re.escape(who.id)})(?:\|[^<>]*)?>")
        names = (each for each in self._forms if _is_a_word(each) or each in (who.name, *who.also))
        self._said = tuple(
            _Rule(_name(each), words, f"former{n}-{new_id}") for n, each in enumerate(dict.fromkeys(names))
        )
        self._mention = _Rule(mention, words, f"<@{new_id}>")

    @property
    def needles(self) -> frozenset[str]:
        """Any text that holds a form holds one of these, case aside, even escaped as JSON or in a URL."""
        return frozenset(chain.from_iterable(map(_needles, self._forms)))

    def without(self, text: str, *, words: bool, key: bool = False) -> str:
        """The text without the person. `words`: people may have written it. `key`: it has to stay unique."""
        parsed = _parsed(text)
        if parsed is None:
            return self._plainly(text, words=words, key=key)
        walked = self._walked(parsed, words=words, key=key)
        return text if walked == parsed else json.dumps(walked, ensure_ascii=False, separators=(",", ":"))

    def stand_in(self, text: str) -> bool:
        """Also in the raw body of a request."""
        return any(self.without(each, words=True) != each for each in (text, unquote_plus(text)))

    def _walked(self, value: Any, *, words: bool, key: bool) -> Any:
        match value:
            case str():
                return value if value in OUR_CODES else self.without(value, words=words, key=key)
            case list():
                return [self._walked(each, words=words, key=key) for each in value]
            case dict():
                return {
                    self._plainly(name, words=False, key=key): self._walked(each, words=words, key=key)
                    for name, each in value.items()
                }
        return value

    def _plainly(self, text: str, *, words: bool, key: bool) -> str:
        for rule in self._rules(words=words, key=key):
            text = rule.pattern.sub(_literally(rule.in_key if key else rule.in_text), text)
        return text

    def _rules(self, *, words: bool, key: bool) -> Iterator[_Rule]:
        if words and not key:
            yield self._mention  # before the account in it
        yield from self._unmistakable
        if words:
            yield from self._said


def _literally(new: str) -> Callable[[re.Match[str]], str]:
    """A backslash in it means a backslash."""
    return lambda _: new


def _is_a_word(form: str) -> bool:
    """What the playground and tests call accounts and ids can be a first name in small letters."""
    return form.isalpha() and form.islower()


def _whole(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])")


def _name(form: str) -> re.Pattern[str]:
    parts = form.split()
    written = r"\s+".join(map(re.escape, parts))
    is_one_word = len(parts) == 1 and form.isalpha()
    return re.compile(rf"@?(?<!\w){written}(?!\w)", 0 if is_one_word else re.IGNORECASE)


def _needles(form: str) -> Iterable[str]:
    if runs := _PLAIN.findall(form):
        return (max(runs, key=len),)
    return (form, json.dumps(form)[1:-1], quote_plus(form))


def _parsed(text: str) -> Any:
    """A JSON object or list; None for everything else."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
