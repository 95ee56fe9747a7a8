"""The published formulas: docs/measures.md is read and worked out, then the corners one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import moment
from commitments.events import Fact, Kind
from commitments.measures import Fate, Measures, Period, Share, fate_in, measure, needs_history
from commitments.promise import Due, Promise, Side, State, Waiting
from commitments.worktime import Calendar

DOC = Path(__file__).parents[2] / "docs" / "measures.md"
NOVEMBER = Period(starts=moment("Mon 2 Nov 00:00"), ends=moment("Mon 30 Nov 00:00"))
READ_AT = moment("Mon 30 Nov 10:00")
FRIDAY = moment("Fri 20 Nov 17:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def promised(due: datetime = FRIDAY, *, first: datetime | None = None, **changes: object) -> Promise:
    start = moment("Mon 26 Oct 09:00")
    plain = Promise(
        id="p1",
        tenant="t",
        partnership_id="acme",
        number=1,
        title="Send the report",
        side=Side.OURS,
        state=State.OPEN,
        owner_id="ana",
        filed_by="ana",
        due=Due(at=due, zone="UTC"),
        first_due=Due(at=first or due, zone="UTC"),
        created_at=start,
        span_from=start,
        shown_at=start,
    )
    return plain.with_(**changes)


def kept(delivered: datetime, due: datetime = FRIDAY, **changes: object) -> Promise:
    return promised(due, state=State.KEPT, delivered_at=delivered, settled_at=delivered + DAY, **changes)


def fact(kind: Kind, at: datetime, **detail: str) -> Fact:
    return Fact(kind=kind, at=at, by="ana", detail=detail)


def measured(
    *promises: Promise, side: Side = Side.OURS, now: datetime = READ_AT, **history: list[Fact]
) -> Measures:
    return measure(promises, history, side=side, period=NOVEMBER, now=now, calendar_of=lambda _: Calendar())


# The document


def tables() -> list[list[dict[str, str]]]:
    """Every table after the heading of the example, as rows by column name."""
    blocks = re.findall(r"(?:^\|.*\n)+", DOC.read_text("utf-8").split("## Worked example")[1], re.M)
    return [list(rows(block)) for block in blocks]


def rows(block: str) -> Iterator[dict[str, str]]:
    head, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
    return (dict(zip(head, cells, strict=True)) for cells in body)


def on(day: str, hour: int = 17) -> datetime:
    return datetime.strptime(f"{day} 2026 {hour} +0000", "%d %b %Y %H %z")


WORDS = {"kept": Kind.OFFERED, "missed": Kind.MISSED, "withdrawn": Kind.WITHDRAWN}


def as_told(row: dict[str, str]) -> tuple[Promise, list[Fact]]:
    first, due = on(row["first date"]), on(row["date"])
    promise = promised(
        due,
        first=first,
        id=row["promise"],
        state=State(row["became"]),
        delivered_at=None if row["delivered"] == "–" else on(row["delivered"], 12),
        moved_early=int(row["moved"] == "early"),
        moved_late=int(row["moved"] == "late"),
    )
    if row["word"] == "–":
        return promise, []
    kind = WORDS[row["became"]]
    said = fact(kind, on(row["word"], 12), **({"old_due": first.isoformat()} if kind is Kind.OFFERED else {}))
    agreed = fact(Kind.OFFER_ACCEPTED, said.at + HOUR, old_due=first.isoformat())
    return promise, [said, agreed] if kind is Kind.OFFERED else [said]


def in_words(found: Measures) -> dict[str, str]:
    share = found.on_time
    fates = {fate.value: str(found.fates[fate]) for fate in Fate}
    return fates | {
        "due": str(found.due),
        "kept on time": f"{share.part} of {share.whole}",
        "past due": f"{found.fates[Fate.OVERDUE]} (day {found.past_due_days[0]})",
        "kept on the first date": str(found.on_first_date),
        "moved early": str(found.moved_early),
        "moved late": str(found.moved_late),
        "notice": f"{found.notice_days} working days",
        "heard from us first": f"{found.heard_first.part} of {found.heard_first.whole}",
    }


def test_the_published_example_comes_out_as_published() -> None:
    promises, results = tables()
    told = [as_told(row) for row in promises]
    found = measured(*(p for p, _ in told), **{p.id: facts for p, facts in told})
    assert in_words(found) == {row["measure"]: row["value"] for row in results}


def test_the_document_names_every_fate() -> None:
    page = DOC.read_text("utf-8")
    assert all(f"| {fate.value} |" in page for fate in Fate)


# The corners


def test_on_time_is_judged_by_delivery_not_by_confirmation() -> None:
    assert measured(kept(FRIDAY)).fates == {Fate.ON_TIME: 1}
    assert measured(kept(FRIDAY + HOUR)).fates == {Fate.LATE: 1}


def test_a_stopped_clock_does_not_make_anybody_late() -> None:
    assert measured(kept(FRIDAY + DAY, paused_for=DAY)).fates == {Fate.ON_TIME: 1}
    waiting = promised(waiting=Waiting(reason="your data", since=FRIDAY - DAY))
    assert measured(waiting).due == 0


def test_an_overdue_promise_counts_from_its_first_hour() -> None:
    found = measured(promised(), now=FRIDAY + HOUR)
    assert (found.fates, found.past_due_days, found.on_time) == ({Fate.OVERDUE: 1}, (1,), Share(0, 1))


def test_silence_does_not_leave_the_figures_by_growing_old() -> None:
    forgotten = promised(moment("Fri 2 Oct 17:00"))
    assert measured(forgotten).past_due_days == (59,)
    assert measured(forgotten.with_(state=State.MISSED)).due == 0


@pytest.mark.parametrize("state", [State.PROPOSED, State.DECLINED])
def test_what_nobody_owned_never_counts(state: State) -> None:
    assert measured(promised(state=state)).due == 0


def test_a_date_still_to_come_does_not_count_yet() -> None:
    assert measured(promised(), now=FRIDAY - HOUR).due == 0


@pytest.mark.parametrize(
    ("state", "judged"),
    [
        (State.RELEASED, 0),
        (State.UNOPPOSED, 0),
        (State.DELIVERED, 0),
        (State.WITHDRAWN, 1),
        (State.MISSED, 1),
    ],
)
def test_released_is_no_failure_and_withdrawn_is(state: State, judged: int) -> None:
    found = measured(promised(state=state))
    assert (found.due, found.on_time) == (1, Share(0, judged))


def test_the_sides_are_counted_apart() -> None:
    theirs = kept(FRIDAY, side=Side.THEIRS)
    assert measured(theirs).due == 0
    assert measured(theirs, side=Side.THEIRS).fates == {Fate.ON_TIME: 1}


def test_one_late_move_makes_a_moved_promise_late() -> None:
    found = measured(kept(FRIDAY, moved_early=2, moved_late=1), kept(FRIDAY, moved_early=1))
    assert (found.moved_early, found.moved_late) == (1, 1)


def test_kept_by_the_first_date_though_a_new_one_was_agreed() -> None:
    first = moment("Wed 18 Nov 17:00")
    moved = {"first_due": Due(at=first, zone="UTC"), "moved_early": 1}
    assert measured(kept(first, **moved)).on_first_date == 1
    assert measured(kept(first + HOUR, **moved)).on_first_date == 0


def test_fewer_than_five_are_too_few_to_say() -> None:
    assert measured(*[kept(FRIDAY)] * 4).too_few
    enough = measured(*[kept(FRIDAY)] * 5)
    assert not enough.too_few
    assert enough.on_time == Share(5, 5)
    assert measured(*[promised(state=State.RELEASED)] * 5).on_time.too_few


def test_without_trouble_there_is_no_notice_to_measure() -> None:
    found = measured(kept(FRIDAY))
    assert (found.notice_days, found.heard_first) == (None, Share(0, 0))


def test_who_had_to_ask_did_not_hear_it_first() -> None:
    asked = [fact(Kind.ASKED_HOW, FRIDAY - 3 * DAY), fact(Kind.MISSED, FRIDAY - DAY)]
    missed = promised(state=State.MISSED)
    assert measured(missed, p1=asked).heard_first == Share(0, 1)
    answered = [asked[0], fact(Kind.ANSWERED_HOW, FRIDAY - 2 * DAY), asked[1]]
    assert measured(missed, p1=answered).heard_first == Share(1, 1)


def test_a_word_after_the_date_is_no_notice() -> None:
    found = measured(promised(state=State.MISSED), p1=[fact(Kind.MISSED, FRIDAY + HOUR)])
    assert (found.notice_days, found.heard_first) == (0, Share(0, 1))


def test_a_word_that_was_taken_back_was_not_said() -> None:
    undone = [fact(Kind.MISSED, FRIDAY - DAY), fact(Kind.UNDONE, FRIDAY - DAY, undid="missed")]
    assert measured(promised(), p1=undone).heard_first == Share(0, 1)


def test_a_private_promise_gives_the_customer_nothing_to_hear() -> None:
    private = promised(state=State.MISSED, shown_at=None)
    assert measured(private).heard_first == Share(0, 0)
    assert not needs_history(private, READ_AT)


days = st.integers(-40, 60).map(lambda n: FRIDAY + n * DAY)


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    state = draw(st.sampled_from(State))
    done = state in (State.KEPT, State.UNOPPOSED, State.DELIVERED)
    return promised(
        draw(days),
        state=state,
        side=draw(st.sampled_from(Side)),
        delivered_at=draw(days) if done else None,
        paused_for=draw(st.sampled_from([timedelta(), 3 * DAY])),
        moved_late=draw(st.integers(0, 2)),
        moved_early=draw(st.integers(0, 2)),
    )


@given(st.lists(promises(), max_size=12), days, st.sampled_from(Side))
def test_every_promise_due_has_exactly_one_fate(found: list[Promise], now: datetime, side: Side) -> None:
    measures = measure(found, {}, side=side, period=NOVEMBER, now=now, calendar_of=lambda _: Calendar())
    assert sum(measures.fates.values()) == measures.due <= len(found)
    assert len(measures.past_due_days) == measures.fates[Fate.OVERDUE]
    assert measures.on_first_date <= measures.fates[Fate.ON_TIME] + measures.fates[Fate.LATE]
    assert measures.moved_early + measures.moved_late <= measures.due
    assert 0 <= measures.on_time.part <= measures.on_time.whole <= measures.due
    assert 0 <= measures.heard_first.part <= measures.heard_first.whole <= measures.due


@given(promises(), days)
def test_only_what_is_past_due_is_counted_in_two_periods(promise: Promise, now: datetime) -> None:
    before = Period(starts=NOVEMBER.starts - 28 * DAY, ends=NOVEMBER.starts)
    fates = [fate_in(promise, period, now) for period in (before, NOVEMBER)]
    assert None in fates or fates == [Fate.OVERDUE, Fate.OVERDUE]
