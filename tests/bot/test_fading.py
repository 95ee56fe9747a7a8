"""The lead hears early, alone, and not every week, that a partnership may be fading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.fading import ALARMS, watch
from bot.messages.briefings import COMPOSERS
from bot.plain import plain_text
from builders import ACME, BEN, WEDNESDAY, a_promise, a_win
from stage import Stage

WEEK = timedelta(weeks=1)
LOOK = WEDNESDAY + timedelta(hours=1)  # Wednesday 10:00
LATER = LOOK + 4 * WEEK


class Weeks(Stage):
    def begin(self) -> None:
        with self.work() as uow:
            watch(uow, ACME, self.now)

    def live_until(self, moment: datetime) -> None:
        """Every alarm on the way, at its own moment."""
        while (at := self.next_alarm()) <= moment:
            self.clock.now = at
            with self.work() as uow:
                for alarm in uow.alarms.claim_due(self.now, 50):
                    ALARMS[alarm.kind](self.ports, uow, alarm, self.now)
        self.clock.now = moment

    def next_alarm(self) -> datetime:
        with self.store.open_uow(None) as uow:
            at = uow.alarms.next_at()
            assert at is not None
            return at


def test_after_four_quiet_weeks_the_lead_hears_and_nobody_else() -> None:
    weeks = Weeks()
    weeks.begin()
    weeks.live_until(LATER)
    (intent,) = weeks.queued()
    card = weeks.compose(COMPOSERS, intent)
    assert card is not None
    assert intent.person_id == BEN.id
    assert "quiet on both sides for 30 days" in plain_text(card)


def test_the_same_sign_is_not_said_again_though_the_outbox_forgets() -> None:
    weeks = Weeks()
    weeks.begin()
    weeks.live_until(LATER)
    weeks.store.tables.outbox.clear()
    weeks.live_until(LATER + 9 * WEEK)
    assert weeks.queued() == []


def test_silence_that_comes_back_is_said_again() -> None:
    weeks = Weeks()
    weeks.begin()
    weeks.live_until(LATER)
    with weeks.work() as uow:
        uow.partnerships.add_win(a_win(at=LATER))
    weeks.live_until(LATER + 9 * WEEK)
    assert len(weeks.queued()) == 2


def test_it_stays_unsaid_when_somebody_broke_the_silence() -> None:
    weeks = Weeks()
    weeks.begin()
    weeks.live_until(LATER)
    with weeks.work() as uow:
        uow.partnerships.add_win(a_win(at=LATER - timedelta(minutes=5)))
    (intent,) = weeks.queued()
    assert weeks.compose(COMPOSERS, intent) is None


def test_a_lively_partnership_is_left_alone() -> None:
    weeks = Weeks()
    weeks.begin()
    with weeks.work() as uow:
        uow.promises.add(a_promise(created_at=LATER - WEEK, span_from=LATER - WEEK, due_at=LATER + WEEK))
    weeks.live_until(LATER)
    assert weeks.queued() == []


def test_breathing_room_is_no_sign() -> None:
    weeks = Weeks()
    weeks.begin()
    with weeks.work() as uow:
        uow.partnerships.save(replace(ACME, paused_until=LATER + WEEK))
    weeks.live_until(LATER)
    assert weeks.queued() == []
