"""A word to somebody whose second account was linked, where the proof was shown."""

from __future__ import annotations

from bot.cards import Button, Card, Paragraph, encode
from bot.composing import Composer, Draft


def compose_linked(draft: Draft) -> Card | None:
    if draft.person is None or not draft.uow.people.also(draft.person.id):
        return None
    say = draft.say
    part = Button(verb="identity.unlink", label=say("identity.button.unlink"), value=encode(draft.person.id))
    body = Paragraph(say.text("identity.told"))
    return Card(title=say("identity.linked_title"), blocks=(body,), buttons=(part,))


COMPOSERS: dict[str, Composer] = {"identity_linked": compose_linked}
