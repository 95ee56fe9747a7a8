"""Spans as rich text, where words are data: no string in it is ever read as markup.

Slack prefers it to mrkdwn (docs.slack.dev/reference/block-kit/blocks/rich-text-block); we need it, since
escaping alone stops neither *stars*, :shortcodes: nor bare links in mrkdwn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.slack.mrkdwn import inert, isolated, unopened
from bot.cards import Link, Mention, Moment, Span, Strong, Text

Json = dict[str, Any]

_WEB_ADDRESS = re.compile(r"""https?://[^\s<>|"'\\^`{}]+""")  # RFC 3986 leaves these characters out
_USER_ID = re.compile(r"[UW][A-Z0-9]+")  # docs.slack.dev/reference/objects/user-object
# A day is a moment too, without a time of day in its words; in another zone it would be the wrong day.
_TIME_OF_DAY = re.compile(r"\d[:h]\d\d(?!\d)|\d\.\d\d \w")  # 17:00, 17h00, 17.00 Helsinki; not 20.11
_LOCAL = "{date_short_pretty} {time}"  # as each reader's Slack writes it, with today and tomorrow


def nobody(person_id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What rendering must know of where a card will be read."""

    resolve: Callable[[str], str | None] = nobody  # person id -> Slack user id; None: named, not notified
    origin: str = ""  # KEPT_PUBLIC_URL: only links to it can be clicked (T16)


ANYWHERE = Workspace()


def section(text: Text, workspace: Workspace) -> Json | None:
    """None when there is nothing to see; a line break at the end would be an empty line."""
    leaves = _joined(leaf for span in _once(text) for leaf in _leaves(span, workspace))
    if leaves and leaves[-1]["type"] == "text":
        leaves[-1:] = _joined([leaves[-1] | {"text": leaves[-1]["text"].rstrip("\n")}])
    return {"type": "rich_text_section", "elements": leaves} if leaves else None


def bullets(items: Iterable[Text], workspace: Workspace) -> Json | None:
    lines = [line for item in items if (line := section(item, workspace))]
    return {"type": "rich_text_list", "style": "bullet", "elements": lines} if lines else None


def block(*elements: Json | None) -> Iterator[Json]:
    """One block of all that there is; no block when there is nothing."""
    found = [element for element in elements if element is not None]
    if found:
        yield {"type": "rich_text", "elements": found}


def _once(text: Text) -> Iterator[Span]:
    """A moment said twice in one breath is put on the reader's own clock once."""
    said: set[Span] = set()
    for span in text:
        yield span.words if isinstance(span, Moment) and span in said else span
        said.add(span)


def _leaves(span: Span, workspace: Workspace) -> Iterator[Json]:
    match span:
        case str():
            yield _words(isolated(span))
        case Strong(text):
            yield _words(isolated(text)) | {"style": {"bold": True}}
        case Mention(person_id, name):
            yield _mention(person_id, name, workspace)
        case Moment():
            yield from _moment(span)
        case Link(text, url):
            yield _link(text, url, workspace)


def _words(text: str) -> Json:
    return {"type": "text", "text": text}


def _mention(person_id: str, name: str, workspace: Workspace) -> Json:
    user = workspace.resolve(person_id) or ""
    return {"type": "user", "user_id": user} if _USER_ID.fullmatch(user) else _words(isolated(name))


def _moment(moment: Moment) -> Iterator[Json]:
    """As it was agreed, with the zone in words; then the same on the reader's own clock."""
    yield _words(inert(moment.words))
    seconds = int(moment.at.timestamp())
    if not _TIME_OF_DAY.search(moment.words) or seconds < 0:  # Slack takes none before 1970
        return
    fallback = f"{moment.at:%Y-%m-%d %H:%M} UTC"
    yield _words(" (")
    yield {"type": "date", "timestamp": seconds, "format": _LOCAL, "fallback": fallback}
    yield _words(")")


def _link(text: str, url: str, workspace: Workspace) -> Json:
    if not _is_ours(url, workspace.origin):
        return _words(isolated(text if text == url else f"{text} ({url})"))
    return {"type": "link", "url": url, "text": inert(text) or url}


def _is_ours(url: str, origin: str) -> bool:
    """Same scheme, host and port, without a name and password in front of the host."""
    if not _WEB_ADDRESS.fullmatch(url) or not url.isascii():
        return False
    try:
        wanted, found = urlsplit(origin), urlsplit(url)
        same = (found.scheme, found.hostname, found.port) == (wanted.scheme, wanted.hostname, wanted.port)
    except ValueError:
        return False
    return same and "@" not in found.netloc


def _joined(leaves: Iterable[Json]) -> list[Json]:
    """Neighbours of one style as one leaf, as Slack counts the JSON; empty ones, which it refuses, go."""
    joined: list[Json] = []
    for leaf in leaves:
        if leaf.get("text") == "":
            continue
        last = joined[-1] if joined else None
        if last and last["type"] == leaf["type"] == "text" and last.get("style") == leaf.get("style"):
            joined[-1] = leaf | {"text": unopened(last["text"] + leaf["text"])}
        else:
            joined.append(leaf)
    return joined
