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
from bot.dates import doubted
from bot.digesting import plan
from bot.entrusting import give_role, set_reports
from bot.filling import filled, subject_of
from bot.linking import confirm_link, link
from bot.messages.partners import list_card, partnership_card
from bot.partner_form import partnership_form, read
from bot.partner_words import named, new_name, readable
from bot.reading import reading_in_words, retell
from bot.routes import Route, Routes
from bot.scene import Scene, actor_of
from bot.turns import Ask, Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.access import Subject
from commitments.errors import Settled, Unfit
from commitments.partnership import Partnership, Role


def partner(scene: Scene, ask: Ask) -> Outcome:
    """A customer whose name begins with one of our words ("Link Logistics") is found by the whole name."""
    if not scene.actor.is_ours:
        raise Unfit("no_commands")
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
    return _begun(replace(scene, actor=actor_of(scene.uow, scene.person)), partnership)


def _begun(scene: Scene, partnership: Partnership) -> Outcome:
    name, say = partnership.name, scene.say
    form = replace(partnership_form(scene, partnership), preface=say.text("partner.new.saved", name=name))
    note = (say("partner.new.begun", name=name), " ", say("partner.edit.link_next", name=name))
    return OpenForm(form=form, stored=True, instead=partnership_card(scene, partnership, note=note))


def edit(scene: Scene, press: Press) -> Outcome:
    partnership = scene.partnership(subject_of(press.value).subject, "partnership.edit")
    return OpenForm(form=partnership_form(scene, partnership))


def edited(scene: Scene, submission: Submission) -> Outcome:
    before = scene.partnership(subject_of(submission.subject).subject, "partnership.edit")
    form = filled(partnership_form(scene, before), submission.values)
    after, misfits = read(scene, before, form)
    if misfits:
        return Invalid(form=doubted(scene, form, misfits))
    scene.uow.partnerships.save(after)
    if after.rhythm is not before.rhythm:
        plan(scene.ports, scene.uow, after, scene.now)
    if after.their_lead_id != before.their_lead_id:
        retell(scene, after)
    return Reply(card=partnership_card(scene, after, note=_next_step(scene, after)))


def _next_step(scene: Scene, partnership: Partnership) -> tuple[str, ...]:
    """Right after the beginning: how the customer's channel is joined to it."""
    if partnership.place_id is not None:
        return (scene.say("partner.edit.saved"),)
    return (scene.say("partner.edit.saved"), " ", scene.say("partner.edit.link_next", name=partnership.name))


ACTS: Mapping[str, Callable[[Scene, str], Outcome]] = {
    "new": _new,
    "link": link,
    "pause": pause_in_words,
    "resume": resume_in_words,
    "role": give_role,
    "reports": set_reports,
    "reading": reading_in_words,
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
