"""Cards as Adaptive Cards 1.5: a heading, rich text, facts, sets of actions; the plain-text twin as fallback.

A card that is too long is said more plainly before anything of it is left off, and what is left off is
counted: "… +7".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from math import ceil

from adapters.teams.escape import inert, label, markdown, opening
from adapters.teams.limits import ACTIONS, BUTTON_LABEL, CARD_BYTES, TITLE, VIEWERS
from adapters.teams.spans import ANYWHERE, Json, Tenant, Writer
from bot.cards import Block, Bullets, Button, Card, Facts, Paragraph, Strong, Tone
from bot.plain import body, plain_text
from commitments.text import MARK, READ_AT_MOST, shorten

VERSION = "1.5"  # learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
KEPT = "kept"  # the only key of ours in what a press carries; fields of a form stand beside it
VERB = "verb"
OPEN_FORM = "teams.open_form"  # our own button, where Teams opens no dialog by itself
LOOK = "teams.look"  # no button: a client asks what a card offers to the one who looks at it

# Said by a sign as well as by a colour.
_TONES = {Tone.ATTENTION: ("warning", "⚠️"), Tone.CELEBRATION: ("good", "🎉")}
_FALLBACKS = (READ_AT_MOST, 2_000)  # characters of the twin, tried in turn
_BODIES = (12_000, 9_000, 6_000, 3_000, 1_000)  # characters of plain lines, tried after that
_ROWS = (16, 8, 4, 2, 1, 0)  # rows of actions, tried when even the shortest lines are too long


def adaptive_card(card: Card, tenant: Tenant = ANYWHERE) -> Json:
    """The first way of saying it that fits, from the richest to the shortest. Everyone in the place can read
    all of it, what its actions carry included (L33).
    """
    return next(draft for draft in _ways_to_say(card, tenant) if fits(draft))


def looked_at(drawn: Json, user_ids: Sequence[str]) -> Json:
    """The card of all, which the clients of some ask about again: what they are answered, only they see.

    Everybody can read who they are. Where it is too much, the card is enough by itself.
    """
    if not user_ids:
        return drawn
    asks = {"type": "Action.Execute", "verb": LOOK, "data": {KEPT: ""}}
    asking = drawn | {"refresh": {"action": asks, "userIds": list(user_ids[:VIEWERS])}}
    return asking if fits(asking) else drawn


def envelope(body: list[Json], fallback: str, writer: Writer) -> Json:
    """`fallback` is for clients that do not know our version; it is Markdown to them."""
    drawn: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": fallback,
        "body": body,
    }
    return drawn | {"msteams": {"entities": writer.entities}} if writer.entities else drawn


def fits(drawn: Json) -> bool:
    return len(json.dumps(drawn)) <= CARD_BYTES


def heading(title: str) -> Json:
    return {
        "type": "TextBlock",
        "text": opening(markdown(label(title, TITLE))),
        "style": "heading",
        "size": "Medium",
        "weight": "Bolder",
        "wrap": True,
    }


def more(n: int, writer: Writer) -> Iterator[Json]:
    """How much was left off, in no language."""
    return writer.block((f"{MARK} +{n}",))


def action(title: str, verb: str, carried: str, *, primary: bool = False) -> Json:
    """Submits where a client cannot execute. `carried` is opaque, as everybody can read it (L33)."""
    shown: Json = {"title": label(title, BUTTON_LABEL)}
    if primary:
        shown["style"] = "positive"
    submit = {"type": "Action.Submit", **shown, "data": {KEPT: carried, VERB: verb}}
    return {"type": "Action.Execute", **shown, "verb": verb, "data": {KEPT: carried}, "fallback": submit}


def _ways_to_say(card: Card, tenant: Tenant) -> Iterator[Json]:
    for most in _FALLBACKS:
        writer = Writer(tenant)
        yield envelope(
            [*_heading(card), *_said(card, writer), *_presses(card, writer)], _twin(card, most), writer
        )
    for most in _BODIES:
        yield _plainer(card, most)
    for rows in _ROWS:
        yield _plainer(card, _BODIES[-1], rows)


def _plainer(card: Card, most: int, rows: int | None = None) -> Json:
    """Nobody is mentioned: what is said plainly is no address."""
    writer = Writer(ANYWHERE)
    said = [*_heading(card), *_plainly(card, most, writer), *_presses(card, writer, rows)]
    return envelope(said, _twin(card, min(most, _FALLBACKS[-1])), writer)


def _twin(card: Card, most: int) -> str:
    lines = map(opening, markdown(shorten(plain_text(card), most)).split("\n"))
    return "\n\n".join(line for line in lines if line) or MARK


def _heading(card: Card) -> Iterator[Json]:
    if card.tone not in _TONES:
        yield heading(card.title)
        return
    style, sign = _TONES[card.tone]
    yield {"type": "Container", "style": style, "bleed": True, "items": [heading(f"{sign} {card.title}")]}


def _said(card: Card, writer: Writer) -> Iterator[Json]:
    title = label(card.title, READ_AT_MOST)
    if len(title) > TITLE:  # in full, as the heading was cut
        yield from writer.block((title,))
    for each in card.blocks:
        yield from _block(each, writer)


def _block(block: Block, writer: Writer) -> Iterator[Json]:
    match block:
        case Paragraph(text):
            yield from writer.block(text)
        case Facts(pairs) if pairs:
            facts = [
                {"title": writer.markdown((name,)), "value": writer.markdown(text)} for name, text in pairs
            ]
            yield {"type": "FactSet", "facts": facts}
        case Bullets(items):
            for item in items:
                yield from writer.block(("• ", *item), spacing="Small")


def _plainly(card: Card, most: int, writer: Writer) -> Iterator[Json]:
    """The twin's lines; what is beyond `most` characters is counted."""
    lines = [line for line in inert(body(card)).split("\n") if line.strip()]
    kept = sum(used <= most for used in accumulate(len(line) + 1 for line in lines))
    shown = lines[:kept] or [shorten(line, most) for line in lines[:1]]
    yield from writer.block(("\n".join(shown),))
    if len(shown) < len(lines):
        yield from more(len(lines) - len(shown), writer)


def _presses(card: Card, writer: Writer, at_most: int | None = None) -> Iterator[Json]:
    """Under what they are about, where a card is about several things; at most so many rows."""
    rows = list(_rows(card.buttons))
    is_bundle = len({button.about for button in card.buttons}) > 1
    about = ""
    for row in rows[:at_most]:
        if is_bundle and row[0].about != about:
            about = row[0].about
            yield from writer.block((Strong(label(about, TITLE)),), spacing="Medium")
        yield {"type": "ActionSet", "actions": [_press(button) for button in row]}
    if at_most is not None and len(rows) > at_most:
        yield from more(sum(map(len, rows[at_most:])), writer)


def _rows(buttons: tuple[Button, ...]) -> Iterator[list[Button]]:
    for _, group in groupby(buttons, key=lambda button: button.about):
        same = list(group)
        width = ceil(len(same) / ceil(len(same) / ACTIONS))  # four are two and two
        yield from (same[start : start + width] for start in range(0, len(same), width))


def _press(button: Button) -> Json:
    """Only a submission can open a dialog: task-modules-and-cards/task-modules/task-modules-bots."""
    if button.verb == OPEN_FORM:
        submit: Json = action(button.label, button.verb, button.value)["fallback"]
        return submit | {"data": submit["data"] | {"msteams": {"type": "task/fetch"}}}
    return action(button.label, button.verb, button.value, primary=button.primary)
