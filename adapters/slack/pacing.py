"""When the next message may go out: about one a second in a channel, and a few a second in a workspace.

Times are monotonic, so that a clock that is set does not let a flood through. Slots are given out in order.
"""

from __future__ import annotations

from threading import Lock

# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage "generally allows posting one message per second
# per channel", and a workspace has a ceiling of several hundred a minute that Slack does not publish.
CHANNEL_EVERY_S = 1.0
WORKSPACE_EVERY_S = 0.25
REMEMBERED_AT_MOST = 20_000


class Pace:
    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], float] = {}
        self._workspaces: dict[str, float] = {}
        self._lock = Lock()

    def reserve(self, tenant: str, channel: str, now: float) -> float:
        """Takes the next slot; seconds to wait for it. `now` is monotonic."""
        with self._lock:
            self._tidy(now)
            at = max(now, self._channels.get((tenant, channel), now), self._workspaces.get(tenant, now))
            self._channels[tenant, channel] = at + CHANNEL_EVERY_S
            self._workspaces[tenant] = at + WORKSPACE_EVERY_S
            return at - now

    def _tidy(self, now: float) -> None:
        if len(self._channels) >= REMEMBERED_AT_MOST:
            self._channels = {key: at for key, at in self._channels.items() if at > now}
