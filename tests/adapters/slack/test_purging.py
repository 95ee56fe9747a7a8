"""A workspace that took Kept out is gone from every table a day later, unless it came back (T40, F25)."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select

from adapters.db.columns import UtcDateTime
from adapters.db.tables import lanes, metadata
from adapters.redaction import Secret
from adapters.slack.crypto import Keyring
from adapters.slack.happenings import PURGED_AFTER
from adapters.slack.installations import Grant, Installations, Tokens
from adapters.slack.tables import installations
from fake_slack import BOT_TOKEN, BOT_USER, CLIENT_ID, CLIENT_SECRET, TEAM
from slack_requests import NOW
from slack_workspace import kept

for _each in sorted(Path("adapters").glob("*/tables.py")):
    import_module(f"adapters.{_each.parent.name}.tables")

KEY = Secret("A" * 43 + "=")
OTHER = "T0OTHER"
BY_OAUTH = {"bot_token": None, "client_id": CLIENT_ID, "client_secret": Secret(CLIENT_SECRET)}
REVOKED = {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}
UNINSTALLED = {"type": "app_uninstalled"}
ORDERS = [(REVOKED, UNINSTALLED), (UNINSTALLED, REVOKED), (UNINSTALLED,)]
OF_TENANTS = [table for table in metadata.sorted_tables if "tenant" in table.c]
_numbers = count(1)


def fill(engine: Engine, tenant: str) -> None:
    """A row in every table there is, but for the installation."""
    parents: dict[str, Any] = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table is installations:
                continue
            row = {each.name: some(each, tenant, parents) for each in table.c}
            connection.execute(insert(table), row)
            parents |= {f"{table.name}.{name}": value for name, value in row.items()}


def some(column: Any, tenant: str, parents: dict[str, Any]) -> Any:
    if column.name == "tenant":
        return tenant
    if column.foreign_keys:
        return parents[next(iter(column.foreign_keys)).target_fullname]
    if column.name == "lane":
        return f"slack:{tenant}"
    if isinstance(column.type, UtcDateTime):
        return NOW
    kind = column.type.python_type
    return NOW.date() if kind is date else kind(next(_numbers))


def held(engine: Engine, tenant: str) -> dict[str, int]:
    """How many rows of it each table holds."""
    with engine.begin() as connection:
        counts = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.tenant == tenant)
            ).scalar_one()
            for table in OF_TENANTS
        }
        of_it = select(func.count()).select_from(lanes).where(lanes.c.lane == f"slack:{tenant}")
        return {**counts, "lanes": connection.execute(of_it).scalar_one()}


def install(engine: Engine, tenant: str, now: datetime) -> None:
    grant = Grant(
        **dict.fromkeys(("enterprise_id", "bot_id", "installed_by")),
        tenant=tenant,
        team_id=tenant,
        app_id="A0KEPT",
        bot_user_id=BOT_USER,
        scopes=(),
        tokens=Tokens(token=Secret(BOT_TOKEN)),
    )
    Installations(engine, Keyring([KEY]), lambda: f"row {next(_numbers)}").save(grant, now)


@pytest.fixture
async def app(engine, home, clock):
    """On each database in turn: two workspaces, with a row of each in every table."""
    for tenant in (TEAM, OTHER):
        fill(engine, tenant)
        install(engine, tenant, clock.now)
    clock.advance(timedelta(minutes=1))
    async with kept(engine, home, clock, secret_keys=(KEY,), **BY_OAUTH) as running:
        yield running


async def tidy(app) -> None:
    await app.slack._at_work.happenings.tidy()


@pytest.mark.parametrize("order", ORDERS, ids=["revoked first", "uninstalled first", "uninstalled"])
async def test_a_workspace_that_took_kept_out_is_gone_from_every_table_a_day_later(
    app, engine, clock, caplog, order
):
    caplog.set_level(logging.INFO)
    before = held(engine, OTHER)
    for end in order:
        assert await app.event(end) == 200
    clock.advance(PURGED_AFTER - timedelta(minutes=1))
    await tidy(app)
    assert min(held(engine, TEAM).values()) > 0
    clock.advance(timedelta(minutes=1))
    await tidy(app)
    assert set(held(engine, TEAM).values()) == {0}
    assert held(engine, OTHER) == before
    assert min(before.values()) > 0
    [said] = [each for each in caplog.records if each.msg == "a workspace's data deleted"]
    assert said.count >= len(OF_TENANTS)
    assert TEAM not in str(vars(said))


async def test_a_workspace_whose_token_was_taken_back_and_nothing_more_keeps_everything(app, engine, clock):
    """Somebody was careful; only taking Kept out is taking leave."""
    await app.event(REVOKED)
    clock.advance(timedelta(days=400))
    await tidy(app)
    assert min(rows for table, rows in held(engine, TEAM).items() if table != "slack_events") > 0


@pytest.mark.parametrize("order", ORDERS[:2], ids=["revoked first", "uninstalled first"])
async def test_a_workspace_that_comes_back_within_a_day_keeps_everything(app, engine, clock, order):
    for end in order:
        await app.event(end)
    clock.advance(timedelta(hours=23))
    install(engine, TEAM, clock.now)
    before = held(engine, TEAM)
    clock.advance(timedelta(days=30))
    await tidy(app)
    left = held(engine, TEAM)
    assert left == {**before, "slack_events": left["slack_events"]}


async def test_a_workspace_that_comes_back_just_then_is_not_deleted(app, engine, clock):
    """The purge looks again, in the transaction in which it deletes."""
    await app.event(UNINSTALLED)
    store = Installations(engine, Keyring([KEY]), str)
    clock.advance(PURGED_AFTER)
    [tenant] = store.ended_by(clock.now - PURGED_AFTER)
    install(engine, TEAM, clock.now)
    assert store.purge(tenant, clock.now - PURGED_AFTER) == 0
    assert min(held(engine, TEAM).values()) > 0


async def test_a_name_that_ends_alike_is_another_workspace(app, engine, clock):
    fill(engine, f"X{TEAM}")
    await app.event(UNINSTALLED)
    clock.advance(PURGED_AFTER)
    await tidy(app)
    assert held(engine, TEAM)["lanes"] == 0
    assert held(engine, f"X{TEAM}")["lanes"] == 1


async def test_after_a_restart_with_a_new_key_the_old_one_can_be_dropped(app, engine, home, clock):
    new = Secret("B" * 42 + "A=")
    async with kept(engine, home, clock, secret_keys=(new, KEY), **BY_OAUTH) as running:
        await tidy(running)
    found = Installations(engine, Keyring((new,)), lambda: "unused").find(TEAM)
    assert found is not None
    assert found.token is not None
    assert found.token.reveal() == BOT_TOKEN
