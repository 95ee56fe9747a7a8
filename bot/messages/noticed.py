"""What Kept noticed in a person's own words, for that person alone: at once, or once a day what is unsure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Strong, Text, encode
from bot.composing import Composer, Draft
from bot.ports import Ports
from bot.readers import Reader
from bot.references import setting_for
from bot.storage import UnitOfWork
from commitments.due import Reading, Status, read
from commitments.partnership import Person
from commitments.promise import Due
from commitments.sightings import Passage, Sighting, SightingState
from commitments.spotting import Owner, Sort

LISTED_AT_MOST = 10


def reading_of(ports: Ports, person: Person, sighting: Sighting) -> Reading | None:
    """Their due words, as they meant them when they said them; None where there are none."""
    if sighting.passage is None or sighting.passage.due_text is None:
        return None
    return read(sighting.passage.due_text, now=sighting.at, setting=setting_for(ports, person))


def ref_of(uow: UnitOfWork, sighting: Sighting) -> str:
    """Such as "Acme P-12"; empty where no promise belongs to it."""
    promise = uow.promises.get(sighting.promise_id) if sighting.promise_id else None
    partnership = uow.partnerships.get(sighting.partnership_id)
    return f"{partnership.name} P-{promise.number}" if promise and partnership else ""


def _noticed(draft: Draft) -> Card | None:
    """One card a message, with everything that was noticed in it and is said at once."""
    first, person = draft.uow.sightings.get(draft.subject_id), draft.person
    if first is None or person is None or first.person_id != person.id:
        return None
    found = draft.uow.sightings.of_message(first.place_id, first.message)
    said = [each for each in found if each.listed_for is None and each.person_id == person.id]
    if not draft.redraw and not any(each.state.is_open for each in said):
        return None
    blocks = tuple(block for each in said for block in _blocks(draft, person, each))
    return Card(
        title=_title(draft, said),
        blocks=(*blocks, Paragraph(draft.say.text("noticed.private"))),
        buttons=tuple(button for each in said for button in _buttons(draft.say, each)),
    )


def _title(draft: Draft, said: Sequence[Sighting]) -> str:
    if said[0].sort is Sort.FULFILMENT:
        return draft.say("noticed.was_it", ref=ref_of(draft.uow, said[0]))
    return draft.say("noticed.title", n=len(said))


def _blocks(draft: Draft, person: Person, sighting: Sighting) -> Iterator[Block]:
    """The exact words, and what would be recorded."""
    passage = sighting.passage
    if passage is None or not sighting.state.is_open:
        yield Paragraph(_settled(draft, sighting))
        return
    yield Paragraph((f"“{passage.quote}”",))
    if sighting.sort is not Sort.FULFILMENT:
        yield Facts(tuple(_facts(draft, person, sighting, passage)))


def _facts(draft: Draft, person: Person, sighting: Sighting, passage: Passage) -> Iterator[tuple[str, Text]]:
    say, partnership = draft.say, draft.uow.partnerships.get(sighting.partnership_id)
    yield say("noticed.fact.what"), (Strong(passage.action),)
    yield say("noticed.fact.customer"), (partnership.name if partnership else "",)
    yield say("noticed.fact.due"), due_words(draft, person, sighting)


def due_words(draft: Draft, person: Person, sighting: Sighting) -> Text:
    reading = reading_of(draft.ports, person, sighting)
    if reading is None:
        return draft.say.text("noticed.due.none")
    if reading.status is not Status.OK or reading.due is None:
        words = sighting.passage.due_text if sighting.passage else ""
        return draft.say.text("noticed.due.unsure", words=words)
    return (draft.say.due(Due(at=reading.due, zone=person.zone, time_said=reading.time_said)),)


def _settled(draft: Draft, sighting: Sighting) -> Text:
    state = sighting.state
    if state is SightingState.TRACKED and (ref := ref_of(draft.uow, sighting)):
        return draft.say.text(f"noticed.settled.{sighting.sort.value}", ref=ref)
    return draft.say.text(f"noticed.settled.{'other' if state is SightingState.TRACKED else state.value}")


def _buttons(say: Reader, sighting: Sighting) -> Iterator[Button]:
    if not sighting.state.is_open or sighting.passage is None:
        return
    for verb in _verbs(sighting):
        yield Button(
            verb=f"noticed.{verb}",
            label=say(f"noticed.button.{verb}"),
            value=encode(sighting.id),
            about=sighting.passage.action,
            primary=verb in ("track", "done"),
        )


def _verbs(sighting: Sighting) -> tuple[str, ...]:
    """A colleague's promise is never recorded without a look at whose it is."""
    if sighting.sort is Sort.FULFILMENT:
        return ("done", "other", "why")
    return (*(("track",) if sighting.owner is Owner.SPEAKER else ()), "edit", "dismiss", "why")


def _listed(draft: Draft) -> Card | None:
    """The day's unsure ones; nothing when all are answered."""
    person = draft.person
    if person is None or person.id != draft.subject_id:
        return None
    waiting = draft.uow.sightings.open_on(person.id, draft.args.get("day", ""))
    shown, more = waiting[:LISTED_AT_MOST], len(waiting) - LISTED_AT_MOST
    if not shown:
        return _answered(draft.say) if draft.redraw else None
    blocks: list[Block] = [Bullets(tuple(_line(draft, person, each) for each in shown))]
    if more > 0:
        blocks.append(Paragraph(draft.say.text("noticed.list.more", n=more)))
    blocks.append(Paragraph(draft.say.text("noticed.list.why")))
    return Card(
        title=draft.say("noticed.list.title", n=len(waiting)),
        blocks=tuple(blocks),
        buttons=tuple(button for each in shown for button in _buttons(draft.say, each)),
    )


def _answered(say: Reader) -> Card:
    return Card(title=say("noticed.list.answered"), blocks=(Paragraph(say.text("noticed.list.thanks")),))


def _line(draft: Draft, person: Person, sighting: Sighting) -> Text:
    partnership = draft.uow.partnerships.get(sighting.partnership_id)
    return draft.say.text(
        "noticed.list.line",
        quote=Strong(f"“{sighting.passage.quote}”" if sighting.passage else ""),
        customer=partnership.name if partnership else "",
        due=due_words(draft, person, sighting),
    )


COMPOSERS: Mapping[str, Composer] = {"noticed": _noticed, "noticed_list": _listed}
