"""Where Kept may read, what it noticed there, and what dismissals taught it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, or_, select, update

from adapters.db.codec import decode_some, encode_some
from adapters.db.overheard_tables import cue_dismissals, earshots, left_out, open_requests, sightings
from adapters.db.scope import ByDialect, Scoped, Transaction, insert_new
from commitments.sightings import Earshot, OpenRequest, Passage, Sighting, SightingState
from commitments.spotting import Owner, Sort

_e, _l, _s, _c, _r = (table.c for table in (earshots, left_out, sightings, cue_dismissals, open_requests))
_OPEN = _s.state.in_([state.value for state in SightingState if state.is_open])


def _in_thread(table: Table) -> tuple[ColumnElement[bool], ...]:
    hangs = or_(table.c.thread == bindparam("in_thread"), table.c.message == bindparam("in_thread"))
    return table.c.place_id == bindparam("place"), hangs, table.c.at >= bindparam("since")


def _old(table: Table, *mine: ColumnElement[bool]) -> Any:
    old = select(table.c.id).where(table.c.at < bindparam("before"), *mine)
    return table.c.id.in_(old.limit(bindparam("limit")))


def _one_more(insert: Callable[..., Any]) -> Any:
    new = insert(cue_dismissals)
    return new.on_conflict_do_update(
        index_elements=[_c.tenant, _c.person_id, _c.cue], set_={"times": _c.times + 1}
    )


_EARSHOT = Scoped(earshots, lambda *mine: select(earshots).where(_e.id == bindparam("place"), *mine))
_LEAVE_OUT = insert_new(left_out)
_OF_LEFT_OUT = (_l.place_id == bindparam("place"), _l.person_id == bindparam("person"))
_LET_IN = Scoped(left_out, lambda *mine: delete(left_out).where(*_OF_LEFT_OUT, *mine), by_key=True)
_IS_LEFT_OUT = Scoped(left_out, lambda *mine: select(_l.at).where(*_OF_LEFT_OUT, *mine), by_key=True)
_GET = Scoped(sightings, lambda *mine: select(sightings).where(_s.id == bindparam("id"), *mine))
_OF_MESSAGE = Scoped(
    sightings,
    lambda *mine: (
        select(sightings)
        .where(_s.place_id == bindparam("place"), _s.message == bindparam("message"), *mine)
        .order_by(_s.at, _s.id)
    ),
)
_OF_THREAD = Scoped(
    sightings,
    lambda *mine: select(sightings).where(*_in_thread(sightings), *mine).order_by(_s.at.desc(), _s.id.desc()),
)
_OPEN_IN = Scoped(
    sightings,
    lambda *mine: (
        select(sightings).where(_s.place_id == bindparam("place"), _OPEN, *mine).order_by(_s.at, _s.id)
    ),
)
_OPEN_ON = Scoped(
    sightings,
    lambda *mine: (
        select(sightings)
        .where(_s.person_id == bindparam("person"), _OPEN, _s.listed_for.is_not(None), *mine)
        .order_by(_s.at, _s.id)
    ),
)
_LAST_OF = Scoped(
    sightings,
    lambda *mine: (
        select(sightings)
        .where(_s.person_id == bindparam("person"), _s.passage.is_not(None), *mine)
        .order_by(_s.at.desc(), _s.id.desc())
    ),
)
_LATELY = Scoped(
    sightings,
    lambda *mine: (
        select(_s.state)
        .where(_s.place_id == bindparam("place"), _s.was_offered, *mine)
        .order_by(_s.at.desc(), _s.id.desc())
        .limit(bindparam("limit"))
    ),
)
_DISMISS = ByDialect(_one_more)
_OF_CUE = (_c.person_id == bindparam("person"), _c.cue == bindparam("which"))
_TIMES = Scoped(cue_dismissals, lambda *mine: select(_c.times).where(*_OF_CUE, *mine), by_key=True)
_FORGIVE = Scoped(cue_dismissals, lambda *mine: delete(cue_dismissals).where(*_OF_CUE, *mine), by_key=True)
_REQUESTS = Scoped(
    open_requests,
    lambda *mine: select(open_requests).where(*_in_thread(open_requests), *mine).order_by(_r.at, _r.id),
)
_IN_PLACE = _r.place_id == bindparam("place")
_THERE = (_IN_PLACE, _r.thread == bindparam("in_thread"))
_OLDEST = Scoped(
    open_requests, lambda *mine: select(_r.id).where(*_THERE, *mine).order_by(_r.at.desc(), _r.id.desc())
)
_DROP_ONE = Scoped(open_requests, lambda *mine: delete(open_requests).where(_r.id == bindparam("id"), *mine))
_PASS = Scoped(
    open_requests,
    lambda *mine: update(open_requests).where(*_THERE, _r.is_passed.is_(False), *mine).values(is_passed=True),
)
_DROP = Scoped(open_requests, lambda *mine: delete(open_requests).where(*_THERE, *mine))
_DROP_ALL = Scoped(open_requests, lambda *mine: delete(open_requests).where(_IN_PLACE, *mine))
_OF_THAT = (_IN_PLACE, _r.message == bindparam("message"))
_ASKED_BY = Scoped(
    open_requests, lambda *mine: select(open_requests).where(*_OF_THAT, *mine).order_by(_r.at, _r.id)
)
_DROP_OF = Scoped(open_requests, lambda *mine: delete(open_requests).where(*_OF_THAT, *mine))
_FORGET_REQUESTS = Scoped(
    open_requests, lambda *mine: delete(open_requests).where(_old(open_requests, *mine))
)
_FORGET_WORDS = Scoped(
    sightings,
    lambda *mine: (
        update(sightings)
        .where(_old(sightings, _OPEN, *mine))
        .values(state=SightingState.LAPSED.value, passage=None, version=_s.version + 1)
    ),
)
_FORGET = Scoped(sightings, lambda *mine: delete(sightings).where(_old(sightings, *mine)))


class SqlSightings:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def earshot(self, place_id: str) -> Earshot | None:
        return self._transaction.one(_EARSHOT, _earshot_of, place=place_id)

    def add_earshot(self, earshot: Earshot) -> None:
        self._transaction.add(earshots, _earshot_row(earshot))

    def save_earshot(self, earshot: Earshot) -> None:
        self._transaction.save(earshots, _earshot_row(earshot))

    def leave_out(self, place_id: str, person_id: str, at: datetime) -> None:
        row = {"tenant": self._transaction.home, "place_id": place_id, "person_id": person_id, "at": at}
        self._transaction.add_new(_LEAVE_OUT, [row])

    def let_in(self, place_id: str, person_id: str) -> None:
        self._transaction.run(_LET_IN, place=place_id, person=person_id)

    def is_left_out(self, place_id: str, person_id: str) -> bool:
        return self._transaction.run(_IS_LEFT_OUT, place=place_id, person=person_id).first() is not None

    def add(self, sightings_: Iterable[Sighting]) -> None:
        for each in sightings_:
            self._transaction.add(sightings, _sighting_row(each))

    def get(self, sighting_id: str) -> Sighting | None:
        return self._transaction.one(_GET, _sighting_of, id=sighting_id)

    def save(self, sighting: Sighting) -> None:
        self._transaction.save(sightings, _sighting_row(sighting))

    def of_message(self, place_id: str, message: str) -> list[Sighting]:
        return self._transaction.all(_OF_MESSAGE, _sighting_of, place=place_id, message=message)

    def of_thread(self, place_id: str, thread: str, since: datetime) -> list[Sighting]:
        return self._transaction.all(_OF_THREAD, _sighting_of, place=place_id, in_thread=thread, since=since)

    def open_in(self, place_id: str) -> list[Sighting]:
        return self._transaction.all(_OPEN_IN, _sighting_of, place=place_id)

    def open_on(self, person_id: str, day: str | None = None) -> list[Sighting]:
        found = self._transaction.all(_OPEN_ON, _sighting_of, person=person_id)
        return [each for each in found if day in (None, each.listed_for)]

    def last_of(self, person_id: str, place_id: str | None = None) -> Sighting | None:
        found = self._transaction.all(_LAST_OF, _sighting_of, person=person_id)
        return next((each for each in found if place_id in (None, each.place_id)), None)

    def offered_lately(self, place_id: str, limit: int) -> list[SightingState]:
        rows = self._transaction.run(_LATELY, place=place_id, limit=limit)
        return [SightingState(state) for (state,) in rows]

    def dismiss_cue(self, person_id: str, cue: str) -> int:
        row = {"tenant": self._transaction.home, "person_id": person_id, "cue": cue, "times": 1}
        self._transaction.add_new(_DISMISS, [row])
        return self.dismissals(person_id, cue)

    def dismissals(self, person_id: str, cue: str) -> int:
        return self._transaction.run(_TIMES, person=person_id, which=cue).scalar() or 0

    def forgive_cue(self, person_id: str, cue: str) -> None:
        self._transaction.run(_FORGIVE, person=person_id, which=cue)

    def add_request(self, request: OpenRequest, *, keep: int) -> None:
        self._transaction.add(open_requests, _request_row(request))
        there = list(
            self._transaction.run(_OLDEST, place=request.place_id, in_thread=request.thread).scalars()
        )
        for request_id in there[keep:]:
            self._transaction.run(_DROP_ONE, id=request_id)

    def requests(self, place_id: str, thread: str, since: datetime) -> list[OpenRequest]:
        return self._transaction.all(_REQUESTS, _request_of, place=place_id, in_thread=thread, since=since)

    def pass_requests(self, place_id: str, thread: str) -> int:
        return self._transaction.run(_PASS, place=place_id, in_thread=thread).rowcount

    def drop_requests(self, place_id: str, thread: str | None = None) -> int:
        if thread is None:
            return self._transaction.run(_DROP_ALL, place=place_id).rowcount
        return self._transaction.run(_DROP, place=place_id, in_thread=thread).rowcount

    def take_requests(self, place_id: str, message: str) -> list[OpenRequest]:
        taken = self._transaction.all(_ASKED_BY, _request_of, place=place_id, message=message)
        self._transaction.run(_DROP_OF, place=place_id, message=message)
        return taken

    def forget_requests(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_FORGET_REQUESTS, before=moment, limit=limit).rowcount

    def forget_words(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_FORGET_WORDS, before=moment, limit=limit).rowcount

    def forget_sightings(self, moment: datetime, *, limit: int) -> int:
        return self._transaction.run(_FORGET, before=moment, limit=limit).rowcount


def _earshot_row(earshot: Earshot) -> dict[str, Any]:
    return {name: getattr(earshot, name) for name in earshots.c.keys()}  # noqa: SIM118, columns have no keys


def _earshot_of(row: Sequence[Any]) -> Earshot:
    return Earshot(**dict(zip(earshots.c.keys(), row, strict=True)))


def _sighting_row(sighting: Sighting) -> dict[str, Any]:
    row = {name: getattr(sighting, name) for name in sightings.c.keys()}  # noqa: SIM118
    return {
        **row,
        "sort": sighting.sort.value,
        "owner": sighting.owner.value,
        "state": sighting.state.value,
        "passage": encode_some(sighting.passage),
    }


def _sighting_of(row: Sequence[Any]) -> Sighting:
    values = dict(zip(sightings.c.keys(), row, strict=True))
    passage = decode_some(Passage, values["passage"])
    return Sighting(
        **{
            **values,
            "sort": Sort(values["sort"]),
            "owner": Owner(values["owner"]),
            "state": SightingState(values["state"]),
            "passage": replace(passage, doubts=tuple(passage.doubts)) if passage else None,
        }
    )


def _request_row(request: OpenRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in open_requests.c.keys()}  # noqa: SIM118


def _request_of(row: Sequence[Any]) -> OpenRequest:
    return OpenRequest(**dict(zip(open_requests.c.keys(), row, strict=True)))
