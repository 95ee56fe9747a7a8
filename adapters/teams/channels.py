"""What the channels of a team are called, and of what type they are: messages from them do not say.

learn.microsoft.com/microsoftteams/platform/concepts/bots/bots-context, "Get the list of channels in a team"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.recent import Recent
from adapters.teams.activities import Fields
from adapters.teams.connector import Connector
from adapters.teams.references import Reference

LISTED_FOR = timedelta(hours=1)  # ours; an event tells a new name sooner, and a type never changes
REMEMBERED_AT_MOST = 5_000  # teams of one process


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    name: str | None = None  # None: of the first channel, which each client names in its own language
    type: str | None = None  # "standard", "private", "shared"


UNKNOWN = Listed()


class Channels:
    def __init__(self, connector: Connector, now: Callable[[], datetime]) -> None:
        self._connector = connector
        self._known = Recent[str, Mapping[str, Listed]](now, lasts=LISTED_FOR, at_most=REMEMBERED_AT_MOST)

    async def find(self, reference: Reference) -> Listed:
        """Never raises: what Teams does not tell stays unknown, until it is asked the next time."""
        if reference.team_id is None:
            return UNKNOWN
        listed = self._known.get(reference.team_id)
        if listed is None:
            try:
                listed = self._known.put(reference.team_id, await self._asked(reference, reference.team_id))
            except Failed:
                return UNKNOWN
        return listed.get(reference.conversation_id, UNKNOWN)

    async def _asked(self, reference: Reference, team_id: str) -> Mapping[str, Listed]:
        """Nothing where Teams will not say it. Raises Failed where it may yet."""
        try:
            entries = [
                Fields(each) for each in await self._connector.channels(reference.service_url, team_id)
            ]
            return {
                each.id("id"): Listed(
                    name=each.text_or("name") or None, type=each.text_or("type").lower() or None
                )
                for each in entries
            }
        except Failed as failed:
            if failed.ending.end is not End.PERMANENT:
                raise
            return {}
        except Odd:
            return {}
