"""Saying, pressing and submitting: the shapes of the contract, and what each person sees next."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import pytest

LONG = "send it " * 5_000  # 40,000 characters
HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE promises; --",
    "\u202eesrever \u200b\ufeff zero",
    "<@ana> <!channel> <#acme-team> @everyone",
    "\ud800 half a character",
    "nul \x00 and bell \x07",
    "a" + "\u0301" * 500,
    "{title} %s ${now}",
]


def shape_of(answer: dict[str, Any]) -> set[str]:
    return set(answer)


async def test_words_become_a_promise_that_only_our_side_sees(visitor) -> None:
    said = await visitor.say("ana", "acme-shared", "/promise send the price list by 2026-12-04")
    assert shape_of(said) == {"reply", "message", "form", "error"}
    assert "price list" in said["reply"]["text"]
    assert said["error"] is said["form"] is None
    assert not any("price list" in m["text"] for m in await visitor.sees("carla"))


async def test_what_is_shown_reaches_the_customer_at_once(visitor) -> None:
    await visitor.promise("send the price list")
    shown = next(m for m in await visitor.sees("carla") if "price list" in m["text"])
    assert shown["place"] == "acme-shared"
    assert shown["author"] == "kept"


async def test_the_share_form_holds_the_exact_words_the_customer_will_see(visitor) -> None:
    await visitor.promise("send the price list", shown=False)
    form = (await visitor.press("ana", "promise.share", "price list"))["form"]
    assert form["id"] == "promise.share"
    await visitor.submit("ana", {"form": form})
    card = next(m for m in await visitor.sees("carla") if "price list" in m["text"])["card"]
    assert card["title"] in form["preface"]
    assert card["text"] in form["preface"]


async def test_kept_is_spoken_to_by_a_mention_too(visitor) -> None:
    said = await visitor.say("ana", "acme-shared", "@Kept list mine")
    assert "SOC 2" in said["reply"]["text"]
    win = await visitor.say("ana", "acme-shared", "@kept win first release together")
    assert win["error"] is None
    assert "first release" in win["reply"]["text"]


async def test_other_words_are_a_message_that_everyone_in_the_place_reads(visitor) -> None:
    said = await visitor.say("carla", "acme-shared", "Good morning")
    assert said["reply"] is None
    message = next(m for m in await visitor.sees("ana") if m["id"] == said["message"])
    assert (message["author"], message["text"], message["card"]) == ("carla", "Good morning", None)


async def test_words_to_kept_alone_are_answered_with_what_it_can_do(visitor) -> None:
    said = await visitor.say("ana", "dm-ana", "hello?")
    assert said["reply"] or said["error"]


async def test_an_unknown_command_says_which_there_are(visitor) -> None:
    said = await visitor.say("ana", "dm-ana", "/pormise list")
    assert "/promise" in said["error"]


async def test_a_path_is_not_a_command(visitor) -> None:
    assert (await visitor.say("ana", "acme-team", "/etc/hosts is fine"))["message"]


async def test_customers_have_no_commands(visitor) -> None:
    said = await visitor.say("carla", "acme-shared", "/promise send it by Friday")
    assert said["error"]
    assert said["reply"] is None


@pytest.mark.parametrize("name", ["@ben", "@Ben", "@Ben Okafor"])
async def test_a_colleague_is_named_by_id_first_name_or_full_name(visitor, name: str) -> None:
    await visitor.say("ana", "acme-shared", f"/promise call the auditor by 2026-12-04 {name}")
    asked = [m for m in await visitor.sees("ben") if m["place"] == "dm-ben" and "auditor" in m["text"]]
    assert any(b["verb"] == "promise.accept" for b in asked[-1]["card"]["buttons"])


async def test_a_promise_can_be_tracked_from_a_message(visitor) -> None:
    spoken = await visitor.say("ana", "acme-shared", "I will send the invoice by 2026-12-04.")
    tracked = await visitor.say("ana", "acme-shared", "/promise", reply_to=spoken["message"])
    values = {field["name"]: field["value"] for field in tracked["form"]["fields"]}
    assert "invoice" in values["title"]
    assert "2026-12-04" in values["due"]


async def test_a_field_not_sent_keeps_its_value(visitor) -> None:
    opened = await visitor.say("ana", "acme-shared", "/promise send the price list")
    assert opened["form"]["id"] == "promise.capture"
    saved = await visitor.post("submit", person="ana", form="promise.capture", values={"due": "2026-12-04"})
    assert "price list" in saved["reply"]["text"]


async def test_field_errors_come_back_in_the_form(visitor) -> None:
    opened = await visitor.say("ana", "acme-shared", "/promise send the price list")
    again = await visitor.submit("ana", opened, due="someday maybe")
    due = next(field for field in again["form"]["fields"] if field["name"] == "due")
    assert due["error"]
    assert due["value"] == "someday maybe"
    saved = await visitor.submit("ana", again, due="2026-12-04")
    assert saved["reply"]


async def test_a_form_is_submitted_once(visitor) -> None:
    opened = await visitor.say("ana", "acme-shared", "/promise send the price list")
    await visitor.submit("ana", opened, due="2026-12-04")
    await visitor.post("submit", expect=400, person="ana", form=opened["form"]["token"], values={})


async def test_a_form_belongs_to_whoever_opened_it(visitor) -> None:
    opened = await visitor.say("ana", "acme-shared", "/promise send the price list")
    await visitor.post("submit", expect=400, person="ben", form=opened["form"]["token"], values={})


async def test_a_value_may_be_left_out_when_the_verb_stands_once(visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    pressed = await visitor.post("press", person="ana", message=nudge["id"], verb="promise.on_track")
    assert pressed["error"] is None


async def test_of_two_who_press_at_once_one_wins_and_the_other_hears_what_happened(visitor) -> None:
    ask = next(
        m
        for m in reversed(await visitor.sees("carla"))
        if any(b["verb"] == "promise.confirm" for b in (m["card"] or {"buttons": []})["buttons"])
    )
    first, second = await asyncio.gather(
        visitor.post("press", person="carla", message=ask["id"], verb="promise.confirm"),
        visitor.post("press", person="carlos", message=ask["id"], verb="promise.not_yet"),
    )
    if second["form"]:  # the other's question came first, their answer comes last
        second = await visitor.submit("carlos", second, reason="The link is broken")
    assert first["error"] is None
    assert second["error"] or second["reply"]
    text = next(m["text"] for m in await visitor.sees("ana") if m["id"] == ask["id"])
    assert "Kept." in text


async def test_a_press_on_a_button_the_message_never_had_is_malformed(visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    await visitor.post("press", expect=400, person="ana", message=nudge["id"], verb="promise.confirm")
    await visitor.post(
        "press", expect=400, person="ana", message=nudge["id"], verb="promise.done", value="1:elsewhere:"
    )


async def test_nobody_presses_what_they_cannot_see(visitor) -> None:
    nudge = (await visitor.sees("ana"))[-1]
    await visitor.post("press", expect=400, person="ben", message=nudge["id"], verb="promise.done")


async def test_a_bundle_asks_which_promise_is_meant(visitor) -> None:
    for title in ("send the price list", "send the road map"):
        await visitor.promise(title, "2026-11-26")
    await visitor.post("advance", to="2026-11-24T09:00:00Z")
    bundle = next(
        m
        for m in reversed(await visitor.sees("ana"))
        if m["card"] and sum(b["verb"] == "promise.on_track" for b in m["card"]["buttons"]) > 1
    )
    refused = await visitor.post(
        "press", expect=400, person="ana", message=bundle["id"], verb="promise.on_track"
    )
    assert "times" in refused["error"]
    titles = {b["about"] for b in bundle["card"]["buttons"]}
    assert {"send the price list", "send the road map"} <= titles


@pytest.mark.parametrize("text", [LONG, *HOSTILE])
async def test_hostile_words_are_answered_and_break_nothing(visitor, text: str) -> None:
    for place in ("acme-shared", "dm-ana"):
        for said in (text, f"/promise {text} by 2026-12-04", f"/win Acme: {text}", f"/heard Acme: {text}"):
            answer = await visitor.say("ana", place, said)
            assert shape_of(answer) == {"reply", "message", "form", "error"}
    await visitor.sees("carla")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {}),
        ("say", {"person": "ana", "place": "acme-shared"}),
        ("say", {"person": "ana", "place": "acme-shared", "text": "  "}),
        ("say", {"person": "ana", "place": "acme-shared", "text": "\u200b"}),
        ("say", {"person": "ana", "place": "acme-shared", "text": 7}),
        ("say", {"person": "nobody", "place": "acme-shared", "text": "hi"}),
        ("say", {"person": "sam", "place": "acme-shared", "text": "hi"}),
        ("say", {"person": "ana", "place": "acme-shared", "text": "hi", "reply_to": "none"}),
        ("press", {"person": "ana", "message": "none", "verb": "promise.done"}),
        ("press", {"person": "ana", "message": "none"}),
        ("submit", {"person": "ana", "form": "promise.capture", "values": {}}),
        ("submit", {"person": "ana", "form": "promise.capture", "values": []}),
        ("submit", {"person": "ana", "form": "promise.capture", "values": {"due": 7}}),
        ("advance", {}),
        ("advance", {"by": "P1Y"}),
        ("advance", {"by": "P1D", "next": True}),
        ("advance", {"to": "tomorrow"}),
        ("advance", {"to": "9999-12-31T23:59:59Z"}),
        ("advance", {"next": False}),
        ("story", {}),
        ("story", {"next": "yes"}),
    ],
)
async def test_a_malformed_call_is_told_so(visitor, path: str, body: dict[str, object]) -> None:
    answer = await visitor.post(path, expect=400, **body)
    assert answer["error"]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"7", b"\xff", b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50]
)
async def test_a_body_that_is_no_call_is_malformed(client, raw: bytes) -> None:
    response = await client.post("/playground/say", data=raw)
    assert response.status == 400
    assert "error" in await response.json()


async def test_a_body_beyond_a_mebibyte_is_refused(client) -> None:
    response = await client.post("/playground/say", data=BytesIO(b"x" * (1024**2 + 1)))
    assert response.status == 413
