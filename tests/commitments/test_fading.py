"""Early signs that a partnership fades."""

from __future__ import annotations

from datetime import timedelta

from builders import MONDAY, a_promise, a_voice, a_win
from commitments.fading import Fading, Sign, signs
from commitments.partnership import Voice, Win
from commitments.promise import Promise

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def seen(
    *promises: Promise, wins: list[Win] | None = None, voices: list[Voice] | None = None
) -> list[Fading]:
    began = MONDAY - 40 * WEEK
    return list(signs(promises, wins=wins or (), voices=voices or [], began=began, now=MONDAY))


def made(weeks_ago: int) -> Promise:
    at = MONDAY - weeks_ago * WEEK
    return a_promise(created_at=at, span_from=at)


def test_four_quiet_weeks_are_a_sign() -> None:
    assert seen(made(4)) == [Fading(Sign.QUIET, 28)]
    assert seen(made(3)) == []


def test_anything_anybody_did_breaks_the_silence() -> None:
    lately = MONDAY - WEEK
    assert seen(made(5).with_(delivered_at=lately)) == []
    assert seen(made(5), wins=[a_win(at=lately)]) == []
    assert seen(made(5), voices=[a_voice(at=MONDAY - 9 * WEEK, answered_at=lately)]) == []


def test_a_new_partnership_is_not_quiet_yet() -> None:
    assert list(signs([], began=MONDAY - WEEK, now=MONDAY)) == []


def test_promises_dry_up_when_fewer_than_half_are_made() -> None:
    before = [made(weeks) for weeks in (7, 8, 9, 10)]
    assert seen(*before, made(1)) == [Fading(Sign.DRYING_UP, 1)]
    assert seen(*before, made(1), made(2)) == []
    assert seen(*before[1:], made(1)) == []


def test_a_voice_may_wait_two_weeks() -> None:
    active = made(1)
    assert seen(active, voices=[a_voice(at=MONDAY - 14 * DAY)]) == [Fading(Sign.UNHEARD, 1)]
    assert seen(active, voices=[a_voice(at=MONDAY - 13 * DAY)]) == []
