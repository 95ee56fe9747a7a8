"""When Kept may speak to somebody unasked: in their working hours, three times a day at most."""

from __future__ import annotations

from datetime import datetime

from bot.ports import Ports
from bot.readers import calendar_of
from bot.storage import UnitOfWork
from commitments.partnership import Person
from commitments.worktime import Calendar


def first_free(ports: Ports, uow: UnitOfWork, person: Person, now: datetime) -> tuple[datetime, str]:
    """The moment, and the local ISO date it counts on. A day that is full leads to the next morning."""
    return calendar_of(ports, person).or_everyday(lambda usable: _first_free(ports, uow, person, usable, now))


def _first_free(
    ports: Ports, uow: UnitOfWork, person: Person, calendar: Calendar, now: datetime
) -> tuple[datetime, str]:
    at = calendar.next_working_moment(now)
    while is_full(ports, uow, person, day := calendar.local_date(at).isoformat()):
        at = calendar.next_morning(at)
    return at, day


def is_full(ports: Ports, uow: UnitOfWork, person: Person, day: str) -> bool:
    return uow.outbox.unasked_on(person.id, day) >= ports.policy.nudging.private_messages_a_day
