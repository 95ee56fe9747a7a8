"""Channels and conversations, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, select

from adapters.db.rows import place_of, place_row
from adapters.db.scope import Scoped, Transaction, insert_new, tenant_by_id
from adapters.db.tables import members, people, places
from bot.addresses import Place, PlaceKind

_c = places.c

_GET = Scoped(places, lambda *mine: select(places).where(_c.id == bindparam("id"), *mine))
_BY_ROUTE = Scoped(
    places,
    lambda *mine: select(places).where(
        _c.platform == bindparam("platform"), _c.route == bindparam("route"), *mine
    ),
    by_key=True,
)
_IS_PRIVATE = _c.kind == PlaceKind.PRIVATE.value
_CHOSEN = func.coalesce(people.c.prefers, people.c.platform)
_PRIVATE_OF = Scoped(
    places,
    lambda *mine: (
        select(places)
        .join(people, people.c.id == _c.person_id)
        .where(_c.person_id == bindparam("person"), _IS_PRIVATE, *mine)
        .order_by(_c.platform != _CHOSEN, _c.id)
    ),
)
_PRIVATE_ON = Scoped(
    places,
    lambda *mine: (
        select(places)
        .where(_c.person_id == bindparam("person"), _c.platform == bindparam("platform"), _IS_PRIVATE, *mine)
        .order_by(_c.id)
    ),
)
# Two selects, each by its own index: one condition with OR would read every place.
_OF_PERSON = Scoped(
    places,
    lambda *mine: (
        select(places)
        .where(_c.person_id == bindparam("person"), *mine)
        .union_all(
            select(places).where(
                _c.id.in_(select(members.c.place_id).where(members.c.person_id == bindparam("person"))),
                _c.person_id.is_distinct_from(bindparam("person")),
                *mine,
            )
        )
    ),
)

_TENANT = tenant_by_id(places)
_JOIN = insert_new(members)
_MEMBERS = Scoped(
    members,
    lambda *mine: select(members.c.person_id).where(members.c.place_id == bindparam("place"), *mine),
)
_LEAVE = Scoped(
    members,
    lambda *mine: delete(members).where(
        members.c.place_id == bindparam("place"), members.c.person_id == bindparam("person"), *mine
    ),
)


class SqlPlaces:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, place_id: str) -> Place | None:
        return self._transaction.one(_GET, place_of, id=place_id)

    def by_route(self, platform: str, route: str) -> Place | None:
        return self._transaction.one(_BY_ROUTE, place_of, platform=platform, route=route)

    def private_of(self, person_id: str, platform: str | None = None) -> Place | None:
        if platform is None:
            return self._transaction.one(_PRIVATE_OF, place_of, person=person_id)
        return self._transaction.one(_PRIVATE_ON, place_of, person=person_id, platform=platform)

    def add(self, place: Place) -> None:
        self._transaction.add(places, place_row(place))

    def save(self, place: Place) -> None:
        self._transaction.save(places, place_row(place))

    def members(self, place_id: str) -> frozenset[str]:
        return frozenset(self._transaction.run(_MEMBERS, place=place_id).scalars())

    def join(self, place_id: str, person_ids: Iterable[str]) -> None:
        tenant = self._transaction.tenant_of(_TENANT, place_id)
        rows = [{"tenant": tenant, "place_id": place_id, "person_id": each} for each in person_ids]
        self._transaction.add_new(_JOIN, rows)

    def leave(self, place_id: str, person_id: str) -> None:
        self._transaction.run(_LEAVE, place=place_id, person=person_id)

    def of_person(self, person_id: str, kind: PlaceKind | None = None) -> list[Place]:
        found = self._transaction.all(_OF_PERSON, place_of, person=person_id)
        return sorted((each for each in found if kind in (None, each.kind)), key=_by_name)


def _by_name(place: Place) -> tuple[str, str]:
    return place.name.casefold(), place.id
