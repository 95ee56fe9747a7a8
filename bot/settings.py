"""`/promise settings` and `/promise away`: when a colleague works, where, and when they do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time

from bot.cards import Field, FieldType, Form, Option, stacked
from bot.changes import reschedule
from bot.dates import certain_day, day_of, doubted
from bot.filling import filled
from bot.hours_words import clock_time, country, day_names, weekdays, zone
from bot.messages.settings import away_card, settings_card
from bot.readers import reader_for
from bot.routes import Route, Routes
from bot.scene import Scene, of_person
from bot.turns import Ask, Invalid, OpenForm, Outcome, Reply, Submission
from commitments.errors import Unfit
from commitments.partnership import Person
from commitments.worktime import DAY, in_zone, instant

MIDNIGHT = time(0)
AWAY_AT_MOST = 365  # calendar days: the search for the next working day does not look further
PHRASE_KEPT = 200  # characters; longer is no date, and a form need not carry it back
OFF = frozenset({"off", "aus"})
UNTIL = re.compile(
    r"^(?:(?:from|von|vom|ab)\s+(?P<first>.+?)\s+)?(?:until|till|through|to|bis)\s+(?P<last>.+)$",
    re.IGNORECASE,
)
FROM = re.compile(r"^(?:from|von|vom|ab)\s+(?P<first>.+)$", re.IGNORECASE)
Absence = tuple[date, date]


def settings(scene: Scene, ask: Ask) -> Outcome:
    scene.allow("person.settings", of_person(scene.person))
    return OpenForm(form=_settings_form(scene))


def settings_submitted(scene: Scene, submission: Submission) -> Outcome:
    """Every mistake is named at once; nothing is saved unless all of it fits."""
    scene.allow("person.settings", of_person(scene.person))
    form = filled(_settings_form(scene), submission.values)
    misfits: dict[str, Unfit] = {}
    after = scene.person
    for name, read in READERS.items():
        try:
            after = read(scene, after, form.value_of(name))
        except Unfit as misfit:
            misfits[name] = misfit
    if not misfits and after.day_end <= after.day_start:
        misfits["day_end"] = Unfit("settings.ends_first", "day_end")
    if misfits:
        return Invalid(form=doubted(scene, form, misfits))
    _save(scene, after)
    return Reply(card=settings_card(reader_for(scene.ports, after, scene.now), after))


def away(scene: Scene, ask: Ask) -> Outcome:
    """`away until 3 Dec`, `away from 1 Dec until 3 Dec`, `away off`; the form when something is unsure."""
    scene.allow("person.settings", of_person(scene.person))
    words = re.sub(r"^\s*away\b", "", ask.words, flags=re.IGNORECASE).strip()
    if words.casefold() in OFF:
        return _back(scene)
    found = UNTIL.match(words) or FROM.match(words)
    said = found.groupdict() if found else {}
    values = {name: text[:PHRASE_KEPT] for name, text in said.items() if text}
    form = filled(_away_form(scene), values)
    if "last" not in values:
        return OpenForm(form=form)
    return _absent(scene, form, OpenForm)


def away_submitted(scene: Scene, submission: Submission) -> Outcome:
    scene.allow("person.settings", of_person(scene.person))
    return _absent(scene, filled(_away_form(scene), submission.values), Invalid)


def _absent(scene: Scene, form: Form, unsure: type[OpenForm] | type[Invalid]) -> Outcome:
    try:
        absence = _absence(scene, form.value_of("first"), form.value_of("last"))
    except Unfit as misfit:
        return unsure(form=doubted(scene, form, {misfit.field or "last": misfit}))
    after = replace(scene.person, away=_merged(_to_come(scene), absence))
    _save(scene, after)
    first, last = absence
    start, end = instant(first, MIDNIGHT, after.zone), instant(last + DAY, MIDNIGHT, after.zone)
    due = scene.uow.promises.due_between(after.id, max(start, scene.now), end)
    return Reply(card=away_card(scene, after, absence, due))


def _absence(scene: Scene, first_words: str, last_words: str) -> Absence:
    """Local days, both of them away. Raises Unfit."""
    today = in_zone(scene.now, scene.person.zone).date()
    first = certain_day(scene, first_words, "first") if first_words.strip() else today
    last = certain_day(scene, last_words, "last")
    if last < first:
        raise Unfit("settings.back_before_leaving", "last")
    if (last - first).days >= AWAY_AT_MOST:
        raise Unfit("settings.away_too_long", "last")
    return first, last


def _back(scene: Scene) -> Outcome:
    """Ends the absence there is and drops those to come."""
    after = replace(scene.person, away=())
    _save(scene, after)
    return Reply(card=away_card(scene, after, None, []))


def _to_come(scene: Scene) -> tuple[Absence, ...]:
    today = in_zone(scene.now, scene.person.zone).date()
    return tuple(absence for absence in scene.person.away if absence[1] >= today)


def _merged(absences: tuple[Absence, ...], new: Absence) -> tuple[Absence, ...]:
    """In order, those that touch joined into one."""
    merged: list[Absence] = []
    for first, last in sorted((*absences, new)):
        if merged and first <= merged[-1][1] + DAY:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _save(scene: Scene, after: Person) -> None:
    """Stored, and what time does next with their promises worked out anew."""
    scene.uow.people.save(after)
    reschedule(scene.ports, scene.uow, after, scene.now)


def _settings_form(scene: Scene) -> Form:
    say, person = scene.say, scene.person
    values = {
        "day_start": f"{person.day_start:%H:%M}",
        "day_end": f"{person.day_end:%H:%M}",
        "workdays": day_names(say.words, person.workdays),
        "zone": person.zone,
        "country": person.country or "",
    }
    fields = (
        Field(
            name=name,
            label=say(f"settings.form.{name}"),
            value=value,
            required=name != "country",
            hint=say(f"settings.form.{name}_hint"),
        )
        for name, value in values.items()
    )
    language = Field(
        name="language",
        label=say("settings.form.language"),
        type=FieldType.CHOICE,
        value=person.language or "",
        options=_languages(scene),
    )
    return Form(
        id="settings",
        title=say("settings.form.title"),
        preface=say.text("settings.form.preface"),
        fields=(*fields, language),
        submit=say("settings.form.submit"),
    )


def _languages(scene: Scene) -> tuple[Option, ...]:
    """By the name each gives itself; none chosen means the platform's."""
    own = Option(value="", label=scene.say("settings.form.platform_language"))
    offered = scene.ports.policy.languages
    return (own, *(Option(value=code, label=scene.say(f"settings.language.{code}")) for code in offered))


def _away_form(scene: Scene) -> Form:
    say = scene.say
    days = [(day_of(say, first), day_of(say, last)) for first, last in _to_come(scene)]
    known = [say.text("settings.away.known", first=first, last=last) for first, last in days]
    names = ("first", "last")
    fields = (
        Field(
            name=name,
            label=say(f"settings.away.{name}"),
            type=FieldType.MOMENT,
            required=name == "last",
            hint=say(f"settings.away.{name}_hint"),
        )
        for name in names
    )
    return Form(
        id="away",
        title=say("settings.away.title"),
        preface=stacked(known),
        fields=tuple(fields),
        submit=say("settings.away.submit"),
    )


def _day_start(_: Scene, person: Person, value: str) -> Person:
    return replace(person, day_start=clock_time(value, "day_start"))


def _day_end(_: Scene, person: Person, value: str) -> Person:
    return replace(person, day_end=clock_time(value, "day_end"))


def _workdays(scene: Scene, person: Person, value: str) -> Person:
    return replace(person, workdays=weekdays(value, scene.ports.policy.languages, "workdays"))


def _zone(_: Scene, person: Person, value: str) -> Person:
    return replace(person, zone=zone(value, "zone"))


def _country(scene: Scene, person: Person, value: str) -> Person:
    if value.strip() == (person.country or ""):
        return person  # left as it was, whatever is known of its days off
    return replace(person, country=country(value, scene.ports.is_holiday, scene.now.year, "country"))


def _language(scene: Scene, person: Person, value: str) -> Person:
    if value not in {"", *scene.ports.policy.languages}:
        raise Unfit("settings.language", "language")
    return replace(person, language=value or None)


READERS: Mapping[str, Callable[[Scene, Person, str], Person]] = {
    "day_start": _day_start,
    "day_end": _day_end,
    "workdays": _workdays,
    "zone": _zone,
    "country": _country,
    "language": _language,
}

FORMS: Routes = {
    "settings": Route(settings_submitted, "person.settings"),
    "away": Route(away_submitted, "person.settings"),
}
