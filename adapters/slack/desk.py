"""What everything that works for Slack has at hand while the event loop runs."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.db.asks import Asks
from adapters.later import Later
from adapters.people import account_on
from adapters.slack.api import Api
from adapters.slack.casting import Casting
from adapters.slack.identity import PLATFORM
from adapters.slack.inbox import Events
from adapters.slack.rich_text import Workspace
from adapters.web import Pool
from bot.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    ports: Ports
    pool: Pool
    api: Api
    casting: Casting
    events: Events
    asks: Asks
    later: Later
    origin: str  # KEPT_PUBLIC_URL: only links to it can be clicked

    def workspace(self, tenant: str) -> Workspace:
        """For drawing; resolving a person reads the store, so draw in the pool."""

        def account(person_id: str) -> str | None:
            with self.ports.open_uow(tenant) as uow:
                return account_on(uow, person_id, PLATFORM)

        return Workspace(resolve=account, origin=self.origin)
