"""Whatever is sent: no 5xx and no crash; signed and odd is set aside, unsigned leaves no trace."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.db.quarantine import quarantine
from adapters.slack.tables import asks, events
from conftest import SOAK
from fake_slack import APP, BOT_USER, TEAM
from mutations import ODD, RANDOM_SEED, mutated
from slack_requests import FORM, RawRequest, a_command, an_event, an_interaction
from slack_workspace import ANA, CARLA, SHARED, TEAM_ROOM, Kept, button

ROUNDS = 100_000 if SOAK else 600  # G07, G08


def count(app: Kept, engine: Any, table: Any) -> int:
    with engine.begin() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def a_press(**changes: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": CARLA, "team_id": TEAM},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": SHARED, "is_ephemeral": False},
        "channel": {"id": SHARED},
        "trigger_id": "1.2",
        "response_url": "https://evil.example/actions/T/1/x",
        "actions": [{"type": "button", "action_id": "promise.release", "block_id": "b", "value": "1:2:"}],
        **changes,
    }


def a_submission() -> dict[str, Any]:
    state = {
        "title": {"title": {"type": "plain_text_input", "value": "Send it"}},
        "due": {"due": {"type": "plain_text_input", "value": "2026-11-27"}},
        "owner": {"owner": {"type": "users_select", "selected_user": ANA}},
        "partnership": {"partnership": {"type": "radio_buttons", "selected_option": {"value": "x"}}},
    }
    blocks = [{"type": "input", "block_id": "title", "element": {"type": "plain_text_input"}}]
    view = {"id": "V1", "type": "modal", "callback_id": "promise.capture", "private_metadata": "|"}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": ANA},
        "view": {**view, "blocks": blocks, "state": {"values": state}, "app_installed_team_id": TEAM},
        "trigger_id": "1.3",
    }


def a_mention(**changes: Any) -> dict[str, Any]:
    inner = {
        "type": "app_mention",
        "user": ANA,
        "channel": SHARED,
        "ts": "1.1",
        "text": f"<@{BOT_USER}> list",
    }
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": "Ev1",
        "event_time": 1_763_283_600,
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "enterprise_id": None}],
        "event": {**inner, **changes},
    }


SLASH = {
    "command": "/promise",
    "text": "list",
    "user_id": ANA,
    "team_id": TEAM,
    "channel_id": SHARED,
    "trigger_id": "1.4",
}
TAKEN_APART = (a_press(), a_submission(), a_mention(), {**SLASH})


def signed_somehow(payload: dict[str, Any], at: Any) -> RawRequest:
    if payload.get("type") == "event_callback":
        return an_event(payload, at=at)
    if "command" in payload:
        fields = {name: value for name, value in payload.items() if isinstance(value, str)}
        return a_command(
            {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}, at=at
        )
    return an_interaction(payload, at=at)


async def test_signed_and_mutated_payloads_get_no_5xx(app):
    """G08, F08, P06"""
    chance = random.Random(RANDOM_SEED)
    for number in range(ROUNDS):
        payload = mutated(TAKEN_APART[number % len(TAKEN_APART)], chance)
        status, _ = await app.send(signed_somehow(payload, app.clock.now))
        assert status < 500, payload
    await app.settle()


async def test_odd_values_of_a_form_get_no_5xx(app):
    for value in ODD:
        for part in ("value", "selected_user", "selected_option", "selected_date"):
            payload = a_submission()
            payload["view"]["state"]["values"]["title"]["title"] = {part: value}
            status, _ = await app.send(an_interaction(payload, at=app.clock.now))
            assert status < 500, (part, value)
    for blocks in (None, 7, [None], [[]], [{"block_id": "title", "element": 3}], [{"elements": [0]}]):
        payload = a_submission()
        payload["view"]["blocks"] = blocks
        status, _ = await app.send(an_interaction(payload, at=app.clock.now))
        assert status < 500, blocks


async def test_what_no_listener_can_read_is_set_aside(app, sqlite_engine):
    payload = a_submission()
    payload["view"]["state"]["values"]["title"]["title"] = {"value": 7}
    before = count(app, sqlite_engine, quarantine)
    assert (await app.send(an_interaction(payload, at=app.clock.now)))[0] == 200
    assert (await app.send(an_event({"type": "something_new", "team_id": TEAM}, at=app.clock.now)))[0] == 200
    assert count(app, sqlite_engine, quarantine) == before + 2


async def test_recorded_payloads_get_no_5xx(app, shared):
    """As others recorded them at Slack, or published them."""
    found = sorted((shared / "vectors/slack").glob("*.json"))
    assert len(found) > 40
    for path in found:
        recorded = json.loads(path.read_text("utf-8"))
        for payload in recorded if isinstance(recorded, list) else [recorded]:
            for request in _ways_to_send(payload, app.clock.now):
                status, _ = await app.send(request)
                assert status < 500, path.name
    await app.settle()


def _ways_to_send(payload: Any, at: Any) -> list[RawRequest]:
    if isinstance(payload, dict) and "__form__" in payload:
        return [a_command(payload["__form__"], at=at)]
    return [an_event(payload, at=at), an_interaction(payload, at=at)]


async def test_a_recorded_url_verification_is_answered_with_its_challenge(app, shared):
    payload = json.loads((shared / "vectors/slack/url_verification.json").read_text("utf-8"))
    assert await app.send(an_event(payload, at=app.clock.now)) == (200, {"challenge": payload["challenge"]})


async def test_unsigned_requests_leave_no_trace(app, sqlite_engine):
    """T01, T04, G07"""
    chance = random.Random(RANDOM_SEED)
    tables = (quarantine, events, asks)
    before = [count(app, sqlite_engine, each) for each in tables]
    for number in range(ROUNDS):
        sound = signed_somehow(mutated(TAKEN_APART[number % len(TAKEN_APART)], chance), app.clock.now)
        headers = tuple((name, _spoiled(name, value, chance)) for name, value in sound.headers)
        status, _ = await app.send(RawRequest(method="POST", headers=headers, body=sound.body))
        assert status == 401
    await app.settle()
    assert [count(app, sqlite_engine, each) for each in tables] == before


def _spoiled(name: str, value: str, chance: random.Random) -> str:
    if name != "X-Slack-Signature":
        return value
    place = chance.randrange(3, len(value))
    return value[:place] + ("0" if value[place] != "0" else "1") + value[place + 1 :]


async def test_a_look_at_the_certificate_is_answered_and_nothing_else_follows(app, sqlite_engine):
    """P07"""
    before = len(app.fake.seen)
    body = b"ssl_check=1&command=%2Fpromise&text=list&user_id=U0ANA&team_id=T0KEPT"
    request = RawRequest(method="POST", headers=(("Content-Type", FORM),), body=body)
    assert await app.send(request) == (200, None)
    await app.settle()
    assert len(app.fake.seen) == before


async def test_a_replayed_command_has_one_effect(app):
    """T02: the same bytes, signature and all."""
    fields = {**SLASH, "text": "Acme: call by 2026-11-27", "trigger_id": "9.9"}
    request = a_command(fields, at=app.clock.now)
    for _ in range(5):
        assert (await app.send(request))[0] == 200
    found = app.read(lambda uow: [*uow.promises.numbered(1), *uow.promises.numbered(2)])
    assert len(found) == 1


async def test_an_answer_goes_to_slacks_own_address_only(app):
    """T13: nothing is posted to the address in the payload; the answer comes as a dialog instead."""
    before = len(app.fake.calls("views.open"))
    assert (await app.send(an_interaction(a_press(), at=app.clock.now)))[0] == 200
    await app.settle()
    assert len(app.fake.calls("views.open")) == before + 1


async def test_a_body_that_is_too_large_is_refused(app):
    request = an_event({"type": "x" * (1024**2)}, at=app.clock.now)
    answer = await app.client.post("/slack/events", data=io.BytesIO(request.body))
    assert answer.status == 413


@pytest.mark.parametrize(
    "words", ["x" * 3000, "‮evil", "<!channel> everyone", "a​b", "SELECT 1; --", "<b>x</b>"]
)
async def test_odd_words_are_answered_and_never_become_markup(app, words):
    """T14, T16: nothing that was typed notifies anybody."""
    made = await app.command(ANA, TEAM_ROOM, f"Acme: {words} by 2026-11-27")
    assert "<!" not in made.get("text", "")
    if made.get("type") != "modal":
        form = await app.press(ANA, button(made, "promise.share"), TEAM_ROOM)
        await app.submit(ANA, form, {})
    await app.deliver()
    assert "<!" not in json.dumps([each["text"] for each in app.posts(SHARED)])
