"""The gate in front of /api/messages: no activity is read before the token that came with it was checked.

Whatever is not authentic is answered with 401 and no reason; the reason is for the log. Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.raw_request import (
    JSON,
    LARGEST,
    RawRequest,
    Rejected,
    Unreadable,
    media_type_of,
    parse,
    values_of,
)
from adapters.teams.hosts import Hosts, NotListed
from adapters.teams.tokens import Pass, Refused, Tokens

CHANNEL = "msteams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Sent by Teams and readable; what it means is for `activities` to say."""

    activity: Mapping[str, Any]
    service_url: str  # as `Hosts` writes it


class Gate:
    def __init__(self, *, tokens: Tokens | None, hosts: Hosts) -> None:
        """Without tokens everybody is let in: for emulators on this machine only."""
        self._tokens = tokens
        self._hosts = hosts

    async def check(self, raw: RawRequest) -> Accepted | Rejected:
        if raw.method != "POST":
            return Rejected(status=405, reason="method")
        if len(raw.body) > LARGEST:
            return Rejected(status=413, reason="size")
        try:
            shown = await self._shown(raw)
        except Refused as refused:
            return Rejected(status=401, reason=str(refused))
        try:
            activity = _activity(raw)
        except Unreadable as unreadable:
            return Rejected(status=400, reason=str(unreadable), is_signed=True)
        return self._fitting(activity, shown)

    async def _shown(self, raw: RawRequest) -> Pass | None:
        if self._tokens is None:
            return None
        given = values_of(raw, "authorization")
        if len(given) > 1:
            raise Refused("tokens")
        return await self._tokens.check(given[0] if given else None)

    def _fitting(self, activity: Mapping[str, Any], shown: Pass | None) -> Accepted | Rejected:
        service_url, channel_id = activity.get("serviceUrl"), activity.get("channelId")
        if channel_id != CHANNEL:
            return Rejected(status=401, reason="channel")
        try:
            if shown is not None:
                shown.must_fit(service_url=service_url, channel_id=channel_id)
            return Accepted(activity=activity, service_url=self._hosts.checked(service_url))
        except Refused as refused:
            return Rejected(status=401, reason=str(refused))
        except NotListed:  # genuine, and yet from where nothing may be sent: for an operator to see
            return Rejected(status=401, reason="untrusted_service_url", is_signed=True)


def _activity(raw: RawRequest) -> Mapping[str, Any]:
    """Raises Unreadable."""
    if media_type_of(raw) != JSON:
        raise Unreadable("media_type")
    activity = parse(raw.body)
    if not isinstance(activity, dict):
        raise Unreadable("object")
    return activity
