"""About one message a second in a channel, and a few a second in a workspace."""

from __future__ import annotations

from adapters import pacing

# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage "generally allows posting one message per second
# per channel", and a workspace has a ceiling of several hundred a minute that Slack does not publish. Slack
# counts when a message arrives, and one may take a little less time on its way than the one before it.
CHANNEL_EVERY_S = 1.1
WORKSPACE_EVERY_S = 0.25


class Pace(pacing.Pace):
    def __init__(self) -> None:
        a_channel = pacing.Window(most=1, seconds=CHANNEL_EVERY_S)
        super().__init__(a_channel, tenant_every_s=WORKSPACE_EVERY_S)
