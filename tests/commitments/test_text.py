import random
import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.errors import Unfit
from commitments.text import clean, one_line, required, shorten

LONG = 40_000
ACUTE = "\u0301"
MARKS_AT_MOST = 4  # on one letter
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # three people, two joiners
FLAG = "\U0001f1e9\U0001f1ea"  # two halves
WAVE = "\U0001f44b\U0001f3fd"  # a hand and its tone


def stacked(text):
    runs = re.findall(r"M+", "".join(unicodedata.category(c)[0] for c in text))
    return max(map(len, runs), default=0)


# Nothing invisible


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",  # zero-width space
        "\u2060",  # word joiner
        "\ufeff",  # byte order mark
        "\u00ad",  # soft hyphen
        "\u200e",  # left-to-right mark
        "\u200f",
        "\u202e",  # right-to-left override
        "\u2066",  # isolates
        "\u2069",
        "\u034f",  # grapheme joiner
        "\u3164",  # Hangul filler, a letter by category
        "\ufe05",  # variation selectors without a use in text
        "\U000e0041",  # tags
        "\U000e0101",
        "\x00",  # PostgreSQL refuses it
        "\x1b",
        "\x9b",
        "\ud800",  # half a character cannot be encoded
    ],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_what_nobody_can_see_is_not_kept(hidden):
    assert clean(f"Send{hidden} the re{hidden}port", 100) == "Send the report"
    with pytest.raises(Unfit) as refused:
        required(hidden * 20, 100, "title")
    assert (refused.value.code, refused.value.field) == ("needed", "title")


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0", "\u2800", "\u3000", ACUTE, "\u200d"])
def test_words_that_are_needed_must_be_visible(blank):
    with pytest.raises(Unfit) as refused:
        required(blank, 100, "reason")
    assert refused.value.code == "needed"


def test_text_from_right_to_left_stays_and_its_overrides_go():
    hebrew = "לשלוח את הדוח"
    assert clean(f"\u202e{hebrew}\u202c", 100) == hebrew
    assert clean("قبل يوم الجمعة", 100) == "قبل يوم الجمعة"


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        FLAG,
        WAVE,
        "❤️",
        "می‌خواهم",  # Persian, with a non-joiner
        "क्षत्रिय",
        "မျှော်လင့်",  # five marks on one letter
        "Tiếng Việt",
        "SELECT * FROM promises; DROP TABLE promises; --",
        "<script>alert('x')</script> <@U123> & *bold*",
    ],
)
def test_what_people_mean_to_write_is_left_alone(text):
    assert clean(text, 200) == text


def test_letters_are_composed_so_that_equal_words_are_equal():
    assert clean("Mu\u0308ller", 20) == clean("Müller", 20) == "Müller"


# Nothing endless


@pytest.mark.parametrize("between", ["", "\u034f", "\u200d", "\u200b", "\ufe0f", "\u20dd"])
def test_a_flood_of_marks_is_calmed(between):
    flood = "Z" + (ACUTE * 3 + between) * 500 + "algo"
    calm = clean(flood, 200)
    assert calm[-4:] == "algo"
    assert stacked(calm) <= MARKS_AT_MOST
    assert len(calm) <= 5 + MARKS_AT_MOST


@given(st.text(st.sampled_from("aé ב\u0301\u0323\u034f\u05b0\ufb2c\u0958\u200d\ufe0f"), max_size=80))
def test_no_letter_bears_more_than_four_marks(text):
    assert stacked(clean(text, 200)) <= MARKS_AT_MOST


def test_lines_and_spaces_are_tidied():
    assert clean("  one \t two\r\nthree\rfour\u2028five ", 100) == "one two\nthree\nfour\nfive"
    assert clean("one\n\n\n \n\n\ntwo", 100) == "one\n\ntwo"
    assert one_line("one\n two\x85three", 100) == "one two three"


def test_a_title_is_one_line():
    assert required("Send\nthe\r\n report", 100, "title") == "Send the report"


def test_words_that_are_too_long_are_refused_with_the_limit():
    assert required("x" * 200, 200, "title") == "x" * 200
    with pytest.raises(Unfit) as refused:
        required("x" * 201, 200, "title")
    assert (refused.value.code, refused.value.details) == ("too_long", {"limit": "200"})


@pytest.mark.parametrize("padding", ["\u200b", " ", "\n", ACUTE])
def test_padding_does_not_quietly_swallow_the_rest(padding):
    padded = "Send" + padding * 10_000 + " the report"
    kept = unicodedata.normalize("NFD", required(padded, 100, "title"))
    assert kept.replace(ACUTE, "") == "Send the report"


ENDLESS = {
    "letters": "x" * LONG,
    "words": "word " * (LONG // 5),
    "spaces": " " * LONG,
    "lines": "\n " * (LONG // 2),
    "zero-width": "\u200b" * LONG,
    "marks": "a" + ACUTE * LONG,
    "marks out of order": "a" + "\u0301\u0323" * (LONG // 2),
    "families": FAMILY * (LONG // 5),
    "flags": FLAG * (LONG // 2),
    "one endless family": "\U0001f469\u200d" * (LONG // 2),
    "Hebrew": "ש\u05b0\u05c1" * (LONG // 3),
    "anything": "".join(map(chr, random.Random(17).choices(range(0x3000), k=LONG))),
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_forty_thousand_characters_are_read_in_no_time(text):
    began = time.process_time()
    assert len(clean(text, 200)) <= 200
    assert time.process_time() - began < 0.5  # about 0.02 on the slowest machine we know


# Cut on a grapheme


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, WAVE, "e" + ACUTE + "\u0323", "❤️", "1️⃣", "กี่", "နို့"])
def test_a_cut_never_parts_what_belongs_together(cluster):
    text = cluster * 30
    for limit in range(2, len(text)):
        cut = shorten(text, limit)
        assert len(cut) <= limit
        whole, mark = cut[:-1], cut[-1]
        assert mark == "…"
        assert whole == cluster * (len(whole) // len(cluster))


def test_what_fits_is_not_cut():
    assert shorten("x" * 10, 10) == "x" * 10
    assert shorten("x" * 11, 10) == "x" * 9 + "…"


def test_no_blank_is_left_before_the_mark():
    assert shorten("Send the report", 6) == "Send…"


@given(st.text(max_size=300), st.integers(1, 60))
def test_cleaning_is_idempotent_bounded_and_storable(text, limit):
    once = clean(text, limit)
    assert len(once) <= limit
    assert clean(once, limit) == once
    once.encode()


def test_a_lone_surrogate_never_reaches_a_store() -> None:
    assert clean("a\ud800b", 20) == "ab"
