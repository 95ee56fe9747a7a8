"""What is said about a win before the digest tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import Block, Button, Card, Mention, Paragraph, Strong, Text, Tone, encode
from bot.composing import Composer, Draft
from bot.readers import Reader
from commitments.partnership import Person, Win


def win_card(say: Reader, win: Win, name: str, credited: Sequence[Person]) -> Card:
    """To whoever recorded it, with the way back."""
    blocks: list[Block] = [Paragraph((Strong(win.text),))]
    if credited:
        blocks.append(Paragraph(say.text("win.recorded.credit", names=_listed(credited))))
    blocks.append(Paragraph(say.text("win.recorded.next", name=name)))
    return Card(
        title=say("win.recorded.title", name=name),
        blocks=tuple(blocks),
        buttons=(Button(verb="win.undo", label=say("win.button.undo"), value=encode(win.id)),),
        tone=Tone.CELEBRATION,
    )


def undone_card(say: Reader, win: Win) -> Card:
    return Card(
        title=say("win.undone.title"), blocks=(Paragraph(say.text("win.undone.body", text=win.text)),)
    )


def consent_card(say: Reader, *, agreed: bool) -> Card:
    answer = "named" if agreed else "unnamed"
    return Card(title=say(f"win.{answer}.title"), blocks=(Paragraph(say.text(f"win.{answer}.body")),))


def _listed(people: Sequence[Person]) -> Text:
    spans: list[str | Mention] = []
    for person in people:
        spans += [", ", Mention(person.id, person.name)]
    return tuple(spans[1:])


def _thanked(draft: Draft) -> Card | None:
    """A colleague hears who gave them credit; nothing, if it was taken back."""
    win = draft.uow.partnerships.win(draft.subject_id)
    if win is None or win.withdrawn_at is not None or draft.person is None:
        return None
    partnership = draft.uow.partnerships.get(win.partnership_id)
    by = draft.uow.people.get(win.by)
    if partnership is None or by is None:
        return None
    return Card(
        title=draft.say("win.thanked.title"),
        blocks=(
            Paragraph(draft.say.text("win.thanked.by", who=Mention(by.id, by.name), name=partnership.name)),
            Paragraph((Strong(win.text),)),
        ),
        tone=Tone.CELEBRATION,
    )


COMPOSERS: Mapping[str, Composer] = {"thanked": _thanked}
