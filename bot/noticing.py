"""What a speaker does with what was noticed in their words: track it, mend it, dismiss it, ask why.

A promise that was noticed stays between us until its owner shows it, whatever is usual in its channel.
"""

from __future__ import annotations

from dataclasses import replace

from bot import capture_form, capturing, promising
from bot.capture_form import Filled
from bot.capturing import Understood
from bot.cards import Button, Card, Form, Paragraph, encode
from bot.consequences import redraw_all
from bot.explaining import why_card
from bot.filling import subject_of
from bot.messages.noticed import reading_of, ref_of
from bot.promise_cards import captured_card
from bot.routes import Route, Routes
from bot.scene import Scene
from bot.storage import UnitOfWork
from bot.turns import Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.access import Subject
from commitments.due import Reading, Status
from commitments.errors import NotYours, Refusal, Settled
from commitments.sightings import Passage, Sighting, SightingState, is_muted

FORM = "noticed.track"


def track(scene: Scene, press: Press) -> Outcome:
    """At once when the day is certain and free; else the form, with what was understood."""
    sighting, passage = _open(scene, press.value)
    reading = reading_of(scene.ports, scene.person, sighting)
    if not _is_clear(scene, sighting, passage, reading):
        return OpenForm(form=_form(scene, sighting, passage, reading))
    return _keep(scene, sighting, _filled(scene, sighting, passage, reading))


def edit(scene: Scene, press: Press) -> Outcome:
    sighting, passage = _open(scene, press.value)
    return OpenForm(form=_form(scene, sighting, passage, reading_of(scene.ports, scene.person, sighting)))


def tracked(scene: Scene, submission: Submission) -> Outcome:
    sighting, _ = _open(scene, submission.subject)
    filled = capture_form.filled(submission.values)
    try:
        outcome = _keep(scene, sighting, filled)
    except NotYours:
        raise
    except Refusal as refusal:
        return Invalid(form=_of(sighting, capture_form.refused(scene, filled, refusal)))
    redraw_offer(scene.uow, sighting)
    return outcome


def dismiss(scene: Scene, press: Press) -> Outcome:
    """Teaches: what somebody dismissed three times is not asked of them again."""
    sighting, passage = _open(scene, press.value)
    times = scene.uow.sightings.dismiss_cue(scene.person.id, sighting.cue)
    scene.uow.sightings.save(sighting.answered(SightingState.DISMISSED))
    if not is_muted(times):
        return _said(scene, "dismissed")
    again = Button(verb="noticed.again", label=scene.say("noticed.button.again"), value=encode(sighting.id))
    return _said(scene, "muted", again, words=passage.trigger)


def ask_again(scene: Scene, press: Press) -> Outcome:
    sighting = _own(scene, press.value)
    scene.uow.sightings.forgive_cue(scene.person.id, sighting.cue)
    return _said(scene, "again")


def done(scene: Scene, press: Press) -> Outcome:
    """The owner says that it is: Kept only asked."""
    sighting, passage = _open(scene, press.value)
    promise = scene.promise(sighting.promise_id or "", "promise.deliver")
    outcome = promising.deliver(scene, promise, passage.link or "")
    scene.uow.sightings.save(sighting.answered(SightingState.TRACKED))
    return outcome


def another(scene: Scene, press: Press) -> Outcome:
    """*Not that one*: the promise stays open, and nothing is learned about how people speak."""
    sighting, _ = _open(scene, press.value)
    ref = ref_of(scene.uow, sighting)
    scene.uow.sightings.save(sighting.answered(SightingState.DISMISSED))
    return _said(scene, "another", ref=ref)


def why(scene: Scene, press: Press) -> Outcome:
    sighting, passage = _open(scene, press.value)
    return Reply(card=why_card(scene, sighting, passage))


def _own(scene: Scene, value: str) -> Sighting:
    """Raises NotYours for anybody but its speaker, as if it did not exist."""
    sighting = scene.uow.sightings.get(subject_of(value).subject)
    if sighting is None:
        raise NotYours
    subject = Subject(tenant=sighting.tenant, owner_id=sighting.person_id)
    scene.allow("noticed.answer", subject, sighting.id)
    return sighting


def _open(scene: Scene, value: str) -> tuple[Sighting, Passage]:
    sighting = _own(scene, value)
    if sighting.passage is None or not sighting.state.is_open:
        raise Settled("noticed.answered")
    return sighting, sighting.passage


def _is_clear(scene: Scene, sighting: Sighting, passage: Passage, reading: Reading | None) -> bool:
    """Whether there is nothing that the owner should see before it is saved."""
    if reading is None or reading.status is not Status.OK or reading.due is None or reading.due <= scene.now:
        return False
    partnership = scene.uow.partnerships.get(sighting.partnership_id)
    meant = Understood(partnership=partnership, title=passage.action, owner=scene.person, reading=reading)
    return not capturing.notable(scene, meant)


def _keep(scene: Scene, sighting: Sighting, filled: Filled) -> Outcome:
    promise, partnership = capturing.save_filled(scene, filled, sighting.place_id, private=True)
    scene.uow.sightings.save(sighting.answered(SightingState.TRACKED, promise.id))
    return Reply(card=captured_card(scene, promise, partnership))


def redraw_offer(uow: UnitOfWork, sighting: Sighting) -> None:
    """The card it was offered on; one that is pressed is drawn again by itself."""
    if sighting.listed_for is None:
        first = uow.sightings.of_message(sighting.place_id, sighting.message)[0]
        posts = uow.posts.of_kind("noticed", first.id)
    else:
        posts = uow.posts.of_kind("noticed_list", sighting.person_id)[-1:]
    redraw_all(uow, posts, f"{sighting.id}:{sighting.version}")


def _filled(scene: Scene, sighting: Sighting, passage: Passage, reading: Reading | None) -> Filled:
    return Filled(
        partnership=sighting.partnership_id,
        title=passage.action,
        due=capture_form.due_text(reading, scene.person),
        owner=scene.person.id,
        quote=passage.quote,
        link=passage.link or "",
        reading=reading,
    )


def _form(scene: Scene, sighting: Sighting, passage: Passage, reading: Reading | None) -> Form:
    return _of(sighting, capture_form.form(scene, _filled(scene, sighting, passage, reading)))


def _of(sighting: Sighting, form: Form) -> Form:
    """The capture form, knowing what it came from."""
    return replace(form, id=FORM, subject=encode(sighting.id))


def _said(scene: Scene, key: str, *buttons: Button, **values: object) -> Outcome:
    lines = (Paragraph(scene.say.text(f"noticed.answer.{key}", **values)),)
    return Reply(card=Card(title=scene.say("noticed.answer.title"), blocks=lines, buttons=buttons))


PRESSES: Routes = {
    "noticed.track": Route(track, "noticed.answer"),
    "noticed.edit": Route(edit, "noticed.answer"),
    "noticed.dismiss": Route(dismiss, "noticed.answer"),
    "noticed.again": Route(ask_again, "noticed.answer"),
    "noticed.done": Route(done, "promise.deliver"),
    "noticed.other": Route(another, "noticed.answer"),
    "noticed.why": Route(why, "noticed.answer"),
}

FORMS: Routes = {FORM: Route(tracked, "noticed.answer")}
