"""What is installed is more than code: everything that is read at run time goes along, and nothing else."""

from __future__ import annotations

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

import adapters

ROOT = Path(adapters.__file__).parents[1]
PACKAGES = ("adapters", "bot", "commitments")


def packed() -> set[str]:
    """As `pip wheel .` packs it, without packing."""
    return {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}


def on_disk(pattern: str) -> set[str]:
    found = (path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob(pattern))
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def test_everything_kept_reads_is_in_the_wheel() -> None:
    files = {path for path in on_disk("*") if (ROOT / path).is_file()}
    assert packed() == files


def test_what_no_import_would_miss_is_among_it() -> None:
    """Words, rights, tables, icons and the page: without them Kept installs, and fails later."""
    for pattern, at_least in (("wording/*/*.toml", 60), ("versions/0*.py", 10), ("icons/*.png", 2)):
        assert len(on_disk(pattern) & packed()) >= at_least, pattern
    names = {Path(path).name for path in packed()}
    assert {"authority.toml", "page.html", "script.py.mako", "adaptivecards.min.js"} <= names
