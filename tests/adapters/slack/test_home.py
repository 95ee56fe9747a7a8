"""The Home tab: cards in order, as many as a view holds, the rest counted."""

from __future__ import annotations

import pytest

from adapters.slack.home import home
from block_kit_rules import seen, wrong_with_view
from bot.cards import Bullets, Button, Card, Paragraph, encode
from builders import an_id
from showcase import showcase


def a_card(number: int, promises: int = 1) -> Card:
    return Card(
        title=f"Customer {number}",
        blocks=(Paragraph((f"About customer {number}",)),),
        buttons=tuple(
            Button(verb="promise.done", label="Done", value=encode(an_id(f"{number}.{n}")), about=f"P-{n}")
            for n in range(promises)
        ),
    )


def test_cards_stand_below_each_other_with_a_line_between(shared):
    view = home([showcase().cards["bundle"], showcase().cards["list"]])
    assert wrong_with_view(view, shared) == []
    kinds = [block["type"] for block in view["blocks"]]
    assert kinds == ["header", "rich_text", "rich_text", "actions", "divider", "header", "rich_text"]


@pytest.mark.parametrize("count", [1, 24, 25, 26, 60, 500])
def test_cards_are_shown_whole_and_the_rest_are_counted(shared, count):
    view = home([a_card(n) for n in range(count)])
    shown = sum(block["type"] == "header" for block in view["blocks"])
    assert wrong_with_view(view, shared) == []
    assert shown == sum(block["type"] == "actions" for block in view["blocks"])
    assert shown == count or seen(view["blocks"][-1]) == f"… +{count - shown}"
    assert shown >= min(count, 24)


def test_one_long_card_leaves_room_for_others(shared):
    view = home([a_card(1, promises=60), a_card(2)])
    assert wrong_with_view(view, shared) == []
    assert "About customer 2" in seen(view)


def test_heavy_cards_stay_within_the_weight_of_a_view(shared):
    heavy = Card(title="x", blocks=(Bullets(tuple((f"{n} " + "ж" * 2_500,) for n in range(12))),))
    view = home([heavy] * 10)
    assert wrong_with_view(view, shared) == []
    assert seen(view["blocks"][-1]).startswith("… +")


def test_nothing_to_show_is_still_a_view(shared):
    assert wrong_with_view(home([]), shared) == []
