"""Commands as Slack signs them."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from urllib.parse import urlencode

import aiohttp

from adapters.bench.load import words
from adapters.bench.slack_stage import ROOM, SIGNING_SECRET, TEAM, account
from adapters.slack.gate import sign
from adapters.slack.manifest import EVENTS_PATH

FORM = "application/x-www-form-urlencoded"


def command(number: int) -> bytes:
    fields = {
        "command": "/promise",
        "text": words(number),
        "user_id": account(number),
        "team_id": TEAM,
        "channel_id": ROOM,
        "trigger_id": f"{number}.bench",
    }
    return urlencode(fields).encode()


class Commands:
    """Sent to a port of this machine."""

    def __init__(self, session: aiohttp.ClientSession, port: int, is_answer: Callable[[str], bool]) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        self._is_answer = is_answer

    async def send(self, number: int) -> None:
        body, stamp = command(number), str(int(time()))
        headers = {
            "Content-Type": FORM,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(SIGNING_SECRET, stamp, body),
        }
        async with self._session.post(self._url, data=body, headers=headers) as response:
            answer = await response.text()
            if response.status != 200 or not self._is_answer(answer):
                raise RuntimeError(f"not answered: {response.status} {answer[:200]}")
