"""When shared digests go out: planned as alarms, previewed to the lead, sent at most once a period.

1. `plan` sets the alarms for the next slot; it runs after every firing and may be called at any time.
2. `digest_preview`, the working morning before, drafts the row and shows the lead the very words.
3. `digest`, at the slot, sends it, waits for approval, or holds it and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot import briefing, fading
from bot.addresses import Place
from bot.digest_contents import Issue, look, shared_place
from bot.intents import to_person, to_place
from bot.messages.digests import UNDECIDED, shared_card
from bot.plain import plain_text
from bot.ports import Ports
from bot.quota import first_free
from bot.readers import calendar_of, reader_in
from bot.storage import Alarm, Digest, DigestState, UnitOfWork
from bot.team import leads
from commitments.digest import STALE_AFTER
from commitments.partnership import Partnership, Person, Role
from commitments.slots import Slot, next_slot, preview_at

KIND = "shared"
INSTANT = timedelta(microseconds=1)


def plan(ports: Ports, uow: UnitOfWork, partnership: Partnership, now: datetime) -> None:
    """Sets the alarms of the next digest, if there is a channel to read it. Safe to call twice."""
    fading.watch(uow, partnership, now)
    place = shared_place(uow, partnership)
    if place is None:
        return
    slot = slot_after(ports, partnership, place, now)
    uow.alarms.put(_alarm("digest", partnership, slot, slot.at))
    for lead in leads(uow, partnership.id):
        at = _previewed_at(ports, lead, slot, now)
        if at is not None:
            uow.alarms.put(_alarm("digest_preview", partnership, slot, at, lead=lead.id))


def slot_after(ports: Ports, partnership: Partnership, place: Place, moment: datetime) -> Slot:
    weekly = ports.policy.digests.shared
    zone = place.zone or partnership.zone
    return next_slot(partnership.rhythm, after=moment, zone=zone, weekday=weekly.weekday, at=weekly.at)


def _previewed_at(ports: Ports, lead: Person, slot: Slot, now: datetime) -> datetime | None:
    """The working morning before; when that has passed, the next working moment there still is."""
    calendar = calendar_of(ports, lead)
    at = preview_at(slot, calendar)
    if at <= now:
        at = calendar.or_everyday(lambda usable: usable.next_working_moment(now))
    return at if at < slot.at else None


def _alarm(kind: str, partnership: Partnership, slot: Slot, at: datetime, **args: str) -> Alarm:
    # The key names the slot's moment too: after a change of zone or rhythm the same week has another one.
    key = ":".join((kind, partnership.id, slot.period, slot.at.isoformat(), *args.values()))
    args["slot"] = slot.at.isoformat()
    return Alarm(key=key, tenant=partnership.tenant, kind=kind, subject_id=partnership.id, at=at, args=args)


def _at_slot(
    act: Callable[[Ports, UnitOfWork, Alarm, Issue, datetime], None],
) -> Callable[[Ports, UnitOfWork, Alarm, datetime], None]:
    """Plans the next slot, then acts on this one, unless the rhythm has changed since it was planned."""

    def on_alarm(ports: Ports, uow: UnitOfWork, alarm: Alarm, now: datetime) -> None:
        partnership = uow.partnerships.get(alarm.subject_id)
        place = shared_place(uow, partnership)
        if partnership is None or place is None:
            return
        plan(ports, uow, partnership, now)
        at = datetime.fromisoformat(alarm.args["slot"])
        slot = slot_after(ports, partnership, place, at - INSTANT)
        if slot.at != at:
            return
        issue = look(uow, drafted(ports, uow, partnership, slot), now)
        if issue is not None:
            act(ports, uow, alarm, issue, now)

    return on_alarm


def drafted(ports: Ports, uow: UnitOfWork, partnership: Partnership, slot: Slot) -> Digest:
    """The period's row, made if there is none; while undecided it follows a change of zone or rhythm."""
    anew = fresh(ports, uow, partnership, slot)
    row = uow.digests.of_period(partnership.id, KIND, slot.period)
    if row is None:
        uow.digests.add(anew)
        return anew
    moved = replace(row, starts=anew.starts, ends=anew.ends, send_at=anew.send_at)
    return store(uow, moved) if moved != row and row.state in UNDECIDED else row


def fresh(ports: Ports, uow: UnitOfWork, partnership: Partnership, slot: Slot) -> Digest:
    """Begins where the last one ended, should a change of rhythm make the periods overlap."""
    last = uow.digests.last_sent(partnership.id, KIND)
    starts = max(slot.starts, last.ends) if last else slot.starts
    return Digest(
        id=ports.new_id(),
        tenant=partnership.tenant,
        kind=KIND,
        subject_id=partnership.id,
        period=slot.period,
        starts=min(starts, slot.ends),
        ends=slot.ends,
        send_at=slot.at,
        state=DigestState.DRAFT if partnership.first_digest_approved_at else DigestState.AWAITING,
        mapping_version=partnership.mapping_version,
    )


def _preview(ports: Ports, uow: UnitOfWork, alarm: Alarm, issue: Issue, now: datetime) -> None:
    """One card for all channels of this lead whose preview is due."""
    lead = next((p for p in leads(uow, issue.partnership.id) if p.id == alarm.args["lead"]), None)
    if lead is None or now >= issue.digest.send_at:
        return
    digests = sorted({issue.digest.id, *_drafted_for(ports, uow, lead, now)})
    at, day = first_free(ports, uow, lead, now)
    uow.outbox.queue(
        [
            to_person(
                lead,
                "digest_preview",
                lead.id,
                key=f"digest_preview:{lead.id}:{_mark(digests)}",
                at=at,
                args={"digests": " ".join(digests)},
                lasts=issue.digest.send_at + STALE_AFTER - at,
                quota_day=day,
            )
        ]
    )


def _drafted_for(ports: Ports, uow: UnitOfWork, lead: Person, now: datetime) -> Iterator[str]:
    for partnership_id, roles in uow.partnerships.roles_of(lead.id).items():
        partnership = uow.partnerships.get(partnership_id)
        place = shared_place(uow, partnership)
        if partnership is None or place is None or Role.LEAD not in roles:
            continue
        slot = slot_after(ports, partnership, place, now)
        if preview_at(slot, calendar_of(ports, lead)) <= now:
            yield drafted(ports, uow, partnership, slot).id


def _mark(digests: Iterable[str]) -> str:
    """Names the bundle: whichever of its alarms fires first, the card is queued once."""
    return sha256(" ".join(digests).encode()).hexdigest()[:16]


def _go_out(ports: Ports, uow: UnitOfWork, alarm: Alarm, issue: Issue, now: datetime) -> None:
    """The slot has come. What has been decided or said already stays so."""
    state = issue.digest.state
    if state not in UNDECIDED or state is DigestState.HELD:
        return
    if now >= issue.digest.send_at + STALE_AFTER:
        settle(uow, issue.digest, DigestState.LAPSED)
    elif not issue.is_rightly_addressed:
        _tell(ports, uow, rebuilt(uow, issue), issue.partnership, now)
    elif issue.silent:
        settle(uow, issue.digest, DigestState.HELD, issue.silent.value)
    elif not issue.is_worth_sending:
        settle(uow, issue.digest, DigestState.EMPTY)
    elif issue.held and issue.held.value != issue.digest.held_reason:
        held = settle(uow, issue.digest, DigestState.HELD, issue.held.value)
        _tell(ports, uow, held, issue.partnership, now)
    elif state is DigestState.AWAITING:
        _tell(ports, uow, issue.digest, issue.partnership, now)
    else:
        send(uow, issue, now)


def send(uow: UnitOfWork, issue: Issue, now: datetime) -> bool:
    """Queues it, once per place and period whatever restarts; False when that place has had one."""
    digest, at = issue.digest, max(now, issue.digest.send_at)
    key = f"digest:{issue.place.id}:{digest.period}"
    lasts = digest.send_at + STALE_AFTER - at
    queued = uow.outbox.queue([to_place(issue.place, "digest", digest.id, key=key, at=at, lasts=lasts)])
    settle(uow, digest, DigestState.QUEUED if queued else DigestState.LAPSED, digest.held_reason)
    return bool(queued)


def was_sent(uow: UnitOfWork, digest_id: str) -> None:
    """To be called when the platform has taken it. A second call does nothing."""
    digest = uow.digests.get(digest_id)
    if digest is not None and digest.state is DigestState.QUEUED:
        settle(uow, digest, DigestState.SENT, digest.held_reason)


def settle(uow: UnitOfWork, digest: Digest, state: DigestState, reason: str | None = None) -> Digest:
    return store(uow, replace(digest, state=state, held_reason=reason))


def store(uow: UnitOfWork, digest: Digest) -> Digest:
    """Raises StaleWrite."""
    uow.digests.save(digest)
    return replace(digest, version=digest.version + 1)


def rebuilt(uow: UnitOfWork, issue: Issue) -> Digest:
    """The customer or channel changed: nothing of the lead's pencil is carried over, and it is asked anew."""
    anew = replace(
        issue.digest,
        state=DigestState.AWAITING,
        opening=None,
        left_out=frozenset(),
        held_reason=None,
        mapping_version=issue.partnership.mapping_version,
    )
    return store(uow, anew)


def _tell(ports: Ports, uow: UnitOfWork, digest: Digest, partnership: Partnership, now: datetime) -> None:
    """A word to every lead: it is held and why, or it waits for them."""
    for lead in leads(uow, partnership.id):
        at, day = first_free(ports, uow, lead, now)
        state = digest.state.value
        intent = to_person(
            lead,
            "digest_word",
            digest.id,
            key=f"digest_word:{digest.id}:{state}:{digest.held_reason or ''}:{lead.id}",
            at=at,
            args={"state": state},
            quota_day=day,
        )
        uow.outbox.queue([intent])


def preview_text(ports: Ports, uow: UnitOfWork, partnership: Partnership, now: datetime) -> str:
    """The next digest of the partnership in the exact words customers will see; nothing is stored."""
    place = shared_place(uow, partnership)
    if place is None:
        return f"{partnership.name} has no shared channel yet."
    slot = slot_after(ports, partnership, place, now)
    row = uow.digests.of_period(partnership.id, KIND, slot.period)
    issue = look(uow, row or fresh(ports, uow, partnership, slot), now)
    if issue is None or not issue.is_worth_sending:
        return f"{partnership.name}: nothing to tell yet; empty digests are not sent."
    return plain_text(shared_card(issue.view, reader_in(ports, place, partnership, now)))


OnAlarm = Callable[[Ports, UnitOfWork, Alarm, datetime], None]

ALARMS: Mapping[str, OnAlarm] = {
    "digest_preview": _at_slot(_preview),
    "digest": _at_slot(_go_out),
    **briefing.ALARMS,
    **fading.ALARMS,
}
