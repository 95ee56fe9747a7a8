"""A card as the connector would get it, for looking at without a tenant."""

from __future__ import annotations

from adapters.teams.messages import activity
from adapters.teams.spans import Json, Tenant
from bot.cards import Card


def as_teams(card: Card) -> Json:
    """People are mentioned by ids that look like those of Teams."""
    return activity(card, Tenant(resolve=_looks_like_an_id))


def _looks_like_an_id(person_id: str) -> str:
    return f"29:{''.join(char for char in person_id if char.isascii() and char.isalnum())}"
