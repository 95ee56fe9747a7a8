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
from adapters.teams.answers import Drawing, Said, in_dialog, in_place, refused, unchanged
from adapters.teams.cards import LOOK
from adapters.teams.casting import Cast, NotHere
from adapters.teams.desk import Desk
from adapters.teams.extensions import Extensions, listed
from adapters.teams.hosts import NotListed
from adapters.teams.passing import Passing
from adapters.teams.repeats import Answer, Repeats
from adapters.teams.shapes import (
    CardAction,
    CardSubmit,
    DialogFetch,
    DialogSubmit,
    ExtensionFetch,
    ExtensionQuery,
    ExtensionSubmit,
    Gone,
    Heeded,
    Message,
    Quoted,
)
from adapters.teams.spans import Json
from adapters.teams.taking import Answered, Occurrence, Taking
from adapters.teams.telling import Telling
from adapters.teams.whereabouts import Kind, Whereabouts
from bot.turns import Ask
from bot.viewing import as_seen

# Teams gives up on an invocation after some fifteen seconds, and shows "Unable to reach app". Where Kept is
# not in a conversation, it takes two looks.
KNOWN_WITHIN_S = 5.0
Act = CardAction | DialogFetch | DialogSubmit | ExtensionSubmit
Invocation = Act | ExtensionFetch | ExtensionQuery
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
        self._passing = Passing(desk)

    async def message(self, shape: Message) -> None:
        if _is_to_kept(shape):
            await self._taken(shape, self._message)
        else:
            self._passing.hear(shape)

    async def gone(self, shape: Gone) -> None:
        """Done before Teams is told that it was taken: nobody says it twice."""
        await self._passing.forget(shape)

    async def card_submit(self, shape: CardSubmit) -> None:
        """From a client that cannot execute: the answer is a message like any other."""
        await self._taken(shape, self._card_submit)

    async def invoke(self, shape: Invocation) -> Json | None:
        """The body of the response."""
        if isinstance(shape, CardAction) and (shape.is_refresh or shape.pressed.verb == LOOK):
            return await self._looked(shape)
        try:
            return (await self._repeats.once(shape, lambda key: self._invoked(shape, key))).body
        except Nobody as nobody:
            return refused(shape.kind, self._desk.words()(str(nobody)))

    async def _looked(self, shape: CardAction) -> Json:
        """Only drawn, by whose client and for which verb it may be; who is not known keeps what they see."""
        try:
            cast = await self.known(shape.where)
        except Nobody:
            return unchanged()
        return await self._desk.pool.run(self._seen, shape.message_id, cast)

    async def _taken(self, shape: T, work: Callable[[T, str], Awaitable[Answer]]) -> None:
        try:
            await self._repeats.once(shape, lambda key: work(shape, key))
        except Nobody as nobody:
            self._desk.later.do(self._telling.say_words(shape.where, str(nobody)))

    async def _message(self, shape: Message, key: str) -> Answer:
        now = self._desk.ports.now()
        cast = await self.known(shape.where)
        ask = turns.from_message(shape, cast, key, now)
        answered = await self._desk.pool.run(self._asked, ask, shape.where)
        self._desk.later.do(self._telling.answer(shape.where, cast, answered, key))
        return Answer()

    async def _card_submit(self, shape: CardSubmit, key: str) -> Answer:
        this = await self._occurrence(shape, key, self.known)
        answered = await self._desk.pool.run(self._submitted, shape, this)
        self._desk.later.do(self._telling.answer(shape.where, this.cast, answered, key))
        return Answer(is_refusal=answered.said.is_refusal)

    async def _invoked(self, shape: Invocation, key: str) -> Answer:
        """All that is done, and drawn, in one piece in the pool."""
        match shape:
            case ExtensionQuery():
                cast = await self._known_where_others_read(shape.where)
                return Answer(body=await self._desk.pool.run(self._found, shape, cast))
            case ExtensionFetch():
                this = await self._occurrence(shape, key, self._known_anywhere)
                return await self._desk.pool.run(self._tracked, shape.quoted, this)
            case ExtensionSubmit():
                this = await self._occurrence(shape, key, self._known_anywhere)
            case _:
                this = await self._occurrence(shape, key, self.known)
        return await self._desk.pool.run(self._acted, shape, this)

    async def _occurrence(
        self, shape: Heeded, key: str, known: Callable[[Whereabouts], Awaitable[Cast]]
    ) -> Occurrence:
        now = self._desk.ports.now()
        return Occurrence(cast=await known(shape.where), key=key, now=now)

    # In the pool.

    def _asked(self, ask: Ask, where: Whereabouts) -> Answered:
        return self._telling.drawn(where, self._taking.take_ask(ask))

    def _submitted(self, shape: CardSubmit, this: Occurrence) -> Answered:
        answered = self._taking.act(shape.pressed, shape.message_id, this)
        if answered.said.form is not None:
            answered = replace(answered, said=Said(text=self._desk.words()("teams.elsewhere")))
        return self._telling.drawn(shape.where, answered)

    def _seen(self, message_id: str | None, cast: Cast) -> Json:
        if message_id is None:
            return unchanged()
        ports = self._desk.ports
        card = as_seen(ports, turns.look(cast, ports.now()), turns.message_at(message_id, cast))
        return in_place(Said(card=card), Drawing(tenant=self._desk.tenant)) if card else unchanged()

    def _found(self, shape: ExtensionQuery, cast: Cast) -> Json:
        return listed(self._extensions.search(shape, cast), self._desk.tenant)

    def _tracked(self, quoted: Quoted | None, this: Occurrence) -> Answer:
        author = self._extensions.author_of(quoted, this.cast)
        ask = turns.about_message(quoted, this.cast, this.key, this.now, author)
        return _drawn(self._taking.take(ask), in_dialog)

    def _acted(self, shape: Act, this: Occurrence) -> Answer:
        message_id = shape.message_id if isinstance(shape, CardAction | DialogFetch) else None
        answered = self._taking.act(shape.pressed, message_id, this)
        if isinstance(shape, CardAction):
            return _drawn(answered, in_place)
        if answered.said.is_nothing and not isinstance(shape, DialogFetch):
            return Answer()  # a form that was sent twice is closed, as the first answer has done
        return _drawn(answered, in_dialog)

    # Who it is.

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


def _drawn(answered: Answered, draw: Callable[[Said, Drawing], Json]) -> Answer:
    body = draw(answered.said, answered.drawing)
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
