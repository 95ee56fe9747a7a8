"""English words for due dates."""

from commitments.due_words import Kind, Value

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINAL_ONES = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_MONTHS = (
    "january|jan",
    "february|feb",
    "march|mar",
    "april|apr",
    "may",
    "june|jun",
    "july|jul",
    "august|aug",
    "september|sep|sept",
    "october|oct",
    "november|nov",
    "december|dec",
)
_WEEKDAYS = (
    "monday|mon",
    "tuesday|tue|tues",
    "wednesday|wed|weds",
    "thursday|thu|thur|thurs",
    "friday|fri",
    "saturday|sat",
    "sunday|sun",
)


def words() -> dict[tuple[Kind, Value], str]:
    return {
        **{(Kind.NUM, n): _cardinal(n) for n in range(100)},
        **{(Kind.ORD, n): _ordinal(n) for n in range(1, 32)},
        **{(Kind.YEAR, 2000 + n): _year(n) for n in range(100)},
        **{(Kind.MONTH, n): names for n, names in enumerate(_MONTHS, 1)},
        **{(Kind.WDAY, n): names for n, names in enumerate(_WEEKDAYS)},
        **{(Kind.WDAYS, n): names.split("|")[0] + "s" for n, names in enumerate(_WEEKDAYS)},
        **_DAYS_AND_UNITS,
        **_CLOCK,
        **_LINKS,
        **_UNDECIDED,
    }


def _cardinal(n: int) -> str:
    if n < 20:
        return _ONES[n]
    tens = _TENS[n // 10 - 2]
    return f"{tens} {_ONES[n % 10]}" if n % 10 else tens


def _ordinal(n: int) -> str:
    digits = f"{n} st|{n} nd|{n} rd|{n} th"
    if n <= 20:
        return f"{_ORDINAL_ONES[n]}|{digits}"
    if n == 30:
        return f"thirtieth|{digits}"
    return f"{_TENS[n // 10 - 2]} {_ORDINAL_ONES[n % 10]}|{digits}"


def _year(n: int) -> str:
    if n == 0:
        return "two thousand"
    short = f"twenty {_cardinal(n)}" if n >= 20 else f"two thousand {_cardinal(n)}"
    return f"two thousand and {_cardinal(n)}|two thousand {_cardinal(n)}|{short}"


_DAYS_AND_UNITS: dict[tuple[Kind, Value], str] = {
    (Kind.DWORD, 0): "today|otd|tday",
    (
        Kind.DWORD,
        1,
    ): ("tomorrow|tmrw|tmr|tmw|tomo|tommorow|tommorrow|tomorow|2moro|2morrow|the next day|next day"),
    (Kind.DWORD, 2): (
        "the day after tomorrow|day after tomorrow|the day after tmrw|day after tmrw|overmorrow"
    ),
    (Kind.DWORD, -1): "yesterday",
    (Kind.UNIT, "second"): "seconds|sec|secs",
    (Kind.UNIT, "minute"): "minute|minutes|min|mins",
    (Kind.UNIT, "hour"): "hour|hours|hr|hrs|h",
    (Kind.UNIT, "day"): "day|days|d|calendar day|calendar days",
    (Kind.UNIT, "bday"): (
        "business day|business days|working day|working days|work day|work days|workday|workdays|weekday|"
        "weekdays|bd|bds|biz day|biz days"
    ),
    (Kind.UNIT, "week"): (
        "week|weeks|week commencing|week beginning|week starting|week ending|w c|wk|wks|w|working week|"
        "work week|workweek|business week|calendar week|calendar weeks"
    ),
    (Kind.UNIT, "fortnight"): "fortnight|fortnights",
    (Kind.UNIT, "month"): "month|months|mth|mths|mo|mos|calendar month|calendar months",
    (Kind.UNIT, "quarter"): "quarter|quarters|qtr|qtrs|calendar quarter",
    (Kind.UNIT, "year"): "year|years|yr|yrs|calendar year|calendar years",
    (Kind.UNIT, "weekend"): "weekend|week end|wkend|wknd",
    (Kind.MOD, 0): "this|current",
    (Kind.MOD, 1): "next|nxt|following",
    (Kind.MOD, "coming"): "coming|upcoming|this coming|this upcoming|the coming",
    (Kind.MOD, -1): "last|previous",
    (Kind.NEXTBUTONE, 2): "after next|after the next",
    (Kind.EDGE, "end"): "end of|end|the end of|the end|close of|eo",
    (Kind.EDGE, "start"): "start of|beginning of|start|beginning|the start of|the beginning of",
    (Kind.EDGE, "early"): "early|early in|early on",
    (Kind.EDGE, "mid"): "mid|middle of|the middle of|mid of",
    (Kind.EDGE, "late"): "late|late in|latter half of",
    (Kind.CLOSE, "day"): (
        "eod|cob|eob|cop|eobd|end of business|close of business|close of play|end of play|end of day|"
        "end of the day|end of business day|end of the business day|end of working day|"
        "end of the working day|end of work|end of the work day|day end|the eod|end of my day|"
        "the end of the day|the end of day|the end of business|the close of business"
    ),
    (Kind.CLOSE, "week"): "eow|week s end|weeks end|the week s end",
    (Kind.CLOSE, "month"): "eom|month end|month s end|months end",
    (Kind.CLOSE, "quarter"): "eoq|quarter end|qtr end",
    (Kind.CLOSE, "year"): "eoy|year end|year s end|years end|eocy",
    (Kind.WEEKNO, 0): "cw",
}

_CLOCK: dict[tuple[Kind, Value], str] = {
    (Kind.AMPM, "am"): "am",
    (Kind.AMPM, "pm"): "pm",
    (Kind.HOUR, 0): "o clock|oclock|hundred hours|ish",
    (Kind.NOON, 12): "noon|midday|noonish|mid day|12 noon",
    (Kind.MIDNIGHT, 0): "midnight|mid night|12 midnight",
    (Kind.DPART, "morning"): "morning|the morning|mornings",
    (Kind.DPART, "lunch"): "lunch|lunchtime|lunch time|the lunch",
    (Kind.DPART, "afternoon"): "afternoon|the afternoon|arvo",
    (Kind.DPART, "evening"): "evening|the evening|eve",
    (Kind.DPART, "night"): "night|the night",
    (Kind.DPART, "first"): "first thing|first thing in the morning|1 st thing",
    (Kind.TONIGHT, "night"): "tonight|tonite|2nite",
    (Kind.HALF, 30): "half",
    (Kind.PAST, 0): "past",
    (Kind.TO, 0): "to",
}

_LINKS: dict[tuple[Kind, Value], str] = {
    (Kind.A, 1): "a|an",
    (Kind.ART, 0): "the",
    (Kind.AND, 0): "and",
    (Kind.AT, 0): "at",
    (Kind.ON, 0): "on|upon|during",
    (Kind.OF, 0): "of",
    (Kind.IN, 0): "in|within|inside|in the|within the",
    (Kind.FROM, 0): "from|as of",
    (Kind.NOW, 0): "now|right now|from now|from now on|from right now",
    (Kind.LATER, 0): "later|out|hence|after that",
    (Kind.PLUS, 0): "plus",
    (Kind.APPROX, 0): "around|about|approximately|approx|circa|roughly",
    (Kind.BY, 0): (
        "by|until|till|til|no later than|not later than|no later|latest by|at the latest by|on or before|"
        "before or on|before or in|before or by|as late as|up to|through|at latest by|by or before|"
        "on or earlier than|latest on|by no later than|ahead of or on|due by|by latest"
    ),
    (Kind.BEFORE, 0): (
        "before|prior to|in advance of|ahead of|earlier than|sooner than|by before|before the start of|"
        "before the beginning of"
    ),
    (Kind.AFTER, 0): "after|not before|no earlier than|not earlier than|starting|starting from|since",
    (Kind.FILL, 0): (
        "due|due on|is due|due date|deadline|deadline is|at the latest|at latest|latest|sharp|thank you|"
        "for|exactly|due in|end latest|precisely|max|tops|at most|prompt"
    ),
    (Kind.TIME, 0): "time",
}

_UNDECIDED: dict[tuple[Kind, Value], str] = {
    (Kind.COUPLE, 2): "couple|couple of|a couple of|a couple|cpl",
    (Kind.OR, 0): "or",
    (Kind.EVERY, 0): (
        "every|each|daily|weekly|monthly|quarterly|yearly|annually|biweekly|every other|fortnightly|hourly"
    ),
    (Kind.FISCAL, 0): "fiscal|fy|financial year|fiscal year|fiscal quarter",
    (Kind.FEAST, "christmas"): "christmas|xmas|christmas day|xmas day",
    (Kind.FEAST, "new_year"): "new year|new year s|new years|new year s day|new years day|the new year",
    (Kind.FEAST, "other"): (
        "easter|thanksgiving|halloween|diwali|ramadan|eid|passover|hanukkah|good friday|easter monday|"
        "christmas eve|xmas eve|new year s eve|new years eve|nye|labor day|labour day|memorial day|"
        "boxing day|valentine s day|independence day|mlk day|veterans day|columbus day|pentecost|"
        "black friday|cyber monday|easter sunday|lent|ash wednesday|lunar new year|chinese new year|"
        "juneteenth|bank holiday|the holidays|holidays"
    ),
    (Kind.VAGUE, 0): (
        "asap|soon|sometime|some time|few|a few|several|some|sprint|launch|release|whenever|eventually|"
        "shortly|as soon as possible|when possible|maybe|perhaps|probably|preferably|ideally|hopefully|"
        "possibly|someday|in a bit|in a while|a while|how about|say|soonish|later today|later this week|"
        "later this month|later this year|later in the year|later on|rest of|go live|kickoff|kick off|"
        "in due course|at your earliest convenience|or so|a moment|the future|near future|many|next time|"
        "end of time"
    ),
    (
        Kind.WHOSE,
        0,
    ): ("their time|your time|my time|our time|local time|customer time|client time|his time|her time"),
    # Words one letter from a date word that people mean as themselves.
    (Kind.UNKNOWN, 0): ("match|yours|mouth|mouths|sundry|sundae|ours|fours|towards|marsh|larch|bears|dears"),
}
