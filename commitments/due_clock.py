"""Which minute of the day: clock times without am or pm, parts of the day, the end of the working day."""

from dataclasses import dataclass
from datetime import time

from commitments.due_parts import Clock, Close, DayPart, Found, maybe
from commitments.due_terms import Setting, UnsureError

NOON = 12
LAST_MINUTE = time(23, 59)
# Convention 2: with a zone named, the close is five o'clock there, whatever the owner's own hours are.
FIVE = time(17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    times: tuple[time, ...]  # the first is the best
    said: bool  # a clock time, not a part of the day or the end of it
    grain: str | None = None
    doubt: str | None = None


def times_of(parts: Found, setting: Setting, *, elsewhere: bool) -> Times:
    """`elsewhere`: another zone is named than the owner's."""
    clock, part = maybe(Clock, parts), maybe(DayPart, parts)
    if clock:
        if Close in parts:
            raise UnsureError("several_times")
        return _on_the_clock(clock, part)
    if part:
        if Close in parts:
            raise UnsureError("several_times")
        return _at_the_end_of(part, setting)
    return Times(times=(FIVE if elsewhere else setting.day_end,), said=False)


def _at_the_end_of(part: DayPart, setting: Setting) -> Times:
    """Conventions 24 and 25."""
    if part.name == "midnight":
        return Times(times=(LAST_MINUTE, time(0)), said=False, doubt="midnight")
    ends = {"morning": time(NOON), "lunch": time(NOON), "afternoon": FIVE, "first": setting.day_start}
    return Times(times=(ends.get(part.name, LAST_MINUTE),), said=False, doubt="part_of_day")


def _on_the_clock(clock: Clock, part: DayPart | None) -> Times:
    if part:
        return _said(_hour_in(part.name, clock), clock)
    if clock.spoken == NOON and clock.hour == 0:
        # 12 am on Friday: its first minute by the book, its last to many.
        return Times(times=(time(0), LAST_MINUTE), said=True, grain="minute", doubt="midnight")
    if clock.sure or clock.hour == NOON:
        return _said(clock.hour, clock)
    if 7 in (clock.hour, clock.spoken):
        morning, evening = time(clock.hour, clock.minute), time(clock.hour + NOON, clock.minute)
        return Times(times=(morning, evening), said=True, grain="minute", doubt="hour_seven")
    return _said(clock.hour + (NOON if clock.hour < 7 else 0), clock)


def _said(hour: int, clock: Clock) -> Times:
    return Times(times=(time(hour, clock.minute),), said=True, grain="minute")


# For each part of the day: the hours it may hold.
_HOURS = {
    "morning": range(13),
    "lunch": range(11, 15),
    "afternoon": range(12, 21),
    "evening": range(16, 24),
    "night": range(18, 24),
}


def _hour_in(part: str, clock: Clock) -> int:
    hours = _HOURS.get(part)
    if hours is None:
        raise UnsureError("several_times")
    dial = clock.hour % NOON if not clock.sure else clock.hour
    choices = (clock.hour,) if clock.sure else (dial, dial + NOON)
    fitting = [hour for hour in choices if hour in hours]
    if (part == "morning" and clock.hour == NOON) or len(fitting) != 1:
        raise UnsureError("several_times")
    return fitting[0]
