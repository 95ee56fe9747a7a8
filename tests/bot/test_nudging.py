"""The nudge sweep: rungs at their mornings, one bundle a person, silence where silence is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import nudging
from bot.cards import encode
from bot.plain import plain_text
from bot.ports import ChatError
from bot.storage import SendState
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    MONDAY,
    NEXT_FRIDAY,
    NEXT_MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_promise,
)
from commitments.nudges import Rung
from commitments.partnership import Role
from driving import Bot, opened, refused, replied, verbs

OLD = NEXT_FRIDAY.replace(hour=17)  # due a week from Friday: nine working days
MIDDLE, DECIDE = FRIDAY, NEXT_MONDAY + timedelta(days=1)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def shown(bot):
    return bot.has_shown()


def rungs(bot: Bot, person=ANA) -> list[tuple[str, datetime]]:
    found = bot.stage.store.tables.nudges.values()
    said = ((n.rung, n.said_at) for n in found if n.person_id == person.id and n.said_at is not None)
    return sorted(said, key=lambda each: each[1])


def bundles(bot: Bot, person=ANA) -> list[str]:
    return [plain_text(said.card) for said in bot.heard_by(person, "bundle:")]


# Rungs


def test_the_whole_ladder_comes_at_its_mornings(bot, shown):
    bot.move_to(OLD + timedelta(days=20))
    day = timedelta(days=1)
    late = NEXT_FRIDAY + 3 * day  # the Monday after
    assert rungs(bot) == [
        ("heads_up", MIDDLE),
        ("decide", DECIDE),
        ("due_today", NEXT_FRIDAY),
        ("overdue_1", late),
        ("overdue_2", late + 2 * day),
        ("overdue_3", late + 4 * day),
        ("escalate_owner", late + 7 * day),
    ]
    assert rungs(bot, BEN) == [("escalate_lead", late + 8 * day)]


def test_the_owner_hears_a_working_day_before_the_lead(bot, shown):
    bot.move_to(OLD + timedelta(days=20))
    told, lead = rungs(bot)[-1][1], rungs(bot, BEN)[-1][1]
    assert timedelta(days=1) == lead - told
    assert "Ana" in bundles(bot, BEN)[-1]


def test_where_owner_and_lead_are_one_nobody_higher_hears(bot):
    bot.has_shown("Globex: send the report by 27 Nov 17:00", person=BEN)
    bot.move_to(OLD + timedelta(days=20))
    assert "promise.ask_hand" in verbs(bot.heard_by(BEN, "bundle:")[-1].card)
    assert [n for n in bot.stage.store.tables.nudges.values() if n.person_id != BEN.id] == []


@pytest.mark.parametrize(
    ("at", "buttons"),
    [
        (MIDDLE, ["promise.on_track", "promise.snooze", "promise.renegotiate"]),
        (DECIDE, ["promise.on_track", "promise.renegotiate", "promise.done", "promise.ask_release"]),
        (NEXT_FRIDAY, ["promise.done", "promise.renegotiate"]),
    ],
)
def test_each_rung_offers_what_can_be_answered_then(bot, shown, at, buttons):
    bot.move_to(at)
    assert verbs(bot.heard_by(ANA, "bundle:")[-1].card) == buttons


def test_each_nudge_says_what_why_now_and_how_to_make_it_stop(bot, shown):
    bot.move_to(MIDDLE)
    [said] = bundles(bot)
    for words in ("Acme", "P-1", "send the SOC 2 report", "27 Nov", "half-way", "/promise away"):
        assert words in said


def test_nothing_is_said_in_a_shared_or_internal_channel(bot, shown):
    before = len(bot.heard_in(ACME_SHARED))
    bot.move_to(OLD + timedelta(days=20))
    assert len(bot.heard_in(ACME_SHARED)) == before
    assert bot.heard_in(ACCOUNT_TEAM) == []


# The owner's own time


def test_the_owners_zone_hours_and_absence_decide_when(bot):
    with bot.stage.work() as uow:
        uow.people.save(
            replace(ANA, zone="America/New_York", away=((date(2026, 11, 24), date(2026, 11, 24)),))
        )
    bot.add(a_promise(number=1, due_at=OLD, next_at=MONDAY))
    bot.move_to(NEXT_FRIDAY + timedelta(hours=6))
    assert [at for _, at in rungs(bot)] == [
        FRIDAY.replace(hour=14),
        NEXT_MONDAY.replace(hour=14),  # the last morning before the day she is away
        NEXT_FRIDAY.replace(hour=14),
    ]


def test_away_moves_the_nudges_at_once(bot, shown):
    bot.stage.clock.now = THURSDAY
    replied(bot.says(ANA, "away until 2026-11-24"))
    bot.move_to(NEXT_MONDAY + timedelta(days=1, hours=12))
    assert bundles(bot) == []
    bot.move_to(NEXT_MONDAY + timedelta(days=2))
    assert len(bundles(bot)) == 1


def test_a_bundle_that_was_held_up_into_the_night_waits_for_the_morning(bot, shown):
    bot.move_to(MIDDLE - timedelta(minutes=1))
    bot.sleep_until(MIDDLE + timedelta(hours=9))
    assert bundles(bot) == []
    bot.move_to(NEXT_MONDAY)
    assert len(bundles(bot)) == 1


# One bundle, three a day


def test_everything_of_a_morning_is_one_card(bot):
    bot.add(*(a_promise(number=n, title=f"Thing {n}", due_at=OLD, next_at=MONDAY) for n in range(1, 6)))
    bot.move_to(MIDDLE)
    [said] = bot.heard_by(ANA, "bundle:")
    assert all(f"Thing {n}" in plain_text(said.card) for n in range(1, 6))
    assert {button.about for button in said.card.buttons} == {f"Thing {n}" for n in range(1, 6)}


def test_a_long_morning_shows_ten_and_says_how_many_more(bot):
    bot.add(*(a_promise(number=n, title=f"Thing {n}", due_at=OLD, next_at=MONDAY) for n in range(1, 14)))
    bot.move_to(MIDDLE)
    [said] = bundles(bot)
    assert "and 3 more" in said


def test_five_hundred_promises_are_still_one_morning(bot):
    bot.add(*(a_promise(number=n, due_at=OLD, next_at=MONDAY) for n in range(1, 620)))
    bot.move_to(MIDDLE + timedelta(minutes=2))
    assert len(bundles(bot)) == 1


def test_the_fourth_word_of_a_day_waits_for_the_next_morning(bot):
    due = [FRIDAY.replace(hour=h) for h in (10, 12, 14, 16)]
    spans = [at - timedelta(hours=4) for at in due]
    for n, (at, start) in enumerate(zip(due, spans, strict=True), 1):
        made = {"due_at": at, "span_from": start, "created_at": start, "next_at": MONDAY}
        bot.add(a_promise(number=n, **made), a_promise(number=n + 10, partnership_id=GLOBEX.id, **made))
    bot.move_to(SATURDAY)
    on_friday = [s for s in bot.rows("bundle", SendState.SENT) if s.intent.quota_day == "2026-11-20"]
    assert len(on_friday) <= 3
    bot.move_to(NEXT_MONDAY)
    assert all(nudge.said_at is not None for nudge in bot.stage.store.tables.nudges.values())


def test_after_an_empty_bundle_the_next_rung_of_that_day_is_still_said(bot):
    """A bundle dropped because all was settled must not swallow the next one."""
    first = a_promise(number=1, due_at=FRIDAY.replace(hour=17), next_at=MONDAY)
    later = a_promise(
        number=2, title="Later", span_from=FRIDAY, created_at=FRIDAY, due_at=FRIDAY.replace(hour=17)
    ).with_(next_at=FRIDAY)
    bot.add(first, later)
    bot.stage.clock.now = FRIDAY
    nudging.queue_due_nudges(bot.ports, "w1")
    replied(bot.says(ANA, "done P-1"))
    bot.settle()
    assert bundles(bot) == []
    bot.move_to(FRIDAY.replace(hour=16))
    assert len(bundles(bot)) == 1
    assert "Later" in bundles(bot)[0]


# Silences


def test_on_track_to_decide_silences_the_day_itself(bot, shown):
    bot.move_to(DECIDE)
    replied(bot.pushes(ANA, bot.heard_by(ANA, "bundle:")[-1], "promise.on_track"))
    bot.move_to(OLD)
    assert [rung for rung, _ in rungs(bot)] == ["heads_up", "decide"]


def test_on_track_to_the_heads_up_silences_nothing(bot, shown):
    bot.move_to(MIDDLE)
    replied(bot.pushes(ANA, bot.heard_by(ANA, "bundle:")[-1], "promise.on_track"))
    bot.move_to(OLD)
    assert [rung for rung, _ in rungs(bot)] == ["heads_up", "decide", "due_today"]


def test_where_the_customer_waits_on_it_the_day_itself_is_still_said(bot, shown):
    with bot.stage.work() as uow:
        uow.promises.save(shown.with_(awaited=True))
    bot.move_to(DECIDE)
    replied(bot.pushes(ANA, bot.heard_by(ANA, "bundle:")[-1], "promise.on_track"))
    bot.move_to(OLD)
    assert rungs(bot)[-1][0] == "due_today"


def test_a_snoozed_heads_up_comes_again_the_next_working_day(bot, shown):
    bot.move_to(MIDDLE)
    replied(bot.pushes(ANA, bot.heard_by(ANA, "bundle:")[0], "promise.snooze"))
    bot.move_to(NEXT_MONDAY)
    assert rungs(bot) == [("heads_up", MIDDLE), ("heads_up", NEXT_MONDAY)]


def test_past_the_decision_snoozing_opens_the_renegotiation(bot, shown):
    bot.stage.clock.now = NEXT_MONDAY
    form = opened(bot.presses(ANA, "promise.snooze", encode(shown.id, "heads_up")))
    assert form.id == "promise.renegotiate"


@pytest.mark.parametrize("words", ["done P-1", "withdraw P-1", "waiting P-1 the list", "renegotiate P-1"])
def test_what_happened_in_time_is_not_nudged_about(bot, shown, words):
    outcome = bot.says(ANA, words)
    if words.startswith("renegotiate"):
        replied(bot.submits(ANA, opened(outcome), {"due": "2026-12-18"}))
        replied(bot.presses(CARLA, "renegotiation.accept", encode(shown.id)))
    bot.move_to(NEXT_FRIDAY - timedelta(days=1))
    assert "decide" not in [rung for rung, _ in rungs(bot)]


@pytest.mark.parametrize("words", ["done P-1", "withdraw P-1", "waiting P-1 the list"])
def test_a_nudge_on_its_way_is_dropped_once_it_is_settled(bot, shown, words):
    """F53: between the sweep and the sending."""
    bot.stage.clock.now = MIDDLE
    nudging.queue_due_nudges(bot.ports, "w1")
    bot.says(ANA, words)
    bot.settle()
    assert bundles(bot) == []
    assert bot.rows("bundle", SendState.DROPPED)


def test_a_nudge_for_a_date_that_moved_is_dropped(bot, shown):
    """F52: renegotiated between the sweep and the sending."""
    offered = bot.has_offered(shown, "2026-12-18")
    bot.stage.clock.now = MIDDLE
    nudging.queue_due_nudges(bot.ports, "w1")
    replied(bot.presses(CARLA, "renegotiation.accept", encode(shown.id, offered.proposal.id)))
    bot.settle()
    assert bundles(bot) == []


# Outages


def test_after_nine_days_of_outage_there_is_one_word_and_no_flood(bot):
    for n, days in enumerate((3, 5, 8, 9, 10, 11), 1):
        bot.add(a_promise(number=n, title=f"Thing {n}", due_at=MONDAY + timedelta(days=days), next_at=MONDAY))
    bot.sleep_until(MONDAY + timedelta(days=9))
    [said] = bundles(bot)
    assert all(f"Thing {n}" in said for n in range(1, 7))
    assert bundles(bot, BEN) == []


def test_an_outage_that_ends_at_night_is_caught_up_in_the_morning(bot, shown):
    bot.sleep_until(MONDAY + timedelta(days=9, hours=12))
    assert bundles(bot) == []
    bot.move_to(MONDAY + timedelta(days=10))
    assert len(bundles(bot)) == 1


def test_even_after_an_outage_the_owner_hears_before_the_lead(bot, shown):
    bot.sleep_until(OLD + timedelta(days=40, hours=-6))
    assert [rung for rung, _ in rungs(bot)] == [Rung.ESCALATE_OWNER.value]
    assert rungs(bot, BEN) == []
    bot.move_to(bot.stage.now + timedelta(days=4))
    assert [rung for rung, _ in rungs(bot, BEN)] == [Rung.ESCALATE_LEAD.value]


def test_an_owner_whose_word_was_held_up_still_hears_a_working_day_before_the_lead(bot, shown):
    told = NEXT_FRIDAY + timedelta(days=10)
    bot.move_to(told - timedelta(minutes=1))
    bot.stage.chat.faults = [ChatError("busy", retry_after=600)] * 7 + [ChatError("busy")]
    bot.stage.clock.now = told
    bot.settle()
    bot.sleep_until(told + timedelta(hours=9))
    bot.stage.chat.faults = []
    bot.move_to(told + timedelta(days=1))
    assert rungs(bot)[-1] == ("escalate_owner", told + timedelta(days=1))
    assert rungs(bot, BEN) == []
    bot.move_to(told + timedelta(days=2))
    assert rungs(bot, BEN) == [("escalate_lead", told + timedelta(days=2))]


def test_an_owner_who_cannot_be_reached_does_not_keep_the_lead_waiting(bot, shown):
    """L16: the word goes to the lead, never to a channel."""
    told = NEXT_FRIDAY + timedelta(days=10)
    bot.move_to(told - timedelta(minutes=1))
    bot.stage.chat.faults = [ChatError("user_disabled", permanent=True)]
    bot.move_to(told + timedelta(days=1))
    assert [rung for rung, _ in rungs(bot, BEN)] == ["escalate_lead"]


def test_two_workers_sweeping_say_it_once(bot, shown):
    bot.stage.clock.now = MIDDLE
    assert nudging.queue_due_nudges(bot.ports, "w1") == 1
    assert nudging.queue_due_nudges(bot.ports, "w2") == 0
    bot.settle()
    assert len(bundles(bot)) == 1


# How is this going, unanswered


def test_how_is_it_unanswered_by_the_next_noon_reaches_the_lead(bot, shown):
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    bot.move_to(MONDAY.replace(hour=11, minute=59))
    assert bundles(bot, BEN) == []
    bot.move_to(MONDAY.replace(hour=12))
    [said] = bundles(bot, BEN)
    assert "Ana" in said


def test_how_is_it_answered_in_time_stays_between_the_two(bot, shown):
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    replied(bot.presses(ANA, "promise.on_track", encode(shown.id)))
    bot.move_to(WEDNESDAY)
    assert bundles(bot, BEN) == []


def test_every_lead_hears_and_nobody_else(bot, shown):
    with bot.stage.work() as uow:
        uow.partnerships.set_role(ACME.id, ANA.id, Role.LEAD)
    replied(bot.presses(CARLA, "promise.how_is_it", encode(shown.id)))
    bot.move_to(TUESDAY.replace(hour=12))
    assert len(bundles(bot, BEN)) == len(bundles(bot, ANA)) == 1


# The sent card stays true


def test_a_bundle_reads_settled_once_it_is(bot, shown):
    bot.move_to(MIDDLE)
    [said] = bot.heard_by(ANA, "bundle:")
    replied(bot.presses(ANA, "promise.done", encode(shown.id), said.place, message=said.ref))
    bot.settle()
    assert bot.stands(said).buttons == ()
    assert "settled" in plain_text(bot.stands(said))


def test_somebody_who_left_is_not_nudged(bot, shown):
    with bot.stage.work() as uow:
        uow.people.save(replace(uow.people.get(ANA.id), is_active=False))
    bot.move_to(OLD)
    assert bot.heard_by(ANA, "bundle:") == []
    refused(bot.says(ANA, "list"))


def test_one_promise_that_cannot_be_worked_out_silences_no_other(bot):
    broken = a_promise(number=70, title="Broken", owner_id=ANA.id, next_at=MONDAY)
    broken = broken.with_(due=replace(broken.due, at=datetime.max.replace(tzinfo=UTC)))
    bot.add(broken)
    bot.has_made("Acme: send the plan by Wednesday")
    bot.move_to(TUESDAY + timedelta(hours=4))
    assert "send the plan" in plain_text(bot.heard_by(ANA)[-1].card)
