"""`/win`: what went well, with credit to people by name, told in the next shared digest."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cards import Button, Field, FieldType, Form, Option, encode
from bot.dates import doubted
from bot.filling import filled, subject_of
from bot.grammar import PERSON
from bot.intents import to_person
from bot.messages.wins import consent_card, undone_card, win_card
from bot.partner_words import customer_and_rest, people_in, readable
from bot.routes import Route, Routes
from bot.scene import Denied, Scene, of_partnership, of_person
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.access import Grant, Subject
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Partnership, Person, Win
from commitments.text import required

TEXT_LIMIT = 280
WORDS_READ = 2000  # characters; what is longer is too long anyway, and the reader below stays quick
MENTION = PERSON.pattern
# "..., thanks @ana and @carla" at the end gives credit, and is not repeated in the sentence.
THANKS = re.compile(
    rf"[\s,;:.–—-]*(?:\b(?:thanks|thank you|thx|danke|dank)\b(?:\s+(?:to|an))?\s*)?"
    rf"{MENTION}(?:(?:[\s,&+]|\band\b|\bund\b)+{MENTION})*[\s!.]*$",
    re.IGNORECASE,
)


def win(scene: Scene, ask: Ask) -> Outcome:
    """Without a customer or a text the form asks for what is missing."""
    if not scene.actor.is_ours:
        raise Unfit("no_commands")
    partnership, words = customer_and_rest(scene, ask.words[:WORDS_READ])
    thanked = people_in(scene, words)
    text = _with_names(thanked, THANKS.sub("", words), scene.say("win.somebody"))
    form = _form(scene, partnership, text, thanked)
    if partnership is None or not text.strip():
        return OpenForm(form=form)
    try:
        return _record(scene, partnership, text, thanked)
    except Unfit as misfit:
        return OpenForm(form=doubted(scene, form, {"text": misfit}))


def win_submitted(scene: Scene, submission: Submission) -> Outcome:
    if not scene.actor.is_ours:  # the form would come back with the names of our people (L10)
        raise Denied("win.record", None)
    form = filled(_form(scene, None, "", []), submission.values)
    if form.value_of("customer") not in {p.id for p in _recordable(scene)}:
        return Invalid(form=doubted(scene, form, {"customer": Unfit("partner.which", "customer")}))
    partnership = scene.partnership(form.value_of("customer"), "win.record")
    thanked = [p for p in scene.uow.people.ours() if p.id == form.value_of("thanks")]
    try:
        return _record(scene, partnership, form.value_of("text"), thanked)
    except Unfit as misfit:
        return Invalid(form=doubted(scene, form, {"text": misfit}))


def undo(scene: Scene, press: Press) -> Outcome:
    """One's own, within ten minutes."""
    found = scene.uow.partnerships.win(subject_of(press.value).subject)
    if found is None:
        raise NotYours
    scene.allow("win.undo", Subject(tenant=found.tenant, filed_by=found.by), found.id)
    if found.withdrawn_at is not None:
        raise Settled("win.taken_back")
    if scene.now > found.at + scene.ports.policy.nudging.undo_for:
        raise Settled("win.too_late")
    scene.uow.partnerships.save_win(replace(found, withdrawn_at=scene.now))
    return Reply(card=undone_card(scene.say, found))


def consent_button(scene: Scene) -> Button | None:
    """For a customer: whether wins may name them. Turns round at each press."""
    if scene.actor.is_ours or scene.grant("person.consent", of_person(scene.person)) is not Grant.ALLOWED:
        return None
    answer = "no" if scene.person.agreed_to_be_named else "yes"
    return Button(
        verb="person.consent", label=scene.say(f"win.consent.{answer}"), value=encode(scene.person.id, answer)
    )


def consent(scene: Scene, press: Press) -> Outcome:
    value = subject_of(press.value)
    if value.subject != scene.person.id or value.question not in ("yes", "no"):
        raise NotYours
    scene.allow("person.consent", of_person(scene.person))
    scene.uow.people.save(replace(scene.person, agreed_to_be_named=value.question == "yes"))
    return Reply(card=consent_card(scene.say, agreed=value.question == "yes"))


def _record(scene: Scene, partnership: Partnership, text: str, thanked: list[Person]) -> Outcome:
    scene.allow("win.record", of_partnership(partnership), partnership.id)
    recorded = Win(
        id=scene.ports.new_id(),
        tenant=partnership.tenant,
        partnership_id=partnership.id,
        text=_text(scene, partnership, text, thanked),
        by=scene.person.id,
        at=scene.now,
        credits=tuple(person.id for person in thanked if may_be_named(person)),
    )
    scene.uow.partnerships.add_win(recorded)
    _thank(scene, recorded, thanked)
    return Reply(
        card=win_card(scene.say, recorded, partnership.name, [p for p in thanked if may_be_named(p)])
    )


def may_be_named(person: Person) -> bool:
    """Ours always; a customer's people only where they agreed."""
    return person.is_ours or person.agreed_to_be_named


def _with_names(people: list[Person], words: str, somebody: str) -> str:
    """People mentioned inside the sentence, by name where they may be named."""
    names = {person.id: person.name for person in people if may_be_named(person)}
    return PERSON.sub(lambda found: names.get(found[1], somebody), words).strip()


def _text(scene: Scene, partnership: Partnership, text: str, thanked: list[Person]) -> str:
    """Those who have not agreed to be named share the credit as their team."""
    tidy = required(text, TEXT_LIMIT, "text")
    if all(may_be_named(person) for person in thanked):
        return tidy
    return scene.say("win.team", text=tidy.rstrip(".! "), name=partnership.name)


def _thank(scene: Scene, recorded: Win, thanked: list[Person]) -> None:
    """Colleagues hear it privately once it can no longer be taken back."""
    at = recorded.at + scene.ports.policy.nudging.undo_for
    scene.uow.outbox.queue(
        to_person(person, "thanked", recorded.id, key=f"thanked:{recorded.id}:{person.id}", at=at)
        for person in thanked
        if person.is_ours and person.id != scene.person.id
    )


def _recordable(scene: Scene) -> list[Partnership]:
    found = readable(scene)
    return [p for p in found if scene.grant("win.record", of_partnership(p)) is Grant.ALLOWED]


def _form(scene: Scene, partnership: Partnership | None, text: str, thanked: list[Person]) -> Form:
    say = scene.say
    colleague = next((person.id for person in thanked if person.is_ours), "")
    return Form(
        id="win.record",
        title=say("win.form.title"),
        fields=(
            Field(
                name="customer",
                label=say("win.form.customer"),
                type=FieldType.CHOICE,
                value=partnership.id if partnership else "",
                required=True,
                options=tuple(Option(value=p.id, label=p.name) for p in _recordable(scene)),
            ),
            Field(name="text", label=say("win.form.text"), value=text, required=True),
            Field(
                name="thanks",
                label=say("win.form.thanks"),
                type=FieldType.PERSON,
                value=colleague,
                options=tuple(Option(value=p.id, label=p.name) for p in scene.uow.people.ours()),
            ),
        ),
        submit=say("win.form.submit"),
    )


COMMANDS: Routes = {"win": Route(win, "win.record")}

PRESSES: Routes = {
    "win.undo": Route(undo, "win.undo"),
    "person.consent": Route(consent, "person.consent"),
}

FORMS: Routes = {"win.record": Route(win_submitted, "win.record")}
