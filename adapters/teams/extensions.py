"""What the message extension needs beside the bot's own turns: a search, and who it is where Kept is not."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace

from adapters.teams.answers import nothing_listed
from adapters.teams.cards import adaptive_card
from adapters.teams.casting import Cast
from adapters.teams.desk import Desk
from adapters.teams.escape import label
from adapters.teams.identity import account_of
from adapters.teams.limits import SUMMARY, TITLE
from adapters.teams.messages import attachment
from adapters.teams.shapes import ExtensionQuery, Quoted
from adapters.teams.spans import Json, Tenant
from adapters.teams.whereabouts import Kind, Whereabouts
from bot.cards import Card, Text
from bot.plain import flat
from bot.searching import shown_promises
from bot.turns import Turn

# learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands/respond-to-search
_PREVIEW = "application/vnd.microsoft.card.thumbnail"
LISTED_AT_MOST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    cards: tuple[tuple[Text, Card], ...]
    otherwise: str  # what is said where there are none


class Extensions:
    """Synchronous, for the pool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def search(self, query: ExtensionQuery, cast: Cast) -> Found:
        turn = Turn(
            tenant=cast.tenant,
            person_id=cast.person_id,
            place_id=cast.place_id,
            now=self._desk.ports.now(),
            key="",
        )
        limit = min(query.count, LISTED_AT_MOST)
        cards = shown_promises(self._desk.ports, turn, query.words, skip=query.skip, limit=limit)
        return Found(cards=cards, otherwise=self._desk.words()("search.none"))

    def author_of(self, quoted: Quoted | None, cast: Cast) -> str | None:
        """Whoever wrote the message, if they are known to be there."""
        if quoted is None or quoted.author is None:
            return None
        with self._desk.ports.open_uow(cast.tenant) as uow:
            here = uow.places.members(cast.place_id) if cast.place_id else frozenset()
            people = uow.people.of_ids({cast.person_id, *here})
        is_theirs = (p.id for p in people.values() if p.account == account_of(p.organisation, quoted.author))
        return next(is_theirs, None)

    def private_chat(self, where: Whereabouts) -> Whereabouts | None:
        """Theirs with Kept, in which they are then looked up; what is claimed here only finds it."""
        home = self._desk.casting.home
        if where.actor_object_id is None:
            return None
        for entra in sorted(home.ours):
            account = account_of(entra, where.actor_object_id)
            known = self._desk.references.of_account(home.tenant, account)
            if known is not None:
                return replace(
                    where,
                    kind=Kind.PERSONAL,
                    conversation_id=known.conversation_id,
                    service_url=known.service_url,
                    host=known.host,
                    thread_id=None,
                    team_id=None,
                    channel_type=None,
                )
        return None


def listed(found: Found, tenant: Tenant) -> Json:
    if not found.cards:
        return nothing_listed(found.otherwise)
    results = [_result(line, card, tenant) for line, card in found.cards]
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": results}}


def _result(line: Text, card: Card, tenant: Tenant) -> Json:
    """A preview reads markup, so it gets none."""
    title, text = label(card.title, TITLE), label(flat(line), SUMMARY)
    preview = {"title": html.escape(title), "text": html.escape(text)}
    drawn = attachment(adaptive_card(card, tenant))
    return drawn | {"preview": {"contentType": _PREVIEW, "content": preview}}
