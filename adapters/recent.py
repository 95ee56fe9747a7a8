"""What a platform told a little while ago, so that it is not asked again at once. Of one process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    def __init__(self, now: Callable[[], datetime], *, lasts: timedelta, at_most: int) -> None:
        self._now = now
        self._lasts = lasts
        self._at_most = at_most
        self._told: dict[K, tuple[V, datetime]] = {}

    def get(self, key: K) -> V | None:
        """None when it is too old, or was never told."""
        told = self._told.get(key)
        return told[0] if told and told[1] > self._now() else None

    def put(self, key: K, value: V) -> V:
        """When it is full everything goes: it is a while's memory, and cheap to ask for again."""
        if len(self._told) >= self._at_most:
            self._told.clear()
        self._told[key] = value, self._now() + self._lasts
        return value

    def forget(self, key: K) -> None:
        self._told.pop(key, None)

    def forget_all(self, matches: Callable[[K], bool]) -> None:
        self._told = {key: told for key, told in self._told.items() if not matches(key)}
