"""A second opinion may silence an offer and do nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.spotting import Said, Tier, spot
from commitments.spotting_rerank import Weights, cues, reranked

WORDS = "I'll send the DPA by Friday. I'll look into it. Hopefully we can share the plan on Monday."
OFFERS = spot(Said(text=WORDS, author="ours"))
numbers = st.floats(-1e9, 1e9)
weights = st.builds(
    Weights,
    cut=numbers,
    bias=numbers,
    by_cue=st.dictionaries(st.sampled_from([cue for offer in OFFERS for cue in cues(offer)]), numbers),
)


def test_the_examples_hold_offers_of_both_tiers() -> None:
    assert {offer.tier for offer in OFFERS} == {Tier.OFFER, Tier.QUIET}


@given(weights)
def test_no_weights_make_an_offer_or_raise_one(given_: Weights) -> None:
    heard = reranked(OFFERS, given_)
    assert [(each.action, each.span) for each in heard] == [(each.action, each.span) for each in OFFERS]
    for before, after in zip(OFFERS, heard, strict=True):
        assert after == before or (before.tier, after.tier) == (Tier.OFFER, Tier.QUIET)


@given(weights)
def test_what_is_silenced_says_by_which_two_cues(given_: Weights) -> None:
    for before, after in zip(OFFERS, reranked(OFFERS, given_), strict=True):
        learned = after.why.doubts[len(before.why.doubts) :]
        assert (after != before) == (1 <= len(learned) <= 2)
        assert all(each.startswith("learned") for each in learned)


def test_without_weights_nothing_changes() -> None:
    assert reranked(OFFERS, None) == OFFERS


def test_a_low_score_sends_an_offer_to_the_quiet_list() -> None:
    no_date = Weights.from_json(
        '{"cut": 0, "bias": 1, "weights": {"no_due": -3, "verb:look": -2, "due": -0.5}}'
    )
    dated, undated, _ = spot(Said(text=WORDS, author="ours"), weights=no_date)
    assert (dated.tier, undated.tier) == (Tier.OFFER, Tier.QUIET)
    assert undated.why.doubts == ("learned: no_due", "learned: verb:look")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"cut": 0, "bias": 0}', '{"cut": 0, "bias": true, "weights": {}}']
    + [json.dumps({"cut": 0, "bias": 0, "weights": {"due": bad}}) for bad in ("1", None, float("nan"))],
)
def test_weights_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"weight|Expecting"):
        Weights.from_json(text)
