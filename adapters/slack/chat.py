"""Slack as a place to speak in: `bot.ports.Chat`. Called from the sender's thread, speaks on the event loop.

Only the outbox posts, and it owns every repetition: here a message is sent once, after the facts that decide
whether it may be sent have been looked at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from adapters.endings import REST_AFTER_AUTH, Failed, as_chat_error
from adapters.fields import Odd
from adapters.people import NoSuchPerson, Unsure, Who, keep_person
from adapters.places import Channel, keep_place
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
from bot.changes import in_one_piece
from bot.messages.troubles import KIND, tell_unreachable
from bot.ports import ChatError
from commitments.partnership import Person

ASK_AGAIN_AFTER_S = 120.0  # who reads in a channel, when Slack said what we cannot read
CALL_WITHIN_S = 30.0  # longer than the session's own time-out, which ends a call that hangs
WAIT_AT_MOST_S = 5.0  # for a slot; a longer wait is the outbox's
SETTLED_AFTER = timedelta(seconds=30)  # between two looks: with the lease of 60 s, over the 90 s of E.3
LOOKED_BACK_AT = 100  # messages of a direct conversation: more than Kept can have said meanwhile
# Where the channel cannot be read, these may be said twice rather than not at all (E.3): the customer has to
# answer them, and an answer counts once. Everything else is said at most once.
MAY_REPEAT = ("anchor:", "ask:")
REMEMBERED_AT_MOST = 10_000
MAPPING_CHANGED = "organisations_changed"  # whoever looks after the channel has been asked already
_NOT_THERE = ("not_in_channel", "channel_not_found", "is_inactive")
_CLOSED = ("is_archived", "restricted_action", "posting_to_channel_denied")

T = TypeVar("T")


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
    _checked: dict[str, object] = field(default_factory=dict)
    _looked: dict[str, datetime] = field(default_factory=dict)

    def post(self, place: Place, card: Card, *, key: str, thread: MessageRef | None = None) -> MessageRef:
        line = self._line()
        try:
            return self._posted(line, place, card, key, thread)
        except ChatError as error:
            if error.permanent and error.reason != MAPPING_CHANGED and not key.startswith(f"{KIND}:"):
                self._tell(line, place, error.reason)
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
        self._wait_for_slot(place.tenant, channel)
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
            self._may_repeat(line, key)
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
        self._looked.setdefault(key, now)
        raise ChatError("not_settled", ambiguous=True)

    def _may_repeat(self, line: Line, key: str) -> None:
        if not key.startswith(MAY_REPEAT) or key in self._looked:
            raise ChatError("unconfirmed", permanent=True)
        if len(self._looked) >= REMEMBERED_AT_MOST:
            self._looked.clear()
        self._looked[key] = line.desk.ports.now()

    def _reachable(self, line: Line, place: Place) -> str:
        """The conversation's id, after the facts about it have been looked at (L24). Raises ChatError."""
        try:
            installation = self._on_loop(line, line.desk.casting.installation(Origin(team_id=place.tenant)))
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
        who = self._on_loop(line, line.desk.casting.identity.who(installation, place.route))
        if not who.is_active:
            raise ChatError("user_inactive", permanent=True)
        self._same_side(line, who, place)
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

    def _same_side(self, line: Line, who: Who, place: Place) -> None:
        if self._checked.get(place.id) is who:
            return

        def keep() -> tuple[Person | None, Person]:
            return in_one_piece(
                line.desk.ports,
                place.tenant,
                lambda uow: (
                    uow.people.get(place.person_id or ""),
                    keep_person(uow, who, place.tenant, line.desk.ports.policy, line.desk.ports.new_id),
                ),
            )

        before, after = keep()
        if before is None or (before.is_ours and not after.is_ours):
            raise ChatError("no_colleague_any_more", permanent=True)
        self._checked[place.id] = who

    def _channel(self, line: Line, installation: Installation, place: Place) -> str:
        """A channel that others joined since it was linked is not spoken in until that is confirmed (L09)."""
        facts = self._facts(line, installation, place)
        if not facts.is_open:
            raise ChatError("not_in_channel", permanent=True)
        if self._checked.get(place.id) is not facts:
            self._same_mapping(line, facts, place)
            self._checked[place.id] = facts
        return place.route

    def _facts(self, line: Line, installation: Installation, place: Place) -> Channel:
        """At most ten minutes old (D.1): unsure means wait, and to wait for Slack's tiers is no attempt."""
        until = self.monotonic() + WAIT_AT_MOST_S
        try:
            while not isinstance(told := self._on_loop(line, line.survey.look(installation, place)), Channel):
                if self.monotonic() + told > until:
                    raise ChatError("channel_unsure", retry_after=told, tried=False)
                self.sleep(told)
        except Failed as failed:
            wait = as_chat_error(failed.ending).retry_after
            raise ChatError("channel_unsure", retry_after=wait) from None
        except Odd:
            raise ChatError("channel_unsure", retry_after=ASK_AGAIN_AFTER_S) from None
        return told

    def _same_mapping(self, line: Line, facts: Channel, place: Place) -> None:
        now = line.desk.ports.now()
        kept = in_one_piece(
            line.desk.ports,
            place.tenant,
            lambda uow: keep_place(uow, facts, place.tenant, now, line.desk.ports.new_id),
        )
        if kept.partnership_id != place.partnership_id:
            raise ChatError(MAPPING_CHANGED, permanent=True)

    def _tell(self, line: Line, place: Place, reason: str) -> None:
        """Whoever looks after it, once a day (F24)."""
        advice = (
            "not_there" if reason in _NOT_THERE else "closed" if reason.startswith(_CLOSED) else "refused"
        )
        now = line.desk.ports.now()
        in_one_piece(line.desk.ports, place.tenant, lambda uow: tell_unreachable(uow, place, advice, now))

    def _place(self, line: Line, ref: MessageRef) -> Place:
        with line.desk.ports.open_uow(ref.tenant) as uow:
            place = uow.places.get(ref.place_id)
        if place is None:
            raise ChatError("no_place", permanent=True)
        return place

    def _wait_for_slot(self, tenant: str, channel: str) -> None:
        wait = self._pace.reserve(tenant, channel, self.monotonic(), at_most=WAIT_AT_MOST_S)
        if wait > WAIT_AT_MOST_S:
            raise ChatError("paced", retry_after=wait, tried=False)
        if wait > 0:
            self.sleep(wait)

    def _call(self, line: Line, tenant: str, method: str, **fields: Any) -> Fields:
        try:
            return self._on_loop(line, line.desk.api.call(tenant, method, **fields))
        except Failed as failed:
            raise as_chat_error(failed.ending) from None

    def _on_loop(self, line: Line, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, line.loop)
        try:
            return future.result(CALL_WITHIN_S)
        except TooLate:
            future.cancel()
            raise ChatError("timeout", ambiguous=True) from None

    def _line(self) -> Line:
        if self.line is None:
            raise ChatError("not_connected")
        return self.line


def _ref(place: Place, ts: str) -> MessageRef:
    return MessageRef(platform=PLATFORM, tenant=place.tenant, place_id=place.id, key=ts)
