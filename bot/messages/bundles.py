"""The morning bundle: everything time has to say to one person, in one private card.

Each nudge says why now; the last line says how to make it stop. Promises settled meanwhile are left out,
and once the card is sent they read "settled" without buttons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import buttons
from bot.cards import Block, Bullets, Button, Card, Paragraph, Strong, Text, Tone
from bot.composing import Composer, Draft
from bot.plain import flat
from bot.promise_cards import status
from bot.readers import Reader
from bot.storage import Nudge
from bot.views import CustomerView, for_customer, people_in
from commitments.nudges import Rung
from commitments.partnership import Partnership, Person
from commitments.promise import Promise, State

SHOWN_AT_MOST = 10
LEAD_WORDS = frozenset(
    {"doubt", "how", Rung.ESCALATE_LEAD.value}
)  # said to the lead about somebody's promise
DECIDING = {
    Rung.HEADS_UP.value: ("promise.on_track", "promise.snooze", "promise.renegotiate"),
    Rung.DECIDE.value: ("promise.on_track", "promise.renegotiate", "promise.done", "promise.ask_release"),
    Rung.DUE_TODAY.value: ("promise.done", "promise.renegotiate"),
    Rung.ESCALATE_OWNER.value: ("promise.done", "promise.renegotiate", "promise.ask_hand"),
}
LATE = ("promise.done", "promise.renegotiate", "promise.ask_release")


def compose_bundle(draft: Draft) -> Card | None:
    """Nothing when everything it would say is settled."""
    person = draft.person
    if person is None or not person.is_ours:
        return None
    nudges = [n for n in _nudges(draft, person) if draft.redraw or n.said_at is None]
    return bundle_card(draft, person, _latest(nudges))


def relevant(nudge: Nudge, promise: Promise) -> bool:
    """Whether it still says something: F52, F53."""
    if nudge.rung == "doubt":
        return promise.proposal is not None
    if nudge.rung == "how":
        return promise.question is not None
    if promise.state is not State.OPEN or promise.waiting is not None:
        return False
    same_date = promise.due.at.isoformat() in nudge.key
    answered = promise.on_track_at is not None and promise.on_track_at >= nudge.at
    waits_for_answer = promise.proposal is not None and nudge.rung != Rung.DUE_TODAY.value
    return same_date and not answered and not waits_for_answer


def bundle_card(draft: Draft, person: Person, nudges: Sequence[Nudge]) -> Card | None:
    promises = draft.uow.promises.of_ids({n.promise_id for n in nudges})
    alive = [(n, promises[n.promise_id]) for n in nudges if n.promise_id in promises]
    said = [(n, p) for n, p in alive if draft.redraw or relevant(n, p)]
    said.sort(key=lambda pair: (pair[1].due.at, pair[1].number))
    if not said:
        return None
    views = _views(draft, [p for _, p in said])
    rows = [(n, views[p.id], relevant(n, p) and _is_for(n, p, person)) for n, p in said]
    return _card(draft.say, rows)


def _card(say: Reader, rows: Sequence[tuple[Nudge, CustomerView, bool]]) -> Card:
    shown, more = rows[:SHOWN_AT_MOST], len(rows) - SHOWN_AT_MOST
    items = tuple(_line(say, nudge, view, alive) for nudge, view, alive in shown)
    blocks: list[Block] = [Bullets(items)]
    if more > 0:
        blocks.append(Paragraph(say.text("nudge.more", n=more)))
    blocks.append(Paragraph(say.text("nudge.stop")))
    presses = tuple(b for nudge, view, alive in shown if alive for b in _presses(say, nudge, view))
    title = (
        say("nudge.title_one", title=rows[0][1].title) if len(rows) == 1 else say("nudge.title", n=len(rows))
    )
    return Card(title=title, blocks=tuple(blocks), buttons=presses, tone=Tone.ATTENTION)


def _line(say: Reader, nudge: Nudge, view: CustomerView, alive: bool) -> Text:
    """Which promise, for whom, until when, and why it is said now."""
    values = {
        "title": Strong(view.title),
        "ref": view.ref,
        "customer": view.partnership,
        "due": say.due(view.due),
        "owner": view.owner.name,
    }
    if not alive:
        return say.text("nudge.settled", state=flat(status(view, say)), **values)
    return say.text(f"nudge.why.{nudge.rung}", **values)


def _presses(say: Reader, nudge: Nudge, view: CustomerView) -> tuple[Button, ...]:
    if nudge.rung == "doubt":
        return (buttons.button(view, say, "renegotiation.offline", view.offer.id if view.offer else ""),)
    if nudge.rung in LEAD_WORDS:
        return ()
    verbs = DECIDING.get(nudge.rung, LATE)
    if not view.is_shown:
        verbs = tuple(verb for verb in verbs if verb != "promise.ask_release")
    return tuple(buttons.button(view, say, verb, nudge.rung) for verb in verbs)


def _is_for(nudge: Nudge, promise: Promise, person: Person) -> bool:
    """The owner's rungs follow the owner; what the lead hears stays the lead's."""
    return nudge.rung in LEAD_WORDS or promise.owner_id == person.id


def _nudges(draft: Draft, person: Person) -> list[Nudge]:
    """A first send says what is unsaid; drawn again, what it said then."""
    if not draft.redraw:
        return draft.uow.nudges.unsaid(person.id)
    keys = [key for key in draft.args.get("keys", "").split(" ") if key]
    promise_ids = dict.fromkeys(key.split(":")[1] for key in keys)
    return [n for p in promise_ids for n in draft.uow.nudges.of_promise(p) if n.key in keys]


def _latest(nudges: Sequence[Nudge]) -> list[Nudge]:
    """One word per promise: the latest rung."""
    newest = {nudge.promise_id: nudge for nudge in sorted(nudges, key=lambda n: n.at)}
    return sorted(newest.values(), key=lambda n: n.at)


def _views(draft: Draft, promises: Sequence[Promise]) -> Mapping[str, CustomerView]:
    people = draft.uow.people.of_ids({i for p in promises for i in people_in(p)})
    partnerships = {i: draft.uow.partnerships.get(i) for i in {p.partnership_id for p in promises}}
    return {
        p.id: for_customer(p, partnership, people, draft.now)
        for p in promises
        if isinstance(partnership := partnerships[p.partnership_id], Partnership)
    }


def remembered(draft: Draft) -> dict[str, str]:
    """The keys of the nudges a bundle holds, so that they are said once and can be drawn again."""
    if draft.kind != "bundle" or draft.person is None:
        return {}
    return {"keys": " ".join(nudge.key for nudge in draft.uow.nudges.unsaid(draft.person.id))}


COMPOSERS: dict[str, Composer] = {"bundle": compose_bundle}
