"""The cards and forms that people meet most, each composed by the bot in the course of one week."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from adapters.moments import BabelMomentWords
from bot import sweeps
from bot.cards import Card, Form, encode
from bot.messages.welcomes import welcome_card
from bot.readers import reader_for
from bot.turns import OpenForm
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    MIA,
    MONDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_person,
    a_promise,
    a_voice,
    a_win,
    due,
)
from commitments.promise import State
from driving import WORKER, Bot, came_back, opened, replied
from stage import Stage

GOLDEN = Path(__file__).parent / "adapters/slack/golden"
CARDS = (
    *("captured", "anchor", "bundle", "offer", "digest_preview", "digest", "manager_digest"),
    *("welcome", "help", "list"),
)
FORMS = ("capture", "capture_refused", "renegotiate", "give", "settings", "away", "notes", "notes_review")
HOUR = timedelta(hours=1)
NOTES = """Ana: I'll send the SOC 2 report by Friday.
[00:12:03] Carla (Acme): we'll sign the order by 24 Nov
Ben: I'll try to fix the export by Monday
Priya: I'll check the logs"""


@dataclass(frozen=True, slots=True)
class Showcase:
    cards: Mapping[str, Card]
    forms: Mapping[str, Form]


def a_bot() -> Bot:
    """With dates in words as they really are."""
    stage = Stage()
    stage.ports = replace(stage.ports, moment_words=BabelMomentWords(stage.clock))
    return Bot(stage=stage)


@cache
def showcase() -> Showcase:
    return Showcase(cards=_promise_cards() | _weekly_cards() | _other_cards(), forms=_forms())


def _promise_cards() -> dict[str, Card]:
    bot = a_bot()
    bot.has_made("Acme: name the trainer by 26 Nov 12:00")
    captured = replied(bot.says(ANA, "Acme: translate the manual by 4 Dec 15:00"))
    promise = bot.has_shown()
    anchor = bot.heard_in(ACME_SHARED, "anchor")[-1].card
    bot.move_to(WEDNESDAY + timedelta(weeks=1))
    bundle = bot.heard_by(ANA, "bundle")[-1].card
    bot.has_offered(promise)
    offer = bot.heard_in(ACME_SHARED, "ask")[-1].card
    return {"captured": captured, "anchor": anchor, "bundle": bundle, "offer": offer}


def _weekly_cards() -> dict[str, Card]:
    bot = a_bot()
    kept = {"state": State.KEPT, "shown_at": MONDAY, "delivered_at": WEDNESDAY, "settled_at": THURSDAY}
    moved = {"first_due": due(THURSDAY), "due": due(FRIDAY)}
    bot.add(
        a_promise(number=1, title="Send the SOC 2 report", due_at=FRIDAY, **kept),
        a_promise(number=2, title="Train the second team", **kept, **moved),
        a_promise(number=3, title="Open the staging system", shown_at=MONDAY, due_at=NEXT_MONDAY + 8 * HOUR),
        a_promise(
            number=4, title="Set up the mirror", shown_at=MONDAY, due_at=THURSDAY, partnership_id=GLOBEX.id
        ),
    )
    with bot.stage.work() as uow:
        uow.partnerships.save(
            replace(ACME, purpose="Reports nobody has to chase", first_digest_approved_at=MONDAY)
        )
        uow.partnerships.add_win(a_win(credits=(ANA.id,)))
        uow.partnerships.add_voice(a_voice(text="The export is too slow", at=TUESDAY))
    sweeps.plan_ahead(bot.ports, WORKER)
    bot.move_to(FRIDAY + 2 * HOUR)
    bot.move_to(NEXT_MONDAY + 2 * HOUR)
    return {
        "digest_preview": bot.heard_by(BEN, "digest_preview")[-1].card,
        "digest": bot.heard_in(ACME_SHARED, "digest")[-1].card,
        "manager_digest": bot.heard_by(MIA, "manager_digest")[-1].card,
    }


def _other_cards() -> dict[str, Card]:
    bot = a_bot()
    with bot.stage.work() as uow:
        welcome = welcome_card(uow, reader_for(bot.ports, CARLA, MONDAY), ACME)
    bot.has_made()
    return {
        "welcome": welcome,
        "help": replied(bot.says(ANA, "help")),
        "list": replied(bot.says(ANA, "list mine")),
    }


def _forms() -> dict[str, Form]:
    bot = a_bot()
    with bot.stage.work() as uow:
        uow.people.save(replace(ANA, locale="en"))  # English of no country: 3/4 may be either day
    bot.has_made("Acme: name the trainer by 26 Nov 12:00")
    promise = bot.has_shown()
    notes = _opened(bot, "notes")
    capture = opened(bot.says(ANA, "Acme: send the SOC 2 report by 3/4"))
    return {
        "capture": capture,
        "capture_refused": came_back(bot.submits(ANA, capture, {"title": ""})),
        "renegotiate": opened(bot.presses(ANA, "promise.renegotiate", encode(promise.id))),
        "give": _opened(bot, "give P-1"),
        "settings": _opened(bot, "settings"),
        "away": _opened(bot, "away"),
        "notes": notes,
        "notes_review": opened(bot.submits(ANA, notes, {"notes": NOTES}, place=ACME_SHARED)),
    }


@cache
def notes_review_in_full() -> Form:
    """As many promises as one page holds, none of them sure, among as many people as it offers."""
    bot = a_bot()
    people = [a_person(f"Colleague Number {n:02}") for n in range(25)]
    with bot.stage.work() as uow:
        for person in people:
            uow.people.add(person)
        uow.places.join(ACME_SHARED.id, [person.id for person in people])
    things = "send the report to everybody on the list of the ministry and to their very patient colleagues"
    lines = [f"{each.name}: I think I'll try to {things} by Monday" for each in people[:9]]
    return opened(bot.submits(ANA, _opened(bot, "notes"), {"notes": "\n".join(lines)}, place=ACME_SHARED))


def _opened(bot: Bot, words: str) -> Form:
    outcome = bot.says(ANA, words, ACME_SHARED)
    assert isinstance(outcome, OpenForm), outcome
    return outcome.form


def reviewed(name: str, drawn: object, golden: Path = GOLDEN) -> tuple[str, str]:
    """What is drawn and what was reviewed; WRITE_GOLDEN=1 writes it anew, to be read like prose."""
    text = f"{json.dumps(drawn, ensure_ascii=False, indent=1)}\n"
    for number, random_id in enumerate(dict.fromkeys(re.findall("[0-9a-f]{32}", text)), start=1):
        text = text.replace(random_id, f"id-{number}")
    file = golden / f"{name}.json"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(text, "utf-8")
    return text, file.read_text("utf-8")
