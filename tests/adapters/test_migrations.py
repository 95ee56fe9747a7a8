"""The tables as migrations leave them, and as values find them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select, text

from adapters.db.engine import open_engine
from adapters.db.migrations_run import MIGRATIONS, current, downgrade, head, migrate
from adapters.db.tables import metadata
from adapters.db.unit_of_work import open_uow
from bot.addresses import Place
from bot.storage import Digest
from builders import (
    MONDAY,
    TENANT,
    a_fact,
    a_partnership,
    a_person,
    a_promise,
    a_voice,
    a_win,
    an_id,
    settle_in,
)
from commitments.partnership import Partnership, Person, Voice, Win
from commitments.promise import Promise

ROOT = Path(__file__).parents[2]

# Tables stand beside what uses them, and join the metadata when they are imported.
for each in sorted((ROOT / "adapters").glob("*/tables.py")):
    import_module(f"adapters.{each.parent.name}.tables")

REVISIONS = [each.revision for each in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]


@pytest.fixture
def empty_sqlite(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_postgres(postgres_engine):
    downgrade(postgres_engine, "base")
    yield postgres_engine
    migrate(postgres_engine)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request) -> Engine:
    return request.getfixturevalue(f"empty_{request.param}")


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_migrated_tables_are_those_the_code_knows(empty):
    migrate(empty)
    assert differences(empty) == []
    assert current(empty) == head() == REVISIONS[-1]


def test_a_missing_column_would_be_noticed(empty):
    migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE promises DROP COLUMN note"))
    assert [each[0] for each in differences(empty)] == ["add_column"]
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE promises ADD COLUMN note TEXT"))


def test_on_sqlite_they_are_the_same_to_the_letter(empty_sqlite, sqlite_engine):
    """Alembic does not compare what only SQLite has, such as the conditions of its partial indexes."""
    migrate(empty_sqlite)
    assert schema(empty_sqlite) == schema(sqlite_engine)


_QUOTES = re.compile("['\"]")  # a table made anew bears them


def schema(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {" ".join(_QUOTES.sub("", sql).split()) for (sql,) in rows if "alembic_version" not in sql}


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_up_down_and_up(empty, revision):
    before = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else "base"
    migrate(empty)
    downgrade(empty, before)
    assert current(empty) == (None if before == "base" else before)
    migrate(empty)
    assert differences(empty) == []


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_a_store_in_use_keeps_its_rows_when_a_table_is_made_anew(empty, revision):
    migrate(empty)
    with open_uow(empty)(TENANT) as uow:
        settle_in(uow)
        uow.promises.add(a_promise())
        uow.commit()
    before = rows_in(empty)
    downgrade(empty, REVISIONS[REVISIONS.index(revision) - 1])
    migrate(empty)
    assert rows_in(empty) == before
    with pytest.raises(LookupError), empty.begin() as connection:  # references are watched again
        connection.execute(text("DELETE FROM places"))


def rows_in(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        counted = {each.name: select(func.count()).select_from(each) for each in metadata.sorted_tables}
        found = {name: connection.execute(statement).scalar_one() for name, statement in counted.items()}
    assert min(found[name] for name in ("people", "places", "members", "promises")) > 0
    return found


def test_migrating_again_changes_nothing(empty):
    migrate(empty)
    with open_uow(empty)(TENANT) as uow:
        uow.people.add(a_person())
        uow.commit()
    migrate(empty)
    with open_uow(empty)(TENANT) as uow:
        assert uow.people.get(a_person().id) == a_person()


def test_three_processes_may_migrate_at_once(empty):
    url = empty.url.render_as_string(hide_password=False)
    code = f"from adapters.db.migrations_run import migrate; migrate({url!r})"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)
    ]
    said = [each.communicate()[1].decode() for each in started]
    assert [each.returncode for each in started] == [0, 0, 0], said
    assert differences(empty) == []


# Every field of a value finds its column.


def another(hint: Any, value: Any) -> Any:
    """A value of the type that is not this one."""
    if get_origin(hint) is UnionType:
        hint = next(each for each in get_args(hint) if each is not type(None))
    plain: dict[Any, Any] = {
        str: f"{value} and more",
        int: (value or 0) + 7 if isinstance(value, int | None) else 7,
        bool: not value,
        datetime: MONDAY + timedelta(days=40, microseconds=1),
        timedelta: timedelta(days=3, microseconds=5),
        date: date(2027, 2, 28),
        time: time(7, 45),
        frozenset[str]: frozenset({"acme", "globex"}),
        frozenset[int]: frozenset({0, 2, 6}),
        tuple[str, ...]: ("one", "two"),
        tuple[tuple[date, date], ...]: ((date(2026, 12, 24), date(2027, 1, 1)),),
    }
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(each for each in hint if each is not value)
    if is_dataclass(hint):
        return hint(**{name: another(each, None) for name, each in get_type_hints(hint).items()})
    raise NotImplementedError(hint)


def unusual(value: Any, *kept: str) -> Any:
    """The value with every field changed."""
    hints = get_type_hints(type(value))
    changes = {
        each.name: another(hints[each.name], getattr(value, each.name))
        for each in fields(value)
        if each.name not in ("id", "tenant", "version", *kept)
    }
    changed = replace(value, **changes)
    assert all(getattr(changed, name) != getattr(value, name) for name in changes)
    return changed


ACME = a_partnership()
USUAL = {
    "people": a_person(),
    "places": Place(id=an_id("p"), tenant=TENANT, platform="slack", route="r", name="#p"),
    "partnerships": ACME,
    "promises": a_promise(),
    "digests": Digest(
        id=an_id("d"),
        tenant=TENANT,
        kind="shared",
        subject_id=ACME.id,
        period="2026-W47",
        starts=MONDAY,
        ends=MONDAY,
        send_at=MONDAY,
        state=next(iter(get_type_hints(Digest)["state"])),
    ),
}
SET_ELSEWHERE = {"promises": ["partnership_id"], "partnerships": ["promises_made"]}


@pytest.mark.parametrize("repository", USUAL)
def test_every_field_is_stored_when_added(engine, repository):
    unlike = unusual(USUAL[repository], *SET_ELSEWHERE.get(repository, ()))
    with open_uow(engine)(TENANT) as uow:
        if repository != "partnerships":
            uow.partnerships.add(ACME)
        getattr(uow, repository).add(unlike)
        uow.commit()
    with open_uow(engine)(TENANT) as uow:
        assert getattr(uow, repository).get(unlike.id) == unlike


@pytest.mark.parametrize("repository", USUAL)
def test_every_field_is_stored_when_saved(engine, repository):
    usual = USUAL[repository]
    unlike = unusual(usual, *SET_ELSEWHERE.get(repository, ()))
    with open_uow(engine)(TENANT) as uow:
        if repository != "partnerships":
            uow.partnerships.add(ACME)
        getattr(uow, repository).add(usual)
        getattr(uow, repository).save(unlike)
        assert getattr(uow, repository).get(usual.id) == replace(unlike, version=2)


def test_a_promise_with_every_field_set_survives_its_history(engine):
    before = unusual(a_promise(), "partnership_id")
    with open_uow(engine)(TENANT) as uow:
        uow.partnerships.add(ACME)
        uow.promises.add(before)
        uow.promises.add_fact(before.id, a_fact(detail="x"), before)
        assert uow.promises.last_fact(before.id) == (a_fact(detail="x"), before)


@pytest.mark.parametrize("kind", [Win, Voice])
def test_every_field_of_what_is_told_is_stored(engine, kind):
    name = kind.__name__.lower()
    unlike = unusual({Win: a_win(), Voice: a_voice()}[kind], "partnership_id")
    with open_uow(engine)(TENANT) as uow:
        uow.partnerships.add(ACME)
        getattr(uow.partnerships, f"add_{name}")(unlike)
        assert getattr(uow.partnerships, name)(unlike.id) == unlike


@pytest.mark.parametrize("kind", [Person, Place, Partnership, Promise, Win, Voice, Digest])
def test_columns_stand_in_the_order_of_the_fields(kind):
    """Rows are read by position."""
    table = metadata.tables[{"Person": "people"}.get(kind.__name__, f"{kind.__name__.lower()}s")]
    places = [table.c.keys().index(each) for each in columns_of(kind)]
    assert places == sorted(places)


def columns_of(kind: type) -> list[str]:
    names = [each.name for each in fields(kind)]
    return [f"{name}_at" if name in ("due", "first_due") else name for name in names]


def test_a_moment_without_a_zone_is_refused(engine):
    with open_uow(engine)(TENANT) as uow, pytest.raises(ValueError, match="without a zone"):
        uow.inbox.first_time("key", datetime(2026, 11, 16))


@pytest.mark.parametrize("offset", [-11, 0, 5.5, 13])
def test_a_moment_comes_back_in_utc_to_the_microsecond(engine, offset):
    there = datetime(2026, 11, 16, 9, 0, 0, 123457, tzinfo=timezone(timedelta(hours=offset)))
    with open_uow(engine)(TENANT) as uow:
        uow.ledger.beat("nudges", there)
        back = uow.ledger.beats()["nudges"]
    assert (back, back.tzinfo) == (there, UTC)
