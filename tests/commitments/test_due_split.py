"""Where the title of a promise ends and its due date begins."""

from datetime import UTC, datetime

import pytest

from commitments.due import Setting, Status, split_message

WEDNESDAY = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
SETTING = Setting(zone="America/New_York", locale="en-US")


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("send the SOC 2 report by Friday 5pm", "send the SOC 2 report", "2026-11-20 17:00"),
        ("Send SOC 2 report tomorrow", "Send SOC 2 report", "2026-11-19 17:00"),
        ("share the pricing in 3 business days", "share the pricing", "2026-11-23 17:00"),
        ("sort out legal by end of month", "sort out legal", "2026-11-30 17:00"),
        ("fix the bug before Christmas", "fix the bug", "2026-12-24 17:00"),
        ("call Bob at 5pm", "call Bob", "2026-11-18 17:00"),
        ("answer within 48 hours", "answer", "2026-11-20 10:00"),
        ("please do it, Friday", "please do it", "2026-11-20 17:00"),
        ("send the invoice - by 2026-12-01", "send the invoice", "2026-12-01 17:00"),
        ("by Friday", "", "2026-11-20 17:00"),
        ("send report 3 Dec", "send report", "2026-12-03 17:00"),
        ("send report fri 5pm", "send report", "2026-11-20 17:00"),
        ("log in today", "log in", "2026-11-18 17:00"),
        ("invoice, due 12/01", "invoice", "2026-12-01 17:00"),
        ("send the deck on Monday, December 7 at 3pm ET please", "send the deck", "2026-12-07 15:00"),
        ("Vertrag schicken bis Freitag 17 Uhr", "Vertrag schicken", "2026-11-20 17:00"),
        ("envoyer le contrat d'ici vendredi", "envoyer le contrat", "2026-11-20 17:00"),
    ],
)
def test_a_due_tail_is_cut_from_the_title(text: str, title: str, due: str) -> None:
    found_title, reading = split_message(text, now=WEDNESDAY, setting=SETTING)
    assert found_title == title
    assert reading is not None
    assert reading.status is Status.OK
    assert f"{reading.local:%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize(
    "text",
    [
        "finish the Q3 2026 summary",
        "send the Friday call notes",
        "prepare for the Friday call",
        "version 2.10",
        "top 5",
        "Support is 24/7",
        "grow revenue by 5%",
        "plan the launch",
        "write the May report",
        "SOC 2",
        "tell him to do so",
        "call Sam",
        "trip to Mars",
        "watch the match",
        "review section 3.2",
        "",
        "   ",
    ],
)
def test_a_title_without_a_due_date_stays_whole(text: str) -> None:
    assert split_message(text, now=WEDNESDAY, setting=SETTING) == (text.strip(), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("send SOC 2 Friday", "no_cue"),
        ("review Q3", "no_cue"),
        ("move the call to Monday", "no_cue"),
        ("prepare slides for Friday", "no_cue"),
        ("reduce open tickets by 5", "no_cue"),
        ("cut lead time by 3 days", "no_cue"),
        ("order 5 tomorrow", "no_cue"),
        ("do the second", "no_cue"),
        ("where she sat", "no_cue"),
        ("organise lunch", "no_cue"),
        ("send it tomorrow or Friday", "no_cue"),
        ("send the report by Friday to the team", "left_over"),
    ],
)
def test_an_unsure_tail_asks_and_cuts_nothing(text: str, reason: str) -> None:
    title, reading = split_message(text, now=WEDNESDAY, setting=SETTING)
    assert title == text
    assert reading is not None
    assert (reading.status, reading.reason, reading.due) == (Status.ASK, reason, None)


@pytest.mark.parametrize(
    ("text", "title", "reason"),
    [
        ("send it by May", "send it", "month_start_or_end"),
        ("send it by next sprint", "send it", "vague"),
        ("send it by Friday or Monday", "send it", "several_dates"),
    ],
)
def test_a_tail_understood_but_undecided_is_cut_and_asks(text: str, title: str, reason: str) -> None:
    found, reading = split_message(text, now=WEDNESDAY, setting=SETTING)
    assert reading is not None
    assert (found, reading.status, reading.reason) == (title, Status.ASK, reason)


def test_the_span_marks_the_words_read_in_the_whole_text() -> None:
    text = "send the\u200b report by Friday 5pm!"
    _, reading = split_message(text, now=WEDNESDAY, setting=SETTING)
    assert reading is not None
    assert text[slice(*reading.span)] == "by Friday 5pm!"


def test_only_the_end_of_a_long_text_is_looked_at() -> None:
    text = "by Friday " + "word " * 5000
    assert split_message(text, now=WEDNESDAY, setting=SETTING) == (text.strip(), None)


def test_the_end_that_is_looked_at_never_begins_inside_a_word() -> None:
    text = "x" * 300 + "Friday"
    assert split_message(text, now=WEDNESDAY, setting=SETTING) == (text, None)
