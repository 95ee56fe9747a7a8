"""Says an answer where the one it is for can read it, and nobody reads it who must not."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from adapters.endings import End, Failed
from adapters.teams.answers import Drawing, Said
from adapters.teams.casting import Cast
from adapters.teams.chat import TeamsChat
from adapters.teams.connector import THREAD
from adapters.teams.desk import Desk
from adapters.teams.messages import activity
from adapters.teams.spans import Json
from adapters.teams.taking import Answered, Taking
from adapters.teams.whereabouts import Kind, Whereabouts
from bot.addresses import Place
from bot.cards import Card, Paragraph
from bot.ports import ChatError

TITLE = "Kept"
ATTEMPTS = 3
WAIT_AT_MOST_S = 10.0
logger = logging.getLogger(__name__)


class Telling:
    def __init__(self, desk: Desk, chat: TeamsChat, taking: Taking) -> None:
        self._desk = desk
        self._chat = chat
        self._taking = taking

    def drawn(self, where: Whereabouts, answered: Answered) -> Answered:
        """Ahead, in the pool, where it will be said as it stands."""
        card = _as_card(answered.said)
        if card is None or where.kind is not Kind.PERSONAL:
            return answered
        return replace(answered, body=activity(card, answered.drawing.tenant))

    async def answer(self, where: Whereabouts, cast: Cast, answered: Answered, key: str) -> None:
        """In private. Somebody from outside cannot be written to there: only in their own channel."""
        card = _as_card(answered.said)
        if answered.body is not None:
            await self._say(where, answered.body)
        elif card is None:
            return
        elif where.kind is Kind.PERSONAL:
            await self._show(where, card, answered.drawing)
        elif cast.is_ours:
            await self._in_private(where, cast, card, key)
        elif await self._desk.pool.run(self._taking.customers_place, cast):
            await self._show(where, card, answered.drawing)

    async def say_words(self, where: Whereabouts, key: str) -> None:
        """A sentence that anybody may read, in the team's language."""
        card = Card(title=TITLE, blocks=(Paragraph(self._desk.words().text(key)),))
        await self._show(where, card, Drawing())

    async def _show(self, where: Whereabouts, card: Card, drawing: Drawing) -> None:
        await self._say(where, await self._desk.pool.run(activity, card, drawing.tenant))

    async def _say(self, where: Whereabouts, body: Json) -> None:
        """There, in the same thread; again only where nothing can have been said."""
        for left in reversed(range(ATTEMPTS)):
            try:
                await self._post(where, body)
                return
            except Failed as failed:
                wait_s = failed.ending.wait_s or 1.0
                if failed.ending.end is not End.NOT_DONE or not left or wait_s > WAIT_AT_MOST_S:
                    logger.warning("answer not shown", extra={"reason": failed.ending.code})
                    return
                await self._desk.pause(wait_s)

    async def _post(self, where: Whereabouts, body: Json) -> None:
        thread = f"{THREAD}{where.thread_id}" if where.thread_id else ""
        await self._desk.connector.post(where.service_url, f"{where.conversation_id}{thread}", body)

    async def _in_private(self, where: Whereabouts, cast: Cast, card: Card, key: str) -> None:
        """The channel hears nothing, unless there is no other way to be heard."""
        place = await self._desk.pool.run(self._taking.private_place, cast)
        if place is None or not await self._reached(place, card, key):
            await self.say_words(where, "teams.say_hello")

    async def _reached(self, place: Place, card: Card, key: str) -> bool:
        """False where no message to them will ever arrive."""
        for left in reversed(range(ATTEMPTS)):
            try:  # in a thread of its own: it waits for Teams, and the pool must not
                await asyncio.to_thread(self._chat.post, place, card, key=f"answer:{key}")
                return True
            except ChatError as error:
                wait_s = error.retry_after or 1.0
                if error.permanent or error.ambiguous or not left or wait_s > WAIT_AT_MOST_S:
                    logger.warning("answer not shown", extra={"reason": error.reason})
                    return not error.permanent
                await self._desk.pause(wait_s)
        return True


def _as_card(answer: Said) -> Card | None:
    if answer.card is not None or not answer.text:
        return answer.card
    return Card(title=TITLE, blocks=(Paragraph((answer.text,)),))
