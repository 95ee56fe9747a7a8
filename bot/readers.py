"""Whom a message is written for: their language, their zone, their way of writing a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.addresses import Place
from bot.cards import Moment, Text
from bot.policy import Hours
from bot.ports import IsHoliday, Ports
from bot.wording import Words, words_for
from commitments.partnership import Partnership, Person
from commitments.promise import Due
from commitments.worktime import Calendar, never


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One person, or everyone in a place, as far as wording goes."""

    ports: Ports
    words: Words
    locale: str
    zone: str
    now: datetime

    def __call__(self, key: str, **values: object) -> str:
        return self.words(key, **values)

    def text(self, key: str, **values: object) -> Text:
        return self.words.text(key, **values)

    def due(self, due: Due) -> Moment:
        """In the zone it was promised in: that is what was agreed."""
        return Moment(due.at, self.ports.moment_words(due.at, zone=due.zone, locale=self.locale))

    def moment(self, at: datetime) -> Moment:
        return Moment(at, self.ports.moment_words(at, zone=self.zone, locale=self.locale))

    def day(self, at: datetime, zone: str | None = None) -> Moment:
        words = self.ports.moment_words(at, zone=zone or self.zone, locale=self.locale, time=False)
        return Moment(at, words)


def reader_for(ports: Ports, person: Person, now: datetime) -> Reader:
    words = words_for(person.language, person.locale, ports.policy.languages, person.platform)
    return Reader(ports=ports, words=words, locale=person.locale, zone=person.zone, now=now)


def reader_in(ports: Ports, place: Place, partnership: Partnership | None, now: datetime) -> Reader:
    """A place reads in the team's language and its own zone."""
    zone = place.zone or (partnership.zone if partnership else ports.policy.hours.zone)
    locale = ports.policy.locale
    words = words_for(None, locale, ports.policy.languages, place.platform)
    return Reader(ports=ports, words=words, locale=locale, zone=zone, now=now)


def calendar_of(ports: Ports, person: Person) -> Calendar:
    """The person's working time, with their holidays and absences."""
    hours = Hours(
        zone=person.zone,
        day_start=person.day_start,
        day_end=person.day_end,
        workdays=person.workdays,
        country=person.country or ports.policy.hours.country,
    )
    return _calendar(hours, person.away, ports.is_holiday)


def calendar_in(ports: Ports, partnership: Partnership) -> Calendar:
    """The partnership's working time: its zone, the team's hours."""
    return _calendar(replace(ports.policy.hours, zone=partnership.zone), (), ports.is_holiday)


@lru_cache(maxsize=1024)  # a calendar remembers its mornings, which cost more than keeping it
def _calendar(hours: Hours, away: tuple[tuple[date, date], ...], is_holiday: IsHoliday) -> Calendar:
    country = hours.country
    return Calendar(
        zone=hours.zone,
        day_start=hours.day_start,
        day_end=hours.day_end,
        workdays=hours.workdays,
        is_holiday=(lambda day: is_holiday(country, day)) if country else never,
        away=away,
    )
