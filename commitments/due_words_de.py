"""German words for due dates; umlauts are folded, so "fuer" and "für" are listed as "fuer|fur"."""

from commitments.due_words import Kind, Value

_ONES = (
    "null|ein,eins|zwei,zwo|drei|vier|fünf,fuenf|sechs|sieben|acht|neun|zehn|elf|zwölf,zwoelf|dreizehn|vierzehn"
    "|fünfzehn,fuenfzehn|sechzehn|siebzehn|achtzehn|neunzehn"
)
_TENS = "zwanzig|dreißig,dreissig|vierzig|fünfzig,fuenfzig|sechzig|siebzig|achtzig|neunzig"
_ORDINAL_STEMS = (
    "erst|zweit|dritt|viert|fünft,fuenft|sechst|siebt,siebent|acht|neunt|zehnt|elft|zwölft,zwoelft|dreizehnt"
    "|vierzehnt|fünfzehnt,fuenfzehnt|sechzehnt|siebzehnt|achtzehnt|neunzehnt"
)
_ORDINAL_ENDINGS = ("e", "en", "er", "es", "em")
_MONTHS = (
    "januar|jan|jänner|jaenner",
    "februar|feb|feber",
    "märz|maerz|mär|mrz",
    "april|apr",
    "mai",
    "juni|jun",
    "juli|jul",
    "august|aug",
    "september|sep|sept",
    "oktober|okt|october|oct",
    "november|nov",
    "dezember|dez|december|dec",
)
_WEEKDAYS = (
    "montag|mo",
    "dienstag|di",
    "mittwoch|mi",
    "donnerstag|do",
    "freitag|fr",
    "samstag|sonnabend|sa",
    "sonntag|so",
)
# "Freitagabend", "mittwochfrühmorgens": a weekday and a part of the day in one word.
_GLUED_PARTS = {
    "morning": "früh|morgen|frühmorgens|vormittag",
    "lunch": "mittag",
    "afternoon": "nachmittag",
    "evening": "abend",
    "night": "nacht",
}


def words() -> dict[tuple[Kind, Value], str]:
    return {
        **{(Kind.NUM, n): _cardinal(n) for n in range(100)},
        **{(Kind.ORD, n): _ordinal(n) for n in range(1, 32)},
        **{
            (Kind.YEAR, 2000 + n): f"zweitausend{_cardinal(n).split('|')[0] if n else ''}" for n in range(100)
        },
        **{(Kind.MONTH, n): names for n, names in enumerate(_MONTHS, 1)},
        **{(Kind.WDAY, n): names for n, names in enumerate(_WEEKDAYS)},
        **{(Kind.DAYANDPART, f"{n} {part}"): _glued(n, part) for n in range(7) for part in _GLUED_PARTS},
        **_DAYS_AND_UNITS,
        **_CLOCK,
        **_LINKS,
        **_UNDECIDED,
    }


def _glued(weekday: int, part: str) -> str:
    day = _WEEKDAYS[weekday].split("|")[0]
    endings = _GLUED_PARTS[part].split("|")
    return "|".join(f"{day}{ending}" for ending in endings) + f"|{day}{endings[0]}s"


def _cardinal(n: int) -> str:
    if n < 20:
        return _ONES.split("|")[n].replace(",", "|")
    spellings = _TENS.split("|")[n // 10 - 2].split(",")
    if n % 10 == 0:
        return "|".join(spellings)
    ones = [one for one in _ONES.split("|")[n % 10].split(",") if one != "eins"]
    return "|".join(f"{one}und{tens}" for one in ones for tens in spellings)


def _ordinal(n: int) -> str:
    if n < 20:
        stems = _ORDINAL_STEMS.split("|")[n - 1].split(",")
    else:
        stems = [f"{cardinal}st" for cardinal in _cardinal(n).split("|")]
    return "|".join(stem + ending for stem in stems for ending in _ORDINAL_ENDINGS)


_DAYS_AND_UNITS: dict[tuple[Kind, Value], str] = {
    (Kind.DWORD, 0): "heute",
    (Kind.DWORD, 1): "morgen|morgigen tag|am nächsten tag|am naechsten tag",
    (Kind.DWORD, 2): "übermorgen|uebermorgen",
    (Kind.DWORD, -1): "gestern",
    (Kind.UNIT, "second"): "sekunde|sekunden|sek",
    (Kind.UNIT, "minute"): "minute|minuten|min",
    (Kind.UNIT, "hour"): "stunde|stunden|std",
    (Kind.UNIT, "day"): "tag|tage|tagen|tages|tg|kalendertag|kalendertage|kalendertagen",
    (Kind.UNIT, "bday"): (
        "arbeitstag|arbeitstage|arbeitstagen|arbeitstages|geschäftstag|geschäftstage|geschäftstagen|"
        "geschaeftstage|geschaeftstagen|banktag|banktage|banktagen|at"
    ),
    (Kind.UNIT, "werktag"): "werktag|werktage|werktagen|werktages|wochentag|wochentage|wochentagen",
    (Kind.UNIT, "week"): "woche|wochen|wo|arbeitswoche|kalenderwoche|kalenderwochen",
    (Kind.UNIT, "month"): "monat|monate|monaten|monats|mon|kalendermonat",
    (Kind.UNIT, "quarter"): "quartal|quartale|quartalen|quartals|vierteljahr|viertel",
    (Kind.UNIT, "year"): "jahr|jahre|jahren|jahres|kalenderjahr",
    (Kind.UNIT, "weekend"): "wochenende|wochenendes",
    (Kind.MOD, 0): (
        "diese|dieser|diesen|diesem|dieses|aktuelle|aktuellen|laufende|laufenden|laufendes|laufender|"
        "dem laufenden"
    ),
    (Kind.MOD, 1): (
        "nächste|nächsten|nächster|nächstes|nächstem|naechste|naechsten|naechster|naechstes|naechstem|nä|"
        "folgende|folgenden|folgendes|folgender|nächst|darauffolgende|darauffolgenden"
    ),
    (Kind.MOD, "coming"): "kommende|kommenden|kommender|kommendes|kommendem",
    (
        Kind.MOD,
        2,
    ): ("übernächste|übernächsten|übernächster|übernächstes|uebernaechste|uebernaechsten|uebernächste"),
    (Kind.MOD, -1): "letzte|letzten|letzter|letztes|vergangene|vergangenen|vorige|vorigen",
    (Kind.EDGE, "end"): "ende|ende der|ende des|am ende|zum ende|ende von|bis ende",
    (Kind.EDGE, "early"): "anfang|anfang der|anfang des",
    (Kind.EDGE, "start"): "beginn|beginn der|zu beginn|zu beginn der",
    (Kind.EDGE, "mid"): "mitte|mitte der|mitte des",
    (Kind.EDGE, "late"): "spät|spaet",
    (Kind.CLOSE, "day"): (
        "feierabend|dienstschluss|geschäftsschluss|geschaeftsschluss|büroschluss|bueroschluss|tagesende|"
        "ende des tages|ende des arbeitstages|ende des arbeitstags|arbeitsende|eod|cob|arbeitsschluss|"
        "betriebsschluss|ende des tags"
    ),
    (Kind.CLOSE, "week"): "eow",
    (Kind.CLOSE, "month"): "monatsende|ultimo|eom",
    (Kind.CLOSE, "quarter"): "quartalsende|eoq",
    (Kind.CLOSE, "year"): "jahresende|eoy",
    (Kind.WEEKNO, 0): "kw|kalenderwoche",
}

_CLOCK: dict[tuple[Kind, Value], str] = {
    (Kind.HOUR, 0): "uhr",
    (Kind.HOUR, 1): "h",
    (Kind.NOON, 12): "zwölf uhr mittags|12 uhr mittags|mittagszeit",
    (Kind.MIDNIGHT, 0): "mitternacht|mitternachts|um mitternacht",
    (Kind.DPART, "morning"): (
        "vormittag|vormittags|morgens|früh|frühmorgens|am morgen|diesen morgen|am vormittag|"
        "vormittagszeit|in der früh|frueh|fruehmorgens|in der frueh"
    ),
    (Kind.DPART, "lunch"): "mittag|mittags|am mittag|zu mittag|über mittag",
    (Kind.DPART, "afternoon"): "nachmittag|nachmittags|am nachmittag",
    (Kind.DPART, "evening"): "abend|abends|am abend|spätabend|spätabends|spaetabend",
    (Kind.DPART, "night"): "nacht|nachts|in der nacht",
    (Kind.DPART, "first"): "gleich in der früh|als erstes",
    (Kind.TONIGHT, "evening"): "heute abend|heut abend",
    (Kind.TONIGHT, "night"): "heute nacht",
    (Kind.TONIGHT, "morning"): "heute morgen|heute früh|heute vormittag",
    (Kind.TONIGHT, "afternoon"): "heute nachmittag",
    (Kind.HALFPREV, 30): "halb",
    (Kind.HALF, 30): "halbe|halben|eine halbe|einer halben|ein halbes|einem halben",
    (Kind.HALFPREV, 45): "dreiviertel|drei viertel",
    (Kind.PAST, 0): "nach",
}

_LINKS: dict[tuple[Kind, Value], str] = {
    (Kind.A, 1): "einer|einem|einen|eine|einer einzigen",
    (Kind.ART, 0): "der|die|das|den|dem|des",
    (Kind.AND, 0): "und",
    (Kind.AT, 0): "um",
    (Kind.ON, 0): "am|an|zu|zum|im laufe",
    (Kind.OF, 0): "von|vom",
    (Kind.IN, 0): "in|im|innerhalb|innerhalb von|binnen|in den|innert|in der|bis in",
    (Kind.FROM, 0): "ab dem",
    (Kind.NOW, 0): "ab jetzt|ab heute|von heute an|von jetzt an|jetzt",
    (Kind.LATER, 0): "später|spaeter",
    (Kind.PLUS, 0): "plus",
    (Kind.APPROX, 0): "ungefähr|circa|ca|etwa|rund|gegen|so gegen",
    (Kind.BY, 0): (
        "bis|bis zum|bis zur|bis spätestens|spätestens|spaetestens|spätestens am|spätestens bis|"
        "bis spaetestens|bis einschließlich|bis am|bis in|nicht später als|bis zu|bis spätestens zum|"
        "bis um|spätestens um|bis zum ende"
    ),
    (Kind.BEFORE, 0): "vor|noch vor",
    (Kind.AFTER, 0): "ab|nicht vor|frühestens|nach dem|nach der|seit",
    (
        Kind.FILL,
        0,
    ): ("bitte|fällig|fällig am|frist|termin|danke|genau|noch|für|fuer|deadline|pünktlich|max|maximal"),
}

_UNDECIDED: dict[tuple[Kind, Value], str] = {
    (Kind.OR, 0): "oder|bzw",
    (Kind.EVERY, 0): (
        "jeden|jede|jedes|jeder|täglich|wöchentlich|monatlich|jährlich|alle|quartalsweise|"
        "montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonnabends|sonntags"
    ),
    (Kind.FISCAL, 0): "geschäftsjahr|geschäftsjahres|fiskaljahr|gj|wirtschaftsjahr",
    (Kind.FEAST, "christmas"): "weihnachten|weihnachtstag|ersten weihnachtstag",
    (Kind.FEAST, "new_year"): "neujahr|neujahrstag",
    (
        Kind.FEAST,
        "other",
    ): ("ostern|pfingsten|silvester|heiligabend|himmelfahrt|fronleichnam|karfreitag|ostermontag"),
    (Kind.VAGUE, 0): (
        "bald|demnächst|möglichst bald|so bald wie möglich|sobald wie möglich|baldmöglichst|"
        "schnellstmöglich|zeitnah|irgendwann|paar|ein paar|einige|einigen|mehrere|mehreren|asap|umgehend|"
        "sofort|vielleicht|eventuell|sprint|release|launch|nächstes mal|gelegentlich"
    ),
    (Kind.WHOSE, 0): "ihrer zeit|eurer zeit|deiner zeit|ortszeit|meiner zeit",
    (Kind.UNKNOWN, 0): "tagen sie|monaco|januskopf",
}
