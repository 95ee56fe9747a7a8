"""Everything Kept sends rests, for one tenant or for all, until somebody lets it go on.

What a person asks is still answered to that person; the outbox keeps the rest, and nothing in it is lost.
"""

from __future__ import annotations

from datetime import datetime

from bot.storage import UnitOfWork

PAUSED = "outbound.paused"  # a setting of the tenant or of the installation: since when; empty when not


def pause(uow: UnitOfWork, now: datetime) -> None:
    """For the tenant the unit of work was opened for; opened for None, for everybody."""
    uow.ledger.set(PAUSED, now.isoformat())


def resume(uow: UnitOfWork) -> bool:
    """False when it was not paused."""
    was_paused = bool(uow.ledger.setting(PAUSED))
    if was_paused:
        uow.ledger.set(PAUSED, "")
    return was_paused


def tenant_of(lane: str) -> str:
    """A lane is platform:tenant."""
    return lane.partition(":")[2]
