"""What only Teams needs stored: where to speak to whom, and words that wait for a form."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from adapters.db.asks import asks_table
from adapters.db.columns import moment, row_id, words, yes
from adapters.db.quarantine import quarantine
from adapters.db.tables import metadata

__all__ = ["asks", "conversations", "quarantine"]

conversations = Table(
    "teams_conversations",
    metadata,
    row_id(),
    words("tenant"),
    words("conversation_id"),
    words("kind"),  # personal, channel, groupChat
    words("host", null=True),  # the Entra tenant it is stored in, which says nothing about who is in it
    words("service_url"),
    words("bot_id"),
    words("team_id", null=True),
    words("account", null=True),  # of a personal chat: whose, as in `people`
    words("user_id", null=True),  # of a personal chat: the same person's address, until they take Kept out
    yes("is_shared"),  # a shared channel, whoever is in it just now
    moment("updated_at", null=False),
    UniqueConstraint("tenant", "conversation_id"),
    Index(None, "tenant", "account"),
)

asks = asks_table("teams_asks")
