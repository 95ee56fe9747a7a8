"""The capture form: what was understood, what is missing, and what else falls due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Field, FieldType, Form, Option, Strong, Text, stacked
from bot.readers import Reader, calendar_of
from bot.references import Doubtful, own_partnerships, reading_of
from bot.refusals import sentence
from bot.scene import Scene
from commitments.due import Reading, Status
from commitments.errors import Refusal, Unfit
from commitments.partnership import Person
from commitments.promise import Promise, Side, State

FORM = "promise.capture"
LOOK_AHEAD = timedelta(days=15)  # what else falls due, when the day itself is not known yet
SHOWN_AT_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The form's values; ids and texts as they travel."""

    partnership: str = ""
    suggested: str = ""
    title: str = ""
    due: str = ""
    owner: str = ""
    note: str = ""
    quote: str = ""
    link: str = ""
    waits_on: str = ""
    reading: Reading | None = None


def filled(values: Mapping[str, str]) -> Filled:
    names = ("partnership", "title", "due", "owner", "note", "quote", "link", "waits_on")
    texts = {name: values.get(name, "").strip() for name in names}
    return replace(Filled(), **texts)  # type: ignore[arg-type]


def form(scene: Scene, known: Filled) -> Form:
    owner = scene.uow.people.get(known.owner) or scene.person
    fields = [
        _partnership(scene, known),
        Field(name="title", label=scene.say("capture.form.title"), value=known.title, required=True),
        _due(scene, known, owner),
        _owner(scene, known),
        *_waits_on(scene, known, owner),
        Field(name="note", label=scene.say("capture.form.note"), value=known.note, long=True),
        *_source(scene, known),
    ]
    return Form(
        id=FORM,
        title=scene.say("capture.form.heading"),
        fields=tuple(fields),
        submit=scene.say("capture.form.submit"),
        preface=_preface(scene, owner, known.reading),
    )


def refused(scene: Scene, known: Filled, refusal: Refusal) -> Form:
    """The form again, the sentence beside the field it belongs to; nothing was saved."""
    if isinstance(refusal, Doubtful):
        known = replace(known, reading=refusal.reading)
    elif known.due:
        owner = scene.uow.people.get(known.owner) or scene.person
        known = replace(known, reading=reading_of(scene, known.due, owner))
    return with_error(form(scene, known), refusal, scene.say)


def with_error(form: Form, refusal: Refusal, say: Reader) -> Form:
    """Puts the sentence to its field; to the first one, where the refusal names none."""
    names = {field.name for field in form.fields}
    target = refusal.field if isinstance(refusal, Unfit) and refusal.field in names else form.fields[0].name
    words = sentence(say, refusal)
    fields = tuple(replace(f, error=words) if f.name == target else f for f in form.fields)
    return replace(form, fields=fields)


def due_text(reading: Reading | None, owner: Person) -> str:
    """The first candidate as an ISO moment on the owner's wall; the owner confirms it by submitting."""
    if reading is None or reading.due is None:
        return ""
    local = reading.due.astimezone(ZoneInfo(owner.zone))
    return local.strftime("%Y-%m-%dT%H:%M")


def _partnership(scene: Scene, known: Filled) -> Field:
    options = tuple(Option(value=p.id, label=p.name) for p in own_partnerships(scene))
    return Field(
        name="partnership",
        label=scene.say("capture.form.partnership"),
        type=FieldType.CHOICE,
        value=known.partnership,
        required=True,
        options=options,
    )


def _due(scene: Scene, known: Filled, owner: Person) -> Field:
    """Candidates are offered as choices; a question says why it is asked."""
    reading = known.reading
    label = scene.say("capture.form.due", name=owner.name)
    field = Field(name="due", label=label, type=FieldType.MOMENT, value=known.due, required=True)
    if reading is None:
        return replace(field, hint=scene.say("capture.form.due_hint"))
    options = tuple(candidate(scene, at, owner) for at in reading.candidates)
    if reading.status is Status.OK:
        return replace(field, hint=options[0].label if options else "")
    why = sentence(scene.say, Unfit(f"due.{reading.reason or 'unclear'}"))
    hint = why if reading.status is Status.CONFIRM else ""
    return replace(field, options=options, hint=hint, error="" if hint else why)


def candidate(scene: Scene, at: datetime, owner: Person) -> Option:
    words = scene.ports.moment_words(at, zone=owner.zone, locale=scene.say.locale)
    return Option(value=at.astimezone(ZoneInfo(owner.zone)).strftime("%Y-%m-%dT%H:%M"), label=words)


def _owner(scene: Scene, known: Filled) -> Field:
    people = {p.id: p for p in scene.uow.people.ours()}
    chosen = scene.uow.people.get(known.owner)
    if chosen is not None:
        people[chosen.id] = chosen
    return Field(
        name="owner",
        label=scene.say("capture.form.owner"),
        type=FieldType.PERSON,
        value=known.owner or scene.person.id,
        required=True,
        options=tuple(Option(value=p.id, label=p.name) for p in people.values()),
    )


def _waits_on(scene: Scene, known: Filled, owner: Person) -> list[Field]:
    """For a promise of the customer: the one of ours it waits on, if any."""
    if owner.is_ours or not known.partnership:
        return []
    ours = scene.uow.promises.of_partnership(known.partnership, (State.OPEN,))
    options = [Option(value=p.id, label=f"P-{p.number} {p.title}") for p in ours if p.side is Side.OURS]
    if not options:
        return []
    nothing = Option(value="", label=scene.say("capture.form.waits_on_nothing"))
    return [
        Field(
            name="waits_on",
            label=scene.say("capture.form.waits_on"),
            type=FieldType.CHOICE,
            value=known.waits_on,
            options=(nothing, *options),
        )
    ]


def _source(scene: Scene, known: Filled) -> list[Field]:
    if not known.quote and not known.link:
        return []
    quote = Field(name="quote", label=scene.say("capture.form.quote"), value=known.quote, long=True)
    return [quote, Field(name="link", label=scene.say("capture.form.link"), value=known.link)]


def _preface(scene: Scene, owner: Person, reading: Reading | None) -> Text:
    """A day off, and what else falls due: that day, or in the days ahead while the day is open."""
    lines: list[Text] = []
    if reading is not None and reading.note is not None:
        lines.append(scene.say.text(f"capture.note.{reading.note}", name=owner.name))
    lines += _others(scene, owner, reading)
    return stacked(lines)


def _others(scene: Scene, owner: Person, reading: Reading | None) -> list[Text]:
    if owner.id != scene.person.id or not owner.is_ours:
        return []
    promises = _due_around(scene, owner, reading)
    if not promises:
        return []
    key = "capture.also_that_day" if reading and reading.due else "capture.also_soon"
    lines = [_line(scene, promise) for promise in promises[:SHOWN_AT_MOST]]
    more = len(promises) - len(lines)
    tail = [scene.say.text("capture.also_more", n=more)] if more > 0 else []
    return [scene.say.text(key), *lines, *tail]


def _due_around(scene: Scene, owner: Person, reading: Reading | None) -> list[Promise]:
    if reading is None or reading.due is None:
        return scene.uow.promises.due_between(owner.id, scene.now, scene.now + LOOK_AHEAD)
    calendar = calendar_of(scene.ports, owner)
    midnight = calendar.moment(calendar.local_date(reading.due), time())
    return scene.uow.promises.due_between(owner.id, midnight, midnight + timedelta(days=1))


def _line(scene: Scene, promise: Promise) -> Text:
    """Only the owner themselves reads this: their own promises to all customers."""
    partnership = scene.uow.partnerships.get(promise.partnership_id)
    name = partnership.name if partnership else ""
    ref, due = f"P-{promise.number}", scene.say.due(promise.due)
    return scene.say.text("capture.also_line", customer=name, ref=ref, title=Strong(promise.title), due=due)
