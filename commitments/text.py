"""People's words, made safe to keep and to show: nothing invisible, nothing endless, cut on a grapheme."""

from __future__ import annotations

import re
import unicodedata

from commitments.errors import Unfit

MARK = "…"
COMBINING_AT_MOST = 4  # T17: more on one letter is decoration or attack
READ_AT_MOST = 40_000  # characters; Slack cuts there, docs.slack.dev/reference/methods/chat.postMessage
# Bidirectional controls, zero-widths, fillers and tags: they hide or reorder what a reader sees (T17).
# ZWJ and ZWNJ stay: emoji families and several scripts need them.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # lone surrogates cannot be stored
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u2800\u3000]+")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_LINES = re.compile(r"\n(?: ?\n){2,}")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


def clean(text: str, limit: int) -> str:
    """One tidy text of at most `limit` characters, cut with a visible mark."""
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly every text: nothing to tidy
        return shorten(text[:READ_AT_MOST].strip(), limit)
    text = _HIDDEN.sub("", _BREAKS.sub("\n", text[:READ_AT_MOST]))
    # Calmed before composing, which takes quadratic time over a flood, and after, as some letters come apart.
    text = _calm(unicodedata.normalize("NFC", _calm(_CONTROL.sub("", text))))
    return shorten(_LINES.sub("\n\n", _SPACES.sub(" ", text)).strip(), limit)


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
    if _is_flag_half(char):
        return (at - _flag_start(text, at)) % 2 == 1
    is_mark = _is_stacked(char) or unicodedata.category(char) == "Mc"
    return is_mark or before == "\u200d" or _is_tone(char)


def _is_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_stacked(char: str) -> bool:
    """Takes no room of its own. Spacing marks do, and Burmese has five on one letter."""
    return char in _JOINERS or unicodedata.category(char) in ("Mn", "Me")


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_start(text: str, at: int) -> int:
    while at > 0 and _is_flag_half(text[at - 1]):
        at -= 1
    return at


def _calm(text: str) -> str:
    """Caps the marks on one letter, joiners included."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if _is_stacked(char) else 0
        if run <= COMBINING_AT_MOST:
            kept.append(char)
    return "".join(kept)
