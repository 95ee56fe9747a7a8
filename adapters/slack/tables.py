"""What only Slack needs stored: installations, done and under way, and what waits to be worked off."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from adapters.db.asks import asks_table
from adapters.db.columns import count, moment, own_id, row_id, words
from adapters.db.quarantine import quarantine
from adapters.db.tables import metadata

__all__ = ["asks", "events", "installations", "oauth_states", "quarantine"]

installations = Table(
    "slack_installations",
    metadata,
    own_id(),  # bound into the ciphertexts
    words("tenant"),  # the workspace, or the organisation where that installed us as a whole
    words("team_id", null=True),
    words("enterprise_id", null=True),
    words("app_id"),
    words("bot_user_id"),
    words("bot_id", null=True),
    words("installed_by", null=True),
    words("scopes"),  # sorted, with spaces between
    words("token", null=True),  # ciphertext; gone with the installation
    words("refresh_token", null=True),  # ciphertext
    moment("expires_at"),
    words("state"),  # active, lapsed, uninstalled
    moment("installed_at", null=False),
    moment("ended_at"),
    words("refreshing_by", null=True),  # who exchanges the refresh token, which works once
    moment("refreshing_until"),
    words("circuit_reason", null=True),
    moment("circuit_open_until"),
    count("version"),
    UniqueConstraint("tenant"),
    Index(None, "state", "ended_at"),
)

oauth_states = Table(
    "slack_oauth_states",
    metadata,
    own_id(),  # SHA-256 over the state and the browser it was given to
    moment("created_at", null=False),
    Index(None, "created_at"),
)

events = Table(
    "slack_events",
    metadata,
    row_id(),
    words("tenant"),
    words("key"),
    words("body"),  # JSON; empty once it has been dealt with
    words("state"),  # waiting, done, dead
    count("attempts"),
    moment("not_before", null=False),  # of the next attempt; a claim moves it on
    moment("received_at", null=False),
    words("reason", null=True),  # of the last attempt that failed
    UniqueConstraint("tenant", "key"),
    Index(None, "state", "not_before"),
    Index(None, "received_at"),
)

asks = asks_table("slack_asks")
