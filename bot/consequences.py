"""Who hears of a change, besides the one who made it: one table, read top to bottom.

Everything here follows from a person's own act (or from time settling a promise), so it goes out at once;
what Kept starts by itself is in `bot/nudging.py`. Only shown promises reach the shared channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.addresses import Place
from bot.intents import to_person, to_place
from bot.storage import Intent, Post, UnitOfWork
from bot.team import leads
from commitments.events import Fact, Kind
from commitments.partnership import Partnership, Person
from commitments.promise import Promise, Side, State

REDRAWN_AT_MOST = 8  # older cards show the current one when somebody presses them

# Facts that only our own side needs to know; the card in the shared channel stays as it is.
QUIET = frozenset(
    {
        Kind.NOTED,
        Kind.ON_TRACK,
        Kind.SNOOZED,
        Kind.HAND_OVER_OFFERED,
        Kind.HAND_OVER_DECLINED,
        Kind.HAND_ASKED,
    }
)

# Where the other side has to answer (or is answered): one reply in the card's thread.
ASKS: Mapping[Kind, str] = {
    Kind.OFFERED: "offer",
    Kind.OFFER_COUNTERED: "offer",
    Kind.COUNTERED: "offer",
    Kind.DELIVERED: "delivered",
    Kind.RELEASE_ASKED: "release",
    Kind.AGREED_OFFLINE: "offline",
    Kind.ASKED_HOW: "asked",
    Kind.ANSWERED_HOW: "how",
    Kind.RECORDED: "accept",
    Kind.SHOWN: "accept",
}

# Their question is the offer itself: an answer to an older one comes too late.
OFFERS = frozenset({Kind.OFFERED, Kind.OFFER_COUNTERED, Kind.COUNTERED})

# Who hears privately: the owner, the lead(s), whoever filed it, the one it was offered to.
TELLS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RECORDED: ("owner",),
    Kind.ACCEPTED: ("owner", "filer"),
    Kind.DECLINED: ("owner", "filer"),
    Kind.COUNTERED: ("owner", "filer"),
    Kind.LAPSED: ("owner", "filer"),
    Kind.OFFERED: ("owner", "lead"),
    Kind.OFFER_ACCEPTED: ("owner",),
    Kind.OFFER_COUNTERED: ("owner",),
    Kind.OFFER_DECLINED: ("owner",),
    Kind.AGREED_OFFLINE: ("owner",),
    Kind.CONTRADICTED: ("owner", "lead"),
    Kind.DELIVERED: ("owner", "lead"),
    Kind.CONFIRMED: ("owner",),
    Kind.NOT_YET: ("owner", "lead"),
    Kind.MISSED: ("owner", "lead"),
    Kind.WITHDRAWN: ("owner", "filer"),
    Kind.RELEASE_ASKED: ("owner",),
    Kind.RELEASE_REFUSED: ("owner",),
    Kind.RELEASED: ("owner",),
    Kind.HAND_OVER_OFFERED: ("named",),
    Kind.HANDED_OVER: ("before", "lead"),
    Kind.HAND_OVER_DECLINED: ("owner",),
    Kind.ASKED_HOW: ("owner",),
    Kind.ANSWERED_HOW: ("lead",),
    Kind.HAND_ASKED: ("named",),
}

# The lead hears of these only when the promise is theirs to answer, or it went wrong.
LEAD_ONLY_FOR_THEIRS = frozenset({Kind.OFFERED, Kind.DELIVERED, Kind.ANSWERED_HOW})


def consequences(
    uow: UnitOfWork, promise: Promise, fact: Fact, owner: Person, partnership: Partnership
) -> list[Intent]:
    """The intents that follow from the fact, each with a key of its own."""
    private = _tells(uow, promise, fact, owner, partnership)
    redrawn = _redrawn(uow, promise) if fact.kind is not Kind.RECORDED else ()
    return [*_public(uow, promise, fact, partnership), *private, *redrawn]


def _public(uow: UnitOfWork, promise: Promise, fact: Fact, partnership: Partnership) -> Iterator[Intent]:
    if not promise.is_shown or fact.kind in QUIET or partnership.place_id is None:
        return
    place = uow.places.get(partnership.place_id)
    if place is None:
        return
    yield to_place(place, "anchor", promise.id, key=f"anchor:{promise.id}:{promise.version}", at=fact.at)
    if _asks_the_customer(promise, fact):
        yield _ask(place, promise, fact, partnership)


def _asks_the_customer(promise: Promise, fact: Fact) -> bool:
    """Whether somebody on the other side has to answer, or hears the answer to their question."""
    if fact.kind not in ASKS:
        return False
    if fact.kind in (Kind.RECORDED, Kind.SHOWN):
        return promise.side is Side.THEIRS and promise.state is State.PROPOSED
    if fact.kind is Kind.ASKED_HOW:
        return promise.side is Side.THEIRS
    if fact.kind in OFFERS:
        return promise.proposal is not None and promise.proposal.by_side is Side.OURS
    return promise.side is Side.OURS


def _ask(place: Place, promise: Promise, fact: Fact, partnership: Partnership) -> Intent:
    """While the customer takes breathing room the question waits; the card shows it quietly meanwhile."""
    offer = promise.proposal if fact.kind in OFFERS else None
    question = offer.id if offer else fact.at.isoformat()
    args = {"about": ASKS[fact.kind], "question": question, "fact": fact.at.isoformat()}
    pause = partnership.paused_until if fact.kind is not Kind.ANSWERED_HOW else None
    at = max(fact.at, pause) if pause else fact.at
    return to_place(place, "ask", promise.id, key=f"ask:{promise.id}:{question}", at=at, args=args)


def _tells(
    uow: UnitOfWork, promise: Promise, fact: Fact, owner: Person, partnership: Partnership
) -> Iterator[Intent]:
    hearers = dict.fromkeys(
        person_id
        for role in TELLS.get(fact.kind, ())
        for person_id in _of_role(uow, role, promise, fact, partnership)
        if person_id != fact.by
    )
    if not hearers:
        return
    people = {owner.id: owner} if set(hearers) == {owner.id} else uow.people.of_ids(hearers)
    args = {"fact": fact.kind.value, "at": fact.at.isoformat()}
    for person_id in hearers:
        person = people.get(person_id)
        if person is not None and person.is_ours:  # the other side reads it in the shared channel
            key = f"tell:{promise.id}:{fact.kind.value}:{fact.at.isoformat()}:{person_id}"
            yield to_person(person, "tell", promise.id, key=key, at=fact.at, args=args)


def _of_role(
    uow: UnitOfWork, role: str, promise: Promise, fact: Fact, partnership: Partnership
) -> Iterator[str]:
    match role:
        case "owner":
            yield promise.owner_id
        case "filer":
            yield promise.filed_by
        case "lead" if fact.kind not in LEAD_ONLY_FOR_THEIRS or promise.side is Side.THEIRS:
            yield from (lead.id for lead in leads(uow, partnership.id))
        case "named":
            yield fact.detail.get("to") or fact.detail.get("colleague") or ""
        case "before":
            yield fact.detail.get("before", "")


def _redrawn(uow: UnitOfWork, promise: Promise) -> Iterator[Intent]:
    """Cards already sent show how things are now."""
    for post in uow.posts.of_subject(promise.id)[-REDRAWN_AT_MOST:]:
        if post.kind != "anchor":
            intent = redraw(uow, post, f"{promise.version}")
            if intent is not None:
                yield intent


def redraw_all(uow: UnitOfWork, posts: Iterable[Post], mark: str) -> None:
    intents = (redraw(uow, post, mark) for post in posts)
    uow.outbox.queue(intent for intent in intents if intent is not None)


def redraw(uow: UnitOfWork, post: Post, mark: str) -> Intent | None:
    """An edit of one sent card; `mark` tells one state of things from the next."""
    place = uow.places.get(post.ref.place_id)
    if place is None:
        return None
    return to_place(place, "redraw", post.id, key=f"redraw:{post.id}:{mark}", at=post.at)
