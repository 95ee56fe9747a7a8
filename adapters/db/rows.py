"""Values to rows and back, by hand: sweeps do this ten thousand times, so it is plain and quick.

`X_row` gives the columns of table X; `X_of` takes a row selected with `X_COLUMNS`, in field order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from adapters.db import tables
from adapters.db.codec import decode_list, decode_map, decode_some, encode, encode_set, encode_some
from adapters.db.columns import MICROSECOND
from bot.addresses import Place, PlaceKind
from commitments.events import Fact, Kind
from commitments.nudges import Rung
from commitments.partnership import Closeness, Partnership, Person, Voice, Win
from commitments.promise import (
    Due,
    OfflineAgreement,
    Promise,
    Proposal,
    Question,
    Side,
    Source,
    State,
    Waiting,
)
from commitments.slots import Rhythm

Values = dict[str, Any]

# A dictionary is five times quicker than calling the enumeration, and unknown words still raise.
_STATES = {each.value: each for each in State}
_SIDES = {each.value: each for each in Side}
_KINDS = {each.value: each for each in Kind}

PROMISE_COLUMNS = [each for each in tables.promises.c if each.name != "title_key"]
PARTNERSHIP_COLUMNS = [each for each in tables.partnerships.c if each.name != "name_key"]


def key_of(words: str) -> str:
    """How names and titles are compared: case and surrounding space do not matter."""
    return words.strip().casefold()


def promise_row(promise: Promise) -> Values:
    due, first = promise.due, promise.first_due
    return {
        "id": promise.id,
        "tenant": promise.tenant,
        "partnership_id": promise.partnership_id,
        "number": promise.number,
        "title": promise.title,
        "side": promise.side.value,
        "state": promise.state.value,
        "owner_id": promise.owner_id,
        "filed_by": promise.filed_by,
        "due_at": due.at,
        "due_zone": due.zone,
        "due_time_said": due.time_said,
        "first_due_at": first.at,
        "first_due_zone": first.zone,
        "first_due_time_said": first.time_said,
        "created_at": promise.created_at,
        "span_from": promise.span_from,
        "note": promise.note,
        "source": encode_some(promise.source),
        "shown_at": promise.shown_at,
        "delivered_at": promise.delivered_at,
        "evidence": promise.evidence,
        "settled_at": promise.settled_at,
        "reopened_at": promise.reopened_at,
        "proposal": encode_some(promise.proposal),
        "waiting": encode_some(promise.waiting),
        "paused_for": promise.paused_for // MICROSECOND,
        "offline": encode_some(promise.offline),
        "question": encode_some(promise.question),
        "last_asked_at": promise.last_asked_at,
        "release_asked_at": promise.release_asked_at,
        "hand_over_to": promise.hand_over_to,
        "on_track_at": promise.on_track_at,
        "on_track_rung": promise.on_track_rung.value if promise.on_track_rung else None,
        "snoozed_until": promise.snoozed_until,
        "awaited": promise.awaited,
        "waits_on": promise.waits_on,
        "split_from": promise.split_from,
        "moved_early": promise.moved_early,
        "moved_late": promise.moved_late,
        "version": promise.version,
        "next_at": promise.next_at,
        "owner_told_at": promise.owner_told_at,
        "nudged_until": promise.nudged_until,
        "title_key": key_of(promise.title),
    }


def promise_of(row: Sequence[Any]) -> Promise:
    return Promise(
        id=row[0],
        tenant=row[1],
        partnership_id=row[2],
        number=row[3],
        title=row[4],
        side=_SIDES[row[5]],
        state=_STATES[row[6]],
        owner_id=row[7],
        filed_by=row[8],
        due=Due(at=row[9], zone=row[10], time_said=row[11]),
        first_due=Due(at=row[12], zone=row[13], time_said=row[14]),
        created_at=row[15],
        span_from=row[16],
        note=row[17],
        source=decode_some(Source, row[18]),
        shown_at=row[19],
        delivered_at=row[20],
        evidence=row[21],
        settled_at=row[22],
        reopened_at=row[23],
        proposal=decode_some(Proposal, row[24]),
        waiting=decode_some(Waiting, row[25]),
        paused_for=row[26] * MICROSECOND,
        offline=decode_some(OfflineAgreement, row[27]),
        question=decode_some(Question, row[28]),
        last_asked_at=row[29],
        release_asked_at=row[30],
        hand_over_to=row[31],
        on_track_at=row[32],
        on_track_rung=Rung(row[33]) if row[33] else None,
        snoozed_until=row[34],
        awaited=row[35],
        waits_on=row[36],
        split_from=row[37],
        moved_early=row[38],
        moved_late=row[39],
        version=row[40],
        next_at=row[41],
        owner_told_at=row[42],
        nudged_until=row[43],
    )


FACT_COLUMNS = [tables.facts.c[name] for name in ("kind", "at", "by", "detail")]


def fact_row(promise_id: str, fact: Fact, before: Promise | None) -> Values:
    return {
        "promise": promise_id,
        "kind": fact.kind.value,
        "at": fact.at,
        "by": fact.by,
        "detail": encode_some(fact.detail),
        "before": encode_some(before),
    }


def fact_of(row: Sequence[Any]) -> Fact:
    return Fact(kind=_KINDS[row[0]], at=row[1], by=row[2], detail=decode_map(row[3]))


def person_row(person: Person) -> Values:
    return {
        "id": person.id,
        "tenant": person.tenant,
        "platform": person.platform,
        "account": person.account,
        "name": person.name,
        "side": person.side.value,
        "organisation": person.organisation,
        "guest": person.guest,
        "is_admin": person.is_admin,
        "is_active": person.is_active,
        "zone": person.zone,
        "locale": person.locale,
        "language": person.language,
        "day_start": person.day_start.isoformat(),
        "day_end": person.day_end.isoformat(),
        "workdays": "".join(map(str, sorted(person.workdays))),
        "country": person.country,
        "away": encode([[str(first), str(last)] for first, last in person.away]) if person.away else None,
        "agreed_to_be_named": person.agreed_to_be_named,
        "introduced_at": person.introduced_at,
        "same_as": person.same_as,
        "prefers": person.prefers,
        "link_code": person.link_code,
        "link_until": person.link_until,
        "version": person.version,
    }


def person_of(row: Sequence[Any]) -> Person:
    return Person(
        id=row[0],
        tenant=row[1],
        platform=row[2],
        account=row[3],
        name=row[4],
        side=_SIDES[row[5]],
        organisation=row[6],
        guest=row[7],
        is_admin=row[8],
        is_active=row[9],
        zone=row[10],
        locale=row[11],
        language=row[12],
        day_start=time.fromisoformat(row[13]),
        day_end=time.fromisoformat(row[14]),
        workdays=frozenset(map(int, row[15])),
        country=row[16],
        away=tuple((date.fromisoformat(a), date.fromisoformat(z)) for a, z in decode_list(row[17])),
        agreed_to_be_named=row[18],
        introduced_at=row[19],
        same_as=row[20],
        prefers=row[21],
        link_code=row[22],
        link_until=row[23],
        version=row[24],
    )


def place_row(place: Place) -> Values:
    return {
        "id": place.id,
        "tenant": place.tenant,
        "platform": place.platform,
        "route": place.route,
        "name": place.name,
        "kind": place.kind.value,
        "partnership_id": place.partnership_id,
        "organisations": encode_set(place.organisations),
        "person_id": place.person_id,
        "zone": place.zone,
        "introduced_at": place.introduced_at,
        "quiet": place.quiet,
        "asked_only": place.asked_only,
        "version": place.version,
    }


def place_of(row: Sequence[Any]) -> Place:
    return Place(
        id=row[0],
        tenant=row[1],
        platform=row[2],
        route=row[3],
        name=row[4],
        kind=PlaceKind(row[5]),
        partnership_id=row[6],
        organisations=frozenset(decode_list(row[7])),
        person_id=row[8],
        zone=row[9],
        introduced_at=row[10],
        quiet=row[11],
        asked_only=row[12],
        version=row[13],
    )


def partnership_row(partnership: Partnership) -> Values:
    return {
        "id": partnership.id,
        "tenant": partnership.tenant,
        "name": partnership.name,
        "name_key": key_of(partnership.name),
        "organisations": encode_set(partnership.organisations),
        "place_id": partnership.place_id,
        "purpose": partnership.purpose,
        "boundaries": partnership.boundaries,
        "zone": partnership.zone,
        "closeness": partnership.closeness.value,
        "paused_until": partnership.paused_until,
        "shows_at_once": partnership.shows_at_once,
        "rhythm": partnership.rhythm.value,
        "their_lead_id": partnership.their_lead_id,
        "first_digest_approved_at": partnership.first_digest_approved_at,
        "welcomed_at": partnership.welcomed_at,
        "review_on": partnership.review_on,
        "promises_made": partnership.promises_made,
        "created_at": partnership.created_at,
        "mapping_version": partnership.mapping_version,
        "version": partnership.version,
    }


def partnership_of(row: Sequence[Any]) -> Partnership:
    return Partnership(
        id=row[0],
        tenant=row[1],
        name=row[2],
        organisations=frozenset(decode_list(row[3])),
        place_id=row[4],
        purpose=row[5],
        boundaries=row[6],
        zone=row[7],
        closeness=Closeness(row[8]),
        paused_until=row[9],
        shows_at_once=row[10],
        rhythm=Rhythm(row[11]),
        their_lead_id=row[12],
        first_digest_approved_at=row[13],
        welcomed_at=row[14],
        review_on=row[15],
        promises_made=row[16],
        created_at=row[17],
        mapping_version=row[18],
        version=row[19],
    )


def win_row(win: Win) -> Values:
    return {
        "id": win.id,
        "tenant": win.tenant,
        "partnership_id": win.partnership_id,
        "text": win.text,
        "by": win.by,
        "at": win.at,
        "credits": encode_some(win.credits),
        "withdrawn_at": win.withdrawn_at,
    }


def win_of(row: Sequence[Any]) -> Win:
    return Win(
        id=row[0],
        tenant=row[1],
        partnership_id=row[2],
        text=row[3],
        by=row[4],
        at=row[5],
        credits=tuple(decode_list(row[6])),
        withdrawn_at=row[7],
    )


def voice_row(voice: Voice) -> Values:
    return {
        "id": voice.id,
        "tenant": voice.tenant,
        "partnership_id": voice.partnership_id,
        "text": voice.text,
        "by": voice.by,
        "at": voice.at,
        "from_customer": voice.from_customer,
        "said_where": voice.said_where,
        "answer": voice.answer,
        "answered_by": voice.answered_by,
        "answered_at": voice.answered_at,
        "version": voice.version,
    }


def voice_of(row: Sequence[Any]) -> Voice:
    return Voice(
        id=row[0],
        tenant=row[1],
        partnership_id=row[2],
        text=row[3],
        by=row[4],
        at=row[5],
        from_customer=row[6],
        said_where=row[7],
        answer=row[8],
        answered_by=row[9],
        answered_at=row[10],
        version=row[11],
    )
