"""The app as Teams takes it: sound by Microsoft's own schemas, and asking for as little as can be."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zlib
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import jsonschema
import pytest

from adapters.cli import main
from adapters.environment import read_environment
from adapters.problems import Trouble
from adapters.teams import manifest as made
from adapters.teams.manifest import MY_PROMISES, TRACK_AS_PROMISE, App, app_for, manifest, package, strings
from bot.wording import languages

APP_ID = "6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10"
TENANT = "a3c5e7f9-1b2d-4f60-8a9c-0d1e2f3a4b5c"
PUBLIC = "https://kept.example.com"
PLAIN = App(app_id=APP_ID, version="1.2.3", publisher="Ours", about=PUBLIC)
SLASH = App(app_id=APP_ID, version="1.2.3", publisher="Ours", about=PUBLIC, has_slash=True)
READING = App(app_id=APP_ID, version="1.2.3", publisher="Ours", about=PUBLIC, reads_channels=True)
EDITIONS = [PLAIN, SLASH, READING]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def held(app: App) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(package(app))) as folder:
        return {each.filename: folder.read(each) for each in folder.infolist()}


def schema(shared: Path, name: str) -> jsonschema.Draft4Validator:
    """Teams' schemas are of draft 4."""
    path = shared / "schemas" / "teams-manifest" / f"MicrosoftTeams.{name}.v{made.VERSION}.json"
    return jsonschema.Draft4Validator(json.loads(path.read_text()))


# By the schema


@pytest.mark.parametrize("app", EDITIONS)
def test_microsofts_schema_takes_it(shared, app):
    schema(shared, "schema").validate(json.loads(held(app)["manifest.json"]))


@pytest.mark.parametrize("app", EDITIONS)
def test_microsofts_schema_takes_its_words_in_every_other_language(shared, app):
    files = held(app)
    for told in json.loads(files["manifest.json"])["localizationInfo"]["additionalLanguages"]:
        schema(shared, "Localization.schema").validate(json.loads(files[told["file"]]))


def test_it_is_the_newest_version_we_have_a_schema_of(shared):
    names = (shared / "schemas" / "teams-manifest").glob("MicrosoftTeams.schema.v*.json")
    versions = [re.findall(r"v(\d+)\.(\d+)", path.name)[0] for path in names]
    assert ".".join(max(versions, key=lambda each: (int(each[0]), int(each[1])))) == made.VERSION


# What it says


def test_it_may_be_added_to_shared_channels():
    assert manifest(PLAIN)["supportsChannelFeatures"] == "tier1"
    assert manifest(PLAIN)["bots"][0]["scopes"] == ["personal", "team"]


def test_it_speaks_every_language_kept_speaks():
    told = manifest(PLAIN)["localizationInfo"]
    others = [each["languageTag"] for each in told["additionalLanguages"]]
    assert sorted([told["defaultLanguageTag"], *others]) == sorted(languages())


def words_in(value: object) -> list[str]:
    match value:
        case dict():
            said = [value[name] for name in ("title", "description") if isinstance(value.get(name), str)]
            return said + [word for each in value.values() for word in words_in(each)]
        case list():
            return [word for each in value for word in words_in(each)]
    return []


def test_every_word_of_the_manifest_is_translated_and_no_command_is():
    parts = [manifest(PLAIN)["bots"], manifest(PLAIN)["composeExtensions"]]
    english, german = strings(PLAIN, "en"), strings(PLAIN, "de")
    assert english.keys() == german.keys()
    assert set(words_in(parts)) <= set(english.values())
    same = {path for path in english if english[path] == german[path]}
    commands = {path for path in english if re.search(r"commandLists\[\d\]\.commands\[\d\]\.title", path)}
    assert same == commands | {"$schema", "name.short", "name.full"}


def test_the_paths_of_its_words_lead_to_them():
    made_in_english, told = manifest(PLAIN), strings(PLAIN, "en")
    for path in told.keys() - {"$schema"}:
        found = made_in_english
        for name, number in re.findall(r"(\w+)|\[(\d)\]", path):
            found = found[name or int(number)]
        assert found == told[path], path


def test_what_the_menu_offers_is_what_kept_understands():
    (bot,) = manifest(PLAIN)["bots"]
    titles = {each["title"] for listed in bot["commandLists"] for each in listed["commands"]}
    assert {title.split()[0] for title in titles} == {"promise", "win", "heard", "partner"}
    assert {title.partition(" ")[2] for title in titles} == {"", "list", "help", "notes", "settings"}
    assert all(len(listed["commands"]) <= 10 for listed in bot["commandLists"])  # Teams shows no more


def test_a_message_can_be_tracked_and_promises_can_be_found():
    (extension,) = manifest(PLAIN)["composeExtensions"]
    track, mine = extension["commands"]
    assert (track["id"], track["type"], track["fetchTask"]) == (TRACK_AS_PROMISE, "action", True)
    assert set(track["context"]) == {"message", "compose"}
    assert (mine["id"], mine["type"], mine["context"]) == (MY_PROMISES, "query", ["compose"])


def test_slash_commands_are_a_variant_of_their_own():
    assert "slash" not in json.dumps(manifest(PLAIN))
    (bot,) = manifest(SLASH)["bots"]
    assert bot["supportsTargetedMessages"]
    assert [listed.get("triggers") for listed in bot["commandLists"]] == [None, ["mention", "slash"]]
    assert manifest(SLASH)["composeExtensions"][0]["commands"][0]["triggers"] == ["slash"]


# What it asks for


def asked(app: App) -> list[str]:
    granted = manifest(app)["authorization"]["permissions"]["resourceSpecific"]
    assert all(each["type"] == "Application" for each in granted)
    return [each["name"] for each in granted]


def test_it_asks_to_know_who_is_in_a_channel_and_for_nothing_else():
    assert asked(PLAIN) == asked(SLASH) == ["ChannelMember.Read.Group"]


def test_only_the_reading_variant_asks_to_read():
    assert asked(READING) == ["ChannelMember.Read.Group", "ChannelMessage.Read.Group"]
    assert manifest(READING)["description"]["full"] != manifest(PLAIN)["description"]["full"]


def test_it_shows_no_page_inside_teams_and_takes_no_files_or_calls():
    app = manifest(PLAIN)
    assert app["validDomains"] == []
    assert not {"staticTabs", "configurableTabs", "devicePermissions", "connectors"} & app.keys()
    assert app["bots"][0]["supportsFiles"] is False
    assert set(re.findall(r"https?://[^\"]+", json.dumps(app))) == {PUBLIC, app["$schema"]}


# The zip


def test_the_same_app_is_the_same_bytes():
    assert hashlib.sha256(package(PLAIN)).digest() == hashlib.sha256(package(PLAIN)).digest()
    with ZipFile(io.BytesIO(package(PLAIN))) as folder:
        for each in folder.infolist():
            assert (each.date_time, each.compress_type) == ((1980, 1, 1, 0, 0, 0), ZIP_STORED)
            assert (each.create_system, each.external_attr >> 16) == (3, 0o644)


def test_everything_the_manifest_names_is_in_the_zip_and_nothing_else():
    files, app = held(PLAIN), manifest(PLAIN)
    named = {*app["icons"].values(), *(f["file"] for f in app["localizationInfo"]["additionalLanguages"])}
    assert files.keys() == {"manifest.json", *named}


def pixels(png: bytes) -> tuple[int, list[bytes]]:
    """Side and rows of a square picture of ours: unfiltered, 8 bits a channel."""
    width, height, depth, _, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    assert (png[:8], width, depth, interlaced) == (b"\x89PNG\r\n\x1a\n", height, 8, 0)
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    raw = zlib.decompress(png[start + 4 : start + 4 + length])
    step = len(raw) // height
    rows = [raw[n * step : (n + 1) * step] for n in range(height)]
    assert {row[0] for row in rows} == {0}
    return width, [row[1:] for row in rows]


def test_the_icons_have_the_sizes_and_colours_teams_asks_for():
    """learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons"""
    files = held(PLAIN)
    side, rows = pixels(files["color.png"])
    assert (side, len(rows[0])) == (192, 192 * 3)
    assert rows[0][:3] == bytes.fromhex(manifest(PLAIN)["accentColor"].removeprefix("#"))
    side, rows = pixels(files["outline.png"])
    assert (side, len(rows[0])) == (32, 32 * 4)
    seen = [row[n : n + 4] for row in rows for n in range(0, len(row), 4)]
    assert {each[:3] for each in seen} == {b"\xff\xff\xff"}  # white, or nothing to be seen
    assert {each[3] for each in seen} >= {0, 255}


# kept manifest teams


@pytest.fixture
def environ(monkeypatch):
    for name, value in {"MicrosoftAppId": APP_ID, "MicrosoftAppTenantId": TENANT}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KEPT_PUBLIC_URL", PUBLIC)
    return monkeypatch


def test_the_command_writes_the_package_and_says_where_it_goes(environ, capsys):
    assert main(["manifest", "teams"]) == 0
    assert "Wrote kept-teams.zip" in capsys.readouterr().out
    app = app_for(read_environment({"MicrosoftAppId": APP_ID, "MicrosoftAppTenantId": TENANT}), about=PUBLIC)
    assert Path("kept-teams.zip").read_bytes() == package(app)


def test_the_command_takes_every_choice(environ):
    page = "https://ours.example/kept"
    said = ["--publisher", "Ours", "--about", page, "--version", "2.0.1", "--slash", "--read-channels"]
    assert main(["manifest", "teams", "other.zip", *said]) == 0
    with ZipFile("other.zip") as folder:
        app = json.loads(folder.read("manifest.json"))
    assert (app["version"], app["developer"]["name"], app["developer"]["privacyUrl"]) == (
        "2.0.1",
        "Ours",
        page,
    )
    assert app["bots"][0]["supportsTargetedMessages"]
    assert len(app["authorization"]["permissions"]["resourceSpecific"]) == 2


@pytest.mark.parametrize(
    ("changes", "arguments", "words"),
    [
        ({"MicrosoftAppId": ""}, [], "MicrosoftAppId is not set"),
        ({"KEPT_PUBLIC_URL": ""}, [], "Add --about, or set KEPT_PUBLIC_URL"),
        ({"KEPT_PUBLIC_URL": "http://127.0.0.1:8765"}, [], "https page"),
        ({}, ["--about", "http://ours.example"], "https page"),
        ({}, ["--publisher", "x" * 33], "Shorten --publisher"),
        ({}, ["--publisher", ""], "Shorten --publisher"),
        ({}, ["--version", "1.0"], "Write it like 1.0.1"),
        ({}, ["--version", "1.0.1; rm"], "Write it like 1.0.1"),
    ],
)
def test_what_teams_would_not_take_is_said_in_a_line(environ, capsys, changes, arguments, words):
    for name, value in changes.items():
        environ.setenv(name, value)
    assert main(["manifest", "teams", *arguments]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert words in said
    assert not Path("kept-teams.zip").exists()


def test_an_app_that_is_not_named_has_no_package():
    with pytest.raises(Trouble, match="MicrosoftAppId"):
        app_for(read_environment({}), about=PUBLIC)


def test_it_holds_no_secret(environ):
    environ.setenv("MicrosoftAppPassword", "canary-password")
    assert main(["manifest", "teams"]) == 0
    assert b"canary" not in Path("kept-teams.zip").read_bytes()
