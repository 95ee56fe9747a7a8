"""Joining a customer's channel to their partnership, in two steps that show who else is there (L09)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot import reading
from bot.addresses import Place, PlaceKind
from bot.cards import Bullets, Button, Card, Paragraph, Strong, Text, encode
from bot.digesting import plan
from bot.filling import subject_of
from bot.grammar import PLACE
from bot.messages.partners import partnership_card
from bot.partner_words import named
from bot.scene import Scene, of_partnership
from bot.turns import Outcome, Press, Reply
from commitments.errors import NotYours, Settled, Unfit
from commitments.partnership import Closeness, Partnership

NAMED_ONLY = re.compile(r"(?:^|\s)#\S+")  # a channel the platform could not tell us more about
SEVERAL = 2  # external organisations in one channel: which one is the customer has to be said (T21)
CHOICES_AT_MOST = 5
NAMED_AT_MOST = 3  # people of one organisation


def link(scene: Scene, words: str) -> Outcome:
    """`link Acme #acme-shared`: nothing changes until the one who asks confirms."""
    found = PLACE.search(words)
    name, unresolved = NAMED_ONLY.subn("", PLACE.sub("", words))
    partnership = named(scene, name)
    scene.allow("partnership.link", of_partnership(partnership), partnership.id)
    place_id = found[1] if found else None if unresolved else _spoken_in(scene)
    place = _free_place(scene, place_id, partnership)
    return Reply(card=_confirm_card(scene, partnership, place))


def confirm_link(scene: Scene, press: Press) -> Outcome:
    value = subject_of(press.value)
    partnership = scene.partnership(value.subject, "partnership.link")
    place_id, mark, choice = _unpacked(value.question)
    place = _free_place(scene, place_id, partnership)
    if mark != str(place.version):  # who is in the channel may have changed since the card was shown
        return Reply(card=_confirm_card(scene, partnership, place))
    return _linked(scene, partnership, place, choice)


def _linked(scene: Scene, before: Partnership, place: Place, choice: str) -> Outcome:
    organisations = _chosen(place, choice)
    _leave(scene, before)
    reading.begin_anew(scene, place)
    after = replace(
        before,
        place_id=place.id,
        organisations=organisations,
        closeness=Closeness.PLAIN if len(place.organisations) >= SEVERAL else before.closeness,
        their_lead_id=None if before.place_id not in (None, place.id) else before.their_lead_id,
        first_digest_approved_at=None,
        welcomed_at=None,
        mapping_version=before.mapping_version + 1,
    )
    scene.uow.places.save(replace(place, kind=PlaceKind.CUSTOMER, partnership_id=after.id))
    scene.uow.partnerships.save(after)
    plan(scene.ports, scene.uow, after, scene.now)
    note = scene.say.text("partner.link.done", place=place.name, name=after.name)
    return Reply(card=partnership_card(scene, after, note=note))


def _leave(scene: Scene, partnership: Partnership) -> None:
    """The channel it had before belongs to nobody, and hears nothing more."""
    old = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    if old is not None:
        scene.uow.places.save(replace(old, partnership_id=None))


def _free_place(scene: Scene, place_id: str | None, partnership: Partnership) -> Place:
    """Absent, or a place the actor is not in, reads the same. Raises Unfit and Settled."""
    place = scene.uow.places.get(place_id) if place_id else None
    if place is None or place.kind is PlaceKind.PRIVATE or not _is_member(scene, place):
        raise Unfit("partner.unknown_place", name=partnership.name)
    if place.partnership_id == partnership.id:
        raise Settled("partner.already_linked", name=partnership.name, place=place.name)
    if place.partnership_id is not None:
        raise Settled("partner.place_taken", place=place.name)
    return place


def _is_member(scene: Scene, place: Place) -> bool:
    return scene.person.id in scene.uow.places.members(place.id)


def _spoken_in(scene: Scene) -> str | None:
    return None if scene.is_private or scene.place is None else scene.place.id


def _confirm_card(scene: Scene, partnership: Partnership, place: Place) -> Card:
    say, organisations = scene.say, sorted(place.organisations)
    state = "none" if not organisations else "one" if len(organisations) < SEVERAL else "several"
    present = Bullets(tuple(_present(scene, place, organisation) for organisation in organisations))
    return Card(
        title=say("partner.link.title", name=partnership.name, place=place.name),
        blocks=(
            Paragraph(say.text(f"partner.link.present_{state}", place=place.name, name=partnership.name)),
            *((present,) if organisations else ()),
            Paragraph(say.text("partner.link.means", name=partnership.name)),
        ),
        buttons=tuple(_confirm_buttons(scene, partnership, place, organisations)),
    )


def _present(scene: Scene, place: Place, organisation: str) -> Text:
    """Platforms give an organisation an id, and seldom a name; whom we met there says more. They may call
    themselves what they like, so the id stays."""
    met = scene.uow.people.of_ids(scene.uow.places.members(place.id)).values()
    names = sorted({each.name for each in met if each.organisation == organisation and not each.is_ours})
    if not names:
        return (Strong(organisation),)
    some = ", ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")
    return scene.say.text("partner.link.present", organisation=Strong(organisation), people=some)


def _confirm_buttons(
    scene: Scene, partnership: Partnership, place: Place, organisations: list[str]
) -> Iterator[Button]:
    """One button, or one for each organisation that could be the customer."""
    several = len(organisations) >= SEVERAL
    for choice in range(min(len(organisations), CHOICES_AT_MOST) if several else 1):
        label = (
            scene.say("partner.link.confirm_one_of", organisation=organisations[choice])
            if several
            else scene.say("partner.link.confirm", name=partnership.name)
        )
        question = f"{place.id}.{place.version}.{choice}"
        yield Button(
            verb="partnership.link_confirm",
            label=label,
            value=encode(partnership.id, question),
            primary=not several,
        )


def _unpacked(question: str) -> tuple[str, str, str]:
    parts = question.split(".")
    if len(parts) != 3:
        raise NotYours
    return parts[0], parts[1], parts[2]


def _chosen(place: Place, choice: str) -> frozenset[str]:
    organisations = sorted(place.organisations)
    if len(organisations) < SEVERAL:
        return frozenset(organisations)
    if not choice.isdecimal() or int(choice) >= len(organisations):
        raise NotYours
    return frozenset({organisations[int(choice)]})
