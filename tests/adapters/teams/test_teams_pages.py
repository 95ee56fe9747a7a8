"""The pages about Teams say what is so: permissions, and what it takes to leave the SDK."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from adapters.teams.manifest import App, manifest
from adapters.teams.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[3]
CONNECT = (ROOT / "docs" / "connect-teams.md").read_text("utf-8")
EXIT = (ROOT / "docs" / "teams-exit.md").read_text("utf-8")
PLAIN = App(
    app_id="6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10", version="1.0.0", publisher="Ours", about="https://a"
)
SDK = "botbuilder-core"


def test_every_permission_is_explained_where_teams_is_connected():
    for each in PERMISSIONS:
        assert f"| `{each.name}` | {each.why} |" in CONNECT
    for name in manifest(PLAIN)["permissions"]:
        assert f"| `{name}` |" in CONNECT


def test_the_number_of_lines_to_replace_is_the_number_there_is():
    rows = re.findall(r"^\| `(adapters/teams/\w+\.py)` \| (\d+) \|", EXIT, re.MULTILINE)
    said = {name: int(lines) for name, lines in rows}
    sdk = re.compile(r"^\s*(from|import) (botbuilder|botframework|msrest)\b", re.MULTILINE)
    texts = {path: path.read_text("utf-8") for path in (ROOT / "adapters" / "teams").glob("*.py")}
    knowing = {path.relative_to(ROOT).as_posix(): text for path, text in texts.items() if sdk.search(text)}
    assert said == {name: len(text.splitlines()) for name, text in knowing.items()}, (
        "say it in docs/teams-exit.md"
    )


def test_the_modules_that_stay_are_there():
    named = re.findall(
        r"`(?:adapters/teams/)?(\w+\.py)`", EXIT.partition("## What stays")[2].partition("\n## ")[0]
    )
    assert len(named) > 15
    assert [name for name in named if not (ROOT / "adapters" / "teams" / name).is_file()] == []


def test_the_number_of_distributions_that_go_is_right():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    with_it, without = needed(declared), needed(each for each in declared if not each.startswith(SDK))
    (said,) = re.findall(r"With it go (\d+)\s+distributions", EXIT)
    assert int(said) == len(with_it - without - {SDK})


def needed(requirements: Iterable[str]) -> set[str]:
    """Distributions, and those they need in turn, as far as they are installed here."""
    found: set[str] = set()
    waiting = [*requirements]
    while waiting:
        line = waiting.pop()
        name = re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line, maxsplit=1)[0]).lower()
        if "extra ==" in line or name in found:
            continue
        try:
            waiting += requires(name) or []
        except PackageNotFoundError:  # for another system or Python
            continue
        found.add(name)
    return found
