"""Dictionaries for tables, and a session that takes back what was not committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.addresses import Place
from bot.storage import Alarm, Digest, Intent, Nudge, Post, SendState
from commitments.errors import StaleWrite
from commitments.events import Fact
from commitments.notes import Jottings
from commitments.partnership import Partnership, Person, Role, Voice, Win
from commitments.promise import Promise
from commitments.sightings import Earshot, OpenRequest, Sighting

UNSENT = {SendState.PENDING, SendState.SENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An outbox row; `Intent` and lease together."""

    id: int
    intent: Intent
    state: SendState = SendState.PENDING
    ready_at: datetime
    leased_by: str | None = None
    epoch: int = 0
    attempts: int = 0
    settled_at: datetime | None = None
    reason: str | None = None


@dataclass(slots=True)
class Tables:
    people: dict[str, Person] = field(default_factory=dict)
    reports: dict[tuple[str, str], str] = field(default_factory=dict)  # (manager, person) -> tenant
    places: dict[str, Place] = field(default_factory=dict)
    members: dict[tuple[str, str], str] = field(default_factory=dict)  # (place, person) -> tenant
    partnerships: dict[str, Partnership] = field(default_factory=dict)
    roles: dict[tuple[str, str, Role], str] = field(default_factory=dict)
    wins: dict[str, Win] = field(default_factory=dict)
    voices: dict[str, Voice] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    facts: dict[int, tuple[str, Fact, Promise | None]] = field(default_factory=dict)
    outbox: dict[int, Row] = field(default_factory=dict)
    lanes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)  # ids are never given twice
    nudges: dict[tuple[str, str], Nudge] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    alarms: dict[tuple[str, str], Alarm] = field(default_factory=dict)
    fired: dict[tuple[str, str], datetime] = field(default_factory=dict)
    digests: dict[str, Digest] = field(default_factory=dict)
    inbox: dict[tuple[str, str], datetime] = field(default_factory=dict)
    beats: dict[str, datetime] = field(default_factory=dict)
    denials: dict[int, tuple[str, str, str, str | None, datetime]] = field(default_factory=dict)
    settings: dict[tuple[str, str], str] = field(default_factory=dict)
    earshots: dict[str, Earshot] = field(default_factory=dict)
    left_out: dict[tuple[str, str, str], datetime] = field(default_factory=dict)  # (tenant, place, person)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    cue_dismissals: dict[tuple[str, str, str], int] = field(default_factory=dict)  # (tenant, person, cue)
    open_requests: dict[str, OpenRequest] = field(default_factory=dict)
    jottings: dict[str, Jottings] = field(default_factory=dict)


_GONE = object()


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return value.replace(old, new)
    if isinstance(value, (tuple, frozenset)):
        return type(value)(_renamed(each, old, new) for each in value)
    if isinstance(value, dict):
        return {_renamed(name, old, new): _renamed(each, old, new) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        inner = {each.name: _renamed(getattr(value, each.name), old, new) for each in fields(value)}
        return replace(value, **inner)
    return value


class Session:
    """Writes go to the shared tables at once, and are taken back unless committed."""

    def __init__(self, tables: Tables, tenant: str | None) -> None:
        self.tables = tables
        self.tenant = tenant
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    @property
    def home(self) -> str:
        return self.tenant or ""

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append((table, key, table.get(key, _GONE)))
        table[key] = value

    def remove(self, table: dict[Any, Any], key: Any) -> None:
        if key in table:
            self._undo.append((table, key, table.pop(key)))

    def commit(self) -> None:
        self._undo.clear()

    def roll_back(self) -> None:
        for table, key, before in reversed(self._undo):
            if before is _GONE:
                table.pop(key, None)
            else:
                table[key] = before
        self._undo.clear()

    def mine(self, tenant: str) -> bool:
        return self.tenant in (None, tenant)

    def guard(self, tenant: str) -> None:
        if not self.mine(tenant):
            raise ValueError("this unit of work was opened for another tenant")

    def seen(self, values: Iterable[Any]) -> Iterator[Any]:
        return (each for each in values if self.mine(each.tenant))

    def get(self, table: dict[str, Any], key: str) -> Any:
        value = table.get(key)
        return value if value is not None and self.mine(value.tenant) else None

    def add(self, table: dict[str, Any], value: Any, unique: Callable[[Any], object]) -> None:
        self.guard(value.tenant)
        taken = any(unique(each) == unique(value) for each in table.values() if each.tenant == value.tenant)
        if taken or value.id in table:
            raise StaleWrite(value.id)
        self.put(table, value.id, value)

    def save(self, table: dict[str, Any], value: Any, **kept: Any) -> None:
        self.guard(value.tenant)
        stored = table.get(value.id)
        if stored is None or stored.version != value.version or stored.tenant != value.tenant:
            raise StaleWrite(value.id)
        self.put(table, value.id, replace(value, version=value.version + 1, **kept))

    def rename(self, old: str, new: str, *, but: dict[Any, Any]) -> None:
        """Wherever the one id stands, the other is written; what is there already stays."""
        for each in fields(self.tables):
            table = getattr(self.tables, each.name)
            for key, value in list(table.items()) if table is not but else ():
                renamed = _renamed(key, old, new), _renamed(value, old, new)
                is_home = self.tenant in (None, getattr(value, "tenant", self.tenant))
                if renamed == (key, value) or not is_home:
                    continue
                self.remove(table, key)
                if renamed[0] not in table:
                    self.put(table, *renamed)

    def tenant_of(self, table: dict[str, Any], key: str) -> str:
        parent = self.get(table, key)
        if parent is None:
            raise LookupError("what this row belongs to is not there")
        return str(parent.tenant)
