"""A workspace with people and channels, and Kept in it: signed requests go in, what Slack took comes out."""

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
from adapters.environment import Environment, SlackEnvironment
from adapters.moments import BabelMomentWords
from adapters.redaction import Secret
from adapters.slack.app import Slack
from adapters.slack.scopes import names
from adapters.web import BODY_LIMIT, Pool, nothing_escapes
from bot import sweeps
from bot.policy import Hours, Policy
from bot.ports import Ports
from bot.storage import UnitOfWork
from fake_slack import APP, APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, FakeSlack, Token
from fakes import SettableClock
from slack_requests import SIGNING_SECRET, RawRequest, a_command, an_event, an_interaction
from stage import no_holidays

ANA, BEN, MIA, NOOR = "U0ANA", "U0BEN", "U0MIA", "U0NOOR"
CARLA, CARLOS, GUS, GUEST = "U0CARLA", "U0CARLOS", "U0GUS", "U0GUEST"
ACME, GLOBEX = "T0ACME", "T0GLOBEX"
SHARED, TEAM_ROOM, GLOBEX_SHARED = "C0SHARED", "C0TEAM", "C0GLOBEX"
SUBJECT = "send the SOC 2 report"


@dataclass
class Workspace(FakeSlack):
    """A fake that also gives permalinks and takes answers at the addresses it handed out."""

    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # address, message

    def _chat_getPermalink(self, fields: dict[str, Any], _: str) -> dict[str, Any]:  # noqa: N802
        channel = self._channel(fields)["id"]
        stamp = fields["message_ts"].replace(".", "")
        return {"channel": channel, "permalink": f"https://kept.slack.com/archives/{channel}/p{stamp}"}

    async def hear(self, request: web.Request) -> web.Response:
        self.answers.append((request.path, await request.json()))
        return web.Response(text="ok")

    def response_url(self, kind: str = "actions") -> str:
        return self.api_url.removesuffix("api/") + f"{kind}/{TEAM}/1/x"

    def settle_in(self) -> None:
        for user, name in ((ANA, "Ana"), (MIA, "Mia"), (NOOR, "Noor")):
            self.add_user(user, real_name=name, profile={"real_name": name})
        self.add_user(BEN, real_name="Ben", profile={"real_name": "Ben"}, is_admin=True)
        for user, name, team in ((CARLA, "Carla", ACME), (CARLOS, "Carlos", ACME), (GUS, "Gus", GLOBEX)):
            self.add_user(
                user,
                real_name=name,
                profile={"real_name": name},
                team_id=team,
                is_stranger=False,
                locale="en-US",
            )
        self.add_user(GUEST, real_name="Greta", profile={"real_name": "Greta"}, is_ultra_restricted=True)
        self.add_channel(SHARED, [BOT_USER, ANA, BEN, CARLA, CARLOS], name="acme-shared", **shared_with(ACME))
        self.add_channel(GLOBEX_SHARED, [BOT_USER, BEN, GUS], name="globex-shared", **shared_with(GLOBEX))
        self.add_channel(TEAM_ROOM, [BOT_USER, ANA, BEN, MIA, NOOR], name="account-team")


def shared_with(*teams: str) -> dict[str, Any]:
    return {"is_shared": True, "is_ext_shared": True, "connected_team_ids": list(teams)}


@asynccontextmanager
async def workspace(now: SettableClock) -> AsyncIterator[Workspace]:
    fake = Workspace(now=now)
    fake.tokens = {BOT_TOKEN: Token(names()), APP_TOKEN: Token(("connections:write",))}
    fake.settle_in()
    app = web.Application(client_max_size=16 * 1024**2)
    app.router.add_route("*", "/api/{method}", fake.handle)
    app.router.add_post("/{kind:commands|actions|app}/{rest:.*}", fake.hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()


def environment(fake: FakeSlack, secret_keys: tuple[Secret, ...] = (), **slack: Any) -> Environment:
    usual = {"signing_secrets": (SIGNING_SECRET,), "bot_token": Secret(BOT_TOKEN), "api_url": fake.api_url}
    return Environment(secret_keys=secret_keys, slack=SlackEnvironment(**{**usual, **slack}))


def ports_on(engine: Engine, clock: SettableClock, slack: Slack, *, reading: bool = False) -> Ports:
    ids = count(1)
    return Ports(
        now=clock,
        open_uow=open_uow(engine),
        chats={"slack": slack.chat},
        is_holiday=no_holidays,
        moment_words=BabelMomentWords(clock),
        new_id=lambda: f"{next(ids):032x}",
        policy=Policy(hours=Hours(zone="Europe/Berlin"), locale="en-GB", reading=reading),
    )


@dataclass
class Kept:
    """The app as it is served, and the ways in which Slack reaches it."""

    client: TestClient[Any, Any]
    slack: Slack
    fake: Workspace
    ports: Ports
    clock: SettableClock
    slept: list[float]
    numbers: Any = field(default_factory=lambda: count(1))

    async def send(self, request: RawRequest) -> tuple[int, Any]:
        answer = await self.client.request(
            request.method, "/slack/events", data=request.body, headers=list(request.headers)
        )
        text = await answer.text()
        return answer.status, json.loads(text) if text else None

    async def command(
        self, user: str, channel: str, text: str, name: str = "/promise", **more: str
    ) -> dict[str, Any]:
        """What that person reads, or the dialog they get."""
        fields = {
            "command": name,
            "text": text,
            "user_id": user,
            "team_id": TEAM,
            "channel_id": channel,
            "trigger_id": self._trigger(),
            "response_url": self.fake.response_url("commands"),
            **more,
        }
        before = self._count()
        status, body = await self.send(a_command(fields, at=self.clock.now))
        assert status == 200, (status, body)
        await self.settle()
        return body or self._since(before)

    async def press(
        self, user: str, button: Mapping[str, Any], channel: str, ts: str | None = None, **more: Any
    ) -> dict[str, Any]:
        container = {"type": "message", "message_ts": ts or "1.1", "channel_id": channel}
        container["is_ephemeral"] = ts is None  # type: ignore[assignment]
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},  # what the SDK would believe
            "api_app_id": APP,
            "container": container,
            "channel": {"id": channel},
            "trigger_id": self._trigger(),
            "response_url": self.fake.response_url(),
            "actions": [{"type": "button", "block_id": "b", **button}],
        }
        return await self.interact({**payload, **more})

    async def press_in_view(self, user: str, button: Mapping[str, Any], view: Mapping[str, Any]) -> Any:
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user},
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "app_installed_team_id": TEAM},
            "trigger_id": self._trigger(),
            "actions": [{"type": "button", "block_id": "b", **button}],
        }
        return await self.interact(payload)

    async def types(
        self, user: str, view: Mapping[str, Any], name: str, text: str, **others: str
    ) -> dict[str, Any]:
        """One more character stands in a field of the dialog; what it shows after that."""
        values = {**others, name: text}
        await self.reports(user, view, name, values)
        await self.settle()
        return self.fake.views[view["id"]]

    async def reports(self, user: str, view: Mapping[str, Any], name: str, values: Mapping[str, str]) -> None:
        """As Slack does at every character; nothing is waited for."""
        [block] = [each for each in view["blocks"] if each.get("block_id") == name]
        typed = {"type": "plain_text_input", "action_id": block["element"]["action_id"], "block_id": name}
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user},
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": _state(view["blocks"], values)}},
            "trigger_id": self._trigger(),
            "actions": [{**typed, "value": values[name]}],
        }
        status, _ = await self.send(an_interaction(payload, at=self.clock.now))
        assert status == 200

    async def submit(
        self, user: str, view: Mapping[str, Any], values: Mapping[str, str], team: str = TEAM
    ) -> dict[str, Any]:
        """As Slack sends it: what a field was shown with is sent back when nothing else was entered."""
        payload = {
            "type": "view_submission",
            "team": {"id": team},
            "user": {"id": user, "team_id": team},
            "view": {
                **view,
                "app_installed_team_id": TEAM,
                "state": {"values": _state(view["blocks"], values)},
            },
            "trigger_id": self._trigger(),
        }
        status, body = await self.send(an_interaction(payload, at=self.clock.now))
        assert status == 200, (status, body)
        await self.settle()
        return body or {}

    async def shortcut(self, user: str, channel: str, text: str, **message: Any) -> dict[str, Any]:
        payload = {
            "type": "message_action",
            "callback_id": "track_promise",
            "team": {"id": TEAM},
            "user": {"id": user},
            "channel": {"id": channel},
            "message_ts": "1763283600.000100",
            "message": {"type": "message", "user": CARLA, "ts": "1763283600.000100", "text": text, **message},
            "trigger_id": self._trigger(),
            "response_url": self.fake.response_url("app"),
        }
        return await self.interact(payload)

    async def event(self, inner: Mapping[str, Any], event_id: str | None = None, **outer: Any) -> int:
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": event_id or f"Ev{next(self.numbers)}",
            "event_time": int(self.clock.now.timestamp()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "event": inner,
            **outer,
        }
        status, _ = await self.send(an_event(payload, at=self.clock.now))
        await self.settle()
        return status

    async def mention(self, user: str, channel: str, text: str, **more: Any) -> int:
        ts = f"{int(self.clock.now.timestamp())}.{next(self.numbers):06d}"
        said = {"type": "app_mention", "user": user, "channel": channel, "ts": ts}
        return await self.event({**said, "text": f"<@{BOT_USER}> {text}", **more})

    async def open_home(self, user: str) -> Any:
        await self.event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"})
        shown = [each for each in self.fake.calls("views.publish") if each.fields["user_id"] == user]
        return shown[-1].fields["view"] if shown else None

    async def deliver(self) -> None:
        """What is due in the outbox goes out."""
        await asyncio.to_thread(sweeps.settle, self.ports, "worker")
        await self.settle()

    async def settle(self) -> None:
        await self.slack.settle()

    async def wait(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.deliver()

    def posts(self, channel: str) -> list[dict[str, Any]]:
        return self.fake.messages[channel]

    def direct(self, user: str) -> list[dict[str, Any]]:
        return self.fake.messages[f"D0{user}"]

    def read(self, work: Any) -> Any:
        uow: UnitOfWork
        with self.ports.open_uow(TEAM) as uow:
            return work(uow)

    async def begin(self) -> None:
        """Ben leads Acme in its channel, Ana is on the team; everyone was met."""
        await self.event(
            {"type": "member_joined_channel", "user": BOT_USER, "channel": SHARED, "inviter": BEN}
        )
        await self.command(BEN, TEAM_ROOM, "new Acme", "/partner")
        card = await self.command(BEN, TEAM_ROOM, f"link Acme <#{SHARED}|acme-shared>", "/partner")
        await self.press(BEN, button(card, "partnership.link_confirm"), TEAM_ROOM)
        await self.command(BEN, TEAM_ROOM, f"role <@{ANA}|ana> member Acme", "/partner")
        await self.command(BEN, TEAM_ROOM, f"role <@{MIA}> manager Acme", "/partner")
        await self.deliver()

    async def has_made(self, text: str = f"Acme: {SUBJECT} by 2026-11-27") -> dict[str, Any]:
        made = await self.command(ANA, TEAM_ROOM, text)
        if "blocks" in made and made.get("type") == "modal":
            made = (await self.submit(ANA, made, {}))["view"]
        return made

    async def has_shown(self) -> dict[str, Any]:
        """Returns the card in the shared channel."""
        made = await self.has_made()
        form = await self.press(ANA, button(made, "promise.share"), TEAM_ROOM)
        assert (await self.submit(ANA, form, {}))["response_action"] == "update"
        await self.deliver()
        return self.posts(SHARED)[-1]

    async def current(self, user: str = ANA) -> dict[str, Any]:
        """The promise as that person sees it when they ask."""
        return await self.command(user, TEAM_ROOM, "Acme P-1")

    async def has_offered(self) -> dict[str, Any]:
        """Ana asks for a later day; returns the question in the thread."""
        await self.has_shown()
        form = await self.press(ANA, button(await self.current(), "promise.renegotiate"), TEAM_ROOM)
        await self.submit(ANA, form, {"due": "2026-12-04", "reason": "The auditor is late"})
        await self.deliver()
        return self.posts(SHARED)[-1]

    def card(self) -> dict[str, Any]:
        """The one about the promise in the shared channel, as it stands now."""
        [found] = [each for each in self.posts(SHARED) if SUBJECT in said(each) and not each.get("thread_ts")]
        return found

    async def interact(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        before = self._count()
        status, body = await self.send(an_interaction(payload, at=self.clock.now))
        assert status == 200, (status, body)
        await self.settle()
        return body or self._since(before)

    def _count(self) -> tuple[int, int]:
        return len(self.fake.answers), len(self.fake.taken)

    def _since(self, before: tuple[int, int]) -> dict[str, Any]:
        """The answer that came by another way than the acknowledgement."""
        answers, taken = before
        if len(self.fake.answers) > answers:
            return self.fake.answers[-1][1]
        views = [each for each in self.fake.taken[taken:] if each.method in ("views.open", "views.update")]
        if not views:
            return {}
        view = views[-1].fields["view"]
        return {**view, "id": views[-1].fields.get("view_id", f"V{next(self.numbers)}")}

    def _trigger(self) -> str:
        return f"{next(self.numbers)}.trigger"


@asynccontextmanager
async def kept(
    engine: Engine, fake: Workspace, clock: SettableClock, *, reading: bool = False, **slack: Any
) -> AsyncIterator[Kept]:
    slept: list[float] = []
    built = Slack(
        environment(fake, **slack),
        engine,
        now=clock,
        worker="worker",
        monotonic=lambda: clock.now.timestamp() + sum(slept),
        sleep=slept.append,
    )
    ports, pool = ports_on(engine, clock, built, reading=reading), Pool(engine)
    app = web.Application(middlewares=[nothing_escapes], client_max_size=BODY_LIMIT)
    built.add_to(app, ports, pool)
    async with TestClient(TestServer(app)) as client:
        yield Kept(client=client, slack=built, fake=fake, ports=ports, clock=clock, slept=slept)
    pool.close()


def buttons(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = (block["elements"] for block in shown["blocks"] if block["type"] == "actions")
    return [{**each, "type": "button"} for row in rows for each in row if each["type"] == "button"]


def button(shown: Mapping[str, Any], verb: str) -> dict[str, Any]:
    found = [each for each in buttons(shown) if each["action_id"].split("#")[0] == verb]
    assert found, f"no {verb} in {[each['action_id'] for each in buttons(shown)]}: {said(shown)}"
    return {name: found[0][name] for name in ("action_id", "value", "type") if name in found[0]}


def said(shown: Any) -> str:
    """Every text in it, whatever it is for."""
    return "\n".join(_texts(shown))


def _texts(shown: Any) -> Iterable[str]:
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, Mapping):
        for each in shown.values():
            yield from _texts(each)
    elif isinstance(shown, list):
        for each in shown:
            yield from _texts(each)


def _state(blocks: list[dict[str, Any]], values: Mapping[str, str]) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for block in blocks:
        elements = [block["element"]] if block["type"] == "input" else block.get("elements", [])
        for element in elements:
            if (
                block["type"] in ("input", "actions")
                and "action_id" in element
                and element["type"] != "button"
            ):
                entered = _entered(element, values.get(block["block_id"]))
                state.setdefault(block["block_id"], {})[element["action_id"]] = entered
    return state


def _entered(element: Mapping[str, Any], value: str | None) -> dict[str, Any]:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": value if value is not None else element.get("initial_value")}
        case "users_select":
            return {"type": kind, "selected_user": value or element.get("initial_user")}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date")}
        case "timepicker":
            return {"type": kind, "selected_time": element.get("initial_time")}
        case _:
            chosen = {"value": value} if value is not None else element.get("initial_option")
            return {"type": kind, "selected_option": chosen}
