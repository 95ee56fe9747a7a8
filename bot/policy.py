"""What a team decides in app.yaml, as the bot sees it: plain values with our defaults."""

from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Working hours of people who have said nothing else."""

    zone: str = "UTC"  # IANA name
    day_start: time = time(9)  # wall clock in `zone`
    day_end: time = time(17)
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})  # Monday = 0
    country: str | None = None  # whose public holidays are days off; ISO 3166 code, or with a region: "DE-BY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudging:
    """How early, how often and for how long Kept asks. Days are working days unless they say otherwise."""

    private_messages_a_day: int = 3
    heads_up_over_days: int = 5  # spans of this length or shorter get no heads-up
    decide_percent: int = 25  # of the span, rounded up
    decide_at_most_days: int = 5
    unanswered_days: int = 2  # an offered new date without an answer: the lead hears
    lapse_days: int = 10  # a proposed promise nobody accepted
    unopposed_days: int = 5  # delivered, and the customer says nothing
    reopen_for: timedelta = timedelta(days=30)  # calendar days: "not quite there yet"
    undo_for: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyAt:
    weekday: int  # Monday = 0
    at: time  # wall clock of the channel or reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    shared: WeeklyAt = WeeklyAt(weekday=0, at=time(10))
    manager: WeeklyAt = WeeklyAt(weekday=0, at=time(8, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long what is needed for a while only stays. Promises and their history stay."""

    sent: timedelta = timedelta(days=30)  # what a message was composed from, after it was sent
    quarantine: timedelta = timedelta(days=7)  # what a platform sent and nobody understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    hours: Hours = field(default_factory=Hours)
    nudging: Nudging = field(default_factory=Nudging)
    digests: Digests = field(default_factory=Digests)
    retention: Retention = field(default_factory=Retention)
    locale: str = "en"  # of people whose platform names none: decides the order in 3/4 and the language
    languages: tuple[str, ...] = ("en", "de")  # the first is spoken to people whose own is not offered
    reading: bool = False  # whether leads may let Kept read along in their customer's channel
    admins: frozenset[str] = frozenset()  # "slack:U024BE7LH", "teams:<object id>": managers from the start
