"""Outbound rests and goes on; what has served its time is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import delivering
from bot.intents import to_person
from bot.pausing import pause, resume
from bot.policy import Policy, Retention
from bot.pruning import AT_ONCE, forget_old
from bot.storage import SendState
from builders import ACME_SHARED, ANA, BEN, MONDAY, TENANT, an_intent
from driving import WORKER, Bot, replied
from stage import Stage


@pytest.fixture
def bot() -> Bot:
    return Bot()


def rest(bot: Bot, tenant: str | None = TENANT) -> None:
    bot.stage.store.fill(lambda uow: pause(uow, bot.stage.now), tenant)


def go_on(bot: Bot, tenant: str | None = TENANT) -> None:
    bot.stage.store.fill(resume, tenant)


@pytest.mark.parametrize("tenant", [TENANT, None])
def test_nothing_is_sent_while_outbound_rests_and_nothing_is_lost(bot, tenant):
    rest(bot, tenant)
    bot.has_shown()
    bot.stage.clock.advance(timedelta(hours=2))
    assert delivering.deliver_outbox(bot.ports, WORKER) == 0
    assert bot.stage.chat.said == []
    go_on(bot, tenant)
    bot.settle()
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_another_tenants_rest_is_not_ours(bot):
    rest(bot, "T2")
    bot.has_shown()
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_whoever_asks_is_still_answered(bot):
    rest(bot)
    assert replied(bot.says(ANA, "list"))


def test_a_row_claimed_before_the_pause_waits_out_its_lease_and_costs_no_attempt_to_send(bot):
    """The pause comes between the claim and the first call to the platform."""
    bot.has_shown()
    bot.stage.store.fill(lambda uow: uow.outbox.queue([an_intent("late", person_id=BEN.id)]), TENANT)
    [row] = delivering._claim(bot.ports, WORKER, f"playground:{TENANT}")
    rest(bot)
    said = len(bot.stage.chat.said)
    delivering._deliver(bot.ports, row)
    assert len(bot.stage.chat.said) == said
    [waiting] = bot.rows("note")
    assert waiting.state is SendState.PENDING


def test_a_rest_wears_out_no_attempts(bot):
    rest(bot)
    bot.has_shown()
    for _ in range(20):
        bot.stage.clock.advance(timedelta(minutes=5))
        delivering.deliver_outbox(bot.ports, WORKER)
    assert {row.attempts for row in bot.stage.store.tables.outbox.values()} == {0}


def retaining(**days: int) -> Bot:
    retention = Retention(**{name: timedelta(days=n) for name, n in days.items()})
    return Bot(stage=Stage(policy=Policy(retention=retention)))


def test_bodies_go_after_their_days_and_keys_after_eight():
    bot = retaining(sent=2)
    bot.has_shown()
    bot.stage.store.fill(lambda uow: uow.outbox.queue([an_intent("x", args={"a": "b"})]), TENANT)
    bot.settle()
    store = bot.stage.store.tables
    keys = {row.intent.key for row in store.outbox.values() if row.state is not SendState.DEAD}
    bot.stage.clock.advance(timedelta(days=3))
    forget_old(bot.ports, WORKER)
    settled = [row for row in store.outbox.values() if row.settled_at and row.state is not SendState.DEAD]
    assert {row.intent.key for row in settled} == keys
    assert not any(row.intent.args for row in settled)
    bot.stage.clock.advance(timedelta(days=6))
    forget_old(bot.ports, WORKER)
    assert not [row for row in store.outbox.values() if row.state is not SendState.DEAD]


def test_whatever_there_is_to_forget_goes_in_one_sweep(bot):
    def fill(uow):
        for n in range(2 * AT_ONCE + 1):
            uow.inbox.first_time(f"event {n}", MONDAY)

    bot.stage.store.fill(fill, TENANT)
    bot.stage.clock.advance(timedelta(days=9))
    assert forget_old(bot.ports, WORKER) == 2 * AT_ONCE + 1
    assert forget_old(bot.ports, WORKER) == 0


def test_the_card_of_a_promise_is_redrawn_however_old_it_is(bot):
    promise = bot.has_shown()
    bot.stage.clock.advance(timedelta(days=60))
    forget_old(bot.ports, WORKER)
    replied(bot.says(ANA, f"done P-{promise.number}"))
    bot.settle()
    assert bot.anchor() != bot.heard_in(ACME_SHARED, "anchor:")[0].card


@pytest.mark.parametrize(("days", "edits"), [(1, 1), (3, 0)])
def test_a_private_card_is_redrawn_within_its_days_only(days, edits):
    bot = retaining(sent=2)
    promise = bot.has_shown()
    fact = bot.facts(promise)[0]
    args = {"fact": fact.kind.value, "at": fact.at.isoformat()}
    tell = to_person(BEN, "tell", promise.id, key="tell:x", at=MONDAY, args=args)
    bot.stage.store.fill(lambda uow: uow.outbox.queue([tell]), TENANT)
    bot.settle()
    [told] = bot.heard_by(BEN, "tell:x")
    bot.stage.clock.advance(timedelta(days=days))
    with bot.stage.work() as uow:
        post = uow.posts.by_ref(told.ref)
        uow.outbox.queue([an_intent("again", kind="redraw", subject_id=post.id)])
    bot.settle()
    assert sum(ref == told.ref for ref, _ in bot.stage.chat.updates) == edits
