"""Whatever people write reaches Slack as words: 5,000 mentions, 300 links, and what hides or reorders."""

from __future__ import annotations

import re
from html import unescape
from itertools import cycle, islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import message
from adapters.slack.home import home
from adapters.slack.modals import modal
from adapters.slack.mrkdwn import inert, isolated, label, notification
from adapters.slack.rich_text import Workspace
from block_kit_rules import HIDDEN, MARKUP, clickable, mentioned, seen, wrong_with_message, wrong_with_view
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
from bot.plain import plain_text
from builders import ANA, FRIDAY

OURS = "https://kept.example"
SLACK = Workspace(resolve={ANA.id: "U0ANA"}.get, origin=OURS)

TOKENS = (
    *("<!channel>", "<!here>", "<!everyone>", "<!subteam^S012AB3CD>", "<!subteam^S1|@sales>", "<!group>"),
    *("<@U012AB3CD>", "<@W012AB3CD>", "<@U1|boss>", "<#C012AB3CD>", "<#C1|secret>", "@channel", "@here"),
    *(
        "@everyone",
        "<!date^1^{date}|now>",
        "<!date^0^{date}^https://evil.example|x>",
        "<!Channel>",
        "<!CHANNEL>",
    ),
    *(
        "<! channel>",
        "<!channel|here>",
        "&lt;!channel&gt;",
        "&#60;!channel>",
        "<\u200b!channel>",
        "<!chan\u00adnel>",
    ),
    *(
        "＜!channel＞",
        "<!channel",
        "<<!channel>>",
        ":tada:",
        ":skin-tone-2:",
        "*bold* _slanted_ ~gone~ `code`",
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
    "```",
    "> ",
    "\\",
    "<@U0ANA>",
    "שלום ",
)
AFTER = ("", "b", " ", "\n", ">", "|x>", "\u202c", "*", "`", ";", "🎉")

SCHEMES = (
    *(
        "https://evil.example",
        "http://evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "//evil.example",
        "javascript:alert(1)",
    ),
    *(
        "data:text/html,x",
        "slack://open",
        "msteams://x",
        "mailto:a@evil.example",
        "tel:112",
        "file:///etc/passwd",
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
        "https:kept.example",
    ),
    *(
        f"{OURS}\n.evil.example",
        f"{OURS}\\@evil.example",
        f"{OURS} .evil.example",
        f"\t{OURS}",
        "https://[kept.example",
    ),
    *("https://kept.example.", "https://user@kept.example", f"{OURS}/|text>", f"{OURS}/<x>"),
)
DRESSES = (
    *("{}", "<{}|our dashboard>", "[Approve]({})", "<{}>", "({})", "see {}.", "{}|x", "<a href='{}'>x</a>"),
    *("**[x]({})**", "<{}|{}>", "<!date^1^x^{}|x>"),
)


def everywhere(text: str) -> Card:
    """The text in every place of a card."""
    return Card(
        title=text,
        blocks=(
            Paragraph((text, Strong(text), Mention("unknown", text), Moment(FRIDAY, text), Link(text, text))),
            Facts(((text, (text,)), ("x", (Strong(text),)))),
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
        drawn = message(everywhere(text), SLACK)
        assert wrong_with_message(drawn) == []
        assert mentioned(drawn) == ["U0ANA"]
        assert clickable(drawn) == []


def test_the_same_holds_in_modals_and_on_the_home_tab():
    for text in hostile()[::10]:
        drawn = [modal(form_with(text), token="t", workspace=SLACK), home([everywhere(text)], SLACK)]
        assert [wrong for view in drawn for wrong in wrong_with_view(view)] == []
        assert [mentioned(view) for view in drawn] == [[], ["U0ANA"]]


def test_three_hundred_link_tricks_cannot_be_clicked():
    tricks = [dress.replace("{}", scheme) for scheme, dress in product(SCHEMES, DRESSES)]
    assert len(set(tricks)) >= 300
    for trick in tricks:
        card = everywhere(trick)
        drawn = message(card, SLACK)
        assert (clickable(drawn), wrong_with_message(drawn)) == ([], [])


@pytest.mark.parametrize("url", [OURS, f"{OURS}/", f"{OURS}/list?as=1#top", "https://KEPT.example/x"])
def test_a_link_to_our_own_address_is_a_link(url):
    drawn = message(Card(title="x", blocks=(Paragraph((Link("Our list", url),)),)), SLACK)
    assert clickable(drawn) == [url]


@pytest.mark.parametrize("origin", ["", "kept.example", "https://"])
def test_without_an_address_of_our_own_nothing_is_a_link(origin):
    card = Card(title="x", blocks=(Paragraph((Link("Our list", OURS),)),))
    drawn = message(card, Workspace(origin=origin))
    assert clickable(drawn) == []
    assert f"Our list ({OURS})" in seen(drawn)


@pytest.mark.parametrize("user", ["", "u1", "U1>", "<@U1>", "UÄ", "U 1", "C123", "U1\n"])
def test_only_an_id_that_looks_like_slacks_is_mentioned(user):
    card = Card(title="x", blocks=(Paragraph((Mention(ANA.id, "Ana"),)),))
    drawn = message(card, Workspace(resolve=lambda _: user))
    assert (mentioned(drawn), "Ana" in seen(drawn["blocks"])) == ([], True)


@given(st.text())
def test_nothing_hidden_is_left_and_nothing_reads_as_markup(text):
    for tame in (inert(text), isolated(text), label(text, 50), notification(text, 50)):
        assert not MARKUP.search(tame)
        assert not HIDDEN.search(tame)


@pytest.mark.parametrize(
    "texts", [("<", "!here>"), ("a <", "https://evil.example>"), ("<", "@U1>"), ("<a", ":x:")]
)
def test_two_texts_do_not_make_a_mention_together(texts):
    card = Card(title="x", blocks=(Paragraph(texts), Facts(((texts[0], (texts[1],)),))))
    assert wrong_with_message(message(card, SLACK)) == []


@given(st.text(alphabet="<>!@#&:a-z_ \n|^"))
def test_taming_twice_is_taming_once(text):
    assert inert(inert(text)) == inert(text)


@pytest.mark.parametrize(
    "text", [" by ", "\n", "a < b", "P-12 · x", "1 <2", "Größe ≥ 3", "10:30:00", "a:b", "👩‍👩‍👧"]
)
def test_ordinary_words_stay_as_they_are(text):
    assert inert(text) == text
    assert unescape(notification(text, 50)) == text


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_the_notification_reads_as_what_was_written(text):
    tidy = inert(text)
    assert unescape(notification(text, 40_000)).replace("\u2060", "") == tidy


@given(st.text(alphabet="&<>ab🎉e\u0301", min_size=1), st.integers(10, 60))
def test_a_notification_is_never_cut_inside_an_escape(text, limit):
    cut = notification(text, limit)
    assert len(cut) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", cut)


@pytest.mark.parametrize("text", [":tada:", "a:+1:b", ":skin-tone-2:", "::white_check_mark::"])
def test_a_shortcode_in_a_notification_stays_words(text):
    assert not re.search(r":[\w+'-]+:", notification(text, 50))


def test_words_from_right_to_left_keep_to_themselves():
    assert isolated("שלום 5") == "\u2068שלום 5\u2069"
    assert isolated("\u202eevil") == "evil"
    assert isolated("Acme 5") == "Acme 5"


def test_marks_on_one_letter_are_few():
    flood = "e" + "\u0301" * 50
    drawn = message(everywhere(flood), SLACK)
    assert not re.search("[\u0300-\u036f]{5}", seen(drawn))


def test_the_twin_is_what_notifications_say():
    card = everywhere("Größe & <Maß>")
    assert unescape(message(card, SLACK)["text"]) == plain_text(card)
