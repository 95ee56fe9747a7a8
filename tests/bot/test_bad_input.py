"""Whatever is typed, pressed or sent is answered, saved clean, or not saved at all."""

from __future__ import annotations

import pytest

from bot import router
from bot.cards import encode
from bot.grammar import ACTS
from bot.plain import plain_text
from bot.turns import OpenForm, Refused, Reply
from builders import ACME, ACME_SHARED, ANA, BEN, CARLA, GUS, MIA, STRANGER, a_person, an_id
from driving import Bot, opened, refused, replied

HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "endless": "x" * 40_000,
    "endless words": "send it by Friday " * 2_500,
    "right to left": "\u202egnihton dnes\u202c",
    "arabic": "أرسل التقرير",
    "zero width": "\u200b\u200c\u2060\ufeff",
    "split by zero width": "se\u200bnd the\u2060 report",
    "mentions": " ".join(f"<@{person.id}>" for person in (ANA, BEN, MIA, CARLA, GUS)) * 40,
    "broadcast": "<!channel> <!here> @channel @everyone",
    "sql": "'; DROP TABLE promises; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "braces": "{title} {0} {} %s %(x)s ${x}",
    "control": "\x00\x01\x1b[31m\r",
    "stacked": "e" + "\u0301" * 5_000,
    "surrogate pair": "👩‍👩‍👧‍👦" * 3_000,
}


CODE = ("Robert'); DROP TABLE promises", "<b>bold</b> & <i>more</i>", "100 % of {it}")
FIELDS = ("partnership", "title", "due", "owner", "note", "quote", "link", "waits_on")


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("shape", ["{}", "Acme: {} by Friday 5pm", "find {}", "list {}", "done {} P-1"])
def test_whatever_is_typed_is_answered(bot, text, shape):
    bot.says(ANA, shape.replace("{}", text), ACME_SHARED)
    for made in bot.promises():
        assert 0 < len(made.title) <= 200
        assert made.title.isprintable()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
def test_whatever_a_form_brings_is_saved_clean_or_comes_back(bot, text, field):
    form = opened(bot.says(ANA, ""))
    values = {"partnership": ACME.id, "title": "send the report", "due": "Friday 5pm", field: text}
    bot.submits(ANA, form, values)
    for made in bot.promises():
        assert 0 < len(made.title) <= 200
        assert len(made.note or "") <= 2000
        assert len(made.source.quote if made.source else "") <= 280
        assert "\u202e" not in repr(made)


@pytest.mark.parametrize("words", CODE)
def test_markup_and_code_are_plain_words(bot, words):
    made = bot.has_made(f"Acme: {words} by Friday 5pm")
    assert made.title == words
    assert words in plain_text(replied(bot.says(ANA, "P-1")))


def test_a_person_named_inside_the_words_is_written_by_name(bot):
    made = bot.has_made(f"Acme: ask <@{CARLA.id}> about the report by Friday 5pm")
    assert made.title == "ask Carla about the report"
    assert made.owner_id == ANA.id


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_whatever_follows_a_reference_is_answered(bot, act, text):
    made = bot.has_shown()
    bot.says(ANA, f"{act} P-1 {text}")
    bot.settle()
    after = bot.again(made)
    assert 0 < len(after.title) <= 200
    assert len(after.note or "") <= 2000
    assert len(after.evidence or "") <= 500


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("verb", sorted(router.PRESSES))
def test_whatever_a_button_carries_is_answered(bot, verb, text):
    for value in (text, f"1:{text}:", f"1:{an_id('nothing')}:{text}", f"9:{text}"):
        for person in (ANA, CARLA, STRANGER):
            assert isinstance(bot.presses(person, verb, value, ACME_SHARED), Refused | OpenForm | Reply)
    assert bot.promises() == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reason_reaches_the_customer_clean_or_not_at_all(bot, text):
    made = bot.has_shown()
    form = opened(bot.presses(ANA, "promise.renegotiate", encode(made.id)))
    bot.submits(ANA, form, {"due": "2026-12-04", "reason": text, "title": text, "shape": "something_else"})
    bot.settle()
    for said in bot.heard_in(ACME_SHARED):
        words = plain_text(said.card)
        assert len(words) < 2_000
        assert "\u202e" not in words


@pytest.mark.parametrize("turn", ["nobody", "somebody who left"])
def test_somebody_unknown_gets_the_very_words_of_something_absent(bot, turn):
    left = a_person("Lea", is_active=False)
    bot.stage.store.fill(lambda uow: uow.people.add(left))
    person = left if turn == "somebody who left" else a_person("Nobody")
    expected = refused(bot.presses(ANA, "promise.done", encode(an_id("nothing")))).text
    assert refused(bot.says(person, "Acme: x by Friday")).text == expected
    assert refused(bot.presses(person, "promise.done", encode(an_id("nothing")))).text == expected
    assert bot.promises() == []
