"""What of a message are its writer's own words, and where its sentences end. Every offset stays true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commitments.spotting_terms import Span

READ_AT_MOST = 40_000
# Longer than any sentence people say; a line of a log or of minified code is.
SENTENCE_AT_MOST = 1_000

_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u00a0": " ", "\t": " ", "“": '"', "”": '"'}
)
# Each begins with one of a few characters, so that the search may leap from one to the next.
_NOT_OWN = re.compile(
    r"""
    [\n`<:"“„«「『hH](?:
      (?<=\n)(?i:
          [ \t]*(?:>|&gt;|\|)[^\n]*                                    # quoted lines
        | [ \t]*-{2,}\s*(?:original|forwarded)\b.*\Z                # what was forwarded, to the end
        | [ \t]*(?:begin\ forwarded\ message|from:[^\n]*\n(?:sent|date|to):).*\Z
        | [^\n]{0,120}\b(?:wrote|schrieb|escribió|a\ écrit)\s?:\s*$.*\Z
        | (?:\d{4}-\d\d-\d\d[T\ ]\d\d:|\[?\d\d:\d\d:\d\d|(?:error|warn|info|debug|fatal|trace)\b[:\ \]]
          |\[(?:error|warn|info|debug)|\s+at\ [\w.$]+\()[^\n]*
        | [ \t]*(?://|\#!|/\*|\*/|\$\ |<!--|import\ \w|def\ \w+\(|class\ \w+[:(])[^\n]*
      )
    | (?<=`)(?:``.*?(?:```|\Z)|[^`\n]+`)                           # code
    | (?<=<)(?:[#@!][^>\n]{0,200}>|(?i:https?://)\S+)              # mentions and links
    | (?<=[hH])(?i:ttps?://)\S+
    | (?<=:)[a-zA-Z0-9_+-]{2,30}:                                  # emoji by name
    | (?<=")[^"\n]{2,300}" | (?<=[“„«「『])[^”“»」』\n]{2,300}[”“»」』]   # another's words
    )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_MAY_HOLD_OTHERS = re.compile(
    r"[`>|/\"“„«「『:<#$\[]|\d\d-|--|[Ww][Aa][Rr][Nn]|ERROR|INFO|DEBUG|\bat \w|import |def "
)
_MARKS = ".,!?;:'\"()[]-–—/*…"
_SPANISH_MARKS = "¿¡"
_END = re.compile(r"[.!?…。！？\n](?:(?<=[.!?…])[.!?…]*(?=[\s)\]*_]|$)|(?<=[。！？])|(?<=\n)\n*)")
# A full stop after these, or after a figure before a small letter, ends nothing.
_ABBREVIATION = re.compile(r"(?:\b(?:[ap]\.m|e\.g|i\.e|z\.b|d\.h|dr|mr|ms|mrs|no|ca|approx|p|inc|ltd|vs))$")
_GERMAN_MONTH = re.compile(r"\s*(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)")  # am 15. Dezember
_SMALL = re.compile(r"\s*[^\W\d_A-Z]")


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int  # in the message
    text: str  # lower case, straight apostrophes, as long as in the message
    asks: bool


def own_words(text: str) -> str:
    """The text with everything blanked that its writer did not say."""
    if not _MAY_HOLD_OTHERS.search(text):
        return text
    return _NOT_OWN.sub(_blank, "\n" + text)[1:]


def _blank(found: re.Match[str]) -> str:
    return "\n".join(" " * len(line) for line in found[0].split("\n"))


def lowered(text: str) -> str:
    """Lower case of the same length."""
    low = text.lower()
    if len(low) != len(text):  # a Turkish İ becomes two letters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_STRAIGHT)


def sentences(own: str) -> Iterator[Sentence]:
    low = lowered(own)
    start = 0
    for found in _END.finditer(low):
        if found[0] == "." and _goes_on(own, low, found.start()):
            continue
        yield from _sentence(low, (start, found.start()), found[0])
        start = found.end()
    yield from _sentence(low, (start, len(low)), "")


def words_of(parts: Sequence[Sentence]) -> list[list[str]]:
    """The words of each sentence."""
    return [line.split() for line in _spaced("\n".join(part.text for part in parts)).split("\n")]


def words_in(text: str) -> list[str]:
    return _spaced(text).split()


def _spaced(text: str) -> str:
    """Words parted by spaces alone: several times as fast as a pattern for words."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    for mark in _SPANISH_MARKS:  # as telling as a word
        text = text.replace(mark, f" {mark} ")
    return text


def _goes_on(own: str, low: str, stop: int) -> bool:
    if low[stop - 1 : stop].isdigit():
        return bool(_SMALL.match(own, stop + 1) or _GERMAN_MONTH.match(low, stop + 1))
    return _ABBREVIATION.search(low, max(0, stop - 6), stop) is not None


def _sentence(low: str, span: Span, end: str) -> Iterator[Sentence]:
    text = low[slice(*span)]
    if 1 <= len(text) <= SENTENCE_AT_MOST and not text.isspace():
        yield Sentence(span[0], text, "?" in end or "？" in end)
