"""Teams as a place to speak in: `bot.ports.Chat`. Called from the sender's thread, speaks on the event loop.

Only the outbox posts, and it owns every repetition: here a message is sent once, after the facts that decide
whether it may be sent have been looked at again. Teams lets Kept read nothing back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from adapters.endings import Failed, as_chat_error
from adapters.people import NoSuchPerson, Unsure, account_on
from adapters.sending import Checks, SaidAgain, is_to_be_told, on_loop, tell, wait_for_slot
from adapters.teams.casting import Casting
from adapters.teams.connector import THREAD, UNTRUSTED, Connector
from adapters.teams.endings import BLOCKED
from adapters.teams.hosts import NotListed
from adapters.teams.identity import Member
from adapters.teams.messages import activity
from adapters.teams.places import Roster
from adapters.teams.references import Reference
from adapters.teams.spans import Json, Tenant
from adapters.teams.whereabouts import PLATFORM, Kind
from adapters.teams.windows import Windows
from bot.addresses import MessageRef, Place, PlaceKind
from bot.cards import Card
from bot.ports import ChatError, Ports
from bot.viewing import who_sees_others

ASK_AGAIN_AFTER_S = 120.0  # who reads there, when Teams could not say
# The same page as in `endings`, and our own words for what is found before Teams is asked.
_NOT_THERE = (
    *("not_in_conversation", "never_met", "not_in_roster"),
    *("BotNotInConversationRoster", "ConversationNotFound"),
)
_CLOSED = ("taken_out", BLOCKED, "ConversationBlockedByUser", "BotDisabledByAdmin")
OUTSIDER = "outside_the_tenant"  # by design of Teams no bot writes to them in private (L32)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a chat needs once the loop runs."""

    loop: asyncio.AbstractEventLoop
    ports: Ports
    connector: Connector
    casting: Casting
    origin: str  # KEPT_PUBLIC_URL: only links to it can be clicked


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Where it goes, and who will read it there."""

    reference: Reference
    members: tuple[Member, ...]


@dataclass(slots=True, kw_only=True)
class TeamsChat:
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    line: Line | None = None
    _windows: Windows = field(default_factory=Windows)
    _checks: Checks = field(default_factory=Checks)
    _again: SaidAgain = field(default_factory=SaidAgain)

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        line = self._line()
        try:
            return self._posted(line, place, card, thread)
        except ChatError as error:
            if is_to_be_told(error, key) and error.reason != OUTSIDER:
                tell(line.ports, place, _advice(error.reason))
            raise

    def _posted(self, line: Line, place: Place, card: Card, thread: MessageRef | None) -> MessageRef:
        audience = self._audience(line, place)
        body = self._drawn(line, place, audience, card)
        there = audience.reference
        conversation_id = there.conversation_id + (f"{THREAD}{thread.key}" if thread else "")
        self._wait_for_slot(line, there.conversation_id)
        sent = self._call(line, line.connector.post(there.service_url, conversation_id, body))
        return MessageRef(platform=PLATFORM, tenant=place.tenant, place_id=place.id, key=sent)

    def update(self, ref: MessageRef, card: Card) -> None:
        line = self._line()
        place = self._place(line, ref)
        audience = self._audience(line, place)
        body = self._drawn(line, place, audience, card)
        there = audience.reference
        self._wait_for_slot(line, there.conversation_id)
        change = line.connector.update(there.service_url, there.conversation_id, ref.key, body)
        self._repeatable(line, change)

    def find(self, place: Place, key: str) -> MessageRef | None:
        """Nothing can be read back, so that a message is lost rather than said twice, with few exceptions."""
        self._again.allow(key)
        return None

    def _drawn(self, line: Line, place: Place, audience: Audience, card: Card) -> Json:
        """Only who reads there is mentioned; everybody else is named."""
        addresses = {each.who.account: each.user_id for each in audience.members}

        def address(person_id: str) -> str | None:
            with line.ports.open_uow(audience.reference.tenant) as uow:
                return addresses.get(account_on(uow, person_id, PLATFORM) or "")

        ours = {each.who.account: each.user_id for each in audience.members if each.who.is_ours}
        viewers = who_sees_others(line.ports, place, card) if card.shows else []
        told = [ours[each.account] for each in viewers if each.account in ours]
        return activity(card, Tenant(resolve=address, origin=line.origin), told)

    # Who reads there, looked at again before anything is sent. Each raises ChatError.

    def _audience(self, line: Line, place: Place) -> Audience:
        try:
            if place.kind is PlaceKind.PRIVATE:
                return self._alone(line, place)
            return self._together(line, place)
        except Unsure as unsure:
            raise _unsure(place, unsure.__cause__) from None
        except NoSuchPerson:
            raise ChatError("not_in_roster", permanent=True) from None
        except NotListed:
            raise ChatError(UNTRUSTED, permanent=True) from None

    def _alone(self, line: Line, place: Place) -> Audience:
        reference = line.casting.references.of_account(place.tenant, place.route)
        if reference is None:
            return self._opened(line, place)
        if reference.user_id is None:
            raise ChatError("taken_out", permanent=True)
        member = self._colleague(line, place, reference, reference.user_id)
        return Audience(reference=reference, members=(member,))

    def _opened(self, line: Line, place: Place) -> Audience:
        """The personal chat with a colleague Kept has met in a channel. Opening it twice opens it once."""
        met, member = self._found(line, place)
        self._wait_for_slot(line, f"to {member.user_id}")
        body = _opening(met, _tenant(place), member)
        created = self._repeatable(line, line.connector.create(met.service_url, body))
        chat = Reference(
            tenant=place.tenant,
            conversation_id=created,
            kind=Kind.PERSONAL,
            host=_tenant(place),
            service_url=met.service_url,
            bot_id=met.bot_id,
            account=place.route,
            user_id=member.user_id,
        )
        return Audience(reference=line.casting.references.keep(chat, line.ports.now()), members=(member,))

    def _found(self, line: Line, place: Place) -> tuple[Reference, Member]:
        """A conversation the person is in still."""
        for met in self._met_in(line, place):
            with suppress(NoSuchPerson):
                return met, self._colleague(line, place, met, _object_id(place))
        raise ChatError("never_met", permanent=True)

    def _colleague(self, line: Line, place: Place, reference: Reference, member_id: str) -> Member:
        """The person the place belongs to, as they are now, and nobody from outside (L32)."""
        member = self._call(line, line.casting.identity.who(reference, member_id))
        if member.who.account != place.route:
            raise NoSuchPerson
        self._checks.same_side(line.ports, place, member.who)
        if not member.who.is_ours:
            raise ChatError(OUTSIDER, permanent=True)
        return member

    def _met_in(self, line: Line, place: Place) -> Iterator[Reference]:
        with line.ports.open_uow(place.tenant) as uow:
            places = uow.places.of_person(place.person_id or "")
        for each in places:
            if each.platform == PLATFORM and each.kind is not PlaceKind.PRIVATE:
                found = line.casting.references.find(each.tenant, each.route)
                if found is not None:
                    yield found

    def _together(self, line: Line, place: Place) -> Audience:
        reference = line.casting.references.find(place.tenant, place.route)
        if reference is None:
            raise ChatError("not_in_conversation", permanent=True)
        roster = self._roster(line, reference)
        if not roster.channel.is_open:
            raise ChatError("not_in_conversation", permanent=True)
        if not (line.casting.home.hosts(reference.host) or roster.has_ours):
            raise ChatError("nobody_of_ours", permanent=True)
        self._checks.same_mapping(line.ports, place, roster.channel)
        return Audience(reference=reference, members=tuple(roster.members.values()))

    def _roster(self, line: Line, reference: Reference) -> Roster:
        if roster := line.casting.rosters.fresh(reference):
            return roster
        self._wait_for_slot(line, f"roster of {reference.conversation_id}")
        return self._call(line, line.casting.rosters.ask(reference))

    # Calls.

    def _call(self, line: Line, work: Coroutine[Any, Any, T]) -> T:
        try:
            return on_loop(line.loop, work)
        except Failed as failed:
            raise as_chat_error(failed.ending) from None

    def _repeatable(self, line: Line, work: Coroutine[Any, Any, T]) -> T:
        """Done twice it is done once, so whatever went wrong may be tried again."""
        try:
            return self._call(line, work)
        except ChatError as error:
            raise ChatError(error.reason, permanent=error.permanent, retry_after=error.retry_after) from None

    def _wait_for_slot(self, line: Line, conversation: str) -> None:
        wait_for_slot(self._windows, line.casting.home.tenant, conversation, self.monotonic(), self.sleep)

    def _place(self, line: Line, ref: MessageRef) -> Place:
        with line.ports.open_uow(ref.tenant) as uow:
            place = uow.places.get(ref.place_id)
        if place is None:
            raise ChatError("no_place", permanent=True)
        return place

    def _line(self) -> Line:
        if self.line is None:
            raise ChatError("not_connected", tried=False)
        return self.line


def _unsure(place: Place, cause: BaseException | None) -> ChatError:
    """Unsure means wait (L09, L24, L37). Where Teams was not even asked, waiting costs no attempt."""
    reason = "identity_unsure" if place.kind is PlaceKind.PRIVATE else "channel_unsure"
    ending = cause.ending if isinstance(cause, Failed) else None
    wait_s = ending.wait_s if ending else None
    return ChatError(reason, retry_after=wait_s or ASK_AGAIN_AFTER_S, tried=ending is None or ending.tried)


def _advice(reason: str) -> str:
    """One of `bot.messages.troubles.REASONS`."""
    return "not_there" if reason in _NOT_THERE else "closed" if reason in _CLOSED else "refused"


def _tenant(place: Place) -> str:
    """Of the person, as in their account."""
    return place.route.partition("/")[0]


def _object_id(place: Place) -> str:
    return place.route.partition("/")[2]


def _opening(met: Reference, tenant: str, member: Member) -> Json:
    """learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages"""
    return {
        "bot": {"id": met.bot_id},
        "members": [{"id": member.user_id}],
        "isGroup": False,
        "tenantId": tenant,
        "channelData": {"tenant": {"id": tenant}},
    }
