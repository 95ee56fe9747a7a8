"""A process of its own that claims and sends what test_claiming queued.

Usage: claiming_worker URL NAME FOLDER [--hold]. It appends every key it sends to FOLDER/NAME, and ends when
nothing is left. With --hold it takes a batch, marks the first row as sending, says "held" and waits to be
killed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.db.engine import open_engine
from adapters.db.unit_of_work import open_uow
from bot.storage import Claimed
from builders import PLATFORM, TENANT

LANE = f"{PLATFORM}:{TENANT}"
LEASE = timedelta(minutes=5)  # a slow machine is not a dead worker
HELD_FOR = timedelta(seconds=2)


def main(url: str, name: str, folder: str, hold: str = "") -> None:
    opened = open_uow(open_engine(url))

    def claim(limit: int) -> list[Claimed]:
        with opened(None) as uow:
            claimed = uow.outbox.claim(LANE, name, now(), limit=limit, lease_for=HELD_FOR if hold else LEASE)
            uow.commit()
            return claimed

    def write(verb: str, claimed: Claimed) -> bool:
        with opened(None) as uow:
            done = getattr(uow.outbox, verb)(claimed, now())
            uow.commit()
            return bool(done)

    if hold:
        write("sending", claim(25)[0])
        print("held", flush=True)
        sys.stdin.read()
    with (Path(folder) / name).open("a") as sent:
        while is_something_left(opened):
            for claimed in claim(10):
                if write("sending", claimed):
                    print(claimed.intent.key, claimed.epoch, int(claimed.was_sending), file=sent, flush=True)
                    write("sent", claimed)


def is_something_left(opened) -> bool:
    with opened(None) as uow:
        return uow.outbox.next_at() is not None


def now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main(*sys.argv[1:])
