"""What a nudge sweep costs when nothing is due: the same, however many promises are open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from adapters.bench.figures import Figure, interleaved, shown
from adapters.bench.stage import MONDAY, Stage, stage
from adapters.db.rows import promise_row
from adapters.db.tables import promises
from bot.nudging import queue_due_nudges

MANY, FEW = 1_000_000, 10_000
CHUNK = 10_000
ROUNDS = 300
BAR = 1.5


def figures() -> list[Figure]:
    with stage() as large, stage() as small:
        _fill(large, MANY)
        _fill(small, FEW)
        sweep_large, sweep_small = _sweep(large), _sweep(small)
        interleaved(sweep_large, sweep_small, rounds=20)
        many, few = interleaved(sweep_large, sweep_small, rounds=ROUNDS)
    what = "idle nudge sweep, 1,000,000 / 10,000"
    return [Figure(what=what, measured=shown(many), baseline=shown(few), ratio=many / few, bar=BAR)]


def _fill(made: Stage, count: int) -> None:
    rows = (promise_row(p) for p in made.promises(count, next_at=MONDAY + timedelta(days=10)))
    while chunk := list(islice(rows, CHUNK)):
        with made.engine.begin() as connection:
            connection.execute(promises.insert(), chunk)


def _sweep(made: Stage) -> Callable[[], None]:
    def sweep() -> None:
        if queue_due_nudges(made.ports, "bench"):
            raise RuntimeError("nothing was due")

    return sweep
