"""How answers to public date phrases are scored; the rows are described beside the corpora.

A row counts as exact when the day is right and, if a clock time was said, the minute too. A reading to
confirm counts when the answer is among its buttons. Weeks, months and longer stretches are due on their
last working day, which is our convention, not upstream's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from commitments.due import Reading, Setting, Status, read

Row = dict[str, Any]
VERDICTS = ("asked", "wrong day", "wrong minute", "exact")
STRETCHES = ("week", "month", "quarter", "year")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Answer:
    day: date
    minute: str | None  # "17:00"; None when no time was said


def rows(corpora: Path, corpus: str, languages: Sequence[str]) -> Iterator[Row]:
    """The corpus's rows in languages such as "de" or "en-GB"."""
    for line in (corpora / "due_dates" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        row: Row = json.loads(line)
        if row["lang"] in languages:
            yield row


def present(row: Row) -> datetime:
    """Naive where upstream names no zone, else UTC."""
    now = datetime.fromisoformat(row["reference_datetime"])
    return now if row["tz"] == "floating" else now.replace(tzinfo=UTC)


def reading_of(row: Row) -> Reading:
    zone = None if row["tz"] == "floating" else row["tz"]
    locale = "en-US" if row["lang"] == "en" else row["lang"]
    return read(row["phrase"], now=present(row), setting=Setting(zone=zone, locale=locale))


def judged(row: Row) -> str:
    found = reading_of(row)
    if found.status is Status.ASK:
        return "asked"
    return verdict(row, found.candidates, time_said=found.time_said)


def verdict(row: Row, moments: Sequence[datetime], *, time_said: bool) -> str:
    """The best that any of the moments is worth."""
    matches = [_match(each, answer, time_said) for each in moments for answer in accepted(row)]
    return max(matches, key=VERDICTS.index)


def accepted(row: Row) -> list[Answer]:
    due = row["due"]
    said = [Answer(date.fromisoformat(d["date"]), d["time"]) for d in (due, *due["alt"]) if d["date"]]
    if row["expected"]["grain"] in STRETCHES:
        said.append(Answer(date.fromisoformat(row["expected"]["end"][:10]) - timedelta(days=1), None))
    if row["kind"] == "deadline":
        said += [Answer(answer.day - timedelta(days=1), None) for answer in said if answer.minute is None]
    return said + [Answer(_working(answer.day), answer.minute) for answer in said if row["kind"] != "point"]


def _working(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def _match(moment: datetime, answer: Answer, time_said: bool) -> str:
    if moment.date() != answer.day:
        return "wrong day"
    # Upstream reads the end of the day as 23:59, we as the end of the working day.
    free = answer.minute is None or (not time_said and answer.minute == "23:59")
    return "exact" if free or answer.minute == f"{moment:%H:%M}" else "wrong minute"
