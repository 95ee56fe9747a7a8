"""The card that tells a channel what Kept reads there, and the lead's view of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.addresses import Place
from bot.cards import Block, Button, Card, Paragraph, encode
from bot.composing import Composer, Draft
from bot.earshot import CARD, linked
from bot.readers import Reader
from bot.scene import Scene
from commitments.partnership import Partnership, Person
from commitments.sightings import Earshot


def state_card(scene: Scene, partnership: Partnership, place: Place, note: str = "") -> Card:
    """For our lead: how it stands, what it means, and the switch."""
    say, earshot = scene.say, scene.uow.sightings.earshot(place.id)
    is_on = earshot is not None and earshot.is_on(partnership)
    theirs = "theirs_too" if earshot is not None and earshot.hears_them(partnership) else "theirs_not"
    lines = [say.text(f"reading.state.{note or ('on' if is_on else 'off')}", place=place.name)]
    if is_on:
        lines.append(say.text(f"reading.state.{theirs}", name=partnership.name))
    lines.append(say.text("reading.state.means"))
    if place.asked_only:
        lines = [say.text("reading.refusal.asked_only", place=place.name)]
    verb = "off" if is_on else "on"
    switch = Button(
        verb=f"reading.{verb}",
        label=say(f"reading.button.{verb}"),
        value=encode(partnership.id),
        primary=not is_on,
    )
    return Card(
        title=say("reading.state.title", place=place.name),
        blocks=tuple(Paragraph(line) for line in lines),
        buttons=(switch,) if is_on or (scene.ports.policy.reading and not place.asked_only) else (),
    )


def _reading(draft: Draft) -> Card | None:
    """Read by both sides: what is read, and how not to be."""
    partnership = linked(draft.uow, draft.place)
    earshot = draft.uow.sightings.earshot(draft.place.id)
    if earshot is None or partnership is None or not earshot.is_on(partnership):
        return _over(draft.say) if draft.redraw else None
    lead = _their_lead(draft, partnership)
    hears_them = earshot.hears_them(partnership)
    return Card(
        title=draft.say("reading.card.title"),
        blocks=tuple(_lines(draft.say, partnership, lead, hears_them)),
        buttons=tuple(_buttons(draft.say, earshot, lead, hears_them)),
    )


def _over(say: Reader) -> Card:
    return Card(title=say("reading.card.over"), blocks=(Paragraph(say.text("reading.card.over_body")),))


def _lines(say: Reader, partnership: Partnership, lead: Person | None, hears_them: bool) -> Iterator[Block]:
    yield Paragraph(say.text("reading.card.ours"))
    if hears_them and lead is not None:
        yield Paragraph(say.text("reading.card.theirs_too", name=partnership.name, lead=lead.name))
    else:
        yield Paragraph(say.text("reading.card.theirs_not", name=partnership.name))


def _buttons(say: Reader, earshot: Earshot, lead: Person | None, hears_them: bool) -> Iterator[Button]:
    value = encode(earshot.id)
    yield Button(verb="reading.leave", label=say("reading.button.leave"), value=value)
    if lead is not None:
        verb = "withhold" if hears_them else "agree"
        yield Button(verb=f"reading.{verb}", label=say(f"reading.button.{verb}"), value=value)


def _their_lead(draft: Draft, partnership: Partnership) -> Person | None:
    return draft.uow.people.get(partnership.their_lead_id) if partnership.their_lead_id else None


COMPOSERS: Mapping[str, Composer] = {CARD: _reading}
