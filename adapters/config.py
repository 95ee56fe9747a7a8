"""app.yaml and the environment become one frozen `Settings`, or one list of everything wrong with them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters.app_yaml import WEEKDAYS, File, WeeklyPart, explain
from adapters.environment import Environment, read_environment
from adapters.problems import BadSettings, Problem
from adapters.redaction import holds_secret, names_secret
from adapters.yaml_source import Source, read_yaml
from bot.policy import Digests, Hours, Nudging, Policy, Retention, WeeklyAt

FILE = Path("app.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    policy: Policy
    environment: Environment
    slack_off: str | None  # why Slack is off; None: it is on
    teams_off: str | None
    host: str
    port: int
    log_level: str
    teams_record: str | None = None  # the Slack workspace whose record Teams shares; None: one of its own
    teams_tenants: frozenset[str] = frozenset()  # directories in Entra whose people are ours


def load_settings(path: Path = FILE, environ: Mapping[str, str] = os.environ) -> Settings:
    """A missing file means the defaults. Raises BadSettings with every problem of both sources."""
    problems: list[Problem] = []
    file, environment = File(), Environment()
    try:
        file = read_file(path)
    except BadSettings as bad:
        problems += bad.problems
    try:
        environment = read_environment(environ)
    except BadSettings as bad:
        problems += bad.problems
    if problems:
        raise BadSettings(*problems)
    return _settings(file, environment)


def read_file(path: Path = FILE) -> File:
    """Raises BadSettings with every problem in the file."""
    try:
        source = read_yaml(path.name, path.read_bytes())
    except FileNotFoundError:
        return File()
    except OSError as error:
        raise BadSettings(_unopened(path, error)) from None
    source.values = _without_secrets(source.values, (), source)
    try:
        file = File.model_validate(source.values)
    except ValidationError as error:
        source.problems += [explain(each, source) for each in error.errors(include_url=False)]
    if source.problems:
        raise BadSettings(*source.problems)
    return file


def _unopened(path: Path, error: OSError) -> Problem:
    return Problem(
        where=str(path),
        found=error.strerror or "a file that cannot be opened",
        expected="a readable file, or none",
        fix="Mend its permissions, or move it away to use the defaults.",
    )


def _without_secrets(value: Any, path: tuple[str | int, ...], source: Source) -> Any:
    """Takes secrets out, each with a problem of its own, so that no later message can show one."""
    if isinstance(value, dict):
        found = {key: _without_secrets(each, (*path, key), source) for key, each in value.items()}
        return {key: each for key, each in found.items() if each is not _SECRET}
    if isinstance(value, list):
        found_items = [_without_secrets(each, (*path, n), source) for n, each in enumerate(value)]
        return [each for each in found_items if each is not _SECRET]
    named = bool(path) and names_secret(str(path[-1])) and value is not None
    if not named and not (isinstance(value, str) and holds_secret(value)):
        return value
    source.problems.append(
        Problem(
            where=source.where(path),
            found="a secret (not shown)",
            expected="no secrets in this file",
            fix="Give it to Kept by the environment, and replace it: a file is easily shared.",
        )
    )
    return _SECRET


_SECRET = object()


def _settings(file: File, environment: Environment) -> Settings:
    slack, teams = environment.slack, environment.teams
    host = file.server.host if environment.host is None else environment.host
    return Settings(
        policy=_policy(file),
        environment=environment,
        slack_off=slack.missing if file.slack.enabled else "switched off in app.yaml",
        teams_off=teams.missing if file.teams.enabled else "switched off in app.yaml",
        teams_record=file.teams.record,
        teams_tenants=frozenset(filter(None, (teams.tenant_id, *file.teams.our_tenants))),
        host=host,
        port=file.server.port if environment.port is None else environment.port,
        log_level=file.logging.level.upper(),
    )


def _policy(file: File) -> Policy:
    digests = Digests(shared=_weekly(file.digests.shared), manager=_weekly(file.digests.manager))
    return Policy(
        hours=_hours(file),
        nudging=_nudging(file),
        digests=digests,
        retention=_retention(file),
        locale=file.locale,
        languages=tuple(file.languages),
        reading=file.features.reading,
        admins=frozenset(file.admins),
    )


def _hours(file: File) -> Hours:
    hours = file.hours
    return Hours(
        zone=hours.time_zone,
        day_start=hours.day_start,
        day_end=hours.day_end,
        workdays=frozenset(map(WEEKDAYS.index, hours.workdays)),
        country=hours.holidays,
    )


def _nudging(file: File) -> Nudging:
    nudges = file.nudges
    return Nudging(
        private_messages_a_day=nudges.at_most_private_messages_a_day,
        heads_up_over_days=nudges.heads_up_over_working_days,
        decide_percent=nudges.decide_percent,
        decide_at_most_days=nudges.decide_at_most_days,
        unanswered_days=nudges.unanswered_working_days,
        lapse_days=nudges.lapse_proposed_working_days,
        unopposed_days=nudges.unopposed_working_days,
        reopen_for=timedelta(days=nudges.reopen_days),
        undo_for=timedelta(minutes=nudges.undo_minutes),
    )


def _retention(file: File) -> Retention:
    days = file.retention
    return Retention(sent=timedelta(days=days.sent_days), quarantine=timedelta(days=days.quarantine_days))


def _weekly(part: WeeklyPart) -> WeeklyAt:
    return WeeklyAt(weekday=WEEKDAYS.index(part.weekday), at=part.at)
