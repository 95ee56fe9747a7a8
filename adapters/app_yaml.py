"""The shape of app.yaml, its defaults and limits, and what is said about a file that does not fit."""

from __future__ import annotations

import difflib
import re
from datetime import time
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from adapters.environment import DEFAULT_HOST, DEFAULT_PORT, UUID
from adapters.problems import Problem
from adapters.yaml_source import Source
from bot.wording import languages

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _near(text: str, known: list[str]) -> str:
    closest = difflib.get_close_matches(text, known, n=1)
    return f"; did you mean {closest[0]}?" if closest else ""


# What these say is read after "expected".


def _clock_time(value: object) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(value))
    if match is None:
        raise ValueError('a time of day such as "09:00"')
    return time(int(match[1]), int(match[2]))


def _zone(text: str) -> str:
    if text not in available_timezones():
        near = _near(text, sorted(available_timezones()))
        raise ValueError(f"an IANA time zone such as Europe/Berlin{near}")
    return text


def _holidays(text: str) -> str:
    from holidays import list_supported_countries  # 60 ms, and most files name none

    country, _, region = text.partition("-")
    known = list_supported_countries()
    if country not in known:
        raise ValueError("a country code such as DE" + _near(country.upper(), sorted(known)))
    if region and region not in known[country]:
        raise ValueError(
            f"{country} alone, or with one of its regions: {', '.join(known[country]) or 'none are known'}"
        )
    return text


def _locale(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?", text):
        raise ValueError("a language, with its country where that matters, such as en-GB")
    return text


def _language(text: str) -> str:
    if text not in languages():
        raise ValueError(f"a language Kept speaks ({', '.join(languages())})")
    return text


def _admin(text: str) -> str:
    if not re.fullmatch(r"(slack|teams|playground):[\w-]{2,64}", text):
        raise ValueError("a platform and a person's id there, such as slack:U024BE7LH")
    return text


def _workspace(text: str) -> str:
    if not re.fullmatch(r"[TE][A-Z0-9]{2,20}", text):
        raise ValueError("the id of your Slack workspace, such as T0123456789")
    return text


def _tenant(text: str) -> str:
    if not re.fullmatch(UUID, text):
        raise ValueError("a directory (tenant) id in Entra, such as 6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10")
    return text.lower()


def _each_once(items: list[str]) -> list[str]:
    if len(set(items)) != len(items):
        raise ValueError("each of them once")
    return items


Clock = Annotated[time, BeforeValidator(_clock_time)]
Days = Annotated[int, Field(ge=1, le=60)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_means_the_defaults(cls, value: Any) -> Any:
        return {} if value is None else value


class HoursPart(Part):
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    day_start: Clock = time(9)
    day_end: Clock = time(17)
    workdays: Annotated[list[Weekday], Field(min_length=1), AfterValidator(_each_once)] = list(WEEKDAYS[:5])
    holidays: Annotated[str, AfterValidator(_holidays)] | None = None

    @field_validator("day_end")
    @classmethod
    def _after_the_start(cls, value: time, info: ValidationInfo) -> time:
        start = info.data.get("day_start")
        if start is not None and value <= start:
            raise ValueError(f"a time later on the same day than day_start, {start:%H:%M}")
        return value


class NudgesPart(Part):
    at_most_private_messages_a_day: Annotated[int, Field(ge=1, le=10)] = 3
    heads_up_over_working_days: Days = 5
    decide_percent: Annotated[int, Field(ge=1, le=50)] = 25
    decide_at_most_days: Annotated[int, Field(ge=1, le=20)] = 5
    unanswered_working_days: Days = 2
    lapse_proposed_working_days: Days = 10
    unopposed_working_days: Days = 5
    reopen_days: Annotated[int, Field(ge=0, le=365)] = 30
    undo_minutes: Annotated[int, Field(ge=0, le=60)] = 10


class WeeklyPart(Part):
    weekday: Weekday = "monday"
    at: Clock = time(10)


class ManagerPart(WeeklyPart):
    at: Clock = time(8, 30)


class DigestsPart(Part):
    shared: WeeklyPart = WeeklyPart()
    manager: ManagerPart = ManagerPart()


class RetentionPart(Part):
    sent_days: Annotated[int, Field(ge=1, le=3650)] = 30
    quarantine_days: Annotated[int, Field(ge=1, le=90)] = 7


class PlatformPart(Part):
    enabled: bool = True


class TeamsPart(PlatformPart):
    record: Annotated[str, AfterValidator(_workspace)] | None = None
    our_tenants: Annotated[list[Annotated[str, AfterValidator(_tenant)]], AfterValidator(_each_once)] = []


class FeaturesPart(Part):
    reading: bool = False


class ServerPart(Part):
    host: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\s/]+$")] = DEFAULT_HOST
    port: Annotated[int, Field(ge=0, le=65535)] = DEFAULT_PORT


class LoggingPart(Part):
    level: Literal["debug", "info", "warning", "error"] = "info"


class File(Part):
    version: Annotated[Literal[1], Field(alias="schema")] = 1
    hours: HoursPart = HoursPart()
    locale: Annotated[str, AfterValidator(_locale)] = "en"
    languages: Annotated[
        list[Annotated[str, AfterValidator(_language)]], Field(min_length=1), AfterValidator(_each_once)
    ] = ["en", "de"]
    nudges: NudgesPart = NudgesPart()
    digests: DigestsPart = DigestsPart()
    retention: RetentionPart = RetentionPart()
    admins: list[Annotated[str, AfterValidator(_admin)]] = []
    slack: PlatformPart = PlatformPart()
    teams: TeamsPart = TeamsPart()
    features: FeaturesPart = FeaturesPart()
    server: ServerPart = ServerPart()
    logging: LoggingPart = LoggingPart()


def explain(error: ErrorDetails, source: Source) -> Problem:
    path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown_key(path, source)
    return Problem(
        where=source.where(path), found=_shown(error["input"]), expected=_expected(error), fix=_fix(path)
    )


def _unknown_key(path: tuple[str | int, ...], source: Source) -> Problem:
    known = _keys(path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    return Problem(
        where=source.where(path),
        found="a key that Kept does not know",
        expected=f"one of {', '.join(known)}",
        fix=f"Did you mean `{near[0]}`?" if near else "Remove it.",
    )


def _keys(path: tuple[str | int, ...]) -> list[str]:
    part = _at(path)
    return (
        [field.alias or name for name, field in type(part).model_fields.items()]
        if isinstance(part, Part)
        else []
    )


def _at(path: tuple[str | int, ...]) -> Any:
    """The default at that place; an item of a list stands for the list."""
    value: Any = File()
    for key in path:
        if isinstance(value, Part):
            value = getattr(value, "version" if key == "schema" else str(key), None)
    return value


def _fix(path: tuple[str | int, ...]) -> str:
    keys = tuple(key for key in path if isinstance(key, str))
    value = _at(keys)
    if isinstance(value, Part):
        return "Compare with the app.yaml that came with Kept."
    return f"The default is `{keys[-1]}: {_in_yaml(value)}`."


def _in_yaml(value: Any) -> str:
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a block of keys" if isinstance(value, dict) else "a list"
    return "nothing" if value is None or value == "" else repr(value)[:80]


_EXPECTED = {
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list such as [one, another]",
    "model_type": "a block of `key: value` lines",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "literal_error": "{expected}",
    "too_short": "at least {min_length} of them",
    "string_too_short": "text",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "one word without slashes",
    "value_error": "{error}",
}


def _expected(error: ErrorDetails) -> str:
    return _EXPECTED[error["type"]].format_map(error.get("ctx", {}))
