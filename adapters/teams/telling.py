"""Says an answer where the one it is for can read it, and nobody reads it who must not."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from adapters.endings import End, Failed
from adapters.teams.answers import Drawing, Said
from adapters.teams.cards import OPEN_FORM
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
from bot.messages.answers import say_later
from bot.ports import ChatError

TITLE = "Kept"
ATTEMPTS = 3
WAIT_AT_MOST_S = 10.0
logger = logging.getLogger(__name__)


class NotTaken(Exception):
    """Teams certainly has not taken it. `is_for_good`: nor will it take anything else for them."""

    def __init__(self, *, is_for_good: bool = False) -> None:
        super().__init__()
        self.is_for_good = is_for_good


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
        if card is None:
            return
        try:
            await self._answer(where, cast, card, answered, key)
        except NotTaken:
            await self._desk.pool.run(self._left_to_the_outbox, cast, card, answered.said, key)

    async def _answer(self, where: Whereabouts, cast: Cast, card: Card, answered: Answered, key: str) -> None:
        """Raises NotTaken."""
        if answered.body is not None:
            await self._say(where, answered.body)
        elif where.kind is Kind.PERSONAL:
            await self._show(where, card, answered.drawing)
        elif cast.is_ours:
            await self._in_private(where, cast, card, key)
        elif await self._desk.pool.run(self._taking.customers_place, cast):
            await self._show(where, card, answered.drawing)

    async def say_words(self, where: Whereabouts, key: str) -> None:
        """A sentence that anybody may read, in the team's language."""
        card = Card(title=TITLE, blocks=(Paragraph(self._desk.words().text(key)),))
        with suppress(NotTaken):
            await self._show(where, card, Drawing())

    async def _show(self, where: Whereabouts, card: Card, drawing: Drawing) -> None:
        await self._say(where, await self._desk.pool.run(activity, card, drawing.tenant))

    async def _say(self, where: Whereabouts, body: Json) -> None:
        """There, in the same thread; again only where nothing can have been said. Raises NotTaken."""
        for left in reversed(range(ATTEMPTS)):
            try:
                await self._post(where, body)
                return
            except Failed as failed:
                wait_s = failed.ending.wait_s or 1.0
                if failed.ending.end is not End.NOT_DONE or not left or wait_s > WAIT_AT_MOST_S:
                    logger.warning("answer not shown", extra={"reason": failed.ending.code})
                    if failed.ending.end is End.NOT_DONE:
                        raise NotTaken from None
                    return
                await self._desk.pause(wait_s)

    async def _post(self, where: Whereabouts, body: Json) -> None:
        thread = f"{THREAD}{where.thread_id}" if where.thread_id else ""
        await self._desk.connector.post(where.service_url, f"{where.conversation_id}{thread}", body)

    async def _in_private(self, where: Whereabouts, cast: Cast, card: Card, key: str) -> None:
        """The channel hears nothing, unless there is no other way to be heard. Raises NotTaken."""
        place = await self._desk.pool.run(self._taking.private_place, cast)
        try:
            await self._reach(place, card, key)
        except NotTaken as not_taken:
            if not not_taken.is_for_good:
                raise
            await self.say_words(where, "teams.say_hello")

    async def _reach(self, place: Place | None, card: Card, key: str) -> None:
        """Raises NotTaken."""
        if place is None:
            raise NotTaken(is_for_good=True)
        for left in reversed(range(ATTEMPTS)):
            try:  # in a thread of its own: it waits for Teams, and the pool must not
                await asyncio.to_thread(self._chat.post, place, card, key=f"answer:{key}")
                return
            except ChatError as error:
                wait_s = error.retry_after or 1.0
                if error.permanent or error.ambiguous or not left or wait_s > WAIT_AT_MOST_S:
                    logger.warning("answer not shown", extra={"reason": error.reason})
                    if error.ambiguous and not error.permanent:
                        return
                    raise NotTaken(is_for_good=error.permanent) from None
                await self._desk.pause(wait_s)

    def _left_to_the_outbox(self, cast: Cast, card: Card, said: Said, key: str) -> None:
        """For one of us alone: what others might read instead is not said at all."""
        is_done = not (said.is_refusal or any(button.verb == OPEN_FORM for button in card.buttons))
        now = self._desk.ports.now()
        say_later(self._desk.ports, cast.tenant, cast.person_id, card, key=key, now=now, done=is_done)


def _as_card(answer: Said) -> Card | None:
    if answer.card is not None or not answer.text:
        return answer.card
    return Card(title=TITLE, blocks=(Paragraph((answer.text,)),))
