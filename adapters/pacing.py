"""When the next message may go out, so that no limit of a platform's is broken.

Times are monotonic, so that a clock that is set does not let a flood through. Who waits for a conversation
takes the first place in the tenant's row that is free then, and whoever need not wait goes before them.
"""

from __future__ import annotations

import math
from bisect import insort
from dataclasses import dataclass
from threading import Lock

REMEMBERED_AT_MOST = 20_000  # conversations, before those that are free again are forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """In any `seconds`, a conversation takes `most` messages."""

    most: int
    seconds: float


class Pace:
    def __init__(self, *windows: Window, tenant_every_s: float) -> None:
        self._windows = windows
        self._every_s = tenant_every_s
        self._longest_s = max(window.seconds for window in windows)
        self._kept = max(window.most for window in windows)
        self._said: dict[tuple[str, str], list[float]] = {}  # by conversation, in order of time
        self._taken: dict[str, list[float]] = {}  # by tenant, in order of time
        self._tidy_at = REMEMBERED_AT_MOST
        self._lock = Lock()

    def reserve(self, tenant: str, conversation: str, now: float, *, at_most: float = math.inf) -> float:
        """Seconds to wait for the next slot, which is taken if that is not too long. `now` is monotonic."""
        with self._lock:
            self._tidy(now)
            said = self._said.get((tenant, conversation), [])
            taken = self._taken_after(tenant, now - self._every_s)
            at = self._first_free(taken, self._free_from(said, now))
            if at - now <= at_most:
                insort(taken, at)
                self._said[tenant, conversation] = [*said, at][-self._kept :]
            return at - now

    def _free_from(self, said: list[float], now: float) -> float:
        full = (window for window in self._windows if len(said) >= window.most)
        return max([now, *said[-1:], *(said[-window.most] + window.seconds for window in full)])

    def _taken_after(self, tenant: str, moment: float) -> list[float]:
        self._taken[tenant] = [at for at in self._taken.get(tenant, ()) if at > moment]
        return self._taken[tenant]

    def _first_free(self, taken: list[float], at: float) -> float:
        for other in taken:
            if abs(other - at) < self._every_s:
                at = other + self._every_s
        return at

    def _tidy(self, now: float) -> None:
        """Those in use stay, however many: to forget them would break their limits."""
        if len(self._said) < self._tidy_at:
            return
        since = now - self._longest_s
        self._said = {key: said for key, said in self._said.items() if said[-1] > since}
        self._tidy_at = max(REMEMBERED_AT_MOST, 2 * len(self._said))
