"""Whatever people write reaches Teams as words: 5,000 mentions, 300 links, and what hides or reorders."""

from __future__ import annotations

import re
from itertools import cycle, islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import adaptive_card
from adapters.teams.escape import beside, bold, inert, isolated, label, markdown, opening, run
from adapters.teams.forms import dialog_card, form_card
from adapters.teams.messages import activity
from adapters.teams.spans import Tenant
from adaptive_card_rules import (
    ADDRESS,
    AT,
    FUNCTION,
    HIDDEN,
    MARKDOWN,
    clickable,
    mentioned,
    read,
    visible,
    wrong_with_card,
)
from bot.cards import (
    Bullets,
    Button,
    Card,
    Facts,
    Field,
    FieldType,
    Form,
    Link,
    Mention,
    Moment,
    Option,
    Paragraph,
    Strong,
)
from builders import ANA, FRIDAY

OURS = "https://kept.example"
TEAMS = Tenant(resolve={ANA.id: "29:1ana"}.get, origin=OURS)

TOKENS = (
    *("<at>Ana</at>", "<at>everyone</at>", "<AT>Ana</AT>", '<at id="0">Ana</at>', "<at >Ana</at>", "</at>"),
    *("&lt;at&gt;Ana&lt;/at&gt;", "&#60;at>Ana</at>", "\\<at>Ana\\</at>", "<\u200bat>Ana</at>", "<a\u00adt>"),
    *("@everyone", "@channel", "@team", "＜at＞Ana＜/at＞", "<<at>at>Ana</</at>at>", "<b>bold</b>", "<br>"),
    *(
        "<img src=x onerror=alert(1)>",
        "<!-- x",
        "<?php ?>",
        "<![CDATA[x]]>",
        "<script>x</script>",
        "&nbsp;&copy;",
    ),
    *("**bold**", "__bold__", "*a*", "_a_", "~~gone~~", "`code`", "```\ncode", "# head", "> quote", "---"),
    *(
        "- item",
        "+ item",
        "* item",
        "1. item",
        "23) item",
        "    code",
        "[x]: http://e.example",
        "![x](y)",
        "a\n===",
    ),
    *(
        "{{DATE(2026-11-20T09:00:00Z)}}",
        "{{TIME(2026-11-20T09:00:00Z)}}",
        "${name}",
        "|a|b|\n|-|-|",
        "\\",
        "***",
    ),
)
BEFORE = (
    "",
    "a",
    " ",
    "\n",
    "<",
    "&",
    ">",
    "\u202e",
    "\u2068",
    "*",
    "`",
    "_",
    "\\",
    "[",
    "{",
    "<at>",
    "שלום ",
)
AFTER = ("", "b", " ", "\n", ">", "](x)", "\u202c", "*", "_", ";", "🎉")

SCHEMES = (
    *("https://evil.example", "http://evil.example", "HTTPS://EVIL.EXAMPLE", "//evil.example", "evil.com"),
    *(
        "data:text/html,x",
        "slack://open",
        "msteams://x",
        "mailto:a@evil.example",
        "tel:112",
        "javascript:alert(1)",
    ),
    *(
        f"{OURS}.evil.example",
        f"{OURS}@evil.example",
        f"{OURS}:444/",
        "https://kept.example:443@evil.example",
    ),
    *(
        "https://kept.exаmple",
        "https://kept。example",
        "http://kept.example",
        "https:/kept.example",
        "www.evil.com",
    ),
    *(f"{OURS}\n.evil.example", f"{OURS}\\@evil.example", f"{OURS} .evil.example", f"\t{OURS}", "a@evil.com"),
    *(
        "https://[kept.example",
        "https://user@kept.example",
        f"{OURS}/)[x](https://evil.example",
        f"{OURS}/<x>",
    ),
    *(f'{OURS}/"onclick="x', "https:kept.example", "file:///etc/passwd"),
)
DRESSES = (
    *("{}", "<{}>", "[Approve]({})", "[Approve](<{}>)", "({})", "see {}.", "![x]({})", "<a href='{}'>x</a>"),
    *("**[x]({})**", "[x][1]\n\n[1]: {}", "\\[x]({})"),
)


def everywhere(text: str) -> Card:
    """The text in every place of a card."""
    return Card(
        title=text,
        blocks=(
            Paragraph((text, Strong(text), Mention("unknown", text), Moment(FRIDAY, text), Link(text, text))),
            Paragraph(
                (text, Mention(ANA.id, "Ana"), text, Strong(text), text, Strong(text), Link(text, text))
            ),
            Facts(((text, (text,)), ("x", (Strong(text), text)))),
            Bullets(((text,), (Mention(ANA.id, text), text))),
        ),
        buttons=(
            Button(verb="promise.done", label=text, value="1:a:", about=text),
            Button(verb="promise.done", label="Done", value="1:b:", about="other"),
        ),
    )


def form_with(text: str) -> Form:
    options = (Option(value="a", label=text), Option(value="", label="none"))
    return Form(
        id="promise.capture",
        title=text,
        submit=text,
        preface=(text, Strong(text), Link(text, text)),
        fields=tuple(
            Field(name=kind.value, label=text, hint=text, error=text, type=kind, value=text, options=options)
            for kind in FieldType
        ),
    )


def hostile() -> list[str]:
    return ["".join(parts) for parts in islice(cycle(product(BEFORE, TOKENS, AFTER)), 5_000)]


def test_five_thousand_mentions_name_nobody_whom_we_did_not_name():
    texts = hostile()
    assert len(set(texts)) > 4_500
    for text in texts:
        drawn = adaptive_card(everywhere(text), TEAMS)
        assert wrong_with_card(drawn) == []
        assert (mentioned(drawn), clickable(drawn)) == (["29:1ana"], [])


def test_the_same_holds_in_forms_and_notifications():
    for text in hostile()[::10]:
        drawn = [dialog_card(form_with(text), token="t", tenant=TEAMS), form_card(form_with(text), token="t")]
        assert [wrong for card in drawn for wrong in wrong_with_card(card)] == []
        assert [(mentioned(card), clickable(card)) for card in drawn] == [([], [])] * 2
        assert not AT.search(activity(everywhere(text), TEAMS)["summary"])


def test_three_hundred_link_tricks_cannot_be_clicked():
    tricks = [dress.replace("{}", scheme) for scheme, dress in product(SCHEMES, DRESSES)]
    assert len(set(tricks)) >= 300
    for trick in tricks:
        drawn = adaptive_card(everywhere(trick), TEAMS)
        assert (clickable(drawn), wrong_with_card(drawn)) == ([], [])


@given(st.text())
def test_nothing_hidden_is_left_and_no_tag_or_function(text):
    for tame in (inert(text), isolated(text), label(text, 50), markdown(text), run([text, text]), bold(text)):
        assert not HIDDEN.search(tame)
        assert not AT.search(tame)
        assert not FUNCTION.search(tame)


@given(st.text(alphabet="<>!@#&:a-z_ \n|^{}*"))
def test_taming_twice_is_taming_once(text):
    assert visible(inert(inert(text))) == visible(inert(text))


@pytest.mark.parametrize(
    "text",
    [
        " by ",
        "\n",
        "a < b",
        "P-12 · x",
        "1 <2",
        "Größe ≥ 3",
        "10:30:00",
        "a:b",
        "👩‍👩‍👧",
        "<3",
        "https://a.example",
    ],
)
def test_ordinary_words_stay_as_they_are(text):
    assert inert(text) == text


@pytest.mark.parametrize(
    "text", ["Fri 20 Nov, 10:00", "snake_case", "P-12 · 5 % ~ 6", "R&D", "3 > 2", "“x”", "a+b=c"]
)
def test_ordinary_words_need_no_backslash(text):
    assert "\\" not in opening(markdown(text))


lines = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)) | st.text()


@given(lines)
def test_markdown_reads_as_what_was_written(text):
    words = " ".join(text.split())
    assert read(opening(markdown(words))) == visible(" ".join(inert(words).split()))


@given(st.lists(lines.map(lambda text: " ".join(text.split())), max_size=4))
def test_pieces_make_no_markup_together(pieces):
    whole = opening(beside(markdown(piece) for piece in pieces))
    assert set(re.findall("<[^>]*>", MARKDOWN.render(whole))) <= {"<p>", "</p>"}
    assert not ADDRESS.search(whole)
    assert not FUNCTION.search(whole)


@given(lines, st.sampled_from(["", "a", " ", '"', "🎉", "*", "_"]))
def test_strong_words_are_strong_wherever_they_stand(text, neighbour):
    words = " ".join(inert(text).split())
    html = MARKDOWN.render(beside(["x", markdown(neighbour), bold(text), markdown(neighbour), bold(text)]))
    assert html.count("<strong>") == (2 if words else 0)


@pytest.mark.parametrize(
    "text", ["https://evil.example/x", "www.evil.com", "a@evil.com", "mailto:1@e.com", "tel:112"]
)
def test_an_address_in_markdown_is_words_and_in_rich_text_can_still_be_copied(text):
    assert not ADDRESS.search(markdown(text))
    assert visible(markdown(text)) == text
    assert run([text]) == text


def test_words_from_right_to_left_keep_to_themselves():
    assert isolated("שלום 5") == "\u2068שלום 5\u2069"
    assert isolated("\u202eevil") == "evil"
    assert isolated("Acme 5") == "Acme 5"


def test_marks_on_one_letter_are_few():
    drawn = adaptive_card(everywhere("e" + "\u0301" * 50), TEAMS)
    assert not re.search("[\u0300-\u036f]{5}", str(drawn["body"]))


@pytest.mark.parametrize("pieces", [("<", "at>"), ("‹", "<", "AT"), ("x<", "/at>")])
def test_two_texts_make_no_tag_together(pieces):
    """A title and what follows it are escaped one by one and stand side by side."""
    assert "<" not in "".join(map(inert, pieces)).rstrip(">")
