"""What all tests share: thoroughness, recorded material, and loud words about what did not run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KEPT_SHARED") or ROOT.parent / "shared")
SOAK = bool(os.environ.get("KEPT_SOAK"))

# Whoever runs the tests may run Kept as well; its settings are not the tests'.
_OURS = {"KEPT_SHARED", "KEPT_SOAK", "KEPT_TEST_POSTGRES_URL"}
for _name in {*os.environ} - _OURS:
    if _name.startswith(("KEPT_", "SLACK_", "Microsoft")) or _name in ("HOST", "PORT"):
        del os.environ[_name]

# A failing example prints the line that replays it. Times are not judged: the machine is shared.
settings.register_profile(
    "kept",
    max_examples=2000 if SOAK else 100,
    derandomize=not SOAK,  # a change passes or fails by what it holds; new examples are sought in the soak
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kept")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded material; a test that takes it is marked `shared`."""
    if not SHARED.is_dir():
        pytest.skip(f"no recorded material at {SHARED}")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """REQUIRE_POSTGRES=1 turns a missing server from a skip into a failure."""
    report = yield
    if report.skipped and item.get_closest_marker("postgres") and os.environ.get("REQUIRE_POSTGRES"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_POSTGRES is set, and this did not run: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(
        (mark, _reason(report))
        for report in terminalreporter.getreports("skipped")
        for mark in ("postgres", "shared", "browser")
        if mark in report.keywords
    )
    for (mark, reason), count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {count} tests marked {mark}: {reason}", yellow=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
