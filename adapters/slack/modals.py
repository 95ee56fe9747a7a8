"""Forms as modals, and what is wrong with a submission beside the field it belongs to.

Field    Shown as
text     an input of one or several lines
moment   an input for a phrase, pickers for a day and a time below it; candidates, where there are several
choice   buttons for a few options, a menu for many, in groups where they are more than a menu holds
person   Slack's own list of people

A field's block bears its name, its other parts `name:part`; `values` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.slack.blocks import more, plain, plain_section
from adapters.slack.limits import (
    GROUP_LABEL,
    INPUT_HINT,
    INPUT_LABEL,
    OPTION_LABEL,
    RADIO_OPTIONS,
    SECTION,
    SELECT_OPTIONS,
    TEXT_INPUT,
    VIEW_BUTTON,
    VIEW_TITLE,
)
from adapters.slack.mrkdwn import inert, label
from adapters.slack.rich_text import ANYWHERE, Json, Workspace, block, section
from bot.cards import Field, FieldType, Form, Option
from commitments.text import MARK, shorten

NOTHING = "-"  # an option that stands for no choice: Slack takes no empty value
PART = ":"
TYPED = "plain_text_input"
CANDIDATES, PICKERS, DAY, TIME, WRONG = "candidates", "pickers", "day", "time", "wrong"
# Ours: two such menus stay within VIEW_BYTES. Who works with more customers names one in the command.
OPTIONS_AT_MOST = 4 * SELECT_OPTIONS


def modal(form: Form, *, token: str, workspace: Workspace = ANYWHERE) -> Json:
    """What views.open and views.update take as `view`. `token` is opaque: members can read it (L04)."""
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": token,
        "title": plain(label(form.title, VIEW_TITLE)),
        "submit": plain(label(form.submit, VIEW_BUTTON)),
        "blocks": list(_blocks(form, workspace)) or [plain_section(MARK)],
    }


def answer(form: Form, view: Mapping[str, Any], *, token: str, workspace: Workspace = ANYWHERE) -> Json:
    """Answers the submission of `view`: errors in place, or the whole form where there is more to show."""
    shown = {each.get("block_id") for each in view.get("blocks", ())}
    wrong = [field for field in form.fields if field.error]
    if not wrong or any(field.name not in shown or _has_candidates(field) for field in wrong):
        return {"response_action": "update", "view": modal(form, token=token, workspace=workspace)}
    errors = {field.name: label(field.error, INPUT_HINT) for field in wrong}
    return {"response_action": "errors", "errors": errors}


def previewed(view: Mapping[str, Any], name: str, words: str) -> Json | None:
    """The view as it came, with these words below one field; None when they stand there already.

    Everything else is sent back as it was: Slack keeps what was entered where block and action are the same,
    docs.slack.dev/surfaces/modals, "Preserving input entry".
    """
    hint = plain(label(words, INPUT_HINT))
    wrong = f"{name}{PART}{WRONG}"
    shown = view.get("blocks", [])
    blocks = [_hinted(each, name, hint) for each in shown if each.get("block_id") != wrong]
    if blocks == shown:
        return None
    return {key: view[key] for key in _OF_A_VIEW if view.get(key) is not None} | {"blocks": blocks}


def _hinted(block: Mapping[str, Any], name: str, hint: Json) -> Mapping[str, Any]:
    is_said = block.get("hint", {}).get("text") == hint["text"]
    return block if block.get("block_id") != name or is_said else {**block, "hint": hint}


# What of a view Slack takes back; docs.slack.dev/reference/views/modal-views.
_OF_A_VIEW = ("type", "callback_id", "private_metadata", "title", "submit", "close")


def _blocks(form: Form, workspace: Workspace) -> Iterator[Json]:
    """A title too long for its bar stands in full above the rest."""
    if len(label(form.title, SECTION)) > VIEW_TITLE:
        yield plain_section(label(form.title, SECTION))
    yield from block(section(form.preface, workspace))
    for field in form.fields:
        yield from _field(field, workspace)


def _field(field: Field, workspace: Workspace) -> Iterator[Json]:
    options = field.options[:OPTIONS_AT_MOST]
    yield _input(field, _element(field, options, workspace))
    if _has_candidates(field):
        yield _candidates(field, options)
    elif field.error:
        yield _wrong(field)
    if _is_moment(field):
        yield _pickers(field)
    if len(field.options) > len(options):
        yield plain_section(more(len(field.options) - len(options)))


def _input(field: Field, element: Json) -> Json:
    """A moment may be left empty, as it may be picked instead; that it is needed, the form says later."""
    shape: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(label(field.label, INPUT_LABEL)),
        "element": element,
        "optional": _is_moment(field) or not field.required,
    }
    if _is_moment(field):
        shape["dispatch_action"] = True  # how it is read is said while it is typed
    if inert(field.hint).strip() and not _has_candidates(field):
        shape["hint"] = plain(label(field.hint, INPUT_HINT))
    return shape


def _candidates(field: Field, options: Sequence[Option]) -> Json:
    """Under the question why there is more than one."""
    return {
        "type": "input",
        "block_id": f"{field.name}{PART}{CANDIDATES}",
        "label": plain(label(field.error or field.hint or field.label, INPUT_LABEL)),
        "element": _choice(CANDIDATES, options, field.value),
        "optional": True,
    }


def _wrong(field: Field) -> Json:
    """For a form that opens with a question; a submission is answered in place."""
    words = plain(f"⚠️ {label(field.error, INPUT_HINT)}")
    return {"type": "context", "block_id": f"{field.name}{PART}{WRONG}", "elements": [words]}


def _element(field: Field, options: Sequence[Option], workspace: Workspace) -> Json:
    match field.type:
        case FieldType.CHOICE if options:
            return _choice(field.name, options, field.value)
        case FieldType.PERSON:
            return _person(field, options, workspace)
        case _:
            return _text(field)


def _text(field: Field) -> Json:
    element: Json = {"type": TYPED, "action_id": field.name, "multiline": field.long}
    if _is_moment(field):
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    if field.value:
        element["initial_value"] = shorten(field.value, TEXT_INPUT)
    return element


def _person(field: Field, options: Sequence[Option], workspace: Workspace) -> Json:
    """A person whom Slack cannot show is chosen from those we offer."""
    user = workspace.resolve(field.value) if field.value else None
    if field.value and user is None and options:
        return _choice(field.name, options, field.value)
    initial = {"initial_user": user} if user else {}
    return {"type": "users_select", "action_id": field.name, **initial}


def _choice(action_id: str, options: Sequence[Option], value: str) -> Json:
    shown = [_option(option) for option in options]
    chosen = [each for each in shown if each["value"] == (value or NOTHING)]
    initial = {"initial_option": chosen[0]} if chosen else {}
    return {**_menu(shown), "action_id": action_id, **initial}


def _menu(options: list[Json]) -> Json:
    if len(options) <= RADIO_OPTIONS:
        return {"type": "radio_buttons", "options": options}
    if len(options) <= SELECT_OPTIONS:
        return {"type": "static_select", "options": options}
    starts = range(0, len(options), SELECT_OPTIONS)
    groups = [_group(options[start : start + SELECT_OPTIONS]) for start in starts]
    return {"type": "static_select", "option_groups": groups}


def _group(options: list[Json]) -> Json:
    first, last = (shorten(each["text"]["text"], GROUP_LABEL // 2 - 2) for each in (options[0], options[-1]))
    return {"label": plain(f"{first} – {last}"), "options": options}


def _option(option: Option) -> Json:
    return {"text": plain(label(option.label, OPTION_LABEL)), "value": option.value or NOTHING}


def _pickers(field: Field) -> Json:
    """Neither has a zone: as with a phrase, it is the owner's wall that they mean."""
    day: Json = {"type": "datepicker", "action_id": DAY}
    clock: Json = {"type": "timepicker", "action_id": TIME}
    known = _moment(field.value)
    if known:
        day["initial_date"] = f"{known:%Y-%m-%d}"
    if known and len(field.value) > len("2026-11-27"):
        clock["initial_time"] = f"{known:%H:%M}"
    return {"type": "actions", "block_id": f"{field.name}{PART}{PICKERS}", "elements": [day, clock]}


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _is_moment(field: Field) -> bool:
    return field.type is FieldType.MOMENT


def _has_candidates(field: Field) -> bool:
    return _is_moment(field) and bool(field.options)
