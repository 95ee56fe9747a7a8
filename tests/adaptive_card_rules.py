"""What Teams refuses, or must never be sent: the schema of Adaptive Cards, and rules no schema holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator
from markdown_it import MarkdownIt

from adapters.teams.limits import CARD_BYTES

Json = dict[str, Any]

# As strict as any client: CommonMark and its usual extensions, and HTML, which none of them takes.
MARKDOWN = MarkdownIt("js-default", {"html": True})
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff\x00-\x08]")
AT = re.compile(r"</?at\b[^>]*>?", re.IGNORECASE)
FUNCTION = re.compile(r"\{\{\s*(?:DATE|TIME)", re.IGNORECASE)
# Where a client may find an address in bare words: a scheme, two slashes, a dot between two labels.
ADDRESS = re.compile(r"[^\W\d]:(?=[^\s\u2060])|//|\w[.。．｡](?=[^\W\d])")
TAGS = {"<p>", "</p>", "<strong>", "</strong>"}


@cache
def _validator(shared: Path) -> Draft6Validator:
    schema = json.loads((shared / "schemas/adaptive-cards/adaptive-card.1.5.0.json").read_text("utf-8-sig"))
    card = {"$ref": "#/definitions/AdaptiveCard"}  # a card's own rules are one of several at the top
    return Draft6Validator(
        {"$schema": schema["$schema"], "definitions": schema["definitions"], "anyOf": [card]}
    )


def wrong_with_card(card: Json, shared: Path | None = None) -> list[str]:
    found = [*_wrong_with_whole(card), *_wrong_with_mentions(card)]
    for part in parts(card["body"]):
        found += _wrong_with_part(part)
    for text in markdown_in(card):
        found += _wrong_with_markdown(text, card)
    found += [f"hidden in {text!r}" for text in strings(card) if HIDDEN.search(text)]
    found += [f"a function in {text!r}" for text in strings(card) if FUNCTION.search(text)]
    return found + (_errors(card, shared) if shared else [])


def parts(tree: Any) -> Iterator[Json]:
    """Every object in it, outermost first."""
    if isinstance(tree, dict):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from parts(inner)


def strings(tree: Any) -> Iterator[str]:
    """All but what stands in an input, which is for its writer to edit and is never drawn as text."""
    if isinstance(tree, str):
        yield tree
    if isinstance(tree, dict):
        is_input = tree.get("type") == "Input.Text"
        tree = [value for key, value in tree.items() if not (is_input and key == "value")]
    for inner in tree if isinstance(tree, list) else ():
        yield from strings(inner)


def markdown_in(card: Json) -> Iterator[str]:
    """Every text that a client reads as Markdown."""
    yield card["fallbackText"]
    for part in parts(card["body"]):
        if part.get("type") == "TextBlock":
            yield part["text"]
        yield from (
            part[key] for fact in part.get("facts", ()) for part in (fact,) for key in ("title", "value")
        )
        if part.get("style") == "expanded":
            yield from (choice["title"] for choice in part["choices"])


def read(markdown: str) -> str:
    """As a reader sees it, without what is invisible."""
    html = MARKDOWN.render(markdown).strip().replace("</p>\n<p>", "\n")
    return visible(unescape(re.sub(r"</?(?:p|strong|a)\b[^>]*>", "", html)))


def visible(text: str) -> str:
    return re.sub("[\u2060\u2068\u2069]", "", text)


def seen(card: Json) -> str:
    """Everything that a reader sees, in order."""
    return "\n".join(text for part in parts(card["body"]) for text in _seen(part))


def _seen(part: Json) -> Iterator[str]:
    match part.get("type"):
        case "TextBlock":
            yield read(part["text"])
        case "RichTextBlock":
            yield visible("".join(run["text"] for run in part["inlines"]))
        case "FactSet":
            yield from (f"{read(fact['title'])}: {read(fact['value'])}" for fact in part["facts"])
        case "Action.Execute":
            yield f"[{part['title']}]"


def mentioned(card: Json) -> list[str]:
    return [entity["mentioned"]["id"] for entity in card.get("msteams", {}).get("entities", ())]


def clickable(card: Json) -> list[str]:
    urls = [part["url"] for part in parts(card) if "url" in part]
    links = (re.findall(r'(?:href|src)="([^"]*)"', MARKDOWN.render(text)) for text in markdown_in(card))
    return urls + [url for found in links for url in found]


def _wrong_with_whole(card: Json) -> Iterator[str]:
    if len(json.dumps(card)) > CARD_BYTES:
        yield f"{len(json.dumps(card))} bytes"
    if card["version"] != "1.5" or not card["fallbackText"].strip() or not card["body"]:
        yield "no version, no fallback or no body"
    if any(
        part.get("type") in ("Image", "Media", "Action.ShowCard") or "isVisible" in part
        for part in parts(card)
    ):
        yield "something loaded or hidden (L33)"


def _wrong_with_mentions(card: Json) -> Iterator[str]:
    """Each entity is found once, in its order, and nothing else looks like a mention."""
    tags = [entity["text"] for entity in card.get("msteams", {}).get("entities", ())]
    found = [tag for text in _drawn(card) for tag in re.findall(r"<at>[^<]*</at>", text)]
    if found != tags or len(set(tags)) < len(tags):
        yield f"mentions {found} for {tags}"
    rest = card | {"msteams": {}}
    for text in strings(rest):
        for tag in tags:
            text = text.replace(tag, "")
        if AT.search(text):
            yield f"looks like a mention: {text!r}"


def _drawn(card: Json) -> Iterator[str]:
    for part in parts(card["body"]):
        is_input = str(part.get("type")).startswith("Input.")
        yield from (part[key] for key in ("title", "value", "text") if key in part and not is_input)


def _wrong_with_part(part: Json) -> Iterator[str]:
    if part.get("type") == "ActionSet" and not 1 <= len(part["actions"]) <= 6:
        yield f"{len(part['actions'])} actions"
    if part.get("type") == "Action.Execute" and set(part["data"]) != {"kept"}:
        yield f"an action carries {part['data']}"
    if part.get("type") in ("TextBlock", "RichTextBlock") and not seen({"body": [part]}).strip():
        yield "an empty text"
    if part.get("type") == "TextBlock" and not part["wrap"]:
        yield "a text that is cut off"


def _wrong_with_markdown(text: str, card: Json) -> Iterator[str]:
    for entity in card.get("msteams", {}).get("entities", ()):
        text = text.replace(entity["text"], "name")
    text = re.sub(r"\[[^\]]*\]\(https://kept\.example[^)]*\)", "", text)  # ours
    html = MARKDOWN.render(text)
    if set(re.findall(r"<[^>]*>", html)) - TAGS:
        yield f"markup {html!r} from {text!r}"
    if ADDRESS.search(text):
        yield f"an address in {text!r}"
    if re.search(r"\][(\[]", text):
        yield f"a link to a client that heeds no backslash: {text!r}"


def _errors(card: Json, shared: Path) -> list[str]:
    """The key of Teams is not part of the schema."""
    bare = {key: value for key, value in card.items() if key != "msteams"}
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(shared).iter_errors(bare)]
