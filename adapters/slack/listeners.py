"""What Bolt calls: each reads who and where, hands one turn to the bot, and shows what came of it.

The answer is the real one: a command's is the body of its acknowledgement, a submission's too; a press is
acknowledged when its effect is committed, and answered right after. Nothing here decides anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from adapters.endings import Failed
from adapters.fields import Odd
from adapters.people import NoSuchPerson, Unsure
from adapters.slack import turns
from adapters.slack.answers import Shown, refused, shown
from adapters.slack.casting import Cast
from adapters.slack.desk import Desk
from adapters.slack.events import Event, Gone, without_words
from adapters.slack.home_tab import HomeTab
from adapters.slack.modals import TYPED
from adapters.slack.modals import answer as answer_form
from adapters.slack.origins import Origin
from adapters.slack.passing import Passing, in_passing
from adapters.slack.previewing import Previewing
from adapters.slack.rich_text import ANYWHERE
from adapters.slack.shapes import Action, BlockActions, Command, MessageAction, Shortcut, View, ViewSubmission
from adapters.slack.values import UnknownPerson, read_values
from adapters.slack.workspaces import NotInstalled
from bot.router import handle
from bot.turns import Invalid, Outcome, Turn
from bot.wording import Words

OPEN_FORM = "slack.open_form"  # our own button, where Slack opens no form by itself
PRESSED = "button"  # pickers and menus in a dialog report every change too; only its submission counts
Json = dict[str, Any]
logger = logging.getLogger(__name__)


class Listeners:
    def __init__(self, desk: Desk, home: HomeTab, on_event: Callable[[], None]) -> None:
        self._desk = desk
        self._home = home
        self._on_event = on_event
        self._passing = Passing(desk, self.permalink)
        self._previewing = Previewing(desk)

    async def command(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        shape: Command = context["shape"]
        now = self._desk.ports.now()
        cast = await self._cast(ack, shape.origin, shape.actor.user_id, shape.channel_id, shape.text)
        if cast is None:
            return
        answer = await self.take(turns.from_command(shape, cast, context["key"], now))
        if answer.view is not None:
            self._desk.later.do(self._open(shape.origin, shape.trigger_id, answer.view, shape.response_url))
        await ack(answer.message or "")

    async def message_action(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        """In threads too, where commands do not run."""
        shape: MessageAction = context["shape"]
        now = self._desk.ports.now()
        author = shape.author_id
        more = (author,) if author else ()
        cast = await self._cast(None, shape.origin, shape.actor.user_id, shape.channel_id, shape.text, more)
        if cast is None:
            await self._say_unsure(shape.response_url)
        else:
            link = await self.permalink(shape.origin, shape.channel_id, shape.message_ts)
            turn = turns.about_message(shape.text, link, cast, context["key"], now, author)
            answer = await self.take(turn, in_dialog=shape.response_url is None)
            self._show(shape.origin, shape.trigger_id, shape.response_url, answer)
        await ack()

    async def shortcut(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        shape: Shortcut = context["shape"]
        now = self._desk.ports.now()
        cast = await self._cast(None, shape.origin, shape.actor.user_id, None)
        if cast is not None:
            turn = turns.about_message("", None, cast, context["key"], now)
            answer = await self.take(turn, in_dialog=True)
            self._show(shape.origin, shape.trigger_id, None, answer)
        await ack()

    async def press(self, ack: AsyncAck, context: AsyncBoltContext, body: Json) -> None:
        shape: BlockActions = context["shape"]
        action = shape.actions[0]
        if action.kind == PRESSED:
            await self._pressed(shape, action, context["key"])
        elif action.kind == TYPED and shape.view is not None and shape.view.kind == "modal":
            self._desk.later.do(self._typed(shape, shape.view, body["view"], action, context["key"]))
        await ack()

    async def submission(self, ack: AsyncAck, context: AsyncBoltContext, body: Json) -> None:
        shape: ViewSubmission = context["shape"]
        view: Mapping[str, Any] = body["view"]
        now = self._desk.ports.now()
        cast = await self._cast(
            None, shape.origin, shape.actor.user_id, None, more=_chosen(shape.view.values)
        )
        if cast is None:
            await ack({"response_action": "update", "view": self._unsure(in_dialog=True).view})
            return
        values = _read(view, cast)
        turn = turns.from_form(
            shape.view.callback_id, shape.view.private_metadata, values, cast, context["key"], now
        )
        await ack(await self._desk.pool.run(self._answer_form, turn, view))
        self._home.touch(cast, shape.actor.user_id)

    async def event(self, ack: AsyncAck, context: AsyncBoltContext, body: Json) -> None:
        """Acknowledged when committed, worked off afterwards; what was not said to Kept is never stored."""
        event: Event = context["shape"]
        if (said := in_passing(event)) is not None:
            self._desk.later.do(self._passing.hear(event, said))
        elif event.origin.tenant is not None:
            gone = event.happening
            kept = without_words(body, gone) if isinstance(gone, Gone) else body
            await self._desk.pool.run(
                self._desk.events.keep, event.origin.tenant, context["key"], kept, self._desk.ports.now()
            )
        await ack()
        self._on_event()

    async def gone(self, event: Event, message: Gone) -> None:
        await self._passing.forget(event, message)

    async def closed(self, ack: AsyncAck) -> None:
        await ack()

    async def take(self, turn: Turn, *, in_dialog: bool = False) -> Shown:
        """Runs the turn and draws what the actor sees, both in the pool."""
        return await self._desk.pool.run(self._taken, turn, in_dialog)

    async def permalink(self, origin: Origin, channel_id: str, ts: str) -> str | None:
        """A promise does without its link rather than not be made."""
        try:
            tenant = (await self._desk.casting.installation(origin)).tenant
            answer = await self._desk.api.call(tenant, "chat.getPermalink", channel=channel_id, message_ts=ts)
            return answer.text("permalink")
        except (Failed, NotInstalled, Unsure, Odd):
            return None

    async def _typed(
        self, shape: BlockActions, view: View, drawn: Mapping[str, Any], action: Action, key: str
    ) -> None:
        """Nothing is said to somebody whom Slack does not vouch for."""
        now = self._desk.ports.now()
        cast = await self._cast(None, shape.origin, shape.actor.user_id, None, more=_chosen(view.values))
        if cast is not None:
            values = _read(drawn, cast)
            typed = turns.from_form(view.callback_id, view.private_metadata, values, cast, key, now)
            await self._previewing.show(typed, drawn, action.action_id)

    async def _pressed(self, shape: BlockActions, action: Action, key: str) -> None:
        now = self._desk.ports.now()
        cast = await self._cast(None, shape.origin, shape.actor.user_id, shape.channel_id)
        if cast is None:
            await self._say_unsure(shape.response_url)
            return
        view_id = shape.view.id if shape.view and shape.view.kind == "modal" else None
        in_dialog = view_id is not None or shape.response_url is None
        if action.action_id == OPEN_FORM:
            answer = await self._form_for(shape, action, cast, key, now, in_dialog)
        else:
            place_id = turns.read_token(shape.view.private_metadata)[0] if shape.view else None
            ts = None if shape.is_ephemeral else shape.message_ts
            turn = turns.from_press(action, ts, cast, key, now, place_id)
            answer = await self.take(turn, in_dialog=in_dialog)
        self._home.touch(cast, shape.actor.user_id)
        self._show(
            shape.origin, shape.trigger_id, shape.response_url, answer, view_id, thread_ts=shape.thread_ts
        )

    async def _form_for(
        self, shape: BlockActions, action: Action, cast: Cast, key: str, now: datetime, in_dialog: bool
    ) -> Shown:
        asked = await self._desk.pool.run(
            self._desk.asks.find, action.value or "", cast.tenant, shape.actor.user_id, now
        )
        if asked is None:
            gone = self._words()("open_form.gone")
            return refused(gone, None, cast.place_id, ANYWHERE, in_dialog=in_dialog)
        return await self.take(turns.from_kept(asked, cast, key, now), in_dialog=in_dialog)

    async def _cast(
        self,
        ack: AsyncAck | None,
        origin: Origin,
        account: str,
        channel_id: str | None,
        text: str = "",
        more: tuple[str, ...] = (),
    ) -> Cast | None:
        """None, said where it can be: nothing is done for somebody whom Slack does not vouch for."""
        try:
            return await self._desk.casting.cast(origin, account, channel_id, text, more)
        except (NotInstalled, NoSuchPerson, Unsure) as unsure:
            logger.warning("nobody to act for", extra={"reason": type(unsure).__name__})
            if ack is not None:
                await ack(self._unsure().message or "")
            return None

    def _taken(self, turn: Turn, in_dialog: bool) -> Shown:
        outcome = handle(self._desk.ports, turn)
        return shown(outcome, turn.place_id, self._desk.workspace(turn.tenant), in_dialog=in_dialog)

    def _answer_form(self, turn: Turn, view: Mapping[str, Any]) -> Json:
        outcome: Outcome = handle(self._desk.ports, turn)
        workspace = self._desk.workspace(turn.tenant)
        if isinstance(outcome, Invalid):
            carried = turns.token(turn.place_id, outcome.form.subject)
            return answer_form(outcome.form, view, token=carried, workspace=workspace)
        found = shown(outcome, turn.place_id, workspace, in_dialog=True)
        return (
            {"response_action": "update", "view": found.view} if found.view else {"response_action": "clear"}
        )

    def _show(
        self,
        origin: Origin,
        trigger_id: str | None,
        response_url: str | None,
        answer: Shown,
        view_id: str | None = None,
        thread_ts: str | None = None,
    ) -> None:
        """In the dialog that was pressed in, else where it was pressed, else in a dialog of its own."""
        if answer.is_nothing:
            return
        if view_id is not None:
            self._desk.later.do(self._replace(origin, view_id, answer))
        elif answer.message is not None and response_url is not None:
            there = {"thread_ts": thread_ts} if thread_ts else {}
            self._desk.later.do(self._desk.api.respond(response_url, answer.message | there))
        else:
            self._desk.later.do(self._open(origin, trigger_id, answer.view, response_url))

    async def _open(
        self, origin: Origin, trigger_id: str | None, view: Json | None, response_url: str | None
    ) -> None:
        """A trigger lives three seconds; when it has passed, the person is asked to repeat."""
        try:
            tenant = (await self._desk.casting.installation(origin)).tenant
            await self._desk.api.call(tenant, "views.open", trigger_id=trigger_id or "", view=view)
        except (Failed, NotInstalled, Unsure) as trouble:
            logger.warning("no form opened", extra={"reason": str(trouble) or type(trouble).__name__})
            if response_url is not None:
                late = refused(self._words()("slack.late"), None, None, ANYWHERE).message
                await self._desk.api.respond(response_url, late or {})

    async def _replace(self, origin: Origin, view_id: str, answer: Shown) -> None:
        try:
            tenant = (await self._desk.casting.installation(origin)).tenant
            await self._desk.api.call(tenant, "views.update", view_id=view_id, view=answer.view)
        except (Failed, NotInstalled, Unsure) as trouble:
            logger.warning("no view updated", extra={"reason": str(trouble) or type(trouble).__name__})

    async def _say_unsure(self, response_url: str | None) -> None:
        if response_url is not None:
            self._desk.later.do(self._desk.api.respond(response_url, self._unsure().message or {}))

    def _unsure(self, *, in_dialog: bool = False) -> Shown:
        return refused(self._words()("slack.unsure"), None, None, ANYWHERE, in_dialog=in_dialog)

    def _words(self) -> Words:
        """Of the team: who is asking is just what is not known."""
        return Words(self._desk.ports.policy.languages[0])


def _chosen(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[str, ...]:
    elements = (element for block in values.values() for element in block.values())
    users = (element.get("selected_user") for element in elements)
    return tuple(user for user in users if isinstance(user, str) and user)


def _read(view: Mapping[str, Any], cast: Cast) -> dict[str, str]:
    """Somebody whom Slack does not show us is no id of ours, and so nobody's."""
    try:
        values = read_values(view, cast.people.get)
    except UnknownPerson as unknown:
        return _read(_without(view, unknown), cast)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Odd("view.state") from None
    if not all(isinstance(value, str) for value in values.values()):
        raise Odd("view.state")
    return values


def _without(view: Mapping[str, Any], unknown: UnknownPerson) -> dict[str, Any]:
    state = dict(view["state"]["values"])
    state[unknown.field] = {"unknown": {"value": "nobody"}}
    return {**view, "state": {"values": state}}
