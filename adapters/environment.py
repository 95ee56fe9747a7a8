"""Secrets and places come from the environment, under the names the ecosystem already uses."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from adapters.problems import BadSettings, Problem
from adapters.redaction import Secret

DEFAULT_DATABASE_URL = "sqlite:///kept.db"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
SLACK_API = "https://slack.com/api/"
APP_TYPES = ("SingleTenant", "MultiTenant")

UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"  # as Entra writes ids
_UUID = re.compile(UUID)
_COPY_APP_ID = "Copy the application (client) id from the app's page in Entra."

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackEnvironment:
    signing_secrets: tuple[Secret, ...] = ()  # two while one is being rotated
    bot_token: Secret | None = None
    app_token: Secret | None = None  # then Socket Mode, else HTTP
    client_id: str | None = None
    client_secret: Secret | None = None
    api_url: str = SLACK_API

    @property
    def missing(self) -> str | None:
        """Why Slack is off, or None when there is enough to switch it on."""
        if not (self.signing_secrets or self.app_token):
            return "SLACK_SIGNING_SECRET is not set (nor SLACK_APP_TOKEN for Socket Mode)"
        if self.bot_token or (self.client_id and self.client_secret):
            return None
        return "SLACK_BOT_TOKEN is not set (nor SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"

    @property
    def is_empty(self) -> bool:
        return not (
            self.signing_secrets or self.bot_token or self.app_token or self.client_id or self.client_secret
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsEnvironment:
    app_id: str | None = None
    app_password: Secret | None = None
    certificate_path: str | None = None
    app_type: str = APP_TYPES[0]  # Azure registers no other since 31 July 2025; older ones go on
    tenant_id: str | None = None  # in which the app is registered, and the first of ours
    openid_url: str | None = None  # None: Microsoft's own
    login_url: str | None = None

    @property
    def login_tenant(self) -> str | None:
        """Where the app signs in; None: an app for many tenants, which has a place of its own."""
        return self.tenant_id if self.app_type == "SingleTenant" else None

    @property
    def missing(self) -> str | None:
        """Why Teams is off, or None when there is enough to switch it on."""
        if not self.app_id:
            return "MicrosoftAppId is not set"
        if not (self.app_password or self.certificate_path):
            return "neither MicrosoftAppPassword nor MicrosoftAppCertificatePath is set"
        return None

    @property
    def is_empty(self) -> bool:
        return not (self.app_id or self.app_password or self.certificate_path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)  # may hold a password
    secret_keys: tuple[Secret, ...] = ()  # the first encrypts, the others only decrypt
    public_url: str | None = None  # without a slash at its end
    metrics_port: int | None = None
    host: str | None = None
    port: int | None = None
    slack: SlackEnvironment = SlackEnvironment()
    teams: TeamsEnvironment = TeamsEnvironment()


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Raises BadSettings with every problem. A variable set to nothing counts as not set."""
    reader = _Reader(environ)
    environment = Environment(
        database_url=reader.read("KEPT_DATABASE_URL", _database_url) or DEFAULT_DATABASE_URL,
        secret_keys=reader.read("KEPT_SECRET_KEY", _secret_keys) or (),
        public_url=reader.read("KEPT_PUBLIC_URL", _public_url),
        metrics_port=reader.read("KEPT_METRICS_PORT", _port),
        host=reader.read("HOST", _host),
        port=reader.read("PORT", _port),
        slack=_slack(reader),
        teams=_teams(reader),
    )
    reader.finish()
    return environment


def database_url(environ: Mapping[str, str]) -> str:
    """For commands that need nothing but the store. Raises BadSettings."""
    reader = _Reader(environ)
    url = reader.read("KEPT_DATABASE_URL", _database_url)
    reader.finish()
    return url or DEFAULT_DATABASE_URL


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """Host and port for the demo, which looks at no other setting. Raises BadSettings."""
    reader = _Reader(environ)
    host, port = reader.read("HOST", _host), reader.read("PORT", _port)
    reader.finish()
    return host or DEFAULT_HOST, DEFAULT_PORT if port is None else port


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


class _Unfit(Exception):
    def __init__(self, expected: str, fix: str, *, found: str = "something else (not shown)") -> None:
        self.expected, self.fix, self.found = expected, fix, found


class _Reader:
    """Reads variables one by one and remembers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[Problem] = []

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self._environ.get(name, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except _Unfit as unfit:
            self.complain(name, unfit)
            return None

    def has(self, name: str) -> bool:
        """Something was said, well or not."""
        return bool(self._environ.get(name, "").strip())

    def complain(self, name: str, unfit: _Unfit) -> None:
        self._problems.append(Problem(where=name, found=unfit.found, expected=unfit.expected, fix=unfit.fix))

    def finish(self) -> None:
        if self._problems:
            raise BadSettings(*self._problems)


def _slack(reader: _Reader) -> SlackEnvironment:
    signing = (reader.read(name, _secret) for name in ("SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET_OLD"))
    return SlackEnvironment(
        signing_secrets=tuple(secret for secret in signing if secret),
        bot_token=reader.read(
            "SLACK_BOT_TOKEN", _token("a bot token, which begins with xoxb-", "xoxp-", "xapp-")
        ),
        app_token=reader.read(
            "SLACK_APP_TOKEN", _token("an app token, which begins with xapp-", "xoxb-", "xoxp-")
        ),
        client_id=reader.read("SLACK_CLIENT_ID", str),
        client_secret=reader.read("SLACK_CLIENT_SECRET", _secret),
        api_url=reader.read("SLACK_API_URL", _api_url) or SLACK_API,
    )


def _teams(reader: _Reader) -> TeamsEnvironment:
    teams = TeamsEnvironment(
        app_id=reader.read("MicrosoftAppId", _app_id),
        app_password=reader.read("MicrosoftAppPassword", _secret),
        certificate_path=reader.read("MicrosoftAppCertificatePath", str),
        app_type=reader.read("MicrosoftAppType", _app_type) or APP_TYPES[0],
        tenant_id=reader.read("MicrosoftAppTenantId", _tenant_id),
        openid_url=reader.read("KEPT_TEAMS_OPENID_URL", _web_url),
        login_url=reader.read("KEPT_TEAMS_LOGIN_URL", _web_url),
    )
    _complain_of_gaps(reader, teams)
    return teams


def _complain_of_gaps(reader: _Reader, teams: TeamsEnvironment) -> None:
    if teams.app_id and teams.app_type == "SingleTenant" and not reader.has("MicrosoftAppTenantId"):
        needed = "the directory (tenant) id in which the app is registered"
        fix = "It is on the app's page in Entra. An older app that serves many: MicrosoftAppType=MultiTenant."
        reader.complain("MicrosoftAppTenantId", _Unfit(needed, fix, found="nothing"))
    if not teams.is_empty and not reader.has("MicrosoftAppId"):
        # Without an id the SDK's own adapter lets anybody in.
        needed = "the app's id, since its secret or certificate is there"
        reader.complain("MicrosoftAppId", _Unfit(needed, _COPY_APP_ID, found="nothing"))


def _database_url(text: str) -> str:
    expected = "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and ":memory:" not in rest:
        return text
    if scheme == "sqlite":
        raise _Unfit(
            expected, "Name a file: promises kept in memory are gone at the next start.", found="no file"
        )
    if scheme in ("postgresql+psycopg", "postgresql", "postgres") and rest:
        return text
    raise _Unfit(expected, "Leave it out for a file called kept.db in the working directory.")


def _secret_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys or not all(map(_is_key, keys)):
        make = "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        raise _Unfit("32 bytes in URL-safe base64, or several with commas between", f"Make one with: {make}")
    return tuple(map(Secret, keys))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text[:6]) <= 65535:
        return int(text)
    raise _Unfit(
        "a port: a whole number from 0 to 65535", "Leave it out for the default.", found=repr(text[:40])
    )


def _host(text: str) -> str:
    if "/" in text or any(character.isspace() for character in text):
        raise _Unfit("a host name or address", "Write 127.0.0.1, or leave it out.", found=repr(text[:80]))
    return text


def _secret(text: str) -> Secret:
    if any(character.isspace() for character in text):
        raise _Unfit("one word", "Copy the value again, without spaces or line ends inside.")
    return Secret(text)


def _token(expected: str, *others: str) -> Callable[[str], Secret]:
    def parse(text: str) -> Secret:
        if text.startswith(others):
            raise _Unfit(
                expected, "Copy the other token from the app's page at Slack.", found=f"{text[:5]}..."
            )
        return _secret(text)

    return parse


def _web_url(text: str) -> str:
    """https anywhere, http only where nobody can listen in."""
    expected = "an https address (http only on this machine)"
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise _Unfit(expected, "Write it like https://kept.example.com") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _Unfit(expected, "Leave out everything but the host and the path.")
    if host and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        return text
    raise _Unfit(expected, "Write it like https://kept.example.com", found=repr(text[:120]))


def _public_url(text: str) -> str:
    return _web_url(text).rstrip("/")


def _api_url(text: str) -> str:
    if _web_url(text).endswith("/api/"):
        return text
    raise _Unfit("an address ending in /api/", f"Slack's own is {SLACK_API}", found=repr(text[:120]))


def _app_id(text: str) -> str:
    return _uuid(text, "an application id", _COPY_APP_ID)


def _tenant_id(text: str) -> str:
    return _uuid(
        text, "a directory (tenant) id", "Copy the id, not the domain, from the app's page in Entra."
    )


def _uuid(text: str, name: str, fix: str) -> str:
    if _UUID.fullmatch(text) and text.strip("0-"):
        return text.lower()
    raise _Unfit(f"{name} such as 6f0ad3d4-6b1e-4a7a-9f0d-2f1c5d8e7a10", fix)


def _app_type(text: str) -> str:
    if text in APP_TYPES:
        return text
    fix = "Write it exactly so. A managed identity cannot sign in from here: give the app a secret."
    raise _Unfit(" or ".join(APP_TYPES), fix, found=repr(text[:40]))
