"""Which promises does a message hold? Rules per language, explained by the exact words that made them match.

    spotting_zones      the writer's own words, and their sentences
    spotting_language   which language a sentence is in
    spotting_rules      promises within a sentence;  spotting_answers  answers to what the other side asked
    spotting_en, ...    how promises are made in a language
    spotting_rerank     a second opinion, off unless it is given weights

A false offer costs trust, a miss costs nothing new: whatever is doubtful is quiet, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from commitments.spotting_answers import Answer, Request, answered, asking_in, requests_of, without
from commitments.spotting_language import is_known, language_of, languages_in, pack_for
from commitments.spotting_rerank import Weights, reranked
from commitments.spotting_rules import Hit, Veto, judged, likely
from commitments.spotting_terms import Asking, Author, Offer, Owner, Pack, Said, Sort, Span, Tier, Why
from commitments.spotting_zones import READ_AT_MOST, Sentence, own_words, sentences, words_of

__all__ = [
    "Asking",
    "Author",
    "Offer",
    "Owner",
    "Said",
    "Sort",
    "Tier",
    "Weights",
    "Why",
    "asking",
    "refusals",
    "spot",
]

SHORTEST_ACTION = 2
MOST_IN_A_WORD = 12  # sentences; our guess at how long "sent it just now" gets
_TRAILING = re.compile(r"[^\w)\]”»'\"%€$+#]+$")  # emoji and the like


def spot(message: Said, context: Sequence[Said] = (), *, weights: Weights | None = None) -> tuple[Offer, ...]:
    """What the message promises, accepts or reports done. `context` is the thread before it, oldest first.

    `weights` may silence an offer, and do nothing else. Linear in the length of the message, of which at most
    40,000 characters are read; never raises.
    """
    page = _Page.of(message, context)
    requests = requests_of(context, message.author, page.pack) if context else []
    answers = answered(page.sentences, page.text, requests, page.pack)
    promised = list(_promised(page, requests, is_answer=bool(answers)))
    offers = _distinct([*_accepted(page, answers, promised), *promised])
    return reranked(offers, weights) or tuple(_fulfilled(page))


def asking(message: Said) -> Asking:
    """All that need be kept of a message so that an answer to it can be read later."""
    page = _Page.of(message, ())
    return asking_in(page.sentences, page.text, page.pack)


def refusals(message: Said) -> tuple[tuple[str, str], ...]:
    """What looked like a promise and is none: the veto, and the words."""
    page = _Page.of(message, ())
    return tuple(
        (verdict.veto, page.cut(page.sentences[index], verdict.cue))
        for index, _, verdict in page.verdicts()
        if isinstance(verdict, Veto)
    )


@dataclass(frozen=True, slots=True)
class _Page:
    said: Said
    text: str
    sentences: tuple[Sentence, ...]
    words: Sequence[Sequence[str]]  # of each sentence
    language: str
    pack: Pack
    is_mixed: bool  # there are sentences in another language

    @classmethod
    def of(cls, said: Said, context: Sequence[Said]) -> _Page:
        text = said.text[:READ_AT_MOST]
        own = own_words(text)
        parts = tuple(sentences(own))
        spoken = said.language or _spoken(context)
        words = words_of(parts)
        language, is_mixed = languages_in(chain.from_iterable(words), own, spoken)
        return cls(said, text, parts, words, language, pack_for(language), is_mixed)

    def pack_of(self, sentence: Sentence) -> Pack:
        return pack_for(language_of(sentence.text, self.language)) if self.is_mixed else self.pack

    def verdicts(self) -> Iterator[tuple[int, Pack, Hit | Veto]]:
        """With the sentence's number and language."""
        for index, (sentence, words) in enumerate(zip(self.sentences, self.words, strict=False)):
            pack = self.pack_of(sentence)
            for verdict in judged(pack, sentence, likely(pack, words)):
                yield index, pack, self._unless_retracted(index, pack, verdict)

    def _unless_retracted(self, index: int, pack: Pack, verdict: Hit | Veto) -> Hit | Veto:
        after = self.sentences[index + 1 : index + 2]
        is_retracted = any(pack.retracts.search(sentence.text) for sentence in after)
        return Veto("retracted", verdict.cue) if is_retracted else verdict

    def cut(self, sentence: Sentence, span: Span) -> str:
        return self.text[sentence.start + span[0] : sentence.start + span[1]].strip(" \t\n,;:")


def _spoken(context: Sequence[Said]) -> str | None:
    """An answer of one word is in the language of what it answers."""
    return language_of(context[-1].text.lower(), context[-1].language) if context else None


def _promised(page: _Page, requests: Sequence[Request], *, is_answer: bool) -> Iterator[Offer]:
    for index, pack, verdict in page.verdicts():
        if isinstance(verdict, Hit) and _is_of_interest(page, page.sentences[index], verdict):
            yield from _offered(page, index, pack, verdict, requests, is_answer=is_answer)


def _is_of_interest(page: _Page, sentence: Sentence, hit: Hit) -> bool:
    """Somebody else's act counts when a colleague is named, by us."""
    if not hit.trigger.named:
        return True
    first = page.text[sentence.start + hit.cue[0]]
    return page.said.author == "ours" and (first.isupper() or hit.trigger.named == "any")


def _offered(
    page: _Page, index: int, pack: Pack, hit: Hit, requests: Sequence[Request], *, is_answer: bool
) -> Iterator[Offer]:
    sentence = page.sentences[index]
    for words, due in _parts(pack, sentence, hit):
        said = page.text[sentence.start + words[0] : sentence.start + words[1]]
        action = _tidy(pack.worded(without(said, due, words[0])))
        due_text = page.cut(sentence, due) if due else _due_after(page, index, pack)
        asked = _meant(pack, action, requests)
        # "Will do" is nothing by itself; where it answers something, that is what was promised.
        if pack.empty.search(action.lower()) and (is_answer or not (asked or due_text)):
            continue
        if len(action) >= SHORTEST_ACTION:
            yield _offer(page, sentence, pack, hit, words, action, due_text, asked)


def _offer(
    page: _Page,
    sentence: Sentence,
    pack: Pack,
    hit: Hit,
    words: Span,
    action: str,
    due_text: str | None,
    asked: Request | None,
) -> Offer:
    return Offer(
        sort=Sort.ACCEPTANCE if asked else Sort.PROMISE,
        action=asked.action if asked and pack.pointing.search(action.lower()) else action,
        owner=_owner(page, hit),
        due_text=due_text or (asked.due if asked else None),
        tier=_tier(page, pack, hit.doubts),
        why=Why(
            trigger=page.cut(sentence, hit.cue), doubts=hit.doubts, request=asked.words if asked else None
        ),
        span=(sentence.start + min(hit.cue[0], words[0]), sentence.start + words[1]),
        cue=f"{pack.language}.{hit.trigger.name}",
    )


def _tidy(action: str) -> str:
    return _TRAILING.sub("", action)


def _parts(pack: Pack, sentence: Sentence, hit: Hit) -> list[tuple[Span, Span | None]]:
    """ "Send A by Thursday and B by Friday" is two promises; "check and get back by Friday" is one."""
    start, stop = hit.words
    for found in pack.also.finditer(sentence.text, start, stop):
        if not pack.actions.match(sentence.text, found.end()):
            continue
        first, second = (start, found.start()), (found.end(), stop)
        dues = tuple(pack.due.search(sentence.text, *part) for part in (first, second))
        if dues[0] and dues[1]:
            return [(first, dues[0].span()), (second, dues[1].span())]
    return [(hit.words, hit.due)]


def _due_after(page: _Page, index: int, pack: Pack) -> str | None:
    """ "I'll send it. By Friday." The next sentence counts when it holds nothing but the date."""
    if index + 1 >= len(page.sentences):
        return None
    after = page.sentences[index + 1]
    due = pack.due.search(after.text)
    if not due or not pack.ties.match(after.text[: due.start()]) or after.text[due.end() :].strip(" ,;:)!"):
        return None
    return page.cut(after, due.span())


def _meant(pack: Pack, action: str, requests: Sequence[Request]) -> Request | None:
    """The request that a promise answers: it points back at it, or speaks of the same thing."""
    low = action.lower()
    if pack.pointing.search(low):
        return requests[0] if requests else None
    words = {word for word in low.split() if len(word) > 3}
    return next((each for each in requests if words & set(each.action.lower().split())), None)


def _owner(page: _Page, hit: Hit) -> Owner:
    return hit.trigger.owner if page.said.author == "ours" else Owner.CUSTOMER


def _tier(page: _Page, pack: Pack, doubts: Sequence[str]) -> Tier:
    is_read_well = is_known(page.language) or pack.language != "en"
    return Tier.OFFER if is_read_well and not doubts else Tier.QUIET


def _accepted(page: _Page, answers: Sequence[Answer], promised: Sequence[Offer]) -> Iterator[Offer]:
    """Acceptances, unless a promise in the message says the same in full."""
    if any(offer.sort is Sort.ACCEPTANCE for offer in promised):
        return
    acts = page.pack.acts
    for answer in answers:
        if promised and not acts.search(page.sentences[0].text):
            return
        yield Offer(
            sort=Sort.ACCEPTANCE,
            action=answer.request.action,
            owner=Owner.SPEAKER if page.said.author == "ours" else Owner.CUSTOMER,
            due_text=answer.due,
            tier=_tier(page, page.pack, answer.doubts),
            why=Why(trigger=answer.trigger, doubts=answer.doubts, request=answer.request.words),
            span=answer.span,
            cue=f"{page.pack.language}.accept",
        )


def _distinct(offers: Sequence[Offer]) -> list[Offer]:
    first: dict[str, Offer] = {}
    for offer in offers:
        first.setdefault(" ".join(offer.action.lower().split()), offer)
    return list(first.values())


def _fulfilled(page: _Page) -> Iterator[Offer]:
    """At most one: a message that reports ten things done is a report, and so is a long one."""
    for sentence in page.sentences if len(page.sentences) <= MOST_IN_A_WORD else ():
        pack = page.pack_of(sentence)
        found = None if sentence.asks else pack.done.search(sentence.text)
        if found and not pack.undone.search(sentence.text):
            yield Offer(
                sort=Sort.FULFILMENT,
                action=page.cut(sentence, (0, len(sentence.text))),
                owner=Owner.SPEAKER if page.said.author == "ours" else Owner.CUSTOMER,
                due_text=None,
                tier=Tier.QUIET,
                why=Why(trigger=page.cut(sentence, found.span()), doubts=()),
                span=(sentence.start, sentence.start + len(sentence.text)),
                cue=f"{pack.language}.done",
            )
            return
