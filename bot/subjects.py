"""From a press, a submission or typed words to the promise they are about, with its answers and refusals."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import decode
from bot.changes import apply
from bot.promise_cards import current_card
from bot.refusals import sentence
from bot.scene import Denied, Scene, of_promise
from bot.turns import Outcome, Press, Refused, Submission
from commitments.access import Grant
from commitments.errors import NotYours, Refusal, Settled, Unfit
from commitments.partnership import Partnership
from commitments.promise import Change, Promise, Side

Act = Callable[[Scene, Promise, str], Outcome]


def pressed(act: Act) -> Callable[[Scene, Press], Outcome]:
    """A handler for a button: looks the promise up, and answers a late press with the current card."""

    def handle(scene: Scene, press: Press) -> Outcome:
        return _answered(scene, press.value, act)

    return handle


def wordless(act: Act) -> Act:
    """A press says nothing beside its verb: what a button carries must not pass for somebody's words."""
    return lambda scene, promise, _: act(scene, promise, "")


def submitted(
    act: Callable[[Scene, Promise, str, Submission], Outcome],
) -> Callable[[Scene, Submission], Outcome]:
    """A handler for a form whose subject is a promise."""

    def handle(scene: Scene, submission: Submission) -> Outcome:
        return _answered(
            scene, submission.subject, lambda s, promise, question: act(s, promise, question, submission)
        )

    return handle


def _answered(scene: Scene, value: str, act: Act) -> Outcome:
    decoded = decode(value)
    if decoded is None:
        raise Unfit("old_card")
    promise = readable(scene, decoded.subject)
    return settled_kindly(scene, promise, lambda: act(scene, promise, decoded.question))


def settled_kindly(scene: Scene, promise: Promise, act: Callable[[], Outcome]) -> Outcome:
    """Whoever comes second is told what happened, and sees how things are now.

    A colleague who may read it, but pressed what is another's, hears that much instead of "not found".
    """
    try:
        return act()
    except Settled as refusal:
        return Refused(text=sentence(scene.say, refusal), card=current_card(scene, promise))
    except Denied as denied:
        if scene.actor.is_ours:
            denied.said = Refusal("others_say")
        raise


def readable(scene: Scene, promise_id: str) -> Promise:
    """The promise if the actor may read it at all; raises NotYours, also for what does not exist."""
    promise = scene.uow.promises.get(promise_id)
    if promise is None or not may_read(scene, promise):
        raise NotYours
    return promise


def may_read(scene: Scene, promise: Promise) -> bool:
    """Somebody it is being handed to may read it too; what is between us, nobody outside."""
    if not (promise.is_shown or scene.actor.is_ours):
        return False
    named = promise.hand_over_to == scene.person.id
    return named or scene.grant("promise.read", of_promise(promise)) is Grant.ALLOWED


def change(scene: Scene, before: Promise, made: Change) -> Promise:
    return apply(scene.ports, scene.uow, before, made)


def side_of(scene: Scene) -> Side:
    return Side.OURS if scene.actor.is_ours else Side.THEIRS


def partnership_of(scene: Scene, promise: Promise) -> Partnership:
    partnership = scene.uow.partnerships.get(promise.partnership_id)
    if partnership is None:
        raise NotYours
    return partnership
