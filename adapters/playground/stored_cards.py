"""A card as JSON text and back, span by span, so that a stored card renders like a fresh one."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.cards import (
    Block,
    Bullets,
    Button,
    Card,
    Facts,
    Link,
    Mention,
    Moment,
    Paragraph,
    Span,
    Strong,
    Text,
    Tone,
)


def write_card(card: Card) -> str:
    return json.dumps(
        {
            "title": card.title,
            "tone": card.tone.value,
            "blocks": [_block(block) for block in card.blocks],
            "buttons": [asdict(button) for button in card.buttons],
        },
        ensure_ascii=False,
    )


def read_card(text: str) -> Card:
    stored = json.loads(text)
    return Card(
        title=stored["title"],
        tone=Tone(stored["tone"]),
        blocks=tuple(_read_block(block) for block in stored["blocks"]),
        buttons=tuple(Button(**button) for button in stored["buttons"]),
    )


def _block(block: Block) -> list[Any]:
    match block:
        case Paragraph(text):
            return ["paragraph", _text(text)]
        case Facts(pairs):
            return ["facts", [[name, _text(text)] for name, text in pairs]]
        case Bullets(items):
            return ["bullets", [_text(item) for item in items]]


def _text(text: Text) -> list[Any]:
    return [_span(span) for span in text]


def _span(span: Span) -> str | list[str]:
    match span:
        case str():
            return span
        case Mention(person_id, name):
            return ["mention", person_id, name]
        case Moment(at, words):
            return ["moment", at.isoformat(), words]
        case Strong(text):
            return ["strong", text]
        case Link(text, url):
            return ["link", text, url]


def _read_block(stored: list[Any]) -> Block:
    match stored:
        case ["paragraph", text]:
            return Paragraph(_read_text(text))
        case ["facts", pairs]:
            return Facts(tuple((name, _read_text(text)) for name, text in pairs))
        case ["bullets", items]:
            return Bullets(tuple(_read_text(item) for item in items))
    raise ValueError("a block of an unknown kind")


def _read_text(stored: list[Any]) -> Text:
    return tuple(_read_span(span) for span in stored)


def _read_span(stored: Any) -> Span:
    match stored:
        case str():
            return stored
        case ["mention", person_id, name]:
            return Mention(person_id, name)
        case ["moment", at, words]:
            return Moment(datetime.fromisoformat(at), words)
        case ["strong", text]:
            return Strong(text)
        case ["link", text, url]:
            return Link(text, url)
    raise ValueError("a span of an unknown kind")
