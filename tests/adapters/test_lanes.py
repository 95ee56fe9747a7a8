"""Lanes run side by side: nobody waits for somebody else's workspace, and each keeps its own order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event, Lock, Semaphore

import pytest

from adapters.db.unit_of_work import open_uow
from adapters.lanes import Lanes
from bot.addresses import MessageRef, Place, PlaceKind
from bot.delivering import LEASE_FOR, ROWS
from bot.intents import to_person
from bot.messages.troubles import KIND
from bot.policy import Policy
from bot.ports import Ports
from builders import MONDAY, PLATFORM, a_person, a_place, a_private_place, an_id
from commitments.partnership import Person
from stage import in_words, no_holidays

QUICKLY_S = 10


@dataclass
class SlowChat:
    """Takes what it is sent only while the workspace's gate is open."""

    gates: dict[str, Event] = field(default_factory=lambda: defaultdict(Event))
    said: list[tuple[str, str]] = field(default_factory=list)  # tenant and key
    at_work: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    most: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: Semaphore = field(default_factory=lambda: Semaphore(0))
    begun: Semaphore = field(default_factory=lambda: Semaphore(0))
    lock: Lock = field(default_factory=Lock)

    def post(self, place: Place, card, *, key: str, thread=None) -> MessageRef:
        tenant = place.tenant
        with self.lock:
            self.at_work[tenant] += 1
            self.most[tenant] = max(self.most[tenant], self.at_work[tenant])
        self.begun.release()
        assert self.gates[tenant].wait(QUICKLY_S)
        with self.lock:
            self.at_work[tenant] -= 1
            self.said.append((tenant, key))
        self.told.release()
        return MessageRef(platform=PLATFORM, tenant=tenant, place_id=place.id, key=key)

    def update(self, ref, card) -> None:
        raise AssertionError("nothing is edited here")

    def find(self, place, key):
        return None

    def keys(self, tenant: str) -> list[str]:
        return [key for each, key in self.said if each == tenant]


@pytest.fixture
def chat():
    return SlowChat()


@pytest.fixture
def ports(engine, chat):
    return Ports(
        now=lambda: MONDAY,
        open_uow=open_uow(engine),
        chats={PLATFORM: chat},
        is_holiday=no_holidays,
        moment_words=in_words,
        new_id=an_id,
        policy=Policy(),
    )


@pytest.fixture
def lanes():
    made = Lanes(at_once=2)
    yield made
    made.close()


def queue(ports: Ports, tenant: str, count: int) -> None:
    person = a_person(f"Lead of {tenant}", tenant=tenant, introduced_at=MONDAY)
    place = a_place(f"#room-{tenant}", tenant=tenant, kind=PlaceKind.INTERNAL)
    with ports.open_uow(tenant) as uow:
        uow.people.add(person)
        uow.places.add(a_private_place(person, tenant=tenant))
        uow.places.add(place)
        uow.outbox.queue(word(person, place, number) for number in range(count))
        uow.commit()


def word(person: Person, place: Place, number: int):
    at = MONDAY - timedelta(hours=1) + timedelta(seconds=number)
    return to_person(person, KIND, place.id, key=f"{number:03}", at=at, args={"reason": "closed"})


def heard(chat: SlowChat, count: int) -> None:
    for _ in range(count):
        assert chat.told.acquire(timeout=QUICKLY_S)


def test_a_slow_workspace_holds_back_no_other(ports, chat, lanes):
    queue(ports, "slow", 3)
    queue(ports, "quick", 3)
    chat.gates["quick"].set()
    lanes.deliver(ports, "w1")
    heard(chat, 3)
    assert chat.keys("quick") == ["000", "001", "002"]
    assert chat.keys("slow") == []
    chat.gates["slow"].set()
    heard(chat, 3)
    assert chat.keys("slow") == ["000", "001", "002"]


def test_a_lane_at_work_is_not_begun_again(ports, chat, lanes):
    queue(ports, "slow", 5)
    for _ in range(5):
        lanes.deliver(ports, "w1")
    chat.gates["slow"].set()
    heard(chat, 5)
    assert chat.keys("slow") == [f"{number:03}" for number in range(5)]
    assert chat.most["slow"] == 1


def test_a_long_lane_gives_its_thread_to_one_that_waits(ports, chat, lanes):
    for tenant in ("a", "b"):
        queue(ports, tenant, ROWS + 5)
    lanes.deliver(ports, "w1")
    for _ in range(2):
        assert chat.begun.acquire(timeout=QUICKLY_S)
    queue(ports, "c", 1)
    lanes.deliver(ports, "w1")
    chat.gates["c"].set()
    chat.gates["a"].set()
    heard(chat, ROWS + 1)
    assert chat.keys("c") == ["000"]
    assert len(chat.keys("a")) == ROWS
    chat.gates["b"].set()


def test_what_went_out_is_told_once(ports, chat, lanes):
    chat.gates["a"].set()
    queue(ports, "a", 4)
    lanes.deliver(ports, "w1")
    lanes.close()
    assert (lanes._taken(), lanes._taken()) == (4, 0)


def test_a_stop_ends_every_lane_between_two_messages(ports, chat):
    lanes, stopping = Lanes(at_once=2), Event()
    ports = replace(ports, is_stopping=stopping.is_set)
    for tenant in ("a", "b", "c"):
        queue(ports, tenant, 3)
    lanes.deliver(ports, "w1")
    for _ in range(2):
        assert chat.begun.acquire(timeout=QUICKLY_S)
    stopping.set()
    for tenant in ("a", "b", "c"):
        chat.gates[tenant].set()
    lanes.close()
    assert sorted(chat.said) == [("a", "000"), ("b", "000")]
    assert lanes.deliver(ports, "w1") == 2
    with ports.open_uow(None) as uow:
        for tenant in ("a", "b", "c"):
            assert uow.outbox.take_lane(f"{PLATFORM}:{tenant}", "w2", MONDAY, LEASE_FOR)
            left = uow.outbox.claim(f"{PLATFORM}:{tenant}", "w2", MONDAY, limit=9, lease_for=LEASE_FOR)
            assert {row.attempts for row in left} == {1}


def test_a_lane_that_fails_is_logged_and_begun_again(ports, chat, lanes, caplog):
    queue(ports, "a", 1)
    chat.gates["a"].set()
    opened = ports.open_uow
    failing = iter([False, True])  # the claim, after the look at what is due

    def trouble(tenant):
        if next(failing, False):
            raise OSError("disk")
        return opened(tenant)

    lanes.deliver(replace(ports, open_uow=trouble), "w1")
    while lanes._begun:
        chat.told.acquire(timeout=0.01)
    assert [record.msg for record in caplog.records] == ["lane failed"]
    lanes.deliver(ports, "w1")
    heard(chat, 1)
    assert chat.said == [("a", "000")]
