"""Two platforms, one record: a colleague on Slack and on Teams, linked by both accounts."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.people import FRESH_FOR
from bot.addresses import Place
from bot.cards import Card, Mention, Paragraph
from bot.plain import plain_text
from bot.router import handle
from bot.turns import Ask, Press, Refused, Reply
from builders import TENANT, a_person, a_private_place
from commitments.partnership import Person
from teams_activities import OURS, personal_id, user_id
from teams_stage import AtHome, in_private, member, whereabouts

ON_SLACK = a_person("Ana on Slack", platform="slack", account="U024BE7LH", zone="Europe/Berlin")


@pytest.fixture
async def linked(home: AtHome, room: Place) -> AtHome:
    """Ana is shown a code on Slack and says it on Teams."""

    def arrive(uow):
        uow.people.add(ON_SLACK)
        uow.places.add(a_private_place(ON_SLACK, platform="slack", route=ON_SLACK.account))

    home.work(arrive)
    shown = plain_text(say(home, ON_SLACK.id, "settings link").card)
    code = re.search(r"settings link (\S+-\S+?)[\s.”]*$", shown, re.M)
    assert code is not None, shown
    there = home.person("Ana")
    asked = say(home, there.id, f"settings link {code[1]}").card
    press = Press(verb="identity.link", value=asked.buttons[0].value, **by(home, there.id, "press"))
    assert isinstance(handle(home.ports, press), Reply)
    return home


def by(home: AtHome, person_id: str, key: str) -> dict[str, object]:
    return {"tenant": TENANT, "person_id": person_id, "place_id": None, "now": home.clock.now, "key": key}


def say(home: AtHome, person_id: str, words: str) -> Reply:
    outcome = handle(home.ports, Ask(command="promise", words=words, **by(home, person_id, words)))
    assert isinstance(outcome, Reply), outcome
    return outcome


def ana(home: AtHome) -> Person:
    found = home.work(lambda uow: uow.people.get(ON_SLACK.id))
    assert found is not None
    return found


async def test_who_acts_on_teams_acts_as_the_person_known_on_slack(linked: AtHome) -> None:
    assert isinstance(say(linked, linked.person("Ana").id, "list mine"), Reply)
    linked.clock.now += FRESH_FOR + timedelta(seconds=1)
    cast = await linked.casting.cast(linked.here(in_private("Ana")))
    assert cast.person_id == ON_SLACK.id
    place = linked.work(lambda uow: uow.places.get(cast.place_id or ""))
    assert place is not None
    assert (place.platform, place.person_id) == ("teams", ON_SLACK.id)


async def test_their_roles_came_along(linked: AtHome) -> None:
    roles = linked.work(lambda uow: uow.partnerships.roles_of(ON_SLACK.id))
    assert roles


async def test_a_nudge_goes_to_the_platform_they_chose(linked: AtHome) -> None:
    prefer = {"slack": None, "teams": "teams"}
    found = {}
    for platform, wanted in prefer.items():
        linked.work(lambda uow, w=wanted: uow.people.save(replace(ana_in(uow), prefers=w)))
        found[platform] = linked.work(lambda uow: uow.places.private_of(ON_SLACK.id)).platform
    assert found == {"slack": "slack", "teams": "teams"}


def ana_in(uow) -> Person:
    found = uow.people.get(ON_SLACK.id)
    assert found is not None
    return found


async def test_they_are_written_to_and_mentioned_on_teams_by_their_account_there(
    linked: AtHome, room: Place
) -> None:
    card = Card(title="x", blocks=(Paragraph((Mention(ON_SLACK.id, "Ana"),)),))
    await asyncio.to_thread(linked.chat.post, room, card, key="k1")
    private = linked.work(lambda uow: uow.places.private_of(ON_SLACK.id, "teams"))
    assert private is not None
    await asyncio.to_thread(linked.chat.post, private, card, key="k2")
    in_channel, alone = linked.fake.posts
    assert user_id("Ana") in str(in_channel.activity)
    assert alone.conversation == personal_id("Ana")


async def test_an_account_that_left_us_stands_for_nobody_any_more(linked: AtHome) -> None:
    linked.clock.now += FRESH_FOR + timedelta(seconds=1)
    linked.fake.rosters[personal_id("Ana")] = [member("Ana", OURS, "guest")]
    cast = await linked.casting.cast(linked.here(in_private("Ana")))
    assert cast.person_id != ON_SLACK.id
    outcome = handle(linked.ports, Ask(command="promise", words="list", **by(linked, cast.person_id, "late")))
    assert isinstance(outcome, Refused)


async def test_in_a_channel_they_are_one_member(linked: AtHome, room: Place) -> None:
    cast = await linked.casting.cast(linked.here(whereabouts("Ana")))
    members = linked.work(lambda uow: uow.places.members(room.id))
    assert cast.person_id in members
    assert linked.person("Ana").id not in members
