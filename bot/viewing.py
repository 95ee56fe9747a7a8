"""How the card of a shown promise looks to one of us in the channel: the same words, buttons of their own.

It is the card that everybody has, composed anew from what the customer may read, with other buttons: nothing
can stand in it that must not be on a screen in the customer's sight (L33). Everything here only reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.addresses import MessageRef, Place
from bot.cards import Button, Card
from bot.delivering import redrawn
from bot.messages.registry import FOR_CUSTOMERS
from bot.ports import Ports
from bot.promise_cards import may_press
from bot.readers import Reader, reader_in
from bot.scene import actor_of, enter, themselves
from bot.storage import UnitOfWork
from bot.turns import Turn
from bot.views import CustomerView, for_customer, people_in
from commitments.errors import NotYours
from commitments.partnership import Person
from commitments.promise import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The promise a card stands for, in the words of the place where it stands."""

    uow: UnitOfWork
    promise: Promise
    view: CustomerView
    say: Reader

    def buttons_of(self, person: Person) -> tuple[Button, ...]:
        return may_press(actor_of(self.uow, person), self.promise, self.view, self.say)


def as_seen(ports: Ports, turn: Turn, message: MessageRef) -> Card | None:
    """The card of a promise at `message`, as things are now, for whoever looks at it there.

    None where no such card of ours stands, and for somebody Kept does not know.
    """
    with ports.open_uow(turn.tenant) as uow:
        try:
            scene = enter(ports, uow, turn)
        except NotYours:
            return None
        post = uow.posts.by_ref(message)
        if scene.place is None or post is None or post.kind not in FOR_CUSTOMERS:
            return None
        parcel = redrawn(ports, uow, post.id, turn.now)
        shown = _shown(ports, uow, scene.place, parcel.card) if parcel else None
        if parcel is None or shown is None:
            return None
        if not scene.person.is_ours:
            return parcel.card
        return replace(parcel.card, buttons=shown.buttons_of(scene.person))


def who_sees_others(ports: Ports, place: Place, card: Card) -> list[Person]:
    """Of us in the place, to whom `card` offers something else than to everybody: who may act on it first."""
    with ports.open_uow(place.tenant) as uow:
        shown = _shown(ports, uow, place, card)
        if shown is None:
            return []
        ours = [each for each in uow.people.of_ids(uow.places.members(place.id)).values() if each.is_ours]
        theirs = {each.id: shown.buttons_of(themselves(uow, each.id) or each) for each in ours}
        differing = [each for each in ours if theirs[each.id] != card.buttons]
        return sorted(differing, key=lambda each: (not theirs[each.id], each.name))


def _shown(ports: Ports, uow: UnitOfWork, place: Place, card: Card) -> _Shown | None:
    promise = uow.promises.get(card.shows) if card.shows else None
    partnership = uow.partnerships.get(promise.partnership_id) if promise else None
    if promise is None or partnership is None or partnership.place_id != place.id or not promise.is_shown:
        return None
    now = ports.now()
    view = for_customer(promise, partnership, uow.people.of_ids(people_in(promise)), now)
    return _Shown(uow=uow, promise=promise, view=view, say=reader_in(ports, place, partnership, now))
