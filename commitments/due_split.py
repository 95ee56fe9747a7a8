"""Where the title ends and the due date begins: "send the SOC 2 report by Friday 5pm"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commitments.due_read import languages_for, read
from commitments.due_terms import Reading, Setting, Status
from commitments.due_words import Kind, Token, fold, lexemes, lexicon, tokens

# A due date is a few words at the end; looking further back only finds titles.
TAIL = 120
MOST_WORDS = 16

_CUES = frozenset({Kind.BY, Kind.BEFORE, Kind.AFTER, Kind.IN, Kind.ON, Kind.AT})
# Only these promise that a due date follows; "in" and "on" may belong to the title.
_STRONG_CUES = frozenset({Kind.BY, Kind.BEFORE})
# Before a tail without a cue these make it doubtful where the tail begins.
_TITLE_WORDS = {Kind.UNKNOWN, Kind.COMMA, Kind.DOT, Kind.IN, Kind.ON, Kind.AT, Kind.ZONE, Kind.TIME}
_DATE_LIKE = frozenset(Kind) - _TITLE_WORDS
_NAMES_OF_DAYS = {Kind.WDAY, Kind.MONTH, Kind.DWORD, Kind.CHAIN, Kind.ISO, Kind.YEAR, Kind.QTR, Kind.FEAST}
_NAMES_OF_TIMES = {Kind.DPART, Kind.TONIGHT, Kind.HM, Kind.AMPM, Kind.NOON, Kind.CLOSE, Kind.UNIT}
_UNMISTAKABLE = frozenset({*_NAMES_OF_DAYS, *_NAMES_OF_TIMES, Kind.VAGUE, Kind.EVERY})
_FIGURES, _YEAR_DIGITS = re.compile(r"\d+"), 4
_SPACE = re.compile(r"\s")
_TITLE_END = " \t\n,;:-\u2013\u2014"


# Short names of days and months that are words of their own: "where she sat", German "mach das so".
_ALSO_WORDS = frozenset(
    {
        *("sat", "sun", "wed", "mar", "may", "march", "jan", "so", "mi", "do", "sa", "fr", "mo", "di"),
        *("mer", "sam", "dim", "ven", "jeu", "vie", "dom", "eve", "mars", "mai"),
    }
)


@dataclass(frozen=True, slots=True)
class _End:
    """The last words of the text, as each language reads them."""

    words: tuple[list[Token], ...]
    origin: Sequence[int]  # in the text, of each of their letters

    @classmethod
    def of(cls, text: str, setting: Setting) -> "_End":
        offset = _offset(text)
        folded, origin = fold(text[offset:])
        found = lexemes(folded)
        words = (tokens(found, lexicon(language)) for language in languages_for(setting.locale))
        return cls(tuple(words), [place + offset for place in origin])


@dataclass(frozen=True, slots=True)
class _Tail:
    start: int  # in the text
    words: list[Token]  # of the text's end, as one language reads them
    index: int  # of its own first word
    cue: bool

    @property
    def strong(self) -> bool:
        first = self.words[self.index]
        return first.kind in _STRONG_CUES or _is_due(first)

    @property
    def after_date(self) -> bool:
        """The word just before is date-like."""
        return self.index > 0 and self.words[self.index - 1].kind in _DATE_LIKE

    @property
    def vague(self) -> bool:
        """Its first words may belong to the title."""
        own = self.words[self.index :]
        return _is_amount(own) if self.cue else _may_be_title(own)


def split_message(text: str, *, now: datetime, setting: Setting) -> tuple[str, Reading | None]:
    """The title, and the reading of the due words at its end; None when it ends in no such words.

    A reading that asks leaves its words in the title, unless every one of them was understood.
    """
    end = _End.of(text, setting)
    for tail in _tails(end):
        reading = _placed(read(text[tail.start :], now=now, setting=setting), tail.start)
        if reading.status is not Status.ASK:
            return _accepted(text, tail, reading)
        if tail.strong and reading.reason != "left_over":
            return _cut(text, tail.start), reading
    start = _unread_from(end)
    if start is None:
        return text.strip(), None
    return text.strip(), _placed(_asking(read(text[start:], now=now, setting=setting), "left_over"), start)


def _accepted(text: str, tail: _Tail, reading: Reading) -> tuple[str, Reading]:
    if tail.vague or (not tail.cue and _doubtful(tail, reading)):
        return text.strip(), _asking(reading, "no_cue")
    return _cut(text, tail.start), reading


def _doubtful(tail: _Tail, reading: Reading) -> bool:
    """Without a cue: the words before are date-like, or a whole month or quarter is named."""
    return tail.after_date or reading.grain not in ("day", "minute", "week")


def _cut(text: str, start: int) -> str:
    return text[:start].strip().rstrip(_TITLE_END)


def _placed(reading: Reading, start: int) -> Reading:
    return replace(reading, span=(reading.span[0] + start, reading.span[1] + start))


def _asking(reading: Reading, reason: str) -> Reading:
    return replace(reading, status=Status.ASK, due=None, local=None, last_day=None, grain="", reason=reason)


def _tails(end: _End) -> list[_Tail]:
    """Where a due phrase may begin, the longest first; no word of it may be unknown to the language."""
    found: dict[int, _Tail] = {}
    for words in end.words:
        for index in _beginnings(words):
            start, cue = end.origin[words[index].start], _is_cue(words[index])
            if start not in found or (cue and not found[start].cue):
                found[start] = _Tail(start, words, index, cue)
    return [found[start] for start in sorted(found)]


def _beginnings(words: list[Token]) -> Iterator[int]:
    last_unknown = max((i for i, word in enumerate(words) if word.kind is Kind.UNKNOWN), default=-1)
    for index in range(max(last_unknown + 1, len(words) - MOST_WORDS), len(words)):
        if not words[index].glued or index == 0:
            yield index


def _is_cue(first: Token) -> bool:
    return first.kind in _CUES or _is_due(first)


def _is_due(first: Token) -> bool:
    return first.kind is Kind.FILL and first.text.startswith(("due", "deadline"))


def _offset(text: str) -> int:
    """Where the end that we look at begins; never inside a word."""
    if len(text) <= TAIL:
        return 0
    space = _SPACE.search(text, len(text) - TAIL)
    return space.end() if space else len(text)


def _is_amount(tail: list[Token]) -> bool:
    """Reduce the tickets by 5: how many, not when."""
    return tail[0].kind is Kind.BY and [token.kind for token in tail[1:]] == [Kind.NUM]


def _may_be_title(tail: list[Token]) -> bool:
    """Slides for Friday, the second, order 5 tomorrow, plan lunch, the sun."""
    first, rest = tail[0], tail[1:]
    if first.kind in (Kind.FILL, Kind.ART, Kind.A, Kind.HALF, Kind.OF, Kind.TO, Kind.AND):
        return True
    if first.kind in (Kind.NUM, Kind.ORD):
        return not rest or rest[0].kind not in (Kind.MONTH, Kind.AMPM, Kind.HOUR, Kind.DOT, Kind.OF)
    if first.kind is Kind.CHAIN:
        return not any(len(part) == _YEAR_DIGITS for part in _FIGURES.findall(first.text))
    return first.kind in (Kind.DPART, Kind.NOON, Kind.MIDNIGHT) or (not rest and first.text in _ALSO_WORDS)


def _dated(words: list[Token]) -> bool:
    return any(word.kind in _UNMISTAKABLE for word in words)


def _unread_from(end: _End) -> int | None:
    """Where a due date seems to be: a strong cue with something date-like soon after it."""
    for words in end.words:
        for index, word in enumerate(words):
            if word.kind in _STRONG_CUES and _dated(words[index + 1 : index + 4]):
                return end.origin[word.start]
    return None
