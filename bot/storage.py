"""What is stored, as the bot sees it: one protocol per aggregate or queue, all inside one unit of work.

Every call works inside the tenant the unit of work was opened for; opened for None (sweeps and the
operator only) it sees all tenants. An id of another tenant is absent: `get` returns None.
`save` compares `version`, stores the value with version + 1, and raises StaleWrite if somebody was quicker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self

from bot.addresses import MessageRef, Place, PlaceKind
from bot.jottings_kept import JottingsKept
from bot.overheard import Sightings
from commitments.access import Ties
from commitments.events import Fact
from commitments.partnership import Partnership, Person, Role, Voice, Win
from commitments.promise import Promise, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Something to say, not yet composed. The key makes queuing it twice harmless."""

    key: str  # unique per tenant
    tenant: str
    lane: str  # platform:tenant; paced and ordered together
    kind: str  # names the composer in bot/messages
    subject_id: str
    place_id: str | None = None  # exactly one of place and person
    person_id: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime  # UTC
    expires_at: datetime | None = None
    unasked: bool = False  # Kept started it by itself: counts against the day's three messages
    quota_day: str | None = None  # the person's local date an unasked message counts on


class SendState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # written before the platform is called; found after a crash, it is reconciled
    SENT = "sent"
    DROPPED = "dropped"  # nothing left to say
    DEAD = "dead"  # given up; a person can see and requeue it


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row under lease. Every later write names the epoch, so that a stale worker changes nothing."""

    id: int
    epoch: int
    intent: Intent
    attempts: int
    was_sending: bool  # an earlier holder may have sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An outbox row as an operator sees it: no words of people."""

    id: int
    key: str
    kind: str
    lane: str
    state: SendState
    attempts: int
    not_before: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A card of ours on a platform, remembered so that it can be edited when things change."""

    id: str
    tenant: str
    ref: MessageRef
    kind: str  # the composer that made it
    subject_id: str
    person_id: str | None = None  # whose private message it is; None in a place others read
    args: Mapping[str, str] = field(default_factory=dict)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A moment at which time has something to do, once."""

    key: str  # unique per tenant
    tenant: str
    kind: str
    subject_id: str
    at: datetime
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A rung that has been reached for one person and waits for their next bundle."""

    key: str  # nudge:{promise}:{rung}:{due as ISO}:{person}; unique per tenant
    tenant: str
    promise_id: str
    rung: str
    person_id: str
    at: datetime
    said_at: datetime | None = None


class DigestState(StrEnum):
    DRAFT = "draft"  # previewed; goes out at its moment unless held
    AWAITING = "awaiting"  # the first one in a place: goes out only when approved
    APPROVED = "approved"
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    EMPTY = "empty"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest of one place (or manager) for one period; unique on (tenant, subject_id, kind, period)."""

    id: str
    tenant: str
    kind: str  # shared, manager
    subject_id: str  # partnership id, or the manager's person id
    period: str  # 2026-W47
    starts: datetime
    ends: datetime
    send_at: datetime
    state: DigestState
    opening: str | None = None  # the lead's own first sentence, from editing
    left_out: frozenset[str] = frozenset()  # ids of lines the lead took out
    held_reason: str | None = None
    mapping_version: int = 1
    version: int = 1


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def ties(self, person_id: str) -> Ties: ...
    def by_account(self, platform: str, account: str) -> Person | None: ...
    def also(self, person_id: str) -> list[Person]: ...  # their other accounts
    def by_code(self, digest: str) -> Person | None: ...  # whose `link_code` it is
    def merge(self, person_id: str, into: str) -> None:
        """Everything of the one person is the other's from now on, but their row and their accounts."""

    def add(self, person: Person) -> None: ...
    def save(self, person: Person) -> None: ...
    def of_ids(self, ids: Collection[str]) -> dict[str, Person]: ...
    def ours(self) -> list[Person]:
        """Active colleagues, by name, each once whatever accounts they have."""

    def admins(self) -> list[Person]: ...
    def reports_of(self, manager_id: str) -> list[str]: ...
    def set_reports(self, manager_id: str, report_ids: Collection[str]) -> None:
        """Adds them; a person may have several managers."""

    def managers(self) -> list[str]:
        """Everyone who has reports or is a manager of a partnership."""


class Places(Protocol):
    def get(self, place_id: str) -> Place | None: ...
    def by_route(self, platform: str, route: str) -> Place | None: ...
    def private_of(self, person_id: str, platform: str | None = None) -> Place | None:
        """Where Kept speaks to them: on that platform, or on the one they prefer."""

    def add(self, place: Place) -> None: ...
    def save(self, place: Place) -> None: ...
    def members(self, place_id: str) -> frozenset[str]: ...
    def join(self, place_id: str, person_ids: Iterable[str]) -> None: ...
    def leave(self, place_id: str, person_id: str) -> None: ...
    def of_person(self, person_id: str, kind: PlaceKind | None = None) -> list[Place]: ...


class Partnerships(Protocol):
    def get(self, partnership_id: str) -> Partnership | None: ...
    def named(self, name: str) -> Partnership | None:
        """Case and surrounding space do not matter."""

    def all(self) -> list[Partnership]: ...
    def add(self, partnership: Partnership) -> None: ...
    def save(self, partnership: Partnership) -> None: ...
    def next_number(self, partnership_id: str) -> int:
        """Counts up in place; gaps are possible, doubles are not."""

    def roles(self, partnership_id: str) -> dict[str, frozenset[Role]]: ...
    def roles_of(self, person_id: str) -> dict[str, frozenset[Role]]:
        """By partnership id."""

    def set_role(self, partnership_id: str, person_id: str, role: Role) -> None: ...
    def drop_role(self, partnership_id: str, person_id: str, role: Role) -> None: ...
    def add_win(self, win: Win) -> None: ...
    def save_win(self, win: Win) -> None:
        """Last write wins; no version."""

    def win(self, win_id: str) -> Win | None: ...
    def wins(self, partnership_id: str, start: datetime, end: datetime) -> list[Win]: ...
    def add_voice(self, voice: Voice) -> None: ...
    def save_voice(self, voice: Voice) -> None: ...
    def voice(self, voice_id: str) -> Voice | None: ...
    def voices(self, partnership_id: str, *, answered: bool | None = None) -> list[Voice]: ...


class Promises(Protocol):
    def get(self, promise_id: str) -> Promise | None: ...
    def of_ids(self, ids: Collection[str]) -> dict[str, Promise]: ...
    def add(self, promise: Promise) -> None: ...
    def save(self, promise: Promise) -> None: ...
    def save_all(self, promises: Sequence[Promise]) -> set[str]:
        """One statement for many; returns the ids that were stale and therefore left alone."""

    def numbered(self, number: int, partnership_id: str | None = None) -> list[Promise]: ...
    def of_partnership(
        self, partnership_id: str, states: Collection[State] | None = None, *, limit: int = 500
    ) -> list[Promise]:
        """By due date."""

    def touched(self, partnership_id: str, start: datetime, end: datetime) -> list[Promise]:
        """Due, delivered, settled or renegotiated in the half-open period, or open and past due."""

    def of_owner(self, person_id: str, states: Collection[State], *, limit: int = 500) -> list[Promise]: ...
    def owners_gone(self) -> list[Person]:
        """Who owns a promise of ours that is proposed or open, and is no active colleague any more."""

    def due_between(self, owner_id: str, start: datetime, end: datetime) -> list[Promise]:
        """Open ones, half-open interval."""

    def find(self, words: str, partnership_ids: Collection[str], *, limit: int = 20) -> list[Promise]:
        """Titles that contain every word; case does not matter; % and _ are plain characters."""

    def linked(self, mark: str) -> list[Promise]:
        """Whose source has a link with that in it. Looks at every promise of the tenant."""

    def unquote(self, promise: Promise) -> None:
        """Saves it without the quote of its source, which leaves what it was before each fact, too."""

    def claim_due(self, now: datetime, limit: int) -> list[Promise]:
        """Rows with next_at <= now, oldest first, locked until commit (skip locked on PostgreSQL)."""

    def next_at(self) -> datetime | None: ...
    def add_fact(self, promise_id: str, fact: Fact, before: Promise | None) -> None:
        """Facts are never changed, but by `unquote`. `before` is the promise as it was, for undo."""

    def facts(self, promise_id: str) -> list[Fact]: ...
    def last_fact(self, promise_id: str) -> tuple[Fact, Promise | None] | None: ...


class Outbox(Protocol):
    def queue(self, intents: Iterable[Intent]) -> int:
        """Adds those whose key is new; returns how many."""

    def lanes_due(self, now: datetime) -> list[str]: ...
    def take_lane(self, lane: str, worker: str, now: datetime, lease_for: timedelta) -> bool:
        """One worker at a time; taking it again renews it."""

    def leave_lane(self, lane: str, worker: str) -> None:
        """Before its lease runs out; a no-op when it is another's."""

    def claim(
        self, lane: str, worker: str, now: datetime, *, limit: int, lease_for: timedelta
    ) -> list[Claimed]:
        """Pending rows that are due, and rows whose lease ran out; raises each epoch by one."""

    def sending(self, claimed: Claimed, now: datetime) -> bool:
        """False: the lease was lost; do not send."""

    def sent(self, claimed: Claimed, now: datetime) -> bool: ...
    def drop(self, claimed: Claimed, now: datetime, reason: str) -> bool: ...
    def retry(self, claimed: Claimed, not_before: datetime, reason: str, *, tried: bool = True) -> bool:
        """Not `tried`: the attempt does not count."""

    def give_back(self, claimed: Claimed) -> bool:
        """As if it had not been claimed: the attempt does not count, and what was in doubt stays so."""

    def bury(self, claimed: Claimed, now: datetime, reason: str) -> bool: ...
    def dead(self, *, limit: int = 100) -> list[Letter]: ...
    def requeue(self, letter_id: int, now: datetime) -> bool: ...
    def pending_bundles(self, person_ids: Collection[str]) -> frozenset[str]:
        """Those who have an unsent row of kind `bundle` (not claimed); locked, so that it can be joined."""

    def unasked_on(self, person_id: str, quota_day: str) -> int:
        """How many unasked rows count on that day, sent or waiting."""

    def unasked_counts(self, person_ids: Collection[str], quota_day: str) -> dict[str, int]: ...
    def next_at(self) -> datetime | None: ...
    def forget_before(self, moment: datetime, *, limit: int) -> int:
        """Removes settled rows older than that; dead letters stay."""

    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        """Settled rows older than that lose their args and keep their key; returns how many had any."""


class Nudges(Protocol):
    def add(self, nudges: Iterable[Nudge]) -> None:
        """Those whose key is new."""

    def unsaid(self, person_id: str) -> list[Nudge]: ...
    def said(self, keys: Collection[str], at: datetime) -> None: ...
    def of_promise(self, promise_id: str) -> list[Nudge]: ...


class Posts(Protocol):
    def get(self, post_id: str) -> Post | None: ...
    def add(self, post: Post) -> None: ...
    def by_ref(self, ref: MessageRef) -> Post | None: ...
    def of_subject(self, subject_id: str) -> list[Post]: ...
    def of_kind(self, kind: str, subject_id: str) -> list[Post]: ...
    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        """Posts older than that lose their args; returns how many had any."""


class Alarms(Protocol):
    def put(self, alarm: Alarm) -> None:
        """Replaces one with the same key that has not fired; one that has fired stays fired."""

    def cancel(self, key: str) -> None: ...
    def claim_due(self, now: datetime, limit: int) -> list[Alarm]:
        """Marks them fired in this transaction."""

    def next_at(self) -> datetime | None: ...


class Digests(Protocol):
    def get(self, digest_id: str) -> Digest | None: ...
    def of_period(self, subject_id: str, kind: str, period: str) -> Digest | None: ...
    def add(self, digest: Digest) -> bool:
        """False when that place and period has one already."""

    def save(self, digest: Digest) -> None: ...
    def last_sent(self, subject_id: str, kind: str) -> Digest | None: ...


class Inbox(Protocol):
    def first_time(self, key: str, now: datetime) -> bool:
        """Writes the key; False when it was there."""

    def forget_before(self, moment: datetime, *, limit: int) -> int: ...
    def forget_odd(self, moment: datetime, *, limit: int) -> int:
        """What came in before that and was not understood."""


class Ledger(Protocol):
    """What the operator reads: heartbeats, denials, small settings."""

    def beat(self, sweep: str, now: datetime) -> None: ...
    def beats(self) -> dict[str, datetime]: ...
    def deny(self, person_id: str, action: str, subject_id: str | None, at: datetime) -> None: ...
    def denied_since(self, person_id: str, moment: datetime) -> int: ...
    def setting(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...
    def is_paused(self, tenant: str) -> bool:
        """Whether outbound rests for that tenant or for all, whoever the unit of work was opened for."""


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` rolls back."""

    @property
    def people(self) -> People: ...
    @property
    def places(self) -> Places: ...
    @property
    def partnerships(self) -> Partnerships: ...
    @property
    def promises(self) -> Promises: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def nudges(self) -> Nudges: ...
    @property
    def posts(self) -> Posts: ...
    @property
    def alarms(self) -> Alarms: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def sightings(self) -> Sightings: ...
    @property
    def jottings(self) -> JottingsKept: ...
    def commit(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
