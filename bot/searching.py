"""Finding one's own promises, to put a card of one into what one is writing: others will read it.

So only what the customer sees already is found, in the words the customer sees; in a customer's channel what
is of that partnership (L25, L36), and nothing in a channel that belongs to nobody yet.
"""

from __future__ import annotations

from dataclasses import replace

from bot.addresses import PlaceKind
from bot.cards import Card, Text
from bot.listing import ALIVE
from bot.messages.anchors import anchor_card
from bot.ports import Ports
from bot.references import here
from bot.scene import Scene, enter
from bot.subjects import may_read
from bot.turns import Turn
from bot.views import CustomerView, for_customer, people_in
from commitments.errors import NotYours
from commitments.promise import Promise


def shown_promises(
    ports: Ports, turn: Turn, words: str, *, skip: int, limit: int
) -> tuple[tuple[Text, Card], ...]:
    """Line and card of each, what is due first first; none for somebody Kept does not know."""
    with ports.open_uow(turn.tenant) as uow:
        try:
            scene = enter(ports, uow, turn)
        except NotYours:
            return ()
        found = [each for each in _offered(scene) if words.casefold() in each.title.casefold()]
        return tuple(_drawn(scene, each) for each in found[skip : skip + limit])


def _offered(scene: Scene) -> list[Promise]:
    mine = scene.uow.promises.of_owner(scene.person.id, ALIVE)
    shown = [each for each in mine if each.is_shown and may_read(scene, each) and _fits_here(scene, each)]
    return sorted(shown, key=lambda each: each.due.at)


def _fits_here(scene: Scene, promise: Promise) -> bool:
    if scene.place is None:
        return False
    if scene.place.kind is not PlaceKind.CUSTOMER:
        return True
    partnership = here(scene)
    return partnership is not None and partnership.id == promise.partnership_id


def _drawn(scene: Scene, promise: Promise) -> tuple[Text, Card]:
    """Without buttons: the card that is kept up to date stands in the customer's channel."""
    view, say = _view(scene, promise), scene.say
    line = say.text("search.line", ref=view.ref, customer=view.partnership, due=say.due(view.due))
    return line, replace(anchor_card(view, say), buttons=())


def _view(scene: Scene, promise: Promise) -> CustomerView:
    partnership = scene.uow.partnerships.get(promise.partnership_id)
    if partnership is None:
        raise NotYours
    people = scene.uow.people.of_ids(people_in(promise))
    return for_customer(promise, partnership, people, scene.now)
