"""Spanish words for due dates; accents and tildes are folded."""

from commitments.due_words import Kind, Value

_ONES = (
    "cero|un,uno,una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciséis"
    "|diecisiete|dieciocho|diecinueve|veinte|veintiuno,veintiún,veintiuna|veintidós|veintitrés|veinticuatro"
    "|veinticinco|veintiséis|veintisiete|veintiocho|veintinueve"
)
_TENS = "treinta|cuarenta|cincuenta"
_ORDINALS = (
    "primer,primero,primera|segundo,segunda|tercer,tercero,tercera|cuarto,cuarta|quinto,quinta|sexto,sexta"
    "|séptimo,séptima|octavo,octava|noveno,novena|décimo,décima|undécimo|duodécimo"
)
_TWENTIES = "vigésimo"
_MONTHS = (
    "enero|ene",
    "febrero|feb",
    "marzo",
    "abril|abr",
    "mayo|may",
    "junio|jun",
    "julio|jul",
    "agosto|ago",
    "septiembre|setiembre|sep|sept|set",
    "octubre|oct",
    "noviembre|nov",
    "diciembre|dic",
)
_WEEKDAYS = (
    "lunes|lun",
    "martes",
    "miércoles|mié",
    "jueves|jue",
    "viernes|vie",
    "sábado|sáb",
    "domingo|dom",
)


def words() -> dict[tuple[Kind, Value], str]:
    return {
        **{(Kind.NUM, n): _cardinal(n) for n in range(60)},
        **{(Kind.ORD, n): _ordinal(n) for n in range(1, 32)},
        **{(Kind.YEAR, 2000 + n): f"dos mil {_cardinal(n).split('|')[0]}" for n in range(1, 60)},
        **{(Kind.MONTH, n): names for n, names in enumerate(_MONTHS, 1)},
        **{(Kind.WDAY, n): names for n, names in enumerate(_WEEKDAYS)},
        **_DAYS_AND_UNITS,
        **_CLOCK,
        **_LINKS,
        **_UNDECIDED,
    }


def _cardinal(n: int) -> str:
    if n < 30:
        return _ONES.split("|")[n].replace(",", "|")
    tens = _TENS.split("|")[n // 10 - 3]
    if n % 10 == 0:
        return tens
    return "|".join(f"{tens} y {one}" for one in _ONES.split("|")[n % 10].split(","))


def _ordinal(n: int) -> str:
    named = [_ORDINALS.split("|")[n - 1].replace(",", "|")] if n <= 12 else []
    if 20 <= n < 30:
        ones = _ORDINALS.split("|")[n - 21].split(",") if n > 20 else [""]
        named.append("|".join(f"{_TWENTIES} {one}".strip() for one in ones))
    endings = (" º", ".º", " ro", " ra", " do", " er", " to", " mo", " no", " vo")
    return "|".join([*named, *(f"{n}{ending}" for ending in endings)])


_DAYS_AND_UNITS: dict[tuple[Kind, Value], str] = {
    (Kind.DWORD, 0): "hoy|hoy mismo|el día de hoy",
    (Kind.DWORD, 1): "mañana|el día siguiente|el próximo día|el día de mañana",
    (Kind.DWORD, 2): "pasado mañana",
    (Kind.DWORD, -1): "ayer",
    (Kind.UNIT, "second"): "segundos|seg",
    (Kind.UNIT, "minute"): "minuto|minutos|min|mins",
    (Kind.UNIT, "day"): "día|días|días naturales|día natural",
    (Kind.UNIT, "bday"): (
        "día laborable|días laborables|día hábil|días hábiles|día laboral|días laborales|día de trabajo|"
        "días de trabajo"
    ),
    (Kind.UNIT, "week"): "semana|semanas|sem|semana laboral",
    (Kind.UNIT, "fortnight"): "quincena",
    (Kind.UNIT, "month"): "mes|meses",
    (Kind.UNIT, "quarter"): "trimestre|trimestres",
    (Kind.UNIT, "year"): "año|años|año calendario|calendario año|año natural",
    (Kind.UNIT, "weekend"): "fin de semana|finde",
    (Kind.MOD, 0): "este|esta|actual|corriente|en curso",
    (Kind.MOD, 1): "próximo|próxima|próximos|próximas|siguiente|siguientes|que viene|que entra",
    (Kind.MOD, "coming"): "este próximo|esta próxima",
    (Kind.MOD, -1): "pasado|pasada|último|última|anterior",
    (Kind.EDGE, "end"): (
        "fin de|fin|final de|finales de|a finales de|el fin de|al final de|final del|al final del|fin del|"
        "el fin del|al fin de|al fin del|al finalizar|al finalizar el|a fin de|a fines de"
    ),
    (Kind.EDGE, "early"): "principio de|principios de|a principios de",
    (Kind.EDGE, "start"): "inicio de|comienzo de|a comienzos de",
    (Kind.EDGE, "mid"): "mediados de|a mediados de|mitad de",
    (Kind.CLOSE, "day"): (
        "fin de día|a última hora|fin del día|el fin de día|al final del día|final del día|"
        "al finalizar el día|el fin del día|final de la jornada|fin de la jornada|cierre de jornada|"
        "fin de jornada|al final de la jornada|eod|cob|cierre del día|al cierre del día"
    ),
    (Kind.CLOSE, "week"): "eow|final de semana|final de la semana",
    (Kind.CLOSE, "month"): "fin de mes|final de mes|eom",
    (Kind.CLOSE, "quarter"): "fin de trimestre|eoq",
    (Kind.CLOSE, "year"): "fin de año|final de año|eoy",
    (Kind.WEEKNO, 0): "semana número",
}

_CLOCK: dict[tuple[Kind, Value], str] = {
    (Kind.AMPM, "am"): "am",
    (Kind.AMPM, "pm"): "pm",
    (Kind.HOUR, 0): "en punto",
    (Kind.HOUR, 1): "h|hs|horas|hrs|hora",
    (Kind.NOON, 12): "mediodía|medio día",
    (Kind.MIDNIGHT, 0): "medianoche|media noche",
    (Kind.DPART, "morning"): (
        "por la mañana|de la mañana|en la mañana|madrugada|de la madrugada|a la mañana"
    ),
    (Kind.DPART, "afternoon"): "tarde|la tarde|por la tarde|de la tarde|en la tarde|a la tarde",
    (Kind.DPART, "evening"): "noche|la noche|por la noche|de la noche|en la noche",
    (Kind.DPART, "first"): "a primera hora|primera hora",
    (Kind.TONIGHT, "evening"): "esta noche",
    (Kind.TONIGHT, "morning"): "esta mañana|esta madrugada",
    (Kind.TONIGHT, "afternoon"): "esta tarde",
    (Kind.HALF, 30): "media|medio",
    (Kind.MINUS, 0): "menos",
}

_LINKS: dict[tuple[Kind, Value], str] = {
    (Kind.ART, 0): "el|la|los",
    (Kind.AND, 0): "y|e",
    (Kind.AT, 0): (
        "las|a|a las|a la|a eso de las|sobre las|hacia las|cerca de las|cerca de la|alrededor de las"
    ),
    (Kind.ON, 0): "al|durante|día de",
    (Kind.OF, 0): "de|del|do",
    (Kind.IN, 0): "en|dentro de|en el|en la|en un plazo de|en los",
    (Kind.FROM, 0): "a partir de|a partir del|desde|desde el|después de",
    (Kind.NOW, 0): "ahora|a partir de ahora|desde ahora|a partir de hoy|desde hoy|después de hoy",
    (Kind.LATER, 0): "más tarde|después|luego",
    (Kind.PLUS, 0): "más",
    (Kind.APPROX, 0): "alrededor de|alrededor del|cerca de|cerca del|aproximadamente|sobre|hacia",
    (Kind.BY, 0): (
        "para|para el|de aquí a|de aquí al|"
        "hasta|hasta el|a más tardar|a más tardar el|no más tarde de|no más tarde del|"
        "como muy tarde|antes o el|tan tarde como|no más tardar|no más tardar a las|como máximo|"
        "no más tarde de las|hasta las"
    ),
    (Kind.BEFORE, 0): "antes de|antes del|antes que",
    (Kind.AFTER, 0): "después del|no antes de|no antes del",
    (Kind.FILL, 0): "por favor|gracias|plazo|fecha límite|exactamente|vence|máximo",
}

_UNDECIDED: dict[tuple[Kind, Value], str] = {
    (Kind.COUPLE, 2): "par de|un par de",
    (Kind.OR, 0): "o|o bien",
    (Kind.EVERY, 0): (
        "los lunes|los martes|los miércoles|los jueves|los viernes|los sábados|los domingos|"
        "cada|todos los|todas las|diario|diariamente|semanal|semanalmente|mensual|mensualmente"
    ),
    (Kind.FISCAL, 0): "fiscal|año fiscal|ejercicio",
    (Kind.FEAST, "christmas"): "navidad|día de navidad|navidades",
    (Kind.FEAST, "new_year"): "año nuevo",
    (Kind.FEAST, "other"): "semana santa|pascua|nochebuena|nochevieja|reyes|viernes santo|día de reyes",
    (Kind.VAGUE, 0): (
        "pronto|cuanto antes|lo antes posible|algún día|unos|unas|varios|varias|algunos|algunas|asap|"
        "quizás|tal vez|más tarde esta semana|más tarde de este mes|más tarde de este año|"
        "más tarde en el año|sprint|lanzamiento|enseguida|más adelante"
    ),
    # Martes as often as marzo.
    (Kind.VAGUE, 1): "mar",
    (Kind.UNKNOWN, 0): "julios|martas|mayor|marchas",
}
