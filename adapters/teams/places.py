"""Who can read a conversation, from its roster. What is not known to be internal is a customer's.

The roster of a shared channel holds everybody who reads there, whichever team or tenant they came by (L30).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR, Unsure
from adapters.places import Channel
from adapters.recent import Recent
from adapters.teams.activities import BOT, Fields
from adapters.teams.connector import Connector
from adapters.teams.identity import NOT_SAID, Home, Member, describe
from adapters.teams.references import Reference
from adapters.teams.whereabouts import PLATFORM, Kind

REMEMBERED_AT_MOST = 5_000  # rosters of one process


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A conversation of several people and who is in it."""

    channel: Channel
    members: Mapping[str, Member] = field(default_factory=dict)  # by user id
    is_whole: bool = False  # nobody else is in it

    @property
    def has_ours(self) -> bool:
        return any(each.who.is_ours for each in self.members.values())

    def of_account(self, account: str) -> Member | None:
        return next((each for each in self.members.values() if each.who.account == account), None)


class Rosters:
    """Asks Teams at most every ten minutes about one conversation, unless an event says that it changed."""

    def __init__(self, connector: Connector, home: Home, now: Callable[[], datetime]) -> None:
        self._connector = connector
        self._home = home
        self._known = Recent[str, Roster](now, lasts=FRESH_FOR, at_most=REMEMBERED_AT_MOST)

    async def find(self, reference: Reference, name: str | None = None) -> Roster:
        """Never raises: what Teams does not tell counts as a customer's. `name` as just heard of."""
        try:
            return self.fresh(reference) or await self.ask(reference, name)
        except Unsure:
            return _unknown(reference, is_open=True)

    def fresh(self, reference: Reference) -> Roster | None:
        """What Teams told in the last ten minutes."""
        return self._known.get(reference.conversation_id)

    def forget(self, conversation_id: str) -> None:
        self._known.forget(conversation_id)

    async def ask(self, reference: Reference, name: str | None = None) -> Roster:
        """Raises Unsure from what Teams answered."""
        try:
            url, conversation_id = reference.service_url, reference.conversation_id
            entries = await self._connector.members(url, conversation_id)
        except Failed as failed:
            if failed.ending.end is End.PERMANENT:
                return _unknown(reference, is_open=False)
            raise Unsure from failed
        return self._known.put(conversation_id, _described(entries, reference, self._home, name))


def _described(entries: Iterable[object], reference: Reference, home: Home, name: str | None) -> Roster:
    members: dict[str, Member] = {}
    is_whole = True
    for entry in entries:
        try:
            person = Fields(entry)
            if not person.id("id").startswith(BOT):
                found = describe(person, home, reference.host)
                members[found.user_id] = found
        except (Odd, Unsure):  # somebody reads there, and nobody knows who
            is_whole = False
    return Roster(
        channel=_channel(reference, members.values(), name, is_whole=is_whole),
        members=members,
        is_whole=is_whole,
    )


def _channel(reference: Reference, members: Iterable[Member], name: str | None, *, is_whole: bool) -> Channel:
    """A shared channel is a customer's even while only we are in it (L08). Whoever reads there and cannot be
    told who they are is of an organisation too: where one comes in, the channel is confirmed again (L09).
    """
    people = [each.who for each in members]
    known = {who.organisation for who in people if not who.is_ours and who.organisation}
    are_all_ours = bool(people) and all(who.is_ours for who in people)
    return Channel(
        platform=PLATFORM,
        id=reference.conversation_id,
        name=name,
        is_internal=are_all_ours and is_whole and not reference.is_shared,
        is_open=True,
        organisations=frozenset(known if is_whole else known | {NOT_SAID}),
        is_asked_only=_is_asked_only(reference),
    )


def _unknown(reference: Reference, *, is_open: bool) -> Roster:
    """Out of our sight for good, or just not told: either way, outsiders may be reading."""
    channel = Channel(
        platform=PLATFORM,
        id=reference.conversation_id,
        name=None,
        is_internal=False,
        is_open=is_open,
        organisations=None,
        is_asked_only=_is_asked_only(reference),
    )
    return Roster(channel=channel)


def _is_asked_only(reference: Reference) -> bool:
    return reference.is_shared or reference.kind is not Kind.CHANNEL
