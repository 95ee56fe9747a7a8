"""The promises of somebody who has left, for whoever looks after the customer, each to be handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot import buttons
from bot.cards import Bullets, Card, Paragraph, Strong, Tone
from bot.composing import Composer, Draft
from bot.orphaning import KIND, UNFINISHED
from bot.views import CustomerView, for_customer, people_in
from commitments.partnership import Partnership
from commitments.promise import Side

SHOWN_AT_MOST = 10


def compose(draft: Draft) -> Card | None:
    """Nothing when somebody came back, or another has taken over."""
    say, owner = draft.say, draft.uow.people.get(draft.subject_id)
    partnership = draft.uow.partnerships.get(draft.args.get("partnership", ""))
    if draft.person is None or owner is None or partnership is None or owner.is_ours:
        return None
    left = list(_left(draft, partnership))
    if not left:
        done = say("orphan.done", name=owner.name, customer=partnership.name)
        return Card(title=done) if draft.redraw else None
    shown, more = left[:SHOWN_AT_MOST], len(left) - SHOWN_AT_MOST
    lines = (
        say.text("orphan.line", ref=view.ref, title=Strong(view.title), due=say.due(view.due))
        for view in shown
    )
    rest = (Paragraph(say.text("orphan.more", n=more, customer=partnership.name)),) if more > 0 else ()
    return Card(
        title=say("orphan.title", n=len(left), name=owner.name, customer=partnership.name),
        blocks=(Bullets(tuple(lines)), *rest, Paragraph(say.text("orphan.next"))),
        buttons=tuple(buttons.button(view, say, "promise.give") for view in shown),
        tone=Tone.ATTENTION,
    )


def _left(draft: Draft, partnership: Partnership) -> Iterator[CustomerView]:
    for promise in draft.uow.promises.of_owner(draft.subject_id, UNFINISHED):
        if promise.partnership_id == partnership.id and promise.side is Side.OURS:
            people = draft.uow.people.of_ids(people_in(promise))
            yield for_customer(promise, partnership, people, draft.now)


COMPOSERS: Mapping[str, Composer] = {KIND: compose}
