"""Kept on Slack: the gate, Bolt behind it, the events' worker, and the chat that the outbox speaks through.

Nothing here needs Slack to be reachable: the process starts, answers `/livez`, and connects when it can.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from sqlalchemy import Engine

from adapters.db.asks import Asks, forgetting
from adapters.environment import Environment
from adapters.later import Later
from adapters.raw_request import Rejected
from adapters.receiving import Aside, raw_of
from adapters.slack import gate, shapes
from adapters.slack.api import Api
from adapters.slack.casting import Casting
from adapters.slack.chat import Line, SlackChat
from adapters.slack.client import OAuth, open_session, web_client
from adapters.slack.crypto import Keyring
from adapters.slack.desk import Desk
from adapters.slack.dispatching import Dispatcher
from adapters.slack.events import AppRateLimited, Event, Unheeded, UrlVerification
from adapters.slack.happenings import Happenings
from adapters.slack.home_tab import HomeTab
from adapters.slack.identity import PLATFORM, Identity
from adapters.slack.inbox import Events
from adapters.slack.installations import Installations
from adapters.slack.listeners import Listeners
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.marks import Marks
from adapters.slack.oauth import Installing, add_oauth_routes
from adapters.slack.places import Channels
from adapters.slack.shapes import Unknown
from adapters.slack.socket import Socket
from adapters.slack.states import States
from adapters.slack.survey import Survey
from adapters.slack.tables import asks
from adapters.slack.workspaces import ManyWorkspaces, OneWorkspace, Workspaces
from adapters.web import Pool, error_response
from bot.ports import Chat, Ports
from bot.sweeps import Sweep

STOP_WITHIN_S = 10
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What Slack gets back, on whichever way it asked."""

    status: int = 200
    body: str | None = None  # JSON, or nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Everything that lives as long as the event loop."""

    desk: Desk
    dispatcher: Dispatcher
    happenings: Happenings
    something_came: asyncio.Event
    socket: Socket | None


class Slack:
    def __init__(
        self,
        environment: Environment,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        worker: str,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """Raises ValueError when workspaces may install Kept and there is no key to seal their tokens."""
        self._environment = environment
        self._engine = engine
        self._now = now
        self._installations: Installations | None = None
        self._oauth: OAuth | None = None
        self._workspaces = self._find_workspaces(worker)
        self._aside = Aside(engine, PLATFORM, now)
        self._ports: Ports | None = None
        self._pool: Pool | None = None
        self._at_work: AtWork | None = None
        self.chat = SlackChat(
            marks=Marks(_mark_keys(environment)),
            monotonic=monotonic,
            sleep=sleep,
        )

    @property
    def chats(self) -> dict[str, Chat]:
        return {PLATFORM: self.chat}

    @property
    def sweeps(self) -> list[Sweep]:
        """What there is to do here beside the sweeps of all platforms."""
        return [forgetting(self._engine, asks)]

    def add_to(self, app: web.Application, ports: Ports, pool: Pool) -> None:
        self._ports, self._pool = ports, pool
        app.router.add_post(EVENTS_PATH, self.receive)
        if self._oauth is not None and self._installations is not None:
            self._add_oauth(app, self._oauth, self._installations, ports.policy.reading)
        app.cleanup_ctx.append(self._run)

    async def receive(self, request: web.Request) -> web.Response:
        """POST /slack/events: commands, interactions and events."""
        raw = await raw_of(request)
        match gate.check(raw, secrets=self._environment.slack.signing_secrets, now=self._now()):
            case gate.Probe():
                return web.Response()
            case Rejected() as rejected:
                if rejected.is_signed:
                    await self._set_aside(raw.body, "unreadable", rejected.reason, "")
                return error_response(rejected.status, rejected.reason)
            case accepted:
                return _response(await self.take_in(accepted, raw.body))

    async def take_in(self, accepted: gate.Accepted, body: bytes) -> Answered:
        """Signed and readable, from either way in. What no shape fits is set aside, and acknowledged."""
        if self._at_work is None:
            return Answered(status=503)
        shape = shapes.read(accepted, self._at_work.desk.api.hooks)
        match shape:
            case UrlVerification(challenge=challenge):
                return Answered(body=json.dumps({"challenge": challenge}))
            case Unknown():
                await self._set_aside(body, shape.kind, shape.reason, shape.tenant or "")
                return Answered()
            case AppRateLimited(team_id=team):
                logger.warning("Slack holds events back", extra={"tenant": team})
                return Answered()
            case Event(happening=Unheeded()):
                return Answered()
        answer = await self._at_work.dispatcher.dispatch(shape, accepted)
        if answer.odd is not None:
            await self._set_aside(body, accepted.way, answer.odd, shape.origin.tenant or "")
        return Answered(status=answer.status, body=answer.body)

    async def is_well(self) -> bool:
        """For `/readyz`: Slack takes our tokens, and the socket, where there is one, holds."""
        if self._at_work is None or await self._workspaces.any_refused():
            return False
        socket = self._at_work.socket
        return socket is None or not await socket.is_lost()

    async def settle(self) -> None:
        """Everything that follows from what was taken in so far, but for what the outbox sends."""
        if self._at_work is not None:
            await self._at_work.desk.later.finish()
            await self._at_work.happenings.settle()
            await self._at_work.desk.later.finish()

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        async with open_session() as session:
            self._at_work = self._put_together(session)
            worker = asyncio.create_task(
                self._at_work.happenings.run(self._at_work.something_came), name="slack events"
            )
            socket = self._at_work.socket
            if socket is not None:
                socket.open()
            yield
            if socket is not None:
                await socket.close()
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._at_work.desk.later.finish(), STOP_WITHIN_S)
            self._at_work = self.chat.line = None

    def _put_together(self, session: aiohttp.ClientSession) -> AtWork:
        ports, pool = self._ports, self._pool
        if ports is None or pool is None:
            raise RuntimeError("add_to comes first")
        desk = self._desk(ports, pool, session)
        something_came = asyncio.Event()
        home = HomeTab(desk)
        listeners = Listeners(desk, home, on_event=something_came.set)
        client = web_client(self._environment.slack.api_url, session)
        survey = Survey(desk.casting.channels, desk.api, self._now, self.chat.monotonic)
        self.chat.line = Line(loop=asyncio.get_running_loop(), desk=desk, survey=survey)
        return AtWork(
            desk=desk,
            dispatcher=Dispatcher(listeners, desk.casting, client),
            happenings=Happenings(desk, home, listeners, self._installations),
            something_came=something_came,
            socket=self._socket(session),
        )

    def _desk(self, ports: Ports, pool: Pool, session: aiohttp.ClientSession) -> Desk:
        api = Api(
            url=self._environment.slack.api_url,
            session=session,
            workspaces=self._workspaces,
            now=self._now,
            trip=self._installations.open_circuit if self._installations else None,
            run=pool.run,
        )
        return Desk(
            ports=ports,
            pool=pool,
            api=api,
            casting=Casting(ports, pool, api, Identity(api, self._now), Channels(api, self._now)),
            events=Events(self._engine),
            asks=Asks(self._engine, asks),
            later=Later(),
            origin=self._environment.public_url or "",
        )

    def _socket(self, session: aiohttp.ClientSession) -> Socket | None:
        token = self._environment.slack.app_token
        if token is None:
            return None
        client = web_client(self._environment.slack.api_url, session)
        return Socket(token, client, self.take_in, self._now)

    def _find_workspaces(self, worker: str) -> Workspaces:
        """A bot token is for one workspace; without it, whoever installs Kept is served."""
        slack = self._environment.slack
        if slack.bot_token is not None:
            return OneWorkspace(slack.bot_token, web_client(slack.api_url, None, slack.bot_token), self._now)
        if slack.client_id is None or slack.client_secret is None:
            raise ValueError("neither a bot token nor a client to install with")
        keyring = Keyring(self._environment.secret_keys)
        self._installations = Installations(self._engine, keyring, lambda: uuid4().hex)
        self._oauth = OAuth(slack.api_url, None, slack.client_id, slack.client_secret, self._now)
        return ManyWorkspaces(self._installations, self._oauth, self._now, worker)

    def _add_oauth(
        self, app: web.Application, oauth: OAuth, installations: Installations, reading: bool
    ) -> None:
        slack, public_url = self._environment.slack, self._environment.public_url
        if public_url is None or slack.client_id is None:
            return  # `kept check` says so: nobody can install Kept without an address to come back to
        installing = Installing(
            public_url=public_url,
            api_url=slack.api_url,
            client_id=slack.client_id,
            states=States(self._engine),
            installations=installations,
            oauth=oauth,
            now=self._now,
            reading=reading,
        )
        add_oauth_routes(app, installing)

    async def _set_aside(self, body: bytes, kind: str, reason: str, tenant: str) -> None:
        if self._pool is not None:
            await self._pool.run(self._aside.keep, body, kind, reason, tenant)


def _mark_keys(environment: Environment) -> list[Any]:
    """Whatever secret there is that lasts; one of them is why Slack is on at all."""
    slack = environment.slack
    return [*environment.secret_keys, *slack.signing_secrets, *filter(None, (slack.app_token,))]


def _response(answered: Answered) -> web.Response:
    if answered.body is None:
        return web.Response(status=answered.status)
    return web.json_response(text=answered.body, status=answered.status)
