"""Whatever happens to an outbox, and in whatever order, the fake and SQLite give the same answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from adapters.db.engine import open_engine
from adapters.db.tables import metadata
from adapters.db.unit_of_work import open_uow
from builders import ANA, MONDAY, TENANT, an_intent
from fakes import FakeStore

LEASE = timedelta(minutes=5)
DAY = "2026-11-16"
minutes = st.sampled_from([0, 0, 1, 6]).map(lambda each: timedelta(minutes=each))  # a lease is five
lanes = st.sampled_from(["slack:T1", "slack:T1", "teams:T1"])
workers = st.sampled_from(["w1", "w2"])


def without_ids(answer):
    """Ids are each store's own."""
    return [replace(each, id=0) for each in answer] if isinstance(answer, list) else answer


class OutboxAgreement(RuleBasedStateMachine):
    """Two units of work stay open side by side; every answer of one is that of the other."""

    claims = Bundle("claims")

    @initialize()
    def open_both(self):
        self.engine = open_engine("sqlite://")
        metadata.create_all(self.engine)
        self.both = [FakeStore().open_uow(TENANT), open_uow(self.engine)(TENANT)]
        for each in self.both:
            each.__enter__()
        self.now = MONDAY

    def teardown(self):
        if hasattr(self, "both"):
            for each in self.both:
                each.__exit__(None, None, None)
            self.engine.dispose()

    def ask(self, question, *pairs):
        """Answers of the fake and of the real one; what was answered earlier is asked about in pairs."""
        sides = zip(*pairs, strict=True) if pairs else ((), ())
        answers = [question(uow.outbox, *mine) for uow, mine in zip(self.both, sides, strict=True)]
        assert without_ids(answers[0]) == without_ids(answers[1])
        return answers

    @rule(by=minutes)
    def time_passes(self, by):
        self.now += by

    @rule(
        keys=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4),
        lane=lanes,
        after=minutes,
        kind=st.sampled_from(["bundle", "note"]),
        unasked=st.booleans(),
    )
    def queue(self, keys, lane, after, kind, unasked):
        one = an_intent(lane=lane, kind=kind, not_before=self.now + after, unasked=unasked, quota_day=DAY)
        self.ask(lambda outbox: outbox.queue([replace(one, key=key) for key in keys]))

    @rule(target=claims, lane=lanes, worker=workers, limit=st.integers(1, 3))
    def claim(self, lane, worker, limit):
        return multiple(*self.claimed(lane, worker, limit))

    def claimed(self, lane, worker, limit):
        lease = {"limit": limit, "lease_for": LEASE}
        return zip(*self.ask(lambda outbox: outbox.claim(lane, worker, self.now, **lease)), strict=True)

    @rule(lane=lanes, worker=workers)
    def take_lane(self, lane, worker):
        self.ask(lambda outbox: outbox.take_lane(lane, worker, self.now, LEASE))

    @rule(claimed=claims)
    def sending(self, claimed):
        self.ask(lambda outbox, mine: outbox.sending(mine, self.now), claimed)

    @rule(claimed=claims)
    def sent(self, claimed):
        self.ask(lambda outbox, mine: outbox.sent(mine, self.now), claimed)

    @rule(claimed=claims)
    def drop(self, claimed):
        self.ask(lambda outbox, mine: outbox.drop(mine, self.now, "kept already"), claimed)

    @rule(claimed=claims)
    def bury(self, claimed):
        self.ask(lambda outbox, mine: outbox.bury(mine, self.now, "no such channel"), claimed)

    @rule(claimed=claims, after=minutes, tried=st.booleans())
    def retry(self, claimed, after, tried):
        again_at = self.now + after
        self.ask(lambda outbox, mine: outbox.retry(mine, again_at, "rate limited", tried=tried), claimed)

    @rule(claimed=claims)
    def give_back(self, claimed):
        self.ask(lambda outbox, mine: outbox.give_back(mine), claimed)

    @rule(lane=lanes, worker=workers)
    def leave_lane(self, lane, worker):
        self.ask(lambda outbox: outbox.leave_lane(lane, worker))

    @rule(target=claims)
    def requeue_the_dead(self):
        dead = list(zip(*self.ask(lambda outbox: outbox.dead(limit=2)), strict=True))
        for letter in dead:
            self.ask(lambda outbox, mine: outbox.requeue(mine.id, self.now), letter)
        in_lanes = sorted({letter.lane for letter, _ in dead})
        return multiple(*(each for lane in in_lanes for each in self.claimed(lane, "w1", 3)))

    @rule(limit=st.integers(1, 2))
    def forget(self, limit):
        self.ask(lambda outbox: outbox.forget_before(self.now, limit=limit))

    @rule()
    def look(self):
        self.ask(lambda outbox: outbox.next_at())
        self.ask(lambda outbox: set(outbox.lanes_due(self.now)))
        self.ask(lambda outbox: outbox.pending_bundles([ANA.id]))
        self.ask(lambda outbox: outbox.unasked_counts([ANA.id], DAY))


TestOutboxAgreement = OutboxAgreement.TestCase
TestOutboxAgreement.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
