"""A tenant with people and channels, and Kept in it: signed activities go in, what Teams took comes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.db.unit_of_work import open_uow
from adapters.environment import Environment, TeamsEnvironment
from adapters.moments import BabelMomentWords
from adapters.redaction import Secret
from adapters.teams.app import Teams
from adapters.teams.cards import KEPT, OPEN_FORM, VERB
from adapters.teams.hosts import Hosts
from adapters.teams.whereabouts import PLATFORM
from adapters.web import BODY_LIMIT, Pool, nothing_escapes
from bot import sweeps
from bot.addresses import Place
from bot.policy import Hours, Policy
from bot.ports import Ports
from bot.storage import UnitOfWork
from fake_connector import FakeConnector
from fakes import SettableClock
from stage import no_holidays
from teams_activities import (
    ACME,
    GLOBEX,
    OURS,
    activity,
    executed,
    invoke,
    object_id,
    personal_id,
    said,
    user_id,
)
from teams_login import APP_ID, APP_PASSWORD, FakeLogin

ANA, BEN, MIA, NOOR = "ana", "ben", "mia", "noor"
CARLA, CARLOS, GUS, GRETA = "carla", "carlos", "gus", "greta"
SHARED, TEAM_ROOM, GLOBEX_SHARED = "19:acme@thread.tacv2", "19:room@thread.tacv2", "19:globex@thread.tacv2"
SUBJECT = "send the SOC 2 report"
HOMES = {CARLA: ACME, CARLOS: ACME, GUS: GLOBEX}
Json = dict[str, Any]


def member(name: str, **changes: Any) -> Json:
    """As an entry of a roster; Greta is a guest in our own tenant."""
    return {
        "id": user_id(name),
        "name": name.title(),
        "aadObjectId": object_id(name),
        "userPrincipalName": f"{name}@example.com",
        "tenantId": HOMES.get(name, OURS),
        "userRole": "guest" if name == GRETA else "user",
        **changes,
    }


def settle_in(connector: FakeConnector) -> None:
    connector.rosters = {
        SHARED: [member(name) for name in (ANA, BEN, CARLA, CARLOS)],
        GLOBEX_SHARED: [member(name) for name in (BEN, GUS)],
        TEAM_ROOM: [member(name) for name in (ANA, BEN, MIA, NOOR)],
        **{personal_id(name): [member(name)] for name in (ANA, BEN, MIA, NOOR, GRETA, CARLA)},
    }


@dataclass
class Kept:
    """The app as it is served, and the ways in which Teams reaches it."""

    client: TestClient[Any, Any]
    teams: Teams
    fake: FakeConnector
    login: FakeLogin
    ports: Ports
    clock: SettableClock
    slept: list[float]  # by the outbox's thread
    paused: list[float]  # by answers
    numbers: Any = field(default_factory=lambda: count(1))

    async def send(
        self, payload: Mapping[str, Any], *, settle: bool = True, **claims: Any
    ) -> tuple[int, Any]:
        url = payload.get("serviceUrl")
        headers = {"Authorization": self.login.bearer(**{"serviceurl": url, **claims})}
        answer = await self.client.post("/api/messages", json=payload, headers=headers)
        text = await answer.text()
        if settle:
            await self.teams.settle()
        return answer.status, json.loads(text) if text else None

    async def say(self, actor: str, text: str, *people: str, place: str | None = None, **more: Any) -> Json:
        """In a chat with Kept alone, or with a mention in a channel; what they read in private after it."""
        before = len(self.fake.posts)
        status, body = await self.send(self.words(actor, text, *people, place=place, **more))
        assert (status, body) == (200, None)
        new = self.fake.posts[before:]
        return shown(new[-1].activity) if new else {}

    def words(self, actor: str, text: str, *people: str, place: str | None = None, **more: Any) -> Json:
        here = {} if place is None else self.at(place)
        where = place or personal_id(actor)
        return said(actor, where, text, *people, **{"service_url": self.fake.service_url, **here, **more})

    def at(self, place: str) -> Json:
        """What activities say of a channel; a shared one is hosted by us, unless said otherwise."""
        kind = {"channel": {"id": place, "type": "shared" if place == SHARED else "standard"}}
        return {"conversation_type": "channel", "channelData": kind}

    async def press(
        self,
        actor: str,
        action: Mapping[str, Any],
        place: str | None = None,
        message: str | None = None,
        **more: Any,
    ) -> Json:
        """What the card is replaced by for them, or the message they alone see."""
        here = {} if place is None else self.at(place)
        where = place or personal_id(actor)
        more = {"service_url": self.fake.service_url, **here, **more}
        if message is not None:
            more["replyToId"] = message
        status, body = await self.send(executed(actor, where, action, **more))
        assert status == 200, (status, body)
        assert body["statusCode"] == 200
        return body["value"] if isinstance(body["value"], dict) else {"message": body["value"]}

    async def fill(
        self, actor: str, form: Mapping[str, Any], place: str | None = None, **values: str
    ) -> Json:
        """A form that stands in the place of a card."""
        action = next(each for each in actions(form) if each["type"] == "Action.Execute")
        return await self.press(actor, action, place, inputs={**entered(form), **values})

    async def dialog(self, actor: str, name: str, data: Mapping[str, Any], place: str | None = None) -> Json:
        """The task of the answer; nothing where the dialog is closed."""
        here = {} if place is None else self.at(place)
        payload = invoke(
            name,
            actor,
            place or personal_id(actor),
            {"data": dict(data)},
            service_url=self.fake.service_url,
            **here,
        )
        status, body = await self.send(payload)
        assert status == 200, (status, body)
        return {} if body is None else body["task"]

    async def extension(
        self, actor: str, name: str, value: Mapping[str, Any], place: str | None = None
    ) -> Json:
        here = {} if place is None else self.at(place)
        payload = invoke(
            f"composeExtension/{name}",
            actor,
            place or personal_id(actor),
            value,
            service_url=self.fake.service_url,
            **here,
        )
        status, body = await self.send(payload)
        assert status == 200, (status, body)
        return body or {}

    async def open_form(self, actor: str, card: Mapping[str, Any]) -> Json:
        """Presses the button that opens a dialog."""
        [action] = [each for each in actions(card) if each["data"][VERB] == OPEN_FORM]
        return await self.dialog(actor, "task/fetch", action["data"])

    async def submit(
        self, actor: str, task: Mapping[str, Any], place: str | None = None, **values: str
    ) -> Json:
        """The form in a dialog, as Teams sends it: what was shown is sent back when nothing was entered."""
        form = task["value"]["card"]["content"]
        [action] = actions(form)
        return await self.dialog(actor, "task/submit", {**action["data"], **entered(form), **values}, place)

    async def install(self, actor: str, place: str | None = None, **more: Any) -> None:
        here = {} if place is None else self.at(place)
        payload = activity(
            "installationUpdate",
            actor,
            place or personal_id(actor),
            action="add",
            **{"service_url": self.fake.service_url, **here, **more},
        )
        assert (await self.send(payload))[0] == 200

    async def deliver(self) -> None:
        """What is due in the outbox goes out."""
        await asyncio.to_thread(sweeps.settle, self.ports, "worker")
        await self.teams.settle()

    async def wait(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.deliver()

    def posts(self, place: str) -> list[Json]:
        return [shown(each) for each in self.fake.said(place)]

    def direct(self, name: str) -> list[Json]:
        return self.posts(personal_id(name))

    def place(self, conversation: str) -> Place:
        found = self.read(lambda uow: uow.places.by_route(PLATFORM, conversation))
        assert found is not None
        return found

    def read(self, work: Any) -> Any:
        uow: UnitOfWork
        with self.ports.open_uow(OURS) as uow:
            return work(uow)

    async def begin(self) -> None:
        """Ben leads Acme in its channel, Ana is on the team; everyone was met."""
        for name in (ANA, BEN, MIA, NOOR):
            await self.install(name)
        for place in (SHARED, TEAM_ROOM):
            await self.install(BEN, place)
        await self.say(BEN, "partner new Acme", place=TEAM_ROOM)
        card = await self.say(BEN, "partner link Acme", place=SHARED)
        await self.press(BEN, action(card, "partnership.link_confirm"))
        await self.say(BEN, "partner role @ana member Acme", ANA, place=TEAM_ROOM)
        await self.say(BEN, "partner role @mia manager Acme", MIA, place=TEAM_ROOM)
        await self.deliver()

    async def has_made(self, text: str = f"promise Acme: {SUBJECT} by 2026-11-27") -> Json:
        made = await self.say(ANA, text)
        if OPEN_FORM in verbs(made):
            task = await self.open_form(ANA, made)
            made = (await self.submit(ANA, task))["value"]["card"]["content"]
        return made

    async def has_shown(self) -> Json:
        """Returns the card in the shared channel."""
        made = await self.has_made()
        form = await self.press(ANA, action(made, "promise.share"))
        await self.fill(ANA, form)
        await self.deliver()
        return self.posts(SHARED)[-1]

    async def current(self, name: str = ANA) -> Json:
        """The promise as that person sees it when they ask."""
        return await self.say(name, "promise Acme P-1")

    async def has_offered(self) -> Json:
        """Ana asks for a later day; returns the question in the thread."""
        await self.has_shown()
        form = await self.press(ANA, action(await self.current(), "promise.renegotiate"))
        await self.fill(ANA, form, due="2026-12-04", reason="The auditor is late")
        await self.deliver()
        return self.posts(SHARED)[-1]


def environment(fake: FakeConnector, login: FakeLogin, **teams: Any) -> Environment:
    usual = {
        "app_id": APP_ID,
        "app_password": Secret(APP_PASSWORD),
        "app_type": "SingleTenant",
        "tenant_id": OURS,
        "openid_url": login.openid_url,
        "login_url": login.login_url,
    }
    return Environment(public_url="https://kept.example", teams=TeamsEnvironment(**{**usual, **teams}))


def ports_on(engine: Engine, clock: SettableClock, teams: Teams, *, reading: bool = False) -> Ports:
    ids = count(1)
    admins = frozenset({f"teams:{object_id(BEN)}"})
    return Ports(
        now=clock,
        open_uow=open_uow(engine),
        chats=teams.chats,
        is_holiday=no_holidays,
        moment_words=BabelMomentWords(clock),
        new_id=lambda: f"{next(ids):032x}",
        policy=Policy(hours=Hours(zone="Europe/Berlin"), locale="en-GB", admins=admins, reading=reading),
    )


@asynccontextmanager
async def kept(
    engine: Engine,
    fake: FakeConnector,
    login: FakeLogin,
    clock: SettableClock,
    *,
    reading: bool = False,
    **how: Any,
) -> AsyncIterator[Kept]:
    slept: list[float] = []
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        clock.advance(timedelta(seconds=seconds))

    built = Teams(
        environment(fake, login),
        engine,
        now=clock,
        monotonic=lambda: clock.now.timestamp() + sum(slept),
        sleep=slept.append,
        pause=pause,
        our_tenants=frozenset({OURS}),
        hosts=Hosts(loopback=True),  # where the fake is
        **how,
    )
    ports, pool = ports_on(engine, clock, built, reading=reading), Pool(engine)
    app = web.Application(middlewares=[nothing_escapes], client_max_size=BODY_LIMIT)
    built.add_to(app, ports, pool)
    async with TestClient(TestServer(app)) as client:
        yield Kept(
            client=client,
            teams=built,
            fake=fake,
            login=login,
            ports=ports,
            clock=clock,
            slept=slept,
            paused=paused,
        )
    pool.close()


# Looking at what came out.


def shown(message: Mapping[str, Any]) -> Json:
    """The card of a message, or the message."""
    cards = [each["content"] for each in message.get("attachments", ())]
    return cards[0] if cards else dict(message)


def actions(card: Any) -> list[Json]:
    if isinstance(card, list):
        return [found for each in card for found in actions(each)]
    if not isinstance(card, Mapping):
        return []
    if str(card.get("type", "")).startswith("Action."):
        return [dict(card)]
    return [found for each in card.values() for found in actions(each)]


def verbs(card: Any) -> list[str]:
    return [
        each.get("verb") or each["data"][VERB] for each in actions(card) if each["type"] != "Action.OpenUrl"
    ]


def action(card: Any, verb: str) -> Json:
    """As it was drawn, and executed."""
    found = [each for each in actions(card) if (each.get("verb") or each["data"][VERB]) == verb]
    assert found, f"no {verb} in {verbs(card)}: {words(card)}"
    return {"verb": verb, "data": {KEPT: found[0]["data"][KEPT]}}


def entered(form: Any) -> dict[str, str]:
    """What the inputs of a form hold before anybody touches them."""
    if isinstance(form, list):
        return {name: value for each in form for name, value in entered(each).items()}
    if not isinstance(form, Mapping):
        return {}
    found = {name: value for each in form.values() for name, value in entered(each).items()}
    if str(form.get("type", "")).startswith("Input."):
        found[form["id"]] = form.get("value", "")
    return found


def words(drawn: Any) -> str:
    """Every text in it, whatever it is for."""
    return "\n".join(_texts(drawn))


def _texts(drawn: Any) -> Iterable[str]:
    if isinstance(drawn, str):
        yield drawn
    elif isinstance(drawn, Mapping):
        for each in drawn.values():
            yield from _texts(each)
    elif isinstance(drawn, list):
        for each in drawn:
            yield from _texts(each)
