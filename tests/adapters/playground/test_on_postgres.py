"""The playground's own statements on the other database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.playground.clock import step
from adapters.playground.opening import forget_story, with_story
from adapters.playground.story import play_next
from fakes import SettableClock

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.mark.postgres
def test_the_whole_story_is_told_on_postgres_too(postgres_engine: Engine) -> None:
    playground = with_story(postgres_engine, SettableClock(NOON))
    assert [play_next(playground).error for _ in range(6)] == [None] * 6
    said = playground.say("ana", "acme-shared", "/promise send nul \x00 and more")
    assert said.token is not None
    assert playground.submit("ana", said.token, {"due": "2027-01-12"}).reply is not None
    assert not step(playground.ports, playground.clock, playground.clock.now() + timedelta(minutes=1))
    forget_story(postgres_engine)
