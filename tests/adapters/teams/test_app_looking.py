"""Cards in a shared channel, refreshed in place for the one who looks: what they may press, no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.teams.cards import LOOK
from adaptive_card_rules import wrong_with_card
from fake_connector import Refuses
from teams_activities import ACME, executed, user_id
from teams_tenant import (
    ANA,
    BEN,
    CARLA,
    CARLOS,
    GLOBEX_SHARED,
    GUS,
    NOOR,
    SHARED,
    TEAM_ROOM,
    Kept,
    action,
    member,
    shown,
    verbs,
    words,
)

CUSTOMERS = ["promise.how_is_it", "promise.release"]
OWNERS = ["promise.done", "promise.renegotiate"]
NOTE = "Legal is slow, do not tell them"


def card_in(app: Kept, n: int = -1) -> tuple[str, dict[str, Any]]:
    """A message in the shared channel, as it stands now."""
    sent = [each for each in app.fake.posts if each.conversation.partition(";")[0] == SHARED][n]
    edits = [each.activity for each in app.fake.updates if each.id == sent.id]
    return sent.id, shown(edits[-1] if edits else sent.activity)


async def looks(app: Kept, actor: str, n: int = -1, **more: Any) -> dict[str, Any]:
    """What a client shows that person, once it has asked as the card says."""
    message, card = card_in(app, n)
    asks = card["refresh"]["action"] if "refresh" in card else {"verb": LOOK, "data": {}}
    how = {"trigger": "automatic", **more}
    return await app.press(actor, asks, how.pop("place", SHARED), how.pop("message", message), **how)


def effects(app: Kept) -> Any:
    def stored(uow: Any) -> list[Any]:
        promises = uow.promises.numbered(1)
        return [*promises, *(uow.promises.facts(each.id) for each in promises)]

    return app.read(stored), len(app.fake.posts), len(app.fake.updates)


async def test_the_card_names_those_of_us_who_see_something_else(app, shared):
    await app.has_shown()
    _, card = card_in(app)
    assert card["refresh"]["userIds"] == [user_id(ANA), user_id(BEN)]
    assert verbs(card["body"]) == CUSTOMERS
    assert wrong_with_card(card, shared) == []


async def test_the_owner_is_offered_what_an_owner_can_do_and_the_words_stay_the_same(app, shared):
    await app.has_shown()
    _, card = card_in(app)
    seen = await looks(app, ANA)
    assert verbs(seen) == OWNERS
    assert [each for each in seen["body"] if each["type"] != "ActionSet"] == [
        each for each in card["body"] if each["type"] != "ActionSet"
    ]
    assert "refresh" not in seen
    assert wrong_with_card(seen, shared) == []


async def test_l33_nothing_internal_is_in_what_anybody_is_shown(app):
    await app.has_shown()
    await app.say(ANA, f"promise note P-1 {NOTE}")
    await app.deliver()
    _, card = card_in(app)
    drawn = [card, *[await looks(app, name) for name in (ANA, BEN, CARLA)]]
    drawn.append(await app.press(ANA, action(await looks(app, ANA), "promise.done"), SHARED))
    for each in drawn:
        assert NOTE not in words(each)


async def test_a_colleague_without_a_part_in_it_is_offered_nothing(app):
    app.fake.rosters[SHARED].append(member(NOOR))
    app.clock.advance(timedelta(minutes=11))
    await app.say(BEN, "promise list", place=SHARED)
    await app.has_shown()
    _, card = card_in(app)
    assert card["refresh"]["userIds"] == [user_id(ANA), user_id(BEN), user_id(NOOR)]
    assert verbs(await looks(app, NOOR)) == []


@pytest.mark.parametrize("customer", [CARLA, CARLOS])
async def test_a_customer_who_asks_is_shown_the_card_that_everybody_has(app, customer):
    await app.has_shown()
    assert verbs(await looks(app, customer, trigger="manual")) == CUSTOMERS


async def test_where_the_customer_hosts_the_channel_we_are_still_we(app):
    """L28."""
    await app.has_shown()
    assert verbs(await looks(app, ANA, host=ACME)) == OWNERS


async def test_an_owner_renegotiates_from_the_card_in_the_channel_and_nobody_sees_the_form(app):
    await app.has_shown()
    before = len(app.posts(SHARED))
    form = await app.press(ANA, action(await looks(app, ANA), "promise.renegotiate"), SHARED, card_in(app)[0])
    await app.fill(ANA, form, SHARED, due="2026-12-04", reason="The auditor is late")
    assert len(app.posts(SHARED)) == before
    await app.deliver()
    assert verbs(await looks(app, ANA)) == ["promise.done", "renegotiation.take_back"]
    answers = ["renegotiation.accept", "renegotiation.counter", "renegotiation.decline"]
    assert verbs(card_in(app)[1]["body"]) == answers


async def test_the_question_in_the_thread_offers_the_owner_no_answer_to_themselves(app):
    await app.has_offered()
    asked = card_in(app)[1]
    assert asked["refresh"]["userIds"] == [user_id(ANA), user_id(BEN)]
    assert "renegotiation.accept" not in verbs(await looks(app, ANA))


@pytest.mark.parametrize("verb", ["promise.how_is_it", "promise.release", "promise.done", "promise.undo"])
@pytest.mark.parametrize("actor", [ANA, CARLA])
async def test_what_a_client_asks_by_itself_has_no_effect_whatever_it_names(app, actor, verb):
    await app.has_shown()
    message, card = card_in(app)
    carried = action(card, "promise.release")["data"]
    before = effects(app)
    await app.press(actor, {"verb": verb, "data": carried}, SHARED, message, trigger="automatic")
    await app.deliver()
    assert effects(app) == before


async def test_asking_by_hand_is_no_press_either(app):
    await app.has_shown()
    before = effects(app)
    assert verbs(await looks(app, ANA, trigger="manual")) == OWNERS
    await app.deliver()
    assert effects(app) == before


async def test_looking_again_shows_what_has_changed_since(app):
    await app.has_shown()
    await looks(app, ANA)
    await app.say(ANA, "promise done P-1")
    await app.deliver()
    assert "promise.done" not in verbs(await looks(app, ANA))


@pytest.mark.parametrize("actor", [ANA, GUS, "eve"])
async def test_l34_a_card_that_was_passed_on_shows_nothing_new(app, actor):
    await app.has_shown()
    for place in (GLOBEX_SHARED, TEAM_ROOM):
        assert await looks(app, actor, place=place) == {"message": ""}


async def test_l31_who_was_taken_out_of_the_channel_keeps_what_they_saw(app):
    await app.has_shown()
    app.fake.rosters[SHARED] = [each for each in app.fake.rosters[SHARED] if each["name"] != "Carla"]
    app.clock.advance(timedelta(minutes=11))
    assert await looks(app, CARLA) == {"message": ""}


async def test_while_teams_does_not_tell_who_looks_they_keep_what_they_saw(app):
    await app.has_shown()
    app.clock.advance(timedelta(minutes=11))
    app.fake.misbehave("members", Refuses(503, "ServiceUnavailable"))
    app.fake.misbehave("member", Refuses(503, "ServiceUnavailable"))
    assert await looks(app, ANA) == {"message": ""}
    assert verbs(await looks(app, ANA)) == OWNERS


@pytest.mark.parametrize("message", ["", "1", "f:0"])
async def test_a_message_that_is_none_of_ours_shows_nothing_new(app, message):
    await app.has_shown()
    assert await looks(app, ANA, message=message) == {"message": ""}


async def test_an_activity_without_the_card_it_was_on_shows_nothing_new(app):
    await app.has_shown()
    asks = {"verb": LOOK, "data": {}}
    sent = executed(
        ANA, SHARED, asks, service_url=app.fake.service_url, trigger="automatic", **app.at(SHARED)
    )
    status, body = await app.send(sent)
    assert (status, body["value"]) == (200, "")
