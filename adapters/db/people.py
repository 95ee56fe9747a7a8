"""People, and who reports to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, literal, null, select, true, union_all

from adapters.db.merging import merge
from adapters.db.rows import person_of, person_row
from adapters.db.scope import Scoped, Transaction, insert_new, tenant_by_id
from adapters.db.tables import members, people, places, reports, roles
from bot.addresses import PlaceKind
from commitments.access import Ties
from commitments.partnership import Person, Role
from commitments.promise import Side

_c = people.c

_GET = Scoped(people, lambda *mine: select(people).where(_c.id == bindparam("id"), *mine))
_BY_ACCOUNT = Scoped(
    people,
    lambda *mine: select(people).where(
        _c.platform == bindparam("platform"), _c.account == bindparam("account"), *mine
    ),
    by_key=True,
)
_OF_IDS = Scoped(
    people, lambda *mine: select(people).where(_c.id.in_(bindparam("ids", expanding=True)), *mine)
)
_IS_ITSELF = _c.same_as.is_(None)
_OURS = Scoped(
    people,
    lambda *mine: select(people).where(
        _c.side == Side.OURS.value, ~_c.guest, _c.is_active, _IS_ITSELF, *mine
    ),
    by_key=True,
)
_ADMINS = Scoped(
    people, lambda *mine: select(people).where(_c.is_admin, _c.is_active, _IS_ITSELF, *mine), by_key=True
)
_ALSO = Scoped(people, lambda *mine: select(people).where(_c.same_as == bindparam("person"), *mine))
_BY_CODE = Scoped(people, lambda *mine: select(people).where(_c.link_code == bindparam("code"), *mine))

_TENANT = tenant_by_id(people)
_ADD_REPORTS = insert_new(reports)
_REPORTS_OF = Scoped(
    reports,
    lambda *mine: (
        select(reports.c.person_id)
        .where(reports.c.manager_id == bindparam("manager"), *mine)
        .order_by(reports.c.person_id)
    ),
)
_ANY = true()
# Each by its own index, in one statement.
_TIES = Scoped(
    roles,
    lambda of_role=_ANY, of_report=_ANY, of_place=_ANY: union_all(
        select(literal("role"), roles.c.partnership_id, roles.c.role).where(
            roles.c.person_id == bindparam("person"), of_role
        ),
        select(literal("report"), reports.c.person_id, null()).where(
            reports.c.manager_id == bindparam("person"), of_report
        ),
        select(literal("channel"), places.c.partnership_id, null()).where(
            places.c.id.in_(select(members.c.place_id).where(members.c.person_id == bindparam("person"))),
            places.c.kind == PlaceKind.CUSTOMER.value,
            places.c.partnership_id.is_not(None),
            of_place,
        ),
    ),
    reports,
    places,
)
_HAVING_REPORTS = Scoped(
    reports, lambda *mine: select(reports.c.manager_id).where(*mine).distinct(), by_key=True
)
_HAVING_THE_ROLE = Scoped(
    roles,
    lambda *mine: select(roles.c.person_id).where(roles.c.role == Role.MANAGER.value, *mine).distinct(),
    by_key=True,
)


class SqlPeople:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, person_id: str) -> Person | None:
        return self._transaction.one(_GET, person_of, id=person_id)

    def ties(self, person_id: str) -> Ties:
        roles: defaultdict[str, set[Role]] = defaultdict(set)
        others: dict[str, set[str]] = {"report": set(), "channel": set()}
        for tie, other, role in self._transaction.run(_TIES, person=person_id):
            if tie == "role":
                roles[other].add(Role(role))
            else:
                others[tie].add(other)
        return Ties(
            roles={each: frozenset(held) for each, held in roles.items()},
            reports=frozenset(others["report"]),
            in_channel_of=frozenset(others["channel"]),
        )

    def by_account(self, platform: str, account: str) -> Person | None:
        return self._transaction.one(_BY_ACCOUNT, person_of, platform=platform, account=account)

    def also(self, person_id: str) -> list[Person]:
        return sorted(self._transaction.all(_ALSO, person_of, person=person_id), key=_by_name)

    def by_code(self, digest: str) -> Person | None:
        return self._transaction.one(_BY_CODE, person_of, code=digest)

    def merge(self, person_id: str, into: str) -> None:
        merge(self._transaction, person_id, into)

    def add(self, person: Person) -> None:
        self._transaction.add(people, person_row(person))

    def save(self, person: Person) -> None:
        self._transaction.save(people, person_row(person))

    def of_ids(self, ids: Collection[str]) -> dict[str, Person]:
        return {each.id: each for each in self._transaction.each_of(_OF_IDS, person_of, ids)}

    def ours(self) -> list[Person]:
        return sorted(self._transaction.all(_OURS, person_of), key=_by_name)

    def admins(self) -> list[Person]:
        return sorted(self._transaction.all(_ADMINS, person_of), key=_by_name)

    def reports_of(self, manager_id: str) -> list[str]:
        return list(self._transaction.run(_REPORTS_OF, manager=manager_id).scalars())

    def set_reports(self, manager_id: str, report_ids: Collection[str]) -> None:
        tenant = self._transaction.tenant_of(_TENANT, manager_id)
        rows = [{"tenant": tenant, "manager_id": manager_id, "person_id": each} for each in report_ids]
        self._transaction.add_new(_ADD_REPORTS, rows)

    def managers(self) -> list[str]:
        found = {*self._transaction.run(_HAVING_REPORTS).scalars()}
        return sorted(found.union(self._transaction.run(_HAVING_THE_ROLE).scalars()))


def _by_name(person: Person) -> tuple[str, str]:
    """Sorted here, since databases disagree on the order of letters."""
    return person.name.casefold(), person.id
