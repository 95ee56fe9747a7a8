"""Notes pasted into the playground, and phrases read while they are typed."""

from __future__ import annotations

NOTES = """Ana: I'll send the price list by 2026-12-04.
[00:12:03] Carla (Acme): We'll sign the order by 2026-12-01.
Dana: I'll look into the logs"""


async def test_notes_become_one_form_and_one_press_keeps_the_sure_ones(visitor) -> None:
    paste = (await visitor.say("ana", "acme-shared", "/promise notes"))["form"]
    review = (await visitor.submit("ana", {"form": paste}, notes=NOTES))["form"]
    kept = [each["value"] for each in review["fields"] if each["name"].startswith("keep_")]
    assert (review["id"], kept) == ("notes.keep", ["keep", "keep", ""])
    said = await visitor.submit("ana", {"form": review})
    assert "Send the price list" in said["reply"]["text"]
    assert not any("price list" in each["text"] for each in await visitor.sees("carla"))


async def test_a_message_that_holds_several_promises_is_looked_through_as_its_writers(visitor) -> None:
    text = "I'll send the price list by 2026-12-04. And I'll fix the export by 2026-12-03."
    written = await visitor.say("ben", "acme-shared", text)
    form = (await visitor.say("ana", "acme-shared", "/promise", reply_to=written["message"]))["form"]
    assert form["id"] == "notes.keep"
    owners = [each["value"] for each in form["fields"] if each["name"].startswith("owner_")]
    assert owners == ["ben", "ben"]


async def test_a_phrase_is_read_while_it_is_typed(visitor) -> None:
    form = (await visitor.say("ana", "acme-shared", "/promise"))["form"]
    call = {"person": "ana", "form": form["token"], "field": "due"}
    said = await visitor.post("read", **call, values={"due": "2026-12-04"})
    assert said["certain"]
    assert "Fri 4 Dec" in said["words"]
    said = await visitor.post("read", **call, values={"due": "sometime"})
    assert not said["certain"]


async def test_a_form_is_read_for_whoever_has_it_open_and_nobody_else(visitor) -> None:
    form = (await visitor.say("ana", "acme-shared", "/promise"))["form"]
    call = {"form": form["token"], "values": {"due": "2026-12-04"}}
    assert (await visitor.post("read", person="ben", field="due", **call))["words"] is None
    await visitor.post("read", expect=400, person="ana", field="nothing", **call)


async def test_a_form_that_was_just_closed_is_not_read_any_more(visitor) -> None:
    form = (await visitor.say("ana", "acme-shared", "/promise"))["form"]
    await visitor.submit("ana", {"form": form}, title="Send it", due="2026-12-07")
    said = await visitor.post("read", person="ana", form=form["token"], field="due", values={})
    assert said == {"words": None, "certain": False}
