"""`kept bench text`, on corpora of a few rows."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from adapters.bench import main
from adapters.bench.text import Measure, figures, table
from adapters.bench.text_scoring import verdict
from adapters.problems import Trouble

NOON = "2026-11-18T12:00:00"


def phrase(words: str, day: str | None, **more: object) -> dict:
    due = None if day is None else {"date": day, "time": None, "alt": []}
    return {
        "phrase": words,
        "reference_datetime": NOON,
        "tz": "UTC",
        "lang": "en-US",
        "kind": "none" if day is None else "point",
        "expected": None if day is None else {"start": day, "end": day, "grain": "day"},
        "due": due,
        "tags": [],
    } | more


def mail(text: str, split: str, label: int, kind: str) -> dict:
    return {"text": text, "split": split, "label": label, "kind": kind}


def write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    right, wrong = phrase("Friday", "2026-11-20"), phrase("tomorrow", "2026-11-20")
    far = phrase("Wednesday 31", "2027-03-31")  # confirmed for our own reasons; "next Friday" by convention 6
    german = phrase("morgen", "2026-11-19", lang="de")
    write(tmp_path / "due_dates/recognizers_core.jsonl", [right, wrong, german])
    write(tmp_path / "due_dates/chrono_core.jsonl", [right, phrase("next Friday", "2026-11-27"), far])
    for name in ("recognizers_negative", "chrono_negative"):
        write(tmp_path / f"due_dates/{name}.jsonl", [phrase("the wall", None), phrase("Monday", None)])
    mails = [
        mail(text, split, label, kind)
        for split in ("train", "test")
        for text, label, kind in (
            ("I'll send it by Friday.", 1, "commit"),
            ("It was promised.", 1, "commit"),
            ("I'll send nothing but joy.", 0, "none"),
            ("We'll send it by Monday.", 0, "weak"),
        )
    ]
    write(tmp_path / "commitments/enron_commitments.jsonl", mails)
    return tmp_path


def test_every_figure_is_counted_as_the_corpora_say(corpora: Path) -> None:
    values = {measure.what: measure.value for measure in figures(corpora)}
    assert values["Recognizers core, English: exact"] == 50
    assert values["Recognizers core, English: wrong day"] == 50
    assert values["chrono core, English: exact"] == 100
    assert values["negatives refused, English"] == 50
    assert values["German, French, Spanish rows of both: exact"] == 100
    assert values["needless confirmations, plain English"] == 20
    assert values["Enron test, offers: precision"] == 0.5
    assert values["Enron test, offers: recall"] == 0.5
    assert values["Enron test, false offers in 1,000"] == 250


def test_the_table_sets_the_baselines_beside_and_names_what_is_absent(corpora: Path, capsys) -> None:
    assert main(["text", "--corpora", str(corpora)]) == 1
    text = capsys.readouterr().out
    assert "naive regex" in text
    assert "below the floor" in text
    for library in ("dateparser", "parsedatetime"):
        assert library in text  # measured, or said to be absent


def test_a_folder_without_corpora_says_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="holds no due_dates and no commitments"):
        figures(tmp_path)


def test_the_corpora_must_be_named(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["text"])
    assert ended.value.code == 2


@pytest.mark.parametrize(("value", "is_within"), [(2.0, False), (1.0, True), (0.5, True)])
def test_where_less_is_better_the_floor_is_a_ceiling(value: float, is_within: bool) -> None:
    measure = Measure(what="wrong", unit="%", value=value, floor=1, aim=0.5, less_is_better=True)
    assert measure.is_within is is_within
    assert ("below the floor" in table([measure])) is not is_within


def test_a_day_to_confirm_counts_when_it_is_among_the_buttons() -> None:
    row = phrase("Friday", "2026-11-20")
    offered = [datetime(2026, 11, 27, 17), datetime(2026, 11, 20, 17)]
    assert verdict(row, offered, time_said=False) == "exact"
    assert verdict(row, offered[:1], time_said=False) == "wrong day"


def test_a_time_that_was_said_must_be_right_to_the_minute() -> None:
    row = phrase("Friday 5pm", "2026-11-20")
    row["due"]["time"] = "17:00"
    assert verdict(row, [datetime(2026, 11, 20, 5)], time_said=True) == "wrong minute"
