"""Public due-date phrases that nobody on this team wrote; the floors are those measured at first.

A row counts as exact when the day is right and, if a clock time was said, the minute too. A reading to
confirm counts when the answer is among its buttons. Weeks, months and longer stretches are due on their
last working day, which is our convention, not upstream's.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commitments.due import Reading, Setting, Status, read

SHARED = Path(os.environ.get("KEPT_SHARED", Path(__file__).parents[2].parent / "shared"))
CORPORA = SHARED / "corpora" / "due_dates"
STRETCHES = ("week", "month", "quarter", "year")
SATURDAY = 5

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPORA.is_dir(), reason=f"the due-date corpora are not at {CORPORA}"),
]


@dataclass(frozen=True, slots=True)
class Answer:
    day: date
    minute: str | None  # "17:00"; None when no time was said


def rows(corpus: str, languages: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for line in (CORPORA / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] in languages:
            yield row


def answer_to(row: dict[str, Any]) -> Reading:
    floating = row["tz"] == "floating"
    now = datetime.fromisoformat(row["reference_datetime"])
    setting = Setting(
        zone=None if floating else row["tz"], locale="en-US" if row["lang"] == "en" else row["lang"]
    )
    return read(row["phrase"], now=now if floating else now.replace(tzinfo=UTC), setting=setting)


def accepted(row: dict[str, Any]) -> list[Answer]:
    due = row["due"]
    said = [Answer(date.fromisoformat(d["date"]), d["time"]) for d in (due, *due["alt"]) if d["date"]]
    if row["expected"]["grain"] in STRETCHES:
        said.append(Answer(date.fromisoformat(row["expected"]["end"][:10]) - timedelta(days=1), None))
    if row["kind"] == "deadline":
        said += [Answer(answer.day - timedelta(days=1), None) for answer in said if answer.minute is None]
    return said + [Answer(_working(answer.day), answer.minute) for answer in said if row["kind"] != "point"]


def _working(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def judged(row: dict[str, Any]) -> str:
    found = answer_to(row)
    if found.status is Status.ASK:
        return "asked"
    matches = [_match(moment, answer, found) for moment in found.candidates for answer in accepted(row)]
    return max(matches, key=("wrong day", "wrong minute", "exact").index)


def _match(moment: datetime, answer: Answer, found: Reading) -> str:
    if moment.date() != answer.day:
        return "wrong day"
    # Upstream reads the end of the day as 23:59, we as the end of the working day.
    free = answer.minute is None or (not found.time_said and answer.minute == "23:59")
    return "exact" if free or answer.minute == f"{moment:%H:%M}" else "wrong minute"


@pytest.mark.parametrize(
    ("corpus", "languages", "exact", "wrong"),
    [
        ("recognizers_core", ("en-US", "en-GB"), 0.86, 0.005),
        ("chrono_core", ("en-US", "en-GB"), 0.88, 0.016),
        ("recognizers_core", ("de",), 0.66, 0.017),
        ("recognizers_core", ("fr",), 0.84, 0.0),
        ("recognizers_core", ("es",), 0.82, 0.0),
        ("chrono_core", ("de", "fr", "es"), 0.87, 0.01),
        ("recognizers_core", ("it", "nl", "pt", "sv"), 0.10, 0.003),
    ],
)
def test_public_phrases_are_read_and_hardly_ever_wrong(
    corpus: str, languages: tuple[str, ...], exact: float, wrong: float
) -> None:
    verdicts = Counter(judged(row) for row in rows(corpus, languages))
    total = verdicts.total()
    shown = ", ".join(f"{name} {count / total:.1%}" for name, count in verdicts.most_common())
    assert verdicts["exact"] / total >= exact, shown
    assert verdicts["wrong day"] / total <= wrong, shown


@pytest.mark.parametrize("corpus", ["recognizers_negative", "chrono_negative"])
@pytest.mark.parametrize(
    ("languages", "misread"),
    [(("en", "en-US", "en-GB"), 0), (("de", "es"), 0), (("fr",), 1), (("nl", "it", "pt"), 0)],
)
def test_text_without_a_due_date_is_refused(corpus: str, languages: tuple[str, ...], misread: int) -> None:
    read_as_due = [
        row["phrase"] for row in rows(corpus, languages) if answer_to(row).status is not Status.ASK
    ]
    # The one in French is "29 Fevrier" in 2013, which we read as 2016 and confirm.
    assert len(read_as_due) <= misread, read_as_due


def test_ranges_are_no_due_dates() -> None:
    languages = ("en-US", "de", "fr", "es")
    certain = [
        row["phrase"] for row in rows("chrono_interval", languages) if answer_to(row).status is Status.OK
    ]
    assert certain == []
