"""A login service and a connector, and a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from fake_connector import FakeConnector, fake_connector
from fakes import SettableClock
from teams_login import FakeLogin, login_server


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
