"""What holds for any message: whose promise it is, what explains it, and that nothing makes it stumble."""

from collections.abc import Sequence
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.spotting import Author, Offer, Owner, Said, Sort, Tier, refusals, spot
from commitments.spotting_language import pack_for
from commitments.spotting_rules import judged, likely
from commitments.spotting_zones import own_words, sentences, words_of
from unseen import messages

PROMISE = "I'll send the DPA by Friday."
PIECES = (
    "I'll send the DPA by Friday. ",
    "we will ",
    "if you ",
    "ich schicke dir ",
    "je vous envoie ",
    "te mando ",
    "お送りします。",
    "> quoted\n",
    "```",
    '"',
    "(me, ",
    "sure, ",
    "by Monday ",
    "İ",
    "\u202e",
    "\ud800",
    "please ",
    "and ",
)
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join)


def ours(text: str, language: str | None = None) -> Said:
    return Said(text=text, author="ours", language=language)


def theirs(text: str) -> Said:
    return Said(text=text, author="theirs")


def promises(offers: Sequence[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.sort is not Sort.FULFILMENT]


@given(
    texts, texts, st.sampled_from(["ours", "theirs"]), st.sampled_from([None, "en", "de-AT", "ja", "xx", ""])
)
def test_no_text_makes_it_stumble(text: str, before: str, author: Author, language: str | None) -> None:
    message = Said(text=text, author=author, language=language)
    for offer in spot(message, [theirs(before), ours(before)]):
        assert 0 <= offer.span[0] <= offer.span[1] <= len(text)
        assert offer.why.trigger in text
        assert offer.action
    refusals(message)


@given(texts)
def test_a_customer_never_promises_for_a_colleague(text: str) -> None:
    assert all(offer.owner is Owner.CUSTOMER for offer in spot(theirs(text)))


@given(texts)
def test_spotting_is_deterministic(text: str) -> None:
    assert spot(ours(text)) == spot(ours(text))


@pytest.mark.parametrize(
    "text",
    [
        "I'll send it, " * 2900,
        "a" * 40_000,
        " " * 40_000,
        "\n" * 40_000,
        "I'll send it by Friday\n" * 1800,
        "send me and " * 3400,
        "if you " * 5700,
        '"a ' * 13_000,
        "(me " * 10_000,
        "ok, " * 10_000,
        "ich schicke dir " * 2500,
        "送ります、" * 8000,
        "monday " * 5700,
        "2026-11-20 10:00:01 INFO a\n" * 1500,
        "`" * 40_000,
        "<@" * 20_000,
        "... " * 10_000,
    ],
    ids=lambda text: text[:12].strip() or "blank",
)
def test_long_text_takes_linear_time(text: str) -> None:
    """Measured on this machine in the same run: four times the text, at most ten times the time."""
    spot(ours(text[:200]), [theirs(text[:200])])
    whole, part = _cost(text[:40_000]), _cost(text[:10_000])
    assert whole < max(10 * part, 0.1)


def _cost(text: str) -> float:
    """The best of three: noise only adds."""

    def once() -> float:
        started = process_time()
        spot(ours(text), [theirs(text)])
        return process_time() - started

    return min(once() for _ in range(3))


def test_what_comes_after_forty_thousand_characters_is_not_read() -> None:
    assert spot(ours("word. " * 7000 + PROMISE)) == ()


def test_an_offer_shows_the_exact_words_and_where_they_stand() -> None:
    text = "Hi Carla!\n> can you?\nYes: I’ll send you the “Q3” deck by Friday 5pm, ok?"
    (offer,) = spot(ours(text))
    assert text[slice(*offer.span)].startswith("I’ll send you the “Q3” deck")
    assert offer.due_text == "by Friday 5pm"
    assert offer.why.trigger == "I’ll"
    assert offer.action == "send the “Q3” deck"


@pytest.mark.parametrize(
    ("text", "veto"),
    [
        ("Should I say we'll send it by Friday?", "question"),
        ("If you send the ID, I'll check it.", "condition"),
        ("He said I'll send it by Friday.", "reported"),
        ("I'll be out on Friday.", "presence"),
        ("We'll discuss it on Friday.", "joint"),
        ("I'll fix it by Friday lol", "joke"),
        ("I'll do it right now", "immediate"),
        ("Click here and I'll send you a discount.", "marketing"),
        ("We'll automatically send a receipt by Friday.", "product"),
    ],
)
def test_a_refusal_names_its_reason(text: str, veto: str) -> None:
    assert promises(spot(ours(text))) == []
    assert veto in [name for name, _ in refusals(ours(text))]


def test_a_language_without_rules_is_quiet_at_best() -> None:
    (offer,) = spot(ours("Ok, I'll reply amanhã", "pt"))
    assert offer.tier is Tier.QUIET


def test_a_sentence_in_another_language_than_the_message_is_read_in_its_own() -> None:
    text = "Thanks for the call, the notes are in the folder. Ich schicke euch den Vertrag bis Freitag zu."
    (offer,) = spot(ours(text, "en"))
    assert (offer.action, offer.cue) == ("den Vertrag zuschicken", "de.present")


def test_a_date_is_never_taken_from_words_that_were_vetoed() -> None:
    offers = spot(ours("If you sign by Monday, I'll book it. I'll send the deck."))
    assert [(offer.action, offer.due_text) for offer in offers] == [("send the deck", None)]


def test_the_answers_own_date_wins_over_the_requests() -> None:
    request = theirs("Could you send the DPA by Wednesday?")
    (offer,) = spot(ours("Yes, but Thursday."), [request])
    assert (offer.sort, offer.due_text) == (Sort.ACCEPTANCE, "Thursday")


def test_only_the_last_three_messages_of_the_other_side_are_remembered() -> None:
    request = theirs("Could you send the DPA by Wednesday?")
    assert spot(ours("Will do!"), [request, theirs("thanks"), theirs("cheers")])
    assert not spot(ours("Will do!"), [request, *[theirs("by the way, we moved offices")] * 3])


def test_every_request_in_one_message_is_accepted() -> None:
    request = theirs("Could you send the DPA by Wednesday? And please add Priya to the project.")
    offers = spot(ours("Sure, will do."), [request])
    assert [offer.action for offer in offers] == ["send the DPA", "add Priya to the project"]


def test_a_report_of_a_delivery_is_asked_about_and_never_assumed() -> None:
    (offer,) = spot(ours("Just sent the report."))
    assert (offer.sort, offer.tier) == (Sort.FULFILMENT, Tier.QUIET)


@pytest.mark.parametrize("end", ["", "!", " please", " Thanks!", " 🙏"])
def test_courtesies_change_nothing(end: str) -> None:
    (offer,) = spot(ours(f"I'll send the DPA by Friday{end}"))
    assert (offer.action, offer.due_text) == ("send the DPA", "by Friday")


def test_a_hint_saves_a_search_and_never_a_promise() -> None:
    pack = pack_for("en")
    unhinted = replace(pack, triggers=tuple(replace(trigger, hints=()) for trigger in pack.triggers))
    for row in messages("a", "en") + messages("b", "en"):
        parts = tuple(sentences(own_words(row["text"])))
        for sentence, words in zip(parts, words_of(parts), strict=False):
            each = (list(judged(one, sentence, likely(one, words))) for one in (pack, unhinted))
            hinted, searched = ([(type(found), found.cue) for found in all_] for all_ in each)
            assert hinted == searched
