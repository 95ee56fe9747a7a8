"""A card as chat.postMessage would get it, for looking at without a workspace."""

from __future__ import annotations

from adapters.slack.blocks import message
from adapters.slack.rich_text import Json, Workspace
from bot.cards import Card


def as_slack(card: Card) -> Json:
    """People are mentioned by ids that look like Slack's."""
    return message(card, Workspace(resolve=_looks_like_an_id))


def _looks_like_an_id(person_id: str) -> str:
    return f"U{''.join(char for char in person_id.upper() if char.isascii() and char.isalnum())}"
