"""Cards as messages of Block Kit: a header, rich text, buttons; the plain-text twin for notifications.

A card that is too long for one message is said more plainly before anything of it is left off, and what is
left off is counted: "… +7".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from adapters.slack.limits import (
    ACTIONS,
    BUTTON_LABEL,
    HEADER,
    MESSAGE_BLOCKS,
    MESSAGE_JSON,
    MESSAGE_TEXT,
    SECTION,
)
from adapters.slack.mrkdwn import inert, label, notification
from adapters.slack.rich_text import ANYWHERE, Json, Workspace, block, bullets, section
from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Strong, Text, Tone
from bot.plain import body, plain_text
from commitments.text import MARK, shorten

PARTY = "🎉"
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AGAIN = "#"  # after a verb that stands in one block before: Slack wants each action_id once
_BODIES = (12_000, 9_000, 6_000, 3_000, 1_000)  # characters of plain lines, tried in turn
_GROUPS = (16, 8, 4, 2, 1, 0)  # groups of buttons, tried in turn when even the shortest lines are too long


def message(card: Card, workspace: Workspace = ANYWHERE) -> Json:
    """What chat.postMessage and chat.update take, but for the channel. Nothing in it unfurls or is parsed."""
    return {
        "text": notification(plain_text(card), MESSAGE_TEXT) or MARK,
        "blocks": message_blocks(card, workspace),
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def message_blocks(card: Card, workspace: Workspace) -> list[Json]:
    """The first way of saying it that fits, from the richest to the shortest."""
    drafts = (list(draft) for draft in _ways_to_say(card, workspace))
    return next(draft for draft in drafts if _fits(draft))


def card_blocks(card: Card, workspace: Workspace) -> Iterator[Json]:
    """All of a card at its richest, whatever its length."""
    yield from _heading(card)
    yield from _said(card.blocks, workspace)
    yield from _presses(card.buttons)


def verb_of(action_id: str) -> str:
    """The verb that a pressed button bears."""
    return action_id.split(_AGAIN)[0]


def plain(text: str) -> Json:
    """A plain-text object, which Slack does not search for markup; `emoji` off leaves :shortcodes: alone."""
    return {"type": "plain_text", "text": text, "emoji": False}


def plain_section(text: str) -> Json:
    return {"type": "section", "text": plain(text)}


def more(n: int) -> str:
    """How much was left off, in no language."""
    return f"{MARK} +{n}"


def _ways_to_say(card: Card, workspace: Workspace) -> Iterator[Iterable[Json]]:
    yield card_blocks(card, workspace)
    lines = [line for line in inert(body(card)).split("\n") if line.strip()]
    for most in _BODIES:
        yield [*_heading(card), *_plainly(lines, most), *_presses(card.buttons)]
    for groups in _GROUPS:
        yield [*_heading(card), *_plainly(lines, _BODIES[-1]), *_presses(card.buttons, groups)]


def _fits(blocks: list[Json]) -> bool:
    return len(blocks) <= MESSAGE_BLOCKS and len(_COMPACT.encode(blocks)) <= MESSAGE_JSON


def _heading(card: Card) -> Iterator[Json]:
    """A title that is too long for a header stands in full below it."""
    title = f"{PARTY} {card.title}" if card.tone is Tone.CELEBRATION else card.title
    yield {"type": "header", "text": plain(label(title, HEADER))}
    if len(label(title, SECTION)) > HEADER:
        yield plain_section(label(card.title, SECTION))


def _said(blocks: tuple[Block, ...], workspace: Workspace) -> Iterator[Json]:
    """A line and the list it introduces are one block, so that they stand together."""
    introduction: Json | None = None
    for each in blocks:
        match each:
            case Paragraph(text):
                yield from block(introduction)
                introduction = section(text, workspace)
            case Facts(pairs):
                yield from block(introduction)
                introduction = section(_lines(pairs), workspace)
            case Bullets(items):
                yield from block(introduction, bullets(items, workspace))
                introduction = None
    yield from block(introduction)


def _lines(pairs: tuple[tuple[str, Text], ...]) -> Text:
    lines = (("\n", Strong(name), ": ", *text) for name, text in pairs)
    return tuple(span for line in lines for span in line)[1:]


def _plainly(lines: list[str], most: int) -> Iterator[Json]:
    """The twin's lines in as few blocks as they fit; what is beyond `most` characters is counted."""
    for text in _packed(_cut(lines, most)):
        yield plain_section(text)


def _cut(lines: list[str], most: int) -> list[str]:
    kept = _within(lines, most)
    if kept == len(lines):
        return lines
    shown = lines[:kept] or [shorten(lines[0], most)]
    left = len(lines) - len(shown)
    return [*shown, more(left)] if left else shown


def _within(lines: list[str], most: int) -> int:
    """How many lines fit."""
    used = 0
    for count, line in enumerate(lines):
        used += len(line) + 1
        if used > most:
            return count
    return len(lines)


def _packed(lines: Iterable[str]) -> Iterator[str]:
    """Joined to texts that a section holds; a longer line runs on in the next one."""
    text = ""
    for piece in (piece for line in lines for piece in _pieces(line)):
        if text and len(text) + 1 + len(piece) > SECTION:
            yield text
            text = ""
        text = f"{text}\n{piece}" if text else piece
    if text:
        yield text


def _pieces(line: str) -> Iterator[str]:
    while len(line) > SECTION:
        piece = shorten(line, SECTION)
        yield piece
        line = MARK + line[len(piece) - len(MARK) :].lstrip()
    yield line


def _presses(buttons: tuple[Button, ...], at_most: int | None = None) -> Iterator[Json]:
    """Grouped under what they are about, where a card is about several things."""
    groups = [(about, list(group)) for about, group in groupby(buttons, key=lambda button: button.about)]
    is_bundle = len({about for about, _ in groups}) > 1
    for about, group in groups[:at_most]:
        if is_bundle and inert(about).strip():
            yield from block(section((Strong(label(about, HEADER)),), ANYWHERE))
        yield from _rows(group)
    if at_most is not None and len(groups) > at_most:
        yield plain_section(more(len(groups) - at_most))


def _rows(buttons: list[Button]) -> Iterator[Json]:
    for start in range(0, len(buttons), ACTIONS):
        row = buttons[start : start + ACTIONS]
        yield {"type": "actions", "elements": [_press(button, row[:n]) for n, button in enumerate(row)]}


def _press(button: Button, before: list[Button]) -> Json:
    times = sum(each.verb == button.verb for each in before)
    press: Json = {
        "type": "button",
        "text": plain(label(button.label, BUTTON_LABEL)),
        "action_id": f"{button.verb}{_AGAIN}{times}" if times else button.verb,
    }
    if button.value:
        press["value"] = button.value
    if button.primary:
        press["style"] = "primary"
    return press
