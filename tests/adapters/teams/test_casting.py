"""From what an activity claims to Kept's ids, with a connector that answers or does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.people import FRESH_FOR, NoSuchPerson, Unsure
from adapters.places import UNNAMED
from adapters.teams.casting import NOT_OUR_TENANT, PRIVATE_CHANNEL, NotHere
from adapters.teams.hosts import NotListed
from adapters.teams.whereabouts import Kind
from bot.addresses import PlaceKind
from builders import TENANT
from fake_connector import Refuses, Status, Truncated
from fakes import SettableClock
from teams_activities import ACME, GLOBEX, OURS, personal_id, user_id
from teams_stage import SHARED, TEAM, TEAM_ROOM, AtHome, at_home, in_private, member, whereabouts


@pytest.fixture
async def home(sqlite_engine: Engine, clock: SettableClock) -> AsyncIterator[AtHome]:
    async with at_home(sqlite_engine, clock) as stage:
        yield stage


async def test_a_colleague_in_private_is_met_with_their_chat(home: AtHome) -> None:
    home.fake.rosters[personal_id("Ana")] = [member("Ana")]
    cast = await home.casting.cast(home.here(in_private("Ana")))
    ana, place = home.person("Ana"), home.private("Ana")
    assert (cast.tenant, cast.person_id, cast.is_ours) == (TENANT, ana.id, True)
    assert cast.place_id == cast.private_id == place.id
    assert (ana.zone, ana.locale, ana.organisation) == ("Europe/Berlin", "en-GB", OURS)
    chat = home.references.of_account(TENANT, ana.account)
    assert chat is not None
    assert (chat.conversation_id, chat.user_id) == (personal_id("Ana"), user_id("Ana"))


async def test_who_acts_in_a_channel_is_looked_up_and_everybody_there_is_met(home: AtHome) -> None:
    home.fake.rosters[SHARED] = [member("Ana"), member("Ben"), member("Carla", ACME)]
    cast = await home.casting.cast(home.here(whereabouts("Carla", mentioned=(user_id("Ana"),))))
    place = home.place(SHARED)
    assert cast.person_id == home.person("Carla", tenant=ACME).id
    assert (cast.is_ours, cast.private_id, cast.place_id) == (False, None, place.id)
    assert cast.people == {user_id("Ana"): home.person("Ana").id}
    assert (place.kind, place.organisations) == (PlaceKind.CUSTOMER, frozenset({ACME}))
    assert home.names_in(SHARED) == {"Ana", "Ben", "Carla"}


async def test_a_channel_of_colleagues_alone_is_internal(home: AtHome) -> None:
    assert (await home.gather(TEAM_ROOM, member("Ana"), member("Ben"))).kind is PlaceKind.INTERNAL


async def test_bots_are_not_people(home: AtHome) -> None:
    bot = {"id": "28:another-bot", "name": "Another"}
    assert (await home.gather(TEAM_ROOM, member("Ana"), bot)).kind is PlaceKind.INTERNAL


async def test_teams_is_asked_once_in_ten_minutes(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"), member("Carla", ACME))
    asked = len(home.fake.requests)
    for name in ("Ana", "Carla", "Ana"):
        await home.casting.cast(home.here(whereabouts(name)))
    assert len(home.fake.requests) == asked
    home.clock.advance(FRESH_FOR + timedelta(seconds=1))
    await home.casting.cast(home.here(whereabouts("Ana")))
    assert len(home.fake.requests) == asked + 1


async def test_the_same_actor_and_place_are_written_once(home: AtHome) -> None:
    await home.meet("Ana")
    before = home.person("Ana")
    assert await home.casting.cast(home.here(in_private("Ana"))) is not None
    first = await home.casting.cast(home.here(in_private("Ana")))
    assert await home.casting.cast(home.here(in_private("Ana"))) is first
    assert home.person("Ana") == before


async def test_who_just_came_in_is_looked_up_alone(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"), member("Carla", ACME))
    home.fake.rosters[SHARED].append(member("Carlos", ACME))
    cast = await home.casting.cast(home.here(whereabouts("Carlos")))
    assert cast.person_id == home.person("Carlos", tenant=ACME).id
    assert "Carlos" in home.names_in(SHARED)


@pytest.mark.parametrize("where", [whereabouts("Ana"), in_private("Ana")])
@pytest.mark.parametrize("answer", [Status(503), Refuses(429, "Throttled")])
async def test_without_an_answer_nobody_acts(home: AtHome, where, answer) -> None:
    home.fake.rosters |= {SHARED: [member("Ana")], personal_id("Ana"): [member("Ana")]}
    home.fake.misbehave("members", answer)
    home.fake.misbehave("member", answer)
    with pytest.raises(Unsure):
        await home.casting.cast(home.here(where))


async def test_who_is_not_there_does_not_act(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"))
    with pytest.raises(NoSuchPerson):
        await home.casting.cast(home.here(whereabouts("Mallory")))


async def test_somebody_mentioned_may_stay_unknown(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"))
    cast = await home.casting.cast(home.here(whereabouts("Ana", mentioned=("29:1nobody",))))
    assert cast.people == {}


async def test_private_channels_are_refused_before_anything_is_asked_or_kept(home: AtHome) -> None:
    with pytest.raises(NotHere) as refusal:
        await home.casting.cast(home.here(whereabouts("Ana", channel_type="private")))
    assert refusal.value.reason == PRIVATE_CHANNEL
    assert not home.fake.requests
    assert home.references.find(TENANT, SHARED) is None


@pytest.mark.parametrize("kind", [Kind.CHANNEL, Kind.GROUP])
async def test_a_foreign_conversation_without_one_of_ours_is_refused(home: AtHome, kind: Kind) -> None:
    home.fake.rosters[SHARED] = [member("Gus", GLOBEX)]
    with pytest.raises(NotHere) as refusal:
        await home.casting.cast(home.here(whereabouts("Gus", kind=kind, host=GLOBEX)))
    assert refusal.value.reason == NOT_OUR_TENANT
    assert home.references.find(TENANT, SHARED) is None


async def test_a_personal_chat_in_a_foreign_tenant_is_refused(home: AtHome) -> None:
    home.fake.rosters[personal_id("Gus")] = [member("Gus", GLOBEX)]
    with pytest.raises(NotHere):
        await home.casting.cast(home.here(in_private("Gus", host=GLOBEX)))
    assert home.work(lambda uow: uow.people.ours()) == []


async def test_an_address_that_is_not_listed_is_neither_called_nor_kept(home: AtHome) -> None:
    with pytest.raises(NotListed):
        await home.casting.cast(whereabouts("Ana", service_url="https://evil.example/"))
    with pytest.raises(NoSuchPerson):
        await home.casting.cast(in_private("Ana", service_url="https://evil.example/"))
    assert not home.fake.requests


async def test_a_name_told_once_stays(home: AtHome) -> None:
    place = await home.gather(SHARED, member("Ana"), channel_name="Acme and us")
    assert place.name == "Acme and us"
    assert (await home.gather(SHARED, member("Ana"))).name == "Acme and us"


async def test_a_channel_has_the_name_and_the_type_that_its_team_lists(home: AtHome) -> None:
    home.fake.teams[TEAM] = [
        {"id": TEAM, "name": None},
        {"id": SHARED, "name": "Acme and us", "type": "shared"},
        {"id": TEAM_ROOM, "name": "Board", "type": "Private"},
    ]
    place = await home.gather(SHARED, member("Ana"))
    assert (place.name, place.kind) == ("Acme and us", PlaceKind.CUSTOMER)
    assert (await home.gather(TEAM, member("Ana"))).name == UNNAMED
    with pytest.raises(NotHere) as refusal:
        await home.gather(TEAM_ROOM, member("Ana"))
    assert refusal.value.reason == PRIVATE_CHANNEL
    assert [each.call for each in home.fake.requests] == ["channels", "members", "members"]


@pytest.mark.parametrize("answer", [Status(503), Truncated(), Refuses(403, "Forbidden")])
async def test_a_channel_without_a_list_has_no_name_and_works(home: AtHome, answer) -> None:
    home.fake.misbehave("channels", answer)
    place = await home.gather(SHARED, member("Ana"), member("Carla", ACME))
    assert (place.name, place.organisations) == (UNNAMED, frozenset({ACME}))


async def test_taken_out_of_a_team_kept_forgets_all_its_channels(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"))
    await home.gather(TEAM_ROOM, member("Ana"))
    await home.meet("Ana")
    where = home.here(whereabouts("Ana"))
    await home.casting.leave(where)
    assert home.references.find(TENANT, SHARED) is None
    assert home.references.find(TENANT, TEAM_ROOM) is not None
    await home.casting.leave(where, whole_team=True)
    assert home.references.in_team(TENANT, TEAM) == []
    assert home.references.of_account(TENANT, home.person("Ana").account) is not None


async def test_who_was_met_before_they_acted_gets_their_zone_when_they_do(home: AtHome) -> None:
    await home.gather(TEAM_ROOM, member("Ana"))
    assert home.person("Ana").zone == "UTC"
    await home.casting.cast(home.here(whereabouts("Ana", TEAM_ROOM)))
    assert home.person("Ana").zone == "Europe/Berlin"
    await home.casting.cast(home.here(whereabouts("Ana", TEAM_ROOM, zone="Asia/Tokyo")))
    assert home.person("Ana").zone == "Europe/Berlin"


async def test_a_zone_that_is_none_is_not_taken(home: AtHome) -> None:
    home.fake.rosters[personal_id("Ana")] = [member("Ana")]
    await home.casting.cast(home.here(replace(in_private("Ana"), zone="../../etc/passwd", locale="x" * 500)))
    ana = home.person("Ana")
    assert (ana.zone, len(ana.locale)) == ("UTC", 20)
