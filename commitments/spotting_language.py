"""Which language a text is in, by its smallest words; and what we know of that language."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from commitments.spotting_terms import Pack

LANGUAGES = ("en", "de", "fr", "es", "ja")
_KANA = re.compile(r"[\u3040-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_AT_MOST = 80
# One word of a name or a quote turns nobody into a speaker of another language.
_MARGIN = 3
_SMALL = {
    "en": "the and to of you is it that this will we i ll for have with be can my our your not are on"
    " by from me us let send as do at so but if get would just an was here all back sure yes"
    " thanks please tomorrow",
    "de": "der die das und ich wir ist nicht ein eine einen mit zu für auf dir euch ihnen bis es wird"
    " werde werden den dem des von im am zum zur auch noch mal ja danke bitte morgen heute"
    " schicke mache uns sie ihr aber wenn dass heute nachmittag gerne klar kann",
    "fr": "le la les et je nous vous est pas un une des avec pour dans ce cette que qui sur au aux du"
    " en d l j c n ne mon votre notre oui merci demain bien sûr sera serai te à ça avant envoie"
    " si mais",
    "es": "el la los las y yo nosotros es no un una con para por que en lo le te se del al su mi"
    " nuestro mañana gracias sí si antes hoy os les envío mando está esta este hasta claro pero"
    " vale",
}
_KNOWN = {
    word: tuple(each for each, words in _SMALL.items() if word in words.split())
    for words in _SMALL.values()
    for word in words.split()
}


def language_of(text: str, default: str | None) -> str:
    """The language its words speak for; the default where they say nothing clear."""
    own = (default or "").replace("_", "-").partition("-")[0].lower()
    if _KANA.search(text):
        return "ja"
    points = _points(text)
    best = max(points, key=points.__getitem__)
    if own == "ja":  # Latin letters in a Japanese thread are English unless they say otherwise
        own = "en"
    needed = points.get(own, 0) + (_MARGIN if own else 1)
    return best if points[best] >= needed else own or "en"


def _points(text: str) -> dict[str, int]:
    points = dict.fromkeys(_SMALL, 0)
    for count, found in enumerate(_WORD.finditer(text)):
        if count >= _WORDS_AT_MOST:
            break
        for language in _KNOWN.get(found[0], ()):
            points[language] += 1
    return points


def is_known(language: str) -> bool:
    return language in LANGUAGES


@cache
def pack_for(language: str) -> Pack:
    """English for a language without a pack: some of it is said in English everywhere."""
    known = language if is_known(language) else "en"
    pack: Pack = import_module(f"commitments.spotting_{known}").PACK
    return pack
