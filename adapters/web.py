"""The web server: what every edition of Kept serves, and the threads in which the core works."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import Engine

from adapters.db.migrations_run import current, head
from adapters.db.trouble import StorageTrouble
from adapters.logs import correlated
from bot.ports import Ports
from bot.sweeps import SWEEPS

BODY_LIMIT = 1024**2  # bytes
LATE_AFTER = 3  # intervals without a heartbeat: a silent bot is the worst failure there is
SLACK_FOR_SWEEPS = timedelta(seconds=60)  # a long jump or a slow disk is not an outage
STOP_WITHIN_S = 20
logger = logging.getLogger(__name__)

IsWell = Callable[[], Awaitable[bool]]
NONE: Mapping[str, IsWell] = {}

P = ParamSpec("P")
T = TypeVar("T")


class Pool:
    """The bounded way from the async edge into the synchronous core: one thread on SQLite, four else."""

    def __init__(self, engine: Engine) -> None:
        self._threads = ThreadPoolExecutor(
            max_workers=1 if engine.name == "sqlite" else 4, thread_name_prefix="kept"
        )

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Context variables go along, so that lines logged in the thread bear the request's key."""
        context = copy_context()
        call = partial(context.run, partial(work, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """Waits for what is running; what is still queued is not begun."""
        self._threads.shutdown(wait=True, cancel_futures=True)


def error_response(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status)


@web.middleware
async def nothing_escapes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What nobody foresaw becomes a logged 500 without detail, and every error is JSON."""
    with correlated():
        try:
            return await handler(request)
        except web.HTTPException as known:
            if known.status < 400:
                raise
            return error_response(known.status, known.text or known.reason)
        except StorageTrouble:
            logger.exception("store trouble", extra={"route": _route(request)})
            return error_response(503, "The database does not answer as it should. Nothing was half done.")
        except Exception:
            logger.exception("request failed", extra={"route": _route(request)})
            return error_response(500, "Something went wrong on our side. It is in the log.")


def _route(request: web.Request) -> str:
    """The pattern, since a path may hold what people wrote."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


class Health:
    """`/livez`: the loop turns. `/readyz`: the parts work; names and ok only, nothing to learn from.

    How a platform is does not decide about the status: to restart Kept, or to send requests elsewhere, would
    not mend it, and while it is out of reach everything waits safely here.
    """

    def __init__(
        self, ports: Ports, engine: Engine, pool: Pool, platforms: Mapping[str, IsWell] = NONE
    ) -> None:
        self._ports = ports
        self._engine = engine
        self._pool = pool
        self._platforms = platforms
        self.is_draining = False

    async def livez(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(self, _: web.Request) -> web.Response:
        parts = {"accepting": not self.is_draining, **await self._pool.run(self._parts)}
        status = 200 if all(parts.values()) else 503
        parts |= {name: await _is_well(name, check) for name, check in self._platforms.items()}
        said = {name: "ok" if fine else "not ok" for name, fine in parts.items()}
        if await self._pool.run(_holds, self._is_paused):  # wanted, so no reason to be taken out of service
            said["outbound"] = "paused"
        return web.json_response(said, status=status)

    def _parts(self) -> dict[str, bool]:
        checks = {"database": self._is_writable, "migrations": self._is_migrated, "sweeps": self._are_swept}
        return {name: _holds(check) for name, check in checks.items()}

    def _is_writable(self) -> bool:
        with self._engine.begin() as connection:  # on SQLite this takes the write lock
            return connection.exec_driver_sql("SELECT 1").scalar() == 1

    def _is_migrated(self) -> bool:
        return current(self._engine) == head()

    def _are_swept(self) -> bool:
        with self._ports.open_uow(None) as uow:
            beats = uow.ledger.beats()
        now = self._ports.now()
        return all(
            sweep.name in beats and now - beats[sweep.name] <= LATE_AFTER * sweep.every + SLACK_FOR_SWEEPS
            for sweep in SWEEPS
        )

    def _is_paused(self) -> bool:
        """All of it; a workspace that rests alone shows in `kept check`."""
        with self._ports.open_uow(None) as uow:
            return uow.ledger.is_paused("")

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/livez", self.livez)
        app.router.add_get("/readyz", self.readyz)


async def _is_well(name: str, check: IsWell) -> bool:
    try:
        return await check()
    except Exception:
        logger.exception("not ready", extra={"reason": name})
        return False


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("not ready", extra={"reason": check.__name__})
        return False
