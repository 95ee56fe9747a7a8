"""One transaction, and the repositories that work in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.db.jottings import SqlJottings
from adapters.db.outbox import SqlOutbox
from adapters.db.partnerships import SqlPartnerships
from adapters.db.people import SqlPeople
from adapters.db.places import SqlPlaces
from adapters.db.promises import SqlPromises
from adapters.db.queues import SqlAlarms, SqlInbox, SqlNudges
from adapters.db.records import SqlDigests, SqlLedger, SqlPosts
from adapters.db.scope import Transaction
from adapters.db.sightings import SqlSightings
from adapters.db.trouble import StorageTrouble, shown
from bot.storage import UnitOfWork


class SqlUnitOfWork:
    """Holds a connection from `with` to its end; on SQLite it is the only writer meanwhile. Use it once."""

    def __init__(self, engine: Engine, tenant: str | None) -> None:
        self._engine = engine
        self._tenant = tenant

    def __enter__(self) -> Self:
        try:
            connection = self._engine.connect()
        except PoolTimeout as busy:
            raise StorageTrouble(f"{shown(self._engine.url)} is too busy; try again in a moment") from busy
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        self._transaction = Transaction(connection, self._tenant)
        return self

    def __exit__(self, *exc: object) -> None:
        self._transaction.connection.close()  # rolls back what was not committed

    def commit(self) -> None:
        self._transaction.connection.commit()

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._transaction)

    @cached_property
    def places(self) -> SqlPlaces:
        return SqlPlaces(self._transaction)

    @cached_property
    def partnerships(self) -> SqlPartnerships:
        return SqlPartnerships(self._transaction)

    @cached_property
    def promises(self) -> SqlPromises:
        return SqlPromises(self._transaction)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._transaction)

    @cached_property
    def nudges(self) -> SqlNudges:
        return SqlNudges(self._transaction)

    @cached_property
    def posts(self) -> SqlPosts:
        return SqlPosts(self._transaction)

    @cached_property
    def alarms(self) -> SqlAlarms:
        return SqlAlarms(self._transaction)

    @cached_property
    def digests(self) -> SqlDigests:
        return SqlDigests(self._transaction)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._transaction)

    @cached_property
    def ledger(self) -> SqlLedger:
        return SqlLedger(self._transaction)

    @cached_property
    def sightings(self) -> SqlSightings:
        return SqlSightings(self._transaction)

    @cached_property
    def jottings(self) -> SqlJottings:
        return SqlJottings(self._transaction)


def open_uow(engine: Engine) -> Callable[[str | None], UnitOfWork]:
    """What `Ports.open_uow` wants: a new unit of work each time, for one tenant or, with None, for all."""
    return lambda tenant: SqlUnitOfWork(engine, tenant)
