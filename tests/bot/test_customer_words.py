"""What stands in a shared channel: few words, few buttons, in every state and in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.cards import Card, Mention
from bot.messages.anchors import anchor_card, ask_card
from bot.messages.welcomes import welcome_card
from bot.plain import body
from bot.readers import Reader
from bot.views import CustomerView, for_customer
from bot.wording import Words, languages
from builders import ACME, ANA, BEN, CARLA, CAST, FRIDAY, MONDAY, NEXT_FRIDAY, TUESDAY, a_promise, due
from commitments.promise import OfflineAgreement, Promise, Proposal, Question, Shape, Side, State, Waiting
from stage import Stage

MOST_WORDS = 40
MOST_BUTTONS = 3
LONGEST_LABEL = 75  # Slack: text of a button element
ABOUT = ("offer", "delivered", "release", "offline", "how", "accept")

TITLE = "Send the SOC 2 report"
PART = "Send the first chapter"
REASON = "The auditor needs two more days."
EVIDENCE = "https://acme.example/soc2"
THEIR_OWN = (TITLE, PART, REASON, EVIDENCE, *(person.name for person in CAST))
AFTERWARDS = NEXT_FRIDAY + timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    view: CustomerView


def offer(shape: Shape, by_side: Side) -> Proposal:
    return Proposal(
        id="1" * 32,
        shape=shape,
        due=due(AFTERWARDS),
        title=None if shape is Shape.ANOTHER_DATE else PART,
        reason=REASON,
        by=ANA.id if by_side is Side.OURS else CARLA.id,
        by_side=by_side,
        proposed_at=TUESDAY,
        early=True,
        first_offered_at=TUESDAY,
    )


def situations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, and everything that can hang on an open promise or on a request."""
    for state in State:
        yield state.value, {"state": state}
    yield "waiting", {"waiting": Waiting(reason=REASON, since=TUESDAY)}
    yield "release asked", {"release_asked_at": TUESDAY}
    yield "asked how", {"question": Question(by=CARLA.id, at=TUESDAY)}
    agreed = OfflineAgreement(
        by=BEN.id, at=TUESDAY, old_due=due(FRIDAY), old_title=TITLE, old_span_from=MONDAY, early=True
    )
    yield "agreed offline", {"offline": agreed}
    for state in (State.OPEN, State.PROPOSED):
        for shape in Shape:
            for by_side in Side:
                changes = {"state": state, "proposal": offer(shape, by_side)}
                yield f"{state.value}, {shape.value} by {by_side.value}", changes


def of_side(side: Side, changes: dict[str, Any]) -> Promise:
    owner = ANA if side is Side.OURS else CARLA
    proven = EVIDENCE if changes.get("state") in (State.DELIVERED, State.KEPT) else None
    usual = {"title": TITLE, "side": side, "owner_id": owner.id, "shown_at": MONDAY, "evidence": proven}
    return a_promise(**{"due_at": NEXT_FRIDAY, **usual, **changes})


def cases() -> list[Case]:
    people = {person.id: person for person in CAST}
    return [
        Case(f"{side.value}: {name}", for_customer(of_side(side, changes), ACME, people, TUESDAY))
        for side in Side
        for name, changes in situations()
    ]


def late_cases() -> list[Case]:
    people = {person.id: person for person in CAST}
    promises = [(side, of_side(side, {"state": State.OPEN})) for side in Side]
    return [Case(f"{side.value}: late", for_customer(p, ACME, people, AFTERWARDS)) for side, p in promises]


CASES = [*cases(), *late_cases()]
every_language = pytest.mark.parametrize("language", languages())
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def reader(language: str) -> Reader:
    return Reader(ports=Stage().ports, words=Words(language), locale=language, zone="UTC", now=TUESDAY)


def cards(case: Case, say: Reader) -> Iterator[Card]:
    """The card that stays, and each reply that may hang below it."""
    yield anchor_card(case.view, say)
    for about in ABOUT:
        said = REASON if about in ("release", "how") else ""
        yield ask_card(case.view, say, about, Mention(CARLA.id, CARLA.name), said)
        yield ask_card(case.view, say, about, None, said)


def our_words(card: Card) -> list[str]:
    """Kept's own words in the body; people's words and names are theirs to choose."""
    text = body(card)
    for own in THEIR_OWN:
        text = text.replace(own, " ")
    return [word for word in text.split() if any(letter.isalnum() for letter in word)]


@every_language
@every_case
def test_a_customer_reads_at_most_forty_words_of_ours(case: Case, language: str) -> None:
    for card in cards(case, reader(language)):
        assert 0 < len(our_words(card)) <= MOST_WORDS, body(card)


@every_language
@every_case
def test_a_customer_has_at_most_three_buttons(case: Case, language: str) -> None:
    for card in cards(case, reader(language)):
        labels = [button.label for button in card.buttons]
        assert len(labels) <= MOST_BUTTONS
        assert len(set(labels)) == len(labels)
        assert all(0 < len(label) <= LONGEST_LABEL for label in labels)


@every_language
@every_case
def test_an_offer_ends_by_saying_that_it_changes_no_contract(case: Case, language: str) -> None:
    say = reader(language)
    last = body(anchor_card(case.view, say)).splitlines()[-1]
    assert (last == say("offer.no_contract")) is (case.view.offer is not None)


@every_language
@every_case
def test_an_open_promise_shows_its_date(case: Case, language: str) -> None:
    if case.view.state not in (State.OPEN, State.PROPOSED):
        return
    say = reader(language)
    assert say.due(case.view.due).words in body(anchor_card(case.view, say))


@every_language
def test_a_reply_names_whom_it_asks_or_everyone(language: str) -> None:
    say, view = reader(language), CASES[0].view
    for about in ("how", "accept"):
        assert CARLA.name in body(ask_card(view, say, about, Mention(CARLA.id, CARLA.name), REASON))
    assert ACME.name in body(ask_card(view, say, "how", None, REASON))


@every_language
def test_the_welcome_is_forty_words_of_ours(language: str) -> None:
    stage = Stage()
    with stage.work() as uow:
        card = welcome_card(uow, reader(language), ACME)
    assert 0 < len(our_words(card)) <= MOST_WORDS, body(card)
