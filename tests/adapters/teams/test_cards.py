"""Cards as Adaptive Cards: what they say is all there, within what Teams takes, and looks as reviewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import LOOK, adaptive_card, looked_at
from adapters.teams.limits import CARD_BYTES, VIEWERS
from adapters.teams.messages import activity, plain_activity
from adapters.teams.preview import as_teams
from adapters.teams.spans import Tenant
from adaptive_card_rules import clickable, mentioned, parts, read, seen, wrong_with_card
from bot.cards import (
    Bullets,
    Button,
    Card,
    Facts,
    Link,
    Mention,
    Moment,
    Paragraph,
    Strong,
    Tone,
    decode,
    encode,
)
from bot.plain import plain_text
from builders import ANA, CARLA, FRIDAY, an_id
from showcase import CARDS, reviewed, showcase

GOLDEN = Path(__file__).parent / "golden"
USERS = {ANA.id: "29:1ana", CARLA.id: "00000000-0000-0000-0000-00000000ca41"}
TENANT = Tenant(resolve=USERS.get, origin="https://kept.example")

texts = st.text(max_size=20) | st.builds(
    lambda piece, times: piece * times,
    st.text(alphabet='ab "\\\n<>&🎉*_[](){}', min_size=1, max_size=8),
    st.sampled_from([1, 20, 400, 3_000]),
)
spans = st.one_of(
    texts,
    texts.map(Strong),
    st.builds(Mention, st.sampled_from([ANA.id, CARLA.id, "nobody"]), texts),
    st.builds(Moment, st.just(FRIDAY), texts),
)
lines = st.lists(spans, max_size=3).map(tuple)
blocks = st.one_of(
    lines.map(Paragraph),
    st.lists(st.tuples(texts, lines), max_size=4).map(tuple).map(Facts),
    st.lists(lines, max_size=6).map(tuple).map(Bullets),
)
buttons = st.builds(
    Button,
    verb=st.sampled_from(["promise.done", "promise.renegotiate"]),
    label=texts,
    value=st.builds(encode, st.just(an_id("p"))) | st.just(""),
    about=texts,
    primary=st.booleans(),
)
cards = st.builds(
    Card,
    title=texts,
    blocks=st.lists(blocks, max_size=6).map(tuple),
    buttons=st.lists(buttons, max_size=8).map(tuple),
    tone=st.sampled_from(Tone),
)


def saying(*text: object) -> Card:
    return Card(title="x", blocks=(Paragraph(text),))  # type: ignore[arg-type]


def presses(drawn) -> list[dict]:
    return [part for part in parts(drawn["body"]) if part.get("type") == "Action.Execute"]


@given(cards)
def test_any_card_is_one_that_teams_takes(shared, card):
    assert wrong_with_card(adaptive_card(card, TENANT), shared) == []


@given(cards)
def test_any_card_follows_the_rules_that_no_schema_holds(card):
    assert wrong_with_card(adaptive_card(card, TENANT)) == []


@pytest.mark.parametrize("name", CARDS)
def test_the_main_cards_look_as_reviewed(name):
    drawn, seen_before = reviewed(name, activity(showcase().cards[name], TENANT), GOLDEN)
    assert drawn == seen_before


@pytest.mark.parametrize("name", CARDS)
def test_the_main_cards_are_ones_that_teams_takes(shared, name):
    card = showcase().cards[name]
    assert wrong_with_card(adaptive_card(card, TENANT), shared) == []
    assert wrong_with_card(as_teams(card)["attachments"][0]["content"], shared) == []


@pytest.mark.parametrize("name", CARDS)
def test_the_fallback_is_the_whole_twin(name):
    card = showcase().cards[name]
    assert read(adaptive_card(card, TENANT)["fallbackText"]) == plain_text(card)


@pytest.mark.parametrize("name", CARDS)
def test_every_answer_carries_random_ids_only(name):
    """L33: whoever can see a message can read what its actions carry."""
    for press in presses(adaptive_card(showcase().cards[name], TENANT)):
        value = decode(press["data"]["kept"])
        assert value is not None
        assert set(value.subject) <= set("0123456789abcdef")


def test_a_card_that_differs_for_some_looks_as_reviewed_to_all(shared):
    drawn = activity(showcase().cards["anchor"], TENANT, ["29:1ana", "29:1ben"])
    now, seen_before = reviewed("anchor_in_its_channel", drawn, GOLDEN)
    assert now == seen_before
    assert wrong_with_card(drawn["attachments"][0]["content"], shared) == []


def test_at_most_sixty_are_asked_for_and_the_first_ones_stay(shared):
    users = [f"29:{n:0130}" for n in range(VIEWERS + 5)]
    drawn = looked_at(adaptive_card(showcase().cards["anchor"]), users)
    assert drawn["refresh"]["userIds"] == users[:60]
    assert wrong_with_card(drawn, shared) == []


def test_l33_asking_how_it_looks_carries_nothing():
    """Everybody in the channel can read it."""
    drawn = looked_at(adaptive_card(showcase().cards["anchor"]), ["29:1ana"])
    asks = {"type": "Action.Execute", "verb": LOOK, "data": {"kept": ""}}
    assert drawn.pop("refresh") == {"action": asks, "userIds": ["29:1ana"]}
    assert drawn == adaptive_card(showcase().cards["anchor"])


@given(cards, st.integers(0, 70))
def test_any_card_stays_within_what_teams_takes_whoever_looks(card, n):
    plain = adaptive_card(card, TENANT)
    drawn = looked_at(plain, [f"29:{each:0130}" for each in range(n)])
    assert len(json.dumps(drawn)) <= CARD_BYTES
    assert {name: each for name, each in drawn.items() if name != "refresh"} == plain


def test_a_client_that_cannot_execute_submits_the_same():
    [press] = presses(
        adaptive_card(Card(title="x", buttons=(Button(verb="promise.done", label="Done", value="1:a:"),)))
    )
    assert (press["verb"], press["data"]) == ("promise.done", {"kept": "1:a:"})
    assert press["fallback"] == {
        "type": "Action.Submit",
        "title": "Done",
        "data": {"kept": "1:a:", "verb": "promise.done"},
    }


def test_a_person_with_an_account_is_mentioned_once_and_any_other_is_named():
    drawn = adaptive_card(
        saying(Mention(ANA.id, "Ana"), " and ", Mention("", "Zoe"), " and ", Mention(ANA.id, "Ana")), TENANT
    )
    assert mentioned(drawn) == ["29:1ana"]
    assert drawn["body"][1]["text"] == "<at>Ana</at> and Zoe and Ana"


def test_two_people_of_one_name_are_told_apart():
    drawn = adaptive_card(saying(Mention(ANA.id, "Ana"), " and ", Mention(CARLA.id, "Ana")), TENANT)
    assert mentioned(drawn) == list(USERS.values())
    assert drawn["body"][1]["text"] == "<at>Ana</at> and <at>Ana 2</at>"


@pytest.mark.parametrize(
    "user", ["", "19:abc@thread.tacv2", "29:", "29:<at>", "tag", "everyone", "29:1ana\n", "28:bot", "channel"]
)
def test_only_a_person_is_mentioned(user):
    """L35: no team, channel or tag."""
    drawn = adaptive_card(saying(Mention(ANA.id, "Ana")), Tenant(resolve=lambda _: user))
    assert (mentioned(drawn), seen(drawn)) == ([], "x\nAna")


def test_a_moment_is_said_as_agreed_with_its_zone_in_words():
    drawn = adaptive_card(saying("by ", Moment(FRIDAY, "Fri 20 Nov, 10:00 Berlin")))
    assert seen(drawn) == "x\nby Fri 20 Nov, 10:00 Berlin"


def test_facts_stand_in_two_columns():
    drawn = adaptive_card(Card(title="x", blocks=(Facts((("Who", ("Ana",)), ("By", (Strong("Fri"),)))),)))
    assert seen(drawn) == "x\nWho: Ana\nBy: Fri"
    assert drawn["body"][1]["type"] == "FactSet"


@pytest.mark.parametrize(("tone", "sign"), [(Tone.CELEBRATION, "🎉"), (Tone.ATTENTION, "⚠️")])
def test_a_tone_is_a_sign_as_well_as_a_colour(tone, sign):
    drawn = adaptive_card(Card(title="Kept", tone=tone))
    assert seen(drawn) == f"{sign} Kept"
    assert drawn["body"][0]["style"] in ("good", "warning")


def test_a_long_title_stands_in_full_below_its_heading():
    title = " ".join(["word"] * 100)
    assert seen(adaptive_card(Card(title=title))).split("\n")[1] == title


def test_line_breaks_stay():
    assert seen(adaptive_card(saying("one\ntwo"))) == "x\none\ntwo"
    assert seen(adaptive_card(saying(Mention(ANA.id, "Ana"), ":\n- one\n1. two"), TENANT)).split("\n")[
        1:
    ] == [
        "<at>Ana</at>:",
        "- one",
        "1. two",
    ]


def test_a_long_list_is_said_more_plainly_before_anything_is_left_off():
    items = tuple(
        (Strong(f"Promise {n}"), " is due ", Moment(FRIDAY, "Fri 20 Nov, 10:00")) for n in range(130)
    )
    drawn = adaptive_card(Card(title="x", blocks=(Bullets(items),)))
    assert wrong_with_card(drawn) == []
    assert all(f"Promise {n} is due Fri 20 Nov, 10:00" in seen(drawn) for n in range(130))


@pytest.mark.parametrize("count", [400, 2_000])
def test_what_is_left_off_is_counted(count):
    items = tuple((f"Promise {n:05} to somebody, by Friday at the latest",) for n in range(count))
    drawn = adaptive_card(Card(title="x", blocks=(Bullets(items),)))
    shown = seen(drawn).count("Promise ")
    assert wrong_with_card(drawn) == []
    assert 50 < shown < count
    assert seen(drawn).endswith(f"… +{count - shown}")


@given(st.text(alphabet="abc 🎉e\u0301*\n", min_size=1, max_size=100), st.integers(40, 400))
def test_one_endless_line_is_cut_with_a_mark(piece, times):
    drawn = adaptive_card(saying(f"start {piece * times} end"))
    assert wrong_with_card(drawn) == []
    assert " end" in seen(drawn) or "…" in seen(drawn)


def bundle(groups: int, verbs: int = 3) -> Card:
    return Card(
        title="Worth a moment",
        blocks=(Bullets(tuple((f"Promise {n}",) for n in range(groups))),),
        buttons=tuple(
            Button(
                verb=f"promise.v{v}", label=f"Answer {v}", value=encode(an_id(f"{n}")), about=f"Promise {n}"
            )
            for n in range(groups)
            for v in range(verbs)
        ),
    )


def test_a_bundle_repeats_its_answers_under_each_promise():
    drawn = adaptive_card(bundle(3))
    kinds = [part["type"] for part in drawn["body"]]
    assert kinds == ["TextBlock", *["RichTextBlock"] * 3, *["RichTextBlock", "ActionSet"] * 3]


def test_a_morning_of_ten_promises_fits():
    drawn = adaptive_card(bundle(10, verbs=4))
    assert len(presses(drawn)) == 40
    assert wrong_with_card(drawn) == []


def test_answers_that_do_not_fit_are_counted():
    drawn = adaptive_card(bundle(90))
    left = 270 - len(presses(drawn))
    assert 0 < left < 270
    assert seen(drawn).endswith(f"… +{left}")


@pytest.mark.parametrize(
    ("count", "rows"), [(1, [1]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (6, [3, 3]), (7, [3, 3, 1])]
)
def test_answers_are_spread_over_rows_in_which_their_words_fit(count, rows):
    drawn = adaptive_card(bundle(1, verbs=count))
    assert [len(part["actions"]) for part in drawn["body"] if part["type"] == "ActionSet"] == rows


def test_a_card_of_nothing_is_still_a_card(shared):
    nothing = Card(title="", blocks=(Paragraph(()), Facts(()), Bullets(((),))))
    assert wrong_with_card(adaptive_card(nothing), shared) == []


@pytest.mark.parametrize(
    "url", ["https://kept.example", "https://kept.example/", "https://kept.example/list?as=1#top"]
)
def test_a_link_to_our_own_address_is_a_link_alone_and_beside_a_mention(url):
    alone = adaptive_card(saying(Link("Our list", url)), TENANT)
    beside = adaptive_card(saying(Mention(ANA.id, "Ana"), Link("Our [list]", url)), TENANT)
    assert clickable(alone) == clickable(beside) == [url]
    assert seen(alone) == "x\nOur list"
    assert seen(beside).endswith("Our [list]")


@pytest.mark.parametrize("origin", ["", "kept.example", "https://", "http://kept.example"])
def test_without_a_safe_address_of_our_own_nothing_is_a_link(origin):
    drawn = adaptive_card(saying(Link("Our list", "https://kept.example")), Tenant(origin=origin))
    assert (clickable(drawn), seen(drawn)) == ([], "x\nOur list (https://kept.example)")


def test_the_summary_is_short_and_the_card_is_not_said_twice():
    sent = activity(showcase().cards["digest"], TENANT)
    assert set(sent) == {"type", "summary", "attachments"}
    assert len(sent["summary"]) <= 300
    assert sent["summary"].startswith("Kept together")


def test_words_without_a_card_are_plain():
    assert plain_activity("<at>Ana</at> *x*") == {
        "type": "message",
        "textFormat": "plain",
        "text": "‹at>Ana‹/at> *x*",
    }
    assert plain_activity("\u200b")["text"] == "…"


def test_the_same_card_is_drawn_the_same():
    card = showcase().cards["offer"]
    assert json.dumps(adaptive_card(card, TENANT)) == json.dumps(adaptive_card(card, TENANT))
