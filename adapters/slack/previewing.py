"""How a phrase is read, said in the dialog while it is typed.

Slack reports every character. Only when somebody pauses is the phrase read, and only when that changes the
words below it is the dialog updated: a call of `views.update` for a phrase or two, of more than 100 a minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from adapters.endings import Failed
from adapters.fields import Odd
from adapters.slack.desk import Desk
from adapters.slack.modals import previewed
from bot.previewing import preview
from bot.turns import Submission

PAUSE_S = 0.3  # ours: shorter than the pause before one looks up, longer than between two letters
REMEMBERED_AT_MOST = 1_000
Json = dict[str, Any]
logger = logging.getLogger(__name__)


class Previewing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._typed: dict[str, int] = {}  # by view: how many characters were reported
        self._hashes: dict[str, tuple[frozenset[str], str]] = {}  # by view: ours before, and the last

    async def show(self, typed: Submission, view: Mapping[str, Any], field: str) -> None:
        """Drops whatever was overtaken. What fails is not tried again: the next character asks anew."""
        view_id = str(view["id"])
        if not await self._is_last(view_id):
            return
        found = await self._desk.pool.run(preview, self._desk.ports, typed, field)
        drawn = previewed(view, field, found.words) if found else None
        if drawn is None:
            return
        try:
            await self._update(typed.tenant, view_id, str(view.get("hash") or ""), drawn)
        except (Failed, Odd) as trouble:
            logger.info("no preview shown", extra={"reason": str(trouble)})

    async def _is_last(self, view_id: str) -> bool:
        if len(self._typed) >= REMEMBERED_AT_MOST:
            self._typed.clear()
            self._hashes.clear()
        number = self._typed[view_id] = self._typed.get(view_id, 0) + 1
        await asyncio.sleep(PAUSE_S)
        return self._typed.get(view_id) == number

    async def _update(self, tenant: str, view_id: str, seen: str, drawn: Json) -> None:
        """The hash keeps an answer that has taken the form's place from being painted over by the form.

        A character typed before our own last update arrived names the view as it was before that update.
        """
        ours, last = self._hashes.get(view_id, (frozenset(), ""))
        hash_ = last if seen in ours else seen
        guard = {"hash": hash_} if hash_ else {}
        answer = await self._desk.api.call(tenant, "views.update", view_id=view_id, view=drawn, **guard)
        new = answer.part("view").text_or("hash")
        self._hashes[view_id] = (ours | {seen, hash_}, new)
