"""Two accounts of one person, and where Kept speaks to them.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import moment, words

revision = "0007"
down_revision = "0006"

_AFTER = ("introduced_at", "same_as", "prefers", "link_code", "link_until")


def upgrade() -> None:
    columns: list[sa.Column[Any]] = [words(name, null=True) for name in _AFTER[1:-1]]
    columns.append(moment(_AFTER[-1]))
    if op.get_bind().dialect.name == "sqlite":
        _add_in_order(columns)
    else:
        for column in columns:
            op.add_column("people", column)
    op.create_index("ix_people_same_as", "people", ["same_as"])
    op.create_index("ix_people_link_code", "people", ["link_code"])


def _add_in_order(columns: Sequence[sa.Column[Any]]) -> None:
    """SQLite puts a column that is added behind the constraints; made anew, the table reads as ours does."""
    with op.batch_alter_table("people", recreate="always") as people:
        for before, column in zip(_AFTER, columns, strict=False):
            people.add_column(column, insert_after=before)


def downgrade() -> None:
    op.drop_index("ix_people_link_code", "people")
    op.drop_index("ix_people_same_as", "people")
    with op.batch_alter_table("people") as people:
        for name in _AFTER[1:]:
            people.drop_column(name)
