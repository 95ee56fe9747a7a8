"""A promise lives through whatever people and time do to it, in any order. Some things must never happen."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from builders import ACME, ANA, BEN, CARLA, MIA, MONDAY, TENANT, an_id, due
from commitments import acts, renegotiation
from commitments.errors import Refusal
from commitments.events import Fact, Kind
from commitments.nudges import Rung
from commitments.promise import Change, Promise, Shape, Side, State
from commitments.renegotiation import is_slip

SEQUENCES = 2000 if os.environ.get("KEPT_SOAK") else 500
TITLES = ("Send the SOC 2 report", "Send teh SOC 2 report", "Send the SOC 1 report", "", "Call Acme")
DELIVERED = {State.DELIVERED, State.KEPT, State.UNOPPOSED}
MOVES = {Kind.MOVED, Kind.OFFER_ACCEPTED, Kind.AGREED_OFFLINE}
MAY_MOVE = MOVES | {Kind.ACCEPTED, Kind.CONTRADICTED, Kind.UNDONE}
MAY_END_A_FINAL_STATE = {Kind.UNDONE, Kind.NOT_YET}

people = st.sampled_from([ANA.id, BEN.id, MIA.id, CARLA.id])
recorders = st.sampled_from([ANA.id, ANA.id, BEN.id])  # mostly the owner
sides = st.sampled_from(Side)
mostly = st.sampled_from([True, True, True, False])
words = st.sampled_from(["", "The auditor is late"])
soon = st.sampled_from([timedelta(0), timedelta(minutes=3), timedelta(hours=2)])
later = st.integers(-1, 9).map(lambda days: timedelta(days=days))


def when(holds: Callable[[Promise], object]) -> Callable[[Any], Any]:
    """Only then: `test_acts` tries every act in every state, here lives are to be long and rich."""
    return precondition(lambda life: bool(holds(life.promise)))


def is_open(promise: Promise) -> bool:
    return promise.state is State.OPEN


def is_asked_for(promise: Promise) -> bool:
    return promise.state is State.PROPOSED


def is_offered(promise: Promise) -> bool:
    return promise.proposal is not None


after_a_while = precondition(lambda life: len(life.history) > 2)
in_the_end = precondition(lambda life: len(life.history) > 8)


def counts(kind: Kind) -> int:
    """A contradicted agreement was no move after all."""
    return (kind in MOVES) - (kind is Kind.CONTRADICTED)


class Life(RuleBasedStateMachine):
    promise: Promise

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.moves = 0  # those that stand: what was undone did not happen
        self.history: list[tuple[Fact, Promise | None, int]] = []
        self.offers = 0

    @initialize(by=recorders, side=sides, shown=mostly, days=st.integers(2, 20))
    def record(self, by: str, side: Side, shown: bool, days: int) -> None:
        made = acts.record(
            id=an_id("life"),
            tenant=TENANT,
            partnership_id=ACME.id,
            number=1,
            title=TITLES[0],
            side=side,
            owner_id=ANA.id,
            by=by,
            due=due(self.now + timedelta(days=days)),
            now=self.now,
            shown=shown,
        )
        self.promise = made.promise
        self.history.append((made.fact, None, 0))

    def do(self, act: Callable[[Promise, datetime], Change], side: Side | None = None) -> None:
        """Applies it as the store would: the value if it was allowed, and its fact after all others."""
        before = self.promise
        try:
            made = act(before, self.now)
        except Refusal:
            return
        self.holds_for_the_step(before, made, side)
        self.moves = self.moves_after(made.fact)
        self.history.append((made.fact, before, self.moves - counts(made.fact.kind)))
        self.promise = made.promise.with_(version=made.promise.version + 1)

    def moves_after(self, fact: Fact) -> int:
        if fact.kind is Kind.UNDONE:
            return self.history[-1][2]
        return self.moves + counts(fact.kind)

    def new_offer(self) -> str:
        self.offers += 1
        return f"offer {self.offers}"

    def answering(self, fair: bool) -> Side:
        """The side whose turn it is to answer, or the one whose turn it is not."""
        assert self.promise.proposal is not None
        by_side = self.promise.proposal.by_side
        return by_side.other if fair else by_side

    # What people do

    @rule(by=people)
    @when(is_asked_for)
    def accept(self, by: str) -> None:
        self.do(lambda p, now: acts.accept(p, by, now))

    @rule(by=people, reason=words)
    @in_the_end
    def decline(self, by: str, reason: str) -> None:
        self.do(lambda p, now: acts.decline(p, by, reason, now))

    @rule(by=people)
    def show(self, by: str) -> None:
        self.do(lambda p, now: acts.show(p, by, now))

    @rule(by=people, evidence=words)
    @when(is_open)
    def deliver(self, by: str, evidence: str) -> None:
        self.do(lambda p, now: acts.deliver(p, by, evidence, now))

    @rule(by=people)
    @when(lambda p: p.state is State.DELIVERED)
    def confirm(self, by: str) -> None:
        self.do(lambda p, now: acts.confirm(p, by, now))

    @rule(by=people, reason=words)
    @when(lambda p: p.state in (State.DELIVERED, State.UNOPPOSED))
    def not_yet(self, by: str, reason: str) -> None:
        self.do(lambda p, now: acts.not_yet(p, by, reason, now))

    @rule(by=people, end=st.sampled_from([acts.miss, acts.release, acts.withdraw]), reason=words)
    @in_the_end
    def end(self, by: str, end: Callable[[Promise, str, str, datetime], Change], reason: str) -> None:
        self.do(lambda p, now: end(p, by, reason, now))

    @rule(by=people, reason=words, ask=st.booleans())
    @when(is_open)
    def release_asked_and_refused(self, by: str, reason: str, ask: bool) -> None:
        self.do(lambda p, now: acts.ask_release(p, by, reason, now) if ask else acts.keep_please(p, by, now))

    @rule(by=people, reason=words)
    @when(is_open)
    def wait(self, by: str, reason: str) -> None:
        self.do(lambda p, now: acts.wait(p, by, reason, now))

    @rule(by=people)
    @when(lambda p: p.waiting)
    def resume(self, by: str) -> None:
        self.do(lambda p, now: acts.resume(p, by, now))

    @rule(by=people, to=people)
    def hand_over(self, by: str, to: str) -> None:
        self.do(lambda p, now: acts.offer_hand_over(p, by, to, now))

    @rule(by=people, takes=st.booleans())
    @when(lambda p: p.hand_over_to)
    def answer_hand_over(self, by: str, takes: bool) -> None:
        self.do(lambda p, now: (acts.take_over if takes else acts.decline_hand_over)(p, by, now))

    @rule(by=people, rung=st.sampled_from([Rung.HEADS_UP, Rung.DECIDE]), after=later)
    @when(is_open)
    def answer_a_nudge(self, by: str, rung: Rung, after: timedelta) -> None:
        self.do(lambda p, now: acts.on_track(p, by, rung, now))
        self.do(lambda p, now: acts.snooze(p, by, now + after, now))

    @rule(by=people, ask=st.booleans(), answer=words)
    @when(is_open)
    def how_is_it(self, by: str, ask: bool, answer: str) -> None:
        self.do(lambda p, now: acts.ask_how(p, by, now) if ask else acts.answer_how(p, by, answer, now))

    @rule(by=people, title=st.sampled_from(TITLES))
    def edit(self, by: str, title: str) -> None:
        self.do(lambda p, now: renegotiation.edit_title(p, title, by, now))

    @rule(
        shape=st.sampled_from(Shape),
        title=st.sampled_from(TITLES),
        reason=words,
        by=people,
        side=sides,
        early=st.booleans(),
        after=later,
    )
    @when(lambda p: is_open(p) or p.is_final)
    def offer(
        self, shape: Shape, title: str, reason: str, by: str, side: Side, early: bool, after: timedelta
    ) -> None:
        fresh = self.new_offer()
        self.do(
            lambda p, now: renegotiation.offer(
                p,
                id=fresh,
                shape=shape,
                due=due(max(p.due.at, now) + after),
                title=title,
                reason=reason,
                by=by,
                by_side=side,
                early=early,
                now=now,
            )
        )

    @rule(by=people, side=sides, after=later, reason=words)
    @when(lambda p: is_offered(p) or is_asked_for(p))
    def counter(self, by: str, side: Side, after: timedelta, reason: str) -> None:
        make = (
            renegotiation.counter_request
            if self.promise.proposal is None
            else lambda p, **given: renegotiation.counter_offer(p, "", **given)
        )
        fresh = self.new_offer()
        self.do(
            lambda p, now: make(p, id=fresh, due=due(now + after), reason=reason, by=by, side=side, now=now),
            side,
        )

    @rule(by=people, fair=mostly, timely=mostly)
    @when(is_offered)
    def accept_offer(self, by: str, fair: bool, timely: bool) -> None:
        side, question = self.answering(fair), "" if timely else "an older offer"
        self.do(lambda p, now: renegotiation.accept_offer(p, question, by, side, now), side)

    @rule(by=people, fair=mostly)
    @when(is_offered)
    def decline_offer(self, by: str, fair: bool) -> None:
        side = self.answering(fair)
        self.do(lambda p, now: renegotiation.decline_offer(p, "", by, side, now), side)

    @rule(by=people, side=sides)
    @when(is_offered)
    def take_back(self, by: str, side: Side) -> None:
        self.do(lambda p, now: renegotiation.take_back_offer(p, by, side, now))

    @rule(by=people)
    @when(is_offered)
    def agree_offline(self, by: str) -> None:
        self.do(lambda p, now: renegotiation.agree_offline(p, by, now))

    @rule(by=people)
    @when(lambda p: p.offline)
    def contradict(self, by: str) -> None:
        self.do(lambda p, now: renegotiation.contradict(p, by, now))

    @rule(by=people)
    @after_a_while
    def undo(self, by: str) -> None:
        last, before, _ = self.history[-1]
        self.do(lambda p, now: acts.undo(p, last, before, by, now))

    @rule()
    @after_a_while
    def undo_one_s_own(self) -> None:
        self.undo(self.history[-1][0].by or ANA.id)

    # What time does

    @rule(by=soon | st.integers(1, 12).map(lambda days: timedelta(days=days)))
    def pass_time(self, by: timedelta) -> None:
        self.now += by

    @rule()
    @in_the_end
    def silence(self) -> None:
        self.do(lambda p, now: (acts.lapse if p.state is State.PROPOSED else acts.pass_unopposed)(p, now))

    # What must never happen, from one value to the next

    def holds_for_the_step(self, before: Promise, made: Change, side: Side | None) -> None:
        after, fact = made.promise, made.fact
        assert fact.at == self.now
        self.finals_are_final(before, after, fact.kind)
        self.what_is_published_stays(before, after, fact.kind, side)
        self.offers_are_answered_fairly(before, after, fact.kind, side)
        self.splits_are_whole(before, made)
        assert after.version == before.version, "only the store counts versions"
        if after.owner_id != before.owner_id and fact.kind is not Kind.UNDONE:
            assert fact.kind is Kind.HANDED_OVER
            assert fact.by == after.owner_id == before.hand_over_to
        assert identity(after) == identity(before)

    def finals_are_final(self, before: Promise, after: Promise, kind: Kind) -> None:
        if not before.is_final or after.state is before.state:
            return
        assert kind in MAY_END_A_FINAL_STATE
        if kind is Kind.NOT_YET:
            assert before.state is State.UNOPPOSED
            assert before.delivered_at is not None
            assert self.now - before.delivered_at <= timedelta(days=30)
        else:
            assert self.now - self.history[-1][0].at <= timedelta(minutes=10)

    def what_is_published_stays(self, before: Promise, after: Promise, kind: Kind, side: Side | None) -> None:
        if not before.is_shown:
            return
        assert after.shown_at == before.shown_at
        if after.due != before.due:
            assert kind in MAY_MOVE - {Kind.MOVED}
        if after.title != before.title and kind is not Kind.EDITED:
            assert kind in MAY_MOVE - {Kind.MOVED, Kind.ACCEPTED}
        if kind is Kind.EDITED:
            assert is_slip(before.title, after.title)
            assert after.due == before.due
        if kind is Kind.OFFER_ACCEPTED:
            assert before.proposal is not None
            assert after.due in (before.proposal.due, before.due)
            assert side is before.proposal.by_side.other

    def offers_are_answered_fairly(
        self, before: Promise, after: Promise, kind: Kind, side: Side | None
    ) -> None:
        offer = before.proposal
        if offer is None or side is None:
            return
        assert side is not offer.by_side, "nobody answers their own offer"
        if kind is Kind.OFFER_COUNTERED:
            assert after.proposal is not None
            assert after.proposal.by_side is side
            assert (after.proposal.early, after.proposal.first_offered_at) == (
                offer.early,
                offer.first_offered_at,
            )
            assert (after.due, after.title) == (before.due, before.title), "the old date stands"

    def splits_are_whole(self, before: Promise, made: Change) -> None:
        rest = made.born
        if rest is None:
            return
        assert made.fact.kind in MOVES
        assert made.fact.detail["shape"] == Shape.PART_NOW.value
        assert (rest.title, rest.owner_id, rest.side) == (before.title, before.owner_id, before.side)
        assert (rest.is_shown, rest.split_from) == (before.is_shown, before.id)
        assert rest.due.at > made.promise.due.at == before.due.at

    # What must hold of every value

    @invariant()
    def delivered_when_it_says_so(self) -> None:
        assert (self.promise.delivered_at is not None) == (self.promise.state in DELIVERED)

    @invariant()
    def settled_when_it_is_final_and_nothing_pends_then(self) -> None:
        promise = self.promise
        assert (promise.settled_at is not None) == promise.is_final
        if promise.is_final or promise.state is State.DELIVERED:
            pending = (promise.proposal, promise.question, promise.waiting, promise.hand_over_to)
            assert (*pending, promise.release_asked_at) == (None,) * 5

    @invariant()
    def a_pending_offer_is_about_something_shown_or_asked_for(self) -> None:
        if self.promise.proposal is not None:
            assert self.promise.is_shown or self.promise.state is State.PROPOSED

    @invariant()
    def moves_are_counted_once(self) -> None:
        assert self.promise.moved_early + self.promise.moved_late == self.moves

    @invariant()
    def overdue_is_worked_out_and_on_time_is_judged_by_the_delivery(self) -> None:
        promise, ends = self.promise, self.promise.due.at + self.promise.paused_for
        runs = promise.state is State.OPEN and promise.waiting is None
        assert promise.is_overdue(self.now) == (runs and self.now > ends)
        if promise.delivered_at is not None:
            assert promise.on_time == (promise.delivered_at <= ends)
        assert promise.paused_for >= timedelta(0)

    @invariant()
    def history_only_grows(self) -> None:
        facts = [fact for fact, _, _ in self.history]
        assert self.promise.version == len(facts)
        assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)


def identity(promise: Promise) -> tuple[object, ...]:
    """What no act may change."""
    return (
        promise.id,
        promise.tenant,
        promise.partnership_id,
        promise.number,
        promise.side,
        promise.filed_by,
        promise.created_at,
        promise.source,
        promise.split_from,
    )


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=SEQUENCES, stateful_step_count=40)
