"""When an owner has left: whoever leads hears once which promises need somebody else (T43).

Asked of the store once an hour rather than told by an event, because platforms let people go in many ways,
and some are only noticed when Kept looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.intents import to_person
from bot.ports import Ports
from bot.storage import Alarm, UnitOfWork
from bot.team import caretakers
from commitments.promise import State

KIND = "orphaned"
UNFINISHED = frozenset({State.PROPOSED, State.OPEN})


def look(uow: UnitOfWork, now: datetime) -> None:
    """Safe to repeat: an alarm that has rung stays rung."""
    for owner in uow.promises.owners_gone():
        key = f"{KIND}:{owner.id}"
        uow.alarms.put(Alarm(key=key, tenant=owner.tenant, kind=KIND, subject_id=owner.id, at=now))


def _tell(ports: Ports, uow: UnitOfWork, alarm: Alarm, now: datetime) -> None:
    owner = uow.people.get(alarm.subject_id)
    if owner is None or owner.is_ours:
        return
    left = uow.promises.of_owner(owner.id, UNFINISHED)
    for partnership_id in dict.fromkeys(promise.partnership_id for promise in left):
        key = f"{KIND}:{owner.id}:{partnership_id}"
        uow.outbox.queue(
            to_person(
                each, KIND, owner.id, key=f"{key}:{each.id}", at=now, args={"partnership": partnership_id}
            )
            for each in caretakers(uow, partnership_id)
        )


ALARMS: Mapping[str, Callable[[Ports, UnitOfWork, Alarm, datetime], None]] = {KIND: _tell}
