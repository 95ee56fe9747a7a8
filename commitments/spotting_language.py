"""Which language a text is in, by its smallest words; and what we know of that language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from commitments.spotting_terms import Pack
from commitments.spotting_zones import words_in

LANGUAGES = ("en", "de", "fr", "es", "ja")
_KANA = re.compile(r"[\u3040-\u30ff]")
# One word of a name or a quote turns nobody into a speaker of another language.
_MARGIN = 3
_SMALL = {
    "en": "the and to of you is it that this will we i ll for have with be can my our your not are on"
    " by from me us let send as do at so but if get would just an was here all back sure yes"
    " thanks please tomorrow",
    "de": "der die das und ich wir ist nicht ein eine einen mit zu für auf dir euch ihnen bis es wird"
    " werde werden den dem des von im am zum zur auch noch mal ja danke bitte morgen heute"
    " schicke mache uns sie ihr aber wenn dass heute nachmittag gerne klar kann"
    " können könnten könnte kannst könnt ihre ihren",
    "fr": "le la les et je nous vous est pas un une des avec pour dans ce cette que qui sur au aux du"
    " en d l j c n ne mon votre notre oui merci demain bien sûr sera serai te à ça avant envoie"
    " si mais on aujourd hui vos pouvez pourriez peux bonjour",
    "es": "el la los las y yo nosotros es no un una con para por que en lo le te se del al su mi"
    " nuestro mañana gracias sí si antes hoy os les envío mando está esta este hasta claro pero"
    " vale nos puedes puede podéis pueden podrías podría podrían hola favor sin ¿ ¡",
}
_LANGUAGES_OF = {
    word: tuple(language for language, words in _SMALL.items() if word in words.split())
    for words in _SMALL.values()
    for word in words.split()
}


def language_of(text: str, default: str | None) -> str:
    """The language its words speak for; the default where they say nothing clear."""
    return _chief(_has_kana(text), default, _points(words_in(text)))


def _chief(has_kana: bool, default: str | None, points: Mapping[str, int]) -> str:
    own = (default or "").replace("_", "-").partition("-")[0].lower()
    if has_kana:
        return "ja"
    best = max(points, key=points.__getitem__)
    if own == "ja":  # Latin letters in a Japanese thread are English unless they say otherwise
        own = "en"
    needed = points.get(own, 0) + (_MARGIN if own else 1)
    return best if points[best] >= needed else own or "en"


def languages_in(words: Iterable[str], text: str, default: str | None) -> tuple[str, bool]:
    """The text's chief language, and whether there seems to be another in it."""
    points, has_kana = _points(words), _has_kana(text)
    chief = _chief(has_kana, default, points)
    others = max(count for language, count in points.items() if language != chief)
    # Languages share small words: a few of them in a long text are no second language.
    return chief, has_kana or others >= max(_MARGIN, points.get(chief, 0) // 4)


def _has_kana(text: str) -> bool:
    return not text.isascii() and _KANA.search(text) is not None


def _points(words: Iterable[str]) -> dict[str, int]:
    points = dict.fromkeys(_SMALL, 0)
    for word, count in Counter(filter(_LANGUAGES_OF.__contains__, words)).items():
        for language in _LANGUAGES_OF[word]:
            points[language] += count
    return points


def is_known(language: str) -> bool:
    return language in LANGUAGES


@cache
def pack_for(language: str) -> Pack:
    """English for a language without a pack: some of it is said in English everywhere."""
    known = language if is_known(language) else "en"
    pack: Pack = import_module(f"commitments.spotting_{known}").PACK
    return pack
