"""The tables. Random ids are primary keys by themselves; every other unique key starts with the tenant.

People and subjects are referred to without foreign keys: history and outbox outlive what they speak of.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.db.columns import belongs_to, count, moment, own_id, row_id, words, yes
from adapters.db.jottings_table import jottings as jottings
from adapters.db.metadata import metadata as metadata
from adapters.db.overheard_tables import cue_dismissals as cue_dismissals
from adapters.db.overheard_tables import earshots as earshots
from adapters.db.overheard_tables import left_out as left_out
from adapters.db.overheard_tables import open_requests as open_requests
from adapters.db.overheard_tables import sightings as sightings

people = Table(
    "people",
    metadata,
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
    words("day_start"),  # ISO wall time
    words("day_end"),
    words("workdays"),  # digits, Monday = 0
    words("country", null=True),
    words("away", null=True),  # JSON: pairs of ISO dates
    yes("agreed_to_be_named"),
    moment("introduced_at"),
    words("same_as", null=True),
    words("prefers", null=True),
    words("link_code", null=True),  # a digest
    moment("link_until"),
    count("version"),
    UniqueConstraint("tenant", "platform", "account"),
    Index(None, "same_as"),
    Index(None, "link_code"),
)

reports = Table(
    "reports",
    metadata,
    words("tenant"),
    words("manager_id"),
    words("person_id"),
    PrimaryKeyConstraint("tenant", "manager_id", "person_id"),
    Index(None, "person_id"),
    Index(None, "manager_id"),
)

places = Table(
    "places",
    metadata,
    own_id(),
    words("tenant"),
    words("platform"),
    words("route"),
    words("name"),
    words("kind"),
    words("partnership_id", null=True),
    words("organisations", null=True),  # JSON: sorted list
    words("person_id", null=True),
    words("zone", null=True),
    moment("introduced_at"),
    yes("quiet"),
    yes("asked_only"),
    count("version"),
    UniqueConstraint("tenant", "platform", "route"),
    Index(None, "person_id"),
)

members = Table(
    "members",
    metadata,
    words("tenant"),
    belongs_to("place_id", "places"),
    words("person_id"),
    PrimaryKeyConstraint("tenant", "place_id", "person_id"),
    Index(None, "place_id"),
    Index(None, "person_id"),
)

partnerships = Table(
    "partnerships",
    metadata,
    own_id(),
    words("tenant"),
    words("name"),
    words("name_key"),  # casefolded, trimmed
    words("organisations", null=True),  # JSON: sorted list
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
    Column("review_on", Date),
    count("promises_made"),
    moment("created_at", null=False),
    count("mapping_version"),
    count("version"),
    UniqueConstraint("tenant", "name_key"),
)

roles = Table(
    "roles",
    metadata,
    words("tenant"),
    belongs_to("partnership_id", "partnerships"),
    words("person_id"),
    words("role"),
    PrimaryKeyConstraint("tenant", "partnership_id", "person_id", "role"),
    Index(None, "partnership_id"),
    Index(None, "person_id"),
)

wins = Table(
    "wins",
    metadata,
    own_id(),
    words("tenant"),
    belongs_to("partnership_id", "partnerships"),
    words("text"),
    words("by"),
    moment("at", null=False),
    words("credits", null=True),  # JSON: list
    moment("withdrawn_at"),
    Index(None, "partnership_id", "at"),
)

voices = Table(
    "voices",
    metadata,
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
    Index(None, "partnership_id", "at"),
)

promises = Table(
    "promises",
    metadata,
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
    words("source", null=True),  # JSON, as are proposal, waiting, offline and question
    moment("shown_at"),
    moment("delivered_at"),
    words("evidence", null=True),
    moment("settled_at"),
    moment("reopened_at"),
    words("proposal", null=True),
    words("waiting", null=True),
    Column("paused_for", BigInteger, nullable=False),  # microseconds
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
    words("title_key"),  # casefolded, for `find`; last, so that `select(*promise_columns)` leaves it out
    UniqueConstraint("tenant", "number", "partnership_id"),  # in this order it also finds P-n by number alone
    Index(None, "partnership_id", "due_at"),
    Index(None, "owner_id", "due_at"),
)
# Partial: settled promises have no next moment, and a sweep that finds nothing due touches one page.
DUE = promises.c.next_at.is_not(None)
Index("ix_promises_next_at", promises.c.next_at, sqlite_where=DUE, postgresql_where=DUE)

facts = Table(
    "facts",
    metadata,
    row_id(),
    words("tenant"),
    belongs_to("promise_id", "promises"),
    words("kind"),
    moment("at", null=False),
    words("by", null=True),
    words("detail", null=True),  # JSON
    words("before", null=True),  # JSON: the promise as it was
    Index(None, "promise_id", "id"),
)

nudges = Table(
    "nudges",
    metadata,
    row_id(),
    words("tenant"),
    words("key"),
    belongs_to("promise_id", "promises"),
    words("rung"),
    words("person_id"),
    moment("at", null=False),
    moment("said_at"),
    UniqueConstraint("tenant", "key"),
    Index(None, "promise_id"),
)
UNSAID = nudges.c.said_at.is_(None)
Index("ix_nudges_unsaid", nudges.c.person_id, sqlite_where=UNSAID, postgresql_where=UNSAID)

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    words("tenant"),
    words("key"),
    words("lane"),
    words("kind"),
    words("subject_id"),
    words("place_id", null=True),
    words("person_id", null=True),
    words("args", null=True),  # JSON
    moment("not_before", null=False),
    moment("expires_at"),
    yes("unasked"),
    words("quota_day", null=True),
    words("state"),
    moment("ready_at", null=False),  # when a worker may take it: not_before, or the end of a lease
    words("leased_by", null=True),
    count("epoch"),
    count("attempts"),
    moment("settled_at"),
    words("reason", null=True),
    UniqueConstraint("tenant", "key"),
    sqlite_autoincrement=True,  # a forgotten row's id is never given to another: a late worker may know it
)
# Written out, here and in the queries: a database knows its partial index only by the same words.
UNSENT = text("state IN ('pending', 'sending')")
SETTLED = text("state IN ('sent', 'dropped')")
DEAD = text("state = 'dead'")
Index("ix_outbox_ready", outbox.c.lane, outbox.c.ready_at, sqlite_where=UNSENT, postgresql_where=UNSENT)
Index("ix_outbox_settled", outbox.c.settled_at, sqlite_where=SETTLED, postgresql_where=SETTLED)
Index("ix_outbox_dead", outbox.c.id, sqlite_where=DEAD, postgresql_where=DEAD)
Index("ix_outbox_person", outbox.c.person_id, outbox.c.quota_day)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", Text, primary_key=True),  # holds platform and tenant
    words("worker"),
    moment("leased_until", null=False),
)

alarms = Table(
    "alarms",
    metadata,
    row_id(),
    words("tenant"),
    words("key"),
    words("kind"),
    words("subject_id"),
    moment("at", null=False),
    words("args", null=True),  # JSON
    moment("fired_at"),
    UniqueConstraint("tenant", "key"),
)
UNFIRED = alarms.c.fired_at.is_(None)
Index("ix_alarms_at", alarms.c.at, sqlite_where=UNFIRED, postgresql_where=UNFIRED)

inbox = Table(
    "inbox",
    metadata,
    words("tenant"),
    words("key"),
    moment("at", null=False),
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "at"),
)

posts = Table(
    "posts",
    metadata,
    own_id(),
    words("tenant"),
    words("platform"),
    words("place_id"),
    words("key"),
    words("kind"),
    words("subject_id"),
    words("person_id", null=True),
    words("args", null=True),  # JSON
    moment("at", null=False),
    UniqueConstraint("tenant", "platform", "place_id", "key"),
    Index(None, "subject_id"),
)

digests = Table(
    "digests",
    metadata,
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
    words("left_out", null=True),  # JSON: sorted list
    words("held_reason", null=True),
    count("mapping_version"),
    count("version"),
    UniqueConstraint("tenant", "subject_id", "kind", "period"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("sweep", Text, primary_key=True),  # of this installation, not of a tenant
    moment("at", null=False),
)

denials = Table(
    "denials",
    metadata,
    row_id(),
    words("tenant"),
    words("person_id"),
    words("action"),
    words("subject_id", null=True),
    moment("at", null=False),
    Index(None, "person_id", "at"),
)

settings = Table(
    "settings",
    metadata,
    words("tenant"),
    words("key"),
    words("value"),
    PrimaryKeyConstraint("tenant", "key"),
)
