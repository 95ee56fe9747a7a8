"""What every store holds to about promises and their history: the fake as well as databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import (
    ACME,
    ACME_SHARED,
    ANA,
    BEN,
    CARLA,
    FRIDAY,
    GLOBEX,
    MONDAY,
    NEXT_FRIDAY,
    NEXT_MONDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_fact,
    a_person,
    a_promise,
    an_id,
    due,
)
from commitments.errors import StaleWrite
from commitments.events import Kind
from commitments.promise import Side, Source, State


def added(uow, *promises):
    for each in promises:
        uow.promises.add(each)
    return promises[0] if len(promises) == 1 else promises


def ids(promises):
    return [each.id for each in promises]


def test_a_promise_comes_back_as_it_went(uow):
    promise = added(uow, a_promise(title="Größe 🙂 'quoted' %_", note=""))
    assert uow.promises.get(promise.id) == promise
    assert uow.promises.of_ids([promise.id, an_id("nothing")]) == {promise.id: promise}


def test_a_number_is_given_once_in_a_partnership(uow):
    promise = added(uow, a_promise())
    elsewhere = added(uow, a_promise(number=promise.number, partnership_id=GLOBEX.id))
    assert sorted(ids(uow.promises.numbered(promise.number))) == sorted([promise.id, elsewhere.id])
    assert uow.promises.numbered(promise.number, GLOBEX.id) == [elsewhere]
    with pytest.raises(StaleWrite):
        uow.promises.add(a_promise(number=promise.number))


def test_a_stale_promise_is_not_saved(uow):
    promise = added(uow, a_promise())
    uow.promises.save(promise.with_(state=State.DELIVERED, delivered_at=FRIDAY))
    with pytest.raises(StaleWrite):
        uow.promises.save(promise.with_(state=State.RELEASED))
    stored = uow.promises.get(promise.id)
    assert (stored.state, stored.delivered_at, stored.version) == (State.DELIVERED, FRIDAY, 2)


def test_of_many_the_stale_ones_are_named_and_left_alone(uow):
    gone = a_promise()
    fresh, stale = added(uow, a_promise(), a_promise())
    uow.promises.save(stale.with_(title="Somebody was quicker"))
    late = [each.with_(title="Late") for each in (fresh, stale, gone)]
    assert uow.promises.save_all(late) == {stale.id, gone.id}
    assert uow.promises.get(fresh.id) == fresh.with_(title="Late", version=2)
    assert uow.promises.get(stale.id).title == "Somebody was quicker"
    assert uow.promises.save_all([]) == set()


def test_more_than_one_batch_is_saved_and_read(uow):
    many = added(uow, *(a_promise() for _ in range(501)))
    assert uow.promises.save_all([each.with_(next_at=MONDAY) for each in many]) == set()
    found = uow.promises.of_ids(ids(many))
    assert {(each.next_at, each.version) for each in found.values()} == {(MONDAY, 2)}
    assert len(found) == 501


def test_a_partnerships_promises_come_by_due_date(uow):
    late, soon = added(uow, a_promise(due_at=FRIDAY), a_promise(due_at=TUESDAY))
    kept = added(uow, a_promise(due_at=MONDAY, state=State.KEPT))
    added(uow, a_promise(partnership_id=GLOBEX.id))
    assert uow.promises.of_partnership(ACME.id) == [kept, soon, late]
    assert uow.promises.of_partnership(ACME.id, [State.OPEN]) == [soon, late]
    assert uow.promises.of_partnership(ACME.id, limit=1) == [kept]
    assert uow.promises.of_partnership(ACME.id, []) == []


def test_an_owners_promises_come_by_due_date(uow):
    late, soon = added(uow, a_promise(due_at=FRIDAY), a_promise(due_at=TUESDAY, state=State.PROPOSED))
    added(uow, a_promise(owner_id=BEN.id))
    assert uow.promises.of_owner(ANA.id, [State.OPEN, State.PROPOSED]) == [soon, late]
    assert uow.promises.of_owner(ANA.id, [State.OPEN, State.PROPOSED], limit=1) == [soon]
    assert uow.promises.of_owner(ANA.id, [State.KEPT]) == []


def test_due_between_counts_open_ones_and_leaves_out_the_end(uow):
    first, _ = added(uow, a_promise(due_at=MONDAY), a_promise(due_at=TUESDAY))
    added(uow, a_promise(due_at=MONDAY, state=State.DELIVERED), a_promise(due_at=MONDAY, owner_id=BEN.id))
    assert uow.promises.due_between(ANA.id, MONDAY, TUESDAY) == [first]


@pytest.mark.parametrize(
    ("promise", "is_touched"),
    [
        (a_promise(due_at=MONDAY, state=State.KEPT), True),
        (a_promise(due_at=FRIDAY, state=State.KEPT), False),
        (a_promise(due_at=NEXT_FRIDAY, state=State.DELIVERED, delivered_at=TUESDAY), True),
        (a_promise(due_at=NEXT_FRIDAY, state=State.RELEASED, settled_at=TUESDAY), True),
        (a_promise(due_at=MONDAY - timedelta(weeks=9)), True),
        (a_promise(due_at=MONDAY - timedelta(weeks=9), state=State.MISSED), False),
        (a_promise(due_at=NEXT_FRIDAY), False),
    ],
    ids=["due", "due at the end", "delivered", "settled", "open and past due", "long settled", "not yet"],
)
def test_what_touches_a_period(uow, promise, is_touched):
    added(uow, promise)
    assert uow.promises.touched(ACME.id, MONDAY, FRIDAY) == [promise] * is_touched
    assert uow.promises.touched(GLOBEX.id, MONDAY, FRIDAY) == []


@pytest.mark.parametrize(
    ("kind", "at", "is_touched"),
    [
        (Kind.OFFERED, TUESDAY, True),
        (Kind.MOVED, TUESDAY, True),
        (Kind.OFFER_ACCEPTED, FRIDAY, False),
        (Kind.NOTED, TUESDAY, False),
    ],
)
def test_a_renegotiation_touches_the_period_it_happened_in(uow, kind, at, is_touched):
    promise = added(uow, a_promise())
    uow.promises.add_fact(promise.id, a_fact(kind, at), None)
    assert uow.promises.touched(ACME.id, MONDAY, FRIDAY) == [promise] * is_touched


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("report", ["Send the SOC 2 REPORT", "Report 100% done"]),
        ("soc send", ["Send the SOC 2 REPORT"]),
        ("100%", ["Report 100% done"]),
        ("%", ["Report 100% done"]),
        ("_", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("STRASSE", ["Die Straße teeren"]),
        ("'; DROP TABLE promises; --", []),
        ("  ", []),
    ],
)
def test_titles_are_found_by_every_word(uow, words, titles):
    written = ["Send the SOC 2 REPORT", "Report 100% done", "snake_case", "back\\slash", "Die Straße teeren"]
    added(uow, *(a_promise(title=title) for title in written))
    assert sorted(each.title for each in uow.promises.find(words, [ACME.id])) == sorted(titles)


def test_titles_are_found_where_one_may_look_latest_due_first(uow):
    first, last = added(uow, a_promise(due_at=MONDAY), a_promise(due_at=FRIDAY))
    added(uow, a_promise(partnership_id=GLOBEX.id))
    assert uow.promises.find("report", [ACME.id]) == [last, first]
    assert uow.promises.find("report", [ACME.id], limit=1) == [last]
    assert uow.promises.find("report", []) == []


def test_what_time_has_reached_is_claimed_oldest_first(uow):
    later, sooner, not_yet = added(
        uow, a_promise(next_at=WEDNESDAY), a_promise(next_at=TUESDAY), a_promise(next_at=FRIDAY)
    )
    added(uow, a_promise(next_at=None))
    assert uow.promises.next_at() == TUESDAY
    assert uow.promises.claim_due(WEDNESDAY, 10) == [sooner, later]
    assert uow.promises.claim_due(NEXT_MONDAY, 2) == [sooner, later]
    assert uow.promises.claim_due(MONDAY, 10) == []
    uow.promises.save_all([each.with_(next_at=None) for each in (later, sooner, not_yet)])
    assert uow.promises.next_at() is None


def test_who_left_and_still_owns_something_is_found(uow):
    gone, guest, settled, here = (a_person(name) for name in ("Gone", "Guest", "Settled", "Here"))
    for each in (gone, guest, settled, here):
        uow.people.add(each)
    for owner in (gone, gone, guest, here):
        added(uow, a_promise(owner_id=owner.id))
    added(uow, a_promise(owner_id=settled.id, state=State.KEPT, delivered_at=TUESDAY))
    added(uow, a_promise(owner_id=CARLA.id, side=Side.THEIRS))
    assert uow.promises.owners_gone() == []
    uow.people.save(replace(gone, is_active=False))
    uow.people.save(replace(guest, guest=True))
    uow.people.save(replace(settled, side=Side.THEIRS))
    uow.people.save(replace(CARLA, is_active=False))
    assert {each.name for each in uow.promises.owners_gone()} == {"Gone", "Guest"}


def said_at(link, quote="I'll send it"):
    return Source(quote=quote, link=link, place_id=ACME_SHARED.id)


def test_promises_are_found_by_what_their_link_holds(uow):
    mark = "/C1/p17_%"
    here, also, *_ = added(
        uow,
        a_promise(source=said_at("https://acme.example/archives/C1/p17_%")),
        a_promise(source=said_at("https://acme.example/archives/C1/p17_%?thread_ts=1", "")),
        a_promise(source=said_at("https://acme.example/archives/C1/p17x%")),
        a_promise(source=said_at("https://acme.example/archives/c1/p17_%")),
        a_promise(source=said_at(None, f"see https://acme.example/archives{mark}")),
        a_promise(),
    )
    assert uow.promises.linked(mark) == sorted([here, also], key=lambda each: each.id)


def test_a_quote_leaves_the_promise_and_what_it_was_before(uow):
    promise = added(uow, a_promise(source=said_at("https://acme.example/1")))
    other = added(uow, a_promise(source=said_at("https://acme.example/2")))
    for each in (promise, other):
        uow.promises.add_fact(each.id, a_fact(), None)
        uow.promises.add_fact(each.id, a_fact(Kind.DELIVERED), each)
    facts = uow.promises.facts(promise.id)
    uow.promises.unquote(promise)
    left = replace(promise, source=said_at("https://acme.example/1", ""))
    assert uow.promises.get(promise.id) == replace(left, version=2)
    assert uow.promises.facts(promise.id) == facts
    assert uow.promises.last_fact(promise.id) == (facts[-1], left)
    assert uow.promises.last_fact(other.id) == (facts[-1], other)
    with pytest.raises(StaleWrite):
        uow.promises.unquote(promise)


def test_history_is_told_in_the_order_it_was_written(uow):
    promise, other = added(uow, a_promise(), a_promise())
    facts = [a_fact(at=SUNDAY), a_fact(Kind.NOTED, at=MONDAY, by=None), a_fact(Kind.MOVED, old="2026-11-20")]
    for each in facts:
        uow.promises.add_fact(promise.id, each, None)
    assert uow.promises.facts(promise.id) == facts
    assert uow.promises.facts(other.id) == []
    assert uow.promises.last_fact(other.id) is None


def test_the_last_fact_brings_the_promise_as_it_was(uow):
    before = added(uow, a_promise(note="as it was", due=due(THURSDAY, "Europe/Berlin", time_said=True)))
    uow.promises.add_fact(before.id, a_fact(), None)
    assert uow.promises.last_fact(before.id) == (a_fact(), None)
    uow.promises.add_fact(before.id, a_fact(Kind.EDITED), before)
    assert uow.promises.last_fact(before.id) == (a_fact(Kind.EDITED), before)
