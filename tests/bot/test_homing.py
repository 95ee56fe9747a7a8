"""A person's own page: as far as they are owner, lead or manager, and nothing of ours for anybody outside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.homing import home
from bot.plain import plain_text
from builders import ANA, BEN, CARLA, GUS, MIA, MONDAY, NEXT_MONDAY, STRANGER, TENANT, a_promise, an_id
from commitments.promise import Side, State
from driving import Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


def page(bot: Bot, person) -> str:
    cards = home(bot.ports, TENANT, person.id, bot.stage.now)
    return "\n\n".join(plain_text(card) for card in cards)


def today(bot: Bot, person):
    return home(bot.ports, TENANT, person.id, bot.stage.now)[0]


def test_a_page_of_somebody_with_nothing_says_how_to_begin(bot):
    assert "/promise" in page(bot, ANA)


def test_what_is_due_today_or_late_needs_its_owner_and_the_rest_does_not(bot):
    late = a_promise(title="Late", due_at=MONDAY - timedelta(days=3))
    now = a_promise(title="Today", due_at=MONDAY + timedelta(hours=5))
    later = a_promise(title="Later", due_at=NEXT_MONDAY)
    bot.add(late, now, later)
    needed, mine = home(bot.ports, TENANT, ANA.id, bot.stage.now)[:2]
    assert {button.about for button in needed.buttons} == {"Late", "Today"}
    assert "Later" in plain_text(mine)
    assert "Later" not in plain_text(needed)


def test_a_promise_recorded_in_somebodys_name_waits_for_their_word(bot):
    bot.add(a_promise(title="Asked", state=State.PROPOSED, filed_by=BEN.id))
    assert "promise.accept" in [button.verb for button in today(bot, ANA).buttons]


def test_what_was_delivered_needs_its_owner_no_more(bot):
    bot.add(a_promise(state=State.DELIVERED, delivered_at=MONDAY, due_at=MONDAY))
    assert today(bot, ANA).buttons == ()


def test_a_lead_sees_both_sides_of_each_partnership_they_lead(bot):
    bot.add(a_promise(title="Ours"), a_promise(title="Theirs", side=Side.THEIRS, owner_id=CARLA.id))
    shown = page(bot, BEN)
    assert shown.index("Ours") < shown.index("Theirs")
    assert "Acme" in shown
    assert "Globex" in shown


def test_a_member_of_the_team_is_no_lead(bot):
    assert "You lead" not in page(bot, ANA)


def test_a_manager_sees_partnerships_and_nobodys_figures(bot):
    for number in range(6):
        due = MONDAY - timedelta(days=number + 1)
        bot.add(a_promise(title=f"Kept {number}", state=State.KEPT, due_at=due, delivered_at=due))
    shown = page(bot, MIA)
    assert "Acme" in shown
    assert "Ana" not in shown


@pytest.mark.parametrize("person", [CARLA, GUS, STRANGER], ids=lambda person: person.name)
def test_outsiders_read_what_kept_is_and_nothing_else(bot, person):
    bot.add(a_promise(title="ZQX"), a_promise(title="ZQX", owner_id=person.id, side=Side.THEIRS))
    [card] = home(bot.ports, TENANT, person.id, bot.stage.now)
    assert "ZQX" not in plain_text(card)
    assert "Acme" not in plain_text(card)
    assert card.buttons == ()


def test_somebody_kept_never_met_has_no_page(bot):
    assert home(bot.ports, TENANT, an_id("nobody"), bot.stage.now) == ()


def test_a_long_list_says_how_much_more_there_is(bot):
    bot.add(*(a_promise(title=f"Item {number}", due_at=NEXT_MONDAY) for number in range(40)))
    assert "25" in plain_text(home(bot.ports, TENANT, ANA.id, bot.stage.now)[1])
