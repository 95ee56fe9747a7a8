"""Whether Kept may read a message: where it stands and whose it is decide, before a word is looked at."""

from __future__ import annotations

from bot.addresses import Place, PlaceKind
from bot.policy import Policy
from bot.storage import UnitOfWork
from commitments.partnership import Partnership, Person
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


def unread_because(uow: UnitOfWork, policy: Policy, place: Place | None, person: Person) -> str | None:
    """Why a person's messages in a place are not read; None when they are. See `reading.unread`."""
    partnership = linked(uow, place)
    if place is None or partnership is None:
        return "elsewhere"
    earshot = uow.sightings.earshot(place.id)
    if not policy.reading or earshot is None or not earshot.is_on(partnership):
        return "off"
    if not is_told(uow, earshot):
        return "untold"
    if uow.sightings.is_left_out(place.id, person.id):
        return "left_out"
    if person.is_ours:
        return None
    is_theirs = person.side.value == "theirs" and person.organisation in partnership.organisations
    return None if is_theirs and earshot.hears_them(partnership) else "not_agreed"
