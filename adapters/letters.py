"""Dead letters: what could not be delivered, for a person to see and to send again. No words of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from adapters.db.unit_of_work import open_uow
from adapters.environment import database_url
from adapters.problems import Trouble
from adapters.stores import opened


def listed(environ: Mapping[str, str]) -> list[str]:
    """A line each, under what its columns are, and how to send one again."""
    with opened(database_url(environ)) as engine, open_uow(engine)(None) as uow:
        letters = uow.outbox.dead()
    rows = [
        (str(each.id), each.kind, each.lane, str(each.attempts), _moment(each.not_before), each.reason or "?")
        for each in letters
    ]
    return [*_aligned([_HEAD, *rows]), _AGAIN] if rows else []


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"


_HEAD = ("number", "what", "where to", "tries", "due", "why not")
_AGAIN = "Once that is mended: kept letters --requeue NUMBER"


def requeue(environ: Mapping[str, str], letter_id: int, now: datetime) -> None:
    """Composed anew and sent with the next sweep. Raises Trouble when there is no such dead letter."""
    with opened(database_url(environ)) as engine, open_uow(engine)(None) as uow:
        if not uow.outbox.requeue(letter_id, now):
            raise Trouble(f"There is no dead letter {letter_id}. `kept letters` lists them.")
        uow.commit()
