"""What a typed command means, before anything is looked up: pure text work.

/promise                          nothing: the form
/promise list [mine|ours|...]     Listing
/promise find <words>             Search
/promise help | notes | settings | away … Plain; also `settings link`
/promise why ["some words"]       Why
/promise done [Acme] P-12 …       About
/promise anything else            a title, perhaps with a customer, people and a due phrase
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ACTS = frozenset(
    {
        "show",
        "share",
        "done",
        "renegotiate",
        "accept",
        "decline",
        "counter",
        "confirm",
        "dispute",
        "release",
        "withdraw",
        "missed",
        "waiting",
        "give",
        "edit",
        "note",
        "undo",
    }
)
REFERENCE = re.compile(
    r"^(?:(?P<customer>\S.*?)\s+)?p-(?P<number>[1-9]\d{0,8})\b[\s:,]*(?P<rest>.*)$", re.I | re.S
)
PERSON = re.compile(r"<@([0-9a-zA-Z_-]{1,64})>")
PLACE = re.compile(r"<#([0-9a-zA-Z_-]{1,64})>")
QUOTES = "\"'“”„‚‘’«»"
_LINK = re.compile(r"link(?:\s+[0-9a-f]{5}[-\s]?[0-9a-f]{5})?", re.I)  # a code to link accounts by
_CUSTOMER_AT_MOST = 60  # characters before "P-12": more is a sentence, not a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No words at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """help, notes, settings, or away with its own words."""

    word: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why something was noticed, or was not; without words, the last thing said."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    which: str  # mine, ours, theirs, overdue, or perhaps a customer's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """An act on a promise that exists; `act` is empty when only the reference was given."""

    act: str
    customer: str | None
    number: int
    rest: str
    whole: str  # as typed: a title after all, if that customer does not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    words: str


Meaning = Nothing | Plain | Why | Listing | Search | About | Title


def meaning(words: str) -> Meaning:
    words = words.strip()
    if not words:
        return Nothing()
    first, _, rest = words.partition(" ")
    first, rest = first.casefold(), rest.strip()
    return _alone(first, rest) or _about(first, rest, words) or Title(words=words)


def _alone(first: str, rest: str) -> Meaning | None:
    """Words that are commands only alone, or with one of their own words."""
    if first in ("help", "settings", "away", "list", "notes") and not rest:
        return Listing(which="mine") if first == "list" else Plain(word=first)
    if first == "settings" and _LINK.fullmatch(rest):
        return Plain(word="settings", rest=rest)
    if first == "away" and rest.split()[0].casefold() in ("until", "from", "off", "bis", "ab", "aus"):
        return Plain(word="away", rest=rest)
    if first == "list" and len(rest) <= _CUSTOMER_AT_MOST:
        return Listing(which=rest)
    if first == "why" and (not rest or rest[0] in QUOTES):
        return Why(words=rest)
    if first == "find" and rest:
        return Search(words=rest)
    return None


def _about(first: str, rest: str, whole: str) -> About | None:
    """`done P-12 …`, `done Acme P-12 …`, or a reference alone."""
    act, text = (first, rest) if first in ACTS else ("", whole)
    found = REFERENCE.match(text)
    if found is None or (not act and found["rest"]):
        return None
    if found["customer"] and len(found["customer"]) > _CUSTOMER_AT_MOST:
        return None
    return About(
        act=act,
        customer=found["customer"],
        number=int(found["number"]),
        rest=found["rest"].strip(),
        whole=whole,
    )


def take_people(words: str) -> tuple[str, list[str]]:
    """People named at either end of the words, and the words without them; one inside stays."""
    people: list[str] = []
    while found := re.match(rf"^\s*{PERSON.pattern}[\s,]*", words):
        people.append(found[1])
        words = words[found.end() :]
    while found := re.search(rf"[\s,]*{PERSON.pattern}\s*$", words):
        people.append(found[1])
        words = words[: found.start()]
    return words.strip(), people


def before_colon(words: str) -> tuple[str | None, str]:
    """`Acme: send it` is ("Acme", "send it"); a clock time or a link is no customer."""
    found = re.match(r"^([^:<>/\n]{1,60}?)\s*:\s+(\S.*)$", words, re.S)
    return (found[1], found[2].strip()) if found else (None, words)


def split_reason(words: str) -> tuple[str, str]:
    """`to next Tuesday because the auditor is late` is ("next Tuesday", "the auditor is late")."""
    when, _, reason = _because(words)
    return re.sub(r"^\s*(?:to|on|auf)\s+", "", when, flags=re.I).strip(), reason.strip()


def _because(words: str) -> tuple[str, str, str]:
    found = re.search(r"(?:^|[\s,]+)(?:because|since|weil|da)\s+", words, re.I)
    return (words[: found.start()], found[0], words[found.end() :]) if found else (words, "", "")
