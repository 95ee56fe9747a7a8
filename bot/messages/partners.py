"""Cards about a partnership itself: how we work together, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cards import Block, Bullets, Button, Card, Facts, Mention, Paragraph, Strong, Text, encode
from bot.composing import Composer, Draft
from bot.dates import day_of
from bot.readers import Reader
from bot.scene import Scene, of_partnership, of_promise
from bot.storage import UnitOfWork
from bot.team import leads
from commitments.access import Grant
from commitments.partnership import Closeness, Partnership, Person, Role
from commitments.promise import Side, State

LISTED_AT_MOST = 20
LIVE = (State.PROPOSED, State.OPEN, State.DELIVERED)


def partnership_card(scene: Scene, partnership: Partnership, *, note: Text = ()) -> Card:
    """How we work together, with what the actor may do about it; `note` says what has just happened."""
    blocks: list[Block] = [Paragraph(note)] if note else []
    return Card(
        title=scene.say("partner.card.title", name=partnership.name),
        blocks=(*blocks, Facts(tuple(_facts(scene, partnership)))),
        buttons=tuple(_buttons(scene, partnership)),
    )


def list_card(scene: Scene, partnerships: list[Partnership]) -> Card:
    """One's partnerships; an empty list says how to begin."""
    say = scene.say
    if not partnerships:
        return Card(
            title=say("partner.list.empty_title"), blocks=(Paragraph(say.text("partner.list.empty")),)
        )
    shown = partnerships[:LISTED_AT_MOST]
    blocks: list[Block] = [Bullets(tuple(_line(scene, p) for p in shown))]
    if len(partnerships) > len(shown):
        blocks.append(Paragraph(say.text("partner.list.more", n=len(partnerships) - len(shown))))
    buttons = (
        Button(verb="partnership.show", label=say("partner.button.show"), value=encode(p.id), about=p.name)
        for p in shown
    )
    return Card(title=say("partner.list.title"), blocks=tuple(blocks), buttons=tuple(buttons))


def closeness_words(say: Reader, closeness: Closeness) -> str:
    return say(f"partner.closeness.{closeness.value}")


def quiet_buttons(say: Reader, partnership: Partnership, *, paused: bool) -> tuple[Button, ...]:
    """What either side may press, at any time and without a reason."""
    value = encode(partnership.id)
    pause = "resume" if paused else "pause"
    steps = [pause]
    if partnership.closeness is not Closeness.PLAIN:
        steps.append("quieter")
    if partnership.closeness is not Closeness.CLOSE:
        steps.append("closer")
    return tuple(
        Button(verb=f"partnership.{step}", label=say(f"partner.button.{step}"), value=value) for step in steps
    )


def _line(scene: Scene, partnership: Partnership) -> Text:
    held = leads(scene.uow, partnership.id)
    words = closeness_words(scene.say, partnership.closeness)
    if partnership.is_paused(scene.now) and partnership.paused_until is not None:
        words = scene.say("partner.list.paused", until=scene.say.day(partnership.paused_until))
    return scene.say.text(
        "partner.list.line", name=Strong(partnership.name), leads=_names(scene.say, held), state=words
    )


def _facts(scene: Scene, partnership: Partnership) -> Iterator[tuple[str, Text]]:
    say = scene.say

    def fact(name: str, text: Text) -> tuple[str, Text]:
        return say(f"partner.card.{name}"), text

    yield fact("purpose", (partnership.purpose or say("partner.card.no_purpose"),))
    if partnership.boundaries:
        yield fact("boundaries", (partnership.boundaries,))
    yield fact("our_lead", _names(say, leads(scene.uow, partnership.id)))
    theirs = scene.uow.people.get(partnership.their_lead_id) if partnership.their_lead_id else None
    yield (
        say("partner.card.their_lead", name=partnership.name),
        _names(say, [theirs] if theirs else []),
    )
    yield fact("promises", _counts(scene, partnership))
    yield fact("closeness", _closeness(scene, partnership))
    yield fact("channel", (_channel(scene, partnership),))
    if partnership.review_on is not None:
        yield fact("review", (day_of(say, partnership.review_on),))


def _closeness(scene: Scene, partnership: Partnership) -> Text:
    say, words = scene.say, closeness_words(scene.say, partnership.closeness)
    if not partnership.is_paused(scene.now) or partnership.paused_until is None:
        return (words,)
    return say.text("partner.card.paused", closeness=words, until=say.moment(partnership.paused_until))


def _channel(scene: Scene, partnership: Partnership) -> str:
    place = scene.uow.places.get(partnership.place_id) if partnership.place_id else None
    return place.name if place else scene.say("partner.card.no_channel", name=partnership.name)


def _counts(scene: Scene, partnership: Partnership) -> Text:
    """Only what the actor may read counts."""
    live = scene.uow.promises.of_partnership(partnership.id, LIVE)
    sides = [p.side for p in live if scene.grant("promise.read", of_promise(p)) is Grant.ALLOWED]
    return scene.say.text(
        "partner.card.counts",
        ours=sides.count(Side.OURS),
        theirs=sides.count(Side.THEIRS),
        name=partnership.name,
    )


def _buttons(scene: Scene, partnership: Partnership) -> Iterator[Button]:
    subject, value = of_partnership(partnership), encode(partnership.id)

    def may(action: str) -> bool:
        return scene.grant(action, subject) is Grant.ALLOWED

    if may("partnership.edit"):
        yield Button(verb="partnership.edit", label=scene.say("partner.button.edit"), value=value)
    paused = partnership.is_paused(scene.now)
    for button in quiet_buttons(scene.say, partnership, paused=paused):
        action = "pause" if button.verb in ("partnership.pause", "partnership.resume") else "closeness"
        if may(f"partnership.{action}"):
            yield button
    if partnership.place_id and scene.ports.policy.reading and may("reading.switch"):
        yield Button(verb="reading.show", label=scene.say("reading.button.show"), value=value)
    if partnership.place_id and partnership.welcomed_at is None and may("partnership.welcome"):
        yield Button(
            verb="welcome.preview", label=scene.say("partner.button.welcome"), value=value, primary=True
        )


def _names(say: Reader, people: list[Person]) -> Text:
    if not people:
        return (say("partner.card.nobody"),)
    spans: list[str | Mention] = []
    for person in people:
        spans += [", ", Mention(person.id, person.name)]
    return tuple(spans[1:])


def _breathing_room(draft: Draft) -> Card | None:
    """The lead hears that the other side wants more, or less, of us."""
    partnership = draft.uow.partnerships.get(draft.subject_id)
    by = draft.uow.people.get(draft.args.get("by", ""))
    if partnership is None or by is None or not draft.is_private:
        return None
    say, step = draft.say, draft.args["step"]
    state = closeness_words(say, partnership.closeness)
    paused = partnership.is_paused(draft.now)
    if paused and partnership.paused_until is not None:
        state = say("partner.list.paused", until=say.day(partnership.paused_until))
    who = Mention(by.id, by.name)
    return Card(
        title=say(f"partner.told.{step}", name=partnership.name),
        blocks=(
            Paragraph(say.text("partner.told.by", who=who, state=state)),
            Paragraph(say.text("partner.told.why")),
        ),
        buttons=(_show(say, partnership),),
    )


def _role(draft: Draft) -> Card | None:
    """Somebody hears what they now are to a partnership."""
    partnership = draft.uow.partnerships.get(draft.subject_id)
    if partnership is None or draft.person is None:
        return None
    roles = draft.uow.partnerships.roles(partnership.id).get(draft.person.id, frozenset())
    by = draft.uow.people.get(draft.args.get("by", ""))
    held = next((role.value for role in Role if role in roles), "none")
    say = draft.say
    return Card(
        title=say(f"partner.role.told_{held}", name=partnership.name),
        blocks=(
            Paragraph(say.text(f"partner.role.means_{held}", name=partnership.name)),
            *((Paragraph(say.text("partner.role.by", who=Mention(by.id, by.name))),) if by else ()),
        ),
        buttons=(_show(say, partnership),) if roles else (),
    )


def _reports(draft: Draft) -> Card | None:
    """A manager hears whose promises the weekly digest will tell them about."""
    if draft.person is None:
        return None
    reports = _active(draft.uow, draft.uow.people.reports_of(draft.person.id))
    if not reports:
        return None
    return Card(
        title=draft.say("partner.reports.told"),
        blocks=(
            Bullets(tuple((Mention(p.id, p.name),) for p in reports)),
            Paragraph(draft.say.text("partner.reports.means")),
        ),
    )


def _active(uow: UnitOfWork, ids: list[str]) -> list[Person]:
    return sorted(
        (p for p in uow.people.of_ids(ids).values() if p.is_active), key=lambda p: p.name.casefold()
    )


def _show(say: Reader, partnership: Partnership) -> Button:
    return Button(verb="partnership.show", label=say("partner.button.show"), value=encode(partnership.id))


COMPOSERS: Mapping[str, Composer] = {
    "breathing_room": _breathing_room,
    "role": _role,
    "reports": _reports,
}
