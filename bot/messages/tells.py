"""Private words to one of us about what somebody else did: who, what, and what can be answered."""

from __future__ import annotations

from bot import buttons
from bot.cards import Block, Button, Card, Paragraph, Strong, Text, Tone
from bot.composing import Composer, Draft
from bot.promise_cards import heading, offer_words, status
from bot.readers import Reader
from bot.views import CustomerView, for_customer, people_in
from commitments.events import Fact, Kind
from commitments.partnership import Person, Role
from commitments.promise import Promise, Side, State

GLAD = frozenset({Kind.CONFIRMED, Kind.OFFER_ACCEPTED, Kind.ACCEPTED, Kind.HANDED_OVER})
CAREFUL = frozenset({Kind.NOT_YET, Kind.CONTRADICTED, Kind.MISSED, Kind.OFFER_DECLINED, Kind.RELEASE_REFUSED})
SAID = ("reason", "answer")  # what people said, quoted where there is something


def compose_tell(draft: Draft) -> Card | None:
    """From the fact as it was and the promise as it is. Nothing for somebody who left or is not of us."""
    promise = draft.uow.promises.get(draft.subject_id)
    if promise is None or draft.person is None or not draft.person.is_ours:
        return None
    fact = _fact(draft, promise)
    partnership = draft.uow.partnerships.get(promise.partnership_id)
    if fact is None or partnership is None:
        return None
    ids = people_in(promise) | ({fact.by} if fact.by else set())
    people = draft.uow.people.of_ids(ids)
    view = for_customer(promise, partnership, people, draft.now)
    who = people[fact.by].name if fact.by in people else view.partnership
    return _card(draft, promise, view, fact, who)


def _card(draft: Draft, promise: Promise, view: CustomerView, fact: Fact, who: str) -> Card:
    say = draft.say
    blocks: list[Block] = [Paragraph(_sentence(view, say, fact, who, draft.person))]
    quoted = next((fact.detail[name] for name in SAID if fact.detail.get(name)), "")
    if view.offer is not None and view.offer.by_side is not Side.OURS:
        blocks.append(Paragraph(offer_words(view, say)))
    elif quoted:
        blocks.append(Paragraph(say.text("tell.quoted", words=quoted)))
    blocks.append(Paragraph(status(view, say)))
    tone = Tone.CELEBRATION if fact.kind in GLAD else Tone.ATTENTION if fact.kind in CAREFUL else Tone.CALM
    presses = _presses(draft, promise, view, fact)
    return Card(title=heading(view, say), blocks=tuple(blocks), buttons=presses, tone=tone)


def _sentence(view: CustomerView, say: Reader, fact: Fact, who: str, reader: Person | None) -> Text:
    values = {
        "who": who,
        "title": Strong(view.title),
        "customer": view.partnership,
        "owner": view.owner.name,
        "due": say.due(view.due),
    }
    return say.text(f"tell.{fact.kind.value}", **values)


def _presses(draft: Draft, promise: Promise, view: CustomerView, fact: Fact) -> tuple[Button, ...]:
    """Only what this reader may answer now."""
    person, say = draft.person, draft.say
    if person is None:
        return ()
    if promise.hand_over_to == person.id:
        return tuple(buttons.button(view, say, verb) for verb in ("promise.take_over", "promise.leave_it"))
    if promise.question is not None and promise.owner_id == person.id and promise.state is State.OPEN:
        verbs = ("promise.on_track", "promise.renegotiate", "promise.write")
        return tuple(buttons.button(view, say, verb) for verb in verbs)
    if promise.owner_id == person.id or (promise.side is Side.THEIRS and _leads(draft, promise, person)):
        return buttons.on_our_side(view, say)
    if promise.filed_by == person.id and view.offer is not None and view.offer.by.person_id != person.id:
        return buttons.for_other_side(view, say)
    return ()


def _leads(draft: Draft, promise: Promise, person: Person) -> bool:
    roles = draft.uow.partnerships.roles(promise.partnership_id)
    return Role.LEAD in roles.get(person.id, frozenset())


def _fact(draft: Draft, promise: Promise) -> Fact | None:
    kind, at = draft.args.get("fact"), draft.args.get("at")
    facts = draft.uow.promises.facts(promise.id)
    return next((f for f in facts if f.kind.value == kind and f.at.isoformat() == at), None)


COMPOSERS: dict[str, Composer] = {"tell": compose_tell}
