"""The playground as it is started by hand, and a real browser in front of it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from browser.chromium import Browser, Page, chromium, installed

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """`kept demo` on a store of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    environ.pop("KEPT_DATABASE_URL", None)
    command = [sys.executable, "-m", "adapters", "demo"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "http://" not in (line := process.stdout.readline()):
            assert line, "the demo did not start"
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(20)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine")
    async with chromium(program) as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """As Ana. Afterwards nothing may have been logged: no error, no breach of the content policy."""
    page = await browser.page()
    await page.size(1400)
    await page.open(f"{address}/?as=ana")
    yield page
    await asyncio.sleep(0)
    assert page.complaints == []
