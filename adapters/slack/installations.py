"""Who installed Kept, with their tokens sealed. Synchronous, one short transaction a call.

Bolt's own stores keep tokens in plain text and let a state be used more than once, hence this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, Select, Update, delete, func, literal, or_, select, update

from adapters.db import purging
from adapters.db.scope import insert_new
from adapters.redaction import Secret
from adapters.slack.crypto import Cell, Keyring
from adapters.slack.tables import installations

ACTIVE, LAPSED, UNINSTALLED = "active", "lapsed", "uninstalled"
REFRESH_LEASE = timedelta(seconds=60)  # longer than a call may take
_BATCH = 100

_i = installations.c
_ADD = insert_new(installations)
_ENDED = _i.state == UNINSTALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    id: str
    tenant: str
    team_id: str | None
    enterprise_id: str | None
    app_id: str
    bot_user_id: str
    bot_id: str | None
    installed_by: str | None  # Slack's user id: whom to tell that it has to be renewed
    scopes: tuple[str, ...]
    token: Secret | None  # None: given back
    refresh_token: Secret | None
    expires_at: datetime | None  # None: never
    state: str
    circuit_open_until: datetime | None
    version: int

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE and self.token is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    token: Secret
    refresh_token: Secret | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a workspace, or an organisation as a whole, has granted."""

    tenant: str
    team_id: str | None
    enterprise_id: str | None
    app_id: str
    bot_user_id: str
    bot_id: str | None
    installed_by: str | None
    scopes: tuple[str, ...]
    tokens: Tokens


class Installations:
    def __init__(self, engine: Engine, keyring: Keyring, new_id: Callable[[], str]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._new_id = new_id

    def save(self, grant: Grant, now: datetime) -> None:
        """Installed for the first time or again, which ends whatever was wrong with it."""
        with self._engine.begin() as connection:
            row = self._row(grant, self._new_id(), now)
            if _ADD.run(connection, [row]):
                return
            found = connection.execute(
                select(_i.id, _i.version).where(_i.tenant == grant.tenant).with_for_update()
            ).one()
            row = self._row(grant, found.id, now) | {"version": found.version + 1}
            connection.execute(update(installations).where(_i.id == found.id), row)

    def find(self, tenant: str) -> Installation | None:
        """Raises Unsealable when its tokens do not open with our keys."""
        with self._engine.begin() as connection:
            row = connection.execute(select(installations).where(_i.tenant == tenant)).first()
        return None if row is None else self._installation(row)

    def tenants(self) -> list[str]:
        """Whoever installed Kept and has not taken it out again."""
        with self._engine.begin() as connection:
            return list(connection.execute(select(_i.tenant).where(~_ENDED).order_by(_i.tenant)).scalars())

    def apps_besides(self, tenant: str) -> frozenset[str]:
        """Ids of the apps that connect the other workspaces: one, unless something is amiss."""
        others = select(_i.app_id).where(_i.tenant != tenant, _i.state == ACTIVE).distinct()
        with self._engine.begin() as connection:
            return frozenset(connection.execute(others).scalars())

    def claim_refresh(self, installation: Installation, worker: str, now: datetime) -> bool:
        """One of all replicas may exchange the refresh token, which works once. Others find it taken."""
        claim = (
            update(installations)
            .where(
                _i.id == installation.id,
                _i.version == installation.version,
                _i.state == ACTIVE,
                or_(_i.refreshing_until.is_(None), _i.refreshing_until <= now),
            )
            .values(refreshing_by=worker, refreshing_until=now + REFRESH_LEASE)
        )
        return self._changed(claim)

    def renew(self, installation: Installation, tokens: Tokens) -> bool:
        """Stores what the exchange gave, also when the lease ran out meanwhile: no other pair works now."""
        values = {
            **self._sealed(tokens, installation.tenant, installation.id),
            "refreshing_by": None,
            "refreshing_until": None,
            "version": installation.version + 1,
        }
        return self._changed(
            update(installations)
            .where(_i.id == installation.id, _i.version == installation.version, _i.state == ACTIVE)
            .values(values)
        )

    def postpone_refresh(self, installation: Installation, worker: str, until: datetime) -> None:
        """After an exchange that failed: the old token serves as long as it lives."""
        self._changed(
            update(installations)
            .where(_i.id == installation.id, _i.refreshing_by == worker)
            .values(refreshing_until=until)
        )

    def uninstall(self, tenant: str, at: datetime) -> bool:
        """Before or after `lapse`, and as often as Slack says it.

        `at` is when that happened: late news does not end a newer installation.
        """
        return self._end(tenant, at, UNINSTALLED, was=(ACTIVE, LAPSED))

    def lapse(self, tenant: str, at: datetime) -> bool:
        """No token works any more. That alone is no end after which things are deleted: tokens run out, and
        are revoked because somebody is careful."""
        return self._end(tenant, at, LAPSED, was=(ACTIVE,))

    def open_circuit(self, tenant: str, reason: str, until: datetime) -> None:
        """Nothing is sent to this workspace until then; others are not touched."""
        self._changed(
            update(installations)
            .where(_i.tenant == tenant)
            .values(circuit_reason=reason, circuit_open_until=until)
        )

    def any_rests(self, now: datetime) -> bool:
        """Whether Slack refuses the token of a workspace that has not taken Kept out."""
        resting = select(_i.id).where(_i.state == ACTIVE, _i.circuit_open_until > now).limit(1)
        with self._engine.begin() as connection:
            return connection.execute(resting).first() is not None

    def ended_by(self, moment: datetime) -> list[str]:
        """Tenants that had taken Kept out at that moment."""
        ended = select(_i.tenant).where(_ENDED, _i.ended_at <= moment).order_by(_i.ended_at)
        with self._engine.begin() as connection:
            return list(connection.execute(ended).scalars())

    def purge(self, tenant: str, ended_by: datetime) -> int:
        """Deletes a workspace's rows in every table, unless it has come back; says how many there were."""
        return sum(iter(lambda: self._purge_once(tenant, ended_by), 0))

    def _purge_once(self, tenant: str, ended_by: datetime) -> int:
        """The installation goes when there is nothing else: other processes may still have been writing."""
        ended = _i.tenant == tenant, _ENDED, _i.ended_at <= ended_by
        with self._engine.begin() as connection:
            if connection.execute(select(_i.id).where(*ended).with_for_update()).first() is None:
                return 0
            others = purging.purge(connection, tenant, but=installations.name)
            return others or connection.execute(delete(installations).where(*ended)).rowcount

    def rotate(self) -> int:
        """Seals with the current key what an older one of ours sealed; says how many rows that took."""
        return sum(iter(self.rotate_some, 0))

    def rotate_some(self, limit: int = _BATCH) -> int:
        """At most so many rows, in one transaction; 0 when none is left."""
        if not self._keyring.old_prefixes:
            return 0
        with self._engine.begin() as connection:
            rows = connection.execute(self._sealed_before(limit)).all()
            for row in rows:
                connection.execute(update(installations).where(_i.id == row.id).values(self._resealed(row)))
        return len(rows)

    def _sealed_before(self, limit: int) -> Select[Any]:
        old = (
            column.startswith(prefix, autoescape=True)
            for column in (_i.token, _i.refresh_token)
            for prefix in self._keyring.old_prefixes
        )
        return select(installations).where(or_(*old)).limit(limit).with_for_update()

    def _resealed(self, row: Row[Any]) -> dict[str, str]:
        return {
            column: self._keyring.seal(opened.reveal(), _cell(row.tenant, column, row.id))
            for column in ("token", "refresh_token")
            if (opened := self._opened(row, column))
        }

    def _end(self, tenant: str, at: datetime, state: str, *, was: Sequence[str]) -> bool:
        first_said = func.coalesce(_i.ended_at, literal(at, _i.ended_at.type))
        values = {
            **dict.fromkeys(("token", "refresh_token", "expires_at", "refreshing_by", "refreshing_until")),
            "state": state,
            "ended_at": None if state == LAPSED else first_said,
            "version": _i.version + 1,
        }
        # Slack's events are stamped in whole seconds. When in doubt, the installation has ended.
        is_older = _i.installed_at < at + timedelta(seconds=1)
        return self._changed(
            update(installations).where(_i.tenant == tenant, _i.state.in_(was), is_older).values(values)
        )

    def _changed(self, statement: Update) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def _row(self, grant: Grant, row_id: str, now: datetime) -> dict[str, Any]:
        return {
            **{name: getattr(grant, name) for name in ("tenant", "team_id", "enterprise_id", "app_id")},
            **{name: getattr(grant, name) for name in ("bot_user_id", "bot_id", "installed_by")},
            **self._sealed(grant.tokens, grant.tenant, row_id),
            **dict.fromkeys(("ended_at", "refreshing_by", "refreshing_until")),
            **dict.fromkeys(("circuit_reason", "circuit_open_until")),
            "id": row_id,
            "scopes": " ".join(sorted(grant.scopes)),
            "state": ACTIVE,
            "installed_at": now,
            "version": 1,
        }

    def _sealed(self, tokens: Tokens, tenant: str, row_id: str) -> dict[str, Any]:
        secrets = {"token": tokens.token, "refresh_token": tokens.refresh_token}
        sealed = {
            column: secret and self._keyring.seal(secret.reveal(), _cell(tenant, column, row_id))
            for column, secret in secrets.items()
        }
        return {**sealed, "expires_at": tokens.expires_at}

    def _installation(self, row: Row[Any]) -> Installation:
        return Installation(
            id=row.id,
            tenant=row.tenant,
            team_id=row.team_id,
            enterprise_id=row.enterprise_id,
            app_id=row.app_id,
            bot_user_id=row.bot_user_id,
            bot_id=row.bot_id,
            installed_by=row.installed_by,
            scopes=tuple(row.scopes.split()),
            token=self._opened(row, "token"),
            refresh_token=self._opened(row, "refresh_token"),
            expires_at=row.expires_at,
            state=row.state,
            circuit_open_until=row.circuit_open_until,
            version=row.version,
        )

    def _opened(self, row: Row[Any], column: str) -> Secret | None:
        sealed = getattr(row, column)
        return None if sealed is None else self._keyring.open(sealed, _cell(row.tenant, column, row.id))


def _cell(tenant: str, column: str, row_id: str) -> Cell:
    return Cell(tenant=tenant, column=f"{installations.name}.{column}", row=row_id)
