"""What a shared digest holds, and when it had better stay silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_fact,
    a_partnership,
    a_promise,
    a_voice,
    a_win,
    due,
)
from commitments.digest import Contents, Held, Line, LineKind, contents, why_held, why_silent
from commitments.events import Fact, Kind
from commitments.measures import Period
from commitments.partnership import Closeness, Voice, Win
from commitments.promise import Promise, Proposal, Shape, Side, State, Waiting
from commitments.slots import Rhythm

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
LAST_WEEK = Period(starts=MONDAY - 9 * HOUR, ends=NEXT_MONDAY - 9 * HOUR)
NOW = NEXT_MONDAY + HOUR


def shown(**changes: object) -> Promise:
    return a_promise(**{"shown_at": MONDAY, **changes})


def kept(**changes: object) -> Promise:
    usual = {"state": State.KEPT, "delivered_at": WEDNESDAY, "settled_at": THURSDAY, "due_at": FRIDAY}
    return shown(**{**usual, **changes})


def told(
    *promises: Promise, wins: list[Win] | None = None, voices: list[Voice] | None = None, **facts: list[Fact]
) -> Contents:
    history = {promise.id: facts.get(f"n{n}", []) for n, promise in enumerate(promises)}
    return contents(promises, history, wins=wins or (), voices=voices or (), period=LAST_WEEK, now=NOW)


def kinds(found: Contents) -> list[LineKind]:
    return [line.kind for line in found.lines]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, LineKind.KEPT_OURS),
        ({"side": Side.THEIRS}, LineKind.KEPT_THEIRS),
        ({"moved_early": 1}, LineKind.HONOURED),
        ({"moved_early": 1, "moved_late": 1}, LineKind.DONE_LATE),
        ({"due_at": TUESDAY}, LineKind.DONE_LATE),
        ({"due_at": TUESDAY, "paused_for": WEEK}, LineKind.KEPT_OURS),
    ],
)
def test_what_was_kept_is_told_as_what_it_was(changes: dict[str, object], kind: LineKind) -> None:
    assert kinds(told(kept(**changes))) == [kind]


def test_a_private_promise_is_in_no_shared_digest() -> None:
    private = [kept(shown_at=None), a_promise(), kept(shown_at=None, state=State.UNOPPOSED)]
    assert told(*private) == Contents()


def test_what_was_confirmed_in_another_week_is_told_in_that_week() -> None:
    assert told(kept(settled_at=LAST_WEEK.ends), kept(settled_at=LAST_WEEK.starts - HOUR)) == Contents()


def test_unopposed_is_counted_and_never_named() -> None:
    found = told(kept(state=State.UNOPPOSED), kept(state=State.UNOPPOSED))
    assert (found.lines, found.unopposed, found.is_empty) == ((), 2, True)


@pytest.mark.parametrize("state", [State.MISSED, State.WITHDRAWN, State.RELEASED, State.DECLINED])
def test_what_went_wrong_is_nobodys_news(state: State) -> None:
    assert told(kept(state=state)).lines == ()


def agreed(*more: Fact) -> list[Fact]:
    return [a_fact(Kind.OFFER_ACCEPTED, TUESDAY), *more]


def test_an_agreed_new_date_is_told_plainly() -> None:
    later = shown(moved_late=1, due_at=NEXT_MONDAY + 2 * WEEK)
    assert kinds(told(later, n0=agreed())) == [LineKind.AGREED]
    assert told(later, n0=[a_fact(Kind.OFFER_ACCEPTED, TUESDAY - WEEK)]).lines == ()


@pytest.mark.parametrize(
    "taken_back",
    [
        a_fact(Kind.CONTRADICTED, WEDNESDAY),
        a_fact(Kind.UNDONE, TUESDAY + timedelta(minutes=2), undid="offer_accepted"),
    ],
)
def test_an_agreement_that_was_taken_back_is_not_told(taken_back: Fact) -> None:
    later = shown(moved_late=1, due_at=NEXT_MONDAY + 2 * WEEK)
    assert told(later, n0=agreed(taken_back)).lines == ()


def test_a_win_that_was_taken_back_is_not_told() -> None:
    win = a_win()
    assert told(wins=[win, a_win(withdrawn_at=WEDNESDAY), a_win(at=NOW)]).lines == (
        Line(LineKind.WIN, win.id),
    )


def test_a_voice_is_told_once_it_has_an_answer() -> None:
    answered = a_voice(answer="A faster export", answered_at=FRIDAY)
    found = told(voices=[a_voice(), answered, a_voice(answer="Later", answered_at=NOW)])
    assert found.lines == (Line(LineKind.VOICE, answered.id),)


def test_what_is_next_is_no_reason_to_write() -> None:
    found = told(shown(due_at=NEXT_MONDAY + 2 * HOUR))
    assert (kinds(found), found.is_empty) == ([LineKind.NEXT], True)


@pytest.mark.parametrize(
    "changes",
    [
        {"due_at": NOW - HOUR},
        {"due_at": NOW + WEEK},
        {"waiting": Waiting(reason="your data", since=TUESDAY)},
        {"state": State.PROPOSED},
    ],
)
def test_overdue_far_off_or_waiting_is_not_what_is_next(changes: dict[str, object]) -> None:
    assert told(shown(**{"due_at": NOW + HOUR, **changes})).lines == ()


def test_only_when_kept_means_only_when_kept() -> None:
    won, held = told(wins=[a_win()]), told(kept())
    assert not won.is_worth_sending(Rhythm.WHEN_KEPT)
    assert held.is_worth_sending(Rhythm.WHEN_KEPT)
    assert won.is_worth_sending(Rhythm.WEEKLY)


def test_what_the_lead_left_out_is_out() -> None:
    one, other = kept(), kept()
    assert told(one, other).without(frozenset({one.id})).lines == (Line(LineKind.KEPT_OURS, other.id),)


# When to stay silent


def held(*promises: Promise) -> Held | None:
    return why_held(promises, period=LAST_WEEK, now=NOW)


def test_an_unanswered_not_quite_there_yet_holds_the_digest() -> None:
    back = shown(reopened_at=THURSDAY)
    assert held(back, kept()) is Held.NOT_YET
    assert held(back.with_(state=State.DELIVERED)) is None


def test_a_broken_promise_nobody_spoke_of_holds_the_digest() -> None:
    silent = shown(due_at=FRIDAY)
    offer = Proposal(
        id="o",
        shape=Shape.ANOTHER_DATE,
        due=due(),
        reason="late parts",
        by="ana",
        by_side=Side.OURS,
        proposed_at=FRIDAY,
        first_offered_at=FRIDAY,
        early=False,
    )
    assert held(silent) is Held.REPAIR
    assert held(silent.with_(proposal=offer)) is None
    assert held(silent.with_(release_asked_at=FRIDAY)) is None


def test_private_or_theirs_or_long_ago_does_not_hold_it() -> None:
    assert (
        held(
            a_promise(due_at=FRIDAY), shown(due_at=FRIDAY, side=Side.THEIRS), shown(due_at=FRIDAY - 2 * WEEK)
        )
        is None
    )


@pytest.mark.parametrize(
    ("changes", "is_quiet", "strangers", "why"),
    [
        ({}, False, False, None),
        ({"closeness": Closeness.PLAIN}, False, False, Held.PLAIN),
        ({}, True, False, Held.QUIET),
        ({"paused_until": NOW + HOUR}, False, False, Held.PAUSED),
        ({"paused_until": NOW}, False, False, None),
        ({}, False, True, Held.STRANGERS),
    ],
)
def test_the_customers_wish_silences_it(
    changes: dict[str, object], is_quiet: bool, strangers: bool, why: Held | None
) -> None:
    assert why_silent(a_partnership(**changes), NOW, is_quiet=is_quiet, strangers=strangers) is why


moments = st.integers(-20, 20).map(lambda n: MONDAY + n * timedelta(hours=11))


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    return a_promise(
        state=draw(st.sampled_from(State)),
        side=draw(st.sampled_from(Side)),
        shown_at=draw(st.sampled_from([None, MONDAY])),
        due_at=draw(moments),
        delivered_at=draw(moments),
        settled_at=draw(moments),
        moved_early=draw(st.integers(0, 1)),
        moved_late=draw(st.integers(0, 1)),
    )


@given(st.lists(promises(), max_size=8))
def test_each_thing_is_told_once_and_only_what_both_sides_know(found: list[Promise]) -> None:
    lines = contents(found, {p.id: agreed() for p in found}, period=LAST_WEEK, now=NOW).lines
    by_id = {promise.id: promise for promise in found}
    assert all(by_id[line.id].is_shown for line in lines)
    assert [line.kind for line in lines] == sorted((x.kind for x in lines), key=list(LineKind).index)
    assert len({line.id for line in lines}) == len(lines)
