"""What every store holds to about outbox, nudges, alarms, digests, posts, inbox and ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_type_hints

import pytest

from bot import storage
from bot.addresses import MessageRef
from bot.storage import Alarm, Digest, DigestState, Nudge, Post, SendState
from builders import (
    ANA,
    BEN,
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    PLATFORM,
    TENANT,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_promise,
    an_id,
    an_intent,
)
from commitments.errors import StaleWrite

OTHER = "T2"
LANE = f"{PLATFORM}:{TENANT}"
LEASE = timedelta(minutes=1)
LATER = MONDAY + LEASE


def claim(uow, now=MONDAY, *, worker="w1", lane=LANE, limit=10):
    return uow.outbox.claim(lane, worker, now, limit=limit, lease_for=LEASE)


def claimed_one(uow, now=MONDAY, **changes):
    uow.outbox.queue([an_intent(**changes)])
    (claimed,) = claim(uow, now)
    return claimed


# Outbox


def test_queuing_again_says_nothing_twice(uow):
    assert uow.outbox.queue([an_intent("a"), an_intent("b"), an_intent("a")]) == 2
    assert uow.outbox.queue([an_intent("b"), an_intent("c")]) == 1
    assert uow.outbox.queue([]) == 0
    assert len(claim(uow)) == 3


def test_a_key_is_one_tenants_own(opened):
    with opened(None) as uow:
        assert uow.outbox.queue([an_intent("a"), an_intent("a", tenant=OTHER)]) == 2


def test_another_tenant_is_not_written_to(uow):
    with pytest.raises(ValueError):
        uow.outbox.queue([an_intent("a"), an_intent("b", tenant=OTHER)])
    assert uow.outbox.next_at() is None


def test_another_tenants_rows_are_not_claimed(opened):
    with opened(OTHER) as uow:
        uow.outbox.queue([an_intent(tenant=OTHER, lane=LANE, person_id=ANA.id, kind="bundle")])
        uow.commit()
    with opened(TENANT) as uow:
        assert claim(uow) == []
        assert uow.outbox.lanes_due(MONDAY) == []
        assert uow.outbox.next_at() is None
        assert uow.outbox.pending_bundles([ANA.id]) == set()


def test_an_intent_comes_back_as_it_went(uow):
    intent = an_intent(
        place_id=an_id("place"),
        person_id=None,
        args={"rung": "decide", "quote": "ü"},
        expires_at=FRIDAY,
        unasked=True,
        quota_day="2026-11-16",
    )
    uow.outbox.queue([intent])
    (claimed,) = claim(uow)
    assert claimed.intent == intent
    assert (claimed.epoch, claimed.attempts, claimed.was_sending) == (1, 1, False)


def test_rows_are_claimed_when_due_and_in_order(uow):
    uow.outbox.queue([an_intent("c", not_before=WEDNESDAY), an_intent("b", not_before=TUESDAY)])
    uow.outbox.queue([an_intent("a", not_before=TUESDAY), an_intent("d", not_before=FRIDAY)])
    assert uow.outbox.next_at() == TUESDAY
    assert claim(uow, MONDAY) == []
    assert [each.intent.key for each in claim(uow, THURSDAY, limit=2)] == ["b", "a"]
    assert [each.intent.key for each in claim(uow, THURSDAY)] == ["c"]


def test_a_lane_is_claimed_by_itself(uow):
    uow.outbox.queue([an_intent("late", not_before=TUESDAY), an_intent("early", lane="slack:T1")])
    assert uow.outbox.lanes_due(MONDAY - LEASE) == []
    assert uow.outbox.lanes_due(MONDAY) == ["slack:T1"]
    assert uow.outbox.lanes_due(FRIDAY) == ["slack:T1", LANE]
    assert [each.intent.key for each in claim(uow, FRIDAY, lane="slack:T1")] == ["early"]


def test_a_lane_has_one_worker_until_its_lease_runs_out(uow):
    assert uow.outbox.take_lane(LANE, "w1", MONDAY, LEASE)
    assert not uow.outbox.take_lane(LANE, "w2", MONDAY + LEASE / 2, LEASE)
    assert uow.outbox.take_lane(LANE, "w1", MONDAY + LEASE / 2, LEASE)
    assert not uow.outbox.take_lane(LANE, "w2", LATER, LEASE)
    assert uow.outbox.take_lane(LANE, "w2", LATER + LEASE / 2, LEASE)


def test_a_lane_is_left_by_the_worker_who_has_it(uow):
    assert uow.outbox.take_lane(LANE, "w1", MONDAY, LEASE)
    uow.outbox.leave_lane(LANE, "w2")
    assert not uow.outbox.take_lane(LANE, "w2", MONDAY, LEASE)
    uow.outbox.leave_lane(LANE, "w1")
    assert uow.outbox.take_lane(LANE, "w2", MONDAY, LEASE)


def test_a_claimed_row_is_left_alone_until_its_lease_runs_out(uow):
    first = claimed_one(uow)
    assert uow.outbox.next_at() == LATER
    assert claim(uow, worker="w2") == []
    (second,) = claim(uow, LATER, worker="w2")
    assert (second.id, second.epoch, second.attempts) == (first.id, first.epoch + 1, 2)


def test_a_worker_that_lost_its_lease_changes_nothing(uow):
    stale = claimed_one(uow)
    (holder,) = claim(uow, LATER, worker="w2")
    assert not uow.outbox.sending(stale, LATER)
    assert not uow.outbox.sent(stale, LATER)
    assert not uow.outbox.drop(stale, LATER, "late")
    assert not uow.outbox.retry(stale, LATER, "late")
    assert not uow.outbox.bury(stale, LATER, "late")
    assert uow.outbox.sending(holder, LATER)


def test_nothing_is_sent_once_the_lease_ran_out_even_if_nobody_took_it(uow):
    claimed = claimed_one(uow)
    assert not uow.outbox.sending(claimed, LATER)


def test_a_message_that_went_out_is_recorded_even_after_the_lease(uow):
    claimed = claimed_one(uow)
    assert uow.outbox.sending(claimed, MONDAY)
    assert uow.outbox.sent(claimed, LATER)
    assert claim(uow, FRIDAY) == []


def test_a_row_found_while_sending_says_so_until_it_is_settled(uow):
    uow.outbox.sending(claimed_one(uow), MONDAY)
    (taken_over,) = claim(uow, LATER)
    assert taken_over.was_sending
    (taken_again,) = claim(uow, LATER + LEASE)
    assert taken_again.was_sending


def test_a_row_to_retry_waits_and_starts_over(uow):
    claimed = claimed_one(uow)
    uow.outbox.sending(claimed, MONDAY)
    assert uow.outbox.retry(claimed, TUESDAY, "rate limited")
    assert claim(uow, LATER) == []
    (again,) = claim(uow, TUESDAY)
    assert (again.was_sending, again.attempts, again.intent.not_before) == (False, 2, TUESDAY)


def test_a_row_that_only_waited_its_turn_has_spent_no_attempt(uow):
    claimed = claimed_one(uow)
    assert uow.outbox.retry(claimed, TUESDAY, "paced", tried=False)
    (again,) = claim(uow, TUESDAY)
    assert (again.attempts, again.intent.not_before) == (1, TUESDAY)


def test_a_row_given_back_is_as_it_was(uow):
    claimed = claimed_one(uow)
    assert uow.outbox.give_back(claimed)
    assert not uow.outbox.give_back(claimed)
    assert not uow.outbox.sending(claimed, MONDAY)
    (again,) = claim(uow, worker="w2")
    assert (again.attempts, again.was_sending, again.intent) == (1, False, claimed.intent)
    assert not uow.outbox.give_back(claimed)


def test_a_row_given_back_that_was_perhaps_sent_is_still_in_doubt(uow):
    assert uow.outbox.sending(claimed_one(uow), MONDAY)
    (in_doubt,) = claim(uow, LATER)
    assert uow.outbox.give_back(in_doubt)
    (again,) = claim(uow, LATER)
    assert (again.attempts, again.was_sending) == (2, True)


@pytest.mark.parametrize("end", ["sent", "drop", "bury"])
def test_what_is_settled_stays_settled(uow, end):
    claimed = claimed_one(uow)
    reason = () if end == "sent" else ("because",)
    assert getattr(uow.outbox, end)(claimed, MONDAY, *reason)
    assert not uow.outbox.sent(claimed, MONDAY)
    assert not uow.outbox.retry(claimed, MONDAY, "again")
    assert claim(uow, FRIDAY) == []
    assert uow.outbox.next_at() is None
    assert uow.outbox.queue([claimed.intent]) == 0


def test_a_dead_letter_is_seen_and_requeued(uow):
    dead = claimed_one(uow, key="dead", expires_at=TUESDAY)
    uow.outbox.bury(dead, MONDAY, "channel_not_found")
    (letter,) = uow.outbox.dead()
    assert (letter.id, letter.key, letter.kind, letter.lane) == (dead.id, "dead", "note", LANE)
    assert (letter.state, letter.attempts, letter.reason) == (SendState.DEAD, 1, "channel_not_found")
    assert uow.outbox.requeue(letter.id, FRIDAY)
    assert not uow.outbox.requeue(letter.id, FRIDAY)
    assert uow.outbox.dead() == []
    (again,) = claim(uow, FRIDAY)
    assert (again.epoch, again.attempts) == (2, 1)
    assert (again.intent.not_before, again.intent.expires_at) == (FRIDAY, None)
    assert not uow.outbox.sent(dead, FRIDAY)


def test_the_latest_dead_letters_come_first(uow):
    for key in ("a", "b", "c"):
        uow.outbox.bury(claimed_one(uow, key=key), MONDAY, "gone")
    assert [each.key for each in uow.outbox.dead(limit=2)] == ["c", "b"]
    assert not uow.outbox.requeue(12345, MONDAY)


def test_a_bundle_is_pending_until_it_is_claimed(uow):
    uow.outbox.queue([an_intent("other kind"), an_intent("bens", kind="bundle", person_id=BEN.id)])
    assert uow.outbox.pending_bundles([ANA.id]) == set()
    uow.outbox.queue([an_intent("hers", kind="bundle")])
    assert uow.outbox.pending_bundles([ANA.id]) == {ANA.id}
    hers = next(each for each in claim(uow) if each.intent.key == "hers")
    assert uow.outbox.pending_bundles([ANA.id]) == set()
    uow.outbox.retry(hers, FRIDAY, "rate limited")
    assert uow.outbox.pending_bundles([ANA.id]) == {ANA.id}


def test_unasked_messages_count_on_their_day_sent_or_waiting(uow):
    day = {"unasked": True, "quota_day": "2026-11-16"}
    keys = ("sent", "sending", "dropped", "dead", "pending")
    uow.outbox.queue([an_intent(key, **day) for key in keys[:4]])
    sent, sending, dropped, dead = claim(uow)
    uow.outbox.sent(sent, MONDAY)
    uow.outbox.sending(sending, MONDAY)
    uow.outbox.drop(dropped, MONDAY, "kept already")
    uow.outbox.bury(dead, MONDAY, "gone")
    uow.outbox.queue([an_intent("pending", **day), an_intent("asked"), an_intent("b", **day, lane="x")])
    uow.outbox.queue([an_intent("next", unasked=True, quota_day="2026-11-17")])
    assert uow.outbox.unasked_on(ANA.id, "2026-11-16") == 4
    assert uow.outbox.unasked_counts([ANA.id, BEN.id], "2026-11-16") == {ANA.id: 4, BEN.id: 0}
    assert uow.outbox.unasked_counts([], "2026-11-16") == {}


def test_old_settled_rows_are_forgotten_and_dead_letters_kept(uow):
    uow.outbox.queue([an_intent(key) for key in ("sent", "dropped", "dead", "pending")])
    sent, dropped, dead, _ = claim(uow)
    uow.outbox.sent(sent, MONDAY)
    uow.outbox.drop(dropped, MONDAY, "kept already")
    uow.outbox.bury(dead, MONDAY, "gone")
    assert uow.outbox.forget_before(MONDAY, limit=10) == 0
    assert uow.outbox.forget_before(TUESDAY, limit=1) == 1
    assert uow.outbox.forget_before(TUESDAY, limit=10) == 1
    assert len(uow.outbox.dead()) == 1
    assert uow.outbox.queue([an_intent("pending")]) == 0


# Nudges


@pytest.fixture
def nudge(uow):
    """Makes nudges about a promise of Ana's."""
    promise = a_promise()
    uow.promises.add(promise)

    def make(key, at=MONDAY, person_id=ANA.id, **changes):
        return Nudge(
            key=key,
            tenant=TENANT,
            promise_id=promise.id,
            rung="decide",
            person_id=person_id,
            at=at,
            **changes,
        )

    return make


def test_a_nudge_is_added_once(uow, nudge):
    first = nudge("a")
    uow.nudges.add([first, nudge("a", at=FRIDAY)])
    uow.nudges.add([nudge("a", at=FRIDAY)])
    uow.nudges.add([])
    assert uow.nudges.unsaid(ANA.id) == [first]


def test_nudges_wait_for_their_person_in_order(uow, nudge):
    late, early, bens = nudge("a", at=TUESDAY), nudge("b"), nudge("c", person_id=BEN.id)
    uow.nudges.add([late, early, bens])
    assert uow.nudges.unsaid(ANA.id) == [early, late]
    assert uow.nudges.unsaid(BEN.id) == [bens]
    assert uow.nudges.unsaid(an_id("nobody")) == []


def test_a_nudge_once_said_waits_no_more(uow, nudge):
    a, b = nudge("a"), nudge("b")
    uow.nudges.add([a, b])
    uow.nudges.said(["a", "unknown"], TUESDAY)
    uow.nudges.said(["a"], FRIDAY)
    assert uow.nudges.unsaid(ANA.id) == [b]
    assert uow.nudges.of_promise(a.promise_id) == [replace(a, said_at=TUESDAY), b]


def test_a_nudge_is_about_a_promise(uow, nudge):
    with pytest.raises(LookupError):
        uow.nudges.add([replace(nudge("a"), promise_id=an_id("nothing"))])


# Alarms


def an_alarm(key="a", at=TUESDAY, **changes):
    return Alarm(key=key, tenant=TENANT, kind="lapse", subject_id=an_id("subject"), at=at, **changes)


def test_an_alarm_fires_once_when_it_is_time(uow):
    alarm, later = an_alarm(args={"why": "now"}), an_alarm("b", at=WEDNESDAY)
    uow.alarms.put(later)
    uow.alarms.put(alarm)
    assert uow.alarms.next_at() == TUESDAY
    assert uow.alarms.claim_due(MONDAY, 10) == []
    assert uow.alarms.claim_due(FRIDAY, 1) == [alarm]
    assert uow.alarms.claim_due(FRIDAY, 10) == [later]
    assert uow.alarms.claim_due(FRIDAY, 10) == []
    assert uow.alarms.next_at() is None


def test_an_alarm_is_moved_until_it_has_fired(uow):
    uow.alarms.put(an_alarm(at=FRIDAY))
    uow.alarms.put(moved := an_alarm(at=TUESDAY, args={"moved": "yes"}))
    assert uow.alarms.claim_due(TUESDAY, 10) == [moved]
    uow.alarms.put(an_alarm(at=WEDNESDAY))
    uow.alarms.cancel("a")
    uow.alarms.put(an_alarm(at=WEDNESDAY))
    assert uow.alarms.claim_due(NEXT_MONDAY, 10) == []


def test_a_cancelled_alarm_does_not_fire(uow):
    uow.alarms.put(an_alarm())
    uow.alarms.cancel("a")
    uow.alarms.cancel("never put")
    assert uow.alarms.claim_due(NEXT_MONDAY, 10) == []


def test_alarms_fire_for_every_tenant_when_opened_for_all(opened):
    with opened(OTHER) as uow:
        uow.alarms.put(replace(an_alarm(), tenant=OTHER))
        uow.commit()
    with opened(TENANT) as uow:
        assert uow.alarms.claim_due(FRIDAY, 10) == []
    with opened(None) as uow:
        assert [each.tenant for each in uow.alarms.claim_due(FRIDAY, 10)] == [OTHER]


# Digests


def a_digest(period="2026-W47", **changes):
    standing = {
        "id": an_id(period),
        "tenant": TENANT,
        "kind": "shared",
        "subject_id": an_id("Acme"),
        "period": period,
        "starts": MONDAY,
        "ends": NEXT_MONDAY,
        "send_at": NEXT_MONDAY,
        "state": DigestState.DRAFT,
    }
    return Digest(**{**standing, **changes})


def test_a_place_has_one_digest_a_period(uow):
    digest = a_digest(opening="Hello", left_out=frozenset({"a", "b"}), held_reason="repair")
    assert uow.digests.add(digest)
    assert not uow.digests.add(a_digest(id=an_id("second")))
    assert uow.digests.add(a_digest(id=an_id("third"), kind="manager"))
    assert uow.digests.get(digest.id) == digest
    assert uow.digests.of_period(digest.subject_id, "shared", "2026-W47") == digest
    assert uow.digests.of_period(digest.subject_id, "shared", "2026-W48") is None


def test_a_digest_is_saved_by_version(uow):
    uow.digests.add(a_digest())
    uow.digests.save(a_digest(state=DigestState.HELD))
    assert uow.digests.get(an_id("2026-W47")) == a_digest(state=DigestState.HELD, version=2)
    with pytest.raises(StaleWrite):
        uow.digests.save(a_digest(state=DigestState.APPROVED))


def test_the_last_digest_sent_is_the_latest_period(uow):
    subject = an_id("Acme")
    assert uow.digests.last_sent(subject, "shared") is None
    for period, ends, state in (
        ("2026-W46", TUESDAY, DigestState.SENT),
        ("2026-W45", MONDAY, DigestState.SENT),
        ("2026-W47", NEXT_MONDAY, DigestState.HELD),
    ):
        uow.digests.add(a_digest(period, ends=ends, state=state))
    assert uow.digests.last_sent(subject, "shared").period == "2026-W46"


# Posts, inbox, ledger


def a_post(key="m1", **changes):
    ref = MessageRef(platform=PLATFORM, tenant=TENANT, place_id=an_id("place"), key=key)
    standing = {"id": an_id(key), "tenant": TENANT, "ref": ref, "kind": "anchor", "at": MONDAY}
    return Post(**{**standing, "subject_id": an_id("subject"), **changes})


def test_a_post_is_found_by_where_it_is_and_what_it_is_about(uow):
    anchor = a_post(args={"side": "ours"}, person_id=ANA.id)
    later = a_post("m2", kind="bundle", at=TUESDAY)
    uow.posts.add(later)
    uow.posts.add(anchor)
    assert uow.posts.get(anchor.id) == anchor
    assert uow.posts.get(an_id("nothing")) is None
    assert uow.posts.by_ref(anchor.ref) == anchor
    assert uow.posts.by_ref(replace(anchor.ref, key="m3")) is None
    assert uow.posts.of_subject(anchor.subject_id) == [anchor, later]
    assert uow.posts.of_kind("bundle", anchor.subject_id) == [later]
    assert uow.posts.of_kind("bundle", an_id("nothing")) == []
    with pytest.raises(StaleWrite):
        uow.posts.add(a_post(id=an_id("second")))


def test_an_inbound_key_is_new_once_in_each_tenant(opened):
    with opened(TENANT) as uow:
        assert uow.inbox.first_time("event", MONDAY)
        assert not uow.inbox.first_time("event", TUESDAY)
        uow.commit()
    with opened(OTHER) as uow:
        assert uow.inbox.first_time("event", WEDNESDAY)
        uow.commit()
    with opened(None) as uow:
        assert uow.inbox.forget_before(MONDAY, limit=10) == 0
        assert uow.inbox.forget_before(FRIDAY, limit=1) == 1
        assert uow.inbox.forget_before(FRIDAY, limit=10) == 1
    with opened(TENANT) as uow:
        assert not uow.inbox.first_time("event", FRIDAY)


def test_the_ledger_knows_the_last_beat_of_each_sweep(uow):
    uow.ledger.beat("nudges", MONDAY)
    uow.ledger.beat("outbox", MONDAY)
    uow.ledger.beat("nudges", TUESDAY)
    assert uow.ledger.beats() == {"nudges": TUESDAY, "outbox": MONDAY}


def test_a_setting_is_a_tenants_or_the_installations(opened):
    with opened(None) as uow:
        uow.ledger.set("offset", "P1D")
        uow.ledger.set("offset", "P2D")
        uow.commit()
    with opened(TENANT) as uow:
        assert uow.ledger.setting("offset") is None
        uow.ledger.set("offset", "PT0S")
        uow.commit()
    with opened(None) as uow:
        assert uow.ledger.setting("offset") == "P2D"


def test_denials_are_taken_down(uow):
    uow.ledger.deny(ANA.id, "promise.share", None, MONDAY)
    uow.ledger.deny(ANA.id, "promise.share", an_id("subject"), TUESDAY)
    uow.ledger.deny(BEN.id, "promise.share", None, TUESDAY)
    moments = (MONDAY, TUESDAY, TUESDAY + timedelta(seconds=1))
    assert [uow.ledger.denied_since(ANA.id, moment) for moment in moments] == [2, 1, 0]
    uow.commit()


# All of it


def test_every_method_of_every_repository_is_held_to_the_contract(request):
    """A method added to the protocols must be called in one of these files."""
    files = request.path.parent.glob("test_*_contract.py")
    said = "".join(each.read_text("utf-8") for each in files)
    repositories = [
        name for name in vars(storage.UnitOfWork) if isinstance(vars(storage.UnitOfWork)[name], property)
    ]
    assert len(repositories) == 13
    for name in repositories:
        protocol = get_type_hints(vars(storage.UnitOfWork)[name].fget)["return"]
        methods = [each for each in vars(protocol) if not each.startswith("_")]
        missing = [each for each in methods if f".{name}.{each}(" not in said]
        assert not missing, f"{name}: {missing}"
