"""Every flow from a signed activity to what Teams takes: capture, show, renegotiate, answer, celebrate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.teams.cards import OPEN_FORM
from adaptive_card_rules import wrong_with_card
from commitments.promise import State
from teams_activities import object_id, personal_id
from teams_tenant import (
    ANA,
    BEN,
    CARLA,
    MIA,
    NOOR,
    SHARED,
    SUBJECT,
    TEAM_ROOM,
    Kept,
    action,
    entered,
    verbs,
    words,
)

BY_FRIDAY = f"promise Acme: {SUBJECT} by 2026-11-27"
LINK = "https://teams.microsoft.com/l/message/19:acme@thread.tacv2/1611060744833"


def the_promise(app: Kept):
    [promise] = app.read(lambda uow: uow.promises.numbered(1))
    return promise


def owner_of(app: Kept, promise):
    return app.read(lambda uow: uow.people.get(promise.owner_id))


def form_in(task):
    return task["value"]["card"]["content"]


# Capture


async def test_words_in_private_are_answered_with_the_promise_itself(app):
    made = await app.say(ANA, BY_FRIDAY)
    assert SUBJECT in words(made)
    assert "promise.share" in verbs(made)
    assert the_promise(app).state is State.OPEN


async def test_a_mention_in_a_channel_is_answered_in_private_and_the_channel_hears_nothing(app):
    before = len(app.posts(SHARED))
    made = await app.say(ANA, BY_FRIDAY, place=SHARED)
    assert SUBJECT in words(made)
    assert app.direct(ANA)[-1] == made
    assert len(app.posts(SHARED)) == before


async def test_words_that_are_not_certain_are_asked_about_in_a_dialog(app):
    asked = await app.say(ANA, "promise send it sometime", place=SHARED)
    assert verbs(asked) == [OPEN_FORM]
    task = await app.open_form(ANA, asked)
    assert task["type"] == "continue"
    assert entered(form_in(task))["title"] == "send it sometime"
    answer = await app.submit(ANA, task, due="2026-11-27")
    assert "send it sometime" in words(answer)
    promise = the_promise(app)
    assert promise.title == "send it sometime"
    assert promise.partnership_id == app.read(lambda uow: uow.partnerships.named("Acme")).id


async def test_the_command_alone_asks_for_everything(app):
    asked = await app.say(ANA, "promise")
    assert "Make a promise" in words(asked)
    task = await app.open_form(ANA, asked)
    assert {"title", "due", "owner"} <= set(entered(form_in(task)))


async def test_a_button_that_opens_a_form_stands_below_what_the_form_is_for(app):
    await app.has_made(BY_FRIDAY)
    shown = words(await app.say(ANA, "promise show P-1"))
    assert "Show to Acme" in shown
    assert SUBJECT in shown
    doubtful = words(await app.say(ANA, "promise renegotiate P-1 to when pigs fly"))
    assert "Change the date" in doubtful
    assert "when pigs fly" not in doubtful
    assert "date" in doubtful


async def test_a_new_partnership_is_said_to_be_there_with_its_form_behind_a_button(app):
    begun = await app.say(ANA, "partner new Zeta")
    assert "Zeta is saved, and you lead it." in words(begun)
    assert "@Kept partner link Zeta" in words(begun)
    assert OPEN_FORM not in verbs(begun)
    form = await app.press(ANA, action(begun, "partnership.edit"))
    assert {"purpose", "rhythm"} <= set(entered(form))


async def test_a_form_that_lacks_something_comes_back_with_the_error_beside_its_field(app):
    task = await app.open_form(ANA, await app.say(ANA, "promise", place=SHARED))
    again = await app.submit(ANA, task, title="Send it", due="when pigs fly")
    assert again["type"] == "continue"
    assert "⚠️" in words(again)
    assert entered(form_in(again))["title"] == "Send it"
    assert app.read(lambda uow: uow.promises.numbered(1)) == []
    await app.submit(ANA, again, due="2026-11-27")
    assert the_promise(app).title == "Send it"


async def test_a_mentioned_colleague_is_asked_to_own_it(app):
    await app.say(ANA, f"{BY_FRIDAY} @noor", NOOR, place=TEAM_ROOM)
    await app.deliver()
    promise = the_promise(app)
    assert promise.state is State.PROPOSED
    assert owner_of(app, promise).name == "Noor"
    assert SUBJECT in words(app.direct(NOOR))


async def test_a_message_becomes_a_promise_with_its_quote_and_its_link(app):
    payload = {
        "id": "1611060744833",
        "linkToMessage": LINK,
        "body": {"contentType": "html", "content": "<div>We need the &lt;SOC 2&gt; report</div>"},
    }
    value = {"commandId": "trackPromise", "commandContext": "message", "messagePayload": payload}
    task = (await app.extension(ANA, "fetchTask", value, SHARED))["task"]
    assert "We need the <SOC 2> report" in words(task)
    [press] = [each for each in task["value"]["card"]["content"]["body"] if each["type"] == "ActionSet"]
    data = {**press["actions"][0]["data"], **entered(form_in(task)), "title": "Send it", "due": "2026-11-27"}
    answer = await app.extension(ANA, "submitAction", {"commandId": "trackPromise", "data": data}, SHARED)
    assert "Send it" in words(answer)
    source = the_promise(app).source
    assert (source.quote, source.link) == ("We need the <SOC 2> report", LINK)


@pytest.mark.parametrize("writer", [ANA, CARLA])
async def test_a_message_with_several_promises_becomes_one_form_of_its_writers_promises(app, writer):
    payload = {
        "id": "1611060744833",
        "linkToMessage": LINK,
        "from": {"user": {"userIdentityType": "aadUser", "id": object_id(writer)}},
        "body": {
            "contentType": "text",
            "content": "I'll send the logs by 2026-11-27. And I'll fix the export by 2026-11-26.",
        },
    }
    value = {"commandId": "trackPromise", "commandContext": "message", "messagePayload": payload}
    task = (await app.extension(ANA, "fetchTask", value, SHARED))["task"]
    [press] = [each for each in task["value"]["card"]["content"]["body"] if each["type"] == "ActionSet"]
    data = {**press["actions"][0]["data"], **entered(form_in(task))}
    answer = await app.extension(ANA, "submitAction", {"commandId": "trackPromise", "data": data}, SHARED)
    assert "Recorded 2 promises" in words(answer)
    assert owner_of(app, the_promise(app)).account.endswith(object_id(writer))


async def test_notes_said_to_kept_are_pasted_into_a_dialog_and_looked_through(app):
    task = await app.open_form(ANA, await app.say(ANA, "promise notes", place=SHARED))
    review = await app.submit(ANA, task, notes="Ana: I'll send it by 2026-11-27\nBen: I'll fix it by someday")
    assert entered(form_in(review))["keep_1"] == "keep"
    wrong = await app.submit(ANA, review, due_1="when pigs fly")
    assert "⚠️" in words(wrong)
    answer = await app.submit(ANA, wrong, due_1="2026-11-27")
    assert "Recorded one promise" in words(answer)


async def test_the_compose_box_opens_an_empty_form(app):
    value = {"commandId": "makePromise", "commandContext": "compose"}
    task = (await app.extension(ANA, "fetchTask", value, SHARED))["task"]
    assert entered(form_in(task))["title"] == ""


async def test_an_extension_works_where_kept_is_not_and_the_promise_stays_private(app):
    value = {"commandId": "makePromise", "commandContext": "compose"}
    task = (await app.extension(ANA, "fetchTask", value, "19:elsewhere@thread.v2"))["task"]
    assert "title" in entered(form_in(task))


@pytest.mark.parametrize(
    "text", ["win Acme: first joint release", "heard Acme: the export is too slow", "/heard Acme: it hangs"]
)
async def test_wins_and_voices_are_written_down(app, text):
    answer = await app.say(ANA, text, place=TEAM_ROOM)
    assert text.partition(": ")[2] in words(answer)


# Words that name no command


@pytest.mark.parametrize("text", ["", "hello there", "help", "promise help"])
async def test_in_private_anything_else_is_answered_with_what_kept_can_do(app, text):
    assert "What Kept does" in words(await app.say(ANA, text))


@pytest.mark.parametrize(("text", "expected"), [("", "What Kept does"), ("help", "What Kept does")])
async def test_a_bare_mention_is_answered_with_what_kept_can_do(app, text, expected):
    assert expected in words(await app.say(ANA, text, place=SHARED))


async def test_link_alone_is_about_linking_and_no_promise(app):
    answer = await app.say(ANA, "link", place=TEAM_ROOM)
    assert "customer" in words(answer)
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


async def test_what_is_said_without_a_mention_is_not_to_kept(app):
    payload = app.words(ANA, BY_FRIDAY, place=SHARED)
    payload |= {"entities": [], "text": BY_FRIDAY}
    before = len(app.fake.posts)
    assert await app.send(payload) == (200, None)
    assert len(app.fake.posts) == before
    assert app.read(lambda uow: uow.promises.numbered(1)) == []


# Show, and answer


async def test_showing_asks_with_the_exact_words_and_publishes_one_card(app):
    made = await app.has_made()
    form = await app.press(ANA, action(made, "promise.share"))
    assert "Acme" in words(form)
    before = len(app.posts(SHARED))
    await app.fill(ANA, form)
    await app.deliver()
    [card] = app.posts(SHARED)[before:]
    assert SUBJECT in words(card)
    assert wrong_with_card(card) == []


async def test_the_customer_asks_for_another_date_on_the_card_and_it_is_edited(app):
    offered = await app.has_offered()
    assert "The auditor is late" in words(offered)
    asked = [post for post in app.fake.posts if "renegotiation.accept" in verbs(post.activity)]
    assert asked[-1].conversation.startswith(f"{SHARED};messageid=")
    answer = await app.press(CARLA, action(offered, "renegotiation.accept"), SHARED)
    assert "renegotiation.accept" not in verbs(answer)
    await app.deliver()
    assert the_promise(app).due.at.date().isoformat() == "2026-12-04"
    assert app.fake.updates[-1].conversation == SHARED


async def test_the_customer_confirms_and_the_owner_hears_in_private(app):
    await app.has_shown()
    done = await app.press(ANA, action(await app.current(), "promise.done"))
    if "verb" not in done and entered(done):
        await app.fill(ANA, done)
    await app.deliver()
    assert the_promise(app).state is State.DELIVERED
    card = next(each for each in reversed(app.posts(SHARED)) if "promise.confirm" in verbs(each))
    await app.press(CARLA, action(card, "promise.confirm"), SHARED)
    await app.deliver()
    assert the_promise(app).state is State.KEPT
    assert "Carla" in words(app.direct(ANA)[-1])


async def test_a_form_for_a_customer_stands_in_place_of_the_card_they_pressed(app):
    await app.has_shown()
    task = await app.say(BEN, "partner Acme")
    assert "Acme" in words(task)
    card = app.posts(SHARED)[-1]
    answer = await app.press(CARLA, action(card, "promise.how_is_it"), SHARED)
    assert words(answer)
    await app.deliver()
    assert "Carla" in words(app.direct(ANA)[-1])


# Nudges


async def test_a_nudge_comes_by_itself_in_private_and_is_answered_in_its_place(app):
    await app.has_made(f"promise Acme: {SUBJECT} by 2026-11-18")
    before = len(app.direct(ANA))
    await app.wait(timedelta(days=1))
    [nudge] = app.direct(ANA)[before:]
    assert SUBJECT in words(nudge)
    post = [each for each in app.fake.posts if each.conversation == personal_id(ANA)][-1]
    answer = await app.press(ANA, action(nudge, "promise.on_track"), message=post.id)
    assert SUBJECT in words(answer)
    await app.deliver()
    assert app.fake.updates[-1].id == post.id


# Search


async def test_a_search_finds_what_the_customer_sees_and_nothing_else(app):
    await app.has_shown()
    await app.say(ANA, "promise Acme: a private matter by 2026-11-28")
    query = {"commandId": "myPromises", "parameters": [{"name": "words", "value": ""}]}
    found = (await app.extension(ANA, "query", query, SHARED))["composeExtension"]
    [result] = found["attachments"]
    assert SUBJECT in words(result["content"])
    assert verbs(result["content"]) == []
    assert result["preview"]["content"]["title"]
    query["parameters"][0]["value"] = "private"
    nothing = (await app.extension(ANA, "query", query, SHARED))["composeExtension"]
    assert nothing["type"] == "message"


async def test_a_search_offers_nothing_where_kept_cannot_see_who_reads(app):
    await app.has_shown()
    query = {"commandId": "myPromises", "parameters": [{"name": "words", "value": ""}]}
    found = (await app.extension(ANA, "query", query, "19:elsewhere@thread.v2"))["composeExtension"]
    assert found["type"] == "message"
    assert "Add me" in found["text"]


async def test_a_manager_sees_the_list_of_a_customer(app):
    await app.has_made()
    assert SUBJECT in words(await app.say(MIA, "promise list Acme"))


async def test_commands_are_named_as_one_says_them_on_teams(app):
    helped = words(await app.say(ANA, "help"))
    assert "@Kept promise list" in helped
    assert "/promise" not in helped


async def test_what_help_says_to_type_works_where_nothing_is_mentioned(app):
    assert "What Kept does" not in words(await app.say(ANA, "@Kept promise list"))


async def test_nothing_that_is_between_us_is_ever_in_the_shared_channel(app):
    """L02, L32, L33: a life of a promise, a note on it, nudges; all of it asked for in that very channel."""
    await app.has_shown()
    for text in ("note Acme P-1 sesame opens", "list", "Acme P-1", "list Acme", "settings", "help"):
        await app.say(ANA, f"promise {text}", place=SHARED)
    for _ in range(12):
        await app.wait(timedelta(days=1))
    assert "sesame" in words(app.direct(ANA))
    sent = [*app.fake.posts, *app.fake.updates]
    there = [each.activity for each in sent if each.conversation.startswith(SHARED)]
    assert SUBJECT in words(there)
    for ours in ("sesame", "overdue", "nudge", "snooze", "promise.on_track", "settings"):
        assert ours not in words(there).casefold()
    answer = await app.press(CARLA, action(app.posts(SHARED)[-1], "promise.how_is_it"), SHARED)
    assert "sesame" not in words(answer)
