"""German verbs that somebody could check, and how a promise's words become a title."""

from __future__ import annotations

import re

_LISTED = """
    schicken senden übersenden zusenden liefern prüfen klären machen erstellen besorgen organisieren
    buchen ändern beheben fixen lösen erledigen kümmern melden schreiben antworten veranlassen
    korrigieren aktualisieren dokumentieren testen bestellen reservieren freigeben teilen hochladen
    weiterleiten nachreichen nachliefern vorbereiten bereitstellen fertigstellen zusammenstellen
    umsetzen abschließen einspielen ausrollen anpassen anrufen nachfragen nachhaken nachsehen
    nachschauen anschauen ansehen durchgehen eintragen aufnehmen einrichten freischalten weitergeben
    rausschicken rübergeben zukommen mitteilen geben halten besprechen planen übernehmen
    überarbeiten analysieren berichten veröffentlichen deployen releasen mailen posten
    unterschreiben formulieren entwerfen berechnen kalkulieren angehen bearbeiten verschicken
    zurückmelden zurückrufen sorgen bringen informieren anfragen abklären abstimmen hinterlegen
    ergänzen legen stellen leiten reichen laden passen rufen haken schauen setzen rollen richten
    fragen tauschen ersetzen spielen wechseln installieren konfigurieren migrieren reparieren montieren
    verlängern stornieren erstatten überweisen bezahlen beantragen eskalieren aktivieren deaktivieren
    löschen importieren exportieren übertragen verschieben versenden holen recherchieren kontaktieren
    austauschen ausliefern anliefern nachbessern gutschreiben ermitteln untersuchen verlegen
    tragen bessern rechnen ziehen gucken
"""
_INFINITIVES = _LISTED.split()
_IRREGULAR = {
    "gebe": "geben",
    "geb": "geben",
    "übernehme": "übernehmen",
    "nehme": "nehmen",
    "sehe": "sehen",
    "lasse": "lassen",
    "lass": "lassen",
    "nehmen": "nehmen",
    "sehen": "sehen",
    "lassen": "lassen",
    "halt": "halten",
    "hab": "haben",
}
_AHEAD = (
    "zu rüber weiter nach hoch bereit fertig zusammen um ab ein aus an durch auf mit frei raus"
    " vor zurück rein fest"
)
_OF_ONESELF = frozenset(("kümmern", "melden", "zurückmelden", "ansehen", "anschauen"))
_PREFIXES = frozenset(_AHEAD.split())
_FINITE = {
    **{inf[:-1] if inf.endswith("en") else inf[:-1].rstrip("e") + "e": inf for inf in _INFINITIVES},
    **{
        inf[:-2]: inf
        for inf in (
            "schicken",
            "machen",
            "fragen",
            "schauen",
            "prüfen",
            "klären",
            "mailen",
            "stellen",
            "rufen",
        )
    },
    **{inf: inf for inf in _INFINITIVES},
    **_IRREGULAR,
}
VERBS = "|".join(sorted(_FINITE, key=len, reverse=True))
INFINITIVES = "|".join(sorted({*_INFINITIVES, "lassen", "haben"}, key=len, reverse=True))

_OFTEN = (
    "ich wir dir ihnen euch dann also gerne gern natürlich noch mal auch sofort gleich ja klar"
    " einfach selbst "
    "ok okay danke super bitte werde werden kann können könnte sollte sollten"
)
_PASSING = frozenset(_OFTEN.split())


def worded(words: str) -> str:
    """`ich schicke dir den Vertrag zu` becomes `den Vertrag zuschicken`."""
    parts = re.split(rf"\sund\s(?=(?:{VERBS})\b)", words, flags=re.IGNORECASE)
    return " und ".join(filter(None, map(_worded, parts)))


def _worded(words: str) -> str:
    tokens = words.strip(" \t\n,;:.!?-–—*•'\"()[]").split()
    tokens = [token for token in tokens if token.lower().strip(",.!") not in _PASSING]
    if len(tokens) > 2 and tokens[0].lower() in _INFINITIVES and tokens[1] == "Sie":  # "legen Sie ... an"
        del tokens[1]
    if tokens and tokens[-1].lower() in _INFINITIVES:
        return " ".join(_reflexive(tokens, tokens[-1].lower()))
    at = next((i for i, token in enumerate(tokens) if token.lower() in _FINITE), None)
    if at is None:
        return " ".join(tokens)
    infinitive = _FINITE[tokens.pop(at).lower()]
    if tokens and tokens[-1].lower() in _PREFIXES:
        infinitive = tokens.pop().lower() + infinitive
    return " ".join([*_reflexive(tokens, infinitive), infinitive])


def _reflexive(tokens: list[str], infinitive: str) -> list[str]:
    """`uns kümmern` becomes `sich kümmern`; in `uns schicken` it only says to whom."""
    rest = [token for token in tokens if token.lower() not in ("mich", "uns", "mir")]
    return ["sich", *rest] if infinitive in _OF_ONESELF and len(rest) < len(tokens) else rest
