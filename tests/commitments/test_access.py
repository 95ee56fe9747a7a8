from collections import Counter
from typing import Any, NamedTuple

import pytest

from builders import ACME, GLOBEX, TENANT, a_contact, a_person, an_id
from commitments.access import Actor, Column, Grant, Row, Subject, decide, matrix
from commitments.partnership import Role
from commitments.promise import Side

ME, SOMEBODY, A_THIRD = an_id("me"), an_id("somebody"), an_id("a third")
ROWS = list(matrix().values())
PLAIN = [row for row in ROWS if not row.mirror]
ADMIN: dict[str, Any] = {"is_admin": True}
CONTACT: dict[str, Any] = {"in_channel_of": frozenset({ACME.id}), "customer_of": frozenset({ACME.id})}
IN_CHANNEL: dict[str, Any] = {"in_channel_of": frozenset({ACME.id})}
MINE: dict[str, Any] = {"owner_id": ME}
FILED: dict[str, Any] = {"filed_by": ME}
HIDDEN: dict[str, Any] = {"is_shown": False}


def us(**changes: Any) -> Actor:
    return Actor(**{"person_id": ME, "tenant": TENANT, "is_ours": True, **changes})


def them(**changes: Any) -> Actor:
    return us(is_ours=False, **changes)


def as_(role: Role, of: str = ACME.id) -> dict[str, Any]:
    return {"roles": {of: frozenset({role})}}


def reporting(person_id: str) -> dict[str, Any]:
    return {"reports": frozenset({person_id})}


def it(**changes: Any) -> Subject:
    """Somebody's promise to Acme, shown."""
    usual = {"tenant": TENANT, "partnership_id": ACME.id, "owner_id": SOMEBODY, "filed_by": SOMEBODY}
    return Subject(**{**usual, "is_shown": True, **changes})


class SetUp(NamedTuple):
    """Who does it to what; which columns are theirs then, and which reaches take them there."""

    actor: Actor
    subject: Subject
    columns: str
    holds: str


ALL_OF_US: dict[str, Any] = {
    **ADMIN,
    **CONTACT,
    **reporting(SOMEBODY),
    "roles": {ACME.id: frozenset(Role)},
}
SETUPS = {
    "colleague": SetUp(us(), it(), "CO PO", "Y"),
    "colleague in the channel": SetUp(us(**IN_CHANNEL), it(), "CO PO", "Y chan"),
    "colleague, not shown": SetUp(us(**IN_CHANNEL), it(**HIDDEN), "CO PO", "Y"),
    "colleague in another channel": SetUp(us(in_channel_of=frozenset({GLOBEX.id})), it(), "CO PO", "Y"),
    "owner": SetUp(us(), it(**MINE), "CO PO", "Y own"),
    "filer": SetUp(us(), it(**FILED), "CO PO", "Y filed"),
    "admin": SetUp(us(**ADMIN), it(), "WA CO PO", "Y"),
    "admin who owns": SetUp(us(**ADMIN), it(**MINE), "WA CO PO", "Y own"),
    "admin who filed": SetUp(us(**ADMIN), it(**FILED), "WA CO PO", "Y filed"),
    "manager of the owner": SetUp(us(**reporting(SOMEBODY)), it(), "MG CO PO", "Y team"),
    "manager of another": SetUp(us(**reporting(A_THIRD)), it(), "MG CO PO", "Y"),
    "manager in the channel": SetUp(us(**reporting(A_THIRD), **IN_CHANNEL), it(), "MG CO PO", "Y chan"),
    "manager, not shown": SetUp(us(**reporting(A_THIRD), **IN_CHANNEL), it(**HIDDEN), "MG CO PO", "Y"),
    "manager who owns": SetUp(us(**reporting(A_THIRD)), it(**MINE), "MG CO PO", "Y own"),
    "manager who filed": SetUp(us(**reporting(A_THIRD)), it(**FILED), "MG CO PO", "Y filed"),
    "manager of the customer": SetUp(us(**as_(Role.MANAGER)), it(), "MG CO PO", "Y team"),
    "manager of another customer": SetUp(us(**as_(Role.MANAGER, GLOBEX.id)), it(), "CO PO", "Y"),
    "lead": SetUp(us(**as_(Role.LEAD)), it(), "PL AM CO PO", "Y acct"),
    "lead in the channel": SetUp(us(**as_(Role.LEAD), **IN_CHANNEL), it(), "PL AM CO PO", "Y acct chan"),
    "lead, not shown": SetUp(us(**as_(Role.LEAD), **IN_CHANNEL), it(**HIDDEN), "PL AM CO PO", "Y acct"),
    "lead who owns": SetUp(us(**as_(Role.LEAD)), it(**MINE), "PL AM CO PO", "Y acct own"),
    "lead who filed": SetUp(us(**as_(Role.LEAD)), it(**FILED), "PL AM CO PO", "Y acct filed"),
    "lead of another customer": SetUp(us(**as_(Role.LEAD, GLOBEX.id)), it(), "CO PO", "Y"),
    "member": SetUp(us(**as_(Role.MEMBER)), it(), "AM CO PO", "Y acct"),
    "member who owns": SetUp(us(**as_(Role.MEMBER)), it(**MINE), "AM CO PO", "Y acct own"),
    "member who filed": SetUp(us(**as_(Role.MEMBER)), it(**FILED), "AM CO PO", "Y acct filed"),
    "member of another customer's team": SetUp(us(**as_(Role.MEMBER, GLOBEX.id)), it(), "CO PO", "Y"),
    "customer": SetUp(them(**CONTACT), it(), "EX", "Y cust chan"),
    "customer, not shown": SetUp(them(**CONTACT), it(**HIDDEN), "EX", "Y"),
    "customer, concerned": SetUp(them(**CONTACT), it(**HIDDEN, **MINE), "EX", "Y own"),
    "customer who asked": SetUp(them(**CONTACT), it(**HIDDEN, **FILED), "EX", "Y filed"),
    "contact of another customer": SetUp(them(customer_of=frozenset({GLOBEX.id})), it(), "ST", "Y"),
    "guest in the channel": SetUp(them(**IN_CHANNEL), it(), "ST", "Y chan"),
    "stranger": SetUp(them(), it(), "ST", "Y"),
    "outsider with every mark of ours": SetUp(
        them(**{**ALL_OF_US, "customer_of": frozenset()}), it(), "ST", "Y acct team"
    ),
    "other tenant": SetUp(us(**ALL_OF_US, tenant="T2"), it(**MINE, **FILED), "OT", "Y acct team own filed"),
}
# (column, reach): who has it, and who misses it by one thing.
PAIRS = {
    ("WA", "Y"): ("admin", ["colleague", "other tenant"]),
    ("WA", "own"): ("admin who owns", ["admin"]),
    ("WA", "filed"): ("admin who filed", ["admin"]),
    ("MG", "Y"): ("manager of another", ["manager of another customer", "other tenant"]),
    ("MG", "team"): ("manager of the owner", ["manager of another", "manager of another customer"]),
    ("MG", "chan"): ("manager in the channel", ["manager of another", "manager, not shown"]),
    ("MG", "own"): ("manager who owns", ["manager of another"]),
    ("MG", "filed"): ("manager who filed", ["manager of another"]),
    ("PL", "Y"): ("lead", ["lead of another customer", "other tenant"]),
    ("PL", "acct"): ("lead", ["lead of another customer", "manager of another customer"]),
    ("PL", "chan"): ("lead in the channel", ["lead", "lead, not shown"]),
    ("PL", "own"): ("lead who owns", ["lead"]),
    ("PL", "filed"): ("lead who filed", ["lead"]),
    ("AM", "Y"): ("member", ["member of another customer's team", "other tenant"]),
    ("AM", "acct"): ("member", ["member of another customer's team"]),
    ("AM", "own"): ("member who owns", ["member"]),
    ("AM", "filed"): ("member who filed", ["member"]),
    ("PO", "Y"): ("owner", ["stranger", "other tenant"]),
    ("PO", "own"): ("owner", ["colleague", "other tenant"]),
    ("PO", "filed"): ("filer", ["colleague"]),
    ("PO", "chan"): ("colleague in the channel", ["colleague, not shown", "colleague in another channel"]),
    ("CO", "Y"): ("colleague", ["stranger", "other tenant"]),
    ("CO", "chan"): ("colleague in the channel", ["colleague, not shown", "colleague in another channel"]),
    ("CO", "own"): ("owner", ["colleague"]),
    ("CO", "filed"): ("filer", ["colleague"]),
    ("CO", "prop"): ("colleague", ["stranger", "other tenant"]),
    ("EX", "Y"): ("customer", ["stranger", "other tenant"]),
    ("EX", "cust"): (
        "customer",
        ["customer, not shown", "contact of another customer", "guest in the channel"],
    ),
    ("EX", "own"): ("customer, concerned", ["customer, not shown", "contact of another customer"]),
    ("EX", "filed"): ("customer who asked", ["customer, not shown", "contact of another customer"]),
    ("EX", "prop"): ("customer", ["contact of another customer", "guest in the channel"]),
    ("ST", "Y"): ("stranger", ["other tenant"]),
}
CELLS = [(row, column, reach) for row in ROWS for column, reaches in row.cells.items() for reach in reaches]


def due_to(row: Row, setup: SetUp) -> Grant:
    """What the file says, read straight: any reach that holds in any column that is theirs."""
    reaches = {reach for column in setup.columns.split() for reach in row.cells[Column(column)]}
    if reaches & set(setup.holds.split()):
        return Grant.ALLOWED
    return Grant.PROPOSAL if "prop" in reaches else Grant.REFUSED


def granted(row: Row, setup: SetUp) -> Grant:
    return decide(setup.actor, row.action, setup.subject)


def by_id(value: object) -> str | None:
    return value.id if isinstance(value, Row) else str(value)


@pytest.mark.parametrize(("row", "column", "reach"), CELLS, ids=by_id)
def test_every_cell_grants_what_it_says_and_refuses_who_misses_it_by_one_thing(row, column, reach):
    has, misses = PAIRS[column.value, reach]
    assert granted(row, SETUPS[has]) in (
        {Grant.ALLOWED} if reach != "prop" else {Grant.PROPOSAL, Grant.ALLOWED}
    )
    for name in misses:
        assert granted(row, SETUPS[name]) is due_to(row, SETUPS[name]), name


@pytest.mark.parametrize("row", ROWS, ids=by_id)
def test_whoever_comes_gets_what_the_row_says_and_no_more(row):
    for name, setup in SETUPS.items():
        assert granted(row, setup) is due_to(row, setup), name


@pytest.mark.parametrize("row", PLAIN, ids=by_id)
def test_a_row_without_a_mirror_is_the_same_for_both_sides(row):
    for name, (actor, subject, columns, holds) in SETUPS.items():
        theirs = it(**{**fields_of(subject), "side": Side.THEIRS})
        assert decide(actor, row.action, theirs) is due_to(row, SetUp(actor, theirs, columns, holds)), name


def fields_of(subject: Subject) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in Subject.__dataclass_fields__}


def test_near_misses_are_refused_for_most_cells_not_by_another_column():
    plainly = Counter(
        due_to(row, SETUPS[miss]) is Grant.REFUSED
        for row, column, reach in CELLS
        for miss in PAIRS[column.value, reach][1]
    )
    assert plainly[True] > 3 * plainly[False]


# Promises of theirs: the roles are mirrored

OWNERS = [row for row in ROWS if row.mirror == "owner"]
CUSTOMERS = [row for row in ROWS if row.mirror == "customer"]
THEIRS: dict[str, Any] = {"side": Side.THEIRS}


@pytest.mark.parametrize("row", OWNERS, ids=by_id)
@pytest.mark.parametrize("shown", [True, False])
def test_the_customer_who_owns_it_has_the_owner_s_cell(row, shown):
    theirs = it(**THEIRS, **MINE, is_shown=shown)
    assert decide(them(**CONTACT), row.action, theirs) is Grant.ALLOWED
    near_misses = (
        decide(them(**CONTACT), row.action, it(**THEIRS, is_shown=shown)),  # a colleague of the owner
        decide(them(**IN_CHANNEL), row.action, theirs),  # of an organisation that is not mapped
        decide(them(customer_of=frozenset({GLOBEX.id})), row.action, theirs),
        decide(them(**CONTACT, tenant="T2"), row.action, theirs),
        decide(us(**ALL_OF_US), row.action, theirs),  # none of us, not even named as the owner
    )
    assert set(near_misses) == {Grant.REFUSED}


@pytest.mark.parametrize("row", CUSTOMERS, ids=by_id)
def test_our_lead_has_the_customer_s_cell(row):
    lead, theirs = us(**as_(Role.LEAD)), it(**THEIRS)
    assert decide(lead, row.action, theirs) is Grant.ALLOWED
    near_misses = (
        decide(lead, row.action, it(**THEIRS, **HIDDEN)),
        decide(us(**as_(Role.LEAD, GLOBEX.id)), row.action, theirs),
        decide(us(**as_(Role.MEMBER)), row.action, theirs),
        decide(us(**as_(Role.MANAGER), **reporting(SOMEBODY)), row.action, theirs),
        decide(us(**as_(Role.LEAD), tenant="T2"), row.action, theirs),
        decide(them(**CONTACT, **as_(Role.LEAD)), row.action, theirs),  # nobody answers their own side
    )
    assert set(near_misses) == {Grant.REFUSED}


def test_the_rows_the_design_mirrors_are_mirrored():
    assert {"M08", "M12", "M17", "M19"} <= {row.id for row in OWNERS}
    assert {"M14", "M18"} <= {row.id for row in CUSTOMERS}


# Fail closed


def test_an_unknown_action_is_refused_to_everybody():
    everybody = {decide(setup.actor, "promise.conjure", setup.subject) for setup in SETUPS.values()}
    assert everybody == {Grant.REFUSED}


@pytest.mark.parametrize("row", ROWS, ids=by_id)
def test_another_tenant_is_always_refused(row):
    assert row.cells[Column.OT] == ()
    actors = (us(**ALL_OF_US, tenant="T2"), them(**CONTACT, tenant="T2"))
    subjects = (it(**MINE, **FILED), it(**MINE, **FILED, **THEIRS), Subject(tenant=TENANT))
    assert {decide(a, row.action, s) for a in actors for s in subjects} == {Grant.REFUSED}


def test_nobody_moves_a_published_date_alone():
    for setup in SETUPS.values():
        assert decide(setup.actor, "promise.move_published", setup.subject) is Grant.REFUSED


def test_nobody_s_figures_are_anybody_else_s():
    may = {
        name for name, setup in SETUPS.items() if granted(matrix()["figures.read"], setup) is Grant.ALLOWED
    }
    assert may == {"owner", "admin who owns", "manager who owns", "lead who owns", "member who owns"}


def test_strangers_may_read_what_kept_does_talk_and_be_left_out_and_nothing_else():
    may = {row.action for row in ROWS if granted(row, SETUPS["stranger"]) is not Grant.REFUSED}
    assert may == {"help", "talk", "reading.leave"}


def test_outsiders_decide_nothing_inside():
    inside = [
        row
        for row in ROWS
        if row.action.startswith(("note.", "role.", "tenant.", "digest.decide", "summary"))
    ]
    assert inside
    for row in inside:
        assert {decide(s.actor, row.action, s.subject) for s in SETUPS.values() if not s.actor.is_ours} == {
            Grant.REFUSED
        }


def test_without_a_partnership_in_view_a_customer_is_somebody_s_customer():
    nowhere = Subject(tenant=TENANT)
    assert decide(them(**CONTACT), "promise.list", nowhere) is Grant.ALLOWED
    assert decide(them(), "promise.list", nowhere) is Grant.REFUSED


@pytest.mark.parametrize(
    "person",
    [
        a_contact("Carla", "acme"),
        a_contact("Carla", None),
        a_person("Ana", guest=True, is_admin=True),
        a_person("Ana", is_active=False, is_admin=True),
    ],
    ids=["customer", "unknown", "guest", "deactivated"],
)
def test_outsiders_unknowns_guests_and_the_departed_are_not_ours(person):
    assert not person.is_ours
    assert a_person("Ana").is_ours


# The file itself


def test_the_file_knows_no_other_columns_or_reaches():
    assert {(column.value, reach) for _, column, reach in CELLS} <= PAIRS.keys()


def test_rows_are_named_once_and_say_what_they_are_about():
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert all(row.says and row.says[0].isupper() for row in ROWS)
    assert {f"M{n:02}" for n in range(1, 41)} <= {row.id for row in ROWS}
    assert {row.mirror for row in ROWS} == {"", "owner", "customer"}
