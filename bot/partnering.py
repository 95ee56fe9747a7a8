"""`/partner`: beginning a partnership, reading how it stands, and changing how we work together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.breathing import (
    come_closer,
    pause,
    pause_in_words,
    pause_submitted,
    resume,
    resume_in_words,
    step_back,
)
from bot.cards import Field, FieldType, Form, Option, encode
from bot.dates import certain_day, doubted
from bot.digesting import plan
from bot.entrusting import give_role, set_reports
from bot.filling import filled, subject_of
from bot.linking import confirm_link, link
from bot.messages.partners import list_card, partnership_card
from bot.partner_words import named, new_name, readable
from bot.routes import Route, Routes
from bot.scene import Denied, Scene, of_partnership
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.access import Grant, Subject
from commitments.errors import Settled, Unfit
from commitments.partnership import Partnership, Person, Role
from commitments.slots import Rhythm
from commitments.text import clean, required

PURPOSE_LIMIT = 200
BOUNDARIES_LIMIT = 500


def partner(scene: Scene, ask: Ask) -> Outcome:
    """A customer whose name begins with one of our words ("Link Logistics") is found by the whole name."""
    if not scene.actor.is_ours:
        raise Denied("partnership.read", None)
    words = ask.words.strip()
    word, _, rest = words.partition(" ")
    act = ACTS.get(word.casefold())
    if act is None or scene.uow.partnerships.named(words) is not None:
        return _show(scene, words) if words else _list(scene)
    return act(scene, rest.strip())


def show(scene: Scene, press: Press) -> Outcome:
    partnership = scene.partnership(subject_of(press.value).subject, "partnership.read")
    return Reply(card=partnership_card(scene, partnership))


def _show(scene: Scene, name: str) -> Outcome:
    return Reply(card=partnership_card(scene, named(scene, name)))


def _list(scene: Scene) -> Outcome:
    return Reply(card=list_card(scene, readable(scene)))


def _new(scene: Scene, words: str) -> Outcome:
    """Saved at once, with the actor as its lead; the form that follows is optional."""
    scene.allow("partnership.new", Subject(tenant=scene.person.tenant))
    name = new_name(words)
    if scene.uow.partnerships.named(name) is not None:
        raise Settled("partner.name_taken", name=name)
    partnership = Partnership(
        id=scene.ports.new_id(),
        tenant=scene.person.tenant,
        name=name,
        zone=scene.person.zone,
        created_at=scene.now,
    )
    scene.uow.partnerships.add(partnership)
    scene.uow.partnerships.set_role(partnership.id, scene.person.id, Role.LEAD)
    form = _form(scene, partnership, decides_rhythm=True)
    return OpenForm(form=replace(form, preface=scene.say.text("partner.new.saved", name=name)))


def edit(scene: Scene, press: Press) -> Outcome:
    partnership = scene.partnership(subject_of(press.value).subject, "partnership.edit")
    return OpenForm(form=_form(scene, partnership, decides_rhythm=_decides_rhythm(scene, partnership)))


def edited(scene: Scene, submission: Submission) -> Outcome:
    before = scene.partnership(subject_of(submission.subject).subject, "partnership.edit")
    blank = _form(scene, before, decides_rhythm=_decides_rhythm(scene, before))
    form = filled(blank, submission.values)
    misfits: dict[str, Unfit] = {}
    after = before
    for name, read in READERS.items():
        if name in {field.name for field in form.fields}:
            try:
                after = read(scene, after, form.value_of(name))
            except Unfit as misfit:
                misfits[name] = misfit
    if misfits:
        return Invalid(form=doubted(scene, form, misfits))
    scene.uow.partnerships.save(after)
    if after.rhythm is not before.rhythm:
        plan(scene.ports, scene.uow, after, scene.now)
    return Reply(card=partnership_card(scene, after, note=_next_step(scene, after)))


def _decides_rhythm(scene: Scene, partnership: Partnership) -> bool:
    return scene.grant("partnership.closeness", of_partnership(partnership)) is Grant.ALLOWED


def _next_step(scene: Scene, partnership: Partnership) -> tuple[str, ...]:
    """Right after the beginning: how the customer's channel is joined to it."""
    if partnership.place_id is not None:
        return (scene.say("partner.edit.saved"),)
    return (scene.say("partner.edit.saved"), " ", scene.say("partner.edit.link_next", name=partnership.name))


def _form(scene: Scene, partnership: Partnership, *, decides_rhythm: bool) -> Form:
    say, review = scene.say, partnership.review_on
    fields = [
        Field(
            name="purpose",
            label=say("partner.edit.purpose"),
            value=partnership.purpose or "",
            hint=say("partner.edit.purpose_hint", name=partnership.name),
        ),
        Field(
            name="boundaries",
            label=say("partner.edit.boundaries"),
            value=partnership.boundaries or "",
            hint=say("partner.edit.boundaries_hint"),
            long=True,
        ),
        Field(
            name="their_lead",
            label=say("partner.edit.their_lead", name=partnership.name),
            type=FieldType.CHOICE,
            value=partnership.their_lead_id or "",
            options=_their_people(scene, partnership),
            hint=say("partner.edit.their_lead_hint"),
        ),
        Field(
            name="review_on",
            label=say("partner.edit.review_on"),
            type=FieldType.MOMENT,
            value=review.isoformat() if review else "",
        ),
    ]
    return Form(
        id="partnership.edit",
        title=say("partner.edit.title", name=partnership.name),
        fields=(*fields, *(_rhythm_fields(scene, partnership) if decides_rhythm else ())),
        submit=say("partner.edit.submit"),
        subject=encode(partnership.id),
    )


def _rhythm_fields(scene: Scene, partnership: Partnership) -> tuple[Field, ...]:
    say = scene.say
    rhythms = tuple(Option(value=r.value, label=say(f"partner.rhythm.{r.value}")) for r in Rhythm)
    shows = tuple(Option(value=v, label=say(f"partner.shows.{v}")) for v in ("when_asked", "at_once"))
    return (
        Field(
            name="rhythm",
            label=say("partner.edit.rhythm"),
            type=FieldType.CHOICE,
            value=partnership.rhythm.value,
            options=rhythms,
        ),
        Field(
            name="shows",
            label=say("partner.edit.shows"),
            type=FieldType.CHOICE,
            value="at_once" if partnership.shows_at_once else "when_asked",
            options=shows,
        ),
    )


def _their_people(scene: Scene, partnership: Partnership) -> tuple[Option, ...]:
    """Only people of the mapped organisations who are in the shared channel: no list of strangers (L10)."""
    members = scene.uow.places.members(partnership.place_id) if partnership.place_id else frozenset[str]()
    theirs = (p for p in scene.uow.people.of_ids(members).values() if _belongs(p, partnership))
    options = (Option(value=p.id, label=p.name) for p in sorted(theirs, key=lambda p: p.name.casefold()))
    return (Option(value="", label=scene.say("partner.edit.not_yet")), *options)


def _belongs(person: Person, partnership: Partnership) -> bool:
    return not person.is_ours and person.is_active and person.organisation in partnership.organisations


def _purpose(_: Scene, partnership: Partnership, value: str) -> Partnership:
    purpose = required(value, PURPOSE_LIMIT, "purpose") if value.strip() else None
    return replace(partnership, purpose=purpose)


def _boundaries(_: Scene, partnership: Partnership, value: str) -> Partnership:
    return replace(partnership, boundaries=clean(value, BOUNDARIES_LIMIT) or None)


def _their_lead(scene: Scene, partnership: Partnership, value: str) -> Partnership:
    if value not in {option.value for option in _their_people(scene, partnership)}:
        raise Unfit("partner.not_in_the_channel", "their_lead", name=partnership.name)
    return replace(partnership, their_lead_id=value or None)


def _review_on(scene: Scene, partnership: Partnership, value: str) -> Partnership:
    if value.strip() == (partnership.review_on.isoformat() if partnership.review_on else ""):
        return partnership  # left as it was, even when the day has passed meanwhile
    return replace(partnership, review_on=certain_day(scene, value, "review_on") if value.strip() else None)


def _rhythm(_: Scene, partnership: Partnership, value: str) -> Partnership:
    if value not in set(Rhythm):
        raise Unfit("partner.which_rhythm", "rhythm")
    return replace(partnership, rhythm=Rhythm(value))


def _shows(_: Scene, partnership: Partnership, value: str) -> Partnership:
    return replace(partnership, shows_at_once=value == "at_once")


READERS: Mapping[str, Callable[[Scene, Partnership, str], Partnership]] = {
    "purpose": _purpose,
    "boundaries": _boundaries,
    "their_lead": _their_lead,
    "review_on": _review_on,
    "rhythm": _rhythm,
    "shows": _shows,
}

ACTS: Mapping[str, Callable[[Scene, str], Outcome]] = {
    "new": _new,
    "link": link,
    "pause": pause_in_words,
    "resume": resume_in_words,
    "role": give_role,
    "reports": set_reports,
}

COMMANDS: Routes = {"partner": Route(partner, "partnership.read")}

PRESSES: Routes = {
    "partnership.show": Route(show, "partnership.read"),
    "partnership.edit": Route(edit, "partnership.edit"),
    "partnership.link_confirm": Route(confirm_link, "partnership.link"),
    "partnership.quieter": Route(step_back, "partnership.closeness"),
    "partnership.closer": Route(come_closer, "partnership.closeness"),
    "partnership.pause": Route(pause, "partnership.pause"),
    "partnership.resume": Route(resume, "partnership.pause"),
}

FORMS: Routes = {
    "partnership.edit": Route(edited, "partnership.edit"),
    "partnership.pause": Route(pause_submitted, "partnership.pause"),
}
