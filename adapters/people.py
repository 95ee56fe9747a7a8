"""Who somebody is, as a platform tells it, and how Kept keeps that. The same on every platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.accounts import part
from bot.addresses import Place, PlaceKind
from bot.policy import Policy
from bot.storage import UnitOfWork
from commitments.partnership import Person
from commitments.promise import Side

FRESH_FOR = timedelta(minutes=10)  # reliability D.1: older without a refresh is unknown
LOCALE_LIMIT = 20  # characters, ours: such as de-Latn-DE-1996


class Unsure(Exception):
    """The platform does not tell who this is just now. Nothing may be done in their name."""


class NoSuchPerson(Exception):
    """The platform knows nobody by that id, or none that we may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """One account, as the platform describes it to Kept."""

    platform: str
    account: str
    name: str
    is_ours: bool
    is_guest: bool
    is_admin: bool
    is_active: bool
    organisation: str | None  # their home; None: not said
    zone: str | None
    locale: str | None


def zone_or_none(name: str | None) -> str | None:
    """Platforms tell the zones of people's devices, some of them under old names."""
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def locale_or_none(name: str | None) -> str | None:
    return name[:LOCALE_LIMIT] if name else None


def keep_person(uow: UnitOfWork, who: Who, tenant: str, policy: Policy, new_id: Callable[[], str]) -> Person:
    """The person as stored, brought up to date. What they settled with Kept themselves is left alone.

    Somebody with several accounts is one person, as long as each of these accounts is one of ours.
    """
    known = uow.people.by_account(who.platform, who.account)
    if known is None:
        return _introduced(uow, who, tenant, policy, new_id)
    now = _as_told(known, who, policy)
    if now != known:
        uow.people.save(now)
        now = replace(now, version=now.version + 1)
    if known.is_ours and not now.is_ours:
        _part(uow, known)
    return (uow.people.get(now.same_as) if now.same_as else None) or now


def _part(uow: UnitOfWork, gone: Person) -> None:
    """Whoever is no longer one of ours is not another account of a colleague, nor has a colleague as one."""
    if gone.same_as is not None:
        part(uow, gone.same_as, replace(gone, same_as=None))
    for other in uow.people.also(gone.id):
        part(uow, gone.id, other)


def account_on(uow: UnitOfWork, person_id: str, platform: str) -> str | None:
    """Their own there, or another of theirs."""
    person = uow.people.get(person_id)
    if person is None or person.platform == platform:
        return person.account if person else None
    return next((each.account for each in uow.people.also(person_id) if each.platform == platform), None)


def _introduced(uow: UnitOfWork, who: Who, tenant: str, policy: Policy, new_id: Callable[[], str]) -> Person:
    hours = policy.hours
    blank = Person(
        id=new_id(),
        tenant=tenant,
        platform=who.platform,
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
    is_ours = who.is_ours and who.is_active and not who.is_guest
    return replace(
        person,
        same_as=person.same_as if is_ours else None,
        name=who.name,
        side=Side.OURS if who.is_ours else Side.THEIRS,
        organisation=who.organisation,
        guest=who.is_guest,
        is_admin=who.is_ours and (who.is_admin or f"{who.platform}:{who.account}" in policy.admins),
        is_active=who.is_active,
        zone=_zone(person, who, policy),
        locale=who.locale or person.locale,
    )


def _zone(person: Person, who: Who, policy: Policy) -> str:
    """A platform may tell it only when somebody acts, after they were met. Later it is theirs to change."""
    is_settled = person.introduced_at is not None or person.zone != policy.hours.zone
    return person.zone if is_settled else who.zone or person.zone


def _private_place(person: Person, place_id: str) -> Place:
    """Reached by the account; the conversation itself is opened when there is something to say."""
    return Place(
        id=place_id,
        tenant=person.tenant,
        platform=person.platform,
        route=person.account,
        name="Kept",
        kind=PlaceKind.PRIVATE,
        person_id=person.id,
    )
