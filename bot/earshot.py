"""Whether Kept may read a message: where it stands and whose it is decide, before a word is looked at."""

from __future__ import annotations

from bot.addresses import Place, PlaceKind
from bot.policy import Policy
from bot.storage import UnitOfWork
from commitments.partnership import Partnership, Person
from commitments.promise import Side
from commitments.sightings import Earshot

CARD = "reading"  # the kind of the card that tells a channel of it


def linked(uow: UnitOfWork, place: Place | None) -> Partnership | None:
    """The customer whose shared channel this is; never a private place, nor one of ours alone."""
    if place is None or place.kind is not PlaceKind.CUSTOMER or place.partnership_id is None:
        return None
    partnership = uow.partnerships.get(place.partnership_id)
    return partnership if partnership is not None and partnership.place_id == place.id else None


def is_told(uow: UnitOfWork, earshot: Earshot) -> bool:
    """Nobody is read before the channel has the card that says so."""
    since = earshot.on_at
    return since is not None and any(post.at >= since for post in uow.posts.of_kind(CARD, earshot.id))


def is_read(uow: UnitOfWork, policy: Policy, place: Place | None) -> bool:
    """Whether anybody at all is read there now."""
    return _silent_because(uow, policy, place) is None


def unread_because(uow: UnitOfWork, policy: Policy, place: Place | None, person: Person) -> str | None:
    """Why a person's messages in a place are not read; None when they are. See `reading.unread`."""
    partnership = linked(uow, place)
    silence = _silent_because(uow, policy, place)
    if place is None or partnership is None or silence:
        return silence or "elsewhere"
    if uow.sightings.is_left_out(place.id, person.id):
        return "left_out"
    return None if person.is_ours or _have_agreed(uow, place, partnership, person) else "not_agreed"


def _silent_because(uow: UnitOfWork, policy: Policy, place: Place | None) -> str | None:
    partnership = linked(uow, place)
    if place is None or partnership is None:
        return "elsewhere"
    if place.asked_only:
        return "asked_only"
    earshot = uow.sightings.earshot(place.id)
    if not policy.reading or earshot is None or not earshot.is_on(partnership):
        return "off"
    return None if is_told(uow, earshot) else "untold"


def _have_agreed(uow: UnitOfWork, place: Place, partnership: Partnership, person: Person) -> bool:
    """Of the customer themselves; not a guest of ours, nor somebody of a third organisation."""
    earshot = uow.sightings.earshot(place.id)
    is_theirs = person.side is Side.THEIRS and person.organisation in partnership.organisations
    return is_theirs and earshot is not None and earshot.hears_them(partnership)
