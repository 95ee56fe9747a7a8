"""How people in offices say when: each phrase with the answer a careful colleague would give."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from commitments.due import Reading, Setting, Status, read

OWNERS = tomllib.loads(Path(__file__).with_name("business_phrases.toml").read_text("utf-8"))
PHRASES = [(name, phrase, answer) for name, o in OWNERS.items() for phrase, answer in o["phrases"].items()]


def shown(reading: Reading) -> str:
    if reading.local is None:
        return "?"
    return ("~" if reading.status is Status.CONFIRM else "") + f"{reading.local:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("owner", "phrase", "answer"), PHRASES, ids=[f"{o}: {p}" for o, p, _ in PHRASES])
def test_a_business_phrase_is_read_as_a_colleague_would(owner: str, phrase: str, answer: str) -> None:
    its = OWNERS[owner]
    days_off = frozenset(map(date.fromisoformat, its["holidays"]))
    setting = Setting(zone=its["zone"], locale=its["locale"], is_day_off=days_off.__contains__)
    wednesday = datetime(2026, 11, 18, 15, tzinfo=ZoneInfo(its["zone"])).astimezone(UTC)
    assert shown(read(phrase, now=wednesday, setting=setting)) == answer


def test_there_are_enough_phrases() -> None:
    assert len(PHRASES) >= 150
