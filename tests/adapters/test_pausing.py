"""The operator's switch, and copies that keep still until somebody has looked (F55)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.backup import back_up
from adapters.cli import main
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from adapters.web import Health, Pool
from bot import sweeps
from bot.delivering import deliver_outbox
from bot.intents import to_place
from bot.policy import Policy
from bot.ports import Ports
from builders import ACME_SHARED, MONDAY, PLATFORM, TENANT, a_promise, settle_in
from fakes import FakeChat, SettableClock
from stage import in_words, no_holidays


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    monkeypatch.setenv("KEPT_DATABASE_URL", url)
    migrate(url)
    return tmp_path / "kept.db"


@pytest.fixture
def engine(store) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{store}")
    with open_uow(engine)(TENANT) as uow:
        settle_in(uow)
        uow.commit()
    yield engine
    engine.dispose()


def ports_on(engine: Engine, chat: FakeChat) -> Ports:
    return Ports(
        now=SettableClock(MONDAY),
        open_uow=open_uow(engine),
        chats={PLATFORM: chat},
        is_holiday=no_holidays,
        moment_words=in_words,
        new_id=lambda: "0" * 32,
        policy=Policy(),
    )


def is_paused(engine: Engine, tenant: str = TENANT) -> bool:
    with open_uow(engine)(None) as uow:
        return uow.ledger.is_paused(tenant)


def test_one_act_pauses_everything_and_one_lets_it_go_on(engine, capsys):
    assert main(["pause"]) == 0
    assert is_paused(engine)
    assert main(["resume"]) == 0
    assert not is_paused(engine)
    main(["resume"])
    assert capsys.readouterr().out.splitlines()[-1] == "It was not paused."


def test_one_workspace_is_paused_alone(engine):
    main(["pause", "--tenant", TENANT])
    assert is_paused(engine)
    assert not is_paused(engine, "T2")
    main(["resume", "--tenant", TENANT])
    assert not is_paused(engine)


def test_a_mistyped_workspace_is_not_said_to_be_paused(engine, capsys):
    assert main(["pause", "--tenant", "T2"]) == 1
    assert "Kept knows nobody in T2, and paused nothing" in capsys.readouterr().err
    assert main(["resume", "--tenant", "T2"]) == 0


def test_who_resumes_hears_what_rests_on(engine, capsys):
    main(["pause", "--tenant", TENANT])
    main(["resume"])
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Nothing is sent to {TENANT} any more")
    assert last == f"{TENANT} is still paused. To send again: kept resume --tenant {TENANT}"


def test_a_check_says_what_rests_and_is_no_alarm(engine, capsys):
    main(["pause", "--tenant", TENANT])
    assert main(["check"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if "paused since" in line]
    assert line.startswith("ok  ")
    assert line.endswith(f"kept resume --tenant {TENANT}")


async def test_readiness_says_paused_and_stays_ready(engine):
    ports, pool = ports_on(engine, FakeChat()), Pool(engine)
    with ports.open_uow(None) as uow:
        for sweep in sweeps.SWEEPS:
            uow.ledger.beat(sweep.name, MONDAY)
        uow.commit()
    app = web.Application()
    Health(ports, engine, pool).add_to(app)
    async with TestClient(TestServer(app)) as client:
        assert "outbound" not in await (await client.get("/readyz")).json()
        await asyncio.to_thread(main, ["pause"])
        response = await client.get("/readyz")
        assert (response.status, (await response.json())["outbound"]) == (200, "paused")
    pool.close()


def test_a_copy_keeps_still_and_the_store_goes_on(store, engine):
    copy = store.with_name("copy.db")
    back_up(f"sqlite:///{store}", copy)
    assert not is_paused(engine)
    copied = open_engine(f"sqlite:///{copy}")
    assert is_paused(copied)
    copied.dispose()


class CountingChat(FakeChat):
    """The fake alone would not say a thing twice; whether it was asked to is what matters here."""

    posts = 0

    def post(self, *args, **kwargs):
        self.posts += 1
        return super().post(*args, **kwargs)


@pytest.mark.parametrize("was_sent", [True, False])
def test_what_was_sent_after_the_copy_is_not_sent_again_from_it(store, engine, monkeypatch, was_sent):
    """Backup, send or not, the disk dies, restore, resume: the platform is asked before anything is said."""
    chat = CountingChat()
    with open_uow(engine)(TENANT) as uow:
        shown = a_promise(shown_at=MONDAY)
        uow.promises.add(shown)
        uow.outbox.queue([to_place(ACME_SHARED, "anchor", shown.id, key="anchor:x", at=MONDAY)])
        uow.commit()
    copy = store.with_name("copy.db")
    back_up(f"sqlite:///{store}", copy)
    if was_sent:
        assert deliver_outbox(ports_on(engine, chat), "w") == 1
    restored = open_engine(f"sqlite:///{copy}")
    assert deliver_outbox(ports_on(restored, chat), "w") == 0
    monkeypatch.setenv("KEPT_DATABASE_URL", f"sqlite:///{copy}")
    assert main(["resume"]) == 0
    assert deliver_outbox(ports_on(restored, chat), "w") == 1
    assert (chat.posts, len(chat.said)) == (1, 1)
    restored.dispose()
