"""The whole outside world on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.addresses import MessageRef, Place
from bot.cards import Card
from bot.policy import Policy
from bot.storage import UnitOfWork


class ChatError(Exception):
    """A platform did not take a message. `permanent`: trying again cannot help. `ambiguous`: it may have.

    Not `tried`: it was not yet its turn, so that waiting costs no attempt, however often it has to.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        ambiguous: bool = False,
        retry_after: float | None = None,
        tried: bool = True,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.retry_after = retry_after  # seconds
        self.tried = tried


class Chat(Protocol):
    """A platform we speak on. Every method may raise ChatError."""

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        """Posts once; `key` marks the message so that `find` can tell whether it arrived."""

    def update(self, ref: MessageRef, card: Card) -> None:
        """Edits a message of ours; safe to repeat."""

    def find(self, place: Place, key: str) -> MessageRef | None:
        """The message with that key, None when it certainly is not there."""


class MomentWords(Protocol):
    def __call__(self, at: datetime, *, zone: str, locale: str, time: bool = True) -> str:
        """A moment in words, such as "Fri 27 Nov, 17:00 Berlin"; without time just the day."""


def never() -> bool:
    return False


IsHoliday = Callable[[str, date], bool]  # country such as "DE" or "DE-BY"; unknown countries have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    now: Callable[[], datetime]  # aware, UTC; read by sweeps only
    open_uow: Callable[[str | None], UnitOfWork]  # a new one each time, for one tenant (None: sweeps)
    chats: Mapping[str, Chat]  # by platform
    is_holiday: IsHoliday
    moment_words: MomentWords
    new_id: Callable[[], str]  # 32 random hex digits
    policy: Policy
    is_stopping: Callable[[], bool] = never  # then nothing new is begun
