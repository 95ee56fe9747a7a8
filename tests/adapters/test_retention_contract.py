"""What every store holds to about forgetting and resting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.db.asks import ASKS_KEPT_FOR, Asks, forgetting
from adapters.db.quarantine import Odd, set_aside
from adapters.slack import tables as slack
from adapters.teams import tables as teams
from bot.addresses import MessageRef
from bot.pausing import pause, resume
from bot.storage import Post
from builders import ANA, FRIDAY, MONDAY, PLATFORM, TENANT, TUESDAY, an_id, an_intent
from stage import Stage

LANE = f"{PLATFORM}:{TENANT}"
OTHER = "T2"


def a_post(key: str, **changes) -> Post:
    ref = MessageRef(platform=PLATFORM, tenant=TENANT, place_id=an_id("place"), key=key)
    return Post(
        id=an_id(key), tenant=TENANT, ref=ref, kind="tell", subject_id=an_id("s"), args={"a": "b"}, **changes
    )


def test_a_post_loses_its_body_after_its_time_and_stays(uow):
    uow.posts.add(a_post("old", at=MONDAY))
    uow.posts.add(a_post("new", at=FRIDAY))
    assert uow.posts.forget_bodies(TUESDAY, limit=10) == 1
    assert uow.posts.forget_bodies(TUESDAY, limit=10) == 0
    assert uow.posts.get(an_id("old")).args == {}
    assert uow.posts.get(an_id("new")).args == {"a": "b"}


def test_at_most_so_many_bodies_go_at_once(uow):
    for n in range(3):
        uow.posts.add(a_post(f"m{n}", at=MONDAY))
    assert [uow.posts.forget_bodies(FRIDAY, limit=2) for _ in range(3)] == [2, 1, 0]


def test_a_settled_row_loses_its_body_and_keeps_its_key(uow):
    uow.outbox.queue([an_intent("sent", args={"a": "b"}), an_intent("waits", args={"a": "b"})])
    uow.outbox.take_lane(LANE, "w", MONDAY, timedelta(minutes=1))
    first, _ = uow.outbox.claim(LANE, "w", MONDAY, limit=2, lease_for=timedelta(minutes=1))
    assert uow.outbox.sent(first, MONDAY)
    assert uow.outbox.forget_bodies(MONDAY, limit=10) == 0
    assert uow.outbox.forget_bodies(TUESDAY, limit=10) == 1
    assert uow.outbox.forget_bodies(TUESDAY, limit=10) == 0
    assert uow.outbox.queue([an_intent("sent")]) == 0
    [again] = uow.outbox.claim(LANE, "w", FRIDAY, limit=2, lease_for=timedelta(minutes=1))
    assert again.intent.args == {"a": "b"}


def test_what_was_not_understood_goes_after_its_time(engine, uow_on):
    with engine.begin() as connection:
        for at in (MONDAY, FRIDAY):
            set_aside(
                connection,
                Odd(tenant=TENANT, platform="slack", kind="k", reason="r", body=b"{}", received_at=at),
            )
    with uow_on(None) as uow:
        assert uow.inbox.forget_odd(TUESDAY, limit=10) == 1
        assert uow.inbox.forget_odd(TUESDAY, limit=10) == 0


@pytest.fixture
def uow_on(engine):
    from adapters.db.unit_of_work import open_uow

    return open_uow(engine)


def paused(opened, tenant: str = TENANT, by: str | None = None) -> bool:
    with opened(by) as uow:
        return uow.ledger.is_paused(tenant)


def test_one_tenant_rests_and_others_do_not(opened):
    with opened(TENANT) as uow:
        pause(uow, MONDAY)
        uow.commit()
    assert paused(opened)
    assert paused(opened, by=TENANT)
    assert not paused(opened, OTHER)
    with opened(TENANT) as uow:
        assert resume(uow)
        assert not resume(uow)
        uow.commit()
    assert not paused(opened)


def test_all_rest_until_all_are_let_go_on(opened):
    with opened(None) as uow:
        pause(uow, MONDAY)
        uow.commit()
    assert paused(opened)
    assert paused(opened, OTHER, by=OTHER)
    with opened(TENANT) as uow:
        assert not resume(uow)
    with opened(None) as uow:
        assert resume(uow)
        uow.commit()
    assert not paused(opened)


def test_the_cast_is_not_paused_to_begin_with(uow):
    assert not uow.ledger.is_paused(ANA.tenant)


ASKS = (slack.asks, teams.asks)


@pytest.mark.parametrize("table", ASKS, ids=str)
def test_words_that_wait_for_a_form_go_though_nobody_ever_says_others(engine, table):
    asks, sweep, stage = Asks(engine, table), forgetting(engine, table), Stage()
    asks.keep("a", TENANT, "ana", {"words": "the notes of a call"}, MONDAY)
    for late, gone in ((ASKS_KEPT_FOR, 0), (ASKS_KEPT_FOR + timedelta(seconds=1), 1)):
        stage.clock.now = MONDAY + late
        assert sweep.run(stage.ports, "w") == gone
    assert asks.find("a", TENANT, "ana", MONDAY) is None
