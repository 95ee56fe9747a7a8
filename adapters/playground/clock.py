"""The playground's clock: real time plus an offset that is stored, moved forward by hand and never back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from adapters.db.columns import MICROSECOND
from adapters.playground.messages import TENANT
from bot import sweeps
from bot.ports import Ports
from bot.storage import UnitOfWork

FARTHEST = timedelta(days=732)  # one jump; longer ones would keep the page waiting
WORKER = "playground"
_SETTING = "playground.clock"  # microseconds ahead of real time
_DURATION = re.compile(
    r"P(?!$)(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?)?"
)


class Clock:
    """Safe to read from any thread."""

    def __init__(self, real: Callable[[], datetime], open_uow: Callable[[str | None], UnitOfWork]) -> None:
        self._real = real
        self._open_uow = open_uow
        self._lock = Lock()
        with open_uow(TENANT) as uow:
            self._offset = int(uow.ledger.setting(_SETTING) or 0) * MICROSECOND
        self._latest = real() + self._offset

    def now(self) -> datetime:
        """Aware, UTC. Holds still while the machine's own clock is put back."""
        with self._lock:
            self._latest = max(self._latest, self._real() + self._offset)
            return self._latest

    def begin_at(self, moment: datetime) -> None:
        """Puts it back to where a story begins; only before anything has happened in that story."""
        with self._lock:
            self._offset, self._latest = moment - self._real(), moment

    def move_to(self, moment: datetime) -> None:
        """Kept before it counts, so that a restart finds nothing that happened in its future. Never back."""
        if moment <= self.now():
            return
        offset = moment - self._real()
        with self._open_uow(TENANT) as uow:
            uow.ledger.set(_SETTING, str(offset // MICROSECOND))
            uow.commit()
        with self._lock:
            self._offset, self._latest = offset, moment


def read_duration(text: str) -> timedelta | None:
    """ISO 8601 in weeks, days, hours and minutes; None for anything else."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    return timedelta(**{unit: int(count) for unit, count in found.groupdict().items() if count})


def step(ports: Ports, clock: Clock, target: datetime) -> bool:
    """Moves to the next moment at which something is due, at most to `target`, and lets it happen.

    False when the target is reached: call it until then.
    """
    due = sweeps.next_moment(ports)
    if due is not None and clock.now() < due < target:
        clock.move_to(due)
        sweeps.settle(ports, WORKER)
        return True
    clock.move_to(target)
    sweeps.settle(ports, WORKER)
    for sweep in sweeps.SWEEPS:  # the heartbeats come along, or a long jump would look like a long silence
        sweeps.run(ports, WORKER, sweep)
    return False
