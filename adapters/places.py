"""Who can read a channel, as a platform tells it, and how Kept keeps that. The same on every platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.addresses import Place, PlaceKind
from bot.intents import to_person
from bot.storage import UnitOfWork
from bot.team import caretakers

UNNAMED = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One conversation of several people, as the platform describes it to Kept."""

    platform: str
    id: str
    name: str | None  # None: not said
    is_internal: bool
    is_open: bool  # not archived, and Kept is in it
    organisations: frozenset[str] | None  # the others'; None: not said
    is_asked_only: bool = False  # what is said to others there is not for Kept to read


def keep_place(
    uow: UnitOfWork, channel: Channel, tenant: str, now: datetime, new_id: Callable[[], str]
) -> Place:
    """The place as stored, brought up to date; what the platform did not tell only ever closes it."""
    known = uow.places.by_route(channel.platform, channel.id)
    kind = PlaceKind.INTERNAL if channel.is_internal else PlaceKind.CUSTOMER
    if known is None:
        place = Place(
            id=new_id(),
            tenant=tenant,
            platform=channel.platform,
            route=channel.id,
            name=channel.name or UNNAMED,
            kind=kind,
            organisations=channel.organisations or frozenset(),
            asked_only=channel.is_asked_only,
        )
        uow.places.add(place)
        return place
    kind = PlaceKind.CUSTOMER if known.partnership_id else kind
    told = replace(known, kind=kind, asked_only=channel.is_asked_only)
    if channel.organisations is not None:
        told = replace(told, name=channel.name or known.name, organisations=channel.organisations)
    if told.partnership_id and told.organisations - known.organisations:
        told = _unlinked(uow, told, now)
    return _saved(uow, known, told)


def _unlinked(uow: UnitOfWork, place: Place, now: datetime) -> Place:
    """Somebody else came in: whose channel it is has to be confirmed again before Kept speaks there (L09)."""
    partnership = uow.partnerships.get(place.partnership_id or "")
    if partnership is None:
        return replace(place, partnership_id=None)
    mapping = partnership.mapping_version + 1
    uow.partnerships.save(replace(partnership, place_id=None, mapping_version=mapping))
    key = f"how_to_link:{place.id}:{mapping}"
    hearers = caretakers(uow, partnership.id)
    uow.outbox.queue(
        to_person(lead, "how_to_link", place.id, key=f"{key}:{lead.id}", at=now) for lead in hearers
    )
    return replace(place, partnership_id=None)


def _saved(uow: UnitOfWork, known: Place, now: Place) -> Place:
    if now == known:
        return known
    uow.places.save(now)
    return replace(now, version=now.version + 1)
