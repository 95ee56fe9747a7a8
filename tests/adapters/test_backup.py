from __future__ import annotations

import os
import re
import shlex
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from adapters.backup import back_up, migrate_safely, store_path
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.problems import Trouble
from bot.storage import UnitOfWork
from builders import TENANT, a_person

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "kept.db"
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("CREATE TABLE promises (id INTEGER PRIMARY KEY, title TEXT)")
        opened.executemany("INSERT INTO promises (title) VALUES (?)", [("x" * 500,)] * 2000)
        opened.commit()
    return path


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def count_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute("SELECT count(*) FROM promises").fetchone()[0]


def test_a_backup_is_one_whole_private_file(store, tmp_path):
    copy = tmp_path / "copy.db"
    size = back_up(url_of(store), copy)
    assert count_in(copy) == 2000
    assert size == copy.stat().st_size
    assert copy.stat().st_mode & 0o077 == 0
    assert {each.name for each in tmp_path.iterdir()} - {"kept.db-wal", "kept.db-shm"} == {
        "kept.db",
        "copy.db",
    }


def test_a_backup_is_whole_while_others_write(store, tmp_path):
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(store, timeout=30)) as opened:
            while not stop.is_set():
                with opened:  # two rows or none
                    opened.execute("INSERT INTO promises (title) VALUES ('a')")
                    opened.execute("INSERT INTO promises (title) VALUES ('b')")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [tmp_path / f"copy-{n}.db" for n in range(5)]
        for copy in copies:
            back_up(url_of(store), copy)
    finally:
        stop.set()
        writer.join()
    counts = [count_in(copy) for copy in copies]
    assert counts == sorted(counts)
    assert all(count >= 2000 and count % 2 == 0 for count in counts)


def test_what_is_committed_but_still_in_the_log_is_in_the_copy(store, tmp_path):
    with closing(sqlite3.connect(store)) as opened:
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.execute("INSERT INTO promises (title) VALUES ('late')")
        opened.commit()
        back_up(url_of(store), tmp_path / "copy.db")
    assert count_in(tmp_path / "copy.db") == 2001


def test_a_backup_never_replaces_a_file(store, tmp_path):
    taken = tmp_path / "taken.db"
    taken.write_text("precious")
    with pytest.raises(Trouble, match="exists already"):
        back_up(url_of(store), taken)
    assert taken.read_text() == "precious"


def test_two_backups_to_one_name_do_not_mix(store, tmp_path):
    other = tmp_path / "copy.db.part"
    other.write_text("another backup at work")
    with pytest.raises(Trouble, match="left from a backup"):
        back_up(url_of(store), tmp_path / "copy.db")
    assert other.read_text() == "another backup at work"


def test_a_damaged_store_leaves_no_copy_behind(store, tmp_path):
    with closing(sqlite3.connect(store)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode=DELETE")
    with store.open("r+b") as opened:
        opened.seek(40_000)
        opened.write(b"\xff" * 20_000)
    with pytest.raises((Trouble, sqlite3.DatabaseError)):
        back_up(url_of(store), tmp_path / "copy.db")
    assert [each.name for each in tmp_path.glob("copy*")] == []


def test_there_must_be_something_to_copy(tmp_path):
    with pytest.raises(Trouble, match="nothing to copy"):
        back_up(url_of(tmp_path / "kept.db"), tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_postgresql_is_left_to_its_own_tool(tmp_path):
    with pytest.raises(Trouble, match="pg_dump"):
        back_up("postgresql+psycopg://localhost/kept", tmp_path / "copy.db")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///kept.db", Path("kept.db")),
        ("sqlite:////var/lib/kept.db?timeout=3", Path("/var/lib/kept.db")),
        ("postgresql+psycopg://localhost/kept", None),
    ],
)
def test_the_store_is_where_the_address_says(url, path):
    assert store_path(url) == path


def steps_of(page: str, title: str) -> list[str]:
    """The shell commands a page gives under a heading."""
    section = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"no section {title}"
    blocks = re.findall(r"^```sh\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]


def test_the_restore_page_works_step_by_step(tmp_path):
    store, copy, ana = tmp_path / "kept.db", tmp_path / "kept-2026-11-27.db", a_person("Ana")
    migrate(url_of(store))
    with work_on(store) as uow:
        uow.people.add(ana)
        uow.commit()
    back_up(url_of(store), copy)
    store.write_bytes(b"not a database any more")

    for step in steps_of((ROOT / "docs" / "restore.md").read_text(), "SQLite"):
        follow(step, tmp_path)

    with work_on(store) as uow:
        assert uow.people.get(ana.id) == ana


@contextmanager
def work_on(store: Path) -> Iterator[UnitOfWork]:
    engine = open_engine(url_of(store))
    with open_uow(engine)(TENANT) as uow:
        yield uow
    engine.dispose()


def follow(step: str, folder: Path) -> None:
    """Runs a line of the page, but for starting and stopping the service."""
    program, *arguments = shlex.split(step)
    if program == "systemctl":
        return
    command = [sys.executable, "-m", "adapters"] if program == "kept" else [program]
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"


def test_a_new_store_is_for_its_owner_alone(tmp_path):
    store = tmp_path / "kept.db"
    before = os.umask(0)
    try:
        list(migrate_safely(f"sqlite:///{store}"))
        with open_uow(engine := open_engine(f"sqlite:///{store}"))(TENANT) as uow:
            uow.people.add(a_person())
            uow.commit()
        modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
        engine.dispose()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}, modes
