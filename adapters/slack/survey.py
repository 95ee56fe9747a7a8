"""Who reads in the channels a sender speaks in: known before each message, and asked within Slack's tiers.

What counts is what Slack says of one channel (`conversations.info`). A batch needs more of that than a minute
has room for, so the list of all of Kept's channels is read too, 200 a call. The list can only say that
nothing changed: where it says anything else, or too little, the channel is asked about by itself.

Both are read in the sender's own time, a step before each message, and ahead of their growing old.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR
from adapters.places import Channel
from adapters.slack.api import Api
from adapters.slack.fields import Fields
from adapters.slack.installations import Installation
from adapters.slack.places import REMEMBERED_AT_MOST, Channels, describe, unknown
from bot.addresses import Place, PlaceKind

# docs.slack.dev/apis/web-api/rate-limits: both methods are of tier 3, "50+ per minute", each by itself. Two a
# minute are left to people who press something in a channel that nobody asked about yet.
EVERY_S = 60 / 48
PAGE = 200  # docs.slack.dev/apis/web-api/pagination recommends no more
READ_AGAIN_AFTER = FRESH_FOR / 2


@dataclass(slots=True)
class _Reading:
    """How far one workspace's list has been read. Times ending in `_s` are monotonic."""

    ask_at_s: float = 0.0
    page_at_s: float = 0.0
    began_at: datetime | None = None
    cursor: str | None = None  # None: not reading

    @property
    def step_at_s(self) -> float:
        return self.ask_at_s if self.cursor is None else min(self.ask_at_s, self.page_at_s)


class Survey:
    def __init__(
        self,
        channels: Channels,
        api: Api,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._channels = channels
        self._api = api
        self._now = now
        self._monotonic = monotonic
        self._readings: dict[str, _Reading] = {}

    async def look(self, installation: Installation, place: Place) -> Channel | float:
        """The channel as Slack told it in the last ten minutes, else seconds after which to look again.

        Raises Failed and Odd when Slack does not tell.
        """
        reading = self._readings.setdefault(installation.tenant, _Reading())
        known = self._known(installation.tenant, place)
        if known is None and reading.ask_at_s <= self._monotonic():
            return await self._ask(installation, place, reading)
        await self._read_on(installation, place, reading, is_needed=known is None)
        known = self._known(installation.tenant, place)
        return known or max(reading.step_at_s - self._monotonic(), 0.0)

    def _known(self, tenant: str, place: Place) -> Channel | None:
        known = self._channels.known(tenant, place.route)
        if known is not None:
            return known
        listed = self._channels.listed.get((tenant, place.route))
        is_fresh = listed is not None and self._now() - listed[1] < FRESH_FOR
        return listed[0] if listed and is_fresh and _is_as_stored(listed[0], place) else None

    async def _ask(self, installation: Installation, place: Place, reading: _Reading) -> Channel | float:
        reading.ask_at_s = self._monotonic() + EVERY_S
        try:
            return await self._channels.ask(installation, place.route)
        except Failed as failed:
            if failed.ending.end is End.PERMANENT:
                return unknown(place.route, failed)
            if failed.ending.wait_s is None:
                raise
            reading.ask_at_s = self._monotonic() + failed.ending.wait_s
            return failed.ending.wait_s

    async def _read_on(
        self, installation: Installation, place: Place, reading: _Reading, *, is_needed: bool
    ) -> None:
        if reading.cursor is None and self._is_time_to_read(installation.tenant, place, reading, is_needed):
            reading.began_at, reading.cursor = self._now(), ""
        if reading.cursor is None or reading.page_at_s > self._monotonic():
            return
        reading.page_at_s = self._monotonic() + EVERY_S
        try:
            reading.cursor = await self._page(installation, reading.cursor)
        except (Failed, Odd) as trouble:
            wait = trouble.ending.wait_s if isinstance(trouble, Failed) else None
            reading.page_at_s += wait or 0.0
            reading.cursor = None if wait is None else reading.cursor

    def _is_time_to_read(self, tenant: str, place: Place, reading: _Reading, is_needed: bool) -> bool:
        """A list that was read just now and did not tell has nothing to add."""
        if reading.began_at is not None and self._now() - reading.began_at < READ_AGAIN_AFTER:
            return False
        listed = self._channels.listed.get((tenant, place.route))
        return is_needed or (listed is not None and self._now() - listed[1] >= READ_AGAIN_AFTER)

    async def _page(self, installation: Installation, cursor: str) -> str | None:
        """Keeps what one page tells; where the next one begins. Raises Failed and Odd."""
        told_at = self._now()
        answer = await self._api.call(
            installation.tenant,
            "users.conversations",
            types="public_channel,private_channel",
            limit=str(PAGE),
            cursor=cursor,
        )
        if len(self._channels.listed) >= REMEMBERED_AT_MOST:
            self._channels.listed.clear()
        for channel in answer.parts("channels"):
            self._keep(installation, channel, told_at)
        rest = answer.part_or_none("response_metadata")
        return (rest.text_or("next_cursor") if rest else "") or None

    def _keep(self, installation: Installation, channel: Fields, told_at: datetime) -> None:
        try:
            found = describe(channel, installation)
            says_enough = "is_ext_shared" in channel and (
                bool(found.organisations) or not channel.yes("is_ext_shared")
            )
        except Odd:
            return
        if says_enough:
            self._channels.listed[installation.tenant, found.id] = found, told_at


def _is_as_stored(listed: Channel, place: Place) -> bool:
    """Nobody else reads there than when Kept last looked at that channel alone."""
    is_no_wider = listed.is_internal or place.kind is PlaceKind.CUSTOMER
    return listed.is_open and is_no_wider and listed.organisations == place.organisations
