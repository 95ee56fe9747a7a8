"""A playground with its story so far, on a store of its own and a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from adapters.app import playground_app
from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.playground.opening import open_playground, with_story
from adapters.playground.playing import Playground
from fakes import SettableClock

WEDNESDAY_NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story so far, played once; tests work on copies."""
    path = tmp_path_factory.mktemp("told") / "kept.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    with_story(engine, SettableClock(WEDNESDAY_NOON))
    engine.dispose()
    return path


@pytest.fixture
def engine(told: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(told, tmp_path / "kept.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def real() -> SettableClock:
    """The machine's clock."""
    return SettableClock(WEDNESDAY_NOON)


@pytest.fixture
def playground(engine: Engine, real: SettableClock) -> Playground:
    return open_playground(engine, real)


@pytest.fixture
async def client(playground: Playground, engine: Engine) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(playground_app(playground, engine))) as client:
        yield client


@dataclass
class Visitor:
    """Calls as the page makes them. Every answer is 200 unless another status is expected."""

    client: TestClient

    async def get(self, path: str, expect: int = 200, **query: str) -> Any:
        response = await self.client.get(f"/playground/{path}", params=query)
        assert response.status == expect, await response.text()
        return await response.json()

    async def post(self, path: str, expect: int = 200, **body: object) -> Any:
        response = await self.client.post(f"/playground/{path}", json=body)
        assert response.status == expect, await response.text()
        return await response.json()

    async def say(self, person: str, place: str, text: str, **more: object) -> Any:
        return await self.post("say", person=person, place=place, text=text, **more)

    async def sees(self, person: str) -> list[Any]:
        return (await self.get("state", **{"as": person}))["messages"]

    async def press(self, person: str, verb: str, about: str = "") -> Any:
        """The newest such button the person sees, on a card that names `about`."""
        for message in reversed(await self.sees(person)):
            for button in (message["card"] or {"buttons": []})["buttons"]:
                if button["verb"] == verb and about in message["text"]:
                    return await self.post(
                        "press", person=person, message=message["id"], verb=verb, value=button["value"]
                    )
        raise AssertionError(f"{person} sees no {verb} about {about!r}")

    async def submit(self, person: str, answer: Any, **values: str) -> Any:
        return await self.post("submit", person=person, form=answer["form"]["token"], values=values)

    async def promise(self, title: str, due: str = "2026-12-04", *, shown: bool = True) -> None:
        """Ana promises it to Acme."""
        said = await self.say("ana", "acme-shared", f"/promise {title} by {due}")
        if said["form"]:  # the day holds something else already
            said = await self.submit("ana", said)
        assert said["reply"], said
        if shown:
            await self.submit("ana", await self.press("ana", "promise.share", title))


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor(client)
