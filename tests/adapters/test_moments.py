from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.days_off import is_holiday
from adapters.moments import BabelMomentWords, city, long_day

FRIDAY_AT_FOUR = datetime(2026, 11, 27, 16, tzinfo=UTC)
in_words = BabelMomentWords(lambda: FRIDAY_AT_FOUR - timedelta(days=7))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "Fri 27 Nov, 17:00 Berlin"),
        ("en", "Fri 27 Nov, 17:00 Berlin"),
        ("en-US", "Fri, Nov 27, 5:00 PM Berlin"),
        ("de-DE", "Fr., 27. Nov., 17:00 Berlin"),
        ("de_AT", "Fr., 27. Nov., 17:00 Berlin"),
        ("tlh-Piqd-KX", "Fri 27 Nov, 17:00 Berlin"),
        ("", "Fri 27 Nov, 17:00 Berlin"),
        ("../etc/passwd", "Fri 27 Nov, 17:00 Berlin"),
    ],
)
def test_a_moment_reads_as_its_reader_writes(locale: str, words: str) -> None:
    assert in_words(FRIDAY_AT_FOUR, zone="Europe/Berlin", locale=locale) == words


def test_a_day_comes_without_the_time() -> None:
    assert in_words(FRIDAY_AT_FOUR, zone="Europe/Berlin", locale="en-GB", time=False) == "Fri 27 Nov"


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "Friday 27 November"), ("de-DE", "Freitag, 27. November"), ("en-US", "Friday, November 27")],
)
def test_a_long_day_is_not_cut_short(locale: str, words: str) -> None:
    assert long_day(FRIDAY_AT_FOUR, "Europe/Berlin", locale) == words


@pytest.mark.parametrize(("days", "has_year"), [(-190, True), (-170, False), (170, False), (190, True)])
def test_the_year_is_said_when_the_day_could_be_of_another(days: int, has_year: bool) -> None:
    at = FRIDAY_AT_FOUR + timedelta(days=days - 7)
    assert (f"{at:%Y}" in in_words(at, zone="UTC", locale="en-GB")) is has_year


@pytest.mark.parametrize("zone", ["Nowhere/Land", "Europe", "", "../UTC"])
def test_an_unknown_zone_is_said_to_be_utc(zone: str) -> None:
    assert in_words(FRIDAY_AT_FOUR, zone=zone, locale="en-GB") == "Fri 27 Nov, 16:00 UTC"


@pytest.mark.parametrize("locale", ["ny-MW", "naq-NA", "hnj-Hmnp"])
def test_a_language_without_names_for_places_still_reads(locale: str) -> None:
    assert city("Asia/Kathmandu", locale) == "Kathmandu"
    assert city("America/New_York", locale) == "New York"


def test_no_space_that_platforms_drop() -> None:
    words = in_words(FRIDAY_AT_FOUR, zone="America/New_York", locale="en-US")
    assert words == "Fri, Nov 27, 11:00 AM New York"


@pytest.mark.parametrize(
    ("country", "day", "is_off"),
    [
        ("DE", date(2026, 12, 25), True),
        ("de", date(2026, 12, 25), True),
        ("DE", date(2026, 1, 6), False),
        ("DE-BY", date(2026, 1, 6), True),
        ("US", date(2026, 11, 26), True),
        ("XX", date(2026, 12, 25), False),
        ("DE-XX", date(2026, 12, 25), False),
        ("", date(2026, 12, 25), False),
    ],
)
def test_days_off_are_those_of_the_country_and_region(country: str, day: date, is_off: bool) -> None:
    assert is_holiday(country, day) is is_off
