"""Words as somebody typed them, in which only people and places that were looked up are ids of ours."""

from __future__ import annotations

import re

_MARK = "\ufdd0{}\ufdd1"  # not characters: nobody can have typed them, and `typed` takes them out
_MARKED = re.compile("\ufdd0([@#])([^\ufdd1]*)\ufdd1")


def typed(text: str) -> str:
    """To begin with."""
    return text.replace("\ufdd0", "").replace("\ufdd1", "")


def ref(sign: str, kept_id: str | None, name: str) -> str:
    """Somebody who was not found stays a name."""
    return _MARK.format(f"{sign}{kept_id}") if kept_id else f"{sign}{name}" if name else ""


def settled(text: str) -> str:
    """In the end: what looks like one of our ids but was typed by hand is broken up."""
    text = text.replace("<@", "< @").replace("<#", "< #")
    return _MARKED.sub(lambda found: f"<{found[1]}{found[2]}>", text)
