"""Which buttons a card about a promise carries: one set for its owner, one for the other side.

Both sides' promises use the same two sets: for a promise of theirs the customer is the owner.
"""

from __future__ import annotations

from bot.cards import Button, encode
from bot.readers import Reader
from bot.views import CustomerView
from commitments.promise import Side, State


def for_owner(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """What the owner can answer now, three at most."""
    mine, offer = view.side, view.offer
    if view.state is State.PROPOSED and offer is None:
        return _all(view, say, "promise.accept", "promise.counter", "promise.decline")
    if offer is not None and offer.by_side is not mine:
        return _answers(view, say)
    if view.state is not State.OPEN:
        return ()
    if offer is not None:
        return _all(view, say, "promise.done", "renegotiation.take_back")
    if not view.is_shown:
        return _all(view, say, "promise.done", "promise.renegotiate", "promise.share")
    return _all(view, say, "promise.done", "promise.renegotiate")


def for_other_side(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """What the side the promise was made to can answer now, three at most."""
    offer = view.offer
    if offer is not None and offer.by_side is view.side:
        return _answers(view, say)
    match view.state:
        case State.DELIVERED:
            return _all(view, say, "promise.confirm", "promise.not_yet")
        case State.UNOPPOSED:
            return _all(view, say, "promise.not_yet")
        case State.OPEN | State.PROPOSED:
            return _while_open(view, say)
        case _:
            return ()


def _while_open(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    if view.state is State.PROPOSED and not view.is_shown and view.side is Side.THEIRS:
        return _all(view, say, "promise.share")
    if view.state is State.PROPOSED:
        return _all(view, say, "promise.release")
    if view.release_asked:
        return _all(view, say, "promise.release", "promise.keep")
    if view.offline_by is not None:
        return _all(view, say, "promise.contradict", "promise.how_is_it", "promise.release")
    return _all(view, say, "promise.how_is_it", "promise.release")


def in_channel(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """For the card in the shared channel: the customer's buttons, whichever side they are on."""
    return for_other_side(view, say) if view.side is Side.OURS else for_owner(view, say)


def on_our_side(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """For a private card to one of us."""
    return for_owner(view, say) if view.side is Side.OURS else for_other_side(view, say)


def button(view: CustomerView, say: Reader, verb: str, question: str = "") -> Button:
    return Button(
        verb=verb,
        label=say(f"button.{verb}"),
        value=encode(view.id, question),
        about=view.title,
    )


def offline(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """For the lead, while an offer of ours is on the table."""
    if view.offer is None or view.state is not State.OPEN or view.offer.by_side is not Side.OURS:
        return ()
    return (button(view, say, "renegotiation.offline", view.offer.id),)


def undo(view: CustomerView, say: Reader) -> Button:
    return button(view, say, "promise.undo")


def _answers(view: CustomerView, say: Reader) -> tuple[Button, ...]:
    question = view.offer.id if view.offer else ""
    verbs = ("renegotiation.accept", "renegotiation.counter", "renegotiation.decline")
    return tuple(button(view, say, verb, question) for verb in verbs)


def _all(view: CustomerView, say: Reader, *verbs: str) -> tuple[Button, ...]:
    return tuple(button(view, say, verb) for verb in verbs)
