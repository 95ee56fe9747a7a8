"""What stands in the shared channel about one promise: the card, and the reply where an answer is needed.

Both take a CustomerView: there is nothing internal here to leak. At most forty words and three buttons.
"""

from __future__ import annotations

from bot import buttons
from bot.cards import Block, Card, Facts, Mention, Paragraph, Strong, Text, Tone
from bot.composing import Composer, Draft
from bot.plain import plain_text
from bot.promise_cards import offer_words, status
from bot.readers import Reader
from bot.views import CustomerView, for_customer, people_in
from commitments.partnership import Partnership, Person
from commitments.promise import Promise, Shape, Side, State

TONES = {State.KEPT: Tone.CELEBRATION}


def anchor_card(view: CustomerView, say: Reader) -> Card:
    """One per shown promise, edited in place as things change."""
    return Card(
        title=say("anchor.title", ref=view.ref, title=view.title),
        blocks=tuple(_body(view, say)),
        buttons=buttons.in_channel(view, say),
        tone=TONES.get(view.state, Tone.CALM),
        shows=view.id,
    )


def public_words(view: CustomerView, say: Reader) -> str:
    """The exact words the customer will see, for the owner to read before publishing."""
    return plain_text(anchor_card(view, say))


def _body(view: CustomerView, say: Reader) -> list[Block]:
    pairs: list[tuple[str, Text]] = [(say("promise.fact.owner"), (view.owner.name,))]
    if view.state in (State.OPEN, State.PROPOSED) and not _names_both_dates(view):
        pairs.append((say("promise.fact.due"), (say.due(view.due),)))
    if view.evidence:
        pairs.append((say("promise.fact.evidence"), (view.evidence,)))
    blocks: list[Block] = [Paragraph(status(view, say)), Facts(tuple(pairs))]
    if view.offer is not None:
        blocks += [Paragraph(offer_words(view, say)), Paragraph(say.text("offer.no_contract"))]
    return blocks


def _names_both_dates(view: CustomerView) -> bool:
    """Whether the offer's own words say the standing date: once is enough."""
    return view.offer is not None and view.offer.shape is not Shape.SOMETHING_ELSE


def ask_card(view: CustomerView, say: Reader, about: str, contact: Mention | None, said: str) -> Card:
    """One reply in the card's thread, naming one contact; buttons while it is unanswered."""
    key = about if _is_open(view, about) else "settled"
    values = {
        "contact": contact or say("ask.all_of_you", customer=view.partnership),
        "owner": view.owner.name,
        "title": Strong(view.title),
        "due": say.due(view.due),
        "answer": said or say("ask.on_track"),
        "reason": said,
        "asker": view.asked_how_by.name if view.asked_how_by else "",
    }
    text = status(view, say) if key == "settled" else say.text(f"ask.{key}", **values)
    blocks: list[Block] = [Paragraph(text)]
    if key == "offer":
        blocks += [Paragraph(offer_words(view, say)), Paragraph(say.text("offer.no_contract"))]
    presses = () if key in ("settled", "how") else buttons.in_channel(view, say)
    if key == "asked":  # of a promise of theirs: the owner may answer in words as well
        presses = (*presses, buttons.button(view, say, "promise.write"))
    return Card(
        title=say("anchor.title", ref=view.ref, title=view.title),
        blocks=tuple(blocks),
        buttons=presses,
        shows=view.id if presses else "",
    )


def _is_open(view: CustomerView, about: str) -> bool:
    """Whether the question still stands."""
    match about:
        case "offer":
            return view.offer is not None and view.offer.by_side is Side.OURS
        case "delivered":
            return view.state is State.DELIVERED
        case "release":
            return view.state is State.OPEN and view.release_asked
        case "offline":
            return view.state is State.OPEN and view.offline_by is not None
        case "accept":
            return view.state is State.PROPOSED
        case "asked":
            return view.state is State.OPEN and view.asked_how_by is not None
        case _:
            return True


def _is_this_offer(view: CustomerView, draft: Draft) -> bool:
    return draft.args.get("about") != "offer" or bool(view.offer and view.offer.id == draft.args["question"])


def compose_anchor(draft: Draft) -> Card | None:
    found = _shown(draft)
    return anchor_card(found[0], draft.say) if found else None


def compose_ask(draft: Draft) -> Card | None:
    """Dropped when it was answered before it could be asked; drawn again, it says what became of it."""
    found = _shown(draft)
    if found is None:
        return None
    view, promise, partnership = found
    about = draft.args.get("about", "")
    if not draft.redraw and not (_is_open(view, about) and _is_this_offer(view, draft)):
        return None
    contact = contact_of(draft, promise, partnership)
    return ask_card(view, draft.say, about, contact, _said(draft, promise))


def _shown(draft: Draft) -> tuple[CustomerView, Promise, Partnership] | None:
    """Only a shown promise, only in the channel of its own partnership (L09, L39)."""
    promise = draft.uow.promises.get(draft.subject_id)
    if promise is None or not promise.is_shown:
        return None
    partnership = draft.uow.partnerships.get(promise.partnership_id)
    if partnership is None or partnership.place_id != draft.place.id:
        return None
    people = draft.uow.people.of_ids(people_in(promise))
    return for_customer(promise, partnership, people, draft.now), promise, partnership


def contact_of(draft: Draft, promise: Promise, partnership: Partnership) -> Mention | None:
    """The one on their side who is asked: owner or asker of it, their lead, or the first by name."""
    members = draft.uow.people.of_ids(draft.uow.places.members(draft.place.id))
    theirs = [p for p in members.values() if _is_of(p, partnership)]
    wanted = (
        promise.owner_id,
        promise.question and promise.question.by,
        promise.filed_by,
        partnership.their_lead_id,
    )
    chosen = next((p for person_id in wanted for p in theirs if p.id == person_id), None)
    chosen = chosen or min(theirs, key=lambda p: p.name, default=None)
    return Mention(chosen.id, chosen.name) if chosen else None


def _is_of(person: Person, partnership: Partnership) -> bool:
    return not person.is_ours and person.organisation in partnership.organisations and person.is_active


def _said(draft: Draft, promise: Promise) -> str:
    """The owner's own words in the fact that asks: an answer, or a reason the customer may read."""
    at = draft.args.get("fact", "")
    facts = reversed(draft.uow.promises.facts(promise.id))  # the latest, where one moment holds several
    details = (f.detail for f in facts if f.at.isoformat() == at)
    return next((detail.get("answer") or detail.get("reason", "") for detail in details), "")


COMPOSERS: dict[str, Composer] = {"anchor": compose_anchor, "ask": compose_ask}
