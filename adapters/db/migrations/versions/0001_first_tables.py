"""The first tables.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.db.columns import belongs_to, count, moment, own_id, row_id, words, yes

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "people",
        own_id(),
        words("tenant"),
        words("platform"),
        words("account"),
        words("name"),
        words("side"),
        words("organisation", null=True),
        yes("guest"),
        yes("is_admin"),
        yes("is_active"),
        words("zone"),
        words("locale"),
        words("language", null=True),
        words("day_start"),
        words("day_end"),
        words("workdays"),
        words("country", null=True),
        words("away", null=True),
        yes("agreed_to_be_named"),
        moment("introduced_at"),
        count("version"),
        sa.UniqueConstraint("tenant", "platform", "account"),
    )
    op.create_table(
        "reports",
        words("tenant"),
        words("manager_id"),
        words("person_id"),
        sa.PrimaryKeyConstraint("tenant", "manager_id", "person_id"),
    )
    op.create_index("ix_reports_manager_id", "reports", ["manager_id"])
    op.create_index("ix_reports_person_id", "reports", ["person_id"])
    op.create_table(
        "places",
        own_id(),
        words("tenant"),
        words("platform"),
        words("route"),
        words("name"),
        words("kind"),
        words("partnership_id", null=True),
        words("organisations", null=True),
        words("person_id", null=True),
        words("zone", null=True),
        moment("introduced_at"),
        yes("quiet"),
        count("version"),
        sa.UniqueConstraint("tenant", "platform", "route"),
    )
    op.create_index("ix_places_person_id", "places", ["person_id"])
    op.create_table(
        "members",
        words("tenant"),
        belongs_to("place_id", "places"),
        words("person_id"),
        sa.PrimaryKeyConstraint("tenant", "place_id", "person_id"),
    )
    op.create_index("ix_members_person_id", "members", ["person_id"])
    op.create_index("ix_members_place_id", "members", ["place_id"])
    op.create_table(
        "partnerships",
        own_id(),
        words("tenant"),
        words("name"),
        words("name_key"),
        words("organisations", null=True),
        words("place_id", null=True),
        words("purpose", null=True),
        words("boundaries", null=True),
        words("zone"),
        words("closeness"),
        moment("paused_until"),
        yes("shows_at_once"),
        words("rhythm"),
        words("their_lead_id", null=True),
        moment("first_digest_approved_at"),
        moment("welcomed_at"),
        sa.Column("review_on", sa.Date),
        count("promises_made"),
        moment("created_at", null=False),
        count("mapping_version"),
        count("version"),
        sa.UniqueConstraint("tenant", "name_key"),
    )
    op.create_table(
        "roles",
        words("tenant"),
        belongs_to("partnership_id", "partnerships"),
        words("person_id"),
        words("role"),
        sa.PrimaryKeyConstraint("tenant", "partnership_id", "person_id", "role"),
    )
    op.create_index("ix_roles_partnership_id", "roles", ["partnership_id"])
    op.create_index("ix_roles_person_id", "roles", ["person_id"])
    op.create_table(
        "wins",
        own_id(),
        words("tenant"),
        belongs_to("partnership_id", "partnerships"),
        words("text"),
        words("by"),
        moment("at", null=False),
        words("credits", null=True),
        moment("withdrawn_at"),
    )
    op.create_index("ix_wins_partnership_id_at", "wins", ["partnership_id", "at"])
    op.create_table(
        "voices",
        own_id(),
        words("tenant"),
        belongs_to("partnership_id", "partnerships"),
        words("text"),
        words("by"),
        moment("at", null=False),
        yes("from_customer"),
        words("said_where", null=True),
        words("answer", null=True),
        words("answered_by", null=True),
        moment("answered_at"),
        count("version"),
    )
    op.create_index("ix_voices_partnership_id_at", "voices", ["partnership_id", "at"])
    op.create_table(
        "promises",
        own_id(),
        words("tenant"),
        belongs_to("partnership_id", "partnerships"),
        count("number"),
        words("title"),
        words("side"),
        words("state"),
        words("owner_id"),
        words("filed_by"),
        moment("due_at", null=False),
        words("due_zone"),
        yes("due_time_said"),
        moment("first_due_at", null=False),
        words("first_due_zone"),
        yes("first_due_time_said"),
        moment("created_at", null=False),
        moment("span_from", null=False),
        words("note", null=True),
        words("source", null=True),
        moment("shown_at"),
        moment("delivered_at"),
        words("evidence", null=True),
        moment("settled_at"),
        moment("reopened_at"),
        words("proposal", null=True),
        words("waiting", null=True),
        sa.Column("paused_for", sa.BigInteger, nullable=False),
        words("offline", null=True),
        words("question", null=True),
        moment("last_asked_at"),
        moment("release_asked_at"),
        words("hand_over_to", null=True),
        moment("on_track_at"),
        words("on_track_rung", null=True),
        moment("snoozed_until"),
        yes("awaited"),
        words("waits_on", null=True),
        words("split_from", null=True),
        count("moved_early"),
        count("moved_late"),
        count("version"),
        moment("next_at"),
        moment("owner_told_at"),
        moment("nudged_until"),
        words("title_key"),
        sa.UniqueConstraint("tenant", "number", "partnership_id"),
    )
    op.create_index(
        "ix_promises_next_at",
        "promises",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_promises_owner_id_due_at", "promises", ["owner_id", "due_at"])
    op.create_index("ix_promises_partnership_id_due_at", "promises", ["partnership_id", "due_at"])
    op.create_table(
        "facts",
        row_id(),
        words("tenant"),
        belongs_to("promise_id", "promises"),
        words("kind"),
        moment("at", null=False),
        words("by", null=True),
        words("detail", null=True),
        words("before", null=True),
    )
    op.create_index("ix_facts_promise_id_id", "facts", ["promise_id", "id"])
    op.create_table(
        "nudges",
        row_id(),
        words("tenant"),
        words("key"),
        belongs_to("promise_id", "promises"),
        words("rung"),
        words("person_id"),
        moment("at", null=False),
        moment("said_at"),
        sa.UniqueConstraint("tenant", "key"),
    )
    op.create_index("ix_nudges_promise_id", "nudges", ["promise_id"])
    op.create_index(
        "ix_nudges_unsaid",
        "nudges",
        ["person_id"],
        sqlite_where=sa.text("said_at IS NULL"),
        postgresql_where=sa.text("said_at IS NULL"),
    )
    op.create_table(
        "outbox",
        row_id(),
        words("tenant"),
        words("key"),
        words("lane"),
        words("kind"),
        words("subject_id"),
        words("place_id", null=True),
        words("person_id", null=True),
        words("args", null=True),
        moment("not_before", null=False),
        moment("expires_at"),
        yes("unasked"),
        words("quota_day", null=True),
        words("state"),
        moment("ready_at", null=False),
        words("leased_by", null=True),
        count("epoch"),
        count("attempts"),
        moment("settled_at"),
        words("reason", null=True),
        sa.UniqueConstraint("tenant", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["id"],
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index("ix_outbox_person", "outbox", ["person_id", "quota_day"])
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        ["lane", "ready_at"],
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(
        "ix_outbox_settled",
        "outbox",
        ["settled_at"],
        sqlite_where=sa.text("state IN ('sent', 'dropped')"),
        postgresql_where=sa.text("state IN ('sent', 'dropped')"),
    )
    op.create_table(
        "lanes",
        sa.Column("lane", sa.Text, primary_key=True),
        words("worker"),
        moment("leased_until", null=False),
    )
    op.create_table(
        "alarms",
        row_id(),
        words("tenant"),
        words("key"),
        words("kind"),
        words("subject_id"),
        moment("at", null=False),
        words("args", null=True),
        moment("fired_at"),
        sa.UniqueConstraint("tenant", "key"),
    )
    op.create_index(
        "ix_alarms_at",
        "alarms",
        ["at"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_table(
        "inbox",
        words("tenant"),
        words("key"),
        moment("at", null=False),
        sa.PrimaryKeyConstraint("tenant", "key"),
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_table(
        "posts",
        own_id(),
        words("tenant"),
        words("platform"),
        words("place_id"),
        words("key"),
        words("kind"),
        words("subject_id"),
        words("person_id", null=True),
        words("args", null=True),
        moment("at", null=False),
        sa.UniqueConstraint("tenant", "platform", "place_id", "key"),
    )
    op.create_index("ix_posts_subject_id", "posts", ["subject_id"])
    op.create_table(
        "digests",
        own_id(),
        words("tenant"),
        words("kind"),
        words("subject_id"),
        words("period"),
        moment("starts", null=False),
        moment("ends", null=False),
        moment("send_at", null=False),
        words("state"),
        words("opening", null=True),
        words("left_out", null=True),
        words("held_reason", null=True),
        count("mapping_version"),
        count("version"),
        sa.UniqueConstraint("tenant", "subject_id", "kind", "period"),
    )
    op.create_table(
        "heartbeats",
        sa.Column("sweep", sa.Text, primary_key=True),
        moment("at", null=False),
    )
    op.create_table(
        "denials",
        row_id(),
        words("tenant"),
        words("person_id"),
        words("action"),
        words("subject_id", null=True),
        moment("at", null=False),
    )
    op.create_table(
        "settings",
        words("tenant"),
        words("key"),
        words("value"),
        sa.PrimaryKeyConstraint("tenant", "key"),
    )


def downgrade() -> None:
    op.drop_table("nudges")
    op.drop_table("facts")
    op.drop_table("wins")
    op.drop_table("voices")
    op.drop_table("roles")
    op.drop_table("promises")
    op.drop_table("members")
    op.drop_table("settings")
    op.drop_table("reports")
    op.drop_table("posts")
    op.drop_table("places")
    op.drop_table("people")
    op.drop_table("partnerships")
    op.drop_table("outbox")
    op.drop_table("lanes")
    op.drop_table("inbox")
    op.drop_table("heartbeats")
    op.drop_table("digests")
    op.drop_table("denials")
    op.drop_table("alarms")
