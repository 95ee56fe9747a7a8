"""HTML as values: whatever is not already `Html` is escaped, so that nobody has to remember to."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias


class Html(str):
    """Markup that is safe to send as it stands."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child] | None"
Attribute: TypeAlias = str | int | bool | None

_VOID = frozenset({"br", "input"})


def element(name: str, *children: Child, **attributes: Attribute) -> Html:
    """`class_` reads `class`, `data_verb` `data-verb`; True is a bare attribute, None and False are none."""
    opening = Html(f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>")
    if name in _VOID:
        return opening
    return Html(f"{opening}{markup(children)}</{name}>")


def markup(child: Child) -> Html:
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return Html(escape(child))
    return Html("".join(markup(each) for each in child or ()))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
