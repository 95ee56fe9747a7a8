"""People's words, made safe to keep and to show: nothing invisible, nothing endless, cut on a grapheme."""

from __future__ import annotations

import re
import unicodedata

from commitments.errors import Unfit

MARK = "…"
COMBINING_AT_MOST = 4  # T17: more on one letter is decoration or attack
# Bidirectional controls, zero-widths and soft hyphens: they hide or reorder what a reader sees (T17).
# ZWJ and ZWNJ stay: emoji families and several scripts need them.
_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LINES = re.compile(r"\n{3,}")
_JOINERS = frozenset("\u200d\ufe0f\ufe0e")


def clean(text: str, limit: int) -> str:
    """One tidy text of at most `limit` characters, cut with a visible mark."""
    text = _CONTROL.sub("", _HIDDEN.sub("", unicodedata.normalize("NFC", text[: limit * 8])))
    text = _LINES.sub("\n\n", _SPACES.sub(" ", _calm(text))).strip()
    return shorten(text, limit)


def one_line(text: str, limit: int) -> str:
    return clean(" ".join(text.split()), limit)


def required(text: str, limit: int, field: str) -> str:
    """A cleaned single line; Unfit when nothing visible is left or it is longer than the limit."""
    tidy = " ".join(clean(text, limit * 4).split())
    if not any(unicodedata.category(c)[0] in "LNPS" for c in tidy):
        raise Unfit("needed", field)
    if len(tidy) > limit:
        raise Unfit("too_long", field, limit=str(limit))
    return tidy


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; never inside a grapheme."""
    if len(text) <= limit:
        return text
    end = limit - len(MARK)
    while end > 0 and _belongs(text, end):
        end -= 1
    return text[:end].rstrip() + MARK


def _belongs(text: str, at: int) -> bool:
    """Whether the character there is part of the grapheme before it."""
    char, before = text[at], text[at - 1]
    return bool(unicodedata.combining(char)) or char in _JOINERS or before == "\u200d" or _is_tone(char)


def _is_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _calm(text: str) -> str:
    """Caps the combining marks on one letter."""
    if not any(unicodedata.combining(c) for c in text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= COMBINING_AT_MOST:
            kept.append(char)
    return "".join(kept)
