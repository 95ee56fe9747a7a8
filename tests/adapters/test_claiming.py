"""Several processes, one of them killed, and every row said exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from adapters.db.unit_of_work import open_uow
from builders import ACME, MONDAY, NEXT_MONDAY, TENANT, a_promise, an_intent

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("claiming_worker.py")
ROWS, HELD = 300, 25


@pytest.fixture
def start(engine, tmp_path):
    """Starts a worker; whatever still runs at the end is killed."""
    url = engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    started: list[subprocess.Popen[str]] = []

    def start_one(name: str, *flags: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, WORKER, url, name, tmp_path, *flags],
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        return started[-1]

    yield start_one
    for each in started:
        each.kill()
        each.communicate()


def test_four_processes_one_killed_mid_lease_send_each_row_once(engine, start, tmp_path):
    with open_uow(engine)(None) as uow:
        uow.outbox.queue([an_intent(f"row {number}") for number in range(ROWS)])
        uow.commit()

    victim = start("victim", "--hold")
    assert victim.stdout.readline() == "held\n"
    others = [start(f"worker {number}") for number in range(3)]
    victim.kill()
    assert [each.wait(timeout=30) for each in others] == [0, 0, 0]

    lines = [
        line.rsplit(maxsplit=2)
        for each in tmp_path.glob("worker *")
        for line in each.read_text().splitlines()
    ]
    assert Counter(key for key, _, _ in lines) == Counter(f"row {number}" for number in range(ROWS))
    assert sum(epoch == "2" for _, epoch, _ in lines) == HELD, "what the victim held was taken over"
    assert sum(was_sending == "1" for _, _, was_sending in lines) == 1, "one of them may have gone out"
    assert not (tmp_path / "victim").exists()


def test_two_sweeps_at_once_take_different_promises(engine):
    """On PostgreSQL the second skips what the first holds; on SQLite it waits, and finds nothing due."""
    opened = open_uow(engine)
    with opened(None) as uow:
        uow.partnerships.add(ACME)
        for _ in range(40):
            uow.promises.add(a_promise(next_at=MONDAY))
        uow.commit()
    taken: list[list[str]] = []

    def sweep() -> None:
        with opened(None) as uow:
            claimed = uow.promises.claim_due(NEXT_MONDAY, 20)
            assert uow.promises.save_all([each.with_(next_at=None) for each in claimed]) == set()
            uow.commit()
            taken.append([each.id for each in claimed])

    sweeps = [Thread(target=sweep) for _ in range(2)]
    for each in sweeps:
        each.start()
    for each in sweeps:
        each.join()
    ids = [each for claimed in taken for each in claimed]
    assert len(ids) == len(set(ids)) == 40


def test_threads_take_turns_and_no_number_is_given_twice(engine):
    opened = open_uow(engine)
    with opened(None) as uow:
        uow.partnerships.add(ACME)
        uow.commit()
    given: list[int] = []

    def capture() -> None:
        for _ in range(10):
            with opened(TENANT) as uow:
                number = uow.partnerships.next_number(ACME.id)
                uow.promises.add(a_promise(number=number))
                uow.commit()
                given.append(number)

    threads = [Thread(target=capture) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(given) == list(range(1, 81))


@pytest.mark.postgres
def test_a_row_being_claimed_is_skipped_not_waited_for(postgres_engine):
    opened = open_uow(postgres_engine)
    with opened(None) as uow:
        uow.partnerships.add(ACME)
        first, second = a_promise(next_at=MONDAY), a_promise(next_at=MONDAY)
        uow.promises.add(first)
        uow.promises.add(second)
        uow.commit()
    with opened(None) as one, opened(None) as other:
        (mine,) = one.promises.claim_due(NEXT_MONDAY, 1)
        (theirs,) = other.promises.claim_due(NEXT_MONDAY, 5)
        assert {mine.id, theirs.id} == {first.id, second.id}


@pytest.mark.postgres
def test_a_bundle_somebody_adds_to_is_not_taken_until_they_are_done(postgres_engine):
    opened = open_uow(postgres_engine)
    bundle = an_intent("bundle", kind="bundle")
    with opened(None) as uow:
        uow.outbox.queue([bundle])
        uow.commit()
    with opened(None) as adding, opened(None) as worker:
        assert adding.outbox.pending_bundles([bundle.person_id]) == {bundle.person_id}
        lease = {"limit": 5, "lease_for": NEXT_MONDAY - MONDAY}
        assert worker.outbox.claim(bundle.lane, "w", MONDAY, **lease) == []
        adding.commit()
        assert len(worker.outbox.claim(bundle.lane, "w", MONDAY, **lease)) == 1
