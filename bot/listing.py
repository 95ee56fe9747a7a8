"""Lists, searches and single promises, each as far as the person asking may see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Block, Bullets, Card, Paragraph, Strong, Text
from bot.promise_cards import current_card, status, view_of
from bot.references import here, known, own_partnerships
from bot.scene import Scene
from bot.subjects import may_read
from bot.turns import Outcome, Reply
from commitments.promise import Promise, Side, State

ALIVE = (State.PROPOSED, State.OPEN, State.DELIVERED)
SHOWN_AT_MOST = 20
WORDS = ("mine", "ours", "theirs", "overdue")


def list_promises(scene: Scene, which: str) -> Outcome | None:
    """None when the word is neither one of ours nor a customer: then it was a title."""
    wanted = which.casefold()
    if wanted == "mine":
        return _listed(scene, "mine", scene.uow.promises.of_owner(scene.person.id, ALIVE))
    if wanted in WORDS:
        return _listed(scene, wanted, [p for p in _around(scene) if _fits(scene, p, wanted)])
    partnership = known(scene, which)
    if partnership is None:
        return None
    alive = scene.uow.promises.of_partnership(partnership.id, ALIVE)
    return _listed(scene, "customer", alive, customer=partnership.name)


def find_promises(scene: Scene, words: str) -> Outcome:
    """Only in what the person asking may read (L25)."""
    ids = [p.id for p in own_partnerships(scene)]
    found = scene.uow.promises.find(words[:100], ids, limit=SHOWN_AT_MOST * 5)
    return _listed(scene, "found", found, words=words[:100])


def show_one(scene: Scene, promise: Promise) -> Outcome:
    return Reply(card=current_card(scene, promise))


def which_one(scene: Scene, promises: Sequence[Promise]) -> Outcome:
    """Several promises bear the number: says which, so that the name can be added."""
    lines = tuple(line(scene, promise) for promise in promises[:SHOWN_AT_MOST])
    ask = Paragraph(scene.say.text("list.which", ref=f"P-{promises[0].number}"))
    return Reply(card=Card(title=scene.say("list.which_title"), blocks=(ask, Bullets(lines))))


def help_card(scene: Scene) -> Outcome:
    say = scene.say
    lines = tuple(say.text(f"help.line_{n}") for n in range(1, 11))
    return Reply(
        card=Card(title=say("help.title"), blocks=(Paragraph(say.text("help.lead")), Bullets(lines)))
    )


def _around(scene: Scene) -> list[Promise]:
    """Alive promises of the partnerships the person works with; in a customer's channel, of that one."""
    own = here(scene)
    ids = [own.id] if own else sorted(scene.actor.roles.keys() | scene.actor.in_channel_of)
    found = [p for i in ids for p in scene.uow.promises.of_partnership(i, ALIVE)]
    if own is None:
        found += scene.uow.promises.of_owner(scene.person.id, ALIVE)
    return list({p.id: p for p in found}.values())


def _fits(scene: Scene, promise: Promise, which: str) -> bool:
    if which == "overdue":
        return promise.is_overdue(scene.now)
    return promise.side is (Side.OURS if which == "ours" else Side.THEIRS)


def _listed(scene: Scene, key: str, promises: Sequence[Promise], **values: object) -> Outcome:
    visible = sorted((p for p in promises if may_read(scene, p)), key=lambda p: p.due.at)
    if not visible:
        return Reply(card=_empty(scene, key, values))
    shown, more = visible[:SHOWN_AT_MOST], len(visible) - SHOWN_AT_MOST
    blocks: list[Block] = [Bullets(tuple(line(scene, promise) for promise in shown))]
    if more > 0:
        blocks.append(Paragraph(scene.say.text("list.more", n=more)))
    return Reply(
        card=Card(title=scene.say(f"list.{key}.title", n=len(visible), **values), blocks=tuple(blocks))
    )


def _empty(scene: Scene, key: str, values: dict[str, object]) -> Card:
    """An empty list says how to begin."""
    say = scene.say
    blocks = (Paragraph(say.text(f"list.{key}.empty", **values)), Paragraph(say.text("list.begin")))
    return Card(title=say("list.empty_title"), blocks=blocks)


def line(scene: Scene, promise: Promise) -> Text:
    """One promise, as lists show it, with its date once."""
    view, say = view_of(scene, promise), scene.say
    tells_due = view.state in (State.OPEN, State.MISSED) and view.waiting_reason is None
    return say.text(
        "list.line_told" if tells_due else "list.line",
        ref=view.ref,
        customer=view.partnership,
        title=Strong(view.title),
        owner=view.owner.name,
        due=say.due(view.due),
        status=status(view, say),
    )
