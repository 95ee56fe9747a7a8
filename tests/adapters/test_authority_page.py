from pathlib import Path

from adapters.authority_page import page
from commitments.access import Column, matrix

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_says_what_the_checks_read():
    written = (DOCS / "authority.md").read_text("utf-8")
    assert written == page(), "run: python -m adapters.authority_page > docs/authority.md"


def test_every_action_has_a_line_with_a_cell_for_every_column():
    lines = {line.split(" | ")[0].strip("| "): line for line in page().splitlines()}
    for row in matrix().values():
        cells = lines[row.id].strip("|").split("|")
        assert len(cells) == len(Column) + 3
        assert f"`{row.action}`" in cells[1]
