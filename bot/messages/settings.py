"""What one's settings are now, and what falls due while one is away. Read by that person alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Strong, Text, encode
from bot.composing import Composer
from bot.dates import day_of
from bot.hours_words import day_names
from bot.readers import Reader, calendar_of
from bot.scene import Scene
from commitments.partnership import Person
from commitments.promise import Promise

LISTED_AT_MOST = 10


def settings_card(say: Reader, person: Person) -> Card:
    """In the language they have just chosen."""
    pairs = (
        ("hours", f"{person.day_start:%H:%M}–{person.day_end:%H:%M}"),
        ("workdays", day_names(say.words, person.workdays)),
        ("zone", person.zone),
        ("country", person.country or say("settings.saved.no_country")),
    )
    facts: tuple[tuple[str, Text], ...] = tuple((say(f"settings.saved.{k}"), (v,)) for k, v in pairs)
    return Card(
        title=say("settings.saved.title"),
        blocks=(Facts(facts), Paragraph(say.text("settings.saved.next"))),
    )


def away_card(
    scene: Scene, person: Person, absence: tuple[date, date] | None, due: Sequence[Promise]
) -> Card:
    """With what falls due meanwhile, and for each a way to settle it before leaving."""
    say = scene.say
    if absence is None:
        return Card(title=say("settings.back.title"), blocks=(Paragraph(say.text("settings.back.body")),))
    first, last = absence
    back = calendar_of(scene.ports, person).or_everyday(lambda usable: usable.next_working_day(last))
    note = say.text("settings.gone.body", back=day_of(say, back))
    blocks: list[Block] = [Paragraph(note), *_due_blocks(scene, due)]
    return Card(
        title=say("settings.gone.title", first=day_of(say, first), last=day_of(say, last)),
        blocks=tuple(blocks),
        buttons=tuple(button for promise in due[:LISTED_AT_MOST] for button in _buttons(say, promise)),
    )


def _due_blocks(scene: Scene, due: Sequence[Promise]) -> Iterator[Block]:
    say = scene.say
    if not due:
        yield Paragraph(say.text("settings.gone.nothing_due"))
        return
    yield Paragraph(say.text("settings.gone.due", n=len(due)))
    yield Bullets(tuple(_line(scene, promise) for promise in due[:LISTED_AT_MOST]))
    if len(due) > LISTED_AT_MOST:
        yield Paragraph(say.text("settings.gone.more", n=len(due) - LISTED_AT_MOST))


def _line(scene: Scene, promise: Promise) -> Text:
    partnership = scene.uow.partnerships.get(promise.partnership_id)
    return scene.say.text(
        "settings.gone.line",
        name=partnership.name if partnership else "",
        ref=f"P-{promise.number}",
        title=Strong(promise.title),
        due=scene.say.due(promise.due),
    )


def _buttons(say: Reader, promise: Promise) -> Iterator[Button]:
    for verb in ("renegotiate", "give"):
        yield Button(
            verb=f"promise.{verb}",
            label=say(f"settings.gone.{verb}"),
            value=encode(promise.id),
            about=promise.title,
        )


# Nothing here is queued: it all answers the person who asked.
COMPOSERS: Mapping[str, Composer] = {}
