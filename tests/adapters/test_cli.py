from __future__ import annotations

import errno
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli import main
from adapters.explain import explain_lines
from adapters.faults import in_words

ROOT = Path(__file__).resolve().parents[2]
FRIDAY = "2026-11-27"
MONDAY_NOON = "2026-11-23T12:00"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_help_names_the_commands_that_work_and_no_others(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for command in (
        "demo",
        "serve",
        "check",
        "migrate",
        "backup",
        "digest",
        "manifest",
        "explain",
        "bench",
        "letters",
        "export",
        "erase",
        "pause",
        "resume",
    ):
        assert f"    {command} " in text
    assert "doctor" not in text


def test_help_loads_nothing_heavy():
    program = """
import sys
from adapters.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print(sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for heavy in (
        "aiohttp",
        "apscheduler",
        "asyncio",
        "dataclasses",
        "pydantic",
        "sqlalchemy",
        "sqlite3",
        "yaml",
    ):
        assert f"'{heavy}'" not in done.stderr


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["fly"],
        ["backup"],
        ["digest"],
        ["manifest"],
        ["manifest", "zulip"],
        ["explain"],
        ["explain", "due"],
        ["explain", "due", "x", "--jsonl"],
    ],
)
def test_what_is_not_a_command_ends_with_two(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: kept" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "kept.example.com"])
def test_the_playground_refuses_to_listen_beyond_this_machine(host, capsys, monkeypatch):
    monkeypatch.setenv("HOST", host)
    assert main(["demo"]) == 1
    assert capsys.readouterr().err == (
        f"kept: The playground signs nobody in, so it listens on this machine only: {host} is not loopback.\n"
    )


def test_no_authentication_means_this_machine_only(capsys):
    assert main(["serve", "--insecure-dev", "--host", "0.0.0.0"]) == 1
    assert "0.0.0.0 is not loopback" in capsys.readouterr().err


def test_the_command_line_comes_before_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("HOST", "127.0.0.1")
    assert main(["demo", "--host", "10.0.0.1"]) == 1
    assert "10.0.0.1" in capsys.readouterr().err


def test_bad_settings_are_all_listed_without_a_traceback(capsys, monkeypatch):
    Path("app.yaml").write_text("hourz: 1\nlocale: 3\n")
    monkeypatch.setenv("PORT", "eighty")
    assert main(["serve"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("kept: ") for line in lines)


def test_a_backup_without_a_database_says_so(capsys):
    assert main(["backup", "copy.db"]) == 1
    assert capsys.readouterr().err == "kept: There is no database at kept.db: nothing to copy.\n"


def test_a_backup_into_a_folder_that_is_not_there_says_so(capsys):
    sqlite3.connect("kept.db").close()
    assert main(["backup", "nowhere/copy.db"]) == 1
    assert capsys.readouterr().err == "kept: No such file or directory: nowhere/copy.db.part\n"


def test_a_store_that_is_no_database_says_so(capsys):
    Path("kept.db").write_text(
        "a letter to Carla, long enough to be taken for a header of some kind or other" * 20
    )
    assert main(["backup", "copy.db"]) == 1
    assert capsys.readouterr().err == "kept: The file is not a database of Kept. Check KEPT_DATABASE_URL.\n"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EADDRINUSE, "in use"), "That port is taken"),
        (OSError(errno.EADDRNOTAVAIL, "not here"), "does not have that address"),
        (OSError(errno.ENOSPC, "full"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "kept.db"), "Permission denied: kept.db"),
    ],
)
def test_a_foreseen_fault_is_said_in_words(error, words):
    wrapped = RuntimeError("somewhere on the way up")
    wrapped.__cause__ = error
    assert words in in_words(error)
    assert words in in_words(wrapped)


def test_a_fault_of_ours_keeps_its_traceback():
    slip = KeyError("made while handling the other")
    slip.__context__ = PermissionError(errno.EACCES, "Permission denied", "kept.db")
    assert in_words(slip) is None


def test_a_locked_store_is_said_in_words(tmp_path):
    holder = sqlite3.connect(tmp_path / "kept.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    waiting = sqlite3.connect(tmp_path / "kept.db", timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError) as caught:
        waiting.execute("BEGIN IMMEDIATE")
    holder.close()
    waiting.close()
    assert "locked by another program" in in_words(caught.value)


def explained(*rows: object) -> list[dict]:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    out = io.StringIO()
    explain_lines([line + b"\n" for line in lines], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def row(phrase: str, **changes: object) -> dict:
    return {
        "id": "1",
        "phrase": phrase,
        "now": MONDAY_NOON,
        "tz": "Europe/Berlin",
        "locale": "en-GB",
    } | changes


def test_a_phrase_is_explained_in_words(capsys):
    assert main(["explain", "due", "Friday 5pm", "--tz", "Europe/Berlin", "--now", MONDAY_NOON]) == 0
    assert "ok: Friday 27 November 2026, 17:00 Europe/Berlin" in capsys.readouterr().out


def test_a_phrase_that_is_not_a_date_asks_and_says_why(capsys):
    assert main(["explain", "due", "when the moon is blue", "--now", MONDAY_NOON]) == 0
    assert capsys.readouterr().out.startswith("ask\n  because: ")


def test_a_moment_that_is_none_is_refused(capsys):
    assert main(["explain", "due", "Friday", "--now", "noonish"]) == 1
    assert "'noonish' is not a moment" in capsys.readouterr().err


def test_rows_are_answered_in_order_one_line_each():
    first, second = explained(row("Friday 5pm"), row("soonish", id="2"))
    assert first == {
        "id": "1",
        "status": "ok",
        "due_local": f"{FRIDAY}T17:00",
        "candidates": [f"{FRIDAY}T17:00"],
        "reason": None,
    }
    assert (second["id"], second["status"], second["due_local"]) == ("2", "ask", None)
    assert second["reason"]


@pytest.mark.parametrize("tz", ["Europe/Berlin", "-02:00", "floating", None])
def test_the_answer_is_in_the_zone_of_the_row(tz):
    (answer,) = explained(row("Friday 5pm", tz=tz))
    assert answer["due_local"] == f"{FRIDAY}T17:00"


def test_the_rows_own_working_day_and_holidays_decide():
    (answer,) = explained(row("end of day", workday_end="15:30", holidays=[FRIDAY]))
    assert answer["due_local"] == "2026-11-23T15:30"


def test_a_zone_that_does_not_exist_asks():
    (answer,) = explained(row("Friday", tz="Europe/Atlantis"))
    assert (answer["status"], answer["reason"]) == ("ask", "unknown_zone")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"7",
        b"null",
        {"id": "1"},
        row("Friday", now="noonish"),
        row("Friday", now=7),
        row("Friday", tz=7),
        row("Friday", locale=["en"]),
        row("Friday", workday_start="early"),
        row("Friday", holidays=["Christmas"]),
        {**row("x"), "phrase": None},
    ],
)
def test_a_bad_row_asks_and_the_rest_goes_on(bad):
    answer, after = explained(bad, row("Friday 5pm"))
    assert (answer["status"], answer["reason"], answer["due_local"]) == ("ask", "bad_row", None)
    assert after["status"] == "ok"
