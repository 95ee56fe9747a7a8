"""Places where nothing is read but what is said to Kept.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    no = sa.Column("asked_only", sa.Boolean, nullable=False, server_default=sa.false())
    if op.get_bind().dialect.name == "sqlite":
        _add_in_order(no)
    else:
        op.add_column("places", no)
    with op.batch_alter_table("places") as places:
        places.alter_column("asked_only", server_default=None)


def _add_in_order(column: sa.Column[bool]) -> None:
    """SQLite puts a column that is added behind the constraints; made anew, the table reads as ours does."""
    with op.batch_alter_table("places", recreate="always") as places:
        places.add_column(column, insert_after="quiet")


def downgrade() -> None:
    with op.batch_alter_table("places") as places:
        places.drop_column("asked_only")
