"""`kept check`, Slack's part: what keeps Kept and Slack apart, each with how to mend it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import aiohttp

from adapters.clock import utc_now
from adapters.environment import Environment, SlackEnvironment, is_loopback
from adapters.fields import Odd
from adapters.finding import Finding
from adapters.reaching import clock, seen_from_here
from adapters.redaction import Secret
from adapters.slack.client import Refused, Unclear, call, open_session, web_client
from adapters.slack.gate import TOLERANCE_S
from adapters.slack.scopes import missing
from adapters.slack.workspaces import scopes_in

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
        yield await _client(slack.client_id, slack.client_secret, slack, session)


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
    if (told := clock("Slack", headers, utc_now(), tolerance_s=TOLERANCE_S)) is not None:
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
) -> Finding:
    """Asks with a code that cannot be right: Slack looks at the app's secret first."""
    fields = {"client_id": client_id, "client_secret": secret.reveal(), "code": "kept-check"}
    try:
        await call(web_client(slack.api_url, session), "oauth.v2.access", **fields)
    except Refused as refused:
        if str(refused) != "invalid_code":
            return _trouble("SLACK_CLIENT_ID", slack, refused)
    except Unclear as unclear:
        return _trouble("SLACK_CLIENT_ID", slack, unclear)
    return Finding(True, "slack api", "Slack knows the app and its secret")


def _trouble(name: str, slack: SlackEnvironment, trouble: Refused | Unclear | Odd) -> Finding:
    if isinstance(trouble, Refused):
        mending = _MENDING.get(str(trouble), "docs.slack.dev explains the code.")
        return Finding(False, "slack api", f"Slack refuses {name}: {trouble}. {mending}")
    words = f"{slack.api_url} gives no usable answer ({trouble}). Check the network and SLACK_API_URL."
    return Finding(False, "slack api", words)
