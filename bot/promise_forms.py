"""Small forms about one promise: a reason, a text, a person."""

from __future__ import annotations

from bot.cards import Field, FieldType, Form, Option, encode
from bot.promise_cards import view_of
from bot.scene import Scene
from commitments.promise import Promise


def reason_form(scene: Scene, promise: Promise, form_id: str, draft: str) -> Form:
    customer = view_of(scene, promise).partnership
    label = scene.say("offer.form.reason", customer=customer)
    field = Field(name="reason", label=label, value=draft, required=True, long=True)
    return about_form(scene, promise, form_id, field)


def text_form(scene: Scene, promise: Promise, form_id: str, name: str, value: str, *, long: bool) -> Form:
    customer = view_of(scene, promise).partnership
    label = scene.say(f"form.{form_id}.{name}", customer=customer)
    field = Field(name=name, label=label, value=value, long=long)
    return about_form(scene, promise, form_id, field)


def person_form(scene: Scene, promise: Promise, form_id: str, name: str) -> Form:
    people = scene.uow.people.ours()
    options = tuple(Option(value=p.id, label=p.name) for p in people if p.id != promise.owner_id)
    field = Field(
        name=name,
        label=scene.say(f"form.{form_id}.{name}"),
        type=FieldType.PERSON,
        required=True,
        options=options,
    )
    return about_form(scene, promise, form_id, field)


def about_form(scene: Scene, promise: Promise, form_id: str, *fields: Field) -> Form:
    view = view_of(scene, promise)
    return Form(
        id=form_id,
        title=scene.say(f"form.{form_id}.heading", ref=view.ref, customer=view.partnership),
        fields=fields,
        submit=scene.say(f"form.{form_id}.submit"),
        subject=encode(promise.id),
    )
