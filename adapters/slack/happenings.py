"""Works off the events that were stored: what Slack tells of people, channels and itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.endings import End, Failed
from adapters.people import NoSuchPerson
from adapters.slack import turns
from adapters.slack.answers import Json, Shown, shown
from adapters.slack.casting import DIRECT, Cast
from adapters.slack.desk import Desk
from adapters.slack.events import (
    AppUninstalled,
    ChannelChanged,
    ChannelIdChanged,
    Event,
    Gone,
    HomeOpened,
    MemberMoved,
    PersonLeft,
    Said,
    TokensRevoked,
)
from adapters.slack.gate import Accepted
from adapters.slack.home_tab import HomeTab
from adapters.slack.identity import PLATFORM
from adapters.slack.inbox import KEPT_FOR, Stored
from adapters.slack.installations import Installations
from adapters.slack.listeners import OPEN_FORM, Listeners
from adapters.slack.origins import Origin
from adapters.slack.places import rekey
from adapters.slack.rich_text import ANYWHERE
from adapters.slack.shapes import read
from adapters.slack.workspaces import NotInstalled
from adapters.spoken import asked, form_offer
from bot.changes import in_one_piece
from bot.storage import UnitOfWork
from bot.turns import Ask, Invalid, OpenForm, Reply

BATCH = 20
EVERY_S = 5.0  # also without a sign that something came: another process may have stored it (F03)
TIDY_EVERY = timedelta(minutes=1)
PURGED_AFTER = timedelta(hours=24)  # of the end: until then Kept can be installed as if nothing were (F25)
_EPHEMERAL_ONLY = ("response_type", "replace_original")
logger = logging.getLogger(__name__)


class Happenings:
    def __init__(
        self, desk: Desk, home: HomeTab, listeners: Listeners, installations: Installations | None
    ) -> None:
        self._desk = desk
        self._home = home
        self._listeners = listeners
        self._installations = installations  # None: the one workspace there is has its token elsewhere
        self._tidied_at: datetime | None = None
        self._in_order = asyncio.Lock()

    async def run(self, something_came: asyncio.Event) -> None:
        """Until it is cancelled. Whatever goes wrong, the next round comes."""
        while True:
            something_came.clear()
            try:
                await self.settle()
                await self.tidy()
            except Exception:
                logger.exception("events not worked off")
            try:
                await asyncio.wait_for(something_came.wait(), EVERY_S)
            except TimeoutError:
                continue

    async def settle(self) -> int:
        """Everything that is due, in the order it came; how many rows it dealt with."""
        async with self._in_order:
            return await self._settle()

    async def _settle(self) -> int:
        done = 0
        while rows := await self._desk.pool.run(self._desk.events.claim, self._desk.ports.now(), BATCH):
            for row in rows:
                await self._deal_with(row)
            done += len(rows)
        return done

    async def _deal_with(self, row: Stored) -> None:
        """One that cannot be dealt with must not stop its neighbours (F08)."""
        try:
            event = read(Accepted(way="event", content=row.body, fingerprint=""))
            if isinstance(event, Event):
                await self._happened(event, row.body)
        except (NotInstalled, NoSuchPerson) as nobody:
            logger.info("event for nobody here", extra={"reason": type(nobody).__name__})
        except Exception as error:
            again = await self._desk.pool.run(
                self._desk.events.failed, row, self._desk.ports.now(), type(error).__name__
            )
            if not again:
                logger.exception("event given up", extra={"row": row.id})
            return
        await self._desk.pool.run(self._desk.events.done, row)

    async def _happened(self, event: Event, body: Mapping[str, Any]) -> None:
        match event.happening:
            case Said() as said if _is_to_kept(event.kind, said):
                await self._said(event, said)
            case Gone() as gone:
                await self._listeners.gone(event, gone)
            case HomeOpened(user_id=account, tab="home"):
                cast = await self._desk.casting.cast(event.origin, account, None)
                await self._publish(cast, account)
            case MemberMoved() as moved:
                await self._moved(event, moved, body)
            case ChannelChanged() as changed:
                await self._changed(event.origin, changed)
            case ChannelIdChanged(old_id=old, new_id=new):
                await self._rekeyed(event.origin, old, new)
            case PersonLeft(user_id=account):
                await self._person_left(event.origin, account)
            case AppUninstalled() | TokensRevoked() as ended:
                await self._ended(event, ended)
            case _:
                return

    async def _said(self, event: Event, said: Said) -> None:
        if said.user_id is None:
            return
        cast = await self._desk.casting.cast(event.origin, said.user_id, said.channel_id, said.text)
        if said.user_id == cast.bot_user_id:
            return
        link = None
        if said.thread_ts:
            link = await self._listeners.permalink(event.origin, said.channel_id, said.thread_ts)
        # One message comes once per workspace that sees it, and may bear two timestamps (L21, F05).
        key = f"said:{said.client_msg_id or f'{said.channel_id}:{said.ts}'}"
        ask = turns.from_said(said, link, cast, key, event.at)
        answer = await self._listeners.take(ask)
        if answer.opened is not None:
            answer = await self._desk.pool.run(self._kept_for_later, ask, answer.opened, said.user_id)
        await self._answer(cast, said, answer)

    def _kept_for_later(self, ask: Ask, opened: OpenForm | Invalid, account: str) -> Shown:
        """Slack opens a form only to whoever pressed something, so there is something to press."""
        ask_id = self._desk.ports.new_id()
        self._desk.asks.keep(ask_id, ask.tenant, account, asked(ask), self._desk.ports.now())
        card = form_offer(self._desk.ports, ask, opened, OPEN_FORM, ask_id)
        if card is None:
            return Shown()
        return shown(Reply(card=card), ask.place_id, ANYWHERE)

    async def _answer(self, cast: Cast, said: Said, answer: Shown) -> None:
        """For the one who spoke; where that cannot be, nobody else reads it in their stead (L02)."""
        if answer.message is None or said.user_id is None:
            return
        body: Json = {name: each for name, each in answer.message.items() if name not in _EPHEMERAL_ONLY}
        body |= {"channel": said.channel_id, "user": said.user_id}
        if said.thread_ts:
            body["thread_ts"] = said.thread_ts
        try:
            await self._desk.api.call(cast.tenant, "chat.postEphemeral", **body)
        except Failed as failed:
            logger.warning("answer not shown", extra={"reason": failed.ending.code})

    async def _publish(self, cast: Cast, account: str) -> None:
        try:
            await self._home.opened(cast, account)
        except Failed as failed:
            if failed.ending.end is not End.PERMANENT:
                raise

    async def _moved(self, event: Event, moved: MemberMoved, body: Mapping[str, Any]) -> None:
        installation = await self._desk.casting.installation(event.origin)
        self._desk.casting.forget(installation.tenant, account=moved.user_id, channel_id=moved.channel_id)
        if moved.user_id != installation.bot_user_id:
            await self._one_moved(event.origin, installation.tenant, moved)
        elif moved.has_joined:
            await self._desk.casting.bring_in(event.origin, moved.channel_id)
            inviter = body["event"].get("inviter") or installation.installed_by
            if isinstance(inviter, str):
                await self._introduce(event, moved.channel_id, inviter)

    async def _introduce(self, event: Event, channel_id: str, inviter: str) -> None:
        cast = await self._desk.casting.cast(event.origin, inviter, channel_id)
        await self._listeners.take(turns.joined(cast, f"event:{event.event_id}", event.at))

    async def _one_moved(self, origin: Origin, tenant: str, moved: MemberMoved) -> None:
        if moved.has_joined:
            await self._desk.casting.cast(origin, moved.user_id, moved.channel_id)
            return
        await self._changing(tenant, lambda uow: _left(uow, moved.channel_id, moved.user_id))

    async def _changed(self, origin: Origin, changed: ChannelChanged) -> None:
        """Read anew at once: from now on others may be reading. Nothing internal ever stood in it (L06)."""
        installation = await self._desk.casting.installation(origin)
        self._desk.casting.forget(installation.tenant, channel_id=changed.channel_id)
        if changed.change not in ("deleted", "left"):
            await self._desk.casting.bring_in(origin, changed.channel_id)

    async def _rekeyed(self, origin: Origin, old_id: str, new_id: str) -> None:
        tenant = (await self._desk.casting.installation(origin)).tenant
        await self._desk.pool.run(
            in_one_piece, self._desk.ports, tenant, lambda uow: rekey(uow, old_id, new_id)
        )
        for channel_id in (old_id, new_id):
            self._desk.casting.forget(tenant, channel_id=channel_id)

    async def _person_left(self, origin: Origin, account: str) -> None:
        """Looked up, like everything that is said about people, if Kept ever met them."""
        installation = await self._desk.casting.installation(origin)
        self._desk.casting.forget(installation.tenant, account=account)
        if await self._desk.pool.run(self._is_known, installation.tenant, account):
            await self._desk.casting.meet(installation, account)

    def _is_known(self, tenant: str, account: str) -> bool:
        with self._desk.ports.open_uow(tenant) as uow:
            return uow.people.by_account(PLATFORM, account) is not None

    async def _changing(self, tenant: str, work: Callable[[UnitOfWork], None]) -> None:
        await self._desk.pool.run(in_one_piece, self._desk.ports, tenant, work)

    async def _ended(self, event: Event, ended: AppUninstalled | TokensRevoked) -> None:
        """In either order, as often as Slack says it."""
        tenant = event.origin.tenant
        if tenant is None:
            return
        self._desk.api.workspaces.drop(tenant)
        if self._installations is None:
            return
        if isinstance(ended, AppUninstalled):
            await self._desk.pool.run(self._installations.uninstall, tenant, event.at)
        elif ended.bots:
            await self._desk.pool.run(self._installations.lapse, tenant, event.at)

    async def tidy(self) -> None:
        """Once a minute at most."""
        now = self._desk.ports.now()
        if self._tidied_at is not None and now < self._tidied_at + TIDY_EVERY:
            return
        self._tidied_at = now
        await self._desk.pool.run(self._desk.events.forget_before, now - KEPT_FOR, limit=500)
        if self._installations is not None:
            await self._desk.pool.run(self._purge, self._installations, now)
            # A new key came with a restart: a batch a minute, so that the old one can soon be dropped.
            await self._desk.pool.run(self._installations.rotate_some)

    def _purge(self, installations: Installations, now: datetime) -> None:
        """What is logged tells nothing of whose it was."""
        for tenant in installations.ended_by(now - PURGED_AFTER):
            count = installations.purge(tenant, now - PURGED_AFTER)
            logger.info("a workspace's data deleted", extra={"count": count})


def _is_to_kept(kind: str, said: Said) -> bool:
    """Bots, edits and deletions are not somebody speaking (L22); what is said in a channel is not to Kept."""
    is_addressed = kind == "app_mention" or said.channel_id.startswith(DIRECT)
    return is_addressed and not (said.bot_id or said.subtype)


def _left(uow: UnitOfWork, channel_id: str, account: str) -> None:
    place, person = uow.places.by_route(PLATFORM, channel_id), uow.people.by_account(PLATFORM, account)
    if place is not None and person is not None:
        uow.places.leave(place.id, person.id)
