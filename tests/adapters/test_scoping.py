"""No statement of a unit of work that was opened for one tenant reaches another's rows (T24).

SQLite has no row-level security: there these statements are the only wall.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

import adapters
from adapters.db.scope import Scoped

DATABASE = ("adapters.db.", "adapters.slack.", "adapters.teams.", "adapters.playground.")


def statements() -> Iterator[Any]:
    found = pkgutil.walk_packages(adapters.__path__, "adapters.")
    for name in sorted(each.name for each in found if each.name.startswith(DATABASE)):
        if "migrations" in name:
            continue
        module = importlib.import_module(name)
        for called, value in sorted(vars(module).items()):
            if isinstance(value, Scoped) and value.within is not value.everywhere:
                yield pytest.param(value, id=f"{name.removeprefix('adapters.')}.{called}")


def parts(statement: Any) -> list[Any]:
    """What each finds rows by itself."""
    if isinstance(statement, CompoundSelect):
        return [part for each in statement.selects for part in parts(each)]
    if isinstance(statement, Insert):
        return parts(statement.select)
    return [statement]


def is_kept_to_a_tenant(part: Select[Any] | Update | Delete) -> bool:
    where = part.whereclause
    binds = visitors.iterate(where) if where is not None else ()
    return any(isinstance(each, BindParameter) and each.key == "tenant_" for each in binds)


@pytest.mark.parametrize("scoped", list(statements()))
def test_every_part_of_every_statement_names_the_tenant(scoped: Scoped) -> None:
    within = scoped.within._statement
    assert [part for part in parts(within) if not is_kept_to_a_tenant(part)] == []


def test_there_are_as_many_statements_as_there_seem_to_be() -> None:
    """So that the test above has not become empty."""
    assert len(list(statements())) > 90
