"""Kept's own voice in the playground: a platform that never fails and forgets nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters.playground.messages import PLATFORM, TENANT, Message, Messages
from bot.addresses import MessageRef, Place
from bot.cards import Card
from bot.ports import ChatError


class PlaygroundChat:
    """Implements `bot.ports.Chat`."""

    def __init__(self, messages: Messages, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._messages = messages
        self._now = now
        self._new_id = new_id

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        """Posting twice with one key posts once."""
        message = Message(
            ref=self._new_id(),
            place_id=place.id,
            at=self._now(),
            thread=thread.key if thread else None,
            key=key,
        )
        return _ref(place, self._messages.add_once(message.showing(card)))

    def update(self, ref: MessageRef, card: Card) -> None:
        if not self._messages.edit(ref.key, card):
            raise ChatError("message_not_found", permanent=True)

    def find(self, place: Place, key: str) -> MessageRef | None:
        found = self._messages.of_key(key)
        return _ref(place, found) if found else None


def _ref(place: Place, ref: str) -> MessageRef:
    return MessageRef(platform=PLATFORM, tenant=TENANT, place_id=place.id, key=ref)
