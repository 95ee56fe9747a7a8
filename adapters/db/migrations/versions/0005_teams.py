"""Where to speak to whom on Teams, and words that wait for a form there.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import moment, own_id, row_id, words, yes

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "teams_conversations",
        row_id(),
        words("tenant"),
        words("conversation_id"),
        words("kind"),
        words("host", null=True),
        words("service_url"),
        words("bot_id"),
        words("team_id", null=True),
        words("account", null=True),
        words("user_id", null=True),
        yes("is_shared"),
        moment("updated_at", null=False),
        sa.UniqueConstraint("tenant", "conversation_id"),
    )
    op.create_index("ix_teams_conversations_tenant_account", "teams_conversations", ["tenant", "account"])
    op.create_table(
        "teams_asks",
        own_id(),
        words("tenant"),
        words("account"),
        words("asked"),
        moment("at", null=False),
    )
    op.create_index("ix_teams_asks_at", "teams_asks", ["at"])


def downgrade() -> None:
    op.drop_table("teams_asks")
    op.drop_table("teams_conversations")
