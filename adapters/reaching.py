"""What `kept check` finds out by looking, the same for every platform: the public address, and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from adapters.finding import Finding

CLOCK_MAY_DIFFER_S = 60


async def seen_from_here(subject: str, url: str, session: aiohttp.ClientSession) -> Finding:
    """Where the public address leads. That nobody answers is no fault while Kept does not run."""
    try:
        async with session.get(f"{url}/livez", allow_redirects=False) as answer:
            is_ours = answer.status == 200 and await answer.json() == {"status": "ok"}
    except aiohttp.ClientConnectorDNSError:
        return Finding(False, subject, f"{url}: there is no such host. Check KEPT_PUBLIC_URL.")
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError):
        return Finding(False, subject, f"{url}: its certificate is not valid, so nobody sends there.")
    except (aiohttp.ClientConnectionError, TimeoutError):
        return Finding(True, subject, f"{url}: nobody answers now. Check again while kept serve runs.")
    except (aiohttp.ClientError, ValueError):
        is_ours = False
    if is_ours:
        return Finding(True, subject, f"{url} leads to Kept")
    words = f"{url} leads to something that is not Kept. Check KEPT_PUBLIC_URL, and the proxy before Kept."
    return Finding(False, subject, words)


def clock(whose: str, headers: Mapping[str, str], now: datetime, *, tolerance_s: int) -> Finding | None:
    """By the headers of an answer that came at `now`; None when they do not say."""
    there = _moment(headers)
    if there is None:
        return None
    off = round((now - there).total_seconds())
    if abs(off) <= CLOCK_MAY_DIFFER_S:
        return Finding(True, "clock", f"agrees with {whose}'s to the minute")
    direction = "ahead of" if off > 0 else "behind"
    words = (
        f"{abs(off)} seconds {direction} {whose}'s; from {tolerance_s} on every request is refused."
        " Switch time synchronisation (NTP) on."
    )
    return Finding(False, "clock", words)


def _moment(headers: Mapping[str, str]) -> datetime | None:
    """What a cache answers is older than it: by its Age."""
    told = {name.lower(): value for name, value in headers.items()}
    try:
        said = parsedate_to_datetime(told.get("date", ""))
        age = timedelta(seconds=int(told.get("age", "0")))
    except (ValueError, OverflowError):
        return None
    return said + age if said.tzinfo is not None else None
