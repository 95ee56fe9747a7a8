"""A message that is deleted, or reads otherwise now: what Kept holds of its words follows it.

1. What was noticed in it and not answered is forgotten at once, as is what was asked for in it.
2. Deleted, it is quoted by no promise any more, and the promises somebody is choosing from it are gone;
   a promise that was made, its link and its history stay.
3. New words are not read again, and a quote of the old ones stays what was said.

It is nobody's turn: no platform says for certain who did it, nobody is answered, and doing it again
changes nothing. So nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.changes import in_one_piece
from bot.noticing import redraw_offer
from bot.ports import Ports
from bot.storage import UnitOfWork
from commitments.promise import Promise
from commitments.sightings import OpenRequest, Sighting, SightingState
from commitments.spotting import Sort
from commitments.text import MARK, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    tenant: str
    platform: str
    route: str  # of the place it stood in
    message: str  # the platform's own key of it, as of what is overheard
    links: tuple[str, ...]  # what every link to it holds, and no other
    is_edit: bool


def follow(ports: Ports, gone: Retracted) -> None:
    in_one_piece(ports, gone.tenant, lambda uow: _follow(uow, gone))


def _follow(uow: UnitOfWork, gone: Retracted) -> None:
    place = uow.places.by_route(gone.platform, gone.route)
    noticed = uow.sightings.of_message(place.id, gone.message) if place else []
    asked = uow.sightings.take_requests(place.id, gone.message) if place else []
    answers = _answers_to(asked, uow.sightings.open_in(place.id)) if place and asked else ()
    for sighting in {each.id: each for each in (*noticed, *answers) if each.state.is_open}.values():
        uow.sightings.save(sighting.answered(SightingState.LAPSED))
        redraw_offer(uow, sighting)
    if not gone.is_edit:
        _unquote(uow, gone, noticed)


def _answers_to(asked: Sequence[OpenRequest], waiting: Sequence[Sighting]) -> Iterator[Sighting]:
    """Our answers quote what they accept."""
    words = [one_line(each.words, len(each.words)) for each in asked]
    for sighting in waiting:
        quoted = sighting.passage.request if sighting.passage else None
        if quoted and any(quoted.removesuffix(MARK) in each for each in words):
            yield sighting


def _unquote(uow: UnitOfWork, gone: Retracted, noticed: Sequence[Sighting]) -> None:
    for link in gone.links:
        uow.jottings.forget_linked(link)
    for promise in _quoting(uow, gone, noticed).values():
        if promise.source is not None and promise.source.quote:
            uow.promises.unquote(promise)  # no card that is remembered shows it: there is none to draw again


def _quoting(uow: UnitOfWork, gone: Retracted, noticed: Sequence[Sighting]) -> dict[str, Promise]:
    """Offered in passing, or tracked from the message itself, which the link tells."""
    tracked = (each for each in noticed if each.sort is not Sort.FULFILMENT and each.promise_id)
    offered = uow.promises.of_ids([each.promise_id for each in tracked if each.promise_id])
    return offered | {each.id: each for link in gone.links for each in uow.promises.linked(link)}
