"""Where Kept may read, what is worth an offer, and what dismissals teach."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACME, BEN, CARLA, CARLOS, MONDAY, TENANT, TUESDAY, a_sighting, an_id
from commitments.sightings import (
    DISMISSED_AT_MOST,
    JUDGED_BY,
    MUTED_BY,
    Earshot,
    SightingState,
    Way,
    is_muted,
    is_wary,
    likeness,
    overlap,
    way,
)
from commitments.spotting import Owner, Said, Tier, asking, spot

ACME_LED = replace(ACME, their_lead_id=CARLA.id)
OFF = Earshot(id=ACME.place_id, tenant=TENANT, mapping_version=ACME.mapping_version)
ON = replace(OFF, on_at=MONDAY, on_by=BEN.id)
AGREED = replace(ON, theirs_at=TUESDAY, theirs_by=CARLA.id)

[DATED] = spot(Said(text="I'll send the report by Friday.", author="ours"))
[UNDATED] = spot(Said(text="I'll send the report.", author="ours"))
[UNSURE] = spot(Said(text="I'll try to send the report by Friday.", author="ours"))


# Where it may read


def test_nothing_is_read_before_somebody_switched_it_on():
    assert not OFF.is_on(ACME)
    assert ON.is_on(ACME)


def test_another_customer_or_channel_ends_it():
    relinked = replace(ACME_LED, mapping_version=ACME.mapping_version + 1)
    assert not ON.is_on(relinked)
    assert not AGREED.hears_them(relinked)


def test_the_customers_words_wait_for_their_leads_yes():
    assert not ON.hears_them(ACME_LED)
    assert AGREED.hears_them(ACME_LED)


@pytest.mark.parametrize("lead", [CARLOS.id, None])
def test_the_yes_of_somebody_who_leads_no_more_counts_no_more(lead):
    assert not AGREED.hears_them(replace(ACME, their_lead_id=lead))


def test_what_we_do_not_read_the_customer_is_not_read_in_either():
    assert not replace(AGREED, on_at=None).hears_them(ACME_LED)


# What is worth an offer


def test_a_sure_promise_interrupts_and_an_unsure_one_is_listed():
    assert way(DATED, is_muted=False, is_wary=False) is Way.OFFER
    assert way(UNDATED, is_muted=False, is_wary=False) is Way.OFFER
    assert way(UNSURE, is_muted=False, is_wary=False) is Way.LIST


def test_in_a_wary_place_everything_steps_down_but_a_sure_one_with_a_date():
    assert way(DATED, is_muted=False, is_wary=True) is Way.OFFER
    assert way(UNDATED, is_muted=False, is_wary=True) is Way.LIST
    assert way(UNSURE, is_muted=False, is_wary=True) is None


def test_a_colleagues_promise_never_interrupts_and_a_customers_is_nobodys_offer():
    assert way(replace(DATED, owner=Owner.OTHER), is_muted=False, is_wary=False) is Way.LIST
    assert way(replace(DATED, owner=Owner.CUSTOMER), is_muted=False, is_wary=False) is None


offers = st.builds(
    lambda tier, owner, due: replace(DATED, tier=tier, owner=owner, due_text=due),
    st.sampled_from(Tier),
    st.sampled_from(Owner),
    st.sampled_from(["by Friday", None]),
)
LOUDNESS = {None: 0, Way.LIST: 1, Way.OFFER: 2}


@given(offers)
def test_doubt_of_any_kind_never_makes_it_louder(offer):
    plain = LOUDNESS[way(offer, is_muted=False, is_wary=False)]
    assert LOUDNESS[way(offer, is_muted=False, is_wary=True)] <= plain
    assert LOUDNESS[way(replace(offer, tier=Tier.QUIET), is_muted=False, is_wary=False)] <= plain
    assert way(offer, is_muted=True, is_wary=False) is None


# What a dismissal teaches


@given(st.integers(0, 10))
def test_a_cue_is_muted_from_the_third_dismissal_on(times):
    assert is_muted(times) == (times >= MUTED_BY == 3)


@given(st.lists(st.sampled_from(SightingState), max_size=2 * JUDGED_BY))
def test_a_place_is_wary_when_more_than_a_tenth_of_its_latest_fifty_was_dismissed(lately):
    judged = lately[:JUDGED_BY]
    share = 100 * judged.count(SightingState.DISMISSED) / JUDGED_BY
    assert is_wary(lately) == (len(judged) == JUDGED_BY and share > DISMISSED_AT_MOST)


@given(st.integers(0, JUDGED_BY - 1))
def test_too_few_offers_judge_no_place(count):
    assert not is_wary([SightingState.DISMISSED] * count)


def test_a_tenth_is_not_more_than_a_tenth():
    tenth = [SightingState.DISMISSED] * 5 + [SightingState.TRACKED] * 45
    assert not is_wary(tenth)
    assert is_wary([SightingState.DISMISSED, *tenth])


@given(st.lists(st.sampled_from(SightingState), min_size=JUDGED_BY, max_size=JUDGED_BY))
def test_fifty_good_offers_make_a_place_trusting_again(before):
    assert not is_wary([SightingState.TRACKED] * JUDGED_BY + before)


# One thing once


@given(st.sampled_from(["Send the report", " send  the report.", "SEND THE REPORT!", "send, the report"]))
def test_one_action_has_one_likeness_however_it_is_written(action):
    assert likeness(action) == likeness("send the report")


@given(st.text(max_size=80))
def test_a_likeness_tells_nobody_what_it_was(action):
    assert len(likeness(action)) == 16
    assert int(likeness(action), 16) >= 0


def test_other_actions_are_not_alike():
    assert likeness("send the report") != likeness("send the invoice")


def test_texts_are_compared_by_their_words_of_weight():
    assert overlap("Send the SOC 2 report", "I've just sent you the SOC report") == 1
    assert overlap("Send it", "Sent it just now") == 0


def test_an_answered_sighting_has_no_words_left():
    answered = a_sighting("one").answered(SightingState.TRACKED, an_id("p"))
    assert (answered.passage, answered.promise_id) == (None, an_id("p"))
    assert a_sighting("two", promise_id=an_id("q")).answered(SightingState.DISMISSED).promise_id == an_id("q")


# What is kept of a customer's message: the sentences that ask for something


def asked(text: str) -> str:
    return asking(Said(text=text, author="theirs")).words


def test_only_the_sentences_that_ask_are_kept():
    text = "Hi all! Our CFO resigned yesterday. Could you send us the SOC 2 report by Friday? Thanks"
    assert asked(text) == "Could you send us the SOC 2 report by Friday."
    assert asked("Our CFO resigned yesterday.") == asked("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "We had a great launch. Could you send us the SOC 2 report by Friday? Thanks",
        "Can we get an updated invoice?",
        "Könnt ihr uns bis Freitag den Bericht schicken? Danke!",
    ],
)
@pytest.mark.parametrize("answer", ["Sure, will do", "Sure", "Klar, machen wir", "Will do, by Tuesday"])
def test_what_is_kept_reads_an_answer_as_the_whole_message_would(text, answer):
    """The offers are the same, but for the request's own words about it."""
    message = Said(text=answer, author="ours")
    whole = spot(message, [Said(text=text, author="theirs")])
    kept = spot(message, [Said(text=asked(text), author="theirs")])
    assert [(o.action, o.due_text, o.tier) for o in kept] == [(o.action, o.due_text, o.tier) for o in whole]


def test_a_bare_yes_does_not_accept_what_the_talk_has_moved_on_from():
    request = Said(text="Could you send us the report?", author="theirs", is_passed=True)
    assert spot(Said(text="Sure", author="ours"), [request]) == ()
    [offer] = spot(Said(text="Sure, will do", author="ours"), [request])
    assert offer.action == "send the report"


@pytest.mark.parametrize(
    ("text", "takes_back", "moves_on"),
    [
        ("Never mind, found it", True, True),
        ("thanks!", False, False),
        ("The weather is great here today", False, True),
        ("Could you send us the report?", False, False),
    ],
)
def test_a_message_takes_back_or_moves_on(text, takes_back, moves_on):
    found = asking(Said(text=text, author="theirs"))
    assert (found.takes_back, found.moves_on) == (takes_back, moves_on)
