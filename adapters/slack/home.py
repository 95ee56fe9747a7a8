"""The Home tab: cards one below the other, as many as a view holds; the rest are counted."""

from __future__ import annotations

import json
from collections.abc import Sequence

from adapters.slack.blocks import card_blocks, message_blocks, more, plain_section
from adapters.slack.limits import VIEW_BLOCKS, VIEW_BYTES
from adapters.slack.rich_text import ANYWHERE, Json, Workspace
from bot.cards import Card
from commitments.text import MARK

_FOR_THE_COUNT = 1  # block
_ROUND_THE_BLOCKS = 1_000  # bytes


def home(cards: Sequence[Card], workspace: Workspace = ANYWHERE) -> Json:
    """What views.publish takes as `view`. A card is shown whole or not at all."""
    blocks: list[Json] = []
    for shown, card in enumerate(cards):
        with_card = [*blocks, *_below(blocks), *_drawn(card, workspace)]
        if not _fits(with_card):
            blocks.append(plain_section(more(len(cards) - shown)))
            break
        blocks = with_card
    return {"type": "home", "blocks": blocks or [plain_section(MARK)]}


def _fits(blocks: list[Json]) -> bool:
    """As ASCII, the longest that JSON can be written."""
    is_light = len(json.dumps(blocks)) <= VIEW_BYTES - _ROUND_THE_BLOCKS
    return is_light and len(blocks) <= VIEW_BLOCKS - _FOR_THE_COUNT


def _below(blocks: list[Json]) -> list[Json]:
    return [{"type": "divider"}] if blocks else []


def _drawn(card: Card, workspace: Workspace) -> list[Json]:
    """One card leaves room for others: no more of it than a message would hold."""
    drawn = list(card_blocks(card, workspace))
    return drawn if len(drawn) <= VIEW_BLOCKS // 2 else message_blocks(card, workspace)
