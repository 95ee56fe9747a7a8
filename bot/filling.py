"""Forms coming back: what was typed stays, and each mistake stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cards import Form, Value, decode
from commitments.errors import NotYours


def subject_of(value: str) -> Value:
    """What a button or form is about. Raises NotYours for anything this version does not know."""
    found = decode(value)
    if found is None:
        raise NotYours
    return found


def filled(form: Form, values: Mapping[str, str]) -> Form:
    """The form with what was sent; a field not sent keeps its value."""
    fields = tuple(replace(field, value=values.get(field.name, field.value)) for field in form.fields)
    return replace(form, fields=fields)


def flawed(form: Form, errors: Mapping[str, str]) -> Form:
    fields = tuple(replace(field, error=errors.get(field.name, "")) for field in form.fields)
    return replace(form, fields=fields)
