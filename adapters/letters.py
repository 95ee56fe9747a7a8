"""Dead letters: what could not be delivered, for a person to see and to send again. No words of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.problems import Trouble
from adapters.stores import opened


def listed(environ: Mapping[str, str]) -> list[str]:
    """A line each: number, kind, lane, attempts, the moment it was due, the reason."""
    with opened(database_url(environ)) as engine, open_uow(engine)(None) as uow:
        letters = uow.outbox.dead()
    return [
        f"{each.id}  {each.kind}  {each.lane}  {each.attempts} attempts"
        f"  {each.not_before:%Y-%m-%d %H:%M}Z  {each.reason or 'no reason'}"
        for each in letters
    ]


def requeue(environ: Mapping[str, str], letter_id: int, now: datetime) -> None:
    """Composed anew and sent with the next sweep. Raises Trouble when there is no such dead letter."""
    with opened(database_url(environ)) as engine, open_uow(engine)(None) as uow:
        if not uow.outbox.requeue(letter_id, now):
            raise Trouble(f"There is no dead letter {letter_id}. `kept letters` lists them.")
        uow.commit()
