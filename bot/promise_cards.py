"""Cards about one promise, for the person who asked or acted. Each takes the view its reader may have."""

from __future__ import annotations

from collections.abc import Mapping

from bot import buttons
from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Strong, Text, Tone
from bot.readers import Reader
from bot.scene import Scene, of_promise
from bot.turns import Press
from bot.views import CustomerView, TeamView, for_customer, for_team, people_in
from commitments.access import Actor, Grant, decide
from commitments.events import Fact
from commitments.partnership import Partnership, Person
from commitments.promise import Promise, Shape, Side, Source, State

HISTORY_AT_MOST = 6
TELL_THE_STATE = ("delivered", "delivered_private")  # what they say of the act says how things are


def view_of(scene: Scene, promise: Promise, partnership: Partnership | None = None) -> CustomerView:
    partnership = partnership or _partnership(scene, promise)
    named = people_in(promise)
    alone = named == {scene.person.id}
    people = {scene.person.id: scene.person} if alone else scene.uow.people.of_ids(named)
    return for_customer(promise, partnership, people, scene.now)


def captured_card(scene: Scene, promise: Promise, partnership: Partnership, note: str | None = None) -> Card:
    """What was just recorded, echoed in words with weekday and zone."""
    view, say = view_of(scene, promise, partnership), scene.say
    lines = [Paragraph(headline(view, say)), Paragraph(say.text(_status_key(scene, promise), **_names(view)))]
    if note is not None:
        lines.append(Paragraph(say.text(f"capture.note.{note}", name=view.owner.name)))
    title = say("capture.done", ref=view.ref, customer=view.partnership)
    return Card(title=title, blocks=tuple(lines), buttons=_after_capture(scene, promise, view))


def current_card(scene: Scene, promise: Promise, lead_in: Text = ()) -> Card:
    """The promise as it stands, with what the actor may see and do."""
    view, say = view_of(scene, promise), scene.say
    blocks: list[Block] = [Paragraph(lead_in)] if lead_in else []
    blocks.append(facts(view, say))
    team = None if _is_before_others(scene) else _team_view(scene, promise)
    if team is not None:
        blocks += [*internal(team, say), *history(scene, promise)]
    return Card(title=heading(view, say), blocks=tuple(blocks), buttons=_presses(scene, promise, view))


def _is_before_others(scene: Scene) -> bool:
    """It takes the place of a card in a channel, if only on one screen: nothing internal belongs there."""
    return isinstance(scene.turn, Press) and not scene.is_private


def acted_card(scene: Scene, promise: Promise, key: str, tone: Tone = Tone.CALM, **values: object) -> Card:
    """What the actor's act did, with a way back while there is one."""
    view, say = view_of(scene, promise), scene.say
    names = {**_names(view), **values}
    presses = (
        *_presses(scene, promise, view)[:2],
        *_evidence(scene, promise, view),
        buttons.undo(view, say),
    )
    now = () if key in TELL_THE_STATE else (Paragraph(status(view, say)),)
    return Card(
        title=heading(view, say),
        blocks=(Paragraph(say.text(f"acted.{key}", **names)), *now),
        buttons=presses,
        tone=tone,
    )


def _evidence(scene: Scene, promise: Promise, view: CustomerView) -> tuple[Button, ...]:
    """Take nothing on its looks: a delivery without evidence asks its owner for some."""
    if promise.state is not State.DELIVERED or promise.evidence or promise.owner_id != scene.person.id:
        return ()
    return (buttons.button(view, scene.say, "promise.evidence"),)


def heading(view: CustomerView, say: Reader) -> str:
    return say("promise.heading", ref=view.ref, customer=view.partnership, title=view.title)


def headline(view: CustomerView, say: Reader) -> Text:
    """Title, owner and due moment in one line."""
    return say.text("promise.line", title=Strong(view.title), owner=view.owner.name, due=say.due(view.due))


def facts(view: CustomerView, say: Reader) -> Facts:
    """Everything both sides may know."""
    pairs: list[tuple[str, Text]] = [
        (say("promise.fact.owner"), (view.owner.name,)),
        (say("promise.fact.due"), (say.due(view.due),)),
        (say("promise.fact.state"), status(view, say)),
    ]
    if view.first_due.at != view.due.at:
        pairs.append((say("promise.fact.first_due"), (say.due(view.first_due),)))
    if view.offer is not None:
        pairs.append((say("promise.fact.offer"), offer_words(view, say)))
    if view.evidence:
        pairs.append((say("promise.fact.evidence"), (view.evidence,)))
    return Facts(tuple(pairs))


def internal(view: TeamView, say: Reader) -> list[Block]:
    """What stays between us."""
    pairs: list[tuple[str, Text]] = []
    if not view.public.is_shown:
        pairs.append((say("promise.fact.seen_by"), say.text("promise.between_us")))
    if view.note:
        pairs.append((say("promise.fact.note"), (view.note,)))
    if view.source and (view.source.quote or view.source.link):
        pairs.append((say("promise.fact.source"), _said(view.source)))
    if view.hand_over_to:
        pairs.append((say("promise.fact.hand_over"), (view.hand_over_to.name,)))
    return [Facts(tuple(pairs))] if pairs else []


def history(scene: Scene, promise: Promise) -> list[Block]:
    """The last things that happened, who did them and when; for those who may read notes."""
    facts_ = scene.uow.promises.facts(promise.id)[-HISTORY_AT_MOST:]
    people = scene.uow.people.of_ids({fact.by for fact in facts_ if fact.by})
    lines = tuple(_happened(scene.say, fact, people) for fact in facts_)
    heading_ = Paragraph(scene.say.text("history.heading"))
    return [heading_, Bullets(lines)] if lines else []


def _happened(say: Reader, fact: Fact, people: Mapping[str, Person]) -> Text:
    person = people.get(fact.by) if fact.by else None
    who = person.name if person else say("history.nobody")
    what = say(f"history.{fact.kind.value}", who=who)
    return say.text("history.line", when=say.moment(fact.at), what=what)


def status(view: CustomerView, say: Reader) -> Text:
    """The state in words anybody may read."""
    values = {**_names(view), "due": say.due(view.due)}
    if view.state is State.OPEN and view.waiting_reason is not None:
        return say.text("promise.status.waiting", reason=view.waiting_reason, **values)
    if view.state is State.OPEN and view.offer is not None:
        return say.text(f"promise.status.offer_from_{view.offer.by_side.value}", **values)
    if view.state is State.OPEN and view.is_late:
        return say.text(f"promise.status.late_{view.side.value}", **values)
    if view.state is State.DELIVERED and not view.is_shown:
        return say.text("promise.status.delivered_private", **values)
    return say.text(f"promise.status.{view.state.value}", **values)


def offer_words(view: CustomerView, say: Reader) -> Text:
    """The change on the table, old date and new, with its reason."""
    offer = view.offer
    if offer is None:
        return ()
    values = {
        "old": say.due(view.due),
        "new": say.due(offer.due),
        "title": Strong(offer.title or view.title),
        "rest": Strong(view.title),
        "reason": offer.reason,
        "who": offer.by.name,
    }
    return say.text(f"offer.{Shape(offer.shape).value}", **values)


def _said(source: Source) -> Text:
    """Without its words where they were not kept, or are gone with their message."""
    words: Text = (f"“{source.quote}”",) if source.quote else ()
    return (*words, " ", source.link) if words and source.link else words or (source.link or "",)


def _names(view: CustomerView) -> dict[str, object]:
    return {
        "customer": view.partnership,
        "owner": view.owner.name,
        "ref": view.ref,
        "title": view.title,
    }


def _partnership(scene: Scene, promise: Promise) -> Partnership:
    partnership = scene.uow.partnerships.get(promise.partnership_id)
    if partnership is None:
        raise LookupError(promise.partnership_id)
    return partnership


def _team_view(scene: Scene, promise: Promise) -> TeamView | None:
    """Only for those the authority matrix lets read internal notes."""
    if scene.grant("note.read", of_promise(promise)) is not Grant.ALLOWED:
        return None
    people = scene.uow.people.of_ids(people_in(promise))
    return for_team(promise, _partnership(scene, promise), people, scene.now)


def _status_key(scene: Scene, promise: Promise) -> str:
    if promise.state is State.PROPOSED:
        if promise.side is Side.OURS:
            return "capture.proposed"
        return "capture.proposed_theirs" if promise.is_shown else "capture.suggested"
    return "capture.shown" if promise.is_shown else "capture.private"


def _after_capture(scene: Scene, promise: Promise, view: CustomerView) -> tuple[Button, ...]:
    say = scene.say
    can_move = promise.state is State.OPEN and promise.owner_id == scene.person.id
    move = (buttons.button(view, say, "promise.renegotiate"),) if can_move else ()
    return (*share_button(scene, promise), *move, buttons.undo(view, say))


def share_button(scene: Scene, promise: Promise) -> tuple[Button, ...]:
    """Where the actor may show it now: an open one of ours, or a suggestion to the customer."""
    is_due = promise.state is State.OPEN or promise.side is Side.THEIRS
    if (
        promise.is_shown
        or not is_due
        or scene.grant(show_action(promise), of_promise(promise)) is not Grant.ALLOWED
    ):
        return ()
    return (buttons.button(view_of(scene, promise), scene.say, "promise.share"),)


def show_action(promise: Promise) -> str:
    """A suggestion to the customer is not its owner's to show: they have not heard of it."""
    return "promise.show" if promise.side is Side.OURS else "promise.suggest"


# What a button needs the matrix to grant before it is shown.
NEEDS = {
    "promise.accept": "promise.accept",
    "promise.counter": "promise.accept",
    "promise.decline": "promise.decline",
    "promise.done": "promise.deliver",
    "promise.renegotiate": "promise.renegotiate",
    "promise.confirm": "promise.confirm",
    "promise.not_yet": "promise.confirm",
    "promise.release": "promise.release",
    "promise.keep": "promise.release",
    "promise.how_is_it": "promise.how_is_it",
    "promise.contradict": "promise.contradict",
    "renegotiation.take_back": "promise.renegotiate",
    "renegotiation.offline": "renegotiation.offline",
}


def _presses(scene: Scene, promise: Promise, view: CustomerView) -> tuple[Button, ...]:
    return may_press(scene.actor, promise, view, scene.say)


def may_press(actor: Actor, promise: Promise, view: CustomerView, say: Reader) -> tuple[Button, ...]:
    """The owner's buttons and the other side's, as far as the actor may press them."""
    subject = of_promise(promise)
    offered = (*buttons.for_owner(view, say), *buttons.for_other_side(view, say), *buttons.offline(view, say))
    unique = {b.verb: b for b in offered}
    answer = "promise.renegotiate" if _by_owner(promise) else "renegotiation.answer"
    needs = {**NEEDS, "promise.share": show_action(promise)}
    return tuple(
        b for verb, b in unique.items() if decide(actor, needs.get(verb, answer), subject) is Grant.ALLOWED
    )


def _by_owner(promise: Promise) -> bool:
    """Whether it is the owner's side that has to answer the offer on the table."""
    return promise.proposal is not None and promise.proposal.by_side is not promise.side
