"""The one file with the SDK: it finds the handler and nothing more; and why nothing more is asked of it."""

from __future__ import annotations

from typing import Any

import pytest
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.core.teams import TeamsActivityHandler, TeamsInfo
from botbuilder.schema import Activity
from botbuilder.schema.teams import TeamsChannelAccount

from adapters.teams import activities
from adapters.teams.activity_handler import Adapter, Handler
from teams_activities import BOT, activity, executed, invoke, said, user_id

URL = "https://smba.trafficmanager.net/emea/"
PRESS = {"verb": "promise.done", "data": {"kept": "1:a:"}}


class Heard:
    """Takes the place of the listeners and of the happenings."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        async def call(shape: Any) -> Any:
            self.calls.append((name, shape))
            return {"answer": type(shape).__name__} if name == "invoke" else None

        return call


@pytest.fixture
def heard() -> Heard:
    return Heard()


async def dispatched(heard: Heard, payload: dict[str, Any]) -> Any:
    return await Adapter(Handler(heard, heard)).dispatch(activities.read(payload, URL))


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        (said("ana", "a:1", "hello"), "message"),
        (activity("message", "ana", "a:1", value={"kept": "1:a:", "verb": "x"}), "card_submit"),
        (activity("messageUpdate", "ana", "a:1"), "gone"),
        (activity("messageDelete", "ana", "a:1"), "gone"),
        (activity("installationUpdate", "ana", "a:1", action="add"), "happened"),
        (activity("installationUpdate", "ana", "a:1", action="remove-upgrade"), "happened"),
        (activity("conversationUpdate", "ana", "a:1", membersAdded=[{"id": BOT}]), "happened"),
        (activity("conversationUpdate", "ana", "a:1", membersRemoved=[{"id": user_id("ben")}]), "happened"),
        (
            activity("conversationUpdate", "ana", "a:1", channelData={"eventType": "channelShared"}),
            "happened",
        ),
    ],
)
async def test_each_activity_finds_its_listener_once(heard, payload, name):
    assert await dispatched(heard, payload) is None
    assert [call for call, _ in heard.calls] == [name]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("adaptiveCard/action", {"action": {"verb": "x", "data": {}}}, "CardAction"),
        ("task/fetch", {"data": {}}, "DialogFetch"),
        ("task/submit", {"data": {}}, "DialogSubmit"),
        ("composeExtension/fetchTask", {"commandId": "c"}, "ExtensionFetch"),
        ("composeExtension/submitAction", {"commandId": "c", "data": {}}, "ExtensionSubmit"),
        ("composeExtension/query", {"commandId": "c", "parameters": []}, "ExtensionQuery"),
    ],
)
async def test_an_invocation_is_answered_by_what_its_listener_returns(heard, name, value, kind):
    assert await dispatched(heard, invoke(name, "ana", "a:1", value)) == {"answer": kind}


async def test_what_a_listener_raises_reaches_the_server(heard):
    class Broken(Heard):
        def __getattr__(self, name: str) -> Any:
            async def call(shape: Any) -> Any:
                raise ZeroDivisionError

            return call

    for payload in (said("ana", "a:1", "hello"), executed("ana", "a:1", PRESS)):
        with pytest.raises(ZeroDivisionError):
            await dispatched(Broken(), payload)


async def test_nothing_is_ever_said_through_the_sdk(heard):
    adapter = Adapter(Handler(heard, heard))
    context = TurnContext(adapter, Activity(type="message"))
    with pytest.raises(NotImplementedError):
        await context.send_activity(Activity(type="message", text="hello"))
    with pytest.raises(NotImplementedError):
        await adapter.update_activity(context, Activity())
    with pytest.raises(NotImplementedError):
        await adapter.delete_activity(context, None)


# What the SDK does by itself (botbuilder-core 4.17.1): why it is given the outline of an activity alone.


class Recording(BotAdapter):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Activity] = []

    async def send_activities(self, context: TurnContext, sent: list[Activity]) -> list[Any]:
        self.sent += sent
        return [None for _ in sent]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None: ...

    async def delete_activity(self, context: TurnContext, reference: Any) -> None: ...


async def on_its_own(handler: TeamsActivityHandler, payload: dict[str, Any]) -> list[Activity]:
    adapter = Recording()
    await adapter.run_pipeline(TurnContext(adapter, Activity().deserialize(payload)), handler.on_turn)
    return adapter.sent


async def test_the_sdk_hands_an_action_over_as_a_plain_object_and_drops_its_trigger():
    found = []

    class Own(TeamsActivityHandler):
        async def on_adaptive_card_invoke(self, turn_context: TurnContext, invoke_value: Any) -> Any:
            found.append(invoke_value)

    await on_its_own(Own(), executed("ana", "a:1", PRESS, trigger="automatic"))
    assert isinstance(found[0].action, dict)
    assert getattr(found[0], "trigger", None) is None


def test_the_sdks_model_loses_the_tenant_of_a_conversation():
    payload = said("ana", "a:1", "hello")
    assert payload["conversation"]["tenantId"]
    assert Activity().deserialize(payload).conversation.tenant_id is None


@pytest.mark.parametrize("name", ["message/submitAction", "something/new"])
async def test_the_sdk_answers_what_it_does_not_know_with_501(name):
    [answer] = await on_its_own(TeamsActivityHandler(), invoke(name, "ana", "a:1", {}))
    assert answer.value.status == 501


async def test_the_sdk_looks_up_every_member_that_comes(monkeypatch):
    asked = []

    async def look_up(turn_context: TurnContext, member_id: str) -> Any:
        asked.append(member_id)
        return TeamsChannelAccount(id=member_id)

    monkeypatch.setattr(TeamsInfo, "get_member", look_up)
    came = [{"id": user_id(name)} for name in ("ana", "ben", "mia")]
    data = {"eventType": "teamMemberAdded", "team": {"id": "19:team"}}
    payload = activity("conversationUpdate", "ana", "a:1", membersAdded=came, channelData=data)
    await on_its_own(TeamsActivityHandler(), payload)
    assert len(asked) == len(came)
