"""From letters to tokens: one lexicon per language, the same kinds of token for all of them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from typing import TypeAlias

from commitments.due_zones import ZONE_WORDS

Value: TypeAlias = int | str
LANGUAGES = ("en", "de", "fr", "es")


class Kind(StrEnum):
    """What a word can be. The grammar's patterns in `due_parts` speak of these names."""

    A = "a"  # "a week": an article that also counts one
    AFTER = "after"  # "3 days after Friday" and, alone, a lower bound
    AMPM = "ampm"
    AND = "and"
    APPROX = "approx"
    ART = "art"
    AT = "at"
    BEFORE = "before"
    BY = "by"
    CHAIN = "chain"  # digits joined by separators: 23.04.2022, 7-6, 8.30
    CLOSE = "close"  # EOD, COB
    COMMA = "comma"
    COUPLE = "couple"
    DAYANDPART = "dayandpart"  # German "Freitagabend"
    DOT = "dot"
    DPART = "dpart"
    DWORD = "dword"  # today, tomorrow
    EDGE = "edge"  # start, early, mid, late, end
    EVERY = "every"
    FEAST = "feast"
    FILL = "fill"
    FISCAL = "fiscal"
    FROM = "from"
    HALF = "half"
    HALFPREV = "halfprev"  # German "halb drei": half an hour before three
    HM = "hm"  # 8:00, 8:00:31
    HOUR = "hour"  # o'clock, Uhr; 1 where the word also counts: "dans 5 heures"
    IN = "in"
    ISO = "iso"
    LATER = "later"
    MIDNIGHT = "midnight"
    MINUS = "minus"  # "huit heures moins dix"
    MOD = "mod"  # this 0, next 1, last -1, coming, after next 2
    MONTH = "month"
    NEXTBUTONE = "nextbutone"  # "Friday after next"
    NOON = "noon"
    NOW = "now"
    NUM = "num"
    OF = "of"
    ON = "on"
    OR = "or"
    ORD = "ord"
    PAST = "past"  # "ten past nine"
    PLUS = "plus"
    QTR = "qtr"
    QUARTER = "quarter"  # of an hour
    SEP = "sep"
    TIME = "time"  # "London time"
    TO = "to"
    TONIGHT = "tonight"
    UNIT = "unit"
    UNKNOWN = "unknown"
    VAGUE = "vague"
    WDAY = "wday"
    WDAYS = "wdays"  # Fridays: recurring, unless counted
    WHOSE = "whose"
    WEEKNO = "weekno"
    YEAR = "year"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    value: Value
    text: str
    start: int
    end: int
    glued: bool  # no space before it
    slip: bool = False  # one letter was repaired


@dataclass(frozen=True, slots=True)
class Lexeme:
    shape: str
    text: str
    start: int
    end: int
    glued: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    language: str
    phrases: dict[str, list[tuple[tuple[str, ...], Kind, Value]]]  # by first word, longest first
    slips: dict[str, list[str]]  # a word with a letter missing -> the words
    dotted_ordinals: bool  # "15." is the 15th


_SHAPES = re.compile(
    r"""
      (?P<iso>\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)(?!\w)
            |\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?!\w))
    | (?P<hm>\d{1,2}:\s?\d\d(?::\d\d)?(?!\d|[:/]|\.\d))
    | (?P<chain>\d+(?:[-/.:]\d+)+)
    | (?P<number>\d+)
    | (?P<offset>(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d\d)?(?!\w))
    | (?P<region>[a-z]+/[a-z_]+(?:/[a-z_]+)?(?!\w))
    | (?P<ampm>[ap]\s?\.\s?m\b(?:\s?\.)?|[ap]\sm\b(?:\s?\.)?)
    | (?P<quarter>[qt][1-4](?!\w)|h[12](?!\w))
    | (?P<word>[^\W\d_]+)
    | (?P<mark>\S)
    """,
    re.VERBOSE,
)
# Invisible: zero-width spaces and joiners, bidirectional controls, variation selectors.
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})
_MARKS = {
    ",": Kind.COMMA,
    ";": Kind.COMMA,
    ".": Kind.DOT,
    "-": Kind.SEP,
    "/": Kind.SEP,
    "+": Kind.PLUS,
    "~": Kind.APPROX,
}
_FILLING_MARKS = frozenset("()[]\"'!@*")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc`\u00b4\u201c\u201d\u00ab\u00bb"), "'")
_ONE_SIGN = _DASHES | _QUOTES
# Said in English whatever language the rest is in.
_COURTESIES = ("please", "pls", "plz", "thanks", "thx")
_SHORTEST_SLIP, _LONGEST_WORD = 5, 15


def fold(text: str) -> tuple[str, Sequence[int]]:
    """Lower case without accents or invisible signs, and where each letter came from."""
    text = text.translate(_ONE_SIGN)
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    origin: list[int] = []
    for index, raw in enumerate(text):
        for letter in _plain(raw):
            letters.append(letter)
            origin.append(index)
    return "".join(letters), origin


@cache
def _plain_foreign(raw: str) -> str:
    spread = unicodedata.normalize("NFKD", raw).casefold()
    return "".join(letter for letter in spread if unicodedata.category(letter) not in _INVISIBLE)


def _plain(raw: str) -> str:
    return raw.lower() if raw.isascii() else _foreign(raw)


def _foreign(raw: str) -> str:
    # Beyond the alphabets we read, folding only costs memory in the cache.
    return _plain_foreign(raw) if raw < "\u2100" else ("" if unicodedata.category(raw) == "Cf" else raw)


def lexemes(folded: str) -> list[Lexeme]:
    found: list[Lexeme] = []
    end = 0
    for match in _SHAPES.finditer(folded):
        shape = match.lastgroup or "mark"
        found.append(Lexeme(shape, match.group(), match.start(), match.end(), match.start() == end))
        end = match.end()
    return _without_joiners(found)


def _without_joiners(found: list[Lexeme]) -> list[Lexeme]:
    """Drop the hyphen of "month-end" and the apostrophe of "d'ici": the words count, not the join."""
    kept: list[Lexeme] = []
    for index, lexeme in enumerate(found):
        if lexeme.text in "-'" and _joins(found, index):
            continue
        kept.append(lexeme)
    return kept


def _joins(found: list[Lexeme], index: int) -> bool:
    if not 0 < index < len(found) - 1:
        return False
    before, this, after = found[index - 1 : index + 2]
    return before.shape == after.shape == "word" and this.glued and after.glued


@cache
def lexicon(language: str) -> Lexicon:
    words = import_module(f"commitments.due_words_{language}").words()
    phrases: dict[str, list[tuple[tuple[str, ...], Kind, Value]]] = {}
    for (kind, value), spellings in words.items():
        for spelling in spellings.split("|"):
            parts = tuple(lexeme.text for lexeme in lexemes(fold(spelling)[0]))
            phrases.setdefault(parts[0], []).append((parts, kind, value))
    for courtesy in _COURTESIES:
        phrases.setdefault(courtesy, []).append(((courtesy,), Kind.FILL, 0))
    for zone in ZONE_WORDS:
        first, *rest = zone.split()
        phrases.setdefault(first, []).append(((first, *rest), Kind.ZONE, zone))
    for choices in phrases.values():
        choices.sort(key=lambda choice: -len(choice[0]))
    return Lexicon(language, phrases, _slip_index(phrases), dotted_ordinals=language == "de")


_SLIPPABLE = frozenset({Kind.WDAY, Kind.MONTH, Kind.UNIT, Kind.DWORD})


def _slip_index(phrases: dict[str, list[tuple[tuple[str, ...], Kind, Value]]]) -> dict[str, list[str]]:
    """Every long word with one letter left out: two words one letter apart share such a form."""
    index: dict[str, list[str]] = {}
    for word, choices in phrases.items():
        if len(word) >= _SHORTEST_SLIP and any(len(c[0]) == 1 and c[1] in _SLIPPABLE for c in choices):
            for shorter in _shorter(word):
                index.setdefault(shorter, []).append(word)
    return index


def _shorter(word: str) -> set[str]:
    return {word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))}


@lru_cache(maxsize=4096)  # most words of most messages are the same few hundred
def _repair(word: str, language: str) -> tuple[Kind, Value] | None:
    """What the word means if one letter slipped, and nothing else is one letter away."""
    if not _SHORTEST_SLIP <= len(word) <= _LONGEST_WORD:
        return None
    known = lexicon(language)
    hits = {hit for form in _shorter(word) for hit in known.slips.get(form, ())}
    meanings = {_meaning(hit, known) for hit in hits if _one_slip_apart(word, hit)}
    return meanings.pop() if len(meanings) == 1 else None


def _meaning(word: str, known: Lexicon) -> tuple[Kind, Value]:
    return next((kind, value) for parts, kind, value in known.phrases[word] if len(parts) == 1)


def _one_slip_apart(typed: str, meant: str) -> bool:
    """One letter wrong, missing, doubled, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    head = 0
    while head < min(len(typed), len(meant)) and typed[head] == meant[head]:
        head += 1
    rest_typed, rest_meant = typed[head:], meant[head:]
    swapped = rest_typed[:2] == rest_meant[1::-1] and rest_typed[2:] == rest_meant[2:]
    return (
        swapped
        or rest_typed[1:] == rest_meant[1:]
        or rest_typed[1:] == rest_meant
        or rest_typed == rest_meant[1:]
    )


def tokens(found: list[Lexeme], known: Lexicon) -> list[Token]:
    result: list[Token] = []
    index = 0
    while index < len(found):
        token, taken = _token(found, index, known)
        result.append(token)
        index += taken
    return result


def _token(found: list[Lexeme], index: int, known: Lexicon) -> tuple[Token, int]:
    this = found[index]
    meridiem = _glued_meridiem(found, index)
    if meridiem:
        return Token(Kind.AMPM, meridiem, this.text, this.start, this.end, True), 1
    phrase = _phrase(found, index, this.text.lstrip("0"), known)
    if phrase:
        parts, kind, value = phrase
        return _made(kind, value, found[index : index + len(parts)]), len(parts)
    if this.shape == "word":
        return _word(this, known), 1
    if known.dotted_ordinals and _is_dotted(found, index):
        return _made(Kind.ORD, int(this.text), found[index : index + 2]), 2
    return _SHAPED[this.shape](this), 1


def _is_dotted(found: list[Lexeme], index: int) -> bool:
    this, after = found[index], found[index + 1 : index + 2]
    return (
        this.shape == "number"
        and len(this.text) <= 2
        and bool(after)
        and after[0].text == "."
        and after[0].glued
    )


def _phrase(
    found: list[Lexeme], index: int, first: str, known: Lexicon
) -> tuple[tuple[str, ...], Kind, Value] | None:
    for choice in known.phrases.get(first, ()):
        parts = choice[0]
        if len(parts) == 1 or parts[1:] == tuple(x.text for x in found[index + 1 : index + len(parts)]):
            return choice
    return None


def _word(this: Lexeme, known: Lexicon) -> Token:
    meant = _repair(this.text, known.language)
    if not meant:
        return _as(Kind.UNKNOWN, this)
    return Token(*meant, this.text, this.start, this.end, this.glued, True)


def _glued_meridiem(found: list[Lexeme], index: int) -> str | None:
    """The "a" of "9a" and the "pm" of "5pm", which no language uses for anything else."""
    this = found[index]
    after_digits = index > 0 and this.glued and found[index - 1].text[-1].isdigit()
    return {"a": "am", "p": "pm", "am": "am", "pm": "pm"}.get(this.text) if after_digits else None


def _made(kind: Kind, value: Value, taken: list[Lexeme]) -> Token:
    text = " ".join(lexeme.text for lexeme in taken)
    return Token(kind, value, text, taken[0].start, taken[-1].end, taken[0].glued)


def _number(this: Lexeme) -> Token:
    kind = Kind.NUM
    if len(this.text) == 4 and "2000" <= this.text <= "2099":
        kind = Kind.YEAR
    value = int(this.text) if len(this.text) <= 8 else -1
    return Token(kind, value, this.text, this.start, this.end, this.glued)


def _mark(this: Lexeme) -> Token:
    filling = Kind.FILL if this.text in _FILLING_MARKS else Kind.UNKNOWN
    return _as(_MARKS.get(this.text, filling), this)


def _as(kind: Kind, this: Lexeme) -> Token:
    return Token(kind, this.text, this.text, this.start, this.end, this.glued)


_SHAPED = {
    "iso": lambda this: _as(Kind.ISO, this),
    "hm": lambda this: _as(Kind.HM, this),
    "chain": lambda this: _as(Kind.CHAIN, this),
    "number": _number,
    "offset": lambda this: _as(Kind.ZONE, this),
    "region": lambda this: _as(Kind.ZONE, this),
    "ampm": lambda this: Token(Kind.AMPM, this.text[0] + "m", this.text, this.start, this.end, this.glued),
    "quarter": lambda this: _as(Kind.QTR, this),
    "mark": _mark,
}
