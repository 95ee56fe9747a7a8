"""What a composer is handed when a queued intent is about to be sent, or a sent card drawn again.

A composer returns the card as things are now, or None when there is nothing left to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.addresses import Place
from bot.cards import Card
from bot.ports import Ports
from bot.readers import Reader
from bot.storage import UnitOfWork
from commitments.partnership import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    ports: Ports
    uow: UnitOfWork
    now: datetime
    kind: str
    subject_id: str
    args: Mapping[str, str]
    place: Place  # where it will be read; a private place for a person
    person: Person | None  # the reader, when it is private
    say: Reader
    redraw: bool = False  # a card already sent is drawn again: say how things are now, not None

    @property
    def is_private(self) -> bool:
        return self.person is not None


Composer = Callable[[Draft], Card | None]
