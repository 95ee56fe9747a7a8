"""`kept explain message`: why it was (not) read, one by one and in bulk."""

from __future__ import annotations

import io
import json

import pytest

from adapters.cli import main
from adapters.explain import explain_messages


def explained(*rows: object) -> list[dict]:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    out = io.StringIO()
    explain_messages([line + b"\n" for line in lines], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def row(text: str, **changes: object) -> dict:
    return {"id": "1", "text": text, "author": "ours", "context": []} | changes


def test_a_promise_is_explained_in_words(capsys):
    assert main(["explain", "message", "I'll send the deck by Friday."]) == 0
    text = capsys.readouterr().out
    assert text.startswith("offer: send the deck, due “by Friday”\n")
    assert "“I'll” (en.will)" in text


def test_what_was_not_read_says_why(capsys):
    assert main(["explain", "message", "I'll be out on Friday."]) == 0
    assert capsys.readouterr().out == "no promise\n  not a promise: “I'll” (presence)\n"


def test_a_delivery_is_explained_as_one(capsys):
    assert main(["explain", "message", "Just sent the deck."]) == 0
    assert "fulfilment" in capsys.readouterr().out


def test_the_author_and_the_language_may_be_said(capsys):
    assert (
        main(["explain", "message", "Wir schicken das bis Freitag.", "--author", "theirs", "--lang", "de"])
        == 0
    )
    assert "promise of the customer" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [["explain", "message"], ["explain", "message", "x", "--jsonl"]])
def test_a_message_or_jsonl_but_not_both(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "give either a message or --jsonl" in capsys.readouterr().err


def test_jsonl_goes_from_standard_input_to_standard_output(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(row("hi")).encode() + b"\n")))
    assert main(["explain", "message", "--jsonl"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "1", "offers": []}


def test_rows_are_answered_in_order_one_line_each():
    first, second = explained(row("I'll send the deck by Friday."), row("Thanks!", id="2"))
    assert list(first) == ["id", "offers"]
    (offer,) = first["offers"]
    assert {name: offer[name] for name in ("action", "owner", "due_text", "tier")} == {
        "action": "send the deck",
        "owner": "speaker",
        "due_text": "by Friday",
        "tier": "offer",
    }
    assert offer["why"]
    assert second == {"id": "2", "offers": []}


def test_the_context_says_what_was_accepted():
    context = [{"author": "theirs", "text": "Could you send us the DPA by Thursday?"}]
    ((offer,),) = (each["offers"] for each in explained(row("Sure, will do", context=context)))
    assert (offer["action"], offer["due_text"]) == ("send the DPA", "by Thursday")
    assert "DPA by Thursday" in offer["why"]


def test_the_side_of_the_account_decides_who_owns_it():
    (answer,) = explained(row("We'll send the logs tomorrow.", author="theirs"))
    assert [offer["owner"] for offer in answer["offers"]] == ["customer"]


def test_a_delivery_is_no_promise():
    assert explained(row("Just sent the deck.")) == [{"id": "1", "offers": []}]


@pytest.mark.parametrize("language", ["en", "en-GB", "xx", "", None])
def test_the_language_may_be_missing_or_odd(language):
    (answer,) = explained(row("I'll send the deck by Friday.", lang=language))
    assert [offer["action"] for offer in answer["offers"]] == ["send the deck"]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"7",
        b"null",
        {"id": "1"},
        row("hi", author="bot"),
        row("hi", author=None),
        row("hi", lang=7),
        row("hi", context=[7]),
        row("hi", context=[{"author": "theirs"}]),
        row("hi", context=7),
        {**row("x"), "text": None},
    ],
)
def test_a_bad_row_offers_nothing_and_the_rest_goes_on(bad):
    answer, after = explained(bad, row("I'll send the deck by Friday."))
    assert (answer["offers"], answer["reason"]) == ([], "bad_row")
    assert after["offers"]
