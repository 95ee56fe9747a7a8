from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calendars import calendars, clock_changes, moment, moments, on, words
from commitments.nudges import (
    Pace,
    Rung,
    Standing,
    Step,
    decision,
    first_doubt,
    is_early,
    is_overdue,
    most_relevant,
    next_step,
    schedule,
)
from commitments.worktime import Calendar, instant

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = Calendar()
OVERDUE = {Rung.OVERDUE_1, Rung.OVERDUE_2, Rung.OVERDUE_3, Rung.ESCALATE_OWNER, Rung.ESCALATE_LEAD}
BEFORE_DUE = {Rung.HEADS_UP, Rung.DECIDE, Rung.DUE_TODAY}


def a_standing(made="Mon 2 Nov 11:00", due="Fri 20 Nov 17:00", **changes):
    return Standing(span_from=moment(made), due_at=moment(due), **changes)


def off(first, last=None):
    return ((on(first), on(last or first)),)


def told(standing, calendar=OFFICE):
    return {step.rung.value: words(step.at) for step in schedule(standing, calendar)}


def before_due(standing, calendar=OFFICE):
    return {rung: at for rung, at in told(standing, calendar).items() if Rung(rung) in BEFORE_DUE}


# The whole ladder


def test_a_promise_of_three_weeks_climbs_every_rung():
    assert told(a_standing(made="Mon 2 Nov 11:00", due="Fri 20 Nov 17:00")) == {
        "heads_up": "Wed 11 Nov 09:00",
        "decide": "Mon 16 Nov 09:00",
        "due_today": "Fri 20 Nov 09:00",
        "overdue_1": "Mon 23 Nov 09:00",
        "overdue_2": "Wed 25 Nov 09:00",
        "overdue_3": "Fri 27 Nov 09:00",
        "escalate_owner": "Mon 30 Nov 09:00",
        "escalate_lead": "Tue 1 Dec 09:00",
    }


@pytest.mark.parametrize(
    ("made", "due", "expected"),
    [
        # Spans of one to five working days: one day of notice up to four, two for five.
        ("Mon 2 Nov 11:00", "Wed 4 Nov 17:00", {"decide": "Tue 3 Nov 09:00", "due_today": "Wed 4 Nov 09:00"}),
        ("Mon 2 Nov 11:00", "Fri 6 Nov 17:00", {"decide": "Thu 5 Nov 09:00", "due_today": "Fri 6 Nov 09:00"}),
        ("Mon 2 Nov 11:00", "Mon 9 Nov 17:00", {"decide": "Thu 5 Nov 09:00", "due_today": "Mon 9 Nov 09:00"}),
        # Six: the first with a heads-up.
        (
            "Mon 2 Nov 11:00",
            "Tue 10 Nov 17:00",
            {"heads_up": "Thu 5 Nov 09:00", "decide": "Fri 6 Nov 09:00", "due_today": "Tue 10 Nov 09:00"},
        ),
        # Four months: five days of notice and no more.
        (
            "Mon 2 Mar 11:00",
            "Thu 2 Jul 17:00",
            {"heads_up": "Fri 1 May 09:00", "decide": "Thu 25 Jun 09:00", "due_today": "Thu 2 Jul 09:00"},
        ),
        # Made on a Sunday, due on a Saturday: Friday is the decision day and the last working morning.
        ("Sun 1 Nov 11:00", "Sat 7 Nov 17:00", {"decide": "Thu 5 Nov 09:00", "due_today": "Fri 6 Nov 09:00"}),
        ("Mon 2 Nov 11:00", "Sat 7 Nov 17:00", {"decide": "Fri 6 Nov 09:00"}),
        # Due before the day starts: the word comes the morning before.
        (
            "Mon 2 Nov 11:00",
            "Mon 9 Nov 08:00",
            {"decide": "Thu 5 Nov 09:00", "due_today": "Fri 6 Nov 09:00"},
        ),
        (
            "Mon 2 Nov 11:00",
            "Mon 9 Nov 09:00",
            {"decide": "Thu 5 Nov 09:00", "due_today": "Fri 6 Nov 09:00"},
        ),
    ],
)
def test_the_rungs_scale_with_the_span(made, due, expected):
    assert before_due(a_standing(made, due)) == expected


@pytest.mark.parametrize(
    ("made", "due", "send_at", "early_until", "due_today"),
    [
        # One day's notice is half-way in working time, asked half-way to that.
        ("Thu 5 Nov 11:00", "Fri 6 Nov 17:00", "Thu 5 Nov 14:30", "Fri 6 Nov 10:00", "Fri 6 Nov 09:00"),
        ("Fri 6 Nov 11:00", "Fri 6 Nov 17:00", "Fri 6 Nov 12:30", "Fri 6 Nov 14:00", None),
        ("Fri 6 Nov 13:00", "Mon 9 Nov 13:00", "Fri 6 Nov 15:00", "Fri 6 Nov 17:00", "Mon 9 Nov 09:00"),
        ("Fri 6 Nov 16:00", "Mon 9 Nov 12:00", "Mon 9 Nov 09:00", "Mon 9 Nov 10:00", None),
        # Made in the evening or at the weekend: decide falls on the due day and speaks for both.
        ("Thu 5 Nov 20:00", "Fri 6 Nov 17:00", "Fri 6 Nov 11:00", "Fri 6 Nov 13:00", None),
        ("Sat 7 Nov 12:00", "Mon 9 Nov 17:00", "Mon 9 Nov 11:00", "Mon 9 Nov 13:00", None),
        # Two working hours or less: decided in the making.
        ("Fri 6 Nov 14:59", "Fri 6 Nov 17:00", "Fri 6 Nov 15:29", "Fri 6 Nov 15:59", None),
        ("Fri 6 Nov 15:00", "Fri 6 Nov 17:00", None, "Fri 6 Nov 16:00", None),
        ("Fri 6 Nov 16:00", "Sun 8 Nov 20:00", None, "Fri 6 Nov 16:30", None),
        ("Fri 6 Nov 07:00", "Fri 6 Nov 10:00", None, "Fri 6 Nov 09:30", None),
        # No work between at all: half-way by the clock.
        ("Sat 7 Nov 10:00", "Sat 7 Nov 16:00", None, "Sat 7 Nov 13:00", None),
        ("Fri 6 Nov 18:00", "Mon 9 Nov 08:00", None, "Sun 8 Nov 01:00", None),
    ],
)
def test_at_short_notice_the_middle_decides(made, due, send_at, early_until, due_today):
    standing = a_standing(made, due)
    decided = decision(standing, OFFICE)
    assert (words(decided.send_at), words(decided.early_until)) == (send_at, early_until)
    assert before_due(standing).get("decide") == send_at
    assert before_due(standing).get("due_today") == due_today


@pytest.mark.parametrize(
    ("span", "days"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (16, 4), (17, 5), (20, 5), (21, 5), (250, 5)],
)
def test_notice_is_a_quarter_of_the_span_rounded_up_from_one_to_five_days(span, days):
    assert Pace().notice_days(span) == days


def test_a_team_may_set_its_own_pace():
    early_birds = Pace(heads_up_over_days=3, decide_percent=50, decide_at_most_days=8)
    steps = schedule(a_standing(made="Mon 2 Nov 11:00", due="Fri 20 Nov 17:00"), OFFICE, early_birds)
    assert words(steps[0].at) == "Wed 11 Nov 09:00"  # decide, seven days ahead, comes that day too
    assert steps[0].rung is Rung.DECIDE
    short = schedule(
        a_standing(made="Mon 2 Nov 11:00", due="Fri 6 Nov 17:00"), OFFICE, Pace(heads_up_over_days=3)
    )
    assert [step.rung for step in short][:2] == [Rung.HEADS_UP, Rung.DECIDE]


# Early


@pytest.mark.parametrize(
    ("now", "early"),
    [
        ("Mon 2 Nov 11:00", True),
        ("Mon 16 Nov 16:59", True),
        ("Mon 16 Nov 17:00", False),
        ("Tue 17 Nov 09:00", False),
    ],
)
def test_early_ends_with_the_decision_day(now, early):
    assert is_early(a_standing(), OFFICE, moment(now)) is early


def test_being_away_does_not_make_an_owner_late():
    standing, away = a_standing(), Calendar(away=off("Wed 4 Nov", "Wed 18 Nov"))
    assert decision(standing, away).early_until == decision(standing, OFFICE).early_until


def test_holidays_bring_the_decision_day_forward():
    holidays = {on("Mon 16 Nov"), on("Thu 19 Nov")}
    assert (
        words(decision(a_standing(), Calendar(is_holiday=holidays.__contains__)).early_until)
        == "Fri 13 Nov 17:00"
    )


def test_early_ends_in_the_owners_zone():
    tokyo = Calendar(zone="Asia/Tokyo")
    standing = Standing(
        span_from=moment("Mon 2 Nov 11:00", zone="Asia/Tokyo"),
        due_at=moment("Fri 6 Nov 17:00", zone="Asia/Tokyo"),
    )
    assert words(decision(standing, tokyo).early_until, "Asia/Tokyo") == "Thu 5 Nov 17:00"


# Absence


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        # On the decision day, Monday 16: the last morning before.
        (
            off("Mon 16 Nov"),
            {"heads_up": "Wed 11 Nov 09:00", "decide": "Fri 13 Nov 09:00", "due_today": "Fri 20 Nov 09:00"},
        ),
        # From the day after capture to the decision day: the first morning back.
        (off("Tue 3 Nov", "Tue 17 Nov"), {"decide": "Wed 18 Nov 09:00", "due_today": "Fri 20 Nov 09:00"}),
        # Back on the due day only: one word.
        (off("Tue 3 Nov", "Thu 19 Nov"), {"decide": "Fri 20 Nov 09:00"}),
        # Away over the due day: told before leaving.
        (
            off("Thu 19 Nov", "Fri 20 Nov"),
            {"heads_up": "Wed 11 Nov 09:00", "decide": "Mon 16 Nov 09:00", "due_today": "Wed 18 Nov 09:00"},
        ),
        # Away all the while.
        (off("Tue 3 Nov", "Mon 30 Nov"), {}),
        # Half-way passes in absence: the first morning back, unless the decision comes first.
        (
            off("Wed 11 Nov", "Thu 12 Nov"),
            {"heads_up": "Fri 13 Nov 09:00", "decide": "Mon 16 Nov 09:00", "due_today": "Fri 20 Nov 09:00"},
        ),
        (off("Wed 11 Nov", "Fri 13 Nov"), {"decide": "Mon 16 Nov 09:00", "due_today": "Fri 20 Nov 09:00"}),
    ],
)
def test_an_absent_owner_is_told_before_leaving_or_once_back(away, expected):
    assert before_due(a_standing(), Calendar(away=away)) == expected


def test_at_short_notice_an_absent_owner_is_asked_once_back_if_that_is_in_time():
    standing = a_standing("Thu 5 Nov 11:00", "Fri 6 Nov 17:00")
    assert before_due(standing, Calendar(away=off("Thu 5 Nov"))) == {"decide": "Fri 6 Nov 09:00"}
    assert before_due(standing, Calendar(away=off("Thu 5 Nov", "Fri 6 Nov"))) == {}


def test_nobody_is_asked_to_decide_on_the_day_they_promised_because_they_are_leaving():
    standing = a_standing("Mon 2 Nov 07:00", "Fri 6 Nov 17:00")
    assert before_due(standing, Calendar(away=off("Tue 3 Nov", "Thu 5 Nov"))) == {"decide": "Fri 6 Nov 09:00"}


def test_overdue_and_escalation_wait_for_an_absent_owner():
    rungs = told(a_standing(), Calendar(away=off("Mon 23 Nov", "Tue 24 Nov") + off("Fri 27 Nov")))
    assert (rungs["overdue_1"], rungs["overdue_2"]) == ("Wed 25 Nov 09:00", "Mon 30 Nov 09:00")


@pytest.mark.parametrize(
    "idle",
    [
        Calendar(workdays=frozenset()),
        Calendar(is_holiday=lambda _: True),
        Calendar(away=((date(2020, 1, 1), date(2040, 1, 1)),)),
    ],
)
def test_a_calendar_nobody_works_in_still_ends_with_the_lead(idle):
    steps = schedule(a_standing(), idle)
    assert steps[-1].rung is Rung.ESCALATE_LEAD
    assert words(steps[-1].at) == "Fri 27 Nov 09:00"


# What silences, moves and holds back


def test_a_snooze_moves_the_heads_up_into_working_hours():
    assert before_due(a_standing(snoozed_until=moment("Thu 12 Nov 20:00")))["heads_up"] == "Fri 13 Nov 09:00"
    assert before_due(a_standing(snoozed_until=moment("Thu 12 Nov 14:00")))["heads_up"] == "Thu 12 Nov 14:00"


@pytest.mark.parametrize("until", ["Fri 13 Nov 18:00", "Mon 16 Nov 09:00", "Mon 30 Nov 09:00"])
def test_a_snooze_reaches_no_further_than_the_decision(until):
    snoozed = before_due(a_standing(snoozed_until=moment(until)))
    assert snoozed == {"decide": "Mon 16 Nov 09:00", "due_today": "Fri 20 Nov 09:00"}


def test_a_snooze_never_brings_the_heads_up_forward():
    snoozed = a_standing(snoozed_until=moment("Tue 3 Nov 09:00"))
    assert before_due(snoozed)["heads_up"] == "Wed 11 Nov 09:00"


@pytest.mark.parametrize(
    ("rung", "said", "customer_waits", "silent"),
    [
        (Rung.DECIDE, "Mon 16 Nov 10:00", False, True),
        (Rung.DECIDE, "Mon 16 Nov 10:00", True, False),
        (Rung.DECIDE, "Fri 30 Oct 10:00", False, False),  # said of a date that stands no more
        (Rung.HEADS_UP, "Wed 11 Nov 10:00", False, False),
    ],
)
def test_on_track_silences_due_today_only_when_decided_and_nobody_waits(rung, said, customer_waits, silent):
    standing = a_standing(on_track_rung=rung, on_track_at=moment(said), customer_waits=customer_waits)
    assert ("due_today" not in before_due(standing)) is silent
    assert told(standing)["overdue_1"] == "Mon 23 Nov 09:00"


def test_while_a_new_date_is_on_offer_only_the_day_itself_is_mentioned():
    assert told(a_standing(proposal_pending=True)) == {"due_today": "Fri 20 Nov 09:00"}
    on_offer = a_standing("Thu 5 Nov 20:00", "Fri 6 Nov 17:00", proposal_pending=True)
    assert told(on_offer) == {"due_today": "Fri 6 Nov 09:00"}


def test_a_stopped_clock_says_nothing():
    assert schedule(a_standing(stopped=True), OFFICE) == ()
    assert next_step(a_standing(stopped=True), OFFICE, after=moment("Mon 2 Nov 11:00")) is None


# Overdue


@pytest.mark.parametrize(
    ("due", "first", "lead"),
    [
        ("Fri 20 Nov 17:00", "Mon 23 Nov 09:00", "Tue 1 Dec 09:00"),
        ("Sat 21 Nov 12:00", "Mon 23 Nov 09:00", "Tue 1 Dec 09:00"),
        ("Mon 23 Nov 08:00", "Mon 23 Nov 09:00", "Tue 1 Dec 09:00"),
        ("Mon 23 Nov 09:00", "Tue 24 Nov 09:00", "Wed 2 Dec 09:00"),
    ],
)
def test_overdue_starts_on_the_next_working_morning(due, first, lead):
    rungs = told(a_standing(due=due))
    assert (rungs["overdue_1"], rungs["escalate_lead"]) == (first, lead)


def test_time_spent_waiting_for_the_customer_puts_overdue_off():
    assert told(a_standing(paused_for=3 * DAY))["overdue_1"] == "Tue 24 Nov 09:00"


@pytest.mark.parametrize(
    ("reopened", "first"),
    [("Wed 25 Nov 14:00", "Thu 26 Nov 09:00"), ("Fri 20 Nov 17:00", "Mon 23 Nov 09:00")],
)
def test_a_promise_that_came_back_late_starts_with_overdue(reopened, first):
    back = told(a_standing(reopened_at=moment(reopened)))
    assert list(back) == ["overdue_1", "overdue_2", "overdue_3", "escalate_owner", "escalate_lead"]
    assert back["overdue_1"] == first


def test_a_promise_that_came_back_in_time_keeps_its_rungs():
    assert told(a_standing(reopened_at=moment("Wed 18 Nov 14:00"))) == told(a_standing())


@pytest.mark.parametrize(
    ("now", "changes", "overdue"),
    [
        ("Fri 20 Nov 17:00", {}, False),
        ("Fri 20 Nov 17:01", {}, True),
        ("Fri 20 Nov 17:01", {"paused_for": HOUR}, False),
        ("Fri 20 Nov 18:01", {"paused_for": HOUR}, True),
        ("Fri 20 Nov 17:01", {"stopped": True}, False),
        ("Fri 20 Nov 17:01", {"proposal_pending": True}, True),
    ],
)
def test_overdue_is_open_and_past_due(now, changes, overdue):
    assert is_overdue(a_standing(**changes), moment(now)) is overdue


def test_the_owner_hears_a_working_day_before_the_lead_even_after_an_outage():
    standing = a_standing()
    back = moment("Thu 10 Dec 12:00")
    step = most_relevant(schedule(standing, OFFICE), back)
    assert step.rung is Rung.ESCALATE_OWNER
    then = next_step(replace(standing, owner_told_at=back), OFFICE, after=back)
    assert (then.rung, words(then.at)) == (Rung.ESCALATE_LEAD, "Fri 11 Dec 09:00")


def test_an_owner_told_in_time_changes_nothing_for_the_lead():
    in_time = a_standing(owner_told_at=moment("Mon 30 Nov 09:01"))
    assert told(in_time) == told(a_standing())


# One at a time


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        ("Wed 11 Nov 08:59", None),
        ("Wed 11 Nov 09:00", Rung.HEADS_UP),
        ("Thu 19 Nov 12:00", Rung.DECIDE),
        ("Fri 20 Nov 12:00", Rung.DUE_TODAY),
        ("Sun 29 Nov 12:00", Rung.OVERDUE_3),
    ],
)
def test_after_an_outage_the_latest_rung_speaks_for_those_before(now, rung):
    step = most_relevant(schedule(a_standing(), OFFICE), moment(now))
    assert (step and step.rung) is rung


def test_when_the_owner_knows_the_lead_is_next():
    lead = Step(rung=Rung.ESCALATE_LEAD, at=moment("Tue 1 Dec 09:00"))
    assert most_relevant([lead], moment("Tue 1 Dec 09:00")) == lead
    assert most_relevant([], moment("Tue 1 Dec 09:00")) is None


def test_the_next_step_is_strictly_after():
    decide = moment("Mon 16 Nov 09:00")
    assert next_step(a_standing(), OFFICE, after=decide - timedelta(microseconds=1)).rung is Rung.DECIDE
    assert next_step(a_standing(), OFFICE, after=decide).rung is Rung.DUE_TODAY
    assert next_step(a_standing(), OFFICE, after=moment("Tue 1 Dec 09:00")) is None


# Offers without an answer


@pytest.mark.parametrize(
    ("proposed", "due", "first", "second"),
    [
        ("Mon 2 Nov 15:00", "Fri 20 Nov 17:00", "Wed 4 Nov 15:00", "Thu 12 Nov 16:00"),
        ("Sat 7 Nov 12:00", "Fri 20 Nov 17:00", "Wed 11 Nov 09:00", "Tue 17 Nov 09:00"),
        ("Mon 2 Nov 15:00", "Sat 7 Nov 12:00", "Wed 4 Nov 15:00", "Thu 5 Nov 16:00"),
        ("Thu 5 Nov 10:00", "Fri 6 Nov 17:00", "Mon 9 Nov 10:00", "Mon 9 Nov 10:00"),  # the date comes first
    ],
)
def test_an_unanswered_offer_reaches_the_lead_after_two_working_days_and_half_way_on(
    proposed, due, first, second
):
    doubts = first_doubt(moment(proposed), moment(due), OFFICE)
    assert tuple(words(at) for at in doubts) == (first, second)


# Odd calendars


def test_a_leap_day_is_a_due_day_like_any_other():
    standing = Standing(span_from=moment("Mon 21 Feb 11:00", 2028), due_at=moment("Tue 29 Feb 17:00", 2028))
    steps = {step.rung: words(step.at) for step in schedule(standing, OFFICE)}
    assert steps[Rung.DECIDE] == "Fri 25 Feb 09:00"
    assert steps[Rung.DUE_TODAY] == "Tue 29 Feb 09:00"
    assert steps[Rung.OVERDUE_1] == "Wed 1 Mar 09:00"


def test_nobody_is_nudged_on_a_day_that_never_was():
    apia = Calendar(zone="Pacific/Apia", workdays=frozenset(range(7)))
    standing = Standing(
        span_from=moment("Tue 20 Dec 11:00", 2011, "Pacific/Apia"),
        due_at=moment("Sat 31 Dec 17:00", 2011, "Pacific/Apia"),
    )
    assert "Fri 30 Dec" not in " ".join(words(step.at, "Pacific/Apia") for step in schedule(standing, apia))
    assert words(decision(standing, apia).send_at, "Pacific/Apia") == "Tue 27 Dec 09:00"


def test_a_friday_off_is_no_decision_day():
    gulf = Calendar(zone="Asia/Dubai", workdays=frozenset({6, 0, 1, 2, 3}))
    standing = Standing(
        span_from=moment("Tue 3 Nov 11:00", zone="Asia/Dubai"),
        due_at=moment("Sun 8 Nov 17:00", zone="Asia/Dubai"),
    )
    steps = {step.rung.value: words(step.at, "Asia/Dubai") for step in schedule(standing, gulf)}
    assert (steps["decide"], steps["due_today"]) == ("Thu 5 Nov 09:00", "Sun 8 Nov 09:00")


def test_a_due_date_centuries_away_is_planned_without_reading_every_day():
    asked = []
    calendar = Calendar(is_holiday=lambda day: asked.append(day) or False)
    made, due = moment("Mon 2 Nov 11:00"), datetime(2999, 12, 31, 17, tzinfo=UTC)
    steps = schedule(Standing(span_from=made, due_at=due), calendar)
    first, second = first_doubt(made, due, calendar)
    assert [step.rung for step in steps][:2] == [Rung.HEADS_UP, Rung.DECIDE]
    assert steps[0].at.year == second.year == 2513
    assert words(first) == "Wed 4 Nov 11:00"
    assert len(asked) < 400


def test_half_way_by_the_clock_counts_elapsed_hours():
    berlin = ZoneInfo("Europe/Berlin")
    night = Standing(
        span_from=datetime(2026, 3, 28, 22, tzinfo=berlin), due_at=datetime(2026, 3, 29, 6, tzinfo=berlin)
    )
    early_until = decision(night, Calendar(zone="Europe/Berlin")).early_until
    assert early_until == night.span_from.astimezone(UTC) + 3.5 * HOUR


def test_a_date_already_past_when_it_was_agreed_is_simply_overdue():
    backwards = a_standing(made="Fri 20 Nov 17:00", due="Mon 16 Nov 12:00")
    assert next(iter(told(backwards))) == "overdue_1"
    assert not is_early(backwards, OFFICE, moment("Fri 20 Nov 17:00"))


def test_every_clock_change_to_come_leaves_the_rungs_in_working_hours():
    for zone, change in clock_changes():
        calendar = Calendar(
            zone=zone, day_start=time(2, 15), day_end=time(23, 45), workdays=frozenset(range(7))
        )
        day = calendar.local_date(change)
        standing = Standing(
            span_from=instant(day - 6 * DAY, time(11), zone), due_at=instant(day + DAY, time(17), zone)
        )
        _holds(standing, calendar)


# Laws


@st.composite
def situations(draw):
    made = draw(moments())
    span = draw(st.integers(1, 60 * 24 * 8))
    due = made + timedelta(minutes=10 * span)
    reopened = draw(st.none() | st.integers(1, 30))
    standing = Standing(
        span_from=made,
        due_at=due,
        paused_for=timedelta(hours=draw(st.sampled_from([0, 0, 5, 100]))),
        reopened_at=reopened and made + timedelta(days=reopened),
        on_track_rung=draw(st.sampled_from([None, None, Rung.HEADS_UP, Rung.DECIDE])),
        customer_waits=draw(st.booleans()),
        snoozed_until=draw(st.none() | st.integers(1, 30).map(lambda days: made + timedelta(days=days))),
        proposal_pending=draw(st.sampled_from([False, False, True])),
        owner_told_at=draw(st.none() | st.integers(1, 90).map(lambda days: due + timedelta(days=days))),
    )
    return standing, draw(calendars(near=made.date()))


@settings(deadline=None, max_examples=500)
@given(situations())
def test_rungs_are_sorted_single_and_in_working_hours(situation):
    _holds(*situation)


def _holds(standing, calendar):
    steps = schedule(standing, calendar)
    moments_, rungs = [step.at for step in steps], [step.rung for step in steps]
    assert moments_ == sorted(moments_)
    assert rungs == sorted(set(rungs), key=list(Rung).index)
    assert len({calendar.local_date(at) for at in moments_}) == len(steps) <= 8
    assert all(calendar.is_working_moment(at) for at in moments_)
    assert all(at > standing.span_from for at in moments_)
    for step in steps:
        late = step.at > standing.due_at + standing.paused_for
        assert late if step.rung in OVERDUE else step.at < standing.due_at
    assert schedule(standing, calendar) == steps


@settings(deadline=None, max_examples=300)
@given(situations())
def test_walking_from_step_to_step_is_the_schedule(situation):
    standing, calendar = situation
    walked, after = [], standing.span_from
    while step := next_step(standing, calendar, after=after):
        walked.append(step)
        after = step.at
    assert tuple(walked) == schedule(standing, calendar)


@settings(deadline=None, max_examples=300)
@given(situations())
def test_early_ends_between_making_and_due(situation):
    standing, calendar = situation
    decided = decision(standing, calendar)
    assert standing.span_from < decided.early_until < standing.due_at
    assert decided.early_until == decision(standing, calendar.present()).early_until
    present_at = decision(standing, calendar.present()).send_at
    assert present_at is None or standing.span_from < present_at < decided.early_until
    assert is_early(standing, calendar, standing.span_from)
    assert not is_early(standing, calendar, standing.due_at)


@settings(deadline=None, max_examples=300)
@given(situations())
def test_a_heads_up_is_for_spans_over_five_working_days_only(situation):
    standing, calendar = situation
    present = calendar.present()
    span = present.working_days_between(
        present.local_date(standing.span_from), present.local_date(standing.due_at)
    )
    rungs = [step.rung for step in schedule(standing, calendar)]
    assert Rung.HEADS_UP not in rungs or (span > 5 and rungs[1] is Rung.DECIDE)


@settings(deadline=None, max_examples=300)
@given(situations())
def test_an_open_promise_past_due_always_reaches_the_lead_after_its_owner(situation):
    standing, calendar = situation
    assume(not standing.proposal_pending)
    owner, lead = schedule(standing, calendar)[-2:]
    assert (owner.rung, lead.rung) == (Rung.ESCALATE_OWNER, Rung.ESCALATE_LEAD)
    told_at = standing.owner_told_at or owner.at
    assert lead.at > max(owner.at, told_at)


@settings(deadline=None, max_examples=300)
@given(situations())
def test_the_lead_hears_of_an_unanswered_offer_in_order_and_in_working_hours(situation):
    standing, calendar = situation
    first, second = first_doubt(standing.span_from, standing.due_at, calendar)
    assert standing.span_from < first <= second
    assert calendar.is_working_moment(first)
    assert calendar.is_working_moment(second)
    assert second == first or second < standing.due_at
