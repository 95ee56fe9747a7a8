"""The bench judges by a stand-in for Slack, so the stand-in is judged here."""

from __future__ import annotations

from urllib.parse import parse_qs

from adapters.bench.digests import VirtualClock
from adapters.bench.slack_digest import A_MINUTE, Limits
from adapters.bench.slack_load import command


def limits() -> Limits:
    return Limits(VirtualClock())


def test_a_second_post_within_a_second_is_refused_and_counted() -> None:
    judge = limits()
    assert judge.takes("chat.postMessage", {"channel": "C1"}) is None
    assert judge.takes("chat.postMessage", {"channel": "C1"}) == 1
    assert judge.takes("chat.postMessage", {"channel": "C2"}) is None
    judge.clock.sleep(1)
    assert judge.takes("chat.postMessage", {"channel": "C1"}) is None
    assert (judge.posts, judge.too_close, judge.refused) == (3, 1, 1)


def test_one_look_too_many_waits_for_the_next_minute() -> None:
    judge = limits()
    asked = [judge.takes("conversations.info", {"channel": f"C{n}"}) for n in range(51)]
    assert asked[: A_MINUTE["conversations.info"]] == [None] * 50
    judge.clock.sleep(asked[-1] or 0)
    assert judge.takes("conversations.info", {"channel": "C51"}) is None


def test_a_post_where_kept_was_told_nothing_is_counted() -> None:
    judge = limits()
    judge.takes("conversations.info", {"channel": "C1"})
    judge.takes("chat.postMessage", {"channel": "C1"})
    assert judge.unlooked == 0
    judge.takes("chat.postMessage", {"channel": "C2"})
    assert judge.unlooked == 1


def test_the_load_never_asks_for_two_promises_of_one_person_on_one_day() -> None:
    asked = [parse_qs(command(number).decode()) for number in range(2000)]
    told = {(each["user_id"][0], each["text"][0].rpartition(" by ")[2]) for each in asked}
    assert len(told) == len(asked)
