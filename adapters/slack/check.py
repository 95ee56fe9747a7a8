"""`kept check`, Slack's part: what keeps Kept and Slack apart, each with how to mend it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from sqlalchemy import Engine

from adapters.clock import utc_now
from adapters.environment import Environment, SlackEnvironment, is_loopback
from adapters.fields import Odd
from adapters.finding import Finding
from adapters.reaching import clock, seen_from_here
from adapters.redaction import Secret
from adapters.slack.client import Refused, Unclear, call, open_session, web_client
from adapters.slack.crypto import Keyring, Unsealable
from adapters.slack.gate import TOLERANCE_S
from adapters.slack.installations import Installations
from adapters.slack.manifest import INSTALL_PATH
from adapters.slack.scopes import missing
from adapters.slack.workspaces import scopes_in

NAMED = 5  # workspaces
_SEALED = (
    "the token does not open with KEPT_SECRET_KEY. Add the key that sealed it, after a comma; if it is lost, "
    "install Kept there again."
)
_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_MENDING = {
    "account_inactive": "The workspace or the app's user is gone. Install the app again.",
    "bad_client_secret": "Copy SLACK_CLIENT_SECRET again from Basic Information.",
    "invalid_auth": "Copy the token again from the app's page at Slack.",
    "invalid_client_id": "Copy SLACK_CLIENT_ID again from Basic Information.",
    "missing_scope": "Generate an app token that has connections:write.",
    "not_allowed_token_type": "This is another kind of token. Copy the one whose name the page shows.",
    "token_expired": "Token rotation is on for this app, which only OAuth can follow. Use SLACK_CLIENT_ID.",
    "token_revoked": "Install the app again, and copy its new token.",
}


def check(environment: Environment, *, reading: bool = False) -> tuple[Finding, ...]:
    """Reaches Slack where there is something to ask it."""
    return asyncio.run(_checked(environment, reading))


async def _checked(environment: Environment, reading: bool) -> tuple[Finding, ...]:
    async with open_session() as session:
        return tuple([finding async for finding in _findings(environment, session, reading)])


async def _findings(
    environment: Environment, session: aiohttp.ClientSession, reading: bool
) -> AsyncIterator[Finding]:
    slack = environment.slack
    for finding in (*_signing(slack), *_sealing(environment), *_addresses(environment)):
        yield finding
    if environment.public_url and not _is_local(environment):
        yield await seen_from_here("slack url", environment.public_url, session)
    if slack.bot_token:
        async for finding in _bot(slack.bot_token, slack, session, reading):
            yield finding
    if slack.app_token:
        yield await _socket(slack.app_token, slack, session)
    if slack.client_id and slack.client_secret:
        async for finding in _client(slack.client_id, slack.client_secret, slack, session):
            yield finding


def _signing(slack: SlackEnvironment) -> list[Finding]:
    if slack.app_token or all(_SIGNING_SECRET.fullmatch(each.reveal()) for each in slack.signing_secrets):
        return []
    words = "SLACK_SIGNING_SECRET is not 32 hexadecimal digits. Copy it from Basic Information again."
    return [Finding(False, "slack key", words)]


def _sealing(environment: Environment) -> list[Finding]:
    if not environment.slack.client_secret or environment.secret_keys:
        return []
    words = "KEPT_SECRET_KEY is not set, and tokens are not stored unsealed. See docs/operating.md."
    return [Finding(False, "slack key", words)]


def _addresses(environment: Environment) -> list[Finding]:
    slack, url = environment.slack, environment.public_url
    if url is None and not slack.app_token:
        words = "KEPT_PUBLIC_URL is not set. Set it, or use Socket Mode, which needs none: SLACK_APP_TOKEN."
        return [Finding(False, "slack url", words)]
    if url is None and slack.client_id:
        return [Finding(False, "slack url", "KEPT_PUBLIC_URL is not set. Installing by OAuth needs it.")]
    if url and not url.startswith("https://") and not _is_local(environment):
        return [Finding(False, "slack url", "KEPT_PUBLIC_URL is http. Slack sends to https addresses only.")]
    return []


def _is_local(environment: Environment) -> bool:
    """Slack is a stand-in on this machine, which may send anywhere."""
    return is_loopback(urlsplit(environment.slack.api_url).hostname)


async def _bot(
    token: Secret, slack: SlackEnvironment, session: aiohttp.ClientSession, reading: bool
) -> AsyncIterator[Finding]:
    try:
        said, headers = await call(web_client(slack.api_url, session, token), "auth.test")
        connected = f"connected to {said.text('team')} as {said.text('user')}"
    except (Refused, Unclear, Odd) as trouble:
        yield _trouble("SLACK_BOT_TOKEN", slack, trouble)
        return
    yield Finding(True, "slack api", connected)
    yield _scopes(headers, reading)
    for told in _clock(headers):
        yield told


def _clock(headers: Mapping[str, str]) -> Iterator[Finding]:
    told = clock("Slack", headers, utc_now(), tolerance_s=TOLERANCE_S)
    if told is not None:
        yield told


def _scopes(headers: Mapping[str, str], reading: bool) -> Finding:
    lacking = missing(scopes_in(headers), reading=reading)
    if not lacking:
        return Finding(True, "slack api", "every scope is granted")
    words = (
        f"not granted: {', '.join(lacking)}. Add them under OAuth & Permissions and install the app again; "
        "docs/slack-scopes.md says what each is for."
    )
    return Finding(False, "slack api", words)


async def _socket(token: Secret, slack: SlackEnvironment, session: aiohttp.ClientSession) -> Finding:
    try:
        await call(web_client(slack.api_url, session, token), "apps.connections.open")
    except (Refused, Unclear) as trouble:
        return _trouble("SLACK_APP_TOKEN", slack, trouble)
    return Finding(True, "slack api", "Socket Mode can connect")


async def _client(
    client_id: str, secret: Secret, slack: SlackEnvironment, session: aiohttp.ClientSession
) -> AsyncIterator[Finding]:
    """Asks with a code that cannot be right: Slack looks at the app's secret first."""
    fields = {"client_id": client_id, "client_secret": secret.reveal(), "code": "kept-check"}
    try:
        await call(web_client(slack.api_url, session), "oauth.v2.access", **fields)
    except Refused as refused:
        if str(refused) != "invalid_code":
            yield _trouble("SLACK_CLIENT_ID", slack, refused)
            return
        yield Finding(True, "slack api", "Slack knows the app and its secret")
        for told in () if slack.bot_token else _clock(refused.headers):
            yield told
    except Unclear as unclear:
        yield _trouble("SLACK_CLIENT_ID", slack, unclear)


def check_installed(environment: Environment, engine: Engine, *, reading: bool = False) -> Iterator[Finding]:
    """The workspaces that installed Kept themselves, as the store knows them; Slack is not asked."""
    slack, keys = environment.slack, environment.secret_keys
    if slack.bot_token or not slack.client_id or not keys:
        return
    store = Installations(engine, Keyring(keys), lambda: uuid4().hex)
    tenants = store.tenants()
    wrong: dict[str, list[str]] = {}
    for tenant in tenants:
        for words in _wrong(store, tenant, reading):
            wrong.setdefault(words, []).append(tenant)
    yield from (Finding(False, "slack", f"{_some(those)}: {words}") for words, those in wrong.items())
    if not tenants:
        install = f"{environment.public_url or ''}{INSTALL_PATH}"
        yield Finding(True, "slack", f"no workspace has installed Kept yet. Open {install} in a browser.")
    elif not wrong:
        yield Finding(True, "slack", f"installed in {_some(tenants)}")


def _wrong(store: Installations, tenant: str, reading: bool) -> Iterator[str]:
    try:
        found = store.find(tenant)
    except Unsealable:
        yield _SEALED
        return
    if found is None:
        return
    rests = found.circuit_open_until is not None and found.circuit_open_until > utc_now()
    if rests or not found.is_active:
        yield "Slack takes the token no more. Install Kept there again."
    elif lacking := missing(found.scopes, reading=reading):
        yield f"not granted: {', '.join(lacking)}. Add them to the app, and install Kept there again."


def _some(tenants: Sequence[str]) -> str:
    named = ", ".join(tenants[:NAMED])
    return named if len(tenants) <= NAMED else f"{named} and {len(tenants) - NAMED} more"


def _trouble(name: str, slack: SlackEnvironment, trouble: Refused | Unclear | Odd) -> Finding:
    if isinstance(trouble, Refused):
        mending = _MENDING.get(str(trouble), "docs.slack.dev explains the code.")
        return Finding(False, "slack api", f"Slack refuses {name}: {trouble}. {mending}")
    words = f"{slack.api_url} gives no usable answer ({trouble}). Check the network and SLACK_API_URL."
    return Finding(False, "slack api", words)
