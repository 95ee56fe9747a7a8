"""The forms of notes: where they are pasted, and where what was found in them is looked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.capture_form import candidate
from bot.cards import Field, FieldType, Form, Option, Text, encode
from bot.references import Doubtful, own_partnerships, reading_of, setting_of
from bot.refusals import sentence
from bot.scene import Scene
from commitments.due import Reading, Status, read
from commitments.errors import Unfit
from commitments.notes import ASSIGNED, CONTINUED, NOBODY, STRANGER, UNREAD, Jotted, Jottings
from commitments.partnership import Partnership, Person

PASTE, KEPT = "notes.read", "notes.keep"
KEEP, LEAVE = "keep", ""
AT_ONCE = 8  # more than that nobody looks through; and Slack takes 100 blocks, Teams 25 kB
OWNERS_AT_MOST = 12
_OUR_DOUBTS = frozenset({ASSIGNED, CONTINUED, NOBODY, STRANGER, UNREAD})

Values = Mapping[str, str]
Misfits = Mapping[str, Unfit]


def paste_form(scene: Scene, partnership: Partnership | None, notes: str = "") -> Form:
    """`partnership` is asked for only where it is not certain."""
    say = scene.say
    asked = Field(
        name="partnership",
        label=say("capture.form.partnership"),
        type=FieldType.CHOICE,
        required=True,
        options=tuple(Option(value=p.id, label=p.name) for p in own_partnerships(scene)),
    )
    text = Field(
        name="notes",
        label=say("notes.form.notes"),
        value=notes,
        required=True,
        hint=say("notes.form.hint"),
        long=True,
    )
    return Form(
        id=PASTE,
        title=say("notes.form.heading"),
        fields=(text,) if partnership else (asked, text),
        submit=say("notes.form.submit"),
        subject=encode(partnership.id) if partnership else "",
        preface=say.text("notes.form.for", customer=partnership.name) if partnership else (),
    )


def page(jottings: Jottings) -> Iterator[tuple[int, Jotted]]:
    """Those to be looked through now, with their numbers in the notes."""
    shown = jottings.found[jottings.taken : jottings.taken + AT_ONCE]
    yield from enumerate(shown, start=jottings.taken + 1)


def review_form(
    scene: Scene,
    jottings: Jottings,
    partnership: Partnership,
    values: Values | None = None,
    misfits: Misfits | None = None,
) -> Form:
    """With what was typed, where it comes back because something does not fit."""
    people = people_around(scene, partnership)
    rows = [_Row(scene, partnership, jottings, number, each, values) for number, each in page(jottings)]
    fields = [field for row in rows for field in row.fields(people, misfits or {})]
    return Form(
        id=KEPT,
        title=scene.say("notes.review.heading"),
        fields=tuple(fields),
        submit=scene.say("notes.review.submit"),
        subject=encode(jottings.id, str(jottings.taken)),
        preface=_preface(scene, jottings, partnership, rows),
    )


def people_around(scene: Scene, partnership: Partnership | None) -> list[Person]:
    """The account team, whoever is in the customer's channel, and the one who asks; by name."""
    ids = {scene.person.id}
    if partnership is not None:
        ids |= scene.uow.partnerships.roles(partnership.id).keys()
        ids |= scene.uow.places.members(partnership.place_id) if partnership.place_id else set()
    people = scene.uow.people.of_ids(ids).values()
    return sorted((p for p in people if _may_own(p, partnership)), key=lambda p: (p.name.casefold(), p.id))


def _may_own(person: Person, partnership: Partnership | None) -> bool:
    if person.is_ours or partnership is None:
        return person.is_ours
    return person.is_active and person.organisation in partnership.organisations


def _preface(scene: Scene, jottings: Jottings, partnership: Partnership, rows: list[_Row]) -> Text:
    n, sure = len(jottings.found), sum(row.is_sure for row in rows)
    words = scene.say.text("notes.review.found", n=n)
    words += (" ", *scene.say.text("notes.review.sure", n=sure, customer=partnership.name))
    more = n - jottings.taken - len(rows)
    return (*words, " ", *scene.say.text("notes.review.more", n=more)) if more > 0 else words


class _Row:
    """One promise of the notes, in four fields."""

    def __init__(
        self,
        scene: Scene,
        partnership: Partnership,
        jottings: Jottings,
        number: int,
        found: Jotted,
        values: Values | None,
    ) -> None:
        self._scene = scene
        self._partnership = partnership
        self._number = number
        self._found = found
        self._values = values
        self._owner = scene.uow.people.get(self._typed("owner", found.owner_id or ""))
        # Whose time it is, is not known before the owner is.
        self._clock = self._owner or scene.person
        self._reading = self._read(jottings)
        self.is_sure = found.is_sure and self._reading is not None and self._reading.status is Status.OK

    def fields(self, people: list[Person], misfits: Misfits) -> Iterator[Field]:
        for field in (self._keep(), self._title(), self._whose(people), self._due()):
            yield self._flawed(field, misfits.get(field.name))

    def _typed(self, name: str, otherwise: str) -> str:
        return otherwise if self._values is None else self._values.get(f"{name}_{self._number}", "")

    def _read(self, jottings: Jottings) -> Reading | None:
        """As it was meant when the notes were pasted; what was typed since, as it is meant now."""
        if self._values is not None:
            typed = self._typed("due", "")
            return reading_of(self._scene, typed, self._clock) if typed else None
        phrase = self._found.due_text
        setting = setting_of(self._scene, self._clock)
        return read(phrase, now=jottings.at, setting=setting) if phrase else None

    def _keep(self) -> Field:
        say, found = self._scene.say, self._found
        options = (
            Option(value=KEEP, label=say("notes.review.keep")),
            Option(value=LEAVE, label=say("notes.review.leave")),
        )
        return Field(
            name=f"keep_{self._number}",
            label=say(
                self._heading(),
                n=str(self._number),
                who=found.speaker,
                quote=found.quote,
                request=found.request,
            ),
            type=FieldType.CHOICE,
            value=self._typed("keep", KEEP if self.is_sure else LEAVE),
            options=options,
            hint=" ".join(self._remarks()),
        )

    def _heading(self) -> str:
        if self._found.request:
            return "notes.review.answer"
        return "notes.review.said" if self._found.speaker else "notes.review.quote"

    def _remarks(self) -> Iterator[str]:
        """Why it is unsure, and what becomes of it."""
        reasons = list(self._reasons())
        if reasons:
            yield self._scene.say("notes.review.unsure", reasons="; ".join(reasons))
        if self._owner is not None and not self._owner.is_ours:
            yield self._scene.say("notes.review.theirs", name=self._owner.name)

    def _reasons(self) -> Iterator[str]:
        say = self._scene.say
        for doubt in self._found.doubts:
            yield say(f"notes.doubt.{doubt}" if doubt in _OUR_DOUBTS else f"noticed.doubt.{doubt}")
        if self._reading is None:
            yield say("notes.doubt.no_date")
        elif self._reading.status is not Status.OK:
            yield say("notes.doubt.date")

    def _title(self) -> Field:
        return Field(
            name=f"title_{self._number}",
            label=self._scene.say("notes.review.title"),
            value=self._typed("title", self._found.title),
            required=True,
        )

    def _whose(self, people: list[Person]) -> Field:
        owner, customer = self._owner, self._partnership.name
        listed = people[:OWNERS_AT_MOST]
        if owner is not None and owner.id not in {p.id for p in listed}:
            listed = [*listed[: OWNERS_AT_MOST - 1], owner]
        options = (
            Option(value=p.id, label=p.name if p.is_ours else f"{p.name} ({customer})") for p in listed
        )
        return Field(
            name=f"owner_{self._number}",
            label=self._scene.say("notes.review.owner"),
            type=FieldType.PERSON,
            value=owner.id if owner else "",
            required=owner is not None,
            options=tuple(options),
        )

    def _due(self) -> Field:
        """A certain day stands there as a date; any other in its own words, with what it may mean.

        Nothing that is open yet is required: whoever leaves the promise out need not say it.
        """
        field = Field(
            name=f"due_{self._number}",
            label=self._scene.say("notes.review.due"),
            type=FieldType.MOMENT,
            value=self._typed("due", self._found.due_text),
            required=self._reading is not None,
        )
        reading = self._reading
        if reading is None or reading.status is not Status.OK or reading.due is None:
            return replace(field, hint=self._why(reading), options=self._candidates(reading))
        words = candidate(self._scene, reading.due, self._clock).label
        value = field.value if self._values is not None else self._as_date(reading)
        phrase = self._found.due_text if self._values is None else ""
        return replace(field, value=value, hint=f"“{phrase}” → {words}" if phrase else words)

    def _as_date(self, reading: Reading) -> str:
        """A day alone where no time was said: the end of the day of whoever owns it in the end."""
        local = reading.due.astimezone(ZoneInfo(self._clock.zone)) if reading.due else None
        if local is None:
            return ""
        day = local.date().isoformat()
        again = reading_of(self._scene, day, self._clock)
        is_day = not reading.time_said and again.status is Status.OK and again.due == reading.due
        return day if is_day else local.strftime("%Y-%m-%dT%H:%M")

    def _why(self, reading: Reading | None) -> str:
        if reading is None:
            return self._scene.say("capture.form.due_hint")
        return sentence(self._scene.say, Unfit(f"due.{reading.reason or 'unclear'}"))

    def _candidates(self, reading: Reading | None) -> tuple[Option, ...]:
        moments = reading.candidates if reading else ()
        return tuple(candidate(self._scene, at, self._clock) for at in moments)

    def _flawed(self, field: Field, misfit: Unfit | None) -> Field:
        if misfit is None:
            return field
        flawed = replace(field, error=sentence(self._scene.say, misfit))
        if isinstance(misfit, Doubtful):
            return replace(flawed, options=self._candidates(misfit.reading))
        return flawed
