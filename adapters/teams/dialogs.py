"""Forms that somebody has open. What comes back from Teams is what was entered and a token, never the form.

A token is good once it was answered well, for an hour, and for the one who opened it: that is what makes a
submission that is delivered twice have one effect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.db.asks import Asks
from bot.cards import Field, FieldType, Form
from commitments.partnership import Person

_TOKEN = re.compile(r"[0-9a-f]{32}")  # as `Ports.new_id` makes them; no button's value looks like this


def is_token(carried: str) -> bool:
    return _TOKEN.fullmatch(carried) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    form: Form  # as far as reading it back needs it
    place_id: str | None  # where it was asked for


class Dialogs:
    """Synchronous, for the pool."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks

    def keep(self, token: str, person: Person, form: Form, place_id: str | None, now: datetime) -> None:
        fields = [[field.name, field.type.value, field.value] for field in form.fields]
        kept = {"form": form.id, "subject": form.subject, "fields": fields, "place_id": place_id}
        self._asks.keep(token, person.tenant, person.account, kept, now)

    def find(self, token: str, person: Person, now: datetime) -> Opened | None:
        kept = self._asks.find(token, person.tenant, person.account, now)
        if kept is None or "form" not in kept:
            return None
        return Opened(form=_form(kept), place_id=kept["place_id"])


def _form(kept: Mapping[str, Any]) -> Form:
    fields = tuple(
        Field(name=name, label="", type=FieldType(kind), value=value) for name, kind, value in kept["fields"]
    )
    return Form(id=kept["form"], title="", submit="", subject=kept["subject"], fields=fields)
