"""What Slack refuses, or must never be sent: the schema of Block Kit, and the rules that no schema holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from adapters.slack.limits import (
    BUTTON_VALUE,
    CALLBACK_ID,
    MESSAGE_BLOCKS,
    MESSAGE_JSON,
    MESSAGE_TEXT,
    OPTION_VALUE,
    PRIVATE_METADATA,
    VIEW_BLOCKS,
    VIEW_BYTES,
)

Json = dict[str, Any]

MARKUP = re.compile(r"<(?:[!@#]|https?|mailto:|[a-z][\w+.-]*:)", re.IGNORECASE)
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff\x00-\x08]")
MESSAGE_KEYS = {"text", "blocks", "mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media"}


@cache
def _validator(shared: Path, part: str) -> Draft202012Validator:
    schema = json.loads((shared / "schemas/block-kit/slack-block-kit.schema.json").read_text("utf-8"))
    ref = {"$ref": f"#/$defs/{part}"}
    reference = ref if part != "block" else {"type": "array", "minItems": 1, "items": ref}
    return Draft202012Validator({"$schema": schema["$schema"], "$defs": schema["$defs"], **reference})


def wrong_with_message(message: Json, shared: Path | None = None) -> list[str]:
    blocks = message["blocks"]
    found = [*_wrong_with_blocks(blocks, MESSAGE_BLOCKS), *_wrong_with_text(message["text"])]
    if set(message) != MESSAGE_KEYS or any(message[key] for key in MESSAGE_KEYS if key.startswith("unfurl")):
        found.append(f"carries {sorted(message)}")
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_JSON:
        found.append("too long as JSON")
    return found + (_errors(shared, "block", blocks) if shared else [])


def wrong_with_view(view: Json, shared: Path | None = None) -> list[str]:
    found = list(_wrong_with_blocks(view["blocks"], VIEW_BLOCKS))
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        found.append("a view too large")
    if (
        len(view.get("private_metadata", "")) > PRIVATE_METADATA
        or len(view.get("callback_id", "")) > CALLBACK_ID
    ):
        found.append("more travels with the view than Slack carries")
    return found + (_errors(shared, f"{view['type']}_view", view) if shared else [])


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
        tree = [value for key, value in tree.items() if key != "initial_value"]
    for inner in tree if isinstance(tree, list) else ():
        yield from strings(inner)


def seen(tree: Any) -> str:
    """Everything that a reader sees, in order; a mention as its id, a local date as nothing."""
    texts = (part.get("text") or part.get("user_id") for part in parts(tree) if part.get("type") != "date")
    return "\n".join(text for text in texts if isinstance(text, str))


def mentioned(tree: Any) -> list[str]:
    return [part["user_id"] for part in parts(tree) if part.get("type") == "user"]


def clickable(tree: Any) -> list[str]:
    return [part["url"] for part in parts(tree) if "url" in part]


def _errors(shared: Path, part: str, tree: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}" for error in _validator(shared, part).iter_errors(tree)
    ]


def _wrong_with_blocks(blocks: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield f"a block_id twice: {ids}"
    for block in blocks:
        yield from _wrong_with_block(block)


def _wrong_with_block(block: Json) -> Iterator[str]:
    actions = [part["action_id"] for part in parts(block) if "action_id" in part]
    if len(actions) != len(set(actions)):
        yield f"an action_id twice: {actions}"
    if any(part.get("text") == "" for part in parts(block)):
        yield "an empty text"
    for part in parts(block):
        if not 0 < len(part.get("value", "x")) <= (BUTTON_VALUE if "action_id" in part else OPTION_VALUE):
            yield f"a value of {len(part['value'])} characters"
    if any(part.get("type") == "mrkdwn" for part in parts(block)):
        yield "text that Slack would search for markup"
    if any(
        part.get("type") in ("channel", "usergroup", "broadcast", "team", "emoji") for part in parts(block)
    ):
        yield "markup that no card holds"
    yield from (f"markup in {text!r}" for text in strings(block) if MARKUP.search(text))
    yield from (f"something hidden in {text!r}" for text in strings(block) if HIDDEN.search(text))


def _wrong_with_text(text: str) -> Iterator[str]:
    if not 1 <= len(text) <= MESSAGE_TEXT:
        yield f"text of {len(text)} characters"
    if re.search(r"[<>]|&(?!(?:amp|lt|gt);)", text):
        yield f"text not escaped: {text!r}"
    if HIDDEN.search(text):
        yield f"something hidden in {text!r}"
