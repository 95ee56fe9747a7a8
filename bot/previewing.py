"""How a phrase that is being typed into a form is read, said before it is submitted. Stores nothing.

The submission asks the same reader with the same calendar: what is previewed is what will be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import decode
from bot.ports import Ports
from bot.references import reading_of
from bot.refusals import sentence
from bot.renegotiating import COUNTER, COUNTER_REQUEST, RENEGOTIATE
from bot.scene import Scene, enter
from bot.subjects import may_read
from bot.team import first_lead
from bot.turns import Submission
from commitments.due import Reading, Status
from commitments.errors import Refusal, Unfit
from commitments.partnership import Person

CHOICES = " · "
# Fields that want a day; its hour would only puzzle.
DAYS = frozenset({("away", "first"), ("away", "last"), ("partnership.edit", "review_on")})
_OF_A_PROMISE = frozenset({RENEGOTIATE, COUNTER, COUNTER_REQUEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    words: str
    is_certain: bool  # as it stands, the form would take it


def preview(ports: Ports, typed: Submission, field: str) -> Preview | None:
    """`typed` is the form as it is filled so far; None for somebody or something Kept does not know."""
    with ports.open_uow(typed.tenant) as uow:
        try:
            return _previewed(enter(ports, uow, typed), typed, field)
        except Refusal:
            return None


def _previewed(scene: Scene, typed: Submission, field: str) -> Preview:
    phrase = typed.values.get(field, "").strip()
    if not phrase:
        return Preview(words=scene.say("capture.form.due_hint"), is_certain=False)
    owner = _whose(scene, typed, field)
    reading = reading_of(scene, phrase, owner)
    is_day = (typed.form_id, field) in DAYS
    return Preview(
        words=in_words(scene, reading, owner, is_day=is_day), is_certain=reading.status is Status.OK
    )


def in_words(scene: Scene, reading: Reading, owner: Person, *, is_day: bool = False) -> str:
    """The moment with its weekday and zone; a question with what it could mean."""
    moments = [_named(scene, at, owner, is_day=is_day) for at in reading.candidates]
    if reading.status is not Status.OK:
        why = sentence(scene.say, Unfit(f"due.{reading.reason or 'unclear'}"))
        return " ".join((why, CHOICES.join(moments))).strip()
    words = scene.say("due.preview", due=moments[0])
    note = scene.say(f"capture.note.{reading.note}", name=owner.name) if reading.note else ""
    return " ".join((words, note)).strip()


def _named(scene: Scene, at: datetime, owner: Person, *, is_day: bool) -> str:
    words = scene.ports.moment_words
    return words(at, zone=owner.zone, locale=scene.say.locale, time=not is_day)


def _whose(scene: Scene, typed: Submission, field: str) -> Person:
    """Whose time the form will read it in, once it is submitted."""
    chosen = typed.values.get(field.replace("due", "owner", 1)) if field.startswith("due") else None
    if chosen and scene.actor.is_ours:
        return scene.uow.people.get(chosen) or scene.person
    about = decode(typed.subject)
    if about is None:
        return scene.person
    if typed.form_id == "welcome.ask":
        partnership = scene.partnership(about.subject, "promise.ask_for")
        lead = first_lead(scene.uow, partnership.id)
        return replace(lead, locale=scene.person.locale) if lead else scene.person
    promise = scene.uow.promises.get(about.subject) if typed.form_id in _OF_A_PROMISE else None
    if promise is None or not may_read(scene, promise):
        return scene.person
    return scene.uow.people.get(promise.owner_id) or scene.person
