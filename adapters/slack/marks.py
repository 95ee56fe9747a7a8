"""A mark in each message by which Kept knows it again, and by which nobody else learns or forges anything.

Message metadata can be read by every member and app of a workspace, so a mark is a MAC over what was said to
whom: opaque, the same at every attempt, and good for one place alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.redaction import Secret

EVENT_TYPE = "kept_message"


class Marks:
    def __init__(self, keys: Sequence[Secret]) -> None:
        """The first key marks, every key knows its own marks again."""
        if not keys:
            raise ValueError("no key to mark messages with")
        self._keys = [hashlib.sha256(b"kept message marks" + key.reveal().encode()).digest() for key in keys]

    def metadata(self, tenant: str, place_id: str, key: str) -> dict[str, Any]:
        mark = _mark(self._keys[0], tenant, place_id, key)
        return {"event_type": EVENT_TYPE, "event_payload": {"mark": mark}}

    def is_on(self, message: Mapping[str, Any], tenant: str, place_id: str, key: str) -> bool:
        found = _found(message)
        marks = (_mark(each, tenant, place_id, key) for each in self._keys)
        return any(hmac.compare_digest(mark.encode(), found.encode()) for mark in marks)


def _mark(secret: bytes, tenant: str, place_id: str, key: str) -> str:
    return hmac.new(secret, "\n".join((tenant, place_id, key)).encode(), "sha256").hexdigest()[:32]


def _found(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    mark = payload.get("mark") if isinstance(payload, dict) else None
    return mark if isinstance(mark, str) else ""
