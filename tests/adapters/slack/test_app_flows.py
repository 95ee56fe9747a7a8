"""Every flow from a signed request to what Slack takes: capture, show, renegotiate, answer, celebrate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from slack_workspace import (
    ANA,
    SUBJECT,
    TEAM_ROOM,
    Kept,
    Workspace,
    buttons,
    kept,
    said,
    workspace,
)


@pytest.fixture
async def fake(clock) -> AsyncIterator[Workspace]:
    async with workspace(clock) as fake:
        yield fake


@pytest.fixture
async def app(sqlite_engine, fake, clock) -> AsyncIterator[Kept]:
    async with kept(sqlite_engine, fake, clock) as app:
        await app.begin()
        yield app


async def test_a_command_is_answered_with_the_promise_itself(app):
    made = await app.command(ANA, TEAM_ROOM, f"Acme: {SUBJECT} by 2026-11-27")
    assert made["response_type"] == "ephemeral"
    assert SUBJECT in said(made)
    assert "promise.share" in [each["action_id"] for each in buttons(made)]
