"""Killed at any moment: nothing acknowledged is lost, nobody is nudged twice (F01-F03, F11, F12, F14)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.db.engine import open_engine
from adapters.db.unit_of_work import open_uow
from bot.storage import Nudge
from builders import ACME, TENANT
from commitments.promise import Promise

SCRIPT = Path(__file__).with_name("killed_worker.py")
KILLS = 1500 if os.environ.get("KEPT_SOAK") else 60
SEED = 20261121


@dataclass
class Aftermath:
    acknowledged: list[int]
    promises: list[Promise]
    nudges: dict[str, list[Nudge]]
    seen: list[dict[str, str]]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    folder = tmp_path_factory.mktemp("kills")
    tests = str(SCRIPT.parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((tests, str(SCRIPT.parents[2])))}
    command = [sys.executable, str(SCRIPT), str(folder), str(KILLS), str(SEED)]
    subprocess.run(command, check=True, env=environment, timeout=900)
    engine = open_engine(f"sqlite:///{folder}/kept.db")
    with open_uow(engine)(TENANT) as uow:
        promises = uow.promises.of_partnership(ACME.id, limit=100_000)
        nudges = {promise.id: uow.nudges.of_promise(promise.id) for promise in promises}
    engine.dispose()
    return Aftermath(
        acknowledged=[int(line) for line in (folder / "acknowledged").read_text().split()],
        promises=promises,
        nudges=nudges,
        seen=[json.loads(line) for line in (folder / "seen").read_text().splitlines()],
    )


def test_the_workers_did_real_work_between_the_kills(aftermath: Aftermath) -> None:
    assert len(aftermath.acknowledged) > KILLS / 2
    assert len(aftermath.seen) > 10


def test_every_acknowledged_capture_is_there_exactly_once(aftermath: Aftermath) -> None:
    titles = Counter(promise.title for promise in aftermath.promises)
    assert [titles[f"task {number}"] for number in aftermath.acknowledged] == [1] * len(
        aftermath.acknowledged
    )


def test_nothing_is_stored_twice_and_at_most_the_last_one_was_not_acknowledged(aftermath: Aftermath) -> None:
    assert len(aftermath.promises) - len(aftermath.acknowledged) in (0, 1)
    assert len({promise.number for promise in aftermath.promises}) == len(aftermath.promises)


def test_no_message_was_seen_twice(aftermath: Aftermath) -> None:
    doubled = {key: n for key, n in Counter(each["key"] for each in aftermath.seen).items() if n > 1}
    assert doubled == {}


def test_nobody_was_nudged_twice_for_one_rung_of_one_promise(aftermath: Aftermath) -> None:
    lines = Counter(line for each in aftermath.seen for line in each["text"].splitlines() if "• " in line)
    assert {line: n for line, n in lines.items() if n > 1} == {}


def test_every_promise_was_nudged_before_its_lead_heard(aftermath: Aftermath) -> None:
    """No rung that was written down is lost: the owner was asked, asked again, then told, then the lead.

    What was held up over a night rides with the next rung, so there may be fewer messages than rungs.
    """
    private = [each["text"] for each in aftermath.seen if each["place"].startswith("@Owner")]
    for promise in aftermath.promises:
        nudges = aftermath.nudges[promise.id]
        assert all(nudge.said_at is not None for nudge in nudges), promise.title
        assert [nudge.rung for nudge in nudges][-2:] == ["escalate_owner", "escalate_lead"], promise.title
        assert sum(nudge.rung.startswith("overdue_") for nudge in nudges) >= 2, promise.title
        assert nudges[-2].said_at < nudges[-1].said_at, promise.title
        assert any(f"P-{promise.number} " in text for text in private), promise.title
