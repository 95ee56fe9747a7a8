"""Messages in channels that were not said to Kept: read where a lead lets it, and never stored as they came.

They skip the queue of events, so that no word of them is written down before somebody has promised something.
What is lost with a process is an offer: a miss costs nothing new.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from adapters.people import NoSuchPerson, Unsure
from adapters.slack import turns
from adapters.slack.casting import DIRECT, Cast
from adapters.slack.desk import Desk
from adapters.slack.events import Event, Gone, Said
from adapters.slack.identity import PLATFORM
from adapters.slack.origins import Origin
from adapters.slack.texts import people_in
from adapters.slack.workspaces import NotInstalled
from bot.earshot import is_read, unread_because
from bot.retracting import follow
from bot.router import handle

# None, in a thread and the channel at once, or with a file: docs.slack.dev/reference/events/message
BY_HAND = (None, "thread_broadcast", "file_share")
Permalink = Callable[[Origin, str, str], Awaitable[str | None]]
logger = logging.getLogger(__name__)


def in_passing(event: Event) -> Said | None:
    """A message in a channel; what is said to Kept there comes once more, as a mention."""
    said = event.happening
    is_message = isinstance(said, Said) and event.kind == "message"
    return said if is_message and isinstance(said, Said) and not said.channel_id.startswith(DIRECT) else None


class Passing:
    def __init__(self, desk: Desk, permalink: Permalink) -> None:
        self._desk = desk
        self._permalink = permalink
        self._in_order = asyncio.Lock()  # an answer is read after what it answers

    async def hear(self, event: Event, said: Said) -> None:
        is_plain = said.user_id is not None and not said.bot_id and said.subtype in BY_HAND
        if not is_plain or event.origin.tenant is None:
            return
        async with self._in_order:
            try:
                await self._heard(event, said, event.origin.tenant, said.user_id or "")
            except (NotInstalled, NoSuchPerson, Unsure) as nobody:
                logger.info("event for nobody here", extra={"reason": type(nobody).__name__})

    async def forget(self, event: Event, message: Gone) -> None:
        """After what was said before. A place Kept does not know may still be quoted."""
        tenant = (await self._desk.casting.installation(event.origin)).tenant
        async with self._in_order:
            await self._desk.pool.run(follow, self._desk.ports, turns.retracted(message, tenant))

    async def _heard(self, event: Event, said: Said, tenant: str, account: str) -> None:
        """The place decides before anybody is looked up."""
        if not await self._desk.pool.run(self._is_read, tenant, said.channel_id):
            return
        cast = await self._desk.casting.cast(event.origin, account, said.channel_id)
        if account == cast.bot_user_id or f"<@{cast.bot_user_id}" in said.text:
            return
        is_ours, people = await self._desk.pool.run(self._known, cast, said)
        link = await self._permalink(event.origin, said.channel_id, said.ts) if is_ours else None
        turn = turns.overheard(said, link, people, cast, event.at)
        await self._desk.pool.run(handle, self._desk.ports, turn)

    def _is_read(self, tenant: str, channel_id: str) -> bool:
        with self._desk.ports.open_uow(tenant) as uow:
            place = uow.places.by_route(PLATFORM, channel_id)
            return is_read(uow, self._desk.ports.policy, place)

    def _known(self, cast: Cast, said: Said) -> tuple[bool, dict[str, str]]:
        """Whether it is one of us whom we may read, and whom they mention, as far as we have met them."""
        with self._desk.ports.open_uow(cast.tenant) as uow:
            person = uow.people.get(cast.person_id)
            place = uow.places.get(cast.place_id) if cast.place_id else None
            is_ours = person is not None and person.is_ours
            may = person is not None and not unread_because(uow, self._desk.ports.policy, place, person)
            met = {each: uow.people.by_account(PLATFORM, each) for each in people_in(said.text)}
            return is_ours and may, {each: known.id for each, known in met.items() if known is not None}
