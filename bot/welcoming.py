"""Meeting people: when Kept is added, the introduction to a customer, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.addresses import PlaceKind
from bot.breathing import step_back
from bot.capturing import file_offer, file_request
from bot.cards import Card, Field, FieldType, Form, Paragraph, Text, encode
from bot.celebrating import consent_button
from bot.dates import doubted
from bot.earshot import is_read
from bot.filling import filled, subject_of
from bot.intents import to_person, to_place
from bot.listening import heard_from_customer
from bot.messages.welcomes import preview_card, shared_list_card, stores_card
from bot.readers import Reader
from bot.routes import Route, Routes
from bot.scene import Scene, of_promise
from bot.team import first_lead
from bot.turns import Invalid, Joined, OpenForm, Outcome, Press, Reply, Silence, Submission
from bot.views import for_customer, people_in
from commitments.access import Grant, Subject
from commitments.errors import Settled, Unfit
from commitments.partnership import Partnership
from commitments.promise import REASON_LIMIT, TITLE_LIMIT, State
from commitments.text import required

File = Callable[[Scene, Partnership, str, str], Outcome]
RUNNING = (State.PROPOSED, State.OPEN, State.DELIVERED)


def first_lines(say: Reader) -> Text:
    """Stands before the first private message a person gets from Kept."""
    return say.text("welcome.first_private")


def on_joined(scene: Scene, joined: Joined) -> Outcome:
    """Three lines, once per place; in a customer's unlinked place whoever added Kept hears how to link it."""
    place = scene.place
    if place is None or place.kind is PlaceKind.PRIVATE or place.introduced_at is not None:
        return Silence()
    scene.uow.places.save(replace(place, introduced_at=scene.now))
    said = [to_place(place, "introduction", place.id, key=f"introduction:{place.id}", at=scene.now)]
    if place.kind is PlaceKind.CUSTOMER and place.partnership_id is None and scene.actor.is_ours:
        key = f"how_to_link:{place.id}"
        said.append(to_person(scene.person, "how_to_link", place.id, key=key, at=scene.now))
    scene.uow.outbox.queue(said)
    return Silence()


def preview(scene: Scene, press: Press) -> Outcome:
    """The lead reads the very words before the customer does."""
    partnership = _unwelcomed(scene, press)
    return Reply(card=preview_card(scene, partnership))


def approve(scene: Scene, press: Press) -> Outcome:
    before = _unwelcomed(scene, press)
    place = scene.uow.places.get(before.place_id) if before.place_id else None
    if place is None:
        raise Unfit("welcome.no_channel", name=before.name)
    if subject_of(press.value).question != str(before.version):
        return Reply(card=preview_card(scene, before))  # the words changed since they were shown
    scene.uow.partnerships.save(replace(before, welcomed_at=scene.now))
    mapping = str(before.mapping_version)
    key = f"welcome:{before.id}:{mapping}"
    said = to_place(place, "welcome", before.id, key=key, at=scene.now, args={"mapping": mapping})
    scene.uow.outbox.queue([said])
    return Reply(
        card=Card(
            title=scene.say("welcome.approved.title"),
            blocks=(Paragraph(scene.say.text("welcome.approved.body", place=place.name)),),
        )
    )


def _unwelcomed(scene: Scene, press: Press) -> Partnership:
    partnership = scene.partnership(subject_of(press.value).subject, "partnership.welcome")
    if partnership.place_id is None:
        raise Unfit("welcome.no_channel", name=partnership.name)
    if partnership.welcomed_at is not None:
        raise Settled("welcome.already", name=partnership.name)
    if partnership.is_paused(scene.now):
        raise Unfit("welcome.paused", name=partnership.name)
    return partnership


def our_list(scene: Scene, press: Press) -> Outcome:
    """*See our list*: both sides' shown promises, to whoever pressed and to nobody else."""
    partnership = scene.partnership(subject_of(press.value).subject, "promise.list")
    running = scene.uow.promises.of_partnership(partnership.id, RUNNING)
    shown = [p for p in running if p.is_shown and scene.grant("promise.read", of_promise(p)) is Grant.ALLOWED]
    people = scene.uow.people.of_ids({person_id for p in shown for person_id in people_in(p)})
    views = [for_customer(promise, partnership, people, scene.now) for promise in shown]
    return Reply(card=shared_list_card(scene.say, partnership.name, views))


def stores(scene: Scene, press: Press) -> Outcome:
    """*What do you store?*: short and true, for anybody who asks."""
    scene.allow("help", Subject(tenant=scene.person.tenant))
    consent = consent_button(scene)
    talk = "read" if is_read(scene.uow, scene.ports.policy, scene.place) else "never"
    named = scene.person.agreed_to_be_named
    return Reply(card=stores_card(scene.say, named=named, consent=consent, talk=talk))


def ask(scene: Scene, press: Press) -> Outcome:
    return OpenForm(form=_wish_form(scene, _theirs(scene, press.value, "promise.ask_for"), "ask"))


def offer(scene: Scene, press: Press) -> Outcome:
    return OpenForm(form=_wish_form(scene, _theirs(scene, press.value, "promise.offer"), "offer"))


def tell(scene: Scene, press: Press) -> Outcome:
    return OpenForm(form=_tell_form(scene, _theirs(scene, press.value, "voice.record")))


def asked(scene: Scene, submission: Submission) -> Outcome:
    partnership = _theirs(scene, submission.subject, "promise.ask_for")
    lead = first_lead(scene.uow, partnership.id)
    zone = lead.zone if lead else ""  # who will own it: their clock reads the date
    return _filed(scene, submission, partnership, _wish_form(scene, partnership, "ask"), file_request, zone)


def offered(scene: Scene, submission: Submission) -> Outcome:
    partnership = _theirs(scene, submission.subject, "promise.offer")
    return _filed(scene, submission, partnership, _wish_form(scene, partnership, "offer"), file_offer, "")


def told(scene: Scene, submission: Submission) -> Outcome:
    partnership = _theirs(scene, submission.subject, "voice.record")
    form = filled(_tell_form(scene, partnership), submission.values)
    try:
        text = required(form.value_of("text"), REASON_LIMIT, "text")
    except Unfit as misfit:
        return Invalid(form=doubted(scene, form, {"text": misfit}))
    return heard_from_customer(scene, partnership, text)


def _filed(
    scene: Scene, submission: Submission, partnership: Partnership, form: Form, file: File, zone: str
) -> Outcome:
    form = filled(form, submission.values)
    misfits: dict[str, Unfit] = {}
    for field, limit in (("title", TITLE_LIMIT), ("due", REASON_LIMIT)):
        try:
            required(form.value_of(field), limit, field)
        except Unfit as misfit:
            misfits[field] = misfit
    if not misfits:
        try:
            return file(scene, partnership, form.value_of("title"), form.value_of("due"))
        except Unfit as misfit:
            if misfit.field is None:
                raise
            misfits[misfit.field] = misfit
    return Invalid(form=doubted(scene, form, misfits, zone=zone))


def _theirs(scene: Scene, value: str, action: str) -> Partnership:
    """These buttons are the customer's; a colleague who presses one hears what to use instead."""
    if scene.actor.is_ours:
        raise Unfit("welcome.theirs_to_press")
    return scene.partnership(subject_of(value).subject, action)


def _wish_form(scene: Scene, partnership: Partnership, wish: str) -> Form:
    say = scene.say
    return Form(
        id=f"welcome.{wish}",
        title=say(f"welcome.{wish}.title"),
        preface=say.text(f"welcome.{wish}.preface"),
        fields=(
            Field(name="title", label=say(f"welcome.{wish}.what"), required=True),
            Field(
                name="due",
                label=say(f"welcome.{wish}.due"),
                type=FieldType.MOMENT,
                required=True,
                hint=say("welcome.due_hint"),
            ),
        ),
        submit=say(f"welcome.{wish}.submit"),
        subject=encode(partnership.id),
    )


def _tell_form(scene: Scene, partnership: Partnership) -> Form:
    say = scene.say
    return Form(
        id="welcome.tell",
        title=say("welcome.tell.title"),
        preface=say.text("welcome.tell.preface"),
        fields=(Field(name="text", label=say("welcome.tell.what"), required=True, long=True),),
        submit=say("welcome.tell.submit"),
        subject=encode(partnership.id),
    )


PRESSES: Routes = {
    "welcome.preview": Route(preview, "partnership.welcome"),
    "welcome.approve": Route(approve, "partnership.welcome"),
    "welcome.list": Route(our_list, "promise.list"),
    "welcome.ask": Route(ask, "promise.ask_for"),
    "welcome.offer": Route(offer, "promise.offer"),
    "welcome.tell": Route(tell, "voice.record"),
    "welcome.quieter": Route(step_back, "partnership.closeness"),
    "welcome.stores": Route(stores, "help"),
}

FORMS: Routes = {
    "welcome.ask": Route(asked, "promise.ask_for"),
    "welcome.offer": Route(offered, "promise.offer"),
    "welcome.tell": Route(told, "voice.record"),
}
