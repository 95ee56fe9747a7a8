"""Answers to the other side: "Sure, will do" promises what was asked, by the day it was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commitments.spotting_rules import due_in
from commitments.spotting_terms import Asking, Pack, Said, Span
from commitments.spotting_zones import Sentence, own_words, sentences

LOOKED_BACK = 3  # messages of the other side
READ_OF_EACH = 4_000  # characters
WORDS_IN_ANSWER = 14  # more of them, without a promise of their own, is no acceptance
WORDS_IN_PASSING = 3  # "thank you!" does not take the word from the request before it
REQUESTS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Request:
    words: str  # exactly as asked
    action: str
    due: str | None
    kind: str  # "act", "thing", "when"
    is_fact: bool
    is_latest: bool  # the other side said nothing of weight after it


@dataclass(frozen=True, slots=True)
class Answer:
    request: Request
    due: str | None  # the answer's own, else the request's
    trigger: str
    span: Span  # in the message
    doubts: tuple[str, ...]


def answered(parts: Sequence[Sentence], text: str, requests: Sequence[Request], pack: Pack) -> list[Answer]:
    """What a message that opens with an acceptance has taken on."""
    if not parts or not requests:
        return []
    found = _opening(pack, parts[0])
    if not found or pack.declines.search(_whole(parts[:2])):
        return []
    if len(_whole(parts).split()) > WORDS_IN_ANSWER and not pack.acts.search(_whole(parts[:2])):
        return []
    return [answer for request in requests if (answer := _answer(parts, text, request, found, pack))]


def _whole(parts: Sequence[Sentence]) -> str:
    return " ".join(part.text for part in parts)


def _opening(pack: Pack, first: Sentence) -> re.Match[str] | None:
    return pack.accepts.match(first.text) or pack.dated.match(first.text)


def _answer(
    parts: Sequence[Sentence], text: str, request: Request, found: re.Match[str], pack: Pack
) -> Answer | None:
    due = _own_due(parts, text, pack)
    acts = pack.acts.search(_whole(parts[:2])) is not None
    is_dated = due is not None
    if not _may_be_accepted(request, acts, is_dated):
        return None
    start = parts[0].start
    doubts = _doubts(parts, request, acts, is_dated, pack)
    span = (start + found.start(), start + found.end())
    return Answer(request, due or request.due, text[slice(*span)].strip(), span, doubts)


def _may_be_accepted(request: Request, acts: bool, is_dated: bool) -> bool:
    if request.kind == "when":
        return is_dated
    return (acts or is_dated) if request.is_fact or not request.is_latest else True


def _doubts(
    parts: Sequence[Sentence], request: Request, acts: bool, is_dated: bool, pack: Pack
) -> tuple[str, ...]:
    text = _whole(parts)
    seen = [name for name, doubt in {**pack.doubts, **pack.scoped}.items() if doubt.search(text)]
    if pack.near.search(text):
        seen.append("hedge")
    if any(part.asks for part in parts) and not is_dated:
        seen.append("question")
    if request.kind == "when" or (request.kind == "wish" and not acts):
        seen.append("estimate" if request.kind == "when" else "wish")
    if not re.search(r"\w", text):
        seen.append("emoji")
    return tuple(seen)


def _own_due(parts: Sequence[Sentence], text: str, pack: Pack) -> str | None:
    for part in parts[:3]:
        due = due_in(pack, part.text, (0, len(part.text)))
        if due:
            return text[part.start + due[0] : part.start + due[1]]
    return None


def requests_of(context: Sequence[Said], author: str, pack: Pack) -> list[Request]:
    """What the other side last asked for and nobody took back."""
    others = [said for said in context if said.author != author][-LOOKED_BACK:]
    is_latest = True
    for said in reversed(others):
        is_latest = is_latest and not said.is_passed
        text = said.text[:READ_OF_EACH]
        parts = tuple(sentences(own_words(text)))
        if pack.cancels.search(_whole(parts)):
            return []
        found = [each for part in parts for each in _asked(part, text, pack, is_latest)]
        if found:
            return found[:REQUESTS_AT_MOST]
        is_latest = is_latest and not _moves_on(parts)
    return []


def asking_in(parts: Sequence[Sentence], text: str, pack: Pack) -> Asking:
    asked = (part for part in parts if any(True for _ in _asked(part, text, pack, True)))
    words = " ".join(text[part.start : part.start + len(part.text)].strip() + "." for part in asked)
    takes_back = pack.cancels.search(_whole(parts)) is not None
    return Asking(words=words, takes_back=takes_back, moves_on=not words and _moves_on(parts))


def _moves_on(parts: Sequence[Sentence]) -> bool:
    return len(_whole(parts).split()) > WORDS_IN_PASSING


def _asked(part: Sentence, text: str, pack: Pack, is_latest: bool) -> Iterator[Request]:
    for kind, pattern in pack.requests:
        found = pattern.search(part.text)
        if not found:
            continue
        at = found.end("verb") if pack.verb_last and "verb" in pattern.groupindex else found.end()
        request = _request(part, text, pack, kind, at, is_latest)
        if request:
            yield request
            return


def _request(part: Sentence, text: str, pack: Pack, kind: str, at: int, is_latest: bool) -> Request | None:
    if any(pack.refused[name].match(part.text, at) for name in ("presence", "joint") if name in pack.refused):
        return None
    if pack.verb_last:
        words = (0, at)
    else:
        end = pack.ends.search(part.text, at + 1)
        words = (at, end.start() if end else len(part.text))
    due = due_in(pack, part.text, words)
    said = text[part.start + words[0] : part.start + words[1]]
    action = pack.worded(without(said, due, words[0]))
    if len(action) < 2:
        return None
    is_fact = kind != "when" and pack.facts.match(part.text, at) is not None
    shown = None if due is None else text[part.start + due[0] : part.start + due[1]]
    return Request(said.strip(), action, shown, kind, is_fact, is_latest)


def without(words: str, due: Span | None, offset: int) -> str:
    """The words without the due words among them."""
    if due is None or due[1] <= offset or due[0] >= offset + len(words):
        return words
    return words[: max(0, due[0] - offset)] + " " + words[due[1] - offset :]
