"""What is said of a phrase while it is typed is what submitting the form would do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import Form, encode
from bot.previewing import Preview, preview
from bot.turns import Submission
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    GUS,
    STRANGER,
    TENANT,
    an_id,
)
from driving import Bot, opened

NEW_YORK = "America/New_York"


@pytest.fixture
def bot() -> Bot:
    return Bot()


def typed(bot: Bot, form: Form, field: str, person=ANA, **values: str) -> Preview | None:
    filled = {each.name: each.value for each in form.fields} | values
    turn: dict[str, Any] = {"tenant": TENANT, "person_id": person.id, "place_id": None, "now": bot.stage.now}
    submission = Submission(form_id=form.id, subject=form.subject, values=filled, key="typed", **turn)
    return preview(bot.ports, submission, field)


def said(bot: Bot, form: Form, field: str, person=ANA, **values: str) -> str:
    found = typed(bot, form, field, person, **values)
    assert found is not None
    return found.words


@pytest.fixture
def capture(bot) -> Form:
    return opened(bot.says(ANA, "", ACME_SHARED))


def lives_in(bot: Bot, person, zone: str) -> None:
    with bot.stage.work() as uow:
        uow.people.save(replace(person, zone=zone))


@pytest.mark.parametrize(
    ("phrase", "words", "is_certain"),
    [
        ("Friday 5pm", "I read this as Fri 20 Nov, 17:00.", True),
        ("2026-11-20", "I read this as Fri 20 Nov, 17:00.", True),
        (
            "Monday",
            "Today is such a day too. Which one do you mean? Mon 23 Nov, 17:00 · Mon 16 Nov, 17:00",
            False,
        ),
        ("soon", "That leaves the day open. Which day would you stand by?", False),
        (" ", "A day, a time, or words such as Friday 5pm, in 3 working days, end of next week", False),
        (
            "x" * 40_000,
            "That is too long to be a day. Please write the day alone, such as 3 Dec or Friday 5pm.",
            False,
        ),
    ],
)
def test_a_phrase_is_read_aloud_and_a_doubt_says_why(bot, capture, phrase, words, is_certain):
    assert typed(bot, capture, "due", due=phrase) == Preview(words=words, is_certain=is_certain)


def test_a_day_off_is_worth_a_word(bot, capture):
    assert "not a working day for Ana" in said(bot, capture, "due", due="2026-11-21")


@pytest.mark.parametrize("phrase", ["Friday 5pm", "tomorrow", "28 Nov noon", "2026-12-04T09:30"])
def test_what_is_previewed_is_what_is_kept(bot, capture, phrase):
    lives_in(bot, BEN, NEW_YORK)
    words = said(bot, capture, "due", due=phrase, owner=BEN.id)
    bot.submits(ANA, capture, {"title": "Send it", "due": phrase, "owner": BEN.id})
    made = bot.promise()
    shown = bot.ports.moment_words(made.due.at, zone=NEW_YORK, locale="en-GB")
    assert shown in words


def test_a_promise_is_moved_in_its_owners_time_whoever_asks(bot):
    lives_in(bot, ANA, NEW_YORK)
    promise = bot.has_offered(bot.has_shown())
    form = opened(bot.presses(CARLA, "renegotiation.counter", encode(promise.id, promise.proposal.id)))
    assert "17:00" in said(bot, form, "due", CARLA, due="4 Dec 5pm")
    bot.submits(CARLA, form, {"due": "4 Dec 5pm"})
    assert bot.again(promise).proposal.due.at.hour == 22


def test_a_wish_is_read_in_our_leads_time(bot):
    lives_in(bot, BEN, NEW_YORK)
    form = opened(bot.presses(CARLA, "welcome.ask", encode(ACME.id), ACME_SHARED))
    assert "17:00" in said(bot, form, "due", CARLA, due="4 Dec")
    bot.submits(CARLA, form, {"title": "Training", "due": "4 Dec"}, place=ACME_SHARED)
    assert bot.promise().due.at.hour == 22


def test_a_field_that_wants_a_day_says_a_day(bot):
    assert said(bot, opened(bot.says(ANA, "away")), "last", last="Friday") == "I read this as Fri 20 Nov."


def test_each_of_several_promises_is_read_in_its_owners_time(bot):
    form = opened(bot.says(ANA, "notes", ACME_SHARED))
    review = opened(bot.submits(ANA, form, {"notes": "Ben: I'll fix it by Friday"}, place=ACME_SHARED))
    assert said(bot, review, "due_1", due_1="27 Nov 3pm") == "I read this as Fri 27 Nov, 15:00."


# Nothing is told to anybody whom it does not concern


def test_somebody_nobody_knows_is_told_nothing(bot, capture):
    nobody = replace(STRANGER, id=an_id("nobody"))
    assert typed(bot, capture, "due", nobody, due="Friday") is None


def test_another_customers_wishes_are_read_for_nobody(bot):
    form = Form(id="welcome.ask", title="", submit="", fields=(), subject=encode(ACME.id))
    assert typed(bot, form, "due", GUS, due="Friday") is None
    there = replace(form, subject=encode(GLOBEX.id))
    assert typed(bot, there, "due", GUS, due="Friday") is not None


def test_a_customer_does_not_learn_whose_day_off_it_is(bot):
    with bot.stage.work() as uow:
        uow.people.save(replace(ANA, away=((FRIDAY.date(), FRIDAY.date()),)))
    hidden = bot.has_made()
    form = Form(id="renegotiation.counter", title="", submit="", fields=(), subject=encode(hidden.id))
    assert "Ana" not in said(bot, form, "due", CARLA, due="2026-11-20", owner=ANA.id)


def test_reading_along_leaves_nothing_behind(bot, capture):
    before = bot.stage.store.tables.inbox.copy()
    typed(bot, capture, "due", due="Friday")
    assert bot.stage.store.tables.inbox == before
    assert bot.promises() == []
