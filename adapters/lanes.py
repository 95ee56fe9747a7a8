"""Several lanes at once, so that one workspace's pace, or a vendor that is slow there, holds back no other.

A lane waits for its platform far longer than it works, so threads cost little; the store is still written by
one transaction at a time. Within a lane everything keeps its order.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

from adapters.logs import correlated
from bot.delivering import deliver_lane, deliver_outbox, lanes_due
from bot.ports import Ports
from bot.sweeps import SWEEPS, Sweep

AT_ONCE = 8
logger = logging.getLogger(__name__)


class Lanes:
    """Takes the place of `deliver_outbox` where the process lives long enough to let lanes run on."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="kept-lane")
        self._begun: set[str] = set()  # at work, or waiting for a thread
        self._done = 0
        self._lock = Lock()

    def deliver(self, ports: Ports, worker: str) -> int:
        """Begins what is due and waits for nothing; returns how many rows went out since the last call."""
        for lane in lanes_due(ports):
            self._begin(ports, worker, lane)
        return self._taken()

    def sweeps(self) -> list[Sweep]:
        """All of them, and what is sent goes through these lanes."""
        return [replace(each, run=self.deliver) if each.run is deliver_outbox else each for each in SWEEPS]

    def close(self) -> None:
        """Waits for what is being sent; lanes that wait are not begun."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _taken(self) -> int:
        with self._lock:
            done, self._done = self._done, 0
        return done

    def _begin(self, ports: Ports, worker: str, lane: str) -> None:
        with self._lock:
            if lane in self._begun or ports.is_stopping():
                return
            self._begun.add(lane)
        self._threads.submit(self._run, ports, worker, lane)

    def _run(self, ports: Ports, worker: str, lane: str) -> None:
        done = 0
        try:
            with correlated():
                done = deliver_lane(ports, worker, lane, self._others_wait)
        except Exception:  # the store, most likely: what is left is due again at the next tick
            logger.exception("lane failed", extra={"lane": lane})
        finally:
            with self._lock:
                self._begun.discard(lane)
                self._done += done

    def _others_wait(self) -> bool:
        with self._lock:
            return len(self._begun) > self._at_once
