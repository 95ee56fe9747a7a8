"""What was found in pasted notes, until its reader has said what to keep."""

from __future__ import annotations

from sqlalchemy import Index, Table

from adapters.db.columns import count, moment, own_id, words
from adapters.db.metadata import metadata

jottings = Table(
    "jottings",
    metadata,
    own_id(),
    words("tenant"),
    words("person_id"),
    words("partnership_id"),
    words("place_id", null=True),
    words("link", null=True),
    moment("at", null=False),
    words("found"),  # JSON
    count("taken"),
    count("version"),
    Index(None, "at"),
)
