"""The messages of the playground: what a platform would keep for us, in one table."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, insert, or_, select, update

from adapters.db.scope import insert_new
from adapters.playground.stored_cards import read_card, write_card
from adapters.playground.tables import messages
from bot.cards import Button, Card
from bot.plain import plain_text

TENANT = "playground"
PLATFORM = "playground"

_c = messages.c
_OURS = _c.tenant == TENANT
_ADD_NEW = insert_new(messages)
_BY_KEY = select(_c.ref).where(_OURS, _c.key == bindparam("key_"))
_BY_REF = select(messages).where(_OURS, _c.ref == bindparam("ref_"))
_FOR_PERSON = (
    select(messages)
    .where(
        _OURS,
        _c.place_id.in_(bindparam("places", expanding=True)),
        or_(_c.only_for.is_(None), _c.only_for == bindparam("person")),
    )
    .order_by(_c.id)
)
_COUNTS = (
    select(_c.place_id, func.count())
    .where(_OURS, or_(_c.only_for.is_(None), _c.only_for == bindparam("person"), _c.place_id.like("dm-%")))
    .group_by(_c.place_id)
)
_EDIT = update(messages).where(_OURS, _c.ref == bindparam("ref_"))

Offered = frozenset[tuple[str, str]]  # verb and value


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    ref: str
    place_id: str
    at: datetime
    text: str = ""
    author: str | None = None  # a person; None: Kept
    only_for: str | None = None
    card: Card | None = None
    offered: Offered = frozenset()  # every button it ever showed
    thread: str | None = None
    key: str | None = None

    def showing(self, card: Card) -> Message:
        """The message as it reads after an edit."""
        buttons = frozenset((button.verb, button.value) for button in card.buttons)
        return replace(self, card=card, text=plain_text(card), offered=self.offered | buttons)

    def buttons(self, verb: str) -> tuple[Button, ...]:
        """Those it shows now."""
        return tuple(b for b in self.card.buttons if b.verb == verb) if self.card else ()


class Messages:
    """Each call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, message: Message) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(messages), _row(message))

    def add_once(self, message: Message) -> str:
        """Keeps the first of those that bear its key; the ref of the one kept."""
        with self._engine.begin() as connection:
            _ADD_NEW.run(connection, [_row(message)])
            return str(connection.execute(_BY_KEY, {"key_": message.key}).scalar_one())

    def edit(self, ref: str, card: Card) -> bool:
        """False when there is no such message."""
        with self._engine.begin() as connection:
            found = _get(connection, ref)
            if found is None:
                return False
            row = _row(found.showing(card))
            shown = {name: row[name] for name in ("text", "card", "offered")}
            connection.execute(_EDIT.values(**shown), {"ref_": ref})
            return True

    def get(self, ref: str) -> Message | None:
        with self._engine.begin() as connection:
            return _get(connection, ref)

    def of_key(self, key: str) -> str | None:
        with self._engine.begin() as connection:
            return connection.execute(_BY_KEY, {"key_": key}).scalar()

    def seen_by(self, person_id: str, place_ids: Collection[str]) -> list[Message]:
        """In the order they came."""
        with self._engine.begin() as connection:
            rows = connection.execute(_FOR_PERSON, {"places": list(place_ids), "person": person_id})
            return [_message(row) for row in rows]

    def counts_for(self, person_id: str) -> dict[str, int]:
        """By place: what this person would see there, and what each private place holds."""
        with self._engine.begin() as connection:
            rows = connection.execute(_COUNTS, {"person": person_id})
            return {row.place_id: row[1] for row in rows}


def _get(connection: Connection, ref: str) -> Message | None:
    row = connection.execute(_BY_REF, {"ref_": ref}).first()
    return None if row is None else _message(row)


def _row(message: Message) -> dict[str, Any]:
    return {
        "tenant": TENANT,
        "ref": message.ref,
        "place_id": message.place_id,
        "author": message.author,
        "only_for": message.only_for,
        "at": message.at,
        "text": message.text,
        "card": write_card(message.card) if message.card else None,
        "offered": json.dumps(sorted(message.offered)) if message.offered else None,
        "thread": message.thread,
        "key": message.key,
    }


def _message(row: Row[Any]) -> Message:
    return Message(
        ref=row.ref,
        place_id=row.place_id,
        at=row.at,
        text=row.text,
        author=row.author,
        only_for=row.only_for,
        card=read_card(row.card) if row.card else None,
        offered=frozenset((verb, value) for verb, value in json.loads(row.offered or "[]")),
        thread=row.thread,
        key=row.key,
    )
