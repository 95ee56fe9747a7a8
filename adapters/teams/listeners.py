"""What the activity handler calls: each finds out who and where, hands one turn to the bot, and answers.

An invocation is answered by the body of its response, once what it did is committed; a message by a message,
after Teams has been told that it was taken. Nothing here decides anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from adapters.people import NoSuchPerson, Unsure
from adapters.teams import turns
from adapters.teams.answers import Said, in_dialog, in_place, refreshed, refused
from adapters.teams.casting import Cast, NotHere
from adapters.teams.desk import Desk
from adapters.teams.extensions import Extensions, listed
from adapters.teams.hosts import NotListed
from adapters.teams.repeats import Answer, Repeats
from adapters.teams.shapes import (
    CardAction,
    CardSubmit,
    DialogFetch,
    DialogSubmit,
    ExtensionFetch,
    ExtensionQuery,
    ExtensionSubmit,
    Message,
)
from adapters.teams.spans import Json
from adapters.teams.taking import Answered, Occurrence, Taking
from adapters.teams.telling import Telling
from adapters.teams.whereabouts import Kind, Whereabouts

# Teams gives up on an invocation after some fifteen seconds, and shows "Unable to reach app".
KNOWN_WITHIN_S = 8.0
Invocation = CardAction | DialogFetch | DialogSubmit | ExtensionFetch | ExtensionSubmit | ExtensionQuery
T = TypeVar("T", Message, CardSubmit)
logger = logging.getLogger(__name__)


class Nobody(Exception):
    """No turn comes about; the text is the key of what is said instead."""


class Listeners:
    def __init__(self, desk: Desk, taking: Taking, telling: Telling, repeats: Repeats) -> None:
        self._desk = desk
        self._taking = taking
        self._telling = telling
        self._repeats = repeats
        self._extensions = Extensions(desk)

    async def message(self, shape: Message) -> None:
        if _is_to_kept(shape):
            await self._taken(shape, self._message)

    async def card_submit(self, shape: CardSubmit) -> None:
        """From a client that cannot execute: the answer is a message like any other."""
        await self._taken(shape, self._card_submit)

    async def invoke(self, shape: Invocation) -> Json | None:
        """The body of the response."""
        if isinstance(shape, CardAction) and shape.is_refresh:
            return refreshed()
        try:
            return (await self._repeats.once(shape, lambda key: self._invoked(shape, key))).body
        except Nobody as nobody:
            return refused(shape.kind, self._desk.words()(str(nobody)))

    async def _taken(self, shape: T, work: Callable[[T, str], Awaitable[Answer]]) -> None:
        try:
            await self._repeats.once(shape, lambda key: work(shape, key))
        except Nobody as nobody:
            self._desk.later.do(self._telling.say_words(shape.where, str(nobody)))

    async def _message(self, shape: Message, key: str) -> Answer:
        now = self._desk.ports.now()
        cast = await self.known(shape.where)
        ask = turns.from_message(shape, cast, key, now)
        answered = await self._desk.pool.run(self._taking.take_ask, ask)
        self._desk.later.do(self._telling.answer(shape.where, cast, answered, key))
        return Answer()

    async def _card_submit(self, shape: CardSubmit, key: str) -> Answer:
        cast, answered = await self._acted(shape, key)
        if answered.said.form is not None:
            answered = replace(answered, said=Said(text=self._desk.words()("teams.elsewhere")))
        self._desk.later.do(self._telling.answer(shape.where, cast, answered, key))
        return Answer(is_refusal=answered.said.is_refusal)

    async def _invoked(self, shape: Invocation, key: str) -> Answer:
        if isinstance(shape, ExtensionQuery):
            return Answer(body=await self._found(shape))
        if isinstance(shape, ExtensionFetch):
            return _in_dialog(await self._tracked(shape, key))
        _, answered = await self._acted(shape, key)
        if isinstance(shape, CardAction):
            body = in_place(answered.said, answered.drawing)
            return Answer(body=body, is_refusal=answered.said.is_refusal)
        if answered.said.is_nothing and not isinstance(shape, DialogFetch):
            return Answer()  # a form that was sent twice is closed, as the first answer has done
        return _in_dialog(answered)

    async def _found(self, shape: ExtensionQuery) -> Json:
        cast = await self._known_where_others_read(shape.where)
        found = await self._desk.pool.run(self._extensions.search, shape, cast)
        return listed(found, self._desk.tenant)

    async def _acted(
        self, shape: CardAction | CardSubmit | DialogFetch | DialogSubmit | ExtensionSubmit, key: str
    ) -> tuple[Cast, Answered]:
        now = self._desk.ports.now()
        is_extension = isinstance(shape, ExtensionSubmit)
        cast = await (self._known_anywhere if is_extension else self.known)(shape.where)
        message_id = shape.message_id if isinstance(shape, CardAction | CardSubmit | DialogFetch) else None
        this = Occurrence(cast=cast, key=key, now=now)
        return cast, await self._desk.pool.run(self._taking.act, shape.pressed, message_id, this)

    async def _tracked(self, shape: ExtensionFetch, key: str) -> Answered:
        now = self._desk.ports.now()
        cast = await self._known_anywhere(shape.where)
        ask = turns.about_message(shape.quoted, cast, key, now)
        return await self._desk.pool.run(self._taking.take, ask)

    async def known(self, where: Whereabouts) -> Cast:
        """Raises Nobody."""
        return await _in_time(self._desk.casting.cast, where)

    async def _known_where_others_read(self, where: Whereabouts) -> Cast:
        """A card is put before whoever reads there: where that cannot be seen, none is offered."""
        try:
            return await self.known(where)
        except Nobody as nobody:
            raise Nobody("search.not_here" if str(nobody) == "teams.unsure" else str(nobody)) from None

    async def _known_anywhere(self, where: Whereabouts) -> Cast:
        """A message extension is also used where Kept is not: then they are known by their chat with Kept."""
        try:
            return await self.known(where)
        except Nobody:
            private = await self._desk.pool.run(self._extensions.private_chat, where)
            if private is None:
                raise
            return await self.known(private)


def _in_dialog(answered: Answered) -> Answer:
    body = in_dialog(answered.said, answered.drawing)
    return Answer(body=body, is_refusal=answered.said.is_refusal)


async def _in_time(look: Callable[[Whereabouts], Awaitable[Cast]], where: Whereabouts) -> Cast:
    try:
        async with asyncio.timeout(KNOWN_WITHIN_S):
            return await look(where)
    except NotHere as not_here:
        raise Nobody(f"teams.{not_here.reason}") from None
    except (NoSuchPerson, NotListed, TimeoutError, Unsure) as unsure:
        logger.warning("nobody to act for", extra={"reason": type(unsure).__name__})
        raise Nobody("teams.unsure") from None


def _is_to_kept(shape: Message) -> bool:
    """What is said among others is not to Kept unless it is mentioned."""
    where = shape.where
    return where.kind is Kind.PERSONAL or any(each.user_id == where.bot_id for each in shape.mentions)
