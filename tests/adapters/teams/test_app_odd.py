"""Whatever is sent: no 5xx and no crash; the genuine is set aside, the rest leaves no trace."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest
from sqlalchemy import Engine, Table, func, select

from adapters.db.quarantine import quarantine
from adapters.teams import activities
from adapters.teams.app import Teams
from adapters.teams.shapes import Heeded, Unheeded, Unknown
from adapters.teams.tables import asks, conversations
from adaptive_card_rules import clickable, mentioned, wrong_with_card
from conftest import SOAK
from mutations import ODD, RANDOM_SEED, mutated
from teams_activities import OURS, carrying, executed, invoke, mention, object_id, personal_id, user_id
from teams_activities import activity as an_activity
from teams_tenant import (
    ANA,
    BEN,
    CARLA,
    NOOR,
    SHARED,
    TEAM_ROOM,
    Kept,
    action,
    entered,
    environment,
    shown,
    verbs,
    words,
)

ROUNDS = 100_000 if SOAK else 400
READ = 10_000


def count(engine: Engine, table: Table) -> int:
    with engine.begin() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def taken_apart(app: Kept) -> list[dict[str, Any]]:
    """One of every kind."""
    here = {"service_url": app.fake.service_url}
    there = {**here, **app.at(SHARED)}
    ana, press = personal_id(ANA), {"verb": "promise.release", "data": {"kept": "1:2:"}}
    quoted = {"id": "1", "body": {"contentType": "html", "content": "<p>send it</p>"}, "linkToMessage": "x"}
    filled = carrying("promise.capture", "0" * 31 + "1", title="Send it", due="2026-11-27", owner="x")
    return [
        app.words(ANA, "promise Acme: call by 2026-11-27"),
        app.words(BEN, "promise list", place=SHARED),
        app.words(CARLA, "hello @ben", BEN, place=SHARED),
        executed(ANA, ana, press, **here),
        executed(CARLA, SHARED, press, replyToId="1", **there),
        an_activity("message", ANA, ana, value=carrying("promise.done", "1:a:"), **here),
        invoke("task/fetch", ANA, ana, {"data": carrying("teams.open_form", "1")}, **here),
        invoke("task/submit", ANA, ana, {"data": filled}, **here),
        invoke("composeExtension/fetchTask", ANA, ana, {"commandId": "t", "messagePayload": quoted}, **here),
        invoke("composeExtension/submitAction", ANA, ana, {"commandId": "t", "data": filled}, **here),
        invoke("composeExtension/query", ANA, ana, {"parameters": [{"name": "w", "value": "a"}]}, **here),
        an_activity("installationUpdate", BEN, TEAM_ROOM, action="add", **here, **app.at(TEAM_ROOM)),
        an_activity("conversationUpdate", BEN, SHARED, membersAdded=[{"id": user_id(ANA)}], **there),
    ]


def the_url(app: Kept, payload: dict[str, Any]) -> str:
    """What its token is for: a mutated address has a token of its own."""
    url = payload.get("serviceUrl")
    return url if isinstance(url, str) else app.fake.service_url


async def test_genuine_and_mutated_activities_get_no_5xx(app):
    """G08"""
    chance, kinds = random.Random(RANDOM_SEED), taken_apart(app)
    for number in range(ROUNDS):
        payload = mutated(kinds[number % len(kinds)], chance)
        status, _ = await app.send(payload, serviceurl=the_url(app, payload))
        assert status < 500, payload
    await app.deliver()


async def test_mutated_activities_are_always_read_as_something(app):
    """G08: every one is acted on, left, or set aside; none is a crash."""
    chance, kinds, found = random.Random(RANDOM_SEED), taken_apart(app), set()
    for number in range(READ):
        payload = mutated(mutated(kinds[number % len(kinds)], chance), chance)
        shape = activities.read(payload, app.fake.service_url)
        assert isinstance(shape, (Heeded, Unheeded, Unknown))
        found.add(type(shape).__name__)
    assert {"Unknown", "Unheeded", "Message", "CardAction", "DialogSubmit"} <= found


async def test_odd_values_in_a_form_get_no_5xx(app):
    for value in ODD:
        task = await app.open_form(ANA, await app.say(ANA, "promise"))
        [press] = [each for each in _actions(task) if each["type"] == "Action.Submit"]
        data = {**press["data"], "title": value, "due": value, "due:day": value, "owner": value, "x": value}
        task = await app.dialog(ANA, "task/submit", data)
        assert task["type"] in ("continue", "message")


def _actions(task: dict[str, Any]) -> list[dict[str, Any]]:
    rows = (part["actions"] for part in task["value"]["card"]["content"]["body"] if "actions" in part)
    return [each for row in rows for each in row]


async def test_recorded_payloads_are_answered(app, shared):
    """As the emulator sent them, or as they were published."""
    found = sorted((shared / "vectors/teams").glob("*.json"))
    assert len(found) > 20
    for path in found:
        payload = json.loads(path.read_text("utf-8")) | {"serviceUrl": app.fake.service_url}
        status, _ = await app.send({"channelId": "msteams", **payload})
        assert status == 200, path.name
    await app.deliver()


async def test_what_no_shape_fits_is_set_aside_and_answered_kindly(app, sqlite_engine):
    before = count(sqlite_engine, quarantine)
    odd = executed(ANA, personal_id(ANA), {"verb": "x", "data": {}}, service_url=app.fake.service_url)
    odd["value"]["action"]["data"] = ["not", "an", "object"]
    status, answer = await app.send(odd)
    assert (status, answer["statusCode"]) == (200, 200)
    assert "could not read" in answer["value"]
    assert count(sqlite_engine, quarantine) == before + 1


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/fetchTask", "composeExtension/query"])
async def test_an_invocation_that_cannot_be_read_has_an_answer_of_its_kind(app, name):
    odd = invoke(name, ANA, personal_id(ANA), {"data": 7}, service_url=app.fake.service_url)
    odd["from"] = {}
    status, answer = await app.send(odd)
    assert status == 200
    assert "could not read" in words(answer)


@pytest.mark.parametrize("name", ["signin/verifyState", "message/submitAction", "fileConsent/invoke", "x"])
async def test_invocations_kept_does_not_know_are_answered_with_nothing(app, name):
    payload = invoke(name, ANA, personal_id(ANA), {}, service_url=app.fake.service_url)
    assert await app.send(payload) == (200, None)


async def test_what_is_not_genuine_leaves_no_trace(app, sqlite_engine):
    """T09: nothing is read of it, whatever it says."""
    tables = (quarantine, asks, conversations)
    before = [count(sqlite_engine, each) for each in tables], len(app.fake.requests)
    for number, payload in enumerate(taken_apart(app)):
        claims = ({"aud": "another-app"}, {"exp": 1}, {"iss": "https://evil.example"})[number % 3]
        assert await app.send(payload, **claims) == (401, {"error": "unauthorized"})
        answer = await app.client.post("/api/messages", json=payload)
        assert answer.status == 401
    assert ([count(sqlite_engine, each) for each in tables], len(app.fake.requests)) == before


async def test_nothing_is_sent_to_an_address_that_is_not_listed(app, sqlite_engine):
    """A genuine token for a foreign address: refused, kept for an operator to see, and not called."""
    before = len(app.fake.requests)
    payload = app.words(ANA, "help") | {"serviceUrl": "https://evil.example/"}
    assert (await app.send(payload))[0] == 401
    assert count(sqlite_engine, quarantine) == 1
    assert len(app.fake.requests) == before


async def test_a_body_that_is_too_large_is_refused(app):
    body = json.dumps(app.words(ANA, "x" * 1024**2))
    headers = {"Authorization": app.login.bearer(serviceurl=app.fake.service_url)}
    answer = await app.client.post("/api/messages", data=io.BytesIO(body.encode()), headers=headers)
    assert answer.status == 413


@pytest.mark.parametrize(
    "text", ["x" * 3000, "\u202eevil", "<at>everyone</at>", "a\u200bb", "SELECT 1; --", "[x](https://e)"]
)
async def test_odd_words_are_answered_and_never_become_markup(app, text):
    """T15, T16: nothing that was typed notifies anybody, or leads anywhere."""
    before = len(app.fake.posts)
    made = await app.has_made(f"promise Acme: {text} by 2026-11-27")
    if "promise.share" in verbs(made):
        await app.fill(ANA, await app.press(ANA, action(made, "promise.share")))
    await app.deliver()
    for post in app.fake.posts[before:]:
        card = shown(post.activity)
        assert wrong_with_card(card) == []
        assert not set(mentioned(card)) - {user_id(name) for name in (ANA, BEN)}
        assert [url for url in clickable(card) if not url.startswith("https://kept.example")] == []


async def test_an_id_of_ours_typed_by_hand_is_nobody(app):
    noor = app.read(lambda uow: uow.people.by_account("teams", f"{OURS}/{object_id(NOOR)}"))
    made = await app.say(ANA, f"promise Acme: call <@{noor.id}> by 2026-11-27")
    assert "noor" not in words(made).casefold()


async def test_a_mention_entity_without_its_tag_in_the_text_is_harmless(app):
    payload = app.words(ANA, "promise list", place=TEAM_ROOM)
    payload["entities"] += [
        mention(user_id(BEN), "Ben"),
        {"type": "mention", "mentioned": {"id": "29:nobody"}},
    ]
    assert (await app.send(payload))[0] == 200


@pytest.mark.parametrize("app_id", ["", None])
def test_without_an_app_id_kept_refuses_to_start(sqlite_engine, clock, teams, login, app_id):
    """P13: an empty id would make every token one for us."""
    with pytest.raises(ValueError, match="app id"):
        Teams(
            environment(teams, login, app_id=app_id),
            sqlite_engine,
            now=clock,
            monotonic=lambda: 0.0,
            sleep=lambda _: None,
            our_tenants=frozenset({"t"}),
        )


async def test_a_form_keeps_what_nobody_touched(app):
    task = await app.open_form(
        ANA, await app.say(ANA, "promise send the very long report sometime", place=SHARED)
    )
    before = entered(task["value"]["card"]["content"])
    again = await app.submit(ANA, task, due="never ever")
    after = entered(again["value"]["card"]["content"])
    assert {name: after[name] for name in before if not name.startswith("due")} == {
        name: value for name, value in before.items() if not name.startswith("due")
    }
