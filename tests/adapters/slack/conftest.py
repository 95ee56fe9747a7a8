"""A Slack to talk to, and a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from sqlalchemy import Engine

from adapters.slack.client import open_session
from fake_slack import FakeSlack, fake_slack
from fakes import SettableClock
from slack_requests import NOW
from slack_workspace import Kept, Workspace, kept, workspace


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
async def slack(clock: SettableClock) -> AsyncIterator[FakeSlack]:
    async with fake_slack(now=clock) as fake:
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as opened:
        yield opened


@pytest.fixture
async def home(clock: SettableClock) -> AsyncIterator[Workspace]:
    """Our workspace, with colleagues, customers and the channels they share."""
    async with workspace(clock) as fake:
        yield fake


@pytest.fixture
def store(sqlite_engine: Engine) -> Engine:
    """For `app`; a module that has it on every database says so by a fixture of the same name."""
    return sqlite_engine


@pytest.fixture
async def app(store: Engine, home: Workspace, clock: SettableClock) -> AsyncIterator[Kept]:
    """Kept in it, at work for Acme."""
    async with kept(store, home, clock) as app:
        await app.begin()
        yield app
