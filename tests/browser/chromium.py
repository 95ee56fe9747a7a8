"""A real Chromium over its debugging socket: just enough to look, click and type."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
WAIT_MS = 15_000
KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Space": 32}


class PageFailed(AssertionError):
    """The page threw, or what was waited for did not come."""


class Page:
    """One tab. Everything logged or thrown on it is kept in `complaints`."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._reader = asyncio.create_task(self._read())
        self._loaded = asyncio.Event()
        self.complaints: list[str] = []

    async def prepare(self) -> None:
        for domain in ("Page", "Runtime", "Log"):
            await self.send(f"{domain}.enable")

    async def close(self) -> None:
        self._reader.cancel()
        await self._socket.close()

    async def send(self, method: str, **params: Any) -> Any:
        number = len(self._answers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": number, "method": method, "params": params}))
        return await asyncio.wait_for(answer, WAIT_MS / 1000 + 5)

    async def open(self, address: str) -> None:
        self._loaded.clear()
        await self.send("Page.navigate", url=address)
        await asyncio.wait_for(self._loaded.wait(), WAIT_MS / 1000)

    async def size(self, width: int, height: int = 900) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.send("Emulation.setDeviceMetricsOverride", **metrics)

    async def prefer(self, **features: str) -> None:
        """CSS media features, such as prefers_color_scheme="dark"."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        await self.send("Emulation.setEmulatedMedia", features=named)

    async def value(self, expression: str) -> Any:
        said = await self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in said:
            raise PageFailed(said["exceptionDetails"].get("exception", {}).get("description", expression))
        return said["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Waits in the page, frame by frame, until it is true."""
        return await self.value(
            f"""new Promise((resolve, reject) => {{
                const ends = performance.now() + {WAIT_MS};
                const look = () => {{
                    let found;
                    try {{ found = {expression}; }} catch (error) {{ found = undefined; }}
                    if (found) return resolve(found === true || typeof found !== "object" ? found : true);
                    if (performance.now() > ends) return reject(new Error({json.dumps(expression)}));
                    setTimeout(look, 20);
                }};
                look();
            }})"""
        )

    async def click(self, selector: str, text: str = "") -> None:
        """The last visible match whose text begins so, by a real press of the mouse."""
        find = f"""[...document.querySelectorAll({json.dumps(selector)})]
            .filter(each => each.checkVisibility())
            .filter(each => each.textContent.trim().startsWith({json.dumps(text)})).at(-1)"""
        await self.until(f"!!({find})")
        x, y = await self.value(
            f"""(async () => {{
                const target = {find};
                target.scrollIntoView({{block: "center", behavior: "instant"}});
                await new Promise(resolve => setTimeout(resolve, 30));
                const box = target.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def type(self, text: str) -> None:
        """Into whatever has the focus."""
        await self.send("Input.insertText", text=text)

    async def key(self, name: str, *, shift: bool = False) -> None:
        text = {"Enter": "\r", "Space": " "}.get(name, "")
        code = {"key": " " if name == "Space" else name, "code": name, "windowsVirtualKeyCode": KEYS[name]}
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            await self.send("Input.dispatchKeyEvent", type=kind, modifiers=8 if shift else 0, **code, **typed)

    async def picture(self, path: Path) -> None:
        shot = await self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._settle(said)
            else:
                self._hear(said["method"], said["params"])

    def _settle(self, said: dict[str, Any]) -> None:
        answer = self._answers[said["id"]]
        if answer.done():
            return
        if "error" in said:
            answer.set_exception(PageFailed(said["error"]["message"]))
        else:
            answer.set_result(said["result"])

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("warning", "error"):
            self.complaints.append(params["entry"]["text"])


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def chromium(program: str) -> AsyncIterator[Browser]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            f"--user-data-dir={folder}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            port = await asyncio.wait_for(_port(process), 30)
            async with ClientSession() as session:
                browser = Browser(session, port)
                yield browser
                await browser.close()
        finally:
            process.kill()
            await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on ws://" in line:
            return int(line.split(b":")[2].split(b"/")[0])
    raise PageFailed("Chromium did not start")


class Browser:
    def __init__(self, session: ClientSession, port: int) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{port}"
        self._pages: list[Page] = []

    async def page(self) -> Page:
        async with self._session.put(f"{self._base}/json/new?about:blank") as response:
            address = (await response.json(content_type=None))["webSocketDebuggerUrl"]
        page = Page(await self._session.ws_connect(address, max_msg_size=0))
        await page.prepare()
        self._pages.append(page)
        return page

    async def close(self) -> None:
        for page in self._pages:
            await page.close()
