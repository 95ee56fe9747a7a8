"""Promises in notes and transcripts: whose each is, in which words, and why one is unsure."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.notes import ASSIGNED, CONTINUED, NOBODY, READ_AT_MOST, STRANGER, Jotted, Voice, jotted
from commitments.promise import Side

ANA = Voice(person_id="ana", name="Ana Costa", side=Side.OURS)
BEN = Voice(person_id="ben", name="Ben Berg", side=Side.OURS)
BOB = Voice(person_id="bob", name="Bob Li", side=Side.THEIRS)
VOICES = (ANA, BEN, BOB)


def read(text: str, voices=VOICES) -> list[Jotted]:
    return list(jotted(text, voices, writer=ANA, customer="Acme"))


def one(text: str, voices=VOICES) -> Jotted:
    [found] = read(text, voices)
    return found


def whose(text: str) -> list[tuple[str, str | None]]:
    return [(each.title, each.owner_id) for each in read(text)]


# Who speaks


@pytest.mark.parametrize(
    "line",
    [
        "Ana Costa: I'll send the report by Friday",
        "ana: I'll send the report by Friday",
        "[00:12:03] Ana Costa: I'll send the report by Friday",
        "12:03 Ana: I'll send the report by Friday",
        "Ana Costa (Kept Ltd): I'll send the report by Friday",
        "Ana [0:12]: I'll send the report by Friday",
        "**Ana Costa:** I'll send the report by Friday",
        "- Ana: I'll send the report by Friday",
        "2. @Ana: I'll send the report by Friday",
        "Ana Costa   0:03\nI'll send the report\nby Friday",
        "[00:12:03] Ana Costa\nI'll send the report by Friday",
        "Ana Costa  10:12 AM\nI'll send the report by Friday",
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\n<v Ana Costa>I'll send the report</v>\n\n"
        "2\n00:00:04.000 --> 00:00:05.000\n<v Ana Costa>by Friday</v>",
        "1\n00:00:01,000 --> 00:00:04,000\nAna Costa: I'll send the report\nby Friday",
    ],
)
def test_whoever_a_line_names_is_the_owner(line):
    found = one(f"{line}\n\nBen: Great, thanks!")
    assert (found.title, found.owner_id, found.side) == ("Send the report", "ana", Side.OURS)
    assert found.due_text == "by Friday"
    assert found.is_sure


def test_a_customers_promise_is_theirs():
    found = one("[00:12:03] Bob (Acme): we'll sign the order by Monday")
    assert (found.owner_id, found.side, found.is_sure) == ("bob", Side.THEIRS, True)


def test_where_nobody_is_named_the_writer_speaks():
    assert whose("- I'll send the deck\n- we'll book training by 3 Dec") == [
        ("Send the deck", "ana"),
        ("Book training", "ana"),
    ]


def test_in_a_transcript_words_without_a_name_are_nobodys():
    found = one("Ana: Hello!\n\nI'll send the report by Friday")
    assert (found.owner_id, found.side, found.doubts) == (None, None, (NOBODY,))


def test_a_stranger_owns_nothing_until_somebody_says_who_it_is():
    found = one("Priya: I'll look into the export by Wednesday")
    assert (found.owner_id, found.speaker, found.doubts) == (None, "Priya", (STRANGER,))


def test_a_stranger_from_the_customer_is_on_their_side():
    assert one("Priya (Acme): I'll look into the export").side is Side.THEIRS
    assert one("Acme: we'll look into the export").side is Side.THEIRS


def test_a_first_name_that_two_people_bear_names_neither():
    other = Voice(person_id="ana2", name="Ana Diaz", side=Side.THEIRS)
    assert one("Ana: I'll send the report", (*VOICES, other)).owner_id is None
    assert one("Ana Diaz: I'll send the report", (*VOICES, other)).owner_id == "ana2"


def test_one_of_theirs_is_never_one_of_ours_who_has_that_name():
    found = one("Ana (Acme): we'll sign the order by Monday")
    assert (found.owner_id, found.side, found.doubts) == (None, Side.THEIRS, (STRANGER,))


def test_without_a_customer_nobody_is_on_their_side():
    [found] = jotted("Priya: I'll send the report", VOICES, writer=ANA, customer="")
    assert found.side is None


def test_two_people_of_one_name_are_never_mistaken_for_each_other():
    twin = Voice(person_id="twin", name="Ana Costa", side=Side.THEIRS)
    assert one("Ana Costa: I'll send the report", (*VOICES, twin)).owner_id is None


def test_what_follows_on_a_line_of_its_own_may_be_somebody_elses():
    found = read("Bob: we'll sign by Monday\nI'll send the report by Friday")
    assert [each.doubts for each in found] == [(), (CONTINUED,)]


@pytest.mark.parametrize("heading", ["Next steps", "Tasks", "Decision", "Aufgaben", "Décisions"])
def test_a_heading_is_nobody(heading):
    assert one(f"{heading}: I'll send the report by Friday").speaker == "Ana Costa"


# What was promised


def test_an_answer_takes_action_and_date_from_what_was_asked():
    found = one("Ana: Could you send us the sandbox keys by Tuesday?\nBob: Sure, will do.")
    assert (found.title, found.due_text, found.owner_id) == ("Send the sandbox keys", "by Tuesday", "bob")
    assert (found.request, found.quote) == ("send us the sandbox keys by Tuesday", "Sure, will do.")


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("- Ben to fix the export by 3 Dec", "ben"),
        ("- Ben: fix the export by 3 Dec", "ben"),
        ("Bob: fix the export by 3 Dec", "bob"),
        ("Ben will fix the export by 3 Dec", "ben"),
        ("Acme will fix the export by 3 Dec", None),
    ],
)
def test_what_is_written_down_for_somebody_is_theirs_and_never_sure(line, owner):
    found = one(line)
    assert (found.title, found.owner_id, found.due_text) == ("Fix the export", owner, "by 3 Dec")
    assert not found.is_sure


@pytest.mark.parametrize(
    "line",
    [
        "Bob: send me the file by Friday",
        "Bob: can we fix the export by Friday?",
        "Ana: sounds good",
        "Priya: fix the export by Friday",
        "Ana: as promised, I sent the report on Monday",
    ],
)
def test_a_request_a_report_and_small_talk_are_no_promises(line):
    assert read(line) == []


def test_the_exact_words_are_quoted_with_their_sentence():
    found = one("Ana: Thanks all. So yes, I'll send the report by Friday. Bye!")
    assert found.quote == "So yes, I'll send the report by Friday."


def test_a_promise_said_twice_is_found_once_with_its_date():
    found = one("Ana: I'll send the report.\nBob: Great!\nAna: I'll send the report by Friday.")
    assert found.due_text == "by Friday"


def test_the_same_words_of_two_people_are_two_promises():
    assert whose("Ana: I'll send the report\nBob: I'll send the report") == [
        ("Send the report", "ana"),
        ("Send the report", "bob"),
    ]


def test_a_doubt_of_the_spotter_is_kept():
    assert one("Ana: I need to check with legal by Wednesday").doubts == ("obligation",)
    assert ASSIGNED in one("- Ana to check the export").doubts


# Whatever is pasted


@given(st.text(max_size=400))
def test_no_text_is_too_odd_to_read(text):
    assert isinstance(read(text), list)


@given(st.lists(st.sampled_from(["Ana: I'll send it", "Bob (Acme):", "12:03", "-->", "", "- ", "<v Ana>x"])))
def test_no_order_of_lines_is_too_odd_to_read(lines):
    assert {each.owner_id for each in read("\n".join(lines))} <= {"ana", "bob", None}


@pytest.mark.parametrize(
    "line", ["Ana: I'll send it by Friday\n", "a ", "Ana Ana Ana Ana ", "x" * 50, "- [ ] "]
)
def test_reading_takes_time_in_proportion(line):
    def seconds(length: int) -> float:
        text = (line * (length // len(line) + 1))[:length]
        before = process_time()
        read(text)
        return process_time() - before

    seconds(1_000)
    assert seconds(READ_AT_MOST) < 40 * max(seconds(READ_AT_MOST // 10), 0.02)
