"""The playground's messages and open forms.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import moment, own_id, row_id, words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "playground_messages",
        row_id(),
        words("tenant"),
        words("ref"),
        words("place_id"),
        words("author", null=True),
        words("only_for", null=True),
        moment("at", null=False),
        words("text"),
        words("card", null=True),
        words("offered", null=True),
        words("thread", null=True),
        words("key", null=True),
        sa.UniqueConstraint("tenant", "ref"),
        sa.UniqueConstraint("tenant", "key"),
    )
    op.create_index("ix_playground_messages_place_id_id", "playground_messages", ["place_id", "id"])
    op.create_table(
        "playground_forms",
        own_id(),
        words("tenant"),
        words("person_id"),
        words("form_id"),
        words("subject"),
        words("place_id", null=True),
        words("kept"),
        moment("at", null=False),
        sa.UniqueConstraint("tenant", "person_id", "form_id", "subject"),
    )


def downgrade() -> None:
    op.drop_table("playground_forms")
    op.drop_table("playground_messages")
