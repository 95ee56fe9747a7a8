"""What people wrote, made inert for Slack. Markup is never built from text: see `rich_text`.

Three kinds of text reach Slack, and none of them may turn words into markup:
1. text in rich text and in plain-text objects, which Slack shows as it stands;
2. the same in between words of ours, where other scripts must not reorder them;
3. a message's `text`, for notifications, the only place where Slack looks for markup.
"""

from __future__ import annotations

import re
import unicodedata

from commitments.text import MARK, READ_AT_MOST, clean, shorten

_LINE_AT_MOST = READ_AT_MOST - 1  # so that what is not read leaves a mark
_FLOOD = re.compile(r"\n{3,}")
# A bracket that would open a mention, a channel, a command or a link, should Slack ever read it as markup.
_OPENS_MARKUP = re.compile(r"<(?=[!@#]|http|[a-z][\w+.-]*:)", re.IGNORECASE)
_SHORTCODE = re.compile(r":(?=[a-z0-9_+'-]*[a-z_+'-][a-z0-9_+'-]*:)", re.IGNORECASE)
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # unicode.org/reports/tr9: first strong isolate, pop
_WORD_JOINER = "\u2060"  # invisible, no break: within a shortcode's name it makes it no name


def inert(text: str) -> str:
    """Nothing hidden, nothing that reads as markup; spaces and line breaks at either end are kept."""
    if "\n" not in text:
        return _inert_line(text)
    return _FLOOD.sub("\n\n", "\n".join(map(_inert_line, text.split("\n"))))


def _inert_line(line: str) -> str:
    core = line.strip(" ")
    if not core:
        return line
    start = line.index(core)
    return line[:start] + unopened(clean(core, _LINE_AT_MOST)) + line[start + len(core) :]


def unopened(text: str) -> str:
    """To be asked again of texts put together: neither "<" nor "!here>" is markup, both are."""
    return _OPENS_MARKUP.sub("‹", text) if "<" in text else text


def isolated(text: str) -> str:
    """Inert; words of a right-to-left script keep to themselves, so that they cannot reorder ours (T17)."""
    tidy = inert(text)
    if tidy.isascii() or not any(unicodedata.bidirectional(char) in ("R", "AL") for char in tidy):
        return tidy
    return f"{_ISOLATE}{tidy}{_END_ISOLATE}"


def label(text: str, limit: int) -> str:
    """One inert line for a plain-text object, which Slack refuses when empty."""
    return shorten(" ".join(inert(text).split()), limit) or MARK


def notification(text: str, limit: int) -> str:
    """For `text`, sent with `mrkdwn` and `parse` off: brackets escaped, shortcodes broken, then cut."""
    tidy = shorten(inert(text), limit)
    while len(escaped := _escaped(tidy)) > limit:
        tidy = shorten(tidy, len(tidy) - max(1, (len(escaped) - limit) // len("&amp;")))
    return escaped


def _escaped(text: str) -> str:
    """The three characters that docs.slack.dev/messaging/formatting-message-text names."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SHORTCODE.sub(f":{_WORD_JOINER}", text)
