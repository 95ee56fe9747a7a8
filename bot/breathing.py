"""Closeness and breathing room: either side changes them with one press and no reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.cards import Card, Field, FieldType, Form, Paragraph, Text, encode
from bot.dates import certain_moment, doubted
from bot.digesting import plan
from bot.filling import filled, subject_of
from bot.messages.partners import closeness_words, partnership_card, quiet_buttons
from bot.partner_words import named
from bot.scene import Scene, of_partnership
from bot.team import tell_caretakers
from bot.turns import Invalid, OpenForm, Outcome, Press, Reply, Submission
from commitments.errors import Unfit
from commitments.partnership import Closeness, Partnership

LADDER = (Closeness.PLAIN, Closeness.REGULAR, Closeness.CLOSE)
PHRASE_KEPT = 200  # characters; longer is no date, and a form need not carry it back
UNTIL = re.compile(r"^(?P<name>.*?)\s*\b(?:until|till|through|bis)\s+(?P<phrase>.+)$", re.IGNORECASE)


def step_back(scene: Scene, press: Press) -> Outcome:
    """What *Quieter, please* does."""
    return _step(scene, press, "quieter", -1)


def come_closer(scene: Scene, press: Press) -> Outcome:
    return _step(scene, press, "closer", +1)


def pause(scene: Scene, press: Press) -> Outcome:
    partnership = scene.partnership(subject_of(press.value).subject, "partnership.pause")
    return OpenForm(form=_pause_form(scene, partnership))


def pause_in_words(scene: Scene, words: str) -> Outcome:
    """`pause Acme until 1 June`; without an end, or with an unsure one, the form asks for it."""
    found = UNTIL.match(words)
    partnership = named(scene, found["name"] if found else words)
    scene.allow("partnership.pause", of_partnership(partnership), partnership.id)
    form = _pause_form(scene, partnership)
    if found is None:
        return OpenForm(form=form)
    return _paused(scene, partnership, filled(form, {"until": found["phrase"][:PHRASE_KEPT]}), OpenForm)


def pause_submitted(scene: Scene, submission: Submission) -> Outcome:
    partnership = scene.partnership(subject_of(submission.subject).subject, "partnership.pause")
    form = filled(_pause_form(scene, partnership), submission.values)
    return _paused(scene, partnership, form, Invalid)


def resume(scene: Scene, press: Press) -> Outcome:
    return _resumed(scene, scene.partnership(subject_of(press.value).subject, "partnership.pause"))


def resume_in_words(scene: Scene, words: str) -> Outcome:
    partnership = named(scene, words)
    scene.allow("partnership.pause", of_partnership(partnership), partnership.id)
    return _resumed(scene, partnership)


def _step(scene: Scene, press: Press, step: str, by: int) -> Outcome:
    before = scene.partnership(subject_of(press.value).subject, "partnership.closeness")
    rung = LADDER.index(before.closeness) + by
    if not 0 <= rung < len(LADDER):
        return _answer(scene, before, scene.say.text(f"partner.closeness.already_{before.closeness.value}"))
    after = replace(before, closeness=LADDER[rung])
    words = closeness_words(scene.say, after.closeness)
    return _changed(scene, after, step, scene.say.text("partner.closeness.now", state=words))


def _paused(scene: Scene, before: Partnership, form: Form, unsure: type[OpenForm] | type[Invalid]) -> Outcome:
    try:
        until = certain_moment(scene, form.value_of("until"), "until")
    except Unfit as misfit:
        return unsure(form=doubted(scene, form, {"until": misfit}))
    after = replace(before, paused_until=until)
    note = scene.say.text("partner.pause.done", name=after.name, until=scene.say.moment(until))
    return _changed(scene, after, "paused", note)


def _resumed(scene: Scene, before: Partnership) -> Outcome:
    if not before.is_paused(scene.now):
        return _answer(scene, before, scene.say.text("partner.pause.not_paused", name=before.name))
    after = replace(before, paused_until=None)
    return _changed(scene, after, "resumed", scene.say.text("partner.pause.over", name=after.name))


def _changed(scene: Scene, after: Partnership, step: str, note: Text) -> Outcome:
    """Saved, planned anew; whoever looks after it hears, unless they did it themselves."""
    scene.uow.partnerships.save(after)
    plan(scene.ports, scene.uow, after, scene.now)
    tell_caretakers(
        scene,
        after,
        "breathing_room",
        after.id,
        key=f"breathing_room:{after.id}:{after.version}",
        args={"by": scene.person.id, "step": step},
    )
    return _answer(scene, after, note)


def _answer(scene: Scene, partnership: Partnership, note: Text) -> Outcome:
    """Our side gets the whole card; a customer gets what they asked for, and the way back."""
    if scene.actor.is_ours:
        return Reply(card=partnership_card(scene, partnership, note=note))
    paused = partnership.is_paused(scene.now)
    return Reply(
        card=Card(
            title=scene.say("partner.closeness.title"),
            blocks=(Paragraph(note),),
            buttons=quiet_buttons(scene.say, partnership, paused=paused),
        )
    )


def _pause_form(scene: Scene, partnership: Partnership) -> Form:
    say = scene.say
    until: datetime | None = partnership.paused_until if partnership.is_paused(scene.now) else None
    field = Field(
        name="until",
        label=say("partner.pause.until"),
        type=FieldType.MOMENT,
        value=until.isoformat() if until else "",
        required=True,
        hint=say("partner.pause.hint"),
    )
    return Form(
        id="partnership.pause",
        title=say("partner.pause.title"),
        preface=say.text("partner.pause.preface"),
        fields=(field,),
        submit=say("partner.pause.submit"),
        subject=encode(partnership.id),
    )
