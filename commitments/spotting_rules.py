"""Promises within one sentence: a trigger, a verb that counts, no veto; and the due words"
" that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from commitments.spotting_terms import Pack, Span, Trigger
from commitments.spotting_zones import Sentence

# Nobody promises so much in one breath; a text made to slow us down might.
MOST_IN_A_SENTENCE = 16
_AND = re.compile(r",?\s(?:and|und|et|y)\s")


@dataclass(frozen=True, slots=True)
class Hit:
    """A promise's place in its sentence; spans count from the sentence's start."""

    trigger: Trigger
    cue: Span
    words: Span  # the action's, the due words included
    due: Span | None
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Veto:
    """Why words that look like a promise are none."""

    veto: str
    cue: Span


def likely(pack: Pack, words: Sequence[str]) -> tuple[Trigger, ...]:
    """The triggers that may match in a sentence of these words."""
    hinted = _hinted(pack)
    places = set(hinted[""]).union(*map(hinted.__getitem__, hinted.keys() & set(words)))
    return tuple(pack.triggers[place] for place in sorted(places))


@cache
def _hinted(pack: Pack) -> Mapping[str, Sequence[int]]:
    """Which triggers each word hints at, by number; at "" those that need no hint."""
    hinted: dict[str, list[int]] = {"": []}
    for place, trigger in enumerate(pack.triggers):
        for hint in trigger.hints or ("",):
            hinted.setdefault(hint, []).append(place)
    return hinted


def judged(pack: Pack, sentence: Sentence, triggers: Sequence[Trigger]) -> Iterator[Hit | Veto]:
    """Everything in the sentence that looks like a promise, in order. `triggers` are those likely in it."""
    reached = 0
    for trigger, found in _opened(pack, sentence.text, triggers):
        if found.start() < reached:
            continue
        verdict = _judged(pack, sentence, trigger, found, reached)
        if verdict is not None:
            yield verdict
            reached = (verdict.words[1] if isinstance(verdict, Hit) else found.end()) + 1


def _opened(pack: Pack, text: str, triggers: Sequence[Trigger]) -> list[tuple[Trigger, re.Match[str]]]:
    if not triggers or (pack.cue and not pack.cue.search(text)):
        return []
    found = [(trigger, match) for trigger in triggers for match in trigger.pattern.finditer(text)]
    return sorted(found, key=lambda each: each[1].start())[:MOST_IN_A_SENTENCE]


def _judged(
    pack: Pack, sentence: Sentence, trigger: Trigger, found: re.Match[str], since: int
) -> Hit | Veto | None:
    text, at = sentence.text, _verb_at(found)
    listed = trigger.whole or bool(pack.actions.match(text, at))
    if not listed and (trigger.needs == "listed" or not pack.verb.match(text, at)):
        return None
    words = _words(pack, text, found, at, trigger)
    due = due_in(pack, text, words, since)
    sure = listed or trigger.is_noun or trigger.needs == "any"
    if due is None and (trigger.needs == "due" or not (sure or trigger.needs == "open")):
        return None
    veto = _veto(pack, sentence, trigger, found, at, words)
    if veto:
        return Veto(veto, found.span())
    doubts = _doubts(pack, text, trigger, found, words) + (() if sure else ("verb",))
    return Hit(trigger, found.span(), words, due, doubts)


def _verb_at(found: re.Match[str]) -> int:
    """Where the verb begins: after the trigger, or within it, in a group whose name begins so."""
    held = (found.start(name) for name in found.re.groupindex if name.startswith("verb"))
    return next((start for start in held if start >= 0), found.end())


def _words(pack: Pack, text: str, found: re.Match[str], at: int, trigger: Trigger) -> Span:
    end = pack.ends.search(text, max(at + 1, found.end()))
    stop = end.start() if end else len(text)
    if not trigger.whole:
        return at, stop
    return _begun(pack, text, found.start()), stop


def _begun(pack: Pack, text: str, at: int) -> int:
    """Where the clause that holds a place begins."""
    return max((end.end() for end in pack.ends.finditer(text, 0, at)), default=0)


def _veto(
    pack: Pack, sentence: Sentence, trigger: Trigger, found: re.Match[str], at: int, words: Span
) -> str | None:
    text = sentence.text
    refused = None if trigger.whole else _refused(pack, text, found, at)
    if refused:
        return refused
    if sentence.asks and words[1] >= len(text.rstrip()):
        return "question"
    head = text[: found.start()]
    for name, before in pack.before.items():
        if before.search(head):
            return name
    start = min(words[0], _begun(pack, text, found.start()))
    for name, trifle in pack.trifles.items():
        if trifle.search(text, start, words[1]):
            return name
    return next((name for name, veto in pack.vetoes.items() if veto.search(text)), None)


def _refused(pack: Pack, text: str, found: re.Match[str], at: int) -> str | None:
    together = pack.together.search(found[0]) is not None
    act = pack.base(text[at:])
    for name, pattern in pack.refused.items():
        if (name != "joint" or together) and pattern.match(act):
            return name
    return None


def _doubts(pack: Pack, text: str, trigger: Trigger, found: re.Match[str], words: Span) -> tuple[str, ...]:
    own = (trigger.doubt,) if trigger.doubt else ()
    # A hedge further off than this is about something else.
    if pack.near.search(text, max(0, found.start() - 12), max(words[0], found.end())):
        own = (*own, "hedge")
    clause = pack.tangents.split(text[min(found.start(), words[0]) : words[1]], 1)[0]
    seen = (name for name, doubt in pack.doubts.items() if doubt.search(clause))
    scoped = (name for name, doubt in pack.scoped.items() if doubt.search(text))
    return tuple(dict.fromkeys((*own, *seen, *scoped)))


def due_in(pack: Pack, text: str, words: Span, since: int = 0) -> Span | None:
    """The due words nearest after the verb, else those before the promise, else those after its clause.

    What stands before `since` belongs to the promise before this one.
    """
    after = _dues(pack, text, words[0], words[1])
    if after:
        return _best(pack, text, after)
    before = _dues(pack, text, since, words[0])
    if before and not _is_anothers(text, before[-1], since):
        return before[-1]
    later = _dues(pack, text, words[1], len(text))
    return later[0] if later and pack.ties.search(text[words[1] : later[0][0]]) else None


def _is_anothers(text: str, due: Span, since: int) -> bool:
    """Of "it ends on Monday and I'll call" Monday is no part; of "on Monday and Tuesday I'll call" it is."""
    is_told = re.search(r"\w", text[since : due[0]]) is not None
    return is_told and _AND.match(text, due[1]) is not None


def _dues(pack: Pack, text: str, start: int, stop: int) -> list[Span]:
    found = (_loose(pack, text, match.span()) for match in pack.due.finditer(text, start, stop))
    return [span for span in found if span]


def _loose(pack: Pack, text: str, span: Span) -> Span | None:
    """What of the words is no part of a name: "by Friday" of "the March numbers by Friday"."""
    if pack.strong.match(text, *span) or not _names(pack, text, span):
        return span
    inner = pack.inner.search(text, *span)
    return (inner.start(), span[1]) if inner else None


def _names(pack: Pack, text: str, span: Span) -> bool:
    """The date is part of a thing's name, or lies behind us: "the Friday numbers"."""
    return pack.not_due.search(text, max(0, span[0] - 24), span[0]) is not None


def _best(pack: Pack, text: str, found: Sequence[Span]) -> Span:
    """Words with "by" or "before" win over a bare date, which may be part of a name."""
    strong = (span for span in found if pack.strong.match(text, *span))
    return next(strong, found[-1] if len(found) == 1 else found[0])
