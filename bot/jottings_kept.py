"""What was found in pasted notes, as the bot sees it; works inside a unit of work."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from commitments.notes import Jottings


class JottingsKept(Protocol):
    def get(self, jottings_id: str) -> Jottings | None: ...
    def add(self, found: Jottings) -> None: ...
    def save(self, found: Jottings) -> None: ...
    def drop(self, jottings_id: str) -> None:
        """Raises StaleWrite when they are gone: somebody has dealt with them in the same moment."""

    def forget_linked(self, mark: str) -> int:
        """Removes those whose link has that in it."""

    def forget(self, moment: datetime, *, limit: int) -> int:
        """Removes those older than that."""
