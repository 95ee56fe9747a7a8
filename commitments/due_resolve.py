"""From parts to days: each way of naming a day becomes a stretch of days, with the doubts it leaves."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commitments import due_periods as periods
from commitments.due_business import add_workdays, workday_before
from commitments.due_order import written_order, zone_disagrees
from commitments.due_parts import (
    Bound,
    Date,
    DayOfMonth,
    DayWord,
    Feast,
    Found,
    Nth,
    Offset,
    Part,
    Period,
    Weekday,
    WeekOf,
    maybe,
    the,
)
from commitments.due_periods import Stretch, week_of
from commitments.due_terms import Setting, UnsureError

# Convention 19: a day that passed so recently was probably meant.
JUST_PASSED = timedelta(days=60)
# A weekday and a number that meet only after two months were probably not meant to meet.
SOON = timedelta(days=62)
_LEAP_CYCLE = 8
A_MONTH = timedelta(days=31)
A_YEAR = timedelta(days=366)
_FEASTS = {"christmas": (12, 25), "new_year": (1, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where and when a phrase is read."""

    today: date  # in the owner's zone
    setting: Setting
    language: str


def place(parts: Found, scene: Scene) -> Stretch:
    """The days that are named; raises UnsureError when they contradict each other or leave a choice open."""
    for kind, placed in _PLACERS.items():
        if kind in parts:
            try:
                return placed(parts, scene)
            except OverflowError:
                raise UnsureError("too_far") from None
    raise UnsureError("left_over")


def names_a_day(parts: Found) -> bool:
    return any(kind in parts for kind in _PLACERS)


def _only(parts: Found, *companions: type[Part]) -> None:
    if any(kind in parts and kind not in companions for kind in _PLACERS):
        raise UnsureError("several_dates")


def _date(parts: Found, scene: Scene) -> Stretch:
    _only(parts, Date, Weekday, DayWord, Period)
    said = _with_year(parts, scene)
    choices = _orders(said, parts, scene)
    days = [_next_to_come(choice, scene) for choice in choices.dates]
    _agree(parts, days[0], scene)
    # Only 29 February is further than a year away when no year was said.
    leap = not said.year and days[0] - scene.today > A_YEAR
    return Stretch.on(days[0], others=days[1:], doubt=choices.doubt or ("leap_day" if leap else None))


def _writes_english(scene: Scene) -> bool:
    return (scene.setting.locale or "en").lower().startswith("en")


@dataclass(frozen=True, slots=True)
class _Orders:
    dates: list[Date]
    doubt: str | None


def _with_year(parts: Found, scene: Scene) -> Date:
    said = the(Date, parts)
    period = maybe(Period, parts)
    if not period:
        return said
    if period.unit != "year" or said.year or period.shift is None or period.edge:
        raise UnsureError("several_dates")
    return replace(said, year=scene.today.year + period.shift)


def _orders(said: Date, parts: Found, scene: Scene) -> _Orders:
    if said.written == "dotted" and _writes_english(scene):
        raise UnsureError("day_month_order")  # 5.12 is a version or an amount as often as a date
    if said.written == "ordinals" and scene.language != "de":
        raise UnsureError("left_over")
    if not said.order:
        return _Orders([said], None)
    month_first = replace(said, order="")
    day_first = replace(month_first, month=said.day, day=said.month)
    possible = [choice for choice in (month_first, day_first) if _exists(choice)]
    if not possible:
        raise UnsureError("no_such_day")
    if said.order == "dash" and not said.year and Weekday not in parts:
        raise UnsureError("left_over")  # 4-22 is a range as often as a date
    order = written_order(scene.setting.locale)
    preferred = month_first if order == "mdy" else day_first
    if len(possible) == 1 or month_first == day_first:
        return _Orders(possible[:1], "order_swapped" if order and possible[0] != preferred else None)
    if order is None:
        return _Orders([_by_weekday(possible, parts, scene)], None)
    return _preferred(preferred, possible, parts, scene)


def _preferred(preferred: Date, possible: list[Date], parts: Found, scene: Scene) -> _Orders:
    weekday = maybe(Weekday, parts)
    told_apart = weekday is not None and _falls_on(preferred, weekday.day, scene)
    if told_apart or not zone_disagrees(scene.setting):
        return _Orders([preferred], None)
    return _Orders([preferred, *(date for date in possible if date != preferred)], "order_doubtful")


def _by_weekday(possible: list[Date], parts: Found, scene: Scene) -> Date:
    """Without a known order only a weekday that fits one of the two can tell."""
    weekday = maybe(Weekday, parts)
    fitting = [c for c in possible if weekday and _falls_on(c, weekday.day, scene)]
    if len(fitting) != 1:
        days = tuple(_next_to_come(choice, scene) for choice in possible)
        raise UnsureError("day_month_order", days=days)
    return fitting[0]


def _falls_on(said: Date, weekday: int, scene: Scene) -> bool:
    return _next_to_come(said, scene).weekday() == weekday


def _exists(said: Date) -> bool:
    return _valid(said.year or 2000, said.month, said.day) is not None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_to_come(said: Date, scene: Scene) -> date:
    if said.year:
        found = _valid(said.year, said.month, said.day)
        if not found:
            raise UnsureError("no_such_day")
        return found
    years = range(scene.today.year - 1, scene.today.year + _LEAP_CYCLE + 1)
    days = [day for year in years if (day := _valid(year, said.month, said.day))]
    if not days:
        raise UnsureError("no_such_day")
    if not said.ahead and any(scene.today - JUST_PASSED <= day < scene.today for day in days):
        raise UnsureError("just_passed", days=tuple(day for day in days if day >= scene.today)[:1])
    return next(day for day in days if day >= scene.today)


def _agree(parts: Found, day: date, scene: Scene) -> None:
    weekday, word = maybe(Weekday, parts), maybe(DayWord, parts)
    if weekday and weekday.day != day.weekday():
        raise UnsureError("weekday_mismatch")
    if word and scene.today + timedelta(days=word.ahead) != day:
        raise UnsureError("several_dates")


def _day_of_month(parts: Found, scene: Scene) -> Stretch:
    _only(parts, DayOfMonth, Weekday, Period, DayWord)
    said, weekday, period = the(DayOfMonth, parts), maybe(Weekday, parts), maybe(Period, parts)
    if period:
        return _day_in(period, said.day, parts, scene)
    wanted = weekday.day if weekday else None
    day = next(
        (d for d in _days_from(scene.today) if d.day == said.day and wanted in (None, d.weekday())), None
    )
    if day is None:
        raise UnsureError("no_such_day")
    _agree(parts, day, scene)
    return Stretch.on(day, doubt=_number_doubt(said, day, wanted, scene))


def _number_doubt(said: DayOfMonth, day: date, wanted: int | None, scene: Scene) -> str | None:
    if wanted is not None and _is_far(said.day, day, scene.today):
        return "far_weekday"
    if said.sure or said.day > 12 or wanted is None:
        return None
    if day - scene.today > A_MONTH:
        raise UnsureError("day_or_hour", days=(day,))  # more likely eight o'clock than so far a day
    return "day_or_hour"


def _day_in(period: Period, day: int, parts: Found, scene: Scene) -> Stretch:
    if period.unit != "month" or period.edge:
        raise UnsureError("several_dates")
    month = periods.bounds(period, scene.today, scene.setting).first
    found = _valid(month.year, month.month, day)
    if not found:
        raise UnsureError("no_such_day")
    _agree(parts, found, scene)
    return Stretch.on(found)


def _is_far(number: int, day: date, today: date) -> bool:
    """Neither the next day of that number nor the one after it."""
    passed = sum(each.day == number for each in _days_from(today) if each < day)
    return day - today > SOON and passed > 1


def _days_from(today: date) -> Iterable[date]:
    return (today + timedelta(days=ahead) for ahead in range(430))


def _weekday(parts: Found, scene: Scene) -> Stretch:
    _only(parts, Weekday, Period, DayWord)
    said = the(Weekday, parts)
    period = maybe(Period, parts)
    if period:
        return _weekday_in(period, said, scene)
    if DayWord in parts:
        word = _day_word({DayWord: parts[DayWord]}, scene)
        _agree(parts, word.first, scene)
        return word
    return replace(_coming(said, scene.today), movable=True)


def _weekday_in(period: Period, said: Weekday, scene: Scene) -> Stretch:
    if period.unit != "week" or period.edge or said.weeks_on or said.after_next or said.mod:
        raise UnsureError("several_dates")
    week = periods.bounds(period, scene.today, scene.setting)
    days = [start + timedelta(days=said.day) for start in (week.first, *week.other_firsts)]
    return Stretch.on(days[0], others=days[1:], doubt=week.doubt, movable=True)


def _coming(said: Weekday, today: date) -> Stretch:
    ahead = (said.day - today.weekday()) % 7
    near = today + timedelta(days=ahead)
    far = near + timedelta(days=7)
    if said.weeks_on:
        return _weeks_on(said, near, far, today)
    if said.after_next:
        # After the next one to come; those for whom "next" is next week's mean a week more.
        return Stretch.on(far, others=[far + timedelta(days=7)], doubt="next_weekday")
    if said.mod == 1:
        return _next(near, today)
    if ahead or said.mod == 0:
        return Stretch.on(near)
    if said.mod == "coming":
        return Stretch.on(far)  # today's has come
    return Stretch.on(far, others=[near], doubt="weekday_today")


def _weeks_on(said: Weekday, near: date, far: date, today: date) -> Stretch:
    later = timedelta(days=7 * (said.weeks_on - 1))
    if near == today:
        return Stretch.on(far + later, others=[far + later + timedelta(days=7)], doubt="weekday_today")
    return Stretch.on(far + later)


def _next(near: date, today: date) -> Stretch:
    next_week = today - timedelta(days=today.weekday()) + timedelta(days=7 + near.weekday())
    still_ahead = today < near < next_week
    return Stretch.on(
        next_week, others=[near] if still_ahead else [], doubt="next_weekday" if still_ahead else None
    )


def _day_word(parts: Found, scene: Scene) -> Stretch:
    _only(parts, DayWord)
    said = the(DayWord, parts)
    return Stretch.on(scene.today + timedelta(days=said.ahead), movable=said.ahead > 0)


def _nth(parts: Found, scene: Scene) -> Stretch:
    _only(parts, Nth, Period)
    said, period = the(Nth, parts), maybe(Period, parts)
    if not period:
        raise UnsureError("past" if said.count == -1 else "left_over")  # last Friday
    if period.edge or period.unit not in ("month", "quarter", "year", "week"):
        raise UnsureError("several_dates")
    span = periods.bounds(period, scene.today, scene.setting)
    return periods.nth(said, span, scene.setting)


def _feast(parts: Found, scene: Scene) -> Stretch:
    _only(parts, Feast)
    said = the(Feast, parts)
    if said.name not in _FEASTS:
        raise UnsureError("feast")
    month, day = _FEASTS[said.name]
    found = _valid(scene.today.year, month, day)
    if not found or found < scene.today:
        found = date(scene.today.year + 1, month, day)
    bound = maybe(Bound, parts)
    if bound and bound.kind == "before":
        return Stretch.on(found)
    return Stretch.on(found, others=[workday_before(found, scene.setting)], doubt="feast_day")


def _period(parts: Found, scene: Scene) -> Stretch:
    _only(parts, Period)
    said, bound = the(Period, parts), maybe(Bound, parts)
    before = bound and bound.kind == "before"
    if said.mod == "the" and said.unit != "weekend" and not before:
        raise UnsureError("left_over")  # "the month" alone names no day of it
    if before and said.edge in ("early", "start"):
        said = replace(said, edge="")  # before it begins, however early
    stretch = periods.due_in(said, scene.today, scene.setting)
    by = bound and bound.kind == "by"
    if by and said.unit == "weekend":
        return replace(stretch, last=workday_before(stretch.first, scene.setting), others=(stretch.last,))
    if by and said.unit == "month" and said.index and not said.edge:
        opening = workday_before(stretch.first, scene.setting)
        raise UnsureError("month_start_or_end", days=(opening, stretch.last))
    return stretch


def _week_of(parts: Found, scene: Scene) -> Stretch:
    rest = {kind: part for kind, part in parts.items() if kind is not WeekOf}
    base = place(rest, scene)
    if base.grain != "day":
        raise UnsureError("left_over")
    return periods.friday_of(week_of(base.first), scene.setting)


def _offset(parts: Found, scene: Scene) -> Stretch:
    said = the(Offset, parts)
    rest = {kind: part for kind, part in parts.items() if kind is not Offset}
    if said.doubt == "duration" and Bound in parts:
        raise UnsureError("left_over")  # "by 3 days" is how much, not when
    if said.anchor == "now" and DayWord in rest:
        said = replace(said, anchor="after", doubt="")  # a week today, German "heute in 14 Tagen"
    if said.anchor == "now" and names_a_day(rest):
        return _weekday_near(said, rest, scene)
    if said.anchor == "now" or not names_a_day(rest):
        return Stretch.on(_moved(scene.today, said, scene), doubt=said.doubt or None)
    if said.anchor == "before":
        rest = {**rest, Bound: Bound("before")}
    base = place(rest, scene)
    if base.grain != "day" and said.anchor == "before":
        raise UnsureError("left_over")
    days = [_moved(day, said, scene) for day in (base.last, *base.others)]
    return Stretch.on(days[0], others=days[1:], doubt=base.doubt or said.doubt or None)


def _weekday_near(said: Offset, rest: Found, scene: Scene) -> Stretch:
    """Friday in two weeks: sure only if counting weeks from today and from Friday come to the same day."""
    _only(rest, Weekday)
    weekday = the(Weekday, rest)
    if not weekday or weekday.mod or weekday.weeks_on or said.workdays:
        raise UnsureError("several_dates")
    target = _moved(scene.today, said, scene)
    if target.weekday() == weekday.day:
        return Stretch.on(target)
    if said.days % 7 or said.months or not said.days:
        raise UnsureError("weekday_mismatch")
    in_week = week_of(target) + timedelta(days=weekday.day)
    counted = _coming(weekday, scene.today).first + timedelta(days=said.days)
    others = [counted] if counted != in_week else []
    return Stretch.on(in_week, others=others, doubt="next_weekday" if others else None)


def _moved(day: date, said: Offset, scene: Scene) -> date:
    sign = -1 if said.anchor == "before" else 1
    day = add_months(day, sign * said.months) + timedelta(days=sign * said.days)
    return add_workdays(day, sign * said.workdays, scene.setting) if said.workdays else day


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise UnsureError("too_far")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_PLACERS = {
    WeekOf: _week_of,
    Offset: _offset,
    Nth: _nth,
    Date: _date,
    DayOfMonth: _day_of_month,
    Weekday: _weekday,
    Feast: _feast,
    Period: _period,
    DayWord: _day_word,
}
