"""The promises in notes of a call: whose each is, in which words, and why one is unsure.

Pure text work like spotting itself; who the people are is passed in, and only what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from commitments.promise import QUOTE_LIMIT, TITLE_LIMIT, Side
from commitments.spotting import Offer, Owner, Said, Sort, Tier, spot
from commitments.text import clean, one_line
from commitments.transcripts import Speech, speeches

READ_AT_MOST = 200_000  # characters: a call of three hours, written down word by word
JOTTED_AT_MOST = 100
NAME_LIMIT = 80
JOTTINGS_KEPT_FOR = timedelta(hours=24)
LOOKED_BACK = 6  # speeches an answer may refer to

# Why one is unsure, beside the doubts of the spotter itself.
NOBODY = "nobody"  # it is not said who speaks
STRANGER = "stranger"  # somebody of that name is not known
CONTINUED = "continued"  # on a line of its own, after somebody's
ASSIGNED = "assigned"  # written down for somebody, not said by them
UNREAD = "unread"  # in a language that is not read well

_EDGE = re.compile(r"[.!?…。！？]+(?=\s|$)|\n")
_TO_OTHERS = re.compile(r"\b(?:me|us|please|mir|uns|bitte|moi|nous|nos|merci)\b", re.IGNORECASE)
_IN_WORDS = "I'll "


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who may have spoken, or been spoken of."""

    person_id: str
    name: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Jotted:
    """A promise in notes."""

    title: str
    quote: str  # the exact words, with the sentence around them
    request: str = ""  # the other side's exact words, where it answers them
    due_text: str = ""
    speaker: str = ""  # as written
    side: Side | None = None  # None: nobody can tell
    owner_id: str | None = None  # None: has to be chosen
    doubts: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """But for its date, which is read where the owner's calendar is at hand."""
        return self.owner_id is not None and not self.doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class Jottings:
    """What was found in somebody's notes; nobody else ever sees it."""

    id: str
    tenant: str
    person_id: str  # who pasted them
    partnership_id: str
    place_id: str | None
    at: datetime  # when: "tomorrow" is the day after
    found: tuple[Jotted, ...]
    link: str | None = None
    taken: int = 0  # so many of them have been dealt with
    version: int = 1


@dataclass(frozen=True, slots=True)
class Voices:
    """Who may be meant by a name: the full name, or a first name that only one of them bears."""

    by_name: Mapping[str, Voice | None]  # None: of several people
    customer: str

    @classmethod
    def of(cls, voices: Sequence[Voice], customer: str) -> Voices:
        firsts = _sole((_key(voice.name).partition(" ")[0], voice) for voice in voices)
        fulls = _sole((_key(voice.name), voice) for voice in voices)
        return cls({**firsts, **fulls}, _key(customer))

    def knows(self, name: str) -> bool:
        return _key(name) in self.by_name or _key(name) == self.customer

    def named(self, name: str, organisation: str = "") -> Voice | None:
        """Not one of ours, where the notes say that it is one of theirs."""
        voice = self.by_name.get(_key(name))
        is_other = voice is not None and voice.side is Side.OURS and self._is_theirs(organisation)
        return None if is_other else voice

    def side_of(self, name: str, organisation: str = "") -> Side | None:
        voice = self.named(name, organisation)
        if voice is not None:
            return voice.side
        return Side.THEIRS if self._is_theirs(name) or self._is_theirs(organisation) else None

    def _is_theirs(self, name: str) -> bool:
        return bool(self.customer) and _key(name) == self.customer

    def opening(self, words: str) -> str | None:
        """The name that the words begin with."""
        parts = re.findall(r"[\w.'’-]+", words[:200])[:4]
        names = (" ".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((name for name in names if self.knows(name)), None)


def jotted(text: str, voices: Sequence[Voice], *, writer: Voice | None, customer: str) -> tuple[Jotted, ...]:
    """In the order they were said, each once. `writer` speaks where no line names anybody."""
    known = Voices.of(voices, customer)
    said = speeches(text[:READ_AT_MOST], known.knows)
    if any(each.speaker for each in said):
        writer = None
    found: dict[tuple[str, str | None], Jotted] = {}
    for each in _spotted(said, known, writer):
        key = " ".join(each.title.casefold().split()), each.owner_id
        if key not in found or (each.due_text and not found[key].due_text):
            found[key] = each
    return tuple(found.values())


def _spotted(said: Sequence[Speech], known: Voices, writer: Voice | None) -> Iterator[Jotted]:
    before: list[Said] = []
    for speech in said:
        voice = known.named(speech.speaker, speech.organisation) if speech.speaker else writer
        side = voice.side if voice else known.side_of(speech.speaker or "", speech.organisation)
        heard = Said(text=speech.text, author="theirs" if side is Side.THEIRS else "ours")
        offers = () if speech.is_assigned else spot(heard, before[-LOOKED_BACK:])
        before.append(heard)
        yield from (
            _jotted(speech, offer, voice, side, known)
            for offer in offers
            if offer.sort is not Sort.FULFILMENT
        )
        if speech.speaker and not offers:
            yield from _assigned(speech, voice, side)


def _jotted(speech: Speech, offer: Offer, voice: Voice | None, side: Side | None, known: Voices) -> Jotted:
    doubts = list(offer.why.doubts)
    if offer.owner is Owner.OTHER:
        name = known.opening(speech.text[offer.span[0] :]) or ""
        voice, side = known.named(name), known.side_of(name)
    elif offer.span[0] > speech.sure_until:
        doubts.append(CONTINUED)
    found = Jotted(
        title=_titled(offer.action),
        quote=_around(speech.text, offer.span),
        request=one_line(offer.why.request or "", QUOTE_LIMIT),
        due_text=offer.due_text or "",
        speaker=one_line(speech.speaker or (voice.name if voice else ""), NAME_LIMIT),
        side=side,
        owner_id=voice.person_id if voice else None,
        doubts=tuple(doubts),
    )
    if offer.tier is Tier.QUIET and not doubts:
        found = replace(found, doubts=(UNREAD,))
    return found if found.owner_id else replace(found, doubts=(*found.doubts, _missing(speech)))


def _missing(speech: Speech) -> str:
    return STRANGER if speech.speaker else NOBODY


def _assigned(speech: Speech, voice: Voice | None, side: Side | None) -> Iterator[Jotted]:
    """ "Ana: send the deck by Friday", as people write down who does what; nobody said so in these words."""
    line = speech.lines[0] if speech.lines else ""
    if not line or "?" in line or _TO_OTHERS.search(line) or (voice is None and side is None):
        return
    for offer in spot(Said(text=_IN_WORDS + line, author="ours"))[:1]:
        is_task = speech.is_assigned or speech.is_item or offer.due_text is not None
        if offer.sort is Sort.PROMISE and offer.span[0] == 0 and is_task:
            yield Jotted(
                title=_titled(offer.action),
                quote=_around(line, (0, len(line))),
                due_text=offer.due_text or "",
                speaker=one_line(speech.speaker or "", NAME_LIMIT),
                side=side,
                owner_id=voice.person_id if voice else None,
                doubts=(ASSIGNED, *offer.why.doubts, *(() if voice else (STRANGER,))),
            )


def _titled(action: str) -> str:
    title = one_line(action, TITLE_LIMIT)
    return title[:1].upper() + title[1:]


def _around(text: str, span: tuple[int, int]) -> str:
    """The sentence, if it is not too long to quote."""
    first, last = max(0, span[0] - QUOTE_LIMIT), span[1] + QUOTE_LIMIT
    start = max((edge.end() for edge in _EDGE.finditer(text, first, span[0])), default=first)
    edge = _EDGE.search(text, max(span[1] - 1, 0), last)
    sentence = " ".join(text[start : edge.end() if edge else last].lstrip(" -*•–").split())
    return clean(sentence if 0 < len(sentence) <= QUOTE_LIMIT else text[slice(*span)], QUOTE_LIMIT)


def _sole(named: Iterable[tuple[str, Voice]]) -> dict[str, Voice | None]:
    found: dict[str, Voice | None] = {}
    for name, voice in named:
        found[name] = None if name in found else voice
    return found


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
