"""No schedule breaks a limit that Teams documents, and nobody waits without a reason."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pacing import REMEMBERED_AT_MOST, Pace, Window
from adapters.teams.windows import CONVERSATION, EARLIER_S, TENANT_EVERY_S, Windows

EDGE = 1e-6  # times are sums of fractions
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
DOCUMENTED = ((7, 1), (8, 2), (60, 30), (1800, 3600))
IN_A_TENANT = (30, 1)

pauses = st.one_of(st.just(0.0), st.floats(0, 2), st.floats(0, 40))
patience = st.sampled_from([0.0, 1.0, 5.0, math.inf])
bursts = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 30), pauses, patience), min_size=1, max_size=8
)


@st.composite
def schedules(draw):
    """Bursts to one conversation, some of them among one another."""
    wanted = []
    for conversation, count, pause, at_most in draw(bursts):
        wanted += [(conversation, pause, at_most), *[(conversation, 0.0, at_most)] * (count - 1)]
    return draw(st.permutations(wanted)) if draw(st.booleans()) else wanted


def sent(schedule, windows=None):
    """(conversation, when it was wanted, when it goes out); whoever would wait too long is left out."""
    windows, now, found = windows or Windows(), 1000.0, []
    for conversation, pause, at_most in schedule:
        now += pause
        wait = windows.reserve("T1", conversation, now, at_most=at_most)
        if wait <= at_most:
            found.append((conversation, now, now + wait))
    return found


def by_conversation(found):
    moments = defaultdict(list)
    for conversation, _, at in found:
        moments[conversation].append(at)
    return moments


def most_within(moments, seconds):
    """The most of them that fall into any stretch of so many seconds."""
    moments = sorted(moments)
    return max(bisect_left(moments, at + seconds) - number for number, at in enumerate(moments))


def assert_documented_limits(found):
    for moments in by_conversation(found).values():
        for most, seconds in DOCUMENTED:
            assert most_within(moments, seconds) <= most
    if found:
        most, seconds = IN_A_TENANT
        assert most_within([at for *_, at in found], seconds) <= most


@given(schedules())
def test_no_schedule_breaks_a_documented_window(schedule):
    assert_documented_limits(sent(schedule))


@given(schedules())
def test_messages_of_one_conversation_keep_their_order(schedule):
    for moments in by_conversation(sent(schedule)).values():
        assert all(earlier < later for earlier, later in pairwise(moments))


@given(schedules())
def test_nobody_waits_without_a_reason(schedule):
    """Each goes when it is wanted, or as soon as a window of its conversation or a slot lets it."""
    earlier = []
    for conversation, now, at in sent(schedule):
        own = [moment for name, moment in earlier if name == conversation]
        free = [own[-each.most] + each.seconds for each in CONVERSATION if len(own) >= each.most]
        slots = [moment + TENANT_EVERY_S for _, moment in earlier]
        assert any(abs(at - reason) < EDGE for reason in (now, *own[-1:], *free, *slots))
        earlier.append((conversation, at))


@given(schedules())
def test_a_slot_that_is_too_far_away_is_left_to_others(schedule):
    """Whoever is turned away leaves no trace: the others wait as if it had never asked."""
    kept = [(name, now, at) for name, now, at in sent(schedule)]
    windows, again = Windows(), []
    for conversation, now, _ in kept:
        again.append((conversation, now, now + windows.reserve("T1", conversation, now)))
    assert again == kept


def test_a_busy_conversation_uses_each_window_as_soon_as_it_opens():
    windows = Windows()
    moments = [windows.reserve("T1", "A", 0.0) for _ in range(1_801)]
    assert_documented_limits([("A", 0.0, at) for at in moments])
    for most, seconds in DOCUMENTED:
        assert moments[most] == pytest.approx(seconds + EARLIER_S)


def test_a_conversation_that_must_wait_holds_up_nobody_else():
    windows = Windows()
    assert max(windows.reserve("T1", "A", 0.0) for _ in range(60)) > 10
    assert max(windows.reserve("T1", f"B{number}", 0.0) for number in range(20)) < 1


def test_a_busy_tenant_does_not_slow_another():
    windows = Windows()
    for number in range(100):
        windows.reserve("T1", f"C{number}", 0.0)
    assert windows.reserve("T2", "C1", 0.0) == 0


def test_a_digest_to_ten_thousand_conversations_takes_as_long_as_its_slots():
    windows, clock, moments = Windows(), 500.0, []
    for number in range(10_000):
        clock += windows.reserve("T1", f"C{number}", clock, at_most=5.0)
        moments.append(clock)
    assert most_within(moments, 1) == 30
    assert moments[-1] - moments[0] < 10_000 / 30 * 1.02


def test_conversations_are_forgotten_only_when_they_are_free_again():
    pace = Pace(Window(most=1, seconds=10.0), tenant_every_s=0.0)
    for number in range(REMEMBERED_AT_MOST):
        pace.reserve("T1", f"C{number}", 0.0)
    pace.reserve("T1", "another", 1.0)
    assert pace.reserve("T1", "C1", 5.0, at_most=0.0) == 5.0
    for number in range(REMEMBERED_AT_MOST):
        pace.reserve("T1", f"D{number}", 100.0)
    assert len(pace._said) == REMEMBERED_AT_MOST
