"""Handing a promise to somebody else, who must accept, and asking a colleague for a hand."""

from __future__ import annotations

from dataclasses import replace

from bot.capture_form import with_error
from bot.grammar import take_people
from bot.promise_cards import acted_card
from bot.promise_forms import person_form
from bot.references import person_named
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.subjects import change, partnership_of, pressed, submitted, wordless
from bot.turns import Invalid, OpenForm, Outcome, Reply, Submission
from commitments import acts
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Partnership, Person
from commitments.promise import Promise, Side


def give(scene: Scene, promise: Promise, words: str) -> Outcome:
    """`give P-12 @colleague`; without a name the form asks."""
    scene.allow("promise.give", of_promise(promise), promise.id)
    _, people = take_people(words)
    if not people:
        return OpenForm(form=person_form(scene, promise, "promise.give", "owner"))
    return _give(scene, promise, people[0])


def give_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("promise.give", of_promise(promise), promise.id)
    try:
        return _give(scene, promise, submission.values.get("owner", ""))
    except Unfit as unfit:
        form = person_form(scene, promise, "promise.give", "owner")
        return Invalid(form=with_error(form, unfit, scene.say))


def _give(scene: Scene, promise: Promise, person_id: str) -> Outcome:
    new_owner = person_named(scene, person_id)
    _fits_side(promise, new_owner, partnership_of(scene, promise))
    made = acts.offer_hand_over(promise, scene.person.id, new_owner.id, scene.now)
    stored = change(scene, promise, made)
    return Reply(card=acted_card(scene, stored, "hand_over_offered", who=new_owner.name))


def take_over(scene: Scene, promise: Promise, _: str) -> Outcome:
    _named_new_owner(scene, promise)
    made = acts.take_over(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "taken_over"))


def leave_it(scene: Scene, promise: Promise, _: str) -> Outcome:
    _named_new_owner(scene, promise)
    made = acts.decline_hand_over(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "left_it"))


def open_ask_hand(scene: Scene, promise: Promise, _: str) -> Outcome:
    scene.allow("promise.ask_hand", of_promise(promise), promise.id)
    return OpenForm(form=person_form(scene, promise, "promise.ask_hand", "colleague"))


def ask_hand_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("promise.ask_hand", of_promise(promise), promise.id)
    colleague = person_named(scene, submission.values.get("colleague", ""))
    if not colleague.is_ours:
        raise NotYours
    made = acts.ask_hand(promise, scene.person.id, colleague.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "hand_asked", who=colleague.name))


def _named_new_owner(scene: Scene, promise: Promise) -> None:
    if promise.hand_over_to != scene.person.id:
        raise Settled("already_answered")
    asked = replace(of_promise(promise), owner_id=promise.hand_over_to)
    scene.allow("promise.take_over", asked, promise.id)


def _fits_side(promise: Promise, new_owner: Person, partnership: Partnership) -> None:
    """A promise stays on its side."""
    if promise.side is Side.OURS and not new_owner.is_ours:
        raise Unfit("owner_is_outside", "owner")
    if promise.side is Side.THEIRS and new_owner.organisation not in partnership.organisations:
        raise Unfit("not_of_customer", "owner", customer=partnership.name)


PRESSES: Routes = {
    "promise.give": Route(pressed(wordless(give)), "promise.give"),
    "promise.take_over": Route(pressed(take_over), "promise.take_over"),
    "promise.leave_it": Route(pressed(leave_it), "promise.take_over"),
    "promise.ask_hand": Route(pressed(open_ask_hand), "promise.ask_hand"),
}

FORMS: Routes = {
    "promise.give": Route(submitted(give_submitted), "promise.give"),
    "promise.ask_hand": Route(submitted(ask_hand_submitted), "promise.ask_hand"),
}
