"""The plain-text twin: everything a card says, and what can be answered, without any markup."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Text
from bot.wording import plain


def flat(text: Text) -> str:
    return "".join(plain(span) for span in text)


def body(card: Card) -> str:
    """The blocks as lines, without title and buttons."""
    return "\n".join(line for block in card.blocks for line in _lines(block))


def plain_text(card: Card) -> str:
    """The complete twin: title, body, then the answers in square brackets."""
    parts = (card.title, body(card), "\n".join(_answers(card.buttons)))
    return "\n".join(part for part in parts if part)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield flat(block.text)
        case Facts():
            yield from (f"{name}: {flat(text)}" for name, text in block.pairs)
        case Bullets():
            yield from (f"• {flat(item)}" for item in block.items)


def _answers(buttons: tuple[Button, ...]) -> Iterator[str]:
    """One line per thing the buttons are about, in order."""
    for about in dict.fromkeys(button.about for button in buttons):
        labels = " ".join(f"[{b.label}]" for b in buttons if b.about == about)
        yield f"{about}: {labels}" if about and len({b.about for b in buttons}) > 1 else labels
