"""Canaries in every internal field; nothing that an outsider can receive, anywhere, holds one (part B.3).

Everything that reaches a customer's place or an external person is kept byte for byte: cards, edits, forms,
button values, refusals, plain text. Then it is searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot import router, sweeps, turns
from bot.addresses import PlaceKind
from bot.cards import Card, Form, encode
from bot.digesting import preview_text
from bot.intents import to_place
from bot.messages import anchors
from bot.plain import plain_text
from bot.policy import Policy
from bot.turns import Invalid, OpenForm, Outcome, Refused, Reply
from bot.views import CustomerView, TeamView
from builders import (
    ACCOUNT_TEAM,
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    CARLOS,
    FRIDAY,
    GLOBEX,
    GLOBEX_SHARED,
    GUS,
    MIA,
    MONDAY,
    NEXT_MONDAY,
    STRANGER,
    a_person,
    a_private_place,
    a_promise,
    an_id,
)
from commitments.partnership import Person
from commitments.promise import Promise, Source
from driving import WORKER, Bot, opened, replied
from stage import Stage

CANARY = "ZQX"
OUTSIDERS = (CARLA, CARLOS, GUS, STRANGER)
OMAR = a_person(f"{CANARY}-colleague")  # asked for a hand, offered a hand-over: never named outside


def canary(field: str) -> str:
    return f"{CANARY}-{field}"


class Overheard(Bot):
    """Keeps what every outsider was answered."""

    def __init__(self) -> None:
        super().__init__(Stage(policy=Policy(reading=True)))
        self.answers: list[tuple[Person, Outcome]] = []

    def _handle(self, turn: Any) -> Outcome:
        outcome = super()._handle(turn)
        person = next((each for each in OUTSIDERS if each.id == turn.person_id), None)
        if person is not None:
            self.answers.append((person, outcome))
        return outcome

    def outside(self) -> Iterator[str]:
        """Everything that left the house, byte for byte."""
        for said in self.stage.chat.said:
            if is_outside(said.place):
                yield repr(said.card) + plain_text(said.card) + said.key
        for ref, card in self.stage.chat.updates:
            place = self.stage.store.tables.places[ref.place_id]
            if is_outside(place):
                yield repr(card) + plain_text(card)
        for _, outcome in self.answers:
            yield repr(outcome)


def is_outside(place: Any) -> bool:
    return place.kind is PlaceKind.CUSTOMER or place.person_id in {person.id for person in OUTSIDERS}


def assert_silent(bot: Overheard) -> None:
    words = list(bot.outside())
    assert words
    found = [line[max(0, line.index(CANARY) - 60) :][:120] for line in words if CANARY in line]
    assert found == []


@pytest.fixture
def bot() -> Overheard:
    bot = Overheard()
    bot.stage.store.fill(lambda uow: (uow.people.add(OMAR), uow.places.add(a_private_place(OMAR))))
    return bot


def with_secrets(bot: Overheard) -> Promise:
    """Acme's first, with a canary wherever only we may look, and shown."""
    form = opened(
        bot.says(ANA, "", ACCOUNT_TEAM, quote=canary("quote"), link=f"https://x.example/{canary('link')}")
    )
    values = {"partnership": ACME.id, "title": "send the SOC 2 report", "due": "2026-11-27"}
    replied(bot.submits(ANA, form, {**values, "note": canary("note")}, place=ACCOUNT_TEAM))
    replied(bot.submits(ANA, opened(bot.presses(ANA, "promise.share", encode(bot.promise().id)))))
    bot.has_made(f"Globex: {canary('other customer')} by 27 Nov 16:00", person=BEN)
    replied(bot.says(ANA, f"Acme: {canary('private title')} by 26 Nov 16:00"))
    declined = bot.says(BEN, f"Acme: {canary('recorded')} by 25 Nov 16:00 <@{ANA.id}>")
    replied(bot.presses(ANA, "promise.decline", encode(bot.promise(3).id)))
    assert isinstance(declined, Reply)
    return bot.promise()


def noticed_in_passing(bot: Overheard) -> None:
    """What Ana says in the customer's channel, noticed and answered in every way there is."""
    bot.says(BEN, "reading Acme on", command="partner")
    bot.settle()
    for number, verb in enumerate(("why", "dismiss", "track")):
        overheard(bot, f"I'll send you the {canary('spoken')} {number} by 27 November.")
        sighting = list(bot.stage.store.tables.sightings)[-1]
        outcome = bot.presses(ANA, f"noticed.{verb}", encode(sighting))
    replied(bot.submits(ANA, opened(outcome)))
    overheard(bot, f"I hope to send {canary('unsure')} by Friday")
    overheard(bot, f"Just sent you {canary('spoken')} 2")
    bot.says(ANA, f"why “I'll send {canary('words')}”", ACME_SHARED)


def overheard(bot: Overheard, text: str) -> None:
    by = bot._by(ANA, ACME_SHARED, {})
    bot._handle(turns.Overheard(text=text, message=by["key"], **by))
    bot.settle()


def everything_happens(bot: Overheard, promise: Promise) -> None:
    """Every act there is, by whoever may, with the sweeps running between."""
    value = encode(promise.id)
    asked = bot.presses
    noticed_in_passing(bot)
    bot.says(ANA, f"note P-1 {canary('second note')}")
    bot.says(ANA, f"give P-1 <@{OMAR.id}>")
    bot.says(OMAR, "decline Acme P-1")
    bot.submits(ANA, opened(asked(ANA, "promise.ask_hand", value)), {"colleague": OMAR.id})
    bot.says(ANA, "away until 2026-11-18")
    asked(CARLA, "promise.how_is_it", value, ACME_SHARED)
    bot.move_to(FRIDAY)
    asked(ANA, "promise.snooze", value)
    asked(ANA, "promise.on_track", encode(promise.id, "heads_up"))
    bot.move_to(NEXT_MONDAY)
    bot.has_offered(promise, "2026-12-04")
    bot.move_to(NEXT_MONDAY + timedelta(days=3))
    asked(BEN, "renegotiation.offline", value)
    asked(CARLOS, "promise.contradict", value, ACME_SHARED)
    bot.submits(ANA, opened(asked(ANA, "promise.ask_release", value)))
    asked(CARLA, "promise.keep", value, ACME_SHARED)
    bot.move_to(NEXT_MONDAY + timedelta(days=18))  # overdue, overdue, overdue, the lead
    bot.says(ANA, "done P-1")
    bot.settle()
    asked(CARLA, "promise.not_yet", value, ACME_SHARED)
    bot.settle()
    bot.says(ANA, f"withdraw Acme P-2 {canary('withdrawn reason')}")
    bot.says(ANA, "done P-1")
    bot.settle()
    asked(CARLA, "promise.confirm", value, ACME_SHARED)
    bot.move_to(NEXT_MONDAY + timedelta(days=30))


def everybody_outside_tries_everything(bot: Overheard) -> None:
    sightings = bot.stage.store.tables.sightings
    ids = [
        *(p.id for p in bot.promises()),
        *sightings,
        ACME_SHARED.id,
        ACME.id,
        GLOBEX.id,
        ANA.id,
        an_id("nothing"),
    ]
    for person, verb, subject in product(OUTSIDERS, router.PRESSES, ids):
        bot.presses(person, verb, encode(subject), ACME_SHARED)
    for person, form_id, subject in product(OUTSIDERS, router.FORMS, ids):
        bot.submits(person, Form(id=form_id, title="", fields=(), submit="", subject=encode(subject)))
    words = (
        "",
        "list",
        "find other",
        "find report",
        "show P-1",
        "Acme P-1",
        "Globex",
        "help",
        "settings",
        "away",
    )
    for person, command, said in product(OUTSIDERS, router.COMMANDS, words):
        bot.says(person, said, ACME_SHARED, command)


def test_a_month_of_everything_leaks_no_internal_word(bot):
    """L01, L03, L04, L10, L11, L15, L25, L26."""
    sweeps.plan_ahead(bot.ports, WORKER)
    everything_happens(bot, with_secrets(bot))
    everybody_outside_tries_everything(bot)
    assert_silent(bot)


def test_the_canaries_sing_where_they_may(bot):
    """Else a broken scenario would pass for a tight house."""
    promise = with_secrets(bot)
    everything_happens(bot, promise)
    ours = "".join(plain_text(said.card) for said in bot.stage.chat.said if not is_outside(said.place))
    ours += plain_text(replied(bot.says(BEN, "Acme P-1")))
    for field in (
        "second note",
        "quote",
        "link",
        "private title",
        "recorded",
        "colleague",
        "spoken",
        "unsure",
    ):
        assert canary(field) in ours, field


def test_each_stage_of_an_unshown_promise_is_invisible_outside(bot):
    made = bot.has_made(f"Acme: {canary('title')} by 27 Nov 17:00")
    for words in ("renegotiate P-1 to 4 December because ZQX", "note P-1 ZQX-note", "done P-1 ZQX-link"):
        replied(bot.says(ANA, words))
        bot.settle()
    everybody_outside_tries_everything(bot)
    assert bot.again(made).shown_at is None
    assert_silent(bot)


def test_the_reason_a_private_promise_moved_stays_private_once_it_is_shown(bot):
    made = bot.has_made()
    replied(bot.says(ANA, f"renegotiate P-1 to 4 December because {canary('private reason')}"))
    replied(bot.submits(ANA, opened(bot.presses(ANA, "promise.share", encode(made.id)))))
    bot.settle()
    everybody_outside_tries_everything(bot)
    assert_silent(bot)


def test_l01_what_customers_are_handed_has_no_internal_field():
    internal = {"note", "source", "on_track_at", "snoozed_until", "filed_by", "created_at", "hand_over_to"}
    internal |= {"nudged_until", "owner_told_at", "moved_late", "moved_early", "waits_on", "awaited"}
    assert internal.isdisjoint(field.name for field in fields(CustomerView))
    assert {"note", "source"} <= {field.name for field in fields(TeamView)}


def test_l01_snoozes_and_silence_never_show(bot):
    """A promise that is snoozed, on track, noted and handed round reads the same as one left alone."""
    plain = bot.has_shown()
    before = plain_text(bot.anchor())
    for verb in ("promise.snooze", "promise.on_track"):
        bot.presses(ANA, verb, encode(plain.id, "heads_up"))
    bot.says(ANA, "note P-1 ZQX")
    bot.says(ANA, f"give P-1 <@{OMAR.id}>")
    bot.settle()
    assert plain_text(bot.anchor()) == before


def test_l02_l16_a_message_that_cannot_be_delivered_privately_is_said_nowhere(bot):
    bot.has_shown()
    before = len(bot.heard_in(ACME_SHARED))
    with bot.stage.work() as uow:
        place = uow.places.private_of(ANA.id)
    del bot.stage.store.tables.places[place.id]
    bot.move_to(FRIDAY)
    assert len(bot.heard_in(ACME_SHARED)) == before
    assert bot.heard_in(ACCOUNT_TEAM) == []


def test_l09_l39_a_card_for_one_customer_is_never_drawn_in_anothers_channel(bot):
    shown = bot.has_shown()
    with bot.stage.work() as uow:
        uow.partnerships.save(replace(uow.partnerships.get(ACME.id), place_id=GLOBEX_SHARED.id))
    replied(bot.says(ANA, "done P-1"))
    bot.settle()
    posted = [said for said in bot.heard_in(ACME_SHARED) if said.key != f"anchor:{shown.id}:2"]
    assert posted == []
    edits = [card for ref, card in bot.stage.chat.updates if ref.place_id == ACME_SHARED.id]
    assert edits == []


def test_l10_an_outsider_opens_no_form_that_lists_people_or_customers(bot):
    promise = with_secrets(bot)
    bot.settle()
    everybody_outside_tries_everything(bot)
    forms = [o.form for _, o in bot.answers if isinstance(o, OpenForm | Invalid)]
    options = {option.label for form in forms for field in form.fields for option in field.options}
    names = {ANA.name, BEN.name, MIA.name, OMAR.name, GLOBEX.name, GUS.name}
    assert forms
    assert options.isdisjoint(names)
    assert promise.is_shown


def test_l11_nobody_outside_ever_gets_a_private_word(bot):
    everything_happens(bot, with_secrets(bot))
    assert [said for person in OUTSIDERS for said in bot.heard_by(person)] == []


def test_l15_a_refusal_names_nothing_but_what_was_pressed(bot):
    promise = with_secrets(bot)
    bot.settle()
    everybody_outside_tries_everything(bot)
    said = {o.text for person, o in bot.answers if isinstance(o, Refused) and person in (GUS, STRANGER)}
    for words in (promise.title, ACME.name, ANA.name, BEN.name, OMAR.name, "P-1"):
        assert not any(words in text for text in said), words


def test_l21_the_same_message_delivered_twice_makes_one_promise_and_one_card(bot):
    for _ in range(2):
        bot.says(ANA, "Acme: send the SOC 2 report by 27 Nov 17:00", ACME_SHARED, key="C1:1700000000.1")
    [made] = bot.promises()
    form = opened(bot.presses(ANA, "promise.share", encode(made.id)))
    for _ in range(2):
        bot.submits(ANA, form, key="V1")
    bot.settle()
    assert len(bot.heard_in(ACME_SHARED)) == 1


def test_l24_a_customer_added_to_an_internal_channel_finds_nothing_said_there(bot):
    everything_happens(bot, with_secrets(bot))
    assert bot.heard_in(ACCOUNT_TEAM) == []


def test_l25_searching_across_customers_finds_only_what_one_may_read(bot):
    with_secrets(bot)
    for person in OUTSIDERS:
        for words in ("find ZQX", "find report", "list Globex", "list ours"):
            assert CANARY not in repr(bot.says(person, words))
    assert "other customer" not in plain_text(replied(bot.says(ANA, "find ZQX-other")))


def test_l26_one_customers_digest_counts_and_names_nobody_else(bot):
    sweeps.plan_ahead(bot.ports, WORKER)
    with_secrets(bot)
    elsewhere = {"partnership_id": GLOBEX.id, "owner_id": BEN.id, "shown_at": MONDAY}
    bot.add(*(a_promise(number=n, title=canary("globex"), **elsewhere) for n in range(10, 13)))
    replied(bot.says(ANA, "done P-1"))
    replied(bot.presses(CARLA, "promise.confirm", encode(bot.promise().id)))
    bot.stage.clock.now = FRIDAY
    with bot.stage.work() as uow:
        words = preview_text(bot.ports, uow, uow.partnerships.get(ACME.id), bot.stage.now)
    assert "SOC 2" in words
    for hidden in (CANARY, GLOBEX.name, "%", "rank"):
        assert hidden not in words


def test_l41_a_preview_is_seen_by_who_asked_and_by_nobody_else(bot):
    made = bot.has_made()
    opened(bot.presses(ANA, "promise.share", encode(made.id)))
    bot.settle()
    assert bot.stage.chat.said == []


def test_l42_nobody_outside_learns_why_the_owner_is_away(bot):
    bot.has_shown()
    before = plain_text(bot.anchor())
    replied(bot.says(ANA, "away until 2026-11-25"))
    asked = bot.presses(CARLA, "promise.how_is_it", encode(bot.promise().id), ACME_SHARED)
    bot.move_to(FRIDAY)
    words = plain_text(replied(asked)) + "".join(map(plain_text, map(bot.stands, bot.heard_in(ACME_SHARED))))
    for hint in ("away", "absent", "holiday", "25 Nov", "sick", "leave"):
        assert hint not in words.lower()
    assert before in words


def test_button_values_hold_random_ids_and_no_words(bot):
    """L04: hidden carriers."""
    everything_happens(bot, with_secrets(bot))
    cards = [said.card for said in bot.stage.chat.said] + [card for _, card in bot.stage.chat.updates]
    values = {button.value for card in cards for button in card.buttons}
    assert values
    for value in values:
        _, subject, question = value.split(":")
        assert len(subject) == 32
        assert " " not in question
        assert CANARY not in value


def test_the_anchor_is_composed_from_the_customers_view_alone():
    """Changing every internal field of a promise changes nothing the customer reads."""
    bot = Bot()
    plain = a_promise(shown_at=MONDAY)
    secret = plain.with_(
        note=canary("note"),
        source=Source(quote=canary("quote"), link=canary("link"), place_id=ACCOUNT_TEAM.id),
        hand_over_to=MIA.id,
        snoozed_until=FRIDAY,
        on_track_at=MONDAY,
        moved_late=3,
        moved_early=2,
        awaited=True,
        nudged_until=MONDAY,
        owner_told_at=MONDAY,
    )
    assert _anchor(bot, plain) == _anchor(bot, secret)


def _anchor(bot: Bot, promise: Promise) -> Card | None:
    bot.stage.store.tables.promises[promise.id] = promise
    return bot.stage.compose(
        anchors.COMPOSERS, to_place(ACME_SHARED, "anchor", promise.id, key="x", at=MONDAY)
    )
