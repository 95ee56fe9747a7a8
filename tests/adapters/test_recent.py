from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.recent import Recent
from builders import MONDAY
from fakes import SettableClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MONDAY)


def test_what_was_told_lasts_a_while_and_not_a_moment_longer(clock: SettableClock) -> None:
    recent = Recent[str, int](clock, lasts=MINUTE, at_most=9)
    assert recent.put("a", 1) == 1
    clock.advance(MINUTE - timedelta.resolution)
    assert recent.get("a") == 1
    clock.advance(timedelta.resolution)
    assert recent.get("a") is None


def test_it_never_holds_more_than_it_may(clock: SettableClock) -> None:
    recent = Recent[int, int](clock, lasts=MINUTE, at_most=3)
    for n in range(10):
        recent.put(n, n)
        assert sum(recent.get(each) is not None for each in range(10)) <= 3
        assert recent.get(n) == n


def test_one_or_some_are_forgotten(clock: SettableClock) -> None:
    recent = Recent[str, int](clock, lasts=MINUTE, at_most=9)
    for key in ("ana", "ben", "bea"):
        recent.put(key, 1)
    recent.forget("ana")
    recent.forget("nobody")
    recent.forget_all(lambda key: key.startswith("be"))
    assert [recent.get(key) for key in ("ana", "ben", "bea")] == [None, None, None]
