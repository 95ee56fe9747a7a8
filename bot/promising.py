"""What owners and the other side do with a promise, apart from renegotiating it."""

from __future__ import annotations

from bot.capture_form import with_error
from bot.cards import Tone
from bot.changes import waits
from bot.promise_cards import acted_card
from bot.promise_forms import reason_form, text_form
from bot.readers import calendar_of
from bot.references import person_named
from bot.renegotiating import open_renegotiation
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.subjects import change, pressed, submitted, wordless
from bot.turns import Invalid, OpenForm, Outcome, Reply, Submission
from commitments import acts, nudges, renegotiation
from commitments.access import Subject
from commitments.errors import NotYours, Refusal, Settled, Unfit
from commitments.nudges import Rung
from commitments.promise import NOTE_LIMIT, TITLE_LIMIT, Promise, State


def accept(scene: Scene, promise: Promise, _: str) -> Outcome:
    """The named owner says yes."""
    scene.allow("promise.accept", of_promise(promise), promise.id)
    made = acts.accept(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "accepted"))


def decline(scene: Scene, promise: Promise, reason: str) -> Outcome:
    scene.allow("promise.decline", of_promise(promise), promise.id)
    made = acts.decline(promise, scene.person.id, reason, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "declined"))


def deliver(scene: Scene, promise: Promise, evidence: str) -> Outcome:
    """Done, with evidence if there is any."""
    scene.allow("promise.deliver", of_promise(promise), promise.id)
    made = acts.deliver(promise, scene.person.id, evidence, scene.now)
    stored = change(scene, promise, made)
    key = "delivered" if stored.is_shown else "delivered_private"
    return Reply(card=acted_card(scene, stored, key, tone=Tone.CELEBRATION))


def open_evidence(scene: Scene, promise: Promise, _: str) -> Outcome:
    scene.allow("promise.deliver", of_promise(promise), promise.id)
    text = promise.evidence or ""
    return OpenForm(form=text_form(scene, promise, "promise.evidence", "evidence", text, long=False))


def evidence_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("promise.deliver", of_promise(promise), promise.id)
    text = submission.values.get("evidence", "")
    try:
        made = acts.prove(promise, scene.person.id, text, scene.now)
    except Unfit as unfit:
        form = text_form(scene, promise, "promise.evidence", "evidence", text[:1000], long=False)
        return Invalid(form=with_error(form, unfit, scene.say))
    return Reply(card=acted_card(scene, change(scene, promise, made), "proven"))


def confirm(scene: Scene, promise: Promise, _: str) -> Outcome:
    scene.allow("promise.confirm", of_promise(promise), promise.id)
    made = acts.confirm(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "confirmed", tone=Tone.CELEBRATION))


def not_yet(scene: Scene, promise: Promise, reason: str) -> Outcome:
    scene.allow("promise.confirm", of_promise(promise), promise.id)
    reopen_for = scene.ports.policy.nudging.reopen_for
    made = acts.not_yet(promise, scene.person.id, reason, scene.now, reopen_for=reopen_for)
    return Reply(card=acted_card(scene, change(scene, promise, made), "not_yet"))


def release(scene: Scene, promise: Promise, reason: str) -> Outcome:
    scene.allow("promise.release", of_promise(promise), promise.id)
    made = acts.release(promise, scene.person.id, reason, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "released"))


def keep(scene: Scene, promise: Promise, _: str) -> Outcome:
    """Asked to release it, the other side would rather have it kept."""
    scene.allow("promise.release", of_promise(promise), promise.id)
    made = acts.keep_please(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "kept_please"))


def open_ask_release(scene: Scene, promise: Promise, _: str) -> Outcome:
    scene.allow("promise.ask_release", of_promise(promise), promise.id)
    if not promise.is_shown:
        raise Unfit("show_first")
    draft = scene.say("release.draft")
    return OpenForm(form=reason_form(scene, promise, "promise.ask_release", draft))


def ask_release_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("promise.ask_release", of_promise(promise), promise.id)
    reason = submission.values.get("reason", "")
    try:
        made = acts.ask_release(promise, scene.person.id, reason, scene.now)
    except Unfit as unfit:
        form = reason_form(scene, promise, "promise.ask_release", reason)
        return Invalid(form=with_error(form, unfit, scene.say))
    return Reply(card=acted_card(scene, change(scene, promise, made), "release_asked"))


def withdraw(scene: Scene, promise: Promise, reason: str) -> Outcome:
    """Stepping back; whoever filed a proposal may take that back too."""
    proposed = promise.state is State.PROPOSED
    action = "promise.withdraw_proposal" if proposed else "promise.give_up"
    scene.allow(action, of_promise(promise), promise.id)
    made = acts.withdraw(promise, scene.person.id, reason, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "withdrawn"))


def miss(scene: Scene, promise: Promise, reason: str) -> Outcome:
    scene.allow("promise.give_up", of_promise(promise), promise.id)
    made = acts.miss(promise, scene.person.id, reason, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "missed"))


def wait(scene: Scene, promise: Promise, words: str) -> Outcome:
    """`waiting P-12 <reason>` stops the clock, `waiting P-12 off` starts it."""
    scene.allow("promise.wait", of_promise(promise), promise.id)
    if words.strip().casefold() in ("off", "over", "done", "aus", "vorbei") or (
        not words and promise.waiting
    ):
        made = acts.resume(promise, scene.person.id, scene.now)
        return Reply(card=acted_card(scene, change(scene, promise, made), "resumed"))
    made = acts.wait(promise, scene.person.id, words, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "waiting"))


def edit(scene: Scene, promise: Promise, words: str) -> Outcome:
    scene.allow("promise.edit", of_promise(promise), promise.id)
    if not words:
        return OpenForm(form=text_form(scene, promise, "promise.edit", "title", promise.title, long=False))
    made = renegotiation.edit_title(promise, words, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "edited"))


def edit_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    try:
        return edit(scene, promise, submission.values.get("title", "") or " ")
    except (NotYours, Settled):
        raise
    except Refusal as refusal:
        title = submission.values.get("title", "")[: TITLE_LIMIT * 2]
        form = text_form(scene, promise, "promise.edit", "title", title, long=False)
        return Invalid(form=with_error(form, refusal, scene.say))


def note(scene: Scene, promise: Promise, words: str) -> Outcome:
    """A private note; it never leaves the account team."""
    scene.allow("note.write", of_promise(promise), promise.id)
    if not words:
        text = promise.note or ""
        return OpenForm(form=text_form(scene, promise, "promise.note", "note", text, long=True))
    made = acts.annotate(promise, scene.person.id, words, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "noted"))


def note_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("note.write", of_promise(promise), promise.id)
    text = submission.values.get("note", "")[: NOTE_LIMIT * 2]
    made = acts.annotate(promise, scene.person.id, text, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "noted"))


def on_track(scene: Scene, promise: Promise, question: str) -> Outcome:
    """To a nudge, or to "How is this going?"."""
    scene.allow("nudge.snooze", of_promise(promise), promise.id)
    asked = promise.question is not None
    rung = Rung(question) if question in set(Rung) else Rung.DECIDE
    stored = change(scene, promise, acts.on_track(promise, scene.person.id, rung, scene.now))
    return Reply(card=acted_card(scene, stored, _answered(scene) if asked else "on_track"))


def snooze(scene: Scene, promise: Promise, _: str) -> Outcome:
    """Until the next working morning, but not past the decision moment: then it is time to renegotiate."""
    scene.allow("nudge.snooze", of_promise(promise), promise.id)
    calendar = calendar_of(scene.ports, scene.person)
    until = calendar.or_everyday(lambda usable: usable.next_morning(scene.now))
    decision = nudges.decision(promise.standing, calendar, waits(scene.ports).pace)
    if until >= (decision.send_at or decision.early_until):
        return open_renegotiation(scene, promise)
    stored = change(scene, promise, acts.snooze(promise, scene.person.id, until, scene.now))
    return Reply(card=acted_card(scene, stored, "snoozed", until=scene.say.moment(until)))


def how_is_it(scene: Scene, promise: Promise, _: str) -> Outcome:
    """The other side asks, at most once a working day; the owner is told privately."""
    scene.allow("promise.how_is_it", of_promise(promise), promise.id)
    owner = person_named(scene, promise.owner_id)
    calendar = calendar_of(scene.ports, owner)
    last = promise.last_asked_at
    if last is not None and scene.now < calendar.or_everyday(lambda usable: usable.next_morning(last)):
        raise Settled("asked_today")
    stored = change(scene, promise, acts.ask_how(promise, scene.person.id, scene.now))
    return Reply(card=acted_card(scene, stored, "asked_how"))


def open_write(scene: Scene, promise: Promise, _: str) -> Outcome:
    """The owner answers in their own words."""
    scene.allow("promise.answer_how", of_promise(promise), promise.id)
    if promise.question is None:
        raise Settled("already_answered")
    return OpenForm(form=text_form(scene, promise, "promise.write", "answer", "", long=True))


def write_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    scene.allow("promise.answer_how", of_promise(promise), promise.id)
    made = acts.answer_how(promise, scene.person.id, submission.values.get("answer", ""), scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), _answered(scene)))


def _answered(scene: Scene) -> str:
    """Whose answer it is decides who reads it."""
    return "answered_how" if scene.actor.is_ours else "answered_how_theirs"


def undo(scene: Scene, promise: Promise, _: str) -> Outcome:
    """One's own last act, within ten minutes."""
    last = scene.uow.promises.last_fact(promise.id)
    if last is None:
        raise NotYours
    fact, before = last
    mine = Subject(tenant=promise.tenant, partnership_id=promise.partnership_id, filed_by=fact.by)
    if fact.by == scene.person.id:
        scene.allow("promise.undo", mine, promise.id)
    undo_for = scene.ports.policy.nudging.undo_for
    made = acts.undo(promise, fact, before, scene.person.id, scene.now, undo_for=undo_for)
    return Reply(card=acted_card(scene, change(scene, promise, made), "undone"))


PRESSES: Routes = {
    "promise.accept": Route(pressed(accept), "promise.accept"),
    "promise.decline": Route(pressed(wordless(decline)), "promise.decline"),
    "promise.done": Route(pressed(wordless(deliver)), "promise.deliver"),
    "promise.evidence": Route(pressed(open_evidence), "promise.deliver"),
    "promise.confirm": Route(pressed(confirm), "promise.confirm"),
    "promise.not_yet": Route(pressed(wordless(not_yet)), "promise.confirm"),
    "promise.release": Route(pressed(wordless(release)), "promise.release"),
    "promise.keep": Route(pressed(keep), "promise.release"),
    "promise.ask_release": Route(pressed(open_ask_release), "promise.ask_release"),
    "promise.on_track": Route(pressed(on_track), "nudge.snooze"),
    "promise.snooze": Route(pressed(snooze), "nudge.snooze"),
    "promise.how_is_it": Route(pressed(how_is_it), "promise.how_is_it"),
    "promise.write": Route(pressed(open_write), "promise.answer_how"),
    "promise.undo": Route(pressed(undo), "promise.undo"),
}

FORMS: Routes = {
    "promise.ask_release": Route(submitted(ask_release_submitted), "promise.ask_release"),
    "promise.evidence": Route(submitted(evidence_submitted), "promise.deliver"),
    "promise.edit": Route(submitted(edit_submitted), "promise.edit"),
    "promise.note": Route(submitted(note_submitted), "note.write"),
    "promise.write": Route(submitted(write_submitted), "promise.answer_how"),
}
