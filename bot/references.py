"""Finding what people mean: a promise by its number, a customer by its name, a due moment by its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.grammar import PERSON, About
from bot.ports import Ports
from bot.readers import calendar_of
from bot.scene import Denied, Scene, of_partnership, themselves
from bot.subjects import may_read
from commitments.access import Grant
from commitments.due import Reading, Setting, Status, read
from commitments.errors import NotYours, Unfit
from commitments.partnership import Partnership, Person
from commitments.promise import Due, Promise

A_MINUTE = timedelta(minutes=1)
DENIED_AT_MOST = 30  # in a minute, before nothing is looked up (reliability T23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """More than one promise bears the number; the speaker may see all of them."""

    promises: tuple[Promise, ...]


def find_promise(scene: Scene, about: About) -> Promise | Several | None:
    """None when the customer named does not exist: then it was no reference. Raises NotYours."""
    _within_budget(scene)
    partnership = known(scene, about.customer) if about.customer else here(scene)
    if about.customer and partnership is None:
        return None
    found = _visible(scene, about.number, partnership.id if partnership else None)
    if not found and partnership is not None and not about.customer:
        found = _visible(scene, about.number, None)
    if not found:
        raise Denied("promise.find", None)
    return found[0] if len(found) == 1 else Several(promises=tuple(found))


def _within_budget(scene: Scene) -> None:
    """Who guesses waits: numbers count up, and a yes or a no about each tells how many there are (T23)."""
    if scene.uow.ledger.denied_since(scene.person.id, scene.now - A_MINUTE) >= DENIED_AT_MOST:
        raise Unfit("slow_down")


def _visible(scene: Scene, number: int, partnership_id: str | None) -> list[Promise]:
    candidates = scene.uow.promises.numbered(number, partnership_id)
    return [p for p in candidates if may_read(scene, p)]


def here(scene: Scene) -> Partnership | None:
    """The partnership whose channel this is."""
    if scene.place is None or scene.place.partnership_id is None:
        return None
    return scene.uow.partnerships.get(scene.place.partnership_id)


def known(scene: Scene, name: str) -> Partnership | None:
    """The partnership of that name, if the speaker may know of it."""
    partnership = scene.uow.partnerships.named(name)
    return partnership if partnership and may_name(scene, partnership) else None


def may_name(scene: Scene, partnership: Partnership) -> bool:
    if scene.actor.is_ours:
        return True  # colleagues may promise something to any customer of ours
    return scene.grant("promise.ask_for", of_partnership(partnership)) is Grant.ALLOWED


def own_partnerships(scene: Scene) -> list[Partnership]:
    """Those the speaker works with, then the rest they may name; both by name."""
    mine = scene.actor.roles.keys() | scene.actor.in_channel_of
    named = [p for p in scene.uow.partnerships.all() if may_name(scene, p)]
    return sorted(named, key=lambda p: (p.id not in mine, p.name.casefold()))


def person_named(scene: Scene, person_id: str) -> Person:
    """Raises NotYours for somebody we do not know or who has left."""
    person = themselves(scene.uow, person_id)
    if person is None or not person.is_active:
        raise NotYours
    return person


def with_names(scene: Scene, words: str) -> str:
    """Names in place of the people mentioned inside a text."""
    people = scene.uow.people.of_ids(PERSON.findall(words)) if "<@" in words else {}
    return PERSON.sub(lambda found: people[found[1]].name if found[1] in people else "", words)


def setting_of(scene: Scene, owner: Person) -> Setting:
    """The owner's surroundings decide how a due phrase is read, not the typist's."""
    return setting_for(scene.ports, owner)


def setting_for(ports: Ports, owner: Person) -> Setting:
    calendar = calendar_of(ports, owner)
    return Setting(
        zone=owner.zone,
        locale=owner.locale,
        day_start=owner.day_start,
        day_end=owner.day_end,
        workdays=owner.workdays,
        is_day_off=lambda day: calendar.is_holiday(day) or _is_away(owner, day),
    )


def _is_away(owner: Person, day: date) -> bool:
    return any(start <= day <= end for start, end in owner.away)


def due_of(reading: Reading, owner: Person) -> Due:
    if reading.due is None:
        raise Unfit(f"due.{reading.reason}", "due")
    return Due(at=reading.due, zone=owner.zone, time_said=reading.time_said)


def read_due(scene: Scene, phrase: str, owner: Person, field: str = "due") -> Due:
    """A due moment read with certainty; Unfit with the reason otherwise."""
    reading = reading_of(scene, phrase, owner)
    if reading.status is not Status.OK:
        raise Doubtful(reading, field)
    return due_of(reading, owner)


def reading_of(scene: Scene, phrase: str, owner: Person) -> Reading:
    reading = read(phrase, now=scene.now, setting=setting_of(scene, owner))
    return _of_a_picker(reading, phrase)


def _of_a_picker(reading: Reading, phrase: str) -> Reading:
    """A full ISO moment was picked, not guessed at: nothing to confirm."""
    picked = len(phrase) >= 10 and phrase[:4].isdigit() and phrase[4] == phrase[7] == "-"
    if picked and reading.status is Status.CONFIRM and reading.due is not None:
        return replace(reading, status=Status.OK)
    return reading


class Doubtful(Unfit):
    """The phrase can be read in more than one way, or in none; the form asks."""

    def __init__(self, reading: Reading, field: str) -> None:
        super().__init__(f"due.{reading.reason or 'unclear'}", field)
        self.reading = reading
