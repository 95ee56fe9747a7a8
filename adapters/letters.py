"""Dead letters: what could not be delivered, for a person to see and to send again. No words of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from adapters.db.engine import open_engine
from adapters.db.migrations_run import current, head
from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.problems import Trouble
from bot.storage import UnitOfWork

Opener = Callable[[str | None], UnitOfWork]


def listed(environ: Mapping[str, str]) -> list[str]:
    """A line each: number, kind, lane, attempts, the moment it was due, the reason."""
    with _store(environ) as opened, opened(None) as uow:
        letters = uow.outbox.dead()
    return [
        f"{each.id}  {each.kind}  {each.lane}  {each.attempts} attempts"
        f"  {each.not_before:%Y-%m-%d %H:%M}Z  {each.reason or 'no reason'}"
        for each in letters
    ]


def requeue(environ: Mapping[str, str], letter_id: int, now: datetime) -> None:
    """Composed anew and sent with the next sweep. Raises Trouble when there is no such dead letter."""
    with _store(environ) as opened, opened(None) as uow:
        if not uow.outbox.requeue(letter_id, now):
            raise Trouble(f"There is no dead letter {letter_id}. `kept letters` lists them.")
        uow.commit()


@contextmanager
def _store(environ: Mapping[str, str]) -> Iterator[Opener]:
    engine = open_engine(database_url(environ))
    try:
        if current(engine) != head():
            raise Trouble("The database is not up to date. Run: kept migrate")
        yield open_uow(engine)
    finally:
        engine.dispose()
