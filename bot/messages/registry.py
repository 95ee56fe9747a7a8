"""Every composer by the kind of intent it composes, and the kinds that customers may read."""

from __future__ import annotations

from bot.composing import Composer
from bot.messages import (
    anchors,
    answers,
    briefings,
    bundles,
    digests,
    identities,
    noticed,
    orphans,
    partners,
    reading,
    tells,
    troubles,
    voices,
    welcomes,
    wins,
)

MODULES = (
    *(anchors, briefings, bundles, digests, identities, noticed, partners, reading, tells, troubles, voices),
    *(answers, orphans, welcomes, wins),
)


def _merged() -> dict[str, Composer]:
    merged: dict[str, Composer] = {}
    for module in MODULES:
        if doubled := merged.keys() & module.COMPOSERS.keys():
            raise ValueError(f"composed twice: {sorted(doubled)}")
        merged.update(module.COMPOSERS)
    return merged


COMPOSERS = _merged()

# Composed from customer-safe values only. Anything else is refused in a place that others read.
FOR_CUSTOMERS = frozenset({"anchor", "ask", "digest", "introduction", "reading", "voice_done", "welcome"})
