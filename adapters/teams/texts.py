"""Text as Teams delivers it, as a person meant it: tags and entities undone, people by Kept's ids."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from adapters.teams.shapes import Mention
from adapters.typed import ref, settled, typed
from commitments.text import READ_AT_MOST

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\s*\n\s*")
# What Teams writes for characters of markup, also where it says that the text is plain.
_ENTITIES = (("&nbsp;", " "), ("\u00a0", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def meant(text: str, mentions: Sequence[Mention], bot_id: str, people: Mapping[str, str]) -> str:
    """`people` gives Kept's id by user id; who is not in it stays a name. Mentions of Kept itself go.

    Only a tag that an entity names is a mention: what was typed by hand is not.
    """
    waiting: dict[str, list[str]] = defaultdict(list)  # two people of one name have one tag, in their order
    for mention in mentions:
        if mention.tag:
            waiting[mention.tag].append(mention.user_id)

    def named(found: re.Match[str]) -> str:
        users = waiting[found[0]]
        user = users.pop(0) if len(users) > 1 else users[0]
        return "" if user == bot_id else ref("@", people.get(user), _TAG.sub("", found[0]))

    text = typed(text)
    if waiting:
        tags = sorted(waiting, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, tags)), named, text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return settled(" ".join(filter(None, (part.strip(" ") for part in text.split(" ")))).strip())


def of_html(source: str) -> str:
    """The words of a message that was written with markup."""
    lines = _BREAK.sub("\n", source[: 4 * READ_AT_MOST])
    words = html.unescape(_TAG.sub("", lines)).replace("\u00a0", " ")
    return settled(typed(_BLANK_LINES.sub("\n", words).strip()))
