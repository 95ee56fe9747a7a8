"""The playground over HTTP: the page, its JSON, its live updates. Acts run one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from aiohttp import web

from adapters.loopback import only_from_here
from adapters.playground.clock import FARTHEST, read_duration, step
from adapters.playground.guard import add_headers
from adapters.playground.html import Reading, message_body
from adapters.playground.json_shapes import Call, answer_json, read_call, read_moment, state_json
from adapters.playground.live import Live
from adapters.playground.messages import Message
from adapters.playground.page import render, screen
from adapters.playground.playing import Answer, Malformed, Playground, View
from adapters.playground.story import Step, play_next, steps
from adapters.slack.preview import as_slack
from adapters.teams.messages import plain_activity
from adapters.teams.preview import as_teams
from adapters.web import Pool, error_response
from bot import sweeps
from bot.wording import words_for

STATIC = Path(__file__).with_name("static")
SLOWEST_READ_S = 10  # of one request's body: nobody may hold a turn open

P = ParamSpec("P")
T = TypeVar("T")
Handler = Callable[["Routes", web.Request], Awaitable[web.StreamResponse]]


def answers_malformed(handler: Handler) -> Handler:
    """A call that cannot be meant gets 400 and what is wrong with it."""

    @wraps(handler)
    async def handle(self: Routes, request: web.Request) -> web.StreamResponse:
        try:
            return await handler(self, request)
        except Malformed as malformed:
            return error_response(400, str(malformed))

    return handle


class Routes:
    def __init__(self, playground: Playground, pool: Pool) -> None:
        self._playground = playground
        self._pool = pool
        self._live = Live()
        self._one_at_a_time = asyncio.Lock()  # a jump of the clock is not to be overtaken

    def add_to(self, app: web.Application) -> None:
        app.middlewares.append(only_from_here)
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._live.close)
        router = app.router
        router.add_get("/", self.page)
        router.add_get("/playground/state", self.state)
        router.add_post("/playground/say", self.say)
        router.add_post("/playground/press", self.press)
        router.add_post("/playground/submit", self.submit)
        router.add_post("/playground/read", self.read)
        router.add_post("/playground/advance", self.advance)
        router.add_get("/playground/story", self.story)
        router.add_post("/playground/story", self.play_story)
        router.add_get("/playground/message/{ref}", self.look)
        router.add_get("/playground/events", self.events)
        router.add_static("/playground/static", STATIC)

    async def act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One act at a time; open pages hear that something may have changed."""
        async with self._one_at_a_time:
            try:
                return await self._pool.run(work, *args, **kwargs)
            finally:
                self._live.tell()

    async def sweep(self, work: Callable[[], int]) -> int:
        """A tick of the scheduler, which mostly changes nothing."""
        async with self._one_at_a_time:
            done = await self._pool.run(work)
        if done:
            self._live.tell()
        return done

    @answers_malformed
    async def page(self, request: web.Request) -> web.StreamResponse:
        text = await self._pool.run(self._page, request.query.get("as"), request.query.get("place"))
        return web.Response(text=text, content_type="text/html")

    @answers_malformed
    async def state(self, request: web.Request) -> web.StreamResponse:
        view = await self._pool.run(self._playground.view, request.query.get("as"))
        return web.json_response(state_json(view))

    @answers_malformed
    async def say(self, request: web.Request) -> web.StreamResponse:
        call = await _call(request)
        person, place = call.name("person"), call.name("place")
        text, reply_to = call.text("text"), call.maybe_name("reply_to")
        return _answer(await self.act(self._playground.say, person, place, text, reply_to))

    @answers_malformed
    async def press(self, request: web.Request) -> web.StreamResponse:
        call = await _call(request)
        person, message, verb = call.name("person"), call.name("message"), call.name("verb")
        value = call.maybe_name("value")
        return _answer(await self.act(self._playground.press, person, message, verb, value))

    @answers_malformed
    async def submit(self, request: web.Request) -> web.StreamResponse:
        call = await _call(request)
        person, form, values = call.name("person"), call.name("form"), call.texts("values")
        return _answer(await self.act(self._playground.submit, person, form, values))

    @answers_malformed
    async def read(self, request: web.Request) -> web.StreamResponse:
        """No act: it changes nothing, and waits for no turn."""
        call = await _call(request)
        person, form, field = call.name("person"), call.name("form"), call.name("field")
        found = await self._pool.run(self._playground.read, person, form, field, call.texts("values"))
        words, is_certain = (found.words, found.is_certain) if found else (None, False)
        return web.json_response({"words": words, "certain": is_certain})

    @answers_malformed
    async def advance(self, request: web.Request) -> web.StreamResponse:
        target = await self._pool.run(self._target, await _call(request))
        if target is not None:
            await self._jump(target)
        return web.json_response({"now": self._playground.clock.now().isoformat()})

    async def _jump(self, target: datetime) -> None:
        """From one due moment to the next; pages may read in between."""
        async with self._one_at_a_time:
            while await self._pool.run(step, self._playground.ports, self._playground.clock, target):
                self._live.tell()
        self._live.tell()

    @answers_malformed
    async def story(self, _: web.Request) -> web.StreamResponse:
        told = await self._pool.run(steps, self._playground)
        return web.json_response({"steps": [self._step_json(each) for each in told]})

    @answers_malformed
    async def play_story(self, request: web.Request) -> web.StreamResponse:
        if not (await _call(request)).is_true("next"):
            raise Malformed("next: expected true")
        scene = await self.act(play_next, self._playground)
        return web.json_response(
            {"person": scene.person, "place": scene.place, "message": scene.message, "error": scene.error}
        )

    @answers_malformed
    async def look(self, request: web.Request) -> web.StreamResponse:
        person = request.query.get("as", "")
        message = await self._pool.run(self._playground.look, person, request.match_info["ref"])
        if message is None:
            return error_response(404, "no such message for this person")
        match request.query.get("format"):
            case "text":
                return web.Response(text=message.text)
            case "html":
                return web.Response(
                    text=await self._pool.run(self._html, person, message), content_type="text/html"
                )
            case "slack":
                return web.json_response(as_slack(message.card) if message.card else {"text": message.text})
            case "teams":
                return web.json_response(
                    as_teams(message.card) if message.card else plain_activity(message.text)
                )
        raise Malformed("format: one of slack, teams, html, text")

    @answers_malformed
    async def events(self, request: web.Request) -> web.StreamResponse:
        await self._pool.run(self._playground.view, request.query.get("as"))
        return await self._live.stream(request)

    def _page(self, person_id: str | None, place_id: str | None) -> str:
        people = self._playground.view(None).people
        view = self._playground.view(person_id if person_id in people else next(iter(people)))
        counts = self._playground.messages.counts_for(view.person.id) if view.person else {}
        languages = self._playground.ports.policy.languages
        return render(screen(view, place_id, steps(self._playground), counts, languages))

    def _html(self, person_id: str, message: Message) -> str:
        view = self._playground.view(person_id)
        return message_body(message, self._reading(view))

    def _reading(self, view: View) -> Reading:
        if view.person is None:
            raise Malformed("as: missing")
        say = words_for(view.person.language, view.person.locale, self._playground.ports.policy.languages)
        return Reading(person=view.person, say=say, people=view.people)

    def _target(self, call: Call) -> datetime | None:
        """Where the clock is to go; None when nothing will ever happen by itself."""
        now = self._playground.clock.now()
        match call.only("to", "by", "next"):
            case "next":
                if not call.is_true("next"):
                    raise Malformed("next: expected true")
                return sweeps.next_moment(self._playground.ports)
            case "by":
                return _within_reach(now, now + _duration(call.text("by")))
            case _:
                return _within_reach(now, read_moment(call.text("to")))

    def _step_json(self, step: Step) -> dict[str, Any]:
        languages = self._playground.ports.policy.languages
        say = words_for(None, "", languages)
        return {
            "id": step.id,
            "title": say(f"playground.step.{step.id}.title"),
            "text": say(f"playground.step.{step.id}.text"),
            "person": step.person,
            "done": step.is_done,
        }


async def _call(request: web.Request) -> Call:
    try:
        async with asyncio.timeout(SLOWEST_READ_S):
            return read_call(await request.read())
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body came too slowly") from None


def _answer(answer: Answer) -> web.Response:
    return web.json_response(answer_json(answer))


def _duration(text: str) -> timedelta:
    duration = read_duration(text)
    if duration is None:
        raise Malformed("by: not an ISO duration of weeks, days, hours and minutes, such as P1DT2H")
    return duration


def _within_reach(now: datetime, target: datetime) -> datetime:
    if target > now + FARTHEST:
        raise Malformed(f"one jump covers at most {FARTHEST.days} days")
    return target
