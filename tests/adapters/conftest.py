"""Stores to test against: the fake, SQLite, and PostgreSQL where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.tables import metadata
from adapters.db.unit_of_work import open_uow
from bot.storage import UnitOfWork
from builders import TENANT, settle_in
from fakes import FakeStore
from postgres import NoPostgres, postgres

OpenUow = Callable[[str | None], UnitOfWork]

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated database; tests that take it are marked `postgres` and leave it empty."""
    with ExitStack() as running:
        try:
            url = running.enter_context(postgres())
        except NoPostgres as reason:
            pytest.skip(str(reason))
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def postgres_server(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres_server: Engine) -> Iterator[Engine]:
    yield postgres_server
    with postgres_server.begin() as connection:  # quicker than TRUNCATE for a handful of rows
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def sqlite_engine(tmp_path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", POSTGRES])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each database in turn."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def opened(request: pytest.FixtureRequest) -> OpenUow:
    """What `Ports.open_uow` is, from each store in turn."""
    if request.param == "fake":
        return FakeStore().open_uow
    return open_uow(request.getfixturevalue(f"{request.param}_engine"))


@pytest.fixture
def uow(opened: OpenUow) -> Iterator[UnitOfWork]:
    """Open for the tenant, with the cast at home."""
    with opened(None) as settling:
        settle_in(settling)
        settling.commit()
    with opened(TENANT) as ready:
        yield ready
