"""The workspaces Kept is at home in, for whoever speaks to them: found quickly, with a token that works.

Bolt refreshes tokens only when something comes in, so that after a quiet weekend Monday's digest would go out
with a dead one. Here the sender asks, and gets a fresh token or a reason.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.fields import Odd
from adapters.redaction import Secret
from adapters.slack.client import OAuth, Refused, Unclear, call
from adapters.slack.crypto import Unsealable
from adapters.slack.fields import Fields
from adapters.slack.installations import ACTIVE, Installation, Installations

REMEMBERED_FOR = timedelta(seconds=60)  # how long another replica's revocation may go unnoticed
# Tokens live twelve hours (docs.slack.dev/authentication/using-token-rotation); two leave time to try again.
REFRESH_BEFORE = timedelta(hours=2)
TRY_AGAIN_AFTER = timedelta(minutes=1)
GIVE_UP_FOR = timedelta(minutes=10)
SOON = timedelta(seconds=5)  # another replica is at it
logger = logging.getLogger(__name__)

Now = Callable[[], datetime]
Run = Callable[..., Awaitable[Any]]  # `asyncio.to_thread`, or another way into a thread


class NotInstalled(Exception):
    """Kept has no token that works for this workspace, and none will come by waiting."""


class Resting(Exception):
    """Nothing may be sent to this workspace before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Workspaces(Protocol):
    async def find(self, tenant: str) -> Installation | None:
        """None: not installed there, or no longer."""

    async def token(self, tenant: str) -> Secret:
        """For sending; not expired. Raises NotInstalled or Resting."""

    def drop(self, tenant: str) -> None:
        """Forgets what is remembered: it may have been revoked."""

    def refused(self, tenant: str) -> None:
        """Slack takes its token no more."""

    async def any_refused(self) -> bool:
        """Whether Slack took a token no more when it last saw it. Asks nobody but ourselves."""


class ManyWorkspaces:
    """Those that installed Kept by OAuth."""

    def __init__(
        self, store: Installations, oauth: OAuth, now: Now, worker: str, run: Run = asyncio.to_thread
    ) -> None:
        self._store = store
        self._oauth = oauth
        self._now = now
        self._worker = worker
        self._run = run
        self._remembered: dict[str, tuple[Installation, datetime]] = {}

    async def find(self, tenant: str) -> Installation | None:
        found = self._remembered.get(tenant)
        if found and found[1] > self._now():
            return found[0]
        installation = await self._look_up(tenant)
        if installation is None or not installation.is_active:
            self.drop(tenant)
            return None
        self._remembered[tenant] = installation, self._now() + REMEMBERED_FOR
        return installation

    async def token(self, tenant: str) -> Secret:
        installation = await self.find(tenant)
        if installation is not None and _is_stale(installation, self._now()):
            self.drop(tenant)  # another replica may have renewed it
            installation = await self.find(tenant)
        if installation is None or installation.token is None:
            raise NotInstalled
        if installation.circuit_open_until and installation.circuit_open_until > self._now():
            raise Resting(installation.circuit_open_until)
        if not _is_stale(installation, self._now()):
            return installation.token
        return await self._renewed(installation, installation.token)

    def drop(self, tenant: str) -> None:
        self._remembered.pop(tenant, None)

    def refused(self, tenant: str) -> None:
        self.drop(tenant)

    async def any_refused(self) -> bool:
        refused: bool = await self._run(self._store.any_rests, self._now())
        return refused

    async def _look_up(self, tenant: str) -> Installation | None:
        try:
            found: Installation | None = await self._run(self._store.find, tenant)
        except Unsealable:
            logger.error("a token does not open with KEPT_SECRET_KEY", extra={"tenant": tenant})
            return None
        return found

    async def _renewed(self, installation: Installation, old: Secret) -> Secret:
        if installation.refresh_token is None:
            return self._last_resort(installation, old, self._now() + GIVE_UP_FOR)
        if not await self._run(self._store.claim_refresh, installation, self._worker, self._now()):
            return self._last_resort(installation, old, self._now() + SOON)
        try:
            tokens = await self._oauth.refresh(installation.refresh_token)
        except Refused as refused:
            return await self._refused(installation, old, str(refused))
        except Unclear:
            again = self._now() + TRY_AGAIN_AFTER
            await self._run(self._store.postpone_refresh, installation, self._worker, again)
            return self._last_resort(installation, old, again)
        self.drop(installation.tenant)
        if not await self._run(self._store.renew, installation, tokens):
            raise Resting(self._now() + SOON)  # installed anew, or uninstalled, at the same moment
        logger.info("token renewed", extra={"tenant": installation.tenant})
        return tokens.token

    async def _refused(self, installation: Installation, old: Secret, reason: str) -> Secret:
        logger.error(
            "Slack renews no token here: install Kept again",
            extra={"tenant": installation.tenant, "reason": reason},
        )
        if _is_alive(installation, self._now()):
            until = self._now() + GIVE_UP_FOR
            await self._run(self._store.postpone_refresh, installation, self._worker, until)
            return old
        await self._run(self._store.lapse, installation.tenant, self._now())
        self.drop(installation.tenant)
        raise NotInstalled

    def _last_resort(self, installation: Installation, old: Secret, until: datetime) -> Secret:
        """The old token as long as it lives; after that, patience."""
        if _is_alive(installation, self._now()):
            return old
        raise Resting(until)


class OneWorkspace:
    """The one whose token is in SLACK_BOT_TOKEN. Who it is, Slack says, once."""

    def __init__(self, token: Secret, client: AsyncWebClient, now: Now) -> None:
        self._token = token
        self._client = client
        self._now = now
        self._itself: Installation | None = None
        self._ask_after: datetime | None = None
        self._is_refused = False

    async def find(self, tenant: str) -> Installation | None:
        """Raises Unclear while Slack cannot be reached and never could."""
        if self._itself is None and (self._ask_after is None or self._ask_after <= self._now()):
            self._itself = await self._ask()
        itself = self._itself
        return itself if itself and tenant in (itself.tenant, itself.team_id) else None

    async def token(self, tenant: str) -> Secret:
        if await self.find(tenant) is None:
            raise NotInstalled
        return self._token

    def drop(self, tenant: str) -> None:
        self._itself = None

    def refused(self, tenant: str) -> None:
        self.drop(tenant)
        self._is_refused = True

    async def any_refused(self) -> bool:
        return self._is_refused

    async def _ask(self) -> Installation | None:
        try:
            said, headers = await call(self._client, "auth.test")
            self._is_refused = False
            return _named(self._token, said, scopes_in(headers))
        except Odd as odd:
            raise Unclear(f"answered without {odd}") from None
        except Refused as refused:
            self._ask_after, self._is_refused = self._now() + REMEMBERED_FOR, True
            logger.error("Slack refuses SLACK_BOT_TOKEN", extra={"reason": str(refused)})
            return None


def _named(token: Secret, said: Fields, scopes: tuple[str, ...]) -> Installation:
    """Raises Odd."""
    is_org_wide = said.yes("is_enterprise_install")
    return Installation(
        id=said.id("user_id"),
        tenant=said.id("enterprise_id" if is_org_wide else "team_id"),
        team_id=said.id_or_none("team_id"),
        enterprise_id=said.id_or_none("enterprise_id"),
        app_id=said.text_or("app_id"),
        bot_user_id=said.id("user_id"),
        bot_id=said.id_or_none("bot_id"),
        installed_by=None,
        scopes=scopes,
        token=token,
        refresh_token=None,
        expires_at=None,
        state=ACTIVE,
        circuit_open_until=None,
        version=1,
    )


def scopes_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Slack names the scopes of the token that asked, in every answer."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return tuple(scope.strip() for scope in said.split(",") if scope.strip())


def _is_stale(installation: Installation, now: datetime) -> bool:
    return installation.expires_at is not None and installation.expires_at - REFRESH_BEFORE <= now


def _is_alive(installation: Installation, now: datetime) -> bool:
    return installation.expires_at is None or now < installation.expires_at
