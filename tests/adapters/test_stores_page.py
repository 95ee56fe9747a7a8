"""docs/stores.md is what a reviewer reads instead of the code, so it is held to the code."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from adapters.db.asks import ASKS_KEPT_FOR
from adapters.db.quarantine import LONGEST
from adapters.db.tables import metadata
from adapters.db.texts import CODES
from adapters.slack.inbox import KEPT_FOR
from bot.policy import Retention
from bot.pruning import KEYS_FOR, SIGHTINGS_FOR
from bot.wording import catalogue
from commitments.notes import JOTTINGS_KEPT_FOR
from commitments.sightings import MERGED_FOR, REQUESTS_KEPT, REQUESTS_KEPT_FOR

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "stores.md").read_text("utf-8")
for _each in sorted((ROOT / "adapters").glob("*/tables.py")):
    import_module(f"adapters.{_each.parent.name}.tables")

SECTIONS = {
    part.partition("\n")[0].strip(): part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
}


def rows(table: str) -> list[tuple[list[str], str]]:
    """The columns and the description of each line."""
    found = re.findall(r"^\| (`.*?) \|(.*)\|$", SECTIONS[table], re.MULTILINE)
    return [(re.findall(r"`(\w+)`", columns), said) for columns, said in found]


def test_every_table_is_on_the_page_and_no_other():
    assert set(SECTIONS) == set(metadata.tables)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_column_is_on_the_page_once_and_no_other(table):
    said = [column for columns, _ in rows(table) for column in columns]
    assert sorted(said) == sorted(metadata.tables[table].c.keys())


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_no_column_of_words_is_treated_as_a_code(table):
    """What the page calls words, erasing must read as words."""
    words = {column for columns, said in rows(table) if "**words**" in said for column in columns}
    assert not words & CODES


@pytest.mark.parametrize(
    ("line", "promised"),
    [
        ("outbox.args", f"{Retention().sent.days} by default"),
        ("sent or dropped", f"{KEYS_FOR.days} days"),
        ("keys of what came in", f"{KEYS_FOR.days} days"),
        ("(`quarantine`)", f"{Retention().quarantine.days} by default"),
        ("(`slack_events`)", f"{KEPT_FOR.days} days"),
        ("(`open_requests`)", f"after {REQUESTS_KEPT_FOR // timedelta(hours=1)} hours"),
        ("(`open_requests`)", {3: "last three"}[REQUESTS_KEPT]),
        ("(`sightings.passage`)", f"after {MERGED_FOR.days} days"),
        ("(`sightings.passage`)", f"after {SIGHTINGS_FOR.days} days"),
        ("(`jottings`)", f"after {JOTTINGS_KEPT_FOR // timedelta(hours=1)} hours"),
        ("(`slack_asks`, `teams_asks`)", f"{ASKS_KEPT_FOR // timedelta(hours=1)} hour"),
    ],
)
def test_the_terms_on_the_page_are_the_terms_in_the_code(line, promised):
    [row] = [each for each in PAGE.splitlines() if each.startswith("|") and line in each]
    assert promised in row


def test_the_figures_and_names_on_the_page_are_those_of_the_code():
    assert f"{LONGEST:,} characters" in PAGE
    assert all(f"*{catalogue('en')[f'gone.{each}']}*" in PAGE for each in ("colleague", "contact"))
    assert "kept-erasures.txt" in PAGE
