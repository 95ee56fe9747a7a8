"""Messages that are deleted or edited: Kept's words of them go with them, the promises stay (L23)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.addresses import Place
from bot.cards import encode
from bot.plain import plain_text
from bot.policy import Policy
from bot.retracting import Retracted, follow
from bot.storage import SendState
from bot.turns import Overheard
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    GLOBEX_SHARED,
    NEXT_FRIDAY,
    PLATFORM,
    SATURDAY,
    TENANT,
)
from commitments.partnership import Person
from commitments.promise import State
from driving import Bot, opened, replied, verbs
from stage import Stage

CANARY = "ZQX"
PROMISE = f"I'll send you the {CANARY} report by Friday."
UNSURE = f"I'll try to send you the {CANARY} pen test by Friday."
QUESTION = f"Could you send us the {CANARY} report by Friday?"
LINK = "https://acme.example/archives/C1/p0000001"
MARK = "/C1/p0000001"


class Channel(Bot):
    """Acme's channel, which Kept reads; Carla leads at Acme and has said yes."""

    def __init__(self) -> None:
        super().__init__(Stage(policy=Policy(reading=True)))
        replied(self.says(BEN, "reading Acme on", command="partner"))
        self.settle()
        with self.stage.work() as uow:
            acme = uow.partnerships.named("Acme")
            uow.partnerships.save(replace(acme, their_lead_id=CARLA.id))
        replied(self.presses(CARLA, "reading.agree", encode(ACME_SHARED.id), ACME_SHARED))
        self.settle()

    def writes(self, person: Person, text: str, key: str = "m1", **more: Any) -> None:
        self.hears(person, text, key, **more)
        self.settle()

    def hears(self, person: Person, text: str, key: str = "m1", **more: Any) -> None:
        turn = self._by(person, ACME_SHARED, {})
        self._handle(Overheard(**{**turn, "text": text, "message": key, "link": LINK, **more}))

    def loses(self, key: str = "m1", place: Place = ACME_SHARED, *, edit: bool = False, **more: Any) -> None:
        usual = {"tenant": TENANT, "platform": PLATFORM, "route": place.route, "message": key}
        follow(self.ports, Retracted(**{**usual, "links": (MARK,), "is_edit": edit, **more}))
        self.settle()

    def offers(self) -> list[Any]:
        return [self.stands(said) for said in self.heard_by(ANA, "noticed")]

    def is_anywhere(self, words: str = CANARY) -> bool:
        tables = self.stage.store.tables
        return words in repr([getattr(tables, name) for name in tables.__slots__])


@pytest.fixture
def bot() -> Channel:
    return Channel()


def tracked(bot: Channel) -> Any:
    """Ana's promise, tracked from her own message."""
    bot.writes(ANA, PROMISE)
    [offer] = bot.heard_by(ANA, "noticed")
    replied(bot.pushes(ANA, offer, "noticed.track"))
    return bot.promise()


def about_a_message(bot: Channel, **values: str) -> Any:
    """Ana's promise, made by "Track as promise" on a message of Carla's."""
    form = opened(bot.says(ANA, "", ACCOUNT_TEAM, quote=QUESTION, link=LINK))
    wanted = {"title": "send the report", "due": "2026-11-27", "partnership": ACME.id, **values}
    replied(bot.submits(ANA, form, wanted, place=ACCOUNT_TEAM))
    return bot.promise()


both_ways = pytest.mark.parametrize("edit", [False, True], ids=["deleted", "edited"])


@both_ways
@pytest.mark.parametrize("text", [PROMISE, UNSURE])
def test_what_was_noticed_and_not_answered_is_forgotten_at_once(bot, text, edit):
    bot.writes(ANA, text)
    assert bot.is_anywhere()
    bot.loses(edit=edit)
    assert not bot.is_anywhere()
    for card in bot.offers():
        assert CANARY not in plain_text(card)
        assert not [verb for verb in verbs(card) if verb.startswith("noticed.")]


@both_ways
def test_an_offer_that_waits_to_be_sent_is_not_sent(bot, edit):
    bot.hears(ANA, PROMISE)
    bot.loses(edit=edit)
    assert bot.offers() == []
    assert [row.state for row in bot.rows("noticed")] == [SendState.DROPPED]


@both_ways
def test_a_list_that_waits_for_the_morning_is_not_sent(bot, edit):
    bot.stage.clock.now = SATURDAY
    bot.writes(ANA, PROMISE)
    bot.loses(edit=edit)
    bot.move_to(NEXT_FRIDAY)
    assert bot.offers() == []


@both_ways
def test_what_a_customer_asked_for_goes_with_our_answer_to_it(bot, edit):
    bot.writes(CARLA, QUESTION)
    bot.writes(ANA, "Yes, will do!", "m2", thread="m1")
    assert CANARY in repr(bot.stage.store.tables.sightings)
    bot.loses(edit=edit)
    assert not bot.is_anywhere()
    assert bot.stage.store.tables.open_requests == {}


def test_other_messages_are_not_touched(bot):
    bot.writes(ANA, PROMISE)
    bot.writes(CARLA, QUESTION, "m2")
    before = repr((bot.stage.store.tables.sightings, bot.stage.store.tables.open_requests))
    bot.loses("m3")
    bot.loses("m1", GLOBEX_SHARED)
    bot.loses("m1", route="nowhere")
    assert repr((bot.stage.store.tables.sightings, bot.stage.store.tables.open_requests)) == before


def test_new_words_are_not_read_but_said_again_they_are_offered(bot):
    bot.writes(ANA, PROMISE)
    bot.loses(edit=True)
    assert len(bot.offers()) == 1
    bot.writes(ANA, PROMISE, "m2")
    assert len(bot.offers()) == 2


@pytest.mark.parametrize("made", [tracked, about_a_message])
def test_a_deleted_message_is_quoted_no_more_and_its_promise_stays(bot, made):
    promise = made(bot)
    assert CANARY in promise.source.quote
    bot.loses()
    left = bot.promise()
    assert left.source == replace(promise.source, quote="")
    assert left.source.link == LINK
    assert (left.state, left.due) == (State.OPEN, promise.due)
    assert bot.facts(left) == bot.facts(promise)


@pytest.mark.parametrize("made", [tracked, about_a_message])
def test_an_edited_message_is_quoted_as_it_was_said(bot, made):
    promise = made(bot)
    bot.loses(edit=True)
    assert bot.promise() == promise


def test_without_its_link_a_promise_is_found_by_what_was_noticed(bot):
    tracked(bot)
    bot.loses(links=())
    assert bot.promise().source.quote == ""


def test_the_word_that_it_is_done_is_not_where_a_promise_came_from(bot):
    promise = about_a_message(bot)
    bot.writes(ANA, "Just sent you the report", "m2")
    bot.loses("m2", links=("/C1/p0000002",))
    assert bot.promise().source == promise.source


def test_l23_nothing_of_a_deleted_message_can_be_read_or_undone_back(bot):
    promise = about_a_message(bot)
    assert CANARY in plain_text(replied(bot.says(ANA, "Acme P-1")))
    replied(bot.presses(ANA, "promise.done", encode(promise.id)))
    bot.loses()
    replied(bot.presses(ANA, "promise.undo", encode(promise.id)))
    bot.settle()
    assert bot.promise().state is State.OPEN
    assert not bot.is_anywhere()
    shown = plain_text(replied(bot.says(ANA, "Acme P-1")))
    assert LINK in shown
    assert "“" not in shown


def test_what_somebody_is_still_choosing_from_it_goes_when_it_is_deleted(bot):
    two = f"I'll send the {CANARY} report by Friday. I'll also call the auditor by Wednesday."
    opened(bot.says(ANA, "", ACME_SHARED, quote=two, link=LINK))
    assert bot.stage.store.tables.jottings
    bot.loses(edit=True)
    assert bot.stage.store.tables.jottings
    bot.loses()
    assert not bot.is_anywhere()


@both_ways
def test_twice_is_as_good_as_once_and_nothing_is_kept_of_it(bot, edit):
    tracked(bot)
    bot.writes(ANA, UNSURE, "m2")
    bot.loses(edit=edit)
    tables = bot.stage.store.tables
    before = repr([getattr(tables, name) for name in tables.__slots__])
    bot.loses(edit=edit)
    assert repr([getattr(tables, name) for name in tables.__slots__]) == before
