"""Who is who: from Slack's own record of a person, never from what a payload says of them.

Internal is whose home is the workspace or organisation that installed Kept, and who is no guest, no bot and
not deactivated. Everybody else is outside, and whatever Slack does not say counts against them. Bolt's
`actor_team_id` names the installing team for external people too, so nothing here looks at it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters.endings import End, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR, NoSuchPerson, Unsure, Who, locale_or_none, zone_or_none
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.fields import Fields
from adapters.slack.installations import Installation
from commitments.text import one_line

PLATFORM = "slack"
NAME_LIMIT = 80  # characters; Slack's own limit of display and full names
REMEMBERED_AT_MOST = 50_000  # people of one process


class Identity:
    """Asks Slack at most every ten minutes about one person."""

    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api = api
        self._known = Recent[tuple[str, str], Who](now, lasts=FRESH_FOR, at_most=REMEMBERED_AT_MOST)

    async def who(self, installation: Installation, account: str) -> Who:
        """Raises Unsure and NoSuchPerson."""
        key = installation.tenant, account
        return self.known(*key) or self._known.put(key, describe(await self._asked(*key), installation))

    def known(self, tenant: str, account: str) -> Who | None:
        return self._known.get((tenant, account))

    def forget(self, tenant: str, account: str) -> None:
        self._known.forget((tenant, account))

    async def _asked(self, tenant: str, account: str) -> Fields:
        try:
            answer = await self._api.call(tenant, "users.info", user=account, include_locale="true")
            return answer.part("user")
        except Failed as failed:
            if failed.ending.end is End.PERMANENT:
                raise NoSuchPerson from None
            raise Unsure from None
        except Odd:
            raise Unsure from None


def describe(user: Fields, installation: Installation) -> Who:
    """Raises Unsure when the record cannot be read."""
    try:
        return _described(user, installation)
    except Odd:
        raise Unsure from None


def _described(user: Fields, installation: Installation) -> Who:
    team, enterprise = user.id_or_none("team_id"), _enterprise(user)
    is_person = not any(map(user.yes, ("is_bot", "is_workflow_bot", "is_connector_bot")))
    is_guest = user.yes("is_restricted") or user.yes("is_ultra_restricted")
    is_active = not user.yes("deleted")
    at_home = _is_home(team, enterprise, installation) and not user.yes("is_stranger")
    is_ours = at_home and is_person and is_active and not is_guest
    return Who(
        platform=PLATFORM,
        account=user.id("id"),
        name=_name(user),
        is_ours=is_ours,
        is_guest=is_guest,
        is_admin=is_ours and (user.yes("is_admin") or user.yes("is_owner")),
        is_active=is_active and is_person,
        organisation=None if is_guest and at_home else enterprise or team,
        zone=zone_or_none(user.text_or("tz")),
        locale=locale_or_none(user.text_or("locale")),
    )


def _is_home(team: str | None, enterprise: str | None, installation: Installation) -> bool:
    """The organisation decides where both sides have one: a sibling workspace of ours is inside (L20)."""
    if enterprise is not None and installation.enterprise_id is not None:
        return enterprise == installation.enterprise_id
    if enterprise is not None:
        return False
    return team is not None and team == installation.team_id


def _enterprise(user: Fields) -> str | None:
    whole = user.part_or_none("enterprise_user")
    return (whole.id_or_none("enterprise_id") if whole else None) or user.id_or_none("enterprise_id")


def _name(user: Fields) -> str:
    profile = user.part_or_none("profile")
    said = [profile.text_or(name) for name in ("display_name", "real_name")] if profile else []
    said += [user.text_or("real_name"), user.text_or("name"), user.id("id")]
    return next(name for each in said if (name := one_line(each, NAME_LIMIT)))
