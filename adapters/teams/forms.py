"""Forms as Adaptive Cards, what is wrong beside the field it belongs to; and what was entered, read back.

Field    Shown as
text     an input of one or several lines
moment   an input for a phrase, a day and a time below it; candidates, where there are several
choice   buttons for a few plain options, else a menu
person   a menu of those we offer: only people Kept knows can own anything

A field's input bears its name, its other parts `name:part`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.teams.cards import action, envelope, fits, heading, more
from adapters.teams.escape import inert, label, markdown, opening
from adapters.teams.limits import (
    DAY,
    EXPANDED_OPTIONS,
    HINT,
    INPUT_LABEL,
    OPTION_LABEL,
    TEXT_INPUT,
    TIME,
    TITLE,
)
from adapters.teams.spans import ANYWHERE, Json, Tenant, Writer
from bot.cards import Field, FieldType, Form, Option, Text
from bot.plain import flat
from commitments.text import shorten

NOTHING = "-"  # an option that stands for no choice: an empty value is none to Adaptive Cards
CANDIDATES, DAY_PART, TIME_PART = ":candidates", ":day", ":time"
# Options of a menu, and characters of every text, tried in turn.
_SIZES = ((400, TEXT_INPUT), (200, TEXT_INPUT), (100, 1_000), (50, 300), (20, 100), (5, 40), (2, 10), (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    options: int
    text: int

    def label(self, text: str, at_most: int) -> str:
        return label(text, min(at_most, self.text))


def dialog_card(form: Form, *, token: str, needed: str = "", tenant: Tenant = ANYWHERE) -> Json:
    """For a dialog, which shows the title itself and takes submissions only.

    `token` is opaque and travels along; `needed` is what a client says of a required field left empty.
    """
    press = action(form.submit, form.id, token, primary=True)["fallback"]
    return _drawn(form, [], press, needed, tenant)


def form_card(form: Form, *, token: str, needed: str = "", tenant: Tenant = ANYWHERE) -> Json:
    """To stand in a conversation, in place of the card that was pressed."""
    press = action(form.submit, form.id, token, primary=True)
    return _drawn(form, [heading(form.title)], press, needed, tenant)


def read_values(form: Form, entered: Mapping[str, Any]) -> dict[str, str]:
    """By field, of the form as it was drawn. What nobody touched is as it was, in full."""
    return {field.name: _value(field, entered) for field in form.fields}


def _drawn(form: Form, head: list[Json], press: Json, needed: str, tenant: Tenant) -> Json:
    """The first size that fits."""
    sizes = (_Size(options=options, text=text) for options, text in _SIZES)
    return next(card for size in sizes if fits(card := _card(form, head, press, needed, tenant, size)))


def _card(form: Form, head: list[Json], press: Json, needed: str, tenant: Tenant, size: _Size) -> Json:
    writer = Writer(tenant)
    said = [*head, *_preface(form.preface, writer, size)]
    for field in form.fields:
        said += _field(field, needed, writer, size)
    fallback = opening(markdown(size.label(form.title, TITLE)))
    return envelope([*said, {"type": "ActionSet", "actions": [press]}], fallback, writer)


def _preface(text: Text, writer: Writer, size: _Size) -> Iterator[Json]:
    words = flat(text)
    return writer.block(text if len(words) <= size.text else (shorten(words, size.text),))


def _field(field: Field, needed: str, writer: Writer, size: _Size) -> Iterator[Json]:
    options = _offered(field, size)
    yield _input(field, options, size) | _required(field, needed)
    if field.error:
        yield _note(f"⚠️ {size.label(field.error, HINT)}", color="Attention")
    if _is_moment(field):
        yield from _other_ways(field, options, size)
    if inert(field.hint).strip():
        yield _note(size.label(field.hint, HINT), isSubtle=True, size="Small")
    if len(field.options) > len(options):
        yield from more(len(field.options) - len(options), writer)


def _input(field: Field, options: Sequence[Option], size: _Size) -> Json:
    shape: Json = {"id": field.name, "label": size.label(field.label, INPUT_LABEL)}
    if options and _is_choice(field):
        return shape | _choices(options, field.value, size)
    shape |= {"type": "Input.Text", "isMultiline": field.long}
    return shape | {"value": shorten(field.value, size.text)} if field.value else shape


def _required(field: Field, needed: str) -> Json:
    """A moment may be left empty, as it may be picked instead; that it is needed, the form says later."""
    if not field.required or _is_moment(field):
        return {}
    return {"isRequired": True} | ({"errorMessage": label(needed, HINT)} if needed else {})


def _choices(options: Sequence[Option], value: str, size: _Size) -> Json:
    """Buttons for words only: beside them, some clients read Markdown; in a menu none does."""
    choices = [
        {"title": size.label(each.label, OPTION_LABEL), "value": each.value or NOTHING} for each in options
    ]
    is_plain = all(opening(markdown(each["title"])) == each["title"] for each in choices)
    style = "expanded" if is_plain and len(choices) <= EXPANDED_OPTIONS else "compact"
    shape: Json = {"type": "Input.ChoiceSet", "style": style, "wrap": True, "choices": choices}
    chosen = value or NOTHING
    return shape | ({"value": chosen} if chosen in {each["value"] for each in choices} else {})


def _offered(field: Field, size: _Size) -> list[Option]:
    """As many as fit, the chosen one among them."""
    first, rest = list(field.options[: size.options]), field.options[size.options :]
    chosen = [each for each in rest if each.value == field.value]
    return first[: len(first) - len(chosen)] + chosen


def _other_ways(field: Field, options: Sequence[Option], size: _Size) -> Iterator[Json]:
    if options:
        named = {"id": field.name + CANDIDATES, "label": size.label(field.label, INPUT_LABEL)}
        yield named | _choices(options, field.value, size)
    inputs = [
        {"type": "Input.Date", "id": field.name + DAY_PART, "label": "📅", "value": _shown(field, DAY)},
        {"type": "Input.Time", "id": field.name + TIME_PART, "label": "🕓", "value": _shown(field, TIME)},
    ]
    columns = [{"type": "Column", "width": "stretch", "items": [each]} for each in inputs]
    yield {"type": "ColumnSet", "columns": columns, "spacing": "Small"}


def _shown(field: Field, pattern: str) -> str:
    """What a picker starts with. It has no zone: as with a phrase, it is the owner's wall that is meant."""
    try:
        known = datetime.fromisoformat(field.value)
    except ValueError:
        return ""
    has_time = len(field.value) > len("2026-11-27")
    return "" if pattern == TIME and not has_time else known.strftime(pattern)


def _note(words: str, **style: Any) -> Json:
    inlines = [{"type": "TextRun", "text": words, **style}]
    return {"type": "RichTextBlock", "inlines": inlines, "spacing": "None"}


def _value(field: Field, entered: Mapping[str, Any]) -> str:
    said = _said(entered, field.name)
    if _is_cut_from(field.value, said):
        picked = _candidate(field, entered) or _picked(field, entered) if _is_moment(field) else ""
        return picked or field.value
    return "" if said == NOTHING and _is_choice(field) else said  # typed just now outdoes what was clicked


def _said(entered: Mapping[str, Any], name: str) -> str:
    """Clients leave out what is empty."""
    value = entered.get(name)
    return value if isinstance(value, str) else ""


def _is_cut_from(value: str, said: str) -> bool:
    """As it was shown, whatever its size was; a single line loses its breaks on the way."""
    shown = {" ".join(shorten(value, text).split()) for _, text in _SIZES}
    return " ".join(said.split()) in shown


def _candidate(field: Field, entered: Mapping[str, Any]) -> str:
    chosen = _said(entered, field.name + CANDIDATES)
    return chosen if chosen != NOTHING else ""


def _picked(field: Field, entered: Mapping[str, Any]) -> str:
    """A day, or a day with a time, when either was changed; a time alone says nothing."""
    day, time = (_said(entered, field.name + part) for part in (DAY_PART, TIME_PART))
    if not day or (day, time) == (_shown(field, DAY), _shown(field, TIME)):
        return ""
    return f"{day}T{time}" if time else day


def _is_choice(field: Field) -> bool:
    return field.type in (FieldType.CHOICE, FieldType.PERSON)


def _is_moment(field: Field) -> bool:
    return field.type is FieldType.MOMENT
