"""Where a due phrase stands in an English sentence. What it means is for the due reader to say."""

from __future__ import annotations

import re

_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|weds?|thurs?|thu|fri"
    r"|wendesday|wednsday|wensday|thurday|thrusday|firday"
    r"|sat(?= (?:morning|night|at))"
    r"|(?<=by )(?:sat|sun)|(?<=on )(?:sat|sun)|(?<=next )(?:sat|sun))(?!'s)\b"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b\.?"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:{_MONTH} {_NTH}\b(?:,? 20\d\d)?|{_NTH}(?: of)? {_MONTH}(?:,? 20\d\d)?|20\d\d-\d\d-\d\d"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:20\d\d)?|(?<=by )\d\d?\.\d\d(?![\d.]|\s?%)|the \d{{1,2}}(?:st|nd|rd|th)\b)"
)
_UNIT = (
    r"(?:(?:business |working |calendar )?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?"
    r"|fortnight|quarters?))\b"
)
_COUNT = (
    r"(?:\d+(?:\s?[-–]\s?\d+)?|an?|one|two|three|four|five|six|seven|ten|twelve|fourteen|twenty"
    r"|thirty|forty-eight|a couple(?: of)?|couple(?: of)?|a few|the next(?: few| couple(?: of)?"
    r"| \d+| two| three)?|next few|the coming|half an)"
)
_PART = r"(?:morning|afternoon|evening|night|lunch(?:time)?|noon|weekend)"
_PERIOD = r"(?:day|week|month|quarter|year|sprint|business(?: day)?|play|weekend)"
_REL = (
    r"(?:(?:later |early |late |earlier |first thing )?(?:today|tomm?orr?ow|tmrw|tmr|tmw|tonight"
    rf"|tomo|this {_PART}|(?<=by ){_PART}|tomorrow {_PART})(?!'s)\b(?: {_PART}\b)?"
    r"|the day after tomorrow|day after tomorrow|first thing(?: in the morning)?|in the morning\b"
    r"|(?:the )?(?:end|close|middle|start|beginning|eo) of (?:the |this |next |my |our "
    rf"|your )?(?:{_PERIOD}|{_DAY}|{_MONTH}|q[1-4])(?!'s)\b"
    r"|(?:eod|cob|eob|cop|eow|eom|eoq|eoy|asap)\b|as soon as possible|year[- ]end|month[- ]end"
    r"|quarter[- ]end|mid[- ]?(?:week|month)\b"
    r"|(?:(?:early|late|later|mid|sometime|some time)[- ]?)?(?:in )?(?:this|next|the following"
    rf"|the coming|this coming|following|coming) (?:{_PERIOD}|{_PART}|{_DAY}|{_MONTH}|few days"
    r"|couple of (?:days|weeks|hours))(?!'s)\b"
    rf"|(?:early|late|mid)[- ]?{_MONTH}|(?:a week from|a week on) {_DAY}|{_DAY} week\b"
    r"|a week from (?:today|tomorrow)|(?:\d+|two|a few) (?:days|weeks) from (?:now|today)"
    r"|q[1-4](?: 20\d\d)?\b|h[12]\b|a\.s\.a\.p\.|the weekend|next time)"
)
_ZONE = (
    r"(?: ?(?:utc|gmt|cet|cest|est|edt|et|cst|cdt|ct|mst|mdt|mt|pst|pdt|pt|bst|ist|my time"
    r"|your time|our time|[a-z]+ time)\b)?"
)
_TIME = (
    r"(?:(?:\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?)|\d{1,2}:\d\d|\d{1,2} o'?clock|noon"
    r"|midday|midnight|lunch(?:time)?|close of business|end of (?:business|day|play)|eod"
    rf"|cob){_ZONE})"
)
_BARE_HOUR = (
    r"(?:(?<=at )|(?<=by )|(?<=before )|(?<=around ))\d{1,2}(?![\d%./:-]|\s?(?:%|percent|x\b"
    rf"|k\b|points?|units?|people|days?|weeks?|hours?))\b{_ZONE}"
)
_IN = (
    rf"(?:within|in(?:side)?|over) (?:the )?(?:next )?{_COUNT}[ -]?{_UNIT}(?: or (?:so|two"
    r"|less))?|(?:within|in) (?:the |an )?(?:hour|day|week)\b|(?:within|in) \d+\s?[hd]\b"
)
_EVENT = (
    r"(?:before|by|ahead of|in time for|prior to|until) (?:the |your |our |my |next |this "
    r"|tomorrow's |today's |monday's |friday's )?(?:[\w'-]+ ){0,2}?"
    r"(?:call|meeting|launch|kick-?off|demo|review|sync|release|deadline|go-live|workshop|qbr"
    r"|stand-?up|sprint|audit|renewal|holidays?|christmas|new year|thanksgiving|easter|weekend"
    r"|webinar|session|visit|onsite)\b"
)
_ATOM = rf"(?:{_REL}|{_DATE}|{_DAY}|{_TIME}|{_BARE_HOUR})"
_PREP = (
    r"(?:(?:by|before|on or before|(?<=ready )for|(?<=done )for|on|until|till|til|no later than"
    r"|not later than|at the latest by|latest by|latest|due(?: on| by)?|at|around|prior to"
    r"|ahead of|during|over(?= the)"
    r"|sometime|some time|within|in|come|of)\s+"
    r"(?:the end of |end of |the close of |close of |early |late |mid[- ]?|sometime |around "
    r"|about |first thing |at |on |next |this |the )*)?"
)
_JOIN = r"(?:,? ?(?:at|by|before|around|on|in the|of|the|@|-|–)? ?)"
DUE = re.compile(
    rf"(?<![\w'-])(?:{_EVENT}(?: on (?:{_DATE}|{_DAY}))?"
    rf"|{_IN}|{_PREP}{_ATOM}(?:{_JOIN}{_ATOM}){{0,3}}(?: {_PART}\b)?"
    rf"|(?:by|in|before) {_MONTH}(?! \w+ing\b))(?: (?:at the latest|latest|sharp|or (?:earlier|sooner"
    r"|before)|if not (?:before|sooner)))?"
)
# Before these words a date is part of a thing's name or lies behind us: "the Friday numbers", "from Monday".
NOT_DUE = re.compile(
    r"(?:\b(?:the|our|your|his|her|their|my|a|an|last|from|since|for|about|of|regarding|re"
    r"|between|and|past|every|each|per|after|than|version|to|\d+))\s+$"
)
