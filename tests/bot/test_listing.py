"""Lists and searches, each as far as the person asking may see."""

from __future__ import annotations

import pytest

from bot.plain import plain_text
from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    GUS,
    MIA,
    MONDAY,
    NEXT_MONDAY,
    STRANGER,
    THURSDAY,
    TUESDAY,
    a_promise,
    an_id,
    due,
)
from commitments.promise import Side, State, Waiting
from driving import Bot, refused, replied

OURS = a_promise(title="Send the SOC 2 report", number=1)
THEIRS = a_promise(
    title="Name an admin", number=2, side=Side.THEIRS, owner_id=CARLA.id, shown_at=MONDAY, due_at=THURSDAY
)
BENS = a_promise(title="Call the auditor", number=3, owner_id=BEN.id, due_at=FRIDAY)
LATE = a_promise(title="Order the cables", number=4, due_at=TUESDAY)
ELSEWHERE = a_promise(
    title="Fix the import", number=1, partnership_id=GLOBEX.id, owner_id=BEN.id, filed_by=BEN.id
)
OVER = a_promise(title="Say hello", number=5, state=State.KEPT)
WAITING = Waiting(reason="your key", since=MONDAY)


@pytest.fixture
def bot() -> Bot:
    bot = Bot()
    bot.add(OURS, THEIRS, BENS, LATE, ELSEWHERE, OVER)
    return bot


def listed(bot: Bot, person, words: str, place=None) -> set[str]:
    said = plain_text(replied(bot.says(person, words, place)))
    return {p.title for p in (OURS, THEIRS, BENS, LATE, ELSEWHERE, OVER) if p.title in said}


def test_ones_own_list_is_what_one_owns_and_is_alive(bot):
    assert listed(bot, ANA, "list") == listed(bot, ANA, "list mine") == {OURS.title, LATE.title}
    assert listed(bot, BEN, "list") == {BENS.title, ELSEWHERE.title}


def test_ours_and_theirs_are_the_two_sides_of_the_customers_one_works_with(bot):
    assert listed(bot, ANA, "list ours") == {OURS.title, BENS.title, LATE.title}
    assert listed(bot, ANA, "list theirs") == {THEIRS.title}
    assert listed(bot, BEN, "list ours") == {OURS.title, BENS.title, LATE.title, ELSEWHERE.title}


def test_in_a_customers_channel_the_list_is_about_that_customer(bot):
    assert listed(bot, BEN, "list ours", ACME_SHARED) == {OURS.title, BENS.title, LATE.title}


@pytest.mark.parametrize("name", ["Acme", "acme", "ACME"])
def test_a_customers_list_holds_both_sides(bot, name):
    assert listed(bot, ANA, f"list {name}") == {OURS.title, THEIRS.title, BENS.title, LATE.title}


def test_the_overdue_list_holds_what_is_past_its_date(bot):
    assert listed(bot, ANA, "list overdue") == set()
    bot.stage.clock.now = TUESDAY.replace(hour=10)
    assert listed(bot, ANA, "list overdue") == {LATE.title}


def test_a_list_is_in_order_of_the_date(bot):
    said = plain_text(replied(bot.says(ANA, "list Acme")))
    order = [said.index(promise.title) for promise in (LATE, THEIRS, BENS, OURS)]
    assert order == sorted(order)


@pytest.mark.parametrize("changed", [{}, {"state": State.PROPOSED}, {"waiting": WAITING}])
def test_a_line_says_its_date_once(changed):
    bot = Bot()
    bot.add(a_promise(number=1, due_at=FRIDAY, **changed))
    assert plain_text(replied(bot.says(ANA, "list ours"))).count("20 Nov") == 1


def test_a_long_list_says_how_many_more_there_are(bot):
    bot.add(*(a_promise(title=f"Thing {n}") for n in range(30)))
    assert "and 12 more" in plain_text(replied(bot.says(ANA, "list")))


def test_an_empty_list_says_how_to_begin(bot):
    for words in ("list", "list overdue", "find nothing like it"):
        assert "/promise" in plain_text(replied(bot.says(MIA, words)))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("soc", {OURS.title}),
        ("SOC report", {OURS.title}),
        ("report soc", {OURS.title}),
        ("import", set()),
        ("%", set()),
        ("_", set()),
        ("hello", {OVER.title}),
    ],
)
def test_searching_finds_titles_with_every_word_among_what_one_may_see(bot, words, found):
    assert listed(bot, ANA, f"find {words}") == found


def test_a_manager_sees_what_reports_own(bot):
    assert OURS.title in listed(bot, MIA, "list Acme")


def test_a_private_promise_is_read_by_the_account_team_with_its_note(bot):
    noted = a_promise(title="Cool the room", number=9, note="The contract is at risk")
    bot.add(noted)
    said = plain_text(replied(bot.says(BEN, "Acme P-9")))
    assert "The contract is at risk" in said
    assert "Between us" in said


def test_the_customers_list_holds_what_is_shown_and_nothing_else(bot):
    bot.add(a_promise(title="Seen by all", number=9, shown_at=MONDAY))
    card = replied(bot.presses(CARLA, "welcome.list", f"1:{ACME.id}:", ACME_SHARED))
    said = plain_text(card)
    assert "Seen by all" in said
    assert THEIRS.title in said
    assert OURS.title not in said
    assert BENS.title not in said


def test_somebody_elses_customer_gets_an_empty_list(bot):
    bot.add(a_promise(title="Seen by all", number=9, shown_at=MONDAY))
    pressed = bot.presses(GUS, "welcome.list", f"1:{ACME.id}:", ACME_SHARED)
    said = plain_text(pressed.card) if hasattr(pressed, "card") and pressed.card else pressed.text
    assert "Seen by all" not in said


def test_a_stranger_gets_the_words_of_something_absent(bot):
    absent = refused(bot.presses(STRANGER, "promise.confirm", f"1:{an_id('nothing')}:", ACME_SHARED)).text
    assert refused(bot.presses(STRANGER, "promise.confirm", f"1:{THEIRS.id}:", ACME_SHARED)).text == absent


def test_help_names_every_word_and_nothing_private(bot):
    said = plain_text(replied(bot.says(ANA, "help")))
    for word in ("list", "show", "renegotiate", "done", "settings", "away"):
        assert word in said
    assert OURS.title not in said


def test_one_promise_shows_its_first_date_once_it_has_moved(bot):
    bot.add(a_promise(title="Moved", number=9, due=due(NEXT_MONDAY)))
    assert "27 Nov" in plain_text(replied(bot.says(ANA, "P-9")))
