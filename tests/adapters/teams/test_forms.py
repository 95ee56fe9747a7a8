"""Forms as Adaptive Cards: fields in inputs, read back as entered, mistakes said in their place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import KEPT, VERB
from adapters.teams.forms import dialog_card, form_card, read_values
from adapters.teams.messages import dialog
from adaptive_card_rules import parts, seen, wrong_with_card
from bot.cards import Field, FieldType, Form, Option, Strong
from builders import ANA, an_id
from showcase import FORMS, notes_review_in_full, reviewed, showcase

GOLDEN = Path(__file__).parent / "golden"
NEEDED = "This is needed."


def a_form(*fields: Field, **changes: Any) -> Form:
    return Form(
        **{"id": "promise.capture", "title": "Promise", "submit": "Save", "fields": fields, **changes}
    )


def a_moment(**changes: Any) -> Field:
    return Field(**{"name": "due", "label": "By when", "type": FieldType.MOMENT, "required": True, **changes})


def options(count: int, words: str = "Customer") -> tuple[Option, ...]:
    return tuple(Option(value=an_id(f"{n}"), label=f"{words} {n:04}") for n in range(count))


def draw(form: Form) -> dict[str, Any]:
    return dialog_card(form, token="opaque", needed=NEEDED)


def inputs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {part["id"]: part for part in parts(card["body"]) if str(part.get("type")).startswith("Input.")}


def submitted(form: Form, **entered: str) -> dict[str, str]:
    """What Teams sends back of an untouched form, but for `entered`: field__part=value."""
    values = {name: part.get("value", "") for name, part in inputs(draw(form)).items()}
    assert {name.replace("__", ":") for name in entered} <= set(values)
    return values | {name.replace("__", ":"): value for name, value in entered.items()}


def read(form: Form, **entered: str) -> dict[str, str]:
    return read_values(form, submitted(form, **entered))


texts = st.text(max_size=100) | st.sampled_from(
    ["x" * 3_100, "🎉" * 3_100, "<at>Ana</at>", "[x](https://e.com)", "\n"]
)
fields = st.builds(
    Field,
    name=st.just("field"),
    label=texts,
    type=st.sampled_from(FieldType),
    value=texts | st.sampled_from([ANA.id, "2026-11-27", "2026-11-27T17:00"]),
    required=st.booleans(),
    options=st.integers(0, 450).map(options) | texts.map(lambda text: (Option(value="", label=text),)),
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
def test_any_form_is_a_card_that_teams_takes(shared, form):
    assert wrong_with_card(draw(form), shared) == []


@given(forms)
def test_any_form_follows_the_rules_that_no_schema_holds(form):
    assert wrong_with_card(form_card(form, token="opaque")) == []


@given(forms)
def test_any_untouched_form_loses_nothing_however_much_of_it_was_shown(form):
    found = read(form)
    for field in form.fields:
        if field.type in (FieldType.TEXT, FieldType.MOMENT) or not field.options:
            assert found[field.name] == field.value


@pytest.mark.parametrize("name", FORMS)
def test_the_main_forms_look_as_reviewed(name):
    drawn, seen_before = reviewed(f"form_{name}", dialog(showcase().forms[name], token="opaque"), GOLDEN)
    assert drawn == seen_before


@pytest.mark.parametrize("name", FORMS)
def test_the_main_forms_are_cards_that_teams_takes(shared, name):
    form = showcase().forms[name]
    assert wrong_with_card(draw(form), shared) == []
    assert wrong_with_card(form_card(form, token="opaque"), shared) == []


@pytest.mark.parametrize("name", FORMS)
def test_an_untouched_form_sends_back_what_it_showed(name):
    form = showcase().forms[name]
    assert read(form) == {field.name: field.value for field in form.fields}


def test_only_an_opaque_token_travels_with_a_form():
    form = showcase().forms["renegotiate"]
    assert form.subject not in json.dumps(draw(form))
    [press] = [part for part in parts(draw(form)) if "data" in part]
    assert (press["type"], press["data"]) == ("Action.Submit", {KEPT: "opaque", VERB: "promise.renegotiate"})


@pytest.mark.parametrize("name", FORMS)
def test_no_field_is_named_as_what_travels_beside_it(name):
    assert not {KEPT, VERB} & {field.name for field in showcase().forms[name].fields}


def test_in_a_conversation_a_form_bears_its_title_and_is_executed():
    card = form_card(a_form(), token="opaque")
    assert seen(card) == "Promise\n[Save]"
    [press] = [part for part in parts(card) if part.get("type") == "Action.Execute"]
    assert (press["verb"], press["data"]) == ("promise.capture", {KEPT: "opaque"})


def test_a_dialog_bears_the_title_in_its_bar():
    shown = dialog(a_form(), token="opaque")["task"]["value"]
    assert shown["title"] == "Promise"
    assert seen(shown["card"]["content"]) == ""


def test_a_required_field_says_so_before_anything_is_sent():
    field = inputs(draw(a_form(Field(name="title", label="What", required=True))))["title"]
    assert (field["isRequired"], field["errorMessage"]) == (True, NEEDED)


def test_a_moment_may_be_left_to_the_pickers():
    assert "isRequired" not in inputs(draw(a_form(a_moment())))["due"]


@pytest.mark.parametrize(
    ("count", "words", "style"),
    [(4, "Customer", "expanded"), (5, "Customer", "compact"), (2, "*Acme*", "compact")],
)
def test_a_few_plain_choices_stand_side_by_side(count, words, style):
    """Beside a button some clients read Markdown, in a menu none does."""
    field = Field(name="which", label="Which", type=FieldType.CHOICE, options=options(count, words))
    assert inputs(draw(a_form(field)))["which"]["style"] == style


def test_the_longest_page_of_notes_is_a_card_with_its_words_and_people_whole():
    form = notes_review_in_full()
    card = draw(form)
    assert wrong_with_card(card) == []
    shown = {each["id"]: each for each in parts(card) if "id" in each}
    for field in form.fields:
        assert shown[field.name]["label"] == field.label
        assert len(shown[field.name].get("choices", ())) in (0, len(field.options))


def test_options_that_do_not_fit_are_counted_and_the_chosen_one_stays():
    every = options(450)
    field = Field(name="which", label="Which", type=FieldType.CHOICE, options=every, value=every[-1].value)
    card = draw(a_form(field))
    shown = inputs(card)["which"]["choices"]
    assert seen(card) == f"… +{450 - len(shown)}"
    assert (shown[-1]["value"], read(a_form(field))) == (every[-1].value, {"which": every[-1].value})


def test_choosing_nothing_is_a_choice():
    nothing = (Option(value="", label="Nobody yet"), Option(value="a", label="A"))
    form = a_form(Field(name="lead", label="Who", type=FieldType.PERSON, options=nothing, value="a"))
    assert read(form, lead="-") == {"lead": ""}
    assert read(form, lead="a") == {"lead": "a"}


def test_a_moment_may_be_written_or_picked():
    form = a_form(a_moment())
    assert read(form, due="next Friday") == {"due": "next Friday"}
    assert read(form, due__day="2026-12-04") == {"due": "2026-12-04"}
    assert read(form, due__day="2026-12-04", due__time="09:30") == {"due": "2026-12-04T09:30"}


def test_a_known_moment_is_shown_in_the_pickers_and_either_may_change_it():
    form = a_form(a_moment(value="2026-11-27T17:00"))
    assert read(form) == {"due": "2026-11-27T17:00"}
    assert read(form, due__time="12:00") == {"due": "2026-11-27T12:00"}
    assert read(form, due="tomorrow") == {"due": "tomorrow"}


def test_what_was_typed_last_is_not_outdone_by_a_picker():
    form = a_form(a_moment(value="2026-11-27"))
    assert read(form, due="tomorrow", due__day="2026-12-04") == {"due": "tomorrow"}


def test_a_time_alone_is_no_moment():
    assert read(a_form(a_moment()), due__time="09:30") == {"due": ""}


def test_candidates_are_offered_under_the_question_and_none_is_guessed():
    both = (Option(value="2026-03-04", label="Wed 4 Mar"), Option(value="2026-04-03", label="Fri 3 Apr"))
    form = a_form(a_moment(value="3/4", options=both, error="Which of the two?"))
    assert "value" not in inputs(draw(form))["due:candidates"]
    assert read(form) == {"due": "3/4"}
    assert read(form, due__candidates="2026-04-03") == {"due": "2026-04-03"}
    assert read(form, due="5 May", due__candidates="2026-04-03") == {"due": "5 May"}
    assert seen(draw(form)).count("Which of the two?") == 1


def test_a_mistake_is_said_right_below_its_field():
    form = a_form(Field(name="title", label="What", error=NEEDED), Field(name="note", label="Note"))
    body = draw(form)["body"]
    assert [part.get("id") for part in body[:3]] == ["title", None, "note"]
    assert body[1]["inlines"][0] == {"type": "TextRun", "text": f"⚠️ {NEEDED}", "color": "Attention"}


def test_a_cleared_field_is_empty_even_where_a_client_leaves_it_out():
    form = a_form(Field(name="note", label="Note", value="old"))
    assert read(form, note="") == {"note": ""}
    assert read_values(form, {}) == {"note": ""}


@pytest.mark.parametrize("odd", [None, 3, ["x"], {"value": "x"}, True])
def test_what_no_input_sends_is_read_as_empty(odd):
    assert read_values(a_form(Field(name="note", label="Note")), {"note": odd}) == {"note": ""}
