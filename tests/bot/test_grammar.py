"""What a typed command means before anything is looked up."""

from __future__ import annotations

import pytest

from bot.grammar import (
    ACTS,
    About,
    Listing,
    Nothing,
    Plain,
    Search,
    Title,
    before_colon,
    meaning,
    split_reason,
    take_people,
)
from builders import ANA, BEN


@pytest.mark.parametrize("words", ["", "   ", "\n\t"])
def test_no_words_ask_for_the_form(words):
    assert meaning(words) == Nothing()


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title])
def test_an_act_before_a_reference_is_a_command(act, spelling):
    words = f"{spelling(act)} P-12"
    assert meaning(words) == About(act=act, customer=None, number=12, rest="", whole=words)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_act_without_a_reference_is_a_title(act):
    for words in (act, f"{act} the slides by Friday", f"{act} P12", f"{act} P-0", f"{act} P-x"):
        assert meaning(words) == Title(words=words)


@pytest.mark.parametrize("word", ["help", "settings", "away"])
def test_help_settings_and_away_are_commands_alone(word):
    assert meaning(word) == Plain(word=word)
    assert meaning(word.upper()) == Plain(word=word)


@pytest.mark.parametrize(
    "words",
    [
        "help Acme with the migration by Friday",
        "settings page for Acme by Friday",
        "away team dinner by Friday",
        "find",
        "list " + "the risks of moving everything to another region " * 3,
        "list of servers for the audit of the second data centre of Acme by Friday",
    ],
)
def test_the_same_words_with_others_begin_a_title(words):
    assert meaning(words) == Title(words=words.strip())


@pytest.mark.parametrize("own", ["until 3 June", "from 1 June until 3 June", "off", "bis 3. Juni", "aus"])
def test_away_takes_its_own_words(own):
    assert meaning(f"away {own}") == Plain(word="away", rest=own)


@pytest.mark.parametrize("which", ["mine", "ours", "theirs", "overdue", "Acme", "Acme Rockets & Sons"])
def test_list_takes_a_word_of_its_own_or_perhaps_a_customer(which):
    assert meaning(f"list {which}") == Listing(which=which)


def test_list_alone_is_ones_own_list():
    assert meaning("list") == Listing(which="mine")


def test_find_takes_the_rest_as_words():
    assert meaning("find P-12 or the SOC 2 report") == Search(words="P-12 or the SOC 2 report")


@pytest.mark.parametrize("words", ["P-12", "p-12", "Acme P-12"])
def test_a_reference_alone_asks_about_the_promise(words):
    meant = meaning(words)
    assert isinstance(meant, About)
    assert (meant.act, meant.number) == ("", 12)


@pytest.mark.parametrize(
    "words",
    [
        "Acme P-12 ships with the new logo by Friday",
        "close out P-12 and P-13 by Friday",
        "P-12 again by Friday",
    ],
)
def test_a_reference_inside_a_sentence_is_part_of_a_title(words):
    assert meaning(words) == Title(words=words)


@pytest.mark.parametrize(
    ("words", "customer", "rest"),
    [
        ("done P-7 https://evidence.example/report", None, "https://evidence.example/report"),
        ("done Acme P-7: all green", "Acme", "all green"),
        ("done Acme Rockets P-7, all green", "Acme Rockets", "all green"),
        ("done P-7\nall\ngreen", None, "all\ngreen"),
    ],
)
def test_what_follows_the_reference_belongs_to_the_act(words, customer, rest):
    meant = meaning(words)
    assert isinstance(meant, About)
    assert (meant.act, meant.customer, meant.number, meant.rest) == ("done", customer, 7, rest)


def test_many_words_before_a_reference_are_no_customer():
    words = "show " + "everybody how " * 5 + "P-7"
    assert meaning(words) == Title(words=words)


def test_a_number_nobody_could_count_to_is_no_reference():
    assert meaning("show P-9999999999") == Title(words="show P-9999999999")


@pytest.mark.parametrize(
    "words",
    [f"<@{BEN.id}> send it", f"send it <@{BEN.id}>", f"send it, <@{BEN.id}> ", f" <@{BEN.id}>, send it"],
)
def test_a_person_at_either_end_is_who_it_is_for(words):
    assert take_people(words) == ("send it", [BEN.id])


def test_a_person_inside_the_words_stays_there():
    words = f"send <@{BEN.id}> the report"
    assert take_people(words) == (words, [])


def test_several_people_at_the_ends_are_all_taken():
    assert take_people(f"<@{ANA.id}> send it <@{BEN.id}>") == ("send it", [ANA.id, BEN.id])


@pytest.mark.parametrize(
    "words", ["meet at 17:00 on Friday", "read https://x.example by Friday", "Acme:", ": x"]
)
def test_a_colon_in_a_time_or_a_link_names_no_customer(words):
    assert before_colon(words) == (None, words)


def test_the_words_before_a_colon_may_be_a_customer():
    assert before_colon("Acme Rockets : send it: all") == ("Acme Rockets", "send it: all")


@pytest.mark.parametrize(
    ("words", "when", "reason"),
    [
        ("to next Tuesday because the auditor is late", "next Tuesday", "the auditor is late"),
        ("next Tuesday", "next Tuesday", ""),
        ("because the auditor is late", "", "the auditor is late"),
        ("auf nächsten Dienstag, weil der Prüfer krank ist", "nächsten Dienstag", "der Prüfer krank ist"),
        ("", "", ""),
    ],
)
def test_the_reason_follows_because(words, when, reason):
    assert split_reason(words) == (when, reason)
