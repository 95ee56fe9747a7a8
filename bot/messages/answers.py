"""An answer that a platform did not take, said later: how things are then, as its words are not kept.

Only ever in private, to the one of us who asked, and with what they may read when it is said.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cards import Card, Paragraph, decode
from bot.composing import Composer, Draft
from bot.intents import to_person
from bot.ports import Ports
from bot.promise_cards import heading, headline, may_press, status
from bot.scene import actor_of, of_promise, themselves
from bot.views import for_customer, people_in
from commitments.access import Actor, Grant, decide
from commitments.partnership import Partnership
from commitments.promise import Promise

KIND = "answer"
LASTS = timedelta(hours=1)  # ours: whoever has waited longer has asked again


def say_later(
    ports: Ports, tenant: str, person_id: str, lost: Card, *, key: str, now: datetime, done: bool
) -> None:
    """Once for the turn with that key; `done`: something may have come of it. Safe to repeat."""
    with ports.open_uow(tenant) as uow:
        person = themselves(uow, person_id)
        if person is None or not person.is_ours:
            return
        args = {"asked_at": now.isoformat(), "how": "done" if done else "undone"}
        about = _about(lost) or person.id
        told = to_person(person, KIND, about, key=f"{KIND}:{key}", at=now, args=args, lasts=LASTS)
        uow.outbox.queue([told])
        uow.commit()


def _about(card: Card) -> str | None:
    """The one thing that all its buttons are about."""
    values = [decode(button.value) for button in card.buttons]
    subjects = {value.subject for value in values if value}
    return subjects.pop() if len(subjects) == 1 else None


def compose_answer(draft: Draft) -> Card | None:
    if draft.person is None or "asked_at" not in draft.args:
        return None
    promise = draft.uow.promises.get(draft.subject_id)
    partnership = draft.uow.partnerships.get(promise.partnership_id) if promise else None
    actor = actor_of(draft.uow, draft.person)
    if promise is None or partnership is None or not _may_read(actor, promise):
        line = draft.say.text(f"answer.{draft.args['how']}", when=_asked_at(draft))
        return Card(title=draft.say("answer.title"), blocks=(Paragraph(line),))
    return _as_it_stands(draft, actor, promise, partnership)


def _may_read(actor: Actor, promise: Promise) -> bool:
    return actor.is_ours and decide(actor, "promise.read", of_promise(promise)) is Grant.ALLOWED


def _as_it_stands(draft: Draft, actor: Actor, promise: Promise, partnership: Partnership) -> Card:
    say, people = draft.say, draft.uow.people.of_ids(people_in(promise))
    view = for_customer(promise, partnership, people, draft.now)
    lines = (say.text("answer.stands", when=_asked_at(draft)), headline(view, say), status(view, say))
    return Card(
        title=heading(view, say),
        blocks=tuple(Paragraph(line) for line in lines),
        buttons=may_press(actor, promise, view, say),
    )


def _asked_at(draft: Draft) -> object:
    return draft.say.moment(datetime.fromisoformat(draft.args["asked_at"]))


COMPOSERS: dict[str, Composer] = {KIND: compose_answer}
