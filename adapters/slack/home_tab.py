"""The Home tab: drawn when somebody opens it, and again after what they do."""

from __future__ import annotations

import logging
from typing import Any

from adapters.endings import Failed
from adapters.slack.casting import Cast
from adapters.slack.desk import Desk
from adapters.slack.home import home as home_view
from bot.homing import home

REMEMBERED_AT_MOST = 10_000
logger = logging.getLogger(__name__)


class HomeTab:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened: set[tuple[str, str]] = set()

    async def opened(self, cast: Cast, account: str) -> None:
        """Raises Failed."""
        if len(self._opened) >= REMEMBERED_AT_MOST:
            self._opened.clear()
        self._opened.add((cast.tenant, cast.person_id))
        await self._publish(cast, account)

    def touch(self, cast: Cast, account: str) -> None:
        """Whoever never looked at it needs no new one; opening it draws it anyway."""
        if (cast.tenant, cast.person_id) in self._opened:
            self._desk.later.do(self._again(cast, account))

    async def _again(self, cast: Cast, account: str) -> None:
        try:
            await self._publish(cast, account)
        except Failed as failed:
            logger.info("home tab left as it was", extra={"reason": failed.ending.code})

    async def _publish(self, cast: Cast, account: str) -> None:
        view = await self._desk.pool.run(self._drawn, cast)
        if view is not None:
            await self._desk.api.call(cast.tenant, "views.publish", user_id=account, view=view)

    def _drawn(self, cast: Cast) -> dict[str, Any] | None:
        """None while all that Kept sends to the workspace rests: the tab stays as it was."""
        ports = self._desk.ports
        with ports.open_uow(cast.tenant) as uow:
            if uow.ledger.is_paused(cast.tenant):
                return None
        cards = home(ports, cast.tenant, cast.person_id, ports.now())
        return home_view(cards, self._desk.workspace(cast.tenant))
