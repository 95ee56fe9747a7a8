"""Who reads in a channel is known before Kept speaks there, and Slack is asked within its tiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from adapters.endings import End, Ending, Failed
from adapters.fields import Odd
from adapters.people import FRESH_FOR
from adapters.places import Channel
from adapters.slack.fields import Fields
from adapters.slack.installations import Installation
from adapters.slack.places import Channels
from adapters.slack.survey import EVERY_S, PAGE, Survey
from bot.addresses import Place, PlaceKind
from fake_slack import RateLimited
from slack_workspace import ANA, SHARED, TEAM_ROOM

TEAM, ACME, GLOBEX = "T0KEPT", "T0ACME", "T0GLOBEX"
OURS = Installation(
    id="i1",
    tenant=TEAM,
    team_id=TEAM,
    enterprise_id=None,
    app_id="A0KEPT",
    bot_user_id="U0KEPT",
    bot_id=None,
    installed_by=None,
    scopes=(),
    token=None,
    refresh_token=None,
    expires_at=None,
    state="active",
    circuit_open_until=None,
    version=1,
)
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
ASKED, LISTED = "conversations.info", "users.conversations"


def described(channel_id: str, **changes: Any) -> dict[str, Any]:
    sharing = {"is_shared": True, "is_ext_shared": True, "is_org_shared": False}
    return {"id": channel_id, "name": "acme", "shared_team_ids": [TEAM, ACME], **sharing, **changes}


@dataclass
class ManyChannels:
    """Slack's part: a clock, channels, and when it was asked what."""

    count: int
    seconds: float = 0.0
    calls: list[tuple[str, float]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)  # in what the list says of the channels
    trouble: dict[str, Exception] = field(default_factory=dict)  # by method

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def call(self, tenant: str, method: str, **fields: Any) -> Fields:
        self.calls.append((method, self.seconds))
        if method in self.trouble:
            raise self.trouble[method]
        if method == ASKED:
            self.asked.append(fields["channel"])
            return Fields({"channel": described(fields["channel"])})
        first, limit = int(fields["cursor"] or 0), int(fields["limit"])
        ids = [f"C{n}" for n in range(self.count)][first : first + limit]
        following = str(first + limit) if first + limit < self.count else ""
        page = [described(each, **self.changes) for each in ids]
        return Fields({"channels": page, "response_metadata": {"next_cursor": following}})

    def times(self, method: str) -> list[float]:
        return [at for each, at in self.calls if each == method]


def place(number: int, **changes: Any) -> Place:
    usual = {"id": f"p{number}", "tenant": TEAM, "platform": "slack", "route": f"C{number}", "name": "#acme"}
    kind = {"kind": PlaceKind.CUSTOMER, "organisations": frozenset({ACME})}
    return Place(**{**usual, **kind, **changes})  # type: ignore[arg-type]


def a_survey(slack: ManyChannels) -> Survey:
    channels = Channels(slack, slack.now)  # type: ignore[arg-type]
    return Survey(channels, slack, slack.now, slack.monotonic)  # type: ignore[arg-type]


async def known(survey: Survey, slack: ManyChannels, where: Place) -> Channel:
    while isinstance(told := await survey.look(OURS, where), float):
        assert told > 0
        slack.seconds += told
    return told


def at_most_fifty_a_minute(times: list[float]) -> bool:
    return all(after - before >= 60 / 50 for before, after in pairwise(times))


async def test_a_single_message_asks_about_its_channel_alone():
    slack = ManyChannels(count=10_000)
    found = await known(a_survey(slack), slack, place(7))
    assert (found.organisations, slack.times(ASKED), slack.times(LISTED)) == (frozenset({ACME}), [0.0], [])


async def test_a_batch_reads_the_list_and_never_more_than_fifty_a_minute():
    slack = ManyChannels(count=3 * PAGE)
    survey = a_survey(slack)
    for number in range(slack.count):
        await known(survey, slack, place(number))
    assert len(slack.times(LISTED)) == 3
    assert at_most_fifty_a_minute(slack.times(LISTED))
    assert at_most_fifty_a_minute(slack.times(ASKED))
    assert slack.seconds < 10


async def test_during_a_long_batch_every_channel_is_known_anew_before_it_is_too_late():
    slack = ManyChannels(count=2 * PAGE)
    survey = a_survey(slack)
    for number in range(slack.count):
        await known(survey, slack, place(number))
    waited = 0.0
    for second in range(1800):
        slack.seconds += 1
        before = slack.seconds
        await known(survey, slack, place(second % slack.count))
        waited += slack.seconds - before
        assert slack.now() - survey._channels.listed["T0KEPT", "C399"][1] < FRESH_FOR
    assert waited == 0
    assert len(slack.times(LISTED)) <= 2 * (1 + 1800 / 300)


@pytest.mark.parametrize(
    ("listed", "stored"),
    [
        pytest.param({"shared_team_ids": [TEAM, ACME, GLOBEX]}, {}, id="somebody else came in"),
        pytest.param({"shared_team_ids": [TEAM]}, {}, id="the customer left"),
        pytest.param({"shared_team_ids": []}, {"organisations": frozenset()}, id="it does not say who"),
        pytest.param({"is_ext_shared": None}, {"organisations": frozenset()}, id="it does not say whether"),
        pytest.param({"is_archived": True}, {}, id="it is closed"),
        pytest.param({}, {"kind": PlaceKind.INTERNAL}, id="it was internal"),
        pytest.param({"name": 7}, {}, id="it cannot be read"),
    ],
)
async def test_what_the_list_does_not_confirm_is_asked_about(listed, stored):
    slack = ManyChannels(count=2, changes=listed)
    survey = a_survey(slack)
    await known(survey, slack, place(0))
    await known(survey, slack, place(1, **stored))
    assert slack.asked == ["C0", "C1"]
    assert len(slack.times(LISTED)) == 1


async def test_a_list_that_tells_nothing_leaves_the_pace_of_asking():
    slack = ManyChannels(count=PAGE, changes={"is_ext_shared": None})
    survey = a_survey(slack)
    for number in range(slack.count):
        await known(survey, slack, place(number))
    assert len(slack.times(LISTED)) == 1
    assert slack.seconds == pytest.approx((slack.count - 1) * EVERY_S)


@pytest.mark.parametrize("code", ["missing_scope", "invalid_cursor", "internal_error"])
async def test_a_list_that_fails_leaves_the_pace_of_asking(code):
    slack = ManyChannels(count=PAGE, trouble={LISTED: Failed(Ending(end=End.PERMANENT, code=code))})
    survey = a_survey(slack)
    for number in range(20):
        await known(survey, slack, place(number))
    assert len(slack.times(LISTED)) == 1
    assert len(slack.asked) == 20


async def test_what_was_told_ten_minutes_ago_is_told_no_more():
    slack = ManyChannels(count=PAGE)
    survey = a_survey(slack)
    for number in range(slack.count):
        await known(survey, slack, place(number))
    slack.seconds += FRESH_FOR.total_seconds()
    slack.trouble = dict.fromkeys((ASKED, LISTED), Failed(Ending(end=End.NOT_DONE, code="x", wait_s=60.0)))
    for number in range(slack.count):
        assert isinstance(await survey.look(OURS, place(number)), float)


async def test_slack_is_left_alone_as_long_as_it_asks():
    slack = ManyChannels(count=2)
    slow = Failed(Ending(end=End.NOT_DONE, code="ratelimited", wait_s=45))
    slack.trouble = {ASKED: slow, LISTED: slow}
    survey = a_survey(slack)
    for _ in range(200):
        await survey.look(OURS, place(0))
        slack.seconds += 1
    for method in (ASKED, LISTED):
        assert min(b - a for a, b in pairwise(slack.times(method))) >= 45


async def test_what_slack_says_has_changed_is_asked_about_again():
    slack = ManyChannels(count=PAGE)
    survey = a_survey(slack)
    for number in range(slack.count):
        await known(survey, slack, place(number))
    survey._channels.forget(TEAM, "C9")
    slack.asked.clear()
    slack.seconds += EVERY_S
    await known(survey, slack, place(9))
    assert slack.asked == ["C9"]


async def test_a_channel_out_of_our_sight_is_closed():
    slack = ManyChannels(count=1)
    slack.trouble = {ASKED: Failed(Ending(end=End.PERMANENT, code="channel_not_found"))}
    assert not (await known(a_survey(slack), slack, place(0))).is_open


@pytest.mark.parametrize("trouble", [Failed(Ending(end=End.AMBIGUOUS, code="http_500")), Odd("channel")])
async def test_when_slack_does_not_tell_nobody_guesses(trouble):
    slack = ManyChannels(count=1, trouble={ASKED: trouble})
    with pytest.raises(type(trouble)):
        await a_survey(slack).look(OURS, place(0))


async def test_waiting_for_slacks_tiers_never_ends_as_a_dead_letter(app):
    await app.has_shown()
    before = len(app.posts(SHARED))
    await app.wait(timedelta(minutes=11))
    app.fake.go_wrong("conversations.info", *[RateLimited("60")] * 30)
    app.fake.go_wrong("users.conversations", *[RateLimited("60")] * 30)
    await app.command(ANA, TEAM_ROOM, "done P-1")
    for _ in range(28):
        await app.deliver()
        app.clock.advance(timedelta(seconds=61))
    assert len(app.posts(SHARED)) == before
    assert app.read(lambda uow: uow.outbox.dead()) == []
    app.fake.faults.clear()
    await app.deliver()
    assert len(app.posts(SHARED)) == before + 1
