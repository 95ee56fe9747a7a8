"""How a call to a platform ended: the one question whose answer decides whether a message may be sent again.

What a platform says in so many words was not done, or can never be, is believed; silence and noise are not.
"""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import aiohttp

from bot.ports import ChatError


class End(StrEnum):
    DONE = "done"
    NOT_DONE = "not_done"  # certainly not; trying again is safe
    AMBIGUOUS = "ambiguous"  # it may have been done
    PERMANENT = "permanent"  # certainly not, and trying again cannot help
    AUTH = "auth"  # the token is no good, for whatever it is used


# The bounds are ours, for headers that say nothing sensible (F22).
DEFAULT_WAIT_S = 30.0
LONGEST_WAIT_S = 15 * 60.0
REST_AFTER_AUTH = timedelta(minutes=15)  # a dead token is not tried at every row

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    end: End
    code: str  # the platform's own, or what happened on the way
    wait_s: float | None = None  # before which nothing may be sent
    tried: bool = True  # False: the call itself was not made, and waiting costs no attempt
    body: Mapping[str, Any] | None = None  # of what was done


class Failed(Exception):
    """The call did not end well; `ending` says how."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.code)
        self.ending = ending


class Rests:
    """What is left alone for a while, because the platform asked for it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[Hashable, tuple[datetime, Ending]] = {}

    def begin(self, key: Hashable, ending: Ending, wait: timedelta) -> datetime:
        now = self._now()
        self._until = {each: rest for each, rest in self._until.items() if rest[0] > now}
        self._until[key] = now + wait, ending
        return now + wait

    def check(self, *keys: Hashable) -> None:
        """Raises Failed, with the seconds that are left."""
        for key in keys:
            until, ending = self._until.get(key, (None, None))
            if until is None or ending is None or until <= self._now():
                continue
            wait_s = (until - self._now()).total_seconds()
            was_refused = ending.end is End.AUTH  # which ends in a dead letter, if nobody mends it
            raise Failed(Ending(end=End.NOT_DONE, code=ending.code, wait_s=wait_s, tried=was_refused))


def of_error(error: BaseException) -> Ending:
    """Before the connection stood, nothing can have been done; afterwards, anything."""
    name = type(error).__name__
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        return Ending(end=End.NOT_DONE, code=name)
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return Ending(end=End.AMBIGUOUS, code=name)
    raise error


def wait_of(header: str | None, now: datetime) -> float:
    """Seconds: a number, a date, or half a minute for whatever else is written there (F22)."""
    text = (header or "").strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _until(text, now)
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return DEFAULT_WAIT_S
    return min(max(seconds, 1.0), LONGEST_WAIT_S)


def _until(text: str, now: datetime) -> float | None:
    try:
        return (email.utils.parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return None


async def read_at_most(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    """What is longer, in bytes, is cut; JSON that was cut is none."""
    raw = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        raw += part
        if len(raw) > largest:
            break
    return bytes(raw[:largest])


def as_chat_error(ending: Ending) -> ChatError:
    """What the outbox is to do about it."""
    match ending.end:
        case End.PERMANENT:
            return ChatError(ending.code, permanent=True)
        case End.AMBIGUOUS:
            return ChatError(ending.code, ambiguous=True)
        case End.AUTH:
            return ChatError(ending.code, retry_after=REST_AFTER_AUTH.total_seconds())
        case _:
            return ChatError(ending.code, retry_after=ending.wait_s, tried=ending.tried)
