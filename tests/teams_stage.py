"""Kept at home in a tenant of ours, without the way in: what it looks up, and what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

import aiohttp
from sqlalchemy import Engine

from adapters.db.unit_of_work import open_uow
from adapters.moments import BabelMomentWords
from adapters.teams.casting import Casting
from adapters.teams.chat import Line, TeamsChat
from adapters.teams.connector import Connector
from adapters.teams.hosts import Hosts
from adapters.teams.identity import Home, account_of
from adapters.teams.references import References
from adapters.teams.whereabouts import PLATFORM, Kind, Whereabouts
from adapters.web import Pool
from bot.addresses import Place
from bot.policy import Policy
from bot.ports import Ports
from bot.storage import UnitOfWork
from builders import TENANT, a_partnership
from commitments.partnership import Person, Role
from fake_connector import FakeConnector, fake_connector
from fakes import SettableClock
from stage import no_holidays
from teams_activities import ACME, BOT, OURS, Json, object_id, personal_id, user_id

SHARED = "19:acme-shared@thread.tacv2"
TEAM_ROOM = "19:account-team@thread.tacv2"
TEAM = "19:team@thread.tacv2"

T = TypeVar("T")


def member(name: str, tenant: str | None = OURS, role: str | None = "user", /, **changes: Any) -> Json:
    """An entry of a roster; what is None is left out."""
    entry: Json = {
        "id": user_id(name),
        "aadObjectId": object_id(name),
        "name": name,
        "tenantId": tenant,
        "userRole": role,
        **changes,
    }
    return {key: value for key, value in entry.items() if value is not None}


def whereabouts(
    actor: str, conversation_id: str = SHARED, *, kind: Kind = Kind.CHANNEL, **changes: Any
) -> Whereabouts:
    standing: dict[str, Any] = {
        "service_url": "",
        "host": OURS,
        "team_id": TEAM if kind is Kind.CHANNEL else None,
        "bot_id": BOT,
        "actor_object_id": object_id(actor),
        "locale": "en-GB",
        "zone": "Europe/Berlin",
    }
    where = {"kind": kind, "conversation_id": conversation_id, "actor_id": user_id(actor)}
    return Whereabouts(**{**standing, **where, **changes})


def in_private(actor: str, **changes: Any) -> Whereabouts:
    return whereabouts(actor, personal_id(actor), kind=Kind.PERSONAL, **changes)


@dataclass(kw_only=True)
class AtHome:
    fake: FakeConnector
    ports: Ports
    casting: Casting
    chat: TeamsChat
    clock: SettableClock
    slept: list[float]

    @property
    def references(self) -> References:
        return self.casting.references

    def here(self, where: Whereabouts) -> Whereabouts:
        return replace(where, service_url=self.fake.service_url)

    async def meet(self, *names: str) -> None:
        """Each writes to Kept in private."""
        for name in names:
            self.fake.rosters[personal_id(name)] = [member(name)]
            await self.casting.cast(self.here(in_private(name)))

    async def gather(self, conversation_id: str, *members: Json, **where: Any) -> Place:
        """A conversation with these in it, as Kept has just read it."""
        self.fake.rosters[conversation_id] = [*members]
        told = whereabouts("Ana", conversation_id, **where)
        return await self.casting.bring_in(self.here(told))

    async def link(self, place: Place) -> None:
        """The channel is Acme's; Ben leads, and Ana is on the team."""
        partnership = a_partnership("Acme", place_id=place.id, organisations=frozenset({ACME}))

        def work(uow: UnitOfWork) -> None:
            uow.partnerships.add(partnership)
            uow.places.save(replace(place, partnership_id=partnership.id))
            for name, role in (("Ben", Role.LEAD), ("Ana", Role.MEMBER)):
                uow.partnerships.set_role(partnership.id, self.person(name, uow).id, role)

        await asyncio.to_thread(self.work, work)

    def work(self, work: Callable[[UnitOfWork], T]) -> T:
        with self.ports.open_uow(TENANT) as uow:
            done = work(uow)
            uow.commit()
        return done

    def person(self, name: str, uow: UnitOfWork | None = None, tenant: str = OURS) -> Person:
        def found(uow: UnitOfWork) -> Person:
            person = uow.people.by_account(PLATFORM, account_of(tenant, object_id(name)))
            assert person is not None, f"Kept has not met {name}"
            return person

        return found(uow) if uow else self.work(found)

    def place(self, conversation_id: str) -> Place:
        place = self.work(lambda uow: uow.places.by_route(PLATFORM, conversation_id))
        assert place is not None
        return place

    def private(self, name: str, tenant: str = OURS) -> Place:
        place = self.work(lambda uow: uow.places.private_of(self.person(name, uow, tenant).id))
        assert place is not None
        return place

    def names_in(self, conversation_id: str) -> set[str]:
        def work(uow: UnitOfWork) -> set[str]:
            place = uow.places.by_route(PLATFORM, conversation_id)
            known = uow.people.of_ids(uow.places.members(place.id)) if place else {}
            return {each.name for each in known.values()}

        return self.work(work)


@asynccontextmanager
async def at_home(engine: Engine, clock: SettableClock, **policy: Any) -> AsyncIterator[AtHome]:
    async with fake_connector() as fake, aiohttp.ClientSession() as session:
        pool, numbers = Pool(engine), count(1)
        ports = Ports(
            now=clock,
            open_uow=open_uow(engine),
            chats={},
            is_holiday=no_holidays,
            moment_words=BabelMomentWords(clock),
            new_id=lambda: f"{next(numbers):032x}",
            policy=Policy(**policy),
        )
        hosts = Hosts(loopback=True)
        connector = Connector(login=None, hosts=hosts, session=session, now=clock)
        references = References(engine, hosts)
        home = Home(tenant=TENANT, ours=frozenset({OURS}), admins=frozenset({object_id("Mia")}))
        casting = Casting(ports, pool, connector, references, home)
        slept: list[float] = []
        chat = TeamsChat(
            monotonic=lambda: clock.now.timestamp() + sum(slept),
            sleep=slept.append,
            line=Line(
                loop=asyncio.get_running_loop(),
                ports=ports,
                connector=connector,
                casting=casting,
                origin="https://kept.example",
            ),
        )
        yield AtHome(fake=fake, ports=ports, casting=casting, chat=chat, clock=clock, slept=slept)
        pool.close()
