"""Where Kept may speak on Teams: what it takes to begin, in columns of ours (no SDK's object is stored).

Synchronous, one short transaction a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select, update

from adapters.db.scope import insert_new
from adapters.teams.hosts import Hosts
from adapters.teams.tables import conversations
from adapters.teams.whereabouts import Kind

_c = conversations.c
_ADD = insert_new(conversations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    tenant: str  # Kept's own
    conversation_id: str
    kind: Kind
    host: str | None  # the Entra tenant the conversation is stored in
    service_url: str
    bot_id: str
    team_id: str | None = None
    account: str | None = None  # of a personal chat: whose, as in `Person.account`
    user_id: str | None = None  # of a personal chat: the same person's address; None: they took Kept out
    is_shared: bool = False


class References:
    def __init__(self, engine: Engine, hosts: Hosts) -> None:
        self._engine = engine
        self._hosts = hosts

    def keep(self, reference: Reference, now: datetime) -> Reference:
        """New, or as Teams says now; a channel once shared stays so. Raises NotListed."""
        told = replace(reference, service_url=self._hosts.checked(reference.service_url))
        key = told.tenant, told.conversation_id
        with self._engine.begin() as connection:
            _ADD.run(connection, [_row(told, now)])
            known = _found(connection, *key)
            told = replace(told, is_shared=told.is_shared or known.is_shared)
            if known != told:
                connection.execute(update(conversations).where(*_is(*key)).values(_row(told, now)))
        return told

    def find(self, tenant: str, conversation_id: str) -> Reference | None:
        return self._one(tenant, _c.conversation_id == conversation_id)

    def of_account(self, tenant: str, account: str) -> Reference | None:
        """Their personal chat; the newest, should Teams have opened another."""
        return self._one(tenant, _c.account == account)

    def in_team(self, tenant: str, team_id: str) -> Sequence[Reference]:
        """Every conversation of it that Kept has met."""
        chosen = select(conversations).where(_c.tenant == tenant, _c.team_id == team_id).order_by(_c.id)
        with self._engine.begin() as connection:
            return [_reference(row) for row in connection.execute(chosen)]

    def close(self, tenant: str, conversation_id: str) -> None:
        """Somebody took Kept out of their personal chat: no other is opened until they write to it again."""
        mine = _is(tenant, conversation_id)
        with self._engine.begin() as connection:
            connection.execute(update(conversations).where(*mine).values(user_id=None))

    def forget(self, tenant: str, conversation_id: str) -> None:
        """Kept was taken out of it."""
        with self._engine.begin() as connection:
            connection.execute(delete(conversations).where(*_is(tenant, conversation_id)))

    def forget_team(self, tenant: str, team_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(conversations).where(_c.tenant == tenant, _c.team_id == team_id))

    def _one(self, tenant: str, condition: ColumnElement[bool]) -> Reference | None:
        newest = select(conversations).where(_c.tenant == tenant, condition)
        with self._engine.begin() as connection:
            row = connection.execute(newest.order_by(_c.updated_at.desc(), _c.id.desc()).limit(1)).first()
        return None if row is None else _reference(row)


def _found(connection: Connection, tenant: str, conversation_id: str) -> Reference:
    chosen = select(conversations).where(*_is(tenant, conversation_id)).with_for_update()
    return _reference(connection.execute(chosen).one())


def _is(tenant: str, conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return _c.tenant == tenant, _c.conversation_id == conversation_id


def _row(reference: Reference, now: datetime) -> dict[str, Any]:
    return {**asdict(reference), "kind": reference.kind.value, "updated_at": now}


def _reference(row: Row[Any]) -> Reference:
    return Reference(
        tenant=row.tenant,
        conversation_id=row.conversation_id,
        kind=Kind(row.kind),
        host=row.host,
        service_url=row.service_url,
        bot_id=row.bot_id,
        team_id=row.team_id,
        account=row.account,
        user_id=row.user_id,
        is_shared=row.is_shared,
    )
