"""How often Teams lets a bot speak in a conversation and in a tenant."""

from __future__ import annotations

from adapters.pacing import Pace, Window

# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit, "Per bot per thread limit": sending, and
# creating a conversation. Teams counts when a message arrives, and one may be a little faster than the one
# before it: a tenth of a second is ours.
EARLIER_S = 0.1
CONVERSATION = tuple(
    Window(most=most, seconds=seconds + EARLIER_S)
    for most, seconds in ((7, 1), (8, 2), (60, 30), (1800, 3600))
)
# The same page: 30 requests a second for an app in a tenant, of any kind, and 50 in later copies of it. That
# is margin enough; the hundredth is for the edge of a second.
TENANT_EVERY_S = 1.01 / 30


class Windows(Pace):
    """Reading a roster counts in the tenant too: reserve it as a conversation of its own."""

    def __init__(self) -> None:
        super().__init__(*CONVERSATION, tenant_every_s=TENANT_EVERY_S)
