"""What a durable capture costs: words in, promise and history committed, the card to answer with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from sqlalchemy import Column, Integer, MetaData, String, Table

from adapters.bench.figures import Figure, interleaved, shown
from adapters.bench.stage import MONDAY, OWNERS, TENANT, Stage, stage
from bot.router import handle
from bot.turns import Ask, Reply

ROUNDS = 500
WARM_UP = 100
BAR = 10


def figures() -> list[Figure]:
    with stage() as made:
        capture, insert = _capture(made), _insert(made)
        interleaved(capture, insert, rounds=WARM_UP)
        kept, bare = interleaved(capture, insert, rounds=ROUNDS)
    what = "capture through the router / one row"
    return [Figure(what=what, measured=shown(kept), baseline=shown(bare), ratio=kept / bare, bar=BAR)]


def _capture(made: Stage) -> Callable[[], None]:
    numbers = count()

    def capture() -> None:
        number = next(numbers)
        day = (MONDAY + timedelta(days=2 + number // OWNERS)).date()
        turn = Ask(
            tenant=TENANT,
            person_id=made.owners[number % OWNERS].id,
            place_id=None,
            now=MONDAY,
            key=f"bench {number}",
            command="promise",
            words=f"Acme: send report {number} by {day.isoformat()}",
        )
        outcome = handle(made.ports, turn)
        if not isinstance(outcome, Reply):
            raise RuntimeError(f"not captured: {outcome}")

    return capture


def _insert(made: Stage) -> Callable[[], None]:
    """The baseline: one row, one commit, the same engine and settings."""
    metadata = MetaData()
    rows = Table("baseline", metadata, Column("id", Integer, primary_key=True), Column("words", String))
    metadata.create_all(made.engine)
    statement = rows.insert()

    def insert() -> None:
        with made.engine.begin() as connection:
            connection.execute(statement, {"words": "send the report by Friday"})

    return insert
