from datetime import date, datetime, timedelta

import pytest

from commitments.promise import State

TOMORROW, FRIDAY, NEXT_FRIDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 27)


async def test_without_a_person_there_are_names_and_nothing_else(visitor) -> None:
    state = await visitor.get("state")
    assert [person["id"] for person in state["people"]][:2] == ["ana", "ben"]
    assert state["places"] == state["messages"] == []


async def test_the_clock_of_the_story_has_caught_up_with_the_present(visitor) -> None:
    now = datetime.fromisoformat((await visitor.get("state"))["now"])
    assert abs(now - datetime.fromisoformat("2026-11-18T12:00Z")) < timedelta(seconds=1)


async def test_the_first_of_ours_shares_a_customer_channel_with_the_first_of_theirs(visitor) -> None:
    people = (await visitor.get("state"))["people"]
    ours = next(p["id"] for p in people if p["side"] == "ours")
    theirs = next(p["id"] for p in people if p["side"] == "theirs")
    shared = [
        {
            p["id"]
            for p in (await visitor.get("state", **{"as": who}))["places"]
            if p["audience"] == "customer"
        }
        for who in (ours, theirs)
    ]
    assert people[0]["id"] == ours
    assert shared[0] & shared[1] == {"acme-shared"}


@pytest.mark.parametrize(
    ("person", "places"),
    [
        ("ana", {"acme-shared", "acme-team", "dm-ana"}),
        ("carla", {"acme-shared", "dm-carla"}),
        ("gus", {"globex-shared", "dm-gus"}),
        ("sam", {"dm-sam"}),
    ],
)
async def test_people_see_their_places_only(visitor, person: str, places: set[str]) -> None:
    state = await visitor.get("state", **{"as": person})
    assert {place["id"] for place in state["places"]} == places
    assert {message["place"] for message in state["messages"]} <= places


async def test_the_first_screen_has_something_to_do(visitor) -> None:
    last = (await visitor.sees("ana"))[-1]
    verbs = [button["verb"] for button in last["card"]["buttons"]]
    assert last["place"] == "dm-ana"
    assert verbs == ["promise.on_track", "promise.renegotiate", "promise.done", "promise.ask_release"]


async def test_the_story_so_far_holds_a_kept_promise_a_question_and_a_digest(visitor) -> None:
    said = [m for m in await visitor.sees("carla") if m["place"] == "acme-shared" and m["author"] == "kept"]
    assert any("Kept." in m["text"] and "onboarding guide" in m["text"] for m in said)
    assert any(m["card"]["title"].startswith("Kept together") for m in said)
    assert any(b["verb"] == "promise.confirm" for m in said for b in m["card"]["buttons"])


def test_no_open_promise_of_the_story_falls_on_a_day_visitors_try_first(playground) -> None:
    with playground.ports.open_uow(None) as uow:
        days = {promise.due.at.date() for promise in uow.promises.of_owner("ana", (State.OPEN,))}
    assert days
    assert not days & {TOMORROW, FRIDAY, NEXT_FRIDAY}


async def test_a_reply_is_seen_by_the_one_it_answers_only(visitor) -> None:
    said = await visitor.say("ana", "acme-shared", "/promise list mine")
    assert said["message"] in {m["id"] for m in await visitor.sees("ana")}
    for other in ("ben", "carla"):
        assert said["message"] not in {m["id"] for m in await visitor.sees(other)}


async def test_the_text_of_a_message_is_the_plain_twin_of_its_card(visitor) -> None:
    for message in await visitor.sees("carla"):
        if card := message["card"]:
            assert message["text"].startswith(card["title"])
            assert card["text"] in message["text"]
            assert all(f"[{button['label']}]" in message["text"] for button in card["buttons"])


async def test_an_unknown_person_is_a_malformed_call(visitor) -> None:
    assert "error" in await visitor.get("state", expect=400, **{"as": "nobody"})
