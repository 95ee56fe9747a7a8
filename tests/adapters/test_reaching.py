"""The public address and the clock, as `kept check` looks at them for every platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import ClientSession, web

from adapters.reaching import clock, seen_from_here

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@asynccontextmanager
async def a_server(status: int, body: str) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/livez", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "body", "is_fine", "words"),
    [
        (200, '{"status": "ok"}', True, "leads to Kept"),
        (200, "{}", False, "not Kept"),
        (200, "welcome", False, "not Kept"),
        (404, "{}", False, "not Kept"),
        (302, "{}", False, "not Kept"),
    ],
)
async def test_where_the_public_address_leads_is_looked_at(session, status, body, is_fine, words):
    async with a_server(status, body) as url:
        finding = await seen_from_here("slack url", url, session)
    assert (finding.is_fine, finding.subject) == (is_fine, "slack url")
    assert words in finding.words


async def test_an_address_where_nobody_answers_yet_is_no_trouble(session):
    finding = await seen_from_here("slack url", "http://127.0.0.1:9", session)
    assert (finding.is_fine, "while kept serve runs" in finding.words) == (True, True)


def told(off: timedelta, **headers: str) -> str | None:
    found = clock("Slack", {"Date": format_datetime(NOW - off), **headers}, NOW, tolerance_s=300)
    return found.words if found else None


@pytest.mark.parametrize("seconds", [-60, -1, 0, 60])
def test_a_clock_that_is_right_to_the_minute_is_right(seconds):
    assert told(timedelta(seconds=seconds)) == "agrees with Slack's to the minute"


@pytest.mark.parametrize(("seconds", "words"), [(61, "61 seconds ahead of"), (-61, "61 seconds behind")])
def test_a_clock_that_is_not_is_said_to_be_ahead_or_behind(seconds, words):
    assert (told(timedelta(seconds=seconds)) or "").startswith(f"{words} Slack's; from 300 on")


def test_what_a_cache_answers_is_as_old_as_it_says():
    assert told(timedelta(hours=1), Age="3600") == "agrees with Slack's to the minute"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Date": "soon"}, {"Date": "Mon, 23 Nov 2026 09:00:00 -0000"}, {"date": ""}, {"Age": "old"}],
)
def test_a_clock_that_nobody_tells_is_not_judged(headers):
    assert clock("Slack", headers, NOW, tolerance_s=300) is None
