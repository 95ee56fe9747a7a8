"""Whether 12/03 is March or December: the owner's locale decides, unless their zone contradicts it."""

from commitments.due_terms import Setting

_US_CITIES = """
    New_York Chicago Denver Los_Angeles Phoenix Anchorage Detroit Boise Juneau Sitka Nome Metlakatla Yakutat
    Adak Menominee Puerto_Rico Honolulu Louisville Indianapolis
"""
_US_ZONES = frozenset(_US_CITIES.split())
_US_FOLDERS = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
    "US/",
)
# Languages whose short dates begin with the day wherever they are spoken in daily work.
_DAY_FIRST_LANGUAGES = """
    de fr es it pt nl sv da nb nn no fi pl cs sk sl hr sr ro bg el tr ru uk et lv is ga cy ca eu gl he ar hi
    id vi th ms
"""
_DAY_FIRST = frozenset(_DAY_FIRST_LANGUAGES.split())
# Both orders are in use there, or the year comes first.
_UNDECIDED = frozenset({"en", "en-ca", "en-ph", "fr-ca", "es-us", "es-pr"})


def written_order(locale: str | None) -> str | None:
    """ "mdy", "dmy", or None when the locale does not say."""
    tag = (locale or "").replace("_", "-").lower()
    if not tag or tag in _UNDECIDED:
        return None
    if tag == "en-us":
        return "mdy"
    language = tag.split("-")[0]
    return "dmy" if language == "en" or language in _DAY_FIRST else None


def zone_disagrees(setting: Setting) -> bool:
    """en-US is the default of many an installation: a zone elsewhere makes its date order doubtful."""
    zone = setting.zone or ""
    if not zone.startswith(_REGIONS):
        return False
    return (written_order(setting.locale) == "mdy") != is_us_zone(zone)


def is_us_zone(zone: str) -> bool:
    return zone.startswith(_US_FOLDERS) or zone.rpartition("/")[2] in _US_ZONES
