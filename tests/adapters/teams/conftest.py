"""A login service and a connector, and a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import Engine

from fake_connector import FakeConnector, fake_connector
from fakes import SettableClock
from teams_login import FakeLogin, login_server
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
