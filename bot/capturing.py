"""Capturing a promise: at once when everything is clear, by a form when anything is missing or unsure.

Before it is saved the owner sees what else falls due that day and whether it is a day off: where there is
something to see the form opens, otherwise the words are enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import capture_form
from bot.capture_form import Filled
from bot.changes import apply
from bot.grammar import before_colon, take_people
from bot.promise_cards import captured_card
from bot.references import (
    due_of,
    here,
    known,
    may_name,
    own_partnerships,
    person_named,
    read_due,
    setting_of,
    with_names,
)
from bot.scene import Scene, of_partnership
from bot.team import first_lead
from bot.turns import Ask, Invalid, OpenForm, Outcome, Reply, Submission
from commitments import acts
from commitments.access import Subject
from commitments.due import Reading, Status, split_message
from commitments.errors import NotYours, Refusal, Settled, Unfit
from commitments.partnership import Partnership, Person
from commitments.promise import QUOTE_LIMIT, TITLE_LIMIT, Due, Promise, Side, Source, State
from commitments.text import clean, required

OPEN_REQUESTS_AT_MOST = 10  # T29: of one customer contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What was read out of typed words; None where nothing was."""

    partnership: Partnership | None
    title: str
    owner: Person
    reading: Reading | None


def capture(scene: Scene, ask: Ask, words: str) -> Outcome:
    """A promise from typed words, or the form with what was understood."""
    understood = _understand(scene, words)
    try:
        if understood.title:
            required(understood.title, TITLE_LIMIT, "title")
        if _is_clear(understood, ask) and not notable(scene, understood):
            return _save_understood(scene, understood, ask)
    except Unfit as unfit:
        return Invalid(form=capture_form.refused(scene, _filled(scene, understood, ask), unfit))
    return OpenForm(form=capture_form.form(scene, _filled(scene, understood, ask)))


def open_form(scene: Scene, ask: Ask) -> Outcome:
    """`/promise` alone, or "track this" on a message."""
    if ask.quote:
        return capture(scene, ask, ask.quote)
    blank = Understood(partnership=here(scene), title="", owner=scene.person, reading=None)
    return OpenForm(form=capture_form.form(scene, _filled(scene, blank, ask)))


def submitted(scene: Scene, submission: Submission) -> Outcome:
    """The capture form comes back filled."""
    if not scene.person.is_ours:
        raise Unfit("no_commands")
    filled = capture_form.filled(submission.values)
    try:
        return _save_filled(scene, filled, submission)
    except NotYours:
        raise
    except Refusal as refusal:
        return Invalid(form=capture_form.refused(scene, filled, refusal))


def save(
    scene: Scene,
    *,
    partnership: Partnership,
    title: str,
    owner: Person,
    due: Due,
    note: str = "",
    source: Source | None = None,
    waits_on: str | None = None,
    private: bool = False,
) -> Promise:
    """Stores it: open for the owner's own, proposed for anybody else's. Raises Denied and Unfit.

    `private`: between us until somebody shows it, whatever is usual and whoever owns it.
    """
    side = Side.OURS if owner.is_ours else Side.THEIRS
    subject = Subject(
        tenant=scene.turn.tenant, partnership_id=partnership.id, owner_id=owner.id, side=side, is_shown=True
    )
    scene.require("promise.capture", subject)
    _belongs(owner, partnership)
    shown = partnership.shows_at_once or side is Side.THEIRS or not scene.person.is_ours
    change = acts.record(
        id=scene.ports.new_id(),
        tenant=scene.turn.tenant,
        partnership_id=partnership.id,
        number=scene.uow.partnerships.next_number(partnership.id),
        title=title,
        side=side,
        owner_id=owner.id,
        by=scene.person.id,
        due=due,
        now=scene.now,
        note=note,
        source=source,
        shown=shown and not private,
        waits_on=waits_on,
    )
    return apply(scene.ports, scene.uow, None, change, owner=owner, partnership=partnership)


def file_request(scene: Scene, partnership: Partnership, title: str, phrase: str) -> Outcome:
    """The customer asks for something: proposed in our lead's name, who may accept, counter or decline."""
    scene.require("promise.ask_for", of_partnership(partnership))
    lead = first_lead(scene.uow, partnership.id)
    if lead is None:
        raise Unfit("nobody_leads")
    _not_too_many(scene, partnership)
    due = read_due(scene, phrase, replace(lead, locale=scene.person.locale))
    promise = save(scene, partnership=partnership, title=title, owner=lead, due=due)
    return Reply(card=captured_card(scene, promise, partnership))


def file_offer(scene: Scene, partnership: Partnership, title: str, phrase: str) -> Outcome:
    """The customer promises something of their own: open at once, and shown."""
    scene.require("promise.offer", of_partnership(partnership))
    due = read_due(scene, phrase, scene.person)
    promise = save(scene, partnership=partnership, title=title, owner=scene.person, due=due)
    return Reply(card=captured_card(scene, promise, partnership))


def same_day(scene: Scene, owner: Person, due: datetime) -> list[Promise]:
    """The owner's other open promises due on that local day."""
    zone = ZoneInfo(owner.zone)
    midnight = due.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return scene.uow.promises.due_between(owner.id, midnight, midnight + timedelta(days=1))


def notable(scene: Scene, understood: Understood) -> bool:
    """Whether the owner should see something before this is saved."""
    reading = understood.reading
    if reading is None or reading.due is None:
        return False
    return reading.note is not None or bool(same_day(scene, understood.owner, reading.due))


def _understand(scene: Scene, words: str) -> Understood:
    words, people = take_people(words)
    owner = person_named(scene, people[-1]) if people else scene.person
    partnership, rest = _customer(scene, words)
    title, reading = split_message(with_names(scene, rest), now=scene.now, setting=setting_of(scene, owner))
    return Understood(partnership=partnership, title=title.strip(" ,.;:-"), owner=owner, reading=reading)


def _customer(scene: Scene, words: str) -> tuple[Partnership | None, str]:
    """A word before a colon is a customer only if a partnership has that name."""
    name, rest = before_colon(words)
    named = known(scene, name) if name else None
    if named is not None:
        return named, rest
    own = here(scene)
    if name and own is None:
        return None, words  # asked about in the form, with the word kept in the title
    return own or only_one(scene), words


def only_one(scene: Scene) -> Partnership | None:
    """Outside a customer's channel it is certain only for somebody with a single partnership."""
    roles = scene.actor.roles
    return scene.uow.partnerships.get(next(iter(roles))) if len(roles) == 1 else None


def _is_clear(understood: Understood, ask: Ask) -> bool:
    reading = understood.reading
    certain = reading is not None and reading.status is Status.OK
    return bool(certain and understood.partnership and understood.title and not ask.quote)


def _save_understood(scene: Scene, understood: Understood, ask: Ask) -> Outcome:
    partnership, reading = understood.partnership, understood.reading
    if partnership is None or reading is None:
        raise Unfit("needed", "due")
    promise = save(
        scene,
        partnership=partnership,
        title=understood.title,
        owner=understood.owner,
        due=due_of(reading, understood.owner),
        source=_source(ask.quote or "", ask.link, ask.place_id),
    )
    return Reply(card=captured_card(scene, promise, partnership, reading.note))


def _save_filled(scene: Scene, filled: Filled, submission: Submission) -> Outcome:
    promise, partnership = save_filled(scene, filled, submission.place_id)
    return Reply(card=captured_card(scene, promise, partnership))


def save_filled(
    scene: Scene, filled: Filled, place_id: str | None, *, private: bool = False
) -> tuple[Promise, Partnership]:
    """What the form holds; `private`: until its owner shows it, whatever is usual there. Raises Refusal."""
    partnership = _chosen(scene, filled)
    owner = person_named(scene, filled.owner) if filled.owner else scene.person
    due = read_due(scene, filled.due, owner)
    promise = save(
        scene,
        partnership=partnership,
        title=filled.title,
        owner=owner,
        due=due,
        note=filled.note,
        source=_source(filled.quote, filled.link or None, place_id),
        waits_on=filled.waits_on or None,
        private=private,
    )
    _await(scene, promise)
    return promise, partnership


def _chosen(scene: Scene, filled: Filled) -> Partnership:
    if not filled.partnership:
        raise Unfit("needed", "partnership")
    partnership = scene.uow.partnerships.get(filled.partnership)
    if partnership is None or not may_name(scene, partnership):
        raise NotYours
    return partnership


def _await(scene: Scene, promise: Promise) -> None:
    """A promise of the customer waits on one of ours: "on track" then no longer silences the last day."""
    if promise.waits_on is None or promise.side is not Side.THEIRS:
        return
    awaited = scene.promise(promise.waits_on, "promise.read")
    scene.uow.promises.save(awaited.with_(awaited=True))


def _filled(scene: Scene, understood: Understood, ask: Ask) -> Filled:
    reading, owner = understood.reading, understood.owner
    offered = understood.partnership or next(iter(own_partnerships(scene)), None)
    return Filled(
        partnership=understood.partnership.id if understood.partnership else "",
        suggested=offered.id if offered else "",
        title=understood.title,
        due=capture_form.due_text(reading, owner),
        owner=owner.id,
        quote=clean(with_names(scene, ask.quote or ""), QUOTE_LIMIT),
        link=ask.link or "",
        reading=reading,
    )


def _source(quote: str, link: str | None, place_id: str | None) -> Source | None:
    quote = clean(quote, QUOTE_LIMIT)
    return Source(quote=quote, link=link, place_id=place_id) if quote or link else None


def _belongs(owner: Person, partnership: Partnership) -> None:
    """A customer contact can only own promises of their own partnership."""
    if not owner.is_ours and owner.organisation not in partnership.organisations:
        raise Unfit("not_of_customer", "owner", customer=partnership.name)


def _not_too_many(scene: Scene, partnership: Partnership) -> None:
    waiting = scene.uow.promises.of_partnership(partnership.id, (State.PROPOSED,))
    if sum(p.filed_by == scene.person.id for p in waiting) >= OPEN_REQUESTS_AT_MOST:
        raise Settled("many_requests")
