"""Requests as Slack signs and sends them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from adapters.raw_request import RawRequest
from adapters.redaction import Secret
from adapters.slack.gate import sign

SIGNING_SECRET = Secret("8f742231b10e8888abcd99yyyzzz85a5")  # docs.slack.dev's own example
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def signed(
    body: bytes,
    *,
    media_type: str = JSON,
    at: datetime = NOW,
    seconds: int = 0,
    secret: Secret = SIGNING_SECRET,
) -> RawRequest:
    """Stamped so many seconds from `at`."""
    stamp = str(int(at.timestamp()) + seconds)
    headers = (
        ("Content-Type", media_type),
        ("X-Slack-Request-Timestamp", stamp),
        ("X-Slack-Signature", sign(secret, stamp, body)),
    )
    return RawRequest(method="POST", headers=headers, body=body)


def an_event(content: Any, **how: Any) -> RawRequest:
    return signed(json.dumps(content).encode(), **how)


def a_command(fields: dict[str, str], **how: Any) -> RawRequest:
    return signed(urlencode(fields).encode(), media_type=FORM, **how)


def an_interaction(payload: Any, **how: Any) -> RawRequest:
    return a_command({"payload": json.dumps(payload)}, **how)
