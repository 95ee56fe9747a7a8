"""French words for due dates; accents are folded, so "decembre" needs no entry of its own."""

from commitments.due_words import Kind, Value

_ONES = (
    "zéro|un,une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    "|dix sept|dix huit|dix neuf"
)
_TENS = "vingt|trente|quarante|cinquante|soixante"
_ORDINALS = (
    "premier,première,1 er,1 re|deuxième,second,seconde|troisième|quatrième|cinquième|sixième|septième"
    "|huitième|neuvième|dixième|onzième|douzième"
)
_MONTHS = (
    "janvier|janv|jan",
    "février|févr|fév|feb",
    "mars",
    "avril|avr",
    "mai",
    "juin",
    "juillet|juil|jul",
    "août|aou",
    "septembre|sept|sep",
    "octobre|oct",
    "novembre|nov",
    "décembre|déc",
)
_WEEKDAYS = (
    "lundi|lun",
    "mardi|mar",
    "mercredi|mer",
    "jeudi|jeu",
    "vendredi|ven",
    "samedi|sam",
    "dimanche|dim",
)


def words() -> dict[tuple[Kind, Value], str]:
    return {
        **{(Kind.NUM, n): _cardinal(n) for n in range(60)},
        **{(Kind.ORD, n): _ordinal(n) for n in range(1, 32)},
        **{(Kind.YEAR, 2000 + n): f"deux mille {_cardinal(n).split('|')[0]}" for n in range(1, 60)},
        **{(Kind.MONTH, n): names for n, names in enumerate(_MONTHS, 1)},
        **{(Kind.WDAY, n): names for n, names in enumerate(_WEEKDAYS)},
        **_DAYS_AND_UNITS,
        **_CLOCK,
        **_LINKS,
        **_UNDECIDED,
    }


def _cardinal(n: int) -> str:
    if n < 20:
        return _ONES.split("|")[n].replace(",", "|")
    tens = _TENS.split("|")[n // 10 - 2]
    if n % 10 == 0:
        return tens
    ones = _ONES.split("|")[n % 10].split(",")
    return "|".join(f"{tens} {'et ' if n % 10 == 1 else ''}{one}" for one in ones)


def _ordinal(n: int) -> str:
    named = _ORDINALS.split("|")[n - 1].replace(",", "|") + "|" if n <= 12 else ""
    return f"{named}{n} e|{n} eme|{n} ème"


_DAYS_AND_UNITS: dict[tuple[Kind, Value], str] = {
    (Kind.DWORD, 0): "aujourd'hui|ce jour|auj",
    (Kind.DWORD, 1): "demain|lendemain|le lendemain",
    (Kind.DWORD, 2): "après demain|surlendemain|le surlendemain",
    (Kind.DWORD, -1): "hier",
    (Kind.UNIT, "second"): "secondes|sec",
    (Kind.UNIT, "minute"): "minute|minutes|min|mins|mn",
    (Kind.UNIT, "day"): "jour|jours|j|journée|jours calendaires|jour calendaire",
    (Kind.UNIT, "bday"): (
        "jour ouvré|jours ouvrés|jour de travail|jours de travail|jour travaillé|jours travaillés"
    ),
    # Ouvrable counts Saturday in law, like the German Werktag.
    (Kind.UNIT, "werktag"): "jour ouvrable|jours ouvrables",
    (Kind.UNIT, "week"): "semaine|semaines|sem|en huit",
    (Kind.UNIT, "fortnight"): "quinzaine",
    (Kind.UNIT, "month"): "mois",
    (Kind.UNIT, "quarter"): "trimestre|trimestres|trim",
    (Kind.UNIT, "year"): "an|ans|année|années|annee civile",
    (Kind.UNIT, "weekend"): "week end|weekend|we",
    (Kind.MOD, 0): "ce|cet|cette|courant|courante|en cours",
    (Kind.MOD, 1): ("prochain|prochaine|prochains|prochaines|suivant|suivante|suivants|suivantes|qui vient"),
    (Kind.MOD, -1): "dernier|dernière|passé|passée",
    (Kind.EDGE, "end"): "fin|fin de|la fin|la fin de|fin du|la fin du|à la fin de|à la fin du|fin d",
    (Kind.EDGE, "early"): "début|début de|le début de|au début de|début du",
    (Kind.EDGE, "start"): "courant de",
    (Kind.EDGE, "mid"): "mi|milieu de|milieu du|au milieu de|au milieu du",
    (Kind.CLOSE, "day"): (
        "fin de journée|fin de la journée|la fin de la journée|la fin de journée|en fin de journée|eod|"
        "cob|la fin du jour|fin du jour|fin de journée de travail|fermeture des bureaux|"
        "à la fin de la journée"
    ),
    (Kind.CLOSE, "week"): "fin de semaine|la fin de semaine|en fin de semaine|eow",
    (Kind.CLOSE, "month"): "fin de mois|en fin de mois|eom",
    (Kind.CLOSE, "quarter"): "fin de trimestre|eoq",
    (Kind.CLOSE, "year"): "fin d'année|en fin d'année|eoy",
}

_CLOCK: dict[tuple[Kind, Value], str] = {
    (Kind.AMPM, "am"): "am",
    (Kind.AMPM, "pm"): "pm|mp",
    (Kind.HOUR, 0): "heures précises|heures pile",
    (Kind.HOUR, 1): "heure|heures|h|hrs",
    (Kind.NOON, 12): "midi",
    (Kind.MIDNIGHT, 0): "minuit",
    (Kind.DPART, "morning"): (
        "matin|matinée|le matin|du matin|dans le matin|dans la matinée|au matin|en matinée"
    ),
    (Kind.DPART, "lunch"): "déjeuner|heure du déjeuner|le midi",
    (Kind.DPART, "afternoon"): (
        "après midi|l'après midi|de l'après midi|d'après midi|dans l'après midi|l'aprem|aprem|cet aprem"
    ),
    (Kind.DPART, "evening"): "soir|le soir|du soir|soirée|dans la soirée|du soirée|en soirée|au soir",
    (Kind.DPART, "night"): "nuit|la nuit|dans la nuit|de la nuit",
    (Kind.DPART, "first"): "à la première heure|première heure",
    (Kind.TONIGHT, "evening"): "ce soir|cette soirée",
    (Kind.TONIGHT, "night"): "cette nuit",
    (Kind.TONIGHT, "morning"): "ce matin|cette matin|cette matinée",
    (Kind.TONIGHT, "afternoon"): "cet après midi|cette après midi",
    (Kind.HALF, 30): "demi|demie|une demi|une demie",
    (Kind.MINUS, 0): "moins|moins le",
    (Kind.QUARTER, 15): "quart|un quart",
}

_LINKS: dict[tuple[Kind, Value], str] = {
    (Kind.ART, 0): "le|la|les|l",
    (Kind.AND, 0): "et",
    (Kind.AT, 0): "à|a",
    (Kind.ON, 0): "sur|au|aux|pendant",
    (Kind.OF, 0): "de|du|d|des",
    (Kind.IN, 0): "dans|en|sous|dans les|dans un délai de|au mois de",
    (Kind.FROM, 0): "à partir de|à partir du|à compter de|à compter du|dès",
    (Kind.NOW, 0): "maintenant|à partir de maintenant|à partir d'aujourd'hui|à compter d'aujourd'hui",
    (Kind.LATER, 0): "plus tard",
    (Kind.PLUS, 0): "plus",
    (Kind.APPROX, 0): "environ|autour de|autour du|vers|vers les",
    (Kind.BY, 0): (
        "avant ou le|pour le|au plus tard|au plus tard le|au plus tard à|jusqu'à|jusqu'au|jusqu'en|"
        "pas plus tard que|d'ici|d'ici à|d'ici au|le plus tard"
    ),
    (Kind.BEFORE, 0): "avant|avant le|avant la|avant les|avant de",
    (Kind.AFTER, 0): "après|après le|pas avant|depuis",
    (Kind.FILL, 0): (
        "svp|merci|pour|échéance|date limite|précisément|s'il vous plaît|s'il te plaît|max|maximum"
    ),
}

_UNDECIDED: dict[tuple[Kind, Value], str] = {
    (Kind.OR, 0): "ou|ou bien",
    (Kind.EVERY, 0): "chaque|tous les|toutes les|quotidien|hebdomadaire|mensuel|mensuellement",
    (Kind.FISCAL, 0): "fiscal|fiscale|exercice|année fiscale|exercice fiscal",
    (Kind.FEAST, "christmas"): "noël|jour de noël",
    (Kind.FEAST, "new_year"): "nouvel an|jour de l'an|le nouvel an|le jour de l'an",
    (Kind.FEAST, "other"): ("pâques|ascension|pentecôte|toussaint|réveillon|saint sylvestre|lundi de pâques"),
    (Kind.VAGUE, 0): (
        "bientôt|dès que possible|prochainement|plus tard dans|quelques|plusieurs|asap|rapidement|sprint|"
        "lancement|un jour|tantôt|au plus vite|le plus vite possible|dès que|peut être|courant"
    ),
    (Kind.UNKNOWN, 0): "tours|cours|mardis gras|lundis",
}
