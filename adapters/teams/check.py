"""`kept check`, Teams' part: what keeps Kept and Teams apart, each with how to mend it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import aiohttp

from adapters.clock import utc_now
from adapters.environment import Environment, TeamsEnvironment, is_loopback
from adapters.finding import Finding
from adapters.reaching import clock, seen_from_here
from adapters.teams.certificate import Certificate, Unreadable
from adapters.teams.keys import OPENID_URL, Keys, KeysUnavailable
from adapters.teams.login import LOGIN_URL, Login, LoginFailed
from adapters.teams.tokens import SKEW_S

ENDS_SOON = timedelta(days=30)
_PATIENCE = aiohttp.ClientTimeout(total=10)
_COPY_IDS = "Copy MicrosoftAppId and MicrosoftAppTenantId again from the app's page in Entra."
# learn.microsoft.com/entra/identity-platform/reference-error-codes
_MENDING = {
    "AADSTS700016": f"It does not know the app in this tenant. {_COPY_IDS}",
    "AADSTS700027": "It does not know the certificate. Upload it under Certificates & secrets.",
    "AADSTS7000112": "The app is disabled. An admin enables it in Entra, under Enterprise applications.",
    "AADSTS7000215": "The secret is not the app's. Copy its Value, not its Secret ID.",
    "AADSTS7000222": "The secret has ended. Make a new one under Certificates & secrets.",
    "AADSTS7000229": "The app has no service principal there: az ad sp create --id with the app's id.",
    "AADSTS900023": f"That is no tenant's id. {_COPY_IDS}",
    "AADSTS90002": f"There is no such tenant. {_COPY_IDS}",
    "AADSTS700024": "The clock is wrong. Switch time synchronisation (NTP) on.",
}
_ELSE = "Check the app's ids and secret; https://login.microsoftonline.com/error explains the code."


def check(environment: Environment, tenants: frozenset[str]) -> tuple[Finding, ...]:
    """`tenants`: whose people are ours. Reaches Microsoft where there is something to ask."""
    logging.getLogger("adapters.teams").addHandler(logging.NullHandler())  # the findings say it better
    return asyncio.run(_checked(environment, tenants))


async def _checked(environment: Environment, tenants: frozenset[str]) -> tuple[Finding, ...]:
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        return tuple([each async for each in _findings(environment, tenants, session)])


async def _findings(
    environment: Environment, tenants: frozenset[str], session: aiohttp.ClientSession
) -> AsyncIterator[Finding]:
    teams = environment.teams
    if not tenants:
        words = "no tenant is named as yours, so everybody counts as outside. Set MicrosoftAppTenantId."
        yield Finding(False, "teams", words)
    async for finding in _address(environment, session):
        yield finding
    pem = None
    if teams.certificate_path is not None:
        certificate, pem = _certificate(teams.certificate_path)
        yield certificate
    if teams.certificate_path is None or pem is not None:
        yield await _login(teams, pem, session)
    yield await _keys(teams.openid_url or OPENID_URL, session)
    told = await _clock(teams.openid_url or OPENID_URL, session)
    if told is not None:
        yield told


async def _address(environment: Environment, session: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    url = environment.public_url
    if url is None:
        words = "KEPT_PUBLIC_URL is not set. Teams sends to its path /api/messages, and nowhere else."
        yield Finding(False, "teams url", words)
    elif url.startswith("https://"):
        yield await seen_from_here("teams url", url, session)
    elif not is_loopback(urlsplit(environment.teams.login_url or LOGIN_URL).hostname):  # no stand-in either
        yield Finding(False, "teams url", "KEPT_PUBLIC_URL is http. Teams sends to https addresses only.")


def _certificate(path: str) -> tuple[Finding, bytes | None]:
    """And the file, if Microsoft can be asked with it."""
    try:
        pem = Path(path).read_bytes()
        ends_at = Certificate(pem).expires_at
    except OSError as error:
        words = f"{path}: {error.strerror}. Name a file that Kept's user can read."
        return Finding(False, "teams key", words), None
    except Unreadable as unreadable:
        words = f"{path}: {unreadable}. Put the app's RSA key and certificate into it, both in PEM."
        return Finding(False, "teams key", words), None
    left = ends_at - utc_now()
    if left <= timedelta():
        words = f"the certificate ended on {ends_at:%Y-%m-%d}. Make a new one, and upload it in Entra."
        return Finding(False, "teams key", words), None
    hint = ". Make a new one, and upload it beside the old one." if left <= ENDS_SOON else ""
    return Finding(True, "teams key", f"the certificate ends on {ends_at:%Y-%m-%d}{hint}"), pem


async def _login(teams: TeamsEnvironment, pem: bytes | None, session: aiohttp.ClientSession) -> Finding:
    url = teams.login_url or LOGIN_URL
    login = Login(
        app_id=teams.app_id or "",
        tenant_id=teams.login_tenant,
        secret=teams.app_password,
        certificate=pem,
        login_url=url,
        session=session,
        now=utc_now,
    )
    try:
        await login.token()
    except LoginFailed as failed:
        return Finding(False, "teams api", _refused(failed) if failed.permanent else _silent(url, failed))
    which = "certificate" if pem else "secret"
    return Finding(True, "teams api", f"the login service knows the app and its {which}")


def _refused(failed: LoginFailed) -> str:
    mending = _MENDING.get(failed.reason.rpartition(" ")[2], _ELSE)
    return f"the login service refuses the app: {failed.reason}. {mending}"


def _silent(url: str, failed: LoginFailed) -> str:
    return f"{url} gives no usable answer ({failed.reason}). Check the network and KEPT_TEAMS_LOGIN_URL."


async def _keys(url: str, session: aiohttp.ClientSession) -> Finding:
    keys = Keys(url=url, session=session, monotonic=monotonic)
    try:
        await keys.find("kept-check")
    except KeysUnavailable:
        words = f"{url} gives no keys to know Teams by. Check the network and KEPT_TEAMS_OPENID_URL."
        return Finding(False, "teams api", words)
    return Finding(True, "teams api", "Microsoft's keys can be read")


async def _clock(url: str, session: aiohttp.ClientSession) -> Finding | None:
    try:
        async with session.get(url, allow_redirects=False) as answer:
            return clock("Microsoft", answer.headers, utc_now(), tolerance_s=SKEW_S)
    except (aiohttp.ClientError, TimeoutError):
        return None
