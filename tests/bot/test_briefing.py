"""The managers' digest: three conversations, figures with their sample, and nothing about a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.briefing import ALARMS, KIND, plan_managers
from bot.digesting import was_sent
from bot.messages.briefings import COMPOSERS, bars
from bot.plain import plain_text
from bot.storage import DigestState
from builders import (
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    MIA,
    MONDAY,
    NEXT_MONDAY,
    TENANT,
    THURSDAY,
    a_fact,
    a_person,
    a_private_place,
    a_promise,
    a_voice,
)
from commitments.events import Kind
from commitments.promise import Promise, Side, State
from stage import Stage

HALF_HOUR, HOUR, WEEK = timedelta(minutes=30), timedelta(hours=1), timedelta(weeks=1)
SLOT = NEXT_MONDAY - HALF_HOUR  # Monday 08:30


class Weeks(Stage):
    def begin(self, *promises: Promise) -> None:
        with self.work() as uow:
            for promise in promises:
                uow.promises.add(promise)
            plan_managers(self.ports, uow, self.now)

    def at(self, moment: datetime) -> None:
        self.clock.now = moment
        with self.work() as uow:
            for alarm in uow.alarms.claim_due(self.now, 50):
                ALARMS[alarm.kind](self.ports, uow, alarm, self.now)

    def read(self) -> str:
        (intent,) = self.queued("manager_digest")
        card = self.compose(COMPOSERS, intent)
        assert card is not None
        return plain_text(card)


@pytest.fixture
def weeks() -> Weeks:
    return Weeks()


def kept(due_at: datetime = FRIDAY, *, late: bool = False, **changes: object) -> Promise:
    done = due_at + HOUR if late else due_at - HOUR
    usual = {"state": State.KEPT, "shown_at": MONDAY, "delivered_at": done, "settled_at": done}
    return a_promise(**{**usual, "due_at": due_at, "created_at": due_at - WEEK, **changes})


def test_the_manager_hears_once_a_week_on_monday_morning(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    weeks.store.tables.fired.clear()
    with weeks.work() as uow:
        plan_managers(weeks.ports, uow, weeks.now - HOUR)
    weeks.at(SLOT + HOUR)
    (intent,) = weeks.queued("manager_digest")
    assert (intent.person_id, intent.not_before, intent.quota_day) == (MIA.id, SLOT, "2026-11-23")
    weeks.at(SLOT + WEEK)
    assert len(weeks.queued("manager_digest")) == 2


def test_a_digest_two_days_late_is_skipped_and_the_next_one_comes(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT + 48 * HOUR)
    assert weeks.queued("manager_digest") == []
    weeks.at(SLOT + WEEK)
    assert len(weeks.queued("manager_digest")) == 1


def test_a_manager_on_a_day_off_reads_it_the_next_morning(weeks: Weeks) -> None:
    with weeks.work() as uow:
        uow.people.save(replace(MIA, away=((SLOT.date(), SLOT.date()),)))
    weeks.begin(kept())
    weeks.at(SLOT)
    (intent,) = weeks.queued("manager_digest")
    assert intent.not_before == NEXT_MONDAY + timedelta(days=1)


def test_without_any_news_nothing_is_sent(weeks: Weeks) -> None:
    weeks.begin()
    weeks.at(SLOT)
    (intent,) = weeks.queued("manager_digest")
    assert weeks.compose(COMPOSERS, intent) is None


def test_another_person_cannot_be_sent_it(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    (intent,) = weeks.queued("manager_digest")
    assert weeks.compose(COMPOSERS, replace(intent, person_id=BEN.id)) is None


def test_three_conversations_and_why(weeks: Weeks) -> None:
    weeks.begin(
        a_promise(title="The audit", shown_at=MONDAY, reopened_at=THURSDAY),
        a_promise(title="The report", shown_at=MONDAY, due_at=FRIDAY),
        a_promise(title="Our secret", due_at=FRIDAY),
        a_promise(title="The key", shown_at=MONDAY, due_at=FRIDAY, partnership_id=GLOBEX.id, owner_id=BEN.id),
    )
    weeks.at(SLOT)
    lines = weeks.read().splitlines()
    assert lines[1:5] == [
        "3 conversations worth having",
        "• Acme: “The audit” is not quite there yet for them, since Thu 19 Nov. What would make it right?",
        "• Globex: “The key” has been overdue since Fri 20 Nov. What can we tell them today?",
        "• Acme: “The report” has been overdue since Fri 20 Nov. What can we tell them today?",
    ]
    assert sum("Our secret" in line for line in lines) == 1  # at risk, but nothing to discuss with them


def test_figures_come_with_their_sample_and_a_trend(weeks: Weeks) -> None:
    recent = [kept(FRIDAY - n * WEEK, late=n == 3) for n in (0, 0, 1, 2, 3)]
    before = [kept(FRIDAY - n * WEEK, late=n == 7) for n in (4, 4, 5, 6, 7)]
    weeks.begin(*recent, *before)
    weeks.at(SLOT)
    text = weeks.read()
    assert "Ours: 5 due in four weeks, kept on time 4 of 5 (four weeks before: 4 of 5)" in text
    assert "Kept on time, week by week: ▁▅▅█▁▅▅█ (0 1 1 2 0 1 1 2)" in text
    assert "• on the first date 4 · kept late 1 · notice too few to say (1)" in text
    assert "Acme's: nothing due in four weeks" in text


def test_fewer_than_five_are_too_few_for_a_share_or_a_trend(weeks: Weeks) -> None:
    weeks.begin(*(kept(FRIDAY - n * WEEK) for n in range(4)))
    weeks.at(SLOT)
    text = weeks.read()
    assert "Ours: 4 promises due in four weeks, too few to say" in text
    assert " of " not in text
    assert "week by week" not in text


def test_one_full_half_makes_no_trend(weeks: Weeks) -> None:
    weeks.begin(*(kept(FRIDAY) for _ in range(5)))
    weeks.at(SLOT)
    text = weeks.read()
    assert "kept on time 5 of 5 (four weeks before: too few to say (0))" in text
    assert "week by week" not in text


def test_voices_without_an_answer_and_fading_are_told(weeks: Weeks) -> None:
    weeks.begin()
    with weeks.work() as uow:
        uow.partnerships.add_voice(a_voice(text="Too slow", at=MONDAY - 5 * WEEK))
    weeks.at(SLOT)
    text = weeks.read()
    assert "Acme said “Too slow” on Mon 12 Oct, and has had no answer." in text
    assert "May be fading: quiet on both sides for " not in text  # it began on Monday
    assert "May be fading: one voice without an answer for two weeks." in text


def test_the_notice_given_and_who_said_it_first(weeks: Weeks) -> None:
    missed = [
        a_promise(state=State.MISSED, settled_at=THURSDAY, shown_at=MONDAY, due_at=FRIDAY) for _ in range(5)
    ]
    weeks.begin(*missed)
    with weeks.work() as uow:
        for promise in missed:
            uow.promises.add_fact(promise.id, a_fact(Kind.MISSED, THURSDAY), None)
    weeks.at(SLOT)
    assert "notice 1 working days (median of 5) · heard from the maker first 5 of 5" in weeks.read()


def test_no_person_is_named_but_the_reader(weeks: Weeks) -> None:
    weeks.begin(
        *(kept(FRIDAY - n * WEEK) for n in range(8)),
        a_promise(shown_at=MONDAY, due_at=FRIDAY),
        a_promise(shown_at=MONDAY, due_at=FRIDAY, side=Side.THEIRS, owner_id=CARLA.id),
    )
    weeks.at(SLOT)
    text = weeks.read()
    assert not [person.name for person in (ANA, BEN, CARLA) if person.name in text]


def test_a_manager_of_reports_sees_their_partnerships_and_their_own_promises_only(weeks: Weeks) -> None:
    noa = a_person("Noa")
    with weeks.work() as uow:
        uow.people.add(noa)
        uow.places.add(a_private_place(noa))
        uow.people.set_reports(noa.id, [ANA.id])
    weeks.begin(
        a_promise(title="Ana's own", due_at=FRIDAY),
        a_promise(title="Ben's own", due_at=FRIDAY, owner_id=BEN.id),
        a_promise(title="Elsewhere", due_at=FRIDAY, partnership_id=GLOBEX.id),
    )
    weeks.at(SLOT)
    (intent,) = [each for each in weeks.queued("manager_digest") if each.person_id == noa.id]
    card = weeks.compose(COMPOSERS, intent)
    assert card is not None
    text = plain_text(card)
    assert "Ana's own" in text
    assert "Ben's own" not in text
    assert "Elsewhere" not in text


def test_once_sent_it_is_remembered_as_sent(weeks: Weeks) -> None:
    weeks.begin(kept())
    weeks.at(SLOT)
    with weeks.work() as uow:
        row = uow.digests.of_period(MIA.id, KIND, "2026-W47")
        assert row is not None
        was_sent(uow, row.id)
        was_sent(uow, row.id)
    with weeks.store.open_uow(TENANT) as uow:
        sent = uow.digests.last_sent(MIA.id, KIND)
    assert sent is not None
    assert sent.state is DigestState.SENT


@pytest.mark.parametrize(
    ("numbers", "drawn"), [((), ""), ((0, 0), "▁▁"), ((1, 2, 4), "▃▅█"), ((0, 1, 100), "▁▂█")]
)
def test_bars_are_scaled_to_the_best_week(numbers: tuple[int, ...], drawn: str) -> None:
    assert bars(numbers) == drawn


def test_only_managers_are_planned_for(weeks: Weeks) -> None:
    weeks.begin()
    assert {alarm.subject_id for alarm in weeks.store.tables.alarms.values()} == {MIA.id}
