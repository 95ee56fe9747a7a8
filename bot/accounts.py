"""Several accounts that are one person, taken apart again."""

from __future__ import annotations

from dataclasses import replace

from bot.storage import UnitOfWork
from commitments.partnership import Person


def part(uow: UnitOfWork, person_id: str, other: Person) -> None:
    """`other` was an account of that person; now it stands for itself, and is spoken to by itself."""
    if other.same_as is not None:
        uow.people.save(replace(other, same_as=None))
    place = uow.places.private_of(person_id, other.platform)
    if place is not None:
        uow.places.save(replace(place, person_id=other.id))
