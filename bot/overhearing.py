"""Messages that were not said to Kept: most leave no trace; a promise in one is offered to its speaker.

1. Where it stands and whose it is decide whether it is read at all.
2. Of a customer's message, with their lead's yes, only sentences that ask for something are kept a while.
3. Of our own people's messages only those that seem to hold a promise are kept, for their speaker alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.addresses import Place
from bot.earshot import linked, unread_because
from bot.intents import to_person
from bot.quota import first_free
from bot.readers import calendar_of
from bot.references import with_names
from bot.scene import Scene
from bot.turns import Outcome, Overheard, Silence
from commitments.partnership import Partnership
from commitments.promise import QUOTE_LIMIT, TITLE_LIMIT, Promise, State
from commitments.sightings import (
    JUDGED_BY,
    MERGED_FOR,
    REQUESTS_KEPT,
    REQUESTS_KEPT_FOR,
    OpenRequest,
    Passage,
    Sighting,
    SightingState,
    Way,
    is_muted,
    is_wary,
    likeness,
    overlap,
    way,
)
from commitments.spotting import Offer, Said, Sort, asking, spot
from commitments.text import one_line, shorten

NOTHING = Silence(stored=False)
REQUEST_LIMIT = 1_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A message that may be read, where it stands."""

    scene: Scene
    said: Overheard
    place: Place
    partnership: Partnership

    @property
    def recent(self) -> list[Sighting]:
        """What was noticed in the thread and counts as the same when it is said again."""
        since = self.scene.now - MERGED_FOR
        return self.scene.uow.sightings.of_thread(self.place.id, self.said.thread, since)


def on_overheard(scene: Scene, said: Overheard) -> Outcome:
    partnership = linked(scene.uow, scene.place) if said.is_plain else None
    if partnership is None or scene.place is None:
        return NOTHING
    if unread_because(scene.uow, scene.ports.policy, scene.place, scene.person):
        return NOTHING
    heard = _Heard(scene=scene, said=said, place=scene.place, partnership=partnership)
    return _ours(heard) if scene.person.is_ours else _theirs(heard)


def _theirs(heard: _Heard) -> Outcome:
    """Context only: a customer's own promise is made by themselves, never read out of their words."""
    scene, said = heard.scene, heard.said
    found = asking(Said(text=said.text, author="theirs"))
    if found.takes_back:
        return Silence(stored=bool(scene.uow.sightings.drop_requests(heard.place.id, said.thread)))
    if found.moves_on:
        return Silence(stored=bool(scene.uow.sightings.pass_requests(heard.place.id, said.thread)))
    if not found.words:
        return NOTHING
    scene.uow.sightings.add_request(_request(heard, found.words), keep=REQUESTS_KEPT)
    return Silence()


def _request(heard: _Heard, words: str) -> OpenRequest:
    scene, said = heard.scene, heard.said
    return OpenRequest(
        id=scene.ports.new_id(),
        tenant=said.tenant,
        place_id=heard.place.id,
        person_id=scene.person.id,
        message=said.message,
        thread=said.thread,
        words=shorten(with_names(scene, words), REQUEST_LIMIT),
        at=scene.now,
    )


def _ours(heard: _Heard) -> Outcome:
    offers = spot(Said(text=heard.said.text, author="ours"), _context(heard))
    noticed = list(_noticed(heard, offers)) if offers else []
    if not noticed:
        return NOTHING
    listed = [each for each in noticed if each.state is SightingState.LISTED]
    day = _listing(heard.scene) if listed else None
    offered = [each for each in noticed if each not in listed]
    heard.scene.uow.sightings.add([*offered, *(replace(each, listed_for=day) for each in listed)])
    _tell(heard.scene, offered)
    return Silence()


def _context(heard: _Heard) -> list[Said]:
    found = heard.scene.uow.sightings
    earshot = found.earshot(heard.place.id)
    if earshot is None or not earshot.hears_them(heard.partnership):
        return []
    asked = found.requests(heard.place.id, heard.said.thread, heard.scene.now - REQUESTS_KEPT_FOR)
    return [Said(text=each.words, author="theirs", is_passed=each.is_passed) for each in asked]


def _noticed(heard: _Heard, offers: Sequence[Offer]) -> Iterator[Sighting]:
    person = heard.scene.person
    standing = (each for each in heard.recent if each.state is not SightingState.LAPSED)
    counts = (e for e in standing if e.person_id == person.id or e.state is SightingState.TRACKED)
    known = {each.likeness for each in counts}
    for offer in offers:
        sighting = _sighting(heard, offer)
        if sighting is not None and sighting.likeness not in known:
            known.add(sighting.likeness)
            yield sighting


def _sighting(heard: _Heard, offer: Offer) -> Sighting | None:
    if offer.sort is Sort.FULFILMENT:
        return _fulfilment(heard, offer)
    person, found = heard.scene.person, heard.scene.uow.sightings
    muted = is_muted(found.dismissals(person.id, offer.cue))
    wary = is_wary(found.offered_lately(heard.place.id, JUDGED_BY))
    chosen = way(offer, is_muted=muted, is_wary=wary)
    if chosen is None or _is_promised(heard, offer.action):
        return None
    return _made(heard, offer, chosen, likeness(offer.action), None)


def _fulfilment(heard: _Heard, offer: Offer) -> Sighting | None:
    """Asked about only where it is plain which promise is meant."""
    promise = _meant(heard, offer.action)
    return _made(heard, offer, Way.OFFER, likeness(promise.id), promise.id) if promise else None


def _made(heard: _Heard, offer: Offer, chosen: Way, alike: str, promise_id: str | None) -> Sighting:
    """Outside of the person's hours whatever it is waits for the day's list."""
    scene, said = heard.scene, heard.said
    calendar = calendar_of(scene.ports, scene.person)
    is_now = chosen is Way.OFFER and calendar.is_working_moment(scene.now)
    return Sighting(
        id=scene.ports.new_id(),
        tenant=said.tenant,
        place_id=heard.place.id,
        partnership_id=heard.partnership.id,
        person_id=scene.person.id,
        message=said.message,
        thread=said.thread,
        sort=offer.sort,
        cue=offer.cue,
        owner=offer.owner,
        likeness=alike,
        at=scene.now,
        state=SightingState.OFFERED if is_now else SightingState.LISTED,
        was_offered=is_now and offer.sort is not Sort.FULFILMENT,
        promise_id=promise_id,
        passage=_passage(heard, offer),
    )


def _passage(heard: _Heard, offer: Offer) -> Passage:
    scene, why = heard.scene, offer.why
    start, end = offer.span
    return Passage(
        action=one_line(with_names(scene, offer.action), TITLE_LIMIT),
        quote=one_line(with_names(scene, heard.said.text[start:end]), QUOTE_LIMIT),
        trigger=one_line(why.trigger, QUOTE_LIMIT),
        due_text=offer.due_text,
        doubts=why.doubts,
        request=one_line(why.request, QUOTE_LIMIT) if why.request else None,
        link=heard.said.link,
    )


def _own_open(heard: _Heard) -> list[Promise]:
    mine = heard.scene.uow.promises.of_owner(heard.scene.person.id, (State.OPEN,))
    return [promise for promise in mine if promise.partnership_id == heard.partnership.id]


def _is_promised(heard: _Heard, action: str) -> bool:
    """Somebody was quicker with /promise."""
    return any(likeness(promise.title) == likeness(action) for promise in _own_open(heard))


def _meant(heard: _Heard, words: str) -> Promise | None:
    """The open promise the words speak of, or that was made in their thread; none where two could be."""
    mine = _own_open(heard)
    shared = {promise.id: overlap(promise.title, words) for promise in mine}
    most = max(shared.values(), default=0)
    near = [promise for promise in mine if most and shared[promise.id] == most]
    if not near and heard.said.thread:
        here = {each.promise_id for each in heard.recent}
        near = [promise for promise in mine if promise.id in here]
    return near[0] if len(near) == 1 else None


def _tell(scene: Scene, offered: Sequence[Sighting]) -> None:
    """At once or not at all: what could not be said by the end of the day is not worth an interruption."""
    if not offered:
        return
    calendar, first = calendar_of(scene.ports, scene.person), offered[0]
    lasts = calendar.close(calendar.local_date(scene.now)) - scene.now
    key = f"noticed:{first.id}"
    intent = to_person(scene.person, "noticed", first.id, key=key, at=scene.now, lasts=lasts)
    scene.uow.outbox.queue([intent])


def _listing(scene: Scene) -> str:
    """The local day whose morning brings the list; the first entry orders it, and it counts as unasked."""
    calendar, person = calendar_of(scene.ports, scene.person), scene.person
    today = calendar.local_date(scene.now).isoformat()
    waiting = [each.listed_for for each in scene.uow.sightings.open_on(person.id) if each.listed_for]
    if ahead := [day for day in waiting if day > today]:
        return ahead[0]
    morning = calendar.or_everyday(lambda usable: usable.next_morning(scene.now))
    at, day = first_free(scene.ports, scene.uow, person, morning)
    key, args = f"noticed_list:{person.id}:{day}", {"day": day}
    intent = to_person(person, "noticed_list", person.id, key=key, at=at, args=args, quota_day=day)
    scene.uow.outbox.queue([intent])
    return day
