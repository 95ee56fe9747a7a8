"""The told story: eight steps, each a real act of somebody. What a visitor did by hand counts as done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from adapters.playground.messages import TENANT
from adapters.playground.people import HOME, private_place_id
from adapters.playground.playing import Answer, Playground
from adapters.playground.prologue import CALENDAR, REPORT
from adapters.playground.stage import Lost, Stage
from bot.storage import UnitOfWork
from bot.wording import Words
from commitments.events import Fact, Kind
from commitments.nudges import Rung
from commitments.promise import Promise
from commitments.slots import Rhythm, next_slot

SHARED = "acme-shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    id: str  # names its words: playground.step.<id>
    person: str  # who acts
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where to look after a step was played."""

    person: str
    place: str
    message: str | None = None
    error: str | None = None


def steps(playground: Playground) -> list[Step]:
    """A step counts as done when its fact, or that of any later step, is in the promise's history."""
    with playground.ports.open_uow(TENANT) as uow:
        promise = _promise(uow)
        reached = [promise is not None and is_reached(uow, promise) for _, _, is_reached, _ in _STEPS]
    return [
        Step(id=name, person=person, is_done=any(reached[number:]))
        for number, (name, person, _, _) in enumerate(_STEPS)
    ]


def play_next(playground: Playground) -> Scene:
    say = Words(playground.ports.policy.languages[0])
    number = next((n for n, step in enumerate(steps(playground)) if not step.is_done), None)
    if number is None:
        return Scene(person="ana", place=SHARED, error=say("playground.story.finished"))
    _, person, _, play = _STEPS[number]
    try:
        return play(_Telling(playground, say))
    except Lost:
        return Scene(person=person, place=SHARED, error=say("playground.story.elsewhere"))


def _promise(uow: UnitOfWork) -> Promise | None:
    promise_id = uow.ledger.setting(REPORT)
    return uow.promises.get(promise_id) if promise_id else None


def _has(*kinds: Kind) -> Callable[[UnitOfWork, Promise], bool]:
    return lambda uow, promise: any(fact.kind in kinds for fact in uow.promises.facts(promise.id))


def _was_asked(uow: UnitOfWork, promise: Promise) -> bool:
    nudges = uow.nudges.of_promise(promise.id)
    return any(nudge.rung == Rung.DECIDE and nudge.said_at is not None for nudge in nudges)


def _was_celebrated(uow: UnitOfWork, promise: Promise) -> bool:
    sent = uow.digests.last_sent(promise.partnership_id, "shared")
    confirmed = _last(uow.promises.facts(promise.id), Kind.CONFIRMED)
    return sent is not None and confirmed is not None and sent.starts <= confirmed.at < sent.ends


def _last(facts: list[Fact], kind: Kind) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.kind is kind), None)


class _Telling:
    """The steps that are played; the first two are part of the prologue."""

    def __init__(self, playground: Playground, say: Words) -> None:
        with playground.ports.open_uow(TENANT) as uow:
            promise = _promise(uow)
        if promise is None:
            raise Lost("no story")
        self._playground = playground
        self._stage = Stage(playground)
        self._promise = promise
        self._say = say

    def told_before(self) -> Scene:
        raise Lost("this step is part of the prologue")

    def renegotiate(self) -> Scene:
        form = self._stage.say("ana", private_place_id("ana"), f"/promise renegotiate Acme {self._ref}")
        self._stage.fill("ana", form, due=self._working_day(2), reason=self._say("story.reason"))
        return self._at("ana", SHARED)

    def counter(self) -> Scene:
        form = self._press("carla", "renegotiation.counter")
        self._stage.fill("carla", form, due=self._working_day(1), reason=self._say("story.counter_reason"))
        return self._at("ana", private_place_id("ana"))

    def accept(self) -> Scene:
        self._press("ana", "renegotiation.accept")
        return self._at("carla", SHARED)

    def deliver(self) -> Scene:
        """The afternoon before it is due."""
        day = CALENDAR.previous_working_day(CALENDAR.local_date(self._promise.due.at))
        self._stage.wait_until(CALENDAR.moment(day, time(15)))
        evidence = self._say("story.report_evidence")
        self._stage.say("ana", private_place_id("ana"), f"/promise done Acme {self._ref} {evidence}")
        return self._at("carla", SHARED)

    def confirm(self) -> Scene:
        self._press("carla", "promise.confirm")
        return self._at("ana", private_place_id("ana"))

    def celebrate(self) -> Scene:
        self._stage.say("ana", private_place_id("ana"), f"/win Acme: {self._say('story.last_win')}")
        self._stage.wait_until(next_slot(Rhythm.WEEKLY, after=self._stage.now, zone=HOME).at)
        with self._playground.ports.open_uow(TENANT) as uow:
            if not _was_celebrated(uow, self._promise):
                raise Lost("the digest was held, or had nothing to tell")
        return self._at("carla", SHARED)

    @property
    def _ref(self) -> str:
        return f"P-{self._promise.number}"

    def _press(self, person: str, verb: str) -> Answer:
        return self._stage.press(person, verb, about=self._promise.title)

    def _working_day(self, count: int) -> str:
        """So many working days after the standing date, as one would type it."""
        return CALENDAR.add_working_days(CALENDAR.local_date(self._promise.due.at), count).isoformat()

    def _at(self, person: str, place: str) -> Scene:
        """The newest thing Kept said there."""
        said = (m for m in reversed(self._stage.sees(person)) if m.place_id == place and m.author is None)
        newest = next(said, None)
        return Scene(person=person, place=place, message=newest.ref if newest else None)


IsReached = Callable[[UnitOfWork, Promise], bool]
_STEPS: tuple[tuple[str, str, IsReached, Callable[[_Telling], Scene]], ...] = (
    ("capture", "ana", _has(Kind.RECORDED), _Telling.told_before),
    ("decide", "ana", _was_asked, _Telling.told_before),
    ("renegotiate", "ana", _has(Kind.OFFERED), _Telling.renegotiate),
    ("counter", "carla", _has(Kind.OFFER_COUNTERED), _Telling.counter),
    ("accept", "ana", _has(Kind.OFFER_ACCEPTED), _Telling.accept),
    ("deliver", "ana", _has(Kind.DELIVERED), _Telling.deliver),
    ("confirm", "carla", _has(Kind.CONFIRMED), _Telling.confirm),
    ("celebrate", "ana", _was_celebrated, _Telling.celebrate),
)
