"""Slack's events, stored before they are acknowledged, and words that wait for a form.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import count, moment, own_id, row_id, words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "slack_events",
        row_id(),
        words("tenant"),
        words("key"),
        words("body"),
        words("state"),
        count("attempts"),
        moment("not_before", null=False),
        moment("received_at", null=False),
        words("reason", null=True),
        sa.UniqueConstraint("tenant", "key"),
    )
    op.create_index("ix_slack_events_state_not_before", "slack_events", ["state", "not_before"])
    op.create_index("ix_slack_events_received_at", "slack_events", ["received_at"])
    op.create_table(
        "slack_asks",
        own_id(),
        words("tenant"),
        words("account"),
        words("asked"),
        moment("at", null=False),
    )
    op.create_index("ix_slack_asks_at", "slack_asks", ["at"])


def downgrade() -> None:
    op.drop_table("slack_asks")
    op.drop_table("slack_events")
