"""Stopped again and again under load: nothing is half done, nothing stays held, nobody is told 5xx (F15)."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.tables import lanes, outbox, voices
from adapters.db.unit_of_work import open_uow
from bot.addresses import PlaceKind
from bot.intents import to_person
from bot.messages.troubles import KIND
from bot.storage import SendState
from builders import a_partnership, a_person, a_place, a_private_place
from commitments.partnership import Role
from conftest import SOAK
from fake_slack import BOT_TOKEN, BOT_USER, TEAM, FakeSlack, fake_slack
from slack_requests import SIGNING_SECRET, RawRequest, a_command

CYCLES = 200 if SOAK else 2
WAITING = 20 * CYCLES  # messages, so that there is always something to send
EVERY_S = 0.02  # fifty requests a second
LOADED_FOR_S = 0.5
STARTS_WITHIN_S, STOPS_WITHIN_S = 60, 25
ANA, ROOM = "U0ANA", "C0TEAM"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        fake.add_user(ANA, real_name="Ana")
        fake.add_channel(ROOM, [BOT_USER, ANA])
        yield fake


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Ana at work for Acme, with many messages waiting for her."""
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate(url)
    engine = open_engine(url)
    ana = a_person("Ana", tenant=TEAM, platform="slack", account=ANA, organisation=TEAM)
    room = a_place("#team", tenant=TEAM, platform="slack", route=ROOM, kind=PlaceKind.INTERNAL)
    acme = a_partnership("Acme", tenant=TEAM, place_id=None)
    now = datetime.now(UTC)
    with open_uow(engine)(TEAM) as uow:
        uow.people.add(ana)
        uow.places.add(a_private_place(ana, tenant=TEAM, platform="slack", route=ANA))
        uow.places.add(room)
        uow.partnerships.add(acme)
        uow.partnerships.set_role(acme.id, ana.id, Role.MEMBER)
        uow.outbox.queue(
            to_person(ana, KIND, room.id, key=f"{number:05}", at=now, args={"reason": "closed"})
            for number in range(WAITING)
        )
        uow.commit()
    engine.dispose()
    return url


async def begun(folder: Path, slack: FakeSlack, port: int) -> Process:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {"SLACK_SIGNING_SECRET": SIGNING_SECRET.reveal(), "SLACK_BOT_TOKEN": BOT_TOKEN}
    ours |= {"SLACK_API_URL": slack.api_url, "KEPT_SECRET_KEY": "A" * 43 + "="}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "adapters", "serve", "--port", str(port)),
            cwd=folder,
            env={**clean, **ours, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    async with asyncio.timeout(STARTS_WITHIN_S):
        while b"http://" not in (line := await process.stdout.readline()):
            assert line, (folder / "log").read_text()[-2000:]
    return process


@dataclass
class Load:
    """Asks one thing after the other, whatever became of the one before."""

    session: aiohttp.ClientSession
    url: str
    answers: Counter[object] = field(default_factory=Counter)
    taken: list[str] = field(default_factory=list)  # what Kept said it had done
    asked: Iterator[int] = field(default_factory=count)

    async def go_on(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._ask(f"the export is too slow, says number {next(self.asked)}"))
                await asyncio.sleep(EVERY_S)

    async def _ask(self, words: str) -> None:
        request = heard(words)
        try:
            async with self.session.post(self.url, data=request.body, headers=request.headers) as answer:
                body = await answer.text()
        except (aiohttp.ClientConnectionError, OSError) as closed:
            self.answers[type(closed).__name__] += 1
            return
        self.answers[answer.status] += 1
        if answer.status == 200 and "number" in body:
            self.taken.append(words)


def heard(words: str) -> RawRequest:
    fields = {"command": "/heard", "text": f"Acme: {words}", "user_id": ANA, "team_id": TEAM}
    fields |= {"channel_id": ROOM, "trigger_id": f"{words}.1", "response_url": "https://hooks.slack.com/x"}
    return a_command(fields, at=datetime.now(UTC))


async def one_cycle(folder: Path, slack: FakeSlack, load: Load, port: int) -> float:
    """Seconds that the stop took."""
    process = await begun(folder, slack, port)
    asking = asyncio.create_task(load.go_on())
    await asyncio.sleep(LOADED_FOR_S)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(process.wait(), STOPS_WITHIN_S)
    took = time.monotonic() - began
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert code == 0, (folder / "log").read_text()[-2000:]
    return took


def left_behind(url: str) -> dict[str, int]:
    engine = open_engine(url)
    sending = outbox.c.state == SendState.SENDING.value
    with engine.begin() as connection:
        counts = {
            "leased": connection.execute(select(func.count()).where(outbox.c.leased_by.is_not(None))),
            "in doubt": connection.execute(select(func.count()).where(sending)),
            "lanes": connection.execute(select(func.count()).select_from(lanes)),
            "dead": connection.execute(select(func.count()).where(outbox.c.state == SendState.DEAD.value)),
        }
        found = {name: int(each.scalar_one()) for name, each in counts.items()}
    engine.dispose()
    return found


def texts(url: str) -> list[str]:
    engine = open_engine(url)
    with engine.begin() as connection:
        found = list(connection.execute(select(voices.c.text)).scalars())
    engine.dispose()
    return found


async def test_a_stop_under_load_holds_nothing_back_and_breaks_nothing_off(tmp_path, store, slack):
    port = free_port()
    async with aiohttp.ClientSession() as session:
        load = Load(session, f"http://127.0.0.1:{port}/slack/events")
        for _ in range(CYCLES):
            await one_cycle(tmp_path, slack, load, port)
            assert left_behind(store) == {"leased": 0, "in doubt": 0, "lanes": 0, "dead": 0}
    assert [status for status in load.answers if isinstance(status, int) and status != 200] == []
    stored = Counter(texts(store))
    assert len(load.taken) > CYCLES
    assert [stored[words] for words in load.taken] == [1] * len(load.taken)
    assert set(stored.values()) == {1}
    posted = [each.fields["metadata"] for each in slack.calls("chat.postMessage")]
    assert posted
    assert max(Counter(map(str, posted)).values()) == 1
