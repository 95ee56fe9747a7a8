"""What a chat does around a message on any platform: facts checked again, its turn awaited, trouble told.

Called from the sender's thread; what talks to a platform runs on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as TooLate
from typing import Any, TypeVar

from adapters.pacing import Pace
from adapters.people import Who, keep_person
from adapters.places import Channel, keep_place
from bot.addresses import Place
from bot.changes import in_one_piece
from bot.messages.troubles import KIND, tell_unreachable
from bot.ports import ChatError, Ports
from bot.scene import themselves
from bot.storage import UnitOfWork

CALL_WITHIN_S = 30.0  # longer than a session's own time-out, which ends a call that hangs
WAIT_AT_MOST_S = 5.0  # for a slot; a longer wait is the outbox's
# Where the conversation cannot be read, these may be said twice rather than not at all (E.3): the customer
# has to answer them, and an answer counts once. Everything else is said at most once.
MAY_REPEAT = ("anchor:", "ask:")
REMEMBERED_AT_MOST = 10_000
MAPPING_CHANGED = "organisations_changed"  # whoever looks after the channel has been asked already

T = TypeVar("T")


def on_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """Raises ChatError when it takes too long."""
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(CALL_WITHIN_S)
    except TooLate:
        future.cancel()
        raise ChatError("timeout", ambiguous=True) from None


def wait_for_slot(
    pace: Pace, tenant: str, conversation: str, now: float, sleep: Callable[[float], None]
) -> None:
    """`now` is monotonic. Raises ChatError when the outbox shall wait instead."""
    wait = pace.reserve(tenant, conversation, now, at_most=WAIT_AT_MOST_S)
    if wait > WAIT_AT_MOST_S:
        raise ChatError("paced", retry_after=wait, tried=False)
    if wait > 0:
        sleep(wait)


def is_to_be_told(error: ChatError, key: str) -> bool:
    """Whether somebody has to do something about it, and does not hear of it already."""
    return error.permanent and error.reason != MAPPING_CHANGED and not key.startswith(f"{KIND}:")


def tell(ports: Ports, place: Place, advice: str) -> None:
    """Whoever looks after it, once a day (F24)."""
    now = ports.now()
    in_one_piece(ports, place.tenant, lambda uow: tell_unreachable(uow, place, advice, now))


class SaidAgain:
    """What has been said again because nobody could tell whether it had arrived."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def allow(self, key: str) -> None:
        """Raises ChatError where it may not be said a second, or a third time."""
        if not key.startswith(MAY_REPEAT) or key in self._keys:
            raise ChatError("unconfirmed", permanent=True)
        if len(self._keys) >= REMEMBERED_AT_MOST:
            self._keys.clear()
        self._keys.add(key)


class Checks:
    """Whether a place is still what a message was meant for; the same facts are looked at once."""

    def __init__(self) -> None:
        self._looked_at: dict[str, object] = {}  # by place

    def same_side(self, ports: Ports, place: Place, who: Who) -> None:
        """Nobody is told what is meant for somebody else, nor for the colleague they were until now (T43)."""

        def work(uow: UnitOfWork) -> bool:
            before = themselves(uow, place.person_id)
            after = keep_person(uow, who, place.tenant, ports.policy, ports.new_id)
            if before is None or before.id != after.id:
                return False
            return after.is_ours or not before.is_ours

        if self._looked_at.get(place.id) is who:
            return
        if not in_one_piece(ports, place.tenant, work):
            raise ChatError("no_colleague_any_more", permanent=True)
        self._looked_at[place.id] = who

    def same_mapping(self, ports: Ports, place: Place, channel: Channel) -> None:
        """A channel that others joined since it was linked is not spoken in until that is confirmed (L09)."""
        now, is_old = ports.now(), self._looked_at.get(place.id) is channel

        def work(uow: UnitOfWork) -> Place | None:
            if is_old:  # somebody may still have linked it to another customer since the card was composed
                return uow.places.get(place.id)
            return keep_place(uow, channel, place.tenant, now, ports.new_id)

        kept = in_one_piece(ports, place.tenant, work)
        if kept is None or kept.partnership_id != place.partnership_id:
            raise ChatError(MAPPING_CHANGED, permanent=True)
        self._looked_at[place.id] = channel
