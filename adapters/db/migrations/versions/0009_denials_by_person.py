"""Who was denied how often of late is asked at every reference (reliability T23).

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_denials_person_id_at", "denials", ["person_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_denials_person_id_at", "denials")
