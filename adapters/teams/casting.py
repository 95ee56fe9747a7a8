"""From what an activity says to Kept's ids: looks people and places up at Teams, and keeps what it finds.

Looking is asynchronous and asks Teams; keeping is one short transaction in the pool. Between them nothing is
assumed: where Teams does not tell who somebody is, no turn comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adapters.people import NoSuchPerson, Unsure, Who, keep_person, locale_or_none, zone_or_none
from adapters.places import keep_place
from adapters.teams.channels import Channels
from adapters.teams.connector import Connector
from adapters.teams.identity import Home, Identity, Member
from adapters.teams.places import Roster, Rosters
from adapters.teams.references import Reference, References
from adapters.teams.whereabouts import PLATFORM, Kind, Whereabouts
from adapters.web import Pool
from bot.addresses import Place
from bot.changes import in_one_piece
from bot.ports import Ports
from bot.storage import UnitOfWork
from commitments.partnership import Person

MET_AT_MOST = 200  # members of one conversation at a time; the others are met when they act
REMEMBERED_AT_MOST = 50_000
PRIVATE_CHANNEL, NOT_OUR_TENANT = "private_channel", "not_our_tenant"


class NotHere(Exception):
    """Kept does nothing in this conversation. `reason` is PRIVATE_CHANNEL or NOT_OUR_TENANT."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Teams told about everyone in one activity."""

    reference: Reference
    member: Member
    zone: str | None  # of the actor's client
    locale: str | None
    roster: Roster | None = None  # None: a personal chat
    people: Mapping[str, Member] = field(default_factory=dict)  # those mentioned, by user id

    @property
    def who(self) -> Who:
        return replace(self.member.who, zone=zone_or_none(self.zone), locale=locale_or_none(self.locale))

    def is_as(self, other: Seen) -> bool:
        """Nothing has been looked up since."""
        is_same = self.member is other.member and self.roster is other.roster
        return is_same and (self.zone, self.locale) == (other.zone, other.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and where, in Kept's ids."""

    tenant: str
    person_id: str
    is_ours: bool  # can be spoken to in private; everybody else cannot (L32)
    place_id: str  # where it happened; in a personal chat the person's private place
    private_id: str | None  # the person's private place; None: has none that Kept may write to
    people: Mapping[str, str] = field(default_factory=dict)  # those mentioned, by user id ("29:…")


class Casting:
    def __init__(
        self, ports: Ports, pool: Pool, connector: Connector, references: References, home: Home
    ) -> None:
        self._ports = ports
        self._pool = pool
        self.home = home
        self.references = references
        self.identity = Identity(connector, home, ports.now)
        self.channels = Channels(connector, ports.now)
        self.rosters = Rosters(connector, home, ports.now)
        self._kept: dict[tuple[str, str], tuple[Seen, Cast]] = {}

    async def cast(self, where: Whereabouts) -> Cast:
        """Raises NotHere, NoSuchPerson, Unsure and NotListed."""
        look = self._in_private if where.kind is Kind.PERSONAL else self._among_others
        seen = await look(where)
        key = where.conversation_id, where.actor_id
        known = self._kept.get(key)
        if known and not seen.people and seen.is_as(known[0]):
            return known[1]  # Teams' last word on all of it is still fresh
        cast = await self._pool.run(self._written, seen)
        if len(self._kept) >= REMEMBERED_AT_MOST:
            self._kept.clear()
        self._kept[key] = seen, cast
        return cast

    async def bring_in(self, where: Whereabouts) -> Place:
        """A channel or group with everyone in it, read anew. Raises NotHere, Unsure and NotListed."""
        self.forget(where.conversation_id)
        _, roster = await self._gathering(where)
        return await self._pool.run(self._kept_place, roster)

    def forget(self, conversation_id: str) -> None:
        """Teams said that somebody came or went."""
        self.identity.forget(conversation_id)
        self.rosters.forget(conversation_id)
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != conversation_id}

    async def leave(self, where: Whereabouts, *, whole_team: bool = False) -> None:
        """Kept was taken out: of a chat or a channel, or of a team with all its channels."""
        for conversation_id in await self._pool.run(self._left, where, whole_team):
            self.forget(conversation_id)

    async def _in_private(self, where: Whereabouts) -> Seen:
        reference = self._reference(where)
        member = await self.identity.who(reference, where.actor_id)
        if not (self.home.hosts(where.host) or member.who.is_ours):
            raise NotHere(NOT_OUR_TENANT)
        named = replace(reference, account=member.who.account, user_id=member.user_id)
        return Seen(reference=named, member=member, zone=where.zone, locale=where.locale)

    async def _among_others(self, where: Whereabouts) -> Seen:
        reference, roster = await self._gathering(where)
        member = roster.members.get(where.actor_id) or await self.identity.who(reference, where.actor_id)
        people = [await self._member_or_none(reference, roster, each) for each in where.mentioned]
        return Seen(
            reference=reference,
            member=member,
            zone=where.zone,
            locale=where.locale,
            roster=roster,
            people={each.user_id: each for each in people if each},
        )

    async def _gathering(self, where: Whereabouts) -> tuple[Reference, Roster]:
        """Who is there is kept whenever it is read: Teams does not tell of all who come and go (L30)."""
        if where.channel_type == "private":
            raise NotHere(PRIVATE_CHANNEL)
        reference = self._reference(where)
        if roster := self.rosters.fresh(reference):
            self._may_be_in(where, roster)
            return reference, roster
        listed = await self.channels.find(reference)
        if listed.type == "private":
            raise NotHere(PRIVATE_CHANNEL)
        told = replace(reference, is_shared=reference.is_shared or listed.type == "shared")
        reference = await self._pool.run(self.references.keep, told, self._ports.now())
        roster = await self.rosters.find(reference, where.channel_name or listed.name)
        try:
            self._may_be_in(where, roster)
        except NotHere:
            await self._pool.run(self.references.forget, reference.tenant, reference.conversation_id)
            raise
        await self._pool.run(self._gathered, roster)
        return reference, roster

    def _may_be_in(self, where: Whereabouts, roster: Roster) -> None:
        """In a conversation that somebody else hosts we are guests, and one of us has to be there (L28)."""
        if self.home.hosts(where.host) or roster.has_ours:
            return
        if roster.channel.organisations is None:
            raise Unsure
        raise NotHere(NOT_OUR_TENANT)

    def _reference(self, where: Whereabouts) -> Reference:
        return Reference(
            tenant=self.home.tenant,
            conversation_id=where.conversation_id,
            kind=where.kind,
            host=where.host,
            service_url=where.service_url,
            bot_id=where.bot_id,
            team_id=where.team_id,
            is_shared=where.channel_type == "shared",
        )

    async def _member_or_none(self, reference: Reference, roster: Roster, user_id: str) -> Member | None:
        """Somebody who is only mentioned may stay unknown."""
        try:
            return roster.members.get(user_id) or await self.identity.who(reference, user_id)
        except (NoSuchPerson, Unsure):
            return None

    # In the pool.

    def _written(self, seen: Seen) -> Cast:
        if seen.roster is None:
            self.references.keep(seen.reference, self._ports.now())
        return in_one_piece(self._ports, self.home.tenant, lambda uow: self._settle(uow, seen))

    def _settle(self, uow: UnitOfWork, seen: Seen) -> Cast:
        person = self._person(uow, seen.who)
        private = uow.places.by_route(PLATFORM, seen.who.account)
        place = self._spoken_in(uow, seen.roster, person) if seen.roster else private
        if place is None:
            raise Unsure  # erased a moment ago: they are met anew the next time
        return Cast(
            tenant=self.home.tenant,
            person_id=person.id,
            is_ours=person.is_ours,
            place_id=place.id,
            private_id=private.id if private and person.is_ours else None,
            people={each: self._person(uow, member.who).id for each, member in seen.people.items()},
        )

    def _spoken_in(self, uow: UnitOfWork, roster: Roster, person: Person) -> Place:
        place = self._place(uow, roster)
        uow.places.join(place.id, [person.id])  # who acts in a conversation is in it
        return place

    def _gathered(self, roster: Roster) -> None:
        in_one_piece(self._ports, self.home.tenant, lambda uow: self._gather(uow, roster))

    def _gather(self, uow: UnitOfWork, roster: Roster) -> None:
        place = self._place(uow, roster)
        if roster.is_whole:
            self._part(uow, place, roster)
        met = [self._person(uow, each.who).id for each in [*roster.members.values()][:MET_AT_MOST]]
        uow.places.join(place.id, met)

    def _part(self, uow: UnitOfWork, place: Place, roster: Roster) -> None:
        """Whoever is not on the roster any more cannot read there (L31)."""
        here = {each.who.account for each in roster.members.values()}
        for person in uow.people.of_ids(uow.places.members(place.id)).values():
            if person.account not in here:
                uow.places.leave(place.id, person.id)

    def _kept_place(self, roster: Roster) -> Place:
        return in_one_piece(self._ports, self.home.tenant, lambda uow: self._place(uow, roster))

    def _left(self, where: Whereabouts, whole_team: bool) -> list[str]:
        tenant = self.home.tenant
        if where.kind is Kind.PERSONAL:
            self.references.close(tenant, where.conversation_id)
            return [where.conversation_id]
        if not whole_team or where.team_id is None:
            self.references.forget(tenant, where.conversation_id)
            return [where.conversation_id]
        gone = self.references.in_team(tenant, where.team_id)
        self.references.forget_team(tenant, where.team_id)
        return [each.conversation_id for each in gone]

    def _person(self, uow: UnitOfWork, who: Who) -> Person:
        return keep_person(uow, who, self.home.tenant, self._ports.policy, self._ports.new_id)

    def _place(self, uow: UnitOfWork, roster: Roster) -> Place:
        return keep_place(uow, roster.channel, self.home.tenant, self._ports.now(), self._ports.new_id)
