"""Whether Kept reads along in a shared channel: our lead switches it, and everybody there can be left out.

One card tells the channel before anything is read; the customer's messages wait for their own lead's yes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.addresses import Place
from bot.cards import Button, Card, Paragraph, encode
from bot.consequences import redraw_all
from bot.earshot import CARD, linked
from bot.filling import subject_of
from bot.intents import to_place
from bot.messages.reading import state_card
from bot.partner_words import named
from bot.routes import Route, Routes
from bot.scene import Scene, of_partnership, of_person
from bot.turns import Outcome, Press, Reply
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Partnership
from commitments.sightings import Earshot, Sighting, SightingState

ON = frozenset({"on", "an", "ein"})
OFF = frozenset({"off", "aus"})


def reading_in_words(scene: Scene, words: str) -> Outcome:
    """`reading Acme on`, `reading Acme off`; without either, how it stands."""
    name, _, last = words.rpartition(" ")
    switch = last.casefold()
    is_switch = switch in ON | OFF
    partnership = named(scene, name if is_switch else words)
    scene.allow("reading.switch", of_partnership(partnership), partnership.id)
    if not is_switch:
        return _state(scene, partnership)
    return _on(scene, partnership) if switch in ON else _off(scene, partnership)


def show(scene: Scene, press: Press) -> Outcome:
    return _state(scene, _led(scene, press))


def switch_on(scene: Scene, press: Press) -> Outcome:
    return _on(scene, _led(scene, press))


def switch_off(scene: Scene, press: Press) -> Outcome:
    return _off(scene, _led(scene, press))


def leave(scene: Scene, press: Press) -> Outcome:
    """*Leave me out*: for anybody who is there, at once and without a reason."""
    place = _place(scene, press)
    scene.uow.sightings.leave_out(place.id, scene.person.id, scene.now)
    if scene.person.is_ours:
        _forget(scene, place, lambda sighting: sighting.person_id == scene.person.id)
    else:
        _forget_theirs(scene, place)
    back = Button(verb="reading.return", label=scene.say("reading.button.return"), value=encode(place.id))
    return _answer(scene, "left", place, back)


def come_back(scene: Scene, press: Press) -> Outcome:
    place = _place(scene, press)
    scene.uow.sightings.let_in(place.id, scene.person.id)
    out = Button(verb="reading.leave", label=scene.say("reading.button.leave"), value=encode(place.id))
    return _answer(scene, "returned", place, out)


def agree(scene: Scene, press: Press) -> Outcome:
    """*Yes, ours too*: the customer's named lead alone."""
    place, earshot = _decided_by_them(scene, press)
    _changed(scene, place, replace(earshot, theirs_at=scene.now, theirs_by=scene.person.id))
    return _answer(scene, "agreed", place)


def withhold(scene: Scene, press: Press) -> Outcome:
    place, earshot = _decided_by_them(scene, press)
    _forget_theirs(scene, place)
    _changed(scene, place, replace(earshot, theirs_at=None, theirs_by=None))
    return _answer(scene, "withheld", place)


def begin_anew(scene: Scene, place: Place) -> None:
    """What was decided and asked there was so while the channel was another customer's, or nobody's."""
    _forget_theirs(scene, place)
    earshot = scene.uow.sightings.earshot(place.id)
    if earshot is not None and earshot.on_at is not None:
        _changed(scene, place, earshot.off())


def retell(scene: Scene, partnership: Partnership) -> None:
    """The card asks whoever leads on the customer's side now; the yes of the one before counts no more."""
    place = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    if place is not None:
        _forget_theirs(scene, place)
        _redraw(scene, place, f"{partnership.their_lead_id}:{scene.now.isoformat()}")


def _led(scene: Scene, press: Press) -> Partnership:
    return scene.partnership(subject_of(press.value).subject, "reading.switch")


def _on(scene: Scene, partnership: Partnership) -> Outcome:
    if not scene.ports.policy.reading:
        raise Unfit("reading.not_offered")
    place = _channel(scene, partnership)
    if place.asked_only:
        raise Unfit("reading.asked_only", place=place.name)
    before = scene.uow.sightings.earshot(place.id)
    if before is not None and before.is_on(partnership):
        raise Settled("reading.on_already", place=place.name)
    after = Earshot(
        id=place.id,
        tenant=place.tenant,
        mapping_version=partnership.mapping_version,
        on_at=scene.now,
        on_by=scene.person.id,
        version=before.version if before else 1,
    )
    (scene.uow.sightings.save_earshot if before else scene.uow.sightings.add_earshot)(after)
    key = f"{CARD}:{place.id}:{scene.now.isoformat()}"
    scene.uow.outbox.queue([to_place(place, CARD, place.id, key=key, at=scene.now)])
    return _state(scene, partnership, "switched_on")


def _off(scene: Scene, partnership: Partnership) -> Outcome:
    place = _channel(scene, partnership)
    earshot = scene.uow.sightings.earshot(place.id)
    if earshot is None or not earshot.is_on(partnership):
        raise Settled("reading.off_already", place=place.name)
    scene.uow.sightings.drop_requests(place.id)
    _forget(scene, place, lambda sighting: True)
    _changed(scene, place, earshot.off())
    return _state(scene, partnership, "switched_off")


def _forget_theirs(scene: Scene, place: Place) -> None:
    """What they asked for, also where one of us has answered it and not yet said what becomes of it."""
    scene.uow.sightings.drop_requests(place.id)
    _forget(scene, place, lambda sighting: sighting.passage is not None and bool(sighting.passage.request))


def _forget(scene: Scene, place: Place, is_meant: Callable[[Sighting], bool]) -> None:
    for sighting in filter(is_meant, scene.uow.sightings.open_in(place.id)):
        scene.uow.sightings.save(sighting.answered(SightingState.LAPSED))


def _changed(scene: Scene, place: Place, earshot: Earshot) -> None:
    """Saved, and the card in the channel says how it stands now."""
    scene.uow.sightings.save_earshot(earshot)
    _redraw(scene, place, f"{earshot.version + 1}")


def _redraw(scene: Scene, place: Place, mark: str) -> None:
    redraw_all(scene.uow, scene.uow.posts.of_kind(CARD, place.id)[-1:], mark)


def _state(scene: Scene, partnership: Partnership, note: str = "") -> Outcome:
    place = _channel(scene, partnership)
    return Reply(card=state_card(scene, partnership, place, note))


def _channel(scene: Scene, partnership: Partnership) -> Place:
    place = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    if place is None or linked(scene.uow, place) is None:
        raise Unfit("reading.no_channel", name=partnership.name)
    return place


def _place(scene: Scene, press: Press) -> Place:
    """Raises NotYours for a place one is not in, as for one that does not exist."""
    place = scene.uow.places.get(subject_of(press.value).subject)
    if place is None or scene.person.id not in scene.uow.places.members(place.id):
        raise NotYours
    scene.allow("reading.leave", of_person(scene.person), place.id)
    return place


def _decided_by_them(scene: Scene, press: Press) -> tuple[Place, Earshot]:
    """Raises Denied for anybody but people of the customer, and says whose word it takes."""
    place = scene.uow.places.get(subject_of(press.value).subject)
    partnership = linked(scene.uow, place)
    if place is None or partnership is None:
        raise NotYours
    scene.allow("reading.agree", of_partnership(partnership), place.id)
    lead = scene.uow.people.get(partnership.their_lead_id) if partnership.their_lead_id else None
    if lead is None or lead.id != scene.person.id:
        raise Unfit("reading.their_lead", name=lead.name if lead else partnership.name)
    earshot = scene.uow.sightings.earshot(place.id)
    if earshot is None or not earshot.is_on(partnership):
        raise Settled("reading.off_now")
    return place, earshot


def _answer(scene: Scene, key: str, place: Place, *buttons: Button) -> Outcome:
    """To whoever pressed, and to nobody else."""
    lines = (Paragraph(scene.say.text(f"reading.answer.{key}", place=place.name)),)
    return Reply(card=Card(title=scene.say("reading.answer.title"), blocks=lines, buttons=buttons))


PRESSES: Routes = {
    "reading.show": Route(show, "reading.switch"),
    "reading.on": Route(switch_on, "reading.switch"),
    "reading.off": Route(switch_off, "reading.switch"),
    "reading.leave": Route(leave, "reading.leave"),
    "reading.return": Route(come_back, "reading.leave"),
    "reading.agree": Route(agree, "reading.agree"),
    "reading.withhold": Route(withhold, "reading.agree"),
}
