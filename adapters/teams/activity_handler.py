"""The one file that knows Microsoft's SDK: botbuilder finds the handler for an activity, and no more.

What it would do besides is ours and stays outside: checking tokens, fetching them, speaking to the connector,
reading payloads. So moving on to its successor means rewriting this file. The SDK's models lose fields (the
conversation's tenant, an action's trigger), hence only the outline of an activity goes through them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ActivityTypes, ConversationAccount, ResourceResponse

from adapters.teams.happenings import Happenings
from adapters.teams.listeners import Listeners
from adapters.teams.shapes import (
    CardAction,
    CardSubmit,
    ChannelChanged,
    DialogFetch,
    DialogSubmit,
    ExtensionFetch,
    ExtensionQuery,
    ExtensionSubmit,
    Gone,
    Heeded,
    Installed,
    MembersChanged,
    Message,
    Uninstalled,
)
from adapters.teams.spans import Json

_SHAPE, _ANSWER = "kept.shape", "kept.answer"  # in the state of one turn
_TYPES: dict[type, str] = {
    Message: ActivityTypes.message,
    CardSubmit: ActivityTypes.message,
    Installed: ActivityTypes.installation_update,
    Uninstalled: ActivityTypes.installation_update,
    MembersChanged: ActivityTypes.conversation_update,
    ChannelChanged: ActivityTypes.conversation_update,
}


class Handler(TeamsActivityHandler):  # type: ignore[misc]  # the SDK is untyped
    """By the type of an activity. The SDK answers some invocations by itself, so all are taken here."""

    def __init__(self, listeners: Listeners, happenings: Happenings) -> None:
        self._listeners = listeners
        self._happenings = happenings

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        match turn_context.turn_state[_SHAPE]:
            case CardSubmit() as pressed:
                await self._listeners.card_submit(pressed)
            case Message() as message:
                await self._listeners.message(message)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._listeners.gone(turn_context.turn_state[_SHAPE])

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._listeners.gone(turn_context.turn_state[_SHAPE])

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        match turn_context.turn_state[_SHAPE]:
            case (
                CardAction()
                | DialogFetch()
                | DialogSubmit()
                | ExtensionFetch()
                | ExtensionSubmit()
                | ExtensionQuery() as shape
            ):
                return InvokeResponse(status=200, body=await self._listeners.invoke(shape))
        return InvokeResponse(status=200, body=None)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._happenings.happened(turn_context.turn_state[_SHAPE])

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Not the SDK's own, which looks up every member that came (one request each)."""
        await self._happenings.happened(turn_context.turn_state[_SHAPE])


class Adapter(BotAdapter):  # type: ignore[misc]
    """Runs a handler over one activity; whatever is said goes out by the connector of our own."""

    def __init__(self, handler: Handler) -> None:
        super().__init__(on_turn_error=_escape)
        self._handler = handler

    async def dispatch(self, shape: Heeded) -> Json | None:
        """The body that answers an invocation. Whatever a listener raises escapes."""
        context = TurnContext(self, _outline(shape))
        context.turn_state[_SHAPE] = shape
        await self.run_pipeline(context, self._handler.on_turn)
        answer: Json | None = context.turn_state.get(_ANSWER)
        return answer

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        """The SDK hands an invocation's answer over as if it were a message."""
        for each in activities:
            if each.type != ActivityTypes.invoke_response:
                raise NotImplementedError("messages go out by the connector")
            context.turn_state[_ANSWER] = each.value.body
        return [ResourceResponse() for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> NoReturn:
        raise NotImplementedError("messages are edited by the connector")

    async def delete_activity(self, context: TurnContext, reference: Any) -> NoReturn:
        raise NotImplementedError("messages are deleted by the connector")


def _outline(shape: Heeded) -> Activity:
    where = shape.where
    return Activity(
        type=shape.kind if isinstance(shape, Gone) else _TYPES.get(type(shape), ActivityTypes.invoke),
        id=shape.id,
        channel_id="msteams",
        service_url=where.service_url,
        conversation=ConversationAccount(id=where.conversation_id, conversation_type=where.kind.value),
    )


async def _escape(_: TurnContext, error: Exception) -> NoReturn:
    raise error
