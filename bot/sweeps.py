"""Time as an actor: the sweeps a scheduler runs, and when there will be something to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import briefing, digesting, orphaning
from bot.changes import in_one_piece
from bot.delivering import deliver_outbox
from bot.nudging import queue_due_nudges
from bot.ports import Ports
from bot.pruning import forget_old
from bot.storage import Alarm, UnitOfWork

logger = logging.getLogger(__name__)

Handler = Callable[[Ports, UnitOfWork, Alarm, datetime], None]
HANDLERS: Mapping[str, Handler] = {**digesting.ALARMS, **briefing.ALARMS, **orphaning.ALARMS}
ROUNDS_AT_MOST = 50  # a sweep that feeds itself is a mistake; say so rather than spin


@dataclass(frozen=True, slots=True)
class Sweep:
    name: str
    every: timedelta
    run: Callable[[Ports, str], int]  # ports, the worker's own name; how much was done


def ring_alarms(ports: Ports, worker: str) -> int:
    """Everything whose moment has come, one transaction each."""
    done = 0
    while _ring_one(ports):
        done += 1
    return done


def _ring_one(ports: Ports) -> bool:
    try:
        return in_one_piece(ports, None, lambda uow: _rung(ports, uow))
    except Exception:  # one broken alarm must not silence the others: it is logged and put aside
        logger.exception("alarm failed")
        return in_one_piece(ports, None, lambda uow: bool(uow.alarms.claim_due(ports.now(), 1)))


def _rung(ports: Ports, uow: UnitOfWork) -> bool:
    alarms = uow.alarms.claim_due(ports.now(), 1)
    for alarm in alarms:
        HANDLERS[alarm.kind](ports, uow, alarm, ports.now())
    return bool(alarms)


def plan_ahead(ports: Ports, worker: str) -> int:
    """Every digest has its alarm; harmless to repeat, and what a restart does first."""
    in_one_piece(ports, None, lambda uow: _plan(ports, uow))
    return 0


def _plan(ports: Ports, uow: UnitOfWork) -> None:
    now = ports.now()
    briefing.plan_managers(ports, uow, now)
    orphaning.look(uow, now)
    for partnership in uow.partnerships.all():
        digesting.plan(ports, uow, partnership, now)


SWEEPS = (
    Sweep("nudges", timedelta(seconds=20), queue_due_nudges),
    Sweep("alarms", timedelta(seconds=20), ring_alarms),
    Sweep("outbox", timedelta(seconds=2), deliver_outbox),
    Sweep("planning", timedelta(hours=1), plan_ahead),
    Sweep("pruning", timedelta(hours=1), forget_old),
)


def run(ports: Ports, worker: str, sweep: Sweep) -> int:
    """One sweep, and its heartbeat, which `/readyz` reads."""
    done = sweep.run(ports, worker)
    with ports.open_uow(None) as uow:
        uow.ledger.beat(sweep.name, ports.now())
        uow.commit()
    return done


def run_due(ports: Ports, worker: str) -> int:
    """What is due now, once round; returns how much was done."""
    return sum(sweep.run(ports, worker) for sweep in SWEEPS[:3])


def settle(ports: Ports, worker: str) -> None:
    """Round after round until nothing is due any more."""
    for _ in range(ROUNDS_AT_MOST):
        if not run_due(ports, worker):
            return
    logger.error("sweeps do not come to rest")


def next_moment(ports: Ports) -> datetime | None:
    """The earliest moment at which a sweep will have something to do."""
    with ports.open_uow(None) as uow:
        moments = (uow.promises.next_at(), uow.alarms.next_at(), uow.outbox.next_at())
        return min((moment for moment in moments if moment is not None), default=None)
