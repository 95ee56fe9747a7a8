"""The story up to now, half lived: people act, and time passes by the sweeps, until the present.

It begins three weeks ago and is arranged around the last working morning, on which Ana has to decide about
a promise of hers. Nothing is written into the store but the cast; all the rest is played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from adapters.playground.messages import TENANT
from adapters.playground.people import HOME, introduce
from adapters.playground.playing import Playground
from adapters.playground.stage import Stage
from bot.wording import Words
from commitments.nudges import Standing, decision
from commitments.promise import State
from commitments.worktime import Calendar

REPORT = "playground.story"  # the setting that holds the id of the promise the story is about
FRIDAY = 4
CALENDAR = Calendar(zone=HOME)
BEGAN = timedelta(weeks=3)  # before the Monday of the week it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The days on which things happen."""

    monday: date  # of the week in which Ana has to decide
    report_captured: datetime
    report_due: date
    sandbox_delivered: datetime

    def at(self, weeks: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        day = self.monday + timedelta(weeks=weeks, days=weekday)
        return CALENDAR.moment(day, time(hour, minute))


def has_begun(playground: Playground) -> bool:
    with playground.ports.open_uow(TENANT) as uow:
        return uow.ledger.setting(REPORT) is not None


def beginning(now: datetime) -> datetime:
    """The moment to which the clock must be put back before anything is played."""
    return plot(now).at(-3, 0, 9)


def plot(now: datetime) -> Plot:
    morning = _last_morning(now)
    day = CALENDAR.local_date(morning)
    captured, due = _decided_on(morning, CALENDAR.local_date(now))
    return Plot(
        monday=day - timedelta(days=day.weekday()),
        report_captured=captured,
        report_due=due,
        sandbox_delivered=CALENDAR.moment(CALENDAR.add_working_days(day, -1), time(15)),
    )


def play(playground: Playground, until: datetime) -> None:
    """From the clock's present to `until`."""
    with playground.ports.open_uow(TENANT) as uow:
        introduce(uow)
        uow.commit()
    stage, say = Stage(playground), Words(playground.ports.policy.languages[0])
    acts = _Acts(stage, say, plot(until))
    for at, act in sorted(acts.in_time(), key=lambda scene: scene[0]):
        stage.wait_until(at)
        act()
    stage.wait_until(until)
    _remember(playground, say("story.report"))  # last: what was cut short is played again from the start


def _last_morning(now: datetime) -> datetime:
    day = CALENDAR.local_date(now)
    if CALENDAR.is_working_day(day) and CALENDAR.morning(day) <= now:
        return CALENDAR.morning(day)
    return CALENDAR.morning(CALENDAR.previous_working_day(day))


def _decided_on(morning: datetime, today: date) -> tuple[datetime, date]:
    """When a promise was made, and for which day, if its decision falls on that morning.

    Not due on a Friday or tomorrow: those are the days that visitors choose for their first promises.
    """
    day = CALENDAR.local_date(morning)
    for ahead in range(1, 6):
        due = CALENDAR.add_working_days(day, ahead)
        if due.weekday() == FRIDAY or due <= today + timedelta(days=1):
            continue
        for back in range(1, 13):
            captured = CALENDAR.moment(CALENDAR.add_working_days(day, -back), time(14, 50))
            standing = Standing(span_from=captured, due_at=CALENDAR.close(due))
            if decision(standing, CALENDAR).send_at == morning:
                return captured, due
    raise LookupError("no promise is decided on that morning")


def _remember(playground: Playground, title: str) -> None:
    with playground.ports.open_uow(TENANT) as uow:
        promises = uow.promises.of_owner("ana", (State.OPEN,))
        uow.ledger.set(REPORT, next(promise.id for promise in promises if promise.title == title))
        uow.commit()


class _Acts:
    """Who does what, and when; each method is one scene."""

    def __init__(self, stage: Stage, say: Words, plot: Plot) -> None:
        self._stage = stage
        self._say = say
        self._plot = plot

    def in_time(self) -> Iterator[tuple[datetime, Callable[[], object]]]:
        at = self._plot.at
        yield at(-3, 0, 9, 30), self._begin_acme
        yield at(-3, 0, 9, 45), self._welcome
        yield at(-3, 0, 9, 50), lambda: self._write("carla", "acme-shared", "thanks")
        yield at(-3, 0, 9, 55), self._read_along
        yield at(-3, 0, 10, 15), self._begin_globex
        yield at(-3, 1, 11), self._promise_guide
        yield at(-3, 2, 10), lambda: self._write("mia", "acme-team", "team")
        yield at(-2, 2, 15), self._deliver_guide
        yield (
            at(-2, 3, 9, 40),
            lambda: self._stage.press("carla", "promise.confirm", about=self._say("story.guide")),
        )
        yield at(-2, 3, 16), lambda: self._stage.say("ana", "dm-ana", f"/win Acme: {self._say('story.win')}")
        yield at(-2, 4, 9, 30), lambda: self._stage.press("ben", "digest.approve")
        yield at(-2, 4, 11), self._offer_users
        yield at(-1, 1, 10, 30), self._name_users
        yield at(-1, 1, 16), self._confirm_users
        yield at(-1, 2, 13), self._promise_sandbox
        yield (
            self._plot.report_captured - timedelta(minutes=12),
            lambda: self._write("carla", "acme-shared", "question"),
        )
        yield self._plot.report_captured, self._promise_report
        yield (
            self._plot.report_captured + timedelta(minutes=3),
            lambda: self._write("ana", "acme-shared", "answer"),
        )
        yield self._plot.sandbox_delivered, self._deliver_sandbox

    def _begin_acme(self) -> None:
        self._begin("Acme", "acme-shared", "story.purpose")
        self._write("ben", "acme-shared", "hello")
        self._stage.say("ben", "dm-ben", "/partner role @ana member Acme")
        self._stage.say("ben", "dm-ben", "/partner role @mia manager Acme")

    def _begin_globex(self) -> None:
        self._begin("Globex", "globex-shared", "story.purpose_globex")
        self._stage.say("ben", "dm-ben", "/partner role @noor member Globex")
        self._promise("noor", "globex-shared", "story.questionnaire", self._plot.at(1, 2, 17))

    def _begin(self, name: str, channel: str, purpose: str) -> None:
        form = self._stage.say("ben", "dm-ben", f"/partner new {name}")
        self._stage.fill("ben", form, purpose=self._say(purpose))
        self._stage.say("ben", "dm-ben", f"/partner link {name} #{channel}")
        self._stage.press("ben", "partnership.link_confirm")

    def _welcome(self) -> None:
        self._stage.press("ben", "welcome.preview", about="Acme")
        self._stage.press("ben", "welcome.approve", about="Acme")

    def _read_along(self) -> None:
        """Carla leads at Acme, so that the card asks for her yes as well."""
        self._stage.say("ben", "dm-ben", "/partner Acme")
        form = self._stage.press("ben", "partnership.edit", about="Acme")
        self._stage.fill("ben", form, their_lead="carla")
        self._stage.say("ben", "dm-ben", "/partner reading Acme on")

    def _promise_guide(self) -> None:
        self._promise("ana", "acme-shared", "story.guide", self._plot.at(-2, 3, 17))

    def _deliver_guide(self) -> None:
        """The first promise of the partnership, so its number is known."""
        self._stage.say("ana", "acme-shared", f"/promise done P-1 {self._say('story.guide_evidence')}")

    def _promise_sandbox(self) -> None:
        self._promise("ana", "acme-shared", "story.sandbox", self._plot.sandbox_delivered)

    def _deliver_sandbox(self) -> None:
        self._stage.press("ana", "promise.done", about=self._say("story.sandbox"))

    def _promise_report(self) -> None:
        due = CALENDAR.close(self._plot.report_due)
        self._promise("ana", "acme-shared", "story.report", due)

    def _offer_users(self) -> None:
        form = self._stage.press("carla", "welcome.offer")
        self._stage.fill("carla", form, title=self._say("story.users"), due=_day(self._plot.at(-1, 3, 17)))

    def _name_users(self) -> None:
        self._stage.press("carla", "promise.done", about=self._say("story.users"))

    def _confirm_users(self) -> None:
        self._stage.press("ben", "promise.confirm", about=self._say("story.users"))

    def _promise(self, person: str, place: str, title: str, due: datetime) -> None:
        """Recorded where it was said, and shown to the customer at once."""
        said = self._stage.say(person, place, f"/promise {self._say(title)} by {_day(due)}")
        if said.form is not None:
            self._stage.fill(person, said)
        self._stage.fill(person, self._stage.press(person, "promise.share", about=self._say(title)))

    def _write(self, person: str, place: str, words: str) -> None:
        self._stage.say(person, place, self._say(f"story.chat.{words}"))


def _day(moment: datetime) -> str:
    return CALENDAR.local_date(moment).isoformat()
