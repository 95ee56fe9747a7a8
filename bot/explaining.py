"""Why something was noticed, or was not: for the person whose words they are, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards import Bullets, Button, Card, Paragraph, Text, encode
from bot.earshot import unread_because
from bot.grammar import QUOTES
from bot.scene import Scene
from bot.turns import Ask, Outcome, Reply
from commitments.sightings import Passage, Sighting, is_muted
from commitments.spotting import Offer, Said, Sort, refusals, spot
from commitments.text import READ_AT_MOST, one_line

SHOWN = 120  # characters of somebody's words in an explanation
LINES_AT_MOST = 8


def why_card(scene: Scene, sighting: Sighting, passage: Passage) -> Card:
    """The trigger, what spoke against it, and why the message was read at all."""
    lines = [
        scene.say.text("noticed.why.quote", words=passage.quote),
        scene.say.text("noticed.why.trigger", words=passage.trigger),
        *_answers(scene, passage.request),
        *_doubts(scene, passage.doubts),
        *_where(scene, sighting.place_id),
    ]
    stop = Button(
        verb="reading.leave", label=scene.say("reading.button.leave"), value=encode(sighting.place_id)
    )
    return Card(title=scene.say("noticed.why.title"), blocks=(Bullets(tuple(lines)),), buttons=(stop,))


def explain(scene: Scene, ask: Ask, words: str) -> Outcome:
    """`/promise why` about the last message that held something, or about the words given. Keeps nothing."""
    text = (ask.quote or words.strip().strip(QUOTES)).strip()[:READ_AT_MOST]
    if text:
        return Reply(card=_words_card(scene, text))
    last = scene.uow.sightings.last_of(scene.person.id, None if scene.is_private else ask.place_id)
    if last is not None and last.passage is not None:
        return Reply(card=why_card(scene, last, last.passage))
    lines = (
        scene.say.text("noticed.why.nothing_kept"),
        _here(scene),
        scene.say.text("noticed.why.give_words"),
    )
    return Reply(card=Card(title=scene.say("noticed.why.title"), blocks=tuple(map(Paragraph, lines))))


def _words_card(scene: Scene, text: str) -> Card:
    said = Said(text=text, author="ours")
    found = [line for offer in spot(said) for line in _found(scene, offer)]
    refused = [_refused(scene, veto, words) for veto, words in refusals(said)]
    lines = [*found, *refused] or [scene.say.text("noticed.why.no_cue")]
    blocks = (Bullets(tuple(lines[:LINES_AT_MOST])), Paragraph(_here(scene)))
    return Card(title=scene.say("noticed.why.of_words"), blocks=blocks)


def _found(scene: Scene, offer: Offer) -> Iterator[Text]:
    key = "done" if offer.sort is Sort.FULFILMENT else offer.tier.value
    yield scene.say.text(
        f"noticed.why.{key}", action=one_line(offer.action, SHOWN), words=one_line(offer.why.trigger, SHOWN)
    )
    yield from _doubts(scene, offer.why.doubts)
    if is_muted(scene.uow.sightings.dismissals(scene.person.id, offer.cue)):
        yield scene.say.text("noticed.why.muted", words=one_line(offer.why.trigger, SHOWN))


def _refused(scene: Scene, veto: str, words: str) -> Text:
    reason = _reason(scene, "veto", veto)
    return scene.say.text("noticed.why.refused", words=one_line(words, SHOWN), reason=reason)


def _doubts(scene: Scene, doubts: tuple[str, ...]) -> Iterator[Text]:
    for doubt in doubts:
        yield scene.say.text("noticed.why.doubt", reason=_reason(scene, "doubt", doubt))


def _reason(scene: Scene, sort: str, name: str) -> str:
    """A rule that is younger than its sentence is named by none."""
    key = f"noticed.{sort}.{name}"
    return scene.say(key if scene.say.words.has(key) else f"noticed.{sort}.other")


def _answers(scene: Scene, request: str | None) -> Iterator[Text]:
    if request:
        yield scene.say.text("noticed.why.request", words=request)


def _where(scene: Scene, place_id: str) -> Iterator[Text]:
    place, earshot = scene.uow.places.get(place_id), scene.uow.sightings.earshot(place_id)
    if place is None or earshot is None or earshot.on_at is None:
        return
    by = scene.uow.people.get(earshot.on_by) if earshot.on_by else None
    yield scene.say.text(
        "noticed.why.place", place=place.name, since=scene.say.day(earshot.on_at), by=by.name if by else ""
    )


def _here(scene: Scene) -> Text:
    """Whether what the person writes here is read, and if not, why."""
    reason = unread_because(scene.uow, scene.ports.policy, scene.place, scene.person)
    return scene.say.text(f"reading.unread.{reason or 'is_read'}")
