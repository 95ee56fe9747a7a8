"""Stores to measure on: SQLite always, PostgreSQL when KEPT_BENCH_POSTGRES_URL names a server.

That server has to allow a database to be made.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from adapters.bench.load import PEOPLE
from adapters.days_off import is_holiday
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.moments import BabelMomentWords
from adapters.people import Who, keep_person
from adapters.playground.opening import new_id
from bot.policy import Policy
from bot.ports import Chat, Ports
from commitments.partnership import Partnership, Role

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def stores(settle: Callable[[Engine], None]) -> Iterator[tuple[str, str]]:
    """Their names and addresses, settled in, each gone once the next is asked for."""
    with TemporaryDirectory(prefix="kept-bench-", dir=Path.cwd()) as folder:
        yield "SQLite", _settled(f"sqlite:///{folder}/bench.db", settle)
    server = os.environ.get("KEPT_BENCH_POSTGRES_URL")
    if server is None:
        print("PostgreSQL is not measured: KEPT_BENCH_POSTGRES_URL is not set", file=sys.stderr)
        return
    with _database_on(server) as url:
        yield "PostgreSQL", _settled(url, settle)


@contextmanager
def undurable_store() -> Iterator[Engine]:
    """Where the disk is not what is measured."""
    with TemporaryDirectory(prefix="kept-bench-", dir=Path.cwd()) as folder:
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        event.listen(engine, "connect", _without_waiting)
        migrate(engine)
        yield engine
        engine.dispose()


def _settled(url: str, settle: Callable[[Engine], None]) -> str:
    engine = open_engine(url)
    migrate(engine)
    settle(engine)
    engine.dispose()
    return url


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    """A database of our own, gone afterwards."""
    name = f"kept_bench_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _without_waiting(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def ports_on(engine: Engine, chats: Mapping[str, Chat], now: Callable[[], datetime]) -> Ports:
    return Ports(
        now=now,
        open_uow=open_uow(engine),
        chats=chats,
        is_holiday=is_holiday,
        moment_words=BabelMomentWords(now),
        new_id=new_id,
        policy=Policy(),
    )


def settle_in(engine: Engine, tenant: str, platform: str, account: Callable[[int], str]) -> None:
    """An account team of PEOPLE, and one customer."""
    acme = Partnership(id=token_hex(16), tenant=tenant, name="Acme", created_at=LONG_AGO)
    with open_uow(engine)(tenant) as uow:
        uow.partnerships.add(acme)
        for number in range(PEOPLE):
            person = keep_person(uow, _who(tenant, platform, account(number)), tenant, Policy(), new_id)
            uow.people.save(replace(person, introduced_at=LONG_AGO))
            uow.partnerships.set_role(acme.id, person.id, Role.MEMBER)
        uow.commit()


def _who(tenant: str, platform: str, account: str) -> Who:
    return Who(
        platform=platform,
        account=account,
        name=account,
        is_ours=True,
        is_guest=False,
        is_admin=False,
        is_active=True,
        organisation=tenant,
        zone="Europe/Berlin",
        locale="en-GB",
    )
