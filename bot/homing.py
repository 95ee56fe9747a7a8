"""A person's own page, where a platform has one: for an owner, a lead, a manager, each as far as they are it.

Somebody from outside reads what Kept is, and nothing else. What concerns a person as a person, their figures,
their nudges, is on nobody else's page; partnerships are measured, people are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import buttons
from bot.briefing import brief
from bot.cards import Block, Bullets, Button, Card, Paragraph, Strong, encode
from bot.listing import ALIVE, line
from bot.messages.briefings import manager_card
from bot.ports import Ports
from bot.promise_cards import view_of
from bot.readers import calendar_of
from bot.scene import Scene, enter, of_partnership
from bot.subjects import may_read
from bot.turns import Turn
from commitments.access import Grant
from commitments.errors import NotYours
from commitments.partnership import Partnership, Role
from commitments.promise import Promise, Side, State

NEEDED_AT_MOST = 8  # with their buttons; a page is not a list to scroll
LISTED_AT_MOST = 15
LED_AT_MOST = 10
LINES_A_SIDE = 5


def home(ports: Ports, tenant: str, person_id: str, now: datetime) -> tuple[Card, ...]:
    """From the facts of now; none for somebody Kept does not know."""
    turn = Turn(tenant=tenant, person_id=person_id, place_id=None, now=now, key="")
    with ports.open_uow(tenant) as uow:
        try:
            scene = enter(ports, uow, turn)
        except NotYours:
            return ()
        return tuple(_cards(scene))


def _cards(scene: Scene) -> Iterator[Card]:
    if not scene.actor.is_ours:
        yield _for_outsiders(scene)
        return
    yield from _for_the_owner(scene)
    yield from _for_the_lead(scene)
    yield from _for_the_manager(scene)


def _for_outsiders(scene: Scene) -> Card:
    say = scene.say
    return Card(title=say("home.outside.title"), blocks=(Paragraph(say.text("home.outside.body")),))


def _for_the_owner(scene: Scene) -> Iterator[Card]:
    mine = scene.uow.promises.of_owner(scene.person.id, ALIVE)
    mine = sorted((each for each in mine if may_read(scene, each)), key=lambda each: each.due.at)
    needed = [each for each in mine if _needs_an_answer(scene, each)]
    yield _needed(scene, needed)
    yield _mine(scene, [each for each in mine if each not in needed], is_all=not needed)


def _needs_an_answer(scene: Scene, promise: Promise) -> bool:
    """Today: something the owner has to say or do before the day is over."""
    if promise.state is State.DELIVERED:
        return False
    if promise.state is State.PROPOSED or promise.question is not None:
        return True
    if promise.proposal is not None:
        return promise.proposal.by_side is not promise.side
    calendar = calendar_of(scene.ports, scene.person)
    return calendar.local_date(promise.due.at) <= calendar.local_date(scene.now)


def _needed(scene: Scene, needed: Sequence[Promise]) -> Card:
    say, shown = scene.say, needed[:NEEDED_AT_MOST]
    if not shown:
        return Card(title=say("home.today.title"), blocks=(Paragraph(say.text("home.today.nothing")),))
    blocks = [Bullets(tuple(line(scene, each) for each in shown)), *_more(scene, len(needed) - len(shown))]
    presses = (press for each in shown for press in _presses(scene, each))
    return Card(title=say("home.today.title"), blocks=tuple(blocks), buttons=tuple(presses))


def _presses(scene: Scene, promise: Promise) -> tuple[Button, ...]:
    return buttons.for_owner(view_of(scene, promise), scene.say)


def _mine(scene: Scene, rest: Sequence[Promise], *, is_all: bool) -> Card:
    say, shown = scene.say, rest[:LISTED_AT_MOST]
    title = say("home.mine.title")
    if not shown:
        return Card(
            title=title, blocks=(Paragraph(say.text("list.begin" if is_all else "home.mine.nothing")),)
        )
    blocks = (Bullets(tuple(line(scene, each) for each in shown)), *_more(scene, len(rest) - len(shown)))
    return Card(title=title, blocks=blocks)


def _for_the_lead(scene: Scene) -> Iterator[Card]:
    held = scene.actor.roles.items()
    led = (scene.uow.partnerships.get(key) for key, roles in held if Role.LEAD in roles)
    partnerships = sorted((each for each in led if each), key=lambda each: each.name.casefold())
    for partnership in partnerships[:LED_AT_MOST]:
        if scene.grant("partnership.read", of_partnership(partnership)) is Grant.ALLOWED:
            yield _led(scene, partnership)
    more = len(partnerships) - LED_AT_MOST
    if more > 0:
        title = scene.say("home.lead.others")
        yield Card(title=title, blocks=(Paragraph(scene.say.text("partner.list.more", n=more)),))


def _led(scene: Scene, partnership: Partnership) -> Card:
    """Both sides, so that neither is looked at alone."""
    say = scene.say
    alive = scene.uow.promises.of_partnership(partnership.id, ALIVE)
    readable = sorted((each for each in alive if may_read(scene, each)), key=lambda each: each.due.at)
    blocks = [block for side in Side for block in _side(scene, partnership, side, readable)]
    show = Button(
        verb="partnership.show",
        label=say("partner.button.show"),
        value=encode(partnership.id),
        about=partnership.name,
    )
    return Card(title=say("home.lead.title", name=partnership.name), blocks=tuple(blocks), buttons=(show,))


def _side(scene: Scene, partnership: Partnership, side: Side, promises: Sequence[Promise]) -> Iterator[Block]:
    found = [each for each in promises if each.side is side]
    shown = found[:LINES_A_SIDE]
    heading = scene.say(f"home.lead.{side.value}", name=partnership.name)
    yield Paragraph((Strong(heading),))
    if not shown:
        yield Paragraph(scene.say.text("home.lead.nothing"))
        return
    yield Bullets(tuple(line(scene, each) for each in shown))
    yield from _more(scene, len(found) - len(shown))


def _for_the_manager(scene: Scene) -> Iterator[Card]:
    if scene.person.id not in scene.uow.people.managers():
        return
    found = brief(scene.ports, scene.uow, scene.person, scene.now, scene.now)
    if found.partnerships:
        yield manager_card(found, scene.say)


def _more(scene: Scene, more: int) -> tuple[Block, ...]:
    return (Paragraph(scene.say.text("list.more", n=more)),) if more > 0 else ()
