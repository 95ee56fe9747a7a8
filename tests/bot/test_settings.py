"""One's own hours, zone, language and absences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import settings
from bot.hours_words import clock_time, weekdays, zone
from bot.plain import plain_text
from bot.routes import Route
from bot.scene import Denied
from bot.turns import Invalid, OpenForm, Outcome, Reply
from builders import ANA, CARLA, GUS, NEXT_FRIDAY, THURSDAY, WEDNESDAY, a_promise
from commitments.errors import Unfit
from commitments.partnership import Person
from stage import Stage

WEDNESDAY_AFTER, THURSDAY_AFTER = WEDNESDAY + timedelta(weeks=1), THURSDAY + timedelta(weeks=1)
COMMANDS = {
    "settings": Route(settings.settings, "person.settings"),
    "away": Route(settings.away, "person.settings"),
}
UNCHANGED = {"day_start": "09:00", "day_end": "17:00", "workdays": "Mon-Fri", "zone": "UTC", "country": ""}


def german_unity(country: str, day: date) -> bool:
    return country.startswith("DE") and (day.month, day.day) == (10, 3)


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.ports = replace(stage.ports, is_holiday=german_unity)
    return stage


def ana(stage: Stage) -> Person:
    with stage.work() as uow:
        found = uow.people.get(ANA.id)
        assert found is not None
        return found


def submitted(stage: Stage, **values: str) -> Outcome:
    return stage.submit(settings.FORMS, ANA, "settings", "", {**UNCHANGED, **values})


def away(stage: Stage, words: str) -> Outcome:
    return stage.ask(COMMANDS, ANA, "away", words)


def words(outcome: Outcome) -> str:
    assert isinstance(outcome, Reply)
    return plain_text(outcome.card)


def errors(outcome: Outcome) -> dict[str, str]:
    assert isinstance(outcome, Invalid)
    return {field.name: field.error for field in outcome.form.fields if field.error}


# Reading what people write


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("17.30", time(17, 30)),
        ("5 pm", time(17)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("8 Uhr", time(8)),
        ("9h", time(9)),
    ],
)
def test_a_clock_time_is_read(text, read):
    assert clock_time(text, "day_start") == read


@pytest.mark.parametrize("text", ["", "25", "24:00", "9:61", "13 pm", "0 am", "nine", "9:00:00", "٩" * 3])
def test_what_is_no_clock_time_is_asked_about(text):
    with pytest.raises(Unfit):
        clock_time(text, "day_start")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Mo–Do", {0, 1, 2, 3}),
        ("Monday, Tuesday and Friday", {0, 1, 4}),
        ("Montag bis Mittwoch", {0, 1, 2}),
        ("sun to thu", {6, 0, 1, 2, 3}),
        ("Sa", {5}),
        ("Mon-Tue, Thu-Fri", {0, 1, 3, 4}),
    ],
)
def test_days_of_the_week_are_read_in_both_languages(text, days):
    assert weekdays(text, ("en", "de"), "workdays") == days


@pytest.mark.parametrize("text", ["", "M", "T", "s", "Mon-", "Someday", "1-5"])
def test_days_that_could_be_several_or_none_are_asked_about(text):
    with pytest.raises(Unfit):
        weekdays(text, ("en", "de"), "workdays")


@pytest.mark.parametrize(
    ("text", "read"), [("europe/berlin", "Europe/Berlin"), ("America/New York", "America/New_York")]
)
def test_a_zone_is_found_by_its_name(text, read):
    assert zone(text, "zone") == read


def test_a_city_alone_is_not_guessed_but_named():
    with pytest.raises(Unfit) as refused:
        zone("Berlin", "zone")
    assert refused.value.details == {"near": "Europe/Berlin"}


@pytest.mark.parametrize("text", ["", "Nowhere/Land", "../../etc/passwd", "x" * 10_000])
def test_an_unknown_zone_is_asked_about(text):
    with pytest.raises(Unfit):
        zone(text, "zone")


# The form


def test_the_form_starts_with_how_things_are(stage):
    outcome = stage.ask(COMMANDS, ANA, "settings", "")
    assert isinstance(outcome, OpenForm)
    values = {field.name: field.value for field in outcome.form.fields}
    assert values["day_start"] == "09:00"
    assert values["workdays"] == "Monday, Tuesday, Wednesday, Thursday, Friday"
    assert values["zone"] == "UTC"
    outcome = stage.submit(settings.FORMS, ANA, "settings", "", {})  # sent as it came
    assert replace(ana(stage), version=ANA.version) == ANA


def test_settings_are_saved_and_answered_in_the_language_just_chosen(stage):
    outcome = submitted(
        stage,
        day_start="8",
        day_end="16.30",
        workdays="Mo-Do",
        zone="Europe/Berlin",
        country="de-by",
        language="de",
    )
    after = ana(stage)
    assert (after.day_start, after.day_end, after.workdays) == (
        time(8),
        time(16, 30),
        frozenset({0, 1, 2, 3}),
    )
    assert (after.zone, after.country, after.language) == ("Europe/Berlin", "DE-BY", "de")
    assert "Gespeichert" in words(outcome)
    assert "Montag, Dienstag, Mittwoch, Donnerstag" in words(outcome)


def test_every_mistake_is_named_at_once_and_nothing_is_saved(stage):
    outcome = submitted(
        stage, day_start="25", workdays="Someday", zone="Berlin", country="ZZ", language="tlh", day_end="18"
    )
    assert errors(outcome).keys() == {"day_start", "workdays", "zone", "country", "language"}
    assert "Europe/Berlin" in errors(outcome)["zone"]
    assert ana(stage) == ANA


def test_the_day_ends_after_it_starts(stage):
    assert errors(submitted(stage, day_start="17", day_end="9")).keys() == {"day_end"}


def test_new_hours_plan_what_comes_next_anew(stage):
    promise = a_promise(due_at=NEXT_FRIDAY)
    with stage.work() as uow:
        uow.promises.add(promise)
    submitted(stage, day_start="7", zone="Asia/Tokyo")
    with stage.work() as uow:
        after = uow.promises.get(promise.id)
    assert after is not None
    assert after.next_at is not None
    assert after.due == promise.due
    assert after.next_at.time() == time(22)  # seven in the morning in Tokyo


@pytest.mark.parametrize("person", [CARLA, GUS])
@pytest.mark.parametrize("command", ["settings", "away"])
def test_people_outside_have_no_settings_here(stage, person, command):
    with pytest.raises(Denied):
        stage.ask(COMMANDS, person, command, "until 3 Dec")


# Away


def test_away_until_a_day_includes_that_day(stage):
    outcome = away(stage, "until 3 Dec")
    assert ana(stage).away == ((date(2026, 11, 16), date(2026, 12, 3)),)
    assert "Fri 4 Dec" in words(outcome)


@pytest.mark.parametrize(
    "typed", ["away from 1 Dec until 3 Dec", "from 1 Dec to 3 Dec", "from 2026-12-01 until 2026-12-03"]
)
def test_away_may_begin_later(stage, typed):
    away(stage, typed)
    assert ana(stage).away == ((date(2026, 12, 1), date(2026, 12, 3)),)


def test_a_first_day_back_is_a_working_day(stage):
    assert "Mon 7 Dec" in words(away(stage, "until 4 Dec"))


def test_absences_that_touch_become_one(stage):
    away(stage, "from 1 Dec until 3 Dec")
    away(stage, "from 10 Dec until 11 Dec")
    away(stage, "from 4 Dec until 9 Dec")
    assert ana(stage).away == ((date(2026, 12, 1), date(2026, 12, 11)),)


def test_past_absences_are_forgotten(stage):
    with stage.work() as uow:
        uow.people.save(replace(ANA, away=((date(2026, 1, 1), date(2026, 1, 5)),)))
    away(stage, "until 3 Dec")
    assert ana(stage).away == ((date(2026, 11, 16), date(2026, 12, 3)),)


def test_what_falls_due_meanwhile_is_said_with_two_ways_to_settle_it(stage):
    with stage.work() as uow:
        uow.promises.add(a_promise(title="Before", due_at=datetime(2026, 11, 30, 17, tzinfo=UTC)))
        uow.promises.add(a_promise(title="Meanwhile", due_at=datetime(2026, 12, 3, 17, tzinfo=UTC)))
        uow.promises.add(a_promise(title="After", due_at=datetime(2026, 12, 4, 9, tzinfo=UTC)))
    outcome = away(stage, "from 1 Dec until 3 Dec")
    assert isinstance(outcome, Reply)
    assert {(button.about, button.verb) for button in outcome.card.buttons} == {
        ("Meanwhile", "promise.renegotiate"),
        ("Meanwhile", "promise.give"),
    }
    assert "After" not in words(outcome)


def test_nothing_due_meanwhile_is_good_news(stage):
    assert "Nothing of yours" in words(away(stage, "until 3 Dec"))


@pytest.mark.parametrize("typed", ["off", "away off", "aus"])
def test_away_off_ends_it(stage, typed):
    away(stage, "until 3 Dec")
    away(stage, typed)
    assert ana(stage).away == ()


def test_away_alone_asks_when_and_shows_what_is_known(stage):
    away(stage, "until 3 Dec")
    outcome = away(stage, "away")
    assert isinstance(outcome, OpenForm)
    assert "3 Dec" in "".join(getattr(span, "words", str(span)) for span in outcome.form.preface)


def test_an_unsure_day_opens_the_form_with_what_was_typed(stage):
    outcome = away(stage, "from 1 Dec until the launch")
    assert isinstance(outcome, OpenForm)
    assert (outcome.form.value_of("first"), outcome.form.value_of("last")) == ("1 Dec", "the launch")
    assert ana(stage) == ANA


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [("2026-12-03", "2026-12-01", "last"), ("", "2028-12-01", "last"), ("", "", "last")],
)
def test_an_absence_that_cannot_be_is_named_at_its_field(stage, first, last, wrong):
    outcome = stage.submit(settings.FORMS, ANA, "away", "", {"first": first, "last": last})
    assert errors(outcome).keys() == {wrong}
    assert ana(stage) == ANA


def test_nudges_wait_until_one_is_back(stage):
    promise = a_promise(due_at=NEXT_FRIDAY)
    with stage.work() as uow:
        uow.promises.add(promise)
    away(stage, f"until {WEDNESDAY_AFTER:%Y-%m-%d}")
    with stage.work() as uow:
        after = uow.promises.get(promise.id)
    assert after is not None
    assert after.next_at == THURSDAY_AFTER
