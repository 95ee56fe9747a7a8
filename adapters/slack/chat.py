"""Slack as a place to speak in: `bot.ports.Chat`. Called from the sender's thread, speaks on the event loop.

Only the outbox posts, and it owns every repetition: here a message is sent once, after the facts that decide
whether it may be sent have been looked at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.endings import REST_AFTER_AUTH, Failed, as_chat_error
from adapters.fields import Odd
from adapters.people import NoSuchPerson, Unsure
from adapters.places import Channel
from adapters.sending import (
    REMEMBERED_AT_MOST,
    WAIT_AT_MOST_S,
    Checks,
    SaidAgain,
    is_to_be_told,
    on_loop,
    tell,
    wait_for_slot,
)
from adapters.slack.blocks import message
from adapters.slack.desk import Desk
from adapters.slack.fields import Fields
from adapters.slack.identity import PLATFORM
from adapters.slack.installations import Installation
from adapters.slack.marks import Marks
from adapters.slack.origins import Origin
from adapters.slack.pacing import Pace
from adapters.slack.survey import Survey
from adapters.slack.workspaces import NotInstalled
from bot.addresses import MessageRef, Place, PlaceKind
from bot.cards import Card
from bot.ports import ChatError

ASK_AGAIN_AFTER_S = 120.0  # who reads in a channel, when Slack said what we cannot read
SETTLED_AFTER = timedelta(seconds=30)  # between two looks: with the lease of 60 s, over the 90 s of E.3
LOOKED_BACK_AT = 100  # messages of a direct conversation: more than Kept can have said meanwhile
_NOT_THERE = ("not_in_channel", "channel_not_found", "is_inactive")
_CLOSED = ("is_archived", "restricted_action", "posting_to_channel_denied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a chat needs once the loop runs."""

    loop: asyncio.AbstractEventLoop
    desk: Desk
    survey: Survey


@dataclass(slots=True, kw_only=True)
class SlackChat:
    marks: Marks
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    line: Line | None = None
    _pace: Pace = field(default_factory=Pace)
    _conversations: dict[tuple[str, str], str] = field(default_factory=dict)
    _checks: Checks = field(default_factory=Checks)
    _again: SaidAgain = field(default_factory=SaidAgain)
    _looked: dict[str, datetime] = field(default_factory=dict)

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        line = self._line()
        try:
            return self._posted(line, place, card, key, thread)
        except ChatError as error:
            if is_to_be_told(error, key):
                tell(line.desk.ports, place, _advice(error.reason))
            raise

    def _posted(
        self, line: Line, place: Place, card: Card, key: str, thread: MessageRef | None
    ) -> MessageRef:
        channel = self._reachable(line, place)
        body: dict[str, Any] = {
            **message(card, line.desk.workspace(place.tenant)),
            "channel": channel,
            "metadata": self.marks.metadata(place.tenant, place.id, key),
        }
        if thread is not None:
            body |= {"thread_ts": thread.key, "reply_broadcast": False}
        wait_for_slot(self._pace, place.tenant, channel, self.monotonic(), self.sleep)
        answer = self._call(line, place.tenant, "chat.postMessage", **body)
        try:
            return _ref(place, answer.stamp("ts"))
        except Odd:
            raise ChatError("no_ts", ambiguous=True) from None

    def update(self, ref: MessageRef, card: Card) -> None:
        line = self._line()
        place = self._place(line, ref)
        shown = message(card, line.desk.workspace(ref.tenant))
        body = {name: shown[name] for name in ("text", "blocks", "parse", "link_names")}
        channel = self._reachable(line, place)
        try:
            self._call(line, ref.tenant, "chat.update", channel=channel, ts=ref.key, **body)
        except ChatError as error:
            if not error.ambiguous:
                raise
            raise ChatError(error.reason, retry_after=error.retry_after) from None  # safe to repeat

    def find(self, place: Place, key: str) -> MessageRef | None:
        """Slack lets Kept read its direct conversations alone. Absence counts only when seen twice."""
        line = self._line()
        if place.kind is not PlaceKind.PRIVATE:
            self._again.allow(key)
            return None
        found = self._in_history(line, place, key)
        if found is None:
            self._absent_before(line, key)
        return found

    def _in_history(self, line: Line, place: Place, key: str) -> MessageRef | None:
        try:
            channel = self._reachable(line, place)
            history = {"channel": channel, "limit": str(LOOKED_BACK_AT), "include_all_metadata": "true"}
            answer = self._call(line, place.tenant, "conversations.history", **history)
            said = [each.raw() for each in answer.parts("messages")]
        except Odd:
            raise ChatError("unreadable_history", ambiguous=True) from None
        except ChatError as error:
            raise ChatError(error.reason, permanent=error.permanent, ambiguous=not error.permanent) from None
        ours = (each for each in said if self.marks.is_on(each, place.tenant, place.id, key))
        stamps = (each.get("ts") for each in ours)
        return next((_ref(place, ts) for ts in stamps if isinstance(ts, str)), None)

    def _absent_before(self, line: Line, key: str) -> None:
        """A message may take a moment to show in the history."""
        now = line.desk.ports.now()
        first = self._looked.get(key)
        if first is not None and now - first >= SETTLED_AFTER:
            del self._looked[key]
            return
        if len(self._looked) >= REMEMBERED_AT_MOST:
            self._looked.clear()
        self._looked.setdefault(key, now)
        raise ChatError("not_settled", ambiguous=True)

    def _reachable(self, line: Line, place: Place) -> str:
        """The conversation's id, after the facts about it have been looked at (L24). Raises ChatError."""
        try:
            installation = on_loop(line.loop, line.desk.casting.installation(Origin(team_id=place.tenant)))
            if place.kind is PlaceKind.PRIVATE:
                return self._conversation(line, installation, place)
            return self._channel(line, installation, place)
        except NotInstalled:
            raise ChatError("not_installed", retry_after=REST_AFTER_AUTH.total_seconds()) from None
        except Unsure:
            raise ChatError("identity_unsure") from None
        except NoSuchPerson:
            raise ChatError("user_not_found", permanent=True) from None

    def _conversation(self, line: Line, installation: Installation, place: Place) -> str:
        """Nobody who has left, or is no longer one of ours, is told what was meant for a colleague (T43)."""
        who = on_loop(line.loop, line.desk.casting.identity.who(installation, place.route))
        self._checks.same_side(line.desk.ports, place, who)  # first: whoever has left is written down
        if not who.is_active:
            raise ChatError("user_inactive", permanent=True)
        key = place.tenant, place.route
        if key not in self._conversations:
            self._conversations[key] = self._opened(line, place)
        return self._conversations[key]

    def _opened(self, line: Line, place: Place) -> str:
        """Opening it twice opens it once, so whatever went wrong may be tried again."""
        try:
            answer = self._call(line, place.tenant, "conversations.open", users=place.route)
            return answer.part("channel").id("id")
        except Odd:
            raise ChatError("no_conversation") from None
        except ChatError as error:
            raise ChatError(error.reason, permanent=error.permanent, retry_after=error.retry_after) from None

    def _channel(self, line: Line, installation: Installation, place: Place) -> str:
        """A channel that others joined since it was linked is not spoken in until that is confirmed (L09)."""
        facts = self._facts(line, installation, place)
        if not facts.is_open:
            raise ChatError("not_in_channel", permanent=True)
        self._checks.same_mapping(line.desk.ports, place, facts)
        return place.route

    def _facts(self, line: Line, installation: Installation, place: Place) -> Channel:
        """At most ten minutes old (D.1): unsure means wait, and to wait for Slack's tiers is no attempt."""
        until = self.monotonic() + WAIT_AT_MOST_S
        try:
            while not isinstance(told := on_loop(line.loop, line.survey.look(installation, place)), Channel):
                if self.monotonic() + told > until:
                    raise ChatError("channel_unsure", retry_after=told, tried=False)
                self.sleep(told)
        except Failed as failed:
            wait = as_chat_error(failed.ending).retry_after
            raise ChatError("channel_unsure", retry_after=wait) from None
        except Odd:
            raise ChatError("channel_unsure", retry_after=ASK_AGAIN_AFTER_S) from None
        return told

    def _place(self, line: Line, ref: MessageRef) -> Place:
        with line.desk.ports.open_uow(ref.tenant) as uow:
            place = uow.places.get(ref.place_id)
        if place is None:
            raise ChatError("no_place", permanent=True)
        return place

    def _call(self, line: Line, tenant: str, method: str, **fields: Any) -> Fields:
        try:
            return on_loop(line.loop, line.desk.api.call(tenant, method, **fields))
        except Failed as failed:
            raise as_chat_error(failed.ending) from None

    def _line(self) -> Line:
        if self.line is None:
            raise ChatError("not_connected")
        return self.line


def _advice(reason: str) -> str:
    """One of `bot.messages.troubles.REASONS`."""
    return "not_there" if reason in _NOT_THERE else "closed" if reason.startswith(_CLOSED) else "refused"


def _ref(place: Place, ts: str) -> MessageRef:
    return MessageRef(platform=PLATFORM, tenant=place.tenant, place_id=place.id, key=ts)
