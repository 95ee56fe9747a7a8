"""Messages in standard channels that were not said to Kept: read where a lead lets it, never stored as such.

Teams sends them to an app whose team let it (`ChannelMessage.Read.Group`). A shared channel, a private one
and a group chat are never read, whatever Teams sends; nor is one where it is not certain what it is.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from adapters.people import NoSuchPerson, Unsure
from adapters.teams import turns
from adapters.teams.casting import NotHere
from adapters.teams.desk import Desk
from adapters.teams.hosts import NotListed
from adapters.teams.shapes import Gone, Message, replay_key
from adapters.teams.whereabouts import PLATFORM, Kind, Whereabouts
from bot.earshot import is_read
from bot.retracting import follow
from bot.router import handle

STANDARD = "standard"
logger = logging.getLogger(__name__)


class Passing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_order = asyncio.Lock()  # an answer is read after what it answers

    def hear(self, message: Message) -> None:
        """Worked off after Teams was told that it was taken."""
        where = message.where
        if where.kind is Kind.CHANNEL and where.channel_type in (None, STANDARD) and message.text.strip():
            self._desk.later.do(self._in_turn(message, self._desk.ports.now()))

    async def forget(self, message: Gone) -> None:
        """After what was said before."""
        gone = turns.retracted(message, self._desk.casting.home.tenant)
        async with self._in_order:
            await self._desk.pool.run(follow, self._desk.ports, gone)

    async def _in_turn(self, message: Message, now: datetime) -> None:
        async with self._in_order:
            try:
                await self._heard(message, now)
            except (NoSuchPerson, NotHere, NotListed, Unsure) as nobody:
                logger.info("heard of nobody known", extra={"reason": type(nobody).__name__})

    async def _heard(self, message: Message, now: datetime) -> None:
        """The place decides before anybody is looked up."""
        where = message.where
        if not (await self._desk.pool.run(self._is_read, where) and await self._is_standard(where)):
            return
        cast = await self._desk.casting.cast(where)
        turn = turns.overheard(message, cast, f"heard:{replay_key(message)}", now)
        await self._desk.pool.run(handle, self._desk.ports, turn)

    def _is_read(self, where: Whereabouts) -> bool:
        with self._desk.ports.open_uow(self._desk.casting.home.tenant) as uow:
            place = uow.places.by_route(PLATFORM, where.conversation_id)
            return is_read(uow, self._desk.ports.policy, place)

    async def _is_standard(self, where: Whereabouts) -> bool:
        """Said by the message or by the team's list of channels, and denied by nothing."""
        tenant, conversation_id = self._desk.casting.home.tenant, where.conversation_id
        known = await self._desk.pool.run(self._desk.references.find, tenant, conversation_id)
        if known is None or known.is_shared or known.kind is not Kind.CHANNEL:
            return False
        listed = await self._desk.casting.channels.find(known)
        return {each for each in (where.channel_type, listed.type) if each} == {STANDARD}
