"""The catalogues: the same in every language, short, kind to read, and every no says what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from bot.wording import FALLBACK, Words, catalogue, languages, words_for
from builders import MONDAY
from commitments.due import Setting, Status, read

LONGEST = 300
LONGEST_LABEL = 75  # Slack: text of a button element
LONGEST_PLACEHOLDER = 150  # Slack: placeholder and hint of an input

# Everything a customer may come to read: cards in their channel, and the answers to their own presses.
CUSTOMERS_READ = (
    *("acted", "anchor", "ask", "button", "due", "offer", "promise", "refusal", "welcome"),
    *(
        "digest.shared",
        "heard.thanks",
        "heard.did",
        "partner.closeness",
        "partner.pause",
        *("reading.card", "reading.button", "reading.answer"),
        "win.named",
        "win.unnamed",
    ),
)
# Said to our own side alone, though its topic is read by both.
OURS_ALONE = (
    *(
        "button.promise.write",
        "welcome.first_private",
        "welcome.preview",
        "welcome.approved",
        "welcome.refusal",
    ),
    "welcome.introduction.internal_does",
    *(
        "welcome.how_to_link",
        "welcome.introduction.internal_sees",
        "welcome.introduction.internal_silence",
        "partner.pause.done",
        "offer.draft",
    ),
    *("refusal.not_missed_yet", "refusal.show_first", "refusal.owner_is_outside", "refusal.no_channel"),
    *("refusal.owns_it_already", "refusal.not_of_customer", "refusal.meaning_changes", "refusal.no_offer"),
    "button.promise.ask_hand",
)
HARSH = {
    "en": re.compile(r"\b(miss(ed|es|ing)?|fail\w*|escalat\w*|violat\w*|blam\w*|wrong|must|error)\b", re.I),
    "de": re.compile(
        r"versäum|verpass|scheiter|eskalier|verletz|verstoß|verfehl|schuld|falsch|fehler(?!$)|\bmüss", re.I
    ),
}
# Said differently in docs/wording.md: promise, nudge, digest, renegotiate.
OTHER_NAMES = {
    "en": re.compile(r"\b(commitments?|reminders?|newsletter|reschedul\w+|notifications?)\b", re.I),
    "de": re.compile(r"zusage|erinner|überblick|newsletter|benachrichtig|neuverhandl|eskalation", re.I),
}
# A refusal of one sentence asks, names a command, or begins with what to do.
FIRST_WORDS = {
    "en": ("Add", "Ask", "Choose", "Name", "Please", "Put", "Say", "Use", "Write"),
    "de": ("Bitte", "Frag", "Nenne", "Nimm", "Sag", "Schreib", "Wähle"),
}
SAYS_ENOUGH = {
    "settings.refusal.ends_first",
    "settings.refusal.back_before_leaving",
}  # the field is beside it


def by_language() -> list[str]:
    return list(languages())


def forms(sentence: str | dict[str, str]) -> list[str]:
    """The one sentence, or both of a plural table."""
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def sentences(language: str) -> Iterator[tuple[str, str]]:
    for key, sentence in catalogue(language).items():
        yield from ((key, form) for form in forms(sentence))  # type: ignore[arg-type]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def stands_under(key: str, prefixes: tuple[str, ...]) -> bool:
    return any(key == prefix or key.startswith(f"{prefix}.") for prefix in prefixes)


def customers_read(language: str) -> list[tuple[str, str]]:
    return [
        (key, said)
        for key, said in sentences(language)
        if stands_under(key, CUSTOMERS_READ) and not stands_under(key, OURS_ALONE)
    ]


def test_kept_speaks_english_and_german() -> None:
    assert set(languages()) >= {"en", "de"}


@pytest.mark.parametrize("language", by_language())
def test_every_language_says_the_same_things(language: str) -> None:
    assert catalogue(language).keys() ^ catalogue(FALLBACK).keys() == set()


@pytest.mark.parametrize("language", by_language())
def test_every_language_fills_the_same_placeholders(language: str) -> None:
    model = catalogue(FALLBACK)
    for key, sentence in catalogue(language).items():
        told, expected = forms(sentence), forms(model[key])  # type: ignore[arg-type]
        assert len(told) == len(expected), key
        for form, wanted in zip(told, expected, strict=True):
            assert placeholders(form) == placeholders(wanted), key


@pytest.mark.parametrize("language", by_language())
def test_placeholders_are_plain_names(language: str) -> None:
    for key, sentence in sentences(language):
        for _, name, layout, conversion in Formatter().parse(sentence):
            assert name is None or (name.isidentifier() and not layout and not conversion), key


@pytest.mark.parametrize("language", by_language())
def test_no_sentence_is_blank_untrimmed_or_long(language: str) -> None:
    for key, sentence in sentences(language):
        assert 0 < len(sentence) <= LONGEST, key
        assert not re.search(r"\n|  ", sentence), key
        assert sentence == sentence.strip() or key.startswith("playground.completion."), key


@pytest.mark.parametrize("language", by_language())
def test_labels_fit_a_button_and_hints_fit_a_field(language: str) -> None:
    for key, sentence in sentences(language):
        if ".button." in f".{key}" or key.endswith(".submit"):
            assert len(sentence) <= LONGEST_LABEL, key
        if key.endswith("_hint"):
            assert len(sentence) <= LONGEST_PLACEHOLDER, key


@pytest.mark.parametrize("language", by_language())
def test_labels_of_one_topic_differ(language: str) -> None:
    labels: dict[str, list[str]] = {}
    for key, sentence in sentences(language):
        topic, found, _ = f".{key}".partition(".button.")
        if found:
            labels.setdefault(topic, []).append(sentence)
    for topic, said in labels.items():
        assert len(set(said)) == len(said), topic


@pytest.mark.parametrize("language", by_language())
def test_customers_never_read_a_harsh_word(language: str) -> None:
    assert [(key, said) for key, said in customers_read(language) if HARSH[language].search(said)] == []


def test_german_addresses_no_customer_as_du() -> None:
    familiar = re.compile(r"\b(du|dich|dir|dein\w*)\b", re.I)
    assert [key for key, said in customers_read("de") if familiar.search(said)] == []


@pytest.mark.parametrize("language", by_language())
def test_one_thing_has_one_name(language: str) -> None:
    assert [(key, said) for key, said in sentences(language) if OTHER_NAMES[language].search(said)] == []


@pytest.mark.parametrize("language", by_language())
def test_exclamation_marks_are_rare(language: str) -> None:
    assert sum("!" in sentence for _, sentence in sentences(language)) <= 2


@pytest.mark.parametrize("language", by_language())
def test_every_refusal_says_what_to_do_next(language: str) -> None:
    refusals = [(key, said) for key, said in sentences(language) if ".refusal." in f".{key}"]
    assert len(refusals) > 100
    curt = [(key, said) for key, said in refusals if not _says_more_than_no(said, language)]
    assert [key for key, _ in curt if key not in SAYS_ENOUGH] == []


def _says_more_than_no(said: str, language: str) -> bool:
    several = len(re.findall(r"(?<!\d)[.?!](?= |$)|; ", said)) >= 2
    command = re.search(r"(^|[ :])/(promise|partner|win|heard)\b", said) is not None
    return several or command or said.endswith("?") or said.startswith(FIRST_WORDS[language])


@pytest.mark.parametrize("language", by_language())
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    strange = {"en": "„«»", "de": "”«»"}[language]
    assert [key for key, said in sentences(language) if set(strange) & set(said)] == []
    assert [key for key, said in sentences(language) if '"' in said] == []


def test_a_plural_is_chosen_by_its_number() -> None:
    say = Words("en")
    assert say("list.more", n=1) == "and one more"
    assert say("list.more", n=3).startswith("and 3 more")


def test_a_person_without_a_language_of_ours_reads_the_teams_first() -> None:
    assert words_for(None, "pt-BR", ("de", "en")).language == "de"
    assert words_for(None, "de-AT", ("en", "de")).language == "de"
    assert words_for("en", "de-AT", ("en", "de")).language == "en"


EXAMPLES = {
    "en": ("Friday 5pm", "in 3 working days", "end of next week", "3 Dec", "3 June", "1 June", "2027-06-01"),
    "de": ("Freitag 17 Uhr", "in 3 Arbeitstagen", "Ende nächster Woche", "3. Dezember", "3. Juni", "1. Juni"),
}


@pytest.mark.parametrize(("language", "example"), [(k, e) for k, es in EXAMPLES.items() for e in es])
def test_an_example_that_is_shown_is_itself_understood(language: str, example: str) -> None:
    assert any(example in said for _, said in sentences(language))
    setting = Setting(zone="Europe/Berlin", locale={"en": "en-GB"}.get(language, language))
    assert read(example, now=MONDAY, setting=setting).status is Status.OK


@pytest.mark.parametrize("language", by_language())
def test_no_example_leads_into_a_question(language: str) -> None:
    doubtful = re.compile(r"\b(next|nächste[nrs]?) (mon|tues|wednes|thurs|fri|dienstag|freitag|montag)", re.I)
    hints = [key for key, _ in sentences(language) if key.endswith("hint") or key.startswith("help.")]
    assert [key for key in hints if doubtful.search(str(catalogue(language)[key]))] == []
