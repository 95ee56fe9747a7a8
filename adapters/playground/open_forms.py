"""Forms that somebody has open, so that a field not sent keeps its value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, insert, or_, select

from adapters.playground.messages import TENANT
from adapters.playground.tables import forms
from bot.cards import Form

_c = forms.c
_OURS = _c.tenant == TENANT
_REPLACED = delete(forms).where(
    _OURS,
    _c.person_id == bindparam("person"),
    _c.form_id == bindparam("form"),
    _c.subject == bindparam("about"),
)
_NAMED = (
    select(forms)
    .where(
        _OURS,
        _c.person_id == bindparam("person"),
        or_(_c.id == bindparam("name"), _c.form_id == bindparam("name")),
    )
    .order_by(_c.at.desc(), _c.id)
    .limit(1)
)
_CLOSE = delete(forms).where(_OURS, _c.id == bindparam("token_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedForm:
    token: str
    person_id: str
    place_id: str | None
    form_id: str
    subject: str
    values: Mapping[str, str]
    at: datetime


def opened(form: Form, *, token: str, person_id: str, place_id: str | None, at: datetime) -> OpenedForm:
    return OpenedForm(
        token=token,
        person_id=person_id,
        place_id=place_id,
        form_id=form.id,
        subject=form.subject,
        values={field.name: field.value for field in form.fields},
        at=at,
    )


class OpenForms:
    """One form about one thing is open once per person; opening it again forgets the earlier one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, form: OpenedForm) -> None:
        replaced = {"person": form.person_id, "form": form.form_id, "about": form.subject}
        with self._engine.begin() as connection:
            connection.execute(_REPLACED, replaced)
            connection.execute(insert(forms), _row(form))

    def find(self, person_id: str, name: str) -> OpenedForm | None:
        """By its token, or the latest with that form id."""
        with self._engine.begin() as connection:
            row = connection.execute(_NAMED, {"person": person_id, "name": name}).first()
            return None if row is None else _form(row)

    def close(self, token: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(_CLOSE, {"token_": token})


def _row(form: OpenedForm) -> dict[str, Any]:
    return {
        "id": form.token,
        "tenant": TENANT,
        "person_id": form.person_id,
        "form_id": form.form_id,
        "subject": form.subject,
        "place_id": form.place_id,
        "kept": json.dumps(form.values),
        "at": form.at,
    }


def _form(row: Row[Any]) -> OpenedForm:
    return OpenedForm(
        token=row.id,
        person_id=row.person_id,
        place_id=row.place_id,
        form_id=row.form_id,
        subject=row.subject,
        values=json.loads(row.kept),
        at=row.at,
    )
