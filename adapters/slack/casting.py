"""From Slack's ids to Kept's: looks people and channels up at Slack, and keeps what it finds.

Looking is asynchronous and asks Slack; keeping is one short transaction in the pool. Between them nothing is
assumed: where Slack does not tell who somebody is, no turn comes about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from adapters.people import NoSuchPerson, Unsure, Who, keep_person
from adapters.places import Channel, keep_place
from adapters.slack.api import Api
from adapters.slack.client import Unclear
from adapters.slack.identity import PLATFORM, Identity
from adapters.slack.installations import Installation
from adapters.slack.origins import Origin
from adapters.slack.places import Channels
from adapters.slack.texts import channels_in, people_in
from adapters.slack.workspaces import NotInstalled
from adapters.web import Pool
from bot.addresses import Place
from bot.changes import in_one_piece
from bot.ports import Ports
from bot.storage import UnitOfWork
from commitments.partnership import Person

# Members of one channel at a time: users.info may be asked about 100 times a minute, and whoever presses a
# button just then must not wait for it. The others are met when they act, or when they join.
LOOKED_UP_AT_MOST = 50
REMEMBERED_AT_MOST = 50_000
DIRECT = "D"  # how the ids of direct conversations begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Slack told about everyone and everything in one payload."""

    installation: Installation
    who: Who
    channel: Channel | None = None  # None: a direct conversation, a dialog or the Home tab
    people: Mapping[str, Who] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    is_in: frozenset[str] = frozenset()  # of the channels named, where the actor is a member


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The same in Kept's ids."""

    tenant: str
    person_id: str
    place_id: str | None
    bot_user_id: str
    people: Mapping[str, str] = field(default_factory=dict)  # by Slack's ids
    channels: Mapping[str, str] = field(default_factory=dict)


class Casting:
    def __init__(self, ports: Ports, pool: Pool, api: Api, identity: Identity, channels: Channels) -> None:
        self._ports = ports
        self._pool = pool
        self._api = api
        self.identity = identity
        self.channels = channels
        self._kept: dict[tuple[str, str, str], tuple[Seen, Cast]] = {}

    async def installation(self, origin: Origin) -> Installation:
        """Raises NotInstalled and Unsure."""
        try:
            for tenant in filter(None, (origin.tenant, origin.team_id)):
                found = await self._api.workspaces.find(tenant)
                if found is not None:
                    return found
        except Unclear:
            raise Unsure from None
        raise NotInstalled

    async def cast(
        self, origin: Origin, account: str, channel_id: str | None, text: str = "", more: Iterable[str] = ()
    ) -> Cast:
        """`more` are accounts chosen in a dialog. Raises NotInstalled, NoSuchPerson and Unsure."""
        installation = await self.installation(origin)
        at = channel_id if channel_id and not channel_id.startswith(DIRECT) else None
        names = [each for each in (*people_in(text), *more) if each != installation.bot_user_id]
        seen = self._remembered(installation, account, at) if not names and not channels_in(text) else None
        seen = seen or await self._look(installation, account, at, text, names)
        return await self._keep(seen)

    async def bring_in(self, origin: Origin, channel_id: str, *, at_most: int = LOOKED_UP_AT_MOST) -> Place:
        """A channel with everyone in it, read anew."""
        installation = await self.installation(origin)
        channel = await self.channels.facts(installation, channel_id)
        accounts = await self.channels.members(installation.tenant, channel_id)
        known = [
            who
            for account in accounts[:at_most]
            if account != installation.bot_user_id and (who := await self._who_or_none(installation, account))
        ]
        is_whole = bool(accounts) and len(accounts) <= at_most
        return await self._pool.run(self._brought_in, installation.tenant, channel, known, is_whole)

    async def meet(self, installation: Installation, account: str) -> None:
        """Keeps what Slack tells of somebody now. Raises NoSuchPerson and Unsure."""
        who = await self.identity.who(installation, account)

        def work(uow: UnitOfWork) -> None:
            self._person(uow, who, installation.tenant)

        await self._pool.run(in_one_piece, self._ports, installation.tenant, work)

    def forget(self, tenant: str, *, account: str | None = None, channel_id: str | None = None) -> None:
        """Slack said that it changed."""
        if account is not None:
            self.identity.forget(tenant, account)
        if channel_id is not None:
            self.channels.forget(tenant, channel_id)
        self._kept = {
            key: kept
            for key, kept in self._kept.items()
            if key[0] != tenant or (key[1] != account and key[2] != channel_id)
        }

    def _remembered(self, installation: Installation, account: str, channel_id: str | None) -> Seen | None:
        """Most turns name nobody, and Slack told of the actor and the place just before."""
        who = self.identity.known(installation.tenant, account)
        channel = self.channels.known(installation.tenant, channel_id) if channel_id else None
        if who is None or (channel is None and channel_id is not None):
            return None
        return Seen(installation=installation, who=who, channel=channel)

    async def _look(
        self, installation: Installation, account: str, channel_id: str | None, text: str, names: list[str]
    ) -> Seen:
        who, channel, others = await asyncio.gather(
            self.identity.who(installation, account),
            self._channel(installation, channel_id),
            asyncio.gather(*(self._who_or_none(installation, each) for each in names)),
        )
        found = channels_in(text)
        channels = [await self.channels.facts(installation, each) for each in found]
        told = {each.id: each for each in channels if each.organisations is not None}
        inside = [each for each in told if account in await self.channels.members(installation.tenant, each)]
        return Seen(
            installation=installation,
            who=who,
            channel=channel,
            people={each.account: each for each in others if each is not None},
            channels=told,
            is_in=frozenset(inside),
        )

    async def _channel(self, installation: Installation, channel_id: str | None) -> Channel | None:
        return await self.channels.facts(installation, channel_id) if channel_id else None

    async def _who_or_none(self, installation: Installation, account: str) -> Who | None:
        """Somebody who is only mentioned may stay unknown."""
        try:
            return await self.identity.who(installation, account)
        except (NoSuchPerson, Unsure):
            return None

    async def _keep(self, seen: Seen) -> Cast:
        """Nothing is written again while Slack's last word on all of it is still fresh."""
        key = seen.installation.tenant, seen.who.account, seen.channel.id if seen.channel else ""
        known = self._kept.get(key)
        is_plain = not seen.people and not seen.channels
        if known and is_plain and known[0].who is seen.who and known[0].channel is seen.channel:
            return known[1]
        cast = await self._pool.run(self._written, seen)
        if len(self._kept) >= REMEMBERED_AT_MOST:
            self._kept.clear()
        self._kept[key] = seen, cast
        return cast

    def _written(self, seen: Seen) -> Cast:
        return in_one_piece(self._ports, seen.installation.tenant, lambda uow: self._settle(uow, seen))

    def _settle(self, uow: UnitOfWork, seen: Seen) -> Cast:
        tenant = seen.installation.tenant
        person = self._person(uow, seen.who, tenant)
        private = uow.places.by_route(PLATFORM, seen.who.account)
        place = self._place(uow, seen.channel, tenant) if seen.channel else private
        if place is not None and seen.channel is not None:
            uow.places.join(place.id, [person.id])  # who acts in a channel is in it
        channels = {each: self._place(uow, channel, tenant) for each, channel in seen.channels.items()}
        for each in seen.is_in:
            uow.places.join(channels[each].id, [person.id])
        return Cast(
            tenant=tenant,
            person_id=person.id,
            place_id=place.id if place else None,
            bot_user_id=seen.installation.bot_user_id,
            people={each: self._person(uow, who, tenant).id for each, who in seen.people.items()},
            channels={each: channel.id for each, channel in channels.items()},
        )

    def _brought_in(self, tenant: str, channel: Channel, known: list[Who], is_whole: bool) -> Place:
        return in_one_piece(
            self._ports, tenant, lambda uow: self._gathered(uow, tenant, channel, known, is_whole)
        )

    def _gathered(
        self, uow: UnitOfWork, tenant: str, channel: Channel, known: list[Who], is_whole: bool
    ) -> Place:
        place = self._place(uow, channel, tenant)
        here = [self._person(uow, who, tenant).id for who in known if who.is_active]
        gone = uow.places.members(place.id).difference(here) if is_whole else frozenset()
        for person_id in gone:
            uow.places.leave(place.id, person_id)
        uow.places.join(place.id, here)
        return place

    def _person(self, uow: UnitOfWork, who: Who, tenant: str) -> Person:
        return keep_person(uow, who, tenant, self._ports.policy, self._ports.new_id)

    def _place(self, uow: UnitOfWork, channel: Channel, tenant: str) -> Place:
        return keep_place(uow, channel, tenant, self._ports.now(), self._ports.new_id)
