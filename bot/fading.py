"""Saying it early, to the lead alone, when a partnership shows signs of fading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from bot.intents import to_person
from bot.ports import Ports
from bot.quota import first_free
from bot.storage import Alarm, UnitOfWork
from bot.team import leads
from commitments.fading import LOOK_BACK, Fading, signs
from commitments.partnership import Partnership
from commitments.slots import Rhythm, next_slot

WEDNESDAY, MORNING = 2, time(10)  # ours: away from Monday's digests, with time left in the week for a call
WEEK = timedelta(weeks=1)
LOOK_AHEAD = timedelta(days=366)
LASTS = timedelta(days=4)  # over a weekend


def watch(uow: UnitOfWork, partnership: Partnership, now: datetime) -> None:
    """Sets the alarm of the next look, once a week. Safe to call twice."""
    slot = next_slot(Rhythm.WEEKLY, after=now, zone=partnership.zone, weekday=WEDNESDAY, at=MORNING)
    key = f"fading:{partnership.id}:{slot.at.isoformat()}"
    uow.alarms.put(
        Alarm(key=key, tenant=partnership.tenant, kind="fading", subject_id=partnership.id, at=slot.at)
    )


def signs_of(uow: UnitOfWork, partnership: Partnership, now: datetime) -> list[Fading]:
    promises = uow.promises.touched(partnership.id, now - LOOK_BACK, now + LOOK_AHEAD)
    wins = uow.partnerships.wins(partnership.id, now - LOOK_BACK, now)
    voices = uow.partnerships.voices(partnership.id)
    return list(signs(promises, wins=wins, voices=voices, began=partnership.created_at, now=now))


def _look(ports: Ports, uow: UnitOfWork, alarm: Alarm, now: datetime) -> None:
    """Speaks when a sign is new since the last look; breathing room that was asked for is no sign."""
    partnership = uow.partnerships.get(alarm.subject_id)
    if partnership is None:
        return
    watch(uow, partnership, now)
    if not partnership.is_paused(now) and _is_new(uow, partnership, alarm.at - WEEK, now):
        _tell(ports, uow, partnership, alarm.at, now)


def _is_new(uow: UnitOfWork, partnership: Partnership, last_look: datetime, now: datetime) -> bool:
    # Worked out rather than remembered: what was told stays in the outbox for a few days only.
    known = {each.sign for each in signs_of(uow, partnership, last_look)}
    return any(each.sign not in known for each in signs_of(uow, partnership, now))


def _tell(ports: Ports, uow: UnitOfWork, partnership: Partnership, look: datetime, now: datetime) -> None:
    for lead in leads(uow, partnership.id):
        at, day = first_free(ports, uow, lead, now)
        key = f"fading:{partnership.id}:{look.isoformat()}:{lead.id}"
        intent = to_person(lead, "fading", partnership.id, key=key, at=at, lasts=LASTS, quota_day=day)
        uow.outbox.queue([intent])


ALARMS: Mapping[str, Callable[[Ports, UnitOfWork, Alarm, datetime], None]] = {"fading": _look}
