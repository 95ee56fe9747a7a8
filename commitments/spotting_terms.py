"""The words of the promise spotter: what it is given, what it says back, what a language must bring."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Author = Literal["ours", "theirs"]  # the side of the platform's account, never guessed from the text
Span = tuple[int, int]


def any_of(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


class Tier(StrEnum):
    OFFER = "offer"  # sure enough to interrupt, privately
    QUIET = "quiet"  # for the daily list


class Owner(StrEnum):
    SPEAKER = "speaker"
    CUSTOMER = "customer"  # a promise made to us: never offered to a colleague
    OTHER = "other"  # a colleague whom the speaker names


class Sort(StrEnum):
    PROMISE = "promise"
    ACCEPTANCE = "acceptance"  # of what the other side asked for
    FULFILMENT = "fulfilment"  # "sent it just now": asked about, never assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    text: str
    author: Author
    language: str | None = None  # "en", "de-AT"; None when nobody knows
    is_passed: bool = False  # its side has said more since, about something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What of a message the other side needs to know in order to read its answer."""

    words: str  # the sentences that ask for something, exactly as said; empty: none
    takes_back: bool  # "never mind"
    moves_on: bool  # says something else, of some weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    trigger: str  # the exact words that make it a promise
    doubts: tuple[str, ...]  # what lowers the tier: hedge, condition, another's promise, ...
    request: str | None = None  # the exact words of the other side that were accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    sort: Sort
    action: str
    owner: Owner
    due_text: str | None  # exact words, from the message or from the accepted request
    tier: Tier
    why: Why
    span: Span  # of the promise's words in the message
    cue: str  # "en.will": stable, so that a person may mute it


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Words that open a promise. What follows the match begins with a verb, unless the match holds it."""

    name: str
    pattern: re.Pattern[str]  # may name a group `verb` where the match holds the verb itself
    hints: tuple[str, ...] = ()  # words; a sentence without any of them cannot match: a search saved
    # Which verbs: any; any, the unlisted being doubtful; the unlisted with a date alone; listed; with a date.
    needs: Literal["any", "open", "dated", "listed", "due"] = "dated"
    owner: Owner = Owner.SPEAKER
    doubt: str | None = None  # why it is for the quiet list at best
    named: Literal["", "name", "any"] = ""  # somebody else acts; a name must be written as one
    is_noun: bool = False  # what follows may be a thing: "Us: the bridge letter"
    whole: bool = False  # the action is what stands before and within the match too


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pack:
    """What the spotter knows of one language. Patterns match lower case."""

    language: str
    cue: re.Pattern[str] | None  # a sentence without any of these holds no promise
    triggers: tuple[Trigger, ...]
    verb: re.Pattern[str]  # what may be a verb at all
    actions: re.Pattern[str]  # verbs that somebody could check, matched at the verb
    refused: Mapping[str, re.Pattern[str]]  # veto name -> what must not begin at the verb
    together: re.Pattern[str]  # in a trigger: speaks for several, so that "joint" acts are vetoed
    vetoes: Mapping[str, re.Pattern[str]]  # veto name -> anywhere in the sentence
    base: Callable[[str], str]  # "taking the day off" -> "take the day off"; others stay
    trifles: Mapping[str, re.Pattern[str]]  # veto name -> anywhere in the clause
    before: Mapping[str, re.Pattern[str]]  # veto name -> just before the trigger
    near: re.Pattern[str]  # a hedge, between shortly before the trigger and its verb
    doubts: Mapping[str, re.Pattern[str]]  # doubt name -> anywhere in the clause
    scoped: Mapping[str, re.Pattern[str]]  # doubt name -> anywhere in the sentence
    tangents: re.Pattern[str]  # from here on, a clause's doubts are about something else
    due: re.Pattern[str]
    strong: re.Pattern[str]  # due words that can be nothing else: "by", "before", ...
    inner: re.Pattern[str]  # within due words that begin as a name: where those to keep begin
    ties: re.Pattern[str]  # between a promise and due words after its clause
    not_due: re.Pattern[str]  # just before a due phrase: it belongs to a noun
    ends: re.Pattern[str]  # where the promise's clause ends
    also: re.Pattern[str]  # between two acts of one promise
    pointing: re.Pattern[str]  # an action that names nothing: "do that", "get it to you"
    empty: re.Pattern[str]  # an action that is nothing without what it answers: "do that"
    requests: tuple[
        tuple[str, re.Pattern[str]], ...
    ]  # kind ("act", "thing", "wish", "when") and what opens it
    cancels: re.Pattern[str]  # "never mind"
    retracts: re.Pattern[str]  # "no, wait": what was promised before it is not
    dated: re.Pattern[str]  # an answer that opens with a date
    facts: re.Pattern[str]  # a question about facts, presence or a product, however polite
    accepts: re.Pattern[str]
    acts: re.Pattern[str]  # acceptances that promise an act by themselves: "will do", "on it"
    declines: re.Pattern[str]
    done: re.Pattern[str]
    undone: re.Pattern[str]
    worded: Callable[[str], str]  # the action's words as a title
    verb_last: bool = False
