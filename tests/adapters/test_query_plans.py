"""What every tick asks costs the same however much is stored: it walks an index made for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.db.unit_of_work import open_uow
from builders import ANA, MONDAY, TENANT

LEASE = timedelta(minutes=1)

ASKED = {
    "ix_promises_next_at": lambda uow: uow.promises.claim_due(MONDAY, 500),
    "ix_promises_partnership_id_due_at": lambda uow: uow.promises.touched("id", MONDAY, MONDAY),
    "ix_promises_owner_id_due_at": lambda uow: uow.promises.due_between(ANA.id, MONDAY, MONDAY),
    "ix_facts_promise_id_id": lambda uow: uow.promises.last_fact("id"),
    "ix_nudges_unsaid": lambda uow: uow.nudges.unsaid(ANA.id),
    "ix_outbox_ready": lambda uow: uow.outbox.claim("lane", "w", MONDAY, limit=10, lease_for=LEASE),
    "ix_outbox_person": lambda uow: uow.outbox.unasked_on(ANA.id, "2026-11-16"),
    "ix_outbox_settled": lambda uow: uow.outbox.forget_before(MONDAY, limit=10),
    "ix_outbox_dead": lambda uow: uow.outbox.dead(),
    "ix_alarms_at": lambda uow: uow.alarms.claim_due(MONDAY, 10),
    "ix_inbox_at": lambda uow: uow.inbox.forget_before(MONDAY, limit=10),
    "ix_posts_subject_id": lambda uow: uow.posts.of_subject("id"),
    "ix_members_person_id": lambda uow: uow.places.of_person(ANA.id),
    "ix_sightings_place_id_at": lambda uow: uow.sightings.offered_lately("id", 50),
    "ix_sightings_person_id_at": lambda uow: uow.sightings.last_of(ANA.id),
    "ix_sightings_at": lambda uow: uow.sightings.forget_sightings(MONDAY, limit=10),
    "ix_open_requests_place_id_at": lambda uow: uow.sightings.requests("id", "", MONDAY),
    "ix_open_requests_at": lambda uow: uow.sightings.forget_requests(MONDAY, limit=10),
    "ix_jottings_at": lambda uow: uow.jottings.forget(MONDAY, limit=10),
    "ix_roles_person_id": lambda uow: uow.people.ties(ANA.id),
}


KEYED = {
    "platform=? AND account=?": lambda uow: uow.people.by_account("slack", "U1"),
    "platform=? AND route=?": lambda uow: uow.places.by_route("slack", "C1"),
    "name_key=?": lambda uow: uow.partnerships.named("Acme"),
    "number=?": lambda uow: uow.promises.numbered(12),
    "key=?": lambda uow: uow.nudges.said(["key"], MONDAY),
    "subject_id=? AND kind=? AND period=?": lambda uow: uow.digests.of_period("id", "shared", "2026-W47"),
}


@pytest.fixture
def plan(sqlite_engine):
    """How SQLite looks up what is asked from here on."""
    said: list[str] = []
    with sqlite_engine.connect() as connection:
        connection.connection.driver_connection.set_trace_callback(said.append)
    return lambda: [step for each in said[:] for step in _steps(sqlite_engine, each)]


def _steps(engine, statement):
    if not statement.startswith(("SELECT", "WITH", "DELETE", "UPDATE")):
        return []
    with engine.connect() as connection:
        explained = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        return [row[3] for row in explained]


@pytest.mark.parametrize("tenant", [None, TENANT])
@pytest.mark.parametrize("index", ASKED)
def test_a_question_of_every_day_walks_its_index(sqlite_engine, plan, index, tenant):
    with open_uow(sqlite_engine)(tenant) as uow:
        ASKED[index](uow)
    assert any(f" {index} " in f"{step} " for step in plan()), plan()


@pytest.mark.parametrize("key", KEYED)
def test_what_has_a_key_is_found_by_it(sqlite_engine, plan, key):
    with open_uow(sqlite_engine)(TENANT) as uow:
        KEYED[key](uow)
    assert any(f"(tenant=? AND {key})" in step for step in plan()), plan()
