"""Slack's installations, and what no handler understood.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import count, moment, own_id, row_id, words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "quarantine",
        row_id(),
        words("tenant"),
        words("platform"),
        words("kind"),
        words("reason"),
        words("body"),
        moment("received_at", null=False),
    )
    op.create_index("ix_quarantine_tenant", "quarantine", ["tenant"])
    op.create_index("ix_quarantine_received_at", "quarantine", ["received_at"])
    op.create_table(
        "slack_installations",
        own_id(),
        words("tenant"),
        words("team_id", null=True),
        words("enterprise_id", null=True),
        words("app_id"),
        words("bot_user_id"),
        words("bot_id", null=True),
        words("installed_by", null=True),
        words("scopes"),
        words("token", null=True),
        words("refresh_token", null=True),
        moment("expires_at"),
        words("state"),
        moment("installed_at", null=False),
        moment("ended_at"),
        words("refreshing_by", null=True),
        moment("refreshing_until"),
        words("circuit_reason", null=True),
        moment("circuit_open_until"),
        count("version"),
        sa.UniqueConstraint("tenant"),
    )
    op.create_index("ix_slack_installations_state_ended_at", "slack_installations", ["state", "ended_at"])
    op.create_table("slack_oauth_states", own_id(), moment("created_at", null=False))
    op.create_index("ix_slack_oauth_states_created_at", "slack_oauth_states", ["created_at"])


def downgrade() -> None:
    op.drop_table("slack_oauth_states")
    op.drop_table("slack_installations")
    op.drop_table("quarantine")
