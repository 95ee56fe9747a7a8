"""The gate in front of everything Slack sends: nothing is parsed before the signature has been checked.

Bolt parses first, and answers junk with 500. Here the order is: size, header shape, age, signature over the
raw bytes, and only then syntax, in bounds. Whatever comes in, the outcome is one of three values.

Slack's scheme: docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from adapters.raw_request import (
    JSON,
    LARGEST,
    RawRequest,
    Rejected,
    Unreadable,
    distinct,
    media_type_of,
    mended,
    parse,
)
from adapters.redaction import Secret

MOST_FIELDS = 100  # of a form; a command has about fifteen
TOLERANCE_S = 300  # Slack's own advice against replays, both ways since clocks may be wrong both ways

Way = Literal["event", "command", "interaction"]

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Signed by Slack and readable; what it means is for `shapes` to say."""

    way: Way
    content: Any  # the event's JSON, the command's form, or the interaction's JSON
    fingerprint: str  # of signature and timestamp: the replay key where the content has no id of its own


@dataclass(frozen=True, slots=True)
class Probe:
    """Slack looks at our certificate. Answered 200; not authenticated, so nothing else may follow from it."""


def check(request: RawRequest, *, secrets: Iterable[Secret], now: datetime) -> Accepted | Rejected | Probe:
    """Never raises, whatever was sent."""
    if request.method != "POST":
        return Rejected(status=405, reason="method")
    if len(request.body) > LARGEST:
        return Rejected(status=413, reason="size")
    media_type = media_type_of(request)
    if media_type == _FORM and b"ssl_check=1" in request.body.split(b"&"):
        return Probe()
    stamped = _stamped(request)
    if stamped is None:
        return Rejected(status=401, reason="headers")
    timestamp, signature = stamped
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        return Rejected(status=401, reason="age")
    if not _is_signed(request.body, timestamp, signature, secrets):
        return Rejected(status=401, reason="signature")
    try:
        way, content = _read(request.body, media_type)
    except Unreadable as unreadable:
        return Rejected(status=400, reason=str(unreadable), is_signed=True)
    fingerprint = hashlib.sha256(f"{signature}:{timestamp}".encode()).hexdigest()
    return Accepted(way=way, content=content, fingerprint=fingerprint)


def _stamped(request: RawRequest) -> tuple[str, str] | None:
    """Timestamp and signature, each there exactly once and in Slack's own spelling."""
    found: dict[str, list[str]] = {"x-slack-request-timestamp": [], "x-slack-signature": []}
    for name, value in request.headers:
        found.get(name.lower(), []).append(value)
    timestamps, signatures = found.values()
    if len(timestamps) != 1 or len(signatures) != 1:
        return None
    if not _TIMESTAMP.fullmatch(timestamps[0]) or not _SIGNATURE.fullmatch(signatures[0]):
        return None
    return timestamps[0], signatures[0]


def sign(secret: Secret, timestamp: str, body: bytes) -> str:
    digest = hmac.digest(secret.reveal().encode(), b"v0:%b:%b" % (timestamp.encode(), body), "sha256")
    return f"v0={digest.hex()}"


def _is_signed(body: bytes, timestamp: str, signature: str, secrets: Iterable[Secret]) -> bool:
    """Every secret is tried, whether or not an earlier one fits: the time taken tells nothing."""
    fits = [hmac.compare_digest(sign(secret, timestamp, body), signature) for secret in secrets]
    return any(fits)


_FORM = "application/x-www-form-urlencoded"


def _read(body: bytes, media_type: str) -> tuple[Way, Any]:
    if media_type == JSON:
        return "event", parse(body)
    if media_type != _FORM:
        raise Unreadable("media_type")
    fields = _form(body)
    if "payload" in fields:
        return "interaction", parse(fields["payload"].encode("utf-8"))
    return "command", {name: mended(value) for name, value in fields.items()}


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise Unreadable("form") from None
    return distinct(pairs)
