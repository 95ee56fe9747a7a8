"""What is kept of messages that were not said to Kept: where it may read, and what it noticed there."""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from adapters.db.columns import count, moment, own_id, words, yes
from adapters.db.metadata import metadata

earshots = Table(
    "earshots",
    metadata,
    own_id(),  # the place's
    words("tenant"),
    count("mapping_version"),
    moment("on_at"),
    words("on_by", null=True),
    moment("theirs_at"),
    words("theirs_by", null=True),
    count("version"),
)

left_out = Table(
    "left_out",
    metadata,
    words("tenant"),
    words("place_id"),
    words("person_id"),
    moment("at", null=False),
    PrimaryKeyConstraint("tenant", "place_id", "person_id"),
)

sightings = Table(
    "sightings",
    metadata,
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
    words("passage", null=True),  # JSON; empty once it is answered
    count("version"),
    Index(None, "place_id", "at"),
    Index(None, "person_id", "at"),
    Index(None, "at"),
)

cue_dismissals = Table(
    "cue_dismissals",
    metadata,
    words("tenant"),
    words("person_id"),
    words("cue"),
    count("times"),
    PrimaryKeyConstraint("tenant", "person_id", "cue"),
)

open_requests = Table(
    "open_requests",
    metadata,
    own_id(),
    words("tenant"),
    words("place_id"),
    words("person_id"),
    words("message"),
    words("thread"),
    words("words"),
    moment("at", null=False),
    yes("is_passed"),
    Index(None, "place_id", "at"),
    Index(None, "at"),
)
