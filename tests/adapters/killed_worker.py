"""A worker that captures and delivers until it dies, and a host that starts it again. Run as a script.

    python killed_worker.py FOLDER KILLS SEED

It dies by SIGKILL at a point drawn from the seed: before or after any statement, before a commit, before or
after the platform took a message. So a failure can be replayed, and a slow machine kills no differently.
The platform is a file that only grows: what a worker wrote there was seen, whatever its database says.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from secrets import token_hex

from sqlalchemy import event

from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.db.unit_of_work import open_uow
from bot import sweeps
from bot.addresses import MessageRef, Place
from bot.cards import Card
from bot.plain import plain_text
from bot.policy import Policy
from bot.ports import Ports
from bot.router import handle
from bot.turns import Ask, OpenForm, Outcome, Reply, Submission
from builders import ACME, MONDAY, PLATFORM, TENANT, a_person, a_private_place, settle_in
from commitments.partnership import Role
from stage import in_words, no_holidays

OWNERS = [
    a_person(f"Owner {number}") for number in range(20)
]  # few enough promises each that no card says "and n more"
STEP = timedelta(hours=5)
LIVES_FOR_AT_MOST = 700  # points: about ten captures with what follows


class Fuse:
    """Burns down by one at every point where a process may die: before each statement and each post."""

    def __init__(self, length: int | None) -> None:
        self.left = length

    def burn(self, *_: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FileChat:
    """A platform that keeps every post in a file, in the order they were accepted."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        self.path = path
        self.fuse = fuse

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        line = json.dumps({"key": key, "place": place.name, "text": plain_text(card)}) + "\n"
        self.fuse.burn()
        with self.path.open("ab", buffering=0) as file:
            file.write(line.encode())
        self.fuse.burn()
        return MessageRef(platform=PLATFORM, tenant=TENANT, place_id=place.id, key=key)

    def update(self, ref: MessageRef, card: Card) -> None:
        """Editing is safe to repeat; nothing to count."""

    def find(self, place: Place, key: str) -> MessageRef | None:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        if any(json.loads(line)["key"] == key for line in lines):
            return MessageRef(platform=PLATFORM, tenant=TENANT, place_id=place.id, key=key)
        return None


class Worker:
    """Captures task after task; each acknowledged number is written to a file after the commit."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        self.acknowledged = folder / "acknowledged"
        self.now = MONDAY
        engine = open_engine(f"sqlite:///{folder}/kept.db")
        event.listen(engine, "connect", lambda driver, _: driver.set_trace_callback(fuse.burn))
        self.ports = Ports(
            now=lambda: self.now,
            open_uow=open_uow(engine),
            chats={PLATFORM: FileChat(folder / "seen", fuse)},
            is_holiday=no_holidays,
            moment_words=in_words,
            new_id=lambda: token_hex(16),
            policy=Policy(),
        )

    def run(self) -> None:
        for number in count(self.done()):
            self.at(number)
            self.capture(number)
            with self.acknowledged.open("ab", buffering=0) as file:
                file.write(f"{number}\n".encode())
            sweeps.settle(self.ports, f"worker {os.getpid()}")

    def finish(self) -> None:
        """Six weeks later everything that had to be said has been said."""
        self.at(self.done())
        for _ in range(6 * 7 * 4):
            self.now += timedelta(hours=6)
            sweeps.settle(self.ports, "last worker")

    def done(self) -> int:
        return len(self.acknowledged.read_text().split()) if self.acknowledged.exists() else 0

    def at(self, number: int) -> None:
        self.now = MONDAY + number * STEP

    def capture(self, number: int) -> None:
        """The same key again after a kill, as a platform's retry has it."""
        owner = OWNERS[number % len(OWNERS)]
        day = (self.now + timedelta(days=3 + number % 4)).date()
        words = f"Acme: task {number} by {day.isoformat()} 16:00"
        outcome = handle(
            self.ports, Ask(command="promise", words=words, **self.by(owner.id, f"ask {number}"))
        )
        if isinstance(outcome, OpenForm):
            form = outcome.form
            values = {field.name: field.value for field in form.fields}
            turn = Submission(
                form_id=form.id, subject="", values=values, **self.by(owner.id, f"form {number}")
            )
            outcome = handle(self.ports, turn)
        self.check(outcome)

    def check(self, outcome: Outcome) -> None:
        """Silence is the answer to a key that was seen: its promise is there."""
        if isinstance(outcome, Reply) or type(outcome).__name__ == "Silence":
            return
        raise RuntimeError(f"not captured: {outcome}")

    def by(self, person_id: str, key: str) -> dict[str, object]:
        return {"tenant": TENANT, "person_id": person_id, "place_id": None, "now": self.now, "key": key}


def begin(folder: Path) -> None:
    url = f"sqlite:///{folder}/kept.db"
    migrate(url)
    engine = open_engine(url)
    with open_uow(engine)(TENANT) as uow:
        settle_in(uow)
        for owner in OWNERS:
            uow.people.add(owner)
            uow.places.add(a_private_place(owner))
            uow.partnerships.set_role(ACME.id, owner.id, Role.MEMBER)
        uow.commit()
    engine.dispose()


def host(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)  # which points to die at, not a secret
    for _ in range(kills):
        points = chance.randint(1, LIVES_FOR_AT_MOST)
        child = os.fork()
        if child == 0:
            Worker(folder, Fuse(points)).run()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise SystemExit("a worker ended by itself")
    Worker(folder, Fuse(None)).finish()


if __name__ == "__main__":
    where, how_often, chance_seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    begin(where)
    host(where, how_often, chance_seed)
