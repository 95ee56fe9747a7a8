"""A server in a process of its own, so that the load does not share its interpreter: both ends of it.

The server prints its port and serves until its standard input ends; then it prints the longest time in
seconds for which its event loop did not turn, from when it was told to watch.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

LOOK_EVERY_S = 0.002


class Served:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.port = port
        self._process = process

    async def watch(self) -> None:
        """From now on how long its loop stands still is measured."""
        _pipe(self._process.stdin).write(b"\n")

    async def stop(self) -> float:
        """The longest that its loop stood still, in seconds."""
        _pipe(self._process.stdin).write_eof()
        return float(await _pipe(self._process.stdout).readline())


@asynccontextmanager
async def served(module: str, *args: str) -> AsyncIterator[Served]:
    """It ends with its standard input, and so with this process too, whatever happens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *args, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Served(process, int(await _pipe(process.stdout).readline()))
    finally:
        _pipe(process.stdin).close()
        await process.wait()


def _pipe(pipe: Any) -> Any:
    if pipe is None:
        raise RuntimeError("started without a pipe")
    return pipe


async def serve(app: web.Application) -> None:
    watchdog = Watchdog()
    async with listening(app) as port:
        gc.freeze()
        print(port, flush=True)
        await _line()  # the load begins: starting up is measured elsewhere
        watching = asyncio.create_task(watchdog.watch())
        await _line()
        watching.cancel()
    print(watchdog.worst_s, flush=True)


class Watchdog:
    """Asks to be woken again and again; how much too late it is, the loop was held up."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    async def watch(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            due = now() + LOOK_EVERY_S
            await asyncio.sleep(LOOK_EVERY_S)
            self.worst_s = max(self.worst_s, now() - due)


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[int]:
    """The port, on this machine only."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _line() -> None:
    """Until something, or the end, comes on standard input."""
    await asyncio.to_thread(sys.stdin.readline)
