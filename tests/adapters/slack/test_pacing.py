"""Slack's pace: a channel hears one message a second, and nobody waits for somebody else's channel."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.pacing import CHANNEL_EVERY_S, WORKSPACE_EVERY_S, Pace

EVER = 1e9
EDGE = 1e-6  # times are sums of fractions
posts = st.lists(
    st.tuples(st.sampled_from(["C1", "C2", "C3", "C4"]), st.floats(0, 3)), min_size=1, max_size=60
)


def reserved(wanted):
    """When each was wanted and when it goes out, by channel."""
    pace, now, found = Pace(), 100.0, []
    for channel, later in wanted:
        now += later
        found.append((channel, now, now + pace.reserve("T1", channel, now, at_most=EVER)))
    return found


@given(posts)
def test_no_two_messages_come_too_close(wanted):
    by_channel = defaultdict(list)
    for channel, _, at in reserved(wanted):
        by_channel[channel].append(at)
    assert all(b - a >= CHANNEL_EVERY_S - EDGE for each in by_channel.values() for a, b in pairwise(each))
    every = sorted(at for each in by_channel.values() for at in each)
    assert all(b - a >= WORKSPACE_EVERY_S - EDGE for a, b in pairwise(every))


@given(posts)
def test_messages_of_one_channel_keep_their_order(wanted):
    by_channel = defaultdict(list)
    for channel, _, at in reserved(wanted):
        by_channel[channel].append(at)
    assert all(each == sorted(each) for each in by_channel.values())


@given(posts)
def test_nobody_waits_without_a_reason(wanted):
    """Either the channel was spoken in just before, or the workspace's row is full up to that slot."""
    earlier = []
    for channel, now, at in reserved(wanted):
        own = [other + CHANNEL_EVERY_S for name, other in earlier if name == channel]
        start = max([now, *own])
        slots = [other for _, other in earlier if start - WORKSPACE_EVERY_S < other < at]
        assert at - start <= WORKSPACE_EVERY_S * 2 * len(slots) + EDGE
        earlier.append((channel, at))


def test_a_second_message_in_one_channel_does_not_hold_up_the_others():
    pace = Pace()
    waits = [pace.reserve("T1", channel, 0.0, at_most=EVER) for channel in ("C1", "C1", "C2", "C3")]
    assert waits == [0.0, CHANNEL_EVERY_S, WORKSPACE_EVERY_S, 2 * WORKSPACE_EVERY_S]


def test_a_slot_too_far_away_is_left_to_others():
    pace = Pace()
    for _ in range(3):
        pace.reserve("T1", "C1", 0.0, at_most=1.0)
    assert pace.reserve("T1", "C1", 0.0, at_most=1.0) == CHANNEL_EVERY_S


def test_a_full_workspace_sends_at_its_whole_pace():
    pace = Pace()
    moments = [pace.reserve("T1", f"C{number % 40}", 0.0, at_most=EVER) for number in range(400)]
    assert max(moments) <= 400 * WORKSPACE_EVERY_S


def test_a_busy_workspace_does_not_slow_another():
    pace = Pace()
    for _ in range(100):
        pace.reserve("T1", "C1", 0.0, at_most=EVER)
    assert pace.reserve("T2", "C1", 0.0, at_most=EVER) == 0
