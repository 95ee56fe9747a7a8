"""What has served its time goes: bodies by the team's policy, keys when no platform repeats itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ports import Ports
from bot.storage import Post, UnitOfWork
from commitments.notes import JOTTINGS_KEPT_FOR
from commitments.sightings import MERGED_FOR, REQUESTS_KEPT_FOR

KEYS_FOR = timedelta(days=8)  # longer than every platform's own retries (reliability E.2)
SIGHTINGS_FOR = timedelta(days=90)  # without words: long enough to judge what a place's offers were worth
AT_ONCE = 1000  # rows a transaction: others wait no longer than that takes

Forget = Callable[[UnitOfWork], int]


def forget_old(ports: Ports, worker: str) -> int:
    """Everything that is past its time today; returns how many rows were removed or emptied."""
    now, retention = ports.now(), ports.policy.retention
    keys, sent, odd = now - KEYS_FOR, now - retention.sent, now - retention.quarantine
    works: tuple[Forget, ...] = (
        lambda uow: uow.outbox.forget_before(keys, limit=AT_ONCE),
        lambda uow: uow.outbox.forget_bodies(sent, limit=AT_ONCE),
        lambda uow: uow.posts.forget_bodies(sent, limit=AT_ONCE),
        lambda uow: uow.inbox.forget_before(keys, limit=AT_ONCE),
        lambda uow: uow.inbox.forget_odd(odd, limit=AT_ONCE),
        lambda uow: uow.sightings.forget_requests(now - REQUESTS_KEPT_FOR, limit=AT_ONCE),
        lambda uow: uow.jottings.forget(now - JOTTINGS_KEPT_FOR, limit=AT_ONCE),
        lambda uow: uow.sightings.forget_words(now - MERGED_FOR, limit=AT_ONCE),
        lambda uow: uow.sightings.forget_sightings(now - SIGHTINGS_FOR, limit=AT_ONCE),
    )
    return sum(_to_the_end(ports, work) for work in works)


def is_forgotten(ports: Ports, post: Post, now: datetime) -> bool:
    """What it was about is gone or about to go. Some cards need no more than what they are about."""
    return post.kind not in ("anchor", "reading") and post.at < now - ports.policy.retention.sent


def _to_the_end(ports: Ports, work: Forget) -> int:
    gone = 0
    while True:
        with ports.open_uow(None) as uow:
            some = work(uow)
            uow.commit()
        gone += some
        if some < AT_ONCE:
            return gone
