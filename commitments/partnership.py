"""Two sides working together: the partnership, its people, and what they tell and celebrate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from commitments.promise import Side
from commitments.slots import Rhythm


class Closeness(StrEnum):
    """How much of us the customer wants; either side changes it with one press and no reason."""

    PLAIN = "plain"  # answers only
    REGULAR = "regular"
    CLOSE = "close"


class Role(StrEnum):
    LEAD = "lead"
    MEMBER = "member"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody Kept has met. Unknown means external: `side` is THEIRS until the platform proves otherwise."""

    id: str
    tenant: str
    platform: str
    account: str  # the platform's own id, unique within (platform, tenant)
    name: str
    side: Side = Side.THEIRS
    organisation: str | None = None  # whose they are; None: unknown, a stranger everywhere
    guest: bool = False  # looks internal, is not (T22)
    is_admin: bool = False
    is_active: bool = True
    zone: str = "UTC"
    locale: str = "en-GB"
    language: str | None = None  # chosen; None: from the locale
    day_start: time = time(9)
    day_end: time = time(17)
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    country: str | None = None  # for days off, such as "DE" or "DE-BY"
    away: tuple[tuple[date, date], ...] = ()  # inclusive, local dates
    agreed_to_be_named: bool = False  # customers are credited only if they said so
    introduced_at: datetime | None = None  # first private message explained itself
    same_as: str | None = None  # another account of theirs, proved by them, in whose name all is done
    prefers: str | None = None  # the platform on which Kept speaks to them; None: that of this account
    link_code: str | None = None  # a digest of what proves that this account is theirs, too
    link_until: datetime | None = None
    version: int = 1

    @property
    def speaks_on(self) -> str:
        return self.prefers or self.platform

    @property
    def is_ours(self) -> bool:
        return self.side is Side.OURS and not self.guest and self.is_active


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """How we work together with one customer."""

    id: str
    tenant: str
    name: str
    organisations: frozenset[str] = frozenset()  # the customer's, as the platform names them
    place_id: str | None = None  # the shared channel
    purpose: str | None = None
    boundaries: str | None = None  # what it must not get in the way of
    zone: str = "UTC"
    closeness: Closeness = Closeness.REGULAR
    paused_until: datetime | None = None  # breathing room: digests and asks rest, nudges to owners go on
    shows_at_once: bool = False
    rhythm: Rhythm = Rhythm.WEEKLY
    their_lead_id: str | None = None
    first_digest_approved_at: datetime | None = None
    welcomed_at: datetime | None = None
    review_on: date | None = None
    promises_made: int = 0  # the last P-n given out
    created_at: datetime
    mapping_version: int = 1  # rises when the shared channel or the organisations change (L39)
    version: int = 1

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Win:
    """Something that went well, with credit to named people."""

    id: str
    tenant: str
    partnership_id: str
    text: str
    by: str
    at: datetime
    credits: tuple[str, ...] = ()  # person ids
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What a customer said, and what became of it."""

    id: str
    tenant: str
    partnership_id: str
    text: str
    by: str  # who wrote it down, or the customer who told us
    at: datetime
    from_customer: bool = False  # they said it to Kept themselves
    said_where: str | None = None
    answer: str | None = None  # what we did: "you said, we did"
    answered_by: str | None = None
    answered_at: datetime | None = None
    version: int = 1
