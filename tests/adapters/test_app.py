"""The program as it is started: real processes, real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest

START_WITHIN_S = 60
MEGABYTE = 1024**2


@dataclass
class Running:
    process: subprocess.Popen[str]
    address: str

    def call(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.address}{path}", data=data), timeout=30) as response:
            return json.load(response)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(25)


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `kept` in an empty folder and waits until it says where it is."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> Running:
        port = free_port()
        process = run(tmp_path, *words, PORT=str(port))
        started.append(process)
        assert process.stdout is not None
        said = [line := process.stdout.readline()]
        while line and "http://" not in line:
            said.append(line := process.stdout.readline())
        assert "http://" in said[-1], said
        return Running(process, f"http://127.0.0.1:{port}")

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def run(folder: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "adapters", *words],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_demo_starts_stops_kindly_and_keeps_what_happened(start: Start) -> None:
    demo = start("demo")
    said = demo.call("/playground/say", {"person": "carla", "place": "acme-shared", "text": "Good morning"})
    moved = demo.call("/playground/advance", {"by": "P2D"})
    assert demo.stop() == 0

    again = start("demo")
    state = again.call("/playground/state?as=ana")
    assert said["message"] in {message["id"] for message in state["messages"]}
    assert state["now"] > moved["now"]
    again.stop()

    fresh = start("demo", "--fresh")
    state = fresh.call("/playground/state?as=ana")
    assert said["message"] not in {message["id"] for message in state["messages"]}


def test_the_idle_playground_is_small(start: Start) -> None:
    demo = start("demo")
    demo.call("/playground/advance", {"by": "P1D"})
    with urlopen(f"{demo.address}/?as=ana", timeout=30) as page:
        page.read()
    assert psutil.Process(demo.process.pid).memory_info().rss < 100 * MEGABYTE


def test_the_playground_loads_no_platform() -> None:
    look = "import sys, adapters.app; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert not {"slack_bolt", "slack_sdk", "botbuilder", "pydantic", "holidays"} & set(loaded.split())


def test_a_process_killed_at_once_has_lost_nothing_it_acknowledged(start: Start) -> None:
    demo = start("demo")
    day = datetime.fromisoformat(demo.call("/playground/state")["now"]) + timedelta(days=20)
    text = f"/promise send the price list by {day:%Y-%m-%d}"
    said = demo.call("/playground/say", {"person": "ana", "place": "acme-shared", "text": text})
    if said["form"]:  # a day off
        words = {"person": "ana", "form": said["form"]["token"], "values": {}}
        said = demo.call("/playground/submit", words)
    demo.process.kill()
    demo.process.wait()
    again = start("demo")
    assert said["message"] in {m["id"] for m in again.call("/playground/state?as=ana")["messages"]}
    listed = again.call("/playground/say", {"person": "ana", "place": "dm-ana", "text": "/promise list mine"})
    assert listed["reply"]["text"].count("price list") == 1


def test_serve_answers_without_any_platform(start: Start) -> None:
    kept = start("serve")
    assert kept.call("/livez") == {"status": "ok"}
    assert kept.stop() == 0


def test_a_stop_takes_seconds_even_with_a_page_open(start: Start) -> None:
    demo = start("demo")
    with urlopen(f"{demo.address}/playground/events?as=ana", timeout=30) as stream:
        stream.readline()
        began = monotonic()
        assert demo.stop() == 0
    assert monotonic() - began < 20


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "kept.example", "::"])
def test_the_demo_refuses_to_listen_to_other_machines_in_one_line(tmp_path: Path, host: str) -> None:
    process = run(tmp_path, "demo", HOST=host)
    _, said = process.communicate(timeout=START_WITHIN_S)
    assert process.returncode == 1
    assert "loopback" in said
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = run(tmp_path, "demo", PORT=str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=START_WITHIN_S)
    assert process.returncode == 1
    assert "port is taken" in said
    assert len(said.splitlines()) == 1


def test_the_next_digest_can_be_read_before_it_goes_out(start: Start, tmp_path: Path) -> None:
    start("demo").stop()
    process = run(tmp_path, "digest", "--preview", "--partnership", "acme")
    said, _ = process.communicate(timeout=START_WITHIN_S)
    assert process.returncode == 0
    assert "Acme" in said or "Kept together" in said
    unknown = run(tmp_path, "digest", "--preview", "--partnership", "nobody")
    assert "no partnership called nobody" in unknown.communicate(timeout=START_WITHIN_S)[1]
