"""The container files are not built here, so they are read: what they promise stands in them."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

from adapters.cli import main

ROOT = Path(__file__).resolve().parents[2]


@cache
def steps() -> list[tuple[str, str]]:
    """Instruction and argument of each line of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", plain)
    return [
        (name, rest.strip())
        for name, _, rest in (line.partition(" ") for line in joined.splitlines())
        if name
    ]


def said(instruction: str) -> list[str]:
    return [rest for name, rest in steps() if name == instruction]


def last_stage() -> list[tuple[str, str]]:
    start = max(n for n, (name, _) in enumerate(steps()) if name == "FROM")
    return steps()[start:]


def test_two_stages_of_one_slim_python():
    first, second = said("FROM")
    assert first == "python:3.13-slim AS build"
    assert second == "python:3.13-slim"
    assert [rest for name, rest in last_stage() if name == "COPY"] == ["--from=build /opt/kept /opt/kept"]


def test_what_is_installed_is_what_was_tested():
    [install] = [each for each in said("RUN") if "pip install" in each]
    assert '--no-cache-dir --no-compile -c constraints.txt ".[postgres]"' in install
    assert "compileall" in install


def test_it_runs_as_nobody_in_particular():
    users = [rest for name, rest in last_stage() if name == "USER"]
    assert [int(each) > 999 for each in users] == [True]
    names = [name for name, _ in last_stage()]
    assert names.index("USER") < names.index("CMD")
    assert f"--uid {users[0]} " in " ".join(said("RUN"))


def test_only_the_state_is_written():
    assert json.loads(said("VOLUME")[0]) == ["/state"]
    assert [rest for name, rest in last_stage() if name == "WORKDIR"] == ["/state"]


def test_signals_reach_it_and_its_health_is_asked_without_a_shell(capsys):
    assert json.loads(said("CMD")[0]) == ["kept", "serve"]
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    options, _, command = said("HEALTHCHECK")[0].partition("CMD")
    assert "--timeout=" in options
    program, flag, code = json.loads(command)
    assert (program, flag) == ("python", "-c")
    assert "/livez" in code
    ast.parse(code)


def test_nothing_secret_is_baked_in():
    settings = " ".join([*said("ENV"), *said("ARG")])
    assert not re.search(r"SECRET|TOKEN|PASSWORD|KEPT_", settings)
    assert "ADD" not in {name for name, _ in steps()}


def test_the_context_holds_what_is_copied_and_little_else():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    copied = {part.removeprefix("./") for each in said("COPY")[:-1] for part in shlex.split(each)[:-1]}
    assert let_in == copied
    assert all((ROOT / each).exists() for each in let_in)
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) <= let_in


@cache
def composed() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_compose_keeps_kept_small():
    kept = composed()["services"]["kept"]
    assert kept["read_only"] is True
    assert kept["cap_drop"] == ["ALL"]
    assert kept["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in kept
    assert kept["volumes"] == ["state:/state"]
    assert all(each.startswith("127.0.0.1:") for each in kept["ports"])


def test_compose_waits_for_a_database_nobody_else_reaches():
    services, networks = composed()["services"], composed()["networks"]
    assert services["kept"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert "healthcheck" in services["db"]
    assert "ports" not in services["db"]
    assert [networks[each]["internal"] for each in services["db"]["networks"]] == [True]


def test_no_password_stands_in_the_file():
    kept, db = composed()["services"]["kept"], composed()["services"]["db"]
    asked = "${POSTGRES_PASSWORD:?put POSTGRES_PASSWORD into .env}"
    assert db["environment"]["POSTGRES_PASSWORD"] == asked
    assert kept["environment"]["KEPT_DATABASE_URL"] == f"postgresql+psycopg://kept:{asked}@db/kept"
    assert kept["env_file"] == ".env"
