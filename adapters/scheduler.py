"""Time as an inbound adapter: a few fixed ticks that ask the rows what is due. It holds no job of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from adapters.clock import utc_now
from adapters.logs import correlated
from bot.ports import Ports
from bot.sweeps import SWEEPS, Sweep
from bot.sweeps import run as run_sweep

RunSweep = Callable[[Callable[[], int]], Awaitable[int]]
logger = logging.getLogger(__name__)


class Ticks:
    """Runs every sweep at its interval, through `run`: that decides where, and what it must not overlap."""

    def __init__(self, ports: Ports, worker: str, run: RunSweep, sweeps: Sequence[Sweep] = SWEEPS) -> None:
        self._stopping = Event()
        self._ports = replace(ports, is_stopping=self._stopping.is_set)
        self._worker = worker
        self._run = run
        # A tick is never stale (what it does is decided from the rows) and two of a kind never help.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        for sweep in sweeps:
            self._scheduler.add_job(
                partial(self._tick, sweep),
                IntervalTrigger(seconds=int(sweep.every.total_seconds()), timezone="UTC"),
                name=sweep.name,
                next_run_time=utc_now(),
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """No further ticks; those that run begin nothing new, and are the pool's to wait for."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick(self, sweep: Sweep) -> None:
        """Whatever goes wrong, the next tick comes."""
        began = monotonic()
        with correlated():
            try:
                done = await self._run(partial(run_sweep, self._ports, self._worker, sweep))
            except asyncio.CancelledError:  # a stop; what runs in its thread is finished there
                return
            except Exception:
                logger.exception("sweep failed", extra={"sweep": sweep.name})
                return
            if done:
                took = round((monotonic() - began) * 1000)
                logger.info("swept", extra={"sweep": sweep.name, "count": done, "ms": took})
