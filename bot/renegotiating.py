"""Renegotiating: the form with its drafted reason, the offer, and the other side's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.capture_form import with_error
from bot.cards import Field, FieldType, Form, Option, Strong, Text, encode, stacked
from bot.changes import waits
from bot.grammar import split_reason
from bot.promise_cards import acted_card, status, view_of
from bot.readers import calendar_of
from bot.references import Doubtful, due_of, read_due, reading_of
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.subjects import change, pressed, settled_kindly, side_of, submitted
from bot.turns import Invalid, OpenForm, Outcome, Reply, Submission
from commitments import nudges, renegotiation
from commitments.access import Grant
from commitments.due import Reading, Status
from commitments.errors import NotYours, Refusal, Settled, Unfit
from commitments.events import Kind
from commitments.partnership import Person
from commitments.promise import Due, Promise, Proposal, Shape, Side, State

RENEGOTIATE = "promise.renegotiate"
COUNTER = "renegotiation.counter"
COUNTER_REQUEST = "promise.counter"
COUNTERS_A_DAY = 5


def open_renegotiation(scene: Scene, promise: Promise, question: str = "") -> Outcome:
    """The form, its reason drafted: send as is, or edit."""
    _may_offer(scene, promise)
    return OpenForm(form=_form(scene, promise))


def renegotiate(scene: Scene, promise: Promise, words: str) -> Outcome:
    """`to next Tuesday because the auditor is late`: at once when clear, the form otherwise."""
    _may_offer(scene, promise)
    phrase, reason = split_reason(words)
    owner = _owner(scene, promise)
    reading = reading_of(scene, phrase, owner) if phrase else None
    if reading is None or reading.status is not Status.OK or not reason:
        return OpenForm(form=_form(scene, promise, reading=reading, phrase=phrase, reason=reason))
    return _offer(scene, promise, Shape.ANOTHER_DATE, due_of(reading, owner), "", reason)


def renegotiation_submitted(scene: Scene, promise: Promise, _: str, submission: Submission) -> Outcome:
    _may_offer(scene, promise)
    values = submission.values
    try:
        shape = _shape(values.get("shape", ""))
        due = read_due(scene, values.get("due", ""), _owner(scene, promise))
        return _offer(scene, promise, shape, due, values.get("title", ""), values.get("reason", ""))
    except (NotYours, Settled):
        raise
    except Refusal as refusal:
        return Invalid(form=_again(_form(scene, promise), values, refusal, scene))


def accept(scene: Scene, promise: Promise, question: str) -> Outcome:
    _may_answer(scene, promise, question)
    side = _answering_side(scene, promise)
    made = renegotiation.accept_offer(promise, question, scene.person.id, side, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "offer_accepted"))


def decline(scene: Scene, promise: Promise, question: str) -> Outcome:
    _may_answer(scene, promise, question)
    side = _answering_side(scene, promise)
    made = renegotiation.decline_offer(promise, question, scene.person.id, side, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "offer_declined"))


def take_back(scene: Scene, promise: Promise, _: str) -> Outcome:
    """Whoever offered the change thinks better of it; the old date stands."""
    scene.allow("promise.renegotiate", of_promise(promise), promise.id)
    made = renegotiation.take_back_offer(promise, scene.person.id, side_of(scene), scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "offer_taken_back"))


def open_counter(scene: Scene, promise: Promise, question: str) -> Outcome:
    _may_answer(scene, promise, question)
    if promise.proposal and promise.proposal.by_side is _answering_side(scene, promise):
        raise Settled("own_offer")
    return OpenForm(form=_counter_form(scene, promise, COUNTER))


def counter(scene: Scene, promise: Promise, words: str) -> Outcome:
    """`/promise counter P-12 to Friday because …`."""
    phrase, reason = split_reason(words)
    wanted = COUNTER_REQUEST if promise.proposal is None else COUNTER
    if not phrase:
        return (open_request_counter if wanted is COUNTER_REQUEST else open_counter)(scene, promise, "")
    values = {"due": phrase, "reason": reason or scene.say("offer.draft")}
    return _countered(scene, promise, "", values, wanted)


def counter_submitted(scene: Scene, promise: Promise, question: str, submission: Submission) -> Outcome:
    return _countered(scene, promise, question, submission.values, submission.form_id)


def open_request_counter(scene: Scene, promise: Promise, _: str) -> Outcome:
    """Yes, but by another date: to what was asked or recorded in one's name."""
    scene.allow("promise.accept", of_promise(promise), promise.id)
    if promise.state is not State.PROPOSED:
        raise Settled("already_answered")
    return OpenForm(form=_counter_form(scene, promise, COUNTER_REQUEST))


def agree_offline(scene: Scene, promise: Promise, question: str = "") -> Outcome:
    """A lead records what was agreed by word of mouth; the customer sees it as such."""
    scene.allow("renegotiation.offline", of_promise(promise), promise.id)
    if question and (promise.proposal is None or promise.proposal.id != question):
        raise Settled("already_answered")  # what lies on the table now is not what the button meant
    made = renegotiation.agree_offline(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "agreed_offline"))


def contradict(scene: Scene, promise: Promise, _: str) -> Outcome:
    scene.allow("promise.contradict", of_promise(promise), promise.id)
    made = renegotiation.contradict(promise, scene.person.id, scene.now)
    return Reply(card=acted_card(scene, change(scene, promise, made), "contradicted"))


def _offer(scene: Scene, promise: Promise, shape: Shape, due: Due, title: str, reason: str) -> Outcome:
    made = renegotiation.offer(
        promise,
        id=scene.ports.new_id(),
        shape=shape,
        due=due,
        title=title,
        reason=reason,
        by=scene.person.id,
        by_side=side_of(scene),
        early=_is_early(scene, promise),
        now=scene.now,
    )
    stored = change(scene, promise, made)
    key = "offered" if stored.proposal else "moved"
    return Reply(card=acted_card(scene, stored, key, new=scene.say.due(due)))


def _countered(
    scene: Scene, promise: Promise, question: str, values: Mapping[str, str], form_id: str
) -> Outcome:
    is_request = form_id == COUNTER_REQUEST
    if is_request:
        scene.allow("promise.accept", of_promise(promise), promise.id)
    else:
        _may_answer(scene, promise, question)
    try:
        due = read_due(scene, values.get("due", ""), _owner(scene, promise))
        reason = values.get("reason", "").strip() or scene.say("offer.counter_draft")
        return _counter(scene, promise, question, due, reason, is_request)
    except (NotYours, Settled):
        raise
    except Refusal as refusal:
        return Invalid(form=_again(_counter_form(scene, promise, form_id), values, refusal, scene))


def _counter(
    scene: Scene, promise: Promise, question: str, due: Due, reason: str, is_request: bool
) -> Outcome:
    by, side, now, fresh = scene.person.id, _answering_side(scene, promise), scene.now, scene.ports.new_id()
    _not_too_often(scene, promise)
    if is_request:
        made = renegotiation.counter_request(
            promise, id=fresh, due=due, reason=reason, by=by, side=side, now=now
        )
    else:
        made = renegotiation.counter_offer(
            promise, question, id=fresh, due=due, reason=reason, by=by, side=side, now=now
        )
    return Reply(card=acted_card(scene, change(scene, promise, made), "countered", new=scene.say.due(due)))


def _not_too_often(scene: Scene, promise: Promise) -> None:
    """T29: dates go back and forth five times a day; then people had better talk."""
    since = scene.now - timedelta(days=1)
    facts = scene.uow.promises.facts(promise.id)
    if sum(f.kind is Kind.OFFER_COUNTERED and f.at > since for f in facts) >= COUNTERS_A_DAY:
        raise Settled("many_counters")


def _is_early(scene: Scene, promise: Promise) -> bool:
    """Judged on the standing date at the moment of proposal, in the owner's working days."""
    calendar = calendar_of(scene.ports, _owner(scene, promise))
    return nudges.is_early(promise.standing, calendar, scene.now, waits(scene.ports).pace)


def _may_offer(scene: Scene, promise: Promise) -> None:
    """An offer changes nothing by itself, so a right to propose is enough; private ones move at once."""
    grant = scene.require("promise.renegotiate", of_promise(promise), promise.id)
    if grant is Grant.PROPOSAL and not promise.is_shown:
        raise NotYours
    if promise.state is not State.OPEN:
        raise Settled(f"is_{promise.state.value}")
    if promise.proposal is not None:
        raise Settled("offer_open")


def _may_answer(scene: Scene, promise: Promise, question: str) -> None:
    """The owner's side answers a counter, the other side an offer; each by its own row of the matrix.

    What was meant comes first: whoever answers an offer that is gone is told so, whosever turn it is now.
    """
    offer = promise.proposal
    if offer is None or (question and offer.id != question):
        raise Settled("already_answered")
    if _filed_it(scene, promise, offer):
        return
    scene.allow(_answering(promise, offer), of_promise(promise), promise.id)


def _answering(promise: Promise, offer: Proposal) -> str:
    if offer.by_side is promise.side:
        return "renegotiation.answer"
    return "promise.accept" if promise.state is State.PROPOSED else "promise.renegotiate"


def _filed_it(scene: Scene, promise: Promise, offer: Proposal) -> bool:
    """A colleague who recorded it in somebody's name answers the counter."""
    me = scene.person.id
    return promise.state is State.PROPOSED and promise.filed_by == me and offer.by != me


def _answering_side(scene: Scene, promise: Promise) -> Side:
    """Whoever recorded it stands for the other side of the counter, also between two of us."""
    offer = promise.proposal
    return offer.by_side.other if offer and _filed_it(scene, promise, offer) else side_of(scene)


def _owner(scene: Scene, promise: Promise) -> Person:
    owner = scene.uow.people.get(promise.owner_id)
    if owner is None:
        raise NotYours
    return owner


def _shape(text: str) -> Shape:
    try:
        return Shape(text) if text else Shape.ANOTHER_DATE
    except ValueError:
        raise Unfit("needed", "shape") from None


def _form(
    scene: Scene, promise: Promise, *, reading: Reading | None = None, phrase: str = "", reason: str = ""
) -> Form:
    say, customer = scene.say, view_of(scene, promise).partnership
    between_us = "" if promise.is_shown else "_private"
    shapes = tuple(Option(value=s.value, label=say(f"offer.shape.{s.value}")) for s in Shape)
    due = Field(name="due", label=say("offer.form.due"), type=FieldType.MOMENT, value=phrase, required=True)
    fields = (
        Field(
            name="shape",
            label=say("offer.form.shape"),
            type=FieldType.CHOICE,
            value=Shape.ANOTHER_DATE.value,
            options=shapes,
        ),
        _doubted(scene, promise, due, reading),
        Field(name="title", label=say("offer.form.title"), hint=say("offer.form.title_hint")),
        Field(
            name="reason",
            label=say(f"offer.form.reason{between_us}", customer=customer),
            value=reason or say("offer.draft"),
            required=True,
            long=True,
        ),
    )
    return Form(
        id=RENEGOTIATE,
        title=say(f"offer.form.heading{between_us}"),
        fields=fields,
        submit=say(f"offer.form.submit{between_us}"),
        subject=encode(promise.id),
        preface=_standing(scene, promise),
    )


def _doubted(scene: Scene, promise: Promise, due: Field, reading: Reading | None) -> Field:
    """Says why the phrase typed in a command was not enough, with what it may have meant."""
    if reading is None or reading.status is Status.OK:
        return due
    form = Form(id="", title="", fields=(due,), submit="")
    return with_error(form, Doubtful(reading, "due"), scene.say).fields[0]


def _standing(scene: Scene, promise: Promise) -> Text:
    """What stands now, and until when asking counts as early."""
    view, say = view_of(scene, promise), scene.say
    lines = [say.text("offer.form.standing", title=Strong(view.title), due=say.due(view.due))]
    if view.offer is not None or view.waiting_reason is not None:
        lines.append(status(view, say))
    if promise.side is Side.OURS:
        lines.append(_how_early(scene, promise))
    return stacked(lines)


def _how_early(scene: Scene, promise: Promise) -> Text:
    calendar = calendar_of(scene.ports, _owner(scene, promise))
    decision = nudges.decision(promise.standing, calendar, waits(scene.ports).pace)
    key = "offer.form.early" if scene.now < decision.early_until else "offer.form.late"
    return scene.say.text(key, until=scene.say.moment(decision.early_until))


def _counter_form(scene: Scene, promise: Promise, form_id: str) -> Form:
    say, offer = scene.say, promise.proposal
    fields = (
        Field(name="due", label=say("offer.form.due"), type=FieldType.MOMENT, required=True),
        Field(name="reason", label=say("offer.form.why"), value=say("offer.counter_draft"), long=True),
    )
    return Form(
        id=form_id,
        title=say("offer.form.counter_heading"),
        fields=fields,
        submit=say("offer.form.counter_submit"),
        subject=encode(promise.id, offer.id if offer else ""),
        preface=status(view_of(scene, promise), say),
    )


def _again(form: Form, values: Mapping[str, str], refusal: Refusal, scene: Scene) -> Form:
    """The same form with what was typed kept."""
    fields = tuple(replace(field, value=values.get(field.name, field.value)) for field in form.fields)
    return with_error(replace(form, fields=fields), refusal, scene.say)


def accept_any(scene: Scene, promise: Promise, words: str) -> Outcome:
    """`/promise accept P-12`, on the offer there is; `accept P-12 offline` for a lead."""
    if words.strip().casefold() in ("offline", "agreed offline"):
        return agree_offline(scene, promise)
    return settled_kindly(scene, promise, lambda: accept(scene, promise, ""))


PRESSES: Routes = {
    "promise.renegotiate": Route(pressed(open_renegotiation), "promise.renegotiate"),
    "promise.counter": Route(pressed(open_request_counter), "promise.accept"),
    "promise.contradict": Route(pressed(contradict), "promise.contradict"),
    "renegotiation.accept": Route(pressed(accept), "renegotiation.answer"),
    "renegotiation.counter": Route(pressed(open_counter), "renegotiation.answer"),
    "renegotiation.decline": Route(pressed(decline), "renegotiation.answer"),
    "renegotiation.take_back": Route(pressed(take_back), "promise.renegotiate"),
    "renegotiation.offline": Route(pressed(agree_offline), "renegotiation.offline"),
}

FORMS: Routes = {
    RENEGOTIATE: Route(submitted(renegotiation_submitted), "promise.renegotiate"),
    COUNTER: Route(submitted(counter_submitted), "renegotiation.answer"),
    COUNTER_REQUEST: Route(submitted(counter_submitted), "promise.accept"),
}
