"""What people wrote, made inert for Teams. Three kinds of text reach it:

1. runs of rich text, labels and choices in a menu, which are shown as they stand: `inert`;
2. the same between words of ours, where other scripts must not reorder them: `isolated`;
3. headings, facts, lines that mention somebody, and the fallback, all of which are Markdown: `markdown`.

Clients read Markdown differently: the web's renderer follows CommonMark, the shared parser of the native ones
(github.com/microsoft/AdaptiveCards, source/shared/cpp/ObjectModel/MarkDownBlockParser.cpp) shows backslashes
and heeds them before stars and underscores only. So a link falls apart for want of a neighbour as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from commitments.text import MARK, READ_AT_MOST, clean, shorten

WORD_JOINER = "\u2060"  # invisible, no break; `clean` takes it out of what people write
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # unicode.org/reports/tr9: first strong isolate, pop

_LINE_AT_MOST = READ_AT_MOST - 1  # so that what is not read leaves a mark
_FLOOD = re.compile(r"\n{3,}")
# HTML, <at>, <https://...>: no tag is left to escape; nor one that the text after this one would complete.
_OPENS_TAG = re.compile(r"<(?=[^\W\d]|[/!?@]|$)")
_FUNCTION = re.compile(r"\{(?=\{)")  # {{DATE(...)}} is worked out by every client, even in plain runs

_BEFORE_MARKUP = re.compile(r"[\\`*\[\]]|~(?=~)|&(?=#|\w+;)|(?<![^\W_])_|_(?![^\W_])")
_LINK = re.compile(r"(?<=\])(?=[(\[:])")
# Between scheme and rest, two slashes, a dot and the next label: where addresses are recognised.
_ADDRESS = re.compile(r"(?<=[^\W\d]:)(?=\S)|(?<=/)(?=/)|(?<=\w[.。．｡])(?=[^\W\d])")
_OPENS_BLOCK = re.compile(r"[-+#>]|\d{1,9}(?=[.)])")
# What markup, addresses and functions need side by side: the end of one piece, the start of the next.
_LEANS_ON = frozenset("]{/:.。．｡*~")
_LEANS_BACK = frozenset("([{/:.。．｡*~")


def inert(text: str) -> str:
    """Nothing hidden, nothing that any client acts on; spaces and line breaks at either end are kept."""
    if _is_inert(text):
        return text
    return _FLOOD.sub("\n\n", "\n".join(_inert_line(line) for line in text.split("\n")))


def _is_inert(text: str) -> bool:
    """So is nearly every text, and to see that is cheaper than to take it apart."""
    is_tidy = text.isascii() and text.isprintable() and "  " not in text and len(text) <= _LINE_AT_MOST
    return is_tidy and "<" not in text and "{{" not in text


def _inert_line(line: str) -> str:
    core = line.strip(" ")
    if not core:
        return line
    start = line.index(core)
    tidy = _FUNCTION.sub(f"{{{WORD_JOINER}", _OPENS_TAG.sub("‹", clean(core, _LINE_AT_MOST)))
    return line[:start] + tidy + line[start + len(core) :]


def isolated(text: str) -> str:
    """Inert; words of a right-to-left script keep to themselves, so that they cannot reorder ours (T17)."""
    tidy = inert(text)
    if tidy.isascii() or not any(unicodedata.bidirectional(char) in ("R", "AL") for char in tidy):
        return tidy
    return f"{_ISOLATE}{tidy}{_END_ISOLATE}"


def run(texts: Iterable[str]) -> str:
    """Neighbours of one style, as one run of rich text."""
    return _FUNCTION.sub(f"{{{WORD_JOINER}", "".join(isolated(text) for text in texts))


def label(text: str, limit: int) -> str:
    """One inert line, never empty."""
    return shorten(" ".join(inert(text).split()), limit) or MARK


def markdown(text: str) -> str:
    """Inert and isolated, for the middle of a line of Markdown; see `opening` for its beginning."""
    broken = _ADDRESS.sub(WORD_JOINER, isolated(text))
    return _LINK.sub(WORD_JOINER, _BEFORE_MARKUP.sub(r"\\\g<0>", broken))


def bold(text: str) -> str:
    """Joiners on the inner sides, as stars next to a quotation mark or an emoji open and close nothing."""
    words = markdown(" ".join(text.split()))
    return f"**{WORD_JOINER}{words}{WORD_JOINER}**" if words.strip() else ""


def beside(pieces: Iterable[str]) -> str:
    """Pieces of Markdown as one; two that are harmless alone make no markup together."""
    line = ""
    for piece in filter(None, pieces):
        meet = line and (line[-1] in _LEANS_ON or piece[0] in _LEANS_BACK)
        line += f"{WORD_JOINER}{piece}" if meet else piece
    return line


def opening(line: str) -> str:
    """A line of Markdown that begins no list, heading or quotation."""
    line = line.strip()
    found = _OPENS_BLOCK.match(line)
    if not found:
        return line
    at = found.end() if found[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"
