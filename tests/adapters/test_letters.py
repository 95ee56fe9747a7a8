"""Dead letters can be seen and sent again by whoever operates Kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.cli import main
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from builders import MONDAY, PLATFORM, TENANT, an_intent, settle_in

LANE = f"{PLATFORM}:{TENANT}"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/kept.db"
    migrate(url)
    monkeypatch.setenv("KEPT_DATABASE_URL", url)
    return url


def bury_one(url: str) -> int:
    engine = open_engine(url)
    with open_uow(engine)(TENANT) as uow:
        settle_in(uow)
        uow.outbox.queue([an_intent()])
        uow.outbox.take_lane(LANE, "worker", MONDAY, timedelta(minutes=1))
        row = uow.outbox.claim(LANE, "worker", MONDAY, limit=1, lease_for=timedelta(minutes=1))[0]
        uow.outbox.bury(row, MONDAY, "no_place")
        uow.commit()
    engine.dispose()
    return row.id


def test_a_dead_letter_is_listed_with_its_reason_and_no_words(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = bury_one(store)
    assert main(["letters"]) == 0
    head, line, how = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{number}  ")
    assert line.endswith("no_place")
    assert line.index("no_place") == head.index("why not")
    assert how.endswith("kept letters --requeue NUMBER")


def test_a_dead_letter_sent_again_is_one_no_more(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    number = bury_one(store)
    assert main(["letters", "--requeue", str(number)]) == 0
    capsys.readouterr()
    main(["letters"])
    assert capsys.readouterr().out == "No dead letters.\n"


def test_a_letter_nobody_has_is_refused_with_what_to_do(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["letters", "--requeue", "99"]) == 1
    assert "`kept letters` lists them" in capsys.readouterr().err


def test_a_store_that_was_never_migrated_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KEPT_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert main(["letters"]) == 1
    assert "kept migrate" in capsys.readouterr().err
