"""Stored cards, names in words, and the platform that Kept speaks on here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.chat import PlaygroundChat
from adapters.playground.messages import Messages
from adapters.playground.opening import forget_story, new_id, open_playground, with_story
from adapters.playground.people import CAST, CHANNELS, resolve
from adapters.playground.prologue import FRIDAY, has_begun, plot
from adapters.playground.stored_cards import read_card, write_card
from bot.addresses import MessageRef
from bot.cards import Bullets, Button, Card, Facts, Link, Mention, Moment, Paragraph, Strong, Tone
from bot.ports import ChatError
from commitments.nudges import Standing, decision
from commitments.worktime import Calendar

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
PEOPLE = {person.id: person for person in CAST}
PLACES = list(CHANNELS)

words = st.text(max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
spans = st.one_of(
    words,
    st.builds(Mention, words, words),
    st.builds(Moment, moments, words),
    st.builds(Strong, words),
    st.builds(Link, words, words),
)
texts = st.lists(spans, max_size=3).map(tuple)
blocks = st.one_of(
    st.builds(Paragraph, texts),
    st.builds(Facts, st.lists(st.tuples(words, texts), max_size=3).map(tuple)),
    st.builds(Bullets, st.lists(texts, max_size=3).map(tuple)),
)
buttons = st.builds(Button, verb=words, label=words, value=words, about=words, primary=st.booleans())
cards = st.builds(
    Card,
    title=words,
    blocks=st.lists(blocks, max_size=3).map(tuple),
    buttons=st.lists(buttons, max_size=3).map(tuple),
    tone=st.sampled_from(Tone),
)


@given(cards)
def test_a_stored_card_reads_back_as_it_was(card: Card) -> None:
    assert read_card(write_card(card)) == card


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("call @Ben", "call <@ben>"),
        ("call @ben okafor, please", "call <@ben>, please"),
        ("thanks @Carla and @Carlos", "thanks <@carla> and <@carlos>"),
        ("@Bennett is unknown", "@Bennett is unknown"),
        ("mail me@ben.example", "mail me@ben.example"),
        ("link Acme #acme-shared", "link Acme <#acme-shared>"),
        ("see #acme-shared-2 and #1", "see #acme-shared-2 and #1"),
        ("an id typed by hand: <@0123> <#4567>", "an id typed by hand: < @0123> < #4567>"),
    ],
)
def test_names_become_ids_where_they_name_somebody(typed: str, read: str) -> None:
    assert resolve(typed, PEOPLE, PLACES) == read


@pytest.fixture
def chat(engine) -> PlaygroundChat:
    return PlaygroundChat(Messages(engine), lambda: NOON, new_id)


def test_posting_twice_with_one_key_posts_once(chat, engine) -> None:
    place = PLACES[0]
    first = chat.post(place, Card(title="one"), key="k")
    assert chat.post(place, Card(title="two"), key="k") == first
    assert chat.find(place, "k") == first
    assert chat.find(place, "other") is None
    assert [m.text for m in Messages(engine).seen_by("ana", [place.id]) if m.ref == first.key] == ["one"]


def test_an_edit_shows_the_new_card_and_remembers_the_old_buttons(chat, engine) -> None:
    ref = chat.post(PLACES[0], Card(title="one", buttons=(Button(verb="a", label="A", value="1"),)), key="k")
    chat.update(ref, Card(title="two", buttons=(Button(verb="b", label="B", value="2"),)))
    message = Messages(engine).get(ref.key)
    assert message is not None
    assert message.card is not None
    assert message.card.title == "two"
    assert message.offered == {("a", "1"), ("b", "2")}


def test_editing_what_is_not_there_fails_for_good(chat) -> None:
    nothing = MessageRef(platform="playground", tenant="playground", place_id="acme-shared", key="none")
    with pytest.raises(ChatError) as failed:
        chat.update(nothing, Card(title="two"))
    assert failed.value.permanent


@given(st.integers(0, 2 * 365 * 24))
def test_whenever_it_starts_the_story_has_a_decision_waiting(hours: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    calendar = Calendar(zone="Europe/Berlin")
    found = plot(now)
    due = calendar.close(found.report_due)
    morning = decision(Standing(span_from=found.report_captured, due_at=due), calendar).send_at
    assert morning is not None
    assert morning <= now < calendar.next_morning(morning)
    assert found.report_due.weekday() != FRIDAY
    assert found.report_due > calendar.local_date(now) + timedelta(days=1)


@pytest.mark.parametrize("day", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)])
@pytest.mark.parametrize("hour", [5, 14])
def test_the_story_can_begin_on_any_day(engine, day: date, hour: int) -> None:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    playground = with_story(engine, lambda: at, fresh=True)
    last = [message for message in playground.view("ana").messages if message.place_id == "dm-ana"][-1]
    assert {"promise.on_track", "promise.renegotiate"} <= {verb for verb, _ in last.offered}
    assert playground.clock.now() == at


def test_starting_over_forgets_the_story_and_nothing_else(engine) -> None:
    forget_story(engine)
    playground = open_playground(engine, lambda: NOON)
    assert not has_begun(playground)
    assert playground.view(None).people == {}


def test_a_second_start_keeps_what_happened(engine) -> None:
    playground = with_story(engine, lambda: NOON)
    ref = playground.say("carla", "acme-shared", "Good morning").message
    assert ref in {m.ref for m in with_story(engine, lambda: NOON).view("ana").messages}
