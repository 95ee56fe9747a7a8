"""A second opinion on what the rules would offer: a weighted sum over an offer's cues. Off without weights.

It can only veto: an offer that scores too low goes to the quiet list. It makes no offers and raises none, so
that poor weights cost recall, never trust. The weights are a tenant's own, learned from what its people took
and dismissed, and stay with it. Worth switching on where, on answers kept apart, they beat the rules alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from commitments.spotting_terms import Offer, Tier

CUES_SHOWN = 2
LONG = 12  # words in an action; our guess at where a title becomes a paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Of a cue that is not listed, the weight is 0."""

    cut: float  # an offer that scores below it is quiet
    bias: float
    by_cue: Mapping[str, float]

    @classmethod
    def from_json(cls, text: str) -> Weights:
        """From `{"cut": 0.0, "bias": 0.5, "weights": {"no_due": -0.8}}`; ValueError for anything else."""
        match json.loads(text):
            case {"cut": cut, "bias": bias, "weights": dict(weights), **rest} if not rest:
                by_cue = {str(cue): _number(weight) for cue, weight in weights.items()}
                return cls(cut=_number(cut), bias=_number(bias), by_cue=by_cue)
        raise ValueError("weights are an object of cut, bias and weights")


def reranked(offers: Iterable[Offer], weights: Weights | None) -> tuple[Offer, ...]:
    """The same offers in the same order, some of them quieter."""
    return tuple(offers) if weights is None else tuple(_reranked(offer, weights) for offer in offers)


def cues(offer: Offer) -> tuple[str, ...]:
    """All that is weighed, none of it the speaker's words beyond the verb."""
    words = offer.action.lower().split()
    return (
        f"cue:{offer.cue}",
        f"sort:{offer.sort.value}",
        f"owner:{offer.owner.value}",
        f"verb:{words[0]}" if words else "no_verb",
        "due" if offer.due_text else "no_due",
        "long" if len(words) > LONG else "short",
    )


def _reranked(offer: Offer, weights: Weights) -> Offer:
    weighed = {cue: weights.by_cue.get(cue, 0.0) for cue in cues(offer)}
    if offer.tier is not Tier.OFFER or weights.bias + sum(weighed.values()) >= weights.cut:
        return offer
    against = sorted((cue for cue, weight in weighed.items() if weight < 0), key=weighed.__getitem__)
    doubts = tuple(f"learned: {cue}" for cue in against[:CUES_SHOWN]) or ("learned",)
    return replace(offer, tier=Tier.QUIET, why=replace(offer.why, doubts=(*offer.why.doubts, *doubts)))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is no weight")
    return float(value)
