"""First words: in a new place, to a customer, to whoever added Kept, and what Kept stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.addresses import PlaceKind
from bot.cards import Block, Bullets, Button, Card, Mention, Paragraph, Strong, Text, encode
from bot.composing import Composer, Draft
from bot.readers import Reader, reader_in
from bot.scene import Scene
from bot.storage import UnitOfWork
from bot.team import leads
from bot.views import CustomerView
from commitments.partnership import Partnership
from commitments.promise import Side, State

LISTED_AT_MOST = 20
ANSWERS = ("list", "ask", "offer", "tell", "quieter", "stores")  # the welcome's six, in this order


def welcome_card(uow: UnitOfWork, say: Reader, partnership: Partnership) -> Card:
    """Read by the customer: names the lead and the purpose both sides know, nothing else."""
    lead = next(iter(leads(uow, partnership.id)), None)
    who: Text = (Mention(lead.id, lead.name),) if lead else (say("welcome.card.we"),)
    blocks: list[Block] = [Paragraph(say.text("welcome.card.body", lead=who))]
    if partnership.purpose:
        blocks.append(Paragraph(say.text("welcome.card.purpose", purpose=Strong(partnership.purpose))))
    blocks.append(Paragraph(say.text("welcome.card.note")))
    buttons = (
        Button(verb=f"welcome.{a}", label=say(f"welcome.button.{a}"), value=encode(partnership.id))
        for a in ANSWERS
    )
    return Card(title=say("welcome.card.title"), blocks=tuple(blocks), buttons=tuple(buttons))


def preview_card(scene: Scene, partnership: Partnership) -> Card:
    """The exact words, as the shared channel will read them, for the lead alone."""
    say = scene.say
    place = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    theirs = reader_in(scene.ports, place, partnership, scene.now) if place else say
    card = welcome_card(scene.uow, theirs, partnership)
    labels = " · ".join(button.label for button in card.buttons)
    return Card(
        title=say("welcome.preview.title", name=partnership.name),
        blocks=(
            Paragraph(say.text("welcome.preview.body", place=place.name if place else "")),
            Paragraph((Strong(card.title),)),
            *card.blocks,
            Paragraph(say.text("welcome.preview.buttons", labels=labels)),
        ),
        buttons=(
            Button(
                verb="welcome.approve",
                label=say("welcome.button.approve"),
                value=encode(partnership.id, str(partnership.version)),
                primary=True,
            ),
            Button(verb="partnership.edit", label=say("welcome.button.edit"), value=encode(partnership.id)),
        ),
    )


def shared_list_card(say: Reader, name: str, views: Sequence[CustomerView]) -> Card:
    """What both sides have shown each other."""
    if not views:
        return Card(
            title=say("welcome.list.title", name=name), blocks=(Paragraph(say.text("welcome.list.empty")),)
        )
    blocks: list[Block] = []
    for side in Side:
        lines = [_line(say, view) for view in views if view.side is side]
        if lines:
            blocks.append(Paragraph((Strong(say(f"welcome.list.{side.value}", name=name)),)))
            blocks.append(Bullets(tuple(lines[:LISTED_AT_MOST])))
        if len(lines) > LISTED_AT_MOST:
            blocks.append(Paragraph(say.text("welcome.list.more", n=len(lines) - LISTED_AT_MOST)))
    return Card(title=say("welcome.list.title", name=name), blocks=tuple(blocks))


def stores_card(say: Reader, *, named: bool, consent: Button | None, talk: str) -> Card:
    """Short and true; a customer may also say here whether wins may name them."""
    items = tuple(say.text(f"welcome.stores.{line}") for line in ("promises", "words", "people", talk))
    blocks: list[Block] = [Bullets(items), Paragraph(say.text("welcome.stores.where"))]
    if consent is not None:
        blocks.append(Paragraph(say.text(f"welcome.stores.{'named' if named else 'unnamed'}")))
    return Card(
        title=say("welcome.stores.title"),
        blocks=tuple(blocks),
        buttons=(consent,) if consent is not None else (),
    )


def _line(say: Reader, view: CustomerView) -> Text:
    key = "done" if view.state is State.DELIVERED else "asked" if view.state is State.PROPOSED else "open"
    return say.text(
        f"welcome.list.{key}",
        ref=view.ref,
        title=Strong(view.title),
        owner=view.owner,
        due=say.due(view.due),
    )


def _welcome(draft: Draft) -> Card | None:
    """Nothing, if the channel or the customer changed since the lead approved it (L39)."""
    partnership = draft.uow.partnerships.get(draft.subject_id)
    if partnership is None or partnership.place_id != draft.place.id:
        return None
    if draft.args.get("mapping") != str(partnership.mapping_version):
        return None
    return welcome_card(draft.uow, draft.say, partnership)


def _introduction(draft: Draft) -> Card | None:
    """What it does, who sees what, how to silence it. Says nothing of any partnership."""
    kind = "customer" if draft.place.kind is PlaceKind.CUSTOMER else "internal"
    lines = tuple(
        draft.say.text(f"welcome.introduction.{kind}_{line}") for line in ("does", "sees", "silence")
    )
    return Card(
        title=draft.say("welcome.introduction.title"), blocks=tuple(Paragraph(line) for line in lines)
    )


def _how_to_link(draft: Draft) -> Card | None:
    """To whoever added Kept to a customer's channel that belongs to no partnership yet."""
    place = draft.uow.places.get(draft.subject_id)
    if place is None or place.partnership_id is not None or draft.person is None:
        return None
    return Card(
        title=draft.say("welcome.how_to_link.title", place=place.name),
        blocks=(
            Paragraph(draft.say.text("welcome.how_to_link.body", place=place.name)),
            Bullets(
                (
                    draft.say.text("welcome.how_to_link.new"),
                    draft.say.text("welcome.how_to_link.link", place=place.name),
                )
            ),
        ),
    )


COMPOSERS: Mapping[str, Composer] = {
    "welcome": _welcome,
    "introduction": _introduction,
    "how_to_link": _how_to_link,
}
