"""The first thing a newcomer types. Pythons are played by scripts, so that nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")

OLD = """#!/bin/sh
case "$2" in *print*) echo 3.9;; *version_info*) exit 1;; esac
"""
BARE = """#!/bin/sh
case "$2" in *print*) echo 3.12;; *ensurepip*) exit 1;; esac
"""


@pytest.fixture
def checkout(tmp_path) -> Path:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    # Without what an outer make, which may be running these tests, hands down.
    env = {"PATH": os.environ["PATH"]}
    return subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, check=False)


def python(checkout: Path, script: str) -> str:
    path = checkout / "python"
    path.write_text(script)
    path.chmod(0o755)
    return f"PYTHON={path}"


@pytest.mark.parametrize("target", ["demo", "test"])
def test_an_old_python_is_refused_in_one_line(checkout, target):
    done = make(checkout, target, python(checkout, OLD))
    said, makes_own = done.stderr.splitlines()
    assert done.returncode != 0
    assert said.startswith("Kept needs Python 3.11 or newer: ")
    assert "is 3.9" in said
    assert makes_own.startswith("make: ***")
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_names_the_package_to_install(checkout):
    done = make(checkout, "demo", python(checkout, BARE))
    assert done.returncode != 0
    assert "python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_not_there_is_said_not_to_be(checkout):
    done = make(checkout, "demo", "PYTHON=/nowhere/python3")
    assert "none of /nowhere/python3 was found" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "installed", "started"),
    [
        (["demo"], "-e '.'", "-m adapters demo"),
        (["demo", "FRESH=1"], "-e '.'", "-m adapters demo --fresh"),
        (["demo", "FRESH=0"], "-e '.'", "-m adapters demo"),
        (["demo", "KEPT_DATABASE_URL=postgresql+psycopg://h/n"], "-e '.[postgres]'", "-m adapters demo"),
        (["test"], "-e '.[dev]'", "-m pytest"),
    ],
)
def test_what_is_asked_for_is_installed_and_started(checkout, arguments, installed, started):
    lines = [line.rstrip() for line in make(checkout, "--dry-run", *arguments).stdout.splitlines()]
    assert any(line.endswith(f"-c constraints.txt {installed}") for line in lines)
    assert started in lines[-1]
    assert lines[-1].endswith(started) or "pytest" in started


def test_make_alone_says_what_there_is(checkout):
    done = make(checkout)
    assert done.returncode == 0
    for target in ("demo", "test", "serve", "browser", "soak", "bench", "lint"):
        assert target in done.stdout
