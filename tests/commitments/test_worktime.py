from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import calendars, clock_changes, days, moment, moments, on, words, zones
from commitments.worktime import Calendar, NoWorkingDay, UnknownZone, in_zone, instant, zone_named

HOUR = timedelta(hours=1)
OFFICE = Calendar()
BERLIN = Calendar(zone="Europe/Berlin")
GULF = Calendar(zone="Asia/Dubai", workdays=frozenset({6, 0, 1, 2, 3}))


# Instants


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("UTC", "2026-11-16 09:00", "2026-11-16 09:00"),
        ("Asia/Kathmandu", "2026-11-16 09:00", "2026-11-16 03:15"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),  # skipped: 03:00, where the gap ends
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # doubled: the first, in summer time
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour is skipped
        ("America/Nuuk", "2026-03-28 23:30", "2026-03-29 01:00"),  # the gap ends at midnight
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),  # the day starts at one
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00"),  # the whole day is skipped
        ("Europe/Berlin", "2028-02-29 09:00", "2028-02-29 08:00"),
    ],
)
def test_a_wall_time_is_the_first_instant_that_reads_as_it_or_later(zone, wall, expected):
    day = datetime.fromisoformat(wall)
    assert instant(day.date(), day.time(), zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


WALLS = (time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 59, 59), time(9), time(23, 30))


def test_every_clock_change_to_come_gives_each_wall_time_one_valid_instant():
    changes = clock_changes()
    assert len(changes) > 4_000
    for zone, change in changes:
        for day in {in_zone(change - timedelta(seconds=1), zone).date(), in_zone(change, zone).date()}:
            for wall in WALLS:
                _is_the_first_instant_at_or_after(instant(day, wall, zone), datetime.combine(day, wall), zone)


def _is_the_first_instant_at_or_after(found, wall, zone):
    tz = ZoneInfo(zone)
    assert found.astimezone(tz).replace(tzinfo=None) >= wall
    for earlier in (timedelta(seconds=1), timedelta(minutes=29), HOUR, 2 * HOUR, 24 * HOUR):
        assert (found - earlier).astimezone(tz).replace(tzinfo=None) < wall, (zone, wall)


@given(day=days, wall=st.times(), later=st.times(), zone=zones)
def test_a_later_wall_time_is_never_an_earlier_instant(day, wall, later, zone):
    first, second = sorted([wall, later])
    assert instant(day, first, zone) <= instant(day, second, zone)


@pytest.mark.parametrize(
    "name", ["", "Europe/Atlantis", "Europe", "../../etc/passwd", "/etc/localtime", "x\0y"]
)
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(UnknownZone):
        zone_named(name)
    with pytest.raises(UnknownZone):
        Calendar(zone=name)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a zone"):
        OFFICE.local_date(datetime(2026, 11, 16, 9))


# Days


@pytest.mark.parametrize("day_end", [time(9), time(6)])
def test_night_shifts_are_refused(day_end):
    with pytest.raises(ValueError, match="ends before it starts"):
        Calendar(day_start=time(9), day_end=day_end)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        (OFFICE, "Fri 20 Nov", True),
        (OFFICE, "Sat 21 Nov", False),
        (GULF, "Thu 19 Nov", True),
        (GULF, "Fri 20 Nov", False),
        (GULF, "Sun 22 Nov", True),
        (Calendar(is_holiday={date(2026, 11, 18)}.__contains__), "Wed 18 Nov", False),
        (Calendar(away=((date(2026, 11, 17), date(2026, 11, 19)),)), "Mon 16 Nov", True),
        (Calendar(away=((date(2026, 11, 17), date(2026, 11, 19)),)), "Tue 17 Nov", False),
        (Calendar(away=((date(2026, 11, 17), date(2026, 11, 19)),)), "Thu 19 Nov", False),
        (Calendar(away=((date(2026, 11, 17), date(2026, 11, 19)),)), "Fri 20 Nov", True),
    ],
)
def test_working_days(calendar, day, works):
    assert calendar.is_working_day(on(day)) is works


def test_a_day_that_the_zone_skipped_is_not_worked():
    apia = Calendar(zone="Pacific/Apia")
    assert on("Fri 30 Dec", 2011).weekday() in apia.workdays
    assert not apia.is_working_day(on("Fri 30 Dec", 2011))
    assert apia.next_working_day(on("Thu 29 Dec", 2011)) == on("Mon 2 Jan", 2012)
    assert apia.next_morning(moment("Thu 29 Dec 12:00", 2011, "Pacific/Apia")) == moment(
        "Mon 2 Jan 09:00", 2012, "Pacific/Apia"
    )


def test_a_day_whose_hours_all_fall_into_a_gap_is_not_worked():
    baker = Calendar(
        zone="Europe/Berlin", day_start=time(2, 10), day_end=time(2, 40), workdays=frozenset(range(7))
    )
    assert not baker.is_working_day(on("Sun 29 Mar"))
    assert baker.is_working_day(on("Sun 22 Mar"))


def test_the_same_without_absences_keeps_the_rest():
    holiday = on("Wed 18 Nov")
    away = Calendar(is_holiday={holiday}.__contains__, away=((on("Tue 17 Nov"), on("Thu 19 Nov")),))
    assert not away.is_working_day(on("Tue 17 Nov"))
    assert away.present().is_working_day(on("Tue 17 Nov"))
    assert not away.present().is_working_day(holiday)
    assert not away.is_working_day(on("Tue 17 Nov"))  # what the other has learned is not taken over


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("Mon 16 Nov", 0, "Mon 16 Nov"),
        ("Mon 16 Nov", 1, "Tue 17 Nov"),
        ("Fri 20 Nov", 1, "Mon 23 Nov"),
        ("Sat 21 Nov", 0, "Sat 21 Nov"),
        ("Sat 21 Nov", 1, "Mon 23 Nov"),
        ("Mon 16 Nov", 10, "Mon 30 Nov"),
        ("Mon 16 Nov", -1, "Fri 13 Nov"),
        ("Sun 15 Nov", -1, "Fri 13 Nov"),
        ("Mon 30 Nov", -10, "Mon 16 Nov"),
    ],
)
def test_adding_working_days_counts_from_day_0(start, count, expected):
    assert OFFICE.add_working_days(on(start), count) == on(expected)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("Mon 16 Nov", "Mon 16 Nov", 0),
        ("Mon 16 Nov", "Fri 20 Nov", 4),
        ("Fri 20 Nov", "Sun 22 Nov", 0),
        ("Fri 20 Nov", "Mon 23 Nov", 1),
        ("Sun 15 Nov", "Mon 16 Nov", 1),
        ("Fri 20 Nov", "Mon 16 Nov", 0),
    ],
)
def test_working_days_between_leave_the_first_day_out(start, end, count):
    assert OFFICE.working_days_between(on(start), on(end)) == count


@pytest.mark.parametrize(
    "idle",
    [
        Calendar(workdays=frozenset()),
        Calendar(is_holiday=lambda _: True),
        Calendar(away=((date(2020, 1, 1), date(2040, 1, 1)),)),
    ],
)
def test_a_calendar_nobody_works_in_says_so_instead_of_searching_for_ever(idle):
    now = moment("Mon 16 Nov 12:00")
    searches = (
        lambda: idle.next_working_day(on("Mon 16 Nov")),
        lambda: idle.previous_working_day(on("Mon 16 Nov")),
        lambda: idle.add_working_days(on("Mon 16 Nov"), -3),
        lambda: idle.next_working_moment(now),
        lambda: idle.next_morning(now),
        lambda: idle.previous_morning(now),
        lambda: idle.add_working_time(now, HOUR),
    )
    for search in searches:
        with pytest.raises(NoWorkingDay):
            search()
    assert idle.working_time(now, now + timedelta(days=30)) == timedelta()
    assert idle.or_everyday(lambda usable: usable.next_working_day(on("Fri 20 Nov"))) == on("Sat 21 Nov")


def test_a_year_away_still_ends_in_a_working_day():
    away = Calendar(away=((on("Mon 16 Nov"), on("Tue 16 Nov", 2027)),))
    assert away.next_working_day(on("Mon 16 Nov")) == on("Wed 17 Nov", 2027)


# Hours


@pytest.mark.parametrize(
    ("now", "working", "next_moment", "next_morning", "previous_morning"),
    [
        ("Mon 16 Nov 08:59", False, "Mon 16 Nov 09:00", "Mon 16 Nov 09:00", "Fri 13 Nov 09:00"),
        ("Mon 16 Nov 09:00", True, "Mon 16 Nov 09:00", "Tue 17 Nov 09:00", "Fri 13 Nov 09:00"),
        ("Mon 16 Nov 16:59", True, "Mon 16 Nov 16:59", "Tue 17 Nov 09:00", "Mon 16 Nov 09:00"),
        ("Mon 16 Nov 17:00", False, "Tue 17 Nov 09:00", "Tue 17 Nov 09:00", "Mon 16 Nov 09:00"),
        ("Fri 20 Nov 17:00", False, "Mon 23 Nov 09:00", "Mon 23 Nov 09:00", "Fri 20 Nov 09:00"),
        ("Sat 21 Nov 12:00", False, "Mon 23 Nov 09:00", "Mon 23 Nov 09:00", "Fri 20 Nov 09:00"),
    ],
)
def test_working_hours(now, working, next_moment, next_morning, previous_morning):
    at = moment(now)
    assert OFFICE.is_working_moment(at) is working
    assert words(OFFICE.next_working_moment(at)) == next_moment
    assert words(OFFICE.next_morning(at)) == next_morning
    assert words(OFFICE.previous_morning(at)) == previous_morning


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("Mon 16 Nov 11:00", "Mon 16 Nov 13:30", 2.5),
        ("Mon 16 Nov 16:00", "Tue 17 Nov 10:00", 2),
        ("Fri 20 Nov 16:00", "Mon 23 Nov 10:00", 2),
        ("Sat 21 Nov 09:00", "Sun 22 Nov 17:00", 0),
        ("Mon 16 Nov 00:00", "Sun 22 Nov 23:00", 40),
        ("Tue 17 Nov 10:00", "Mon 16 Nov 10:00", 0),
        ("Mon 16 Nov 13:00", "Mon 16 Nov 11:00", 0),
    ],
)
def test_working_time_between(start, end, hours):
    assert OFFICE.working_time(moment(start), moment(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("Mon 16 Nov 11:00", 0, "Mon 16 Nov 11:00"),
        ("Sat 21 Nov 11:00", 0, "Sat 21 Nov 11:00"),
        ("Mon 16 Nov 11:00", 6, "Mon 16 Nov 17:00"),
        ("Mon 16 Nov 11:00", 6.5, "Tue 17 Nov 09:30"),
        ("Fri 20 Nov 16:00", 10, "Tue 24 Nov 10:00"),
        ("Sat 21 Nov 11:00", 1, "Mon 23 Nov 10:00"),
    ],
)
def test_adding_working_time_skips_what_is_not_worked(start, hours, expected):
    assert words(OFFICE.add_working_time(moment(start), hours * HOUR)) == expected


def test_a_night_with_a_clock_change_costs_no_working_time():
    friday, monday = (
        moment("Fri 27 Mar 16:00", zone="Europe/Berlin"),
        moment("Mon 30 Mar 10:00", zone="Europe/Berlin"),
    )
    assert monday - friday == 65 * HOUR
    assert BERLIN.working_time(friday, monday) == 2 * HOUR


def test_hours_across_a_clock_change_are_elapsed_hours():
    nights = Calendar(zone="Europe/Berlin", day_start=time(0), day_end=time(8), workdays=frozenset(range(7)))
    spring, autumn = on("Sun 29 Mar"), on("Sun 25 Oct")
    assert nights.working_time(nights.morning(spring), nights.close(spring)) == 7 * HOUR
    assert nights.working_time(nights.morning(autumn), nights.close(autumn)) == 9 * HOUR


def test_moments_given_in_a_local_zone_are_worth_the_same():
    nights = Calendar(zone="Europe/Berlin", day_start=time(0), day_end=time(8), workdays=frozenset(range(7)))
    start, end = (datetime(2026, 3, 29, hour, tzinfo=ZoneInfo("Europe/Berlin")) for hour in (1, 4))
    assert nights.working_time(start, end) == 2 * HOUR


# Laws


@st.composite
def situations(draw):
    at = draw(moments())
    return draw(calendars(near=at.date())), at


@settings(deadline=None)
@given(situations())
def test_the_next_morning_opens_a_working_day_after_the_moment(situation):
    calendar, at = situation
    opening = calendar.next_morning(at)
    day = calendar.local_date(opening)
    assert opening > at
    assert calendar.is_working_day(day)
    assert calendar.morning(day) == opening
    assert calendar.is_working_moment(opening)
    assert not calendar.is_working_moment(opening - timedelta(microseconds=1))
    assert calendar.previous_morning(opening) <= at


@settings(deadline=None)
@given(situations())
def test_between_a_moment_and_the_next_working_moment_nobody_works(situation):
    calendar, at = situation
    found = calendar.next_working_moment(at)
    assert found >= at
    assert calendar.is_working_moment(found)
    assert calendar.working_time(at, found) == timedelta()


@settings(deadline=None)
@given(situations(), st.integers(0, 40), st.booleans())
def test_adding_working_days_and_counting_them_agree(situation, count, back):
    calendar, at = situation
    day = calendar.local_date(at)
    far = calendar.add_working_days(day, -count if back else count)
    first, last = (far - timedelta(days=1), day - timedelta(days=1)) if back else (day, far)
    assert calendar.working_days_between(first, last) == count


@settings(deadline=None)
@given(situations(), st.integers(0, 100 * 60))
def test_adding_working_time_and_measuring_it_agree(situation, minutes):
    calendar, at = situation
    spell = timedelta(minutes=minutes)
    assert calendar.working_time(at, calendar.add_working_time(at, spell)) == spell


@settings(deadline=None, max_examples=30)
@given(situations())
def test_working_time_is_what_one_counts_minute_by_minute(situation):
    calendar, at = situation
    minute = timedelta(minutes=1)
    counted = sum(calendar.is_working_moment(at + n * minute) for n in range(3 * 24 * 60))
    assert calendar.working_time(at, at + timedelta(days=3)) == counted * minute
