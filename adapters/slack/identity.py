"""Who is who: from Slack's own record of a person, never from what a payload says of them.

Internal is whose home is the workspace or organisation that installed Kept, and who is no guest, no bot and
not deactivated. Everybody else is outside, and whatever Slack does not say counts against them. Bolt's
`actor_team_id` names the installing team for external people too, so nothing here looks at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.fields import Odd
from adapters.slack.api import Api, Failed
from adapters.slack.fields import Fields
from adapters.slack.installations import Installation
from adapters.slack.outcomes import End
from bot.addresses import Place, PlaceKind
from bot.policy import Policy
from bot.storage import UnitOfWork
from commitments.partnership import Person
from commitments.promise import Side
from commitments.text import one_line

PLATFORM = "slack"
FRESH_FOR = timedelta(minutes=10)  # reliability D.1: older without a refresh is unknown
NAME_LIMIT = 80  # characters; Slack's own limit of display and full names
REMEMBERED_AT_MOST = 50_000  # people of one process


class Unsure(Exception):
    """Slack does not tell who this is just now. Nothing may be done in their name."""


class NoSuchPerson(Exception):
    """Slack knows nobody by that id, or none that we may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """One account, as Slack describes it to the installation that asked."""

    account: str
    name: str
    is_ours: bool
    is_guest: bool
    is_admin: bool
    is_active: bool
    organisation: str | None  # their home; None: Slack does not say
    zone: str | None
    locale: str | None


class Identity:
    """Asks Slack at most every ten minutes about one person."""

    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._known: dict[tuple[str, str], tuple[Who, datetime]] = {}

    async def who(self, installation: Installation, account: str) -> Who:
        """Raises Unsure and NoSuchPerson."""
        key = installation.tenant, account
        known = self._known.get(key)
        if known and known[1] > self._now():
            return known[0]
        found = describe(await self._asked(installation.tenant, account), installation)
        if len(self._known) >= REMEMBERED_AT_MOST:
            self._known.clear()
        self._known[key] = found, self._now() + FRESH_FOR
        return found

    def forget(self, tenant: str, account: str) -> None:
        self._known.pop((tenant, account), None)

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
        account=user.id("id"),
        name=_name(user),
        is_ours=is_ours,
        is_guest=is_guest,
        is_admin=is_ours and (user.yes("is_admin") or user.yes("is_owner")),
        is_active=is_active and is_person,
        organisation=None if is_guest and at_home else enterprise or team,
        zone=_zone(user.text_or("tz")),
        locale=user.text_or("locale")[:20] or None,
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


def _zone(name: str) -> str | None:
    """Slack keeps the zones of its users' devices, some of them under old names."""
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def keep_person(uow: UnitOfWork, who: Who, tenant: str, policy: Policy, new_id: Callable[[], str]) -> Person:
    """The person as stored, brought up to date. What they settled with Kept themselves is left alone."""
    known = uow.people.by_account(PLATFORM, who.account)
    if known is None:
        return _introduced(uow, who, tenant, policy, new_id)
    now = _as_told(known, who, policy)
    if now != known:
        uow.people.save(now)
    return now if now == known else replace(now, version=now.version + 1)


def _introduced(uow: UnitOfWork, who: Who, tenant: str, policy: Policy, new_id: Callable[[], str]) -> Person:
    hours = policy.hours
    blank = Person(
        id=new_id(),
        tenant=tenant,
        platform=PLATFORM,
        account=who.account,
        name=who.name,
        zone=who.zone or hours.zone,
        locale=who.locale or policy.locale,
        day_start=hours.day_start,
        day_end=hours.day_end,
        workdays=hours.workdays,
    )
    person = _as_told(blank, who, policy)
    uow.people.add(person)
    uow.places.add(_private_place(person, new_id()))
    return person


def _as_told(person: Person, who: Who, policy: Policy) -> Person:
    return replace(
        person,
        name=who.name,
        side=Side.OURS if who.is_ours else Side.THEIRS,
        organisation=who.organisation,
        guest=who.is_guest,
        is_admin=who.is_ours and (who.is_admin or f"{PLATFORM}:{who.account}" in policy.admins),
        is_active=who.is_active,
        locale=who.locale or person.locale,
    )


def _private_place(person: Person, place_id: str) -> Place:
    """Reached by the account; the conversation itself is opened when there is something to say."""
    return Place(
        id=place_id,
        tenant=person.tenant,
        platform=PLATFORM,
        route=person.account,
        name="Kept",
        kind=PlaceKind.PRIVATE,
        person_id=person.id,
    )
