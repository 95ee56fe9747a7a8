"""Public holidays by country, from the package `holidays`, imported when somebody first names one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def is_holiday(country: str, day: date) -> bool:
    """`country` is an ISO code, or with a region: "DE-BY". Unknown ones have no holidays."""
    return day in _holidays(country.upper(), day.year)


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    code, _, region = country.partition("-")
    try:
        return frozenset(country_holidays(code, subdiv=region or None, years=year))
    except (NotImplementedError, AttributeError, ValueError):
        return frozenset()
