"""Days typed into our forms: read with certainty, or asked about with what they could mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.cards import Field, Form, Moment, Option
from bot.filling import flawed
from bot.readers import Reader
from bot.references import Doubtful, reading_of
from bot.refusals import sentence
from bot.scene import Scene
from commitments.due import Status
from commitments.errors import Unfit
from commitments.worktime import instant

NOON = time(12)


def certain_moment(scene: Scene, phrase: str, field: str) -> datetime:
    """Aware, UTC; for a day alone the end of the actor's working day. Raises Unfit."""
    return _certain(scene, phrase, field)[0]


def certain_day(scene: Scene, phrase: str, field: str) -> date:
    """A day in the actor's zone. Raises Unfit."""
    return _certain(scene, phrase, field)[1]


def day_of(say: Reader, day: date) -> Moment:
    """A local date in the reader's words."""
    return say.day(instant(day, NOON, say.zone))


def doubted(scene: Scene, form: Form, misfits: Mapping[str, Unfit], *, zone: str = "") -> Form:
    """The form with a sentence beside each such field, and the moments it could mean to choose from.

    `zone` is where the field will be read again, the actor's own unless said otherwise.
    """
    errors = {name: sentence(scene.say, misfit) for name, misfit in misfits.items()}
    fields = flawed(form, errors).fields
    return replace(form, fields=tuple(_with_choices(scene, f, misfits.get(f.name), zone) for f in fields))


def _certain(scene: Scene, phrase: str, field: str) -> tuple[datetime, date]:
    if not phrase.strip():
        raise Unfit("needed", field)
    reading = reading_of(scene, phrase.strip(), scene.person)
    if reading.status is not Status.OK or reading.due is None or reading.last_day is None:
        raise Doubtful(reading, field)
    return reading.due, reading.last_day


def _with_choices(scene: Scene, field: Field, misfit: Unfit | None, zone: str) -> Field:
    if not isinstance(misfit, Doubtful):
        return field
    return replace(field, options=tuple(_choice(scene, at, zone) for at in misfit.reading.candidates))


def _choice(scene: Scene, at: datetime, zone: str) -> Option:
    """A full ISO moment on the wall clock there: picked, it is not asked about again."""
    local = at.astimezone(ZoneInfo(zone or scene.person.zone))
    return Option(value=local.strftime("%Y-%m-%dT%H:%M"), label=scene.say.moment(at).words)
