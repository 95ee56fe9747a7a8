from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.days_off import is_holiday
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.trouble import StorageTrouble
from adapters.db.unit_of_work import open_uow
from adapters.moments import BabelMomentWords
from adapters.playground.opening import new_id
from adapters.scheduler import Ticks
from adapters.web import Health, Pool, nothing_escapes
from bot.policy import Policy
from bot.ports import Ports
from bot.sweeps import SWEEPS
from fakes import SettableClock

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path) -> Engine:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate(url)
    return open_engine(url)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MONDAY)


@pytest.fixture
def ports(engine: Engine, clock: SettableClock) -> Ports:
    return Ports(
        now=clock,
        open_uow=open_uow(engine),
        chats={},
        is_holiday=is_holiday,
        moment_words=BabelMomentWords(clock),
        new_id=new_id,
        policy=Policy(),
    )


@pytest.fixture
async def pool(engine: Engine) -> AsyncIterator[Pool]:
    pool = Pool(engine)
    yield pool
    pool.close()
    engine.dispose()


@pytest.fixture
async def client(ports: Ports, engine: Engine, pool: Pool) -> AsyncIterator[TestClient]:
    app = web.Application(middlewares=[nothing_escapes])
    Health(ports, engine, pool).add_to(app)
    app.router.add_get("/broken/{word}", broken)
    app.router.add_get("/locked", locked)
    async with TestClient(TestServer(app)) as client:
        yield client


async def broken(_: web.Request) -> web.Response:
    raise LookupError("a customer's words")


async def locked(_: web.Request) -> web.Response:
    raise StorageTrouble("The database kept.db is locked")


async def readiness(client: TestClient) -> tuple[int, dict[str, str]]:
    response = await client.get("/readyz")
    return response.status, await response.json()


def beat(ports: Ports) -> None:
    with ports.open_uow(None) as uow:
        for sweep in SWEEPS:
            uow.ledger.beat(sweep.name, ports.now())
        uow.commit()


async def test_alive_is_alive_without_a_look_at_anything_else(client) -> None:
    assert (await client.get("/livez")).status == 200


async def test_ready_when_the_store_is_migrated_and_every_sweep_has_run(client, ports) -> None:
    assert await readiness(client) == (
        503,
        {"accepting": "ok", "database": "ok", "migrations": "ok", "sweeps": "not ok"},
    )
    beat(ports)
    assert (await readiness(client))[0] == 200


async def test_a_sweep_that_fell_silent_is_noticed(client, ports, clock) -> None:
    beat(ports)
    clock.advance(timedelta(minutes=5))
    status, parts = await readiness(client)
    assert status == 503
    assert parts["sweeps"] == "not ok"


async def test_a_store_that_cannot_be_written_is_noticed(client, ports, engine, tmp_path) -> None:
    beat(ports)
    engine.dispose()
    (tmp_path / "kept.db").unlink()
    (tmp_path / "kept.db").mkdir()
    status, parts = await readiness(client)
    assert status == 503
    assert parts["database"] == "not ok"


async def test_a_platform_in_trouble_is_named_and_takes_nothing_out_of_service(ports, engine, pool) -> None:
    async def is_broken() -> bool:
        raise OSError("a token")

    async def is_well() -> bool:
        return True

    beat(ports)
    app = web.Application()
    Health(ports, engine, pool, {"slack": is_broken, "teams": is_well}).add_to(app)
    async with TestClient(TestServer(app)) as client:
        status, parts = await readiness(client)
    assert (status, parts["slack"], parts["teams"]) == (200, "not ok", "ok")


async def test_what_nobody_foresaw_is_a_500_without_detail(client, caplog) -> None:
    response = await client.get("/broken/secret-word")
    assert response.status == 500
    assert "customer" not in await response.text()
    assert [record.route for record in caplog.records if record.levelno == logging.ERROR] == [
        "/broken/{word}"
    ]


async def test_trouble_with_the_store_is_said_to_be_that(client) -> None:
    response = await client.get("/locked")
    assert response.status == 503
    assert "kept.db" not in await response.text()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/livez", 405)])
async def test_every_error_is_json(client, method: str, path: str, status: int) -> None:
    response = await client.request(method, path)
    assert response.status == status
    assert "error" in await response.json()


async def test_a_stop_waits_for_what_is_running(pool) -> None:
    began, may_end = Event(), Event()

    def work() -> str:
        began.set()
        may_end.wait(5)
        return "done"

    running = asyncio.create_task(pool.run(work))
    await asyncio.to_thread(began.wait, 5)
    closing = asyncio.create_task(asyncio.to_thread(pool.close))
    may_end.set()
    await closing
    assert await running == "done"


async def test_the_ticks_sweep_at_once_and_leave_a_heartbeat(ports, pool) -> None:
    swept = asyncio.Event()
    left = {sweep.name for sweep in SWEEPS}

    async def run(work) -> int:
        done = await pool.run(work)
        left.discard(work.args[2].name)
        if not left:
            swept.set()
        return done

    ticks = Ticks(ports, "worker", run)
    ticks.start()
    async with asyncio.timeout(5):
        await swept.wait()
    ticks.stop()
    with ports.open_uow(None) as uow:
        assert set(uow.ledger.beats()) == {sweep.name for sweep in SWEEPS}


async def test_a_stop_is_told_to_the_sweeps_that_run(ports) -> None:
    heard: list[bool] = []
    stopped = asyncio.Event()

    async def run(work) -> int:
        heard.append(work.args[0].is_stopping())
        ticks.stop()
        heard.append(work.args[0].is_stopping())
        stopped.set()
        return 0

    ticks = Ticks(ports, "worker", run)
    ticks.start()
    async with asyncio.timeout(5):
        await stopped.wait()
    assert heard[:2] == [False, True]


async def test_a_sweep_that_fails_is_logged_and_comes_again(ports, caplog) -> None:
    failed = asyncio.Event()

    async def run(_) -> int:
        failed.set()
        raise OSError("disk")

    ticks = Ticks(ports, "worker", run)
    ticks.start()
    async with asyncio.timeout(5):
        await failed.wait()
        while not any(record.msg == "sweep failed" for record in caplog.records):
            await asyncio.sleep(0)
    ticks.stop()
