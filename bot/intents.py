"""Addressing what is to be said: intents for a person or a place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.addresses import Place
from bot.storage import Intent
from commitments.partnership import Person

NONE: Mapping[str, str] = {}


def to_person(
    person: Person,
    kind: str,
    subject_id: str,
    *,
    key: str,
    at: datetime,
    args: Mapping[str, str] = NONE,
    lasts: timedelta | None = None,
    quota_day: str | None = None,
) -> Intent:
    """A private message. With `quota_day` Kept says it unasked, and it counts against that day's three."""
    return Intent(
        key=key,
        tenant=person.tenant,
        lane=f"{person.speaks_on}:{person.tenant}",
        kind=kind,
        subject_id=subject_id,
        person_id=person.id,
        args=args,
        not_before=at,
        expires_at=at + lasts if lasts else None,
        unasked=quota_day is not None,
        quota_day=quota_day,
    )


def to_place(
    place: Place,
    kind: str,
    subject_id: str,
    *,
    key: str,
    at: datetime,
    args: Mapping[str, str] = NONE,
    lasts: timedelta | None = None,
) -> Intent:
    return Intent(
        key=key,
        tenant=place.tenant,
        lane=f"{place.platform}:{place.tenant}",
        kind=kind,
        subject_id=subject_id,
        place_id=place.id,
        args=args,
        not_before=at,
        expires_at=at + lasts if lasts else None,
    )
