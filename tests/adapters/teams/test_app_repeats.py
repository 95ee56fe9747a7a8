"""What Teams delivers twice has one effect, and an answer each time (F29)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.teams.activities import read
from adapters.teams.repeats import REMEMBERED_AT_MOST, REMEMBERED_S, Answer, Repeats
from commitments.promise import State
from fake_connector import Refuses
from teams_activities import carrying, executed, invoke, personal_id, said
from teams_tenant import ANA, SHARED, SUBJECT, Kept, action, kept, words

BY_FRIDAY = f"promise Acme: {SUBJECT} by 2026-11-27"


def numbered(app: Kept, number: int = 1):
    return app.read(lambda uow: uow.promises.numbered(number))


async def test_a_message_that_comes_twice_makes_one_promise_and_gets_one_answer(app):
    payload = app.words(ANA, BY_FRIDAY)
    before = len(app.fake.posts)
    answers = await asyncio.gather(*(app.send(payload) for _ in range(5)))
    again = await app.send(payload | {"id": "under-a-new-id"})
    assert {*answers, again} == {(200, None)}
    assert len(app.fake.posts) == before + 1
    assert len(numbered(app)) == 1
    assert numbered(app, 2) == []


async def test_the_same_words_said_again_are_said_twice(app):
    for _ in range(2):
        await app.say(ANA, "heard Acme: the export is too slow")
    acme = app.read(lambda uow: uow.partnerships.named("Acme"))
    assert len(app.read(lambda uow: uow.partnerships.voices(acme.id))) == 2


@pytest.mark.parametrize("new_id", [None, "under-a-new-id"])
async def test_a_press_that_comes_twice_is_answered_alike_and_done_once(app, new_id):
    await app.has_made()
    made = await app.current()
    press = executed(ANA, personal_id(ANA), action(made, "promise.done"), service_url=app.fake.service_url)
    status, first = await app.send(press)
    assert (status, await app.send(press | ({"id": new_id} if new_id else {}))) == (200, (200, first))
    [promise] = numbered(app)
    assert promise.state is State.DELIVERED
    facts = app.read(lambda uow: uow.promises.facts(promise.id))
    assert [fact.kind.value for fact in facts].count("delivered") == 1


async def test_a_form_that_is_sent_twice_is_saved_once(app):
    task = await app.open_form(ANA, await app.say(ANA, "promise", place=SHARED))
    await app.submit(ANA, task, title="Send it", due="2026-11-27")
    await app.say(ANA, "help")  # so that it is not taken for the same act
    assert await app.submit(ANA, task, title="Send it", due="2026-11-27") == {}
    assert len(numbered(app)) == 1
    assert numbered(app, 2) == []


async def test_after_a_restart_what_was_done_is_not_done_again(app, sqlite_engine, teams, login, clock):
    payload = app.words(ANA, BY_FRIDAY)
    await app.send(payload)
    made = await app.current()
    press = executed(ANA, personal_id(ANA), action(made, "promise.done"), service_url=app.fake.service_url)
    await app.send(press)
    before = len(app.fake.posts)
    async with kept(sqlite_engine, teams, login, clock) as reborn:
        assert await reborn.send(payload) == (200, None)
        status, answer = await reborn.send(press)
    assert len(app.fake.posts) == before
    assert numbered(app, 2) == []
    assert (status, answer["statusCode"]) == (200, 200)


async def test_after_a_restart_messages_wait_for_the_login_however_long_it_is_away(
    app, sqlite_engine, teams, login, clock
):
    """Nobody has been looked at yet, and what could not even be asked costs no attempt."""
    form = await app.press(ANA, action(await app.has_made(), "promise.share"))
    await app.fill(ANA, form)
    before = len(app.posts(SHARED))
    login.fail(10_000)
    async with kept(sqlite_engine, teams, login, clock) as reborn:
        for _ in range(24):
            await reborn.wait(timedelta(minutes=5))
        assert len(app.posts(SHARED)) == before
        assert reborn.read(lambda uow: uow.outbox.dead()) == []
        login.instead.clear()
        await reborn.wait(timedelta(minutes=1))
        assert SUBJECT in words(reborn.posts(SHARED)[before:])


async def test_two_thousand_presses_each_repeated_have_one_effect_each():
    repeats, done = Repeats(lambda: 0.0), []

    async def work(key: str):
        done.append(key)
        await asyncio.sleep(0)
        return Answer(body={"n": len(done)})

    for n in range(2_000):
        press = executed(ANA, "a:1", {"verb": "promise.done", "data": {"kept": f"1:{n}:"}})
        first, same, renewed = await asyncio.gather(
            *(repeats.once(read(each, "https://x/"), work) for each in (press, press, press | {"id": "new"}))
        )
        assert first == same == renewed
    assert len(done) == 2_000


async def test_the_same_press_later_or_after_something_else_is_a_new_one():
    now = [0.0]
    repeats, done = Repeats(lambda: now[0]), []

    async def work(key: str):
        done.append(key)
        return Answer()

    def press():
        return read(executed(ANA, "a:1", {"verb": "promise.done", "data": {"kept": "1:a:"}}), "https://x/")

    await repeats.once(press(), work)
    await repeats.once(press(), work)
    assert len(done) == 1
    await repeats.once(
        read(invoke("task/submit", ANA, "a:1", {"data": carrying("x", "y")}), "https://x/"), work
    )
    await repeats.once(press(), work)
    assert len(done) == 3
    now[0] += REMEMBERED_S + 1
    await repeats.once(press(), work)
    assert len(done) == 4


async def test_what_was_refused_may_be_asked_for_again_at_once():
    repeats, done = Repeats(lambda: 0.0), []

    async def work(key: str):
        done.append(key)
        return Answer(is_refusal=True)

    for _ in range(2):
        press = executed(ANA, "a:1", {"verb": "promise.done", "data": {"kept": "1:a:"}})
        await repeats.once(read(press, "https://x/"), work)
        await repeats.once(read(press, "https://x/"), work)
    assert len(done) == 2


async def test_what_failed_is_tried_again_and_little_is_remembered():
    repeats = Repeats(lambda: 0.0)
    shape = read(said(ANA, "a:1", "hello"), "https://x/")

    async def broken(key: str):
        raise OSError

    async def work(key: str):
        return Answer(body={"key": key})

    with pytest.raises(OSError):
        await repeats.once(shape, broken)
    assert await repeats.once(shape, work)
    for n in range(2 * REMEMBERED_AT_MOST):
        await repeats.once(read(said(ANA, f"a:{n}", "hello"), "https://x/"), work)
    assert max(len(repeats._by_key), len(repeats._last)) <= REMEMBERED_AT_MOST


async def test_what_could_not_be_done_is_done_when_it_is_pressed_again(app):
    await app.has_made()
    made = await app.current()
    app.clock.advance(timedelta(minutes=11))
    app.fake.misbehave("member", Refuses(503, "ServiceUnavailable"))
    answer = await app.press(ANA, action(made, "promise.done"))
    assert "who is asking" in words(answer)
    assert "who is asking" not in words(await app.press(ANA, action(made, "promise.done")))
