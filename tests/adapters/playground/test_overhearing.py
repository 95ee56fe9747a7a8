"""What is written in the customer's channel: offered to its speaker, seen by nobody else."""

from __future__ import annotations

import pytest

from adapters.playground.playing import Playground

PROMISE = "I'll send you the price list by Friday next week."


async def offers(visitor, person: str = "ana") -> list[dict]:
    """The cards that ask somebody something about their own words."""
    cards = [message for message in await visitor.sees(person) if message["card"]]
    return [m for m in cards if any(b["verb"].startswith("noticed.") for b in m["card"]["buttons"])]


async def test_a_promise_made_in_passing_is_offered_to_its_speaker_alone(visitor) -> None:
    said = await visitor.say("ana", "acme-shared", PROMISE)
    assert said["reply"] is said["form"] is said["error"] is None
    [offer] = await offers(visitor)
    assert offer["place"] == "dm-ana"
    assert "price list" in offer["text"]
    for person in ("ben", "mia", "carla", "carlos", "gus"):
        assert await offers(visitor, person) == []


async def test_track_makes_it_a_promise_that_the_customer_does_not_see_yet(visitor) -> None:
    await visitor.say("ana", "acme-shared", PROMISE)
    tracked = await visitor.press("ana", "noticed.track", "price list")
    assert "Between us" in tracked["reply"]["text"]
    assert await offers(visitor) == []
    seen = [m for m in await visitor.sees("carla") if m["author"] == "kept" and "price list" in m["text"]]
    assert seen == []
    listed = await visitor.say("ana", "dm-ana", "/promise list")
    assert "price list" in listed["reply"]["text"]


async def test_edit_fills_the_form_and_not_a_promise_takes_it_away(visitor) -> None:
    await visitor.say("ana", "acme-shared", PROMISE)
    form = (await visitor.press("ana", "noticed.edit"))["form"]
    values = {field["name"]: field["value"] for field in form["fields"]}
    assert values["title"] == "send the price list"
    assert (await visitor.press("ana", "noticed.dismiss"))["error"] is None
    assert await offers(visitor) == []


@pytest.mark.parametrize("place", ["acme-team", "globex-shared"])
async def test_elsewhere_nothing_is_offered(visitor, place) -> None:
    person = "ana" if place == "acme-team" else "noor"
    await visitor.say(person, place, PROMISE)
    assert await offers(visitor, person) == []


async def test_the_channel_was_told_and_anybody_in_it_can_be_left_out(visitor) -> None:
    told = [m for m in await visitor.sees("carlos") if "reads along" in m["text"]]
    assert [m["place"] for m in told] == ["acme-shared"]
    left = await visitor.press("ana", "reading.leave")
    assert "does not read what you write" in left["reply"]["text"]
    await visitor.say("ana", "acme-shared", PROMISE)
    assert await offers(visitor) == []


async def test_with_carlas_yes_a_bare_yes_of_ours_is_understood(visitor) -> None:
    question = "Could you send us the price list by Friday next week?"
    await visitor.say("ana", "acme-shared", "Sure, will do")
    asked = (await visitor.say("carlos", "acme-shared", question))["message"]
    await visitor.say("ana", "acme-shared", "Sure, will do", reply_to=asked)
    assert await offers(visitor) == []
    assert (await visitor.press("carlos", "reading.agree"))["error"]
    assert (await visitor.press("carla", "reading.agree"))["error"] is None
    asked = (await visitor.say("carlos", "acme-shared", question))["message"]
    await visitor.say("ana", "acme-shared", "Sure, will do", reply_to=asked)
    [offer] = await offers(visitor)
    assert "send the price list" in offer["text"]


async def test_why_explains_the_words_of_the_message_it_is_asked_about(visitor) -> None:
    said = (await visitor.say("ana", "acme-shared", "I'll be out on Friday."))["message"]
    answer = await visitor.say("ana", "acme-shared", "/promise why", reply_to=said)
    assert "where you will be" in answer["reply"]["text"]


async def test_at_night_it_waits_for_the_list_of_the_next_morning(visitor) -> None:
    await visitor.post("advance", to="2026-11-18T22:00:00+01:00")
    await visitor.say("ana", "acme-shared", "I'll send you the price list by 2026-12-04.")
    assert await offers(visitor) == []
    await visitor.post("advance", to="2026-11-19T09:30:00+01:00")
    [listed] = await offers(visitor)
    assert "price list" in listed["text"]


def test_a_message_that_holds_no_promise_is_kept_by_the_platform_alone(playground: Playground) -> None:
    playground.say("ana", "acme-shared", "Have a look at the zebra page when you can.")
    with playground.ports.open_uow(None) as uow:
        assert uow.sightings.open_on("ana") == []
        assert uow.sightings.last_of("ana") is None
