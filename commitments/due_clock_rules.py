"""The rules that turn runs of tokens into clock times, parts of the day and zones."""

import re
from dataclasses import replace

from commitments.due_parts import (
    Clock,
    Date,
    DayOfMonth,
    DayPart,
    DayWord,
    Parts,
    Rule,
    Taken,
    Zone,
    first,
    number,
    real_date,
    value,
)
from commitments.due_words import Kind, Token

_DIGITS = re.compile(r"(\d{1,2})[:.]\s?(\d\d)(?::(\d\d))?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[t ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)?")
_DATE_AND_CLOCK = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})[.:-](\d\d):(\d\d)")
# German says "zehn vor acht" with the word that also bounds a day.
_HINGES = (Kind.PAST, Kind.TO, Kind.BEFORE)
# What a bare number must not exceed to be taken for an hour on a twelve-hour dial.
_DIAL = 12


def clock(hour: int, minute: int, *, meridiem: str = "", sure: bool = False) -> Clock | None:
    if meridiem:
        if not 1 <= hour <= _DIAL:
            return None
        if (hour, minute, meridiem) == (_DIAL, 0, "am"):
            return Clock(hour=0, spoken=_DIAL)
        hour, sure = hour % 12 + (12 if meridiem == "pm" else 0), True
    if hour > 23 or minute > 59:
        return None
    return Clock(hour=hour, minute=minute, sure=sure or hour > _DIAL or hour == 0)


def _one(found: Clock | None) -> Parts | None:
    return (found,) if found else None


def _meridiem(taken: Taken) -> str:
    return str(value(taken, Kind.AMPM) or "")


def digits(taken: Taken) -> Parts | None:
    """8:00, 08:00, 8:00:31 pm, 8.30pm, at 8.30, 18.12 Uhr."""
    token = first(taken, Kind.HM) or first(taken, Kind.CHAIN)
    found = _DIGITS.fullmatch(token.text) if token else None
    if not found or int(found[3] or 0) > 59:
        return None
    if found[0] == "24:00":
        return (DayPart("midnight"),)
    padded = found[1].startswith("0")
    meridiem = _meridiem(taken)
    return _one(clock(int(found[1]), int(found[2]), meridiem=meridiem, sure=padded))


def four_digits(taken: Taken) -> Parts | None:
    """1530, 0800, 1140 a.m."""
    token = first(taken, Kind.NUM) or first(taken, Kind.YEAR)
    if not token or not token.text.isdigit() or len(token.text) not in (3, 4):
        return None
    meridiem = _meridiem(taken)
    if len(token.text) == 3 and not meridiem:
        return None
    return _one(clock(int(token.text[:-2]), int(token.text[-2:]), meridiem=meridiem, sure=True))


def hour(taken: Taken) -> Parts | None:
    """5pm, ten am, 9 o'clock, 16 Uhr, at 4."""
    token = first(taken, Kind.NUM)
    if not token or (len(token.text) > 2 and token.text.isdigit()):
        return None
    return _one(clock(int(token.value), 0, meridiem=_meridiem(taken), sure=_padded(token)))


def _padded(token: Token) -> bool:
    return token.text.startswith("0") and len(token.text) > 1


def written_h(taken: Taken) -> Parts | None:
    """17h; a number on the dial could as well count hours."""
    return hour(taken) if taken[-1].text == "h" and number(taken) > _DIAL else None


def bare_hour(taken: Taken) -> Parts | None:
    """The 4 of "before 4", the three of "tomorrow three": an hour only on the dial."""
    return hour(taken) if 1 <= number(taken) <= _DIAL else None


def hour_minute(taken: Taken) -> Parts | None:
    """18 Uhr 12, nine thirty, sept heures et dix, 8h10."""
    hours, minutes = [int(token.value) for token in taken if token.kind is Kind.NUM][:2]
    if first(taken, Kind.UNIT) and value(taken, Kind.UNIT) not in ("minute", "hour"):
        return None
    return _one(clock(hours, minutes, meridiem=_meridiem(taken), sure=_padded(_first_number(taken))))


def _first_number(taken: Taken) -> Token:
    return next(token for token in taken if token.kind is Kind.NUM)


def spoken(taken: Taken) -> Parts | None:
    """Nine thirty, in words; two bare figures side by side are no time."""
    numbers = [token for token in taken if token.kind is Kind.NUM]
    if any(token.text.isdigit() for token in numbers) or int(numbers[1].value) < 10:
        return None
    return hour_minute(taken)


def past_or_to(taken: Taken) -> Parts | None:
    """Ten past nine, half past seven, a quarter to seven, German zehn vor acht."""
    cut = next(index for index, token in enumerate(taken) if token.kind in _HINGES)
    minutes, hours = _minutes(taken[:cut]), number(taken[cut:])
    if not minutes or not 1 <= hours <= _DIAL or _may_be_a_range(taken[: cut + 1]):
        return None
    late = taken[cut].kind is Kind.PAST
    return _shifted(hours, minutes if late else -minutes, _meridiem(taken))


def _may_be_a_range(taken: Taken) -> bool:
    """5 to 6 pm, five to six: from one hour to the other, or five minutes before."""
    count = first(taken, Kind.NUM)
    if taken[-1].kind is not Kind.TO or not count or first(taken, Kind.UNIT):
        return False
    return count.text.isdigit() or int(count.value) < 10


def _minutes(taken: Taken) -> int:
    if first(taken, Kind.HALF):
        return 30
    unit = value(taken, Kind.UNIT)
    if unit == "quarter" or first(taken, Kind.QUARTER):
        return 15
    return number(taken) if unit in (None, "minute") else 0


def _shifted(hours: int, minutes: int, meridiem: str) -> Parts | None:
    total = hours * 60 + minutes
    # A quarter to one lies before one on the dial: 12:45.
    dial, minute = divmod(total if total >= 60 else total + 720, 60)
    found = clock((dial - 1) % 12 + 1, minute, meridiem=meridiem)
    return (replace(found, spoken=hours),) if found else None


def hour_and_fraction(taken: Taken) -> Parts | None:
    """Siete y media, huit heures moins le quart, sept heures et demie."""
    minus = first(taken, Kind.MINUS)
    numbers = [int(token.value) for token in taken if token.kind is Kind.NUM]
    ordinal = first(taken, Kind.ORD)
    if ordinal and ordinal.value != 4:
        return None  # Spanish "y cuarto" is the only ordinal that is a fraction
    minutes = 30 if first(taken, Kind.HALF) else numbers[1] if len(numbers) > 1 else 15
    if not 1 <= numbers[0] <= 24 or not 0 < minutes < 60:
        return None
    return _fraction(numbers[0], -minutes if minus else minutes, _meridiem(taken))


def _fraction(hours: int, minutes: int, meridiem: str) -> Parts | None:
    if hours <= _DIAL:
        return _shifted(hours, minutes, meridiem)
    return _one(clock(*divmod((hours * 60 + minutes) % 1440, 60), meridiem=meridiem))


def half_hour_word(taken: Taken) -> Parts | None:
    """British half three is 15:30; German halb drei is 14:30: the lexicon knows which."""
    before = first(taken, Kind.HALFPREV)
    minutes = int(before.value) - 60 if before else 30
    hours = number(taken)
    return _shifted(hours, minutes, _meridiem(taken)) if 1 <= hours <= _DIAL else None


def noon(_: Taken) -> Parts:
    return (Clock(hour=12),)


def midnight(_: Taken) -> Parts:
    return (DayPart("midnight"),)


def day_part(taken: Taken) -> Parts:
    return (DayPart(str(value(taken, Kind.DPART))),)


def this_day_part(taken: Taken) -> Parts | None:
    return (DayWord(0), *day_part(taken)) if value(taken, Kind.MOD) == 0 else None


def tonight(taken: Taken) -> Parts:
    return (DayWord(0), DayPart(str(value(taken, Kind.TONIGHT))))


def hour_of_part(taken: Taken) -> Parts | None:
    """7 in the morning, 11 at night, morning at 7."""
    hours = hour(taken)
    part = first(taken, Kind.DPART) or first(taken, Kind.TONIGHT)
    if not hours or not part:
        return None
    return (*hours, *(_this(taken, part)), DayPart(str(part.value)))


def _this(taken: Taken, part: Token) -> Parts:
    today = part.kind is Kind.TONIGHT or value(taken, Kind.MOD) == 0
    return (DayWord(0),) if today else ()


def number_of_day(taken: Taken) -> Parts | None:
    """15, 8pm; 8pm on the 15: beside a clock time a bare number is a day."""
    day = first(taken, Kind.NUM)
    if not day or not day.text.isdigit() or not 1 <= int(day.value) <= 31:
        return None
    return (DayOfMonth(int(day.value), False),)


def day_at_clock(taken: Taken) -> Parts | None:
    """15 at 8:00; but French and Spanish "5 a 6" is from one hour to the other."""
    cut = next(index for index, token in enumerate(taken) if token.kind is Kind.AT)
    day, at = number_of_day(taken[:cut]), digits(taken[cut:]) or hour(taken[cut:])
    return (*day, *at) if day and at and taken[cut].text != "a" else None


def iso(taken: Taken) -> Parts | None:
    found = _ISO.fullmatch(taken[0].text)
    if not found:
        return None
    year, month, day, hours, minutes = (int(part) for part in found.groups()[:5])
    at = clock(hours, minutes, sure=True)
    if not real_date(year, month, day) or not at:
        return None
    zone = (Zone(found[6]),) if found[6] else ()
    return (Date(year=year, month=month, day=day), at, *zone)


def unix_date(taken: Taken) -> Parts | None:
    """Oct 26 11:00:09 EDT 2023, as many a log writes it, on 24 hours."""
    month, day, year = number(taken, Kind.MONTH), number(taken), number(taken, Kind.YEAR)
    at, word = digits(taken[2:3]), first(taken, Kind.ZONE)
    if not at or not isinstance(at[0], Clock) or not real_date(year, month, day):
        return None
    said = (Zone(str(word.value)),) if word else ()
    return (Date(year=year, month=month, day=day), replace(at[0], sure=True), *said)


def date_and_clock(taken: Taken) -> Parts | None:
    """05/31/2024-14:15, as some exports write it."""
    found = _DATE_AND_CLOCK.fullmatch(taken[0].text)
    if not found:
        return None
    one, two, year, hours, minutes = (int(part) for part in found.groups())
    at = clock(hours, minutes, sure=True)
    return (Date(year=year, month=one, day=two, order="slash"), at) if at else None


def zone(taken: Taken) -> Parts:
    return (Zone(str(taken[0].value)),)


_AROUND = "(IN|AT|OF|ON|ART|APPROX|COMMA|MOD|EDGE)*"

CLOCK_RULES: tuple[Rule, ...] = (
    Rule("ISO", iso),
    Rule("CHAIN", date_and_clock),
    Rule("MONTH NUM HM ZONE? YEAR", unix_date),
    Rule("HM (HOUR|AMPM)?", digits),
    Rule("CHAIN (AMPM|HOUR)", digits),
    Rule("AT (ART|APPROX)* CHAIN (AMPM|HOUR)?", digits),
    Rule("AT? NUM AMPM", four_digits),
    Rule("AT (NUM|YEAR) HOUR?", four_digits),
    Rule("NUM HOUR", four_digits),
    Rule("(?<=(BY|BEFORE|DWORD|WDAY|COMMA|MONTH|YEAR|ORD)) NUM", four_digits),
    Rule("NUM (?=(ON|COMMA)* (DWORD|WDAY))", four_digits),
    Rule("(AT|APPROX)? DOT? ART? NUM DOT? AMPM HOUR?", hour),
    Rule("(AT|APPROX)? ART? NUM HOUR AMPM?", hour),
    Rule("(AT|APPROX) ART? NUM AMPM? (?!UNIT|MONTH)", hour),
    Rule("(?<=DWORD) COMMA? NUM (?!UNIT|MONTH|PAST|TO|AMPM)", bare_hour),
    Rule("(?<=(BY|BEFORE)) NUM (?!.)", bare_hour),
    Rule("(?<=(BY|BEFORE)) NUM (?=(ON|COMMA)* (DWORD|WDAY))", bare_hour),
    Rule("NUM (?=DWORD)", bare_hour),
    Rule("AT? NUM UNIT", written_h),
    Rule("(AT|APPROX)? ART? NUM HOUR AND? NUM UNIT? AMPM?", hour_minute),
    Rule("AT? ART? NUM NUM UNIT? AMPM?", spoken),
    Rule("AT? ART? (A|NUM|HALF|UNIT|QUARTER)+ (PAST|TO|BEFORE) NUM HOUR? AMPM?", past_or_to),
    Rule("AT? ART? NUM HOUR? (AND|MINUS) ART? (HALF|QUARTER|NUM|ORD) UNIT? HOUR? AMPM?", hour_and_fraction),
    Rule("AT? (HALF|HALFPREV) NUM HOUR? AMPM?", half_hour_word),
    Rule("AT? NOON", noon),
    Rule("AT? MIDNIGHT", midnight),
    Rule("EDGE? DPART", day_part),
    Rule("MOD DPART", this_day_part),
    Rule("TONIGHT", tonight),
    Rule(f"NUM {_AROUND} (DPART|TONIGHT)", hour_of_part),
    Rule(f"{_AROUND} (DPART|TONIGHT) {_AROUND} NUM HOUR? (?!UNIT|AMPM|HOUR|MONTH|PAST|TO)", hour_of_part),
    Rule("NUM COMMA? AT (ART|APPROX)? (HM|NUM) (HOUR|AMPM)?", day_at_clock),
    Rule("NUM COMMA (?=NUM AMPM|HM)", number_of_day),
    Rule("(?<=AMPM) (ON|OF) ART? NUM", number_of_day),
    Rule("ZONE TIME?", zone),
)
