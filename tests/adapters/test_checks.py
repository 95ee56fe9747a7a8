from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.backup import migrate_safely
from adapters.checks import Finding, check
from adapters.cli import main
from adapters.db.migrations_run import downgrade, head, migrate

NOWHERE = "http://127.0.0.1:9/api/"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'kept.db'}"


@pytest.fixture
def store(url, tmp_path) -> Path:
    migrate(url)
    return tmp_path / "kept.db"


def findings(**environ: str) -> dict[str, Finding]:
    return {finding.subject: finding for finding in check(Path("app.yaml"), environ)}


def test_a_fresh_installation_lacks_only_its_database():
    found = findings()
    assert [name for name, finding in found.items() if not finding.is_fine] == ["database"]
    assert found["database"].words == "kept.db does not exist yet. Run: kept migrate"
    assert not Path("kept.db").exists()


def test_after_migrating_nothing_is_wrong(store, capsys):
    assert main(["check"]) == 0
    assert "FAIL" not in capsys.readouterr().out


def test_trouble_ends_with_one_and_every_problem_is_said(capsys):
    Path("app.yaml").write_text("hourz: 1\nlocale: 3\n")
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("FAIL  settings")]) == 2


def test_a_store_of_an_older_kept_is_to_be_migrated(url, store):
    downgrade(url, "base")
    found = findings(KEPT_DATABASE_URL=url)["database"]
    assert not found.is_fine
    assert found.words.endswith(f"this Kept needs {head()}. Run: kept migrate")


def test_a_store_somebody_holds_is_said_to_be_locked(url, store):
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        found = findings(KEPT_DATABASE_URL=url)["database"]
    assert not found.is_fine
    assert "locked" in found.words


def test_a_file_that_is_no_database_is_said_to_be_none(url):
    Path("kept.db").write_text("a letter, long enough to be taken for the header of a database" * 40)
    found = findings(KEPT_DATABASE_URL=url)["database"]
    assert not found.is_fine
    assert "not a database of Kept" in found.words


def test_a_server_that_does_not_answer_is_said_not_to():
    found = findings(KEPT_DATABASE_URL="postgresql+psycopg://kept:canary@127.0.0.1:1/kept")["database"]
    assert not found.is_fine
    assert "cannot be reached" in found.words
    assert "canary" not in found.words


@pytest.mark.parametrize(
    ("environ", "is_fine", "words"),
    [
        ({}, True, "off: SLACK_SIGNING_SECRET is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, False, "off: SLACK_SIGNING_SECRET is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": NOWHERE}, True, "on"),
    ],
)
def test_a_platform_half_set_up_is_trouble_and_one_left_alone_is_not(environ, is_fine, words):
    found = findings(**environ)["slack"]
    assert found.is_fine is is_fine
    assert found.words.startswith(words)


def test_a_platform_switched_off_is_no_trouble():
    Path("app.yaml").write_text("slack: {enabled: false}")
    found = findings(SLACK_BOT_TOKEN="xoxb-1")["slack"]
    assert (found.is_fine, found.words) == (True, "off: switched off in app.yaml")


def test_migrating_a_new_store_keeps_no_copy_of_nothing(url, tmp_path):
    assert list(migrate_safely(url)) == [f"The database is up to date ({head()})."]
    assert list(tmp_path.glob("*before*")) == []


def test_migrating_twice_changes_nothing(url, store, tmp_path):
    assert list(migrate_safely(url)) == [f"The database is up to date ({head()})."]
    assert list(tmp_path.glob("*before*")) == []


def test_the_way_to_migrate_is_the_command(capsys):
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == f"The database is up to date ({head()}).\n"
    assert main(["check"]) == 0


def test_a_store_that_a_later_kept_has_changed_is_left_alone(url, store, capsys):
    with closing(sqlite3.connect(store)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
        opened.commit()
    assert main(["migrate"]) == 1
    assert "this Kept knows versions up to" in capsys.readouterr().err
    assert "the newer Kept" in findings(KEPT_DATABASE_URL=url)["database"].words
    assert list(store.parent.glob("*before*")) == []


def test_a_file_others_made_is_kept_before_our_tables_go_in(url, tmp_path):
    with closing(sqlite3.connect(tmp_path / "kept.db")) as opened:
        opened.execute("CREATE TABLE letters (words TEXT)")
    kept, done = migrate_safely(url)
    (copy,) = tmp_path.glob("kept-before-kept-*.db")
    assert kept == f"The database as it was is kept in {copy}."
    assert done == f"The database is up to date ({head()})."


def test_a_store_is_kept_before_it_changes(url, store, tmp_path):
    with closing(sqlite3.connect(store)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '0000'")
        opened.commit()
    steps = migrate_safely(url)
    kept = next(steps)
    (copy,) = tmp_path.glob("kept-before-0000-*.db")
    assert kept == f"The database as it was is kept in {copy}."
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]
