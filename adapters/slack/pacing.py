"""When the next message may go out: about one a second in a channel, and a few a second in a workspace.

Times are monotonic, so that a clock that is set does not let a flood through. Who waits for their channel
takes the first place in the workspace's row that is free then, and whoever need not wait goes before them.
"""

from __future__ import annotations

from bisect import insort
from threading import Lock

# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage "generally allows posting one message per second
# per channel", and a workspace has a ceiling of several hundred a minute that Slack does not publish. Slack
# counts when a message arrives, and one may take a little less time on its way than the one before it.
CHANNEL_EVERY_S = 1.1
WORKSPACE_EVERY_S = 0.25
REMEMBERED_AT_MOST = 20_000


class Pace:
    def __init__(self) -> None:
        self._free_from: dict[tuple[str, str], float] = {}
        self._taken: dict[str, list[float]] = {}  # by workspace, in order of time
        self._lock = Lock()

    def reserve(self, tenant: str, channel: str, now: float, *, at_most: float) -> float:
        """Seconds to wait for the next slot, which is taken if that is not too long. `now` is monotonic."""
        with self._lock:
            self._tidy(now)
            taken = self._taken_after(tenant, now - WORKSPACE_EVERY_S)
            at = _first_free(taken, max(now, self._free_from.get((tenant, channel), now)))
            if at - now <= at_most:
                insort(taken, at)
                self._free_from[tenant, channel] = at + CHANNEL_EVERY_S
            return at - now

    def _taken_after(self, tenant: str, moment: float) -> list[float]:
        self._taken[tenant] = [at for at in self._taken.get(tenant, ()) if at > moment]
        return self._taken[tenant]

    def _tidy(self, now: float) -> None:
        if len(self._free_from) >= REMEMBERED_AT_MOST:
            self._free_from = {key: at for key, at in self._free_from.items() if at > now}


def _first_free(taken: list[float], at: float) -> float:
    for other in taken:
        if abs(other - at) < WORKSPACE_EVERY_S:
            at = other + WORKSPACE_EVERY_S
    return at
