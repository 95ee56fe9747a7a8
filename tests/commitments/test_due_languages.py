"""German, French and Spanish phrases as colleagues write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from commitments.due import Setting, Status, read

WEDNESDAY = datetime(2026, 11, 18, 11, 0)

GERMAN = {
    "bis Freitag 17 Uhr": "ok Fri 20 Nov 17:00",
    "bis Ende der Woche": "ok Fri 20 Nov 17:00",
    "Ende des Monats": "ok Mon 30 Nov 17:00",
    "bis Ende Dezember": "ok Thu 31 Dec 17:00",
    "bis Dezember": "ask month_start_or_end",
    "in 3 Arbeitstagen": "ok Mon 23 Nov 17:00",
    "innerhalb von 48 Stunden": "ok Fri 20 Nov 11:00",
    "heute in 14 Tagen": "ok Wed 02 Dec 17:00",
    "nächste Woche": "ok Fri 27 Nov 17:00",
    "kommenden Freitag": "ok Fri 20 Nov 17:00",
    "nächsten Freitag": "confirm Fri 27 Nov 17:00",
    "Freitagabend": "confirm Fri 20 Nov 23:59",
    "Freitag Morgen": "confirm Fri 20 Nov 12:00",
    "morgen früh": "confirm Thu 19 Nov 12:00",
    "übermorgen": "ok Fri 20 Nov 17:00",
    "uebermorgen um 10 Uhr": "ok Fri 20 Nov 10:00",
    "am 3. Dezember": "ok Thu 03 Dec 17:00",
    "3.12.": "ok Thu 03 Dec 17:00",
    "bis zum 30.": "ok Mon 30 Nov 17:00",
    "halb drei": "ok Wed 18 Nov 14:30",
    "Viertel vor fünf": "ok Wed 18 Nov 16:45",
    "fünf vor zwölf": "ok Wed 18 Nov 11:55",
    "vor Weihnachten": "ok Thu 24 Dec 17:00",
    "in KW 50": "ok Fri 11 Dec 17:00",
    "letzter Arbeitstag des Monats": "ok Mon 30 Nov 17:00",
    "am letzten Freitag des Monats": "ok Fri 27 Nov 17:00",
    "Freitag oder Montag": "ask several_dates",
    "jeden Freitag": "ask recurring",
    "so bald wie möglich": "ask vague",
    "Freitag vielleichtig": "ask left_over",
    "tomorrow 5pm": "ok Thu 19 Nov 17:00",
}
FRENCH = {
    "d'ici vendredi": "ok Fri 20 Nov 17:00",
    "avant vendredi": "ok Thu 19 Nov 17:00",
    "avant vendredi 17h": "ok Fri 20 Nov 17:00",
    "fin de semaine": "ok Fri 20 Nov 17:00",
    "d'ici fin décembre": "ok Thu 31 Dec 17:00",
    "d'ici décembre": "ask month_start_or_end",
    "dans 3 jours ouvrés": "ok Mon 23 Nov 17:00",
    "sous 48h": "ok Fri 20 Nov 11:00",
    "la semaine prochaine": "ok Fri 27 Nov 17:00",
    "vendredi prochain": "confirm Fri 27 Nov 17:00",
    "vendredi en huit": "ok Fri 27 Nov 17:00",
    "demain matin": "confirm Thu 19 Nov 12:00",
    "demain 15h30": "ok Thu 19 Nov 15:30",
    "le 1er décembre": "ok Tue 01 Dec 17:00",
    "15 sept": "ok Wed 15 Sep 17:00",
    "le dernier vendredi du mois": "ok Fri 27 Nov 17:00",
    "dans une heure et demie": "ok Wed 18 Nov 12:30",
    "vendredi ou lundi": "ask several_dates",
    "dès que possible": "ask vague",
    "dans quelques jours": "ask vague",
}
SPANISH = {
    "para el viernes": "ok Fri 20 Nov 17:00",
    "antes del viernes a las 5 de la tarde": "ok Fri 20 Nov 17:00",
    "a finales de diciembre": "ok Thu 31 Dec 17:00",
    "para diciembre": "ask month_start_or_end",
    "dentro de 3 días hábiles": "ok Mon 23 Nov 17:00",
    "en 48 horas": "ok Fri 20 Nov 11:00",
    "la semana que viene": "ok Fri 27 Nov 17:00",
    "el próximo viernes": "confirm Fri 27 Nov 17:00",
    "mañana por la mañana": "confirm Thu 19 Nov 12:00",
    "manana a las 10": "ok Thu 19 Nov 10:00",
    "pasado mañana": "ok Fri 20 Nov 17:00",
    "3 de diciembre de 2026": "ok Thu 03 Dec 17:00",
    "al final del día": "ok Wed 18 Nov 17:00",
    "el último viernes del mes": "ok Fri 27 Nov 17:00",
    "siete menos cuarto": "confirm Wed 18 Nov 18:45",
    "viernes o lunes": "ask several_dates",
    "lo antes posible": "ask vague",
    "mar": "ask vague",
}
DUTCH = {
    "2026-12-03": "ok Thu 03 Dec 17:00",
    "3.12.2026": "ok Thu 03 Dec 17:00",
    "3/12": "ok Thu 03 Dec 17:00",
    "Friday": "ok Fri 20 Nov 17:00",
    "overmorgen om 5 uur": "ask left_over",
}
ROWS = [
    (setting, phrase, expected)
    for setting, table in (
        (Setting(zone="Europe/Berlin", locale="de-DE"), GERMAN),
        (Setting(zone="Europe/Paris", locale="fr-FR"), FRENCH),
        (Setting(zone="Europe/Madrid", locale="es-ES"), SPANISH),
        (Setting(zone="Europe/Amsterdam", locale="nl-NL"), DUTCH),
    )
    for phrase, expected in table.items()
]


@pytest.mark.parametrize(("setting", "phrase", "expected"), ROWS)
def test_colleagues_are_read_in_their_own_language(setting: Setting, phrase: str, expected: str) -> None:
    found = read(phrase, now=WEDNESDAY.replace(tzinfo=ZoneInfo(str(setting.zone))), setting=setting)
    shown = found.reason if found.status is Status.ASK else f"{found.local:%a %d %b %H:%M}"
    assert f"{found.status} {shown}" == expected


def test_an_english_owner_may_be_written_to_in_german() -> None:
    setting = Setting(zone="Europe/London", locale="en-GB")
    found = read(
        "bis Freitag 15 Uhr", now=WEDNESDAY.replace(tzinfo=ZoneInfo("Europe/London")), setting=setting
    )
    assert found.due == datetime(2026, 11, 20, 15, tzinfo=ZoneInfo("UTC"))
