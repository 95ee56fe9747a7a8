"""From what an activity says to Kept's ids: looks people and places up at Teams, and keeps what it finds.

Looking is asynchronous and asks Teams; keeping is one short transaction in the pool. Between them nothing is
assumed: where Teams does not tell who somebody is, no turn comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and where, in Kept's ids."""

    tenant: str
    person_id: str
    is_ours: bool  # can be spoken to in private; everybody else cannot (L32)
    place_id: str  # where it happened; in a personal chat the person's private place
    private_id: str | None  # the person's private place; None: has none, and gets none
    people: Mapping[str, str] = field(default_factory=dict)  # those mentioned, by user id ("29:…")
