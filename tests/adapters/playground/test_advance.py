from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from adapters.playground.clock import Clock, read_duration
from adapters.playground.opening import open_playground
from fakes import FakeStore, SettableClock

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


async def test_the_clock_moves_by_a_duration_and_to_a_moment(visitor) -> None:
    by = await visitor.post("advance", by="P1DT2H")
    assert datetime.fromisoformat(by["now"]) >= NOON + timedelta(days=1, hours=2)
    to = await visitor.post("advance", to="2026-11-23T10:00:00+01:00")
    assert datetime.fromisoformat(to["now"]) == datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_the_clock_never_goes_back(visitor) -> None:
    there = await visitor.post("advance", by="P1W")
    assert (await visitor.post("advance", to="2026-11-18T12:00:00Z"))["now"] == there["now"]


async def test_next_jumps_to_the_next_thing_that_happens(visitor) -> None:
    before = {m["id"] for who in ("ana", "ben", "carla") for m in await visitor.sees(who)}
    await visitor.promise("send the price list", "2026-11-19")
    now = datetime.fromisoformat((await visitor.post("advance", next=True))["now"])
    assert now > NOON
    for _ in range(5):
        await visitor.post("advance", next=True)
    after = {m["id"] for who in ("ana", "ben", "carla") for m in await visitor.sees(who)}
    assert after - before


async def test_what_falls_due_on_the_way_happens_at_its_moment(visitor) -> None:
    await visitor.promise("send the price list", "2026-11-26")
    await visitor.post("advance", to="2026-11-27T12:00:00Z")
    said = [m for m in await visitor.sees("ana") if m["place"] == "dm-ana" and "price list" in m["text"]]
    mornings = {datetime.fromisoformat(m["at"]).strftime("%a %H") for m in said if not m.get("only_you")}
    assert {"Thu 08", "Fri 08"} <= mornings  # 09:00 in Berlin: due today, and overdue


async def test_a_long_jump_is_not_taken_for_a_long_silence(client, visitor) -> None:
    await visitor.post("advance", by="P30D")
    assert (await client.get("/readyz")).status == 200


async def test_the_clock_survives_a_restart(visitor, engine, real) -> None:
    there = (await visitor.post("advance", by="P3D"))["now"]
    assert open_playground(engine, real).clock.now() == datetime.fromisoformat(there)


async def test_a_restart_keeps_messages_and_open_forms(visitor, engine, real) -> None:
    opened = await visitor.say("ana", "acme-shared", "/promise send the price list")
    again = open_playground(engine, real)
    saved = again.submit("ana", opened["form"]["token"], {"due": "2026-12-04"})
    assert saved.reply is not None
    assert [m.ref for m in again.view("ana").messages][-1] == saved.message


async def test_a_day_with_a_hundred_open_promises_takes_under_two_seconds(visitor, playground) -> None:
    for number in range(100):
        said = playground.say("ana", "acme-shared", f"/promise piece {number} by 2026-11-{23 + number % 5}")
        if said.token:
            playground.submit("ana", said.token, {})
    began = monotonic()
    await visitor.post("advance", by="P1D")
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("P1D", timedelta(days=1)),
        ("PT1H", timedelta(hours=1)),
        ("PT90M", timedelta(minutes=90)),
        ("P2W", timedelta(weeks=2)),
        ("P1W2DT3H4M", timedelta(weeks=1, days=2, hours=3, minutes=4)),
        ("P0D", timedelta(0)),
        *(
            (text, None)
            for text in ("", "P", "PT", "P1DT", "1D", "P-1D", "P1Y", "P1M", "PT1S", "P1.5D", "p1d", "P1D ")
        ),
    ],
)
def test_durations_are_weeks_days_hours_and_minutes(text: str, means: timedelta | None) -> None:
    assert read_duration(text) == means


def test_a_clock_of_the_machine_that_is_put_back_stands_still_here() -> None:
    real = SettableClock(NOON)
    clock = Clock(real, FakeStore().open_uow)
    real.now = NOON - timedelta(hours=1)
    assert clock.now() == NOON


def test_between_jumps_the_clock_runs_with_real_time() -> None:
    real = SettableClock(NOON)
    clock = Clock(real, FakeStore().open_uow)
    clock.move_to(NOON + timedelta(days=3))
    real.advance(timedelta(minutes=5))
    assert clock.now() == NOON + timedelta(days=3, minutes=5)
