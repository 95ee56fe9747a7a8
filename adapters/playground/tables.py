"""What only the playground stores: the messages a chat platform would hold, and forms that are open."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from adapters.db.columns import moment, own_id, row_id, words
from adapters.db.tables import metadata

messages = Table(
    "playground_messages",
    metadata,
    row_id(),  # the order of arrival
    words("tenant"),
    words("ref"),  # random: what others name the message by
    words("place_id"),
    words("author", null=True),  # a person; NULL: Kept
    words("only_for", null=True),  # a person; NULL: everyone in the place
    moment("at", null=False),
    words("text"),
    words("card", null=True),  # JSON, see stored_cards
    words("offered", null=True),  # JSON: every button it ever showed, so that a late press is understood
    words("thread", null=True),  # ref of the message it answers
    words("key", null=True),  # of the intent it was sent for
    UniqueConstraint("tenant", "ref"),
    UniqueConstraint("tenant", "key"),
    Index(None, "place_id", "id"),
)

forms = Table(
    "playground_forms",
    metadata,
    own_id(),  # random; the page names the very form it shows
    words("tenant"),
    words("person_id"),
    words("form_id"),
    words("subject"),
    words("place_id", null=True),
    words("kept"),  # JSON: its values
    moment("at", null=False),
    UniqueConstraint("tenant", "person_id", "form_id", "subject"),
)
