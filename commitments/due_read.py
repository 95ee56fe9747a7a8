"""One phrase, one verdict: the languages in turn, the first that knows every word decides."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from commitments.due_grammar import gather
from commitments.due_resolve import Scene
from commitments.due_terms import Reading, Setting, Status, UnsureError
from commitments.due_verdict import Present, judge
from commitments.due_words import LANGUAGES, Kind, Lexeme, Token, fold, lexemes, lexicon, tokens
from commitments.due_zones import UTC, zone_named

LONGEST_PHRASE = 500
# The whole of a due phrase; more words are a sentence, and every one of them would have to be read.
MOST_WORDS = 40
FLOATING = (None, "floating")


def read(phrase: str, *, now: datetime, setting: Setting) -> Reading:
    """The due moment `phrase` names for the owner in `setting`.

    `now` is aware; for a floating setting it is naive wall time, and so is the answer. Never raises for any
    phrase; ValueError for a `now` that does not go with the setting.
    """
    whole = (0, len(phrase))
    try:
        present = _present(now, setting)
        found = _words(phrase)
        return replace(_in_any_language(found.lexemes, present), span=found.span)
    except UnsureError as unsure:
        return _asking(unsure, whole)


@dataclass(frozen=True, slots=True)
class _Words:
    lexemes: list[Lexeme]
    span: tuple[int, int]


def _words(phrase: str) -> _Words:
    if len(phrase) > LONGEST_PHRASE:
        raise UnsureError("too_long")
    folded, origin = fold(phrase)
    found = lexemes(folded)
    if not found:
        raise UnsureError("empty")
    if len(found) > MOST_WORDS:
        raise UnsureError("too_long")
    return _Words(found, (origin[found[0].start], origin[found[-1].end - 1] + 1))


def _present(now: datetime, setting: Setting) -> Present:
    floating = setting.zone in FLOATING
    if floating != (now.tzinfo is None):
        raise ValueError("an owner with a zone needs an aware now, a floating one a naive now")
    zone: tzinfo = UTC if floating else zone_named(str(setting.zone))
    aware = now.replace(tzinfo=UTC) if floating else now.astimezone(UTC)
    return Present(now=aware, zone=zone, floating=floating, setting=setting)


def _in_any_language(found: list[Lexeme], present: Present) -> Reading:
    """The first language that knows every word has the say."""
    unsure = UnsureError("left_over")
    for language in languages_for(present.setting.locale):
        words = tokens(found, lexicon(language))
        if not _is_own(language, present) and _may_be_another_language(words):
            continue
        try:
            return _in(language, words, present)
        except UnsureError as problem:
            if unsure.reason == "left_over":
                unsure = problem
            if all(word.kind is not Kind.UNKNOWN for word in words):
                break
    raise unsure


# Shorter names of days are words elsewhere: French Sam, German so, Spanish mar.
_SHORTEST_FOREIGN_DAY = 5


def _may_be_another_language(words: list[Token]) -> bool:
    """A slip, a short name or a word on its own is more likely a word of the owner's own language."""
    short = any(w.kind is Kind.WDAY and len(w.text) < _SHORTEST_FOREIGN_DAY for w in words)
    alone = len(words) == 1 and words[0].kind not in (Kind.WDAY, Kind.DWORD)
    return short or alone or any(word.slip for word in words)


def _is_own(language: str, present: Present) -> bool:
    return language in ("en", own_language(present.setting.locale))


def own_language(locale: str | None) -> str | None:
    return locale.replace("_", "-").split("-")[0].lower() if locale else None


def languages_for(locale: str | None) -> list[str]:
    """The owner's language first, then English, then the others we read.

    For an owner whose language we do not read only English: "sexta" is a Friday to some, a sixth to others.
    """
    own = own_language(locale)
    if own and own not in LANGUAGES:
        return ["en"]
    return list(dict.fromkeys([own or "en", "en", *LANGUAGES]))


def _in(language: str, words: list[Token], present: Present) -> Reading:
    parts = gather(words)
    scene = Scene(today=present.today, setting=present.setting, language=language)
    slipped = any(word.slip and word.kind is not Kind.DWORD for word in words)
    return judge(parts, present, scene, slipped=slipped)


def _asking(unsure: UnsureError, span: tuple[int, int]) -> Reading:
    return Reading(
        status=Status.ASK,
        due=None,
        local=None,
        last_day=None,
        grain="",
        time_said=False,
        candidates=unsure.candidates,
        reason=unsure.reason,
        note=None,
        span=span,
    )
