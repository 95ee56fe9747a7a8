from __future__ import annotations

import base64
import re
from datetime import time
from pathlib import Path

import pytest

from adapters import environment
from adapters.app_yaml import File
from adapters.config import load_settings, read_file
from adapters.environment import Environment, address, database_url, is_loopback, read_environment
from adapters.problems import BadSettings, Problem
from adapters.redaction import Secret
from bot.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
APP_ID = "6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10"
TENANT = "a3c5e7f9-1b2d-4f60-8a9c-0d1e2f3a4b5c"


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "app.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def problems_in(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadSettings) as caught:
        read_file(path)
    return caught.value.problems


def the_problem_in(path: Path) -> Problem:
    (problem,) = problems_in(path)
    return problem


def test_without_a_file_the_defaults_apply(tmp_path):
    settings = load_settings(tmp_path / "app.yaml", {})
    assert settings.policy == Policy()
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8765, "INFO")
    assert settings.environment.database_url == "sqlite:///kept.db"


def test_the_file_we_ship_says_exactly_the_defaults():
    assert read_file(ROOT / "app.yaml") == File()


def test_the_file_we_ship_mentions_every_setting():
    text = (ROOT / "app.yaml").read_text()
    for name, field in File.model_fields.items():
        assert f"\n{field.alias or name}:" in text
        for inner in getattr(field.annotation, "model_fields", {}):
            assert f"\n  {inner}:" in text


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "hours:\nnudges:\n", "\ufeffschema: 1\n"])
def test_an_empty_file_or_block_means_the_defaults(written, text):
    assert read_file(written(text)) == File()


def test_decisions_reach_the_policy(written):
    path = written(
        """
        hours:
          time_zone: Europe/Berlin
          day_start: 8:30
          day_end: 16:45
          workdays: [sunday, monday]
          holidays: DE-BY
        languages: [de]
        locale: de-DE
        nudges: {undo_minutes: 3, decide_percent: 30}
        digests: {manager: {weekday: friday}}
        admins: ["slack:U024BE7LH"]
        """
    )
    policy = load_settings(path, {}).policy
    assert (policy.hours.zone, policy.hours.country) == ("Europe/Berlin", "DE-BY")
    assert (policy.hours.day_start, policy.hours.day_end) == (time(8, 30), time(16, 45))
    assert policy.hours.workdays == {6, 0}
    assert (policy.locale, policy.languages) == ("de-DE", ("de",))
    assert policy.nudging.undo_for.total_seconds() == 180
    assert policy.nudging.decide_percent == 30
    assert (policy.digests.manager.weekday, policy.digests.manager.at) == (4, time(8, 30))
    assert policy.admins == {"slack:U024BE7LH"}


def test_a_time_without_quotes_is_a_time_and_no_is_norway(written):
    file = read_file(written("hours: {day_end: 18:00, holidays: NO}"))
    assert (file.hours.day_end, file.hours.holidays) == (time(18), "NO")


def test_all_problems_are_reported_at_once_each_with_its_line(written):
    path = written(
        "schema: 2\nhours:\n  day_start: noon\nnudges:\n  undo_minutes: -4\nserver:\n  port: 1.5\n"
    )
    with pytest.raises(BadSettings) as caught:
        load_settings(path, {"PORT": "x", "KEPT_SECRET_KEY": "short"})
    assert [problem.where for problem in caught.value.problems] == [
        "app.yaml line 1, schema",
        "app.yaml line 3, hours.day_start",
        "app.yaml line 5, nudges.undo_minutes",
        "app.yaml line 7, server.port",
        "KEPT_SECRET_KEY",
        "PORT",
    ]


def test_a_problem_says_what_was_found_what_is_expected_and_how_to_mend_it(written):
    assert str(the_problem_in(written("nudges:\n  decide_percent: lots\n"))) == (
        "app.yaml line 2, nudges.decide_percent: found 'lots', expected a whole number. "
        "The default is `decide_percent: 25`."
    )


@pytest.mark.parametrize(
    ("text", "where", "suggestion"),
    [
        ("hourz: {}", "app.yaml line 1, hourz", "Did you mean `hours`?"),
        ("nudges:\n  undo_minute: 3", "app.yaml line 2, nudges.undo_minute", "Did you mean `undo_minutes`?"),
        (
            "digests: {shared: {weakday: monday}}",
            "app.yaml line 1, digests.shared.weakday",
            "Did you mean `weekday`?",
        ),
        ("runtime: python39", "app.yaml line 1, runtime", "Remove it."),
        ("version: 1", "app.yaml line 1, version", "Remove it."),
    ],
)
def test_an_unknown_key_is_an_error_and_a_near_miss_is_suggested(written, text, where, suggestion):
    problem = the_problem_in(written(text))
    assert (problem.where, problem.fix) == (where, suggestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hours: {time_zone: Europe/Berlyn}", "did you mean Europe/Berlin?"),
        (
            "hours: {day_start: '17:00', day_end: '09:00'}",
            "a time later on the same day than day_start, 17:00",
        ),
        ("hours: {day_end: 24:00}", 'a time of day such as "09:00"'),
        ("hours: {workdays: []}", "at least 1 of them"),
        ("hours: {workdays: [monday, monday]}", "each of them once"),
        ("hours: {holidays: Germany}", "a country code such as DE"),
        ("hours: {holidays: DE-XX}", "DE alone, or with one of its regions"),
        ("languages: [en, xx]", "a language Kept speaks"),
        ("locale: english", "a language, with its country"),
        ("admins: [bob]", "slack:U024BE7LH"),
        ("slack: {enabled: yes}", "true or false"),
        ("teams: {record: acme.slack.com}", "the id of your Slack workspace"),
        ("teams: {our_tenants: [acme.onmicrosoft.com]}", "a directory (tenant) id in Entra"),
        (f"teams: {{our_tenants: [{APP_ID}, {APP_ID.upper()}]}}", "each of them once"),
        ("digests: friday", "a block of `key: value` lines"),
        ("logging: {level: loud}", "'debug', 'info', 'warning' or 'error'"),
        ("server: {host: 'http://x'}", "one word without slashes"),
        ("- a\n- b", "a block of `key: value` lines"),
        ("hours: {day_start: 9:00, day_start: 10:00}", "each key once"),
        ("hours: &x {}\nnudges: *x", "YAML"),
        ("a: [", "YAML"),
        ("[" * 20_000, "YAML"),
        (b"\xff\xfe\x00", "YAML"),
        ("#" * 300_000, "YAML"),
    ],
)
def test_what_does_not_fit_is_named(written, text, expected):
    assert expected in the_problem_in(written(text)).expected


def test_a_file_that_cannot_be_opened_is_a_problem_not_a_crash(tmp_path):
    assert "Is a directory" in the_problem_in(tmp_path).found


@pytest.mark.parametrize(
    "text",
    [
        "slack:\n  bot_token: hunter2\n",
        "admins: [xoxb-123456789012-abcdefghij]\n",
        "locale: hunter2-xoxp-123456789012\n",
        "teams: {password: hunter2}\n",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(written, text):
    problem = the_problem_in(written(text))
    assert problem.expected == "no secrets in this file"
    assert "hunter2" not in str(problem)
    assert "xox" not in str(problem)


def test_the_environment_comes_before_the_file(written):
    path = written("server: {host: 127.0.0.2, port: 9000}")
    assert load_settings(path, {}).port == 9000
    settings = load_settings(path, {"HOST": "127.0.0.3", "PORT": "0"})
    assert (settings.host, settings.port) == ("127.0.0.3", 0)


def test_every_variable_is_in_the_operators_table():
    names = set(
        re.findall(
            r'"((?:KEPT|SLACK)_[A-Z_]+|Microsoft\w+|HOST|PORT)"', Path(environment.__file__).read_text()
        )
    )
    table = (ROOT / "docs" / "operating.md").read_text()
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in table} == set()


def test_an_empty_environment_is_the_default_one():
    assert read_environment({}) == Environment()
    assert read_environment({"PORT": "", "SLACK_BOT_TOKEN": "  ", "MicrosoftAppId": ""}) == Environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEPT_DATABASE_URL", "mysql://localhost/kept"),
        ("KEPT_DATABASE_URL", "sqlite://"),
        ("KEPT_DATABASE_URL", "sqlite:///:memory:"),
        ("KEPT_DATABASE_URL", "kept.db"),
        ("KEPT_SECRET_KEY", "short"),
        ("KEPT_SECRET_KEY", f"{KEY},nonsense"),
        ("KEPT_SECRET_KEY", ","),
        ("KEPT_PUBLIC_URL", "http://kept.example.com"),
        ("KEPT_PUBLIC_URL", "https://me:pw@kept.example.com"),
        ("KEPT_PUBLIC_URL", "https://[kept"),
        ("KEPT_PUBLIC_URL", "kept.example.com"),
        ("KEPT_METRICS_PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "8" * 5000),
        ("PORT", "٨٧٦٥"),
        ("HOST", "http://localhost"),
        ("HOST", "two words"),
        ("SLACK_BOT_TOKEN", "xapp-1-A-1-b"),
        ("SLACK_APP_TOKEN", "xoxb-1-b"),
        ("SLACK_SIGNING_SECRET", "two words"),
        ("SLACK_API_URL", "https://slack.com/"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("MicrosoftAppId", "my-bot"),
        ("MicrosoftAppId", "00000000-0000-0000-0000-000000000000"),
        ("MicrosoftAppId", "6f0ad3d46b1e4a7a9f0d2f1c5d8e7a10"),
        ("MicrosoftAppId", "{6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10}"),
        ("MicrosoftAppTenantId", "ours.onmicrosoft.com"),
        ("MicrosoftAppType", "UserAssignedMSI"),
        ("MicrosoftAppType", "Anything"),
        ("KEPT_TEAMS_LOGIN_URL", "http://login.example.com"),
    ],
)
def test_a_variable_that_does_not_fit_is_named(name, value):
    with pytest.raises(BadSettings) as caught:
        read_environment({name: value})
    assert [problem.where for problem in caught.value.problems] == [name]


@pytest.mark.parametrize("said", [{}, {"MicrosoftAppType": "SingleTenant"}])
def test_a_single_tenant_app_needs_its_tenant(said):
    with pytest.raises(BadSettings, match="MicrosoftAppTenantId") as caught:
        read_environment({"MicrosoftAppId": APP_ID, **said})
    assert "MicrosoftAppType=MultiTenant" in caught.value.problems[0].fix


@pytest.mark.parametrize("secret", ["MicrosoftAppPassword", "MicrosoftAppCertificatePath"])
@pytest.mark.parametrize("app_id", [{}, {"MicrosoftAppId": "  "}])
def test_a_secret_without_its_app_id_is_never_taken_for_authentication_switched_off(secret, app_id):
    with pytest.raises(BadSettings) as caught:
        read_environment({secret: "x", **app_id})
    assert [problem.where for problem in caught.value.problems] == ["MicrosoftAppId"]


def test_ids_of_entra_are_compared_in_one_case():
    environ = {"MicrosoftAppId": APP_ID.upper(), "MicrosoftAppTenantId": TENANT.upper()}
    teams = read_environment(environ).teams
    assert (teams.app_id, teams.tenant_id) == (APP_ID, TENANT)


def test_our_tenants_are_the_apps_own_and_those_in_the_file(written):
    path = written(f"teams: {{record: T0123456789, our_tenants: [{APP_ID.upper()}]}}")
    settings = load_settings(path, {"MicrosoftAppTenantId": TENANT})
    assert settings.teams_tenants == {TENANT, APP_ID}
    assert settings.teams_record == "T0123456789"
    assert load_settings(path.with_name("none.yaml"), {}).teams_tenants == frozenset()


def test_old_keys_only_decrypt_so_order_is_kept():
    keys = read_environment({"KEPT_SECRET_KEY": f"{KEY}, {KEY[1:-1]}A="}).secret_keys
    assert [key.reveal() for key in keys] == [KEY, f"{KEY[1:-1]}A="]


def test_http_is_allowed_where_nobody_can_listen_in():
    environ = {"KEPT_PUBLIC_URL": "http://localhost:8765/", "SLACK_API_URL": "http://127.0.0.1:4003/api/"}
    read = read_environment(environ)
    assert read.public_url == "http://localhost:8765"
    assert read.slack.api_url == "http://127.0.0.1:4003/api/"


@pytest.mark.parametrize(
    ("environ", "off"),
    [
        ({}, "SLACK_SIGNING_SECRET is not set (nor SLACK_APP_TOKEN for Socket Mode)"),
        (
            {"SLACK_SIGNING_SECRET": "s"},
            "SLACK_BOT_TOKEN is not set (nor SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)",
        ),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}, None),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": "xoxb-1"}, None),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c"}, None),
    ],
)
def test_slack_is_on_when_its_secrets_are_there(tmp_path, environ, off):
    assert load_settings(tmp_path / "app.yaml", environ).slack_off == off


@pytest.mark.parametrize("secret", ["MicrosoftAppPassword", "MicrosoftAppCertificatePath"])
def test_teams_is_on_when_its_secrets_are_there(tmp_path, secret):
    half = {"MicrosoftAppId": APP_ID, "MicrosoftAppTenantId": TENANT}
    assert load_settings(tmp_path / "app.yaml", half | {secret: "x"}).teams_off is None
    assert load_settings(tmp_path / "app.yaml", half).teams_off is not None


def test_the_file_can_only_switch_a_platform_off(written):
    environ = {"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}
    assert load_settings(written("slack: {enabled: false}"), environ).slack_off == "switched off in app.yaml"
    assert load_settings(written("slack: {enabled: true}"), {}).slack_off is not None


def test_no_secret_shows_when_settings_are_printed(tmp_path):
    secrets = {
        "SLACK_SIGNING_SECRET": "canary-1",
        "SLACK_SIGNING_SECRET_OLD": "canary-2",
        "SLACK_BOT_TOKEN": "xoxb-canary-3",
        "SLACK_APP_TOKEN": "xapp-canary-4",
        "SLACK_CLIENT_SECRET": "canary-5",
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppTenantId": TENANT,
        "MicrosoftAppPassword": "canary-6",
        "KEPT_SECRET_KEY": KEY,
        "KEPT_DATABASE_URL": "postgresql+psycopg://kept:canary-7@localhost/kept",
    }
    settings = load_settings(tmp_path / "app.yaml", secrets)
    for shown in (repr(settings), str(settings), f"{settings.environment}"):
        assert "canary" not in shown
        assert KEY not in shown
    assert settings.environment.slack.bot_token == Secret("xoxb-canary-3")
    assert settings.environment.slack.bot_token.reveal() == "xoxb-canary-3"


def test_some_commands_read_only_what_they_need():
    environ = {"SLACK_API_URL": "nonsense", "PORT": "9001", "KEPT_DATABASE_URL": "postgres://db/kept"}
    assert address(environ) == ("127.0.0.1", 9001)
    assert database_url(environ) == "postgres://db/kept"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_is_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example.com", "", None])
def test_anything_else_is_not_loopback(host):
    assert not is_loopback(host)
