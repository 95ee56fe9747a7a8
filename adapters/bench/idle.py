"""How much memory the playground holds when nobody does anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from socket import create_server
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.request import urlopen

from adapters.bench.figures import Figure

BAR = 100  # MB
SETTLE_FOR = 15  # seconds: the first sweeps have run by then
START_WITHIN = 60


def figures() -> list[Figure]:
    with TemporaryDirectory(prefix="kept-bench-") as folder:
        port = _free_port()
        environment = {**os.environ, "KEPT_DATABASE_URL": f"sqlite:///{folder}/kept.db", "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "adapters", "demo"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/")
            sleep(SETTLE_FOR)
            megabytes = _resident(process.pid)
        finally:
            process.terminate()
            process.wait()
    what = "idle playground, resident MB"
    measured = f"{megabytes:.0f} MB"
    return [Figure(what=what, measured=measured, baseline=f"{BAR} MB", ratio=megabytes, bar=BAR)]


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    until = monotonic() + START_WITHIN
    while monotonic() < until:
        try:
            with urlopen(url, timeout=2):  # noqa: S310  # our own loopback address
                return
        except OSError:
            sleep(0.2)
    raise RuntimeError("the playground did not start")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
