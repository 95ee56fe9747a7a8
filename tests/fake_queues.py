"""The in-memory twins of outbox, nudges, alarms, digests, posts, inbox and ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.addresses import MessageRef
from bot.pausing import PAUSED
from bot.storage import Alarm, Claimed, Digest, DigestState, Intent, Letter, Nudge, Post, SendState
from fake_tables import UNSENT, Row, Session


class FakeOutbox:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows = session.tables.outbox
        self._lanes = session.tables.lanes

    def queue(self, intents: Iterable[Intent]) -> int:
        wanted = list(intents)
        for each in wanted:
            self._session.guard(each.tenant)
        return sum(map(self._queue, wanted))

    def lanes_due(self, now: datetime) -> list[str]:
        due = sorted((row.ready_at, row.intent.lane) for row in self._open() if row.ready_at <= now)
        return list(dict.fromkeys(lane for _, lane in due))

    def take_lane(self, lane: str, worker: str, now: datetime, lease_for: timedelta) -> bool:
        holder, until = self._lanes.get(lane, (worker, now))
        if holder != worker and until > now:
            return False
        self._session.put(self._lanes, lane, (worker, now + lease_for))
        return True

    def leave_lane(self, lane: str, worker: str) -> None:
        if lane in self._lanes and self._lanes[lane][0] == worker:
            self._session.remove(self._lanes, lane)

    def claim(
        self, lane: str, worker: str, now: datetime, *, limit: int, lease_for: timedelta
    ) -> list[Claimed]:
        due = [row for row in self._open() if row.intent.lane == lane and row.ready_at <= now]
        taken = sorted(due, key=lambda row: (row.ready_at, row.id))[:limit]
        claimed = [self._claim(row, worker, now + lease_for) for row in taken]
        return sorted(claimed, key=lambda each: (each.intent.not_before, each.id))

    def sending(self, claimed: Claimed, now: datetime) -> bool:
        row = self._rows.get(claimed.id)
        if row is None or row.ready_at <= now:
            return False
        return self._write(claimed, state=SendState.SENDING, reason=None)

    def sent(self, claimed: Claimed, now: datetime) -> bool:
        return self._settle(claimed, SendState.SENT, now, None)

    def drop(self, claimed: Claimed, now: datetime, reason: str) -> bool:
        return self._settle(claimed, SendState.DROPPED, now, reason)

    def retry(self, claimed: Claimed, not_before: datetime, reason: str, *, tried: bool = True) -> bool:
        intent = replace(claimed.intent, not_before=not_before)
        return self._write(
            claimed,
            state=SendState.PENDING,
            intent=intent,
            ready_at=not_before,
            attempts=claimed.attempts - (not tried),
            reason=reason,
            leased_by=None,
        )

    def give_back(self, claimed: Claimed) -> bool:
        row = self._rows.get(claimed.id)
        if row is None or row.leased_by is None:
            return False
        return self._write(claimed, ready_at=row.intent.not_before, attempts=row.attempts - 1, leased_by=None)

    def bury(self, claimed: Claimed, now: datetime, reason: str) -> bool:
        return self._settle(claimed, SendState.DEAD, now, reason)

    def dead(self, *, limit: int = 100) -> list[Letter]:
        rows = [row for row in self._seen() if row.state is SendState.DEAD]
        return [_letter(row) for row in sorted(rows, key=lambda row: -row.id)[:limit]]

    def requeue(self, letter_id: int, now: datetime) -> bool:
        row = next((row for row in self._seen() if row.id == letter_id), None)
        if row is None or row.state is not SendState.DEAD:
            return False
        again = replace(row.intent, not_before=now, expires_at=None)
        pending = replace(
            row, intent=again, state=SendState.PENDING, ready_at=now, attempts=0, settled_at=None
        )
        self._session.put(self._rows, row.id, pending)
        return True

    def pending_bundles(self, person_ids: Collection[str]) -> frozenset[str]:
        return frozenset(
            row.intent.person_id
            for row in self._seen()
            if row.intent.kind == "bundle" and row.intent.person_id in person_ids
            if row.state is SendState.PENDING and row.leased_by is None
        )

    def unasked_on(self, person_id: str, quota_day: str) -> int:
        counted = UNSENT | {SendState.SENT}
        return sum(
            row.intent.unasked and row.state in counted
            for row in self._seen()
            if (row.intent.person_id, row.intent.quota_day) == (person_id, quota_day)
        )

    def unasked_counts(self, person_ids: Collection[str], quota_day: str) -> dict[str, int]:
        return {each: self.unasked_on(each, quota_day) for each in person_ids}

    def next_at(self) -> datetime | None:
        return min((row.ready_at for row in self._open()), default=None)

    def forget_before(self, moment: datetime, *, limit: int) -> int:
        settled = {SendState.SENT, SendState.DROPPED}
        old = sorted(
            (row.settled_at, row.id)
            for row in self._seen()
            if row.state in settled and row.settled_at is not None and row.settled_at < moment
        )[:limit]
        for _, row_id in old:
            self._session.remove(self._rows, row_id)
        return len(old)

    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        settled = {SendState.SENT, SendState.DROPPED}
        old = [
            row
            for row in self._seen()
            if row.state in settled and row.intent.args
            if row.settled_at is not None and row.settled_at < moment
        ][:limit]
        for row in old:
            self._session.put(self._rows, row.id, replace(row, intent=replace(row.intent, args={})))
        return len(old)

    def _queue(self, intent: Intent) -> bool:
        if any(
            (row.intent.tenant, row.intent.key) == (intent.tenant, intent.key) for row in self._rows.values()
        ):
            return False
        row_id = self._session.tables.last_ids.get("outbox", 0) + 1
        self._session.put(self._session.tables.last_ids, "outbox", row_id)
        self._session.put(self._rows, row_id, Row(id=row_id, intent=intent, ready_at=intent.not_before))
        return True

    def _claim(self, row: Row, worker: str, until: datetime) -> Claimed:
        taken = replace(row, epoch=row.epoch + 1, attempts=row.attempts + 1, leased_by=worker, ready_at=until)
        self._session.put(self._rows, row.id, taken)
        return Claimed(
            id=row.id,
            epoch=taken.epoch,
            intent=row.intent,
            attempts=taken.attempts,
            was_sending=row.state is SendState.SENDING,
        )

    def _settle(self, claimed: Claimed, state: SendState, now: datetime, reason: str | None) -> bool:
        return self._write(claimed, state=state, settled_at=now, reason=reason, leased_by=None)

    def _write(self, claimed: Claimed, **changes: Any) -> bool:
        row = self._rows.get(claimed.id)
        if row is None or row.epoch != claimed.epoch or row.state not in UNSENT:
            return False
        self._session.put(self._rows, row.id, replace(row, **changes))
        return True

    def _seen(self) -> Iterator[Row]:
        return (row for row in self._rows.values() if self._session.mine(row.intent.tenant))

    def _open(self) -> Iterator[Row]:
        return (row for row in self._seen() if row.state in UNSENT)


def _letter(row: Row) -> Letter:
    return Letter(
        id=row.id,
        key=row.intent.key,
        kind=row.intent.kind,
        lane=row.intent.lane,
        state=row.state,
        attempts=row.attempts,
        not_before=row.intent.not_before,
        reason=row.reason,
    )


class FakeNudges:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._nudges = session.tables.nudges

    def add(self, nudges: Iterable[Nudge]) -> None:
        wanted = list(nudges)
        for each in wanted:
            self._session.guard(each.tenant)
        for each in wanted:
            self._session.tenant_of(self._session.tables.promises, each.promise_id)
            if (each.tenant, each.key) not in self._nudges:
                self._session.put(self._nudges, (each.tenant, each.key), each)

    def unsaid(self, person_id: str) -> list[Nudge]:
        return _in_order(e for e in self._all() if e.person_id == person_id and e.said_at is None)

    def said(self, keys: Collection[str], at: datetime) -> None:
        for each in list(self._all()):
            if each.key in keys and each.said_at is None:
                self._session.put(self._nudges, (each.tenant, each.key), replace(each, said_at=at))

    def of_promise(self, promise_id: str) -> list[Nudge]:
        return _in_order(each for each in self._all() if each.promise_id == promise_id)

    def _all(self) -> Iterator[Nudge]:
        return self._session.seen(self._nudges.values())


def _in_order(nudges: Iterable[Nudge]) -> list[Nudge]:
    return sorted(nudges, key=lambda each: (each.at, each.key))


class FakePosts:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._posts = session.tables.posts

    def add(self, post: Post) -> None:
        self._session.add(self._posts, post, lambda each: each.ref)

    def get(self, post_id: str) -> Post | None:
        return self._session.get(self._posts, post_id)

    def by_ref(self, ref: MessageRef) -> Post | None:
        return next((each for each in self._all() if each.ref == ref), None)

    def of_subject(self, subject_id: str) -> list[Post]:
        found = (each for each in self._all() if each.subject_id == subject_id)
        return sorted(found, key=lambda each: (each.at, each.id))

    def of_kind(self, kind: str, subject_id: str) -> list[Post]:
        return [each for each in self.of_subject(subject_id) if each.kind == kind]

    def forget_bodies(self, moment: datetime, *, limit: int) -> int:
        old = [each for each in self._all() if each.at < moment and each.args][:limit]
        for each in old:
            self._session.put(self._posts, each.id, replace(each, args={}))
        return len(old)

    def _all(self) -> Iterator[Post]:
        return self._session.seen(self._posts.values())


class FakeAlarms:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._alarms = session.tables.alarms
        self._fired = session.tables.fired

    def put(self, alarm: Alarm) -> None:
        self._session.guard(alarm.tenant)
        if (alarm.tenant, alarm.key) not in self._fired:
            self._session.put(self._alarms, (alarm.tenant, alarm.key), alarm)

    def cancel(self, key: str) -> None:
        for each in self._waiting():
            if each.key == key:
                self._session.remove(self._alarms, (each.tenant, key))

    def claim_due(self, now: datetime, limit: int) -> list[Alarm]:
        due = sorted((e for e in self._waiting() if e.at <= now), key=lambda each: (each.at, each.key))
        for each in due[:limit]:
            self._session.put(self._fired, (each.tenant, each.key), now)
        return due[:limit]

    def next_at(self) -> datetime | None:
        return min((each.at for each in self._waiting()), default=None)

    def _waiting(self) -> list[Alarm]:
        seen = self._session.seen(self._alarms.values())
        return [each for each in seen if (each.tenant, each.key) not in self._fired]


class FakeDigests:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._digests = session.tables.digests

    def get(self, digest_id: str) -> Digest | None:
        return self._session.get(self._digests, digest_id)

    def of_period(self, subject_id: str, kind: str, period: str) -> Digest | None:
        wanted = (subject_id, kind, period)
        return next((e for e in self._all() if (e.subject_id, e.kind, e.period) == wanted), None)

    def add(self, digest: Digest) -> bool:
        self._session.guard(digest.tenant)
        wanted = (digest.tenant, digest.subject_id, digest.kind, digest.period)
        held = ((e.tenant, e.subject_id, e.kind, e.period) for e in self._digests.values())
        if digest.id in self._digests or wanted in held:
            return False
        self._session.put(self._digests, digest.id, digest)
        return True

    def save(self, digest: Digest) -> None:
        self._session.save(self._digests, digest)

    def last_sent(self, subject_id: str, kind: str) -> Digest | None:
        sent = (e for e in self._all() if e.state is DigestState.SENT)
        found = (e for e in sent if (e.subject_id, e.kind) == (subject_id, kind))
        return max(found, key=lambda each: each.ends, default=None)

    def _all(self) -> Iterator[Digest]:
        return self._session.seen(self._digests.values())


class FakeInbox:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._inbox = session.tables.inbox

    def first_time(self, key: str, now: datetime) -> bool:
        if (self._session.home, key) in self._inbox:
            return False
        self._session.put(self._inbox, (self._session.home, key), now)
        return True

    def forget_before(self, moment: datetime, *, limit: int) -> int:
        rows = self._inbox.items()
        old = sorted((at, key) for key, at in rows if at < moment and self._session.mine(key[0]))[:limit]
        for _, key in old:
            self._session.remove(self._inbox, key)
        return len(old)

    def forget_odd(self, moment: datetime, *, limit: int) -> int:
        return 0  # nothing comes in here that could be odd


class FakeLedger:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = session.tables

    def beat(self, sweep: str, now: datetime) -> None:
        self._session.put(self._tables.beats, sweep, now)

    def beats(self) -> dict[str, datetime]:
        return dict(self._tables.beats)

    def deny(self, person_id: str, action: str, subject_id: str | None, at: datetime) -> None:
        row = (self._session.home, person_id, action, subject_id, at)
        self._session.put(self._tables.denials, len(self._tables.denials), row)

    def denied_since(self, person_id: str, moment: datetime) -> int:
        return sum(row[1] == person_id and row[4] >= moment for row in self._tables.denials.values())

    def setting(self, key: str) -> str | None:
        return self._tables.settings.get((self._session.home, key))

    def set(self, key: str, value: str) -> None:
        self._session.put(self._tables.settings, (self._session.home, key), value)

    def is_paused(self, tenant: str) -> bool:
        return any(self._tables.settings.get((each, PAUSED)) for each in ("", tenant))
