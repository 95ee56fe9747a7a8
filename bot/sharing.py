"""Showing a promise to the customer: the exact words first, then the press that publishes them."""

from __future__ import annotations

from bot.capture_form import with_error
from bot.cards import Field, Form, encode
from bot.messages.anchors import public_words
from bot.promise_cards import acted_card, show_action, view_of
from bot.readers import reader_in
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.subjects import change, partnership_of, pressed, submitted
from bot.turns import Invalid, OpenForm, Outcome, Reply, Submission
from commitments import acts, renegotiation
from commitments.errors import Settled, Unfit
from commitments.promise import Promise


def open_share(scene: Scene, promise: Promise, _: str) -> Outcome:
    """The exact words the customer will see; submitting publishes them."""
    scene.allow(show_action(promise), of_promise(promise), promise.id)
    if promise.is_shown:
        raise Settled("already_shown")
    _shared_place(scene, promise)
    return OpenForm(form=_share_form(scene, promise))


def share_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow(show_action(promise), of_promise(promise), promise.id)
    _shared_place(scene, promise)
    title = submission.values.get("title", promise.title).strip()
    try:
        if title != promise.title:
            promise = change(
                scene, promise, renegotiation.edit_title(promise, title, scene.person.id, scene.now)
            )
    except Unfit as unfit:
        return Invalid(form=with_error(_share_form(scene, promise), unfit, scene.say))
    shown = change(scene, promise, acts.show(promise, scene.person.id, scene.now))
    return Reply(card=acted_card(scene, shown, "shown"))


def _shared_place(scene: Scene, promise: Promise) -> None:
    partnership = partnership_of(scene, promise)
    if partnership.place_id is None:
        raise Unfit("no_channel", "title", customer=partnership.name)


def _share_form(scene: Scene, promise: Promise) -> Form:
    """The preview is the very card the channel will get, in the channel's language."""
    partnership = partnership_of(scene, promise)
    place = scene.uow.places.get(partnership.place_id or "")
    view, say = view_of(scene, promise, partnership), scene.say
    there = reader_in(scene.ports, place, partnership, scene.now) if place else say
    preface = (*say.text("share.preview", customer=partnership.name), "\n", public_words(view, there))
    title = Field(name="title", label=say("share.title"), value=promise.title, required=True)
    return Form(
        id="promise.share",
        title=say("share.heading", customer=partnership.name),
        fields=(title,),
        submit=say("share.submit"),
        subject=encode(promise.id),
        preface=preface,
    )


PRESSES: Routes = {"promise.share": Route(pressed(open_share), "promise.show")}
FORMS: Routes = {"promise.share": Route(submitted(share_submitted), "promise.show")}
