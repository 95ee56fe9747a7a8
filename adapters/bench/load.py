"""People who ask this machine for promises, as fast as they are answered, or at a fixed rate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from adapters.clock import utc_now

PEOPLE = 200


class Load:
    """Sends number n for n from 0 on, each once."""

    def __init__(self, send: Callable[[int], Awaitable[object]], *, at_once: int) -> None:
        """`at_once`: people who press return at the same moment."""
        self._send = send
        self._at_once = at_once
        self._next = 0

    def to(self, send: Callable[[int], Awaitable[object]]) -> Load:
        """The same people, sending in another way from here on."""
        other = Load(send, at_once=self._at_once)
        other._next = self._next
        return other

    async def rate(self, requests: int) -> float:
        """Requests answered in a second, `at_once` under way at any time."""
        todo = iter(self._numbers(requests))
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._work(todo))
        return requests / (perf_counter() - began)

    async def latencies(self, requests: int, *, per_second: int) -> list[float]:
        """Seconds from when each was to be sent, so that a queue in front of the server counts."""
        began = perf_counter()
        numbers = self._numbers(requests)
        due = (began + place / per_second for place in range(requests))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._at(*each)) for each in zip(numbers, due, strict=True)]
        return [task.result() for task in tasks]

    def _numbers(self, requests: int) -> range:
        first, self._next = self._next, self._next + requests
        return range(first, self._next)

    async def _work(self, todo: Iterator[int]) -> None:
        for number in todo:
            await self._send(number)

    async def _at(self, number: int, due: float) -> float:
        await asyncio.sleep(max(0.0, due - perf_counter()))
        await self._send(number)
        return perf_counter() - due


async def alternately(ours: Load, theirs: Load, *, rounds: int, a_round: int) -> tuple[float, float]:
    """Medians of requests a second, so that noise strikes both."""
    rates = [(await ours.rate(a_round), await theirs.rate(a_round)) for _ in range(rounds)]
    return median(a for a, _ in rates), median(b for _, b in rates)


def words(number: int) -> str:
    """A new promise, of somebody who has none yet for that day."""
    return f"Acme: send report {number} by {_day(number).isoformat()}"


def _day(number: int) -> date:
    """Working days ahead, one more each time that everybody has had their turn."""
    weeks, weekday = divmod(number // PEOPLE, 5)
    today = utc_now().date()
    return today + timedelta(days=7 - today.weekday() + 7 * weeks + weekday)
