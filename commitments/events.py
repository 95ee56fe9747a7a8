"""What happened: facts in the past tense, kept for ever beside the promise they changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Wire and storage names; never renamed, only added to."""

    RECORDED = "recorded"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"
    LAPSED = "lapsed"
    SHOWN = "shown"
    MOVED = "moved"  # a private promise's date changed by its owner
    OFFERED = "offered"  # a renegotiation went to the other side
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_COUNTERED = "offer_countered"
    OFFER_DECLINED = "offer_declined"
    AGREED_OFFLINE = "agreed_offline"
    CONTRADICTED = "contradicted"
    DELIVERED = "delivered"
    PROVEN = "proven"  # evidence added after the delivery
    CONFIRMED = "confirmed"
    NOT_YET = "not_yet"
    UNOPPOSED = "unopposed"
    MISSED = "missed"
    RELEASE_ASKED = "release_asked"
    RELEASE_REFUSED = "release_refused"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    RESUMED = "resumed"
    HAND_OVER_OFFERED = "hand_over_offered"
    HANDED_OVER = "handed_over"
    HAND_OVER_DECLINED = "hand_over_declined"
    EDITED = "edited"
    NOTED = "noted"
    ON_TRACK = "on_track"
    SNOOZED = "snoozed"
    ASKED_HOW = "asked_how"
    ANSWERED_HOW = "answered_how"
    HAND_ASKED = "hand_asked"  # the owner asked a colleague for a hand
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a promise's history."""

    kind: Kind
    at: datetime  # aware, UTC
    by: str | None  # person id; None when time did it
    detail: Mapping[str, str] = field(default_factory=dict)  # JSON-able; moments as ISO
