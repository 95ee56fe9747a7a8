"""Who looks after a partnership, and how they hear of something privately."""

from __future__ import annotations

from collections.abc import Mapping

from bot.intents import NONE, to_person
from bot.scene import Scene
from bot.storage import UnitOfWork
from commitments.partnership import Partnership, Person, Role


def leads(uow: UnitOfWork, partnership_id: str) -> list[Person]:
    """By name."""
    return _holding(uow, partnership_id, Role.LEAD)


def first_lead(uow: UnitOfWork, partnership_id: str) -> Person | None:
    return next(iter(leads(uow, partnership_id)), None)


def caretakers(uow: UnitOfWork, partnership_id: str) -> list[Person]:
    """The leads; where none is left, the account team; where nobody is, the admins."""
    return leads(uow, partnership_id) or _holding(uow, partnership_id, Role.MEMBER) or uow.people.admins()


def tell_caretakers(
    scene: Scene,
    partnership: Partnership,
    kind: str,
    subject_id: str,
    *,
    key: str,
    args: Mapping[str, str] = NONE,
) -> None:
    """Everyone who looks after it but the actor, who knows."""
    hearers = (p for p in caretakers(scene.uow, partnership.id) if p.id != scene.person.id)
    scene.uow.outbox.queue(
        to_person(p, kind, subject_id, key=f"{key}:{p.id}", at=scene.now, args=args) for p in hearers
    )


def _holding(uow: UnitOfWork, partnership_id: str, role: Role) -> list[Person]:
    held = uow.partnerships.roles(partnership_id)
    people = uow.people.of_ids([person_id for person_id, roles in held.items() if role in roles])
    return sorted((p for p in people.values() if p.is_ours), key=lambda p: (p.name.casefold(), p.id))
