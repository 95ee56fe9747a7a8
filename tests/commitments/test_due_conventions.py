"""One table for each convention of the due-date specification, by its number."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from commitments.due import Reading, Setting, Status, read

NEW_YORK, LONDON, BERLIN = (ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Europe/Berlin"))
WEDNESDAY = datetime(2026, 11, 18, 10, 0)
FRIDAY = datetime(2026, 11, 20, 10, 0)
SATURDAY = datetime(2026, 11, 21, 12, 0)
SUNDAY = datetime(2026, 11, 22, 12, 0)
THANKSGIVING = frozenset({date(2026, 11, 26), date(2026, 11, 27)})
AMERICAN = Setting(zone="America/New_York", locale="en-US")
BRITISH = Setting(zone="Europe/London", locale="en-GB")
GERMAN = Setting(zone="Europe/Berlin", locale="de-DE")


def reading(phrase: str, wall: datetime = WEDNESDAY, setting: Setting = AMERICAN) -> Reading:
    return read(phrase, now=wall.replace(tzinfo=ZoneInfo(str(setting.zone))), setting=setting)


def closed_on(days: Iterable[date], setting: Setting = AMERICAN) -> Setting:
    return Setting(zone=setting.zone, locale=setting.locale, is_day_off=frozenset(days).__contains__)


def wall_clock(moments: Iterable[datetime], setting: Setting = AMERICAN) -> list[str]:
    zone = ZoneInfo(str(setting.zone))
    return [f"{moment.astimezone(zone):%a %d %b %H:%M}" for moment in moments]


def says(phrase: str, wall: datetime = WEDNESDAY, setting: Setting = AMERICAN) -> str:
    """The verdict in one line: ok, confirm with its candidates, or the reason for asking."""
    found = reading(phrase, wall, setting)
    if found.status is Status.ASK:
        return f"ask: {found.reason}"
    shown = " / ".join(wall_clock(found.candidates, setting))
    return f"{found.status}: {shown}"


def check(table: dict[str, str], wall: datetime = WEDNESDAY, setting: Setting = AMERICAN) -> None:
    assert {phrase: says(phrase, wall, setting) for phrase in table} == table


def test_convention_1_a_day_without_a_time_is_due_at_the_end_of_the_working_day() -> None:
    early = Setting(zone="America/New_York", locale="en-US", day_end=time(15, 30))
    check({"Friday": "ok: Fri 20 Nov 15:30", "tomorrow": "ok: Thu 19 Nov 15:30"}, setting=early)
    assert not reading("Friday").time_said
    assert reading("Friday 5pm").time_said


def test_convention_2_the_close_of_business_is_the_same_moment() -> None:
    check(
        {
            "EOD": "ok: Wed 18 Nov 17:00",
            "COB Friday": "ok: Fri 20 Nov 17:00",
            "by close of business tomorrow": "ok: Thu 19 Nov 17:00",
            "Friday EOB": "ok: Fri 20 Nov 17:00",
            "EOD PT": "ok: Wed 18 Nov 20:00",
            "by the end of the day Friday": "ok: Fri 20 Nov 17:00",
        }
    )


def test_convention_3_eod_after_the_working_day_asks_tonight_or_next_working_day() -> None:
    evening = FRIDAY.replace(hour=18)
    assert says("EOD", evening) == "ask: after_hours"
    assert wall_clock(reading("EOD", evening).candidates) == ["Fri 20 Nov 23:59", "Mon 23 Nov 17:00"]


def test_convention_4_a_weekday_is_the_next_to_come() -> None:
    check(
        {
            "Friday": "ok: Fri 20 Nov 17:00",
            "on Monday": "ok: Mon 23 Nov 17:00",
            "thurs": "ok: Thu 19 Nov 17:00",
        }
    )


def test_convention_5_the_weekday_of_today_is_confirmed_a_week_on() -> None:
    check(
        {
            "Wednesday": "confirm: Wed 25 Nov 17:00 / Wed 18 Nov 17:00",
            "this Wednesday": "ok: Wed 18 Nov 17:00",
            "Wednesday 9:30": "ok: Wed 25 Nov 09:30",  # today's has passed
            "Wednesday 11:30": "confirm: Wed 25 Nov 11:30 / Wed 18 Nov 11:30",
            "coming Wednesday": "ok: Wed 25 Nov 17:00",
        }
    )


def test_convention_6_next_weekday_is_that_of_the_next_calendar_week() -> None:
    check(
        {
            "next Friday": "confirm: Fri 27 Nov 17:00 / Fri 20 Nov 17:00",
            "next Monday": "ok: Mon 23 Nov 17:00",
            "next Wednesday": "ok: Wed 25 Nov 17:00",
            "Friday next week": "ok: Fri 27 Nov 17:00",
            "next week on Friday": "ok: Fri 27 Nov 17:00",
        }
    )


def test_convention_7_friday_week_is_seven_days_after_the_coming_one() -> None:
    check(
        {
            "Friday week": "ok: Fri 27 Nov 17:00",
            "a week from Friday": "ok: Fri 27 Nov 17:00",
            "Friday after next": "confirm: Fri 27 Nov 17:00 / Fri 04 Dec 17:00",
        }
    )


def test_convention_8_a_week_ends_on_friday() -> None:
    check(
        {
            "this week": "ok: Fri 20 Nov 17:00",
            "EOW": "ok: Fri 20 Nov 17:00",
            "end of next week": "ok: Fri 27 Nov 17:00",
            "next week": "ok: Fri 27 Nov 17:00",
            "the week after next": "ok: Fri 04 Dec 17:00",
        }
    )


@pytest.mark.parametrize("weekend", [SATURDAY, SUNDAY])
def test_convention_8_on_a_weekend_the_week_about_to_start_is_confirmed(weekend: datetime) -> None:
    check(
        {
            "EOW": "confirm: Fri 27 Nov 17:00",
            "next week": "confirm: Fri 27 Nov 17:00 / Fri 04 Dec 17:00",
        },
        weekend,
    )


def test_convention_9_longer_periods_end_on_their_last_working_day() -> None:
    check(
        {
            "EOM": "ok: Mon 30 Nov 17:00",
            "end of January": "ok: Fri 29 Jan 17:00",
            "in December": "ok: Thu 31 Dec 17:00",
            "next month": "ok: Thu 31 Dec 17:00",
            "EOQ": "ok: Thu 31 Dec 17:00",
            "Q1": "ok: Wed 31 Mar 17:00",
            "end of Q2 2027": "ok: Wed 30 Jun 17:00",
            "EOY": "ok: Thu 31 Dec 17:00",
            "end of fiscal year": "ask: fiscal",
            "H1": "confirm: Wed 30 Jun 17:00",
        }
    )


def test_convention_10_by_a_bare_month_asks_for_its_start_or_end() -> None:
    check({"by December": "ask: month_start_or_end", "by end of December": "ok: Thu 31 Dec 17:00"})
    assert wall_clock(reading("by December").candidates) == ["Mon 30 Nov 17:00", "Thu 31 Dec 17:00"]


def test_convention_11_early_asks_mid_and_late_months_are_confirmed() -> None:
    check(
        {
            "early December": "ask: early",
            "mid-December": "confirm: Tue 15 Dec 17:00",
            "late December": "confirm: Thu 31 Dec 17:00",
        }
    )


def test_convention_12_parts_of_next_week_are_confirmed() -> None:
    check(
        {
            "early next week": "confirm: Tue 24 Nov 17:00",
            "mid next week": "confirm: Wed 25 Nov 17:00",
            "late next week": "confirm: Fri 27 Nov 17:00",
            "sometime next week": "ask: vague",
        }
    )


def test_convention_13_days_weeks_and_months_are_counted_on_the_calendar() -> None:
    check({"in two weeks": "ok: Wed 02 Dec 17:00", "in 3 days": "ok: Sat 21 Nov 17:00"})
    assert reading("in 3 days").note == "day_off"
    assert says("in a month", datetime(2027, 1, 31, 10)) == "ok: Sun 28 Feb 17:00"


def test_convention_14_hours_are_elapsed_time_across_clock_changes() -> None:
    before_the_change = datetime(2026, 10, 31, 18, 0)
    check(
        {"within 24 hours": "ok: Sun 01 Nov 17:00", "in 90 minutes": "ok: Sat 31 Oct 19:30"},
        before_the_change,
    )


def test_convention_15_business_days_skip_weekends_and_holidays() -> None:
    setting = closed_on(THANKSGIVING)
    check(
        {"in 3 business days": "ok: Mon 23 Nov 17:00", "in 6 business days": "ok: Mon 30 Nov 17:00"},
        setting=setting,
    )
    assert says("in 1 business day", SATURDAY) == "ok: Mon 23 Nov 17:00"
    assert says("in 5 Werktagen", setting=GERMAN) == "confirm: Wed 25 Nov 17:00"


def test_convention_16_before_a_day_is_the_last_working_day_before_it() -> None:
    check(
        {
            "before Friday": "ok: Thu 19 Nov 17:00",
            "before Monday": "ok: Fri 20 Nov 17:00",
            "before 5pm Friday": "ok: Fri 20 Nov 17:00",
            "before the weekend": "ok: Fri 20 Nov 17:00",
            "before December": "ok: Mon 30 Nov 17:00",
            "before the end of the month": "ok: Mon 30 Nov 17:00",
            "before today": "ask: past",
        }
    )


@pytest.mark.parametrize("bound", ["by", "on", "until", "no later than", "not later than", "on or before"])
def test_convention_17_bounds_include_the_day(bound: str) -> None:
    assert says(f"{bound} Friday") == "ok: Fri 20 Nov 17:00"


@pytest.mark.parametrize("phrase", ["after Friday", "not before Friday", "from Friday", "tomorrow after 4pm"])
def test_convention_18_a_lower_bound_is_no_due_date(phrase: str) -> None:
    assert says(phrase) == "ask: lower_bound"


def test_convention_19_a_date_without_a_year_is_next_to_come() -> None:
    check(
        {"January 15": "ok: Fri 15 Jan 17:00", "Sep 10": "ok: Fri 10 Sep 17:00", "Oct 1": "ask: just_passed"}
    )


def test_convention_20_named_days_off_are_kept_and_movable_ones_confirmed() -> None:
    setting = closed_on(THANKSGIVING)
    check(
        {
            "26 November": "ok: Thu 26 Nov 17:00",
            "Saturday": "ok: Sat 21 Nov 17:00",
            "next week": "confirm: Fri 27 Nov 17:00 / Wed 25 Nov 17:00",
        },
        setting=setting,
    )
    assert reading("26 November", setting=setting).note == "holiday"
    assert (
        says("tomorrow", datetime(2026, 11, 25, 9), setting) == "confirm: Thu 26 Nov 17:00 / Wed 25 Nov 17:00"
    )


def test_convention_21_the_third_is_the_next_third_and_today_counts() -> None:
    check(
        {
            "the 3rd": "ok: Thu 03 Dec 17:00",
            "the 18th": "ok: Wed 18 Nov 17:00",
            "the 31st": "ok: Thu 31 Dec 17:00",
            "Sunday 31": "ok: Sun 31 Jan 17:00",  # the second 31st to come
            "Wednesday 31": "confirm: Wed 31 Mar 17:00",
        }
    )


def test_convention_22_a_bare_hour_is_an_office_hour() -> None:
    check(
        {
            "tomorrow at 3": "ok: Thu 19 Nov 15:00",
            "tomorrow at 9": "ok: Thu 19 Nov 09:00",
            "tomorrow at 12": "ok: Thu 19 Nov 12:00",
            "tomorrow at 7": "confirm: Thu 19 Nov 07:00 / Thu 19 Nov 19:00",
            "tomorrow at 07:00": "ok: Thu 19 Nov 07:00",
            "tomorrow 0800": "ok: Thu 19 Nov 08:00",
            "1530 tomorrow": "ok: Thu 19 Nov 15:30",
            "tomorrow at 19": "ok: Thu 19 Nov 19:00",
            "17h": "ok: Wed 18 Nov 17:00",
            "quarter to seven": "confirm: Wed 18 Nov 18:45",
            "5 to 6 pm": "ask: left_over",
        }
    )


def test_convention_23_a_time_past_today_is_confirmed_for_the_next_working_day() -> None:
    check({"9am": "confirm: Thu 19 Nov 09:00", "5pm": "ok: Wed 18 Nov 17:00"})
    assert says("9am", FRIDAY) == "confirm: Mon 23 Nov 09:00 / Sat 21 Nov 09:00"


def test_convention_24_parts_of_the_day_are_confirmed() -> None:
    check(
        {
            "tomorrow morning": "confirm: Thu 19 Nov 12:00",
            "tomorrow lunch": "confirm: Thu 19 Nov 12:00",
            "tomorrow afternoon": "confirm: Thu 19 Nov 17:00",
            "tomorrow evening": "confirm: Thu 19 Nov 23:59",
            "tonight": "confirm: Wed 18 Nov 23:59",
            "first thing Monday morning": "confirm: Mon 23 Nov 09:00",
            "tonight at 8": "ok: Wed 18 Nov 20:00",
        }
    )


def test_convention_25_midnight_is_the_end_of_the_day() -> None:
    check(
        {
            "Friday midnight": "confirm: Fri 20 Nov 23:59 / Fri 20 Nov 00:00",
            "24:00 Friday": "confirm: Fri 20 Nov 23:59 / Fri 20 Nov 00:00",
            "12am Friday": "confirm: Fri 20 Nov 00:00 / Fri 20 Nov 23:59",
        }
    )


def test_convention_26_half_three_is_later_in_britain_than_in_germany() -> None:
    assert says("half three", setting=BRITISH) == "ok: Wed 18 Nov 15:30"
    assert says("halb drei", setting=GERMAN) == "ok: Wed 18 Nov 14:30"


@pytest.mark.parametrize(
    ("phrase", "locale", "zone", "expected"),
    [
        ("12/03", "en-US", "America/New_York", "ok: Thu 03 Dec 17:00"),
        ("12/03", "en-GB", "Europe/London", "ok: Fri 12 Mar 17:00"),
        ("3/12", "de", "Europe/Berlin", "ok: Thu 03 Dec 17:00"),
        ("12/03", "en-CA", "America/Toronto", "ask: day_month_order"),
        ("12/03", None, "Europe/Berlin", "ask: day_month_order"),
        ("12/13", None, "Europe/Berlin", "ok: Sun 13 Dec 17:00"),
        ("25/12", "en-US", "America/New_York", "confirm: Fri 25 Dec 17:00"),
        ("12/25", "en-GB", "Europe/London", "confirm: Fri 25 Dec 17:00"),
        ("12/03", "en-US", "Europe/Berlin", "confirm: Thu 03 Dec 17:00 / Fri 12 Mar 17:00"),
        ("03.12.2026", "en-US", "America/New_York", "ok: Thu 03 Dec 17:00"),
        ("2026-12-03", None, "Asia/Tokyo", "ok: Thu 03 Dec 17:00"),
    ],
)
def test_convention_27_the_locale_orders_day_and_month(
    phrase: str, locale: str | None, zone: str, expected: str
) -> None:
    assert says(phrase, setting=Setting(zone=zone, locale=locale)) == expected


def test_convention_28_contradictions_and_impossible_days_ask() -> None:
    check(
        {
            "Friday December 3": "ask: weekday_mismatch",
            "Thursday December 3": "ok: Thu 03 Dec 17:00",
            "Nov 31": "ask: no_such_day",
            "2026-02-30": "ask: no_such_day",
            "2026-11-01": "ask: past",
            "last Friday": "ask: past",
        }
    )


def test_convention_29_zone_letters_mean_the_place() -> None:
    check({"Friday 5pm PT": "ok: Fri 20 Nov 20:00", "Friday 5pm EST": "ok: Fri 20 Nov 17:00"})
    summer = datetime(2026, 7, 15, 10)
    assert says("Friday 5pm EST", summer) == "confirm: Fri 17 Jul 17:00 / Fri 17 Jul 18:00"


def test_convention_30_shared_letters_belong_to_the_region_that_uses_them() -> None:
    assert says("Friday 5pm IST") == "ask: which_zone"
    assert (
        says("Friday 5pm IST", setting=Setting(zone="Asia/Kolkata", locale="en-IN")) == "ok: Fri 20 Nov 17:00"
    )
    assert says("Friday noon their time") == "ask: which_zone"


def test_convention_31_a_skipped_time_asks_and_a_doubled_one_is_the_first() -> None:
    assert says("8 March 2:30 am", datetime(2027, 3, 1, 10)) == "ok: Mon 08 Mar 02:30"
    assert says("14 March 02:30", datetime(2027, 3, 1, 10)) == "ask: skipped_time"
    doubled = reading("7 November 01:30", datetime(2027, 11, 1, 10))
    assert doubled.status is Status.CONFIRM
    assert doubled.due == datetime(2027, 11, 7, 5, 30, tzinfo=ZoneInfo("UTC"))


def test_convention_32_a_couple_is_two_and_the_rest_is_vague() -> None:
    check(
        {
            "in a couple of days": "confirm: Fri 20 Nov 17:00",
            "in a few days": "ask: vague",
            "in several weeks": "ask: vague",
            "ASAP": "ask: vague",
            "soon": "ask: vague",
            "next sprint": "ask: vague",
        }
    )


def test_convention_33_more_than_one_date_asks() -> None:
    check(
        {
            "Monday or Tuesday": "ask: several_dates",
            "Monday and Wednesday": "ask: several_dates",
            "Monday to Friday": "ask: several_dates",
            "every Friday": "ask: recurring",
            "Fridays": "ask: recurring",
        }
    )


def test_convention_34_a_slip_is_repaired_and_confirmed_where_it_matters() -> None:
    check(
        {
            "Fridya": "confirm: Fri 20 Nov 17:00",
            "in two wekes": "confirm: Wed 02 Dec 17:00",
            "tomorow": "ok: Thu 19 Nov 17:00",
            "tmrw": "ok: Thu 19 Nov 17:00",
            "nxt wk": "ok: Fri 27 Nov 17:00",
        }
    )


def test_convention_35_christmas_is_confirmed_and_other_feasts_ask() -> None:
    check(
        {
            "Christmas": "confirm: Fri 25 Dec 17:00 / Thu 24 Dec 17:00",
            "before Christmas": "ok: Thu 24 Dec 17:00",
            "Easter": "ask: feast",
            "Thanksgiving": "ask: feast",
        }
    )


@pytest.mark.parametrize(
    "phrase",
    [
        "the Friday call",
        "SOC 2",
        "version 2.10",
        "top 5",
        "24/7",
        "2027",
        "15",
        "1-2-3",
        "14PM",
        "25:12",
        "Friday blah",
        "",
        "  ",
        "\u200b",
    ],
)
def test_what_is_no_due_date_asks(phrase: str) -> None:
    assert reading(phrase).status is Status.ASK
