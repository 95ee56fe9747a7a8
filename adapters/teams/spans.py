"""Spans as rich text, in which no client looks for markup; as Markdown only where Teams takes nothing else.

Mentions are read in text blocks and facts only, and facts are Markdown:
learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from adapters.teams.escape import beside, bold, inert, label, markdown, opening, run
from adapters.teams.limits import MENTION_NAME
from bot.cards import Link, Mention, Span, Strong, Text
from bot.plain import flat
from bot.wording import plain

Json = dict[str, Any]

# A person, by Bot Framework's id or Entra's; never a team, a channel or a tag (L35). The same page.
_PERSON = re.compile(
    r"29:[\w-]{1,200}|(?:8:orgid:)?[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}", re.ASCII
)
_WEB_ADDRESS = re.compile(r"https://[\w\-./~?=&%#:@+,;]+", re.ASCII)  # nothing that ends a link in Markdown


def nobody(person_id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """What rendering must know of where a card will be read."""

    resolve: Callable[[str], str | None] = nobody  # person id -> Teams user id; None: named, not notified
    origin: str = ""  # KEPT_PUBLIC_URL: only links to it can be clicked (T16)


ANYWHERE = Tenant()


class Writer:
    """Writes one card. Each person is mentioned once, the first time they are named.

    Clients pair mentions and entities by their order when one of them cannot be found.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._entities: dict[str, Json] = {}  # by Teams user id

    @property
    def entities(self) -> list[Json]:
        """For the `msteams` part of a card."""
        return list(self._entities.values())

    def block(self, text: Text, **look: str) -> Iterator[Json]:
        """Nothing, when there is nothing to see. `look` is of the whole block, such as its spacing."""
        if not inert(flat(text)).strip():
            return
        if any(map(self._to_mention, text)):
            yield {"type": "TextBlock", "text": self.markdown(text), "wrap": True, **look}
        else:
            yield {"type": "RichTextBlock", "inlines": list(self._runs(text)), **look}

    def markdown(self, text: Text) -> str:
        """As paragraphs, since clients fold single line breaks."""
        lines = beside(map(self._marked_up, self._settled(text))).split("\n")
        return "\n\n".join(line for line in map(opening, lines) if line)

    def _settled(self, text: Text) -> Iterator[Span]:
        """Links that are not ours are words."""
        for span in text:
            is_foreign = isinstance(span, Link) and not self._is_ours(span.url)
            yield plain(span) if is_foreign else span

    def _runs(self, text: Text) -> Iterator[Json]:
        for style, spans in groupby(self._settled(text), key=_style):
            if words := run(map(_words, spans)):
                yield {"type": "TextRun", "text": words, **style}

    def _marked_up(self, span: Span) -> str:
        match span:
            case Strong(text):
                return bold(text)
            case Mention(_, name) if user := self._to_mention(span):
                return self._tag(user, name)
            case Link(_, url):
                return f"[{markdown(_words(span))}]({url})"
            case _:
                return markdown(plain(span))

    def _to_mention(self, span: Span) -> str | None:
        """Their Teams user id."""
        found = self._tenant.resolve(span.person_id) if isinstance(span, Mention) else None
        return found if found and _PERSON.fullmatch(found) and found not in self._entities else None

    def _tag(self, user: str, name: str) -> str:
        """Pairs text and entity, and is not shown: letters and figures only, and each its own."""
        words = " ".join(re.findall(r"[^\W_]+", label(name, MENTION_NAME))) or "person"
        taken = {entity["text"] for entity in self._entities.values()}
        tags = (f"<at>{words}{f' {n}' if n > 1 else ''}</at>" for n in count(1))
        tag = next(each for each in tags if each not in taken)
        mentioned = {"id": user, "name": label(name, MENTION_NAME)}
        self._entities[user] = {"type": "mention", "text": tag, "mentioned": mentioned}
        return tag

    def _is_ours(self, url: str) -> bool:
        origin = self._tenant.origin.rstrip("/")
        inside = url == origin or url.startswith(f"{origin}/")
        return origin.startswith("https://") and inside and _WEB_ADDRESS.fullmatch(url) is not None


def _style(span: Span) -> Json:
    match span:
        case Strong():
            return {"weight": "Bolder"}
        case Link(_, url):
            return {"selectAction": {"type": "Action.OpenUrl", "url": url}}
        case _:
            return {}


def _words(span: Span) -> str:
    return span.text or span.url if isinstance(span, Link) else plain(span)
