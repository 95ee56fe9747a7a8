"""Promises and their history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, exists, func, insert, or_, select, update

from adapters.db.codec import decode, decode_some, encode
from adapters.db.rows import (
    FACT_COLUMNS,
    PROMISE_COLUMNS,
    fact_of,
    fact_row,
    key_of,
    person_of,
    promise_of,
    promise_row,
)
from adapters.db.scope import Scoped, Transaction, next_version, one_of, versioned
from adapters.db.tables import facts, people, promises
from commitments.events import Fact, Kind
from commitments.partnership import Person
from commitments.promise import Promise, Side, State

_c = promises.c
_SELECT = select(*PROMISE_COLUMNS)
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_STATES: BindParameter[str] = bindparam("states", expanding=True)
_START, _END = bindparam("start", type_=_c.due_at.type), bindparam("end", type_=_c.due_at.type)

_GET = Scoped(promises, lambda *mine: _SELECT.where(_c.id == bindparam("id"), *mine))
_OF_IDS = Scoped(promises, lambda *mine: _SELECT.where(_c.id.in_(_IDS), *mine))
# Locked in a fixed order, so that two workers cannot wait for each other; NO KEY, so that facts may be added.
_VERSIONS = Scoped(
    promises,
    lambda *mine: (
        select(_c.id, _c.version)
        .where(_c.id.in_(_IDS), *mine)
        .order_by(_c.id)
        .with_for_update(key_share=True)
    ),
)
_NUMBERED = Scoped(
    promises, lambda *mine: _SELECT.where(_c.number == bindparam("number"), *mine), by_key=True
)
_NUMBERED_IN = Scoped(
    promises,
    lambda *mine: _SELECT.where(
        _c.number == bindparam("number"), _c.partnership_id == bindparam("partnership"), *mine
    ),
    by_key=True,
)
_OF_PARTNERSHIP = Scoped(
    promises,
    lambda *mine: (
        _SELECT.where(_c.partnership_id == bindparam("partnership"), _c.state.in_(_STATES), *mine)
        .order_by(_c.due_at, _c.id)
        .limit(bindparam("limit"))
    ),
)
_OF_OWNER = Scoped(
    promises,
    lambda *mine: (
        _SELECT.where(_c.owner_id == bindparam("owner"), _c.state.in_(_STATES), *mine)
        .order_by(_c.due_at, _c.id)
        .limit(bindparam("limit"))
    ),
)
# Few have left, so it starts with people; what they own is found by its index.
_OWNERS_GONE = Scoped(
    people,
    lambda *mine: (
        select(people)
        .where(
            or_(people.c.side != Side.OURS.value, people.c.guest, ~people.c.is_active),
            exists()
            .where(_c.owner_id == people.c.id, _c.side == Side.OURS.value)
            .where(_c.state.in_([State.PROPOSED.value, State.OPEN.value])),
            *mine,
        )
        .order_by(people.c.id)
    ),
)
_DUE_BETWEEN = Scoped(
    promises,
    lambda *mine: _SELECT.where(
        _c.owner_id == bindparam("owner"),
        _c.due_at >= _START,
        _c.due_at < _END,
        _c.state == State.OPEN.value,
        *mine,
    ).order_by(_c.due_at, _c.id),
)

_RENEGOTIATED = [
    kind.value
    for kind in (
        Kind.MOVED,
        Kind.OFFERED,
        Kind.OFFER_ACCEPTED,
        Kind.OFFER_COUNTERED,
        Kind.OFFER_DECLINED,
        Kind.AGREED_OFFLINE,
        Kind.CONTRADICTED,
    )
]
_MOMENTS = (_c.due_at, _c.delivered_at, _c.settled_at)
_TOUCHED = Scoped(
    promises,
    lambda *mine: _SELECT.where(
        _c.partnership_id == bindparam("partnership"),
        or_(
            *(and_(each >= _START, each < _END) for each in _MOMENTS),
            and_(_c.state == State.OPEN.value, _c.due_at < _END),
            exists().where(
                facts.c.promise_id == _c.id,
                facts.c.at >= _START,
                facts.c.at < _END,
                facts.c.kind.in_(_RENEGOTIATED),
            ),
        ),
        *mine,
    ).order_by(_c.due_at, _c.id),
)
_CLAIM_DUE = Scoped(
    promises,
    lambda *mine: (
        _SELECT.where(_c.next_at <= bindparam("now"), *mine)
        .order_by(_c.next_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, key_share=True)
    ),
)
_NEXT_AT = Scoped(promises, lambda *mine: select(func.min(_c.next_at)).where(_c.next_at.is_not(None), *mine))

_FACT_PARTS = ("kind", "at", "by", "detail", "before")
# The fact takes its tenant from its promise, so that it cannot belong to somebody else's.
_ADD_FACT = Scoped(
    promises,
    lambda *mine: insert(facts).from_select(
        ["tenant", "promise_id", *_FACT_PARTS],
        select(_c.tenant, _c.id, *(bindparam(name, type_=facts.c[name].type) for name in _FACT_PARTS)).where(
            _c.id == bindparam("promise"), *mine
        ),
    ),
)
_FACTS = Scoped(
    facts,
    lambda *mine: (
        select(*FACT_COLUMNS).where(facts.c.promise_id == bindparam("promise"), *mine).order_by(facts.c.id)
    ),
)
_LAST_FACT = Scoped(
    facts,
    lambda *mine: (
        select(*FACT_COLUMNS, facts.c.before)
        .where(facts.c.promise_id == bindparam("promise"), *mine)
        .order_by(facts.c.id.desc())
        .limit(1)
    ),
)


_BEFORES = Scoped(
    facts,
    lambda *mine: select(facts.c.id, facts.c.before).where(
        facts.c.promise_id == bindparam("promise"), facts.c.before.is_not(None), *mine
    ),
)
_SET_BEFORE = Scoped(
    facts,
    lambda *mine: update(facts).where(facts.c.id == bindparam("fact"), *mine).values(before=bindparam("was")),
)


class SqlPromises:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, promise_id: str) -> Promise | None:
        return self._transaction.one(_GET, promise_of, id=promise_id)

    def of_ids(self, ids: Collection[str]) -> dict[str, Promise]:
        return {each.id: each for each in self._transaction.each_of(_OF_IDS, promise_of, ids)}

    def add(self, promise: Promise) -> None:
        self._transaction.add(promises, promise_row(promise))

    def save(self, promise: Promise) -> None:
        self._transaction.save(promises, promise_row(promise))

    def save_all(self, changed: Sequence[Promise]) -> set[str]:
        # A driver tells how many rows of a batch it wrote, not which: so versions are read first, under lock.
        stored: dict[str, int] = {}
        for batch in one_of(each.id for each in changed):
            stored.update(self._transaction.pairs(_VERSIONS, ids=batch))
        fresh = [each for each in changed if stored.get(each.id) == each.version]
        if fresh:
            rows = [next_version(promise_row(each)) for each in fresh]
            versioned(promises).run_many(self._transaction.connection, rows)
        return {each.id for each in changed} - {each.id for each in fresh}

    def numbered(self, number: int, partnership_id: str | None = None) -> list[Promise]:
        if partnership_id is None:
            return self._transaction.all(_NUMBERED, promise_of, number=number)
        return self._transaction.all(_NUMBERED_IN, promise_of, number=number, partnership=partnership_id)

    def of_partnership(
        self, partnership_id: str, states: Collection[State] | None = None, *, limit: int = 500
    ) -> list[Promise]:
        return self._transaction.all(
            _OF_PARTNERSHIP,
            promise_of,
            partnership=partnership_id,
            states=_wire(State if states is None else states),
            limit=limit,
        )

    def touched(self, partnership_id: str, start: datetime, end: datetime) -> list[Promise]:
        return self._transaction.all(_TOUCHED, promise_of, partnership=partnership_id, start=start, end=end)

    def of_owner(self, person_id: str, states: Collection[State], *, limit: int = 500) -> list[Promise]:
        return self._transaction.all(
            _OF_OWNER, promise_of, owner=person_id, states=_wire(states), limit=limit
        )

    def owners_gone(self) -> list[Person]:
        return self._transaction.all(_OWNERS_GONE, person_of)

    def due_between(self, owner_id: str, start: datetime, end: datetime) -> list[Promise]:
        return self._transaction.all(_DUE_BETWEEN, promise_of, owner=owner_id, start=start, end=end)

    def find(self, words: str, partnership_ids: Collection[str], *, limit: int = 20) -> list[Promise]:
        wanted = key_of(words).split()
        if not wanted or not partnership_ids:
            return []
        has = [_c.title_key.contains(word, autoescape=True) for word in wanted]
        found = Scoped(
            promises,
            lambda *mine: (
                _SELECT.where(_c.partnership_id.in_(_IDS), *has, *mine)
                .order_by(_c.due_at.desc(), _c.id)
                .limit(bindparam("limit"))
            ),
        )
        return self._transaction.all(found, promise_of, ids=list(partnership_ids), limit=limit)

    def linked(self, mark: str) -> list[Promise]:
        holds = _c.source.contains(mark, autoescape=True)  # as JSON, so that the link itself decides
        found = Scoped(promises, lambda *mine: _SELECT.where(holds, *mine).order_by(_c.id))
        return [each for each in self._transaction.all(found, promise_of) if each.is_linked(mark)]

    def unquote(self, promise: Promise) -> None:
        self.save(promise.unquoted())
        for fact_id, before in self._transaction.pairs(_BEFORES, promise=promise.id):
            was = decode(Promise, before).unquoted()
            self._transaction.run(_SET_BEFORE, fact=fact_id, was=encode(was))

    def claim_due(self, now: datetime, limit: int) -> list[Promise]:
        return self._transaction.all(_CLAIM_DUE, promise_of, now=now, limit=limit)

    def next_at(self) -> datetime | None:
        return self._transaction.run(_NEXT_AT).scalar()

    def add_fact(self, promise_id: str, fact: Fact, before: Promise | None) -> None:
        if self._transaction.run(_ADD_FACT, **fact_row(promise_id, fact, before)).rowcount != 1:
            raise LookupError("no such promise")

    def facts(self, promise_id: str) -> list[Fact]:
        return self._transaction.all(_FACTS, fact_of, promise=promise_id)

    def last_fact(self, promise_id: str) -> tuple[Fact, Promise | None] | None:
        return self._transaction.one(
            _LAST_FACT, lambda row: (fact_of(row), decode_some(Promise, row[4])), promise=promise_id
        )


def _wire(states: Collection[State] | type[State]) -> list[str]:
    return [each.value for each in states]
