"""Who is who: from the roster of a conversation, never from what an activity says of its sender.

Internal is whose own Entra tenant is on our list and who is no guest there. Whoever hosts the conversation
decides nothing: in a channel of the customer's, we are the ones from outside (L27, L28). Everybody else is
outside, and whatever the roster does not say counts against them.

A person is known by tenant and object id together, since an object id is unique within one tenant only; the
id Teams gives them for us is an address and no more (L38).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR, NoSuchPerson, Unsure, Who
from adapters.recent import Recent
from adapters.teams.activities import Fields
from adapters.teams.connector import Connector
from adapters.teams.references import Reference
from adapters.teams.whereabouts import PLATFORM
from commitments.text import one_line

NAME_LIMIT = 80  # characters, ours
REMEMBERED_AT_MOST = 50_000  # people of one process
# TeamsChannelAccount.userRole; "guest" and "anonymous" are the others. Owners are those of the team.
_MEMBERS = frozenset({"user", "owner"})
_GUEST_NAME = "#ext#"  # in every user principal name of a guest (learn.microsoft.com/entra/external-id)
NOT_SAID = "unknown"  # in the place of a tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Whose Kept this is."""

    tenant: str  # Kept's own, under which everything is stored
    ours: frozenset[str]  # Entra tenants, in lower case
    admins: frozenset[str] = frozenset()  # object ids in them, in lower case

    def hosts(self, host: str | None) -> bool:
        return host is not None and host.lower() in self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody on a roster."""

    user_id: str
    who: Who


class Identity:
    """Asks Teams at most every ten minutes about one member of one conversation."""

    def __init__(self, connector: Connector, home: Home, now: Callable[[], datetime]) -> None:
        self._connector = connector
        self._home = home
        self._known = Recent[tuple[str, str], Member](now, lasts=FRESH_FOR, at_most=REMEMBERED_AT_MOST)

    async def who(self, reference: Reference, member_id: str) -> Member:
        """By user id or object id. Raises NoSuchPerson, and Unsure from what Teams answered."""
        key = reference.conversation_id, member_id
        if known := self._known.get(key):
            return known
        entry = await self._asked(reference, member_id)
        return self._known.put(key, describe(entry, self._home, reference.host))

    def forget(self, conversation_id: str) -> None:
        self._known.forget_all(lambda key: key[0] == conversation_id)

    async def _asked(self, reference: Reference, member_id: str) -> Fields:
        try:
            url, conversation_id = reference.service_url, reference.conversation_id
            return Fields(await self._connector.member(url, conversation_id, member_id))
        except Failed as failed:
            if failed.ending.end is End.PERMANENT:
                raise NoSuchPerson from None
            raise Unsure from failed
        except Odd:
            raise Unsure from None


def describe(member: Fields, home: Home, host: str | None) -> Member:
    """`host` is the tenant of the conversation. Raises Unsure when the entry cannot be read."""
    try:
        return Member(user_id=member.id("id"), who=_described(member, home, host))
    except Odd:
        raise Unsure from None


def _described(member: Fields, home: Home, host: str | None) -> Who:
    tenant, object_id = _lower(member, "tenantId"), _object_id(member)
    is_guest = member.text_or("userRole").casefold() not in _MEMBERS or _is_guest_name(member)
    is_ours = home.hosts(tenant) and not is_guest
    return Who(
        platform=PLATFORM,
        account=account_of(tenant, object_id),
        name=_name(member, object_id),
        is_ours=is_ours,
        is_guest=is_guest,
        is_admin=is_ours and object_id in home.admins,
        is_active=True,  # nobody who left the tenant stays on a roster
        organisation=None if is_guest and _is_at_home(tenant, home, host, member) else tenant,
        zone=None,
        locale=None,
    )


def account_of(tenant: str | None, object_id: str) -> str:
    return f"{tenant or NOT_SAID}/{object_id}".lower()


def _object_id(member: Fields) -> str:
    """Older answers call it `objectId`. Two that differ are nobody."""
    found = {each for name in ("aadObjectId", "objectId") if (each := _lower(member, name))}
    if len(found) != 1:
        raise member.odd("aadObjectId")
    return found.pop()


def _lower(member: Fields, name: str) -> str | None:
    found = member.id_or_none(name)
    if found is not None and "/" in found:
        raise member.odd(name)
    return found.lower() if found else None


def _is_at_home(tenant: str | None, home: Home, host: str | None, member: Fields) -> bool:
    """A guest bears the tenant they are a guest in, which is not where they come from (L29)."""
    is_hosts = host is None or tenant == host.lower()
    return is_hosts or home.hosts(tenant) or _is_guest_name(member)


def _is_guest_name(member: Fields) -> bool:
    return _GUEST_NAME in member.text_or("userPrincipalName").casefold()


def _name(member: Fields, object_id: str) -> str:
    return one_line(member.text_or("name"), NAME_LIMIT) or object_id
