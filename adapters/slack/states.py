"""Installations under way: each state works once, for ten minutes, in the browser it was given to.

Only a hash of state and browser is stored, so that neither a leaked link nor a leaked table is enough.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select

from adapters.slack.tables import oauth_states

LIFE = timedelta(minutes=10)
MOST = 1000  # anyone may ask for a state; nobody shall fill the table with them

_s = oauth_states.c


class TooMany(Exception):
    """More installations are under way than ever are in earnest."""


class States:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def issue(self, state: str, browser: str, now: datetime) -> None:
        """Raises TooMany."""
        with self._engine.begin() as connection:
            connection.execute(delete(oauth_states).where(_s.created_at < now - LIFE))
            if connection.execute(select(func.count()).select_from(oauth_states)).scalar_one() >= MOST:
                raise TooMany
            connection.execute(insert(oauth_states), {"id": _hash(state, browser), "created_at": now})

    def consume(self, state: str, browser: str, now: datetime) -> bool:
        """True for one caller, whoever else tries at the same time: finding and deleting is one statement."""
        taken = (
            delete(oauth_states)
            .where(_s.id == _hash(state, browser), _s.created_at >= now - LIFE)
            .returning(_s.id)
        )
        with self._engine.begin() as connection:
            return connection.execute(taken).first() is not None


def _hash(state: str, browser: str) -> str:
    return hashlib.sha256(f"{state}\n{browser}".encode()).hexdigest()
