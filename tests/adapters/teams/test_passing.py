"""Messages to others: read in standard channels where a lead lets it, and offered to who wrote them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select

from adapters.teams import activities, turns
from fake_connector import FakeConnector, Refuses
from fakes import SettableClock
from teams_activities import BOT, OURS, activity, mention
from teams_login import FakeLogin
from teams_tenant import (
    ANA,
    BEN,
    CARLA,
    GRETA,
    SHARED,
    TEAM_ROOM,
    Kept,
    action,
    kept,
    member,
    settle_in,
    verbs,
    words,
)

PROMISE = "I'll send you the SOC 2 report by 27 November."
QUESTION = "Could you send us the pen test by 27 November?"
STANDARD, TEAM = "19:guests@thread.tacv2", "19:team@thread.tacv2"


def listed(*types: str, place: str = STANDARD) -> list[dict[str, Any]]:
    return [{"id": place, "name": "Acme and us", **({"type": each} if each else {})} for each in types]


@pytest.fixture
async def app(
    sqlite_engine: Engine, teams: FakeConnector, login: FakeLogin, clock: SettableClock
) -> AsyncIterator[Kept]:
    """Acme's people are guests in a channel of a team of ours, which is linked."""
    settle_in(teams)
    teams.rosters[STANDARD] = [member(ANA), member(BEN), member(CARLA, userRole="guest")]
    teams.teams[TEAM] = listed("standard")
    async with kept(sqlite_engine, teams, login, clock, reading=True) as app:
        for name in (ANA, BEN):
            await app.install(name)
        await app.install(BEN, STANDARD)
        await app.say(BEN, "partner new Acme", place=TEAM_ROOM)
        await link(app, STANDARD)
        await app.say(BEN, "partner role @ana member Acme", ANA, place=TEAM_ROOM)
        await app.deliver()
        yield app


@pytest.fixture
async def reading(app: Kept) -> Kept:
    await app.say(BEN, "partner reading Acme on")
    await app.deliver()
    return app


async def link(app: Kept, place: str) -> None:
    card = await app.say(BEN, "partner link Acme", place=place)
    await app.press(BEN, action(card, "partnership.link_confirm"))


async def writes(app: Kept, actor: str, text: str, place: str = STANDARD, **more: Any) -> str:
    """To the others, as Teams tells it to an app whose team let it hear them; the id of the message."""
    more = told(app, place) | more
    payload = activity("message", actor, place, text=text, textFormat="plain", **more)
    assert await app.send(payload) == (200, None)
    await app.deliver()
    return str(payload["id"])


def told(app: Kept, place: str) -> dict[str, Any]:
    data = {"channel": {"id": place.partition(";")[0]}, "team": {"id": TEAM}}
    return {
        "service_url": app.fake.service_url,
        "conversation_type": "channel",
        "channelData": data,
    }


def offers(app: Kept, name: str = ANA) -> list[dict[str, Any]]:
    return [card for card in app.direct(name) if any(each.startswith("noticed.") for each in verbs(card))]


@pytest.fixture
def everything(sqlite_engine: Engine) -> Callable[[], str]:
    """All there is in the store, as text."""

    def read() -> str:
        found = MetaData()
        found.reflect(sqlite_engine)
        tables = [each for each in found.sorted_tables if each.name != "lanes"]
        with sqlite_engine.begin() as connection:
            return repr([connection.execute(select(table)).all() for table in tables])

    return read


async def test_a_promise_made_in_passing_is_offered_to_its_speaker_alone(reading):
    before = len(reading.posts(STANDARD))
    await writes(reading, ANA, PROMISE)
    [offer] = offers(reading)
    assert "send the SOC 2 report" in words(offer)
    assert "Fri 27 Nov" in words(offer)
    assert offers(reading, BEN) == []
    assert len(reading.posts(STANDARD)) == before


async def test_track_keeps_the_words_and_where_they_stand(reading):
    message = await writes(reading, ANA, PROMISE, f"{STANDARD};messageid=177")
    await reading.press(ANA, action(offers(reading)[0], "noticed.track"))
    [made] = reading.read(lambda uow: uow.promises.numbered(1))
    assert made.source.quote == PROMISE.rstrip(".")
    where = f"https://teams.microsoft.com/l/message/{STANDARD}/{message.replace(':', '%3A')}"
    assert made.source.link == f"{where}?tenantId={OURS}&parentMessageId=177"
    assert not made.is_shown


async def test_what_was_said_twice_in_a_thread_is_offered_once(reading):
    await writes(reading, ANA, PROMISE, f"{STANDARD};messageid=177")
    await writes(reading, ANA, PROMISE, f"{STANDARD};messageid=177")
    assert len(offers(reading)) == 1
    await writes(reading, ANA, PROMISE, f"{STANDARD};messageid=178")
    assert len(offers(reading)) == 2


async def test_a_message_that_is_delivered_again_is_offered_once(reading):
    payload = activity("message", ANA, STANDARD, text=PROMISE, **told(reading, STANDARD))
    for _ in range(2):
        await reading.send(payload)
    await reading.send(payload | {"id": "f:again"})
    await reading.deliver()
    assert len(offers(reading)) == 1


@pytest.mark.parametrize(
    "text", ["Good morning, how was the launch?", QUESTION, "Zebra crossing at noon", " "]
)
@pytest.mark.parametrize("actor", [ANA, CARLA])
async def test_what_holds_no_promise_is_nowhere_in_the_store(reading, everything, actor, text):
    before = everything()
    await writes(reading, actor, text)
    assert everything() == before


async def test_where_nobody_switched_it_on_nothing_is_looked_up_or_stored(app, everything):
    before, asked = everything(), len(app.fake.requests)
    app.clock.advance(timedelta(minutes=30))
    for place in (STANDARD, SHARED, TEAM_ROOM, "19:unknown@thread.tacv2"):
        await writes(app, ANA, PROMISE, place)
    assert everything() == before
    assert len(app.fake.requests) == asked


async def test_a_shared_channel_cannot_be_read(app, everything):
    await app.install(BEN, SHARED)
    await link(app, SHARED)
    await app.deliver()
    refused = await app.say(BEN, "partner reading Acme on")
    assert "hears only what is said to it" in words(refused)
    before = everything()
    for said in ({}, {"type": "shared"}):
        await writes(app, ANA, PROMISE, SHARED, **with_channel(app, SHARED, **said))
    assert everything() == before


def with_channel(app: Kept, place: str, **said: str) -> dict[str, Any]:
    return {"channelData": {"channel": {"id": place, **said}, "team": {"id": TEAM}}}


@pytest.mark.parametrize("kind", ["private", "shared", "unheardOf"])
async def test_what_says_it_is_no_standard_channel_is_not_read(reading, kind):
    payload = activity("message", ANA, STANDARD, text=PROMISE, **told(reading, STANDARD))
    payload["channelData"]["channel"]["type"] = kind
    await reading.send(payload)
    await reading.deliver()
    assert offers(reading) == []


@pytest.mark.parametrize("types", [("private",), ("shared",), ("",), ()])
async def test_a_channel_is_not_read_while_its_team_does_not_list_it_as_standard(reading, types):
    reading.fake.teams[TEAM] = listed(*types)
    reading.clock.advance(timedelta(hours=2))
    await writes(reading, ANA, PROMISE)
    assert offers(reading) == []


async def test_a_channel_is_not_read_while_teams_does_not_say_what_it_is(reading):
    reading.clock.advance(timedelta(hours=2))
    reading.fake.misbehave("channels", Refuses(503, "ServiceUnavailable"))
    await writes(reading, ANA, PROMISE)
    assert offers(reading) == []
    await writes(reading, ANA, PROMISE)
    assert len(offers(reading)) == 1


@pytest.mark.parametrize("kind", ["groupChat", "personal"])
async def test_a_chat_is_not_read_as_a_channel(reading, kind):
    payload = activity("message", ANA, STANDARD, text=PROMISE, **told(reading, STANDARD))
    payload["conversation"]["conversationType"] = kind
    before = len(offers(reading))
    await reading.send(payload)
    await reading.deliver()
    assert len(offers(reading)) == before


async def hears_of(app: Kept, kind: str, message_id: str, place: str = STANDARD, **more: Any) -> None:
    payload = activity(kind, ANA, place, text="Zebra crossing", **told(app, STANDARD), **more)
    assert await app.send(payload | {"id": message_id}) == (200, None)
    await app.deliver()


@pytest.mark.parametrize("kind", ["messageDelete", "messageUpdate"])
async def test_an_unanswered_offer_goes_with_its_message(reading, everything, kind):
    message_id = await writes(reading, ANA, PROMISE)
    await hears_of(reading, kind, "another")
    assert "SOC 2" in words(offers(reading))
    await hears_of(reading, kind, message_id)
    assert "SOC 2" not in everything()
    assert "Zebra" not in everything()


@pytest.mark.parametrize("place", [STANDARD, f"{STANDARD};messageid=1700000000000"])
async def test_l23_a_deleted_message_is_quoted_no_more_and_its_promise_stays(reading, everything, place):
    message_id = await writes(reading, ANA, PROMISE)
    await reading.press(ANA, action(offers(reading)[0], "noticed.track"))
    [before] = reading.read(lambda uow: uow.promises.numbered(1))
    await hears_of(reading, "messageUpdate", message_id, place)
    assert reading.read(lambda uow: uow.promises.numbered(1)) == [before]
    for _ in range(2):
        await hears_of(reading, "messageDelete", message_id, place)
    [left] = reading.read(lambda uow: uow.promises.numbered(1))
    assert (left.title, left.source.quote, left.source.link) == (before.title, "", before.source.link)
    assert PROMISE[:20] not in everything()


@pytest.mark.parametrize("spelled", ["19:guests@", "19%3Aguests%40", "19%3aguests%40"])
def test_a_link_of_teams_own_is_known_however_it_spells_the_channel(spelled):
    shape = activities.read(
        activity("messageDelete", ANA, STANDARD, id="1616990032035"), "https://x.example/"
    )
    link = f"https://teams.microsoft.com/l/message/{spelled}thread.tacv2/1616990032035?tenantId=x"
    assert any(part in link for part in turns.retracted(shape, "T1").links)


@pytest.mark.parametrize("kind", ["messageUpdate", "messageDelete", "messageReaction"])
async def test_edits_deletions_and_reactions_are_not_read(reading, everything, kind):
    before = everything()
    await reading.send(activity(kind, ANA, STANDARD, text=PROMISE, **told(reading, STANDARD)))
    await reading.deliver()
    assert everything() == before


async def test_what_a_bot_writes_is_not_read(reading, everything):
    before = everything()
    payload = activity("message", ANA, STANDARD, text=PROMISE, **told(reading, STANDARD))
    await reading.send(payload | {"from": {"id": "28:another", "name": "Build"}})
    await reading.deliver()
    assert everything() == before


async def test_what_is_said_to_kept_is_answered_and_not_offered_besides(reading):
    await writes(reading, ANA, f"<at>Kept</at> {PROMISE}", entities=[mention(BOT, "Kept")])
    assert offers(reading) == []


async def test_a_guest_of_our_own_tenant_is_not_one_of_us(reading):
    reading.fake.rosters[STANDARD].append(member(GRETA))
    reading.clock.advance(timedelta(minutes=11))
    await writes(reading, GRETA, PROMISE)
    assert offers(reading, GRETA) == []


async def test_whoever_asks_to_be_left_out_is_not_read(reading):
    card = next(card for card in reading.posts(STANDARD) if "reading.leave" in verbs(card))
    await reading.press(ANA, action(card, "reading.leave"), STANDARD)
    await writes(reading, ANA, PROMISE)
    assert offers(reading) == []


async def test_while_teams_does_not_tell_who_wrote_it_it_is_not_read(reading):
    reading.clock.advance(timedelta(minutes=11))
    reading.fake.misbehave("members", Refuses(503, "ServiceUnavailable"))
    reading.fake.misbehave("member", Refuses(503, "ServiceUnavailable"))
    await writes(reading, ANA, PROMISE)
    assert offers(reading) == []
