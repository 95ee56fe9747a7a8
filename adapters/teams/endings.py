"""How a call to Teams' connector ended, by its status and, where it says one, its own code.

learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability, "Status codes": 412, 429,
502, 503 and 504 may be tried again. Of these only 412 and 429 say that nothing was done; a gateway that heard
no answer cannot know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.endings import End, Ending, wait_of

BLOCKED = "MessageWritesBlocked"
_ENDS: Mapping[int, End] = {
    **dict.fromkeys((400, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431), End.PERMANENT),
    401: End.AUTH,
    412: End.NOT_DONE,  # others were at work in the same conversation
    429: End.NOT_DONE,
}
_BLOCKED_NUMBER = (
    209  # the same page's sibling, how-to/conversations/send-proactive-messages, shows such a body
)
_A_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)


def of_answer(status: int, headers: Mapping[str, str], raw: bytes, now: datetime) -> Ending:
    """`now` reads a Retry-After that is a date. What was done may have no body."""
    body = _object(raw)
    if 200 <= status < 300:
        return _of_success(raw, body)
    end = _ENDS.get(status, End.AMBIGUOUS)
    wait_s = wait_of(headers.get("Retry-After"), now) if status == 429 else None
    return Ending(end=end, code=_code(body) or f"http_{status}", wait_s=wait_s)


def _of_success(raw: bytes, body: Mapping[str, Any] | None) -> Ending:
    if body is None and raw.strip():
        return Ending(end=End.AMBIGUOUS, code="not_json")
    return Ending(end=End.DONE, code="ok", body=body or {})


def _object(raw: bytes | str) -> Mapping[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _code(body: Mapping[str, Any] | None) -> str | None:
    """It stands in one of three places; in the last, as JSON within JSON."""
    if body is None:
        return None
    error, message = body.get("error"), body.get("message")
    inner = (_object(message) if isinstance(message, str) else None) or {}
    said = error.get("code") if isinstance(error, dict) else error or inner.get("subCode")
    if said is None and body.get("errorCode") == _BLOCKED_NUMBER:
        return BLOCKED
    return said if isinstance(said, str) and _A_CODE.fullmatch(said) else None
