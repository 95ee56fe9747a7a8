"""A copy of the store is set at rest: who restores it decides when it may speak again (F55)."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.pausing import PAUSED

_PAUSE = "INSERT OR REPLACE INTO settings (tenant, key, value) VALUES ('', ?, ?)"
# What waited when the copy was made was perhaps sent since. As `sending`, the platform is asked before it is
# sent again.
_DOUBT = "UPDATE outbox SET state = 'sending' WHERE state = 'pending'"
_HAS = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('settings', 'outbox')"


def set_at_rest(copy: sqlite3.Connection, at: datetime) -> None:
    """Leaves a store alone that has none of our tables yet."""
    if copy.execute(_HAS).fetchone()[0] != 2:
        return
    with copy:
        copy.execute(_PAUSE, (PAUSED, at.isoformat()))
        copy.execute(_DOUBT)
