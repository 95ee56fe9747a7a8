"""The verdict: days and times become moments, the past is refused, and every doubt is said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from commitments.due_business import is_holiday, note_on, workday_after, workday_before
from commitments.due_clock import LAST_MINUTE, NOON, Times, times_of
from commitments.due_parts import (
    Approx,
    Bound,
    Clock,
    Close,
    DayPart,
    DayWord,
    Found,
    Offset,
    Weekday,
    Zone,
    maybe,
    the,
)
from commitments.due_periods import Stretch
from commitments.due_resolve import Scene, add_months, names_a_day, place
from commitments.due_terms import Reading, Setting, Status, UnsureError
from commitments.due_zones import to_utc, zone_said

MOST_CANDIDATES = 3
# Nobody promises further ahead; such a date is a slip of the fingers.
FURTHEST = timedelta(days=366 * 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    now: datetime  # aware, UTC; for a floating owner their wall time called UTC
    zone: tzinfo
    floating: bool
    setting: Setting

    @property
    def wall(self) -> datetime:
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    @property
    def today(self) -> date:
        return self.wall.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    day: date
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Options in the zone they were said in, the best first, not yet held against the present."""

    options: tuple[Option, ...]
    grain: str
    said: bool
    doubt: str | None


def judge(parts: Found, present: Present, scene: Scene, *, slipped: bool) -> Reading:
    _refuse_lower_bound(parts)
    if _counts_hours(parts):
        return _elapsed(parts, present, slipped=slipped)
    zone = _zone(parts, present, scene.today)[0]
    times = times_of(parts, present.setting, elsewhere=zone != present.zone)
    if names_a_day(parts):
        draft = _offered(parts, present, scene, times, zone)
    else:
        draft = _today_or_next(parts, present, times, zone)
    if slipped:
        draft = replace(draft, doubt=draft.doubt or "slip")
    return _reading(draft, parts, present)


def _refuse_lower_bound(parts: Found) -> None:
    bound = maybe(Bound, parts)
    if bound and bound.kind == "after":
        raise UnsureError("lower_bound")


def _counts_hours(parts: Found) -> bool:
    offset = maybe(Offset, parts)
    return offset is not None and offset.seconds > 0


def _elapsed(parts: Found, present: Present, *, slipped: bool) -> Reading:
    """Hours and minutes run on through clock changes; the days before them follow the wall clock."""
    said = the(Offset, parts)
    if said.anchor == "before" or said.workdays or set(parts) - {Offset, Bound, Approx, Zone}:
        raise UnsureError("several_dates")
    bound = maybe(Bound, parts)
    if bound and bound.kind == "before":
        raise UnsureError("left_over")
    due = _days_ahead(said, present) + timedelta(seconds=said.seconds)
    doubt = said.doubt or ("slip" if slipped else None)
    return _answer([due.replace(microsecond=0)], "minute", True, doubt, present)


def _days_ahead(said: Offset, present: Present) -> datetime:
    if not said.days and not said.months:
        return present.now
    wall = present.wall
    day = add_months(wall.date(), said.months) + timedelta(days=said.days)
    return to_utc(datetime.combine(day, wall.time()), present.zone)[0]


def _zone(parts: Found, present: Present, day: date) -> tuple[tzinfo, tzinfo | None]:
    said = maybe(Zone, parts)
    if not said:
        return present.zone, None
    if not any(kind in parts for kind in (Clock, Close, DayPart)):
        raise UnsureError("left_over")
    if present.floating:
        raise UnsureError("which_zone")
    return zone_said(said.name, present.zone, day)


def _offered(parts: Found, present: Present, scene: Scene, times: Times, zone: tzinfo) -> Draft:
    """When the days stay open, their moments become buttons."""
    try:
        return _on_days(parts, present, scene, times, zone)
    except UnsureError as unsure:
        options = _crossed(unsure.days, times) if unsure.days else ()
        moments = [m for option in options if (m := _moment_or_none(option, zone)) and m > present.now]
        shown = tuple(_shown(moment, present) for moment in moments[:MOST_CANDIDATES])
        raise UnsureError(unsure.reason, candidates=shown) from None


def _on_days(parts: Found, present: Present, scene: Scene, times: Times, zone: tzinfo) -> Draft:
    stretch = place(parts, scene)
    if stretch.grain != "day" and times.said and not stretch.whole:
        raise UnsureError("which_day")  # next month at six: on which day of it?
    days, doubt = _days(stretch, parts, present.setting)
    there = present.now.astimezone(zone).date()
    if there != scene.today and _depends_on_today(parts):
        # Tomorrow in Tokyo may be today in Los Angeles: the owner's calendar first, then the zone's.
        far_days, _ = _days(place(parts, replace(scene, today=there)), parts, present.setting)
        if far_days != days:
            days, doubt = [*days, *far_days], doubt or "zone_day"
    if Approx in parts and not times.said:
        raise UnsureError("approximate", days=tuple(days))
    return Draft(
        options=_crossed(days, times),
        grain=times.grain or stretch.grain,
        said=times.said,
        doubt=doubt or times.doubt,
    )


def _depends_on_today(parts: Found) -> bool:
    return any(kind in parts for kind in (DayWord, Weekday, Offset))


def _crossed(days: Sequence[date], times: Times) -> tuple[Option, ...]:
    first = [Option(day=days[0], at=at) for at in times.times]
    return (*first, *(Option(day=day, at=times.times[0]) for day in days[1:]))


def _days(stretch: Stretch, parts: Found, setting: Setting) -> tuple[list[date], str | None]:
    if _strictly_before(stretch, parts):
        firsts = (stretch.first, *stretch.other_firsts)
        return [workday_before(first, setting) for first in firsts], _doubt_before(stretch)
    days = [stretch.last, *stretch.others]
    if stretch.movable and is_holiday(stretch.last, setting):
        return [*days[:1], workday_before(stretch.last, setting), *days[1:]], stretch.doubt or "holiday"
    return days, stretch.doubt


def _doubt_before(stretch: Stretch) -> str | None:
    # Before the week end or the half year there is no doubt about its last day.
    return None if stretch.doubt in ("weekend", "half_year") else stretch.doubt


def _strictly_before(stretch: Stretch, parts: Found) -> bool:
    bound = maybe(Bound, parts)
    if not bound or bound.kind != "before" or stretch.whole:
        return False
    return not any(kind in parts for kind in (Clock, DayPart, Close))


def _today_or_next(parts: Found, present: Present, times: Times, zone: tzinfo) -> Draft:
    if not any(kind in parts for kind in (Clock, DayPart, Close)):
        raise UnsureError("left_over")
    here = present.now.astimezone(zone).replace(tzinfo=None)
    tomorrow = here.date() + timedelta(days=1)
    if times.doubt == "midnight" and DayPart in parts:  # the coming one, by either of its two names
        coming = (Option(day=tomorrow, at=time(0)), Option(day=here.date(), at=LAST_MINUTE))
        return Draft(options=coming, grain="day", said=times.said, doubt=times.doubt)
    ahead = [Option(day=here.date(), at=at) for at in times.times if at > here.time()]
    if ahead or Close in parts:
        options = ahead or [Option(day=here.date(), at=times.times[0])]
        return Draft(options=tuple(options), grain=times.grain or "day", said=times.said, doubt=times.doubt)
    days = [workday_after(here.date(), present.setting), tomorrow]
    return Draft(
        options=_crossed(days, times),
        grain=times.grain or "day",
        said=times.said,
        doubt=times.doubt or "clock_past",
    )


def _reading(draft: Draft, parts: Found, present: Present) -> Reading:
    zone, fixed = _zone(parts, present, draft.options[0].day)
    first, twice = _moment(draft.options[0], zone)
    if first <= present.now:
        return _late(draft, parts, zone, present)
    others = [_moment_or_none(option, zone) for option in draft.options[1:]]
    if fixed:
        others.insert(0, _moment_or_none(draft.options[0], fixed))
    doubt = draft.doubt or ("doubled_time" if twice else None) or ("zone_season" if fixed else None)
    moments = [first, *(moment for moment in others if moment)]
    if doubt == "weekday_today" and not any(moment > present.now for moment in moments[1:]):
        doubt = None  # today's hour has passed: only next week's is left
    return _answer(moments, draft.grain, draft.said, doubt, present)


def _moment(option: Option, zone: tzinfo) -> tuple[datetime, bool]:
    try:
        return to_utc(datetime.combine(option.day, option.at), zone)
    except OverflowError:
        raise UnsureError("too_far") from None


def _moment_or_none(option: Option, zone: tzinfo) -> datetime | None:
    try:
        return _moment(option, zone)[0]
    except UnsureError:
        return None


def _late(draft: Draft, parts: Found, zone: tzinfo, present: Present) -> Reading:
    """What is named has passed: another reading still ahead may be confirmed, all else asks."""
    ahead = [m for o in draft.options[1:] if (m := _moment_or_none(o, zone)) and m > present.now]
    if ahead:
        return _answer(ahead, draft.grain, draft.said, draft.doubt or "clock_past", present)
    clock, option = maybe(Clock, parts), draft.options[0]
    if clock and not clock.sure and option.at.hour < NOON:
        evening = _moment_or_none(replace(option, at=option.at.replace(hour=option.at.hour + NOON)), zone)
        if evening and evening > present.now:
            return _answer([evening], draft.grain, True, "clock_past", present)
    if option.day == present.today and not draft.said and DayPart not in parts:
        raise UnsureError("after_hours", candidates=_tonight_or_next(present))
    raise UnsureError("past")


def _tonight_or_next(present: Present) -> tuple[datetime, ...]:
    following = Option(day=workday_after(present.today, present.setting), at=present.setting.day_end)
    options = (Option(day=present.today, at=LAST_MINUTE), following)
    moments = [_moment_or_none(option, present.zone) for option in options]
    return tuple(_shown(m, present) for m in moments if m and m > present.now)


def _answer(
    moments: Sequence[datetime], grain: str, said: bool, doubt: str | None, present: Present
) -> Reading:
    ahead = [moment for moment in dict.fromkeys(moments) if moment > present.now]
    if not ahead:
        raise UnsureError("past")
    if ahead[0] - present.now > FURTHEST:
        raise UnsureError("too_far")
    local = ahead[0].astimezone(present.zone).replace(tzinfo=None)
    return Reading(
        status=Status.CONFIRM if doubt else Status.OK,
        due=_shown(ahead[0], present),
        local=local if present.floating else ahead[0].astimezone(present.zone),
        last_day=local.date(),
        grain=grain,
        time_said=said,
        candidates=tuple(_shown(m, present) for m in ahead[: MOST_CANDIDATES if doubt else 1]),
        reason=doubt,
        note=note_on(local.date(), present.setting),
        span=(0, 0),
    )


def _shown(moment: datetime, present: Present) -> datetime:
    return moment.replace(tzinfo=None) if present.floating else moment
