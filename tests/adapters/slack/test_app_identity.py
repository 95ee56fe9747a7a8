"""Who is inside and who is not: decided by Slack's record of the person, never by what a payload says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.people import Unsure
from adapters.slack.fields import Fields
from adapters.slack.identity import describe
from adapters.slack.installations import ACTIVE, Installation
from adapters.slack.places import describe as describe_channel
from bot import sweeps
from fake_slack import TEAM, Fails, Status
from slack_workspace import ANA, BEN, CARLA, GUEST, NOOR, SHARED, SUBJECT, TEAM_ROOM, button, said

BY_FRIDAY = f"Acme: {SUBJECT} by 2026-11-27"
ENTERPRISE = "E0KEPT"


def an_installation(**changes: Any) -> Installation:
    usual: dict[str, Any] = {
        **dict.fromkeys(("enterprise_id", "bot_id", "installed_by", "token", "refresh_token"), None),
        **dict.fromkeys(("expires_at", "circuit_open_until"), None),
        "id": "i",
        "tenant": TEAM,
        "team_id": TEAM,
        "app_id": "A",
        "bot_user_id": "U0KEPT",
        "scopes": (),
        "state": ACTIVE,
        "version": 1,
    }
    return Installation(**{**usual, **changes})


OURS = an_installation()
GRID = an_installation(enterprise_id=ENTERPRISE)


def a_user(**fields: Any) -> Fields:
    return Fields({"id": "U1", "team_id": TEAM, "name": "una", **fields})


def of(enterprise: str, *teams: str) -> dict[str, Any]:
    return {"enterprise_user": {"enterprise_id": enterprise, "teams": list(teams)}}


@pytest.mark.parametrize(
    ("user", "installation", "is_ours"),
    [
        (a_user(), OURS, True),
        (a_user(team_id="T0ACME"), OURS, False),
        (a_user(team_id="T0ACME", is_stranger=True), OURS, False),
        (a_user(is_stranger=True), OURS, False),
        (a_user(team_id=None), OURS, False),
        (a_user(team_id=""), OURS, False),
        (a_user(is_restricted=True), OURS, False),
        (a_user(is_ultra_restricted=True), OURS, False),
        (a_user(deleted=True), OURS, False),
        (a_user(is_bot=True), OURS, False),
        (a_user(is_workflow_bot=True), OURS, False),
        (a_user(is_connector_bot=True), OURS, False),
        (a_user(team_id="T0OTHER", **of("E0ACME", TEAM)), OURS, False),
        (a_user(**of("E0ACME")), OURS, False),
        (a_user(**of(ENTERPRISE)), GRID, True),
        (a_user(team_id="T0SIBLING", **of(ENTERPRISE, "T0SIBLING")), GRID, True),
        (a_user(team_id="T0SIBLING", is_restricted=True, **of(ENTERPRISE)), GRID, False),
        (a_user(team_id="E0ACME", **of("E0ACME")), GRID, False),
        (a_user(**of("E0ACME")), GRID, False),
        (a_user(team_id="T0ACME"), GRID, False),
        (a_user(team_id="T0SIBLING", enterprise_id=ENTERPRISE), GRID, True),
    ],
)
def test_internal_is_whose_home_is_ours_and_nothing_speaks_against_it(user, installation, is_ours):
    assert describe(user, installation).is_ours is is_ours


@pytest.mark.parametrize(
    "user",
    [
        {"id": "U1", "team_id": 7},
        {"id": "U1", "team_id": TEAM, "is_restricted": "perhaps"},
        {"id": "U1", "team_id": TEAM, "enterprise_user": []},
        {"id": None, "team_id": TEAM},
    ],
)
def test_a_record_that_cannot_be_read_makes_nobody_internal(user):
    with pytest.raises(Unsure):
        describe(Fields(user), OURS)


def test_a_guest_in_our_own_workspace_belongs_to_no_organisation():
    assert describe(a_user(is_restricted=True), OURS).organisation is None


def test_people_of_a_grid_organisation_go_by_its_id():
    assert describe(a_user(team_id="T0ACME", **of("E0ACME")), OURS).organisation == "E0ACME"


QUIET = {"id": "C1", "name": "room", "is_shared": False, "is_ext_shared": False}


@pytest.mark.parametrize(
    ("facts", "is_internal"),
    [
        ({}, True),
        ({"is_shared": True, "is_org_shared": True}, True),
        ({"is_ext_shared": True, "is_shared": True}, False),
        ({"is_shared": True}, False),
        ({"is_pending_ext_shared": True}, False),
        ({"pending_shared": ["T0ACME"]}, False),
        ({"pending_connected_team_ids": ["T0ACME"]}, False),
        ({"is_ext_shared": None}, False),
        ({"is_im": True}, False),
    ],
)
def test_a_channel_is_internal_only_when_slack_says_it_all(facts, is_internal):
    assert describe_channel(Fields({**QUIET, **facts}), OURS).is_internal is is_internal


async def test_a_guest_is_outside_whatever_their_workspace(app):
    app.fake.members[SHARED].append(GUEST)
    answer = await app.command(GUEST, SHARED, BY_FRIDAY)
    assert "buttons" in said(answer)
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


async def test_what_the_payload_says_of_the_actors_team_changes_nothing(app):
    await app.has_shown()
    answer = await app.command(CARLA, SHARED, "list", team_domain="kept")
    assert SUBJECT not in said(answer)


async def test_while_slack_does_not_say_who_asks_nothing_is_done_or_told(app):
    app.clock.advance(timedelta(minutes=11))
    app.fake.go_wrong("users.info", Status(503), Fails("internal_error"))
    for _ in range(2):
        answer = await app.command(ANA, TEAM_ROOM, BY_FRIDAY)
        assert "nothing was done" in said(answer)
    assert app.read(lambda uow: uow.promises.numbered(1)) == []
    assert "nothing was done" not in said(await app.command(ANA, TEAM_ROOM, BY_FRIDAY))


async def test_somebody_who_became_a_guest_is_outside_ten_minutes_later(app):
    await app.has_made()
    app.fake.users[ANA]["is_restricted"] = True
    app.clock.advance(timedelta(minutes=11))
    answer = await app.command(ANA, TEAM_ROOM, "list")
    assert SUBJECT not in said(answer)


async def test_nobody_is_told_by_direct_message_what_was_meant_for_a_colleague(app):
    """T43: they left between the nudge being queued and being sent."""
    await app.has_made()
    before = len(app.direct(ANA))
    app.fake.users[ANA]["deleted"] = True
    await app.wait(timedelta(days=8))
    assert app.direct(ANA)[before:] == []


async def test_when_an_owner_is_deactivated_the_lead_can_hand_over_within_the_hour(app):
    """T43: 0 direct messages after the event."""
    await app.has_made("Acme: call back by 2026-11-17")
    before = len(app.direct(ANA))
    app.fake.users[ANA]["deleted"] = True
    left = {"type": "user_change", "user": app.fake.users[ANA]}
    assert await app.event(left) == 200
    app.clock.advance(timedelta(minutes=59))
    sweeps.plan_ahead(app.ports, "worker")
    await app.deliver()
    card = app.direct(BEN)[-1]
    assert "Ana has left, and a promise to Acme needs an owner" in said(card)
    form = await app.press(BEN, button(card, "promise.give"), "D0U0BEN", card["ts"])
    assert form["callback_id"] == "promise.give"
    await app.wait(timedelta(days=3))
    assert app.direct(ANA)[before:] == []


async def test_what_else_changes_about_people_is_not_even_stored(app):
    await app.has_made()
    before = app.fake.seen.count("users.info")
    changed = {"type": "user_change", "user": {**app.fake.users[ANA], "profile": {"real_name": "Ana B."}}}
    assert await app.event(changed) == 200
    assert app.fake.seen.count("users.info") == before


async def test_a_stranger_who_leaves_is_not_looked_up(app):
    gone, before = {"id": "U0NEVERMET", "deleted": True}, app.fake.seen.count("users.info")
    assert await app.event({"type": "user_change", "user": gone}) == 200
    assert app.fake.seen.count("users.info") == before
    assert app.read(lambda uow: uow.people.by_account("slack", "U0NEVERMET")) is None


async def test_slack_is_asked_once_in_ten_minutes_about_one_person(app):
    before = app.fake.seen.count("users.info")
    for _ in range(5):
        await app.command(NOOR, TEAM_ROOM, "list")
    assert app.fake.seen.count("users.info") - before <= 1


async def test_what_people_settled_with_kept_outlives_a_fresh_look_at_slack(app):
    form = await app.command(ANA, TEAM_ROOM, "settings")
    await app.submit(ANA, form, {"zone": "Asia/Tokyo"})
    app.clock.advance(timedelta(minutes=11))
    await app.command(ANA, TEAM_ROOM, "list")
    assert app.read(lambda uow: uow.people.by_account("slack", ANA)).zone == "Asia/Tokyo"
