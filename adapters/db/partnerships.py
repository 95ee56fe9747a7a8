"""Partnerships, the roles in them, and what is told and celebrated there."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from adapters.db.rows import (
    PARTNERSHIP_COLUMNS,
    key_of,
    partnership_of,
    partnership_row,
    voice_of,
    voice_row,
    win_of,
    win_row,
)
from adapters.db.scope import Scoped, Transaction, insert_new, tenant_by_id
from adapters.db.tables import partnerships, roles, voices, wins
from commitments.partnership import Partnership, Role, Voice, Win

_c = partnerships.c

_SELECT = select(*PARTNERSHIP_COLUMNS)
_GET = Scoped(partnerships, lambda *mine: _SELECT.where(_c.id == bindparam("id"), *mine))
_NAMED = Scoped(
    partnerships, lambda *mine: _SELECT.where(_c.name_key == bindparam("name"), *mine), by_key=True
)
_ALL = Scoped(partnerships, lambda *mine: _SELECT.where(*mine), by_key=True)
_COUNT_UP = Scoped(
    partnerships,
    lambda *mine: (
        update(partnerships)
        .where(_c.id == bindparam("which"), *mine)
        .values(promises_made=_c.promises_made + 1)
        .returning(_c.promises_made)
    ),
)

_TENANT = tenant_by_id(partnerships)
_ADD_ROLE = insert_new(roles)
_ROLES = Scoped(
    roles,
    lambda *mine: select(roles.c.person_id, roles.c.role).where(
        roles.c.partnership_id == bindparam("partnership"), *mine
    ),
)
_ROLES_OF = Scoped(
    roles,
    lambda *mine: select(roles.c.partnership_id, roles.c.role).where(
        roles.c.person_id == bindparam("person"), *mine
    ),
)
_DROP_ROLE = Scoped(
    roles,
    lambda *mine: delete(roles).where(
        roles.c.partnership_id == bindparam("partnership"),
        roles.c.person_id == bindparam("person"),
        roles.c.role == bindparam("role"),
        *mine,
    ),
)

_WIN = Scoped(wins, lambda *mine: select(wins).where(wins.c.id == bindparam("id"), *mine))
_SAVE_WIN = Scoped(wins, lambda *mine: update(wins).where(wins.c.id == bindparam("which"), *mine))
_WINS = Scoped(
    wins,
    lambda *mine: (
        select(wins)
        .where(
            wins.c.partnership_id == bindparam("partnership"),
            wins.c.at >= bindparam("start"),
            wins.c.at < bindparam("end"),
            *mine,
        )
        .order_by(wins.c.at, wins.c.id)
    ),
)

_VOICE = Scoped(voices, lambda *mine: select(voices).where(voices.c.id == bindparam("id"), *mine))
_VOICES = Scoped(
    voices,
    lambda *mine: (
        select(voices)
        .where(voices.c.partnership_id == bindparam("partnership"), *mine)
        .order_by(voices.c.at, voices.c.id)
    ),
)


class SqlPartnerships:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, partnership_id: str) -> Partnership | None:
        return self._transaction.one(_GET, partnership_of, id=partnership_id)

    def named(self, name: str) -> Partnership | None:
        return self._transaction.one(_NAMED, partnership_of, name=key_of(name))

    def all(self) -> list[Partnership]:
        return sorted(self._transaction.all(_ALL, partnership_of), key=_by_name)

    def add(self, partnership: Partnership) -> None:
        self._transaction.add(partnerships, partnership_row(partnership))

    def save(self, partnership: Partnership) -> None:
        row = partnership_row(partnership)
        del row["promises_made"]  # `next_number` alone counts it, and does not raise the version
        self._transaction.save(partnerships, row)

    def next_number(self, partnership_id: str) -> int:
        number = self._transaction.run(_COUNT_UP, which=partnership_id).scalar()
        if number is None:
            raise LookupError("no such partnership")
        return int(number)

    def roles(self, partnership_id: str) -> dict[str, frozenset[Role]]:
        return _grouped(self._transaction.pairs(_ROLES, partnership=partnership_id))

    def roles_of(self, person_id: str) -> dict[str, frozenset[Role]]:
        return _grouped(self._transaction.pairs(_ROLES_OF, person=person_id))

    def set_role(self, partnership_id: str, person_id: str, role: Role) -> None:
        tenant = self._transaction.tenant_of(_TENANT, partnership_id)
        row = {
            "tenant": tenant,
            "partnership_id": partnership_id,
            "person_id": person_id,
            "role": role.value,
        }
        self._transaction.add_new(_ADD_ROLE, [row])

    def drop_role(self, partnership_id: str, person_id: str, role: Role) -> None:
        self._transaction.run(_DROP_ROLE, partnership=partnership_id, person=person_id, role=role.value)

    def add_win(self, win: Win) -> None:
        self._transaction.add(wins, win_row(win))

    def save_win(self, win: Win) -> None:
        self._transaction.guard(win.tenant)
        row = win_row(win)
        self._transaction.run(_SAVE_WIN, which=row.pop("id"), **row)

    def win(self, win_id: str) -> Win | None:
        return self._transaction.one(_WIN, win_of, id=win_id)

    def wins(self, partnership_id: str, start: datetime, end: datetime) -> list[Win]:
        return self._transaction.all(_WINS, win_of, partnership=partnership_id, start=start, end=end)

    def add_voice(self, voice: Voice) -> None:
        self._transaction.add(voices, voice_row(voice))

    def save_voice(self, voice: Voice) -> None:
        self._transaction.save(voices, voice_row(voice))

    def voice(self, voice_id: str) -> Voice | None:
        return self._transaction.one(_VOICE, voice_of, id=voice_id)

    def voices(self, partnership_id: str, *, answered: bool | None = None) -> list[Voice]:
        found = self._transaction.all(_VOICES, voice_of, partnership=partnership_id)
        return [each for each in found if answered in (None, each.answered_at is not None)]


def _by_name(partnership: Partnership) -> tuple[str, str]:
    return partnership.name.casefold(), partnership.id


def _grouped(rows: list[tuple[str, str]]) -> dict[str, frozenset[Role]]:
    found: defaultdict[str, set[Role]] = defaultdict(set)
    for who, role in rows:
        found[who].add(Role(role))
    return {who: frozenset(held) for who, held in found.items()}
