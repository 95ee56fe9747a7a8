"""Ways in which something meant for us could reach a customer on Teams, by their numbers.

L34, a card that is pressed elsewhere, needs a request that comes in: see test_app_channels.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.people import FRESH_FOR, NoSuchPerson
from adapters.teams.chat import OUTSIDER
from adapters.teams.whereabouts import Kind
from bot.addresses import Place, PlaceKind
from bot.cards import Button, Card, Mention, Paragraph
from bot.ports import ChatError
from bot.scene import actor_of
from builders import TENANT, a_partnership, a_promise
from commitments.access import Actor
from fake_connector import Status
from teams_activities import ACME, GLOBEX, OURS, object_id, personal_id, user_id
from teams_stage import SHARED, TEAM_ROOM, AtHome, member, whereabouts

GLOBEX_PARTNERSHIP = a_partnership("Globex")
CARD = Card(
    title="Send the SOC 2 report",
    blocks=(Paragraph(("by Friday",)),),
    buttons=(Button(verb="promise.confirm", label="Confirm", value="0" * 32),),
)


def actor(home: AtHome, name: str, tenant: str = OURS) -> Actor:
    return home.work(lambda uow: actor_of(uow, home.person(name, uow, tenant)))


async def post(home: AtHome, place: Place, card: Card = CARD) -> str:
    try:
        return (await asyncio.to_thread(home.chat.post, place, card, key="k")).key
    except ChatError as error:
        return error.reason


def parts(drawn: Any) -> Iterator[dict[str, Any]]:
    if isinstance(drawn, dict):
        yield drawn
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for each in drawn:
            yield from parts(each)


async def test_l27_the_tenant_that_hosts_says_nothing_of_who_sends(home: AtHome, room: Place) -> None:
    """All that an activity of Carla's says of tenants is ours; her object id is said to be Ana's."""
    where = whereabouts("Carla", host=OURS, actor_object_id=object_id("Ana"))
    cast = await home.casting.cast(home.here(where))
    assert cast.person_id == home.person("Carla", tenant=ACME).id
    assert not cast.is_ours
    assert not actor(home, "Carla", ACME).is_ours


async def test_l27_without_a_tenant_of_their_own_somebody_is_a_stranger(home: AtHome) -> None:
    await home.gather(SHARED, member("Ana"), member("Somebody", None))
    cast = await home.casting.cast(home.here(whereabouts("Somebody")))
    assert not cast.is_ours
    assert home.place(SHARED).kind is PlaceKind.CUSTOMER
    assert home.person("Somebody", tenant="unknown").organisation is None


async def test_l28_where_the_customer_hosts_we_are_still_we(home: AtHome) -> None:
    roster = member("Ana"), member("Ben"), member("Carla", ACME)
    place = await home.gather(SHARED, *roster, host=ACME)
    await home.link(place)
    ana = await home.casting.cast(home.here(whereabouts("Ana", host=ACME)))
    carla = await home.casting.cast(home.here(whereabouts("Carla", host=ACME)))
    assert (ana.tenant, ana.is_ours) == (carla.tenant, True) == (TENANT, True)
    assert not carla.is_ours
    assert home.place(SHARED).kind is PlaceKind.CUSTOMER
    assert actor(home, "Carla", ACME).customer_of
    assert await post(home, home.place(SHARED)) == home.fake.posts[0].id


async def test_l28_kept_falls_silent_where_the_customer_hosts_and_we_have_gone(home: AtHome) -> None:
    roster = member("Ana"), member("Carla", ACME)
    await home.link(await home.gather(SHARED, *roster, host=ACME))
    home.fake.rosters[SHARED] = [member("Carla", ACME)]
    home.clock.advance(FRESH_FOR)
    assert await post(home, home.place(SHARED)) == "nobody_of_ours"
    assert not home.fake.posts


async def test_l29_a_guest_of_our_own_tenant_is_from_outside(home: AtHome) -> None:
    guest = member("Guest", OURS, "guest")
    place = await home.gather(TEAM_ROOM, member("Ana"), guest)
    cast = await home.casting.cast(home.here(whereabouts("Guest", TEAM_ROOM)))
    assert place.kind is PlaceKind.CUSTOMER
    assert (cast.is_ours, cast.private_id) == (False, None)
    assert not actor(home, "Guest").customer_of


async def test_l30_everybody_counts_on_whichever_page_they_stand(home: AtHome) -> None:
    ours = [member("Ana"), *(member("Ben", aadObjectId=f"{n:08}", id=f"29:{n}") for n in range(1200))]
    assert (await home.gather(TEAM_ROOM, *ours)).kind is PlaceKind.INTERNAL
    assert (await home.gather(TEAM_ROOM, *ours, member("Gus", GLOBEX))).kind is PlaceKind.CUSTOMER


async def test_l30_a_channel_shared_with_a_team_is_a_customers_before_anybody_is_seen(home: AtHome) -> None:
    assert (await home.gather(TEAM_ROOM, member("Ana"))).kind is PlaceKind.INTERNAL
    assert (await home.gather(TEAM_ROOM, member("Ana"), channel_type="shared")).kind is PlaceKind.CUSTOMER
    assert (await home.gather(TEAM_ROOM, member("Ana"))).kind is PlaceKind.CUSTOMER


async def test_l30_whoever_came_with_a_team_is_seen_without_an_event_of_their_own(
    home: AtHome, room: Place
) -> None:
    home.fake.rosters[SHARED] += [member("Gus", GLOBEX), member("Gil", GLOBEX)]
    await home.casting.bring_in(home.here(whereabouts("Ana", channel_type="shared")))
    assert home.names_in(SHARED) == {"Ana", "Ben", "Carla", "Gus", "Gil"}
    assert home.place(SHARED).partnership_id is None
    assert await post(home, room) == "organisations_changed"


async def test_a_channel_somebody_unknown_came_into_is_confirmed_again_before_kept_speaks(
    home: AtHome, room: Place
) -> None:
    """L09, L37: such as somebody from outside who joined a meeting without an account."""
    home.fake.rosters[SHARED].append({"id": "29:nobody", "name": "Gus (Guest)", "userRole": "anonymous"})
    home.clock.advance(FRESH_FOR)
    assert await post(home, room) == "organisations_changed"
    assert home.place(SHARED).partnership_id is None
    assert not home.fake.posts


@pytest.mark.parametrize("is_told", [True, False])
async def test_l31_who_was_taken_out_acts_no_more(home: AtHome, room: Place, is_told: bool) -> None:
    await home.casting.cast(home.here(whereabouts("Carla")))
    assert actor(home, "Carla", ACME).customer_of
    home.fake.rosters[SHARED] = [member("Ana"), member("Ben")]
    if is_told:
        await home.casting.bring_in(home.here(whereabouts("Ana")))
    else:
        home.clock.advance(FRESH_FOR + timedelta(seconds=1))
    with pytest.raises(NoSuchPerson):
        await home.casting.cast(home.here(whereabouts("Carla")))
    assert not actor(home, "Carla", ACME).in_channel_of


async def test_l32_nothing_is_said_to_a_customer_in_private_nor_elsewhere_instead(
    home: AtHome, room: Place
) -> None:
    carla = home.private("Carla", ACME)
    assert await post(home, carla) == OUTSIDER
    assert not home.fake.posts
    assert not home.fake.creations


async def test_l32_a_guest_with_a_personal_chat_of_their_own_is_not_written_to_either(home: AtHome) -> None:
    home.fake.rosters[personal_id("Guest")] = [member("Guest", OURS, "guest")]
    where = whereabouts("Guest", personal_id("Guest"), kind=Kind.PERSONAL)
    await home.casting.cast(home.here(where))
    assert await post(home, home.private("Guest")) == OUTSIDER
    assert not home.fake.posts


async def test_l33_what_is_posted_in_a_channel_hides_nothing(home: AtHome, room: Place) -> None:
    await post(home, room)
    (sent,) = home.fake.posts
    names = {name for part in parts(sent.activity) for name in part}
    assert not names & {"isVisible", "refresh", "userIds", "targetElements", "authentication"}


async def test_l33_only_a_promise_that_is_shown_in_its_own_channel_differs_for_anybody(
    home: AtHome, room: Place
) -> None:
    private = a_promise(id="1" * 32, owner_id=home.person("Ana").id)
    shown = replace(private, id="2" * 32, number=2, shown_at=home.clock.now)
    elsewhere = replace(shown, id="3" * 32, number=3, partnership_id=GLOBEX_PARTNERSHIP.id)
    home.work(lambda uow: uow.partnerships.add(GLOBEX_PARTNERSHIP))
    home.work(lambda uow: [uow.promises.add(each) for each in (private, shown, elsewhere)])
    for subject in (private.id, elsewhere.id, shown.id, "4" * 32):
        await post(home, room, replace(CARD, shows=subject))
    told = [
        [each["userIds"] for each in parts(sent.activity) if "userIds" in each] for sent in home.fake.posts
    ]
    assert told == [[], [], [[user_id("Ana"), user_id("Ben")]], []]


async def test_l35_nobody_but_a_person_who_reads_there_is_ever_mentioned(home: AtHome, room: Place) -> None:
    spoken = "<at>Acme</at> <at>everyone</at> @team 19:team@thread.tacv2"
    gus = Mention("0" * 32, "Gus of <at>Globex</at>")
    ana = Mention(home.person("Ana").id, "Ana")
    await post(home, room, replace(CARD, blocks=(Paragraph((spoken, gus, ana)),)))
    (sent,) = home.fake.posts
    mentioned = [part["mentioned"]["id"] for part in parts(sent.activity) if part.get("type") == "mention"]
    assert mentioned == [user_id("Ana")]


async def test_l36_what_is_said_in_one_channel_of_a_team_stays_there(home: AtHome, room: Place) -> None:
    await home.gather(TEAM_ROOM, member("Ana"), member("Ben"))
    await post(home, room)
    assert [each.conversation for each in home.fake.posts] == [SHARED]


@pytest.mark.parametrize(
    "outsider",
    [
        member("Gus", GLOBEX),
        member("Visitor", None, "anonymous", aadObjectId=None),
        member("Guest", OURS, "guest"),
        {"id": "29:1phone", "name": "+49 30 1234"},
    ],
)
async def test_l37_a_group_chat_with_anybody_from_outside_is_a_customers(
    home: AtHome, outsider: dict[str, Any]
) -> None:
    chat = "19:meeting@thread.v2"
    assert (await home.gather(chat, member("Ana"), kind=Kind.GROUP)).kind is PlaceKind.INTERNAL
    assert (await home.gather(chat, member("Ana"), outsider, kind=Kind.GROUP)).kind is PlaceKind.CUSTOMER


async def test_l37_a_group_chat_nobody_can_tell_of_is_a_customers(home: AtHome) -> None:
    chat = "19:meeting@thread.v2"
    await home.gather(chat, member("Ana"), kind=Kind.GROUP)
    home.fake.misbehave("members", Status(503))
    place = await home.casting.bring_in(home.here(whereabouts("Ana", chat, kind=Kind.GROUP)))
    assert place.kind is PlaceKind.CUSTOMER


async def test_l38_one_object_id_in_two_tenants_is_two_people(home: AtHome) -> None:
    """Their user ids differ; had one been handed on, it would still not make them one."""
    twin = member("Ana", ACME, id="29:1twin")
    await home.gather(SHARED, member("Ana"), twin)
    theirs = await home.casting.cast(home.here(whereabouts("Ana", actor_id="29:1twin")))
    ours = await home.casting.cast(home.here(whereabouts("Ana")))
    assert (ours.is_ours, theirs.is_ours) == (True, False)
    assert ours.person_id != theirs.person_id


async def test_l38_a_user_id_that_goes_to_somebody_else_takes_nothing_along(home: AtHome) -> None:
    ana = home.private("Ana")
    home.fake.rosters[personal_id("Ana")] = [member("Eve", id=user_id("Ana"))]
    home.clock.advance(FRESH_FOR)
    assert await post(home, ana) == "not_in_roster"
    cast = await home.casting.cast(home.here(whereabouts("Ana", personal_id("Ana"), kind=Kind.PERSONAL)))
    assert cast.person_id == home.person("Eve").id
    assert not home.fake.posts
