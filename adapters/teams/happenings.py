"""What Teams tells of people, channels and Kept itself.

Nothing depends on its arriving: what is said to whom is decided by facts that are looked up again when it is
said. So what cannot be looked up just now is left, and looked up the next time.
"""

from __future__ import annotations

import logging

from adapters.endings import Failed
from adapters.people import NoSuchPerson, Unsure
from adapters.teams import turns
from adapters.teams.casting import NotHere
from adapters.teams.desk import Desk
from adapters.teams.hosts import NotListed
from adapters.teams.shapes import ChannelChanged, Installed, MembersChanged, Uninstalled, replay_key
from adapters.teams.telling import Telling
from adapters.teams.whereabouts import Kind, Whereabouts
from bot.router import handle

Happening = Installed | Uninstalled | MembersChanged | ChannelChanged
GONE = ("channelDeleted", "teamDeleted", "teamHardDeleted")
logger = logging.getLogger(__name__)


class Happenings:
    def __init__(self, desk: Desk, telling: Telling) -> None:
        self._desk = desk
        self._telling = telling

    async def happened(self, shape: Happening) -> None:
        """Worked off after Teams was told that it was taken: it may take a roster."""
        self._desk.later.do(self._worked_off(shape))

    async def _worked_off(self, shape: Happening) -> None:
        try:
            await self._deal_with(shape)
        except NotHere as not_here:
            if isinstance(shape, Installed):
                await self._telling.say_words(shape.where, f"teams.{not_here.reason}")
        except (Failed, NoSuchPerson, NotListed, Unsure) as unknown:
            logger.warning("not looked up", extra={"reason": type(unknown).__name__})

    async def _deal_with(self, shape: Happening) -> None:
        match shape:
            case Installed():
                await self._installed(shape)
            case Uninstalled(where=where):
                # Kept is added to a shared channel by itself, and taken out of it by itself.
                is_of_a_team = where.kind is Kind.CHANNEL and where.channel_type != "shared"
                await self._desk.casting.leave(where, whole_team=is_of_a_team)
            case ChannelChanged(change=change, where=where) if change in GONE:
                await self._desk.casting.leave(where, whole_team=change != "channelDeleted")
            case MembersChanged(where=where) | ChannelChanged(where=where):
                await self._changed(where)

    async def _changed(self, where: Whereabouts) -> None:
        """Read anew, unless nobody has ever spoken to Kept there."""
        self._desk.casting.forget(where.conversation_id)
        tenant = self._desk.casting.home.tenant
        known = await self._desk.pool.run(self._desk.references.find, tenant, where.conversation_id)
        if known is not None and where.kind is not Kind.PERSONAL:
            await self._desk.casting.bring_in(where)

    async def _installed(self, shape: Installed) -> None:
        """Whoever installed it for themself was met; a channel hears who Kept is, once."""
        if shape.where.kind is Kind.PERSONAL:
            await self._desk.casting.cast(shape.where)
            return
        await self._desk.casting.bring_in(shape.where)
        cast = await self._desk.casting.cast(shape.where)
        turn = turns.joined(cast, replay_key(shape), self._desk.ports.now())
        await self._desk.pool.run(handle, self._desk.ports, turn)
