"""What Teams delivers again is answered as the first time, and done once (F29).

When an answer takes long, Teams sends the same activity again, and then under a new id. The same id is the
same occurrence. A press under a new id is the same if nothing else of that person came in between, within two
minutes. What was done before this process began is known to the router's inbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from adapters.teams.shapes import Heeded, act_of, replay_key
from adapters.teams.spans import Json

REMEMBERED_S = 120.0
REMEMBERED_AT_MOST = 1_000  # answers; one has 25 kilobytes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: Json | None = None
    is_refusal: bool = False  # nothing was done: the same press is a new one, and may go better


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    act: str | None
    at: float
    answer: asyncio.Future[Answer]


class Repeats:
    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._by_key: dict[str, _Given] = {}
        self._last: dict[tuple[str, str], _Given] = {}  # by conversation and person

    async def once(self, shape: Heeded, work: Callable[[str], Awaitable[Answer]]) -> Answer:
        """`work` is given the key of the occurrence. Whoever comes second waits for the first.

        Raises what `work` raises; then it may be tried again.
        """
        now, key, act = self._monotonic(), replay_key(shape), act_of(shape)
        self._forget_before(now - REMEMBERED_S)
        last = self._last.get(_who(shape))
        known = self._by_key.get(key) or (last if last and act and last.act == act else None)
        if known is None:
            known = _Given(act=act, at=now, answer=asyncio.ensure_future(work(key)))
            self._by_key[key] = known
            self._last.pop(_who(shape), None)  # so that the order is that of time
            self._last[_who(shape)] = known
        try:
            answer = await asyncio.shield(known.answer)
        except Exception:
            self._by_key.pop(key, None)
            self._last.pop(_who(shape), None)
            raise
        if answer.is_refusal:
            self._last.pop(_who(shape), None)
        return answer

    def _forget_before(self, moment: float) -> None:
        for remembered in (self._by_key, self._last):
            _forget_oldest(remembered, moment)


def _forget_oldest(remembered: dict[Any, _Given], moment: float) -> None:
    while remembered:
        oldest = next(iter(remembered))
        if remembered[oldest].at >= moment and len(remembered) < REMEMBERED_AT_MOST:
            return
        del remembered[oldest]


def _who(shape: Heeded) -> tuple[str, str]:
    return shape.where.conversation_id, shape.where.actor_id
