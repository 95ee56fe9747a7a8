"""Notes and transcripts as speeches: who said what, as far as the text itself says so.

Ana Costa: I'll send it by Friday            - **Ana** (Acme): ...        [00:12:03] Bob (Acme): ...
Ana Costa   0:12                             <v Ana Costa>...</v>         - Ana to send the deck by Friday
I'll send it by Friday
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from commitments.text import READ_AT_MOST

IsKnown = Callable[[str], bool]

LINE_AT_MOST = 5_000

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d\d(?:[.,]\d{1,3})?(?:\s?[ap]m)?"
_STAMP = rf"(?:\[{_TIME}\]|\({_TIME}\)|{_TIME})"
_NAME = r"(?P<name>[^\W\d_][\w.'’-]{0,30}(?:[ \t][\w.'’-]{1,30}){0,3})"
_FROM = r"(?:\s*[(\[](?P<organisation>[^()\[\]\n]{1,60})[)\]])?"
_BULLET = re.compile(r"\s*(?P<bullet>(?:[-*•–]|\d{1,2}[.)])\s+(?:\[[ xX]?\]\s*)?)?(?P<said>.*)")
_LABEL = re.compile(
    rf"(?:{_STAMP}\s*[-–|]?\s*)?(?:\*\*|__)?@?{_NAME}{_FROM}(?:\s*{_STAMP})?(?:\*\*|__)?\s*:(?:\*\*|__)?(?:\s+|$)(?P<said>.*)",
    re.IGNORECASE,
)
_HEADER = re.compile(rf"(?:{_STAMP}\s+)?@?{_NAME}{_FROM}\s*(?P<after>[-–|,]?\s*{_STAMP})?", re.IGNORECASE)
_ASSIGNED = re.compile(rf"@?{_NAME}{_FROM}\s+to\s+(?P<said>\S.*)", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.\S+)?\s+(?P<name>[^>]{1,80})>(?P<said>.*?)(?:</v>|$)", re.IGNORECASE)
_TAG = re.compile(r"</?[cibuv][^>]{0,80}>", re.IGNORECASE)
_OPENING_STAMP = re.compile(rf"{_STAMP}\s*[-–|]?\s+")
_CUE_NUMBER = re.compile(r"\d{1,6}|[0-9a-f]{8}-[0-9a-f-]{20,40}", re.IGNORECASE)


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words of a name that need no capital.
_PARTICLES = _each("al bin da de del della den der di dos du el la le san ter van von")
# What stands before a colon in notes and is nobody.
_HEADINGS = _each("""
    action actions agenda ai aim answer aob attendees background blocker blockers call ccs context date
    deadline decided decision decisions due fyi goal goals idea ideas item items link links meeting minutes
    next note notes open outcome outcomes owner owners participants plan present ps question questions re
    recap risk risks status step steps subject summary task tasks time timeline todo todos topic topics
    update updates
    aufgabe aufgaben beschluss beschlüsse betreff datum entscheidung entscheidungen ergebnis ergebnisse frage
    fragen frist notiz notizen offen protokoll schritt schritte teilnehmer termin thema themen zusammenfassung
    compte décision décisions objet participants prochaine prochaines question résumé sujet tâche tâches étape
    étapes acuerdo acuerdos asistentes asunto decisión decisiones fecha nota notas pendiente pendientes
    próximos próximo resumen tarea tareas tema temas
""")
# Whoever writes the notes, or all of them: the line speaks for itself.
_OURSELVES = _each("i me us we you they them ich wir uns je moi nous yo nosotros")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What one person said without being interrupted."""

    speaker: str | None = None  # as written; None where nobody is named
    organisation: str = ""
    lines: tuple[str, ...] = ()
    glue: str = "\n"
    is_whole: bool = False  # all of it is surely the speaker's, not the first line alone
    is_item: bool = False  # of a list
    is_assigned: bool = False  # "Ana to send it": written of them, not said by them

    @property
    def text(self) -> str:
        return self.glue.join(self.lines)

    @property
    def sure_until(self) -> int:
        """Beyond that offset in the text it may be somebody else who speaks."""
        first_alone = self.speaker is not None and self.lines and not self.is_whole
        return len(self.lines[0] if first_alone else self.text)


def speeches(text: str, is_known: IsKnown) -> list[Speech]:
    """In their order. `is_known` tells names of people and customers, whatever their case."""
    return [part for each in _joined(_read(text, is_known)) if each.text.strip() for part in _parts(each)]


def _joined(found: Iterable[Speech]) -> Iterator[Speech]:
    """Captions cut a sentence in pieces."""
    for _, same in groupby(enumerate(found), lambda each: each[1].speaker if each[1].is_whole else each[0]):
        pieces = [each for _, each in same]
        yield replace(pieces[0], lines=tuple(line for each in pieces for line in each.lines))


def _parts(speech: Speech) -> Iterator[Speech]:
    """One that is too long to be read at once, in several."""
    if len(speech.text) <= READ_AT_MOST:
        yield speech
        return
    lines: list[str] = []
    for line in (
        each[at : at + LINE_AT_MOST] for each in speech.lines for at in range(0, len(each), LINE_AT_MOST)
    ):
        if lines and sum(map(len, lines)) + len(line) > READ_AT_MOST // 2:
            yield replace(speech, lines=tuple(lines))
            lines = []
        lines.append(line)
    yield replace(speech, lines=tuple(lines))


def _read(text: str, is_known: IsKnown) -> Iterator[Speech]:
    is_captions = "-->" in text
    current, more = Speech(), list[str]()
    for line in map(str.strip, text.splitlines()):
        if is_captions and _is_timing(line):
            continue
        new = _opened(line, is_known, is_captions=is_captions) if line else _after_a_gap(current)
        if new is None:
            more.append(_OPENING_STAMP.sub("", _TAG.sub("", line), count=1))
            continue
        yield replace(current, lines=(*current.lines, *more))
        current, more = new, []
    yield replace(current, lines=(*current.lines, *more))


def _after_a_gap(current: Speech) -> Speech | None:
    return None if current.is_whole else Speech()


def _is_timing(line: str) -> bool:
    return "-->" in line or line.startswith("WEBVTT") or _CUE_NUMBER.fullmatch(line) is not None


def _opened(line: str, is_known: IsKnown, *, is_captions: bool) -> Speech | None:
    """The speech that a line begins; None when it goes on with the one before."""
    if voice := _VOICE.match(line):
        return _spoken(voice, is_whole=True, glue=" ")
    parts = _BULLET.fullmatch(line)
    said = parts["said"] if parts else line
    is_item = bool(parts and parts["bullet"])
    label = _LABEL.fullmatch(said)
    if label and _is_somebody(label["name"], is_known):
        opened = _spoken(label, is_whole=is_captions, glue=" " if is_captions else "\n")
        return replace(opened, is_item=is_item)
    if label and _is_heading(label["name"]):
        return Speech(lines=(line,))
    assigned = _ASSIGNED.fullmatch(said)
    if assigned and is_known(assigned["name"]):
        return replace(_spoken(assigned), is_item=is_item, is_assigned=True)
    header = _HEADER.fullmatch(said)
    if header and header["name"] != said and _is_stamped(said) and _is_somebody(header["name"], is_known):
        return Speech(speaker=header["name"], organisation=header["organisation"] or "", is_whole=True)
    return Speech(lines=(line,), is_item=True) if is_item else None


def _spoken(found: re.Match[str], *, is_whole: bool = False, glue: str = "\n") -> Speech:
    said = _TAG.sub("", found["said"]).strip()
    organisation = found.groupdict().get("organisation") or ""
    return Speech(
        speaker=" ".join(found["name"].split()),
        organisation=organisation.strip(),
        lines=(said,) if said else (),
        is_whole=is_whole or not said,
        glue=glue,
    )


def _is_stamped(line: str) -> bool:
    return re.search(_STAMP, line, re.IGNORECASE) is not None


def _is_somebody(name: str, is_known: IsKnown) -> bool:
    if is_known(name):
        return True
    words = name.split()
    if _is_heading(name):
        return False
    return all(word[0].isupper() or word.casefold() in _PARTICLES for word in words if word[0].isalpha())


def _is_heading(name: str) -> bool:
    words = name.casefold().split()
    return words[0] in _HEADINGS or words[-1] in _HEADINGS or name.casefold() in _OURSELVES
