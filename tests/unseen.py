"""Messages and phrases that no rule was written for, and how well they are read.

Half b is only ever scored: whoever works on the rules looks at what goes wrong in half a alone.
`tier` is "offer", "quiet" (nothing will do as well) or "either"; a message without one holds no promise.
A phrase's `due` holds the local moments that are right, by the numbered conventions.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from commitments.due import Reading, Setting, Status, read
from commitments.spotting import Offer, Said, Sort, Tier, spot

HERE = Path(__file__).with_name("commitments")
LEAD_IN = re.compile(
    r"(?:no later than|at the latest|on or before|by|before|until|within|on|at|for|in|this|bis|am|um|in der"
    r"|d'ici|avant|le|à|el|antes del|a más tardar|la|noch)\s+",
    re.IGNORECASE,
)
STEM = 4  # characters of a word that survive inflection
Row = dict[str, Any]


def messages(half: str, language: str = "") -> list[Row]:
    return [row for row in _rows("unseen_messages") if row["half"] == half and language in ("", row["lang"])]


def phrases(half: str) -> list[Row]:
    return [row for row in _rows("unseen_phrases") if row["half"] == half]


def _rows(name: str) -> Iterator[Row]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return map(json.loads, lines)


def offers_in(row: Row) -> list[Offer]:
    context = [Said(text=each["text"], author=each["author"]) for each in row.get("context", ())]
    found = spot(Said(text=row["text"], author=row["author"]), context)
    return [offer for offer in found if offer.sort is not Sort.FULFILMENT]


def message_verdicts(row: Row) -> list[str]:
    """What `message_figures` counts: hit, missed or false, and for a hit what is right about it."""
    found = offers_in(row)
    wanted = row.get("tier")
    offered = any(offer.tier is Tier.OFFER for offer in found)
    if not offered:
        return ["missed"] if wanted == "offer" else ["quiet" if found else "left"]
    if wanted not in ("offer", "either"):
        return ["false"]
    first = next(offer for offer in found if offer.tier is Tier.OFFER)
    rights = {
        "owner": first.owner.value == row["owner"],
        "due": _bare(first.due_text) == _bare(row["due"]),
        "action": is_readable(first.action, row["action"]),
    }
    return ["hit" if wanted == "offer" else "borderline", *(name for name, right in rights.items() if right)]


def is_readable(action: str, words: list[str]) -> bool:
    """Whether at least half of the words that carry the meaning are there, inflected or not."""
    shown = action.casefold()
    return 2 * sum(word.casefold()[:STEM] in shown for word in words) >= len(words)


def _bare(due: str | None) -> str | None:
    if due is None:
        return None
    text = due.casefold().replace("’", "'").strip(" .,!")
    while (cut := LEAD_IN.match(text)) is not None:
        text = text[cut.end() :]
    return text.removesuffix("までに").removesuffix("に")


def message_figures(rows: list[Row]) -> dict[str, float]:
    """Shares of one; `false` counts messages."""
    counts = Counter(verdict for row in rows for verdict in message_verdicts(row))
    found = max(1, counts["hit"] + counts["borderline"])
    return {
        "precision": found / max(1, found + counts["false"]),
        "recall": counts["hit"] / max(1, counts["hit"] + counts["missed"]),
        "false": counts["false"],
        "owner": counts["owner"] / found,
        "due": counts["due"] / found,
        "action": counts["action"] / found,
    }


def reading_of(row: Row) -> Reading:
    days_off = frozenset(map(date.fromisoformat, row["holidays"]))
    now = datetime.fromisoformat(row["now"])
    setting = Setting(zone=row["tz"], locale=row["locale"], is_day_off=days_off.__contains__)
    return read(row["phrase"], now=now.replace(tzinfo=ZoneInfo(row["tz"])).astimezone(UTC), setting=setting)


def phrase_verdict(row: Row) -> str:
    """right, asked (needlessly), unasked, wrong day, wrong minute."""
    found = reading_of(row)
    if found.local is None:
        return "right" if row["status"] == "ask" else "asked"
    if row["status"] == "ask":
        return "unasked"
    wanted = [datetime.fromisoformat(each) for each in row["due"]]
    local = found.local.replace(tzinfo=None)
    if local in wanted:
        return "right"
    return "wrong minute" if local.date() in {each.date() for each in wanted} else "wrong day"


def is_confirmed_needlessly(row: Row) -> bool:
    return row["status"] == "ok" and reading_of(row).status is Status.CONFIRM
