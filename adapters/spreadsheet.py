"""Promises as CSV that no spreadsheet takes for formulas, and that can be read back without loss (T18).

RFC 4180: commas, CRLF, every text in quotes, quotes doubled. Numbers stand bare, yes and no as true and
false, moments as ISO 8601 in UTC. A text a spreadsheet could calculate gets one apostrophe in front, and so
does one that begins with an apostrophe: whoever reads it back takes one apostrophe away, if there is one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
COLUMNS = (
    *("partnership", "number", "title", "side", "state", "owner", "filed_by", "due_at", "due_zone"),
    *("first_due_at", "created_at", "shown_at", "delivered_at", "settled_at", "evidence"),
    *("moved_early", "moved_late", "note", "tenant", "id"),
)
_NAMED = {"partnership": "partnership_id", "owner": "owner_id", "filed_by": "filed_by"}
# What begins a formula: = + - @ and their full-width twins. Tab, CR, LF and NUL make some programs look at
# what stands behind them.
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "−")
_CONTROLS = ("\t", "\r", "\n", "\0")


def csv_text(promises: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """`names` of people and partnerships by id. The note is there when the rows have it."""
    rows = list(promises)
    columns = [each for each in COLUMNS if each != "note" or any("note" in row for row in rows)]
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(_part(row, each, names)) for each in columns] for row in rows)
    return BOM + written.getvalue()


def safe(text: str) -> str:
    """One apostrophe in front of what could be calculated, or begins with one."""
    seen = text.lstrip()
    is_risky = seen.startswith(_STARTS) or text.startswith((*_CONTROLS, "'")) or _begins_hidden(text)
    return f"'{text}" if is_risky else text


def plain(cell: str) -> str:
    """What `safe` was given."""
    return cell.removeprefix("'")


def _begins_hidden(text: str) -> bool:
    """Behind something invisible, which programs may drop."""
    shown = text.lstrip("".join((*_CONTROLS, " \u00a0\u200b\u200c\u200d\u2060\ufeff\u3000")))
    return shown != text and shown.startswith(_STARTS)


def _part(row: Mapping[str, Any], column: str, names: Mapping[str, str]) -> Any:
    value = row[_NAMED.get(column, column)]
    return names.get(value, value) if column in _NAMED else value


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return safe(value) if isinstance(value, str) else value
