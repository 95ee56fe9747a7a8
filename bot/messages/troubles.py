"""A word to whoever looks after it when a platform will not take what Kept has to say, and never will."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.addresses import Place, PlaceKind
from bot.cards import Card, Paragraph, Tone
from bot.composing import Composer, Draft
from bot.intents import to_person
from bot.storage import Intent, UnitOfWork
from bot.team import caretakers, leads
from commitments.partnership import Person

KIND = "unreachable"
HEARERS_AT_MOST = 5
REASONS = ("not_there", "closed", "refused")  # each has its own advice


def tell_unreachable(uow: UnitOfWork, place: Place, reason: str, now: datetime) -> None:
    """Once a day, place and reason; `reason` is one of REASONS. Nobody else hears in the reader's stead."""
    uow.outbox.queue(_intents(uow, place, reason, now))


def _intents(uow: UnitOfWork, place: Place, reason: str, now: datetime) -> Iterator[Intent]:
    hearers = {each.id: each for each in _hearers(uow, place)}
    hearers.pop(place.person_id or "", None)
    for person in list(hearers.values())[:HEARERS_AT_MOST]:
        key = f"{KIND}:{place.id}:{reason}:{now:%Y-%m-%d}:{person.id}"
        yield to_person(person, KIND, place.id, key=key, at=now, args={"reason": reason})


def _hearers(uow: UnitOfWork, place: Place) -> list[Person]:
    """Who looks after the channel's customer, or leads what the person works on; else the admins."""
    if place.partnership_id is not None:
        return caretakers(uow, place.partnership_id)
    works_on = uow.partnerships.roles_of(place.person_id) if place.person_id else {}
    return [lead for partnership_id in works_on for lead in leads(uow, partnership_id)] or uow.people.admins()


def compose(draft: Draft) -> Card | None:
    place = draft.uow.places.get(draft.subject_id)
    reason = draft.args.get("reason", "")
    if place is None or draft.person is None or reason not in REASONS:
        return None
    say = draft.say
    if place.kind is not PlaceKind.PRIVATE:
        title = say("trouble.place", place=place.name)
        return Card(title=title, blocks=(Paragraph(say.text(f"trouble.{reason}")),), tone=Tone.ATTENTION)
    reader = draft.uow.people.get(place.person_id or "")
    title = say("trouble.person", name=reader.name if reader else "?")
    return Card(title=title, blocks=(Paragraph(say.text("trouble.ask_them")),), tone=Tone.ATTENTION)


COMPOSERS: Mapping[str, Composer] = {KIND: compose}
