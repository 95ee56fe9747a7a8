"""Kept on Teams: the gate, the activity handler behind it, and the chat that the outbox speaks through.

Nothing here needs Teams to be reachable: the process starts, answers `/livez`, and connects when it can.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy import Engine

from adapters.db.asks import Asks, forgetting
from adapters.environment import Environment
from adapters.later import Later
from adapters.raw_request import Rejected
from adapters.receiving import Aside, raw_of
from adapters.teams import activities
from adapters.teams.activity_handler import Adapter, Handler
from adapters.teams.answers import refused
from adapters.teams.casting import Casting
from adapters.teams.chat import Line, TeamsChat
from adapters.teams.connector import Connector
from adapters.teams.desk import Desk
from adapters.teams.gate import Accepted, Gate
from adapters.teams.happenings import Happenings
from adapters.teams.hosts import Hosts
from adapters.teams.identity import Home
from adapters.teams.keys import OPENID_URL, Keys
from adapters.teams.listeners import Listeners
from adapters.teams.login import LOGIN_URL, Login, LoginFailed
from adapters.teams.references import References
from adapters.teams.repeats import Repeats
from adapters.teams.shapes import Unheeded, Unknown
from adapters.teams.tables import asks
from adapters.teams.taking import Taking
from adapters.teams.telling import Telling
from adapters.teams.tokens import Tokens
from adapters.teams.whereabouts import PLATFORM
from adapters.web import Pool, error_response
from bot.ports import Chat, Ports
from bot.sweeps import Sweep
from commitments.errors import Refusal

MESSAGES_PATH = "/api/messages"
STOP_WITHIN_S = 10
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Everything that lives as long as the event loop."""

    desk: Desk
    gate: Gate
    adapter: Adapter
    login: Login | None


class Teams:
    def __init__(
        self,
        environment: Environment,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        our_tenants: frozenset[str],
        record: str | None = None,
        insecure_dev: bool = False,
        hosts: Hosts | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`our_tenants` are Entra's; `record` is whose promises these are, where another platform has it;
        `hosts` is for tests, whose connector is on this machine.

        Raises ValueError when nobody is ours, or when it is not known for whom a token would be, and OSError
        when the certificate cannot be read.
        """
        if not our_tenants:
            raise ValueError("no tenant is ours")
        if not (insecure_dev or environment.teams.app_id):
            raise ValueError("no app id")
        self._environment = environment
        self._engine = engine
        self._now = now
        self._monotonic = monotonic
        self._pause = pause
        self._insecure_dev = insecure_dev
        self._our_tenants = frozenset(each.lower() for each in our_tenants)
        self._tenant = record or environment.teams.tenant_id or min(self._our_tenants)
        self._hosts = hosts or Hosts(loopback=insecure_dev)
        path = environment.teams.certificate_path
        self._certificate = Path(path).read_bytes() if path and not insecure_dev else None
        self._aside = Aside(engine, PLATFORM, now)
        self._ports: Ports | None = None
        self._pool: Pool | None = None
        self._at_work: AtWork | None = None
        self.chat = TeamsChat(monotonic=monotonic, sleep=sleep)

    @property
    def chats(self) -> dict[str, Chat]:
        return {PLATFORM: self.chat}

    @property
    def sweeps(self) -> list[Sweep]:
        """What there is to do here beside the sweeps of all platforms."""
        return [forgetting(self._engine, asks)]

    def add_to(self, app: web.Application, ports: Ports, pool: Pool) -> None:
        self._ports, self._pool = ports, pool
        app.router.add_post(MESSAGES_PATH, self.receive)
        app.cleanup_ctx.append(self._run)

    async def receive(self, request: web.Request) -> web.Response:
        """POST /api/messages: everything Teams has to say."""
        if self._at_work is None:
            return error_response(503, "Kept is starting or stopping.")
        raw = await raw_of(request)
        found = await self._at_work.gate.check(raw)
        if isinstance(found, Rejected):
            return await self._rejected(found, raw.body)
        return await self._answered(self._at_work, found, raw.body)

    async def is_well(self) -> bool:
        """For `/readyz`: Microsoft gives us a token."""
        if self._at_work is None:
            return False
        if self._at_work.login is None:
            return True
        try:
            await self._at_work.login.token()
        except LoginFailed:
            return False
        return True

    async def settle(self) -> None:
        """Everything that follows from what was taken in so far, but for what the outbox sends."""
        if self._at_work is not None:
            await self._at_work.desk.later.finish()

    async def _answered(self, at_work: AtWork, accepted: Accepted, body: bytes) -> web.Response:
        """What no shape fits is set aside, and answered kindly."""
        shape = activities.read(accepted.activity, accepted.service_url)
        match shape:
            case Unheeded():
                return web.Response()
            case Unknown():
                return await self._unclear(at_work, shape, body)
        try:
            answer = await at_work.adapter.dispatch(shape)
        except Refusal as refusal:  # two ids of one thing met in one moment: nothing was done
            odd = Unknown(kind=shape.kind, reason=refusal.code, host=shape.where.host)
            return await self._unclear(at_work, odd, body)
        return web.Response() if answer is None else web.json_response(answer)

    async def _unclear(self, at_work: AtWork, odd: Unknown, body: bytes) -> web.Response:
        await self._set_aside(body, odd.kind, odd.reason, self._tenant if odd.host else "")
        answer = refused(odd.kind, at_work.desk.words()("teams.unclear"))
        return web.Response() if answer is None else web.json_response(answer)

    async def _rejected(self, rejected: Rejected, body: bytes) -> web.Response:
        logger.warning("refused at the gate", extra={"reason": rejected.reason})
        if rejected.is_signed:
            await self._set_aside(body, "unreadable", rejected.reason, "")
        return error_response(rejected.status, "unauthorized" if rejected.status == 401 else rejected.reason)

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            self._at_work = at_work = self._put_together(session)
            yield
            with suppress(TimeoutError):
                await asyncio.wait_for(at_work.desk.later.finish(), STOP_WITHIN_S)
            self._at_work = self.chat.line = None

    def _put_together(self, session: aiohttp.ClientSession) -> AtWork:
        ports, pool = self._ports, self._pool
        if ports is None or pool is None:
            raise RuntimeError("add_to comes first")
        login = self._login(session)
        connector = Connector(login=login, hosts=self._hosts, session=session, now=self._now)
        desk = self._desk(ports, pool, connector)
        taking = Taking(desk)
        telling = Telling(desk, self.chat, taking)
        listeners = Listeners(desk, taking, telling, Repeats(self._monotonic))
        self.chat.line = Line(
            loop=asyncio.get_running_loop(),
            ports=ports,
            casting=desk.casting,
            connector=connector,
            origin=desk.origin,
        )
        return AtWork(
            desk=desk,
            gate=Gate(tokens=self._tokens(session), hosts=self._hosts),
            adapter=Adapter(Handler(listeners, Happenings(desk, telling))),
            login=login,
        )

    def _desk(self, ports: Ports, pool: Pool, connector: Connector) -> Desk:
        references = References(self._engine, self._hosts)
        return Desk(
            ports=ports,
            pool=pool,
            connector=connector,
            casting=Casting(ports, pool, connector, references, self._home(ports)),
            references=references,
            asks=Asks(self._engine, asks),
            later=Later(),
            pause=self._pause,
            origin=self._environment.public_url or "",
        )

    def _home(self, ports: Ports) -> Home:
        named = (each.partition(":") for each in ports.policy.admins)
        admins = frozenset(identity.lower() for platform, _, identity in named if platform == PLATFORM)
        return Home(tenant=self._tenant, ours=self._our_tenants, admins=admins)

    def _tokens(self, session: aiohttp.ClientSession) -> Tokens | None:
        """None only on this machine: without an app id there are no tokens, not no checks (P13)."""
        if self._insecure_dev:
            return None
        teams = self._environment.teams
        keys = Keys(url=teams.openid_url or OPENID_URL, session=session, monotonic=self._monotonic)
        return Tokens(app_id=teams.app_id or "", keys=keys, now=self._now)

    def _login(self, session: aiohttp.ClientSession) -> Login | None:
        teams = self._environment.teams
        if self._insecure_dev:
            return None
        return Login(
            app_id=teams.app_id or "",
            tenant_id=teams.tenant_id if teams.app_type == "SingleTenant" else None,
            secret=teams.app_password,
            certificate=self._certificate,
            login_url=teams.login_url or LOGIN_URL,
            session=session,
            now=self._now,
        )

    async def _set_aside(self, body: bytes, kind: str, reason: str, tenant: str) -> None:
        if self._pool is not None:
            await self._pool.run(self._aside.keep, body, kind, reason, tenant)
