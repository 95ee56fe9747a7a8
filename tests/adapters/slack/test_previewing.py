"""How a phrase is read stands below it while it is typed into a dialog, and nothing else changes there."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.modals import modal, previewed
from block_kit_rules import wrong_with_view
from fake_slack import Fails
from showcase import FORMS, showcase
from slack_workspace import ANA, NOOR, SHARED, TEAM_ROOM, Kept


async def a_form(app: Kept, words: str = "") -> dict[str, Any]:
    await app.command(ANA, SHARED, words)
    return list(app.fake.views.values())[-1]


def hint(view: dict[str, Any], name: str = "due") -> str:
    [block] = [each for each in view["blocks"] if each.get("block_id") == name]
    return block["hint"]["text"]


def updates(app: Kept) -> int:
    return len(app.fake.calls("views.update"))


async def test_a_phrase_is_read_with_weekday_and_zone_while_it_is_typed(app):
    shown = await app.types(ANA, await a_form(app), "due", "27 Nov 3pm")
    assert hint(shown) == "I read this as Fri 27 Nov, 15:00 Berlin."
    assert wrong_with_view(app.fake.calls("views.update")[-1].fields["view"]) == []


async def test_what_can_be_read_in_two_ways_says_which(app):
    shown = await app.types(ANA, await a_form(app), "due", "3 or 4 December")
    assert hint(shown).startswith("I see more than one day in that.")


async def test_everything_but_the_words_below_the_field_stays_as_it_was(app):
    form = await a_form(app)
    shown = await app.types(ANA, form, "due", "tomorrow", title="Send it")
    assert [_plain(each) for each in shown["blocks"]] == [_plain(each) for each in form["blocks"]]
    same = ("title", "submit", "private_metadata", "callback_id", "type")
    assert {name: shown[name] for name in same} == {name: form[name] for name in same}


def _plain(block: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in block.items() if name != "hint"}


async def test_it_is_read_in_the_time_of_whoever_will_own_it(app):
    app.fake.users[NOOR]["tz"] = "America/New_York"
    shown = await app.types(ANA, await a_form(app), "due", "27 Nov 3pm", owner=NOOR)
    assert hint(shown) == "I read this as Fri 27 Nov, 15:00 New York."


async def test_a_field_that_is_emptied_says_what_may_stand_in_it(app):
    form = await a_form(app)
    shown = await app.types(ANA, form, "due", "tomorrow")
    assert hint(await app.types(ANA, shown, "due", "")) == hint(form)


async def test_only_the_last_of_many_characters_is_read(app):
    form = await a_form(app)
    for end in range(1, 9):
        await app.reports(ANA, form, "due", {"due": "tomorrow"[:end]})
    await app.settle()
    assert updates(app) == 1
    assert "I read this as" in hint(app.fake.views[form["id"]])


async def test_words_that_stand_there_already_cost_no_call(app):
    shown = await app.types(ANA, await a_form(app), "due", "tomorrow")
    await app.types(ANA, shown, "due", "tomorrow ")
    assert updates(app) == 1


async def test_characters_typed_before_the_last_words_arrived_are_read_all_the_same(app):
    form = await a_form(app)
    await app.types(ANA, form, "due", "27 Nov")
    shown = await app.types(ANA, form, "due", "28 Nov")
    assert "28 Nov" in hint(shown)


async def test_the_answer_to_a_form_is_never_painted_over_by_the_form(app):
    form = await a_form(app)
    app.fake.views[form["id"]] = {**form, "hash": "the answer"}
    shown = await app.types(ANA, form, "due", "tomorrow")
    assert shown["hash"] == "the answer"


async def test_a_preview_that_fails_is_no_trouble_to_anybody(app):
    form = await a_form(app)
    app.fake.go_wrong("views.update", Fails("view_too_large"))
    await app.types(ANA, form, "due", "tomorrow")
    shown = await app.types(ANA, form, "due", "27 Nov")
    assert "27 Nov" in hint(shown)


async def test_nothing_is_stored_by_reading_along(app):
    await app.types(ANA, await a_form(app), "due", "27 Nov 3pm")
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


async def test_each_promise_of_notes_is_read_for_itself(app):
    form = await a_form(app, "notes")
    notes = {"notes": "Ana: I'll send it by Friday\nNoor: I'll fix it by 26 Nov"}
    answer = await app.submit(ANA, form, notes)
    view = {**answer["view"], "id": form["id"], "hash": form["hash"]}
    shown = await app.types(ANA, view, "due_2", "30 Nov noon")
    assert hint(shown, "due_2") == "I read this as Mon 30 Nov, 12:00 Berlin."


async def test_a_picked_day_changes_nothing_before_the_form_is_sent(app):
    form = await a_form(app)
    picked = {
        "type": "datepicker",
        "action_id": "day",
        "block_id": "due:pickers",
        "selected_date": "2026-11-27",
    }
    await app.press_in_view(ANA, picked, form)
    assert updates(app) == 0


@pytest.mark.parametrize("name", FORMS)
def test_a_dialog_with_a_preview_is_one_that_slack_takes(shared, name):
    view = {**modal(showcase().forms[name], token="opaque"), "id": "V1", "hash": "1.x", "close": None}
    for block in [each["block_id"] for each in view["blocks"] if each.get("dispatch_action")]:
        assert wrong_with_view(previewed(view, block, "I read this as Friday." * 200), shared) == []


async def test_in_a_team_room_the_reader_is_asked_for_nothing_more(app):
    await app.command(ANA, TEAM_ROOM, "")
    form = list(app.fake.views.values())[-1]
    assert "Berlin" in hint(await app.types(ANA, form, "due", "tomorrow 5pm"))
