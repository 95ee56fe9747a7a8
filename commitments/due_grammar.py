"""All the rules together: they must consume every word of a phrase, or it asks."""

import re
from functools import cache, lru_cache

from commitments.due_clock_rules import CLOCK_RULES
from commitments.due_offset_rules import OFFSET_RULES
from commitments.due_parts import CODES, DayPart, Found, Part, Parts, Rule, Skip, Taken
from commitments.due_period_rules import PERIOD_RULES
from commitments.due_rules import DAY_RULES
from commitments.due_terms import UnsureError
from commitments.due_words import Kind

# Where two rules take equally many words, the earlier one has them.
RULES: tuple[Rule, ...] = DAY_RULES + PERIOD_RULES + OFFSET_RULES + CLOCK_RULES

# A known word that leaves a phrase open says more than "a word is left over".
_TELLING = {
    Kind.VAGUE: "vague",
    Kind.EVERY: "recurring",
    Kind.WDAYS: "recurring",
    Kind.OR: "several_dates",
    Kind.FISCAL: "fiscal",
    Kind.WHOSE: "which_zone",
}
_LEFT = {
    Kind.LATER: "vague",
    Kind.AFTER: "lower_bound",
    Kind.FROM: "lower_bound",
    Kind.AND: "several_dates",
    Kind.TO: "several_dates",
}
_FIRST_THING, _MORNING = DayPart("first"), DayPart("morning")
_BEGINNING = "\0"  # stands before the first word, for rules that look back


def gather(tokens: Taken) -> Found:
    """The parts of a phrase, one of each type; raises UnsureError for a word over or a part twice."""
    if any(token.kind is Kind.UNKNOWN for token in tokens):
        raise UnsureError(_reason(tokens))
    spelled = _BEGINNING + "".join(CODES[token.kind] for token in tokens)
    parts: Found = {}
    at = 0
    while at < len(tokens):
        taken, found = _longest(tokens, spelled, at)
        for part in found:
            _put(part, parts)
        at += taken
    return parts


def _longest(tokens: Taken, spelled: str, at: int) -> tuple[int, Parts]:
    for length, number in _matches(spelled[at:]):
        built = RULES[number].build(tokens[at : at + length])
        if built is not None:
            return length, built
    raise UnsureError(_reason(tokens[at:]))


@cache
def _patterns() -> list[re.Pattern[str]]:
    # Compiled when the first phrase is read: a program that only imports us should not pay for it.
    return [rule.compiled() for rule in RULES]


@lru_cache(maxsize=8192)
def _matches(spelled: str) -> list[tuple[int, int]]:
    """How many kinds after the first each rule would take, the most first; equal kinds match alike."""
    ends = ((pattern.match(spelled, 1), number) for number, pattern in enumerate(_patterns()))
    fits = [(match.end() - 1, number) for match, number in ends if match and match.end() > 1]
    return sorted(fits, key=lambda fit: (-fit[0], fit[1]))


def _put(part: Part, parts: Found) -> None:
    if isinstance(part, Skip):
        return
    known = parts.get(type(part), part)
    if known == _FIRST_THING and part == _MORNING:
        return  # "first thing Monday morning" says it twice
    if known != part:
        raise UnsureError("several_dates")
    parts[type(part)] = part


def _reason(rest: Taken) -> str:
    telling = next((_TELLING[token.kind] for token in rest if token.kind in _TELLING), None)
    return telling or _LEFT.get(rest[0].kind, "left_over")
