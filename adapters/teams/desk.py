"""What everything that works for Teams has at hand while the event loop runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.db.asks import Asks
from adapters.later import Later
from adapters.teams.casting import Casting
from adapters.teams.connector import Connector
from adapters.teams.references import References
from adapters.teams.spans import Tenant
from adapters.teams.whereabouts import PLATFORM
from adapters.web import Pool
from bot.ports import Ports
from bot.wording import CALLS, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    ports: Ports
    pool: Pool
    connector: Connector
    casting: Casting
    references: References
    asks: Asks
    later: Later
    pause: Callable[[float], Awaitable[None]]  # seconds
    origin: str  # KEPT_PUBLIC_URL: only links to it can be clicked

    @property
    def tenant(self) -> Tenant:
        """For drawing what one person alone reads: others are named in it, and not notified."""
        return Tenant(origin=self.origin)

    def words(self) -> Words:
        """Of the team, where who is asking is just what is not known."""
        return Words(self.ports.policy.languages[0], CALLS[PLATFORM])
