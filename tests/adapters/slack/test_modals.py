"""Forms as modals: fields in Slack's own elements, read back as entered, mistakes said in their place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.modals import answer, modal
from adapters.slack.rich_text import Workspace
from adapters.slack.values import UnknownPerson, read_values
from block_kit_rules import parts, seen, wrong_with_view
from bot.cards import Field, FieldType, Form, Option, Strong
from builders import ANA, BEN, an_id
from showcase import FORMS, notes_review_in_full, reviewed, showcase

USERS = {ANA.id: "U0ANA", BEN.id: "U0BEN"}
SLACK = Workspace(resolve=USERS.get)
PEOPLE = {user: person for person, user in USERS.items()}


def a_form(*fields: Field, **changes: Any) -> Form:
    return Form(
        **{"id": "promise.capture", "title": "Promise", "submit": "Save", "fields": fields, **changes}
    )


def a_moment(**changes: Any) -> Field:
    return Field(**{"name": "due", "label": "By when", "type": FieldType.MOMENT, "required": True, **changes})


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(value=an_id(f"{n}"), label=f"Customer {n:04}") for n in range(count))


def draw(form: Form) -> dict[str, Any]:
    return modal(form, token="opaque", workspace=SLACK)


def element(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    [found] = [block for block in view["blocks"] if block.get("block_id") == block_id]
    return found["element"]


def submitted(view: dict[str, Any], **entered: Any) -> dict[str, Any]:
    """The view as Slack sends it back, untouched but for `entered`: block__part=value."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        for each in [block["element"]] if "element" in block else block.get("elements", ()):
            if "action_id" in each:
                values.setdefault(block["block_id"], {})[each["action_id"]] = _as_sent(each)
    for name, value in entered.items():
        block_id, _, action = name.partition("__")
        part = {"day": "pickers", "time": "pickers"}.get(action, action)
        target = values[f"{block_id}:{part}" if part else block_id][action or block_id]
        target[_KEYS[target["type"]]] = {"value": value} if "option" in _KEYS[target["type"]] else value
    return view | {"state": {"values": values}}


_KEYS = {
    "plain_text_input": "value",
    "users_select": "selected_user",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
_INITIAL = {
    "value": "initial_value",
    "selected_user": "initial_user",
    "selected_option": "initial_option",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
}


def _as_sent(each: dict[str, Any]) -> dict[str, Any]:
    key = _KEYS[each["type"]]
    return {"type": each["type"], key: each.get(_INITIAL[key])}


def read(view: dict[str, Any]) -> dict[str, str]:
    return read_values(view, PEOPLE.get)


texts = st.text(max_size=100) | st.sampled_from(["x" * 3_100, "<!here>", "\n"])
fields = st.builds(
    Field,
    name=st.just("field"),
    label=texts,
    type=st.sampled_from(FieldType),
    value=texts | st.sampled_from([ANA.id, "2026-11-27", "2026-11-27T17:00"]),
    required=st.booleans(),
    options=st.integers(0, 450).map(options) | st.just((Option(value="", label=""),)),
    hint=texts,
    error=texts,
    long=st.booleans(),
)
forms = st.builds(
    Form,
    id=st.just("promise.capture"),
    title=texts,
    submit=texts,
    preface=st.lists(texts | texts.map(Strong), max_size=3).map(tuple),
    fields=st.lists(fields, max_size=6).map(
        lambda found: tuple(replace(field, name=f"field_{n}") for n, field in enumerate(found))
    ),
)


@given(forms)
def test_any_form_is_a_modal_that_slack_takes(shared, form):
    assert wrong_with_view(draw(form), shared) == []


@given(forms)
def test_any_form_follows_the_rules_that_no_schema_holds(form):
    assert wrong_with_view(draw(form)) == []


@pytest.mark.parametrize("name", FORMS)
def test_the_main_forms_look_as_reviewed(name):
    drawn, seen_before = reviewed(f"form_{name}", draw(showcase().forms[name]))
    assert drawn == seen_before


@pytest.mark.parametrize("name", FORMS)
def test_the_main_forms_are_modals_that_slack_takes(shared, name):
    assert wrong_with_view(draw(showcase().forms[name]), shared) == []


@pytest.mark.parametrize("name", FORMS)
def test_an_untouched_form_sends_back_what_it_showed(name):
    form = showcase().forms[name]
    assert read(submitted(draw(form))) == {field.name: field.value for field in form.fields}


def test_the_longest_page_of_notes_is_a_modal_that_slack_takes():
    view = draw(notes_review_in_full())
    assert wrong_with_view(view) == []
    assert len(view["blocks"]) > 8 * 4


def test_only_an_opaque_token_travels_with_a_form():
    form = showcase().forms["renegotiate"]
    view = draw(form)
    assert view["private_metadata"] == "opaque"
    assert form.subject not in json.dumps(view)


def test_a_title_too_long_for_its_bar_stands_in_full_below():
    view = draw(a_form(title="How we work together with Acme Incorporated"))
    assert view["title"]["text"] == "How we work together wi…"
    assert seen(view["blocks"][0]) == "How we work together with Acme Incorporated"


def test_an_optional_field_says_so_and_a_needed_one_does_not():
    view = draw(
        a_form(Field(name="title", label="x", required=True), Field(name="note", label="y", long=True))
    )
    assert [(block["optional"], block["element"]["multiline"]) for block in view["blocks"]] == [
        (False, False),
        (True, True),
    ]


def test_a_person_is_chosen_from_slacks_own_list():
    view = draw(a_form(Field(name="owner", label="Who", type=FieldType.PERSON, value=ANA.id)))
    assert element(view, "owner") == {
        "type": "users_select",
        "action_id": "owner",
        "initial_user": "U0ANA",
    }
    assert read(submitted(view, owner="U0BEN")) == {"owner": BEN.id}


def test_somebody_nobody_knows_is_not_mistaken_for_another():
    view = draw(a_form(Field(name="owner", label="Who", type=FieldType.PERSON, value=ANA.id)))
    with pytest.raises(UnknownPerson) as unknown:
        read(submitted(view, owner="U0NEW"))
    assert (unknown.value.field, unknown.value.user) == ("owner", "U0NEW")


def test_a_person_without_an_account_is_chosen_from_those_we_offer():
    people = (Option(value="carla", label="Carla"), Option(value=ANA.id, label="Ana"))
    field = Field(name="owner", label="Who", type=FieldType.PERSON, value="carla", options=people)
    view = draw(a_form(field))
    assert element(view, "owner")["initial_option"]["value"] == "carla"
    assert read(submitted(view, owner=ANA.id)) == {"owner": ANA.id}


@pytest.mark.parametrize(
    ("count", "kind", "groups"),
    [
        (0, "plain_text_input", 0),
        (10, "radio_buttons", 0),
        (11, "static_select", 0),
        (100, "static_select", 0),
        (101, "static_select", 2),
        (400, "static_select", 4),
    ],
)
def test_options_are_shown_as_their_number_asks(count, kind, groups):
    chosen = an_id(f"{count - 1}")
    field = Field(
        name="partnership", label="Which", type=FieldType.CHOICE, options=options(count), value=chosen
    )
    view = draw(a_form(field))
    drawn = element(view, "partnership")
    assert (drawn["type"], len(drawn.get("option_groups", ()))) == (kind, groups)
    assert read(submitted(view)) == {"partnership": chosen}


def test_a_group_of_options_is_named_by_its_first_and_last():
    field = Field(name="partnership", label="Which", type=FieldType.CHOICE, options=options(150))
    labels = [
        group["label"]["text"] for group in element(draw(a_form(field)), "partnership")["option_groups"]
    ]
    assert labels == ["Customer 0000 – Customer 0099", "Customer 0100 – Customer 0149"]


def test_options_that_no_menu_holds_are_counted():
    field = Field(name="partnership", label="Which", type=FieldType.CHOICE, options=options(450))
    assert seen(draw(a_form(field))["blocks"][-1]) == "… +50"


def test_choosing_nothing_is_a_choice():
    nothing = (Option(value="", label="Nobody yet"), Option(value="a", label="A"))
    field = Field(name="lead", label="Who", type=FieldType.CHOICE, options=nothing, value="a")
    view = draw(a_form(field))
    assert read(submitted(view, lead="-")) == {"lead": ""}
    assert read(submitted(draw(a_form(replace(field, value=""))))) == {"lead": ""}


def test_a_moment_may_be_written_or_picked():
    view = draw(a_form(a_moment()))
    assert read(submitted(view, due="next Friday")) == {"due": "next Friday"}
    assert read(submitted(view, due__day="2026-12-04")) == {"due": "2026-12-04"}
    assert read(submitted(view, due__day="2026-12-04", due__time="09:30")) == {"due": "2026-12-04T09:30"}


def test_a_known_moment_is_shown_in_the_pickers_and_either_may_change_it():
    view = draw(a_form(a_moment(value="2026-11-27T17:00")))
    assert read(submitted(view)) == {"due": "2026-11-27T17:00"}
    assert read(submitted(view, due__time="12:00")) == {"due": "2026-11-27T12:00"}
    assert read(submitted(view, due="tomorrow")) == {"due": "tomorrow"}


def test_what_was_typed_last_is_not_outdone_by_a_picker():
    view = draw(a_form(a_moment(value="2026-11-27")))
    assert read(submitted(view, due="tomorrow", due__day="2026-12-04")) == {"due": "tomorrow"}


def test_a_time_alone_is_no_moment():
    assert read(submitted(draw(a_form(a_moment())), due__time="09:30")) == {"due": ""}


def test_candidates_are_offered_under_the_question_and_none_is_guessed():
    both = (Option(value="2026-03-04", label="Wed 4 Mar"), Option(value="2026-04-03", label="Fri 3 Apr"))
    view = draw(a_form(a_moment(value="3/4", options=both, error="Which of the two?")))
    assert "initial_option" not in element(view, "due:candidates")
    assert read(submitted(view)) == {"due": "3/4"}
    assert read(submitted(view, due__candidates="2026-04-03")) == {"due": "2026-04-03"}
    assert read(submitted(view, due="5 May", due__candidates="2026-04-03")) == {"due": "5 May"}
    assert seen(view["blocks"]).count("Which of the two?") == 1


def test_mistakes_are_said_beside_their_fields():
    form = a_form(Field(name="title", label="What"), Field(name="note", label="Note"))
    again = replace(form, fields=(replace(form.fields[0], error="This is needed."), form.fields[1]))
    assert answer(again, draw(form), token="t") == {
        "response_action": "errors",
        "errors": {"title": "This is needed."},
    }


def test_a_new_question_shows_the_form_again():
    form = a_form(a_moment(value="3/4"))
    asked = replace(form, fields=(replace(form.fields[0], error="Which?", options=options(2)),))
    drawn = answer(asked, draw(form), token="t", workspace=SLACK)
    assert drawn["response_action"] == "update"
    assert [each.get("type") for each in parts(drawn["view"])].count("radio_buttons") == 1


def test_a_field_that_was_not_there_before_shows_the_form_again(shared):
    form = a_form(Field(name="title", label="What"))
    longer = replace(form, fields=(*form.fields, Field(name="waits_on", label="Waits on", error="Which?")))
    drawn = answer(longer, draw(form), token="t")
    assert drawn["response_action"] == "update"
    assert wrong_with_view(drawn["view"], shared) == []


def test_a_question_asked_on_opening_is_seen():
    view = draw(a_form(Field(name="title", label="What", error="For which customer?")))
    assert "⚠️ For which customer?" in seen(view)


def test_a_cleared_field_is_empty():
    view = draw(a_form(Field(name="note", label="Note", value="old")))
    assert read(submitted(view, note=None)) == {"note": ""}


@pytest.mark.parametrize("name", ["view_submission", "view_submission_connect_channel"])
def test_recorded_submissions_are_read(shared, name):
    payload = json.loads((shared / f"vectors/slack/{name}.json").read_text("utf-8"))
    view = payload.get("view", payload)
    found = read_values(view, lambda user: user)
    assert set(found) == set(view["state"]["values"])
