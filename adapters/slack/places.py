"""Who can read a channel, from Slack's own record of it. What is not known to be internal is a customer's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR
from adapters.places import Channel
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.fields import Fields
from adapters.slack.identity import PLATFORM
from adapters.slack.installations import Installation
from bot.addresses import PlaceKind
from bot.storage import UnitOfWork
from commitments.text import one_line

NAME_LIMIT = 80  # docs.slack.dev/reference/methods/conversations.create
PAGE, PAGES_AT_MOST = 200, 10
REMEMBERED_AT_MOST = 50_000  # channels of one process


class Channels:
    """Asks Slack at most every ten minutes about one channel, unless an event says that it changed."""

    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api = api
        self._known = Recent[tuple[str, str], Channel](now, lasts=FRESH_FOR, at_most=REMEMBERED_AT_MOST)
        self.listed: dict[tuple[str, str], tuple[Channel, datetime]] = {}  # as lists said it, and when

    async def facts(self, installation: Installation, channel_id: str) -> Channel:
        """Never raises: what Slack does not tell counts as a customer's channel."""
        try:
            return self.known(installation.tenant, channel_id) or await self.ask(installation, channel_id)
        except (Failed, Odd) as trouble:
            return unknown(channel_id, trouble)

    def known(self, tenant: str, channel_id: str) -> Channel | None:
        return self._known.get((tenant, channel_id))

    async def ask(self, installation: Installation, channel_id: str) -> Channel:
        """Raises Failed and Odd."""
        answer = await self._api.call(installation.tenant, "conversations.info", channel=channel_id)
        found = describe(answer.part("channel"), installation)
        return self._known.put((installation.tenant, channel_id), found)

    def forget(self, tenant: str, channel_id: str) -> None:
        self._known.forget((tenant, channel_id))
        self.listed.pop((tenant, channel_id), None)

    async def members(self, tenant: str, channel_id: str) -> list[str]:
        """Account ids, as far as the pages go; none when Slack does not tell."""
        found: list[str] = []
        cursor = ""
        try:
            for _ in range(PAGES_AT_MOST):
                page = await self._api.call(
                    tenant, "conversations.members", channel=channel_id, limit=str(PAGE), cursor=cursor
                )
                found += page.ids("members")
                rest = page.part_or_none("response_metadata")
                cursor = rest.text_or("next_cursor") if rest else ""
                if not cursor:
                    break
        except (Failed, Odd):
            return found
        return found


def describe(channel: Fields, installation: Installation) -> Channel:
    """Raises Odd."""
    is_direct = channel.yes("is_im")
    return Channel(
        platform=PLATFORM,
        id=channel.id("id"),
        name=_name(channel),
        is_internal=not is_direct and not _has_others(channel),
        is_open=not channel.yes("is_archived") and channel.raw().get("is_member") is not False,
        organisations=frozenset(_connected(channel, installation)),
    )


def _has_others(channel: Fields) -> bool:
    """Shared with another organisation, about to be, or shared without saying how (L08)."""
    says_how = channel.yes("is_org_shared") or not channel.yes("is_shared")
    is_shared = channel.yes("is_ext_shared") or channel.yes("is_pending_ext_shared") or not says_how
    pending = (*channel.ids("pending_shared"), *channel.ids("pending_connected_team_ids"))
    return is_shared or bool(pending) or "is_ext_shared" not in channel


def _connected(channel: Fields, installation: Installation) -> Iterable[str]:
    ours = {installation.team_id, installation.enterprise_id, *channel.ids("internal_team_ids")}
    given = (*channel.ids("connected_team_ids"), *channel.ids("connected_limited_team_ids"))
    others = given or (channel.ids("shared_team_ids") if channel.yes("is_ext_shared") else ())
    return (each for each in others if each not in ours)


def _name(channel: Fields) -> str:
    name = one_line(channel.text_or("name"), NAME_LIMIT)
    return f"#{name}" if name else "#…"


def unknown(channel_id: str, trouble: Exception) -> Channel:
    """Gone or out of our sight for good, or just not told: either way, outsiders may be reading."""
    gone = isinstance(trouble, Failed) and trouble.ending.end is End.PERMANENT
    return Channel(
        platform=PLATFORM,
        id=channel_id,
        name="#…",
        is_internal=False,
        is_open=not gone,
        organisations=None,
    )


def rekey(uow: UnitOfWork, old_id: str, new_id: str) -> None:
    """Slack gave the channel another id for good; everything about it stays (L07). Safe to repeat."""
    place = uow.places.by_route(PLATFORM, old_id)
    if place is not None and uow.places.by_route(PLATFORM, new_id) is None:
        uow.places.save(replace(place, route=new_id, kind=PlaceKind.CUSTOMER))
