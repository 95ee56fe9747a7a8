"""Commands as Slack signs them, sent to this machine as fast as they are answered, or at a fixed rate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from time import perf_counter, time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.bench.slack_stage import PEOPLE, ROOM, SIGNING_SECRET, TEAM, account
from adapters.clock import utc_now
from adapters.slack.gate import sign
from adapters.slack.manifest import EVENTS_PATH

AT_ONCE = 8  # people who press return at the same moment
FORM = "application/x-www-form-urlencoded"


def command(number: int) -> bytes:
    """A new promise, of somebody who has none yet for that day."""
    fields = {
        "command": "/promise",
        "text": f"Acme: send report {number} by {_day(number).isoformat()}",
        "user_id": account(number),
        "team_id": TEAM,
        "channel_id": ROOM,
        "trigger_id": f"{number}.bench",
    }
    return urlencode(fields).encode()


def _day(number: int) -> date:
    """Working days ahead, one more each time that everybody has had their turn."""
    weeks, weekday = divmod(number // PEOPLE, 5)
    today = utc_now().date()
    return today + timedelta(days=7 - today.weekday() + 7 * weeks + weekday)


class Load:
    """Sends `command(n)` for n from 0 on, each once."""

    def __init__(self, session: aiohttp.ClientSession, port: int, is_answer: Callable[[Any], bool]) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        self._is_answer = is_answer
        self._next = 0

    async def rate(self, requests: int) -> float:
        """Requests answered in a second, AT_ONCE under way at any time."""
        todo = iter(self._numbers(requests))
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
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

    async def _send(self, number: int) -> None:
        body, stamp = command(number), str(int(time()))
        headers = {
            "Content-Type": FORM,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(SIGNING_SECRET, stamp, body),
        }
        async with self._session.post(self._url, data=body, headers=headers) as response:
            answer = await response.text()
            if response.status != 200 or not self._is_answer(answer):
                raise RuntimeError(f"not answered: {response.status} {answer[:200]}")
