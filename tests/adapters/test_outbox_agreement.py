"""Whatever happens to an outbox, and in whatever order, the fake and SQLite give the same answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from adapters.db.engine import open_engine
from adapters.db.tables import metadata
from adapters.db.unit_of_work import open_uow
from builders import ANA, MONDAY, TENANT, an_intent
from fakes import FakeStore

LEASE = timedelta(minutes=5)
DAY = "2026-11-16"
minutes = st.integers(0, 20).map(lambda each: timedelta(minutes=each))
lanes = st.sampled_from(["slack:T1", "teams:T1"])
workers = st.sampled_from(["w1", "w2"])


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

    def ask(self, question):
        fake, real = (question(each.outbox) for each in self.both)
        assert fake == real
        return fake

    @rule(by=minutes)
    def time_passes(self, by):
        self.now += by

    @rule(
        keys=st.lists(st.sampled_from("abcdefgh"), max_size=4),
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
        return self.ask(lambda outbox: outbox.claim(lane, worker, self.now, limit=limit, lease_for=LEASE))

    @rule(lane=lanes, worker=workers)
    def take_lane(self, lane, worker):
        self.ask(lambda outbox: outbox.take_lane(lane, worker, self.now, LEASE))

    @rule(claimed=claims)
    def sending(self, claimed):
        for each in claimed:
            self.ask(lambda outbox, each=each: outbox.sending(each, self.now))

    @rule(claimed=claims)
    def sent(self, claimed):
        for each in claimed:
            self.ask(lambda outbox, each=each: outbox.sent(each, self.now))

    @rule(claimed=claims, end=st.sampled_from(["drop", "bury"]))
    def end(self, claimed, end):
        for each in claimed[:1]:
            self.ask(lambda outbox, each=each: getattr(outbox, end)(each, self.now, "why"))

    @rule(claimed=claims, after=minutes)
    def retry(self, claimed, after):
        for each in claimed:
            self.ask(lambda outbox, each=each: outbox.retry(each, self.now + after, "later"))

    @rule()
    def requeue_the_dead(self):
        for letter in self.ask(lambda outbox: outbox.dead(limit=2)):
            self.ask(lambda outbox, letter=letter: outbox.requeue(letter.id, self.now))

    @rule(limit=st.integers(1, 2))
    def forget(self, limit):
        self.ask(lambda outbox: outbox.forget_before(self.now, limit=limit))

    @rule()
    def look(self):
        self.ask(lambda outbox: outbox.next_at())
        self.ask(lambda outbox: sorted(outbox.lanes_due(self.now)))
        self.ask(lambda outbox: outbox.pending_bundle(ANA.id))
        self.ask(lambda outbox: outbox.unasked_counts([ANA.id], DAY))


TestOutboxAgreement = OutboxAgreement.TestCase
TestOutboxAgreement.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
