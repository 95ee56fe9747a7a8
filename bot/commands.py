"""`/promise` and its words."""

from __future__ import annotations

from collections.abc import Callable

from bot import capturing, explaining, handing, listing, noting, promising, renegotiating, sharing
from bot.grammar import About, Listing, Meaning, Nothing, Plain, Search, Title, Why, meaning
from bot.identifying import link_accounts
from bot.references import Several, find_promise
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.settings import away, settings
from bot.subjects import settled_kindly
from bot.turns import Ask, Outcome
from commitments.access import Grant
from commitments.errors import Unfit
from commitments.promise import Promise, Side, State

Act = Callable[[Scene, Promise, str], Outcome]


def promise_command(scene: Scene, ask: Ask) -> Outcome:
    """External people have no commands; the buttons in the shared channel are their way in."""
    if not scene.person.is_ours:
        raise Unfit("no_commands")
    return _answer(scene, ask, meaning(ask.words))


def _answer(scene: Scene, ask: Ask, meant: Meaning) -> Outcome:
    match meant:
        case Nothing():
            return noting.several(scene, ask) or capturing.open_form(scene, ask)
        case Plain():
            return _plain(scene, ask, meant)
        case Why():
            return explaining.explain(scene, ask, meant.words)
        case Listing():
            listed = listing.list_promises(scene, meant.which)
            return listed or capturing.capture(scene, ask, ask.words)
        case Search():
            return listing.find_promises(scene, meant.words)
        case About():
            return _about(scene, ask, meant)
        case Title():
            return capturing.capture(scene, ask, meant.words)


def _plain(scene: Scene, ask: Ask, meant: Plain) -> Outcome:
    if meant.word == "help":
        return listing.help_card(scene)
    if meant.word == "notes":
        return noting.open_notes(scene, ask)
    if meant.rest and meant.word == "settings":
        return link_accounts(scene, meant.rest)
    return settings(scene, ask) if meant.word == "settings" else away(scene, ask)


def _about(scene: Scene, ask: Ask, about: About) -> Outcome:
    found = find_promise(scene, about)
    if found is None:  # no such customer: the words were a title that happens to hold a reference
        return capturing.capture(scene, ask, about.whole)
    if isinstance(found, Several):
        return listing.which_one(scene, found.promises)
    promise = found
    return settled_kindly(scene, promise, lambda: ACTS[about.act](scene, promise, about.rest))


def _show(scene: Scene, promise: Promise, _: str) -> Outcome:
    """Show to the customer, while it is private and the speaker may; otherwise the promise itself."""
    is_suggestion = promise.side is Side.THEIRS and scene.grant("promise.suggest", of_promise(promise))
    may_show = promise.owner_id == scene.person.id or is_suggestion is Grant.ALLOWED
    if promise.is_shown or not may_show:
        return listing.show_one(scene, promise)
    return sharing.open_share(scene, promise, "")


def _accept(scene: Scene, promise: Promise, words: str) -> Outcome:
    if promise.hand_over_to == scene.person.id:
        return handing.take_over(scene, promise, words)
    if promise.proposal is not None:
        return renegotiating.accept_any(scene, promise, words)
    return promising.accept(scene, promise, words)


def _decline(scene: Scene, promise: Promise, words: str) -> Outcome:
    if promise.hand_over_to == scene.person.id:
        return handing.leave_it(scene, promise, words)
    if promise.proposal is not None:
        return renegotiating.decline(scene, promise, "")
    return promising.decline(scene, promise, words)


def _release(scene: Scene, promise: Promise, words: str) -> Outcome:
    """The other side lets go; the owner's own side can only ask for it."""
    owners_side = scene.person.is_ours == (promise.side.value == "ours")
    if owners_side and promise.state is State.OPEN:
        return promising.open_ask_release(scene, promise, words)
    return promising.release(scene, promise, words)


ACTS: dict[str, Act] = {
    "": lambda scene, promise, _: listing.show_one(scene, promise),
    "show": _show,
    "share": sharing.open_share,
    "done": promising.deliver,
    "renegotiate": renegotiating.renegotiate,
    "accept": _accept,
    "decline": _decline,
    "counter": renegotiating.counter,
    "confirm": promising.confirm,
    "dispute": promising.not_yet,
    "release": _release,
    "withdraw": promising.withdraw,
    "missed": promising.miss,
    "waiting": promising.wait,
    "give": handing.give,
    "edit": promising.edit,
    "note": promising.note,
    "undo": promising.undo,
}

COMMANDS: Routes = {"promise": Route(promise_command, "promise.list")}
FORMS: Routes = {"promise.capture": Route(capturing.submitted, "promise.capture")}
