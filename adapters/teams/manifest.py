"""The app as Teams takes it: a zip with the manifest, its words in every language, and two icons.

Sources: learn.microsoft.com/microsoft-365/extensibility/schema, and for shared channels
learn.microsoft.com/microsoftteams/platform/build-apps-for-shared-private-channels.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from adapters.environment import Environment
from adapters.problems import Trouble
from adapters.teams.permissions import resource_specific
from bot.wording import FALLBACK, Words, languages

TRACK_AS_PROMISE = "track_promise"
MY_PROMISES = "my_promises"
WORDS = "words"  # what a search looks for

VERSION = "1.29"  # shared channels need 1.25, slash triggers this one
LONGEST_PUBLISHER = 32  # characters: developer.name in the schema
_SEMVER = re.compile(r"\d{1,6}(\.\d{1,6}){2}", re.ASCII)
_SCHEMAS = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{VERSION}"
_ICONS = Path(__file__).with_name("icons")
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip can hold: the same app, the same bytes
_UNIX = 3  # in a zip's directory

# What is chosen from the menu is sent as it stands, so these are commands and never translated.
_COMMANDS = (
    ("promise", "promise"),
    ("promise list", "promise_list"),
    ("promise help", "promise_help"),
    ("promise notes", "promise_notes"),
    ("promise settings", "promise_settings"),
    ("win", "win"),
    ("heard", "heard"),
    ("partner", "partner"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    app_id: str
    version: str
    publisher: str  # who runs this Kept
    about: str  # their page that says so; https
    has_slash: bool = False  # the commands under "/", which sends them for Kept's eyes alone
    reads_channels: bool = False  # asks to hear every new message of standard channels


def app_for(
    environment: Environment,
    *,
    version: str | None = None,
    publisher: str = "Kept",
    about: str | None = None,
    has_slash: bool = False,
    reads_channels: bool = False,
) -> App:
    """Raises Trouble for what Teams would not take."""
    if environment.teams.app_id is None:
        raise Trouble("MicrosoftAppId is not set: the package names the app it belongs to.")
    page = about or environment.public_url
    if page is None or not page.startswith("https://"):
        raise Trouble("Teams wants an https page about who runs Kept. Add --about, or set KEPT_PUBLIC_URL.")
    if not 0 < len(publisher) <= LONGEST_PUBLISHER:
        raise Trouble(
            f"Teams takes a publisher of at most {LONGEST_PUBLISHER} characters. Shorten --publisher."
        )
    if version is not None and not _SEMVER.fullmatch(version):
        raise Trouble(f"{version} is no version as Teams takes it. Write it like 1.0.1.")
    return App(
        app_id=environment.teams.app_id,
        version=version or _installed(),
        publisher=publisher,
        about=page,
        has_slash=has_slash,
        reads_channels=reads_channels,
    )


def _installed() -> str:
    try:
        return installed_version("kept")
    except PackageNotFoundError:
        raise Trouble("Kept is not installed here. Run: pip install -c constraints.txt -e .") from None


def package(app: App) -> bytes:
    """A zip, not compressed: the same bytes on every machine."""
    held = io.BytesIO()
    with ZipFile(held, "w") as folder:
        for name, content in _files(app):
            file = ZipInfo(name, _BEGINNING)
            file.create_system, file.external_attr = _UNIX, 0o644 << 16
            folder.writestr(file, content)
    return held.getvalue()


def _files(app: App) -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", _as_json(manifest(app))
    for language in _others():
        yield f"{language}.json", _as_json(strings(app, language))
    for icon in ("color.png", "outline.png"):
        yield icon, (_ICONS / icon).read_bytes()


def _others() -> list[str]:
    return [language for language in languages() if language != FALLBACK]


def _as_json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def manifest(app: App, language: str = FALLBACK) -> dict[str, Any]:
    say = Words(language)
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": app.version,
        "id": app.app_id,
        "localizationInfo": {
            "defaultLanguageTag": FALLBACK,
            "additionalLanguages": [{"languageTag": each, "file": f"{each}.json"} for each in _others()],
        },
        "developer": {
            "name": app.publisher,
            "websiteUrl": app.about,
            "privacyUrl": app.about,
            "termsOfUseUrl": app.about,
        },
        "name": {"short": "Kept", "full": "Kept"},
        "description": {"short": say("teams_app.short"), "full": _in_full(app, say)},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1F4D3A",
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot"},
        "supportsChannelFeatures": "tier1",
        "bots": [_bot(app, say)],
        "composeExtensions": [_extension(app, say)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],  # dialogs are cards: no page from anywhere is shown inside Teams
        # Nobody signs in; consent to the permissions below is kept under this id, with any address.
        "webApplicationInfo": {"id": app.app_id, "resource": app.about},
        "authorization": {
            "permissions": {"resourceSpecific": resource_specific(reads_channels=app.reads_channels)}
        },
    }


def strings(app: App, language: str) -> dict[str, str]:
    """The same app's words, each under its path in the manifest."""
    made = manifest(app, language)
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json",
        "name.short": made["name"]["short"],
        "name.full": made["name"]["full"],
        "description.short": made["description"]["short"],
        "description.full": made["description"]["full"],
        **_words(made["bots"], "bots"),
        **_words(made["composeExtensions"], "composeExtensions"),
    }


def _words(part: Any, path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(part, list):
        for number, item in enumerate(part):
            found |= _words(item, f"{path}[{number}]")
    elif isinstance(part, dict):
        for name, item in part.items():
            is_said = name in ("title", "description") and isinstance(item, str)
            found |= {f"{path}.{name}": item} if is_said else _words(item, f"{path}.{name}")
    return found


def _in_full(app: App, say: Words) -> str:
    hears = say("teams_app.hears_channels" if app.reads_channels else "teams_app.hears_asked")
    return " ".join((say("teams_app.long_1"), say("teams_app.long_2"), hears))


def _bot(app: App, say: Words) -> dict[str, Any]:
    """Chats of several are left out: their people belong to no partnership."""
    commands = [{"title": title, "description": say(f"teams_app.command.{key}")} for title, key in _COMMANDS]
    triggers = {"triggers": ["mention", "slash"]} if app.has_slash else {}
    return {
        "botId": app.app_id,
        "scopes": ["personal", "team"],
        "supportsFiles": False,
        "isNotificationOnly": False,
        **({"supportsTargetedMessages": True} if app.has_slash else {}),
        "commandLists": [
            {"scopes": ["personal"], "commands": commands},
            {"scopes": ["team"], **triggers, "commands": commands},
        ],
    }


def _extension(app: App, say: Words) -> dict[str, Any]:
    track = {
        "id": TRACK_AS_PROMISE,
        "type": "action",
        "context": ["message", "compose"],
        "title": say("teams_app.track.title"),
        "description": say("teams_app.track.about"),
        "fetchTask": True,
        **({"triggers": ["slash"]} if app.has_slash else {}),
    }
    looked_for = {
        "name": WORDS,
        "title": say("teams_app.mine.words"),
        "description": say("teams_app.mine.words_about"),
        "inputType": "text",
    }
    mine = {
        "id": MY_PROMISES,
        "type": "query",
        "context": ["compose"],
        "title": say("teams_app.mine.title"),
        "description": say("teams_app.mine.about"),
        "initialRun": True,  # the newest, before anything is typed
        "parameters": [looked_for],
    }
    return {"botId": app.app_id, "commands": [track, mine]}
