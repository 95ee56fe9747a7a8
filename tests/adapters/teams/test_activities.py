"""What Teams sends, read into values: recorded payloads, and the ways in which they may be odd."""

from __future__ import annotations

import json

import pytest

from adapters.teams import activities
from adapters.teams.shapes import (
    CardAction,
    CardSubmit,
    ChannelChanged,
    DialogFetch,
    ExtensionFetch,
    ExtensionQuery,
    ExtensionSubmit,
    Gone,
    Installed,
    MembersChanged,
    Message,
    Pressed,
    Unheeded,
    Uninstalled,
    Unknown,
    act_of,
    replay_key,
)
from adapters.teams.whereabouts import Kind
from teams_activities import ACME, BOT, OURS, activity, carrying, executed, invoke, mention, said, user_id

URL = "https://smba.trafficmanager.net/emea/"
CHANNEL = "19:acme@thread.tacv2"

RECORDED = {
    "docs_composeExtension_message_action_channel": Unheeded,  # as published it lacks its name
    "docs_composeExtension_submitAction_compose": Unknown,  # and this one, whoever sent it
    "docs_conversationUpdate_bot_added_to_team": Installed,
    "docs_message_personal": Message,
    "made_conversationUpdate_channelShared": ChannelChanged,
    "made_conversationUpdate_channelUnshared": ChannelChanged,
    "playground_conversationUpdate_channel_teamMemberAdded": Installed,
    "playground_conversationUpdate_groupChat": Installed,
    "playground_conversationUpdate_personal": Installed,
    "playground_installationUpdate_channel": Installed,
    "playground_installationUpdate_groupChat": Installed,
    "playground_installationUpdate_personal": Installed,
    "playground_installationUpdate_personal_remove": Uninstalled,
    "playground_invoke_adaptiveCard_action_personal": CardAction,
    "playground_invoke_composeExtension_fetchTask_personal": ExtensionFetch,
    "playground_invoke_composeExtension_query_personal": ExtensionQuery,
    "playground_invoke_composeExtension_submitAction_personal": ExtensionSubmit,
    "playground_invoke_task_fetch_personal": DialogFetch,
    "playground_message_channel": Message,
    "playground_message_groupChat": Message,
    "playground_message_personal": Message,
    "playground_message_personal_submit": CardSubmit,
}


def read(payload):
    return activities.read(payload, URL)


def recorded(shared, name):
    return json.loads((shared / "vectors/teams" / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_payloads_are_what_they_are(shared, name):
    assert type(read(recorded(shared, name))) is RECORDED[name]


def test_no_recorded_payload_is_left_out(shared):
    assert {path.stem for path in (shared / "vectors/teams").glob("*.json")} == set(RECORDED)


def test_a_recorded_message_in_a_channel_says_where_who_and_to_whom(shared):
    message = read(recorded(shared, "playground_message_channel"))
    where = message.where
    assert (where.kind, where.conversation_id) == (Kind.CHANNEL, "19:team@thread.tacv2")
    assert where.thread_id == "1795299200305"
    assert where.host == "11111111-1111-1111-1111-111111111111"
    assert where.actor_object_id == "22222222-2222-2222-2222-222222222222"
    assert (where.zone, where.locale) == ("Asia/Calcutta", "en-US")
    assert [each.user_id for each in message.mentions] == [where.bot_id]
    assert where.mentioned == ()


def test_a_recorded_press_keeps_what_the_card_carried(shared):
    press = read(recorded(shared, "playground_invoke_adaptiveCard_action_personal"))
    assert (press.pressed.verb, press.message_id, press.is_refresh) == ("answer", "1795299187971", False)


def test_a_recorded_query_says_what_was_typed(shared):
    query = read(recorded(shared, "playground_invoke_composeExtension_query_personal"))
    assert (query.words, query.skip, query.count) == ("abc", 0, 25)


def test_a_press_reads_alike_whether_executed_or_submitted():
    action = {"verb": "promise.done", "data": {"kept": "1:a:b"}}
    press = read(executed("ana", "a:1", action, inputs={"note": "x"}, replyToId="7"))
    fallback = read(activity("message", "ana", "a:1", value=carrying("promise.done", "1:a:b", note="x")))
    assert press.pressed == fallback.pressed
    assert press.pressed == Pressed(verb="promise.done", carried="1:a:b", entered={"note": "x"})


def test_a_refresh_by_the_client_itself_is_no_press():
    action = {"verb": "promise.view", "data": {"kept": "1:a"}}
    assert read(executed("ana", "a:1", action, trigger="automatic")).is_refresh


def test_what_teams_adds_to_open_a_dialog_is_not_something_entered():
    data = carrying("teams.open_form", "abc", msteams={"type": "task/fetch"})
    assert read(invoke("task/fetch", "ana", "a:1", {"data": data})).pressed.entered == {}


def test_the_conversations_tenant_is_its_hosts_and_the_channel_data_has_the_last_word():
    """L27: and neither says who somebody is."""
    message = read(said("carla", CHANNEL, "hello", conversation_type="channel", host=ACME))
    assert message.where.host == ACME
    payload = said("ana", "a:1", "hello")
    del payload["channelData"]
    assert read(payload).where.host == OURS


def test_people_mentioned_leave_out_kept_itself_channels_and_bots():
    payload = said("ana", CHANNEL, "give it to @ben", "ben", conversation_type="channel")
    payload["entities"] += [mention("19:other@thread.tacv2", "Other"), mention("28:another", "Another")]
    assert read(payload).where.mentioned == (user_id("ben"),)


def test_another_bot_does_not_speak_to_kept():
    payload = said("ana", "a:1", "hello")
    payload["from"]["id"] = "28:another"
    assert read(payload) == Unheeded(kind="message of a bot")


@pytest.mark.parametrize("key", ["membersAdded", "membersRemoved"])
def test_kept_itself_among_the_members_comes_or_goes_and_others_are_news(key):
    came = activity("conversationUpdate", "ana", CHANNEL, conversation_type="channel")
    expected = Installed if key == "membersAdded" else Uninstalled
    assert type(read(came | {key: [{"id": user_id("ben")}, {"id": BOT}]})) is expected
    assert type(read(came | {key: [{"id": user_id("ben")}]})) is MembersChanged


def test_what_happens_to_a_channel_is_about_that_channel_wherever_it_is_told():
    told = activity(
        "conversationUpdate",
        "ana",
        "19:general@thread.tacv2",
        conversation_type="channel",
        channelData={"eventType": "channelRenamed", "channel": {"id": CHANNEL, "name": "Acme"}},
    )
    changed = read(told)
    assert (changed.change, changed.where.conversation_id) == ("channelRenamed", CHANNEL)
    assert changed.where.channel_name == "Acme"


def test_a_message_used_by_an_extension_keeps_its_words_and_its_link():
    link = "https://teams.microsoft.com/l/message/19:x@thread.skype/1611060744833"
    payload = {"id": "1611060744833", "linkToMessage": link, "body": {"contentType": "html", "content": "hi"}}
    value = {"commandId": "trackPromise", "commandContext": "message", "messagePayload": payload}
    quoted = read(invoke("composeExtension/fetchTask", "ana", "a:1", value)).quoted
    assert (quoted.text, quoted.is_html, quoted.link) == ("hi", True, link)
    payload["linkToMessage"] = "https://evil.example/l/message"
    assert read(invoke("composeExtension/fetchTask", "ana", "a:1", value)).quoted.link is None


def test_the_first_empty_search_is_a_search_for_everything():
    value = {"commandId": "myPromises", "parameters": [{"name": "initialRun", "value": "true"}]}
    assert read(invoke("composeExtension/query", "ana", "a:1", value)).words == ""


@pytest.mark.parametrize(("kind", "is_edit"), [("messageUpdate", True), ("messageDelete", False)])
def test_a_message_that_is_gone_is_named_and_not_quoted(kind, is_edit):
    shape = read(activity(kind, "ana", "19:c@thread.tacv2;messageid=7", id="9", text="Zebra"))
    assert isinstance(shape, Gone)
    assert (shape.id, shape.where.conversation_id, shape.is_edit) == ("9", "19:c@thread.tacv2", is_edit)
    assert "Zebra" not in repr(shape)


def test_a_bots_edits_and_deletions_undone_are_not_acted_on():
    edit = activity("messageUpdate", "ana", "a:1")
    assert read(edit | {"from": {"id": "28:another"}}) == Unheeded(kind="messageUpdate")
    undone = activity("messageUpdate", "ana", "a:1", channelData={"eventType": "undeleteMessage"})
    assert read(undone) == Unheeded(kind="messageUpdate")
    assert read({**edit, "recipient": None}) == Unheeded(kind="messageUpdate")


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "event", "x"])
def test_what_kept_does_not_act_on_is_not_odd(kind):
    assert read(activity(kind, "ana", "a:1")) == Unheeded(kind=kind)


@pytest.mark.parametrize("thread", ["19:meeting_abc@thread.v2", "19:a_b@unq.gbl.spaces"])
def test_a_thread_is_no_personal_chat_whatever_it_is_called(thread):
    """Else a meeting's chat could become where somebody is told what is for them alone (L37)."""
    named = {"id": thread, "conversationType": "personal"}
    assert read(said("ana", "a:1", "hi") | {"conversation": named}).where.kind is Kind.GROUP


@pytest.mark.parametrize(
    ("data", "kind"), [({"team": {"id": "19:t"}}, Kind.CHANNEL), ({}, Kind.GROUP), (None, Kind.GROUP)]
)
def test_where_teams_does_not_say_what_a_conversation_is_others_are_there(data, kind):
    payload = said("ana", "19:x", "hello") | {"conversation": {"id": "19:x"}, "channelData": data}
    assert read(payload).where.kind is kind


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"conversation": None}, "conversation"),
        ({"conversation": {"id": "a:1", "conversationType": "meeting"}}, "conversation.conversationType"),
        ({"conversation": {"id": "a 1", "conversationType": "personal"}}, "conversation.id"),
        ({"conversation": {"id": "a" * 401, "conversationType": "personal"}}, "conversation.id"),
        ({"from": {}}, "from.id"),
        ({"recipient": {"id": 7}}, "recipient.id"),
        ({"id": ""}, "id"),
        ({"text": ["a"]}, "text"),
        ({"entities": {"type": "mention"}}, "entities"),
        ({"channelData": "x"}, "channelData"),
        ({"value": []}, "value"),
    ],
)
def test_what_is_not_as_documented_is_told_by_its_path(change, reason):
    odd = read(said("ana", "a:1", "hello") | change)
    assert isinstance(odd, Unknown)
    assert odd.reason == reason


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"type": 7}, {"type": "invoke", "name": ["a"]}])
def test_nothing_at_all_is_no_crash(payload):
    assert isinstance(read(payload), (Unknown, Unheeded))


def test_a_message_delivered_again_under_a_new_id_is_the_same_message():
    """F29."""
    payload = said("ana", "a:1", "promise Acme: send it by Friday")
    assert replay_key(read(payload)) == replay_key(read(payload | {"id": "another"}))
    assert replay_key(read(payload)) != replay_key(
        read(said("ana", "a:1", "promise Acme: send it by Friday"))
    )


def test_a_press_delivered_again_under_a_new_id_is_the_same_act():
    """F29."""
    action = {"verb": "promise.done", "data": {"kept": "1:a:b"}}
    first, second = (read(executed("ana", "a:1", action, replyToId="7")) for _ in range(2))
    other = read(executed("ana", "a:1", action, replyToId="8"))
    assert act_of(first) == act_of(second) != act_of(other)
    assert replay_key(first) != replay_key(second)
    assert act_of(read(said("ana", "a:1", "hello"))) is None
