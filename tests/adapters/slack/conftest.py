"""A Slack to talk to, and a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.client import open_session
from fake_slack import FakeSlack, fake_slack
from fakes import SettableClock
from slack_requests import NOW


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
