"""Text as Slack delivers it, as a person meant it: entities undone, people and channels by Kept's ids.

Commands come escaped (the manifest asks for it), so that a mention is an id and not a name two may share:
docs.slack.dev/messaging/formatting-message-text, "Retrieving messages".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from adapters.typed import ref, settled, typed

PEOPLE_AT_MOST = 10  # of one message are looked up
_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,40})(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,40})(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<!(?:subteam\^\w+\|)?@?([^<>|^]{1,80})(?:\^[^<>|]*)?(?:\|([^<>]*))?>")
_LINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^<>|]*)(?:\|([^<>]*))?>", re.IGNORECASE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # ampersands last, or two turns become one


def people_in(text: str) -> list[str]:
    """Account ids, once each, in order."""
    return list(dict.fromkeys(found[0] for found in _PERSON.findall(text)))[:PEOPLE_AT_MOST]


def channels_in(text: str) -> list[str]:
    return list(dict.fromkeys(found[0] for found in _CHANNEL.findall(text)))[:PEOPLE_AT_MOST]


def without(text: str, account: str) -> str:
    """The text after the first mention of an account, such as Kept's own; whole where there is none."""
    parts = re.split(rf"<@{re.escape(account)}(?:\|[^<>]*)?>[:,]?\s*", text, maxsplit=1)
    return " ".join(part for part in (each.strip() for each in parts) if part)


def meant(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """`people` and `channels` give Kept's id by Slack's; who is not in them stays a name, not an id.

    What looks like one of our ids but was typed by hand is broken up: only what was looked up is one.
    """
    text = typed(text)
    text = _PERSON.sub(lambda found: ref("@", people.get(found[1]), found[2] or ""), text)
    text = _CHANNEL.sub(lambda found: ref("#", channels.get(found[1]), found[2] or "channel"), text)
    text = _LINK.sub(lambda found: _link(found[1], found[2] or ""), text)
    text = _SPECIAL.sub(lambda found: "@" + (found[2] or found[1]).lstrip("@"), text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return settled(text)


def _link(url: str, label: str) -> str:
    """A bare address shows as itself, and so does one that Slack made of a word such as acme.com."""
    if not label or label in url:
        return label if label and url.startswith(("http", "mailto:")) and "/" not in label else url
    return f"{label} ({url})"
