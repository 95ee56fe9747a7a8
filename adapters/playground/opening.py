"""Puts the playground together on a migrated store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Engine, delete

from adapters.days_off import is_holiday
from adapters.db.tables import lanes, metadata
from adapters.db.unit_of_work import SqlUnitOfWork
from adapters.moments import BabelMomentWords
from adapters.playground import prologue
from adapters.playground.chat import PlaygroundChat
from adapters.playground.clock import Clock
from adapters.playground.messages import PLATFORM, TENANT, Messages
from adapters.playground.people import HOME
from adapters.playground.playing import Playground
from bot.policy import Hours, Policy
from bot.ports import Ports
from bot.storage import UnitOfWork

POLICY = Policy(hours=Hours(zone=HOME), locale="en-GB", reading=True)


def new_id() -> str:
    return token_hex(16)


def with_story(engine: Engine, real: Callable[[], datetime], *, fresh: bool = False) -> Playground:
    """A second start goes on where the first one was."""
    playground = open_playground(engine, real)
    if not fresh and prologue.has_begun(playground):
        return playground
    forget_story(engine)
    playground = open_playground(engine, real)
    playground.clock.begin_at(prologue.beginning(real()))
    prologue.play(playground, real())
    return playground


def open_playground(engine: Engine, real: Callable[[], datetime]) -> Playground:
    def open_uow(_: str | None) -> UnitOfWork:
        """Always the playground's own tenant: its clock must never run for anybody else's promises."""
        return SqlUnitOfWork(engine, TENANT)

    clock = Clock(real, open_uow)
    ports = Ports(
        now=clock.now,
        open_uow=open_uow,
        chats={PLATFORM: PlaygroundChat(Messages(engine), clock.now, new_id)},
        is_holiday=is_holiday,
        moment_words=BabelMomentWords(clock.now),
        new_id=new_id,
        policy=POLICY,
    )
    return Playground(ports, engine, clock)


def forget_story(engine: Engine) -> None:
    """Removes whatever the playground stored, and nothing of anybody else."""
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if "tenant" in table.c:
                connection.execute(delete(table).where(table.c.tenant == TENANT))
        connection.execute(delete(lanes).where(lanes.c.lane == f"{PLATFORM}:{TENANT}"))
