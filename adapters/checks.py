"""`kept check`: everything an operator can mend, each with how. It reaches a platform that is switched on."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from sqlalchemy import Engine

from adapters.backup import ensure_not_newer, store_path
from adapters.config import FILE, Settings, load_settings
from adapters.environment import SlackEnvironment, TeamsEnvironment, database_url
from adapters.faults import in_words
from adapters.finding import Finding
from adapters.problems import BadSettings, Trouble

_OLDEST = (3, 11)


def check(path: Path = FILE, environ: Mapping[str, str] = os.environ) -> tuple[Finding, ...]:
    return (*_python(), *_packages(), *_settings(path, environ), *_database(path, environ))


def _python() -> Iterator[Finding]:
    found = f"Python {platform.python_version()}, SQLite {_sqlite_version()}"
    if sys.version_info < _OLDEST:
        yield Finding(False, "python", f"{found}. Kept needs Python 3.11 or newer.")
    else:
        yield Finding(True, "python", found)


def _sqlite_version() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _packages() -> Iterator[Finding]:
    try:
        needed = [_name(each) for each in requires("kept") or () if "extra ==" not in each]
    except PackageNotFoundError:
        yield Finding(
            False, "packages", "Kept is not installed here. Run: pip install -c constraints.txt -e ."
        )
        return
    versions = {name: _version(name) for name in needed}
    if missing := [name for name, found in versions.items() if found is None]:
        yield Finding(
            False, "packages", f"missing: {', '.join(missing)}. Run: pip install -c constraints.txt -e ."
        )
    else:
        yield Finding(True, "packages", ", ".join(f"{name} {found}" for name, found in versions.items()))


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _settings(path: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        settings = load_settings(path, environ)
    except BadSettings as bad:
        yield from (Finding(False, "settings", str(problem)) for problem in bad.problems)
        return
    yield Finding(True, "settings", f"read from {path}" if path.exists() else f"defaults; there is no {path}")
    yield from _platforms(settings)


def _platforms(settings: Settings) -> Iterator[Finding]:
    environment = settings.environment
    yield _platform("slack", settings.slack_off, environment.slack)
    yield _platform("teams", settings.teams_off, environment.teams)
    if settings.slack_off is None:
        from adapters.slack.check import check as check_slack

        yield from check_slack(environment, reading=settings.policy.reading)
    if settings.teams_off is None:
        from adapters.teams.check import check as check_teams

        yield from check_teams(environment, settings.teams_tenants)


def _platform(name: str, off: str | None, secrets: SlackEnvironment | TeamsEnvironment) -> Finding:
    """Off is fine, unless somebody began to set it up and something is still missing."""
    begun = off is not None and off == secrets.missing and not secrets.is_empty
    return Finding(not begun, name, "on" if off is None else f"off: {off}")


def _database(path: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        url = database_url(environ)
    except BadSettings:
        return  # said among the settings
    found = _tried("database", lambda: _look_into(url))
    yield found
    if found.is_fine:
        yield from _rests(url)
        yield from _stored(url, path, environ)


def _rests(url: str) -> Iterator[Finding]:
    """No fault: somebody wanted it, or a copy was restored."""
    from adapters.pausing import how_to_resume, paused
    from adapters.stores import opened

    with opened(url) as engine:
        for tenant, since in paused(engine).items():
            words = f"paused since {since:%Y-%m-%d %H:%M}Z. To send again: {how_to_resume(tenant)}"
            yield Finding(True, "outbound", words)


def _stored(url: str, path: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        settings = load_settings(path, environ)
    except BadSettings:
        return  # said among the settings
    from adapters.stores import opened

    with opened(url) as engine:
        if settings.slack_off is None:
            from adapters.slack.check import check_installed

            yield from check_installed(settings.environment, engine, reading=settings.policy.reading)
        if settings.teams_off is None and settings.teams_record is not None:
            yield from _parted(engine, settings.teams_record, settings.teams_tenants)


def _parted(engine: Engine, record: str, tenants: frozenset[str]) -> Iterator[Finding]:
    from adapters.teams.record import ensure_not_parted

    try:
        ensure_not_parted(engine, record, tenants)
    except Trouble as trouble:
        yield Finding(False, "teams", str(trouble))


def _tried(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(True, subject, look())
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        return Finding(False, subject, words)


def _look_into(url: str) -> str:
    """Reachable, writable, migrated; raises what stands in the way."""
    from adapters.db.engine import open_engine
    from adapters.db.migrations_run import current, head
    from adapters.db.trouble import shown

    store = store_path(url)
    if store is not None and not store.is_file():
        raise Trouble(f"{store} does not exist yet. Run: kept migrate")
    engine = open_engine(url, wait_ms=1000)
    try:
        _ensure_writable(engine)
        name, revision = shown(engine.url), current(engine)
    finally:
        engine.dispose()
    if revision != head():
        ensure_not_newer(revision, head())
        raise Trouble(f"{name} is at {revision or 'no version'}, this Kept needs {head()}. Run: kept migrate")
    return f"{name} can be written and is up to date ({revision})"


def _ensure_writable(engine: Engine) -> None:
    with engine.begin() as connection:  # on SQLite this takes the write lock, which a read-only file refuses
        driver = connection.connection.driver_connection
        if driver is None or engine.name == "sqlite":
            return
        states = ("in_hot_standby", "default_transaction_read_only")  # reported by the server at sign-in
        if any(driver.info.parameter_status(state) == "on" for state in states):
            raise Trouble(
                "PostgreSQL takes no writes: it is a standby, or was set read-only. Use the primary."
            )
