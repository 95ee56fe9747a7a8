"""What was found in pasted notes.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

from adapters.db.columns import count, moment, own_id, words

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "jottings",
        own_id(),
        words("tenant"),
        words("person_id"),
        words("partnership_id"),
        words("place_id", null=True),
        words("link", null=True),
        moment("at", null=False),
        words("found"),
        count("taken"),
        count("version"),
    )
    op.create_index("ix_jottings_at", "jottings", ["at"])


def downgrade() -> None:
    op.drop_table("jottings")
