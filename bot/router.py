"""One turn in, one outcome out: the same on every platform. Adding a button touches no adapter."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot import (
    approving,
    celebrating,
    commands,
    handing,
    identifying,
    listening,
    noticing,
    noting,
    overhearing,
    partnering,
    promising,
    reading,
    renegotiating,
    settings,
    sharing,
    welcoming,
)
from bot.changes import in_one_piece
from bot.consequences import redraw
from bot.ports import Ports
from bot.readers import Reader, reader_for
from bot.refusals import sentence
from bot.routes import Route, Routes
from bot.scene import Denied, Scene, enter
from bot.storage import UnitOfWork
from bot.turns import (
    Ask,
    Invalid,
    Joined,
    OpenForm,
    Outcome,
    Overheard,
    Press,
    Refused,
    Silence,
    Submission,
    Turn,
)
from bot.wording import Words
from commitments.errors import Refusal, Unfit

logger = logging.getLogger(__name__)

MODULES = (
    commands,
    promising,
    sharing,
    handing,
    renegotiating,
    partnering,
    celebrating,
    listening,
    welcoming,
    settings,
    identifying,
    approving,
    reading,
    noticing,
    noting,
)


def _merged(name: str) -> Routes:
    """All modules' tables of that name; the same key twice is a mistake found at import."""
    merged: dict[str, Route] = {}
    for module in MODULES:
        table: Mapping[str, Route] = getattr(module, name, {})
        if doubled := merged.keys() & table.keys():
            raise ValueError(f"{name} routed twice: {sorted(doubled)}")
        merged.update(table)
    return merged


COMMANDS = _merged("COMMANDS")
PRESSES = _merged("PRESSES")
FORMS = _merged("FORMS")
JOINED = Route(welcoming.on_joined, "talk")
OVERHEARD = Route(overhearing.on_overheard, "talk")


class _NothingDone(Exception):
    """A form was opened or sent back, or nothing heard: rolled back, so that a retry goes the same way."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def handle(ports: Ports, turn: Turn) -> Outcome:
    """Runs the turn in one transaction. A turn whose key was seen before has no second effect.

    Whatever is refused leaves nothing behind but an audit row for what was denied.
    """
    try:
        return in_one_piece(ports, turn.tenant, lambda uow: _handled(ports, uow, turn))
    except _NothingDone as nothing:
        return nothing.outcome
    except Denied as denied:
        _write_down(ports, turn, denied)
        return _refused(ports, turn, denied.said)
    except Refusal as refusal:
        return _refused(ports, turn, refusal)


def _handled(ports: Ports, uow: UnitOfWork, turn: Turn) -> Outcome:
    if not uow.inbox.first_time(turn.key, turn.now):
        return Silence()
    scene = enter(ports, uow, turn)
    route = _route(turn)
    if route is None:
        raise Unfit("unknown_button")
    outcome = route.handle(scene, turn)
    if isinstance(outcome, Invalid) or (isinstance(outcome, OpenForm | Silence) and not outcome.stored):
        raise _NothingDone(outcome)
    if isinstance(turn, Press):
        _redraw_pressed(scene, turn)
    return outcome


def _route(turn: Turn) -> Route | None:
    match turn:
        case Ask():
            return COMMANDS.get(turn.command)
        case Press():
            return PRESSES.get(turn.verb)
        case Submission():
            return FORMS.get(turn.form_id)
        case Joined():
            return JOINED
        case Overheard():
            return OVERHEARD
        case _:
            return None


def _redraw_pressed(scene: Scene, press: Press) -> None:
    """The card that was pressed shows how things are now."""
    post = scene.uow.posts.by_ref(press.message) if press.message else None
    intent = redraw(scene.uow, post, press.key) if post else None
    if intent is not None:
        scene.uow.outbox.queue([intent])


def _write_down(ports: Ports, turn: Turn, denied: Denied) -> None:
    with ports.open_uow(turn.tenant) as uow:
        uow.ledger.deny(turn.person_id, denied.action, denied.subject_id, turn.now)
        uow.commit()


def _refused(ports: Ports, turn: Turn, refusal: Refusal) -> Refused:
    with ports.open_uow(turn.tenant) as uow:
        person = uow.people.get(turn.person_id)
        say = reader_for(ports, person, turn.now) if person else _stranger(ports, turn)
    return Refused(text=sentence(say, refusal))


def _stranger(ports: Ports, turn: Turn) -> Reader:
    policy = ports.policy
    words = Words(policy.languages[0])
    return Reader(ports=ports, words=words, locale=policy.locale, zone=policy.hours.zone, now=turn.now)
