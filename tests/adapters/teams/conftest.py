"""A login service and a connector, and a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import Engine

from bot.addresses import Place
from fake_connector import FakeConnector, fake_connector
from fakes import SettableClock
from teams_activities import ACME
from teams_login import FakeLogin, login_server
from teams_stage import SHARED, AtHome, at_home, member
from teams_tenant import Kept, kept, settle_in


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))


@pytest.fixture
async def login(clock: SettableClock) -> AsyncIterator[FakeLogin]:
    async with login_server(now=clock) as fake:
        yield fake


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def app(
    sqlite_engine: Engine, teams: FakeConnector, login: FakeLogin, clock: SettableClock
) -> AsyncIterator[Kept]:
    """Kept in a tenant with colleagues, customers and the channels they share, at work for Acme."""
    settle_in(teams)
    async with kept(sqlite_engine, teams, login, clock) as app:
        await app.begin()
        yield app


@pytest.fixture
async def home(sqlite_engine: Engine, clock: SettableClock) -> AsyncIterator[AtHome]:
    """Kept without the way in; Ana and Ben have written to it in private."""
    async with at_home(sqlite_engine, clock) as stage:
        await stage.meet("Ana", "Ben")
        yield stage


@pytest.fixture
async def room(home: AtHome) -> Place:
    """Acme's channel, which we host; linked."""
    place = await home.gather(SHARED, member("Ana"), member("Ben"), member("Carla", ACME))
    await home.link(place)
    return home.place(SHARED)
