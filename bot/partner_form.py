"""The form about how we work together: what it shows, and how what was typed is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.cards import Field, FieldType, Form, Option, encode
from bot.dates import certain_day
from bot.scene import Scene, of_partnership
from commitments.access import Grant
from commitments.errors import Unfit
from commitments.partnership import Partnership, Person
from commitments.slots import Rhythm
from commitments.text import clean, required

PURPOSE_LIMIT = 200
BOUNDARIES_LIMIT = 500
SHOWS = ("when_asked", "at_once")


def partnership_form(scene: Scene, partnership: Partnership) -> Form:
    """All optional. How often the digest comes is for those who may choose it."""
    decides = scene.grant("partnership.closeness", of_partnership(partnership)) is Grant.ALLOWED
    return Form(
        id="partnership.edit",
        title=scene.say("partner.edit.title", name=partnership.name),
        fields=(*_common(scene, partnership), *(_for_leads(scene, partnership) if decides else ())),
        submit=scene.say("partner.edit.submit"),
        subject=encode(partnership.id),
    )


def read(scene: Scene, before: Partnership, form: Form) -> tuple[Partnership, dict[str, Unfit]]:
    """The partnership as the form has it, and what does not fit, by field."""
    after, misfits = before, dict[str, Unfit]()
    for field in form.fields:
        try:
            after = READERS[field.name](scene, after, field.value)
        except Unfit as misfit:
            misfits[field.name] = misfit
    return after, misfits


def _common(scene: Scene, partnership: Partnership) -> tuple[Field, ...]:
    name, review = partnership.name, partnership.review_on
    people = _their_people(scene, partnership)
    return (
        _field(scene, "purpose", partnership.purpose, hint=scene.say("partner.edit.purpose_hint", name=name)),
        _field(
            scene,
            "boundaries",
            partnership.boundaries,
            hint=scene.say("partner.edit.boundaries_hint"),
            long=True,
        ),
        Field(
            name="their_lead",
            label=scene.say("partner.edit.their_lead", name=name),
            type=FieldType.CHOICE,
            value=partnership.their_lead_id or "",
            options=people,
            hint=scene.say("partner.edit.their_lead_hint"),
        ),
        _field(scene, "review_on", review.isoformat() if review else "", type=FieldType.MOMENT),
    )


def _for_leads(scene: Scene, partnership: Partnership) -> tuple[Field, ...]:
    say, shows = scene.say, SHOWS[partnership.shows_at_once]
    rhythms = tuple(Option(value=r.value, label=say(f"partner.rhythm.{r.value}")) for r in Rhythm)
    moments = tuple(Option(value=s, label=say(f"partner.shows.{s}")) for s in SHOWS)
    choice = FieldType.CHOICE
    return (
        _field(scene, "rhythm", partnership.rhythm.value, type=choice, options=rhythms),
        _field(scene, "shows", shows, type=choice, options=moments),
    )


def _field(scene: Scene, name: str, value: str | None, **more: Any) -> Field:
    return Field(name=name, label=scene.say(f"partner.edit.{name}"), value=value or "", **more)


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
