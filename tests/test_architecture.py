"""The shape of the code, held by reading the code."""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from adapters.logs import FIELDS
from bot.policy import Digests, Hours, Nudging, Policy, WeeklyAt

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("adapters", "bot", "commitments")  # each may import itself and what stands after it
MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
INNER = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "adapters"]
LONGEST = 400

# Standard, and still no business of rules: chance, clocks, threads and the world outside are handed in.
OUTSIDE = {"asyncio", "http", "multiprocessing", "random", "secrets", "socket", "sqlite3", "subprocess"}
OUTSIDE |= {"tempfile", "threading", "time", "urllib", "uuid"}

AT_HOME = {  # libraries with one folder to live in
    "alembic": "adapters/db",
    "psycopg": "adapters/db",
    "slack_bolt": "adapters/slack",
    "slack_sdk": "adapters/slack",
    "botbuilder": "adapters/teams",
    "botframework": "adapters/teams",
}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
CLOCKS |= {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}
READS_THE_CLOCK = ("adapters/clock.py", "adapters/bench/")

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW)\s)",
    re.IGNORECASE | re.DOTALL,
)
EMPTY_NAMES = re.compile(r"\wManager$|\wHelper$|Utils?$|^Base|^Abstract|Data$|Info$")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_of)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), path.name)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively"
            yield str(node.module)


def roots_of(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports_of(path)}


def called(node: ast.Call) -> tuple[str, str] | None:
    """("datetime", "now") for `datetime.now(...)` and for `datetime.datetime.now(...)`."""
    if not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name, node.func.attr


@cache
def distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


def normal(distribution: str) -> str:
    """slack_sdk is slack-sdk: packaging.python.org/specifications/name-normalization"""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def is_at(path: Path, places: tuple[str, ...]) -> bool:
    return name_of(path).startswith(places)


@each(MODULES)
def test_imports_follow_the_one_arrow(path):
    layer = path.relative_to(ROOT).parts[0]
    outward = LAYERS[: LAYERS.index(layer)]
    assert roots_of(path).isdisjoint({*outward, "tests"})


@each(INNER)
def test_the_inner_layers_import_the_standard_library_only(path):
    foreign = roots_of(path) - sys.stdlib_module_names - set(LAYERS)
    assert not foreign


@each(INNER)
def test_the_inner_layers_reach_for_nothing_outside(path):
    assert roots_of(path).isdisjoint(OUTSIDE)


@each(MODULES)
def test_a_library_stays_where_it_belongs(path):
    strayed = {
        root
        for root in roots_of(path) & AT_HOME.keys()
        if not is_at(path, (AT_HOME[root], *READS_THE_CLOCK[1:]))
    }
    assert not strayed


def test_one_file_knows_the_bot_framework():
    knowing = [name_of(path) for path in MODULES if roots_of(path) & {"botbuilder", "botframework"}]
    assert knowing == ["adapters/bench/teams_echo.py", "adapters/teams/activity_handler.py"]


@each(MODULES)
def test_what_is_imported_is_declared(path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    if is_at(path, ("adapters/bench/",)):
        declared += [line for extra in project["optional-dependencies"].values() for line in extra]
    names = {normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in declared}
    foreign = roots_of(path) - sys.stdlib_module_names - set(LAYERS)
    homes = distributions()
    undeclared = {root for root in foreign if not names & set(map(normal, homes.get(root, [])))}
    assert not undeclared - {"pydantic_core"}  # pydantic's own other half


@each([path for path in MODULES if not is_at(path, READS_THE_CLOCK)])
def test_only_the_clock_reads_the_clock(path):
    reads = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and called(node) in CLOCKS
    ]
    assert not reads


@each([path for path in MODULES if not is_at(path, ("adapters/db/",))])
def test_sql_is_written_in_the_storage_adapter_only(path):
    texts = (
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert not [node.lineno for node in texts if SQL.match(node.value)]


@each(MODULES)
def test_what_is_logged_is_a_constant_sentence_with_known_fields(path):
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call) or (called(node) or ("", ""))[0] not in ("log", "logger"):
            continue
        assert isinstance(node.args[0], ast.Constant), f"{name_of(path)}:{node.lineno}"
        given = [keyword.value for keyword in node.keywords if keyword.arg == "extra"]
        keys = {ast.literal_eval(key) for each in given if isinstance(each, ast.Dict) for key in each.keys}
        assert keys <= FIELDS, f"{name_of(path)}:{node.lineno} logs fields that would be dropped"


@each(MODULES)
def test_a_file_answers_one_question(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@each(INNER)
def test_values_are_frozen_and_slotted(path):
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue  # what one file keeps to itself while it works may change
        for decorator in node.decorator_list:
            written = ast.unparse(decorator)
            if written.startswith("dataclass"):
                assert "frozen=True" in written, node.name
                assert "slots=True" in written, node.name


@each(MODULES)
def test_names_say_something(path):
    classes = [node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]
    assert not [name for name in classes if EMPTY_NAMES.search(name.lstrip("_"))]


@each(sorted([*MODULES, *(ROOT / "tests").rglob("*.py")]))
def test_nothing_is_left_for_later(path):
    assert not UNFINISHED.search(path.read_text("utf-8"))


def test_every_decision_in_the_policy_is_heeded_somewhere():
    elsewhere = [path for path in MODULES if name_of(path) not in ("bot/policy.py", "adapters/config.py")]
    read = {
        node.attr for path in elsewhere for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)
    }
    parts = (Policy, Hours, Nudging, Digests, WeeklyAt)
    assert {field.name for part in parts for field in dataclasses.fields(part)} - read == set()


def test_the_test_folders_are_not_packages():
    assert not list((ROOT / "tests").rglob("__init__.py"))
