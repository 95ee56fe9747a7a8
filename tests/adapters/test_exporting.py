"""What leaves by `kept export`: complete, safe to open, and only what was asked for (T18, G28)."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cli import main
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.exporting import checksum
from adapters.spreadsheet import COLUMNS, csv_text, plain, safe
from bot.storage import Nudge
from builders import (
    ACME,
    ANA,
    BEN,
    CARLA,
    GLOBEX,
    MIA,
    MONDAY,
    TENANT,
    a_fact,
    a_partnership,
    a_promise,
    a_voice,
    a_win,
    an_id,
    an_intent,
    settle_in,
)
from commitments.events import Kind
from commitments.notes import Jotted, Jottings

NOTE = "canary: they may leave us"
FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "＋1", "－1", "＠A1"),
    *(" =1+1", "\u200b=1", "\ufeff=1", "\u00a0+1", "=cmd|' /C calc'!A0", '="x"&A1', "−1", "'=1"),
]


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    monkeypatch.setenv("KEPT_DATABASE_URL", url)
    migrate(url)
    engine = open_engine(url)
    with open_uow(engine)(TENANT) as uow:
        settle_in(uow)
        promise = a_promise(id=an_id("one"), title="=1+1", note=NOTE, number=12)
        for each in (
            promise,
            a_promise(id=an_id("two"), partnership_id=GLOBEX.id, owner_id=BEN.id, filed_by=BEN.id),
        ):
            uow.promises.add(each)
            uow.promises.add_fact(each.id, a_fact(Kind.RECORDED, by=each.owner_id), each)
            uow.promises.add_fact(each.id, a_fact(Kind.SNOOZED, by=each.owner_id), each)
        uow.partnerships.add_win(a_win(credits=(CARLA.id,), by=BEN.id))
        uow.partnerships.add_voice(a_voice(by=CARLA.id))
        uow.outbox.queue([an_intent("hello", person_id=ANA.id)])
        uow.nudges.add(
            [Nudge(key="n", tenant=TENANT, promise_id=promise.id, rung="decide", person_id=ANA.id, at=MONDAY)]
        )
        uow.ledger.deny(ANA.id, "promise.share", None, MONDAY)
        uow.commit()
    engine.dispose()
    return tmp_path


def exported(store: Path, *argv: str) -> dict:
    assert main(["export", "out.json", "--format", "json", *argv]) == 0
    return json.loads((store / "out.json").read_text("utf-8"))


def ids(document: dict, table: str) -> set[str]:
    return {row["id"] for row in document["tables"][table]}


def test_all_of_it_comes_with_a_checksum_that_holds(store):
    document = exported(store)
    assert ids(document, "promises") == {an_id("one"), an_id("two")}
    assert len(document["tables"]["people"]) == 7
    assert document["sha256"] == checksum(document["tables"])
    document["tables"]["promises"][0]["title"] += "."
    assert document["sha256"] != checksum(document["tables"])


def test_notes_come_only_when_they_are_asked_for(store):
    exported(store)
    assert NOTE not in (store / "out.json").read_text()
    (store / "out.json").unlink()
    document = exported(store, "--notes")
    [promise] = (row for row in document["tables"]["promises"] if row["id"] == an_id("one"))
    assert promise["note"] == NOTE
    assert any(
        row["before"]["note"] == NOTE for row in document["tables"]["facts"] if "note" in row["before"]
    )


def test_a_person_gets_every_row_that_speaks_of_them(store):
    tables = exported(store, "--person", ANA.name)["tables"]
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    assert counts == {
        "people": 1,
        "reports": 1,
        "places": 1,
        "members": 2,
        "roles": 1,
        "promises": 1,
        "facts": 2,
        "nudges": 1,
        "outbox": 1,
        "denials": 1,
    }
    assert {row["kind"] for row in tables["facts"]} == {"recorded", "snoozed"}


def test_a_person_gets_nothing_that_another_has_to_themselves(store):
    """Ben filed it, Ana owns it; and Ana noted down what Ben said."""
    notes = Jottings(
        id=an_id("notes"),
        tenant=TENANT,
        person_id=ANA.id,
        partnership_id=ACME.id,
        place_id=None,
        at=MONDAY,
        found=(Jotted(title="call", quote="a canary", owner_id=BEN.id),),
    )
    promise = a_promise(id=an_id("three"), number=13, filed_by=BEN.id, note=NOTE, snoozed_until=MONDAY)
    engine = open_engine(f"sqlite:///{store / 'kept.db'}")
    with open_uow(engine)(TENANT) as uow:
        uow.jottings.add(notes)
        uow.promises.add(promise)
        for kind in (Kind.RECORDED, Kind.SNOOZED, Kind.ON_TRACK):
            uow.promises.add_fact(promise.id, a_fact(kind, by=ANA.id), promise)
        uow.commit()
    engine.dispose()
    tables = exported(store, "--person", BEN.name, "--notes")["tables"]
    [told] = (row for row in tables["promises"] if row["id"] == promise.id)
    [fact] = (row for row in tables["facts"] if row["promise_id"] == promise.id)
    assert {"note", "snoozed_until", "on_track_at"}.isdisjoint(told.keys() | fact["before"].keys())
    assert fact["kind"] == "recorded"
    assert tables["jottings"] == []
    assert "canary" not in json.dumps(tables)


def test_a_contact_gets_their_credit_and_what_they_told_us(store):
    tables = exported(store, "--person", CARLA.name)["tables"]
    assert (len(tables["wins"]), len(tables["voices"]), len(tables["promises"])) == (1, 1, 0)


def test_a_partnership_comes_without_another_and_without_what_is_somebodys_own(store):
    document = exported(store, "--partnership", " acme ")
    tables = document["tables"]
    assert ids(document, "promises") == {an_id("one")}
    assert {row["kind"] for row in tables["facts"]} == {"recorded"}
    assert not tables.keys() & {"nudges", "denials", "outbox", "posts"}
    assert not any("snoozed_until" in row for row in tables["promises"])
    assert {row["id"] for row in tables["people"]} == {ANA.id, BEN.id, MIA.id, CARLA.id}
    assert not any("account" in row or "day_start" in row for row in tables["people"])


def test_a_name_two_workspaces_have_is_asked_about(store, capsys):
    engine = open_engine(f"sqlite:///{store / 'kept.db'}")
    with open_uow(engine)("T2") as uow:
        uow.partnerships.add(a_partnership("Acme", id=an_id("other"), tenant="T2"))
        uow.commit()
    engine.dispose()
    assert main(["export", "x.json", "--format", "json", "--partnership", "Acme"]) == 1
    assert "--tenant: T1, T2" in capsys.readouterr().err.replace("T2, T1", "T1, T2")
    assert ids(exported(store, "--partnership", "Acme", "--tenant", "T2"), "partnerships") == {an_id("other")}
    assert not (store / "x.json").exists()


@pytest.mark.parametrize("wanted", [["--person", "Nobody"], ["--partnership", "Nobody"]])
def test_what_is_not_there_leaves_no_file(store, wanted, capsys):
    assert main(["export", "x.csv", "--format", "csv", *wanted]) == 1
    assert not (store / "x.csv").exists()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_that_is_there_is_never_replaced(store, form, capsys):
    (store / "mine").write_text("precious")
    assert main(["export", "mine", "--format", form]) == 1
    assert (store / "mine").read_text() == "precious"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_file_is_for_its_owner_alone(store, form):
    assert main(["export", "mine", "--format", form]) == 0
    assert (store / "mine").stat().st_mode & 0o077 == 0


def read(text: str) -> list[dict]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_table_has_names_numbers_and_no_formula(store):
    assert main(["export", "out.csv", "--format", "csv"]) == 0
    text = (store / "out.csv").read_bytes().decode()
    one, _ = read(text)
    assert (one["partnership"], one["owner"], one["number"], one["title"]) == ("Acme", "Ana", "12", "'=1+1")
    assert '\r\n"Acme",12,"\'=1+1",' in text
    assert "note" not in one
    assert NOTE not in text


def test_notes_are_a_column_when_they_are_asked_for(store):
    assert main(["export", "out.csv", "--format", "csv", "--notes", "--partnership", ACME.name]) == 0
    [one] = read((store / "out.csv").read_bytes().decode())
    assert one["note"] == NOTE


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_calculated_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "SOC 2 report", "a=b", "1+1", "(=1)", "ÄÖ", "“quoted”"])
def test_what_is_harmless_stays_as_it_is(text):
    assert safe(text) == text


@given(st.one_of(st.text(), st.sampled_from(FORMULAS)))
def test_what_went_in_comes_out_again(text):
    assert plain(safe(text)) == text


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=1, max_size=5))
def test_the_file_reads_back_to_the_letter(titles):
    rows = [dict.fromkeys([*COLUMNS, "partnership_id", "owner_id"], "") | {"title": each} for each in titles]
    found = read(csv_text(rows, {}))
    assert [plain(row["title"]) for row in found] == titles
    assert all(not row["title"].startswith(("=", "+", "-", "@", "\t", "\r", "\0")) for row in found)


def test_a_moment_is_written_in_utc(store):
    [promise, *_] = exported(store)["tables"]["promises"]
    assert promise["created_at"] == MONDAY.isoformat()
    assert MONDAY.utcoffset() == timedelta()
