from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import ALL_ZONES, ODD_ZONES, clock_changes, moment, moments, on, words, zones
from commitments.slots import Rhythm, next_slot, noon_after, period_of, preview_at
from commitments.worktime import Calendar, in_zone, instant

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MIDNIGHT = time(0)


def slots(rhythm, *, after, zone, count, **when):
    for _ in range(count):
        slot = next_slot(rhythm, after=after, zone=zone, **when)
        yield slot
        after = slot.at


# Which slot


@pytest.mark.parametrize(
    ("rhythm", "after", "goes_out", "period", "starts", "ends"),
    [
        (Rhythm.WEEKLY, "Wed 18 Nov 12:00", "Mon 23 Nov 10:00", "2026-W47", "Mon 16 Nov", "Mon 23 Nov"),
        (Rhythm.WEEKLY, "Mon 23 Nov 09:59", "Mon 23 Nov 10:00", "2026-W47", "Mon 16 Nov", "Mon 23 Nov"),
        (Rhythm.WEEKLY, "Mon 23 Nov 10:00", "Mon 30 Nov 10:00", "2026-W48", "Mon 23 Nov", "Mon 30 Nov"),
        (Rhythm.WHEN_KEPT, "Wed 18 Nov 12:00", "Mon 23 Nov 10:00", "2026-W47", "Mon 16 Nov", "Mon 23 Nov"),
        (Rhythm.FORTNIGHTLY, "Wed 11 Nov 12:00", "Mon 23 Nov 10:00", "2026-W47", "Mon 9 Nov", "Mon 23 Nov"),
        (Rhythm.FORTNIGHTLY, "Mon 23 Nov 10:00", "Mon 7 Dec 10:00", "2026-W49", "Mon 23 Nov", "Mon 7 Dec"),
        (Rhythm.MONTHLY, "Wed 18 Nov 12:00", "Mon 7 Dec 10:00", "2026-11", "Sun 1 Nov", "Tue 1 Dec"),
        (Rhythm.MONTHLY, "Mon 7 Sep 09:00", "Mon 7 Sep 10:00", "2026-08", "Sat 1 Aug", "Tue 1 Sep"),
    ],
)
def test_a_slot_covers_what_has_just_ended(rhythm, after, goes_out, period, starts, ends):
    slot = next_slot(rhythm, after=moment(after), zone="UTC")
    assert (words(slot.at), slot.period) == (goes_out, period)
    assert (slot.starts, slot.ends) == (moment(f"{starts} 00:00"), moment(f"{ends} 00:00"))


def test_a_week_53_is_one_week_and_a_new_year_starts_in_week_1():
    weekly = [
        slot.period for slot in slots(Rhythm.WEEKLY, after=moment("Tue 22 Dec 12:00"), zone="UTC", count=3)
    ]
    assert weekly == ["2026-W52", "2026-W53", "2027-W01"]


def test_a_fortnight_after_week_53_covers_three_weeks():
    over_new_year = list(slots(Rhythm.FORTNIGHTLY, after=moment("Mon 14 Dec 12:00"), zone="UTC", count=3))
    assert [words(slot.at) for slot in over_new_year] == [
        "Mon 21 Dec 10:00",
        "Mon 11 Jan 10:00",
        "Mon 25 Jan 10:00",
    ]
    assert [slot.period for slot in over_new_year] == ["2026-W51", "2027-W01", "2027-W03"]
    assert [(slot.ends - slot.starts) / WEEK for slot in over_new_year] == [2, 3, 2]


def test_a_month_that_follows_a_leap_day_covers_it():
    slot = next_slot(Rhythm.MONTHLY, after=moment("Tue 29 Feb 12:00", 2028), zone="UTC")
    assert slot.period == "2028-02"
    assert (slot.ends - slot.starts) / DAY == 29


def test_the_first_month_of_a_year_is_told_of_the_last():
    slot = next_slot(Rhythm.MONTHLY, after=moment("Thu 31 Dec 12:00"), zone="UTC", weekday=4)
    assert (words(slot.at), slot.period) == ("Fri 1 Jan 10:00", "2026-12")


@pytest.mark.parametrize(
    ("weekday", "at", "goes_out"),
    [
        (0, time(10), "Mon 23 Nov 10:00"),
        (3, time(8, 30), "Thu 19 Nov 08:30"),
        (6, time(10), "Sun 22 Nov 10:00"),
    ],
)
def test_a_channel_chooses_its_day_and_hour(weekday, at, goes_out):
    slot = next_slot(Rhythm.WEEKLY, after=moment("Wed 18 Nov 12:00"), zone="UTC", weekday=weekday, at=at)
    assert words(slot.at) == goes_out


def test_monday_ten_is_ten_where_the_channel_is():
    slot = next_slot(Rhythm.WEEKLY, after=moment("Wed 18 Nov 12:00"), zone="Asia/Kathmandu")
    assert words(slot.at, "Asia/Kathmandu") == "Mon 23 Nov 10:00"
    assert slot.starts == moment("Mon 16 Nov 00:00", zone="Asia/Kathmandu")


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2024, 12, 30), (2025, 1)),
        (date(2026, 12, 31), (2026, 53)),
        (date(2027, 1, 3), (2026, 53)),
        (date(2027, 1, 4), (2027, 1)),
        (date(2032, 12, 31), (2032, 53)),
        (date(2028, 2, 29), (2028, 9)),
    ],
)
def test_a_period_is_the_iso_week(day, week):
    assert period_of(datetime.combine(day, time(12), UTC), "UTC") == week


def test_the_period_is_that_of_the_zone():
    sunday_night = moment("Sun 22 Nov 20:00")
    assert period_of(sunday_night, "Europe/Berlin") == (2026, 47)
    assert period_of(sunday_night, "Asia/Tokyo") == (2026, 48)


# Clock changes


def test_each_place_hears_once_a_week_across_every_clock_change_to_come():
    for zone, change in clock_changes():
        before = in_zone(change - timedelta(seconds=1), zone)
        after = in_zone(change, zone)
        # In the gap, or in the hour that comes twice, on the day of the change.
        skipped_or_doubled = min(before.time(), after.time()).replace(second=0, microsecond=0)
        weekday, start = before.weekday(), change - WEEK - 3 * DAY
        three = list(
            slots(Rhythm.WEEKLY, after=start, zone=zone, count=3, weekday=weekday, at=skipped_or_doubled)
        )
        _follow_each_other(three)
        assert all(
            instant(in_zone(slot.starts, zone).date(), MIDNIGHT, zone) == slot.starts for slot in three
        )
        assert len({period_of(slot.at, zone) for slot in three}) == 3, zone


def _follow_each_other(several):
    for one, other in pairwise(several):
        assert one.ends == other.starts
        assert one.period < other.period
        assert one.starts < one.ends <= one.at < other.at


def test_a_slot_on_a_day_that_never_was_goes_out_when_the_next_begins():
    weekly = slots(
        Rhythm.WEEKLY, after=moment("Mon 19 Dec 12:00", 2011), zone="Pacific/Apia", count=3, weekday=4
    )
    at = [words(slot.at, "Pacific/Apia") for slot in weekly]
    assert at == ["Fri 23 Dec 10:00", "Sat 31 Dec 00:00", "Fri 6 Jan 10:00"]


# Previews and noons


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (Calendar(), "Fri 20 Nov 09:00"),
        (Calendar(is_holiday={on("Fri 20 Nov")}.__contains__), "Thu 19 Nov 09:00"),
        (Calendar(workdays=frozenset({6, 0, 1, 2, 3})), "Sun 22 Nov 09:00"),
        (Calendar(away=((on("Mon 9 Nov"), on("Fri 27 Nov")),)), "Fri 20 Nov 09:00"),
        (Calendar(workdays=frozenset()), "Sun 22 Nov 09:00"),
    ],
)
def test_the_lead_sees_a_preview_on_the_working_morning_before(calendar, expected):
    slot = next_slot(Rhythm.WEEKLY, after=moment("Wed 18 Nov 12:00"), zone="UTC")
    assert words(preview_at(slot, calendar)) == expected


@pytest.mark.parametrize(
    ("asked", "noon"),
    [
        ("Thu 19 Nov 09:30", "Thu 19 Nov 12:00"),
        ("Thu 19 Nov 12:00", "Fri 20 Nov 12:00"),
        ("Fri 20 Nov 15:00", "Mon 23 Nov 12:00"),
        ("Sat 21 Nov 09:00", "Mon 23 Nov 12:00"),
    ],
)
def test_a_question_has_until_the_next_working_noon(asked, noon):
    assert words(noon_after(moment(asked), Calendar())) == noon


def test_an_absent_owner_does_not_keep_the_customer_waiting():
    away = Calendar(away=((on("Mon 16 Nov"), on("Fri 27 Nov")),))
    assert words(noon_after(moment("Thu 19 Nov 09:30"), away)) == "Thu 19 Nov 12:00"


# Laws


@settings(deadline=None, max_examples=300)
@given(
    rhythm=st.sampled_from(Rhythm),
    after=moments(),
    zone=zones,
    weekday=st.integers(0, 6),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_slots_leave_no_gap_and_no_overlap(rhythm, after, zone, weekday, at):
    several = list(slots(rhythm, after=after, zone=zone, count=4, weekday=weekday, at=at))
    assert several[0].at > after
    _follow_each_other(several)
    longest = {Rhythm.MONTHLY: 5 * WEEK, Rhythm.FORTNIGHTLY: 3 * WEEK}.get(rhythm, WEEK)
    for one, other in pairwise(several):
        assert other.at - one.at <= longest + timedelta(hours=2)
        assert (
            next_slot(rhythm, after=other.at - timedelta(seconds=1), zone=zone, weekday=weekday, at=at)
            == other
        )


@pytest.mark.parametrize("zone", ODD_ZONES)
@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_thirteen_years_of_slots_cover_every_moment_once(rhythm, zone):
    slot = next_slot(rhythm, after=datetime(2024, 1, 1, tzinfo=UTC), zone=zone)
    covered = {slot.period}
    while slot.at.year < 2037:
        following = next_slot(rhythm, after=slot.at, zone=zone)
        _follow_each_other([slot, following])
        assert following.period not in covered
        covered.add(following.period)
        slot = following


def test_every_zone_has_its_monday():
    monday = on("Mon 23 Nov")
    for zone in ALL_ZONES:
        slot = next_slot(Rhythm.WEEKLY, after=moment("Wed 18 Nov 12:00"), zone=zone)
        local = in_zone(slot.at, zone)
        assert (local.date(), local.time(), slot.period) == (monday, time(10), "2026-W47")
