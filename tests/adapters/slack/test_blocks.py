"""Cards as messages: what they say is all there, within what Slack takes, and looks as reviewed."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.moments import BabelMomentWords
from adapters.slack.blocks import message, verb_of
from adapters.slack.preview import as_slack
from adapters.slack.rich_text import Workspace
from block_kit_rules import MESSAGE_KEYS, mentioned, parts, seen, strings, wrong_with_message
from bot.cards import Bullets, Button, Card, Facts, Mention, Moment, Paragraph, Strong, Tone, decode, encode
from bot.plain import plain_text
from builders import ANA, CARLA, FRIDAY, an_id
from commitments.text import shorten
from showcase import CARDS, reviewed, showcase

USERS = Workspace(resolve={ANA.id: "U0ANA", CARLA.id: "U0CARLA"}.get, origin="https://kept.example")

texts = st.text(max_size=20) | st.builds(
    lambda piece, times: piece * times,
    st.text(alphabet='ab "\\\n<>&🎉', min_size=1, max_size=8),
    st.sampled_from([1, 20, 400, 3_000]),
)
spans = st.one_of(
    texts,
    texts.map(Strong),
    st.builds(Mention, st.sampled_from([ANA.id, "nobody"]), texts),
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


def presses(drawn) -> list[dict]:
    return [part for part in parts(drawn["blocks"]) if part.get("type") == "button"]


def words_of(drawn) -> str:
    return seen([part for part in drawn["blocks"] if part["type"] != "actions"])


@given(cards)
def test_any_card_is_a_message_that_slack_takes(shared, card):
    assert wrong_with_message(message(card, USERS), shared) == []


@given(cards)
def test_any_card_follows_the_rules_that_no_schema_holds(card):
    assert wrong_with_message(message(card, USERS)) == []


@pytest.mark.parametrize("name", CARDS)
def test_the_main_cards_look_as_reviewed(name):
    drawn, seen_before = reviewed(name, message(showcase().cards[name], USERS))
    assert drawn == seen_before


@pytest.mark.parametrize("name", CARDS)
def test_the_main_cards_are_messages_that_slack_takes(shared, name):
    card = showcase().cards[name]
    assert wrong_with_message(message(card, USERS), shared) == []
    assert wrong_with_message(as_slack(card), shared) == []


@pytest.mark.parametrize("name", CARDS)
def test_the_notification_is_the_whole_twin(name):
    card = showcase().cards[name]
    assert unescape(message(card, USERS)["text"]) == plain_text(card)


@pytest.mark.parametrize("name", CARDS)
def test_every_answer_carries_random_ids_only(name):
    """L04: whoever can see a message can read what its buttons carry."""
    for press in presses(message(showcase().cards[name], USERS)):
        assert set(press) <= {"type", "text", "action_id", "value", "style"}
        value = decode(press["value"])
        assert value is not None
        assert set(value.subject) <= set("0123456789abcdef")


def test_nothing_unfurls_links_names_or_is_parsed():
    drawn = message(showcase().cards["digest"], USERS)
    assert {key: drawn[key] for key in MESSAGE_KEYS - {"text", "blocks"}} == {
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_person_with_an_account_is_mentioned_and_any_other_is_named():
    card = Card(title="x", blocks=(Paragraph((Mention(ANA.id, "Ana"), " and ", Mention("", "Zoe"))),))
    drawn = message(card, USERS)
    assert mentioned(drawn) == ["U0ANA"]
    assert " and Zoe" in seen(drawn["blocks"])


def test_a_moment_is_said_as_agreed_and_on_the_readers_own_clock():
    due = Moment(FRIDAY, "Fri 20 Nov, 10:00 Berlin")
    drawn = message(Card(title="x", blocks=(Paragraph(("by ", due)),)))
    leaves = drawn["blocks"][1]["elements"][0]["elements"]
    assert [leaf.get("text") for leaf in leaves] == ["by Fri 20 Nov, 10:00 Berlin (", None, ")"]
    assert leaves[1] == {
        "type": "date",
        "timestamp": int(FRIDAY.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": "2026-11-20 09:00 UTC",
    }


def test_a_moment_said_twice_in_a_sentence_is_put_on_the_readers_clock_once():
    due = Moment(FRIDAY, "Fri 20 Nov, 10:00 Berlin")
    drawn = message(Card(title="x", blocks=(Paragraph(("by ", due, "; still ", due)),)))
    assert [part.get("type") for part in parts(drawn)].count("date") == 1
    assert seen(drawn["blocks"]).endswith("; still Fri 20 Nov, 10:00 Berlin")


@pytest.mark.parametrize(
    "locale", ["en_GB", "en_US", "de", "fr", "fi", "da", "bg", "cs", "ja", "ar", "pt_BR"]
)
def test_moments_and_days_are_told_apart_in_many_languages(locale):
    words = BabelMomentWords(lambda: FRIDAY)
    for at, zone in product((FRIDAY, FRIDAY + timedelta(days=300)), ("Europe/Berlin", "Asia/Kolkata")):
        for time in (True, False):
            said = Moment(at, words(at, zone=zone, locale=locale, time=time))
            drawn = message(Card(title="x", blocks=(Paragraph((said,)),)))
            assert ("date" in {part.get("type") for part in parts(drawn)}) is time


@pytest.mark.parametrize(
    "words", ["Fri 20 Nov", "Fr., 20. Nov.", "11月20日(金)", "po 20. 11.", "20 Nov 2026"]
)
def test_a_day_is_the_same_day_in_every_zone(words):
    drawn = message(Card(title="x", blocks=(Paragraph((Moment(FRIDAY, words),)),)))
    assert not [part for part in parts(drawn) if part.get("type") == "date"]


def test_a_long_title_stands_in_full_below_its_header():
    title = "word " * 100
    drawn = message(Card(title=title))
    assert drawn["blocks"][0]["text"]["text"] == shorten(title.strip(), 150)
    assert drawn["blocks"][1]["text"]["text"] == title.strip()


def test_a_celebration_shows():
    assert message(Card(title="Kept", tone=Tone.CELEBRATION))["blocks"][0]["text"]["text"] == "🎉 Kept"


def test_a_long_list_is_said_more_plainly_before_anything_is_left_off():
    items = tuple(
        (Strong(f"Promise {n}"), " is due ", Moment(FRIDAY, "Fri 20 Nov, 10:00")) for n in range(150)
    )
    drawn = message(Card(title="x", blocks=(Bullets(items),)))
    assert wrong_with_message(drawn) == []
    assert all(f"Promise {n} is due Fri 20 Nov, 10:00" in seen(drawn["blocks"]) for n in range(150))


@pytest.mark.parametrize("count", [400, 2_000])
def test_what_is_left_off_is_counted_and_the_twin_has_it_all(count):
    items = tuple((f"Promise {n:05} to somebody, by Friday at the latest",) for n in range(count))
    drawn = message(Card(title="x", blocks=(Bullets(items),)))
    shown = words_of(drawn).count("Promise ")
    assert wrong_with_message(drawn) == []
    assert 100 < shown < count
    assert words_of(drawn).endswith(f"… +{count - shown}")
    assert drawn["text"].count("Promise ") == min(count, drawn["text"].count("\n"))


@given(st.text(alphabet="abc 🎉e\u0301\n", min_size=1, max_size=100), st.integers(40, 400))
def test_one_endless_line_is_cut_with_a_mark(piece, times):
    drawn = message(Card(title="x", blocks=(Paragraph((f"start {piece * times} end",)),)))
    assert wrong_with_message(drawn) == []
    assert " end" in words_of(drawn) or "…" in words_of(drawn)


def test_a_line_longer_than_a_section_runs_on_in_the_next():
    words = " ".join(str(n) for n in range(1_500))
    items = tuple((Strong("x"), " ", Moment(FRIDAY, "10:00")) for _ in range(60))
    drawn = message(Card(title="x", blocks=(Paragraph((words,)), Bullets(items))))
    sections = [block["text"]["text"] for block in drawn["blocks"] if block["type"] == "section"]
    assert sections[0].endswith("…")
    assert sections[1].startswith("…")
    figures = " ".join(sections).replace("… …", "").replace("…", "")
    assert "".join(figures.split()).startswith("".join(words.split()))


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


def test_a_bundle_repeats_its_buttons_under_each_promise():
    drawn = message(bundle(3))
    kinds = [block["type"] for block in drawn["blocks"]]
    assert kinds == ["header", "rich_text", *["rich_text", "actions"] * 3]
    assert [len(block["elements"]) for block in drawn["blocks"] if block["type"] == "actions"] == [3, 3, 3]


def test_a_morning_of_ten_promises_fits():
    drawn = message(bundle(10, verbs=4))
    assert len(presses(drawn)) == 40
    assert wrong_with_message(drawn) == []


def test_promises_whose_buttons_do_not_fit_are_counted():
    drawn = message(bundle(60))
    left = 60 - len(presses(drawn)) // 3
    assert left > 0
    assert drawn["blocks"][-1]["text"]["text"] == f"… +{left}"
    assert "[Answer 2]" in drawn["text"].splitlines()[-1]


def test_one_verb_twice_in_a_row_of_buttons_stays_one_verb():
    twice = tuple(Button(verb="digest.approve", label="x", value=encode(an_id(n))) for n in "ab")
    drawn = presses(message(Card(title="x", buttons=twice)))
    assert len({press["action_id"] for press in drawn}) == 2
    assert {verb_of(press["action_id"]) for press in drawn} == {"digest.approve"}


def test_more_buttons_than_a_row_holds_start_another():
    many = tuple(Button(verb=f"v{n}", label="x", value=encode(an_id("a"))) for n in range(30))
    drawn = message(Card(title="x", buttons=many))
    assert [len(block["elements"]) for block in drawn["blocks"] if block["type"] == "actions"] == [25, 5]


def test_a_card_of_nothing_is_still_a_message(shared):
    assert wrong_with_message(message(Card(title="", blocks=(Paragraph(()), Bullets(((),))))), shared) == []


def test_no_string_of_a_message_is_searched_for_markup():
    assert "mrkdwn" not in set(strings(message(showcase().cards["digest"], USERS)["blocks"]))
