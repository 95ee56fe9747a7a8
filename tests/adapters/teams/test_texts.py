"""What people wrote in Teams, as they meant it."""

from __future__ import annotations

import pytest

from adapters.teams.shapes import Mention
from adapters.teams.texts import meant, of_html

BOT = "28:bot"
KEPT = Mention(user_id=BOT, tag="<at>Kept</at>")
BEN = Mention(user_id="29:ben", tag="<at>Ben</at>")
OTHER_BEN = Mention(user_id="29:ben2", tag="<at>Ben</at>")
PEOPLE = {"29:ben": "p1", "29:ben2": "p2"}


@pytest.mark.parametrize(
    ("text", "mentions", "expected"),
    [
        ("<at>Kept</at> promise Acme: send it", [KEPT], "promise Acme: send it"),
        ("promise it, <at>Kept</at>", [KEPT], "promise it,"),
        ("<at>Kept</at>&nbsp;give it to <at>Ben</at>", [KEPT, BEN], "give it to <@p1>"),
        ("<at>Ben</at> and <at>Ben</at>", [BEN, OTHER_BEN], "<@p1> and <@p2>"),
        ("<at>Ben</at> and <at>Ben</at>", [BEN], "<@p1> and <@p1>"),
        ("<at>Eve</at> knows", [Mention(user_id="29:eve", tag="<at>Eve</at>")], "@Eve knows"),
        ("<at>Ben</at> typed by hand", [], "<at>Ben</at> typed by hand"),
        ("<@p1> typed by hand <#c1>", [], "< @p1> typed by hand < #c1>"),
        ("&lt;@p1&gt; &amp;lt;", [], "< @p1> &lt;"),
        ("\ufdd0@p1\ufdd1", [], "@p1"),
        ("two  lines\n  of it ", [], "two lines\n of it"),
        ("a.*b", [Mention(user_id="29:ben", tag=".*")], "a@.*b"),
        ("text", [Mention(user_id="29:ben", tag="")], "text"),
    ],
)
def test_text_is_read_as_it_was_meant(text, mentions, expected):
    people = {} if mentions and mentions[0].tag == ".*" else PEOPLE
    assert meant(text, mentions, BOT, people) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<div><div><at id="0">Kept</at> - Hi</div>\n</div>', "Kept - Hi"),
        ("<p>one</p><p>two &lt;3</p>", "one\ntwo <3"),
        ("one<br/>two&nbsp;three", "one\ntwo three"),
        ("<script>x</script><b", "x<b"),
        ("&lt;@p1&gt;", "< @p1>"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(source, expected):
    assert of_html(source) == expected


def test_a_flood_of_markup_is_read_at_once():
    assert of_html("<" * 1_000_000).count("<") == 160_000
