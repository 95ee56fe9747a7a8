"""Reading: one message in several formats, the page, and who is let in."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

HOSTILE = '<img src=x onerror=alert(1)> "quoted" [link](https://evil.example) javascript:alert(1)'


async def looked_at(client, message: str, person: str, form: str) -> tuple[int, str]:
    response = await client.get(f"/playground/message/{message}", params={"as": person, "format": form})
    return response.status, await response.text()


async def test_a_message_is_shown_as_text_and_as_html(client, visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    assert await looked_at(client, nudge["id"], "ana", "text") == (200, nudge["text"])
    status, html = await looked_at(client, nudge["id"], "ana", "html")
    assert status == 200
    assert nudge["card"]["title"] in html


async def test_a_message_is_shown_as_slack_would_get_it(client, visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    status, payload = await looked_at(client, nudge["id"], "ana", "slack")
    assert status == 200
    assert nudge["card"]["buttons"][0]["label"] in payload
    assert "blocks" in json.loads(payload)


async def test_a_message_is_shown_as_teams_would_get_it(client, visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    status, payload = await looked_at(client, nudge["id"], "ana", "teams")
    assert status == 200
    assert nudge["card"]["buttons"][0]["label"] in payload
    assert json.loads(payload)["attachments"][0]["content"]["type"] == "AdaptiveCard"


async def test_words_without_a_card_are_words_on_every_platform(client, visitor) -> None:
    await visitor.say("carla", "acme-shared", "Rain <b>today</b>")
    said = await visitor.sees("ana")
    [hello] = [each for each in said if each["text"].startswith("Rain")]
    for form in ("slack", "teams"):
        _, payload = await looked_at(client, hello["id"], "ana", form)
        assert json.loads(payload)["text"].startswith("Rain ")


async def test_a_message_nobody_may_see_is_like_one_that_does_not_exist(client, visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    hidden = await looked_at(client, nudge["id"], "carla", "text")
    absent = await looked_at(client, "0" * 32, "carla", "text")
    assert hidden == absent
    assert hidden[0] == 404


async def test_what_people_write_is_never_markup_or_a_link(client, visitor) -> None:
    await visitor.say("carla", "acme-shared", HOSTILE)
    await visitor.promise(HOSTILE)
    page = await (await client.get("/", params={"as": "ana", "place": "acme-shared"})).text()
    assert "<img" not in page
    assert "onerror=alert" not in re.sub(r"&lt;img[^&]*&gt;", "", page)
    assert all(href.startswith(("/?", "#", "/playground/")) for href in re.findall(r'href="([^"]*)"', page))


async def test_the_page_needs_no_script_to_be_read(client, visitor) -> None:
    page = await (await client.get("/")).text()
    nudge = (await visitor.sees("ana"))[-1]
    assert nudge["card"]["title"] in page
    assert 'href="/?as=carla&amp;place=dm-ana"' in page
    assert "$" not in re.sub(r"<script.*?</script>", "", page)


@pytest.mark.parametrize(
    "query", [{}, {"as": "nobody"}, {"as": "carla", "place": "acme-team"}, {"place": "<b>"}]
)
async def test_the_page_falls_back_to_somebody_and_somewhere(client, query: dict[str, str]) -> None:
    response = await client.get("/", params=query)
    assert response.status == 200
    assert "#acme-team</h2>" not in await response.text()


async def test_an_id_stands_once_on_the_page(client) -> None:
    for person in ("ana", "ben", "carla", "sam"):
        for place in ("acme-shared", "acme-team", f"dm-{person}"):
            page = await (await client.get("/", params={"as": person, "place": place})).text()
            ids = re.findall(r' id="([^"]+)"', page)
            assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "kept.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "127.0.0.1@evil.example"},
        {"Host": ""},
        {"Host": "[::1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/playground/state", "/playground/events?as=ana", "/readyz", "/nowhere"]
)
async def test_only_pages_of_this_machine_are_answered(client, headers: dict[str, str], path: str) -> None:
    assert (await client.get(path, headers=headers)).status == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST:1"])
async def test_this_machine_has_several_names(client, host: str) -> None:
    response = await client.get("/playground/state", headers={"Host": host, "Origin": f"http://{host}"})
    assert response.status == 200


async def test_every_answer_forbids_what_the_page_does_not_need(client) -> None:
    for path in ("/", "/playground/state", "/playground/static/playground.js", "/nowhere"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_open_pages_hear_that_something_changed(client, visitor) -> None:
    async with client.get("/playground/events", params={"as": "carla"}) as stream:
        await visitor.say("ana", "acme-shared", "Good morning")
        async with asyncio.timeout(5):
            async for line in stream.content:
                if line == b"event: changed\n":
                    return


async def test_the_told_story_can_be_played_to_its_end(visitor) -> None:
    for _ in range(6):
        scene = await visitor.post("story", next=True)
        assert scene["error"] is None, scene
    steps = (await visitor.get("story"))["steps"]
    assert all(step["done"] for step in steps)
    digest = next(m for m in reversed(await visitor.sees("carla")) if m["id"] == scene["message"])
    assert "A new date agreed early, and kept" in digest["text"]
    assert "First audit passed together" in digest["text"]
    assert (await visitor.post("story", next=True))["error"]


async def test_what_was_done_by_hand_counts_as_played(visitor) -> None:
    form = await visitor.press("ana", "promise.renegotiate", "SOC 2")
    await visitor.submit("ana", form, due="2026-11-26", reason="The auditor is late")
    steps = (await visitor.get("story"))["steps"]
    assert [step["id"] for step in steps if step["done"]] == ["capture", "decide", "renegotiate"]


async def test_a_story_that_went_another_way_says_so(visitor) -> None:
    await visitor.say("ana", "dm-ana", "/promise withdraw Acme P-3")
    scene = await visitor.post("story", next=True)
    assert "FRESH=1" in scene["error"]
