"""A rotation of the key that dies again and again, and a host that looks what it left. Run as a script.

    python killed_rotation.py FOLDER KILLS SEED

It dies by SIGKILL before a statement drawn from the seed. When a rotation comes to its end, it is the turn of
the next key. The last line printed is what was found, as JSON.
"""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Engine, event, select

from adapters.db.engine import open_engine
from adapters.db.migrations_run import migrate
from adapters.redaction import Secret
from adapters.slack.crypto import Keyring, Unsealable
from adapters.slack.installations import Grant, Installations, Tokens
from adapters.slack.tables import installations

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
WORKSPACES = 130  # more than one batch of a rotation
LIVES_FOR_AT_MOST = 200  # statements: about as many as a whole rotation has


def a_key(seed: int) -> Secret:
    return Secret(base64.urlsafe_b64encode(random.Random(seed).randbytes(32)).decode())


def settle_in(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    ids = count(1)
    store = Installations(engine, Keyring([a_key(0)]), lambda: f"row{next(ids)}")
    for number in range(WORKSPACES):
        tokens = Tokens(
            token=Secret(f"xoxb-{number}"), refresh_token=Secret(f"xoxe-{number}"), expires_at=NOW
        )
        store.save(a_grant(f"T{number}", tokens), NOW + timedelta(seconds=number))
    engine.dispose()


def a_grant(tenant: str, tokens: Tokens) -> Grant:
    return Grant(
        tenant=tenant,
        team_id=tenant,
        enterprise_id=None,
        app_id="A1",
        bot_user_id="U1",
        bot_id=None,
        installed_by=None,
        scopes=(),
        tokens=tokens,
    )


def rotate(url: str, generation: int, lives_for: int) -> None:
    """In a process of its own."""
    left = lives_for

    def burn(_: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = open_engine(url)
    event.listen(engine, "connect", lambda driver, _: driver.set_trace_callback(burn))
    Installations(engine, Keyring([a_key(generation), a_key(generation - 1)]), str).rotate()


def unreadable(url: str, generation: int) -> int:
    """Rows that do not open with exactly one of the two keys there are, to what was sealed."""
    engine = open_engine(url)
    rings = [Keyring([a_key(each)]) for each in (generation, generation - 1)]
    with engine.begin() as connection:
        tenants = connection.execute(select(installations.c.tenant)).scalars().all()
    wrong = sum(
        [readings(engine, ring, tenant) for ring in rings].count(True) != 1 for tenant in tenants
    ) + abs(len(tenants) - WORKSPACES)
    engine.dispose()
    return wrong


def readings(engine: Engine, ring: Keyring, tenant: str) -> bool:
    try:
        found = Installations(engine, ring, str).find(tenant)
    except Unsealable:
        return False
    assert found is not None
    assert found.token is not None
    assert found.refresh_token is not None
    number = tenant.removeprefix("T")
    return (found.token.reveal(), found.refresh_token.reveal()) == (f"xoxb-{number}", f"xoxe-{number}")


def main(folder: str, kills: int, seed: int) -> None:
    url, chance = f"sqlite:///{folder}/kept.db", random.Random(seed)
    settle_in(url)
    died = wrong = 0
    generation = 1
    while died < kills:
        lives_for = chance.randrange(1, LIVES_FOR_AT_MOST)
        child = os.fork()
        if child == 0:
            rotate(url, generation, lives_for)
            os._exit(0)
        is_done = os.waitpid(child, 0)[1] == 0
        died += not is_done
        wrong += unreadable(url, generation)
        generation += is_done
    print(json.dumps({"kills": died, "rotations": generation - 1, "unreadable": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
