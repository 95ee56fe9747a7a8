"""A person goes, wherever they are named; what they promised stays (T40, T41, G27)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from adapters.backup import back_up
from adapters.cli import main
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.tables import metadata
from adapters.db.texts import CODES, SEALED, text_tables
from adapters.db.unit_of_work import open_uow
from adapters.erasing import digest_of, erase, find, mend
from adapters.identifiers import OUR_CODES, Forms, Identity
from adapters.problems import Trouble
from bot.storage import SendState
from builders import (
    ACME,
    ANA,
    BEN,
    CARLA,
    MONDAY,
    NEXT_FRIDAY,
    PLATFORM,
    TENANT,
    a_fact,
    a_person,
    a_private_place,
    a_promise,
    a_sighting,
    an_id,
    an_intent,
    settle_in,
)
from commitments.errors import StaleWrite
from commitments.events import Kind
from commitments.partnership import Role
from commitments.promise import Proposal, Shape, Side, State
from commitments.sightings import Passage

ROOT = Path(__file__).resolve().parents[2]
for _each in sorted((ROOT / "adapters").glob("*/tables.py")):
    import_module(f"adapters.{_each.parent.name}.tables")

WORDS = {Side.OURS: "a former colleague", Side.THEIRS: "a former contact"}
EMAIL = "zoe.obrien@example.com"
ZOE = a_person(
    "Zoë O'Brien Müller",
    id="5e" * 16,
    platform="slack",
    account="U024BE7LH",
    away=((date(2026, 12, 24), date(2026, 12, 31)),),
)
WHO = Identity(id=ZOE.id, tenant=TENANT, platform="slack", account=ZOE.account, name=ZOE.name, also=(EMAIL,))
FORMS = (ZOE.id, "slack:U024BE7LH", "<@U024BE7LH|zoe>", ZOE.name, EMAIL)
BARE = ("5e" * 16, "u024be7lh", "zoë o'brien müller", EMAIL)  # compared with case folded
_numbers = count(1)


def met(engine: Engine, *others: Any) -> None:
    with open_uow(engine)(TENANT) as uow:
        for person in (ZOE, *others):
            uow.people.add(person)
        uow.commit()


def texts_of(engine: Engine) -> dict[str, str]:
    """Every text of the store by column, JSON read as it is meant."""
    found: dict[str, str] = {}
    with engine.begin() as connection:
        for each in text_tables(connection):
            for row in connection.execute(select(each.table)).mappings():
                for column in each.columns:
                    name = f"{each.name}.{column.column.name}"
                    found[name] = found.get(name, "") + "\n" + unescaped(row[column.column.name] or "")
    return found


def unescaped(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def hits(engine: Engine) -> list[str]:
    texts = texts_of(engine).items()
    return sorted({name for name, text in texts for form in BARE if form.casefold() in text.casefold()})


# Every text column of every table


def plainly(forms: tuple[str, ...]) -> str:
    return f"row {next(_numbers)}: " + " and ".join(forms)


def as_json(forms: tuple[str, ...]) -> str:
    return json.dumps({"n": next(_numbers), "state": "open", "list": [*forms, {"deep": plainly(forms)}]})


def in_capitals(forms: tuple[str, ...]) -> str:
    return plainly((ZOE.id, ZOE.account, ZOE.name.upper(), EMAIL.upper()))


def as_request(forms: tuple[str, ...]) -> str:
    return f"n={next(_numbers)}&text=" + quote_plus(" ".join(forms))


def filled(table: Any, write: Any, parents: dict[str, Any]) -> dict[str, Any]:
    """A row of any table: every text names Zoë in every form that can stand there."""
    row: dict[str, Any] = {}
    for column in table.c:
        name = f"{table.name}.{column.name}"
        if column.foreign_keys:
            row[column.name] = parents[next(iter(column.foreign_keys)).target_fullname]
        elif column.name == "tenant":
            row[column.name] = TENANT
        elif name in pointed_at() or name == "people.name":
            row[column.name] = an_id()
        elif column.type.python_type is str:
            row[column.name] = (
                f"code {next(_numbers)}" if column.name in CODES or name in SEALED else write(FORMS)
            )
        elif column.primary_key:
            continue
        else:
            row[column.name] = some(column.type.python_type)
    return row


def pointed_at() -> set[str]:
    return {key.target_fullname for table in metadata.tables.values() for key in table.foreign_keys}


def some(kind: type) -> Any:
    if kind in (bool, int):
        return kind(next(_numbers))
    return MONDAY.date() if kind is date else MONDAY  # our own type of moments tells no kind


def seed(engine: Engine, write: Any) -> set[str]:
    """One row a table; the names of the columns that now name Zoë."""
    parents: dict[str, Any] = {}
    seeded = set()
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            row = filled(table, write, parents)
            connection.execute(table.insert(), row)
            parents |= {f"{table.name}.{name}": value for name, value in row.items()}
            named = (name for name, value in row.items() if isinstance(value, str) and ZOE.account in value)
            seeded |= {f"{table.name}.{name}" for name in named}
    return seeded


@pytest.mark.parametrize("write", [plainly, as_json, in_capitals])
def test_five_forms_in_every_text_of_every_table_leave_no_trace(engine, write):
    met(engine)
    seeded = seed(engine, write)
    assert len(seeded) > 60
    assert seeded <= set(hits(engine))
    done = erase(engine, WHO, MONDAY, WORDS)
    assert hits(engine) == []
    assert mend(engine, WHO, done, "x") == 0


def test_what_was_under_way_is_mended_and_whoever_read_before_reads_again(lived_in):
    """A process that read a promise before the erasure writes it after, and notes what it had in mind."""
    with open_uow(lived_in)(TENANT) as uow:
        read = uow.promises.get(an_id("one"))
    done = erase(lived_in, WHO, MONDAY, WORDS)
    with open_uow(lived_in)(TENANT) as uow, pytest.raises(StaleWrite):
        uow.promises.save(read)
    with open_uow(lived_in)(TENANT) as uow:
        uow.promises.add_fact(read.id, a_fact(by=ZOE.id), read)
        uow.commit()
    assert hits(lived_in)
    assert mend(lived_in, WHO, done, "x") == 1
    assert hits(lived_in) == []
    with open_uow(lived_in)(TENANT) as uow:
        assert uow.promises.facts(read.id)[-1].by == uow.promises.get(read.id).owner_id


def test_a_request_nobody_understood_goes_with_the_person_in_it(engine):
    met(engine)
    quarantine = metadata.tables["quarantine"]
    with engine.begin() as connection:
        for body in (as_request(FORMS), '{"text": "harmless"}'):
            row = {"tenant": "", "platform": "slack", "kind": "k", "reason": "r", "received_at": MONDAY}
            connection.execute(quarantine.insert(), {**row, "body": body})
    erase(engine, WHO, MONDAY, WORDS)
    with engine.begin() as connection:
        assert connection.execute(select(quarantine.c.body)).scalars().all() == ['{"text": "harmless"}']


def test_every_column_that_is_left_alone_has_a_reason(sqlite_engine):
    """Tenants, codes, ciphertexts and the ids rows are tied by: nothing else escapes."""
    with sqlite_engine.begin() as connection:
        seen = {f"{t.name}.{c.column.name}" for t in text_tables(connection) for c in t.columns}
    every = {
        f"{table.name}.{column.name}": column
        for table in metadata.tables.values()
        for column in table.c
        if column.type.python_type is str
    }
    left = {name for name, column in every.items() if name not in seen and not column.foreign_keys}
    tied = {name for name in pointed_at() if name in every}
    codes = {name for name, column in every.items() if column.name in {"tenant", *CODES}}
    assert left == SEALED | tied | codes


# What stays


@pytest.fixture
def lived_in(engine: Engine) -> Engine:
    """Zoë owns two promises, has offered a date and leads Acme for us."""
    met(engine)
    with open_uow(engine)(None) as uow:
        settle_in(uow)
        uow.places.add(a_private_place(ZOE, platform="slack", route="D0ZOE"))
        uow.partnerships.set_role(ACME.id, ZOE.id, Role.LEAD)
        uow.people.set_reports(MIA_ID, [ZOE.id])
        proposal = Proposal(
            id=an_id("offer"),
            shape=Shape.ANOTHER_DATE,
            due=a_promise().due,
            reason=f"{ZOE.name} is away",
            by=ZOE.id,
            by_side=Side.OURS,
            proposed_at=MONDAY,
            early=True,
            first_offered_at=MONDAY,
        )
        offered = a_promise(id=an_id("one"), owner_id=ZOE.id, filed_by=ZOE.id, proposal=proposal)
        kept = a_promise(id=an_id("two"), owner_id=ZOE.id, state=State.KEPT, title="Ask <@U024BE7LH> twice")
        for promise in (offered, kept):
            uow.promises.add(promise)
            uow.promises.add_fact(promise.id, a_fact(Kind.RECORDED, by=ZOE.id, to=ZOE.id), promise)
        uow.outbox.queue([an_intent("to zoe", person_id=ZOE.id), an_intent("to ana", person_id=ANA.id)])
        uow.ledger.deny(ZOE.id, "promise.share", None, MONDAY)
        uow.commit()
    return engine


MIA_ID = an_id("Mia")


def test_promises_stay_with_everything_but_the_person(lived_in):
    done = erase(lived_in, WHO, MONDAY, WORDS)
    assert done.open_promises == 1
    with open_uow(lived_in)(TENANT) as uow:
        one, two = uow.promises.get(an_id("one")), uow.promises.get(an_id("two"))
        owner = uow.people.get(one.owner_id)
        assert owner.id == two.owner_id == uow.promises.facts(one.id)[0].by != ZOE.id
        assert (owner.name, owner.is_active, owner.away) == ("a former colleague", False, ())
        assert (owner.side, owner.zone, owner.day_start) == (ZOE.side, ZOE.zone, ZOE.day_start)
        assert (one.state, one.due, one.proposal.reason) == (
            State.OPEN,
            a_promise(due_at=NEXT_FRIDAY).due,
            "a former colleague is away",
        )
        assert two.title == "Ask a former colleague twice"
        assert uow.promises.last_fact(one.id)[1].proposal.by == owner.id
        assert [found.id for found in uow.promises.find("former twice", [ACME.id])] == [two.id]


def test_a_contact_of_the_customer_is_called_one(engine):
    met(engine, carla := a_person("Carla Ortiz", side=Side.THEIRS, organisation="acme"))
    who = Identity(id=carla.id, tenant=TENANT, platform=PLATFORM, account=carla.account, name=carla.name)
    erase(engine, who, MONDAY, WORDS)
    with open_uow(engine)(TENANT) as uow:
        assert uow.people.get(carla.id) is None
    assert "a former contact" in texts_of(engine)["people.name"]


def test_nothing_is_asked_of_them_or_said_to_them_any_more(lived_in):
    erase(lived_in, WHO, MONDAY, WORDS)
    with open_uow(lived_in)(TENANT) as uow:
        assert {each for roles in [uow.partnerships.roles(ACME.id)] for each in roles} == {
            ANA.id,
            BEN.id,
            MIA_ID,
        }
        assert set(uow.people.reports_of(MIA_ID)) == {ANA.id, BEN.id}
        assert all(person.name != "a former colleague" for person in uow.people.ours())
        waiting = uow.outbox.claim(
            f"{PLATFORM}:{TENANT}", "w", MONDAY, limit=9, lease_for=timedelta(minutes=1)
        )
    assert [row.intent.key for row in waiting] == ["to ana"]
    outbox = metadata.tables["outbox"].c
    with lived_in.begin() as connection:
        ended = connection.execute(select(outbox.state, outbox.reason).where(outbox.key == "to zoe")).one()
    assert ended == (SendState.DROPPED.value, "erased")


def test_both_accounts_of_a_person_go_whichever_is_named(engine):
    there = a_person("Zoë there", platform="teams", account="aad/4711-zoe", same_as=ZOE.id)
    met(engine, there)
    [found] = find(engine, "teams:aad/4711-zoe")
    assert found.id == ZOE.id
    erase(engine, found, MONDAY, WORDS)
    said = " ".join(texts_of(engine).values()).casefold()
    assert not any(form in said for form in (ZOE.id, there.id, ZOE.account.casefold(), "aad/4711", "zoë"))


@pytest.mark.parametrize(("asked", "stays"), [("Could you send the report?", False), (None, True)])
def test_what_a_contact_asked_for_goes_also_where_one_of_us_has_taken_it_up(engine, asked, stays):
    words = Passage(action="send the report", quote="Sure", trigger="Sure", request=asked)
    with open_uow(engine)(None) as uow:
        settle_in(uow)
        uow.sightings.add([a_sighting("taken up", passage=words)])
        uow.commit()
    who = Identity(id=CARLA.id, tenant=TENANT, platform=PLATFORM, account=CARLA.account, name=CARLA.name)
    erase(engine, who, MONDAY, WORDS)
    with open_uow(engine)(TENANT) as uow:
        assert (uow.sightings.get(an_id("taken up")) is not None) is stays


def test_a_namesake_keeps_the_name_and_other_tenants_keep_their_texts(engine):
    met(engine, a_person(ZOE.name, id=an_id("namesake"), account="U2"))
    there = a_person(ZOE.name, id=an_id("elsewhere"), tenant="T2", account="U3")
    with open_uow(engine)("T2") as uow:
        uow.people.add(there)
        uow.ledger.set("note", f"ask {ZOE.name}")
        uow.commit()
    erase(engine, WHO, MONDAY, WORDS)
    with open_uow(engine)(None) as uow:
        assert uow.people.get(an_id("namesake")).name == ZOE.name
        assert uow.people.get(there.id) == there
    with open_uow(engine)("T2") as uow:
        assert uow.ledger.setting("note") == f"ask {ZOE.name}"


def test_erasing_is_all_or_nothing(lived_in, monkeypatch):
    """The last statement fails: on record is only what is done."""
    before = texts_of(lived_in)
    with lived_in.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE settings RENAME TO elsewhere")
    with pytest.raises(Exception, match=r"settings|up to date|set up"):
        erase(lived_in, WHO, MONDAY, WORDS)
    with lived_in.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO settings")
    assert texts_of(lived_in) == before


# The words themselves


def forms(name: str = "Ana Sommer", account: str = "U1", **more: Any) -> Forms:
    who = Identity(id="5e" * 16, tenant="T", platform="slack", account=account, name=name, **more)
    return Forms(who, new_id="f0" * 16, words="X")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ana  sommer and ANA SOMMER", "X and X"),
        ("@Ana Sommer: hello", "X: hello"),
        ("Ana Sommerfeld and Hana Sommer", "Ana Sommerfeld and Hana Sommer"),
        ("<@U1> <@U1|ana> <@U12>", "X X <@U12>"),
        ("U12 xU1 U1.", f"U12 xU1 erased-{'f0' * 16}."),
        ("5e" * 17, "5e" * 17),
        ('["Ana Sommer", "so"]', '["X","so"]'),
        ("[Ana Sommer] will", "[X] will"),
    ],
)
def test_a_form_ends_where_a_word_ends(text, left):
    assert forms().without(text, words=True) == left


def test_a_name_of_one_word_goes_only_as_it_is_written():
    assert forms("Will").without("we will ask Will.", words=True) == "we will ask X."


@pytest.mark.parametrize("name", sorted(OUR_CODES)[:12])
def test_a_person_called_like_a_code_of_ours_spoils_no_row(name):
    row = json.dumps({name: name, "said": f"ask {name} soon"}, separators=(",", ":"))
    assert json.loads(forms(name).without(row, words=True)) == {name: name, "said": "ask X soon"}


def test_a_name_with_signs_of_patterns_is_a_name():
    assert forms(r"A. (Bo) \1 [x]").without(r"ask A. (Bo) \1 [x] now", words=True) == "ask X now"


@given(st.text(min_size=1, max_size=20).filter(str.strip), st.text(max_size=20), st.text(max_size=20))
def test_whatever_the_name_what_is_changed_would_have_been_found(name, before, after):
    """The database hands over only rows that hold a needle; none with a form may be missed."""
    found = forms(name)
    for text in (f"{before} {name} {after}", json.dumps([f"{before} {name} {after}"])):
        if found.without(text, words=True) != text:
            assert any(needle.lower() in text.lower() for needle in found.needles)


# The command


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "kept.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEPT_DATABASE_URL", f"sqlite:///{path}")
    migrate(f"sqlite:///{path}")
    with closing_engine(path) as engine:
        met(engine, CARLA)
    return path


class closing_engine:  # noqa: N801, used as a statement
    def __init__(self, path: Path) -> None:
        self.engine = open_engine(f"sqlite:///{path}")

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


@pytest.mark.parametrize(
    "said", [ZOE.id, "slack:U024BE7LH", "<@U024BE7LH>", "<@U024BE7LH|zoe>", "U024BE7LH", ZOE.name.upper()]
)
def test_a_person_is_found_by_any_of_their_forms(store, said, capsys):
    assert main(["erase", said, "--yes", "--also", EMAIL]) == 0
    assert "Erased in T1" in capsys.readouterr().out
    with closing_engine(store) as engine:
        assert hits(engine) == []


def test_an_address_finds_nobody_and_is_told_what_to_do(store, capsys):
    assert main(["erase", EMAIL, "--yes"]) == 1
    assert "--also" in capsys.readouterr().err


def test_nobody_is_nobody(store, capsys):
    assert main(["erase", "Nobody At All", "--yes"]) == 1
    assert "knows nobody" in capsys.readouterr().err


def test_two_of_one_name_are_told_apart_by_account(store, capsys):
    with closing_engine(store) as engine, open_uow(engine)(TENANT) as uow:
        uow.people.add(a_person(ZOE.name, id=an_id("n"), platform="slack", account="U2"))
        uow.commit()
    assert main(["erase", ZOE.name, "--yes"]) == 1
    said = capsys.readouterr().err
    assert "slack:U024BE7LH" in said
    assert "slack:U2" in said


@pytest.mark.parametrize(("answer", "gone"), [("yes", True), ("no", False), ("", False)])
def test_without_yes_nothing_goes(store, monkeypatch, answer, gone, capsys):
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert main(["erase", "slack:U024BE7LH"]) == 0
    assert ("Nothing was changed" in capsys.readouterr().out) is not gone
    with closing_engine(store) as engine:
        assert bool(hits(engine)) is not gone


def test_where_nobody_can_answer_it_refuses(store, monkeypatch, capsys):
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert main(["erase", "slack:U024BE7LH"]) == 1
    assert "--yes" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["erase"], ["erase", "U1", "--replay"]])
def test_a_person_or_a_replay(store, argv, capsys):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2


def test_the_record_of_an_erasure_does_not_say_who_it_was(store):
    main(["erase", ZOE.id, "--yes"])
    ledger = (store.parent / "kept-erasures.txt").read_text()
    assert digest_of(ZOE.id) in ledger
    with closing(sqlite3.connect(store)) as opened:
        everything = "\n".join(opened.iterdump()) + ledger
    assert not [form for form in BARE[:3] if form in everything.casefold()]


def test_whom_a_restore_brings_back_is_erased_again(store, capsys):
    copy = store.with_name("copy.db")
    back_up(f"sqlite:///{store}", copy)
    main(["erase", ZOE.id, "--yes"])
    for each in ("kept.db", "kept.db-wal", "kept.db-shm"):
        (store.parent / each).unlink(missing_ok=True)
    copy.rename(store)
    with closing_engine(store) as engine:
        assert hits(engine)
    assert main(["erase", "--replay"]) == 0
    assert "1 erasures are on record, 1 had to be done again." in capsys.readouterr().out
    with closing_engine(store) as engine:
        assert hits(engine) == []
    assert main(["erase", "--replay"]) == 0
    assert "1 erasures are on record, 0 had" in capsys.readouterr().out


def test_a_ledger_that_was_meddled_with_is_not_guessed_at(store, capsys):
    (store.parent / "kept-erasures.txt").write_text("2026 not-a-digest\n")
    assert main(["erase", "--replay"]) == 1
    assert "a line Kept did not write" in capsys.readouterr().err


def test_a_person_who_is_gone_already_is_said_to_be(engine):
    met(engine)
    erase(engine, WHO, MONDAY, WORDS)
    with pytest.raises(Trouble, match="not stored any more"):
        erase(engine, WHO, MONDAY, WORDS)
    with pytest.raises(Trouble, match="knows nobody"):
        find(engine, ZOE.account)
