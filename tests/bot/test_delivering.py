"""The outbox relay: composed late, sent once, tried again or put aside where a person can see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import delivering
from bot.addresses import PlaceKind
from bot.cards import Card, encode
from bot.intents import to_person, to_place
from bot.messages.registry import COMPOSERS, FOR_CUSTOMERS
from bot.plain import plain_text
from bot.ports import ChatError
from bot.pruning import forget_old
from bot.storage import Claimed, Intent, SendState
from builders import (
    ACCOUNT_TEAM,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    MONDAY,
    PLATFORM,
    TENANT,
    a_place,
    a_promise,
    an_id,
    an_intent,
    due,
)
from driving import WORKER, Bot, replied

LANE = f"{PLATFORM}:{TENANT}"


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def shown(bot):
    return bot.has_shown()


def queue(bot: Bot, *intents: Intent) -> None:
    with bot.stage.work() as uow:
        uow.outbox.queue(intents)


def anchor(promise, key: str = "anchor:x", **changes) -> Intent:
    return to_place(ACME_SHARED, "anchor", promise.id, key=key, at=MONDAY, **changes)


def told(bot: Bot, promise, key: str = "tell:x") -> Intent:
    """A word to Ben about how the promise began."""
    fact = bot.facts(promise)[0]
    args = {"fact": fact.kind.value, "at": fact.at.isoformat()}
    return to_person(BEN, "tell", promise.id, key=key, at=MONDAY, args=args)


def states(bot: Bot, kind: str) -> list[SendState]:
    return [row.state for row in bot.rows(kind)]


def deliver(bot: Bot, worker: str = WORKER) -> int:
    return delivering.deliver_outbox(bot.ports, worker)


# Composed late


def test_a_message_says_how_things_are_when_it_is_sent(bot, shown):
    queue(bot, told(bot, shown))
    replied(bot.says(ANA, "done P-1"))
    bot.settle()
    assert "says it is done" in plain_text(bot.heard_by(BEN)[0].card)


def test_what_has_nothing_left_to_say_is_dropped(bot, shown):
    replied(bot.says(ANA, "done P-1"))
    replied(bot.presses(CARLA, "promise.confirm", encode(shown.id)))
    bot.settle()
    assert bot.heard_in(ACME_SHARED, "ask:") == []
    assert states(bot, "ask") == [SendState.DROPPED]


def test_what_came_too_late_is_dropped(bot, shown):
    queue(bot, to_person(BEN, "tell", shown.id, key="old", at=MONDAY, lasts=timedelta(hours=1)))
    bot.sleep_until(MONDAY + timedelta(hours=2))
    assert states(bot, "tell") == [SendState.DROPPED]


def test_nothing_goes_out_before_its_time(bot, shown):
    queue(bot, to_person(BEN, "tell", shown.id, key="later", at=MONDAY + timedelta(hours=1)))
    assert deliver(bot) == 0


# Tried again, or put aside


def test_a_stumble_is_tried_again_after_a_while_and_then_sent(bot):
    bot.stage.chat.faults = [ChatError("busy"), ChatError("busy")]
    bot.has_shown()
    assert bot.heard_in(ACME_SHARED) == []
    bot.move_to(MONDAY + timedelta(minutes=2))
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_the_platform_is_left_alone_as_long_as_it_asks(bot):
    bot.stage.chat.faults = [ChatError("rate_limited", retry_after=600)]
    bot.has_shown()
    bot.move_to(MONDAY + timedelta(seconds=599))
    assert bot.heard_in(ACME_SHARED) == []
    bot.move_to(MONDAY + timedelta(seconds=600))
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_what_cannot_be_delivered_is_put_aside_at_once(bot):
    bot.stage.chat.faults = [ChatError("channel_archived", permanent=True)]
    bot.has_shown()
    [letter] = dead(bot)
    assert (letter.kind, letter.reason, letter.attempts) == ("anchor", "channel_archived", 1)


def test_after_eight_tries_it_is_put_aside(bot):
    bot.stage.chat.faults = [ChatError("busy")] * 8
    bot.has_shown()
    bot.move_to(MONDAY + timedelta(days=1))
    [letter] = dead(bot)
    assert letter.attempts == delivering.ATTEMPTS
    assert bot.heard_in(ACME_SHARED) == []


def test_waiting_for_a_turn_is_never_too_often(bot):
    bot.stage.chat.faults = [ChatError("paced", retry_after=5, tried=False)] * 40
    bot.has_shown()
    bot.move_to(MONDAY + timedelta(minutes=5))
    assert dead(bot) == []
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_what_follows_in_the_same_place_waits_behind_it_and_other_places_do_not(bot, shown):
    mine = told(bot, shown)
    queue(bot, anchor(shown, "a:1"), anchor(shown, "a:2"), mine)
    bot.stage.chat.faults = [ChatError("paced", retry_after=60, tried=False)]
    deliver(bot)
    assert states(bot, "anchor")[-2:] == [SendState.PENDING, SendState.PENDING]
    first, second = bot.rows("anchor")[-2:]
    assert first.ready_at == second.ready_at == bot.stage.now + timedelta(seconds=60)
    assert states(bot, "tell")[-1] is SendState.SENT


def test_places_take_turns_and_each_keeps_its_order():
    wanted = ["a", "a", "a", "b", "b", "c"]
    rows = [
        Claimed(id=n, epoch=1, intent=an_intent(place_id=each), attempts=1, was_sending=False)
        for n, each in enumerate(wanted)
    ]
    turns = [(row.intent.place_id, row.id) for row in delivering.taking_turns(rows)]
    assert turns == [("a", 0), ("b", 3), ("c", 5), ("a", 1), ("b", 4), ("a", 2)]


def test_a_letter_put_aside_can_be_sent_again(bot):
    bot.stage.chat.faults = [ChatError("channel_archived", permanent=True)]
    bot.has_shown()
    [letter] = dead(bot)
    with bot.stage.work() as uow:
        assert uow.outbox.requeue(letter.id, bot.stage.now)
    bot.settle()
    assert len(bot.heard_in(ACME_SHARED)) == 1
    assert dead(bot) == []


def test_a_letter_put_aside_holds_no_words_of_people(bot):
    bot.stage.chat.faults = [ChatError("channel_archived", permanent=True)]
    bot.has_shown("Acme: something nobody should read by 27 Nov 17:00")
    assert "nobody should read" not in repr(dead(bot))


def dead(bot: Bot):
    with bot.stage.work() as uow:
        return uow.outbox.dead()


@pytest.mark.parametrize("attempts", range(1, 9))
def test_waiting_doubles_up_to_a_quarter_of_an_hour_and_never_less_than_asked(attempts):
    row = Claimed(id=1, epoch=1, intent=an_intent(), attempts=attempts, was_sending=False)
    wait = delivering.back_off(row, None)
    plain = min(timedelta(seconds=5) * 2**attempts, timedelta(minutes=15))
    assert plain <= wait <= plain * 1.25
    assert delivering.back_off(row, 600) >= timedelta(seconds=600)
    assert delivering.back_off(row, 10**9) <= timedelta(minutes=15) * 1.25


def test_a_poisoned_row_does_not_stop_its_neighbours(bot, shown):
    """F09."""
    queue(
        bot,
        to_place(ACME_SHARED, "no_such_kind", shown.id, key="poison 1", at=MONDAY),
        to_person(BEN, "tell", shown.id, key="poison 2", at=MONDAY, args={"at": "\x00"}),
        an_intent("poison 3", kind="tell", person_id=an_id("nobody"), lane=LANE),
        told(bot, shown, "good"),
    )
    bot.settle()
    assert [said.key for said in bot.heard_by(BEN)] == ["good"]


def test_a_composer_that_breaks_ends_where_a_person_sees_it_and_others_go_out(bot, shown):
    nowhere = a_promise(number=9, due=due(zone="No/Where"), shown_at=MONDAY)
    bot.add(nowhere)
    queue(bot, anchor(nowhere), told(bot, shown))
    bot.settle()
    assert len(bot.heard_by(BEN)) == 1
    bot.move_to(MONDAY + timedelta(days=1))
    [letter] = dead(bot)
    assert (letter.key, letter.reason) == ("anchor:x", "ZoneInfoNotFoundError")


# Sent once


def test_a_row_found_sending_is_asked_about_before_it_is_sent_again(bot):
    """A process died between the platform's yes and ours."""
    made = bot.has_made()
    with bot.stage.work() as uow:
        uow.promises.save(made.with_(shown_at=MONDAY))
    queue(bot, anchor(made))
    claimed = _die_after_sending(bot)
    bot.stage.chat.post(ACME_SHARED, Card(title="As it was sent"), key=claimed.intent.key)
    bot.move_to(MONDAY + timedelta(minutes=2))
    assert len(bot.heard_in(ACME_SHARED)) == 1
    assert states(bot, "anchor") == [SendState.SENT]
    with bot.stage.work() as uow:
        [post] = uow.posts.of_kind("anchor", made.id)
    assert post.ref == bot.heard_in(ACME_SHARED)[0].ref


def test_a_row_found_sending_that_never_arrived_is_sent(bot):
    made = bot.has_made()
    with bot.stage.work() as uow:
        uow.promises.save(made.with_(shown_at=MONDAY))
    queue(bot, anchor(made))
    _die_after_sending(bot)
    bot.move_to(MONDAY + timedelta(minutes=2))
    assert len(bot.heard_in(ACME_SHARED)) == 1


def _die_after_sending(bot: Bot) -> Claimed:
    with bot.stage.work() as uow:
        assert uow.outbox.take_lane(LANE, "dead worker", MONDAY, delivering.LEASE_FOR)
        [claimed] = uow.outbox.claim(LANE, "dead worker", MONDAY, limit=1, lease_for=delivering.LEASE_FOR)
        assert uow.outbox.sending(claimed, MONDAY)
    return claimed


def test_an_answer_lost_on_the_way_does_not_send_it_twice(bot):
    """Ambiguous: it stays `sending`, and the platform is asked when the lease has run out."""
    bot.stage.chat.faults = [ChatError("timeout", ambiguous=True)]
    bot.has_shown()
    assert states(bot, "anchor") == [SendState.SENDING]
    bot.move_to(MONDAY + timedelta(minutes=2))
    assert states(bot, "anchor") == [SendState.SENT]
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_another_worker_leaves_a_leased_lane_alone(bot, shown):
    queue(bot, told(bot, shown))
    now = bot.stage.clock.advance(2 * delivering.LEASE_FOR)
    with bot.stage.work() as uow:
        assert uow.outbox.take_lane(LANE, "somebody else", now, delivering.LEASE_FOR)
    assert deliver(bot) == 0
    bot.stage.clock.advance(2 * delivering.LEASE_FOR)
    assert deliver(bot) == 1


def test_the_same_intent_queued_twice_is_said_once(bot, shown):
    queue(bot, told(bot, shown), told(bot, shown))
    queue(bot, told(bot, shown))
    bot.settle()
    assert len(bot.heard_by(BEN)) == 1


# Stopped


def test_a_stop_in_a_backlog_ends_between_two_rows_and_gives_the_others_back(bot, shown):
    """F15."""
    queue(bot, *(told(bot, shown, f"tell:{number}") for number in range(1000)))
    before = len(bot.stage.chat.said)
    ports = replace(bot.ports, is_stopping=lambda: len(bot.stage.chat.said) >= before + 3)
    assert delivering.deliver_outbox(ports, WORKER) == 3
    rows = bot.rows("tell")
    assert [row.state for row in rows].count(SendState.SENT) == 3
    left = [row for row in rows if row.state is not SendState.SENT]
    found = {(row.state, row.leased_by, row.attempts, row.ready_at) for row in left}
    assert found == {(SendState.PENDING, None, 0, MONDAY)}
    assert deliver(bot, "the next process") == 997
    assert len(bot.stage.chat.said) == before + 1000


def test_a_process_that_is_stopping_claims_nothing(bot, shown):
    queue(bot, told(bot, shown))
    assert delivering.deliver_outbox(replace(bot.ports, is_stopping=lambda: True), WORKER) == 0
    assert [row.epoch for row in bot.rows("tell")] == [0]


# Where it goes


def test_an_answer_is_a_reply_in_the_thread_of_its_card(bot, shown):
    replied(bot.says(ANA, "done P-1"))
    bot.settle()
    [card] = bot.heard_in(ACME_SHARED, "anchor:")
    [ask] = bot.heard_in(ACME_SHARED, "ask:")
    assert ask.thread == card.ref


def test_a_card_that_cannot_be_edited_any_more_is_left_as_it_is(bot, shown):
    bot.stage.chat.faults = [ChatError("message_deleted", permanent=True)]
    replied(bot.says(ANA, "withdraw P-1"))
    bot.settle()
    assert dead(bot) == []


def test_an_edit_that_stumbles_is_tried_again(bot, shown):
    bot.stage.chat.faults = [ChatError("busy")]
    replied(bot.says(ANA, "withdraw P-1"))
    bot.move_to(MONDAY + timedelta(minutes=2))
    assert "stepped back" in plain_text(bot.anchor())


def test_a_persons_first_private_message_explains_itself_once(bot, shown):
    for n in range(3):
        queue(bot, told(bot, shown, f"tell:{n}"))
        bot.settle()
    hello = [said for said in bot.heard_by(BEN) if "I am Kept" in plain_text(said.card)]
    assert len(bot.heard_by(BEN)) == 3
    assert hello == bot.heard_by(BEN)[:1]


@pytest.mark.parametrize("kind", sorted(COMPOSERS.keys() - FOR_CUSTOMERS))
@pytest.mark.parametrize("place", [ACME_SHARED, ACCOUNT_TEAM], ids=["customer", "internal"])
def test_a_kind_not_meant_for_customers_never_reaches_a_place_others_read(bot, shown, kind, place):
    before = len(bot.stage.chat.said)
    queue(bot, to_place(place, kind, shown.id, key="wrong", at=MONDAY))
    bot.settle()
    assert len(bot.stage.chat.said) == before
    assert [letter.reason for letter in dead(bot)] == ["not_for_customers"]


def test_a_private_message_that_fails_is_not_said_in_a_channel_instead(bot, shown):
    """L02, L16: the audience never widens."""
    bot.stage.chat.faults = [ChatError("user_disabled", permanent=True)]
    before = len(bot.stage.chat.said)
    queue(bot, told(bot, shown))
    bot.settle()
    assert len(bot.stage.chat.said) == before
    assert [letter.reason for letter in dead(bot)] == ["user_disabled"]


def test_a_private_promise_has_no_card_whoever_asks_for_one(bot):
    made = bot.has_made()
    queue(bot, anchor(made))
    bot.settle()
    assert states(bot, "anchor") == [SendState.DROPPED]


def test_a_place_that_is_gone_is_a_dead_letter(bot, shown):
    nowhere = a_place("#nowhere", kind=PlaceKind.INTERNAL)
    queue(bot, to_place(nowhere, "anchor", shown.id, key="nowhere", at=MONDAY))
    bot.settle()
    assert [letter.reason for letter in dead(bot)] == ["no_place"]


def test_old_rows_go_and_dead_letters_stay(bot):
    bot.stage.chat.faults = [ChatError("channel_archived", permanent=True)]
    bot.has_shown()
    bot.add(a_promise(number=9))
    bot.stage.clock.advance(timedelta(days=9))
    assert forget_old(bot.ports, WORKER) > 0
    assert [row.state for row in bot.stage.store.tables.outbox.values()] == [SendState.DEAD]
