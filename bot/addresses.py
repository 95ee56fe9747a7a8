"""Where people and places are, on whatever platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PlaceKind(StrEnum):
    """Who can read a place. Anything not known to be internal is `customer`."""

    INTERNAL = "internal"
    CUSTOMER = "customer"
    PRIVATE = "private"  # a direct conversation between Kept and one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel, group or direct conversation."""

    id: str
    tenant: str
    platform: str
    route: str  # text only the owning adapter reads; unique within (platform, tenant)
    name: str
    kind: PlaceKind = PlaceKind.CUSTOMER
    partnership_id: str | None = None
    organisations: frozenset[str] = frozenset()  # external organisations present
    person_id: str | None = None  # for a private place: whose
    zone: str | None = None
    introduced_at: datetime | None = None  # when Kept said its three lines here
    quiet: bool = False
    asked_only: bool = False  # what is said to others there may not be read, whoever lets Kept
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message we sent and may edit."""

    platform: str
    tenant: str
    place_id: str
    key: str  # the adapter's private text
