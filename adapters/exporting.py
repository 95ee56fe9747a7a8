"""`kept export`: promises and their history in a file, complete as JSON, for a spreadsheet as CSV.

What somebody has to themselves (nudges, snoozes, when they read what) is in their own export and in the
whole one, never in a partnership's. Private notes come along only when they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen, fsync
from os import open as open_file
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from adapters.db import tables as t
from adapters.db.rows import key_of
from adapters.environment import database_url
from adapters.erasing import find
from adapters.problems import Trouble
from adapters.spreadsheet import csv_text
from adapters.stores import opened
from commitments.events import Kind

FORMAT, VERSION = "kept-export", 1
STORY = "playground"  # the tenant of the told story
TABLES = (
    *(t.people, t.reports, t.places, t.members, t.partnerships, t.roles, t.wins, t.voices),
    *(t.promises, t.facts, t.nudges, t.digests, t.posts, t.outbox, t.alarms, t.denials),
    *(t.earshots, t.left_out, t.sightings, t.cue_dismissals, t.open_requests, t.jottings),
)
_JSON = frozenset(
    {
        "args",
        "away",
        "before",
        "credits",
        "detail",
        "found",
        "left_out",
        "offline",
        "organisations",
        "passage",
    }
    | {"proposal", "question", "source", "waiting"}
)
_OWNERS_ALONE = frozenset(
    {"next_at", "nudged_until", "on_track_at", "on_track_rung", "owner_told_at", "snoozed_until"}
)
_SAID_TO_KEPT_ALONE = (Kind.ON_TRACK.value, Kind.SNOOZED.value)
_OF_OTHERS = frozenset({"id", "tenant", "name", "side", "organisation", "is_active"})

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Everything, unless it names a person or a partnership."""

    person: str | None = None
    partnership: str | None = None
    tenant: str | None = None
    notes: bool = False


def export(environ: Mapping[str, str], selection: Selection, form: str, target: str, now: datetime) -> str:
    """Says what was written. Raises Trouble when nothing is meant, several are, or the file is there."""
    path = Path(target)
    if path.exists():
        raise Trouble(f"{path} exists already. Choose a new name: an export never replaces a file.")
    with opened(database_url(environ)) as engine:
        person_id = _person(engine, selection)
        with engine.begin() as connection:
            found = _gather(connection, selection, person_id)
            names = _names(connection)
    text = _as_json(found, selection, now) if form == "json" else csv_text(found["promises"], names)
    _write(path, text)
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in found.items() if rows)
    return f"Written: {path} ({counts or 'nothing'}). SHA-256 {sha256(text.encode()).hexdigest()}"


def checksum(tables: Mapping[str, Rows]) -> str:
    """Over the rows as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(tables, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _person(engine: Any, selection: Selection) -> str | None:
    if selection.person is None:
        return None
    found = find(engine, selection.person, tenant=selection.tenant)
    if len(found) > 1:
        lines = (f"  {each.platform}:{each.account}  --tenant {each.tenant}" for each in found)
        raise Trouble("Several people are meant by that. Say which:\n" + "\n".join(lines))
    return found[0].id


def _gather(connection: Connection, selection: Selection, person_id: str | None) -> dict[str, Rows]:
    if person_id is not None:
        chosen = _of_person(connection, person_id)
    elif selection.partnership is not None:
        chosen = _of_partnership(connection, selection)
    else:
        chosen = _of_everybody(connection, selection.tenant)
    return {name: [_shown(name, row, selection) for row in rows] for name, rows in chosen.items()}


def _of_everybody(connection: Connection, tenant: str | None) -> dict[str, Rows]:
    return {
        table.name: _rows(connection, table, table.c.tenant == tenant if tenant else table.c.tenant != STORY)
        for table in TABLES
    }


def _of_person(connection: Connection, person_id: str) -> dict[str, Rows]:
    """Every row that speaks of them, wherever it does: ids are random, so that nothing else matches."""
    found = {table.name: _rows(connection, table, or_(*_naming(table, person_id))) for table in TABLES}
    told = (row for row in found["facts"] if row["kind"] not in _SAID_TO_KEPT_ALONE or row["by"] == person_id)
    return {
        **found,
        "promises": [_told(row, person_id) for row in found["promises"]],
        "facts": [{**row, "before": row["before"] and _told(row["before"], person_id)} for row in told],
    }


def _told(promise: dict[str, Any], person_id: str) -> dict[str, Any]:
    """What its owner has to themselves is not for somebody else who had a part in it."""
    if promise["owner_id"] == person_id:
        return promise
    return _without(promise, _OWNERS_ALONE | {"note"})


def _naming(table: Table, person_id: str) -> Iterator[ColumnElement[bool]]:
    """But for notes of calls: those are whose they are, and of nobody else who is named in them."""
    everywhere = (column for column in table.c if column.type.python_type is str)
    texts = (table.c.person_id,) if table is t.jottings else everywhere
    return (column.contains(person_id, autoescape=True) for column in texts)


def _of_partnership(connection: Connection, selection: Selection) -> dict[str, Rows]:
    partnership = _partnership(connection, selection)
    within = partnership["id"]
    made = _rows(connection, t.promises, t.promises.c.partnership_id == within)
    of_made = select(t.promises.c.id).where(t.promises.c.partnership_id == within)
    told = t.facts.c.promise_id.in_(of_made), t.facts.c.kind.not_in(_SAID_TO_KEPT_ALONE)
    found = {
        "partnerships": [partnership],
        "roles": _rows(connection, t.roles, t.roles.c.partnership_id == within),
        "promises": [_without(row, _OWNERS_ALONE) for row in made],
        "facts": [_public(row) for row in _rows(connection, t.facts, *told)],
        "wins": _rows(connection, t.wins, t.wins.c.partnership_id == within),
        "voices": _rows(connection, t.voices, t.voices.c.partnership_id == within),
        "digests": _rows(connection, t.digests, t.digests.c.subject_id == within),
    }
    return {"people": _spoken_of(connection, partnership["tenant"], found), **found}


def _public(fact: dict[str, Any]) -> dict[str, Any]:
    before = fact["before"]
    return {**fact, "before": _without(before, _OWNERS_ALONE) if before else None}


def _spoken_of(connection: Connection, tenant: str, found: Mapping[str, Rows]) -> Rows:
    text = json.dumps(found, default=str)
    everyone = _rows(connection, t.people, t.people.c.tenant == tenant)
    others = (row for row in everyone if row["id"] in text)
    return [{name: row[name] for name in row if name in _OF_OTHERS} for row in others]


def _partnership(connection: Connection, selection: Selection) -> dict[str, Any]:
    named = t.partnerships.c.name_key == key_of(selection.partnership or "")
    where = [named, *([t.partnerships.c.tenant == selection.tenant] if selection.tenant else [])]
    found = _rows(connection, t.partnerships, *where)
    if not found:
        raise Trouble(f"There is no partnership called {selection.partnership}.")
    if len(found) > 1:
        tenants = ", ".join(row["tenant"] for row in found)
        raise Trouble(f"Several workspaces have one of that name. Add --tenant: {tenants}.")
    return found[0]


def _rows(connection: Connection, table: Table, *where: ColumnElement[bool]) -> Rows:
    rows = connection.execute(select(table).where(*where).order_by(*table.primary_key)).mappings()
    return [{name: _value(name, value) for name, value in row.items()} for row in rows]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return json.loads(value) if value and name in _JSON else value


def _shown(table: str, row: dict[str, Any], selection: Selection) -> dict[str, Any]:
    """Notes, now and as they were, are their owner's."""
    if selection.notes or table not in ("promises", "facts"):
        return row
    row = _without(row, {"note"})
    return {**row, "before": _without(row["before"], {"note"})} if row.get("before") else row


def _without(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _names(connection: Connection) -> dict[str, str]:
    """Of people and partnerships by id, for readers of a table."""
    named = (select(table.c.id, table.c.name) for table in (t.people, t.partnerships))
    return {row.id: row.name for each in named for row in connection.execute(each)}


def _as_json(found: Mapping[str, Rows], selection: Selection, now: datetime) -> str:
    about = {"person": selection.person, "partnership": selection.partnership, "tenant": selection.tenant}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "at": now.isoformat(),
        "about": {**about, "notes": selection.notes},
        "tables": found,
        "sha256": checksum(found),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    """For its owner's eyes, on the disk when this returns, and not at all if it fails."""
    try:
        handle = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(f"{path} exists already. Choose a new name.") from None
    try:
        with fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
