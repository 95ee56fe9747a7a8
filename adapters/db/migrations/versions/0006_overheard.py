"""Where Kept may read, and what it noticed there.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import count, moment, own_id, words, yes

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "earshots",
        own_id(),
        words("tenant"),
        count("mapping_version"),
        moment("on_at"),
        words("on_by", null=True),
        moment("theirs_at"),
        words("theirs_by", null=True),
        count("version"),
    )
    op.create_table(
        "left_out",
        words("tenant"),
        words("place_id"),
        words("person_id"),
        moment("at", null=False),
        sa.PrimaryKeyConstraint("tenant", "place_id", "person_id"),
    )
    op.create_table(
        "sightings",
        own_id(),
        words("tenant"),
        words("place_id"),
        words("partnership_id"),
        words("person_id"),
        words("message"),
        words("thread"),
        words("sort"),
        words("cue"),
        words("owner"),
        words("likeness"),
        moment("at", null=False),
        words("state"),
        yes("was_offered"),
        words("listed_for", null=True),
        words("promise_id", null=True),
        words("passage", null=True),
        count("version"),
    )
    for columns in (["place_id", "at"], ["person_id", "at"], ["at"]):
        op.create_index(f"ix_sightings_{'_'.join(columns)}", "sightings", columns)
    op.create_table(
        "cue_dismissals",
        words("tenant"),
        words("person_id"),
        words("cue"),
        count("times"),
        sa.PrimaryKeyConstraint("tenant", "person_id", "cue"),
    )
    op.create_table(
        "open_requests",
        own_id(),
        words("tenant"),
        words("place_id"),
        words("person_id"),
        words("message"),
        words("thread"),
        words("words"),
        moment("at", null=False),
        yes("is_passed"),
    )
    for columns in (["place_id", "at"], ["at"]):
        op.create_index(f"ix_open_requests_{'_'.join(columns)}", "open_requests", columns)


def downgrade() -> None:
    for table in ("open_requests", "cue_dismissals", "sightings", "left_out", "earshots"):
        op.drop_table(table)
