"""The app as Slack takes it: sound by Slack's own schema, and asking for as little as can be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from adapters.cli import main
from adapters.slack import scopes
from adapters.slack.manifest import MAKE_A_PROMISE, TRACK_AS_PROMISE, as_json, manifest
from adapters.slack.scopes_page import page
from adapters.slack.shapes import COMMANDS

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = "https://kept.example.com"
EDITIONS = [(PUBLIC, False), (PUBLIC, True), (None, True)]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize(("public_url", "socket_mode"), EDITIONS)
def test_slacks_schema_takes_it(shared, public_url, socket_mode, reading):
    made = manifest(public_url, socket_mode, reading=reading)
    name = f"manifest.schema.{made['_metadata']['major_version']}.0.0.json"
    schema = json.loads((shared / "schemas" / "slack-manifest" / name).read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(made)


def addresses(value: object) -> set[str]:
    return set(re.findall(r"https?://[^\"]+", json.dumps(value)))


def test_over_http_everything_comes_to_one_address():
    assert addresses(manifest(PUBLIC, False)) == {f"{PUBLIC}/slack/events", f"{PUBLIC}/slack/oauth_redirect"}


def test_socket_mode_needs_no_address_but_to_install():
    assert addresses(manifest(None, True)) == set()
    assert addresses(manifest(PUBLIC, True)) == {f"{PUBLIC}/slack/oauth_redirect"}
    assert manifest(None, True)["settings"]["socket_mode_enabled"] is True


def test_without_an_address_and_without_socket_mode_there_is_no_app():
    with pytest.raises(ValueError, match="Socket Mode"):
        manifest(None, False)


def test_its_commands_are_those_the_adapter_reads():
    declared = manifest(PUBLIC, False)["features"]["slash_commands"]
    assert tuple(each["command"] for each in declared) == COMMANDS
    assert all(each["should_escape"] for each in declared)


def test_its_shortcuts_track_a_message_and_make_a_promise():
    declared = manifest(PUBLIC, False)["features"]["shortcuts"]
    assert {(each["type"], each["callback_id"]) for each in declared} == {
        ("message", TRACK_AS_PROMISE),
        ("global", MAKE_A_PROMISE),
    }


def test_it_asks_for_no_scope_that_reads_channels_and_for_none_of_a_person():
    asked = manifest(PUBLIC, False)["oauth_config"]["scopes"]
    assert asked.keys() == {"bot"}
    reading = {"channels:history", "groups:history", "mpim:history", "users:read.email", "chat:write.public"}
    assert reading.isdisjoint(asked["bot"])
    assert len(asked["bot"]) == len(set(asked["bot"])) <= 8


def test_where_reading_is_on_it_asks_for_two_more_and_hears_channels():
    off, on = manifest(PUBLIC, False), manifest(PUBLIC, False, reading=True)
    asked = [set(made["oauth_config"]["scopes"]["bot"]) for made in (off, on)]
    assert asked[1] - asked[0] == {"channels:history", "groups:history"}
    heard = [set(made["settings"]["event_subscriptions"]["bot_events"]) for made in (off, on)]
    assert heard[1] - heard[0] == {"message.channels", "message.groups"}
    assert heard[0] < heard[1]
    words = [made["display_information"]["long_description"] for made in (off, on)]
    assert ["reads along" in each for each in words] == [False, True]


@pytest.mark.parametrize("reading", [False, True])
def test_every_event_it_hears_has_a_scope_or_needs_none(reading):
    heard = set(manifest(PUBLIC, False, reading=reading)["settings"]["event_subscriptions"]["bot_events"])
    covered = {event for scope in scopes.asked_for(reading=reading) for event in scope.events}
    assert heard == covered | set(scopes.EVENTS_WITHOUT_SCOPE)


def test_every_scope_is_used_for_something():
    idle = [each.name for each in scopes.asked_for(reading=True) if not (each.methods or each.events)]
    assert idle == ["commands"]


def test_every_method_the_adapter_calls_has_its_scope():
    """By the names of the SDK's methods, and of those called by name."""
    sources = [path.read_text() for path in (ROOT / "adapters" / "slack").glob("*.py")]
    families = "apps|auth|chat|conversations|oauth|users|views|team|reactions|files|pins|bookmarks"
    called = {
        name
        for source in sources
        for name in re.findall(rf"\"((?:{families})\.[a-zA-Z0-9.]+)\"", source)
        if not source.startswith('"""What Kept may do in a workspace')
    }
    called |= {
        name.replace("_", ".", 1)
        for source in sources
        for name in re.findall(rf"\.((?:{families})_[a-zA-Z]+)\(", source)
    }
    allowed = {method for scope in scopes.SCOPES for method in scope.methods} | set(
        scopes.METHODS_WITHOUT_SCOPE
    )
    assert called
    assert called <= allowed


def test_the_page_about_scopes_is_the_table():
    written = (ROOT / "docs" / "slack-scopes.md").read_text()
    assert written == page(), "run: python -m adapters.slack.scopes_page > docs/slack-scopes.md"


def test_missing_scopes_are_those_not_granted():
    assert scopes.missing(scopes.names()) == ()
    assert scopes.missing([*scopes.names()[1:], "more:than:asked"]) == scopes.names()[:1]
    assert scopes.missing(scopes.names(), reading=True) == ("channels:history", "groups:history")


# kept manifest slack


@pytest.mark.parametrize(
    ("environ", "arguments", "expected"),
    [
        ({"KEPT_PUBLIC_URL": PUBLIC}, [], manifest(PUBLIC, False)),
        ({"KEPT_PUBLIC_URL": f"{PUBLIC}/"}, ["--socket"], manifest(PUBLIC, True)),
        ({"KEPT_PUBLIC_URL": PUBLIC, "SLACK_APP_TOKEN": "xapp-1"}, [], manifest(PUBLIC, True)),
        ({}, [], manifest(None, True)),
    ],
)
def test_the_command_prints_what_fits_the_environment(monkeypatch, capsys, environ, arguments, expected):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["manifest", "slack", *arguments]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == expected
    assert yaml.safe_load(printed) == expected


def test_the_command_follows_app_yaml(tmp_path, capsys):
    (tmp_path / "app.yaml").write_text("schema: 1\nfeatures:\n  reading: true\n")
    assert main(["manifest", "slack"]) == 0
    assert json.loads(capsys.readouterr().out) == manifest(None, True, reading=True)
    (tmp_path / "app.yaml").write_text("features:\n  reading: perhaps\n")
    assert main(["manifest", "slack"]) == 1
    assert "features.reading" in capsys.readouterr().err


def test_a_bad_address_is_said_in_a_line(monkeypatch, capsys):
    monkeypatch.setenv("KEPT_PUBLIC_URL", "http://kept.example.com")
    assert main(["manifest", "slack"]) == 1
    assert "KEPT_PUBLIC_URL" in capsys.readouterr().err


def test_it_holds_no_secret(monkeypatch):
    assert "xapp" not in as_json(PUBLIC, True)
