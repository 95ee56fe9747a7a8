"""Hard cases written by hand: what must be offered, word for word, and what must not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from commitments.spotting import Offer, Said, Sort, Tier, spot

LANGUAGES = tomllib.loads(Path(__file__).with_name("spotting_cases.toml").read_text("utf-8"))
CASES = [(language, case) for language, cases in LANGUAGES.items() for case in cases]


def found_in(language: str, case: dict[str, Any]) -> list[Offer]:
    context = [said(line.partition(": ")[2], line.partition(": ")[0]) for line in case.get("asked", ())]
    return list(spot(said(case["said"], case.get("by", "ours")), context))


def said(text: str, author: Any) -> Said:
    return Said(text=text, author=author)


def each(wanted: bool) -> pytest.MarkDecorator:
    chosen = [(language, case) for language, case in CASES if ("offer" in case) == wanted]
    return pytest.mark.parametrize(
        ("language", "case"), chosen, ids=[f"{language}: {case['said']}" for language, case in chosen]
    )


@each(wanted=True)
def test_a_promise_is_found_with_its_words_owner_and_date(language: str, case: dict[str, Any]) -> None:
    found = [offer for offer in found_in(language, case) if offer.sort is not Sort.FULFILMENT]
    assert found
    first = found[0]
    assert (first.tier.value, first.owner.value) == (case.get("tier", "offer"), case.get("owner", "speaker"))
    if case.get("loose"):
        assert case["offer"] in first.action
    else:
        assert (first.action, first.due_text) == (case["offer"], case.get("due"))
    assert [offer.action for offer in found[1:]] == ([case["also"]] if "also" in case else [])


@each(wanted=False)
def test_what_is_no_promise_is_not_offered(language: str, case: dict[str, Any]) -> None:
    found = found_in(language, case)
    if case.get("done"):
        assert [offer.sort for offer in found] == [Sort.FULFILMENT]
        return
    promised = [offer for offer in found if offer.sort is not Sort.FULFILMENT]
    allowed = Tier.QUIET if case.get("quiet_is_fine") else None
    assert all(offer.tier is allowed for offer in promised), promised


def test_there_are_enough_hard_cases() -> None:
    assert len(CASES) >= 200
